# SPDX-License-Identifier: MIT
# busybox, a static program: httpd as a server and as an inetd child, and wget.
. "${0%/*}/lib.sh"
need busybox

start_httpd()
{
	mkdir -p files/cgi-bin
	start server busybox httpd -f -v -p 127.0.0.1:8000 -h files
	wait_port 8000
}

wget_fetches_a_file()
{
	start_httpd
	head -c 30M /dev/urandom >files/big
	busybox wget -q -O got http://127.0.0.1:8000/big
	cmp files/big got
}

wget_fetches_20_files_in_parallel()
{
	start_httpd
	head -c 10M /dev/urandom >all
	(cd files && split -a 2 -d -n 20 ../all part)
	seq -f part%02.0f 0 19 | xargs -P 20 -I{} \
		busybox wget -q -O {} http://127.0.0.1:8000/{}
	cat part?? | cmp all -
}

wget_goes_on_where_it_stopped()
{
	start_httpd
	head -c 1M /dev/urandom >files/file
	head -c 300000 files/file >file
	busybox wget -q -c -O file http://127.0.0.1:8000/file
	cmp files/file file
}

# The script's standard input and output are pipes to httpd.
wget_runs_a_script()
{
	start_httpd
	cat >files/cgi-bin/script <<-'END'
	#!/bin/sh
	printf 'Content-Type: text/plain\r\n\r\n'
	echo "$REQUEST_METHOD $QUERY_STRING from $REMOTE_ADDR"
	cat
	END
	chmod +x files/cgi-bin/script
	says 'GET a=1 from 127.0.0.1' busybox wget -q -O - \
		'http://127.0.0.1:8000/cgi-bin/script?a=1'
	says $'POST  from 127.0.0.1\nsome text' busybox wget -q -O - \
		--post-data='some text' http://127.0.0.1:8000/cgi-bin/script
}

# httpd -i: the connection is its standard input and output.
wget_asks_an_inetd()
{
	mkdir files
	head -c 5M /dev/urandom >files/big
	start server busybox nc -ll -p 8000 -e busybox httpd -i -h files
	wait_port 8000
	busybox wget -q -O got http://127.0.0.1:8000/big
	cmp files/big got
}

wget_learns_that_there_is_none()
{
	start_httpd
	fails busybox wget -q -O got http://127.0.0.1:8000/none 2>err
	grep -q '404 Not Found' err
	fails busybox wget -q -O got http://127.0.0.1:8001/none 2>err
	grep -q 'Connection refused' err
}

for scenario in wget_fetches_a_file wget_fetches_20_files_in_parallel \
		wget_goes_on_where_it_stopped wget_runs_a_script \
		wget_asks_an_inetd wget_learns_that_there_is_none; do
	both_sides $scenario
done
done_testing
