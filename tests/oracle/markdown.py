#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The column markdown, rendered by a parser that is not ours, shows the text of the blocks: the same
characters in the same order, in as many headings, items, rows, quotes and pieces of code.

    markdown.py --quern BIN [--pages N] INPUT…

INPUT is a file or a folder. Besides them, N pages (fixed seed) are made of the signs that Markdown
gives a meaning, in every kind of block.
"""
import argparse
import collections

import json
import random
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import packages

packages.enter()
sys.path.remove(str(Path(__file__).resolve().parent))

import html5lib  # noqa: E402
import markdown_it  # noqa: E402

RENDERER = markdown_it.MarkdownIt("commonmark", {"html": True}).enable("table")
COUNTED = {"heading": ("h1", "h2", "h3", "h4", "h5", "h6"), "code": ("pre",)}
PIECES = ["*", "**", "_", "__", "`", "``", "[", "](x)", "![", "#", "##", ">", "+", "-", "---", "=",
          "===", "|", "|-|", "~", "~~", "~~~", "$", "&amp;", "&amp;lt;", "&lt;b&gt;", "&lt;!--",
          "\\", "\\*", "1.", "23)", ":", ":--", "^", "!", "a", "word", "字", "。", "x_y", " ", " ",
          " ", "\\(x_1*2\\)", "\\(", "\\)", "<br>", "<br>", "(", ")", "http://a.example/_x_", "\u00a0", "\u3000", "'", '"']
BLOCKS = ["<p>{}</p>", "<h2>{}</h2>", "<ul><li>{}</li><li>{}<ul><li>{}</li></ul></li></ul>",
          "<ol><li>{}</li><li>{}</li></ol>", "<ol start=7><li>{}</li><li value=12>{}</li></ol>",
          "<ol reversed><li>{}</li><li>{}</li></ol>",
          "<ol><li><p>{}</p><blockquote>{}</blockquote><p>{}</p></li><li>{}</li></ol>", "<pre>{}</pre>", "<blockquote><p>{}</p></blockquote>",
          "<table><tr><td>{}</td><td>{}</td></tr><tr><td>{}</td><td>{}</td></tr></table>",
          "<figure><figcaption>{}</figcaption></figure>"]


def made_page(dice):
    def text():
        made = "".join(dice.choice(PIECES) for _ in range(dice.randint(1, 12)))
        return dice.choice(("", "x", "1. ", "7) ", "# ", "- ")) + made + dice.choice(("", "x"))

    def code():
        return "x\n" + "\n".join(dice.choice(("```", "````", "~~~", text())) for _ in range(4))
    body = []
    for _ in range(30):
        block = dice.choice(BLOCKS)
        make = code if block.startswith("<pre") else text
        body.append(block.format(*(make() for _ in range(block.count("{}")))))
    return "<!DOCTYPE html><meta charset=utf-8><title>t</title><main>" + "\n".join(body) + "</main>"


def squeezed(text):
    return "".join(text.split()).replace("\u200b", "").replace("\ufeff", "")


def rendered(markdown):
    tree = html5lib.parseFragment(RENDERER.render(markdown), treebuilder="etree",
                                  namespaceHTMLElements=False)
    counts = collections.Counter(element.tag for element in tree.iter())
    return squeezed("".join(tree.itertext())), counts


# Of what is marked in Markdown: code and escapes, which are left alone, and formulas.
MARKED = re.compile(r"^(?P<fence>`{3,})\n.*?\n(?P=fence)$|\\.|"
                    r"\$\$\n(?P<block>.*?)\n\$\$|\$(?P<inline>.+?)\$", re.DOTALL | re.MULTILINE)


def formulas_apart(markdown):
    """The formulas, which are GitHub's and which no parser of CommonMark knows, and what is left."""
    found = []

    def take(match):
        formula = match["block"] or match["inline"]
        if formula is None:
            return match[0]
        found.append(formula.strip(" \t\n"))
        return "(formula)"
    rest = MARKED.sub(take, markdown)
    return found, rest


def inline_apart(text, found):
    """Formulas stand in a block's text as \\( … \\), on one line."""
    kept, at = [], 0
    while at < len(text):
        end = text.find("\\)", at)
        inside = text[at + 2:end]
        formula = inside.strip(" \t\n")
        if (text.startswith("\\(", at) and end >= 0 and formula and not formula.endswith("\\")
                and not set(inside) & set("\n\t|$")):
            found.append(formula)
            kept.append("(formula)")
            at = end + 2
        else:
            kept.append(text[at])
            at += 1
    return "".join(kept)


def expected_apart(blocks):
    found, texts = [], []
    for block in blocks:
        if block["kind"] == "formula":
            found.append(block["text"].strip())
            texts.append("(formula)")
        elif block["kind"] == "code":
            texts.append(block["text"])
        else:
            texts.append(inline_apart(block["text"], found))
    return found, "".join(texts)


def problems(record):
    blocks = record["blocks"]
    kinds = collections.Counter(block["kind"] for block in blocks)
    formulas, rest = formulas_apart(record["markdown"])
    expected_formulas, expected = expected_apart(blocks)
    if formulas != expected_formulas:
        pairs = zip(formulas + [None], expected_formulas + [None])
        yield f"formulas: {next(pair for pair in pairs if pair[0] != pair[1])}"
    text, counts = rendered(rest)
    expected = squeezed(expected)
    if text != expected:
        at = next((i for i, (a, b) in enumerate(zip(text, expected)) if a != b),
                  min(len(text), len(expected)))
        yield f"at {at}: {text[at - 20:at + 20]!r} instead of {expected[at - 20:at + 20]!r}"
    for kind, tags in COUNTED.items():
        shown = sum(counts[tag] for tag in tags)
        if shown != kinds[kind]:
            yield f"{shown} of {kind}, not {kinds[kind]}"
    if counts["li"] > kinds["list_item"]:
        yield f"{counts['li']} items, not {kinds['list_item']}"
    if (counts["table"] > 0) != (kinds["table_row"] > 0):
        yield f"{counts['table']} tables for {kinds['table_row']} rows"
    if (counts["blockquote"] > 0) != (kinds["quote"] + kinds["comment"] > 0):
        yield f"{counts['blockquote']} quotes for {kinds['quote'] + kinds['comment']}"


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--quern", required=True)
    parser.add_argument("--pages", type=int, default=60)
    parser.add_argument("inputs", nargs="+", type=Path)
    options = parser.parse_args()
    dice = random.Random(20261123)
    with tempfile.TemporaryDirectory() as folder:
        for i in range(options.pages):
            (Path(folder) / f"made-{i:04}.html").write_text(made_page(dice), encoding="utf-8")
        done = subprocess.run([options.quern, "convert", "--quiet", "--columns",
                               "url,status,text,blocks,markdown", folder, *options.inputs],
                              capture_output=True, text=True)
    failed = seen = blocks = 0
    for line in done.stdout.splitlines():
        record = json.loads(line)
        if not record["text"]:
            continue
        seen += 1
        blocks += len(record["blocks"])
        for problem in problems(record):
            failed += 1
            print(f"FAIL {record['url']}: {problem}")
    print(f"{seen} records with {blocks} blocks rendered, {failed} failed")
    return 1 if failed or seen < options.pages else 0


if __name__ == "__main__":
    sys.exit(main())
