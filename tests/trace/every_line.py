#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Many programs of both ABIs, traced in JSON: each line of it is as promised.

The programs are those of tests/syscall, which make every call in good and in
bad ways; whether their claims hold is asked elsewhere.
"""
import traced
from schema import check_object, object_of

PROGRAMS = """accept connect dup exec fcntl fork ioctl netlink poll procnet
    recvmmsg recvmsg scm_rights seedwalk select sendmmsg sendmsg shutdown
    socketcall socketpair sockopt_ip sockopt_tcp tcp_urgent""".split()


def check_program(name):
    objects, lines = [], traced.syscall_trace(name).splitlines()
    for line in lines:
        try:
            objects.append(object_of(line))
            if line is lines[-1] and "lost" in objects[-1]:
                assert list(objects.pop()) == ["v", "lost"]
            else:
                check_object(objects[-1])
        except Exception as e:
            raise AssertionError(f"{name}: {line[:2000]}") from e
    numbers = [o["call"] for o in objects if o["call"] is not None]
    assert numbers and len(set(numbers)) == len(numbers), name
    begun = sorted((o["t"], o["call"]) for o in objects
                   if o["call"] is not None and o["name"] != "task")
    assert [c for _, c in begun] == sorted(c for _, c in begun), name


def claim(abi, suffix):
    def is_as_promised():
        for name in PROGRAMS:
            check_program(name + suffix)
    is_as_promised.__name__ = f"every_line_of_{abi}"
    traced.test(is_as_promised)


for each, its_suffix in traced.ABIS.items():
    claim(each, its_suffix)

traced.main()
