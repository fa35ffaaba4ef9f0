#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Texts to measure normal forms on, made from natural files (QUERN_DATA, charset-files) in UTF-8.

usage: corpora.py CHARSET_FILES_FOLDER OUT_FOLDER
"""
import random
import re
import sys
import unicodedata
from pathlib import Path

CODECS = {"johab": "johab", "maccyrillic": "mac_cyrillic"}
CJK_PUNCTUATION = "，。、；：？！“”《》（）【】—…"


def texts(folder, languages):
    """Every file of these languages that its encoding decodes."""
    for path in sorted(folder.rglob("*")):
        encoding, _, language = path.parent.name.rpartition("-")
        if not path.is_file() or language not in languages:
            continue
        try:
            yield path.read_bytes().decode(CODECS.get(encoding, encoding))
        except (UnicodeDecodeError, LookupError):
            continue


def clean(text):
    """Without what the house takes out beside normal forms: the peers would leave it."""
    return "".join(c for c in text.replace("\r\n", "\n").replace("\r", "\n")
                   if c in "\n\t" or unicodedata.category(c) not in {"Cc", "Cf", "Zl", "Zp"})


def without_markup(text):
    text = re.sub(r"(?s)<(script|style).*?</\1>|<[^>]*>", "", text)
    return re.sub(r"\s+", " ", re.sub(r"&\w+;", "", text))


def dense(text):
    """Only ideographs and their punctuation, in lines of forty."""
    kept = [c for c in text if "\u4e00" <= c <= "\u9fff" or c in CJK_PUNCTUATION]
    return "\n".join("".join(kept[at:at + 40]) for at in range(0, len(kept), 40))


def reworded(text):
    """So little there is that its words are drawn anew, so that no branch learns it by heart."""
    draw = random.Random(1)
    words = text.split()
    return " ".join(draw.choice(words) for _ in range(50000))


def make(folder):
    chinese = [clean(text) for text in texts(folder, {"chinese"})]
    korean = without_markup("".join(clean(t) for t in texts(folder, {"korean"})))
    latin = without_markup("".join(clean(t) for t in texts(
        folder, {"hungarian", "czech", "slovak", "polish", "turkish", "romanian"})))
    vietnamese = reworded(without_markup("".join(map(clean, texts(folder, {"vietnamese"})))))
    one = unicodedata.normalize
    yield "chinese_dense", dense("".join(chinese))
    yield "chinese_pages", one("NFC", "".join(t for t in chinese if "</" in t))
    yield "latin_accents", one("NFC", latin)
    yield "vietnamese", one("NFC", vietnamese)
    yield "korean", one("NFC", korean)
    yield "japanese", one("NFC", without_markup("".join(map(clean, texts(folder, {"japanese"})))))
    yield "arabic", one("NFC", without_markup("".join(map(clean, texts(folder, {"arabic"})))))
    yield "thai", one("NFC", without_markup("".join(map(clean, texts(folder, {"thai"})))))
    yield "latin_decomposed", one("NFD", latin)
    yield "vietnamese_1258", vietnamese
    yield "vietnamese_decomposed", one("NFD", vietnamese)
    yield "korean_jamo", one("NFD", korean)


def main():
    folder, out = Path(sys.argv[1]), Path(sys.argv[2])
    out.mkdir(parents=True, exist_ok=True)
    for name, text in make(folder):
        if len(text) < 1000:
            sys.exit(f"corpora.py: no text for {name}")
        (out / f"{name}.txt").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
