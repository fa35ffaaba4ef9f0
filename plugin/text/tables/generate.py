#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes the tables of text/ from the files of the Encoding Standard and from character counts.

usage: generate.py QUERN_DATA     (needs encoding/ and charcounts/ in it; writes beside itself)

  labels.inc       CHARSET and LABEL lines: names and labels of encodings.json
  index_*.inc      one code point a pointer, 0 where the index has none
  singles.inc      the upper halves of the single-byte encodings
  frequency.inc    how rare a character is in a language, four bits each
"""
import json
import math
import re
import struct
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
SCRIPT = "plugin/text/tables/generate.py"
ENCODING_LICENCE = "WHATWG Encoding Standard, BSD-3-Clause"
IDEOGRAPH_FIRST, IDEOGRAPH_COUNT = 0x4E00, 20902
HANGUL_COUNT = 11172
# A class is this many nats; class 0 is as likely as e^-3, class 15 as e^-16.5 or less.
CLASS_NATS, CLASS_FIRST_NATS = 0.9, 3.0


def read_index(path):
    text = path.read_text(encoding="utf-8")
    version = re.search(r"^# Date: (\S+)", text, re.M).group(1)
    rows = re.findall(r"^\s*(\d+)\s+0x([0-9A-Fa-f]+)", text, re.M)
    return version, {int(pointer): int(code, 16) for pointer, code in rows}


def head(version, licence):
    return (f"/* Made by {SCRIPT} from data of {version} ({licence}). Not edited by hand.\n"
            f" * SPDX-License-Identifier: "
            f"{'BSD-3-Clause' if 'BSD' in licence else 'CC0-1.0'} */\n")


def numbers(values, form, columns):
    lines = []
    for at in range(0, len(values), columns):
        lines.append("".join(form % value + "," for value in values[at:at + columns]))
    return "\n".join(lines) + "\n"


def write(name, version, body, licence=ENCODING_LICENCE):
    (HERE / name).write_text(head(version, licence) + body, encoding="ascii")


def array(index, count):
    values = [index.get(pointer, 0) for pointer in range(count)]
    assert max(index) < count
    return values


def write_double(folder, source, name, count):
    version, index = read_index(folder / f"index-{source}.txt")
    assert all(code <= 0xFFFF for code in index.values())
    write(name, version, numbers(array(index, count), "0x%04X", 14))


def write_big5(folder):
    """Plane 2 is the only other plane: its code points keep 16 bits here and a bit elsewhere."""
    version, index = read_index(folder / "index-big5.txt")
    values = array(index, 126 * 157)
    assert {value >> 16 for value in values} == {0, 2}
    write("index_big5.inc", version, numbers([v & 0xFFFF for v in values], "0x%04X", 14))
    words = []
    for at in range(0, len(values), 32):
        words.append(sum(1 << bit for bit, v in enumerate(values[at:at + 32]) if v > 0xFFFF))
    write("index_big5_plane2.inc", version, numbers(words, "0x%08X", 8))


def write_ranges(folder):
    version, index = read_index(folder / "index-gb18030-ranges.txt")
    rows = sorted(index.items())
    body = "".join(f"{{{pointer}, 0x{code:04X}}},\n" for pointer, code in rows)
    write("index_gb18030_ranges.inc", version, body)


def identifier(name):
    return re.sub(r"[^a-z0-9]", "_", name.lower())


# Which decoder, by the standard's names; every other one is a single-byte encoding.
DECODERS = {
    "UTF-8": "utf_8", "GBK": "gb18030", "gb18030": "gb18030", "Big5": "big5",
    "EUC-JP": "euc_jp", "ISO-2022-JP": "iso_2022_jp", "Shift_JIS": "shift_jis",
    "EUC-KR": "euc_kr", "replacement": "replacement", "UTF-16BE": "utf_16be",
    "UTF-16LE": "utf_16le", "x-user-defined": "user_defined",
}


def write_labels_and_singles(folder):
    groups = json.loads((folder / "encodings.json").read_text(encoding="utf-8"))
    encodings = [encoding for group in groups for encoding in group["encodings"]]
    charsets, labels, singles = [], [], []
    version = ""
    for encoding in encodings:
        name = encoding["name"]
        ident = identifier(name)
        if name in DECODERS:
            charsets.append(f'CHARSET({ident}, "{name}", {DECODERS[name]}, NULL)\n')
        else:
            source = "iso-8859-8" if name == "ISO-8859-8-I" else name.lower()
            table = identifier(source)
            charsets.append(f'CHARSET({ident}, "{name}", single, single_{table})\n')
            if name != "ISO-8859-8-I":
                version, index = read_index(folder / f"index-{source}.txt")
                singles.append(f"const uint16_t single_{table}[128] = {{\n"
                               f"{numbers(array(index, 128), '0x%04X', 14)}}};\n")
        labels += [(label, ident) for label in encoding["labels"]]
    labels.sort()
    rows = "".join(f'LABEL("{label}", {ident})\n' for label, ident in labels)
    write("charsets.inc", version, "".join(charsets))
    write("labels.inc", version, rows)
    write("singles.inc", version, "".join(singles))


def classes(path, count):
    counts = struct.unpack(f"<{count}Q", path.read_bytes())
    total = sum(counts) + count / 2
    result = []
    for number in counts:
        nats = -math.log((number + 0.5) / total)
        result.append(min(15, max(0, round((nats - CLASS_FIRST_NATS) / CLASS_NATS))))
    return result


def write_frequencies(folder):
    body = ""
    for name, source, count in (("hans", "zh-hans", IDEOGRAPH_COUNT),
                                ("hant", "zh-hant", IDEOGRAPH_COUNT),
                                ("japanese", "ja", IDEOGRAPH_COUNT),
                                ("hangul", "ko", HANGUL_COUNT)):
        values = classes(folder / f"{source}.counts", count)
        packed = [values[at] | values[at + 1] << 4 for at in range(0, count - 1, 2)]
        assert len(packed) * 2 == count
        body += (f"static const uint8_t frequency_{name}[{len(packed)}] = {{\n"
                 f"{numbers(packed, '0x%02X', 20)}}};\n")
    write("frequency.inc", "2019 (hsivonen/charcounts)", body,
          "character counts of Wikipedias, CC0")


def main():
    data = Path(sys.argv[1])
    folder = data / "encoding"
    write_labels_and_singles(folder)
    write_double(folder, "gb18030", "index_gb18030.inc", 126 * 190)
    write_double(folder, "euc-kr", "index_euc_kr.inc", 126 * 190)
    write_double(folder, "jis0208", "index_jis0208.inc", 11280)
    write_double(folder, "jis0212", "index_jis0212.inc", 94 * 94)
    write_big5(folder)
    write_ranges(folder)
    write_frequencies(data / "charcounts")


if __name__ == "__main__":
    main()
