# SPDX-License-Identifier: Apache-2.0
"""Detectors side by side. Each takes a list of items, an item being a list of byte strings that are
one text (a content, or the names of one archive), and answers a label for each ("" for none)."""
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
SCRIPT = Path(__file__).resolve()


def hex_lines(items):
    """The items as detect_names reads them."""
    return "".join(" ".join(part.hex() for part in item) + "\n" for item in items)


def run(command, text):
    """Its standard output; a program that fails ends the measurement."""
    done = subprocess.run([str(word) for word in command], input=text, capture_output=True,
                          text=True, errors="replace", check=True)
    return done.stdout


def write_items(items, folder):
    """One file an item; their names."""
    paths = []
    for i, item in enumerate(items):
        path = Path(folder) / f"{i}"
        path.write_bytes(b"\n".join(item))
        paths.append(path)
    return paths


def quern_files(program, paths):
    out = run([program], "".join(f"{path}\n" for path in paths)).splitlines()
    return [line.split("\t")[1] for line in out]


def quern_names(program, items):
    out = run([program], hex_lines(items)).split("\n")[:len(items)]
    return [line.split("\t")[0] for line in out]


def uchardet(paths):
    labels = []
    for i in range(0, len(paths), 500):
        out = run(["uchardet", *paths[i:i + 500]], "").splitlines()
        labels += [line.rsplit(": ", 1)[1] for line in out]
    return labels


def chardetng(program, paths):
    return run([program, "--files"], "".join(f"{path}\n" for path in paths)).splitlines()


def python_peer(name, paths):
    """In a process of its own, so that its time is its own."""
    out = run([sys.executable, SCRIPT, name], "".join(f"{path}\n" for path in paths))
    return out.split("\n")[:len(paths)]


def detectors(build, ours_only=False):
    """name → function from files to labels."""
    quern = build / "bin" / "tool_detect"
    rows = {"quern": lambda paths: quern_files(quern, paths)}
    if ours_only:
        return rows
    peer = ROOT / "build/bench/chardetng/release/detect-peer"
    rows["chardet"] = lambda paths: python_peer("chardet", paths)
    rows["uchardet"] = uchardet
    if peer.exists():
        rows["chardetng"] = lambda paths: chardetng(peer, paths)
    rows["charset-normalizer"] = lambda paths: python_peer("charset_normalizer", paths)
    return rows


def detect_items(items, build, ours_only, names=False):
    """name → (labels, seconds) for every detector; `names`: ours judges the parts jointly."""
    results = {}
    with tempfile.TemporaryDirectory(dir=os.environ.get("TMPDIR", "/tmp")) as folder:
        paths = write_items(items, folder)
        for name, detector in detectors(build, ours_only).items():
            started = time.monotonic()
            if name == "quern" and names:
                labels = quern_names(build / "bin" / "tool_detect_names", items)
            else:
                labels = detector(paths)
            results[name] = (labels, time.monotonic() - started)
    return results


def main():
    """The Python peers: file names on standard input, a label a line."""
    if sys.argv[1] == "chardet":
        import chardet
        guess = lambda data: chardet.detect(data)["encoding"]
    else:
        import logging
        logging.disable(logging.CRITICAL)
        import charset_normalizer
        def guess(data):
            best = charset_normalizer.from_bytes(data).best()
            return best.encoding if best else ""
    for line in sys.stdin:
        print(guess(Path(line.rstrip("\n")).read_bytes()) or "")


if __name__ == "__main__":
    main()
