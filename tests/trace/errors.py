#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""A call that fails says which function refused it, and why."""
import traced


def failed(code, name):
    found = [o for o in traced.python(code) if o["name"] == name and o["errno"]]
    assert found, f"no failed {name}"
    return found[-1]


@traced.test
def connect_refused():
    o = failed("""
import socket
try:
    socket.socket().connect(("127.0.0.1", 9))
except ConnectionRefusedError:
    pass
""", "connect")
    assert o["errno"] == "ECONNREFUSED" and o["ret"] == -111
    assert o["why"].startswith("tcp_reset: "), o["why"]
    assert "tcp_reset" in o["path"]


@traced.test
def bind_to_foreign_address():
    o = failed("""
import socket
try:
    socket.socket().bind(("192.0.2.77", 80))
except OSError:
    pass
""", "bind")
    assert o["errno"] == "EADDRNOTAVAIL"
    function, _, reason = o["why"].partition(": ")
    assert function in o["path"] and reason, o["why"]


@traced.test
def unknown_family():
    o = failed("""
import socket
try:
    socket.socket(44, socket.SOCK_STREAM)
except OSError:
    pass
""", "socket")
    assert o["errno"] == "EAFNOSUPPORT" and o["why"], o


@traced.test
def error_that_icmp_left_for_the_next_call():
    o = failed("""
import socket
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.connect(("127.0.0.1", 9))
s.send(b"x")
try:
    s.recv(1)
except ConnectionRefusedError:
    pass
""", "recvfrom")
    assert o["errno"] == "ECONNREFUSED"
    assert o["why"] == "udp_err: ICMP says: port unreachable", o["why"]


@traced.test
def reset_by_the_peer_before_the_call():
    o = failed("""
import socket, struct
l = socket.create_server(("127.0.0.1", 0))
c = socket.create_connection(l.getsockname())
s, _ = l.accept()
s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
s.close()
try:
    c.recv(1)
except ConnectionResetError:
    pass
""", "recvfrom")
    assert o["errno"] == "ECONNRESET"
    assert o["why"] == "tcp_reset: the peer sent RST", o["why"]


@traced.test
def timer_gave_up():
    # The accept queue is full, so the second SYN has no answer.
    o = failed("""
import socket
l = socket.create_server(("127.0.0.1", 0), backlog=0)
first = socket.create_connection(l.getsockname())
s = socket.socket()
s.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, 1)
try:
    s.connect(l.getsockname())
except TimeoutError:
    pass
""", "connect")
    assert o["errno"] == "ETIMEDOUT"
    assert o["why"].startswith("tcp_write_err: sent again"), o["why"]


@traced.test
def bad_memory():
    o = failed("""
import ctypes
ctypes.CDLL(None).socketpair(2, 1, 0, ctypes.c_void_p(8))
libc = ctypes.CDLL(None)
fd = libc.socket(2, 2, 0)
libc.getsockname(fd, ctypes.c_void_p(8), ctypes.c_void_p(8))
""", "getsockname")
    assert o["errno"] == "EFAULT" and o["why"], o


@traced.test
def every_failed_call_has_a_reason():
    for name in "seedwalk badptr32 socket connect32 udp32 tcp_close".split():
        for o in traced.syscall_test(name):
            assert o["why"] or not o["errno"], o


@traced.test
def no_such_call():
    for nr in (9999, -1):
        objects = traced.python(f"""
import ctypes
ctypes.CDLL(None).syscall({nr}, 1, 2, 3)
""")
        o, = [o for o in objects if o["name"] == "badsys"]
        assert o["nr"] == nr and o["errno"] == "ENOSYS", o
        assert o["why"].startswith("badsys: "), o
        assert o["path"] == ["system_call", "tracesys", "badsys"], o


@traced.test
def open_of_a_socket_by_proc():
    o = failed("""
import os, socket
s = socket.socket()
try:
    os.open(f"/proc/self/fd/{s.fileno()}", os.O_RDWR)
except OSError:
    pass
""", "openat")
    assert o["errno"] == "ENXIO" and o["why"].startswith("sock_no_open: "), o
    assert o["args"]["path"].startswith("/proc/self/fd/"), o


DENIED = {
    "socket:type=raw": ("socket(AF_INET, SOCK_RAW, 1)", "socket", "EACCES"),
    "connect:port=25": ("s.connect(('127.0.0.1', 25))", "connect", "EACCES"),
    "bind:port=5000-5010": ("s.bind(('127.0.0.1', 5009))", "bind", "EACCES"),
    "listen": ("s.listen()", "listen", "EACCES"),
    "setsockopt:level=1": ("s.setsockopt(1, 2, 1)", "setsockopt", "EACCES"),
    "cap:net_raw": ("socket(AF_INET, SOCK_RAW, 1)", "socket", "EPERM"),
    "cap:net_bind_service": ("s.bind(('127.0.0.1', 25))", "bind", "EACCES"),
}


@traced.test
def a_rule_of_the_policy():
    for rule, (call, name, errno) in DENIED.items():
        objects = traced.python(f"""
from socket import *
s = socket()
try:
    {call}
except OSError:
    pass
""", options=("--deny", rule))
        o, = [o for o in objects if o["errno"] and o["name"] == name]
        assert o["errno"] == errno, (rule, o)
        assert "policy" in o["why"] or "CAP_" in o["why"], (rule, o["why"])


@traced.test
def success_has_no_reason():
    for o in traced.conversation(""):
        assert (o["why"] is None) or o["errno"], o


@traced.test
def tree_gives_the_reason_too():
    text = traced.trace(["sh", "-c", traced.app("hello") + " || true"],
                        fmt="tree")
    line = [x for x in text.splitlines() if "= -ECONNREFUSED  because" in x]
    assert line and "tcp_reset: " in line[0], line


traced.main()
