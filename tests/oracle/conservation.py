#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The promise as a test: every visible, non-space code point of a page is in exactly one block or
one dropped entry, and stands where that entry says.

The left side comes from a parser that is not ours: html5lib, over bytes decoded by Python's codecs.
Visible are text nodes outside script, style, template and noscript, the title, and alt texts; of a
text file, everything. What stands in noscript is visible where the record's note says that it was read. The right side is what `quern convert` says with
normalise=none and repair=off.

A formula's LaTeX is outside the sum, as columns are: it repeats what the page shows of the formula,
which must all stand in `dropped`. Excused is only what stands between \\( and \\) and is not spelled
so in the source, or is a block of kind formula, and only where that source has a formula.

    conservation.py --quern BIN [--plugin LIB] [--expect-loss] [--jobs N] INPUT…

INPUT is a file, or a folder that is walked. Files that are neither HTML nor text by their record,
or are packed, are counted and passed over. With --expect-loss a build that skips text on purpose must be caught:
then it succeeds when at least one page fails, and only with text that is missing.
"""
import argparse
import codecs
import collections
import concurrent.futures
import html
import json
import re
import subprocess
import sys
from pathlib import Path

import packages

sys.path.remove(str(Path(__file__).resolve().parent))  # its html5lib.py is a test, not the parser

# White_Space of Unicode, and the two that show as nothing either (text/utf8.h).
SPACE = set("\t\n\v\f\r \x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000\u200b\ufeff")
SPACE |= {chr(c) for c in range(0x2000, 0x200B)}
NO_CHARACTER = "\ufffd"
# What a formula is made of, in the source; and how it stands in a text.
NUMBER = re.compile(r"&#([0-9]+|[xX][0-9a-fA-F]+);?")
FORMULA_SOURCE = re.compile(r"<(math|img|script)\b", re.IGNORECASE)
FORMULA_IN_TEXT = re.compile(r"\\\(.*?\\\)", re.DOTALL)
HIDDEN = {"script", "style", "template"}
CONTENT_SECONDS_MAX = 120

# WHATWG names where Python's codec of that name is narrower or another one.
CODECS = {"gbk": "gb18030", "gb2312": "gb18030", "big5": "cp950", "shift_jis": "cp932",
          "euc-kr": "cp949", "windows-874": "cp874", "x-mac-cyrillic": "mac_cyrillic",
          "macintosh": "mac_roman", "iso-8859-8-i": "iso-8859-8", "utf-16le": "utf-16-le",
          "utf-16be": "utf-16-be", "x-mac-ce": "mac_latin2", "x-mac-icelandic": "mac_iceland"}


def codec_of(charset):
    """Python's name for it; the name as it stands where Python has none."""
    name = charset.lower()
    for candidate in (CODECS.get(name, name.replace("windows-", "cp")), name.replace("ibm", "cp"),
                      name.replace("x-mac-", "mac_")):
        try:
            codecs.lookup(candidate)
            return candidate
        except LookupError:
            continue
    return name


# Signs of JIS X 0208 that the Encoding Standard reads as Microsoft does, and Python as JIS does.
MICROSOFT_SIGNS = str.maketrans("〜−‖¢£¬", "～－∥￠￡￢")


def hong_kong(error):
    """What cp950 lacks: the Encoding Standard's Big5 is both, with cp950's signs."""
    pair = error.object[error.start:error.start + 2]
    text = pair.decode("big5hkscs", errors="ignore")
    return (text, error.start + 2) if text else (NO_CHARACTER, error.start + 1)


codecs.register_error("hong_kong", hong_kong)


def decode_by_iconv(content, charset):
    """The C library's decoder, for encodings that Python lacks, as EUC-TW."""
    done = subprocess.run(["iconv", "-c", "-f", charset, "-t", "UTF-8"], input=content,
                          stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    if done.returncode != 0 and not done.stdout:
        raise LookupError(f"neither Python nor iconv decodes {charset}")
    return done.stdout.decode("utf-8")


def decode(content, charset):
    codec = codec_of(charset)
    try:
        codecs.lookup(codec)
    except LookupError:
        return decode_by_iconv(content, charset)
    if codec in {"euc-jp", "iso-2022-jp"}:
        return content.decode(codec, errors="replace").translate(MICROSOFT_SIGNS)
    if not codec.startswith("cp125"):
        return content.decode(codec, errors="hong_kong" if codec == "cp950" else "replace")
    # The Encoding Standard maps bytes that Microsoft left open to the C1 control of that number.
    return "".join(bytes([b]).decode(codec, errors="ignore") or chr(b) for b in content)


def visible_text_of_html(text, noscript_read):
    import html5lib
    never_shown = HIDDEN if noscript_read else HIDDEN | {"noscript"}
    pieces = []
    document = html5lib.parse(text, treebuilder="etree", namespaceHTMLElements=False)
    stack = [(document, False)]
    while stack:
        element, hidden = stack.pop()
        if isinstance(element, str):
            pieces.append(element)
            continue
        if not isinstance(element.tag, str):
            continue  # a comment; its tail was pushed by the parent
        name = element.tag.rpartition("}")[2].lower()
        hidden = hidden or name in never_shown
        if hidden:
            continue
        if "alt" in element.attrib:
            pieces.append(element.attrib["alt"])
        if element.text:
            pieces.append(element.text)
        for child in element:
            stack.append((child, hidden))
            if child.tail:
                stack.append((child.tail, hidden))
    return pieces


def count(texts):
    counted = collections.Counter()
    for text in texts:
        counted.update(text)
    for space in SPACE:
        counted.pop(space, None)
    counted.pop(NO_CHARACTER, None)  # decoders differ in how many they put in
    counted.pop("\0", None)
    return counted


def resolve(reference):
    """As the HTML standard reads a number; Python leaves out controls and noncharacters."""
    digits = reference[1]
    number = int(digits[1:], 16) if digits[0] in "xX" else int(digits)
    is_left_out = (0 < number < 0x20 and number != 0x0D or number == 0x7F or
                   0xFDD0 <= number < 0xFDF0 or number & 0xFFFE == 0xFFFE and number < 0x110000)
    return chr(number) if is_left_out else reference[0]


def spell(source):
    return html.unescape(NUMBER.sub(resolve, source))


def is_in_order(wanted, source):
    there = iter(source)
    return all(c in there for c in wanted if c not in SPACE and c != NO_CHARACTER and c != "\0")


def check_ranges(entries, content, charset, is_html):
    if codec_of(charset).startswith("iso-2022"):
        return  # what a slice spells depends on escapes before it
    for entry in entries:
        start, end, text = entry.get("src_start"), entry.get("src_end"), entry.get("text")
        if text is None or not text.strip():
            continue
        if start is None or end is None or not 0 <= start < end <= len(content):
            yield f"range {start}…{end} of {text[:30]!r} lies outside {len(content)} bytes"
            continue
        # U+FEFF that begins a slice is the byte order mark only at the start of the content.
        source = decode(content[start:end], charset)
        # Raw text elements (iframe, noframes, xmp) spell no references, so both readings count.
        if not is_in_order(text, spell(source) if is_html else source) and not (
                is_html and is_in_order(text, source)):
            yield (f"bytes {start}…{end} do not spell {text[:60]!r}: "
                   f"{source[:60]!r}")


def without_formulas(entry, content, charset):
    """The entry without LaTeX that was made of a formula in its range, and how many of these."""
    text, start, end = entry.get("text"), entry.get("src_start"), entry.get("src_end")
    if not text or start is None or end is None:
        return entry, 0
    is_formula = entry.get("kind") == "formula"
    if not is_formula and "\\(" not in text:
        return entry, 0
    source = decode(content[start:end], charset)
    if not FORMULA_SOURCE.search(source):
        return entry, 0
    if is_formula:
        return dict(entry, text=""), 1
    spelled = spell(source)
    made = [span for span in FORMULA_IN_TEXT.findall(text) if span not in spelled]
    for span in made:
        text = text.replace(span, "", 1)
    return dict(entry, text=text), len(made)


def show(counter):
    return "".join(sorted(counter.elements()))[:120]


def read_with(path):
    """Options that stand beside a golden input (tests/harness/inputs.h)."""
    options = []
    beside = path.with_name(path.name + ".with")
    if beside.is_file():
        for line in beside.read_text(encoding="utf-8").splitlines():
            if line and not line.startswith("#"):
                key = line.partition("=")[0]
                if key not in {"url", "name", "media_type"}:
                    options += ["--set", line]
    return options


def convert(path, arguments):
    command = [arguments.quern, "convert", "--set", "normalise=none", "--set",
               "repair=off", "--columns",
               "id,parent_id,member,status,error_code,format,charset,text,blocks,dropped,notes"]
    if arguments.plugin:
        command += ["--plugin", arguments.plugin]
    result = subprocess.run(command + read_with(path) + [str(path)], capture_output=True,
                            timeout=CONTENT_SECONDS_MAX)
    rows = [json.loads(line) for line in result.stdout.splitlines()]
    if result.returncode not in (0, 65) or not rows:
        raise RuntimeError(f"quern answered {result.returncode} and {len(rows)} rows: "
                           f"{result.stderr.decode(errors='replace')[:300]}")
    return rows


def check(path, arguments):
    """'passed', 'not a page', 'not compared' or 'failed', what is wrong, and whether only text is missing."""
    try:
        return compare(path, arguments)
    except LookupError as error:
        return "not compared", [str(error)], False


def compare(path, arguments):
    try:
        rows = convert(path, arguments)
    except (RuntimeError, subprocess.TimeoutExpired, json.JSONDecodeError) as error:
        return "failed", [str(error)], False
    row = rows[0]
    # With a member the content is what was inside, which we do not unpack here.
    if (len(rows) > 1 or row["member"] is not None or row["format"] not in {"html", "text"} or
            row["blocks"] is None):
        return "not a page", [], False
    content = path.read_bytes()
    charset = row.get("charset") or "utf-8"
    text = decode(content, charset)
    is_html = row["format"] == "html"
    if text.startswith("\ufeff"):
        text = text[1:]
    noscript_read = any(note["code"] == "noscript_read" for note in row["notes"] or [])
    expected = count(visible_text_of_html(text, noscript_read) if is_html else [text])
    entries, formulas = row["blocks"] + row["dropped"], 0
    if is_html:
        pairs = [without_formulas(entry, content, charset) for entry in entries]
        entries, formulas = [entry for entry, _ in pairs], sum(count for _, count in pairs)
    actual = count(entry.get("text") or "" for entry in entries)
    problems = []
    if formulas > len(FORMULA_SOURCE.findall(text)):
        problems.append(f"{formulas} formulas are said, which is more than the page has")
    missing, extra = expected - actual, actual - expected
    if missing:
        problems.append(f"{missing.total()} code points are nowhere: {show(missing)}")
    if extra:
        problems.append(f"{extra.total()} code points too many: {show(extra)}")
    only_missing = bool(missing) and not extra
    problems += list(check_ranges(entries, content, charset, is_html))[:5]
    joined = "\n".join(block.get("text") or "" for block in row["blocks"])
    if row.get("text") is not None and row["text"] != joined:
        problems.append("the column text is not the blocks joined by newlines")
    return ("failed" if problems else "passed"), problems, only_missing


def inputs_of(names):
    for name in names:
        path = Path(name)
        if path.is_dir():
            yield from sorted(p for p in path.rglob("*") if p.is_file()
                              and p.suffix not in {".json", ".with", ".py", ".md"})
        else:
            yield path


def main():
    packages.enter()
    parser = argparse.ArgumentParser()
    parser.add_argument("--quern", required=True)
    parser.add_argument("--plugin")
    parser.add_argument("--expect-loss", action="store_true")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("inputs", nargs="+")
    arguments = parser.parse_args()
    paths = list(inputs_of(arguments.inputs))
    verdicts = collections.Counter()
    lost = 0
    with concurrent.futures.ProcessPoolExecutor(arguments.jobs) as pool:
        results = pool.map(check, paths, [arguments] * len(paths), chunksize=4)
        for path, (verdict, problems, only_missing) in zip(paths, results):
            verdicts[verdict] += 1
            lost += only_missing
            for problem in problems:
                print(f"{path}: {problem}")
    print(f"conservation: {verdicts['passed']} pages hold, {verdicts['failed']} do not, "
          f"{verdicts['not a page']} inputs are no page, {verdicts['not compared']} NOT COMPARED")
    if arguments.expect_loss:
        print(f"{lost} pages were found with text missing, as this build intends")
        return 0 if lost else 1
    return 1 if verdicts["failed"] or not verdicts["passed"] else 0


if __name__ == "__main__":
    sys.exit(main())
