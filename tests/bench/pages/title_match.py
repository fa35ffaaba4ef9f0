#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Does the column title_match tell whether a page's title is its own? 200 pages of QUERN_DATA/html,
each converted with its own title and with that of another page in the same language, written into
its bytes wherever a page states its title: <title>, the title among its meta elements, the headline
of its JSON-LD, and in a second run its h1, too. Prints the area under the curve: how often the own
title has the higher value, ties half.

    title_match.py [BUILD] [--pages 200] [--errors] [--work FOLDER]"""
import argparse
import hashlib
import html
import json
import re
import shutil
import subprocess
from collections import Counter
from pathlib import Path

import corpus

TITLE = re.compile(r"(<title\b[^>]*>)(.*?)(</title\s*>)", re.I | re.S)
HEADING = re.compile(r"(<h1\b[^>]*>)(.*?)(</h1\s*>)", re.I | re.S)
META = re.compile(r"<meta\b[^>]*\b(?:property|name|itemprop)\s*=\s*[\"']?(?:og:title|twitter:title|"
                  r"title|headline|dc\.title|dcterms\.title|name)[\"'\s][^>]*>", re.I)
CONTENT = re.compile(r"(\bcontent\s*=\s*)(\"[^\"]*\"|'[^']*')", re.I)
HEADLINE = re.compile(r"(\"headline\"\s*:\s*)\"(?:[^\"\\]|\\.)*\"")


def retitled(page, title, headings):
    """The page, stating another title."""
    spelled = html.escape(title)
    page = TITLE.sub(lambda m: m[1] + spelled + m[3], page, count=1)
    page = META.sub(lambda m: CONTENT.sub(lambda c: f'{c[1]}"{spelled}"', m[0]), page)
    page = HEADLINE.sub(lambda m: m[1] + json.dumps(title), page)
    return HEADING.sub(lambda m: m[1] + spelled + m[3], page) if headings else page


def convert(build, inputs):
    done = subprocess.run([build / "bin" / "quern", "convert", "--quiet", "--columns",
                           "url,title,title_match,language,charset,text", *inputs],
                          stdout=subprocess.PIPE, check=True)
    return {"/".join(Path(record["url"]).parts[-2:]): record
            for record in map(json.loads, done.stdout.splitlines())}


def choose(build, work, count):
    """[(name, title, text of the page)], pages of one language side by side. Any that states a
    title, has text to compare and is UTF-8 can be chosen; which ones, their names' hashes say."""
    known = {**corpus.segments(work), **corpus.articles(work)}
    said = convert(build, [work / "segments", work / "articles"])
    fit = [name for name, page in known.items()
           if page.get("title") and len(said[name]["text"] or "") > 200
           and said[name]["charset"] == "UTF-8"]
    fit.sort(key=lambda name: hashlib.sha256(name.encode()).digest())
    chosen = sorted(fit[:count], key=lambda name: (said[name]["language"] or "", fit.index(name)))
    return [(name, known[name]["title"], said[name]["language"],
             (work / name).read_bytes().decode("utf-8", "replace")) for name in chosen]


def exchanged(pages):
    """For each page the title of the next in its language, the last has the first's; languages of
    one page share theirs."""
    count = Counter(language for _, _, language, _ in pages)
    groups = [language if count[language] > 1 else None for _, _, language, _ in pages]
    titles = []
    for i in range(len(pages)):
        group = [j for j, other in enumerate(groups) if other == groups[i]]
        titles.append(pages[group[(group.index(i) + 1) % len(group)]][1])
    return titles


def area(own, other):
    wins = sum((a > b) + (a == b) / 2 for a in own for b in other)
    return wins / (len(own) * len(other)) if own and other else 0.0


def run(build, work, pages, headings):
    folder = work / "retitled"
    shutil.rmtree(folder, ignore_errors=True)
    for kind, titles in (("own", [page[1] for page in pages]), ("other", exchanged(pages))):
        (folder / kind).mkdir(parents=True)
        for (name, _, _, text), title in zip(pages, titles):
            (folder / kind / Path(name).name).write_text(retitled(text, title, headings), "utf-8")
    said = convert(build, [folder])
    rows = [(name, *(said[f"{kind}/{Path(name).name}"] for kind in ("own", "other")))
            for name, *_ in pages]
    return rows, exchanged(pages)


def values(records):
    return [record["title_match"] for record in records if record["title_match"] is not None]


def folded(text):
    return re.sub(r"\W+", " ", (text or "").casefold()).strip()


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("build", nargs="?", type=Path, default=corpus.ROOT / "build" / "release")
    parser.add_argument("--pages", type=int, default=200)
    parser.add_argument("--errors", action="store_true")
    parser.add_argument("--work", type=Path, default=corpus.WORK)
    arguments = parser.parse_args()
    build, work = arguments.build.resolve(), arguments.work.resolve()
    corpus.unpack(work)
    pages = choose(build, work, arguments.pages)
    print("| rewritten | pages | AUC | own: median | exchanged: median | null: own, exchanged | "
          "given the exchanged title |\n|---|---|---|---|---|---|---|")
    for what, headings in (("title, meta, JSON-LD", False), ("the same and h1", True)):
        rows, titles = run(build, work, pages, headings)
        own, other = values(r[1] for r in rows), values(r[2] for r in rows)
        taken = sum(folded(title) in folded(r[2]["title"]) for r, title in zip(rows, titles))
        middle = [sorted(v)[len(v) // 2] if v else None for v in (own, other)]
        print(f"| {what} | {len(rows)} | {area(own, other):.4f} | {middle[0]} | {middle[1]} | "
              f"{len(rows) - len(own)}, {len(rows) - len(other)} | {taken} |")
        if arguments.errors:
            for name, mine, not_mine in sorted(rows, key=lambda r: (r[1]["title_match"] or 0)
                                               - (r[2]["title_match"] or 0))[:40]:
                print(f"    {name:50} own {mine['title_match']} {mine['title']!r:.80} "
                      f"exchanged {not_mine['title_match']} {not_mine['title']!r:.80}")


if __name__ == "__main__":
    main()
