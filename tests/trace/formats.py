#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""tree, line and summary; filters; what does not work says so."""
import re
import subprocess

import traced

MENU = "replyhi\nhello\nquit\n"


def menu(suffix, fmt, *options):
    return traced.trace([traced.app("menu" + suffix)], MENU, fmt, options)


@traced.test
def tree_tells_the_whole_way():
    for suffix, table, trap in (
            ("", r"sys_call_table\[42\] = sys_connect", "trap   syscall at"),
            ("32", r"ia32_sys_call_table\[102\] = sys_socketcall",
             r"trap   int \$0x80 at")):
        text = menu(suffix, "tree")
        for pattern in (
                r"user   main\(\) +\S*apps/menu.c:\d+",
                r"call_connect\(\) +\S*apps/syssock", r"\(.*stub\)", trap, table,
                r"system_call\(", r"__sys_connect\(fd=\d+, .*127.0.0.1:5001",
                r"tcp_v4_connect\(sk=s\d+", r"tcp_transmit_skb\(sk=s\d+",
                r"s\d+ CLOSE -> SYN_SENT", r"s\d+ SYN_SENT -> ESTABLISHED",
                r"-> p\d+ lo 127.0.0.1:\d+ > 127.0.0.1:5001 SYN seq 0 .*"
                r"caused by #\d+",
                r"<- p\d+ lo ", r"== softirq .*in the context of #\d+",
                r"~ sleeps", r"~ wakes after .*by #\d+"):
            assert re.search(pattern, text), (suffix, pattern)


@traced.test
def tree_is_balanced():
    depth = {}
    for line in menu("", "tree").splitlines():
        number = line[:7].strip()
        if line.endswith(" {"):
            depth[number] = depth.get(number, 0) + 1
        elif re.match(r"\s*}", line[7:]):
            depth[number] = depth.get(number, 0) - 1
    assert depth and all(d == 0 for d in depth.values()), depth


@traced.test
def tree_has_no_colour_in_a_file():
    assert "\033" not in menu("", "tree")
    assert "\033[" in menu("", "tree", "--color=always")


@traced.test
def line_is_one_line_a_call():
    text = menu("32", "line")
    pattern = (r"\d+\.\d{6} \d+ (#\d+ )?\w+\(.*\) = "
               r"(\?|-?\d+|\d+<s\d+>|-E\w+)( because .*)?( \([\w|]+\))*"
               r"( <\d+\.\d{6}>)?")
    for line in text.splitlines():
        assert re.fullmatch(pattern, line), line
    assert re.search(r'send\(\d+<s\d+>, "hello", 5, MSG_NOSIGNAL\) = 5', text)
    assert re.search(r"bind\(\d+<s\d+>, 127.0.0.1:5001, 16\) = 0", text)


@traced.test
def summary_counts():
    text = menu("", "summary")
    rows = {r.split()[-1]: r.split() for r in text.splitlines() if r}
    assert rows["connect"][0] == "1" and rows["connect"][1] == "0"
    assert re.search(r"s\d+ +\d+ +5 +2 +AF_INET SOCK_STREAM", text), text
    assert re.search(r"s\d+ +\d+ +2 +5 +AF_INET SOCK_STREAM", text), text


@traced.test
def filters_select():
    text = menu("", "line", "-e", "call=connect,listen")
    names = re.findall(r"(\w+)\(", text)
    assert sorted(names) == ["connect", "listen"], names
    assert menu("", "line", "-e", "call=connect", "-e", "errors") == ""
    assert menu("", "line", "-e", "slow=1000s") == ""
    connect = re.search(r"connect\(\d+<(s\d+)>", menu("", "line")).group(1)
    text = menu("", "tree", "-e", "socket=" + connect)
    assert "connect(512" in text and "listen(512" not in text


ABOUT_ONE = """
import fcntl, os, socket
one, other = socket.socket(), socket.socket()
one.setblocking(False)
fcntl.fcntl(one, fcntl.F_GETFL)
fcntl.fcntl(one, fcntl.F_GETFD)
os.set_inheritable(one.fileno(), True)
fcntl.fcntl(one, fcntl.F_DUPFD_CLOEXEC, 600)
os.dup2(one.fileno(), 700)
"""


@traced.test
def filter_of_a_socket_has_what_any_file_does():
    program = ["python3", "-S", "-c", ABOUT_ONE]
    text = traced.trace(program, fmt="line")
    name = re.search(r"socket\(.*\) = \d+<(s\d+)>", text).group(1)
    text = traced.trace(program, fmt="line", options=("-e", "socket=" + name))
    names = re.findall(rf"(\w+)\(\d+<{name}>", text)
    assert names[:6] == "ioctl fcntl fcntl ioctl fcntl dup2".split(), text
    assert names[6:].count("close") == 1, text


PROC = """
open("/proc/net/tcp").read()
try:
    open("/proc/net/nosuch")
except FileNotFoundError:
    pass
open("/proc/sys/net/ipv4/ip_forward").read()
"""


@traced.test
def files_of_proc_are_seen():
    text = traced.trace(["python3", "-S", "-c", PROC], fmt="line")
    for pattern in (r'openat\(AT_FDCWD, "/proc/net/tcp", .*\) = \d+',
                    r'"/proc/net/nosuch", .* = -ENOENT because proc_net_read',
                    r'"/proc/sys/net/ipv4/ip_forward", .*\) = \d+'):
        assert re.search(pattern, text), (pattern, text)


SLOW = """
import socket
a = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
a.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, bytes([0] * 8 +
             list((200000).to_bytes(8, "little"))))
try:
    a.recv(1)
except BlockingIOError:
    pass
a.getsockname()
"""


@traced.test
def filter_of_errors_and_of_slow_calls():
    program = ["python3", "-S", "-c", SLOW]
    lines = traced.trace(program, fmt="line",
                         options=("-e", "slow=100ms")).splitlines()
    assert len(lines) == 1 and "recvfrom(" in lines[0], lines
    lines = traced.trace(program, fmt="line",
                         options=("-e", "errors")).splitlines()
    assert lines and all(" = -E" in x for x in lines), lines
    assert any("recvfrom(" in x for x in lines), lines


@traced.test
def filter_of_a_process():
    # Two processes, of which the trace may show one: the number is known
    # only when it runs, so it is a shell's own.
    name = traced.app("hello")
    text = traced.trace(["sh", "-c", f"{name}; {name}; true"], fmt="line")
    pids = sorted(set(re.findall(r"^\S+ (\d+) ", text, re.M)))
    assert len(pids) == 2, text
    assert traced.trace([name], fmt="line", options=("-e", "pid=1"),
                        status=1) == ""
    text = traced.trace([name], fmt="line", status=1, options=(
        "-e", "pid=" + ",".join(str(p) for p in range(2, 32))))
    assert text == "", text


@traced.test
def filters_add_up():
    text = traced.trace(["sh", "-c", traced.app("hello") + " || true"],
                        fmt="line", options=("-e", "call=connect,socket",
                                             "-e", "errors"))
    assert re.findall(r"(\w+)\(", text.split(" because")[0]) == ["connect"], \
        text


@traced.test
def bad_options_are_one_line():
    for options in (["-f", "xml"], ["-e", "colour=red"], ["-e", "slow=x"],
                    ["-e", "socket=p5"]):
        p = subprocess.run([traced.TRAPGATE, "trace", *options, "--", "true"],
                           capture_output=True, text=True, check=False)
        assert p.returncode == 2, (options, p.returncode)
        assert p.stderr.count("\n") == 1, p.stderr


@traced.test
def unwritable_file_is_said():
    p = subprocess.run([traced.TRAPGATE, "trace", "-o", "/nowhere/at/all",
                        "--", "true"], capture_output=True, text=True,
                       check=False)
    assert p.returncode == 125 and p.stderr.count("\n") == 1, p


@traced.test
def exit_status_passes_through():
    traced.trace(["sh", "-c", "exit 7"], fmt="line", status=7)


traced.main()
