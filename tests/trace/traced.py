# SPDX-License-Identifier: MIT
"""For tests of the trace: run programs under `trapgate trace`, report in TAP.

    import traced

    @traced.test
    def names_what_it_claims():
        calls = traced.calls(["menu"], "hello\\nquit\\n")
        assert ...

    traced.main()
"""
import json
import os
import subprocess
import sys
import tempfile
import traceback

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))
TRAPGATE = os.environ.get("TRAPGATE", os.path.join(ROOT, "build/trapgate"))
APPS = os.environ.get("APPS", os.path.join(ROOT, "build/apps"))
SYSCALL_TESTS = os.environ.get("SYSCALL_TESTS",
                               os.path.join(ROOT, "build/tests/syscall"))
ABIS = {"x86_64": "", "i386": "32"}
TIMEOUT = 60

_tests = []


def test(fn):
    _tests.append(fn)
    return fn


def main():
    print(f"1..{len(_tests)}", flush=True)
    failed = 0
    for number, fn in enumerate(_tests, 1):
        try:
            fn()
            word = "ok"
        except Exception:
            for line in traceback.format_exc().splitlines():
                print("#", line)
            word = "not ok"
            failed += 1
        print(f"{word} {number} - {fn.__name__}", flush=True)
    sys.exit(failed != 0)


def app(name):
    return os.path.join(APPS, name)


def trace(program, stdin="", fmt="json", options=(), status=0):
    """Run it, return what the trace says."""
    with tempfile.NamedTemporaryFile("r", suffix=".trace") as out:
        p = subprocess.run(
            [TRAPGATE, "trace", "-f", fmt, "-o", out.name, *options, "--",
             *program],
            input=stdin, capture_output=True, text=True, timeout=TIMEOUT,
            check=False)
        assert p.returncode == status, (p.returncode, p.stderr)
        with open(out.name, errors="surrogateescape") as f:
            return f.read()


def objects_of(text):
    """One a call. The last line of a trace may tell of lost events."""
    objects = [json.loads(line) for line in text.splitlines()]
    return [o for o in objects if "lost" not in o]


def calls(program, stdin="", **how):
    """The same in JSON: a list of objects, one a call."""
    return objects_of(trace(program, stdin, **how))


def syscall_trace(name):
    """A program of tests/syscall, in JSON. If its claims hold is not asked."""
    env = {**os.environ, "TRAPGATE": "1"}
    with tempfile.NamedTemporaryFile("r", suffix=".trace",
                                     errors="surrogateescape") as out:
        subprocess.run(
            [TRAPGATE, "trace", "-S", "-f", "json", "-o", out.name, "--",
             os.path.join(SYSCALL_TESTS, name)],
            env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            timeout=TIMEOUT, check=False)
        return out.read()


def syscall_test(name):
    """The same as a list of objects."""
    return objects_of(syscall_trace(name))


def conversation(suffix, **how):
    """replyhi and hello talk; what calls they made."""
    return calls(["sh", "-c", f"""
        {app("replyhi")}{suffix} -n 1 | {{
            read -r listening
            {app("hello")}{suffix}
            cat
        }}"""], **how)


def python(code, **how):
    return calls([sys.executable, "-S", "-c", code], **how)
