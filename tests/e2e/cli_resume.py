#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""quern run, killed and run again, must end with what one undisturbed run gives: nothing lost,
nothing twice, nothing unfinished left behind.

cli_resume.py QUERN [--rounds N] [--every N]

1. SIGKILL at random moments, N times a sink, over some hundred files (fixed seed).
2. SIGKILL at every write-side system call of a small job, one after the other (needs strace);
   with --every N at every N-th only.
   The same calls failing with ENOSPC: a clear error, and the next run goes on.
3. SIGTERM: exit 75, and the next run goes on.
4. Files that come and go between the kill and the next run belong to the next round.
"""
import argparse
import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from pathlib import Path

# strace counts each kind of call by itself, so each kind has its own turn.
WRITES = ("write", "pwrite64", "fsync", "fdatasync", "rename", "renameat", "ftruncate", "unlink",
          "unlinkat", "mkdir")
FILLS = ("write", "pwrite64", "fsync", "fdatasync", "rename", "renameat", "ftruncate")
failures = 0


def check(condition, sentence):
    global failures
    if not condition:
        failures += 1
        print(f"FAIL {sentence}", flush=True)
    return condition


class Job:
    """A job file over a folder of texts, with one sink, in a folder of its own."""

    def __init__(self, quern, where, kind, documents, batch_rows=3, split_inputs=7):
        self.quern, self.kind, self.where = quern, kind, Path(where)
        self.where.mkdir(parents=True)
        self.out = self.where / {"sqlite": "out.db", "ndjson": "out.ndjson", "text": "texts"}[kind]
        self.path = self.where / "job.toml"
        self.path.write_text(f"""
[source]
input = ["{documents}"]
[options]
batch_rows_max = {batch_rows}
split_inputs_max = {split_inputs}
[sink]
kind = "{kind}"
path = "{self.out}"
""")
        self.environment = dict(os.environ, ASAN_OPTIONS="detect_leaks=0")

    def command(self):
        return [self.quern, "run", "--quiet", str(self.path)]

    def run(self, prefix=(), **more):
        return subprocess.run([*prefix, *self.command()], env=self.environment,
                              stderr=subprocess.PIPE, text=True, **more)

    def start(self):
        return subprocess.Popen(self.command(), env=self.environment, stderr=subprocess.DEVNULL)

    def result(self):
        """What the run came to, comparable, without times."""
        if self.kind == "ndjson":
            return self.out.read_text() if self.out.exists() else ""
        if self.kind == "text":
            return {p.name: p.read_bytes() for p in self.out.iterdir()
                    if not p.name.startswith(".quern-state")} if self.out.exists() else {}
        with sqlite3.connect(self.out) as database:
            check(database.execute("PRAGMA integrity_check").fetchone() == ("ok",),
                  "the database is whole")
            return database.execute("SELECT * FROM quern_record ORDER BY id").fetchall()

    def state(self):
        """What the database says of a round under way, of the kind sqlite."""
        if not self.out.exists():
            return []
        database = sqlite3.connect(self.out)
        try:
            return database.execute("SELECT split FROM quern_state WHERE split IS NOT NULL").fetchall()
        except sqlite3.Error:
            return []  # the table is not there yet, or the run holds the file
        finally:
            database.close()

    def is_under_way(self):
        """Whether a run has stored something and has more to do."""
        if self.kind == "sqlite":
            return bool(self.state())
        return self.out.exists() and self.out.stat().st_size > 0 and not is_finished(self)

    def forget(self):
        for path in self.where.iterdir():
            if path != self.path:
                shutil.rmtree(path) if path.is_dir() else path.unlink()

    def leftovers(self):
        return [str(p) for p in self.where.rglob("*")
                if "unfinished" in p.name or p.name.endswith((".plan", "-journal"))]


def make_documents(folder, count):
    folder.mkdir(parents=True)
    for i in range(count):
        part = folder / f"part{i % 5}"
        part.mkdir(exist_ok=True)
        (part / f"{i:04}.txt").write_text(f"文件 {i}\n" + f"第 {i} 行的内容。\n" * (i % 40 + 1))
    (folder / "broken.txt").write_bytes(bytes(range(256)) * 20)
    return folder


def run_to_end(job, what):
    for _ in range(50):
        done = job.run()
        if done.returncode == 0:
            return True
        if done.returncode != 75:
            break
    return check(False, f"{what}: a later run ends well, not with {done.returncode}: {done.stderr}")


def is_finished(job):
    """A round that was finished before the kill: the next run would begin another one."""
    state = next((p for p in job.where.rglob("*.quern-state")), None)
    return state is not None and "\nfinished = true\n" in state.read_text()


def kill_at_random(job, expected, seconds, rounds, dice):
    for n in range(rounds):
        job.forget()
        kills = 0
        for _ in range(3):
            process = job.start()
            try:
                process.wait(timeout=dice.uniform(0, seconds))
                break
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
                kills += 1
                if is_finished(job):
                    break
        if kills and not is_finished(job) and not run_to_end(job, f"{job.kind}, round {n}"):
            return
        if kills:
            check(job.result() == expected, f"{job.kind}, round {n}: the same after {kills} kills")
            check(is_finished(job) or not job.leftovers(),
                  f"{job.kind}, round {n}: nothing left: {job.leftovers()}")
        yield kills


def traced(job, call, inject, n):
    return job.run(prefix=["strace", "-f", "-qqq", "-o", "/dev/null", "-e", f"trace={call}",
                           "-e", f"inject={call}:{inject}:when={n}"])


def kill_at_every_write(job, expected, every):
    """SIGKILL at the n-th call of each kind, for every n until the run is through."""
    points = 0
    for call in WRITES:
        for n in range(1, 5000, every):
            what = f"{job.kind}, {call} {n}"
            job.forget()
            done = traced(job, call, "signal=SIGKILL", n)
            if done.returncode == 0:
                break
            points += 1
            if not check(done.returncode == -signal.SIGKILL,
                         f"{what}: killed, not {done.returncode} {done.stderr}"):
                break
            if not is_finished(job) and not run_to_end(job, what):
                break
            if not check(job.result() == expected, f"{what}: the same as undisturbed"):
                break
            check(is_finished(job) or not job.leftovers(),
                  f"{what}: nothing left: {job.leftovers()}")
    return points


def fail_at_every_write(job, expected, every):
    """No space left at the n-th call: the command says so, keeps its state, and goes on later."""
    points = 0
    for call in FILLS:
        for n in range(1, 5000, every):
            what = f"{job.kind}, no space at {call} {n}"
            job.forget()
            done = traced(job, call, "error=ENOSPC", n)
            if done.returncode == 0:
                check(job.result() == expected, f"{what}: no success without the whole result")
                break
            points += 1
            check(done.returncode in (73, 74) and len(done.stderr) > 20,
                  f"{what}: told as 73 or 74: {done.returncode} {done.stderr}")
            if not is_finished(job) and not run_to_end(job, what):
                break
            if not check(job.result() == expected, f"{what}: the same as undisturbed"):
                break
    return points


def can_trace():
    try:
        return subprocess.run(["strace", "-qqq", "-o", "/dev/null", "true"],
                              stderr=subprocess.DEVNULL).returncode == 0
    except FileNotFoundError:
        return False


def stop_in_the_middle(job, send, ended_well):
    """Signals a run as soon as it has stored something; whether one was stopped before its end."""
    for _ in range(50):
        job.forget()
        process = job.start()
        while process.poll() is None and not job.is_under_way():
            time.sleep(0.0005)
        process.send_signal(send)
        process.wait()
        if ended_well(process.returncode):
            return True
    return check(False, f"{job.kind}: a run could be stopped in the middle by {send.name}")


def stop_politely(job, expected):
    """SIGTERM: what is under way is stored, the exit says that more is to come."""
    if not stop_in_the_middle(job, signal.SIGTERM, lambda code: code == 75):
        return
    if run_to_end(job, "after SIGTERM"):
        check(job.result() == expected, "the same after SIGTERM")


def change_between(quern, where):
    """The plan of a round is kept: a file that comes later is in the next round, not twice in this."""
    documents = make_documents(where / "changing", 300)
    for kind in ("ndjson", "sqlite"):
        job = Job(quern, where / f"changing-{kind}", kind, documents)
        if not stop_in_the_middle(job, signal.SIGKILL, lambda _: job.is_under_way()):
            continue
        late = documents / "part0" / "0000-late.txt"
        late.write_text("kam dazwischen\n")
        run_to_end(job, "after a change")
        if kind == "ndjson":
            ids = [json.loads(line)["id"] for line in job.result().splitlines()]
            check(len(ids) == len(set(ids)), f"nothing twice: {len(ids)} of {len(set(ids))}")
        else:
            ids = [row[0] for row in job.result()]
        check(len(ids) == 301, f"{kind}: the plan's 301 documents, not {len(ids)}")
        late.unlink()


def damage_position(job, expected):
    """A position that no plan has is told, not taken for the end; --anew leaves it behind."""
    for split in (-1, 99999):
        if not stop_in_the_middle(job, signal.SIGKILL, lambda _: job.state()):
            return
        database = sqlite3.connect(job.out)
        with database:
            database.execute("UPDATE quern_state SET split = ?", (split,))
        database.close()
        done = job.run()
        check(done.returncode == 78 and "damaged" in done.stderr,
              f"split {split}: {done.returncode}: {done.stderr}")
        done = subprocess.run([*job.command(), "--anew"], env=job.environment)
        check(done.returncode == 0 and job.result() == expected, "--anew reads everything")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("quern")
    parser.add_argument("--rounds", type=int, default=8)
    parser.add_argument("--every", type=int, default=1)
    arguments = parser.parse_args()
    dice = random.Random(20191123)
    # A kill loses nothing that was written, synced or not, so memory serves as well as a disk.
    memory = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    with tempfile.TemporaryDirectory(dir=memory) as folder:
        where = Path(folder)
        many = make_documents(where / "many", 300)
        few = make_documents(where / "few", 9)
        kills = 0
        for kind in ("sqlite", "ndjson", "text"):
            job = Job(arguments.quern, where / kind, kind, many)
            started = time.time()
            done = job.run()
            seconds = time.time() - started
            check(done.returncode == 0, f"{kind}: an undisturbed run: {done.stderr}")
            expected = job.result()
            check(len(expected) > 0, f"{kind}: there are records")
            for killed in kill_at_random(job, expected, seconds, arguments.rounds, dice):
                kills += killed
            if kind == "sqlite":
                stop_politely(job, expected)
                damage_position(job, expected)
        check(kills > arguments.rounds, f"runs were killed: {kills} times")
        print(f"{kills} kills at random moments")
        if can_trace():
            for kind in ("sqlite", "ndjson", "text"):
                job = Job(arguments.quern, where / f"few-{kind}", kind, few, split_inputs=4)
                check(job.run().returncode == 0, f"{kind}: an undisturbed small run")
                expected = job.result()
                points = kill_at_every_write(job, expected, arguments.every)
                check(points > 40 / arguments.every, f"{kind}: there were calls to kill at: {points}")
                print(f"{kind}: killed at {points} write-side system calls")
                points = fail_at_every_write(job, expected, arguments.every)
                check(points > 20 / arguments.every, f"{kind}: there were calls to fail: {points}")
                print(f"{kind}: no space left at {points} system calls")
        else:
            print("SKIPPED: no strace here, so no kill at every system call")
        change_between(arguments.quern, where)
    print("ok" if not failures else f"{failures} failed")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
