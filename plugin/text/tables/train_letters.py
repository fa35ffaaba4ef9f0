#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Trains the models of languages that are written in letters: which letter follows which.

usage: train_letters.py     (writes beside itself; needs the packages of train_letters.txt)

  letters.inc   LETTERS rows: a language's letters beyond ASCII and its table of costs
  letters_any.inc  for scripts of several languages the least that a pair of letters costs in any
  signs.inc     what each code point of a single-byte encoding is: a letter or a kind of sign

Words and how frequent they are come from wordfreq; for languages it has not, and for running text of
Thai, from the translations of Django and the names of CLDR that Babel carries. Only counts of letter
pairs stay, as classes of four bits.
"""
import collections
import math
import re
import unicodedata
from importlib.metadata import version
from pathlib import Path

import babel
import django
import wordfreq

HERE = Path(__file__).resolve().parent
ASCII = "abcdefghijklmnopqrstuvwxyz"
# A class is this many nats more; 15 is as rare as it gets.
CLASS_NATS = 0.6
SMOOTHING = 30.0
PAIRS = 1e6
LETTER_SHARE_MIN = 5e-6
CORE_SHARE_MIN = 2e-5
LETTERS_MAX = 70
TEXT_WEIGHT = 3

# Tag, where its words come from, script; in the order of enum letters (alphabetical by tag).
LANGUAGES = [
    ("af", "names", "latin"), ("ar", "words", "arabic"), ("az", "names", "latin"),
    ("be", "names", "cyrillic"), ("bg", "words", "cyrillic"), ("br", "names", "latin"), ("ca", "words", "latin"),
    ("cs", "words", "latin"), ("cy", "names", "latin"), ("da", "words", "latin"),
    ("de", "words", "latin"), ("el", "words", "greek"), ("en", "words", "latin"),
    ("eo", "names", "latin"), ("es", "words", "latin"), ("et", "names", "latin"),
    ("eu", "names", "latin"), ("fa", "words", "arabic"), ("fi", "words", "latin"),
    ("fr", "words", "latin"), ("ga", "names", "latin"), ("gd", "names", "latin"), ("gl", "names", "latin"),
    ("he", "words", "hebrew"), ("hr", "words:sh", "latin"), ("hsb", "names", "latin"), ("hu", "words", "latin"),
    ("hy", "names", "armenian"), ("is", "words", "latin"), ("it", "words", "latin"),
    ("ka", "names", "georgian"), ("kk", "names", "cyrillic"), ("ky", "names", "cyrillic"), ("lb", "names", "latin"), ("lt", "words", "latin"),
    ("lv", "words", "latin"), ("mk", "words", "cyrillic"), ("mn", "names", "cyrillic"), ("mt", "names", "latin"),
    ("nb", "words", "latin"), ("nl", "words", "latin"), ("pl", "words", "latin"),
    ("pt", "words", "latin"), ("ro", "words", "latin"), ("ru", "words", "cyrillic"),
    ("sk", "words", "latin"), ("sl", "words", "latin"), ("sq", "names", "latin"),
    ("sr", "names", "cyrillic"), ("sv", "words", "latin"), ("tg", "names", "cyrillic"),
    ("th", "names", "thai"), ("tr", "words", "latin"), ("tt", "names", "cyrillic"), ("uk", "words", "cyrillic"),
    ("ur", "words", "arabic"), ("vi", "words", "latin"),
]
SCRIPTS = ["latin", "cyrillic", "greek", "hebrew", "arabic", "thai", "armenian", "georgian"]
TONES = "\u0300\u0301\u0303\u0309\u0323"
# Precomposed letters that windows-1258 has; the rest are a letter and a tone.
VIETNAMESE_WHOLE = set("àáâăèéêíóôơùúưđ")


def fold(char, tag=""):
    """The one small letter that stands for a letter in all its forms."""
    if tag in ("tr", "az") and char in "Iİ":
        return {"I": "ı", "İ": "i"}[char]
    if char in "ȘșȚț":  # Romanian, which older encodings write with cedillas
        return {"Ș": "ş", "ș": "ş", "Ț": "ţ", "ț": "ţ"}[char]
    if 0xFB50 <= ord(char) <= 0xFEFF:
        form = unicodedata.normalize("NFKC", char)
        char = form if len(form) == 1 else char
    low = char.lower()
    return low[0] if char != "İ" else "i"


def script_of(char):
    name = unicodedata.name(char, "").split(" ")[0].lower()
    return name if name in SCRIPTS else "latin" if char in TONES else None


def translations(tag):
    """Words of Django's translations and of CLDR's names, each as often as it stands there."""
    words = collections.Counter()
    for path in Path(django.__file__).parent.glob(f"**/locale/{tag}/LC_MESSAGES/*.po"):
        for text in re.findall(r'^(?:msgstr(?:\[\d\])? )?"(.*)"$', path.read_text("utf-8"), re.M):
            text = re.sub(r"%\(\w+\)\w|%\w|<[^>]*>|\\.|\{.*?\}", " ", text)
            for word in re.findall(r"\w+[’'\w]*|[\u0e00-\u0e7f]+", text):
                words[word] += TEXT_WEIGHT
    locale = babel.Locale.parse(tag)
    names = [locale.territories, locale.languages, locale.scripts, locale.currencies]
    for name in [text for group in names for text in group.values()]:
        for word in re.findall(r"[\u0e00-\u0e7f]+|\w+", name):
            words[word] += 1
    for width in ("wide", "abbreviated"):
        for word in [*locale.months["format"][width].values(), *locale.days["format"][width].values()]:
            words[word] += TEXT_WEIGHT
    return words


def words_of(tag, source):
    """Folded words of the language's script and their weights."""
    kind, _, name = source.partition(":")
    found = wordfreq.get_frequency_dict(name or tag, "best") if kind == "words" else translations(tag)
    script = dict((row[0], row[2]) for row in LANGUAGES)[tag]
    out = collections.Counter()
    for word, weight in found.items():
        word = "".join(fold(char, tag) for char in unicodedata.normalize("NFC", word) if char not in "’'-")
        letters = [char for char in word if char.isalpha() or unicodedata.category(char) == "Mn"]
        if len(letters) == len(word) and word and all(
                script_of(char) == script or (char in ASCII and script == "latin") for char in word):
            out[word] += weight
    return out


def vietnamese(word):
    """As windows-1258 writes it: what it has not as one letter becomes a letter and a tone."""
    out = ""
    for char in word:
        parts = unicodedata.normalize("NFD", char)
        if char in VIETNAMESE_WHOLE or len(parts) == 1:
            out += char
        else:
            tone = next((part for part in parts if part in TONES), "")
            out += unicodedata.normalize("NFC", "".join(p for p in parts if p not in TONES)) + tone
    return out


def vietnamese_apart(word):
    """As Windows keyboards write it: every tone is a character of its own."""
    out = ""
    for char in word:
        parts = unicodedata.normalize("NFD", char)
        tone = next((part for part in parts if part in TONES), "")
        out += unicodedata.normalize("NFC", "".join(p for p in parts if p not in TONES)) + tone
    return out


def letters_of(words, script):
    """Those a model has a class for, the frequent ones first, and how many are frequent."""
    count = collections.Counter()
    for word, weight in words.items():
        for char in word:
            count[char] += weight
    total = sum(count.values())
    own = [char for char, n in count.most_common() if ord(char) > 127 and n / total >= LETTER_SHARE_MIN]
    own = own[:LETTERS_MAX]
    core = [char for char in own if count[char] / total >= CORE_SHARE_MIN]
    own = sorted(core) + sorted(set(own) - set(core))
    return own, len(core), [c for c in ASCII] if script == "latin" else ["latin"]


def costs(words, letters):
    """Rows: what stands before; columns: what follows. 0: no letter, 1: any letter without a class
    and, as a row, nothing known of what stood before."""
    index = {char: i + 2 for i, char in enumerate(letters)}
    size = len(letters) + 2
    pairs = [[0.0] * size for _ in range(size)]
    for word, weight in words.items():
        chain = [0] + [index.get(char, 1) for char in word] + [0]
        for a, b in zip(chain, chain[1:]):
            pairs[a][b] += weight
    scale = PAIRS / sum(map(sum, pairs))
    pairs = [[n * scale for n in row] for row in pairs]
    single = [sum(row[b] for row in pairs) for b in range(size)]
    share = [(n + 5.0) / (PAIRS + 5.0 * size) for n in single]
    table = []
    for a in range(size):
        row = pairs[a] if a != 1 else [0.0] * size
        total = sum(row)
        for b in range(size):
            p = (row[b] + SMOOTHING * share[b]) / (total + SMOOTHING)
            table.append(min(15, max(0, round(-math.log(p) / CLASS_NATS))))
    return table


def packed(table):
    """Sixteen classes a word, the first in the lowest bits."""
    table = table + [0] * (-len(table) % 16)
    out = []
    for at in range(0, len(table), 16):
        out.append("0x%X" % sum(value << 4 * i for i, value in enumerate(table[at:at + 16])))
    lines, line = [], ""
    for word in out:
        if len(line) + len(word) > 97:
            lines.append(line)
            line = ""
        line += word + ","
    return "\n".join(lines + [line])


def models():
    for tag, source, script in LANGUAGES:
        words = words_of(tag, source)
        if tag != "vi":
            yield tag, tag, script, words
            continue
        tones = collections.Counter()
        for word, weight in words.items():
            tones[vietnamese(word)] += weight
            tones[vietnamese_apart(word)] += weight
        yield "vi_tones", "vi", script, tones
        yield "vi", "vi", script, words


def least(tables, script):
    """Costs of a model that no language of the script goes below: (letters, table). `tables`: (script,
    letters beyond ASCII, table of costs) of the languages."""
    basic = list(ASCII) if script == "latin" else ["latin"]
    members = [(basic + own, table) for name, own, table in tables if name == script]
    union = sorted({char for letters, _ in members for char in letters} - set(basic))
    places = basic + union
    size = len(places) + 2
    lowest = [15] * (size * size)
    for letters, table in members:
        index = {char: i + 2 for i, char in enumerate(letters)}
        own = [0, 1] + [index.get(char, 1) for char in places]
        for a in range(size):
            for b in range(size):
                if b < 2 or own[b] > 1:
                    cost = table[own[a] * (len(letters) + 2) + own[b]]
                    lowest[a * size + b] = min(lowest[a * size + b], cost)
    return union, lowest


def write_least(tables):
    rows, body = [], ""
    for script in SCRIPTS:
        if sum(name == script for name, _, _ in tables) < 2:
            continue
        letters, table = least(tables, script)
        rows.append(f"LETTERS_ANY({script.upper()}, {len(letters)})")
        body += f"static const uint16_t letters_any_{script.upper()}[] = {{\n"
        body += "".join("0x%04X,%s" % (ord(c), "\n" if i % 14 == 13 else "") for i, c in enumerate(letters))
        body += f"0}};\nstatic const uint64_t costs_any_{script.upper()}[] = {{\n{packed(table)}\n}};\n"
    text = "#ifdef LETTERS_ANY\n" + "\n".join(rows) + "\n#else\n" + body + "#endif\n"
    (HERE / "letters_any.inc").write_text(head() + text, encoding="ascii")


def head():
    sources = ", ".join(f"{name} {version(name)}" for name in ("wordfreq", "Django", "Babel"))
    return (f"/* Made by plugin/text/tables/train_letters.py from {sources}. Not edited by hand.\n"
            " * SPDX-License-Identifier: Apache-2.0 */\n")


def write_models():
    used, rows, tables, scripts = set(), [], [], []
    for name, tag, script, words in models():
        own, core, basic = letters_of(words, script)
        used.update(own)
        tables.append((name, own, costs(words, basic + own)))
        scripts.append((script, own, tables[-1][2]))
        rows.append(f'LETTERS({name}, "{tag}", {script.upper()}, {len(own)}, {core})')
    body = "#ifdef LETTERS\n" + "\n".join(rows) + "\n#else\n"
    for name, own, table in tables:
        body += f"static const uint16_t letters_of_{name}[] = {{\n"
        body += "".join("0x%04X,%s" % (ord(c), "\n" if i % 14 == 13 else "") for i, c in enumerate(own))
        body += f"0}};\nstatic const uint64_t costs_of_{name}[] = {{\n{packed(table)}\n}};\n"
    (HERE / "letters.inc").write_text(head() + body + "#endif\n", encoding="ascii")
    write_least(scripts)
    return used


def code_points():
    """All that a single-byte encoding may yield."""
    found = set()
    for path in HERE.glob("singles*.inc"):
        found.update(int(code, 16) for code in re.findall(r"0x([0-9A-F]{4})", path.read_text("ascii")))
    return found


KINDS = {
    "COMMON": "\u00a0\u2026",
    "DASH": "\u2013\u2014",
    "OPENING": "\u00ab\u2018\u201c\u201e",
    "APOSTROPHE": "\u2019",
    "BEHIND": "\u00bb\u201d",  # stand behind words as a rule
    "OF_NUMBER": "\u00b0\u00b2\u00b3\u00bd\u00bc\u00be\u00ba\u00aa\u20ac\u00d7",
    "JOINT": "\u00ad\u00b7\u02bc\u0387\u05be\u0640\u200c\u200d",
    "KNOWN": "\u00a1\u00a3\u00a7\u00a9\u00ae\u00b4\u00bf\u201a\u2039\u203a\u2022\u2122\u2116\u060c\u061b\u061f"
             "\u00b1\u0e3f\u2015\u2212\u00a8\u0385\u0384\u200e\u200f",
}


def kind_of(char):
    category = unicodedata.category(char)
    if char in TONES:
        return "LETTER"
    if category[0] == "L" and script_of(char) and char not in "ªº":
        return "LETTER"
    if 0x0E01 <= ord(char) <= 0x0E4E and ord(char) != 0x0E3F:
        return "LETTER"
    if category == "Mn":
        return "MARK"
    if category == "Cc":
        return "CONTROL"
    if category == "Nd":
        return "DIGIT"
    if 0x2500 <= ord(char) < 0x25A0:
        return "FRAME"
    return next((kind for kind, chars in KINDS.items() if char in chars), "RARE")


def write_signs(used):
    """Blocks of 64 code points. A letter: 1, bit 1 a capital, 2 to 4 its script, 5 up its number (0:
    ASCII's). Anything else: 0, bits 1 to 4 its kind."""
    kinds = ["RARE", "COMMON", "KNOWN", "MARK", "CONTROL", "DIGIT", "FRAME", "BEHIND", "OPENING",
             "APOSTROPHE", "OF_NUMBER", "DASH", "JOINT"]
    chars = sorted(chr(code) for code in code_points() if code > 127)
    folded = {fold(char) for char in chars if kind_of(char) == "LETTER"} | used | {"ı"}
    folded = sorted(char for char in folded if ord(char) > 127)
    number = {char: i + 1 for i, char in enumerate(folded)}
    blocks, index = [[0] * 64], [0] * (0x10000 // 64)
    for char in chars + [c for c in folded if c not in chars]:
        block = ord(char) // 64
        if not index[block]:
            index[block] = len(blocks)
            blocks.append([0] * 64)
        kind = kind_of(char)
        value = 1 if kind == "LETTER" else kinds.index(kind) << 1
        if kind == "LETTER":
            low = fold(char)
            value |= (char.lower() != char or char == "İ") << 1
            value |= SCRIPTS.index(script_of(low) or "latin") << 2
            value |= (number[low] if ord(low) > 127 else 0) << 5
        blocks[index[block]][ord(char) % 64] = value
    assert len(blocks) < 256 and len(folded) < 2048
    body = f"enum {{ LETTER_COUNT = {len(folded) + 1} }};\nstatic const uint8_t sign_blocks[1024] = {{\n"
    for at in range(0, 1024, 32):
        body += "".join("%d," % n for n in index[at:at + 32]) + "\n"
    body += f"}};\nstatic const uint16_t signs[{len(blocks)}][64] = {{\n"
    for block in blocks:
        body += "{" + "".join("0x%X," % n for n in block) + "},\n"
    body += "};\n"
    (HERE / "signs.inc").write_text(head() + body, encoding="ascii")


if __name__ == "__main__":
    write_signs(write_models())
