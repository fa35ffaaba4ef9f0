#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The decoders outside the Encoding Standard, written a second time: byte by byte in the standard's
manner, a queue and states, by the rule for errors that text/coder.h states. Every pair of bytes in
each state, and random hostile contents, go through both; text, number and place of U+FFFD, and the
content offset of every character must be equal.

usage: text_legacy.py PROGRAM [SEED]       QUERN_DATA names the folder with encoding/
"""
import os
import random
import sys
from pathlib import Path

import text_reference
from text_reference import (CONTINUE, EOQ, ERROR, FINISHED, Queue, TwoBytes, ours, read_index,
                            some_bytes)

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "plugin/text/tables"))
sys.dont_write_bytecode = True
from generate_legacy import Iconv  # noqa: E402

SHIFT = "shift"  # read, and no part of the character behind it
CASES_PER_ENCODING = 1500


def found(code_point):
    return ERROR if code_point is None else [code_point]


class Shifted:
    """Pairs of 21 to 7E in a state of their own; a line's end leaves it."""

    def __init__(self):
        self.pairs, self.lead = False, 0

    def handle(self, q, byte):
        if self.lead:
            lead, self.lead = self.lead, 0
            if byte is not EOQ and 0x21 <= byte <= 0x7E:
                return found(self.pair(lead - 0x21, byte - 0x21))
            q.restore(1)
            return ERROR
        if byte is EOQ:
            return FINISHED
        special = self.special(q, byte)
        if special:
            return special
        if self.pairs and 0x21 <= byte <= 0x7E:
            self.lead = byte
            return CONTINUE
        if byte in (0x0A, 0x0D):
            self.pairs = False
        return [byte] if byte < 0x80 else ERROR

    @staticmethod
    def expect(q, rows):
        """Which of the rows the next bytes are; nothing is read where there is none."""
        for row in rows:
            got = [q.read() for _ in row]
            if got == list(row):
                return row
            q.restore(len(row))
        return None


class Hz(Shifted):
    gb = None

    def pair(self, row, cell):
        return self.gb.get((row + 0x20) * 190 + cell + 0x60)

    def special(self, q, byte):
        if byte != 0x7E:
            return None
        row = self.expect(q, (b"{", b"}", b"~", b"\n"))
        if row is None:
            return ERROR
        if row == b"~":
            return [0x7E]
        self.pairs = row == b"{"
        return SHIFT


class Iso2022Kr(Shifted):
    ks = None

    def pair(self, row, cell):
        return 0x327E if (row, cell) == (1, 71) else self.ks.get((row + 0x20) * 190 + cell + 0x60)

    def special(self, q, byte):
        if byte == 0x1B:
            return SHIFT if self.expect(q, (b"$)C",)) else ERROR
        if byte in (0x0E, 0x0F):
            self.pairs = byte == 0x0E
            return SHIFT
        return None


class Iso2022Cn(Shifted):
    gb, cns, isoir165 = None, None, None
    OUT = {b"$)A": "gb", b"$)G": "plane 1", b"$)E": "iso-ir-165"}
    SINGLE = {b"$*H": ("N", 2), b"$+I": ("O", 3), b"$+J": ("O", 4), b"$+K": ("O", 5),
              b"$+L": ("O", 6), b"$+M": ("O", 7)}

    def __init__(self):
        super().__init__()
        self.out, self.single = None, {}

    def pair(self, row, cell):
        if self.out == "gb":
            return self.gb.get((row + 0x20) * 190 + cell + 0x60)
        if self.out == "plane 1":
            return self.cns.get((1, row, cell))
        return self.isoir165.get((row, cell))

    def special(self, q, byte):
        if byte in (0x0E, 0x0F):
            if byte == 0x0E and not self.out:
                return ERROR
            self.pairs = byte == 0x0E
            return SHIFT
        return self.escape(q) if byte == 0x1B else None

    def escape(self, q):
        row = self.expect(q, (*self.OUT, *self.SINGLE, b"N", b"O"))
        if row is None:
            return ERROR
        if row in self.OUT:
            self.out = self.OUT[row]
            return SHIFT
        if row in self.SINGLE:
            shift, plane = self.SINGLE[row]
            self.single[shift] = plane
            return SHIFT
        pair = [q.read(), q.read()]
        plane = self.single.get(row.decode())
        if plane is None or any(b is EOQ or not 0x21 <= b <= 0x7E for b in pair):
            q.restore(2)
            return ERROR
        return found(self.cns.get((plane, pair[0] - 0x21, pair[1] - 0x21)))


class EucTw:
    cns = None

    def __init__(self):
        self.read = []

    def handle(self, q, byte):
        if byte is EOQ:
            if not self.read:
                return FINISHED
            self.read = []
            q.restore(1)
            return ERROR
        if not self.read:
            if byte < 0x80:
                return [byte]
            if byte != 0x8E and not 0xA1 <= byte <= 0xFE:
                return ERROR
            self.read = [byte]
            return CONTINUE
        top = 0xB0 if self.read == [0x8E] else 0xFE
        if not 0xA1 <= byte <= top:
            self.read = []
            if byte < 0x80:
                q.restore(1)
            return ERROR
        self.read.append(byte)
        if len(self.read) < (4 if self.read[0] == 0x8E else 2):
            return CONTINUE
        *plane, row, cell = self.read
        self.read = []
        c = self.cns.get((plane[1] - 0xA0 if plane else 1, row - 0xA1, cell - 0xA1))
        if c is None and cell < 0x80:
            q.restore(1)
        return found(c)


class Johab(TwoBytes):
    index = None

    def pair(self, lead, byte):
        c = self.index.get((lead, byte))
        return None if c is None else [c]

    def single(self, byte):
        if byte < 0x80:
            return [byte]
        if 0x84 <= byte <= 0xF9:
            self.lead = byte
            return CONTINUE
        return ERROR


class Utf32:
    order = "little"

    def __init__(self):
        self.read = []

    def handle(self, q, byte):
        if byte is EOQ:
            if not self.read:
                return FINISHED
            self.read = []
            q.restore(1)
            return ERROR
        self.read.append(byte)
        if len(self.read) < 4:
            return CONTINUE
        c, self.read = int.from_bytes(bytes(self.read), self.order), []
        return ERROR if c > 0x10FFFF or 0xD800 <= c <= 0xDFFF else [c]


class Utf32Be(Utf32):
    order = "big"


BASE64 = {byte: n for n, byte in enumerate(
    b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")}


def units_of(sextets):
    """(first sextet, unit) of each whole unit; where the rest begins."""
    bits = "".join(f"{sextet:06b}" for sextet in sextets)
    count = len(bits) // 16
    starts = [-(-16 * k // 6) for k in range(count + 1)]
    return [(starts[k], int(bits[16 * k:16 * k + 16], 2)) for k in range(count)], starts[count]


def decode_run(data, begin, end, pieces, errors):
    """A whole run of Base64 at once."""
    units, rest = units_of([BASE64[byte] for byte in data[begin:end]])
    k = 0
    while k < len(units):
        at, unit = units[k]
        following = units[k + 1][1] if k + 1 < len(units) else 0
        k += 1
        if 0xD800 <= unit <= 0xDBFF and 0xDC00 <= following <= 0xDFFF:
            k += 1
            unit = 0x10000 + ((unit - 0xD800) << 10) + following - 0xDC00
        elif 0xD800 <= unit <= 0xDFFF:
            errors.append(begin + at)
            unit = 0xFFFD
        pieces.append((unit, begin + at))
    if begin + rest < end:
        errors.append(begin + rest)
        pieces.append((0xFFFD, begin + rest))


def decode_utf_7(data):
    pieces, errors, at = [], [], 0
    while at < len(data):
        byte, begin = data[at], at
        at += 1
        if byte == 0x2B and data[at:at + 1] == b"-":
            pieces.append((0x2B, begin))
            at += 1
        elif byte == 0x2B and at < len(data) and data[at] in BASE64:
            end = at
            while end < len(data) and data[end] in BASE64:
                end += 1
            decode_run(data, at, end, pieces, errors)
            at = end + (data[end:end + 1] == b"-")
        elif byte == 0x2B or byte >= 0x80:
            errors.append(begin)
            pieces.append((0xFFFD, begin))
        else:
            pieces.append((byte, begin))
    return pieces, errors


def decode(make, data, mark):
    if make is None:
        return decode_utf_7(data)
    decoder, queue, pieces, errors = make(), Queue(data), [], []
    queue.at = begin = len(mark) if mark and data.startswith(mark) else 0
    while True:
        result = decoder.handle(queue, queue.read())
        if result == FINISHED:
            return pieces, errors
        if result == CONTINUE:
            continue
        if result == ERROR:
            errors.append(begin)
            result = [0xFFFD]
        if result != SHIFT:
            pieces += [(c, begin) for c in result]
        begin = queue.at


def load_indexes():
    gb, ks = read_index("gb18030"), read_index("euc-kr")
    iconv, cns, isoir165 = Iconv("EUC-TW"), {}, {}
    for plane in range(1, 17):
        for row in range(94):
            for cell in range(94):
                text = iconv.decode(bytes([0x8E, 0xA0 + plane, 0xA1 + row, 0xA1 + cell]))
                if text:
                    cns[plane, row, cell] = ord(text)
    iconv = Iconv("ISO-2022-CN-EXT")
    for row in range(94):
        for cell in range(94):
            text = iconv.decode(b"\x1b$)E\x0e" + bytes([0x21 + row, 0x21 + cell]))
            if text:
                isoir165[row, cell] = ord(text)
    Hz.gb = Iso2022Cn.gb = gb
    Iso2022Kr.ks = ks
    Iso2022Cn.cns = EucTw.cns = cns
    Iso2022Cn.isoir165 = isoir165
    Johab.index = {(0xD9, 0xE8): 0x327E}
    for lead in range(0x84, 0xFA):
        for trail in range(256):
            text = bytes([lead, trail]).decode("johab", "replace")
            if "\ufffd" not in text and len(text) == 1:
                Johab.index[lead, trail] = ord(text)


def pairs(prefix, leads=range(256), trails=range(256)):
    return [prefix + bytes([lead, trail]) for lead in leads for trail in trails]


HIGH = range(0x80, 0x100)
NEAR = (*range(0x0D, 0x10), *range(0x1A, 0x83), 0xA1, 0xFF)  # what seven-bit encodings may notice
KR = [b"\x1b$)C", b"\x0e", b"\x0f", b"\x1b", b"\x1b$", b"\n"]
CN = [b"\x1b$)A", b"\x1b$)G", b"\x1b$)E", b"\x1b$*H", b"\x1b$+I", b"\x1b$+J", b"\x1b$+M", b"\x0e",
      b"\x0f", b"\x1bN", b"\x1bO", b"\x1bN!!", b"\x1bO0!", b"\x1b$+", b"\x1b", b"\n"]
UTF7 = [b"+", b"-", b"+-", b"+2D3eAA-", b"+2D0", b"3gA", b"AEE", b"+AG", b"=", b"\n"]
# Label, decoder, mark, spice, what it is made of, and the prefixes every pair stands behind.
LOW = pairs(b"", range(0x21, 0x7F), range(0x21, 0x7F))
SETUPS = [
    ("hz-gb-2312", Hz, None, [b"~{", b"~}", b"~~", b"~\n", b"~", b"\n"], LOW,
     lambda: pairs(b"") + pairs(b"~{") + pairs(b"~{V", range(0x7C, 0x80))),
    ("iso-2022-kr", Iso2022Kr, None, KR, KR + LOW,
     lambda: pairs(b"") + pairs(b"\x0e", NEAR, NEAR) + pairs(b"\x1b$)", range(0x40, 0x48))),
    ("iso-2022-cn", Iso2022Cn, None, CN, CN + LOW,
     lambda: pairs(b"") + pairs(b"\x1b", NEAR, NEAR) + pairs(b"\x1b$", NEAR, NEAR) +
     [row for head in CN[:3] for row in pairs(head + b"\x0e", NEAR, NEAR)] +
     [row for head in CN[3:7] for shift in (b"\x1bN", b"\x1bO")
      for row in pairs(head + shift, NEAR, NEAR)]),
    ("euc-tw", EucTw, None, [b"\x8e", b"\x8e\xa2", b"\x8e\xa2\xa1", b"\x8e\xa2\xa1\xa1"],
     pairs(b"", range(0xA1, 0xFF), range(0xA1, 0xFF)),
     lambda: pairs(b"", HIGH) + pairs(b"\x8e") +
     [row for plane in range(0xA1, 0xB1) for row in pairs(bytes([0x8E, plane]), range(0x9F, 256),
                                                         range(0x9F, 256))]),
    ("johab", Johab, None, [b"\xd9\xe8", b"\x84\x41"],
     pairs(b"", range(0x84, 0xFA), range(0x31, 255)),
     lambda: pairs(b"", HIGH)),
    ("utf-7", None, None, UTF7, UTF7 + pairs(b"", b"AZaz09+/", b"AQgw"),
     lambda: pairs(b"") + [row for head in (b"+", b"+AE", b"+2D3", b"+2D0", b"+AEEA")
                          for row in pairs(head, NEAR, NEAR)]),
    ("utf-32le", Utf32, b"\xff\xfe\0\0", pairs(b"", (0, 0x41), (0, 0x4E)),
     [b"A\0\0\0", b"\0\0\x11\0"],
     lambda: pairs(b"A\0") + pairs(b"\0\xd8")),
    ("utf-32be", Utf32Be, b"\0\0\xfe\xff", pairs(b"", (0, 0x41), (0, 0x4E)),
     [b"\0\0\0A", b"\0\x11\0\0"],
     lambda: pairs(b"\0\0") + pairs(b"\0\x10") + pairs(b"\0\x11")),
]


def expected_of(make, content, mark):
    pieces, errors = decode(make, content, mark)
    return ("".join(chr(c) for c, _ in pieces), len(errors),
            errors[0] if errors else 0xFFFFFFFF, [at for _, at in pieces])


def main():
    program, seed = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 1
    text_reference.DATA = Path(os.environ["QUERN_DATA"]) / "encoding"
    load_indexes()
    compared = failed = replaced_in_all = 0
    for label, make, mark, spice, index_bytes, every in SETUPS:
        rnd = random.Random(f"{seed} {label}")
        contents = [some_bytes(rnd, spice, index_bytes) for _ in range(CASES_PER_ENCODING)]
        contents += [head + tail for head in every() for tail in (b"", b"A")]
        for content, got in zip(contents, ours(program, label, contents), strict=True):
            expected = expected_of(make, content, mark)
            compared += 1
            replaced_in_all += expected[1]
            if expected != got:
                failed += 1
                if failed <= 10:
                    print(f"{label}: {content[:60].hex(' ')}: expected {str(expected)[:200]}, "
                          f"got {str(got)[:200]}", file=sys.stderr)
        print(f"{label:16} {len(contents):7} contents compared, {failed} failed in all", flush=True)
    print(f"{compared} contents, {replaced_in_all} U+FFFD, {failed} failed")
    return 1 if failed or compared < 1_000_000 or not replaced_in_all else 0


if __name__ == "__main__":
    if "QUERN_DATA" not in os.environ:
        sys.exit("QUERN_DATA is not set: it must name the folder with encoding/")
    sys.exit(main())
