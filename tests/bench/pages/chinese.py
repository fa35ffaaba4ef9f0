#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The Chinese gold (gold/README.md): ours scored by its scorer, then the peers that quality.sh
installs on the same pages. Ours are fetched with the Content-Type a server sends, peers are given the
bytes: where only the header tells the encoding, they have to find it.

    chinese.py [BUILD] [--ours | --peers A/B/…] [--errors N] [--work FOLDER]"""
import argparse
import json
import subprocess
import sys
from pathlib import Path

import corpus
import peers

GOLD = Path(__file__).resolve().parent / "gold"


def python(*command):
    subprocess.run([sys.executable, "-B", *(str(word) for word in command)], check=True)


def peer_texts(pages, folder, work, only):
    """Folders of plain texts, as the scorer wants them: (tool, folder)."""
    known = {str(path.relative_to(work)): {"url": gold["url"]} for path, gold in pages}
    for tool, records in peers.records({"gold": known}, work, only).items():
        place = folder / tool.replace(" ", "-").replace(",", "")
        place.mkdir(parents=True, exist_ok=True)
        for name, record in records.items():
            (place / f"{Path(name).stem}.txt").write_text(record.get("text") or "", "utf-8")
        yield tool, place


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("build", nargs="?", type=Path, default=corpus.ROOT / "build" / "release")
    parser.add_argument("--ours", action="store_true")
    parser.add_argument("--peers")
    parser.add_argument("--errors", default="0")
    parser.add_argument("--work", type=Path, default=corpus.WORK)
    arguments = parser.parse_args()
    work = arguments.work.resolve()
    made = work / "gold"
    made.mkdir(parents=True, exist_ok=True)
    python(GOLD / "make.py", made, "--set", "A")
    records = work / "gold.ndjson"
    python(GOLD / "convert.py", arguments.build.resolve() / "bin" / "quern", made / "A", records)
    print("\n## quern", flush=True)
    python(GOLD / "score.py", made / "A" / "gold.jsonl", records, "--errors", arguments.errors)
    if arguments.ours:
        return
    golds = map(json.loads, (made / "A" / "gold.jsonl").read_text("utf-8").splitlines())
    pages = [(made / "A" / gold["file"], gold) for gold in golds]
    only = arguments.peers and arguments.peers.split("/")
    for tool, folder in peer_texts(pages, work / "gold-texts", work, only):
        print(f"\n## {tool}", flush=True)
        python(GOLD / "score.py", made / "A" / "gold.jsonl", "--texts", folder)


if __name__ == "__main__":
    main()
