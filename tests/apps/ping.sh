# SPDX-License-Identifier: MIT
# ping, with datagram ICMP sockets as Debian lets everybody use them, and
# with raw ones.
. "${0%/*}/lib.sh"
need ping busybox

# Echoes of all sizes, the large ones fragmented; ping compares the bytes.
pings_are_answered()
{
	local size

	for size in 16 56 1400 30000 65507; do
		"$@" -c 3 -i 0.01 -s $size 127.0.0.1 >out
		cat out
		grep '3 packets transmitted, 3 received, 0% packet loss' out
		grep -E "^$((size + 8)) bytes from 127.0.0.1: icmp_seq=3 .*time=" out
	done
	"$@" -c 1 127.1.2.3
	"$@" -c 1 localhost
}

ping_is_answered() { pings_are_answered ping; }

# Without CAP_NET_RAW it falls back on SOCK_DGRAM; the range of groups that
# may have one is the host's, and a new network namespace allows nobody.
ping_is_answered_on_a_datagram_socket()
{
	if [ "$TEST_SIDE" = linux ]; then
		echo 0 2147483647 >/proc/sys/net/ipv4/ping_group_range ||
			skip_scenario 'ping_group_range cannot be set'
	fi
	cp "$(command -v ping)" .	# without the capability of the file
	pings_are_answered setpriv --bounding-set -net_raw ./ping
}

ping_floods()
{
	ping -q -c 2000 -f 127.0.0.1 >out
	cat out
	grep '2000 packets transmitted, 2000 received, 0% packet loss' out
}

ping_is_told_that_there_is_no_way()
{
	fails ping -c 1 203.0.113.1 2>err
	grep -E 'Network is unreachable' err
}

ping_shows_the_ttl()
{
	ping -c 1 -t 7 127.0.0.1 >out
	grep 'ttl=64' out	# the answer's
	ping -c 1 -R 127.0.0.1 >out
	grep -E '^RR:.*127.0.0.1' out
}

busybox_ping_is_answered()
{
	busybox ping -c 3 -i 0.1 -s 1000 127.0.0.1 >out
	cat out
	grep '3 packets transmitted, 3 packets received, 0% packet loss' out
}

for scenario in ping_is_answered ping_is_answered_on_a_datagram_socket \
		ping_floods ping_is_told_that_there_is_no_way \
		ping_shows_the_ttl busybox_ping_is_answered; do
	both_sides $scenario
done
done_testing
