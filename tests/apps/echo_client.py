# SPDX-License-Identifier: MIT
"""echo_client.py COUNT: COUNT connections to 127.0.0.1:7000, all opened at
once. When all are open, each sends data of its own, and again when that came
back, then half-closes; what comes back must be what was sent."""
import errno
import random
import selectors
import socket
import sys
import time

ADDRESS = ("127.0.0.1", 7000)
PATIENCE = 60   # seconds
ROUNDS = 3


class Client:
    def __init__(self, number):
        self.random = random.Random(number)
        self.sock = socket.socket()
        self.sock.setblocking(False)
        self.rounds = 0
        self.to_send = b""
        self.expected = b""
        result = self.sock.connect_ex(ADDRESS)
        assert result in (0, errno.EINPROGRESS), errno.errorcode[result]

    def connected(self):
        error = self.sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
        assert error == 0, errno.errorcode[error]
        assert self.sock.getpeername() == ADDRESS

    def next_round(self):
        size = self.random.choice((1, 100, 1000, 5000, 20000))
        self.to_send = self.expected = self.random.randbytes(size)
        self.rounds += 1

    def step(self, events):
        """What to wait for next, 0 when it is done."""
        if events & selectors.EVENT_WRITE and self.to_send:
            sent = self.sock.send(self.to_send)
            self.to_send = self.to_send[sent:]
        if events & selectors.EVENT_READ:
            data = self.sock.recv(65536)
            if not self.expected:
                assert data == b"", "data that nobody sent"
                self.sock.close()
                return 0
            assert data, "closed too early"
            assert self.expected.startswith(data), "another's data"
            self.expected = self.expected[len(data):]
            if not self.expected:
                assert not self.to_send
                if self.rounds < ROUNDS:
                    self.next_round()
                else:
                    self.sock.shutdown(socket.SHUT_WR)
        return selectors.EVENT_READ | (selectors.EVENT_WRITE
                                       if self.to_send else 0)


def run(count):
    end = time.monotonic() + PATIENCE
    selector = selectors.DefaultSelector()

    def ready():
        assert time.monotonic() < end, "out of patience"
        return selector.select(timeout=1)

    clients = [Client(number) for number in range(count)]
    for client in clients:
        selector.register(client.sock, selectors.EVENT_WRITE, client)
    waiting = count
    while waiting:
        for key, _ in ready():
            key.data.connected()
            selector.modify(key.fileobj, selectors.EVENT_READ, key.data)
            waiting -= 1
    print(count, "connected", flush=True)

    for client in clients:
        client.next_round()
        selector.modify(client.sock,
                        selectors.EVENT_READ | selectors.EVENT_WRITE, client)
    waiting = count
    while waiting:
        for key, events in ready():
            sock = key.fileobj
            number = sock.fileno()
            wanted = key.data.step(events)
            if not wanted:
                selector.unregister(sock if sock.fileno() >= 0 else number)
                waiting -= 1
            elif wanted != key.events:
                selector.modify(sock, wanted, key.data)
    print(count, "served", flush=True)


run(int(sys.argv[1]))
