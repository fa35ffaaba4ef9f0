# SPDX-License-Identifier: Apache-2.0
"""Texts of many languages in every encoding that the language was written in: made of translated
messages, 200 to 2,400 characters each; by the parity of their SHA-1 half of them are for tuning
(`tune`), the others are `held` out."""
import hashlib
import random

from codecs_of import codec_of
from sources import messages

PACKAGES = ["freeciv-data", "vlc-l10n", "gimp-data", "libgtk-3-common"]
TEXTS_PER_LANGUAGE = 48
UNICODE = "utf-8 utf-8-sig utf-16 utf-16-le utf-16-be utf-32 utf-32-le utf-32-be".split()
WEST = "de fr es it pt nl da sv nb fi ca gl eu"
EAST = "pl cs sk hu ro hr sl"
LABELS = {
    "gb2312": "zh_CN", "gbk": "zh_CN zh_TW", "gb18030": "zh_CN zh_TW", "hz": "zh_CN",
    "big5": "zh_TW", "cp950": "zh_TW", "big5hkscs": "zh_TW",
    "euc_jp": "ja", "shift_jis": "ja", "cp932": "ja", "iso2022_jp": "ja",
    "shift_jis_2004": "ja", "euc_jis_2004": "ja",
    "euc_kr": "ko", "cp949": "ko", "johab": "ko", "iso2022_kr": "ko",
    "iso8859-1": WEST + " is ga", "iso8859-2": EAST + " sq", "iso8859-3": "eo tr",
    "iso8859-4": "et lv lt", "iso8859-5": "ru bg mk sr be", "iso8859-6": "ar",
    "iso8859-7": "el", "iso8859-8": "he", "iso8859-9": "tr", "iso8859-10": "is et",
    "iso8859-13": "lt lv et", "iso8859-14": "cy ga gd", "iso8859-15": WEST + " et",
    "iso8859-16": "ro", "tis-620": "th", "cp874": "th",
    "cp1250": EAST, "cp1251": "ru uk bg be mk sr", "cp1252": WEST + " is", "cp1253": "el",
    "cp1254": "tr", "cp1255": "he", "cp1256": "ar fa", "cp1257": "et lv lt", "cp1258": "vi",
    "koi8-r": "ru bg", "koi8-u": "uk ru", "koi8-t": "tg", "kz1048": "kk", "ptcp154": "kk",
    "cp437": "de fr es it sv nl", "cp720": "ar", "cp737": "el", "cp775": "lt lv et",
    "cp850": WEST, "cp852": EAST, "cp855": "ru bg mk sr", "cp857": "tr", "cp858": WEST,
    "cp860": "pt", "cp861": "is", "cp862": "he", "cp863": "fr", "cp865": "da nb",
    "cp866": "ru bg be", "cp869": "el", "cp1125": "uk",
    "mac-roman": WEST, "mac-cyrillic": "ru uk bg mk sr", "mac-greek": "el", "mac-turkish": "tr",
    "mac-iceland": "is", "mac-latin2": "pl cs sk hu",
    "cp864": "ar",
}
EBCDIC = {"cp037": WEST, "cp500": WEST, "cp1140": WEST, "cp273": "de", "cp424": "he",
          "cp875": "el", "cp1026": "tr"}
# Typewriter forms of what an old set lacks; the letters Romania got after the sets were made.
PLAIN = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "„": '"', "–": "-", "—": "-",
                       "…": "...", "\u00a0": " ", "\u200b": "", "\u200e": "", "\u200f": "",
                       "•": "*", "×": "x", "ș": "ş", "ț": "ţ", "Ș": "Ş", "Ț": "Ţ", "−": "-",
                       "\u202f": " ", "\u2011": "-", "\u200c": " "})
EVERY_LANGUAGE = sorted(set(" ".join(LABELS.values()).split()))


def split_of(text):
    """`tune` or `held`, by the text alone."""
    return "held" if hashlib.sha1(text.encode()).digest()[-1] & 1 else "tune"


def texts_of(folder, language):
    """TEXTS_PER_LANGUAGE texts, the same ones each time."""
    locales = {"nb": ["nb", "no"], "pt": ["pt", "pt_PT", "pt_BR"]}.get(language, [language])
    shortest = 12 if language in ("zh_CN", "zh_TW", "ja", "ko") else 30
    lines = sorted({text for package in PACKAGES for locale in locales
                    for text in messages(folder, package, locale)
                    if len(text) >= shortest and any(c > "\x7f" for c in text)})
    chance = random.Random(language)
    chance.shuffle(lines)
    texts = []
    while lines and len(texts) < TEXTS_PER_LANGUAGE:
        wanted = chance.choice((200, 400, 800, 1200, 2400))
        text = ""
        while lines and len(text) < wanted:
            text += lines.pop() + "\n"
        texts.append(text)
    return texts


def encodable(line, label):
    """The line, in typewriter forms where it must be; "" where the encoding lacks a character."""
    for form in (line, line.translate(PLAIN), vietnamese(line) if label == "cp1258" else line):
        try:
            form.encode(label)
            return form
        except UnicodeEncodeError:
            continue
    return ""


def encode(text, label):
    """The lines that the encoding can represent; None: less than half of the text."""
    lines = [encodable(line, label) for line in text.splitlines()]
    kept = "".join(f"{line}\n" for line in lines if line)
    is_plain = all(c <= "\x7f" for c in kept)
    return None if is_plain or 2 * len(kept) < len(text) else kept.encode(label)


def vietnamese(text):
    """windows-1258 has the tone marks as characters of their own."""
    import unicodedata
    out = ""
    for c in unicodedata.normalize("NFC", text.translate(PLAIN)):
        try:
            c.encode("cp1258")
            out += c
        except UnicodeEncodeError:
            parts = unicodedata.normalize("NFD", c)
            tones = [p for p in parts if p in "\u0300\u0301\u0303\u0309\u0323"]
            rest = "".join(p for p in parts if p not in tones)
            out += unicodedata.normalize("NFC", rest) + "".join(tones)
    return out


def samples(folder, labels=None):
    """(label, language, split, bytes) of every text in every label."""
    texts = {language: texts_of(folder, language) for language in EVERY_LANGUAGE}
    for label, languages in (labels or LABELS).items():
        for language in languages.split():
            for text in texts[language]:
                data = encode(text, label)
                if data:
                    yield label, language, split_of(text), data
    if labels:
        return
    for label in UNICODE:
        for language in EVERY_LANGUAGE:
            for text in texts[language][:6]:
                yield label, language, split_of(text), text.encode(label)


assert len(LABELS) + len(UNICODE) == 79, len(LABELS) + len(UNICODE)
assert all(codec_of(label) for label in LABELS)
