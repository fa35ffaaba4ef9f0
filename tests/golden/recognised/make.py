#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Makes the inputs of this folder that are not text: compound files with one stream, by MS-CFB.

    make.py      writes letter.doc, sums.xls, talk.ppt beside itself
"""
import struct
from pathlib import Path

HERE = Path(__file__).resolve().parent
FREE, END, FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
SECTOR = 512


def entry(name, kind, child, start, size):
    """MS-CFB 2.6.1: a directory entry of 128 bytes."""
    raw = name.encode("utf-16-le") + b"\0\0"
    return struct.pack("<64sHBBIII16sIQQIQ", raw, len(raw) if name else 0, kind, 1, FREE, FREE,
                       child, b"", 0, 0, 0, start, size)


def compound_file(stream, content):
    """Header, FAT, directory, one stream of 4,096 bytes (below that it would be a mini stream)."""
    content = content.ljust(4096, b"\0")
    sectors = len(content) // SECTOR
    header = struct.pack("<8s16sHHHHH6sIIIIIIIIII", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"", 0x3E,
                         3, 0xFFFE, 9, 6, b"", 0, 1, 1, 0, 4096, END, 0, END, 0, 0)
    header += struct.pack("<108I", *[FREE] * 108)
    # Sector 0 is the FAT, 1 the directory, 2 … the stream. 2.2: the header ends with 109 FAT places.
    header = header.ljust(SECTOR, b"\xff")
    fat = [FAT, END] + list(range(3, 2 + sectors)) + [END]
    fat += [FREE] * (SECTOR // 4 - len(fat))
    directory = entry("Root Entry", 5, 1, END, 0) + entry(stream, 2, FREE, 2, len(content))
    directory += entry("", 0, FREE, 0, 0) * 2
    return header + struct.pack("<128I", *fat) + directory + content


def main():
    # MS-DOC 2.5.2: FIB base, wIdent 0xA5EC, nFib 0x00C1.
    fib = struct.pack("<HHHHHH", 0xA5EC, 0x00C1, 0, 0x0804, 0, 0)
    # MS-XLS 2.4.21: BOF of the globals, then EOF.
    bof = struct.pack("<HHHHHHII", 0x0809, 16, 0x0600, 0x0005, 0x0DBB, 0x07CC, 0, 6)
    bof += struct.pack("<HH", 0x000A, 0)
    # MS-PPT 2.4.1: a document container of no length.
    document = struct.pack("<HHI", 0x000F, 0x03E8, 0)
    (HERE / "letter.doc").write_bytes(compound_file("WordDocument", fib))
    (HERE / "sums.xls").write_bytes(compound_file("Workbook", bof))
    (HERE / "talk.ppt").write_bytes(compound_file("PowerPoint Document", document))


if __name__ == "__main__":
    main()
