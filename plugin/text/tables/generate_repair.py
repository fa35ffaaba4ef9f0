#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes repair.inc: what text/repair_sets.c needs to turn misread text back into its bytes.

usage: generate_repair.py QUERN_DATA     (needs encoding/ in it; writes beside itself)

  repair_rows      one row a character of the single-byte sets: its byte in each, 0 where it has none
  repair_page      which 32 rows serve 32 neighbouring code points
  repair_gbk       GBK bytes of the ideographs U+4E00 to U+9FFF
  repair_gbk_rest  code point and GBK bytes of all others, sorted
  repair_shift_jis, repair_shift_jis_rest   the same in Shift_JIS
  repair_odd       ideographs that UTF-8 read as GBK begins with, and what memory is filled with
"""
import re
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
SETS = ["windows-1252", "windows-1250", "windows-1251", "windows-1253", "windows-1254",
        "windows-1257", "iso-8859-2", "macintosh", "cp437"]
PAGE = 32
HAN_FIRST, HAN_COUNT = 0x4E00, 0x5200


def read_index(path):
    text = path.read_text(encoding="utf-8")
    version = re.search(r"^# Date: (\S+)", text, re.M).group(1)
    rows = re.findall(r"^\s*(\d+)\s+0x([0-9A-Fa-f]+)", text, re.M)
    return version, {int(pointer): int(code, 16) for pointer, code in rows}


def single(folder, name):
    """Character to byte. The bytes that windows-1252 calls controls are also read as such."""
    if name == "cp437":  # not in the standard; Python's codec has the mapping of Unicode's CP437.TXT
        return {ord(bytes([byte]).decode("cp437")): byte for byte in range(0x80, 0x100)}
    index = read_index(folder / f"index-{name}.txt")[1]
    found = {byte: byte for byte in range(0x80, 0xA0)} if name == "windows-1252" else {}
    found.update({code: pointer + 0x80 for pointer, code in index.items()})
    return found


def lines(values, form, columns):
    parts = [form % value + "," for value in values]
    return "\n".join("".join(parts[at:at + columns])
                     for at in range(0, len(parts), columns)) + "\n"


def rows(folder):
    sets = [single(folder, name) for name in SETS]
    pages = sorted({code // PAGE for found in sets for code in found})
    body = f"enum {{ REPAIR_SETS = {len(SETS)}, REPAIR_PAGES = {max(pages) + 1} }};\n"
    body += "static const uint8_t repair_page[REPAIR_PAGES] = {\n"
    numbers = [pages.index(page) + 1 if page in pages else 0 for page in range(max(pages) + 1)]
    assert len(pages) < 255
    body += lines(numbers, "%d", 24) + "};\n"
    body += f"static const uint8_t repair_rows[{(len(pages) + 1) * PAGE}][REPAIR_SETS] = {{\n"
    cells = [[0] * len(SETS)] * PAGE
    for page in pages:
        cells += [[found.get(code, 0) for found in sets]
                  for code in range(page * PAGE, (page + 1) * PAGE)]
    body += lines(["{" + ",".join(map(str, cell)) + "}" for cell in cells], "%s", 4) + "};\n"
    return body


def gbk_codes(index):
    codes = {}
    for pointer, code in sorted(index.items()):
        lead, trail = divmod(pointer, 190)
        codes.setdefault(code, (lead + 0x81) << 8 | trail + (0x40 if trail < 0x3F else 0x41))
    return codes


def shift_jis_codes(index):
    codes = {}
    for pointer, code in sorted(index.items()):
        lead, trail = divmod(pointer, 188)
        codes.setdefault(code, (lead + (0x81 if lead < 0x1F else 0xC1)) << 8 |
                         trail + (0x40 if trail < 0x3F else 0x41))
    return codes


def two_tables(name, codes):
    """Of the ideographs in their order, of all others sorted."""
    han = [codes.get(HAN_FIRST + at, 0) for at in range(HAN_COUNT)]
    rest = [(code, value) for code, value in sorted(codes.items())
            if not HAN_FIRST <= code < HAN_FIRST + HAN_COUNT]
    return (f"static const uint16_t repair_{name}[{HAN_COUNT}] = {{\n{lines(han, '0x%04X', 14)}}};\n"
            f"static const uint16_t repair_{name}_rest[{len(rest)}][2] = {{\n"
            + lines(["{0x%04X,0x%04X}" % row for row in rest], "%s", 6) + "};\n")


def begins_utf8(code):
    """A lead byte of three and a byte that continues it."""
    return 0xE2 <= code >> 8 <= 0xEF and 0x80 <= code & 0xFF <= 0xBF


def gbk(index):
    codes = gbk_codes(index)
    han = [codes.get(HAN_FIRST + at, 0) for at in range(HAN_COUNT)]
    fillings = {ord("烫") - HAN_FIRST, ord("屯") - HAN_FIRST}
    bits = [at in fillings or begins_utf8(value) for at, value in enumerate(han)]
    words = [sum(bit << at for at, bit in enumerate(bits[first:first + 32]))
             for first in range(0, HAN_COUNT, 32)]
    return (two_tables("gbk", codes) +
            f"static const uint32_t repair_odd[{len(words)}] = {{\n{lines(words, '0x%08X', 8)}}};\n")


def main():
    folder = Path(sys.argv[1]) / "encoding"
    version, index = read_index(folder / "index-gb18030.txt")
    head = (f"/* Made by plugin/text/tables/generate_repair.py from data of {version} (WHATWG "
            "Encoding Standard, BSD-3-Clause). Not edited by hand.\n"
            " * SPDX-License-Identifier: BSD-3-Clause */\n")
    shift_jis = shift_jis_codes(read_index(folder / "index-jis0208.txt")[1])
    (HERE / "repair.inc").write_text(
        head + rows(folder) + gbk(index) + two_tables("shift_jis", shift_jis), encoding="ascii")


if __name__ == "__main__":
    main()
