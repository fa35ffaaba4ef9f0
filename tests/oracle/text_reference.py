#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The decoders of the Encoding Standard as it states them: a queue, states, "restore". Slow, and
shaped unlike ours on purpose. Random hostile contents are decoded by both; text, number and place
of U+FFFD, and the content offset of every character must be equal.

usage: text_reference.py PROGRAM [SEED]       QUERN_DATA names the folder with encoding/
"""
import os
import random
import re
import struct
import subprocess
import sys
from pathlib import Path

EOQ = None
CASES_PER_ENCODING = 1500


def read_index(name):
    rows = re.findall(r"^\s*(\d+)\s+0x([0-9A-Fa-f]+)", (DATA / f"index-{name}.txt").read_text("utf-8"),
                      re.M)
    return {int(pointer): int(code, 16) for pointer, code in rows}


class Queue:
    """Bytes to read, and how many were read: restoring moves back."""

    def __init__(self, data):
        self.data, self.at = data, 0

    def read(self):
        self.at += 1
        return self.data[self.at - 1] if self.at <= len(self.data) else EOQ

    def restore(self, count):
        self.at -= count


FINISHED, ERROR, CONTINUE = "finished", "error", "continue"


class Gb18030:
    index, ranges = None, None

    def __init__(self):
        self.first = self.second = self.third = 0

    def ranges_code_point(self, pointer):
        if 39419 < pointer < 189000 or pointer > 1237575:
            return None
        if pointer == 7457:
            return 0xE7C7
        offset = max(p for p in self.ranges if p <= pointer)
        return self.ranges[offset] + pointer - offset

    def handle(self, q, byte):
        if byte is EOQ:
            if not (self.first or self.second or self.third):
                return FINISHED
            self.first = self.second = self.third = 0
            q.restore(1)
            return ERROR
        if self.third:
            if not 0x30 <= byte <= 0x39:
                q.restore(3)
                self.first = self.second = self.third = 0
                return ERROR
            c = self.ranges_code_point(((self.first - 0x81) * (10 * 126 * 10)) +
                                       ((self.second - 0x30) * (10 * 126)) +
                                       ((self.third - 0x81) * 10) + byte - 0x30)
            self.first = self.second = self.third = 0
            return ERROR if c is None else [c]
        if self.second:
            if 0x81 <= byte <= 0xFE:
                self.third = byte
                return CONTINUE
            q.restore(2)
            self.first = self.second = 0
            return ERROR
        if self.first:
            if 0x30 <= byte <= 0x39:
                self.second = byte
                return CONTINUE
            lead, pointer, self.first = self.first, None, 0
            offset = 0x40 if byte < 0x7F else 0x41
            if 0x40 <= byte <= 0x7E or 0x80 <= byte <= 0xFE:
                pointer = (lead - 0x81) * 190 + (byte - offset)
            c = None if pointer is None else self.index.get(pointer)
            if c is not None:
                return [c]
            if byte < 0x80:
                q.restore(1)
            return ERROR
        if byte < 0x80:
            return [byte]
        if byte == 0x80:
            return [0x20AC]
        if byte <= 0xFE:
            self.first = byte
            return CONTINUE
        return ERROR


class TwoBytes:
    """Big5, EUC-KR and Shift_JIS: a lead, a trail, an index."""

    def __init__(self):
        self.lead = 0

    def handle(self, q, byte):
        if byte is EOQ:
            if not self.lead:
                return FINISHED
            self.lead = 0
            q.restore(1)
            return ERROR
        if self.lead:
            lead, self.lead = self.lead, 0
            code_points = self.pair(lead, byte)
            if code_points:
                return code_points
            if byte < 0x80:
                q.restore(1)
            return ERROR
        return self.single(byte)

    def single(self, byte):
        if byte < 0x80:
            return [byte]
        if 0x81 <= byte <= 0xFE:
            self.lead = byte
            return CONTINUE
        return ERROR


class Big5(TwoBytes):
    index = None

    def pair(self, lead, byte):
        if not (0x40 <= byte <= 0x7E or 0xA1 <= byte <= 0xFE):
            return None
        pointer = (lead - 0x81) * 157 + (byte - (0x40 if byte < 0x7F else 0x62))
        letters = {1133: [0xCA, 0x304], 1135: [0xCA, 0x30C],
                   1164: [0xEA, 0x304], 1166: [0xEA, 0x30C]}
        if pointer in letters:
            return letters[pointer]
        c = self.index.get(pointer)
        return None if c is None else [c]


class EucKr(TwoBytes):
    index = None

    def pair(self, lead, byte):
        if not 0x41 <= byte <= 0xFE:
            return None
        c = self.index.get((lead - 0x81) * 190 + (byte - 0x41))
        return None if c is None else [c]


class ShiftJis(TwoBytes):
    index = None

    def pair(self, lead, byte):
        if not (0x40 <= byte <= 0x7E or 0x80 <= byte <= 0xFC):
            return None
        pointer = (lead - (0x81 if lead < 0xA0 else 0xC1)) * 188 + byte
        pointer -= 0x40 if byte < 0x7F else 0x41
        if 8836 <= pointer <= 10715:
            return [0xE000 - 8836 + pointer]
        c = self.index.get(pointer)
        return None if c is None else [c]

    def single(self, byte):
        if byte <= 0x80:
            return [byte]
        if 0xA1 <= byte <= 0xDF:
            return [0xFF61 - 0xA1 + byte]
        if 0x81 <= byte <= 0x9F or 0xE0 <= byte <= 0xFC:
            self.lead = byte
            return CONTINUE
        return ERROR


class EucJp:
    jis0208, jis0212 = None, None

    def __init__(self):
        self.flag, self.lead = False, 0

    def handle(self, q, byte):
        if byte is EOQ:
            if not self.lead:
                return FINISHED
            self.lead = 0
            q.restore(1)
            return ERROR
        if self.lead == 0x8E and 0xA1 <= byte <= 0xDF:
            self.lead = 0
            return [0xFF61 - 0xA1 + byte]
        if self.lead == 0x8F and 0xA1 <= byte <= 0xFE:
            self.flag, self.lead = True, byte
            return CONTINUE
        if self.lead:
            lead, self.lead, c = self.lead, 0, None
            if 0xA1 <= lead <= 0xFE and 0xA1 <= byte <= 0xFE:
                index = self.jis0212 if self.flag else self.jis0208
                c = index.get((lead - 0xA1) * 94 + byte - 0xA1)
            self.flag = False
            if c is not None:
                return [c]
            if byte < 0x80:
                q.restore(1)
            return ERROR
        if byte < 0x80:
            return [byte]
        if byte in (0x8E, 0x8F) or 0xA1 <= byte <= 0xFE:
            self.lead = byte
            return CONTINUE
        return ERROR


class Iso2022Jp:
    jis0208 = None

    def __init__(self):
        self.state = self.output_state = "ascii"
        self.lead, self.output = 0, False

    def handle(self, q, byte):
        return getattr(self, self.state)(q, byte)

    def ascii(self, q, byte, roman=False):
        if byte == 0x1B:
            self.state = "escape_start"
            return CONTINUE
        if byte is EOQ:
            return FINISHED
        self.output = False
        if roman and byte in (0x5C, 0x7E):
            return [0xA5 if byte == 0x5C else 0x203E]
        return [byte] if byte <= 0x7F and byte not in (0x0E, 0x0F) else ERROR

    def roman(self, q, byte):
        return self.ascii(q, byte, True)

    def katakana(self, q, byte):
        if byte == 0x1B:
            self.state = "escape_start"
            return CONTINUE
        if byte is EOQ:
            return FINISHED
        self.output = False
        return [0xFF61 - 0x21 + byte] if 0x21 <= byte <= 0x5F else ERROR

    def lead_byte(self, q, byte):
        if byte == 0x1B:
            self.state = "escape_start"
            return CONTINUE
        if byte is EOQ:
            return FINISHED
        self.output = False
        if 0x21 <= byte <= 0x7E:
            self.lead, self.state = byte, "trail_byte"
            return CONTINUE
        return ERROR

    def trail_byte(self, q, byte):
        if byte == 0x1B:
            self.state = "escape_start"
            return ERROR
        self.state = "lead_byte"
        if byte is EOQ:
            q.restore(1)
            return ERROR
        if 0x21 <= byte <= 0x7E:
            c = self.jis0208.get((self.lead - 0x21) * 94 + byte - 0x21)
            return ERROR if c is None else [c]
        return ERROR

    def escape_start(self, q, byte):
        if byte in (0x24, 0x28):
            self.lead, self.state = byte, "escape"
            return CONTINUE
        q.restore(1)
        self.output, self.state = False, self.output_state
        return ERROR

    def escape(self, q, byte):
        lead, self.lead = self.lead, 0
        state = {(0x28, 0x42): "ascii", (0x28, 0x4A): "roman", (0x28, 0x49): "katakana",
                 (0x24, 0x40): "lead_byte", (0x24, 0x42): "lead_byte"}.get((lead, byte))
        if state:
            self.state = self.output_state = state
            output, self.output = self.output, True
            return ERROR if output else CONTINUE
        q.restore(2)
        self.output, self.state = False, self.output_state
        return ERROR


class Utf8:
    def __init__(self):
        self.reset()

    def reset(self):
        self.c = self.seen = self.needed = 0
        self.lower, self.upper = 0x80, 0xBF

    def handle(self, q, byte):
        if byte is EOQ:
            if not self.needed:
                return FINISHED
            self.reset()
            q.restore(1)
            return ERROR
        if not self.needed:
            if byte <= 0x7F:
                return [byte]
            if 0xC2 <= byte <= 0xDF:
                self.needed, self.c = 1, byte & 0x1F
            elif 0xE0 <= byte <= 0xEF:
                self.lower = 0xA0 if byte == 0xE0 else 0x80
                self.upper = 0x9F if byte == 0xED else 0xBF
                self.needed, self.c = 2, byte & 0xF
            elif 0xF0 <= byte <= 0xF4:
                self.lower = 0x90 if byte == 0xF0 else 0x80
                self.upper = 0x8F if byte == 0xF4 else 0xBF
                self.needed, self.c = 3, byte & 0x7
            else:
                return ERROR
            return CONTINUE
        if not self.lower <= byte <= self.upper:
            self.reset()
            q.restore(1)
            return ERROR
        self.lower, self.upper = 0x80, 0xBF
        self.c = self.c << 6 | byte & 0x3F
        self.seen += 1
        if self.seen != self.needed:
            return CONTINUE
        c = self.c
        self.reset()
        return [c]


class Utf16:
    big = False

    def __init__(self):
        self.lead_byte = self.lead_surrogate = None

    def handle(self, q, byte):
        if byte is EOQ:
            if self.lead_byte is None and self.lead_surrogate is None:
                return FINISHED
            self.lead_byte = self.lead_surrogate = None
            q.restore(1)
            return ERROR
        if self.lead_byte is None:
            self.lead_byte = byte
            return CONTINUE
        unit = self.lead_byte << 8 | byte if self.big else byte << 8 | self.lead_byte
        self.lead_byte = None
        if self.lead_surrogate is not None:
            lead, self.lead_surrogate = self.lead_surrogate, None
            if 0xDC00 <= unit <= 0xDFFF:
                return [0x10000 + ((lead - 0xD800) << 10) + unit - 0xDC00]
            q.restore(2)
            return ERROR
        if 0xD800 <= unit <= 0xDBFF:
            self.lead_surrogate = unit
            return CONTINUE
        return ERROR if 0xDC00 <= unit <= 0xDFFF else [unit]


class Utf16Be(Utf16):
    big = True


class Windows1255:
    index = None

    def handle(self, q, byte):
        if byte is EOQ:
            return FINISHED
        c = byte if byte < 0x80 else self.index.get(byte - 0x80)
        return ERROR if c is None else [c]


class UserDefined:
    def handle(self, q, byte):
        if byte is EOQ:
            return FINISHED
        return [byte if byte < 0x80 else 0xF780 + byte - 0x80]


class Replacement:
    said = False

    def handle(self, q, byte):
        if byte is EOQ or self.said:
            return FINISHED
        self.said = True
        return ERROR


def decode(decoder, data, marks):
    """[(code point, offset of its first byte)], errors as offsets."""
    start = next((len(mark) for mark in marks if data.startswith(mark)), 0)
    queue, pieces, errors = Queue(data), [], []
    queue.at = begin = start
    while True:
        byte = queue.read()
        result = decoder.handle(queue, byte)
        if result == FINISHED:
            return pieces, errors
        if result == CONTINUE:
            if isinstance(decoder, Iso2022Jp) and decoder.state == decoder.output_state \
                    and decoder.output:
                begin = queue.at  # an escape sequence is no part of the character behind it
            continue
        if result == ERROR:
            if isinstance(decoder, Iso2022Jp) and decoder.state == "escape_start":
                # The bad pair is its lead; the escape begins at the byte just read.
                errors.append(begin)
                pieces.append((0xFFFD, begin))
                begin = queue.at - 1
                continue
            errors.append(begin)
            result = [0xFFFD]
        pieces += [(c, begin) for c in result]
        begin = queue.at


def some_bytes(rnd, spice, index_bytes):
    """Hostile but not hopeless: runs of valid characters, near misses, cuts."""
    out = bytearray()
    for _ in range(rnd.randrange(1, 12)):
        kind = rnd.randrange(6)
        if kind == 0:
            out += bytes(rnd.randrange(256) for _ in range(rnd.randrange(1, 6)))
        elif kind == 1:
            out += bytes(rnd.randrange(0x20, 0x7F) for _ in range(rnd.randrange(1, 12)))
        elif kind == 2:
            out += bytes(rnd.randrange(0x80, 256) for _ in range(rnd.randrange(1, 9)))
        else:
            for _ in range(rnd.randrange(1, 6)):
                out += rnd.choice(spice if kind == 3 else index_bytes)
    if rnd.randrange(3) == 0:
        del out[rnd.randrange(len(out)):]
    if rnd.randrange(40) == 0:
        out = out * rnd.randrange(200, 900)  # over several checkpoints
    return bytes(out)


def setups():
    Gb18030.index, Gb18030.ranges = read_index("gb18030"), read_index("gb18030-ranges")
    Big5.index, EucKr.index = read_index("big5"), read_index("euc-kr")
    jis0208 = read_index("jis0208")
    ShiftJis.index = EucJp.jis0208 = Iso2022Jp.jis0208 = jis0208
    EucJp.jis0212 = read_index("jis0212")
    Windows1255.index = read_index("windows-1255")

    def pairs(lead_low, lead_high, trail_low, trail_high):
        return [bytes([a, b]) for a in range(lead_low, lead_high + 1)
                for b in range(trail_low, trail_high + 1)]

    fours = [bytes([a, b, c, d]) for a in (0x81, 0x84, 0x90, 0xE3, 0xFE) for b in (0x30, 0x39)
             for c in (0x81, 0xA5, 0xFE) for d in (0x30, 0x32, 0x39)]
    escapes = [b"\x1b(B", b"\x1b(J", b"\x1b(I", b"\x1b$@", b"\x1b$B", b"\x1b", b"\x1b$", b"\x1b(",
               b"\x1b$X", b"\x0e", b"\\~"]
    utf8 = [chr(c).encode() for c in (0x80, 0x7FF, 0x800, 0x4E2D, 0xFFFD, 0x10000, 0x10FFFF)]
    units = [bytes([a, b]) for a in (0, 0x20, 0x41, 0x4E) for b in (0, 0x4E, 0x7F, 0xFF)]
    surrogates = [bytes([a, b]) for a in (0x00, 0xFF) for b in (0xD8, 0xDB, 0xDC, 0xDF)]
    return [
        ("gb18030", Gb18030, fours + [b"\x80", b"\x81\x30\x81", b"\x81\x30"],
         pairs(0x81, 0xFE, 0x40, 0xFE), []),
        ("gbk", Gb18030, fours, pairs(0xB0, 0xD7, 0xA1, 0xFE), []),
        ("big5", Big5, [b"\x88\x62", b"\x88\x64", b"\x88\xa3", b"\x88\xa5"],
         pairs(0x81, 0xFE, 0x40, 0xFE), []),
        ("euc-kr", EucKr, pairs(0xA1, 0xFE, 0xA1, 0xFE), pairs(0x81, 0xFE, 0x41, 0xFE), []),
        ("shift_jis", ShiftJis, [b"\xb1", b"\x80", b"\xa0", b"\xf0\x40", b"\xf9\xfc"],
         pairs(0x81, 0x9F, 0x40, 0xFC), []),
        ("euc-jp", EucJp, [b"\x8e\xb1", b"\x8f\xb0\xa1", b"\x8f\xb0", b"\x8f", b"\x8e"],
         pairs(0xA1, 0xFE, 0xA1, 0xFE), []),
        ("iso-2022-jp", Iso2022Jp, escapes, escapes + pairs(0x21, 0x7E, 0x21, 0x7E), []),
        ("utf-8", Utf8, utf8 + [u[:-1] for u in utf8], utf8, [b"\xef\xbb\xbf"]),
        ("utf-16le", Utf16, surrogates, units, [b"\xff\xfe"]),
        ("utf-16be", Utf16Be, [s[::-1] for s in surrogates], units, [b"\xfe\xff"]),
        ("windows-1255", Windows1255, [b"\xd9"], [b"\xe0"], []),
        ("x-user-defined", UserDefined, [b"\xd9"], [b"\xe0"], []),
        ("replacement", Replacement, [b"~{"], [b"~}"], []),
    ]


def ours(program, label, contents):
    data = b"".join(struct.pack("<I", len(c)) + c for c in contents)
    out = subprocess.run([program, label], input=data, stdout=subprocess.PIPE, check=True).stdout
    at = 0

    def number():
        nonlocal at
        at += 4
        return struct.unpack_from("<I", out, at - 4)[0]

    for _ in contents:
        size = number()
        text = out[at:at + size].decode("utf-8", "strict")
        at += size
        replaced, first = number(), number()
        yield text, replaced, first, [number() for _ in text]


def main():
    program, seed = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 1
    failed = compared = characters = replaced_in_all = 0
    for label, make, spice, index_bytes, marks in setups():
        rnd = random.Random(f"{seed} {label}")
        contents = [some_bytes(rnd, spice, index_bytes + marks) for _ in range(CASES_PER_ENCODING)]
        for content, (text, replaced, first, offsets) in zip(contents, ours(program, label, contents)):
            pieces, errors = decode(make(), content, marks)
            expected = ("".join(chr(c) for c, _ in pieces), len(errors),
                        errors[0] if errors else 0xFFFFFFFF, [at for _, at in pieces])
            compared += 1
            characters += len(pieces)
            replaced_in_all += len(errors)
            if expected != (text, replaced, first, offsets):
                failed += 1
                if failed <= 10:
                    print(f"{label}: {content[:60].hex(' ')}: expected "
                          f"{[x if isinstance(x, int) else x[:40] for x in expected]}, got "
                          f"{text[:40]!r} {replaced} {first} {offsets[:40]}", file=sys.stderr)
        print(f"{label:16} {len(contents)} contents compared, {failed} failed in all")
    print(f"{compared} contents, {characters} characters, {replaced_in_all} U+FFFD, {failed} failed")
    return 1 if failed or not replaced_in_all or compared < 10 * CASES_PER_ENCODING else 0


if __name__ == "__main__":
    if "QUERN_DATA" not in os.environ:
        sys.exit("QUERN_DATA is not set: it must name the folder with encoding/")
    DATA = Path(os.environ["QUERN_DATA"]) / "encoding"
    sys.exit(main())
