#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Prints the tables of how mojibake is repaired, beside ftfy's fix_encoding in the same run.

usage: repair.py TOOL FTFY_CASES FOLDER [--show]
    TOOL        build/…/bin/tool_repair
    FTFY_CASES  test_cases.json of ftfy's source distribution
    FOLDER      unpacked Debian packages with translations (repair.sh fetches them)
    --show      each case that is not as expected, too

Tables: ftfy's own cases; texts and titles misread on purpose, East Asian and Western; clean lines,
of which not one may change. Ends with 1 when a clean line was changed.
"""
import json
import random
import subprocess
import sys

import ftfy
import sources
import titles

CLEAN = ("fr de es it pt pt_BR nl sv da nb fi is pl cs sk hu ro hr sl lt lv et tr vi el ru uk bg sr "
         "he ar fa th hi zh_CN zh_TW ja ko eo ca cy ga").split()
PACKAGES = ("vlc-l10n", "gimp-data", "kgeography-data", "iso-codes", "libgtk-3-common",
            "freeciv-data")
LINES_CLEAN, LINES_MISREAD, LINE_MIN, LINE_MAX = 120, 60, 12, 90
EAST_ASIAN = {"zh_CN": ["gb18030"], "zh_TW": ["big5", "gb18030"], "ja": ["cp932", "euc-jp"],
              "ko": ["cp949"]}
WESTERN = {"fr": ["cp1252", "mac-roman", "cp437", "cp1251"], "de": ["cp1252", "cp437", "mac-roman"],
           "es": ["cp1252", "mac-roman"], "pt": ["cp1252"], "sv": ["cp1252"], "vi": ["cp1252"],
           "cs": ["cp1252", "cp1250", "iso8859-2"], "pl": ["cp1250", "cp1252"], "hu": ["cp1250"],
           "ro": ["cp1250"], "ru": ["cp1251", "cp1252", "cp437"], "uk": ["cp1251"],
           "bg": ["cp1251", "cp1252"], "el": ["cp1252", "cp1253"], "tr": ["cp1252", "cp1254"],
           "lt": ["cp1257", "cp1252"], "he": ["cp1252"], "ar": ["cp1252"], "th": ["cp1252"]}


class Tool:
    def __init__(self, path):
        self.path = path

    def repair(self, texts):
        """Each text by itself, through one process."""
        assert not any("\n" in text for text in texts)
        if not texts:
            return []
        run = subprocess.run([self.path, "--lines"], input="\n".join(texts).encode(),
                             capture_output=True, check=True)
        lines = run.stdout.decode().split("\n")
        assert len(lines) == len(texts), (len(lines), len(texts))
        return lines


def misread(text, right, wrong):
    """What a reader of `wrong` makes of the text; None: a byte would be lost on the way."""
    try:
        raw = text.encode(right)
        if wrong != "cp1252":
            return raw.decode(wrong)
        return "".join(bytes([byte]).decode("cp1252", "ignore") or chr(byte) for byte in raw)
    except UnicodeError:
        return None


def lines_of(folder, locale, count, wanted=lambda text: True):
    found = {text for package in PACKAGES for text in sources.messages(folder, package, locale)
             if "\n" not in text and LINE_MIN <= len(text) <= LINE_MAX and wanted(text)
             and "\ufffd" not in text and text.isprintable()}
    chosen = sorted(found)
    random.Random(4).shuffle(chosen)
    return chosen[:count]


def beyond_ascii(count):
    return lambda text: sum(c > "\x7f" for c in text) >= count


def table(title, rows):
    print(f"\n{title}\n{'misread as':28} {'cases':>6} {'quern':>7} {'ftfy':>7}   quern wrong")
    for name, cases, ours, theirs, wrong in rows:
        print(f"{name:28} {cases:6} {100 * ours / max(1, cases):6.1f}% "
              f"{100 * theirs / max(1, cases):6.1f}%   {wrong}")
    total = [sum(row[at] for row in rows) for at in range(1, 5)]
    print(f"{'all':28} {total[0]:6} {100 * total[1] / max(1, total[0]):6.1f}% "
          f"{100 * total[2] / max(1, total[0]):6.1f}%   {total[3]}")


def judge(tool, name, cases, show):
    """`cases`: pairs of misread and right. Wrong: neither put right nor left as it was."""
    ours = tool.repair([bad for bad, _ in cases])
    theirs = [ftfy.fix_encoding(bad) for bad, _ in cases]
    wrong = 0
    for (bad, good), got in zip(cases, ours):
        wrong += got not in (good, bad)
        if show and got != good:
            print(f"{name}\n    {bad}\n  ! {got}\n  > {good}")
    return (name, len(cases), sum(got == good for got, (_, good) in zip(ours, cases)),
            sum(got == good for got, (_, good) in zip(theirs, cases)), wrong)


def ftfy_table(tool, path, show):
    """What ftfy does with bytes that were lost (a space for U+00A0, U+FFFD) is no inversion."""
    groups = {}
    for case in json.loads(open(path, encoding="utf-8").read()):
        text, good = case["original"], case.get("fixed-encoding", case["fixed"])
        plan = ftfy.fix_encoding_and_explain(text).explanation or []
        guesses = {"restore_byte_a0", "replace_lossy_sequences"} & {step.parameter for step in plan}
        kind = ("bytes lost, guessed" if guesses else "ftfy's known failures"
                if case["expect"] == "fail" else "left as they are" if good == text else "repaired")
        groups.setdefault(kind, []).append((text.replace("\n", " "), good.replace("\n", " ")))
    table("ftfy's own cases (fix_encoding only)",
          [judge(tool, name, cases, show) for name, cases in sorted(groups.items())])
    print(f"comparable by exact inversion: {sum(map(len, groups.values())) - len(groups.get('bytes lost, guessed', []))} "
          f"of {sum(map(len, groups.values()))}")


def cases_of(texts, steps):
    """Misread once for each pair of encodings in `steps`, one upon the other."""
    cases = []
    for text in texts:
        bad = text
        for right, wrong in steps:
            bad = bad and misread(bad, right, wrong)
        if bad and bad != text:
            cases.append((bad, text))
    return cases


def east_asian_table(tool, folder, show):
    rows, names = [], []
    for locale, encodings in EAST_ASIAN.items():
        texts = lines_of(folder, locale, LINES_MISREAD, beyond_ascii(6))
        short = [name for name in titles.TITLES[locale] if beyond_ascii(2)(name)]
        for right in encodings:
            for wrong in ("cp1252", "latin-1", "cp1250", "cp1251", "cp437"):
                rows.append(judge(tool, f"{right} {locale} as {wrong}",
                                  cases_of(texts, [(right, wrong)]), show))
            for wrong in ("cp1252", "cp437"):
                names.append(judge(tool, f"{right} {locale} as {wrong}",
                                   cases_of(short, [(right, wrong)]), show))
        for wrong in ("gb18030", "cp932", "cp1252", "cp437"):
            rows.append(judge(tool, f"utf-8 {locale} as {wrong}",
                              cases_of(texts, [("utf-8", wrong)]), show))
        rows.append(judge(tool, f"utf-8 {locale} twice as cp1252",
                          cases_of(texts, [("utf-8", "cp1252")] * 2), show))
        for wrong in ("gb18030", "cp932"):
            names.append(judge(tool, f"utf-8 {locale} as {wrong}",
                               cases_of(short, [("utf-8", wrong)]), show))
    table("East Asian lines of 12 to 90 characters", rows)
    table("East Asian titles and names of files", names)


def western_table(tool, folder, show):
    rows = []
    for locale, sets in WESTERN.items():
        texts = lines_of(folder, locale, LINES_MISREAD, beyond_ascii(1))
        for wrong in sets:
            rows.append(judge(tool, f"utf-8 {locale} as {wrong}",
                              cases_of(texts, [("utf-8", wrong)]), show))
        rows.append(judge(tool, f"utf-8 {locale} twice as cp1252",
                          cases_of(texts, [("utf-8", "cp1252")] * 2), show))
    table("Western and other lines of 12 to 90 characters", rows)


def clean_table(tool, folder):
    texts = []
    for locale in CLEAN:
        found = lines_of(folder, locale, LINES_CLEAN, beyond_ascii(1))
        if len(found) < 20:
            print(f"(only {len(found)} lines of {locale})")
        texts += [(locale, text) for text in found]
    texts += [("names", name) for names in titles.TITLES.values() for name in names]
    texts += [("GeoNames", name) for name in sorted(set(sources.geonames()))
              if name and "\n" not in name and not name.isascii() and name.isprintable()]
    ours = tool.repair([text for _, text in texts])
    changed = [(locale, text, got) for (locale, text), got in zip(texts, ours) if got != text]
    theirs = sum(ftfy.fix_encoding(text) != text for _, text in texts)
    print(f"\nclean: {len(texts)} lines in {len(CLEAN)} languages, and names; "
          f"changed by quern: {len(changed)}, by ftfy: {theirs}")
    for locale, text, got in changed[:200]:
        print(f"  {locale}: {text} -> {got}")
    return changed


def main():
    show = "--show" in sys.argv
    tool = Tool(sys.argv[1])
    folder = sys.argv[3]
    print(f"ftfy {ftfy.__version__}")
    ftfy_table(tool, sys.argv[2], show)
    east_asian_table(tool, folder, show)
    western_table(tool, folder, show)
    return 1 if clean_table(tool, folder) else 0


if __name__ == "__main__":
    sys.exit(main())
