#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Does a page that is made to be slow cost more for each byte the larger it is?

    linear.py QUERN [--only NAME] [--every N] [--sizes 16,64,256] [--factor 1.5]

Each hostile shape is made in three sizes, each four times the one before, and converted with every
column under valgrind, which counts the instructions. What the added bytes cost each, from the second
size to the third, may be at most FACTOR times what they cost from the first to the second: a
quadratic shape shows 4, n log n about 1.1. And no byte may cost more than INSTRUCTIONS_MAX. Counts do
not depend on the load of the machine. With --every N only every N-th shape is tried. Ends with 77
where there is no valgrind."""
import argparse
import re
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

INSTRUCTIONS_MAX = 4000
# Below this a byte is so cheap that what a larger buffer costs shows as growth.
CHEAP = 12
HEAD = "<!doctype html><meta charset=utf-8><title>Ferry</title><body>"


def repeated(unit, head=HEAD, tail=""):
    return lambda size: head + unit * (max(size - len(head) - len(tail), 0) // len(unit)) + tail


def numbered(unit, head=HEAD, tail=""):
    """Every repetition another: {} is its number."""
    def make(size):
        parts, left, i = [head], size - len(head) - len(tail), 0
        while left > 0:
            parts.append(unit.format(i))
            left -= len(parts[-1].encode())
            i += 1
        return "".join(parts) + tail
    return make


def halves(opening, closing):
    """As many of one as of the other."""
    def make(size):
        count = size // (len(opening) + len(closing))
        return HEAD + opening * count + closing * count
    return make


SHAPES = {
    "open div": repeated("<div>"),
    "open div with text": repeated("<div>a "),
    "open unknown elements": numbered("<x{}>"),
    "open spans": repeated("<span>a"),
    "opened and closed div": halves("<div>", "</div>"),
    "end tags of nothing": repeated("</p></b></div>"),
    "attributes of one tag": numbered(" a{}=1", HEAD + "<p", ">text"),
    "tags of many attributes": repeated("<p" + "".join(f" a{i}=1" for i in range(400)) + ">x"),
    "one attribute's value": repeated("a ", HEAD + '<p class="', '">text'),
    "classes": numbered('<p class="sidebar nav comment article c{}">one, two, three'),
    "attributes without an end": repeated('<a href="'),
    "nested tables": repeated("<table><tr><td>x"),
    "tables in tables without cells": repeated("<table>x"),
    "cells": repeated("<td>一", HEAD + "<table><tr>"),
    "rows": numbered("<tr><th>{}<td>男<td>12"),
    "open formatting": repeated("<b><i><u>x"),
    "links in links": repeated("<a href=x>x"),
    "adoption agency": repeated("<a><p><b><div></a>x</b>"),
    "adoption agency, late": halves("<b><p>", "</b>"),
    "formatting reopened": repeated("<p><b><i><em><font size=1>x</p>"),
    "fonts, each another": numbered("<font size={}><p>x"),
    "nobr": repeated("<nobr><div>x"),
    "lists": repeated("<ul><li>x"),
    "numbered items": numbered("<li>{}. one, two", HEAD + "<ol>"),
    "quotes": repeated("<blockquote>x"),
    "headings": numbered("<h2>Heading {}</h2><p>text, more text"),
    "select": repeated("<select><option>x"),
    "buttons": repeated("<button>x"),
    "templates": repeated("<template>x"),
    "svg": repeated("<svg><desc>x"),
    "math": repeated("<math><mrow><mi>x"),
    "fractions": repeated("<mfrac><mn>1</mn>", HEAD + "<math>"),
    "ruby": repeated("<ruby>字<rt>zi"),
    "less-than signs": repeated("<"),
    "entities": repeated("&amp;&copy;&lt"),
    "entities without an end": repeated("&CounterClockwiseContourIntegra"),
    "an entity without an end": repeated("a", HEAD + "&"),
    "numeric references": repeated("&#20013;&#x6587;"),
    "a number without an end": repeated("9", HEAD + "&#"),
    "lone surrogate references": repeated("&#xD800;&#xDFFF;"),
    "NULs": repeated("\0"),
    "NULs in tags": repeated("<\0a \0=\0>\0"),
    "comments": repeated("<!--x-->"),
    "comments without an end": repeated("<!--"),
    "CDATA": repeated("<![CDATA[x]]>", HEAD + "<svg>"),
    "doctypes": repeated("<!doctype html>"),
    "scripts": repeated("<script><!--<script></script>"),
    "JSON-LD, nested": repeated('{"@type":"Article","author":[',
                                HEAD + "<script type=application/ld+json>"),
    "JSON-LD, many": numbered('<script type=application/ld+json>{{"headline":"{}"}}</script>'),
    "meta elements": numbered('<meta name=author content="Ann {}">', "<head>"),
    "bylines": numbered('<p class=author>By Ann Other {}, 2021-04-17'),
    "dates": numbered("<p>发布时间:2021-04-17 10:{}"),
    "labels": repeated("<p>大小:20 KB 页数:4页 上传者:abc"),
    "fragments": numbered("<p>{}、" + "雨水花园的日常养护," * 8, HEAD + "<h1>雨水</h1>"),
    "page marks": numbered("<p>雨水花园_第{}页"),
    "gates": repeated("<p>当前文档最多预览五页,下载文档查看全文"),
    "links": numbered('<a href="/p-{}.html">next</a> '),
    "paragraphs": numbered("<p>A sentence, with commas, number {}. Another one."),
    "one paragraph": repeated("A sentence, with commas. ", HEAD + "<p>"),
    "one Chinese paragraph": repeated("雨水花园的日常养护,要有人照看。", HEAD + "<p>"),
    "lines of one character": repeated("字<br>"),
    "forum posts": numbered('<div class=post id=post{}><a class=author>ann</a><p>I agree, yes.</div>'),
    "copyright lines": numbered("<p>© 20{} Example. All rights reserved."),
    "a title without an end": repeated("Ferry ", "<title>"),
    "titles": numbered("<title>Ferry {}</title><h1>Ferry</h1>"),
    "preformatted": repeated("  x\n", HEAD + "<pre>"),
    "frames": repeated("<frameset>", "<!doctype html>"),
    "after the end": repeated("</body></html><p>x"),
}


def instructions(quern, page, number, folder):
    path = folder / f"{number}.html"
    path.write_text(page, encoding="utf-8", newline="")
    done = subprocess.run(["valgrind", "--tool=cachegrind", "--cache-sim=no",
                           "--cachegrind-out-file=/dev/null", quern, "convert", "--quiet", path],
                          stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    counted = re.search(r"I\s+refs:\s+([\d,]+)", done.stderr)
    if done.returncode not in (0, 1) or not counted:
        sys.exit(f"valgrind answered {done.returncode}: {done.stderr[-500:]}")
    return path.stat().st_size, int(counted[1].replace(",", ""))


def slopes(quern, name, sizes, folder):
    """Instructions a byte between the first two sizes, and between the last two."""
    number = list(SHAPES).index(name)
    counts = [instructions(quern, SHAPES[name](size), f"{number}-{size}", folder)
              for size in sizes]
    return [(after[1] - before[1]) / (after[0] - before[0])
            for before, after in zip(counts, counts[1:])]


def judge(first, second, factor):
    if second > INSTRUCTIONS_MAX:
        return "TOO MUCH"
    return "GROWS" if second > max(first, CHEAP) * factor else ""


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("quern")
    parser.add_argument("--only")
    parser.add_argument("--every", type=int, default=1)
    parser.add_argument("--sizes", default="16,64,256", help="KiB")
    parser.add_argument("--factor", type=float, default=1.5)
    arguments = parser.parse_args()
    if not shutil.which("valgrind"):
        print("SKIPPED: valgrind is not installed; LINEAR TIME WAS NOT SHOWN", file=sys.stderr)
        return 77
    quern = str(Path(arguments.quern).resolve())
    sizes = [int(size) << 10 for size in arguments.sizes.split(",")]
    names = [name for name in SHAPES if arguments.only in (None, name)][::arguments.every]
    failed = 0
    print("| shape | instructions a byte | four times larger | growth | |\n|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(2) as pool:
        for name, (first, second) in zip(names, pool.map(
                lambda name: slopes(quern, name, sizes, Path(folder)), names)):
            verdict = judge(first, second, arguments.factor)
            failed += bool(verdict)
            print(f"| {name} | {first:.0f} | {second:.0f} | {second / max(first, 1):.2f} | "
                  f"{verdict} |", flush=True)
    print(f"{len(names) - failed} shapes are read in linear time, {failed} are not")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
