# SPDX-License-Identifier: MIT
"""The source tree as the checkers see it."""
import os
import re

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))

INCLUDE = re.compile(r'\s*#\s*include\s*([<"])([^>"]+)[>"]')


def files():
    """Every file of the tree, as a path from the root; no build directory."""
    for folder, subfolders, names in os.walk(ROOT):
        top = folder == ROOT
        subfolders[:] = sorted(
            d for d in subfolders
            if d not in (".git", "__pycache__")
            and not (top and d.startswith("build")))
        for name in sorted(names):
            path = os.path.join(folder, name)
            if os.path.isfile(path):
                yield os.path.relpath(path, ROOT)


def read(path):
    with open(os.path.join(ROOT, path), encoding="utf-8",
              errors="surrogateescape") as f:
        return f.read()


def includes(path):
    """Yields (line number, '<' or '"', name) of each #include."""
    for number, line in enumerate(read(path).splitlines(), 1):
        if m := INCLUDE.match(line):
            yield number, m[1], m[2]


def report(breaches):
    """Prints the breaches; returns an exit status."""
    for breach in breaches:
        print(breach)
    return 1 if breaches else 0
