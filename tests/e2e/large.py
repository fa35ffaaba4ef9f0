#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Inputs too large to keep: every one ends in records that say how far they go, within a bound on
memory. For release builds; needs 3 GB of disk under build/.

    large.py QUERN
"""
import json
import os
import resource
import shutil
import subprocess
import sys
import time
import zipfile
from pathlib import Path

WORK = Path(__file__).resolve().parents[2] / "build" / "large"
MIB = 1 << 20
LINE = "雨停以后每隔两个小时再来看一次，把退水的时间记在本子上。"
SECONDS_MAX = 300
problems = []


def run(quern, path, options=()):
    """Verdicts of all rows, peak memory in bytes, seconds. Memory is the child's, measured by a
    process of its own: the maximum over children never falls again."""
    arguments = [quern, "convert", "--columns",
                 "id,member,status,error_code,error_message,error_offset,incomplete_reason", *options]
    reader, writer = os.pipe()
    started = time.monotonic()
    if os.fork() == 0:
        os.close(reader)
        child = subprocess.run([*arguments, str(path)], stdout=subprocess.PIPE, check=False,
                               timeout=SECONDS_MAX)
        peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024
        with os.fdopen(writer, "wb") as out:
            out.write(json.dumps([child.returncode, peak]).encode() + b"\n" + child.stdout)
        os._exit(0)
    os.close(writer)
    with os.fdopen(reader, "rb") as back:
        head = back.readline()
        rows = [json.loads(line) for line in back]
    os.wait()
    if not head:
        return None, [], 0, time.monotonic() - started
    code, peak = json.loads(head)
    return code, rows, peak, time.monotonic() - started


def check(name, result, memory_max, row_count, holds):
    code, rows, peak, seconds = result
    print(f"{name}: exit {code}, {len(rows)} rows, {peak / MIB:.0f} MiB, {seconds:.1f} s")
    for row in rows[:2]:
        print("   ", {k: v for k, v in row.items() if v is not None and k != "id"})
    if code not in (0, 65):
        problems.append(f"{name}: exit code {code}")
    if len(rows) != row_count:
        problems.append(f"{name}: {len(rows)} rows, expected {row_count}")
    if peak > memory_max:
        problems.append(f"{name}: {peak / MIB:.0f} MiB, at most {memory_max / MIB:.0f}")
    if rows and not holds(rows):
        problems.append(f"{name}: rows are not as expected")


def check_plan(quern, count, fits):
    """A plan of `count` URLs of 5,000 web hosts: told whole, or refused with a limit that has a name."""
    job = WORK / "plan.toml"
    job.write_text(f'[source]\ninput_file = "{WORK / "urls.txt"}"\n[options]\ncontact = "a@example.org"\n'
                   f'[sink]\nkind = "ndjson"\npath = "{WORK / "plan.ndjson"}"\n')
    with (WORK / "urls.txt").open("w") as file:
        for number in range(count):
            file.write(f"https://www{number % 5000}.example.org/library/documents/p-{number:09}.html\n")
    started = time.monotonic()
    done = subprocess.run([quern, "plan", str(job)], capture_output=True, text=True, check=False,
                          timeout=SECONDS_MAX)
    said = (done.stdout + done.stderr).strip().splitlines()[-1]
    print(f"a plan of {count:,} URLs: exit {done.returncode}, {time.monotonic() - started:.1f} s: {said}")
    if (done.returncode == 0) != fits or (not fits and "give them to several jobs" not in said):
        problems.append(f"a plan of {count} URLs: exit {done.returncode}: {said}")
    (WORK / "urls.txt").unlink()


def says_limit(row):
    return row["status"] in {"partial", "failed"} and row["error_code"] and row["error_message"]


def main():
    quern = str(Path(sys.argv[1]).resolve())
    shutil.rmtree(WORK, ignore_errors=True)
    WORK.mkdir(parents=True)

    line = WORK / "line.txt"
    with line.open("wb") as file:
        file.write(LINE.encode())
        file.truncate(2 << 30)
    check("2 GB in one line, sparse", run(quern, line), 1024 * MIB, 1, lambda r: says_limit(r[0]))
    line.unlink()

    text = WORK / "text.zip"
    with zipfile.ZipFile(text, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        with archive.open("one.txt", "w", force_zip64=True) as member:
            part = "".join(f"{LINE}{n:07}\n" for n in range(20000)).encode()
            for _ in range((1 << 30) // len(part)):
                member.write(part)
    check("a zip with one text of 1 GB", run(quern, text), 512 * MIB, 2,
          lambda r: any(row["member"] and row["status"] == "partial" for row in r))
    text.unlink()

    many = WORK / "many.zip"
    body = (LINE * 2000).encode()[:100 * 1024 - 1]
    body = body.decode(errors="ignore").encode()
    with zipfile.ZipFile(many, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for number in range(10000):
            archive.writestr(f"{number:05}.txt", f"{number}\n".encode() + body)
    check("a zip with 10,000 texts of 100 KB",
          run(quern, many, ["--set", "archive_ratio_max=100000"]), 128 * MIB, 10001,
          lambda r: sum(row["status"] == "converted" for row in r) >= 10000)

    check_plan(quern, 3_000_000, True)
    check_plan(quern, 9_000_000, False)
    shutil.rmtree(WORK)
    for problem in problems:
        print(problem)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
