#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Makes plugin/page/model.def, the trees that judge blocks (plugin/page/model.h), from the pages of
QUERN_DATA/html that are for tuning; no page that is held back is looked at. train.sh runs it.

    train.py BUILD [--check] [--work FOLDER]

BUILD needs the targets quern, quern_cli and bench_page_features; FOLDER holds the pages (corpus.py) and gets them in UTF-8.
First every page is judged by trees that were trained without its host (five folds), which says how
good strangers' pages are judged; --check ends there. Then all of them are learned from.

What is to be learned: of a block of a page of `articles`, how much of it stands in the page's main
content, by runs of three words or as a whole line; of a block of `segments`, whether the passage it
holds is to be found or not, other blocks say nothing. A block counts as much as its share of the
words."""
import argparse
import bisect
import hashlib
import math
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path
from urllib.parse import urlsplit

import lightgbm
import numpy

import corpus
import quality
import scoring
import speed

FOLDS = 5
STEPS = 3
ROUNDS = 160
LEAF_ONE = 512
SHORT_WORDS = 4
PAGE_WEIGHT_MAX = 3.0
SEGMENT_WEIGHT = 0.375
NEVER = 32767
RULES_THAT_STAND = (3, 6, 7)  # enum ruling: posts, phrase, section
SETTINGS = {"objective": "cross_entropy", "learning_rate": 0.12, "num_leaves": 1 << STEPS,
            "max_depth": STEPS, "min_data_in_leaf": 40, "feature_fraction": 0.3,
            "bagging_fraction": 0.7, "bagging_freq": 1, "lambda_l2": 5, "max_bin": 63,
            "num_threads": 1, "seed": 7, "deterministic": True, "verbose": -1}
OUT = corpus.ROOT / "plugin" / "page" / "model.def"


class Page:
    """The blocks of one page: what the rules keep, their numbers, their texts; and what of them is
    to be learned: how much of each is content, and how much that counts."""

    def __init__(self, known):
        self.known = known
        self.kept, self.numbers, self.texts = [], [], []
        self.content = self.counts = None


def word_list(text):
    return re.findall(r"\w+", text.lower())


def read_pages(build, work, known):
    """(names of the features, name → Page), of those pages that are known."""
    records = quality.ours(build, work)
    paths = speed.utf8_pages([work / name for name in known], records, work)
    done = subprocess.run([build / "bin" / "bench_page_features"], check=True, capture_output=True,
                          input="".join(f"{path}\n" for path in paths).encode())
    lines = done.stdout.decode("utf-8", "replace").split("\n")
    names = lines[0].split()
    pages, page = {}, None
    for line in lines[1:-1]:
        if line.startswith("# "):
            path = Path(line[2:])
            name = f"{path.parent.name}/{path.name}"
            page = pages[name] = Page(known[name])
        else:
            kept, *numbers, text = line.split("\t", len(names) + 1)
            page.kept.append(kept == "K")
            page.numbers.append([int(number) for number in numbers])
            page.texts.append(text)
    for page in pages.values():
        page.numbers = numpy.array(page.numbers, dtype=numpy.int16).reshape(-1, len(names))
    return names, {name: page for name, page in pages.items() if len(page.texts)}


# --- what is to be learned ---

def share_of_runs(block, runs):
    """How many of a block's words stand in runs of three that are known."""
    covered = [False] * len(block)
    for at, run in enumerate(zip(block, block[1:], block[2:])):
        if run in runs:
            covered[at:at + 3] = [True] * 3
    return sum(covered) / len(block)


def learn_words(page):
    """From the main content: a text that stands there once is content once, however often the page
    says it."""
    wanted = word_list(page.known["main_content"])
    whole_lines = Counter(" ".join(word_list(line))
                          for line in page.known["main_content"].splitlines())
    runs = set(zip(wanted, wanted[1:], wanted[2:]))
    joined = f" {' '.join(wanted)} "
    blocks = [word_list(text) for text in page.texts]
    times = Counter(" ".join(block) for block in blocks)
    page.content = numpy.zeros(len(blocks))
    page.counts = numpy.zeros(len(blocks))
    for i, block in enumerate(blocks):
        said = " ".join(block)
        if not block:
            continue
        if len(block) >= SHORT_WORDS:
            there = max(1, joined.count(f" {said} ")) if times[said] > 1 else 1
            page.content[i] = share_of_runs(block, runs) * min(1, there / times[said])
        elif whole_lines[said]:
            page.content[i] = min(1, whole_lines[said] / times[said])
        elif len(block) > 1 and f" {said} " in joined:
            page.content[i] = 0.5 / times[said]
        page.counts[i] = len(block) / max(len(wanted), 50)
    page.counts *= min(1, PAGE_WEIGHT_MAX / max(page.counts.sum(), 1e-9))


def places(text, passage):
    at = text.find(passage)
    while at >= 0:
        yield at
        at = text.find(passage, at + 1)


def learn_segments(page):
    """From passages that are to be found (`with`), and such that are not."""
    texts = [scoring.one_space(text) for text in page.texts]
    starts, at = [], 0
    for text in texts:
        starts.append(at)
        at += len(text) + 1
    whole = " ".join(texts)
    page.content = numpy.zeros(len(texts))
    page.counts = numpy.zeros(len(texts))
    for which, value in (("without", 0), ("with", 1)):
        for passage in map(scoring.one_space, page.known[which]):
            held = set()
            for place in places(whole, passage) if passage else ():
                first = bisect.bisect_right(starts, place) - 1
                last = bisect.bisect_left(starts, place + len(passage))
                held.update(range(first, last))
            for i in held:
                page.content[i] = value
                page.counts[i] += SEGMENT_WEIGHT / len(held)


def learn(page):
    if "main_content" in page.known:
        learn_words(page)
    else:
        learn_segments(page)


# --- judging ---

def limit_of(likely, weights):
    """As judge.c finds it."""
    whole = (likely * weights).sum()
    limit = 0.4
    for _ in range(4):
        above = likely > limit
        kept = weights[above].sum()
        if kept > 0:
            limit = 2 * (likely * weights)[above].sum() / (kept + whole) * 0.53
    return max(limit, 0.25)


def say_scores(what, pages, kept):
    """kept: name → one truth a block."""
    texts = {name: {"text": "\n".join(text for text, stays in zip(page.texts, kept[name]) if stays)}
             for name, page in pages.items()}
    found = [scoring.segments(page.known, texts[name]) for name, page in pages.items()
             if name.startswith("segments/")]
    kinds = {}
    for name, page in pages.items():
        if page.known.get("main_content"):
            score = scoring.words_f1(page.known, texts[name])[2]
            kinds.setdefault(page.known["page_type"], []).append(score)
    every = [score for scores in kinds.values() for score in scores]
    print(f"| {what} | {scoring.segments_sum(found)[2]:.4f} | {sum(every) / len(every):.4f} | "
          + " | ".join(f"{kind} {sum(scores) / len(scores):.3f}"
                       for kind, scores in sorted(kinds.items())) + " |", flush=True)


def fold_of(page):
    host = urlsplit(page.known["url"]).hostname or page.known["url"]
    return int(hashlib.md5(host.encode()).hexdigest(), 16) % FOLDS


def train(pages):
    numbers = numpy.concatenate([page.numbers for page in pages])
    content = numpy.concatenate([page.content for page in pages])
    counts = numpy.concatenate([page.counts for page in pages])
    used = counts > 0
    data = lightgbm.Dataset(numbers[used], content[used],
                            weight=counts[used] / counts[used].mean())
    return lightgbm.train(SETTINGS, data, ROUNDS)


def judge(model, page, names):
    """As judge.c does, but for its look at short answers and at small pages."""
    likely = model.predict(page.numbers, num_threads=1)
    limit = limit_of(likely, page.numbers[:, names.index("weight")].astype(float))
    stands = numpy.isin(page.numbers[:, names.index("ruled")], RULES_THAT_STAND)
    return numpy.where(page.kept, likely > limit - 0.05, (likely > limit + 0.1) & ~stands)


def check(names, pages):
    """Pages judged by trees that never saw their hosts."""
    judged = {}
    for fold in range(FOLDS):
        model = train([page for page in pages.values() if fold_of(page) != fold])
        judged |= {name: judge(model, page, names) for name, page in pages.items()
                   if fold_of(page) == fold}
    print("| judged by | segments F1 | words F1 | by type |\n|---|---|---|---|")
    say_scores("the rules alone", pages, {name: page.kept for name, page in pages.items()})
    say_scores("trees that saw other hosts", pages, judged)


# --- the table ---

def fill(node, names, at, nodes, leaves, step=0):
    """The tree as a whole one of STEPS steps: below a leaf that stands higher, all go to it."""
    if step == STEPS:
        leaves.append(round(node["leaf_value"] * LEAF_ONE))
        return
    if "leaf_value" in node:
        nodes[at] = (names[0], NEVER)
        left = right = node
    else:
        nodes[at] = (names[node["split_feature"]], math.floor(node["threshold"]))
        left, right = node["left_child"], node["right_child"]
    fill(left, names, 2 * at + 1, nodes, leaves, step + 1)
    fill(right, names, 2 * at + 2, nodes, leaves, step + 1)


def write(model, names):
    rows = ["/* SPDX-License-Identifier: Apache-2.0 */",
            f"/* Made by tests/bench/pages/train.py with lightgbm {lightgbm.__version__}, {ROUNDS} "
            "trees, from what NOTICE",
            " * names. TREE(feature, limit, … seven nodes, then eight leaves in 512ths). */",
            "/* clang-format off */"]
    for tree in model.dump_model()["tree_info"]:
        nodes, leaves = {}, []
        fill(tree["tree_structure"], names, 0, nodes, leaves)
        cells = [f"{nodes[at][0]}, {nodes[at][1]}" for at in range(len(nodes))]
        rows.append(f"TREE({', '.join(cells)}, {', '.join(map(str, leaves))})")
    OUT.write_text("\n".join(rows + ["/* clang-format on */", "#undef TREE", ""]))


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("build", type=Path)
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--work", type=Path, default=corpus.WORK)
    arguments = parser.parse_args()
    work = arguments.work.resolve()
    corpus.unpack(work)
    known = corpus.in_split(corpus.segments(work), "tune")
    known |= {name: page for name, page in corpus.in_split(corpus.articles(work), "tune").items()
              if page["main_content"]}
    names, pages = read_pages(arguments.build.resolve(), work, known)
    for page in pages.values():
        learn(page)
    check(names, pages)
    if not arguments.check:
        write(train(list(pages.values())), names)
        print(f"{OUT} is made", file=sys.stderr)


if __name__ == "__main__":
    main()
