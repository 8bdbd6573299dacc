#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Job control: a shell's job that is trapgate behaves as the program would.

We are the shell: on a terminal of our own, the job in a process group of its
own in the foreground. TAP; TRAPGATE is the program.
"""
import os
import pty
import signal
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
TRAPGATE = os.environ.get("TRAPGATE", ROOT + "/build/trapgate")

# Says what happens to it, a line each; the socket call shows that it is served.
PROGRAM = """
import signal, socket, sys, time
def say(what):
    print(what, flush=True)
signal.signal(signal.SIGINT, lambda *_: (say("int"), sys.exit(7)))
signal.signal(signal.SIGCONT, lambda *_: say("cont"))
say("ready")
while True:
    socket.socket().close()
    time.sleep(0.01)
"""


class Job:
    """trapgate run PROGRAM as the foreground job of a terminal."""

    def __init__(self):
        """In a session leader without a terminal, which gets one."""
        self.master, slave = pty.openpty()
        os.close(os.open(os.ttyname(slave), os.O_RDWR))
        self.text = b""
        self.pid = os.fork()
        if self.pid == 0:
            os.setpgid(0, 0)
            for fd in range(3):
                os.dup2(slave, fd)
            os.tcsetpgrp(0, os.getpgrp())
            # Whoever runs the tests in the background ignores some of these.
            for sig in (signal.SIGTTOU, signal.SIGINT, signal.SIGQUIT,
                        signal.SIGTSTP, signal.SIGHUP):
                signal.signal(sig, signal.SIG_DFL)
            os.execv(TRAPGATE, [TRAPGATE, "run", "--", sys.executable, "-c",
                                PROGRAM])
        os.close(slave)

    def until(self, word):
        while word not in self.text:
            self.text += os.read(self.master, 1000)
        self.text = self.text.split(word, 1)[1]

    def key(self, c):
        os.write(self.master, c)

    def wait(self, flags=0):
        return os.waitpid(self.pid, flags)[1]

    def group(self, sig):
        os.killpg(self.pid, sig)


def ctrl_c_reaches_the_program(job):
    job.key(b"\x03")
    job.until(b"int")
    return os.waitstatus_to_exitcode(job.wait()) == 7


def ctrl_z_stops_and_fg_goes_on(job):
    job.key(b"\x1a")
    if not os.WIFSTOPPED(job.wait(os.WUNTRACED)):
        return False
    job.group(signal.SIGCONT)
    job.until(b"cont")
    job.key(b"\x03")
    job.until(b"int")
    return os.waitstatus_to_exitcode(job.wait()) == 7


def ctrl_backslash_kills_both(job):
    job.key(b"\x1c")
    return os.waitstatus_to_exitcode(job.wait()) == -signal.SIGQUIT


def main():
    signal.signal(signal.SIGTTOU, signal.SIG_IGN)
    claims = [ctrl_c_reaches_the_program, ctrl_z_stops_and_fg_goes_on,
              ctrl_backslash_kills_both]
    bad = 0
    print(f"1..{len(claims)}", flush=True)
    for number, claim in enumerate(claims, 1):
        shell = os.fork()
        if shell == 0:
            os.setsid()
            signal.alarm(20)
            job = Job()
            job.until(b"ready")
            os._exit(0 if claim(job) else 1)
        ok = os.waitpid(shell, 0)[1] == 0
        bad |= not ok
        print(f"{'ok' if ok else 'not ok'} {number} - {claim.__name__}",
              flush=True)
    return bad


sys.exit(main())
