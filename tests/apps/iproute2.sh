# SPDX-License-Identifier: MIT
# ip and ss, and what else looks at the network: netlink dumps, /proc/net.
. "${0%/*}/lib.sh"
need ip ss tc getent python3

ip_shows_the_loopback()
{
	ip -o link show lo >out
	cat out
	grep -E '^1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 .*link/loopback 00:00:00:00:00:00' out
	ip -o -4 addr show dev lo >out
	cat out
	grep -E '^1: lo +inet 127.0.0.1/8 .*scope host' out
	ip -4 -br addr show lo | grep -E '^lo +UNKNOWN +127.0.0.1/8'
}

ip_shows_the_routes()
{
	ip -4 route show table local >out
	cat out
	grep -E '^local 127.0.0.0/8 dev lo .*scope host src 127.0.0.1' out
	grep -E '^local 127.0.0.1 dev lo .*scope host src 127.0.0.1' out
	grep -E '^broadcast 127.255.255.255 dev lo .*scope link' out
	ip -4 rule show >out
	cat out
	grep -E 'from all lookup local' out
	grep -E 'from all lookup main' out
}

ip_asks_for_a_route()
{
	ip route get 127.0.0.1 >out
	cat out
	grep -E '^local 127.0.0.1 dev lo .*src 127.0.0.1' out
	fails ip route get 203.0.113.1 2>err
	grep 'Network is unreachable' err
}

routes_of_10()
{
	ip route show table local | sed -n 's/ *$//; /10\.1\.1\./p'
}

a_secondary_address_takes_over()
{
	echo 1 >/proc/sys/net/ipv4/conf/all/promote_secondaries
	grep -x 1 /proc/sys/net/ipv4/conf/all/promote_secondaries
	for last in 1 2 3; do
		ip addr add 10.1.1.$last/24 brd + dev lo
	done
	ip addr del 10.1.1.1/24 dev lo
	ip -4 addr show dev lo >out
	cat out
	sed -n 's/.*inet \([^ ]*\) .*scope \(.*\) lo$/\1 \2/p' out >got
	diff got - <<-'EOF'
	127.0.0.1/8 host
	10.1.1.2/24 global
	10.1.1.3/24 global secondary
	EOF
	routes_of_10 >got
	diff got - <<-'EOF'
	local 10.1.1.0/24 dev lo proto kernel scope host src 10.1.1.2
	local 10.1.1.2 dev lo proto kernel scope host src 10.1.1.2
	local 10.1.1.3 dev lo proto kernel scope host src 10.1.1.2
	broadcast 10.1.1.255 dev lo proto kernel scope link src 10.1.1.2
	EOF
	echo 0 >/proc/sys/net/ipv4/conf/all/promote_secondaries
	ip addr del 10.1.1.2/24 dev lo
	routes_of_10 >got
	fails test -s got
}

tc_shows_that_lo_has_no_queue()
{
	tc qdisc show >out
	cat out
	grep -E '^qdisc noqueue 0: dev lo root' out
	tc -s qdisc show dev lo | grep -E '^ Sent 0 bytes 0 pkt'
}

listen_on_9000()
{
	start server python3 -u -c '
import socket, time
server = socket.create_server(("127.0.0.1", 9000), backlog=77)
client = socket.create_connection(("127.0.0.1", 9000))
datagram = socket.socket(type=socket.SOCK_DGRAM)
datagram.bind(("127.0.0.1", 9001))
print("ready")
time.sleep(100)'
	wait_line server ready
}

ss_lists_sockets()
{
	listen_on_9000
	ss -tln >out
	cat out
	grep -E '^LISTEN +1 +[0-9]+ +127.0.0.1:9000 +0.0.0.0:\*' out
	ss -tn >out
	cat out
	[ "$(grep -c ^ESTAB out)" = 2 ]
	ss -uln >out
	grep -E '^UNCONN +0 +0 +127.0.0.1:9001' out
}

ss_asks_by_netlink()
{
	listen_on_9000
	ss -tln >out 2>err
	cat out err
	grep -E '^LISTEN +1 +77 +127.0.0.1:9000 +0.0.0.0:\*' out
	says '' cat err
	ss -tan sport = :9000 >out 2>>err
	cat out
	[ "$(grep -c ' 127.0.0.1:9000 ' out)" = 2 ]
	ss -ti state established dport = :9000 >out 2>>err
	cat out
	grep -E 'cubic|bbr|reno' out
	grep -E 'rto:[0-9]+ .*cwnd:[0-9]+ ' out
	ss -tan src 10.0.0.0/8 >out 2>>err
	[ "$(wc -l <out)" = 1 ]
	ss -s >out 2>>err
	grep -E '^TCP: +[0-9]+ \(estab 2,' out
	says '' cat err
}

ss_tells_the_process()
{
	listen_on_9000
	ss -tlnp >out
	cat out
	grep -E ' 127.0.0.1:9000 .*users:\(\("python3",pid=[0-9]+,fd=[0-9]+\)\)' out
	ss -ulnp | grep -E ' 127.0.0.1:9001 .*users:\(\("python3"'
}

# A connection that ended leaves what it learned.
destinations_are_remembered()
{
	ip tcp_metrics flush
	python3 - <<-'END'
	import socket
	l = socket.create_server(("127.0.0.1", 9003))
	c = socket.create_connection(("127.0.0.1", 9003))
	s, _ = l.accept()
	c.sendall(b"x")
	s.recv(1)
	c.close()
	s.recv(1)
	s.close()
	END
	ip tcp_metrics >out
	cat out
	grep -E '^127.0.0.1 age [0-9.]+sec cwnd [0-9]+ rtt [0-9]+us rttvar [0-9]+us source 127.0.0.1' out
	ip tcp_metrics show 127.0.0.1 >out
	grep -E '^127.0.0.1 age .* source 127.0.0.1' out
	ip tcp_metrics delete 127.0.0.1
	fails ip tcp_metrics delete 127.0.0.1 2>err
	grep 'No such process' err
	ip tcp_metrics >out
	[ ! -s out ]
}

# A handshake that is not over has a line, and a name to ask for it by.
ss_shows_half_open_connections()
{
	python3 - <<-'END'
	import socket, subprocess, time
	l = socket.socket()
	l.setsockopt(socket.IPPROTO_TCP, socket.TCP_DEFER_ACCEPT, 30)
	l.bind(("127.0.0.1", 9002))
	l.listen()
	c = socket.create_connection(("127.0.0.1", 9002))
	port = c.getsockname()[1]
	out = subprocess.run(["ss", "-tane"], capture_output=True, text=True).stdout
	print(out)
	lines = [x for x in out.splitlines() if x.startswith("SYN-RECV")]
	assert len(lines) == 1 and f"127.0.0.1:9002 127.0.0.1:{port}" in " ".join(lines[0].split())
	assert " sk:0 " not in lines[0] + " "
	c.sendall(b"x")
	l.accept()
	out = subprocess.run(["ss", "-tan", "state", "syn-recv"], capture_output=True, text=True).stdout
	assert "9002" not in out
	END
}

proc_lists_sockets()
{
	listen_on_9000
	cat /proc/net/tcp /proc/net/udp >out
	cat out
	grep -E '^ *[0-9]+: 0100007F:2328 00000000:0000 0A ' out
	[ "$(grep -c -E '0100007F:.* 0100007F:.* 01 ' out)" = 2 ]
	grep -E '^ *[0-9]+: 0100007F:2329 00000000:0000 07 ' out
	grep -E '^TCP: inuse 3 ' /proc/net/sockstat
}

interfaces_have_names()
{
	python3 - <<-'END'
	import socket
	assert (1, "lo") in socket.if_nameindex()
	assert socket.if_nametoindex("lo") == 1
	assert socket.if_indextoname(1) == "lo"
	END
}

localhost_is_found()
{
	getent hosts localhost | grep -E '127.0.0.1|::1'
	says 127.0.0.1 python3 -c '
import socket
print(socket.getaddrinfo("localhost", 80, socket.AF_INET,
      socket.SOCK_STREAM)[0][4][0])'
	getent ahosts localhost | grep -E '^127.0.0.1 +STREAM'
}

for scenario in ip_shows_the_loopback ip_shows_the_routes ip_asks_for_a_route \
		a_secondary_address_takes_over \
		tc_shows_that_lo_has_no_queue ss_lists_sockets \
		ss_asks_by_netlink ss_tells_the_process destinations_are_remembered \
		ss_shows_half_open_connections proc_lists_sockets interfaces_have_names \
		localhost_is_found; do
	both_sides $scenario
done
done_testing
