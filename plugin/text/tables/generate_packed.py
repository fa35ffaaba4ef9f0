#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes what the fast loops of the two-byte decoders and of UTF-16 look up.

usage: generate_packed.py QUERN_DATA     (needs encoding/ in it; writes beside itself)

  packed_*.inc       P(code point) for each pair of bytes, R(lead, trail) where a run begins, of
                     which none crosses a multiple of 64;
                     pairs whose text is not two or three bytes of UTF-8 are left out
  utf16_shuffle.inc  which bytes of four units of UTF-16 are text, by two bits a unit
"""
import sys
from pathlib import Path

from generate import ENCODING_LICENCE, HERE, head, read_index

SCRIPT = "plugin/text/tables/generate_packed.py"
COLUMNS = 12


def pairs_gb18030(index):
    for pointer, code in index.items():
        lead, trail = divmod(pointer, 190)
        yield lead + 0x81, trail + (0x40 if trail < 0x3F else 0x41), code


def pairs_big5(index):
    for pointer, code in index.items():
        lead, trail = divmod(pointer, 157)
        yield lead + 0x81, trail + (0x40 if trail < 0x3F else 0x62), code


def pairs_euc_kr(index):
    for pointer, code in index.items():
        lead, trail = divmod(pointer, 190)
        yield lead + 0x81, trail + 0x41, code


def pairs_shift_jis(index):
    end_user = {pointer: 0xE000 - 8836 + pointer for pointer in range(8836, 10716)}
    for pointer, code in {**index, **end_user}.items():
        lead, trail = divmod(pointer, 188)
        yield (lead + (0x81 if lead < 0x1F else 0xC1),
               trail + (0x40 if trail < 0x3F else 0x41), code)


def pairs_euc_jp(index):
    for trail in range(0xA1, 0xE0):
        yield 0x8E, trail, 0xFF61 - 0xA1 + trail
    for pointer, code in index.items():
        if pointer < 94 * 94:
            lead, trail = divmod(pointer, 94)
            yield lead + 0xA1, trail + 0xA1, code


def write_pairs(folder, source, name, pairs_of):
    version, index = read_index(folder / f"index-{source}.txt")
    table = {lead << 8 | trail: code for lead, trail, code in pairs_of(index)
             if 0x80 <= code <= 0xFFFF}
    assert all(0x8100 <= pair <= 0xFEFE for pair in table)
    lines, column = [], 0
    for pair, code in sorted(table.items()):
        if pair - 1 not in table or pair % 64 == 0:
            lines.append(f"R(0x{pair >> 8:02X}, 0x{pair & 0xFF:02X})")
            column = 0
        elif column % COLUMNS == 0:
            lines.append("")
        lines[-1] += f"P(0x{code:04X})"
        column += 1
    first = head(version, ENCODING_LICENCE).replace("plugin/text/tables/generate.py", SCRIPT)
    (HERE / f"packed_{name}.inc").write_text(first + "\n".join(lines) + "\n", encoding="ascii")


def shuffle(mask):
    """Unit i's bytes are 4i (of three), 4i + 1 (of two and three) and 4i + 2 (of all)."""
    picked = []
    for unit in range(4):
        bits = mask >> 2 * unit & 3
        picked += [4 * unit] * (bits == 3) + [4 * unit + 1] * (bits & 1) + [4 * unit + 2]
    return picked + [0x80] * (16 - len(picked))


def write_shuffles():
    rows = ("{" + ",".join(f"0x{byte:02X}" for byte in shuffle(mask)) + "},"
            for mask in range(256))
    first = f"/* Made by {SCRIPT}. Not edited by hand.\n * SPDX-License-Identifier: Apache-2.0 */\n"
    (HERE / "utf16_shuffle.inc").write_text(first + "\n".join(rows) + "\n", encoding="ascii")


def main():
    folder = Path(sys.argv[1]) / "encoding"
    write_pairs(folder, "gb18030", "gb18030", pairs_gb18030)
    write_pairs(folder, "big5", "big5", pairs_big5)
    write_pairs(folder, "euc-kr", "euc_kr", pairs_euc_kr)
    write_pairs(folder, "jis0208", "shift_jis", pairs_shift_jis)
    write_pairs(folder, "jis0208", "euc_jp", pairs_euc_jp)
    write_shuffles()


if __name__ == "__main__":
    main()
