#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes tags.inc: a hash table of the names in tags.def without a collision.

Four bytes of a name and its length tell all of them apart, so a look-up is one multiplication and
one comparison. Run it again whenever tags.def changes; a unit test finds a table that is behind.
"""
import os
import re
import sys

SLOT_BITS = 10
FOLDER = os.path.dirname(os.path.abspath(__file__))


def key(name):
    """As tag_find in tags.c computes it."""
    raw = name.encode()
    high = (len(raw) + raw[len(raw) // 4]) & 0xFF
    return raw[0] | raw[len(raw) // 2] << 8 | raw[-1] << 16 | high << 24


def main():
    with open(os.path.join(FOLDER, "..", "tags.def"), encoding="ascii") as file:
        names = re.findall(r"TAG\((\w+)\)", re.sub(r"/\*.*?\*/", "", file.read(), flags=re.S))
    assert len(set(map(key, names))) == len(names)
    factor = 0x9E3779B1
    for _ in range(5000000):
        slots = {(key(name) * factor & 0xFFFFFFFF) >> (32 - SLOT_BITS)
                 for name in names}
        if len(slots) == len(names):
            break
        factor = (factor * 1664525 + 1013904223) & 0xFFFFFFFF | 1
    else:
        sys.exit("no factor found: make SLOT_BITS larger")
    out = [f"/* Made by tags.py from tags.def: {len(names)} names. "
           "SPDX-License-Identifier: Apache-2.0 */",
           "/* clang-format off */",
           f"enum {{ TAG_SLOT_BITS = {SLOT_BITS}, TAG_NAME_MAX = {max(map(len, names))} }};",
           f"static const uint32_t tag_factor = 0x{factor:08X}U;",
           "static const uint8_t tag_slots[1 << TAG_SLOT_BITS] = {"]
    for name in names:
        slot = (key(name) * factor & 0xFFFFFFFF) >> (32 - SLOT_BITS)
        out.append(f"    [{slot}] = TAG_{name},")
    out += ["};", "/* clang-format on */", ""]
    with open(os.path.join(FOLDER, "tags.inc"), "w", encoding="ascii") as file:
        file.write("\n".join(out))


main()
