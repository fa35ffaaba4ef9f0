#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""quern run into a PostgreSQL of its own: whole, once, through restarts and kills; and the lock that
keeps two runs of a job apart, whatever its sink is.

cli_sink.py QUERN [TEST…]

Answers 77 when Debian's PostgreSQL 15, or the sink itself, is not there.
"""
import json
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import time
import unittest

import postgres
from host_common import WebServer

QUERN = pathlib.Path(sys.argv[1]).resolve()
DOCUMENTS = pathlib.Path(__file__).resolve().parents[2] / "samples" / "documents"
MEMORY = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
# What a client does to its server and to its disk.
CALLS = ("sendto", "sendmsg", "write", "recvfrom", "close")
EVERY = 9
HOSTILE = ("tab\there", "back\\slash \\N \\. \\x41", "a\r\nb", "\\.\n\\.\n", "quote \" ' {a,NULL} \u0085",
           "𐀀 astral, \u00ad soft")


def wait_for(what, holds, seconds=60):
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, f"{what}: not within {seconds} s"
        time.sleep(0.02)


def environment(**more):
    return dict(os.environ, ASAN_OPTIONS="detect_leaks=0", **more)


def plain(value):
    """A value as both the database's JSON and Quern's would say it."""
    if isinstance(value, str) and value.endswith("+00:00"):
        head, _, fraction = value[:-6].partition(".")
        return head + ("." + fraction.rstrip("0") if fraction.rstrip("0") else "") + "Z"
    return value


class Job:
    """A job file in a folder of its own; its records go to a database of its own."""
    count = 0

    def __init__(self, case, inputs, options="", sink="", name="job"):
        Job.count += 1
        self.database = f"d{Job.count}"
        done = cluster.psql(f"CREATE DATABASE {self.database}")
        assert done.returncode == 0, done.stderr
        folder = tempfile.TemporaryDirectory(dir=MEMORY)
        case.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.url = cluster.url.replace("/postgres?", f"/{self.database}?")
        self.path = self.folder / f"{name}.toml"
        self.path.write_text(f"""
[source]
input = {json.dumps(inputs)}
[options]
allow_addresses = ["127.0.0.0/8"]
delay_ms = 0
batch_rows_max = 2
{options}
[sink]
kind = "postgresql"
connection = "env:QUERN_TEST_DATABASE"
{sink}
""")

    def start(self, *arguments, prefix=()):
        return subprocess.Popen([*prefix, QUERN, "run", "--progress", "json", self.path, *arguments],
                                stderr=subprocess.PIPE, text=True, cwd=self.folder,
                                env=environment(QUERN_TEST_DATABASE=self.url))

    def run(self, *arguments, prefix=()):
        with self.start(*arguments, prefix=prefix) as process:
            told = process.communicate(timeout=120)[1]
        return process.returncode, told

    def rows(self, sql="SELECT * FROM quern_record"):
        return cluster.rows(sql, self.database)

    def has_rows(self):
        done = cluster.psql("SELECT count(*) FROM quern_record", self.database)
        return done.returncode == 0 and int(done.stdout) > 0

    def by_id(self):
        return {row["id"]: row for row in self.rows()}

    def tally(self):
        return self.rows("SELECT finished, records, inputs, failed FROM quern_state")


def converted(*inputs):
    done = subprocess.run([QUERN, "convert", *map(str, inputs)], capture_output=True,
                          env=environment())
    return {record["id"]: record for record in map(json.loads, done.stdout.splitlines())}


class Whole(unittest.TestCase):
    def test_every_column_of_every_document_arrives_as_convert_prints_it(self):
        job = Job(self, [str(DOCUMENTS)])
        self.assertEqual(job.run()[0], 0)
        expected = converted(DOCUMENTS)
        found = job.by_id()
        self.assertEqual(set(found), set(expected))
        for key, record in expected.items():
            for name, value in record.items():
                self.assertEqual(plain(found[key][name]), value, f"{key} {name}")

    def test_columns_have_the_types_that_are_documented(self):
        job = Job(self, [str(DOCUMENTS)])
        self.assertEqual(job.run()[0], 0)
        types = {row["name"]: row["type"] for row in job.rows(
            "SELECT attname AS name, format_type(atttypid, NULL) AS type FROM pg_attribute "
            "WHERE attrelid = 'quern_record'::regclass AND attnum > 0")}
        for name, kind in {"text": "text", "http_status": "bigint", "complete": "boolean",
                           "title_match": "double precision", "published": "date",
                           "fetched_at": "timestamp with time zone", "keywords": "text[]",
                           "blocks": "jsonb", "links": "jsonb"}.items():
            self.assertEqual(types[name], kind, name)

    def test_only_the_columns_asked_for_are_there_beside_id_and_status(self):
        job = Job(self, [str(DOCUMENTS)], sink='columns = ["title"]')
        self.assertEqual(job.run()[0], 0)
        self.assertEqual(set(job.rows()[0]), {"id", "status", "title"})
        job.path.write_text(job.path.read_text().replace('["title"]', '["title", "text"]'))
        self.assertEqual(job.run()[0], 0)
        self.assertEqual(set(job.rows()[0]), {"id", "status", "title", "text"})

    def test_what_is_special_to_copy_arrives_as_it_was(self):
        with tempfile.TemporaryDirectory(dir=MEMORY) as folder:
            folder = pathlib.Path(folder)
            for i, text in enumerate(HOSTILE):
                (folder / f"{i}.txt").write_text(text)
                (folder / f"{i} \\N \"'\t.html").write_text(
                    "<title>a\\tb {x,\"y\"}</title><meta name=keywords content='a\\b,\"c\",NULL,{}'>"
                    f"<p>{text}<p>\\.")
            job = Job(self, [str(folder)])
            self.assertEqual(job.run()[0], 0)
            expected = converted(folder)
            found = job.by_id()
            self.assertEqual(len(found), 2 * len(HOSTILE))
            for key, record in expected.items():
                self.assertEqual({name: plain(found[key][name]) for name in record}, record)


class Refused(unittest.TestCase):
    def refuse(self, job, code, *sentences):
        answer, told = job.run()
        self.assertEqual(answer, code, told)
        for sentence in sentences:
            self.assertIn(sentence, told)

    def test_a_column_of_another_type_is_named(self):
        job = Job(self, [str(DOCUMENTS)])
        cluster.psql("CREATE TABLE quern_record (id text PRIMARY KEY, status text, title integer)",
                     job.database)
        self.refuse(job, 78, "column title of quern_record is integer, and the records' is text")

    def test_a_database_of_another_encoding_is_refused(self):
        job = Job(self, [str(DOCUMENTS)])
        cluster.psql(f"DROP DATABASE {job.database}")
        cluster.psql(f"CREATE DATABASE {job.database} ENCODING 'SQL_ASCII' LOCALE 'C' "
                     "TEMPLATE template0")
        self.refuse(job, 78, "keeps SQL_ASCII")

    def test_a_server_that_is_not_there_is_69_at_once(self):
        job = Job(self, [str(DOCUMENTS)])
        job.url = f"postgresql://quern@/postgres?host={job.folder}"
        self.refuse(job, 69, "PostgreSQL (env:QUERN_TEST_DATABASE)")

    def test_a_connection_string_is_told_nowhere(self):
        job = Job(self, [str(DOCUMENTS)])
        for url in ("password=planted-4711 host", "postgresql://q:planted-4711@[::/x",
                    f"postgresql://q:planted-4711@/postgres?host={job.folder}"):
            job.url = url
            _, told = job.run()
            self.assertIn("env:QUERN_TEST_DATABASE", told)
            self.assertNotIn("planted", told)

    def test_a_connection_that_is_no_reference_is_an_error_of_its_line(self):
        job = Job(self, [str(DOCUMENTS)])
        job.path.write_text(job.path.read_text().replace("env:QUERN_TEST_DATABASE",
                                                         "host=planted-4711"))
        answer, told = job.run()
        self.assertEqual(answer, 78)
        self.assertIn("must be env:NAME or file:PATH", told)

    def test_the_connection_string_may_stand_in_a_file(self):
        job = Job(self, [str(DOCUMENTS)])
        (job.folder / "secret").write_text(job.url + "\n")
        job.path.write_text(job.path.read_text().replace("env:QUERN_TEST_DATABASE", "file:secret"))
        self.assertEqual(job.run()[0], 0)
        self.assertTrue(job.has_rows())


class Web(unittest.TestCase):
    """Pages of a web server that holds its answers back where a test wants to do something."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory(dir=MEMORY)
        self.addCleanup(folder.cleanup)
        self.pages = pathlib.Path(folder.name)
        self.names = [f"{i}.html" for i in range(8)]
        for name in self.names:
            (self.pages / name).write_text(f"<title>{name}</title><p>What page {name} says.")
            os.utime(self.pages / name, (time.time() - 86400,) * 2)
        self.server = WebServer("--folder", self.pages)
        self.server.__enter__()
        self.addCleanup(self.server.__exit__)

    def job(self, kind="file", **more):
        return Job(self, [f"{self.server.url}/{kind}/{name}" for name in self.names], **more)

    def hold(self, number):
        subprocess.run(["curl", "-s", "-o", "/dev/null", f"{self.server.url}/hold?{number}"],
                       check=True)

    def let_go(self):
        subprocess.run(["curl", "-s", "-o", "/dev/null", f"{self.server.url}/hold"], check=True)

    def check_all(self, job, asked_once=True):
        self.assertEqual({row["title"] for row in job.rows()}, set(self.names))
        self.assertEqual(job.tally(), [{"finished": True, "records": 8, "inputs": 8, "failed": 0}])
        pages = [target for target in self.server.asked() if target.endswith(".html")]
        if asked_once:
            self.assertEqual(len(pages), len(set(pages)), pages)

    def test_a_second_run_asks_for_what_has_changed_and_a_failure_keeps_its_record(self):
        job = self.job("page")
        self.assertEqual(job.run()[0], 0)
        (self.pages / "0.html").write_text("<title>0.html</title><p>Something new.")
        (self.pages / "1.html").unlink()
        answer, told = job.run()
        summary = json.loads(next(line for line in told.splitlines() if '"summary"' in line))
        self.assertEqual((summary["records"], summary["unchanged"], summary["failed"]), (1, 6, 1))
        texts = {row["title"]: row["text"] for row in job.rows()}
        self.assertIn("new", texts["0.html"])
        self.assertIn("page 1.html", texts["1.html"])
        failed = job.rows("SELECT url FROM quern_failure WHERE error_message <> ''")
        self.assertEqual([row["url"].rpartition("/")[2] for row in failed], ["1.html"])

    def test_a_server_that_restarts_in_the_middle_is_waited_for(self):
        job = self.job()
        self.hold(4)
        process = job.start()
        wait_for("the first rows", job.has_rows)
        cluster.stop()
        self.let_go()
        cluster.start()
        told = process.communicate(timeout=120)[1]
        self.assertEqual(process.returncode, 0, told)
        self.check_all(job)

    def test_killed_in_the_middle_it_goes_on_behind_what_is_committed(self):
        job = self.job()
        self.hold(4)
        process = job.start()
        wait_for("the first rows", job.has_rows)
        process.kill()
        process.communicate()
        self.let_go()
        answer, told = job.run()
        self.assertEqual(answer, 0, told)
        self.assertIn('"event":"resume"', told)
        self.check_all(job, asked_once=False)

    def test_two_runs_of_a_job_are_told_apart_by_76_though_its_file_was_replaced(self):
        for sink in ("", 'kind = "sqlite"\npath = "out.db"', 'kind = "ndjson"\npath = "out.ndjson"',
                     'kind = "text"\npath = "out"'):
            with self.subTest(sink):
                job = self.job()
                if sink:
                    text = job.path.read_text()
                    job.path.write_text(text[:text.index("[sink]")] + "[sink]\n" + sink)
                self.hold(2)
                before = len(self.server.asked())
                process = job.start()
                wait_for("a page is asked for", lambda: len(self.server.asked()) > before)
                copy = job.folder / "copy"
                copy.write_text(job.path.read_text())
                copy.rename(job.path)
                answer, told = job.run()
                self.assertEqual(answer, 76, told)
                self.assertIn("is being run already", told)
                self.let_go()
                told = process.communicate(timeout=120)[1]
                self.assertEqual(process.returncode, 0, told)
                self.assertEqual(job.run()[0], 0)


class Killed(unittest.TestCase):
    def test_killed_at_its_calls_every_record_is_there_once(self):
        if subprocess.run(["strace", "-qqq", "-o", "/dev/null", "true"],
                          stderr=subprocess.DEVNULL).returncode != 0:
            self.skipTest("no strace here")
        expected = None
        points = 0
        for call in CALLS:
            for number in range(1, 3000, EVERY):
                job = Job(self, [str(DOCUMENTS)])
                if expected is None:
                    self.assertEqual(job.run()[0], 0)
                    expected = job.by_id(), job.tally()
                    self.reset(job)
                answer, _ = job.run(prefix=[
                    "strace", "-f", "-qqq", "-o", "/dev/null", "-e", f"trace={call}", "-e",
                    f"inject={call}:signal=SIGKILL:when={number}"])
                if answer == 0:
                    break
                what = f"killed at {call} {number}"
                self.assertEqual(answer, -signal.SIGKILL, what)
                points += 1
                answer, told = job.run()
                self.assertEqual(answer, 0, f"{what}: {told}")
                if "resume" in told:  # else it was killed before its plan, or behind its end
                    self.assertEqual(job.tally(), expected[1], what)
                self.assertEqual(job.by_id(), expected[0], what)
        print(f"killed at {points} system calls")
        self.assertGreater(points, 10)

    @staticmethod
    def reset(job):
        cluster.psql("DROP TABLE quern_record, quern_state, quern_split, quern_memo, quern_failure",
                     job.database)


if __name__ == "__main__":
    if not postgres.is_there():
        print("SKIPPED: no PostgreSQL 15 here; ITS SINK WAS NOT TESTED", file=sys.stderr)
        sys.exit(77)
    with tempfile.TemporaryDirectory(dir=MEMORY) as where:
        os.chmod(where, 0o755)
        (pathlib.Path(where) / "cluster").mkdir()
        with postgres.Cluster(pathlib.Path(where) / "cluster") as cluster:
            result = unittest.main(argv=[sys.argv[0], *sys.argv[2:]], exit=False).result
    sys.exit(0 if result.wasSuccessful() else 1)
