#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Makes plugin/page/type_model.inc: what each count of a page (plugin/page/type_counts.def) is worth
for each page type; and says how often the model is right on pages it was not made from.

    train_types.py [BUILD] [--check] [--work FOLDER]
    train_types.py [BUILD] --why PAGE…      what speaks for a page's type (in UTF-8), and what against

A multinomial logistic regression over the counts, fitted to the pages of QUERN_DATA/html/articles
(CC-BY) by their page types. Two other sets weigh little: the pages of html/segments, which are nearly
all articles, and the articles and forums of the Chinese gold set A, which this folder makes. What is printed is five-fold
cross-validation by page, in five shuffles, of the same whole numbers that the table holds. --check
writes nothing. Needs what PINNED names; installs it under build/bench/pages."""
import argparse
import json
import os
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import corpus

VERSION = 1
PINNED = ["scikit-learn==1.9.1", "numpy==2.4.6", "scipy==1.17.1"]
GOLD = Path(__file__).resolve().parent / "gold"
TABLE = corpus.ROOT / "plugin" / "page" / "type_model.inc"
TYPES = ["article", "documentation", "forum", "product", "listing", "collection", "service"]
STRENGTH = 0.03         # inverse of the penalty: small, for pages are few
# What pages weigh that are only probably articles, or were made up.
SEGMENTS_WEIGHT = 0.03
GOLD_WEIGHT = {"article": 0.1, "forum": 0.5}
SCALE = 2048
FOLDS, SHUFFLES = 5, 5
WHY_SHOWN = 8


def with_packages():
    """This program once more, in an environment that has the packages."""
    place = corpus.ROOT / "build" / "bench" / "pages" / "train"
    python = place / "bin" / "python"
    if not (place / "whole").exists():
        subprocess.run([sys.executable, "-m", "venv", place], check=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", *PINNED], check=True)
        (place / "whole").write_text("\n".join(PINNED))
    os.execv(python, [python, "-B", *sys.argv])


def charsets(build, folders):
    """path → charset, as the converter finds it."""
    done = subprocess.run([build / "bin" / "quern", "convert", "--quiet", "--columns",
                           "url,charset", *folders], stdout=subprocess.PIPE)
    records = map(json.loads, done.stdout.splitlines())
    return {Path(record["url"]).name: record.get("charset") or "utf-8" for record in records}


def in_utf8(build, paths, work):
    """The same pages in UTF-8, for bench_type_counts."""
    found = None
    for path in paths:
        place = work / "utf8" / path.parent.name / path.name
        if not place.exists():
            found = found or charsets(build, sorted({path.parent for path in paths}))
            place.parent.mkdir(parents=True, exist_ok=True)
            try:
                text = path.read_bytes().decode(found.get(path.name, "utf-8"), "replace")
            except LookupError:
                text = path.read_bytes().decode("latin-1")
            place.write_bytes(text.encode())
        yield place


def counted(build, paths, work):
    """The same of pages in any encoding."""
    return bench_counts(build, list(in_utf8(build, paths, work)))


def bench_counts(build, paths):
    """Names of the counts, and the levels of each page."""
    done = subprocess.run([build / "bin" / "bench_type_counts"], stdout=subprocess.PIPE, check=True,
                          input="\n".join(map(str, paths)) + "\n", text=True)
    head, *rows = [line.split("\t") for line in done.stdout.splitlines()]
    return head[1:], [[int(level) for level in row[1:]] for row in rows]


def beside(build, work):
    """The pages that weigh little: levels, types, weights."""
    names = [work / name for name in corpus.segments(work)]
    _, levels = counted(build, names, work)
    known = [("article", SEGMENTS_WEIGHT)] * len(names)
    made = work / "gold"
    subprocess.run([sys.executable, "-B", GOLD / "make.py", made, "--set", "A"], check=True,
                   stdout=subprocess.DEVNULL)
    golds = map(json.loads, (made / "A" / "gold.jsonl").read_text("utf-8").splitlines())
    golds = [gold for gold in golds if gold["page_type"] in GOLD_WEIGHT]
    for gold in golds:
        place = work / "utf8" / "A" / gold["file"]
        place.parent.mkdir(parents=True, exist_ok=True)
        text = (made / "A" / gold["file"]).read_bytes().decode(gold["encoding"], "replace")
        place.write_bytes(text.encode())
    _, more = counted(build, [made / "A" / gold["file"] for gold in golds], work)
    known += [(gold["page_type"], GOLD_WEIGHT[gold["page_type"]]) for gold in golds]
    return levels + more, [kind for kind, _ in known], [weight for _, weight in known]


def fit(pages, types, others):
    """Whole numbers: weights by type and count, biases by type."""
    import numpy
    from sklearn.linear_model import LogisticRegression
    middle, spread = pages.mean(0), pages.std(0)
    spread[spread < 0.1] = 0.1  # what hardly any page has is worth little, not much
    levels = (numpy.vstack([pages, others[0]]) - middle) / spread
    wanted = numpy.append(types, others[1])
    weight = numpy.append(numpy.ones(len(pages)), others[2])
    model = LogisticRegression(C=STRENGTH, max_iter=5000)
    model.fit(levels, wanted, sample_weight=weight)
    order = [list(model.classes_).index(kind) for kind in TYPES]
    weights = model.coef_[order] / spread
    biases = model.intercept_[order] - weights @ middle
    return (numpy.rint(weights * SCALE).astype(int), numpy.rint(biases * SCALE).astype(int))


def told(model, pages):
    weights, biases = model
    return [TYPES[i] for i in (pages @ weights.T + biases).argmax(1)]


def right(model, pages, types):
    return f"{sum(told(model, pages) == types)} of {len(types)}"


def validate(pages, types, others):
    import numpy
    from sklearn.model_selection import StratifiedKFold
    shares = []
    for shuffle in range(SHUFFLES):
        answers = numpy.empty(len(types), dtype=object)
        parts = StratifiedKFold(FOLDS, shuffle=True, random_state=shuffle)
        for learnt, held in parts.split(pages, types):
            answers[held] = told(fit(pages[learnt], types[learnt], others), pages[held])
        shares.append((answers == types).mean())
        if shuffle == 0:
            confused(types, answers)
    print("right, out of fold: " + " ".join(f"{share:.3f}" for share in shares)
          + f", mean {numpy.mean(shares):.3f}")


def confused(types, answers):
    count = Counter(zip(types, answers))
    print("| is \\ told | " + " | ".join(TYPES) + " |\n|" + "---|" * (len(TYPES) + 1))
    for is_ in TYPES:
        print(f"| {is_} | " + " | ".join(str(count[is_, kind]) for kind in TYPES) + " |")


def write(names, model):
    weights, biases = model
    lines = ["/* SPDX-License-Identifier: Apache-2.0 */",
             f"/* Generated by tests/bench/pages/train_types.py, version {VERSION}, from the pages of"
             " html/articles and", " * html/segments (NOTICE) and the Chinese gold set A, with "
             f"{', '.join(PINNED)}. */", "/* clang-format off */",
             f"BIAS({', '.join(map(str, biases))})"]
    lines += [f"WEIGHTS({name}, {', '.join(map(str, weights[:, i]))})"
              for i, name in enumerate(names)]
    TABLE.write_text("\n".join([*lines, "/* clang-format on */", ""]))


def table():
    """count → what a level of it is worth, by type; the biases under BIAS."""
    rows = re.findall(r"^(BIAS|WEIGHTS)\((?:(\w+), )?([-\d, ]+)\)$", TABLE.read_text(), re.M)
    return {name or kind: [int(number) for number in numbers.split(",")]
            for kind, name, numbers in rows}


def why(build, paths):
    """What parts the model's best type from its second, the weightiest counts first. Where a page states
    its type clearly, or shows next to nothing, page_type.c does not ask the model."""
    names, pages = bench_counts(build, paths)
    worth = table()
    for path, levels in zip(paths, pages):
        parts = {name: [weight * level for weight in worth[name]]
                 for name, level in zip(names, levels)}
        scores = [bias + sum(part[i] for part in parts.values())
                  for i, bias in enumerate(worth["BIAS"])]
        best, second = sorted(range(len(TYPES)), key=lambda i: -scores[i])[:2]
        print(f"{path}: {TYPES[best]} {scores[best]}, before {TYPES[second]} {scores[second]}")
        by_weight = sorted(parts, key=lambda name: -abs(parts[name][best] - parts[name][second]))
        for name in by_weight[:WHY_SHOWN]:
            print(f"    {parts[name][best] - parts[name][second]:+6} {name} "
                  f"{levels[names.index(name)]}")


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("build", nargs="?", type=Path, default=corpus.ROOT / "build" / "release")
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--work", type=Path, default=corpus.WORK)
    parser.add_argument("--why", type=Path, nargs="+", default=[], metavar="PAGE")
    arguments = parser.parse_args()
    if arguments.why:
        why(arguments.build.resolve(), arguments.why)
        return
    try:
        import numpy
        import sklearn
    except ImportError:
        with_packages()
    work, build = arguments.work.resolve(), arguments.build.resolve()
    corpus.unpack(work)
    known = corpus.articles(work)
    names, pages = counted(build, [work / name for name in known], work)
    pages, others = numpy.array(pages), beside(build, work)
    types = numpy.array([page["page_type"] for page in known.values()])
    validate(pages, types, others)
    model = fit(pages, types, others)
    print(f"right on the pages it was made from: {right(model, pages, types)}; others: "
          f"{right(model, numpy.array(others[0]), numpy.array(others[1]))}")
    if not arguments.check:
        write(names, model)


if __name__ == "__main__":
    main()
