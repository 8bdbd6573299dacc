#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""gdb on trapgate: breakpoints at the walk's functions, in each task's order.

The commands are those of docs/GDB.md.
"""
import os
import re
import subprocess
import tempfile

import traced

BREAKS = """
sys_socketcall __sys_socket __sys_bind __sys_listen __sys_accept4 __sys_connect
__sys_sendto __sys_recvfrom
"""

# Of a task: what it stops at, with the arguments that must be readable.
# sys_socketcall comes before each of them on i386.
INIT = [("__sys_socket", "family=2, type=2, protocol=0")] * 3
SERVER = [("__sys_socket", "family=2, type=1, protocol=0"),
          ("__sys_bind", r"fd=\d+"),
          ("__sys_listen", r"fd=\d+, backlog=1024"),
          ("__sys_accept4", r"fd=\d+"),
          ("__sys_recvfrom", r"len=1024"),
          ("__sys_sendto", r"len=2\b"),
          ("__sys_accept4", r"fd=\d+")]
SERVER += SERVER[4:6]
CLIENT = [("__sys_socket", "family=2, type=1, protocol=0"),
          ("__sys_connect", r"fd=\d+"),
          ("__sys_sendto", r"len=5\b"),
          ("__sys_recvfrom", r"len=1024")]
CALLS = {"__sys_socket": 1, "__sys_bind": 2, "__sys_connect": 3,
         "__sys_listen": 4, "__sys_accept4": 5, "__sys_sendto": 9,
         "__sys_recvfrom": 10}


def stops(program):
    """(pid, function, arguments) of every stop, in order."""
    script = ["set pagination off", "set confirm off", "set width 0",
              "set breakpoint pending on",
              "handle SIGCHLD SIGUSR1 SIGPIPE nostop noprint pass"]
    for name in BREAKS.split():
        script += [f"break {name}", "commands", "silent",
                   'printf "stop %d ", this_kernel->curr->pid', "frame",
                   "continue", "end"]
    script += [f"run run -- {program} < $input >/dev/null", "quit"]
    with tempfile.TemporaryDirectory() as d:
        path = os.path.join(d, "input")
        with open(path, "w") as f:
            # The second client makes sure that the server accepts again.
            f.write("replyhi\nhello\nhello\nquit\n")
        with open(os.path.join(d, "script"), "w") as f:
            f.write("\n".join(script).replace("$input", path))
        p = subprocess.run(
            ["gdb", "-q", "-nx", "-batch", "-x", os.path.join(d, "script"),
             traced.TRAPGATE],
            stdin=subprocess.DEVNULL, capture_output=True, text=True,
            timeout=100, check=False)
    found = re.findall(r"^stop (\d+) #0 +(?:0x\w+ in )?(\w+) \((.*)\)",
                       p.stdout, re.M)
    assert found, p.stdout[-2000:] + p.stderr[-2000:]
    return found


def check_task(task, want, socketcall):
    got = list(task)
    for function, args in want:
        if socketcall:
            name, given = got.pop(0)[1:]
            assert name == "sys_socketcall", name
            assert f"call={CALLS[function]}" in given, given
        name, given = got.pop(0)[1:]
        assert name == function and re.search(args, given), (function, name,
                                                             given)
    return got


def check(program, socketcall):
    # Calls of pid 0 are the kernel's own, while it starts.
    all_stops = [s for s in stops(traced.app(program)) if s[0] != "0"]
    init = all_stops[0][0]
    server = [p for p, f, _ in all_stops if f == "__sys_listen"][0]
    assert server != init
    # The menu is the client as well.
    rest = check_task([s for s in all_stops if s[0] == init], INIT, socketcall)
    rest = check_task(rest, CLIENT * 2, socketcall)
    assert not rest, rest
    rest = check_task([s for s in all_stops if s[0] == server], SERVER,
                      socketcall)
    # It may or may not have come to a third accept when quit ends it.
    assert len(rest) <= 1 + socketcall, rest


@traced.test
def x86_64_stops_in_order():
    check("menu", False)


@traced.test
def i386_stops_in_order():
    check("menu32", True)


traced.main()
