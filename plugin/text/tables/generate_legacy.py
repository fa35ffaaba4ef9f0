#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes the tables of encodings that the Encoding Standard has not.

usage: generate_legacy.py QUERN_DATA     (writes beside itself; needs encoding/encodings.json)

  charsets_legacy.inc   CHARSET lines, as generate.py writes for the standard's
  labels_legacy.inc     LABEL lines: names that the standard does not know, or refuses
  singles_legacy.inc    single-byte encodings: 128 code points, or 256 where the lower half is not
                        ASCII; 0 where there is none
  cns11643.inc          planes 1 to 7 and 15 of CNS 11643, one plane of 94 * 94 after the other
  cns11643_plane2.inc   a bit a pointer: the code point is of plane 2
  iso_ir_165.inc        94 * 94 code points

What a byte means is asked of the C library's iconv, and of Perl's Encode for the encodings of the
Mac and what iconv has not; those tables were made from the mapping files that unicode.org publishes.
One DOS page is asked of Python, whose table was made of the one in Windows.
"""
import ctypes
import json
import platform
import subprocess
import sys
from pathlib import Path

from generate import HERE, identifier, numbers

SCRIPT = "plugin/text/tables/generate_legacy.py"
REFUSED = "replacement"

# Name, source, labels beside the name itself. DOS and EBCDIC pages get their usual spellings.
PAGES = {"glibc": [437, 737, 775, 850, 852, 855, 857, 858, 860, 861, 862, 863, 864, 865, 869, 1125],
         "python": [720],
         "glibc-ebcdic": [37, 273, 424, 500, 1026, 1047, 1140]}
# Where iconv differs from the file at unicode.org and Perl does not.
PERL_PAGES = {424: "cp424", 1026: "cp1026"}
OTHERS = [
    ("x-mac-ce", "perl:MacCentralEurRoman", "mac-centraleurope maccentraleurope mac_centeuro "
     "mac_latin2 mac-latin2 maclatin2 maccentraleurroman x-mac-centraleurroman cp10029 10029"),
    ("x-mac-croatian", "perl:MacCroatian", "maccroatian mac-croatian mac_croatian cp10082 10082"),
    ("x-mac-greek", "perl:MacGreek", "macgreek mac-greek mac_greek cp10006 10006"),
    ("x-mac-icelandic", "perl:MacIcelandic",
     "macicelandic maciceland mac-icelandic mac_iceland mac-is macis cp10079 10079"),
    ("x-mac-romanian", "perl:MacRomanian",
     "macromanian macromania mac-romanian mac_romanian cp10010 10010"),
    ("x-mac-turkish", "perl:MacTurkish", "macturkish mac-turkish mac_turkish cp10081 10081"),
    ("x-mac-arabic", "perl:MacArabic", "macarabic mac-arabic mac_arabic cp10004 10004"),
    ("x-mac-farsi", "perl:MacFarsi", "macfarsi mac-farsi mac_farsi"),
    ("x-mac-hebrew", "perl:MacHebrew", "machebrew mac-hebrew mac_hebrew cp10005 10005"),
    ("x-mac-thai", "perl:MacThai", "macthai mac-thai mac_thai cp10021 10021"),
    ("VISCII", "glibc:VISCII", "viscii1.1-1 csviscii"),
    ("TCVN", "glibc:TCVN5712-1", "tcvn-5712 tcvn5712-1 tcvn5712-1:1993 x-viet-tcvn5712"),
    ("KOI8-T", "glibc:KOI8-T", "koi8_t koi8t"),
    ("ARMSCII-8", "glibc:ARMSCII-8", "armscii8 armscii_8"),
    ("GEORGIAN-PS", "glibc:GEORGIAN-PS", "georgianps"),
    ("GEORGIAN-ACADEMY", "glibc:GEORGIAN-ACADEMY", "georgianacademy"),
    ("PTCP154", "glibc:PT154", "pt154 cp154 csptcp154 cyrillic-asian"),
    ("KZ-1048", "glibc:RK1048", "kz1048 kz_1048 rk1048 strk1048-2002 cskz1048"),
    ("MIK", "glibc:MIK", "bulgarian-mik"),
    ("ISO-8859-9E", "glibc:ISO-8859-9E", "iso8859-9e iso_8859-9e"),
    ("hp-roman8", "glibc:HP-ROMAN8", "hp_roman8 hproman8 roman8 r8 cshproman8"),
    ("NEXTSTEP", "perl:nextstep", "x-nextstep"),
    ("IBM1006", "perl:cp1006", "cp1006 1006"),
]
# Everything that is more than a table of bytes: name, decoder, labels beside the name itself.
CODED = [
    ("UTF-32LE", "utf_32le", "utf-32 utf32 utf32le utf_32 utf_32le ucs-4le ucs-4 ucs4 "
     "utf_32_le iso-10646-ucs-4 csucs4"),
    ("UTF-32BE", "utf_32be", "utf32be utf_32be utf_32_be ucs-4be"),
    ("UTF-7", "utf_7", "utf7 utf_7 csunicode11utf7 unicode-1-1-utf-7 unicode-2-0-utf-7 cp65000 "
     "65000"),
    ("HZ-GB-2312", "hz", "hz hz-gb hzgb hz_gb_2312 cp52936 52936"),
    ("ISO-2022-CN", "iso_2022_cn", "iso2022cn iso2022_cn csiso2022cn cp50227 50227 "
     "iso-2022-cn-ext iso2022cnext iso2022_cn_ext"),
    ("ISO-2022-KR", "iso_2022_kr", "iso2022kr iso2022_kr csiso2022kr cp50225 50225"),
    ("EUC-TW", "euc_tw", "euctw euc_tw x-euc-tw cns11643 cp51950 51950"),
    ("Johab", "johab", "cp1361 1361 ms1361 x-johab ksc5601-1992 ks_c_5601-1992"),
    ("x-mac-japanese", "mac_japanese", "macjapanese mac-japanese mac_japanese cp10001 10001"),
    ("x-mac-chinesesimp", "mac_chinese_simplified", "macchinesesimp mac-chinesesimp cp10008 "
     "10008"),
    ("x-mac-chinesetrad", "mac_chinese_traditional", "macchinesetrad mac-chinesetrad cp10002 "
     "10002"),
    ("x-mac-korean", "mac_korean", "mackorean mac-korean mac_korean cp10003 10003"),
]
# Other names of the standard's encodings: of other libraries, of Windows and of the Mac.
ALIASES = {
    "UTF-8": "cp65001 65001 utf8mb4 utf_8 utf-8-sig utf_8_sig",
    "UTF-16LE": "utf16 utf16le utf_16 utf_16_le utf_16le cp1200 1200",
    "UTF-16BE": "utf16be utf_16_be utf_16be cp1201 1201",
    "GBK": "cp936 936 ms936 windows-936 x-mswin-936 euc-cn euccn euc_cn gb2312-80 gb2312-1980 "
           "cn-gb",
    "gb18030": "cp54936 54936 gb18030-2000 gb18030-2005 gb18030-2022",
    "Big5": "cp950 950 ms950 windows-950 big-5 big5hkscs big5_hkscs big5-hkscs:1999 "
            "big5-hkscs:2001 big5-hkscs:2004 big5-hkscs-2004 big5-hkscs:2008 big5-hkscs-2008 "
            "cp951 big5-eten big5-tw bigfive",
    "Shift_JIS": "cp932 932 windows-932 shiftjis s_jis cp943 ibm943",
    "EUC-JP": "eucjp euc_jp ujis eucjp-ms euc-jp-ms eucjp-win cp51932 51932",
    "ISO-2022-JP": "iso2022jp iso2022_jp iso2022-jp iso-2022-jp-ms cp50220 cp50221 50220 50221",
    "EUC-KR": "euckr euc_kr cp949 949 ms949 uhc windows-51949 cp51949 51949 x-windows-949",
    "ISO-8859-8-I": "cp38598 38598",
    "KOI8-R": "cp20866 20866 koi8r",
    "KOI8-U": "cp21866 21866 koi8u koi8_u",
    "macintosh": "macroman mac-roman mac_roman cp10000 10000 x-mac-us",
    "x-mac-cyrillic": "maccyrillic mac-cyrillic mac_cyrillic cp10007 10007 macukraine "
                      "macukrainian mac-uk",
    "windows-874": "cp874 874 ibm874 tis620 tis_620 tis620.2533 tis-620-2533 iso8859_11 "
                   "iso_8859-11 x-windows-874",
    "windows-1252": "1252 windows_1252 ansi iso8859_1 8859_1 latin_1 latin-1 cp28591 28591",
    "ISO-8859-2": "iso8859_2 8859_2 cp28592 28592 cp912",
    "ISO-8859-3": "iso8859_3 8859_3 cp28593 28593 cp913",
    "ISO-8859-4": "iso8859_4 8859_4 cp28594 28594 cp914",
    "ISO-8859-5": "iso8859_5 8859_5 cp28595 28595 cp915",
    "ISO-8859-6": "iso8859_6 8859_6 cp28596 28596 cp1089",
    "ISO-8859-7": "iso8859_7 8859_7 cp28597 28597 cp813",
    "ISO-8859-8": "iso8859_8 8859_8 cp28598 28598 cp916",
    "ISO-8859-10": "iso8859_10 iso_8859-10",
    "ISO-8859-13": "iso8859_13 iso_8859-13 latin7 l7 cp28603 28603 cp921",
    "ISO-8859-14": "iso8859_14 iso_8859-14 latin8 l8 iso-celtic",
    "ISO-8859-15": "iso8859_15 latin9 latin-9 cp28605 28605 cp923",
    "ISO-8859-16": "iso8859_16 iso_8859-16 latin10 l10",
    "windows-1254": "1254 windows_1254 iso8859_9 8859_9 latin-5 cp28599 28599 cp920",
    **{f"windows-125{n}": f"125{n} windows_125{n}" for n in (0, 1, 3, 5, 6, 7, 8)},
}


class Iconv:
    """One byte sequence at a time through the C library; None where it has no meaning."""

    def __init__(self, name):
        self.libc = ctypes.CDLL("libc.so.6", use_errno=True)
        self.libc.iconv_open.restype = ctypes.c_void_p
        self.libc.iconv.restype = ctypes.c_size_t
        self.libc.iconv.argtypes = [ctypes.c_void_p] * 5
        self.handle = self.libc.iconv_open(b"UTF-32LE", name.encode())
        assert self.handle != ctypes.c_void_p(-1).value, name

    def decode(self, raw):
        source = ctypes.create_string_buffer(raw, len(raw))
        target = ctypes.create_string_buffer(64)
        at = [ctypes.c_void_p(ctypes.addressof(source)), ctypes.c_size_t(len(raw)),
              ctypes.c_void_p(ctypes.addressof(target)), ctypes.c_size_t(64)]
        self.libc.iconv(self.handle, None, None, None, None)
        bad = self.libc.iconv(self.handle, *[ctypes.addressof(part) for part in at])
        # A second call brings out what the first one held back for a combining mark.
        self.libc.iconv(self.handle, None, None, ctypes.addressof(at[2]), ctypes.addressof(at[3]))
        text = target.raw[:64 - at[3].value].decode("utf-32-le")
        return None if bad or not text else text


PERL = r"""
use Encode; my $encoding = shift; binmode STDOUT, ":utf8";
for my $byte (0 .. 255) {
    my $raw = chr($byte);
    my $text = eval { decode($encoding, $raw, Encode::FB_CROAK) };
    print(defined $text ? join("+", map { sprintf "%X", ord } split //, $text) : "", "\n");
}
"""


def from_perl(name):
    out = subprocess.run(["perl", "-e", PERL, name], capture_output=True, check=True, text=True)
    lines = out.stdout.split("\n")[:256]
    return [[int(part, 16) for part in line.split("+") if part] for line in lines]


def from_glibc(name):
    iconv = Iconv(name)
    return [[ord(c) for c in iconv.decode(bytes([byte])) or ""] for byte in range(256)]


def from_python(name):
    return [[ord(c) for c in bytes([byte]).decode(name, "ignore")] for byte in range(256)]


# Apple's files add private code points that say how a letter looked (F850-F8FE, and F8FF is the
# apple). One letter that has a code point of its own now is named here.
APPLE_HINTS = range(0xF850, 0xF8FF)
OWN_CODE_POINT = {("MacHebrew", 0x81): 0xFB1F, ("MacHebrew", 0xDE): 0x05C7}


def table_of(source):
    """256 code points; 0: none, except for byte 0 of an encoding that has ASCII's lower half."""
    where, name = source.split(":")
    readers = {"perl": from_perl, "glibc": from_glibc, "python": from_python}
    rows = readers[where](name)
    table = []
    for byte, row in enumerate(rows):
        row = [code for code in row if code not in APPLE_HINTS]
        own = OWN_CODE_POINT.get((name, byte))
        table.append(own or (row[0] if len(row) == 1 else 0))
    assert all(code <= 0xFFFF for code in table)
    return table


def page_labels(number, is_ebcdic):
    short, long = str(number), f"{number:03}"
    forms = ["ibm%s", "ibm-%s", "cp%s", "cp-%s", "cp_%s", "%s", "csibm%s", "ibm_%s"]
    forms += ["ebcdic-cp-%s"] if is_ebcdic else ["dos-%s", "cspc%s", "oem%s"]
    return {form % digits for form in forms for digits in (short, long)}


def singles():
    """(name, decoder, table, labels)"""
    rows = []
    for kind, pages in PAGES.items():
        for page in pages:
            name = f"IBM{page:03}"
            source = {737: "CP737", 775: "CP775", 1125: "CP1125"}.get(page, name)
            where = f"perl:{PERL_PAGES[page]}" if page in PERL_PAGES else f"glibc:{source}"
            where = f"python:cp{page}" if kind == "python" else where
            rows.append((name, table_of(where), page_labels(page, kind == "glibc-ebcdic")))
    rows += [(name, table_of(source), set(labels.split())) for name, source, labels in OTHERS]
    return rows


WHOLE = {"VISCII", "TCVN"} | {f"IBM{page:03}" for page in PAGES["glibc-ebcdic"]}
EXTRA_LABELS = {"IBM437": "cspc8codepage437", "IBM850": "cspc850multilingual",
                "IBM852": "cspcp852", "IBM775": "cspc775baltic", "IBM862": "cspc862latinhebrew",
                "IBM1125": "cp866u ruscii", "IBM037": "ebcdic-cp-us ebcdic-cp-ca ebcdic-cp-nl "
                "ebcdic-us cp1070 ibm39", "IBM500": "ebcdic-cp-be ebcdic-cp-ch",
                "IBM273": "ebcdic-de", "IBM424": "ebcdic-cp-he", "IBM1140": "ebcdic-us-37+euro",
                "IBM855": "csibm855", "IBM869": "cp-gr"}


def head(version, licence):
    return (f"/* Made by {SCRIPT} from {version}. Not edited by hand.\n"
            f" * SPDX-License-Identifier: {licence} */\n")


def write(name, version, body, licence="Apache-2.0"):
    (HERE / name).write_text(head(version, licence) + body, encoding="ascii")


def write_charsets(folder, versions):
    groups = json.loads((folder / "encodings.json").read_text(encoding="utf-8"))
    standard = {label: encoding["name"] for group in groups for encoding in group["encodings"]
                for label in encoding["labels"]}
    names = {name.lower(): name for name in standard.values()}
    charsets, labels, tables = [], {}, []

    def add(name, words):
        for label in {name.lower(), *words}:
            if standard.get(label, REFUSED) == REFUSED:
                assert labels.setdefault(label, identifier(name)) == identifier(name), label

    for name, table, words in singles():
        ident, whole = identifier(name), name in WHOLE
        values = table if whole else table[128:]
        tables.append(f"const uint16_t single_{ident}[{len(values)}] = {{\n"
                      f"{numbers(values, '0x%04X', 14)}}};\n")
        charsets.append(f'CHARSET({ident}, "{name}", {"whole" if whole else "single"}, '
                        f'single_{ident}{" + 128" if whole else ""})\n')
        add(name, words | set(EXTRA_LABELS.get(name, "").split()))
    for name, decoder, words in CODED:
        charsets.append(f'CHARSET({identifier(name)}, "{name}", {decoder}, NULL)\n')
        add(name, words.split())
    for name, words in ALIASES.items():
        assert name.lower() in names
        add(name, words.split())
    write("charsets_legacy.inc", versions, "".join(charsets))
    write("labels_legacy.inc", versions,
          "".join(f'LABEL("{label}", {ident})\n' for label, ident in sorted(labels.items())))
    write("singles_legacy.inc", versions, "".join(tables))


def write_cns11643(versions):
    iconv = Iconv("EUC-TW")
    values = []
    for plane in (1, 2, 3, 4, 5, 6, 7, 15):
        for pointer in range(94 * 94):
            pair = bytes([0xA1 + pointer // 94, 0xA1 + pointer % 94])
            text = iconv.decode(bytes([0x8E, 0xA0 + plane]) + pair)
            assert text is None or len(text) == 1
            values.append(ord(text) if text else 0)
    assert {value >> 16 for value in values} == {0, 2}
    words = []
    for at in range(0, len(values), 32):
        words.append(sum(1 << bit for bit, v in enumerate(values[at:at + 32]) if v > 0xFFFF))
    write("cns11643.inc", versions, numbers([v & 0xFFFF for v in values], "0x%04X", 14))
    write("cns11643_plane2.inc", versions, numbers(words, "0x%08X", 8))


def write_iso_ir_165(versions):
    iconv = Iconv("ISO-2022-CN-EXT")
    values = []
    for pointer in range(94 * 94):
        pair = bytes([0x21 + pointer // 94, 0x21 + pointer % 94])
        text = iconv.decode(b"\x1b$)E\x0e" + pair)
        values.append(ord(text) if text else 0)
    assert max(values) <= 0xFFFF
    write("iso_ir_165.inc", versions, numbers(values, "0x%04X", 14))


def perl_version():
    code = 'use Encode; printf "Perl %vd with Encode %s", $^V, $Encode::VERSION'
    return subprocess.run(["perl", "-e", code], capture_output=True, check=True, text=True).stdout


def main():
    versions = f"glibc {platform.libc_ver()[1]} (iconv) and {perl_version()}"
    python = f"; Python {platform.python_version()} (IBM720)"
    write_charsets(Path(sys.argv[1]) / "encoding", versions + python)
    write_cns11643(versions)
    write_iso_ir_165(versions)


if __name__ == "__main__":
    main()
