# SPDX-License-Identifier: MIT
"""A client of memcached's text protocol, over TCP and over UDP, that checks
every value. Each command line argument names one of the functions below."""
import random
import socket
import struct
import sys

ADDRESS = ("127.0.0.1", 11211)
PATIENCE = 20   # seconds
RANDOM = random.Random(1)


class Tcp:
    def __init__(self):
        self.sock = socket.create_connection(ADDRESS, timeout=PATIENCE)
        self.file = self.sock.makefile("rb")

    def send(self, text):
        self.sock.sendall(text)

    def line(self):
        line = self.file.readline()
        assert line.endswith(b"\r\n"), line
        return line[:-2]

    def values(self):
        """The answer to one get: {key: value}."""
        got = {}
        while (line := self.line()) != b"END":
            word, key, flags, size = line.split()
            assert (word, flags) == (b"VALUE", b"7"), line
            got[key] = self.file.read(int(size))
            assert self.line() == b""
        return got


def store(key, value):
    return b"set %s 7 0 %d\r\n%s\r\n" % (key, len(value), value)


def tcp_values():
    """5,000 values stored in a pipeline, fetched one by one and at once."""
    values = {b"key%d" % i: RANDOM.randbytes(RANDOM.randrange(200))
              for i in range(5000)}
    tcp = Tcp()
    tcp.send(b"".join(store(*item) for item in values.items()))
    for _ in values:
        assert tcp.line() == b"STORED"
    for key in list(values)[:500]:
        tcp.send(b"get %s\r\n" % key)
        assert tcp.values() == {key: values[key]}
    tcp.send(b"get " + b" ".join(values) + b"\r\n")
    assert tcp.values() == values


def tcp_big_values():
    tcp = Tcp()
    for size in 100_000, 1_000_000, 7_000_000:
        value = RANDOM.randbytes(size)
        tcp.send(store(b"big", value))
        assert tcp.line() == b"STORED"
        tcp.send(b"get big\r\n")
        assert tcp.values() == {b"big": value}


def tcp_many_clients():
    """100 connections at once, spread over the server's threads."""
    clients = [Tcp() for _ in range(100)]
    for i, tcp in enumerate(clients):
        tcp.send(store(b"client%d" % i, b"%d" % (i * i)))
    for tcp in clients:
        assert tcp.line() == b"STORED"
    for i, tcp in enumerate(clients):
        tcp.send(b"get client%d\r\n" % (99 - i))
    for i, tcp in enumerate(clients):
        assert tcp.values() == {b"client%d" % (99 - i): b"%d" % (99 - i) ** 2}


def tcp_counts_its_clients():
    """A closed connection is seen by the server."""
    tcp = Tcp()
    others = [Tcp() for _ in range(20)]

    def connections():
        tcp.send(b"stats\r\n")
        while (line := tcp.line()) != b"END":
            if line.startswith(b"STAT curr_connections "):
                count = int(line.split()[2])
        return count

    for other in others:
        other.send(b"version\r\n")
        assert other.line().startswith(b"VERSION ")
    before = connections()
    for other in others:
        other.send(b"quit\r\n")
        assert other.file.read() == b""
    for _ in range(1000):
        if connections() == before - len(others):
            return
    raise AssertionError(f"{before} connections, now {connections()}")


def udp_request(sock, number, text):
    """A request is one datagram, the answer as many as it takes."""
    sock.send(struct.pack("!HHHH", number, 0, 1, 0) + text)
    parts = {}
    while True:
        datagram = sock.recv(65536)
        got, sequence, total, zero = struct.unpack("!HHHH", datagram[:8])
        assert (got, zero) == (number, 0)
        parts[sequence] = datagram[8:]
        if len(parts) == total:
            return b"".join(parts[i] for i in range(total))


def udp_values():
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sock.settimeout(PATIENCE)
    sock.connect(ADDRESS)
    for i in range(500):
        value = RANDOM.randbytes(RANDOM.randrange(1000))
        assert udp_request(sock, i, store(b"udp", value)) == b"STORED\r\n"
        assert udp_request(sock, 1000 + i, b"get udp\r\n") == \
            b"VALUE udp 7 %d\r\n%s\r\nEND\r\n" % (len(value), value)


def udp_big_value():
    """Stored by TCP, fetched as 45 datagrams."""
    value = RANDOM.randbytes(60_000)
    tcp = Tcp()
    tcp.send(store(b"big", value))
    assert tcp.line() == b"STORED"
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sock.settimeout(PATIENCE)
    sock.connect(ADDRESS)
    for i in range(20):
        assert udp_request(sock, i, b"get big\r\n") == \
            b"VALUE big 7 %d\r\n%s\r\nEND\r\n" % (len(value), value)


for name in sys.argv[1:]:
    print(name, flush=True)
    globals()[name]()
