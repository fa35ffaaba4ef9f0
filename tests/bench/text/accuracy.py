#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""How often detection is right, beside its peers in the same run; right means: read by the encoding
that was found, the bytes give the text that they give by the true one.

    accuracy.py BUILD SOURCES [--topics files,texts,names,control,zips] [--split held|tune|all]
                [--ours] [--errors] [--limit N]

BUILD holds bin/tool_detect, bin/tool_detect_names and bin/quern; SOURCES are unpacked Debian packages
(accuracy.sh fetches them). --ours leaves the peers out, --errors lists our mistakes.
"""
import argparse
import json
import pickle
import random
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections import defaultdict
from pathlib import Path

import shorts
import transcoded
from codecs_of import codec_of, decode, same_text
from data import natural_files
from peers import detect_items
from zips import write_zip

WORK = Path(__file__).resolve().parents[3] / "build" / "bench" / "text"


def cached(name, make):
    """What `make` gives, kept beside the build: the sets are the same every time."""
    WORK.mkdir(parents=True, exist_ok=True)
    source = Path(__file__).resolve().parent
    newest = max(path.stat().st_mtime for path in source.glob("*.py")
                 if path.name in ("shorts.py", "transcoded.py", "titles.py", "sources.py"))
    path = WORK / f"{name}.pickle"
    if not path.exists() or path.stat().st_mtime < newest:
        path.write_bytes(pickle.dumps(make()))
    return pickle.loads(path.read_bytes())


def table(title, columns, rows):
    """A table as Markdown has it."""
    print(f"\n## {title}\n")
    print("| " + " | ".join(columns) + " |")
    print("|---|" + "---:|" * (len(columns) - 1))
    for row in rows:
        print("| " + " | ".join(str(cell) for cell in row) + " |")
    sys.stdout.flush()


def percent(right, count):
    return f"{100 * right / count:.2f} %" if count else "-"


def is_right(data, truth, guess):
    return not codec_of(guess) if truth == "None" else same_text(data, truth, guess)


def report(title, items, truths, groups, options, names=False):
    """One table: a row a group, the total, the mean of the groups, and the speed."""
    found = detect_items(items, options.build, options.ours, names)
    rights = {name: [all(is_right(part, truth, label) for part in item)
                     for item, truth, label in zip(items, truths, labels)]
              for name, (labels, _) in found.items()}
    members = defaultdict(list)
    for i, group in enumerate(groups):
        members[group].append(i)
    rows = [[group, len(indexes)] + [percent(sum(right[i] for i in indexes), len(indexes))
                                     for right in rights.values()]
            for group, indexes in members.items()]
    means = [sum(sum(right[i] for i in ix) / len(ix) for ix in members.values()) / len(members)
             for right in rights.values()]
    size = sum(len(part) for item in items for part in item) / 1e6
    rows.append(["**all**", len(items)] + [percent(sum(r), len(r)) for r in rights.values()])
    rows.append(["mean of the rows", len(members)] + [f"{100 * mean:.2f} %" for mean in means])
    rows.append(["MB/s, starting included", f"{size:.1f} MB"] +
                [f"{size / seconds:.1f}" for _, seconds in found.values()])
    table(title, ["", "count", *rights], rows)
    if options.errors:
        list_errors(items, truths, groups, found["quern"][0], rights["quern"])
    return found, rights


def list_errors(items, truths, groups, labels, right):
    for item, truth, group, label, ok in zip(items, truths, groups, labels, right):
        if not ok:
            text = " / ".join((decode(part, codec_of(truth)) or "?") for part in item)
            print(f"wrong: {group}: {label or '-'}: {' '.join(text[:60].split())}")


def select(samples, options):
    """Those of the wanted half; `samples`: (split, …)."""
    return [row for row in samples if options.split in ("all", row[0])]


def files(options):
    archive = natural_files()
    if not archive:
        print("\nQUERN_DATA is not set or lacks charset-files.tar.xz: THE NATURAL FILES WERE NOT READ")
        return
    items, truths, groups = [], [], []
    with tarfile.open(archive) as tar:
        for entry in tar:
            if entry.isfile() and entry.name.count("/") >= 2:
                label = entry.name.split("/")[1].rsplit("-", 1)[0]
                items.append([tar.extractfile(entry).read()])
                truths.append(label)
                groups.append(entry.name.split("/")[1])
    report("natural files", items, truths, groups, options)


def texts(options):
    samples = cached("texts", lambda: list(transcoded.samples(options.sources)))
    rows = select([(row[2], *row) for row in samples], options)
    rows = rows[:: max(1, len(rows) // options.limit)] if options.limit else rows
    report(f"transcoded texts in 79 labels ({options.split})", [[row[4]] for row in rows],
           [row[1] for row in rows], [row[1] for row in rows], options)
    samples = cached("ebcdic", lambda: list(transcoded.samples(options.sources, transcoded.EBCDIC)))
    rows = select([(row[2], *row) for row in samples], options)
    if not options.limit:
        report(f"EBCDIC, not among them ({options.split})", [[row[4]] for row in rows],
               [row[1] for row in rows], [row[1] for row in rows], options)


def names(options):
    pools = cached("names", lambda: shorts.cjk_names(options.sources))
    items, truths, groups = [], [], []
    for group, (codec, samples) in pools.items():
        for _, data in select(samples, options):
            items.append([data])
            truths.append(codec)
            groups.append(group)
    report(f"CJK names of 2 to 20 characters, one by one ({options.split})", items, truths, groups,
           options, names=True)
    report_sets(pools, options)


def report_sets(pools, options):
    """Five names of one archive at a time."""
    items, truths, groups = [], [], []
    for group, (codec, samples) in pools.items():
        data = [data for _, data in select(samples, options)]
        for i in range(0, len(data) - 4, 5):
            items.append(data[i:i + 5])
            truths.append(codec)
            groups.append(group)
    report(f"five CJK names at a time ({options.split})", items, truths, groups, options, names=True)


ASIAN = {"gb18030", "big5hkscs", "cp932", "cp949", "euc_jp", "johab", "euc_jis_2004", "hz",
         "shift_jis_2004", "shift_jisx0213", "euc-tw", "iso2022_jp", "iso2022_kr", "utf-16-le",
         "utf-16-be", "euc_jisx0213", "big5", "utf-16"}


def control(options):
    pools = cached("control", lambda: shorts.control_names(options.sources))
    cities = cached("cities", shorts.city_names)
    main = [(codec, data) for codec in shorts.CONTROL_MAIN for _, data in select(pools[codec], options)]
    rest = [(codec, data) for codec in pools if codec not in shorts.CONTROL_MAIN
            for _, data in select(pools[codec], options)]
    towns = [("cp1252", data) for _, data in select(cities, options)]
    for title, rows in (("Western and Cyrillic names", main), ("names in further encodings", rest),
                        ("names of cities in windows-1252", towns)):
        rows = rows[:: max(1, len(rows) // options.limit)] if options.limit else rows
        groups = [row[0] for row in rows]
        found, rights = report(f"{title}, read right ({options.split})", [[row[1]] for row in rows],
                               groups, groups, options, names=True)
        asian = {name: [codec_of(label) in ASIAN and not right
                        for label, right in zip(labels, rights[name])]
                 for name, (labels, _) in found.items()}
        table(f"{title}, read as CJK ({options.split})", ["", "count", *asian],
              [[group, groups.count(group)] +
               [percent(sum(bad for bad, g in zip(row, groups) if g == group), groups.count(group))
                for row in asian.values()] for group in dict.fromkeys(groups)] +
              [["**all**", len(rows)] + [percent(sum(row), len(row)) for row in asian.values()]])


def zips(options):
    pools = cached("names", lambda: shorts.cjk_names(options.sources))
    rows = []
    for size in (1, 5):
        for group, (codec, samples) in pools.items():
            data = [data for _, data in select(samples, options) if b"/" not in data]
            random.Random(group).shuffle(data)
            sets = [data[i:i + size] for i in range(0, len(data) - size + 1, size)][:100]
            rows.append([f"{group}, {size} name{'s' * (size > 1)}", len(sets),
                         *zip_shares(sets, codec, options)])
    table(f"names inside a zip, all of them right ({options.split})",
          ["", "zips", "quern", "unar"], rows)


def zip_shares(sets, codec, options):
    """How many archives have all names right: ours, unar's."""
    right = [0, 0]
    has_unar = shutil.which("lsar") and not options.ours
    with tempfile.TemporaryDirectory() as folder:
        for i, members in enumerate(sets):
            path = Path(folder) / f"{i}.zip"
            write_zip(path, members)
            wanted = sorted(decode(name, codec_of(codec)) for name in members)
            right[0] += quern_lists(options.build, path) == wanted
            right[1] += bool(has_unar and unar_lists(path) == wanted)
    return [percent(right[0], len(sets)), percent(right[1], len(sets)) if has_unar else "-"]


def quern_lists(build, path):
    done = subprocess.run([build / "bin/quern", "convert", "--columns", "member", path],
                          capture_output=True, text=True)
    members = [json.loads(line).get("member") for line in done.stdout.splitlines()]
    return sorted(member for member in members if member)


def unar_lists(path):
    done = subprocess.run(["lsar", "-j", path], capture_output=True, text=True, errors="replace")
    try:
        return sorted(row["XADFileName"] for row in json.loads(done.stdout)["lsarContents"])
    except (ValueError, KeyError):
        return []


def main():
    topics = {"files": files, "texts": texts, "names": names, "control": control, "zips": zips}
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("build", type=Path)
    parser.add_argument("sources", type=Path)
    parser.add_argument("--topics", default=",".join(topics))
    parser.add_argument("--split", choices=("held", "tune", "all"), default="held")
    parser.add_argument("--ours", action="store_true")
    parser.add_argument("--errors", action="store_true")
    parser.add_argument("--limit", type=int, default=0)
    options = parser.parse_args()
    for topic in options.topics.split(","):
        topics[topic](options)


if __name__ == "__main__":
    main()
