# SPDX-License-Identifier: MIT
# A sniffer on a packet socket watches curl fetch from python3's http.server.
. "${0%/*}/lib.sh"
need python3 curl ip

sniff()
{
	start sniffer python3 -u -c '
import socket, struct, sys
s = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(3))
s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 8 << 20)
s.bind(("lo", 0))
print("ready")
way, fins, ports = {0: b"", 4: b""}, 0, set()
while fins < 4:
    frame, (dev, proto, kind, hatype, mac) = s.recvfrom(70000)
    assert (dev, proto, hatype, mac) == ("lo", 0x800, 772, bytes(6))
    assert frame[:14] == bytes(12) + b"\x08\0" and frame[23] == 6
    ip = frame[14:]
    tcp = ip[(ip[0] & 15) * 4:struct.unpack("!H", ip[2:4])[0]]
    ports.add(struct.unpack("!HH", tcp[:4]))
    way[kind] += tcp[(tcp[12] >> 4) * 4:]
    fins += tcp[13] & 1
assert way[0] == way[4]
assert b"GET /file" in way[0] and b"the-content" in way[0]
assert len(ports) == 2 and (8000 in p for p in ports)
print("seen")'
	wait_line sniffer ready
}

a_sniffer_sees_what_curl_fetches()
{
	echo the-content >file
	start server python3 -u -m http.server --bind 127.0.0.1 8000
	wait_line server 'Serving HTTP'
	sniff
	curl -sS -f http://127.0.0.1:8000/file >got
	cmp file got
	wait_line sniffer seen
}

ip_shows_promiscuous_mode()
{
	start sniffer python3 -u -c '
import socket, struct, time
s = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(3))
s.setsockopt(263, 1, struct.pack("iHH8x", 1, 1, 0))
print("ready")
time.sleep(100)'
	wait_line sniffer ready
	ip -d link show lo | grep 'promiscuity 1 '
	grep -E '^[0-9a-f]+ +[0-9]+ +3 +0003 +0 +1 ' /proc/net/packet
}

if [ "$(id -u)" != 0 ]; then
	echo "1..0 # SKIP packet sockets need privilege"
	exit 0
fi
both_sides a_sniffer_sees_what_curl_fetches
both_sides ip_shows_promiscuous_mode
done_testing
