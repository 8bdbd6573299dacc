# SPDX-License-Identifier: MIT
# haproxy: threads that share listeners, epoll, splice between connections,
# health checks; in front of two servers of python's.
. "${0%/*}/lib.sh"
need haproxy curl python3
PATH=$PATH:/usr/sbin:/sbin

start_proxy()
{
	cat >config <<-END
	global
		nbthread 2
	defaults
		mode http
		timeout connect 5s
		timeout client 20s
		timeout server 20s
	frontend front
		bind 127.0.0.1:8080
		default_backend back
	backend back
		option splice-auto
		balance roundrobin
		server one 127.0.0.1:8001 check inter 100
		server two 127.0.0.1:8002 check inter 100
	listen stream
		bind 127.0.0.1:8090
		mode tcp
		option splice-auto
		server one 127.0.0.1:8001
	END
	start one python3 -u -m http.server --bind 127.0.0.1 8001
	start two python3 -u -m http.server --bind 127.0.0.1 8002
	wait_port 8001
	wait_port 8002
	start haproxy "$(PATH=$PATH:/usr/sbin:/sbin command -v haproxy)" \
		-db -f config
	wait_port 8080
}

haproxy_carries_files()
{
	start_proxy
	head -c 20M /dev/urandom >big
	for port in 8080 8090; do
		curl -sS "http://127.0.0.1:$port/big" | cmp - big
	done
	for i in $(seq 40); do
		curl -sS http://127.0.0.1:8080/config | cmp - config
	done
	grep -q 'GET /config' one.log
	grep -q 'GET /config' two.log
}

haproxy_leaves_out_who_is_down()
{
	start_proxy
	stop one || true
	wait_line haproxy 'back/one is DOWN.*Connection refused'
	for i in $(seq 10); do
		curl -sSf http://127.0.0.1:8080/config | cmp - config
	done
	stop two || true
	wait_line haproxy 'has no server available'
	says 503 curl -sS -o body -w '%{http_code}' http://127.0.0.1:8080/config
}

both_sides haproxy_carries_files
both_sides haproxy_leaves_out_who_is_down
done_testing
