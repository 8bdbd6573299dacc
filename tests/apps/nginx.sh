# SPDX-License-Identifier: MIT
# nginx: a master and four workers that inherit the listener, sendfile, epoll
# edge-triggered; wrk, curl and nginx itself (as a proxy) are its clients.
. "${0%/*}/lib.sh"
need nginx wrk curl

# start_nginx LISTEN: LISTEN as in the configuration, with options.
start_nginx()
{
	local user=''

	[ "$(id -u)" != 0 ] || user='user root;'
	mkdir files tmp
	cat >nginx.conf <<-END
	$user
	worker_processes 4;
	pid nginx.pid;
	error_log stderr notice;
	daemon off;
	events {
		worker_connections 512;
		multi_accept on;
	}
	http {
		access_log off;
		sendfile on;
		tcp_nopush on;
		keepalive_requests 1000000;
		client_body_temp_path tmp/body;
		proxy_temp_path tmp/proxy;
		fastcgi_temp_path tmp/fastcgi;
		uwsgi_temp_path tmp/uwsgi;
		scgi_temp_path tmp/scgi;
		client_max_body_size 100m;
		server {
			listen $1;
			root files;
			location /upload {
				dav_methods PUT;
			}
		}
		server {
			listen 127.0.0.1:8081;
			location / {
				proxy_pass http://127.0.0.1:8080;
			}
		}
	}
	END
	start nginx nginx -p "$PWD" -c nginx.conf
	wait_port 8080
}

serves_files()
{
	start_nginx "$1"
	head -c 30M /dev/urandom >files/big
	(cd files && split -a 2 -d -n 20 big part && sha256sum ./*) >sums
	mkdir got
	cd got
	curl -sS -f --remote-name-all http://127.0.0.1:8080/big \
		'http://127.0.0.1:8080/part[00-19]'
	sha256sum -c --quiet ../sums
	cd ..
	stop nginx QUIT
	fails grep -E 'alert|emerg|crit|error\]' nginx.log
}

nginx_serves_files() { serves_files 127.0.0.1:8080; }
nginx_serves_files_reuseport() { serves_files '8080 reuseport'; }
nginx_serves_files_deferred()
{
	serves_files '127.0.0.1:8080 deferred backlog=64 so_keepalive=30:5:3'
}

nginx_keeps_connections_alive()
{
	start_nginx 127.0.0.1:8080
	seq 1000 >files/seq
	curl -sS -f -v --http1.1 -o got 'http://127.0.0.1:8080/seq?[1-20]' 2>err
	cmp got files/seq
	[ "$(grep -c '^\* Connected to' err)" = 1 ]
	[ "$(grep -c '^\* Re-using existing connection' err)" = 19 ]
	curl -sS -f -r 100-199 -o got http://127.0.0.1:8080/seq
	tail -c +101 files/seq | head -c 100 | cmp - got
}

nginx_takes_an_upload()
{
	start_nginx 127.0.0.1:8080
	mkdir files/upload
	head -c 20M /dev/urandom >big
	curl -sS -f -T big http://127.0.0.1:8080/upload/big
	cmp big files/upload/big
}

nginx_is_a_proxy()
{
	start_nginx 127.0.0.1:8080
	head -c 10M /dev/urandom >files/big
	seq 20 | xargs -P 5 -I{} \
		curl -sS -f -o got{} http://127.0.0.1:8081/big
	seq 20 | xargs -I{} cmp files/big got{}
}

nginx_bears_wrk()
{
	start_nginx 127.0.0.1:8080
	seq 1000 >files/seq
	wrk -t 2 -c 50 -d 3s http://127.0.0.1:8080/seq >wrk.out
	cat wrk.out
	grep -E '^ +[1-9][0-9]* requests in' wrk.out
	fails grep -E 'Socket errors|Non-2xx' wrk.out
	curl -sS -f -o got http://127.0.0.1:8080/seq
	cmp got files/seq
	stop nginx QUIT
	fails grep -E 'alert|emerg|crit|error\]' nginx.log
}

nginx_reloads_without_losing_a_request()
{
	start_nginx 127.0.0.1:8080
	seq 1000 >files/seq
	start curl curl -sS -f --http1.1 'http://127.0.0.1:8080/seq?[1-300]' \
		-o got#1
	kill -HUP "$nginx_pid"
	wait_line nginx 'gracefully shutting down'
	finish curl
	cat curl.log
	seq 300 | xargs -I{} cmp files/seq got{}
}

both_sides nginx_serves_files
both_sides nginx_serves_files_reuseport
both_sides nginx_serves_files_deferred
both_sides nginx_keeps_connections_alive
both_sides nginx_takes_an_upload
both_sides nginx_is_a_proxy
both_sides nginx_reloads_without_losing_a_request
# wrk has tables for few descriptors, and takes no number beyond them.
TRAPGATE_ARGS=(--lowest-fd)
both_sides nginx_bears_wrk
done_testing
