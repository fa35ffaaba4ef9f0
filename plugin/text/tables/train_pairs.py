#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Trains the pairs of characters that are common in Chinese, Japanese and Korean words: text/pairs.c.

usage: train_pairs.py     (writes pairs.inc beside itself; needs wordfreq 3.1.1 and Debian's unicode-data)

The pairs come from the words of wordfreq. Its Chinese is simplified: the traditional pairs are the
same words by Unihan's variants, which is right more often than not, and that is enough for counts.
Of each language the pairs that say most stay, as a filter: two bits of 65,536 for each.
"""
import bz2
import collections
import math
import re
from importlib.metadata import version
from pathlib import Path

import wordfreq

HERE = Path(__file__).resolve().parent
VARIANTS = "/usr/share/unicode/Unihan_Variants.txt.bz2"
PAIRS = 7000
FILTER_BITS = 1 << 16
GAIN_MIN = 2.0  # nats that the first character says about the second


def traditional():
    """Simplified character → traditional one, where Unihan has one that is not itself."""
    out = {}
    with bz2.open(VARIANTS, "rt", encoding="utf-8") as handle:
        for line in handle:
            match = re.match(r"U\+([0-9A-F]+)\tkTraditionalVariant\t(.*)", line)
            if match:
                char = chr(int(match[1], 16))
                forms = [chr(int(code, 16)) for code in re.findall(r"U\+([0-9A-F]+)", match[2])]
                others = [form for form in forms if form != char and ord(form) < 0x10000]
                if others and char not in forms:
                    out[char] = others[0]
    return str.maketrans(out)


def is_ideograph(char):
    return "\u4e00" <= char <= "\u9fff"


def is_hangul(char):
    return "\uac00" <= char <= "\ud7a3"


def pairs_of(language, is_first, table=None):
    """The pairs that say most about each other, by how often they stand in words."""
    pairs, single = collections.Counter(), collections.Counter()
    for word, weight in wordfreq.get_frequency_dict(language, "best").items():
        word = word.translate(table) if table else word
        for char in word:
            single[char] += weight
        for a, b in zip(word, word[1:]):
            if is_first(a) and is_first(b):
                pairs[a + b] += weight
    total = sum(single.values())
    gain = {pair: n * math.log(n * total / (single[pair[0]] * single[pair[1]]))
            for pair, n in pairs.items()
            if math.log(n * total / (single[pair[0]] * single[pair[1]])) >= GAIN_MIN}
    return sorted(gain, key=lambda pair: (-gain[pair], pair))[:PAIRS]


def places(pair):
    """The two bits of a pair: text/pairs.c computes the same."""
    key = (ord(pair[0]) << 16 | ord(pair[1])) * 0x9E3779B97F4A7C15 & (1 << 64) - 1
    return key >> 48, key >> 32 & 0xFFFF


def filter_of(pairs):
    words = [0] * (FILTER_BITS // 64)
    for pair in pairs:
        for bit in places(pair):
            words[bit // 64] |= 1 << bit % 64
    return words


def main():
    rows = [("hans", pairs_of("zh", is_ideograph)),
            ("hant", pairs_of("zh", is_ideograph, traditional())),
            ("japanese", pairs_of("ja", is_ideograph)), ("korean", pairs_of("ko", is_hangul))]
    out = (f"/* Made by plugin/text/tables/train_pairs.py from wordfreq {version('wordfreq')} and Unihan. "
           "Not edited by hand.\n * SPDX-License-Identifier: Apache-2.0 */\n")
    for name, pairs in rows:
        out += f"static const uint64_t pairs_{name}[{FILTER_BITS // 64}] = {{\n"
        words = [f"0x{word:X}," for word in filter_of(pairs)]
        for at in range(0, len(words), 5):
            out += "".join(words[at:at + 5]) + "\n"
        out += "};\n"
        print(name, len(pairs), "".join(f"{pair} " for pair in pairs[:12]), pairs[-1])
    (HERE / "pairs.inc").write_text(out, encoding="ascii")


if __name__ == "__main__":
    main()
