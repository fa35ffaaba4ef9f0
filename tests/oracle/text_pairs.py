#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Every lead with every trail, of each decoder of the Encoding Standard that has such: alone, and
before a letter, which an error must give back. The expectation is text_reference.py's decoders,
written from the standard's text; a content's text, its U+FFFD and every offset must be equal.

usage: text_pairs.py PROGRAM       QUERN_DATA names the folder with encoding/
"""
import os
import sys
from pathlib import Path

import text_reference
from text_reference import decode, ours, setups

HIGH = range(0x80, 0x100)
BYTES = range(0x100)
EDGES = (0x00, 0x2F, 0x30, 0x39, 0x3A, 0x40, 0x41, 0x7E, 0x7F, 0x80, 0x81, 0xFE, 0xFF)


def pairs(prefix, leads):
    return [prefix + bytes([lead, trail]) for lead in leads for trail in BYTES]


def fours():
    """All third with a fourth of the edges, and the reverse."""
    heads = [bytes([first, second]) for first in (0x80, 0x81, 0x84, 0x90, 0xE3, 0xE4, 0xFE, 0xFF)
             for second in (0x2F, 0x30, 0x32, 0x39, 0x3A)]
    tails = [bytes([third, fourth]) for third in BYTES for fourth in EDGES]
    return [head + tail for head in heads for tail in tails + [tail[::-1] for tail in tails]]


def threes():
    """UTF-8: every lead and second byte, with the third and fourth of the edges."""
    return [bytes([lead, second, third, fourth]) for lead in range(0xC0, 0x100) for second in BYTES
            for third in (0x41, 0x80, 0xBF, 0xC2) for fourth in (0x7F, 0x80)]


def units(is_big):
    """Every high byte of a unit after every kind of unit."""
    before = (b"", b"A\0", b"\x3d\xd8", b"\0\xdc", b"\xff\xdb")
    rows = [head + bytes([low, high]) for head in before for high in BYTES
            for low in (0, 0x41, 0xFF)]
    return [bytes(row[i ^ 1] for i in range(len(row))) for row in rows] if is_big else rows


def contents_of(label):
    heads = {
        "gb18030": lambda: pairs(b"", HIGH) + fours(),
        "euc-jp": lambda: pairs(b"", HIGH) + pairs(b"\x8f", BYTES),
        "iso-2022-jp": lambda: pairs(b"\x1b$B", BYTES) + pairs(b"\x1b", BYTES) +
        pairs(b"\x1b(I", BYTES) + pairs(b"\x1b(J", BYTES),
        "utf-8": threes, "utf-16le": lambda: units(False), "utf-16be": lambda: units(True),
        "windows-1255": lambda: pairs(b"", HIGH), "x-user-defined": lambda: pairs(b"", HIGH),
    }.get(label, lambda: pairs(b"", HIGH))()
    return heads + [head + b"A" for head in heads]


def expected_of(make, content, marks):
    pieces, errors = decode(make(), content, marks)
    return ("".join(chr(c) for c, _ in pieces), len(errors),
            errors[0] if errors else 0xFFFFFFFF, [at for _, at in pieces])


def main():
    program = sys.argv[1]
    text_reference.DATA = Path(os.environ["QUERN_DATA"]) / "encoding"
    compared = failed = replaced_in_all = 0
    for label, make, _, _, marks in setups():
        contents = [] if label == "replacement" else contents_of(label)
        for content, got in zip(contents, ours(program, label, contents)):
            expected = expected_of(make, content, marks)
            compared += 1
            replaced_in_all += expected[1]
            if expected != got:
                failed += 1
                if failed <= 10:
                    print(f"{label}: {content.hex(' ')}: expected {expected}, got {got}",
                          file=sys.stderr)
        print(f"{label:16} {len(contents):7} contents compared, {failed} failed in all", flush=True)
    print(f"{compared} contents, {replaced_in_all} U+FFFD, {failed} failed")
    return 1 if failed or compared < 500_000 or not replaced_in_all else 0


if __name__ == "__main__":
    if "QUERN_DATA" not in os.environ:
        sys.exit("QUERN_DATA is not set: it must name the folder with encoding/")
    sys.exit(main())
