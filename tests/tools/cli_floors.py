#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Checks the floors of the quern command (samples/hosts/cli/FLOORS): every file belongs to one, and
includes only its own, those below it, common/ and quern/. common/ itself includes quern/ only, and
neither ever sees plugin/. A planted violation must be caught, too.
"""
import re
import sys
from pathlib import Path

HOSTS = Path(__file__).resolve().parents[2] / "samples" / "hosts"


def floors():
    order = []
    for line in (HOSTS / "cli" / "FLOORS").read_text().splitlines():
        if line and not line.startswith("#"):
            name, rest = line.split(":", 1)
            order.append((name, rest.split("|")[0].split()))
    return order


def floor_of(stem, order):
    fitting = [(len(head), index) for index, (_, heads) in enumerate(order) for head in heads
               if stem == head or stem.startswith(head + "_")]
    return max(fitting)[1] if fitting else None


def violations(path, text, order):
    mine = floor_of(path.stem, order) if path.parent.name == "cli" else -1
    if mine is None:
        yield f"{path.name} belongs to no floor"
        return
    for included in re.findall(r'^#include "([^"]+)"', text, re.M):
        folder, _, file = included.partition("/")
        if folder in ("quern", "common"):
            continue
        theirs = floor_of(Path(file).stem, order) if folder == "cli" else None
        if theirs is None or theirs > mine:
            yield f"{path.parent.name}/{path.name} must not include {included}"


def main():
    order = floors()
    found, count = [], 0
    for path in sorted([*HOSTS.glob("cli/*.[ch]"), *HOSTS.glob("common/*.[ch]")]):
        count += 1
        found += violations(path, path.read_text(), order)
    for planted in (("cli/sink_text.c", '#include "cli/store.h"'), ("cli/main.c", '#include "base/str.h"'),
                    ("common/toml.c", '#include "cli/args.h"'), ("cli/nowhere.c", "")):
        if not list(violations(HOSTS / planted[0], planted[1], order)):
            found.append(f"a planted violation was not caught: {planted}")
    print("\n".join(found) or f"{count} files stand on {len(order)} floors")
    return 1 if found or count < 20 else 0


if __name__ == "__main__":
    sys.exit(main())
