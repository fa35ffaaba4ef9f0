# SPDX-License-Identifier: Apache-2.0
"""The encodings as everybody names them → one of Python's codecs, so that "right" can mean the
same for all: the bytes decode to the same text."""
import codecs
import unicodedata

# A narrower set is read by the one that contains it, as the Encoding Standard does.
SUPERSET = {
    "ascii": "cp1252", "iso8859-1": "cp1252", "iso8859-9": "cp1254", "tis-620": "cp874",
    "iso8859-11": "cp874", "gb2312": "gb18030", "gbk": "gb18030", "cp950": "big5hkscs",
    "big5": "big5hkscs", "shift_jis": "cp932", "euc_kr": "cp949", "utf-8": "utf-8-sig",
}
OTHER_NAMES = {
    "windows-874": "cp874", "macintosh": "mac_roman", "x-mac-cyrillic": "mac_cyrillic",
    "mac-cyrillic": "mac_cyrillic", "maccyrillic": "mac_cyrillic", "mac-centraleurope": "mac_latin2",
    "x-mac-ce": "mac_latin2", "x-mac-greek": "mac_greek", "x-mac-turkish": "mac_turkish",
    "x-mac-icelandic": "mac_iceland", "x-mac-croatian": "mac_croatian",
    "x-mac-romanian": "mac_romanian", "iso-8859-8-i": "iso8859-8", "iso-8859-8-e": "iso8859-8",
    "uhc": "cp949", "windows-949": "cp949", "windows-31j": "cp932", "koi8_u": "koi8-u",
    "big5-hkscs": "big5hkscs", "hz-gb-2312": "hz", "euc-jp": "euc_jp", "utf-8-sig": "utf-8-sig",
    "eucjis2004": "euc_jis_2004", "x-johab": "johab", "ibm1125": "cp1125", "ibm720": "cp720",
    "ibm737": "cp737", "ibm855": "cp855", "ibm775": "cp775", "macroman": "mac_roman",
    "macgreek": "mac_greek", "maclatin2": "mac_latin2", "macturkish": "mac_turkish",
    "maciceland": "mac_iceland", "koi8-ru": "koi8-u", "koi8_t": "koi8-t", "kz-1048": "kz1048",
    "ibm500": "cp500", "ibm037": "cp037", "ibm1047": "cp1047",
}


def codec_of(name):
    """Python's codec for a name; the lower-case name itself where Python has none; "" for none."""
    if not name or name == "-" or name.lower() in ("unknown", "none", "binary"):
        return ""
    name = name.lower().strip()
    name = OTHER_NAMES.get(name, OTHER_NAMES.get(name.replace("_", "-"), name))
    for candidate in (name, name.replace("ibm", "cp"), name.replace("windows-", "cp")):
        try:
            found = codecs.lookup(candidate).name
            return SUPERSET.get(found, found)
        except LookupError:
            continue
    return name


def decode(data, codec):
    """As text, errors included; a mark at the start is none of it. None: Python has no decoder."""
    if codec in ("big5hkscs",):
        text = decode_big5(data)
    elif codec == "cp1252":
        text = "".join(WINDOWS_1252[byte] for byte in data)
    else:
        try:
            text = data.decode(codec, "replace")
        except LookupError:
            return None
    return unicodedata.normalize("NFC", text).lstrip("\ufeff")


def decode_big5(data):
    """Python knows Big5 with HKSCS and with Microsoft's additions, the standard has both."""
    try:
        return data.decode("big5hkscs")
    except UnicodeDecodeError:
        return data.decode("cp950", "replace")


def same_text(data, truth, guess):
    """Whether reading by `guess` gives what reading by `truth` gives."""
    truth, guess = codec_of(truth), codec_of(guess)
    if truth == guess or not guess or not truth:
        return truth == guess
    wanted, got = decode(data, truth), decode(data, guess)
    return wanted is not None and wanted == got


# The standard's windows-1252: what Microsoft left open is a control.
WINDOWS_1252 = [bytes([i]).decode("cp1252", "ignore") or chr(i) for i in range(256)]
