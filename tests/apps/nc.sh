# SPDX-License-Identifier: MIT
# nc: OpenBSD's, and busybox's, whose -e makes a program's standard input and
# output of the connection.
. "${0%/*}/lib.sh"
need nc busybox

listener()
{
	start server nc -v -n "$@"
	wait_line server 'Listening on|Bound on'
}

nc_sends_a_file()
{
	head -c 20M /dev/urandom >sent
	nc -v -n -l 127.0.0.1 9000 >got 2>server.log &
	server_pid=$!
	wait_line server 'Listening on'
	nc -n -N 127.0.0.1 9000 <sent
	finish server
	cmp sent got
}

# Both ends send until their input ends, then half-close, and get it all.
nc_swaps_files()
{
	head -c 5M /dev/urandom >one
	head -c 7M /dev/urandom >two
	nc -v -n -N -l 127.0.0.1 9000 <one >got_two 2>server.log &
	server_pid=$!
	wait_line server 'Listening on'
	nc -n -N 127.0.0.1 9000 <two >got_one
	finish server
	cmp one got_one
	cmp two got_two
}

nc_serves_one_after_the_other()
{
	local i

	listener -k -l 127.0.0.1 9000
	for i in 1 2 3 4 5; do
		echo "client $i" | nc -n -N 127.0.0.1 9000
		wait_line server "client $i"
	done
}

nc_sends_datagrams()
{
	listener -u -k -l 127.0.0.1 9000
	echo 'first datagram' | nc -n -u -q 0 127.0.0.1 9000
	wait_line server '^first datagram$'
	echo 'second datagram' | nc -n -u -q 0 127.0.0.1 9000
	wait_line server '^second datagram$'
}

nc_scans_ports()
{
	listener -k -l 127.0.0.1 9000
	nc -n -z -v 127.0.0.1 8998-9002 2>scan || true
	cat scan
	[ "$(grep -c succeeded scan)" = 1 ]
	[ "$(grep -c 'Connection refused' scan)" = 4 ]
}

busybox_nc_serves_a_program()
{
	start server busybox nc -ll -p 9000 -e sort -n
	wait_port 9000
	seq 50000 | tac >sent
	seq 50000 >expected
	nc -n -N 127.0.0.1 9000 <sent >got
	cmp expected got
}

busybox_nc_serves_a_shell()
{
	start server busybox nc -ll -p 9000 -e sh
	wait_port 9000
	# shellcheck disable=SC2016
	says 'sum 42' nc -n -N 127.0.0.1 9000 <<<'echo sum $((6 * 7))'
	says $'a\nb\nc' nc -n -N 127.0.0.1 9000 <<<'for i in a b c; do
		echo $i; done; exit'
}

# The client too may be a program on a connection.
busybox_nc_connects_two_programs()
{
	seq 100000 >numbers
	nc -v -n -N -l 127.0.0.1 9000 <numbers >got 2>server.log &
	server_pid=$!
	wait_line server 'Listening on'
	busybox nc 127.0.0.1 9000 -e sha256sum
	finish server
	says "$(sha256sum <numbers)" cat got
}

for scenario in nc_sends_a_file nc_swaps_files nc_serves_one_after_the_other \
		nc_sends_datagrams nc_scans_ports busybox_nc_serves_a_program \
		busybox_nc_serves_a_shell busybox_nc_connects_two_programs; do
	both_sides $scenario
done
done_testing
