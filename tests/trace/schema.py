# SPDX-License-Identifier: MIT
"""What docs/TRACE.md promises of an object of the JSON form."""
import errno
import json
import re

NUMBER, STRING = (int,), (str,)
NULL = (type(None),)
MEMBERS = {
    "v": NUMBER, "t": NUMBER, "call": NUMBER + NULL, "pid": NUMBER,
    "tid": NUMBER, "comm": STRING, "entry": STRING + NULL, "nr": NUMBER + NULL,
    "via": STRING + NULL, "name": STRING, "args": (dict,),
    "ret": NUMBER + NULL, "errno": STRING + NULL, "why": STRING + NULL,
    "ns": NUMBER, "sock": STRING + NULL, "state": (list,) + NULL,
    "user": (list,), "path": (list,), "pkts": (list,),
}
STATES = """ESTABLISHED SYN_SENT SYN_RECV FIN_WAIT1 FIN_WAIT2 TIME_WAIT CLOSE
    CLOSE_WAIT LAST_ACK LISTEN CLOSING NEW_SYN_RECV""".split()
# Calls of socketcall whose routine has another name.
BODY = {"accept": "accept4", "send": "sendto", "recv": "recvfrom"}
LINE = 512
# These may end in the gate, which alone knows numbers, files and what comes
# over AF_UNIX.
OF_THE_GATE = """close open openat dup dup2 dup3 fcntl fcntl64
    recvmsg""".split()


def no_constant(word):
    raise ValueError(word)


def pairs(members):
    keys = [name for name, _ in members]
    assert len(set(keys)) == len(keys), keys
    return dict(members)


def object_of(line):
    """Strict: each name once, no NaN."""
    return json.loads(line, object_pairs_hook=pairs,
                      parse_constant=no_constant)


def check_names(pattern, names):
    assert len(set(names)) == len(names), names
    assert all(re.fullmatch(pattern, name) for name in names), names


def check_result(o):
    if o["errno"]:
        # Those that no program sees end a call that is made once more.
        assert o["errno"].startswith("ERESTART") or \
            getattr(errno, o["errno"]) == -o["ret"], o
    elif o["ret"] is not None:
        assert not -4095 <= o["ret"] < 0, o
    assert o["why"] is None or re.fullmatch(r"\w+: \S.*", o["why"]), o
    assert o["why"] is None or o["errno"], o


def check_path(o):
    """Functions in the order of entry: from the trap to the call's body."""
    path = o["path"]
    assert all(re.fullmatch(r"\w+(\.\w+)*", f) for f in path), path
    if o["call"] is None:
        assert path == [], o
        return
    if o["name"] == "task" or (o["name"] in OF_THE_GATE and
                               "system_call" not in path):
        return
    # What a low number has carried goes first (pump_drain).
    if o["args"].get("fd", LINE) < LINE:
        path = path[path.index("system_call"):]
    assert path[:2] == ["system_call", "tracesys"], path[:3]
    if o["name"] == "badsys":
        assert path[2:] == ["badsys"], path
    elif o["via"]:
        assert path[2] == "sys_socketcall", path[:4]
        # Its words are copied first, then it is audited, then it begins.
        assert o["name"] == "socketcall" or path[3] == "copy_from_user" and \
            path[4:5] in ([], ["audit_socketcall"]), path[:6]
    else:
        name = o["name"].removesuffix("64")
        assert re.fullmatch(rf"(compat_)?sys_(old_)?{name}(64|_time64)?",
                            path[2]), (name, path[:4])
    bodies = [f for f in path if f.startswith("__sys_")]
    name = BODY.get(o["name"], o["name"])
    assert not bodies or bodies[0].startswith("__sys_" + name), (name, bodies)


def check_object(o):
    assert list(o) == list(MEMBERS), list(o)
    for name, types in MEMBERS.items():
        assert type(o[name]) in types, (name, o[name])
    assert o["v"] == 1 and o["t"] >= 0 and o["ns"] >= 0
    if o["name"] == "task":
        assert o["entry"] is None and o["nr"] is None and o["ret"] is None
        assert o["args"] == {}
    else:
        assert o["entry"] in ("int80", "sysenter", "syscall")
        assert o["nr"] is not None
    assert o["via"] in (None, "socketcall")
    assert o["via"] is None or (o["entry"] != "syscall" and o["nr"] == 102)
    assert o["sock"] is None or re.fullmatch(r"s\d+", o["sock"])
    assert o["state"] is None or (o["sock"] and len(o["state"]) == 2 and
                                  set(o["state"]) <= set(STATES)), o
    check_names(r"p\d+", o["pkts"])
    assert all(isinstance(f, str) and f for f in o["user"]), o["user"]
    check_result(o)
    check_path(o)
