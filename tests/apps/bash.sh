# SPDX-License-Identifier: MIT
# bash's /dev/tcp and /dev/udp: the connection is any descriptor the script
# names, and what reads and writes it is any program.
. "${0%/*}/lib.sh"
need bash socat python3

echo_server()
{
	start server socat -d -d TCP-LISTEN:9000,reuseaddr,fork,backlog=64 \
		EXEC:cat
	wait_line server 'listening on'
}

bash_reads_and_writes()
{
	local line

	echo_server
	exec 3<>/dev/tcp/127.0.0.1/9000
	echo hello >&3
	read -r line <&3
	[ "$line" = hello ]
	printf 'a line\nand more' >&3
	read -r line <&3
	[ "$line" = 'a line' ]
	read -r -n 8 line <&3
	[ "$line" = 'and more' ]
	exec 3>&-
}

bash_asks_a_web_server()
{
	seq 100000 >numbers
	start server python3 -u -m http.server --bind 127.0.0.1 9000
	wait_line server 'Serving HTTP'
	exec 3<>/dev/tcp/127.0.0.1/9000
	printf 'GET /numbers HTTP/1.0\r\n\r\n' >&3
	sed '1,/^\r$/d' <&3 >got
	cmp numbers got
}

bash_holds_many_connections()
{
	local i line

	echo_server
	for ((i = 20; i < 60; i++)); do
		eval "exec $i<>/dev/tcp/127.0.0.1/9000"
	done
	for ((i = 20; i < 60; i++)); do
		echo "on descriptor $i" >&$i
	done
	for ((i = 59; i >= 20; i--)); do
		read -r line <&$i
		[ "$line" = "on descriptor $i" ]
	done
}

# Standard output of programs goes over the connection, and comes back by it.
bash_gives_programs_the_connection()
{
	echo_server
	exec 3<>/dev/tcp/127.0.0.1/9000
	seq 1000 >&3
	head -n 1000 <&3 | cmp - <(seq 1000)
	(
		exec <&3 >&3
		echo from a subshell
		read -r line
		[ "$line" = 'from a subshell' ]
	)
	dd if=/dev/zero of=zero bs=1000 count=50 2>/dev/null
	cat zero >&3
	dd bs=1 count=50000 <&3 2>/dev/null | cmp - zero
}

bash_gets_a_file()
{
	head -c 10M /dev/urandom >sent
	start server socat -d -d -u OPEN:sent \
		TCP-LISTEN:9000,bind=127.0.0.1
	wait_line server 'listening on'
	cat </dev/tcp/127.0.0.1/9000 >got
	cmp sent got
}

bash_sends_a_file()
{
	head -c 10M /dev/urandom >sent
	start server socat -d -d -u TCP-LISTEN:9000,bind=127.0.0.1 CREATE:got
	wait_line server 'listening on'
	cat sent >/dev/tcp/127.0.0.1/9000
	finish server
	cmp sent got
}

bash_sends_datagrams()
{
	start server socat -d -d UDP-RECVFROM:9000,bind=127.0.0.1,fork PIPE
	wait_line server 'receiving on'
	exec 3<>/dev/udp/127.0.0.1/9000
	echo datagram >&3
	says datagram head -n 1 <&3	# read would take a byte a call
}

bash_is_refused()
{
	fails eval 'exec 3<>/dev/tcp/127.0.0.1/9000' 2>err
	grep -q 'Connection refused' err
}

for scenario in bash_reads_and_writes bash_asks_a_web_server \
		bash_holds_many_connections \
		bash_gives_programs_the_connection bash_gets_a_file \
		bash_sends_a_file bash_sends_datagrams bash_is_refused; do
	both_sides $scenario
done
done_testing
