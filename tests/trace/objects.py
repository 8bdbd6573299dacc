#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The JSON form: docs/TRACE.md says what an object has."""
import sys
import tempfile

import traced
from schema import check_object


def of(objects, comm, name):
    found = [o for o in objects if o["comm"] == comm and o["name"] == name]
    assert found, f"no {name} by {comm}"
    return found[0]


def check_conversation(suffix, entry, via):
    objects = traced.conversation(suffix)
    for o in objects:
        check_object(o)
    hello, replyhi = "hello" + suffix, "replyhi" + suffix

    o = of(objects, hello, "connect")
    assert o["entry"] == entry and o["via"] == via
    assert o["args"]["addr"] == "127.0.0.1:5001", o["args"]
    assert o["ret"] == 0 and o["errno"] is None and o["why"] is None
    assert o["state"] == ["CLOSE", "ESTABLISHED"], o["state"]
    assert len(o["pkts"]) >= 2 and o["ns"] > 0
    assert "call_connect" in o["user"] and o["user"][-1] == "main", o["user"]

    send = of(objects, hello, "send" if via else "sendto")
    assert send["args"]["buf"] == "hello" and send["args"]["len"] == 5
    assert send["ret"] == 5
    assert send["sock"] == o["sock"]

    o = of(objects, replyhi, "recv" if via else "recvfrom")
    assert o["args"]["buf"] == "hello" and o["ret"] == 5
    o = of(objects, replyhi, "listen")
    assert o["args"]["backlog"] == 1024
    assert o["state"] == ["CLOSE", "LISTEN"], o["state"]
    assert of(objects, replyhi, "socket")["args"]["family"] == "AF_INET"


@traced.test
def x86_64_conversation():
    check_conversation("", "syscall", None)


@traced.test
def i386_conversation():
    check_conversation("32", "int80", "socketcall")


@traced.test
def calls_are_numbered_in_order():
    objects = traced.conversation("")
    numbers = [o["call"] for o in objects if o["call"] is not None]
    assert len(set(numbers)) == len(numbers)
    begun = sorted((o for o in objects if o["call"] is not None),
                   key=lambda o: o["t"])
    assert [o["call"] for o in begun] == sorted(numbers)


@traced.test
def every_call_of_curl():
    with tempfile.TemporaryDirectory() as d:
        objects = traced.calls(["sh", "-c", f"""
            cd {d} && echo hello >file && mkfifo ready
            {sys.executable} -u -m http.server -b 127.0.0.1 8000 \\
                >ready 2>/dev/null &
            read -r line <ready
            curl -sS http://127.0.0.1:8000/file"""])
    for o in objects:
        check_object(o)
    connect = of(objects, "curl", "connect")
    send = [o for o in objects if o["comm"] == "curl"
            and o["name"] == "sendto" and o["sock"]][0]
    assert send["args"]["buf"].startswith("GET /file HTTP/1.1"), send
    assert send["ret"] == send["args"]["len"]
    answers = [o for o in objects if o["sock"] == send["sock"]
               and o["name"] == "recvfrom" and o["ret"] > 0]
    assert answers[0]["args"]["buf"].startswith("HTTP/1.0 200"), answers
    assert connect["user"], connect


@traced.test
def last_close_is_the_calls():
    objects = traced.python("""
import os, socket
one = socket.create_server(("127.0.0.1", 0))
two = os.dup(one.fileno())
one.close()
os.close(two)
""")
    first, last = [o for o in objects if o["name"] == "close"]
    for o in first, last:
        check_object(o)
        assert o["ret"] == 0 and o["entry"] == "syscall", o
    assert "sock_close" not in first["path"], first
    assert "sock_close" in last["path"], last
    assert last["state"] == ["LISTEN", "CLOSE"], last


@traced.test
def close_by_exit_is_the_processs():
    objects = traced.python("""
import os, socket
s = socket.create_server(("127.0.0.1", 0))
os._exit(0)
""")
    task, = [o for o in objects if "sock_close" in o["path"]]
    check_object(task)
    assert task["name"] == "task", task
    assert task["pid"] == objects[0]["pid"], task
    assert task["comm"] == objects[0]["comm"], task


@traced.test
def any_bytes_give_valid_json():
    code = """
import socket
a = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
a.bind(("127.0.0.1", 0))
a.sendto(bytes(range(256))[120:160] + "\\u00e9\\"\\\\".encode(), a.getsockname())
a.recv(100)
"""
    for o in traced.python(code):
        check_object(o)


traced.main()
