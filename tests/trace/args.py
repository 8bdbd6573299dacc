#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Arguments are decoded: structures, flags, control messages, what the kernel
has changed. As strace would, and shorter."""
import re
import sys

import traced

HEAD = """
import fcntl, os, select, signal, struct
from socket import *
"""


def lines(code):
    """The calls of a program, without times: "name(args) = ret ..."."""
    text = traced.trace([sys.executable, "-S", "-c", HEAD + code], fmt="line",
                        options=("-S",))
    return [re.sub(r"^[\d.]+ \d+ (#\d+ )?| <[\d.]+>$", "", line)
            for line in text.splitlines()]


def has(found, *patterns):
    for pattern in patterns:
        assert any(re.fullmatch(pattern, line) for line in found), \
            (pattern, found)


@traced.test
def sockets_by_family_type_and_protocol():
    has(lines("""
socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, IPPROTO_TCP)
socket(AF_NETLINK, SOCK_RAW, 4)
socket(AF_PACKET, SOCK_DGRAM, htons(0x0806))
"""), r"socket\(AF_INET, SOCK_STREAM\|SOCK_NONBLOCK\|SOCK_CLOEXEC, "
      r"IPPROTO_TCP\) = \d+<s\d+>",
        r"socket\(AF_NETLINK, SOCK_RAW\|SOCK_CLOEXEC, NETLINK_SOCK_DIAG\) = .*",
        r"socket\(AF_PACKET, SOCK_DGRAM\|SOCK_CLOEXEC, htons\(ETH_P_ARP\)\) .*")


@traced.test
def addresses_of_each_family():
    has(lines("""
n = socket(AF_NETLINK, SOCK_RAW, 0)
n.bind((0, 1))
p = socket(AF_PACKET, SOCK_RAW, 0)
p.bind(("lo", 0x0800))
s = socket()
for bad in ("\\0name", "/run/x"):
    u = socket(AF_UNIX)
    try:
        u.connect(bad)
    except OSError:
        pass
s.bind(("127.0.0.1", 0))
"""), r"bind\(\d+<s\d+>, \{AF_NETLINK, pid=0, groups=0x1\}, 12\) = 0",
        r"bind\(\d+<s\d+>, \{AF_PACKET, htons\(ETH_P_IP\), if=1, type=0\}, 20\)"
        r" = 0",
        r"connect\(\d+, unix:@name, 7\) = \? \(host\)",
        r"connect\(\d+, unix:/run/x, 9\) = \? \(host\)",
        r"bind\(\d+<s\d+>, 127.0.0.1:0, 16\) = 0")


@traced.test
def option_values():
    has(lines("""
s = create_server(("127.0.0.1", 0))
c = create_connection(s.getsockname())
c.setsockopt(SOL_SOCKET, SO_LINGER, struct.pack("ii", 1, 5))
c.setsockopt(SOL_SOCKET, SO_RCVTIMEO, struct.pack("qq", 2, 500))
c.setsockopt(IPPROTO_TCP, TCP_CONGESTION, b"reno")
c.setsockopt(SOL_IP, 10, 2)
c.getsockopt(IPPROTO_TCP, TCP_CONGESTION, 16)
c.getsockopt(IPPROTO_TCP, TCP_INFO, 104)
c.getsockopt(SOL_SOCKET, SO_TYPE)
c.getsockopt(SOL_SOCKET, SO_DOMAIN)
u = socket(AF_INET, SOCK_DGRAM)
u.setsockopt(SOL_IP, IP_ADD_MEMBERSHIP, inet_aton("224.1.2.3") +
             inet_aton("127.0.0.1"))
u.connect(("127.0.0.1", 9))
u.send(b"x")
u.getsockopt(SOL_SOCKET, SO_ERROR)
"""), r"setsockopt\(.*, SOL_SOCKET, SO_LINGER, \{onoff=1, linger=5\}, 8\) = 0",
        r"setsockopt\(.*, SO_RCVTIMEO, \{sec=2, usec=500\}, 16\) = 0",
        r'setsockopt\(.*, SOL_TCP, TCP_CONGESTION, \["reno"\], 4\) = 0',
        r"setsockopt\(.*, IP_MTU_DISCOVER, \[IP_PMTUDISC_DO\], 4\) = 0",
        r'getsockopt\(.*, TCP_CONGESTION, \["reno"\], \[16\]\) = 0',
        r"getsockopt\(.*, TCP_INFO, \{state=ESTABLISHED, .* rto=\d+, .*"
        r"snd_cwnd=10, .*\}, \[104\]\) = 0",
        r"getsockopt\(.*, SO_TYPE, \[SOCK_STREAM\], \[4\]\) = 0",
        r"getsockopt\(.*, SO_DOMAIN, \[AF_INET\], \[4\]\) = 0",
        r"setsockopt\(.*, IP_ADD_MEMBERSHIP, \{group=224.1.2.3, "
        r"addr=127.0.0.1\}, 8\) = 0",
        r"getsockopt\(.*, SO_ERROR, \[ECONNREFUSED\], \[4\]\) = 0")


@traced.test
def a_length_shows_what_it_was_and_what_it_became():
    has(lines("""
s = socket()
s.getsockopt(SOL_SOCKET, SO_LINGER, 100)
"""), r"getsockopt\(.*, SO_LINGER, \{onoff=0, linger=0\}, \[100\] => \[8\]\)"
      r" = 0")


@traced.test
def messages_and_their_control_messages():
    has(lines("""
a, b = socket(AF_INET, SOCK_DGRAM), socket(AF_INET, SOCK_DGRAM)
a.bind(("127.0.0.1", 5000))
a.setsockopt(SOL_IP, 8, 1)
a.setsockopt(SOL_IP, 12, 1)
b.sendmsg([b"ab", b"", b"c" * 60], [(SOL_IP, 8, struct.pack("iII", 1, 0, 0))],
          0, a.getsockname())
a.recvmsg(50, 200)
u, v = socketpair(AF_UNIX)
send_fds(u, [b"x"], [0, 1])
recv_fds(v, 1, 2)
send_fds(u, [b"y"], [a.fileno()])
recv_fds(v, 1, 2)
"""), r'sendmsg\(\d+<s\d+>, \{127.0.0.1:5000, \[\{"ab", 2\}, \{"", 0\}, '
      r'\{"c{48}"\.\.\., 60\}\], control \[IP_PKTINFO \{ifindex=1, '
      r"spec_dst=0.0.0.0, addr=0.0.0.0\}\]\}, 0\) = 62",
        r'recvmsg\(\d+<s\d+>, \{127.0.0.1:\d+, \[\{"abc{46}"\.\.\., '
        r"50\}\], control \[IP_PKTINFO \{ifindex=1, spec_dst=127.0.0.1, "
        r"addr=127.0.0.1\}, IP_TTL \[64\]\], MSG_TRUNC\}, 0\) = 50",
        r'sendmsg\(\d+, \{\[\{"x", 1\}\], control \[SCM_RIGHTS \[0 1\]\]\}, '
        r"0\) = \? \(host\)",
        r'recvmsg\(\d+, \{\[\{"y", 1\}\], control \[SCM_RIGHTS \[514\]\]\}, 0\)'
        r" = 1",
        # Not ours, so it is left to the host.
        r"recvmsg\(\d+, 0x[0-9a-f]+, 0\) = \? \(host\)")


@traced.test
def vectors_by_the_piece():
    has(lines("""
s = create_server(("127.0.0.1", 0))
c = create_connection(s.getsockname())
t = s.accept()[0]
os.writev(c.fileno(), [b"GET ", b"/"])
t.recv(5, MSG_PEEK | MSG_WAITALL)
os.readv(t.fileno(), [bytearray(4), bytearray(10), bytearray(10)])
"""), r'writev\(\d+<s\d+>, \[\{"GET ", 4\}, \{"/", 1\}\], 2\) = 5',
        r'recvfrom\(\d+<s\d+>, "GET /", 5, MSG_PEEK\|MSG_WAITALL, NULL, NULL\)'
        r" = 5",
        r'readv\(\d+<s\d+>, \[\{"GET ", 4\}, \{"/", 1\}\], 3\) = 5')


@traced.test
def poll_shows_what_was_asked_and_what_is_there():
    has(lines("""
a, b = socket(AF_INET, SOCK_DGRAM), socket(AF_INET, SOCK_DGRAM)
p = select.poll()
p.register(a, select.POLLIN)
p.register(b, select.POLLIN | select.POLLOUT)
p.poll(1000)
p.unregister(b)
p.poll(1)
"""), r"poll\(\[\{512, POLLIN\}, \{513, POLLIN\|POLLOUT\}\] => "
      r"\[\{513, POLLOUT\}\], 2, 1000\) = 1",
        r"poll\(\[\{512, POLLIN\}\], 1, 1\) = 0")


@traced.test
def select_shows_sets_before_and_after():
    has(lines("""
a, b = socket(AF_INET, SOCK_DGRAM), socket(AF_INET, SOCK_DGRAM)
select.select([a, b], [b], [], 5)
"""), r"p?select6?\(514, \[512 513\] => \[\], \[513\], "
      r"(NULL|\[\]), \{sec=5, .*\}.*\) = 1")


@traced.test
def epoll_ctl_is_seen():
    has(lines("""
s = socket()
e = select.epoll()
e.register(s, select.EPOLLIN | select.EPOLLET)
e.unregister(s)
"""), r"epoll_create1\(EPOLL_CLOEXEC\) = \? \(host\)",
        r"epoll_ctl\(\d+, EPOLL_CTL_ADD, 512, \{events=EPOLLIN\|EPOLLET, "
        r"data=\d+\}\) = \? \(host\)",
        r"epoll_ctl\(\d+, EPOLL_CTL_DEL, 512, .*\) = \? \(host\)")


@traced.test
def fcntl_and_ioctl():
    has(lines("""
s = socket()
fcntl.fcntl(s, fcntl.F_SETFL, os.O_NONBLOCK)
fcntl.fcntl(s, fcntl.F_GETFL)
fcntl.fcntl(s, fcntl.F_GETFD)
fcntl.fcntl(s, fcntl.F_SETOWN, os.getpid())
fcntl.fcntl(s, 15, struct.pack("ii", 1, os.getpid()))
fcntl.fcntl(s, fcntl.F_SETSIG, signal.SIGUSR1)
fcntl.ioctl(s, 0x5421, struct.pack("i", 1))
ifr = b"lo".ljust(40, b"\\0")
for cmd in (0x8915, 0x8913, 0x8921, 0x8927):
    fcntl.ioctl(s, cmd, ifr)
"""), r"fcntl\(512<s\d+>, F_SETFL, O_RDONLY\|O_NONBLOCK\) = 0",
        r"fcntl\(512<s\d+>, F_GETFL\) = 2050 \(O_RDWR\|O_NONBLOCK\)",
        r"fcntl\(512<s\d+>, F_GETFD\) = \? \(host\)",
        r"fcntl\(512<s\d+>, F_SETOWN, \d+\) = 0",
        r"fcntl\(512<s\d+>, F_SETOWN_EX, \{type=F_OWNER_PID, pid=\d+\}\) = 0",
        r"fcntl\(512<s\d+>, F_SETSIG, SIGUSR1\) = 0",
        r"ioctl\(512<s\d+>, FIONBIO, \[1\]\) = 0",
        r'ioctl\(.*, SIOCGIFADDR, \{name="lo"\} => \{name="lo", '
        r"addr=127.0.0.1\}\) = 0",
        r'ioctl\(.*, SIOCGIFFLAGS, .* => \{name="lo", flags=IFF_UP\|'
        r"IFF_LOOPBACK\|IFF_RUNNING\}\) = 0",
        r'ioctl\(.*, SIOCGIFMTU, .* => \{name="lo", value=65536\}\) = 0',
        r'ioctl\(.*, SIOCGIFHWADDR, .* hwaddr=00:00:00:00:00:00\}\) = 0')


@traced.test
def flags_of_open():
    has(lines("""
s = socket()
try:
    os.open(f"/proc/self/fd/{s.fileno()}", os.O_RDWR | os.O_APPEND)
except OSError:
    pass
"""), r'openat\(AT_FDCWD, "/proc/self/fd/512", O_RDWR\|O_CLOEXEC\|O_APPEND\)'
      r" = -ENXIO because sock_no_open: .*")


@traced.test
def an_address_that_cannot_be_read_is_a_number():
    has(lines("""
import ctypes
libc = ctypes.CDLL(None)
s = socket()
libc.bind(s.fileno(), ctypes.c_void_p(16), 16)
libc.sendmsg(s.fileno(), ctypes.c_void_p(32), 0)
libc.setsockopt(s.fileno(), 1, 13, ctypes.c_void_p(40), 8)
"""), r"bind\(\d+<s\d+>, 0x10, 16\) = -EFAULT because .*",
        r"sendmsg\(\d+<s\d+>, 0x20, 0\) = -EFAULT because .*",
        r"setsockopt\(.*, SO_LINGER, 0x28, 8\) = -EFAULT because .*")


@traced.test
def json_has_the_same():
    calls = traced.python(HEAD + """
s = socket()
s.setsockopt(SOL_SOCKET, SO_KEEPALIVE, 1)
p = select.poll()
p.register(s, select.POLLIN)
p.poll(0)
fcntl.fcntl(s, fcntl.F_GETFL)
""")
    args = {o["name"]: o["args"] for o in calls}
    assert args["setsockopt"]["val"] == 1, args
    assert args["poll"]["nfds"] == 1 and args["poll"]["timeout"] == 0, args
    assert args["poll"]["fds"] == "[{512, POLLIN}] => [{512, POLLHUP}]", args
    assert "arg" not in args["fcntl"], args


# What programs of 32 bits must have been seen to give: layouts differ.
I386 = {
    "sendmsg32": (("sendmsg", "msg", r'\{.*\[\{".*", \d+\}.*\].*\}'),),
    "poll32": (("poll", "fds", r"\[\{\d+, POLLIN.*"),),
    "select32": (("pselect6", "readfds", r"\[\d+.*"),
                 ("select", "timeout", r"\{sec=\d+, usec=\d+\}.*")),
    "sockopt_socket32": (
        ("setsockopt", "val", r"\{onoff=\d+, linger=-?\d+\}"),
        ("setsockopt", "val", r"\{sec=\d+, usec=\d+\}")),
    "ioctl32": (("ioctl", "arg", r'\{name="lo"\} => \{name="lo", .*\}'),),
    "recvmsg32": (("recvmsg", "msg", r".*control \[IP_PKTINFO \{ifindex=1, .*"),
                  ("recvmsg", "msg", r".*IP_TTL \[\d+\].*")),
    "recvmmsg32": (("recvmmsg", "vec", r"\[\{.*\}, \{.*\}\]"),
                   ("recvmmsg", "timeout", r"\{sec=\d+, nsec=\d+\}.*")),
}


@traced.test
def layouts_of_i386():
    for program, claims in I386.items():
        calls = traced.syscall_test(program)
        for name, arg, pattern in claims:
            values = [str(o["args"][arg]) for o in calls if o["name"] == name
                      and arg in o["args"]]
            assert any(re.fullmatch(pattern, v) for v in values), \
                (program, name, arg, sorted(set(values))[:20])


traced.main()
