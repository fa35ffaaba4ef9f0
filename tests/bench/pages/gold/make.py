#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes the Chinese gold: pages and, beside them, a line of JSON for each in gold.jsonl.

    make.py OUT [--set A|B]     OUT/A/*.html, OUT/A/gold.jsonl and the same for B
    make.py --check             generates both sets in memory and compares them with frozen.sha256
    make.py --freeze            writes frozen.sha256

The pages were frozen before the code that reads them was measured on them. Set A is for every day; set B
has another seed and other chrome and wording and is opened only for a closing note.
"""
import argparse
import hashlib
import json
import sys
from pathlib import Path

import absent
import articles
import chrome
import forums
import libraries as lib
import texts
import traditional
import unknown
from sheet import Sheet

HERE = Path(__file__).resolve().parent
SEEDS = {"A": "quern-gold-2026-a", "B": "quern-gold-2026-b"}

# encoding, label in <meta> (None: none), charset in HTTP (None: none), rare characters
SIMPLIFIED = [
    ("utf-8", "utf-8", None, "four"), ("gbk", "gb2312", None, "gbk"), ("utf-8", None, None, None), ("gb18030", "gb18030", None, "four"),
    ("utf-8", None, "utf-8", None), ("gbk", None, "gbk", "gbk"), ("utf-8", "UTF-8", "utf-8", None), ("gbk", None, None, None),
    ("gb18030", None, "gb18030", "four"), ("gbk", "gbk", "GB2312", "gbk"), ("utf-8", "utf-8", None, None), ("gb18030", None, None, "four"),
    ("gbk", "GB2312", None, None), ("utf-8", "gb2312", "utf-8", None), ("gb18030", "gb18030", "GB18030", "four"), ("gbk", "gbk", None, None),
]
TRADITIONAL = [("big5", "big5", None, None), ("big5", None, "Big5", None), ("big5", None, None, None), ("utf-8", "utf-8", None, None),
               ("big5", "Big5", "big5", None)]


def article_jobs(kinds, every=4):
    """(family, builder, traditional?) for articles: their bodies in this order."""
    return [(f"article/{b.__name__[5:]}", lambda s, b=b: articles.article(s, b), i % every == every - 1)
            for i, b in enumerate(kinds)]


def forum_jobs(count):
    kinds = list(forums.KINDS)
    return [(f"forum/{kinds[i % 4]}", lambda s, k=kinds[i % 4]: forums.forum(s, k), i % 5 == 4) for i in range(count)]


def library_jobs(plan):
    """plan: (family, function, kinds, further arguments)."""
    jobs = []
    for family, make, kinds, extra in plan:
        for kind in kinds.split():
            jobs.append((family, lambda s, m=make, k=kind, e=extra: m(s, k, **e), False))
    return jobs


def absent_jobs(counts):
    jobs = []
    for make, count in counts:
        jobs += [(f"absent/{make.__name__}", make, False)] * count
    return jobs


def plan_a():
    jobs = article_jobs(articles.BODIES * 3, every=5) + forum_jobs(15)
    jobs += library_jobs([
        ("wenku365/desktop", lib.wenku365, "271 300 random cap paragraphs equal whole inner unmarked", {}),
        ("wenku365/mobile", lib.wenku365, "271 random list ragged", {"layout": "mobile"}),
        ("wenku365/pay", lib.wenku365, "300 line", {"layout": "pay"}),
        ("pd/mobile", lib.pd_mobile, "300 300 random inner whole", {}),
        ("pd/mobile", lib.pd_mobile, "ragged", {"absurd": True}),
        ("pd/desktop", lib.pd_desktop, "cap line line-whole 300 list", {}),
        ("pd/download", lib.pd_download, "line cap random equal", {}),
        ("renrendoc/new", lib.renrendoc_new, "300 paragraphs list ragged", {}),
        ("renrendoc/old", lib.renrendoc_old, "random line cap", {}),
        ("book118", lib.book118, "paragraphs line cap", {}),
        ("jinchutou", lib.jinchutou, "300 line list unmarked", {}),
        ("ishare", lib.ishare, "paragraphs line-whole list", {}),
        ("360docs", lib.docs360, "paragraphs list equal", {}),
        ("bigxun", lib.bigxun, "cap line line", {}),
    ])
    jobs += absent_jobs([(absent.doc88, 3), (absent.docin, 2), (absent.baidu_new, 2), (absent.baidu_old, 1), (absent.so360, 2), (absent.taodocs, 2), (absent.mbalib, 2)])
    kinds = "271 paragraphs random list 300 cap line equal ragged line whole paragraphs inner"
    for number, kind in enumerate(kinds.split()):
        jobs.append((f"unknown/{number % 10}", lambda s, k=kind, n=number: unknown.unknown(s, k, n), False))
    for number in (1, 4, 8):
        jobs.append(("unknown/whole", lambda s, n=number: unknown.unknown(s, "line-whole", n, whole=True), False))
    for kind in ("271", "paragraphs", "list"):
        jobs.append(("unknown/traditional", lambda s, k=kind: unknown.traditional_site(s, k), True))
    return jobs


def plan_b():
    jobs = article_jobs([articles.BODIES[i] for i in (0, 1, 2, 3, 5, 6, 8, 9, 11, 13, 12)]) + forum_jobs(5)
    jobs += library_jobs([
        ("wenku365/desktop", lib.wenku365, "271 random", {}), ("wenku365/mobile", lib.wenku365, "equal", {"layout": "mobile"}),
        ("pd/mobile", lib.pd_mobile, "300 inner", {}), ("pd/desktop", lib.pd_desktop, "line", {}), ("pd/download", lib.pd_download, "random", {}),
        ("renrendoc/new", lib.renrendoc_new, "list", {}), ("renrendoc/old", lib.renrendoc_old, "ragged", {}), ("book118", lib.book118, "paragraphs", {}),
        ("jinchutou", lib.jinchutou, "unmarked", {}), ("ishare", lib.ishare, "line-whole", {}), ("360docs", lib.docs360, "list", {}), ("bigxun", lib.bigxun, "line", {}),
    ])
    jobs += absent_jobs([(absent.doc88, 1), (absent.docin, 1), (absent.baidu_new, 1), (absent.mbalib, 1)])
    for number, kind in enumerate(["271", "list", "paragraphs", "random"]):
        jobs.append((f"unknown/b{number}", lambda s, k=kind, n=number: unknown.unknown(s, k, n), False))
    jobs.append(("unknown/whole", lambda s: unknown.unknown(s, "line-whole", 1, whole=True), False))
    jobs.append(("unknown/traditional", lambda s: unknown.traditional_site(s, "random"), True))
    return jobs


PAGE_TYPES = {"article": "article", "forum": "forum"}


def check_gold(gold):
    """The gold's own sense: what must be there is, what must not is not."""
    whole = texts.bare(gold["text"])
    for string in gold["lists_that_must_survive"]:
        assert texts.bare(string) in whole, (gold["file"], string)
    for string in gold["not_in_text"]:
        assert texts.bare(string) not in whole, (gold["file"], gold["family"], string)
    if gold["page_type"] != "document_library" or not gold["family"].startswith("absent"):
        assert len(whole) > 50, gold["file"]


def make_page(variant, number, family, build, hant, encodings):
    """(file name, bytes, gold) of one page."""
    encoding, label, http, rare = encodings
    name = f"{variant.lower()}{number:03}.html"
    sheet = Sheet(name, SEEDS[variant], variant, rare)
    body, title = build(sheet)
    page = chrome.document(sheet, body, label, title)
    sheet.columns.setdefault("title", sheet.title)
    gold = {"file": name, "url": sheet.url, "encoding": encoding, "http_charset": http,
            "page_type": PAGE_TYPES.get(family.split("/")[0], "document_library"), "family": family, "columns": sheet.columns,
            "text": "\n".join(sheet.text), "alternatives": sheet.alternatives, "free": sheet.free, "posts": sheet.posts,
            "lists_that_must_survive": sheet.survive, "not_in_text": list(dict.fromkeys(sheet.forbidden))}
    if hant:
        page = traditional.convert(page)
        gold = traditional.convert_all(gold)
    content = page.encode(encoding, "xmlcharrefreplace")
    check_gold(gold)
    return name, content, gold


def make_set(variant):
    """All pages of a set, in order."""
    pages = []
    counts = {False: 0, True: 0}
    for number, (family, build, hant) in enumerate(plan_a() if variant == "A" else plan_b(), 1):
        table = TRADITIONAL if hant else SIMPLIFIED
        encodings = table[counts[hant] % len(table)]
        counts[hant] += 1
        if family == "absent/baidu_old":
            encodings = ("gbk", "gb2312", None, None)
        pages.append(make_page(variant, number, family, build, hant, encodings))
    assert len({gold["url"] for _, _, gold in pages}) == len(pages), "two pages with one URL"
    return pages


def gold_lines(pages):
    return "".join(json.dumps(gold, ensure_ascii=False, sort_keys=True) + "\n" for _, _, gold in pages).encode()


def hashes():
    """frozen.sha256 as it should be."""
    lines = []
    for variant in SEEDS:
        pages = make_set(variant)
        for name, content in [(n, c) for n, c, _ in pages] + [("gold.jsonl", gold_lines(pages))]:
            lines.append(f"{hashlib.sha256(content).hexdigest()}  {variant}/{name}\n")
    return "".join(lines)


def write_set(variant, folder):
    pages = make_set(variant)
    folder = Path(folder) / variant
    folder.mkdir(parents=True, exist_ok=True)
    for name, content, _ in pages:
        (folder / name).write_bytes(content)
    (folder / "gold.jsonl").write_bytes(gold_lines(pages))
    return len(pages)


def check():
    """0 if the generator still makes what was frozen."""
    frozen, now = (HERE / "frozen.sha256").read_text(), hashes()
    changed = set(now.splitlines()) ^ set(frozen.splitlines())
    for line in sorted({c.split("  ")[1] for c in changed}):
        print(f"not as frozen: {line}", file=sys.stderr)
    return 1 if changed else 0


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", nargs="?")
    parser.add_argument("--set", choices=SEEDS, dest="variant")
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--freeze", action="store_true")
    options = parser.parse_args()
    if options.check:
        return check()
    if options.freeze:
        (HERE / "frozen.sha256").write_text(hashes())
        return 0
    if not options.out:
        parser.error("OUT, --check or --freeze")
    for variant in [options.variant] if options.variant else SEEDS:
        print(f"{write_set(variant, options.out)} pages in {options.out}/{variant}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
