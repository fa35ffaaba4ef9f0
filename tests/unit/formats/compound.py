# SPDX-License-Identifier: Apache-2.0
"""OLE2 compound files (MS-CFB) with the given streams, as small as they may be."""
import struct

END, FREE, FAT = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD


def entry(name, kind, left=FREE, right=FREE, child=FREE, start=END, size=0):
    raw = name.encode("utf-16-le")
    return (raw.ljust(64, b"\0") + struct.pack("<HBB", len(raw) + 2 if raw else 0, kind, 1) +
            struct.pack("<LLL", left, right, child) + b"\0" * 36 + struct.pack("<LQ", start, size))


def compound(names, inside=(), sector=512, loop=False, broken=False):
    """`names` stand under the root as a list of right siblings, `inside` in a storage among them.
    loop: the directory chain leads back to its start; broken: the tree leads outside."""
    root = ["Root Entry"] + list(names) + (["Storage"] if inside else [])
    entries = []
    count = len(root)
    for i, name in enumerate(root):
        right = i + 1 if 0 < i < count - 1 else FREE
        if i == 0:
            entries.append(entry(name, 5, child=999 if broken else (1 if count > 1 else FREE)))
        elif inside and i == count - 1:
            entries.append(entry(name, 1, right=right, child=count))
        else:
            entries.append(entry(name, 2, right=right))
    for i, name in enumerate(inside):
        last = i == len(inside) - 1
        entries.append(entry(name, 2, right=FREE if last else count + i + 1))
    per_sector = sector // 128
    while len(entries) % per_sector:
        entries.append(entry("", 0))
    directory = b"".join(entries)
    directory_sectors = len(directory) // sector
    fat = [FAT] + [i + 2 for i in range(directory_sectors)]
    fat[-1] = 1 if loop else END
    fat += [FREE] * (sector // 4 - len(fat))
    header = (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 16 +
              struct.pack("<HHHHH", 0x3E, 3 if sector == 512 else 4, 0xFFFE,
                          9 if sector == 512 else 12, 6) + b"\0" * 6 +
              struct.pack("<LLLLLLLLLL", 0, 1, 1, 0, 4096, END, 0, END, 0, 0) +  # last: FAT sector 0
              struct.pack("<L", FREE) * 108)
    return (header.ljust(sector, b"\0") +
            b"".join(struct.pack("<L", x) for x in fat) + directory)
