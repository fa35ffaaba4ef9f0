#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""quern run, a second time over pages that a web server dates: what has not changed costs no body
and gives no record, what failed leaves its record alone, and no kill makes the database know a page
that it does not hold.

cli_recurring.py QUERN [--every N]

1. A second run receives no body and less than a hundredth of the first run's bytes.
2. A changed page gives its new record; a page that is gone leaves its old one and a dead letter.
3. Options that shape records have everything read anew; revisit = due asks nobody.
4. SIGKILL at every N-th write-side system call (needs strace): whatever the database knows of a
   page is what the page's committed record came from, and the next run ends with what one
   undisturbed run gives.
"""
import argparse
import json
import os
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

HERE = Path(__file__).parent
WRITES = ("write", "pwrite64", "fdatasync", "fsync", "unlink")
PAGES = 12
failures = 0


def check(condition, sentence):
    global failures
    if not condition:
        failures += 1
        print(f"FAIL {sentence}", flush=True)
    return condition


class Server:
    """tests/e2e/server.py over a folder of pages."""

    def __init__(self, folder):
        self.process = subprocess.Popen([sys.executable, HERE / "server.py", "--folder", folder],
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.port = int(self.process.stdout.readline().split()[1])

    def ask(self, path):
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}") as answer:
            return answer.read()

    def sent_bytes(self):
        return int(self.ask("/sent"))

    def asked(self):
        return [entry for entry in json.loads(self.ask("/log"))
                if entry["target"].startswith("/page")]

    def close(self):
        self.process.stdin.close()
        self.process.wait()


class Job:
    """A job over the server's pages into a database, in a folder of its own."""

    def __init__(self, quern, where, server, names, kinds=("page",)):
        where.mkdir()
        self.quern, self.out, self.path = quern, where / "out.db", where / "job.toml"
        urls = [f"http://127.0.0.1:{server.port}/{kinds[i % len(kinds)]}/{name}"
                for i, name in enumerate(names)]
        self.path.write_text(f"""
[source]
input = {json.dumps(urls)}
[options]
allow_addresses = ["127.0.0.0/8"]
delay_ms = 0
batch_rows_max = 3
[sink]
kind = "sqlite"
path = "{self.out}"
""")

    def run(self, *options, prefix=()):
        return subprocess.run([*prefix, self.quern, "run", "--progress", "json", str(self.path),
                               *options], stderr=subprocess.PIPE, text=True,
                              env=dict(os.environ, ASAN_OPTIONS="detect_leaks=0"))

    def summary(self, *options):
        done = self.run(*options)
        for line in done.stderr.splitlines():
            if line.startswith('{"event":"summary"'):
                return dict(json.loads(line), code=done.returncode, told=done.stderr)
        check(False, f"a run ends with a summary: {done.returncode}: {done.stderr}")
        return {"records": -1, "unchanged": -1, "not_due": -1, "failed": -1, "inputs": -1,
                "code": done.returncode, "told": done.stderr}

    def rows(self, sql):
        with sqlite3.connect(self.out) as database:
            return database.execute(sql).fetchall()

    def texts(self):
        return dict(self.rows("SELECT url, text FROM quern_record"))

    def forget(self):
        for path in self.out.parent.glob("out.db*"):
            path.unlink()


def page(number, version, paragraphs=200):
    body = "".join(f"<p>Paragraph {i} of page {number}, version {version}, which says that "
                   "responsibility goes with power, and that nothing is lost.</p>\n"
                   for i in range(paragraphs))
    return f"<html><head><title>Page {number}</title></head><body><h1>Page {number}</h1>{body}</body></html>"


def write_pages(folder, count=PAGES, paragraphs=200):
    folder.mkdir()
    names = [f"{i}.html" for i in range(count)]
    for i, name in enumerate(names):
        (folder / name).write_text(page(i, 1, paragraphs))
        os.utime(folder / name, (time.time() - 86400,) * 2)
    return names


def read_twice(job, server):
    before = server.sent_bytes()
    first = job.summary()
    between = server.sent_bytes()
    second = job.summary()
    after = server.sent_bytes()
    check(first["code"] == 0 and first["records"] == PAGES and first["unchanged"] == 0,
          f"the first run reads every page: {first}")
    check(second["code"] == 0 and second["records"] == 0 and second["unchanged"] == PAGES and
          second["inputs"] == PAGES and second["received_bytes"] == 0,
          f"the second run finds every page unchanged, without a body: {second}")
    share = (after - between) / (between - before)
    check(share < 0.01, f"the second run receives {share:.2%} of the first")
    print(f"first run {between - before} bytes, second {after - between}: {share:.2%}")


def change_some(job, folder, server):
    texts = job.texts()
    changed, gone = f"/page/0.html", f"/page-etag/1.html"
    url = f"http://127.0.0.1:{server.port}"
    (folder / "0.html").write_text(page(0, 2))
    kept = (folder / "1.html").read_text()
    (folder / "1.html").unlink()
    third = job.summary()
    check(third["records"] == 1 and third["failed"] == 1 and third["unchanged"] == PAGES - 2,
          f"one changed, one gone: {third}")
    check("its record stays" in third["told"], f"the run says so: {third['told']}")
    now = job.texts()
    check("version 2" in now[url + changed] and "version 1" not in now[url + changed],
          "the changed page has its new text")
    check(now[url + gone] == texts[url + gone], "the page that is gone keeps its record")
    check(job.rows("SELECT url FROM quern_failure") == [(url + gone,)],
          "and stands among the failures")
    (folder / "1.html").write_text(kept)
    fourth = job.summary()
    check(fourth["records"] == 0 and fourth["unchanged"] == PAGES and fourth["failed"] == 0,
          f"it is back, and as it was: {fourth}")
    check(job.rows("SELECT url FROM quern_failure") == [], "and no failure any more")


def ask_otherwise(job, server):
    count = len(server.asked())
    early = job.summary("--set", "revisit=due")
    check(early["not_due"] == PAGES and early["records"] == 0 and early["code"] == 0,
          f"nothing is due: {early}")
    check(len(server.asked()) == count, "and nobody is asked")
    anew = job.summary("--set", "normalise=none")
    check(anew["records"] == PAGES, f"another normal form: everything is read: {anew}")
    headers = [header for entry in server.asked()[count:] for header in entry["headers"]]
    check(not any(header.lower().startswith("if-") for header in headers),
          "and nothing is asked with a condition")
    off = job.summary("--set", "revalidate=off")
    check(off["records"] == PAGES and off["unchanged"] == 0, f"revalidate = off: {off}")
    job.rows("DELETE FROM quern_record WHERE url LIKE '%/0.html'")
    again = job.summary()
    check(again["records"] == 1, f"a record that was taken out is read again: {again}")


def known_ahead(job):
    """Pages that the database knows, and whose record is not there or came from other content."""
    if not job.out.exists() or not job.rows(
            "SELECT 1 FROM sqlite_master WHERE name = 'quern_record'"):
        return []
    return job.rows("""SELECT key FROM quern_memo LEFT JOIN quern_record ON id = substr(key, 5)
                       WHERE key LIKE 'doc/%' AND (id IS NULL OR
                       content_sha256 <> coalesce(json_extract(CAST(value AS TEXT), '$.sha256'), ''))""")


def kill_at_every_write(job, folder, names, every):
    """The second of two runs, over half of the pages changed, is killed at its n-th write."""
    points = 0
    for call in WRITES:
        for n in range(1, 2000, every):
            what = f"killed at {call} {n}"
            job.forget()
            for i, name in enumerate(names):
                (folder / name).write_text(page(i, 1, 3))
            check(job.run().returncode == 0, f"{what}: the run before is not disturbed")
            for i in range(0, len(names), 2):
                (folder / names[i]).write_text(page(i, 2, 3))
            done = job.run(prefix=["strace", "-f", "-qqq", "-o", "/dev/null", "-e", f"trace={call}",
                                   "-e", f"inject={call}:signal=SIGKILL:when={n}"])
            if done.returncode == 0:
                break
            points += 1
            if not check(done.returncode == -signal.SIGKILL, f"{what}: {done.returncode}"):
                break
            check(job.rows("PRAGMA integrity_check") == [("ok",)], f"{what}: the database is whole")
            check(known_ahead(job) == [], f"{what}: known without its record: {known_ahead(job)}")
            check(job.run().returncode == 0, f"{what}: the next run ends well")
            texts = job.texts()
            for i, name in enumerate(names):
                text = next(text for url, text in texts.items() if url.endswith("/" + name))
                if not check(f"version {2 - i % 2}" in text, f"{what}: {name} has its new text"):
                    return points
            check(known_ahead(job) == [], f"{what}: known without its record after the next run")
    return points


def can_trace():
    try:
        return subprocess.run(["strace", "-qqq", "-o", "/dev/null", "true"],
                              stderr=subprocess.DEVNULL).returncode == 0
    except FileNotFoundError:
        return False


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("quern")
    parser.add_argument("--every", type=int, default=1)
    arguments = parser.parse_args()
    memory = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    with tempfile.TemporaryDirectory(dir=memory) as temporary:
        where = Path(temporary)
        names = write_pages(where / "pages")
        server = Server(where / "pages")
        job = Job(arguments.quern, where / "job", server, names,
                  ("page", "page-etag", "page-modified"))
        read_twice(job, server)
        change_some(job, where / "pages", server)
        ask_otherwise(job, server)
        server.close()
        if can_trace():
            names = write_pages(where / "few", 5, 3)
            server = Server(where / "few")
            job = Job(arguments.quern, where / "killed", server, names, ("page-etag",))
            points = kill_at_every_write(job, where / "few", names, arguments.every)
            check(points > 30 / arguments.every, f"there were calls to kill at: {points}")
            print(f"killed at {points} write-side system calls")
            server.close()
        else:
            print("SKIPPED: no strace here, so no kill at every system call")
    print("ok" if not failures else f"{failures} failed")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
