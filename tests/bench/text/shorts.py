# SPDX-License-Identifier: Apache-2.0
"""Names of 2 to 20 characters: places, terms, headings, persons and titles of documents. Half of
them, by the parity of their SHA-1, are for tuning; the others are held out."""
import random
import re

from sources import babel_names, geonames, messages
from titles import GIVEN_NAMES, SURNAMES, TITLES
from transcoded import PLAIN, split_of

COUNT = 800
PLACES = ["kgeography-data", "iso-codes"]
HEADINGS = ["gimp-data", "vlc-l10n", "libgtk-3-common"]
IDEOGRAPH = "[\u3400-\u9fff\uf900-\ufaff]"
KANA = "[\u3041-\u30ff]"
HANGUL = "[\uac00-\ud7a3]"
# class → codec, catalogue, CLDR's locale, what a character of the script is
CJK = {
    "GBK": ("gbk", "zh_CN", "zh_Hans", IDEOGRAPH),
    "Big5": ("big5", "zh_TW", "zh_Hant", IDEOGRAPH),
    "GBK-traditional": ("gbk", "zh_TW", "zh_Hant", IDEOGRAPH),
    "Shift_JIS": ("cp932", "ja", "ja", f"(?:{IDEOGRAPH}|{KANA})"),
    "EUC-JP": ("euc_jp", "ja", "ja", f"(?:{IDEOGRAPH}|{KANA})"),
    "CP949": ("cp949", "ko", "ko", HANGUL),
}
WEST = ["de", "fr", "es", "it", "pt", "sv", "da", "nb", "fi", "nl"]
EAST = ["pl", "cs", "sk", "hu", "ro", "hr", "sl"]
CYRILLIC = ["ru", "uk", "bg", "mk", "sr"]
CONTROL = {  # codec → languages; the first four are what the numbers are about
    "cp1252": WEST, "cp1251": CYRILLIC, "koi8-r": ["ru"], "cp866": ["ru", "bg"],
    "cp1250": EAST, "cp852": EAST, "cp850": WEST, "cp437": ["de", "fr", "es", "it"],
    "iso8859-5": ["ru"], "mac-cyrillic": ["ru"], "mac-roman": WEST, "koi8-u": ["uk"],
    "cp1253": ["el"], "cp1254": ["tr"], "cp1255": ["he"], "cp1256": ["ar"], "cp874": ["th"],
    "cp1257": ["lt", "lv", "et"], "cp1258": ["vi"],
}
CONTROL_MAIN = ["cp1252", "cp1251", "koi8-r", "cp866"]


def persons(locale):
    return [surname + given for surname in SURNAMES.get(locale, [])
            for given in GIVEN_NAMES[locale]]


def pool(folder, locale, cldr, script):
    """(share, names) of every kind of source of one language."""
    def keep(names, least):
        seen = sorted(set(name.strip() for name in names))
        return [name for name in seen
                if 2 <= len(name) <= 20 and "\n" not in name and len(re.findall(script, name)) >= least]
    least = 2 if locale in SURNAMES else 1
    return [
        (0.4, keep((m for p in PLACES for m in messages(folder, p, locale)), least)),
        (0.15 if cldr else 0, keep(babel_names(cldr) if cldr else (), least)),
        (0.15, keep((m for p in HEADINGS for m in messages(folder, p, locale)), least)),
        (0.15, keep(TITLES.get(locale, []), least)),
        (0.15, keep(persons(locale), least)),
    ]


def encode(name, codec):
    for form in (name, name.translate(PLAIN)):
        try:
            return form.encode(codec)
        except UnicodeEncodeError:
            continue
    return None


def names_of(folder, codec, locale, cldr, script, count=COUNT):
    """(split, bytes), each kind of source to its share, the same ones each time."""
    chance = random.Random(f"{codec} {locale}")
    out = {}
    for share, names in pool(folder, locale, cldr, script):
        chance.shuffle(names)
        taken = 0
        for name in names:
            if taken >= share * count:
                break
            if chance.random() < 0.2:
                name += chance.choice((".txt", ".doc", ".pdf", ".jpg", " 2", "(1)"))
            data = encode(name, codec)
            if data and max(data) >= 0x80 and data not in out:
                out[data] = split_of(name)
                taken += 1
    return [(split, data) for data, split in out.items()]


def cjk_names(folder):
    """class → (codec, [(split, bytes)])"""
    return {name: (row[0], names_of(folder, *row)) for name, row in CJK.items()}


def control_names(folder):
    """codec → [(split, bytes)] of languages that no encoding of CJK is for. Without CLDR, whose
    names the models of some of these languages were trained on."""
    out = {}
    for codec, languages in CONTROL.items():
        out[codec] = []
        for language in languages:
            out[codec] += names_of(folder, codec, language, None, "[^\x00-\x7f]",
                                   COUNT // len(languages))
    return out


def city_names():
    """[(split, bytes)] of every city's name that windows-1252 can write: many, for rare mistakes."""
    out = {}
    for name in geonames():
        data = encode(name, "cp1252")
        if data and max(data) >= 0x80 and len(name) <= 20:
            out[data] = split_of(name)
    return [(split, data) for data, split in sorted(out.items())]
