#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes references.inc: the named character references of the HTML standard as a hash table.

The names are html.entities.html5 of Python's standard library, which is the standard's own list.
The list is frozen by the standard, so the version in line one only changes with a mistake.
"""
import html.entities
import os
import platform

SLOT_COUNT = 4096


def hash_of(name):
    """FNV-1a, as hash_name in reference.c computes it."""
    value = 0x811C9DC5
    for byte in name.encode():
        value = ((value ^ byte) * 0x01000193) & 0xFFFFFFFF
    return (value ^ (value >> 15)) & (SLOT_COUNT - 1)


def numbers(values):
    """Rows of a C initialiser. (A string literal this long is more than C promises to take.)"""
    rows, row = [], "   "
    for value in values:
        row += f" {value},"
        if len(row) > 90:
            rows.append(row)
            row = "   "
    return "\n".join(rows + [row])


def main():
    names = sorted({name.rstrip(";") for name in html.entities.html5})
    legacy = {name for name in html.entities.html5 if not name.endswith(";")}
    for name in names:
        assert name + ";" in html.entities.html5
    name_pool, value_pool, entries, value_at = b"", b"", [], {}
    slots = [0] * SLOT_COUNT
    for index, name in enumerate(names):
        value = html.entities.html5[name + ";"].encode()
        if value not in value_at:
            value_at[value] = len(value_pool)
            value_pool += value
        entries.append((len(name_pool), value_at[value], len(name), len(value), name in legacy))
        name_pool += name.encode()
        slot = hash_of(name)
        while slots[slot]:
            slot = (slot + 1) % SLOT_COUNT
        slots[slot] = index + 1
    assert len(name_pool) < 65536 and len(value_pool) < 65536
    out = [
        "/* Made by references.py from html.entities.html5 of Python "
        f"{'.'.join(platform.python_version_tuple()[:2])}: {len(html.entities.html5)} names. "
        "SPDX-License-Identifier: Apache-2.0 */",
        "/* clang-format off */",
        f"enum {{ REFERENCE_SLOT_COUNT = {SLOT_COUNT}, "
        f"REFERENCE_NAME_MAX = {max(map(len, names))}, "
        f"REFERENCE_LEGACY_MAX = {max(map(len, legacy))} }};",
        "/* Names without the semicolon, one behind the other. */",
        f"static const uint8_t reference_names[] = {{\n{numbers(name_pool)}\n}};",
        "/* What they stand for, as UTF-8. */",
        f"static const uint8_t reference_values[] = {{\n{numbers(value_pool)}\n}};",
        "static const struct named_reference named_references[] = {",
    ]
    out += [numbers("{%d,%d,%d,%d,%d}" % entry for entry in entries), "};",
            "/* Index + 1 into named_references; 0: an empty slot. */",
            "static const uint16_t reference_slots[REFERENCE_SLOT_COUNT] = {",
            numbers(slots), "};", "/* clang-format on */", ""]
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "references.inc")
    with open(path, "w", encoding="ascii") as file:
        file.write("\n".join(out))


main()
