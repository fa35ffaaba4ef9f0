#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes normal.inc: the code points that NFC may change, or that may change what stands before
them: NFC_Quick_Check is No or Maybe, or the combining class is not 0.

usage: generate_normal.py [/usr/share/unicode]
"""
import re
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
SCRIPT = "plugin/text/tables/generate_normal.py"


def rows(path):
    for line in path.read_text(encoding="utf-8").splitlines():
        fields = [field.strip() for field in line.split("#")[0].split(";")]
        if len(fields) > 1:
            first, _, last = fields[0].partition("..")
            yield range(int(first, 16), int(last or first, 16) + 1), fields[1:]


def main():
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else "/usr/share/unicode")
    props = folder / "DerivedNormalizationProps.txt"
    version = re.search(r"-(\d+\.\d+\.\d+)\.txt", props.read_text(encoding="utf-8")).group(1)
    dirty = set()
    for code_points, fields in rows(props):
        if fields[0] == "NFC_QC":
            dirty.update(code_points)
    for code_points, fields in rows(folder / "extracted" / "DerivedCombiningClass.txt"):
        if fields[0] != "0":
            dirty.update(code_points)
    words = [sum(1 << bit for bit in range(32) if at + bit in dirty)
             for at in range(0, 0x10000, 32)]
    ranges = []
    for code_point in sorted(c for c in dirty if c > 0xFFFF):
        if ranges and ranges[-1][1] == code_point - 1:
            ranges[-1][1] = code_point
        else:
            ranges.append([code_point, code_point])
    body = "".join("".join(f"0x{word:08X}," for word in words[at:at + 8]) + "\n"
                   for at in range(0, len(words), 8))
    spans = "".join(f"{{0x{first:X}, 0x{last:X}}},\n" for first, last in ranges)
    (HERE / "normal.inc").write_text(
        f"/* Made by {SCRIPT} from Unicode {version} (Unicode-DFS-2016). Not edited by hand.\n"
        f" * SPDX-License-Identifier: Unicode-DFS-2016 */\n"
        f"static const uint32_t dirty_plane0[2048] = {{\n{body}}};\n"
        f"static const struct {{\n    uint32_t first;\n    uint32_t last;\n"
        f"}} dirty_above[{len(ranges)}] = {{\n{spans}}};\n", encoding="ascii")


if __name__ == "__main__":
    main()
