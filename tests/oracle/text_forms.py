#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Normal forms of random lines against Python's unicodedata and, where libicu-dev is installed, ICU;
and every emoji sequence of Unicode, which must pass unchanged.

The lines are of characters that normal forms are hard on: marks of every class, jamo, what
decomposes, what is excluded from composition, long runs of marks in any order. What the house
itself changes (controls, zero-width characters, bullets) is not among them.

    text_forms.py NORMALISE_TOOL [--icu PROGRAM] [--lines N] [--seed N]
"""
import argparse
import random
import re
import subprocess
import sys
import unicodedata
from pathlib import Path

UNICODE = Path("/usr/share/unicode")
COMPATIBILITY = re.compile("([\uf900-\ufaff\U0002f800-\U0002fa1f])")
SEQUENCES_MIN = 3000
FORMS = {"nfc": "NFC", "nfkc": "NFKC"}


def is_of_the_house(c):
    """Removed, or counted only, whatever its normal form; or not known to this Python."""
    return (unicodedata.category(chr(c)) in {"Cc", "Cf", "Co", "Cn", "Cs", "Zl", "Zp"} or
            c == 0xFFFD)


def pools():
    known = [chr(c) for c in range(0x20, 0x110000) if not is_of_the_house(c)]
    marks = [c for c in known if unicodedata.combining(c)]
    changed = [c for c in known if not unicodedata.is_normalized("NFD", c)]
    compatible = [c for c in known if not unicodedata.is_normalized("NFKC", c)]
    jamo = [chr(c) for c in [*range(0x1100, 0x1200), *range(0xAC00, 0xAC80)]]
    letters = [*map(chr, range(0x20, 0x7F)), *"中文文字한국어ไทยहिन्दी"]
    firsts = sorted({unicodedata.normalize("NFD", c)[0] for c in changed})
    joining = [c for c in known if not unicodedata.is_normalized("NFC", c)] + \
        [*"\u0301\u0323\u0302\u3099\u093c\u09be\u1161\u11a8\u0338\u0345"]
    return [marks, changed, compatible, jamo, letters, firsts, joining]


def random_line(draw, pool_list):
    pieces = []
    for _ in range(draw.randint(1, 12)):
        pool = draw.choice(pool_list)
        count = draw.choice([1, 1, 1, 2, 3, 5])
        pieces.append("".join(draw.choices(pool, k=count)))
    if draw.random() < 0.02:
        pieces.insert(draw.randint(0, len(pieces)),
                      "".join(draw.choices(pool_list[0], k=draw.randint(30, 700))))
    return "".join(pieces)


def run(tool, form, lines):
    done = subprocess.run([tool, form, "lines"], input="".join(f"{line}\n" for line in lines),
                          capture_output=True, encoding="utf-8", check=True)
    return done.stdout.split("\n")[:-1], done.stderr


def keep_compatibility(line):
    return "".join(part if COMPATIBILITY.fullmatch(part) and
                   unicodedata.normalize("NFC", part) != part
                   else unicodedata.normalize("NFC", part) for part in COMPATIBILITY.split(line))


def differences(name, lines, made, expected):
    wrong = [i for i, line in enumerate(expected) if made[i] != line]
    for i in wrong[:3]:
        print(f"{name}: {ascii(lines[i])}\n  made     {ascii(made[i])}\n"
              f"  expected {ascii(expected[i])}")
    print(f"{name}: {len(lines)} lines, {len(wrong)} differ")
    return len(wrong) + abs(len(made) - len(expected))


def check_icu(program, tool, form, lines):
    if not program:
        print("ICU: NOT COMPARED, libicu-dev is missing")
        return 0
    done = subprocess.run([program, form], input="".join(f"{line}\n" for line in lines),
                          capture_output=True, encoding="utf-8", check=True)
    made, _ = run(tool, form, lines)
    return differences(f"{form}, {done.stderr.strip()}", lines, made,
                       done.stdout.split("\n")[:-1])


def check_forms(tool, icu, lines):
    failed = 0
    for form, name in FORMS.items():
        made, _ = run(tool, form, lines)
        expected = [unicodedata.normalize(name, line) for line in lines]
        failed += differences(f"{form}, Python's {unicodedata.unidata_version}", lines, made,
                              expected)
        again, changes = run(tool, form, made)
        failed += differences(f"{form} again", made, again, made)
        failed += "normalised" in changes
        failed += check_icu(icu, tool, form, lines)
    made, _ = run(tool, "nfc-keep-compat", lines)
    failed += differences("nfc-keep-compat", lines, made, list(map(keep_compatibility, lines)))
    made, changes = run(tool, "none", lines)
    return failed + differences("none", lines, made, lines) + bool(changes)


def emoji_sequences():
    for name in "emoji-sequences.txt", "emoji-zwj-sequences.txt", "emoji-test.txt":
        for line in (UNICODE / "emoji" / name).read_text(encoding="utf-8").splitlines():
            codes = line.split("#")[0].split(";")[0].strip()
            if codes and ".." not in codes:
                yield "".join(chr(int(code, 16)) for code in codes.split())


def check_emoji(tool):
    sequences = [sequence for sequence in emoji_sequences() if "\n" not in sequence]
    made, changes = run(tool, "nfc", sequences)
    if len(sequences) < SEQUENCES_MIN or changes:
        print(f"emoji: {len(sequences)} sequences; changes: {changes}")
        return 1
    return differences("emoji sequences", sequences, made, sequences)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("tool")
    parser.add_argument("--icu", default="", help="the program text_icu")
    parser.add_argument("--lines", type=int, default=40000)
    parser.add_argument("--seed", type=int, default=15)
    args = parser.parse_args()
    draw = random.Random(args.seed)
    pool_list = pools()
    lines = [random_line(draw, pool_list) for _ in range(args.lines)]
    return bool(check_forms(args.tool, args.icu, lines) + check_emoji(args.tool))


if __name__ == "__main__":
    sys.exit(main())
