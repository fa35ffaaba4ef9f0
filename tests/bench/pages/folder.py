#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What converting pages costs: a folder of pages made from samples/documents/, every one with
another text; beside us, what others need for the same pages in the same run.

    folder.py QUERN [--count 10000] [--times 10] [--peer-pages 300] [--no-callgrind]

`quern convert` runs in one thread: pages a second are pages a second and core. Peak memory is
measured for the folder and for one that is --times as large; it should not grow.
"""
import argparse
import os
import random
import re
import resource
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
WORK = ROOT / "build" / "bench" / "folder"
SAMPLES = [("p-50318866.html", "gbk"), ("p-3390127.html", "utf-8"), ("ferry.html", "big5")]
PEERS = ["trafilatura==2.0.0", "lxml==5.3.0", "lxml_html_clean==0.4.1", "html5lib==1.1"]
PEER_PROGRAM = """
import sys, time
from pathlib import Path
name = sys.argv[1]
pages = [Path(p).read_bytes() for p in sys.argv[2:]]
if name == "trafilatura":
    import trafilatura
    work = lambda page: trafilatura.bare_extraction(page)
elif name == "lxml (tree only)":
    import lxml.html
    work = lambda page: lxml.html.fromstring(page)
else:
    import html5lib
    work = lambda page: html5lib.parse(page)
work(pages[0])
started = time.process_time()
for page in pages:
    work(page)
print(time.process_time() - started)
"""


def vary(text, random_):
    """The same markup around other sentences: those of every long paragraph in another order."""
    def shuffled(match):
        sentences = re.findall(r"[^。]+。?", match[2])
        random_.shuffle(sentences)
        return match[1] + "".join(sentences) + match[3]
    return re.sub(r"(<p>(?:\d、)?)([^<]{60,})(</p>)", shuffled, text)


def make_pages(folder, count):
    random_ = random.Random(20260101)
    sources = [((ROOT / "samples/documents" / name).read_bytes().decode(codec), codec)
               for name, codec in SAMPLES]
    size = 0
    for number in range(count):
        if number % 1000 == 0:
            part = folder / f"{number // 1000:04}"
            part.mkdir(parents=True)
        source, codec = sources[number % len(sources)]
        page = vary(source, random_).encode(codec)
        size += len(page)
        (part / f"{number:06}.html").write_bytes(page)
    return size


def measure(command):
    """Seconds of CPU, seconds on the clock, peak bytes of memory."""
    reader, writer = os.pipe()
    if os.fork() == 0:
        started = time.monotonic()
        code = subprocess.run(command, stdout=subprocess.DEVNULL, check=False).returncode
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        os.write(writer, f"{code} {used.ru_utime + used.ru_stime} {time.monotonic() - started} "
                         f"{used.ru_maxrss * 1024}".encode())
        os._exit(0)
    os.close(writer)
    with os.fdopen(reader) as back:
        code, cpu, clock, peak = back.read().split()
    os.wait()
    if code != "0":
        sys.exit(f"{command} answered {code}")
    return float(cpu), float(clock), int(float(peak))


def row(name, pages, size, cpu, peak=None):
    memory = f"{peak / 2**20:8.1f}" if peak else "        "
    print(f"| {name:34} | {pages:7} | {pages / cpu:9.0f} | {size / 1e6 / cpu:7.1f} | {memory} |")


def bench_peers(pages, size):
    place = WORK / "venv"
    if not (place / "bin" / "python").exists():
        subprocess.run([sys.executable, "-m", "venv", place], check=True)
        subprocess.run([place / "bin" / "pip", "install", "-q", "--disable-pip-version-check",
                        *PEERS], check=True)
    for name in ("trafilatura", "lxml (tree only)", "html5lib (tree only)"):
        result = subprocess.run([place / "bin" / "python", "-c", PEER_PROGRAM, name, *pages],
                                capture_output=True, text=True, check=False)
        if result.returncode:
            print(f"| {name}: {result.stderr.strip().splitlines()[-1]}")
        else:
            row(name, len(pages), size, float(result.stdout))


def instructions(quern, path):
    result = subprocess.run(
        ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", quern, "convert",
         "--columns", "text,dropped", path], capture_output=True, text=True, check=True)
    return int(re.search(r"Collected : (\d+)", result.stderr)[1])


def bench_instructions(quern):
    """A long page against an empty one: what starting costs falls out."""
    print("\n| page | bytes | instructions | a byte |\n|---|---|---|---|")
    for name, codec in SAMPLES:
        source = (ROOT / "samples/documents" / name).read_bytes().decode(codec)
        paragraphs = "".join(re.findall(r"<p>[^<]{40,}</p>", source)) or "<p>一。</p>"
        long = source.replace("</body>", paragraphs * 40 + "</body>")
        sizes, counts = [], []
        for text in (source, long):
            path = WORK / "callgrind.html"
            path.write_bytes(text.encode(codec))
            sizes.append(path.stat().st_size)
            counts.append(instructions(quern, path))
        size, count = sizes[1] - sizes[0], counts[1] - counts[0]
        print(f"| {name} ({codec}), its body 40 times | {size} | {count} | {count / size:.1f} |")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("quern")
    parser.add_argument("--count", type=int, default=10000)
    parser.add_argument("--times", type=int, default=10)
    parser.add_argument("--peer-pages", type=int, default=300)
    parser.add_argument("--no-callgrind", action="store_true")
    arguments = parser.parse_args()
    quern = str(Path(arguments.quern).resolve())
    shutil.rmtree(WORK / "pages", ignore_errors=True)
    WORK.mkdir(parents=True, exist_ok=True)
    print("| what | pages | pages/s and core | MB/s | peak MiB |\n|---|---|---|---|---|")
    for count in (arguments.count, arguments.count * arguments.times):
        folder = WORK / "pages" / str(count)
        size = make_pages(folder, count)
        for columns in ("text", "text,blocks,dropped"):
            cpu, _, peak = measure([quern, "convert", "--columns", columns, str(folder)])
            row(f"quern convert, {columns}", count, size, cpu, peak)
    first = sorted((WORK / "pages" / str(arguments.count)).rglob("*.html"))[:arguments.peer_pages]
    bench_peers([str(p) for p in first], sum(p.stat().st_size for p in first))
    if not arguments.no_callgrind:
        bench_instructions(quern)


if __name__ == "__main__":
    main()
