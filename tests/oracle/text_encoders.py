#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Every character that an encoding has, encoded by programs that are not ours (iconv of the C
library, Python's codecs) and decoded by ours: the same character must come back. Where the Encoding
Standard, or we, read a character otherwise, DIFFERENCES says which and why; a difference that is not
listed fails, and so does one that is listed and is none.

usage: text_encoders.py PROGRAM       tests/tools/decode.c; needs no other data
"""
import re
import subprocess
import sys
import unicodedata

# Controls have their own tests; a line end parts the characters.
CODE_POINTS = [*range(0x20, 0x7F), *range(0xA0, 0xD800), *range(0xE000, 0x10000),
               *range(0x10000, 0x20000, 97), *range(0x20000, 0x2FA20)]

# label, iconv's name, Python's name; "-" where there is none.
PAGES = (437, 737, 775, 850, 852, 855, 857, 858, 860, 861, 862, 863, 864, 865, 866, 869, 1125)
EBCDIC = (37, 273, 424, 500, 1026, 1140)
ROWS = [(f"cp{n}", {737: "CP737", 775: "CP775", 1125: "CP1125"}.get(n, f"IBM{n}"), f"cp{n}")
        for n in PAGES]
ROWS += [(f"ibm{n:03}", f"IBM{n:03}", f"cp{n:03}") for n in EBCDIC]
ROWS += [(f"windows-{n}", f"CP{n}", f"cp{n}") for n in (874, *range(1250, 1259))]
ROWS += [(f"iso-8859-{n}", f"ISO-8859-{n}", f"iso8859_{n}")
         for n in (2, 3, 4, 5, 6, 7, 8, 10, 13, 14, 15, 16)]
ROWS += [tuple(row.split()) for row in """\
ibm1047 IBM1047 -
ibm1006 - cp1006
ibm720 - cp720
macintosh MACINTOSH mac_roman
x-mac-cyrillic MAC-UK mac_cyrillic
x-mac-ce MAC-CENTRALEUROPE mac_latin2
x-mac-croatian - mac_croatian
x-mac-greek - mac_greek
x-mac-icelandic - mac_iceland
x-mac-romanian - mac_romanian
x-mac-turkish - mac_turkish
x-mac-arabic - mac_arabic
x-mac-farsi - mac_farsi
viscii VISCII -
tcvn TCVN5712-1 -
koi8-t KOI8-T koi8_t
koi8-r KOI8-R koi8_r
koi8-u KOI8-U koi8_u
armscii-8 ARMSCII-8 -
georgian-ps GEORGIAN-PS -
georgian-academy GEORGIAN-ACADEMY -
ptcp154 PT154 ptcp154
kz-1048 RK1048 kz1048
mik MIK -
iso-8859-9e ISO-8859-9E -
hp-roman8 HP-ROMAN8 hp_roman8
utf-7 UTF-7 utf_7
utf-8 UTF-8 utf_8
utf-16le UTF-16LE utf_16_le
utf-16be UTF-16BE utf_16_be
utf-32le UTF-32LE utf_32_le
utf-32be UTF-32BE utf_32_be
hz - hz
iso-2022-kr ISO-2022-KR iso2022_kr
iso-2022-cn ISO-2022-CN-EXT -
iso-2022-jp ISO-2022-JP iso2022_jp
euc-tw EUC-TW -
johab JOHAB johab
big5 BIG5-HKSCS big5hkscs
gb18030 GB18030 gb18030
gbk GBK gbk
shift_jis CP932 cp932
euc-jp EUC-JP euc_jp
euc-kr UHC cp949""".split("\n")]

FULL_WIDTH = "¢£¬‖−〜"  # the standard reads Windows' full-width signs for those of JIS
# By label, and by which encoder where they differ: the characters that come back as others.
DIFFERENCES = {
    ("cp864", "both"): "٪",  # 25 is the per cent sign in text, the Arabic one in the table
    ("ibm273", "python"): "‾",  # BC: a macron in iconv's table
    ("ibm424", "iconv"): "⇔",  # 78, 8F: the file at unicode.org
    ("ibm1026", "iconv"): "—˛",  # BC, 9D: the file at unicode.org
    ("ibm1140", "iconv"): "‾",
    ("macintosh", "iconv"): "Δ\ue01e",  # the increment is another character; its own private apple
    ("x-mac-cyrillic", "iconv"): "¤",  # the euro took its place
    ("x-mac-turkish", "python"): "\uf8a0",  # Apple's mark of an undefined place
    ("koi8-u", "both"): "╝╬",  # the standard's koi8-u is KOI8-RU there
    ("hz", "both"): "―・",  # gb18030's row 1, as the standard had it
    ("iso-2022-cn", "both"): "―・",
    ("iso-2022-jp", "both"): FULL_WIDTH,
    ("johab", "iconv"): "₩",  # 5C is the backslash
    ("big5", "both"): "¢£¥•‾∼☉♁／＼､",
    ("gb18030", "iconv"): "\ue5e5" + "".join(map(chr, (0x20087, 0x20089, 0x200CC, 0x215D7, 0x2298F,
                                                        0x241FE))),
    # The editions of 2005 and 2022 moved these, Python's is of 2000; E5E5 is the web's.
    ("gb18030", "python"): "\u1e3f\ue5e5\ue7c7" + "".join(
        map(chr, (*range(0xE78D, 0xE797), 0xE81E, 0xE826, 0xE82B, 0xE82C, 0xE832, 0xE843, 0xE854,
                  0xE864))),
    ("shift_jis", "iconv"): FULL_WIDTH + "¥—‾",
    ("shift_jis", "python"): FULL_WIDTH + "\uf8f0\uf8f1\uf8f2\uf8f3",
    ("euc-jp", "both"): FULL_WIDTH + "¥‾",
    ("windows-1258", "iconv"): "ṌṍṎṏṸṹ",  # parted into a letter and a mark in another order
}


def encode_iconv(name):
    raw = "".join(chr(c) + "\n" for c in CODE_POINTS).encode("utf-32-le")
    out = subprocess.run(["iconv", "-c", "-f", "UTF-32LE", "-t", name], input=raw,
                         stdout=subprocess.PIPE, stderr=subprocess.DEVNULL).stdout
    # Where its buffer ends, iconv of 2.36 writes a single shift of ISO-2022-CN twice.
    return re.sub(rb"(\x1b[NO])\1", rb"\1", out) if name.startswith("ISO-2022-CN") else out


def encode_python(name):
    parts, end = [], "\n".encode(name)
    for c in CODE_POINTS:
        try:
            parts.append((chr(c) + "\n").encode(name))
        except UnicodeEncodeError:
            parts.append(end)
    return b"".join(parts)


def decode(program, label, raw):
    out = subprocess.run([program, label], input=raw, stdout=subprocess.PIPE,
                         stderr=subprocess.DEVNULL, check=True).stdout
    return out.decode("utf-8", "strict").split("\n")[:-1]


def is_same(character, text):
    """Or what means the same: iconv joins a letter and its mark into one character."""
    return text == character or unicodedata.normalize("NFD", text) == unicodedata.normalize(
        "NFD", character)


def check(program, label, encoder, raw):
    """(characters compared, failures)"""
    lines = decode(program, label, raw)
    if len(lines) != len(CODE_POINTS):
        print(f"{label}, {encoder}: {len(lines)} lines, {len(CODE_POINTS)} expected")
        return 0, 1
    known = set(DIFFERENCES.get((label, "both"), "") + DIFFERENCES.get((label, encoder), ""))
    found = {chr(c): text for c, text in zip(CODE_POINTS, lines) if text}
    other = {c for c, text in found.items() if not is_same(c, text)}
    for c in sorted(other ^ known):
        print(f"{label}, {encoder}: U+{ord(c):04X} came back as "
              f"{[f'{ord(d):04X}' for d in found.get(c, '')]}"
              f"{' and was listed as a difference' if c in known else ''}")
    return len(found), len(other ^ known)


def main():
    program = sys.argv[1]
    compared = failed = 0
    for label, iconv_name, python_name in ROWS:
        counts = []
        for encoder, name, encode in (("iconv", iconv_name, encode_iconv),
                                      ("python", python_name, encode_python)):
            if name == "-":
                continue
            got, bad = check(program, label, encoder, encode(name))
            counts.append(f"{encoder} {got}")
            compared += got
            failed += bad or not got
        print(f"{label:18} {', '.join(counts)}", flush=True)
    print(f"{compared} characters compared in {len(ROWS)} encodings, "
          f"{sum(map(len, DIFFERENCES.values()))} listed differences, {failed} failed")
    return 1 if failed or compared < 1_000_000 else 0


if __name__ == "__main__":
    sys.exit(main())
