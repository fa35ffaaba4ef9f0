#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Cron against a brute-force minute scan with libc's clock: cron_scan.py PROGRAM [--all].

A sample: zones whose clocks do unusual things, over thirty years. --all: every zone of the machine from
1973, when the last of them had whole minutes, to 2050. A zone file's links are one zone.
"""
import argparse
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

DATABASE = Path(os.environ.get("TZDIR", "/usr/share/zoneinfo"))
SAMPLE = ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Africa/Casablanca",
          "Pacific/Apia", "Antarctica/Troll", "Asia/Gaza", "America/Nuuk", "Asia/Shanghai"]


def every_zone():
    """Each file once, by its shortest name; right/ counts leap seconds, posix/ is the same again."""
    names = {}
    for path in sorted(DATABASE.rglob("*"), key=lambda path: (len(str(path)), str(path))):
        name = str(path.relative_to(DATABASE))
        if path.is_file() and not name.startswith(("right/", "posix/")):
            content = path.read_bytes()
            if content.startswith(b"TZif"):
                names.setdefault(content, name)
    return sorted(names.values())


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("program")
    parser.add_argument("--all", action="store_true")
    asked = parser.parse_args()
    if not DATABASE.is_dir():
        print(f"THERE ARE NO ZONES in {DATABASE}: install tzdata; nothing was compared")
        return 77
    zones = every_zone() if asked.all else SAMPLE
    years = ("1973", "2050") if asked.all else ("2000", "2030")

    def scan(zone):
        return subprocess.run([asked.program, zone, *years], capture_output=True, text=True,
                              check=False)
    with ThreadPoolExecutor(2) as pool:
        done = list(pool.map(scan, zones))
    wrong = [answer.stdout + answer.stderr for answer in done if answer.returncode != 0]
    fires = sum(int(answer.stdout.split()[-7]) for answer in done if answer.returncode == 0)
    print("".join(wrong) + f"{fires} fires in {len(zones)} zones, {len(wrong)} zones differ")
    return 1 if wrong or len(zones) < len(SAMPLE) or fires < 1000 * len(zones) else 0


if __name__ == "__main__":
    sys.exit(main())
