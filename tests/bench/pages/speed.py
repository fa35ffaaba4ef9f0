#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What it costs to make records of all pages of QUERN_DATA/html, beside the peers that speed.sh
installs: MB of page bytes a second of one core's processor time, warm, pages in memory; and memory.

    speed.py BUILD [--topics speed,memory] [--rounds 5] [--peer-rounds 1] [--ours] [--work FOLDER]

Whole path: bytes to record, the encoding found, the text chosen, metadata read. Parse alone: UTF-8
to tree. lexbor is measured through selectolax, which adds one call for each page. Memory of ours
is what malloc gave beyond what was held before the page, the record included, the page itself not.
BUILD needs the targets quern, quern_cli, bench_convert_pages and bench_parse_pages."""
import argparse
import codecs
import json
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

import corpus
import peers

METADATA = "url,title,author,published,modified,site,page_type,language,charset,text"
OURS = (("text", "text"), ("metadata and text", METADATA),
        ("metadata, text, blocks, dropped", f"{METADATA},description,tags,rights,complete,"
         "title_match,links,blocks,dropped"))
BIG_MB = (1, 4, 16, 64)
SAMPLED = {"trafilatura": 5}


def peer_work(tool):
    """A function of a page's bytes."""
    if tool == "lexbor (selectolax)":
        from selectolax.lexbor import LexborHTMLParser
        return LexborHTMLParser
    if tool == "resiliparse's lexbor":
        from resiliparse.parse.html import HTMLTree
        return lambda page: HTMLTree.parse_from_bytes(page, "utf-8")
    work = peers.TOOLS[tool][1]()
    return lambda page: work(page, "")


def measure_peer(tool, rounds):
    """In a process of its own: a line a round, as the programs in C say it."""
    work = peer_work(tool)
    pages = [Path(line.rstrip("\n")).read_bytes() for line in sys.stdin]
    for page in pages[:20]:
        work(page)
    for _ in range(rounds):
        started = time.process_time()
        for page in pages:
            try:
                work(page)
            except Exception:  # it took the time it took
                pass
        print(sum(map(len, pages)), len(pages), time.process_time() - started, sep="\t")


def rates(command, paths):
    """(pages, MB, MB/s of each round)."""
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True,
                          input="".join(f"{path}\n" for path in paths), check=False)
    rows = [line.split("\t") for line in done.stdout.splitlines()]
    if done.returncode or not rows:
        print(f"{command[0]}: {done.stderr.strip()[-300:]}", file=sys.stderr)
        return None
    return rows[0][1], int(rows[0][0]) / 1e6, [int(r[0]) / 1e6 / float(r[2]) for r in rows]


def row(tool, what, measured):
    if measured:
        pages, size, all_rates = measured
        print(f"| {tool} | {what} | {pages} | {size:.1f} | {statistics.median(all_rates):.1f} | "
              f"{max(all_rates):.1f} |", flush=True)


def utf8_pages(paths, records, work):
    """The same pages in UTF-8, for those who parse nothing else."""
    made = []
    for path in paths:
        name = f"{path.parent.name}/{path.name}"
        place = work / "utf8" / name
        if not place.exists():
            charset = records.get(name, {}).get("charset") or "utf-8"
            try:
                codecs.lookup(charset)
            except LookupError:
                charset = "latin-1"
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(path.read_bytes().decode(charset, "replace").encode())
        made.append(place)
    return made


def speed_table(arguments, paths, utf8):
    build, peer = arguments.build, [sys.executable, "-B", __file__]
    library = build / "lib" / "libquern.so"
    load = " ".join(f"{part:.1f}" for part in os.getloadavg())
    print(f"\n## speed (load average {load} on {os.cpu_count()} processors)")
    print("| tool | what | pages | MB | MB/s, median | MB/s, best |\n|---|---|---|---|---|---|")
    for what, columns in OURS:
        row("quern", f"whole path: {what}",
            rates([build / "bin" / "bench_convert_pages", library, columns, arguments.rounds],
                  paths))
    if not arguments.ours:
        for tool in ("resiliparse", "rs-trafilatura", "trafilatura"):
            step = SAMPLED.get(tool, 1)
            row(tool, "whole path" + (f", every {step}th page" if step > 1 else ""),
                rates([*peer, "--peer", tool, "--peer-rounds", arguments.peer_rounds],
                      paths[::step]))
    row("quern", "parse alone", rates([build / "bin" / "bench_parse_pages", arguments.rounds],
                                      utf8))
    if not arguments.ours:
        for tool in ("lexbor (selectolax)", "resiliparse's lexbor"):
            row(tool, "parse alone",
                rates([*peer, "--peer", tool, "--peer-rounds", arguments.rounds], utf8))


# --- memory ---

def memory_rows(command, paths):
    """[(bytes of the page, bytes held at most)]."""
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True,
                          input="".join(f"{path}\n" for path in paths), check=True)
    return [tuple(map(int, line.split("\t")[:2])) for line in done.stdout.splitlines()]


def quantiles(rows):
    factors = sorted(peak / size for size, peak in rows)
    return [factors[min(int(len(factors) * part), len(factors) - 1)]
            for part in (0.5, 0.9, 0.99, 1)]


def memory_table(arguments, paths, utf8):
    build = arguments.build
    convert = [build / "bin" / "bench_convert_pages", build / "lib" / "libquern.so"]
    print("\n## memory: times the page's bytes")
    print("| what | pages | all together | median | 90 % | 99 % | most |\n|---|---|---|---|---|---|---|")
    kinds = [(f"record: {what}", [*convert, columns, 0], paths) for what, columns in OURS]
    kinds.append(("tree alone", [build / "bin" / "bench_parse_pages", 0], utf8))
    for what, command, pages in kinds:
        rows = memory_rows(command, pages)
        for name, some in (("", rows), (", pages of 50 kB and more",
                                        [r for r in rows if r[0] >= 50000])):
            together = sum(peak for _, peak in some) / sum(size for size, _ in some)
            cells = " | ".join(f"{value:.2f}" for value in (together, *quantiles(some)))
            print(f"| {what}{name} | {len(some)} | {cells} |")


def big_pages(utf8, work):
    """Real pages one behind the other in one file, until it is as large as wanted."""
    made = []
    for size in BIG_MB:
        place = work / f"big-{size}.html"
        if not place.exists():
            parts, left = [], size << 20
            for path in utf8:
                parts.append(path.read_bytes()[:left])
                left -= len(parts[-1])
            place.write_bytes(b"".join(parts))
        made.append(place)
    return made


def growth_table(arguments, utf8, work):
    build = arguments.build
    print("\n## memory of one large page: real pages one behind the other")
    print("| bytes | record: times the bytes | with blocks, dropped | tree alone | status |\n"
          "|---|---|---|---|---|")
    convert = [build / "bin" / "bench_convert_pages", build / "lib" / "libquern.so"]
    for place in big_pages(utf8, work):
        cells = [peak / size for command in ([*convert, METADATA, 0], [*convert, OURS[2][1], 0],
                                             [build / "bin" / "bench_parse_pages", 0])
                 for size, peak in memory_rows(command, [place])]
        said = subprocess.run([build / "bin" / "quern", "convert", "--quiet", "--columns",
                               "status,error_code", place], capture_output=True, text=True)
        status = json.loads(said.stdout)
        print(f"| {place.stat().st_size} | " + " | ".join(f"{cell:.2f}" for cell in cells)
              + f" | {status['status']} {status['error_code'] or ''} |", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("build", nargs="?", type=Path, default=corpus.ROOT / "build" / "release")
    parser.add_argument("--topics", default="speed,memory")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--peer-rounds", type=int, default=1)
    parser.add_argument("--ours", action="store_true")
    parser.add_argument("--work", type=Path, default=corpus.WORK)
    parser.add_argument("--peer", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.peer:
        return measure_peer(arguments.peer, arguments.peer_rounds)
    arguments.build = arguments.build.resolve()
    work = arguments.work.resolve()
    corpus.unpack(work)
    paths = [work / name for name in (*corpus.segments(work), *corpus.articles(work))]
    said = subprocess.run([arguments.build / "bin" / "quern", "convert", "--quiet", "--columns",
                           "url,charset", work / "segments", work / "articles"],
                          capture_output=True, text=True).stdout
    records = {"/".join(Path(record["url"]).parts[-2:]): record
               for record in map(json.loads, said.splitlines())}
    utf8 = utf8_pages(paths, records, work)
    if "speed" in arguments.topics:
        speed_table(arguments, paths, utf8)
    if "memory" in arguments.topics:
        memory_table(arguments, paths, utf8)
        growth_table(arguments, utf8, work)
    return None


if __name__ == "__main__":
    main()
