#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""A program whose files want to hold up who reads them."""
import os
import shutil
import subprocess
import tempfile

import traced


@traced.test
def a_debug_link_to_a_fifo_holds_nobody_up():
    with tempfile.TemporaryDirectory() as d:
        program, link = os.path.join(d, "program"), os.path.join(d, "link")
        shutil.copy(traced.app("hello"), program)
        with open(link, "w", encoding="ascii") as f:
            f.write("something")
        subprocess.run(["objcopy", "-R", ".note.gnu.build-id", "--strip-debug",
                        f"--add-gnu-debuglink={link}", program], check=True)
        os.unlink(link)
        os.mkfifo(link)
        objects = traced.calls([program], status=1)
        assert any("main" in o["user"] for o in objects), objects


traced.main()
