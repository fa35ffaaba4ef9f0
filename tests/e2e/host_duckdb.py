#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What host_duckdb.sh runs, once for each version of DuckDB.

  host_duckdb.py BUILD WORK      WORK holds libspy.so, made from spy_plugin.c
"""
import datetime
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
import unittest
import zipfile
from pathlib import Path

import duckdb

from host_common import DOCUMENTS, LOOPBACK, ROOT, Spy, WebServer, cli_records

BUILD = WORK = Path()
FETCH = "allow_addresses := '127.0.0.0/8', delay_ms := 0"
BRIEF = ["id", "status", "error_code", "title", "text", "complete"]


def extension():
    """DuckDB names the platform of its older builds with a suffix."""
    platform = duckdb.connect().execute("PRAGMA platform").fetchone()[0]
    folder = BUILD / "lib" / (platform if platform.endswith("_gcc4") else "")
    return str(folder / "quern.duckdb_extension")


def connect():
    database = duckdb.connect(config={"allow_unsigned_extensions": "true"})
    database.execute(f"LOAD '{extension()}'")
    return database


def python(code, *arguments, **environment):
    """In a process of its own, which may therefore fail to load the plugin, or die."""
    head = ("import duckdb, sys\n"
            "d = duckdb.connect(config={'allow_unsigned_extensions': 'true'})\n"
            f"F = {DOCUMENTS!r}\nload = lambda: d.execute(\"LOAD '{extension()}'\")\n")
    return subprocess.run([sys.executable, "-c", head + code, *arguments], capture_output=True,
                          text=True, timeout=120, env=dict(os.environ, **environment))


def plain(value):
    """As JSON has it."""
    if isinstance(value, dict):
        return {name: plain(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [plain(inner) for inner in value]
    if isinstance(value, datetime.datetime):
        return value.astimezone(datetime.timezone.utc).isoformat()
    return value.isoformat() if isinstance(value, datetime.date) else value


def records(result):
    names = [column[0] for column in result.description]
    return [plain(dict(zip(names, row))) for row in result.fetchall()]


class Case(unittest.TestCase):
    def setUp(self):
        self.database = connect()
        self.addCleanup(self.database.close)

    def rows(self, sql, *arguments):
        return self.database.execute(sql, list(arguments)).fetchall()

    def fails(self, sql, *words):
        with self.assertRaises(duckdb.Error) as caught:
            self.rows(sql)
        for word in words:
            self.assertIn(word, str(caught.exception))
        self.assertEqual(self.rows("SELECT 1"), [(1,)])


class Reading(Case):
    def test_every_column_of_every_document_is_what_the_command_prints(self):
        expected = cli_records(BUILD, DOCUMENTS)
        found = records(self.database.execute(f"SELECT * FROM quern('{DOCUMENTS}')"))
        self.assertGreater(len(found), 8)
        self.assertEqual(list(found[0]), list(next(iter(expected.values()))))
        self.assertEqual({record["id"]: record for record in found}, expected)

    def test_columns_have_the_types_of_the_record(self):
        types = {row[0]: row[1] for row in self.rows(f"DESCRIBE SELECT * FROM quern('{DOCUMENTS}')")}
        self.assertEqual(types["title"], "VARCHAR")
        self.assertEqual(types["published"], "DATE")
        self.assertEqual(types["fetched_at"], "TIMESTAMP WITH TIME ZONE")
        self.assertEqual(types["complete"], "BOOLEAN")
        self.assertEqual(types["title_match"], "DOUBLE")
        self.assertEqual(types["keywords"], "VARCHAR[]")
        self.assertEqual(types["notes"], 'STRUCT(code VARCHAR, "offset" BIGINT, count BIGINT)[]')

    def test_the_samples_say_what_their_readme_promises(self):
        self.assertEqual(
            self.rows("SELECT title, status, complete, incomplete_reason, seams, published, "
                      f"length(replace(text, chr(10), '')) FROM quern('{DOCUMENTS}/p-50318866.html')"),
            [("雨水花园的日常养护", "converted", False, "text_cap", 7, datetime.date(2021, 4, 17), 2000)])
        self.assertEqual(
            self.rows(f"SELECT member, status FROM quern('{DOCUMENTS}/rain-garden.zip') "
                      "WHERE member IS NOT NULL ORDER BY member"),
            [("资料/值班表.html", "converted"), ("资料/说明.txt", "converted")])

    def test_lists_of_structs_are_unnested(self):
        (record,) = cli_records(BUILD, DOCUMENTS + "/ferry.html").values()
        for column in ("blocks", "dropped", "notes"):
            found = self.rows(f"SELECT UNNEST({column}) FROM quern('{DOCUMENTS}/ferry.html')")
            self.assertEqual([row[0] for row in found], record[column])
        (count,) = self.rows(
            f"SELECT count(*), sum(b.src_end - b.src_start) > 0 FROM (SELECT UNNEST(blocks) AS b "
            f"FROM quern('{DOCUMENTS}')) WHERE b.kind = 'paragraph'")
        everything = cli_records(BUILD, DOCUMENTS).values()
        self.assertEqual(count, (sum(block["kind"] == "paragraph" for record in everything
                                     for block in record["blocks"] or []), True))

    def test_inputs_are_patterns_lists_and_files_of_names(self):
        def named(sql):
            return sorted(os.path.basename(row[0]) for row in self.rows(sql))
        pages = ["p-3390127.html", "p-50318866.html"]
        self.assertEqual(named(f"SELECT url FROM quern('{DOCUMENTS}/p-*.html')"), pages)
        self.assertEqual(named(f"SELECT url FROM quern(['{DOCUMENTS}/p-*.html', "
                               f"'{DOCUMENTS}/ferry.html'])"), ["ferry.html", *pages])
        self.assertEqual(named("SELECT url FROM quern(?)".replace(
            "?", "'" + json.dumps([f"{DOCUMENTS}/ferry.html"]) + "'")), ["ferry.html"])
        with tempfile.TemporaryDirectory() as folder:
            listed = Path(folder) / "inputs.txt"
            listed.write_text(f"# a comment\n{DOCUMENTS}/{pages[0]}\n")
            self.assertEqual(named(f"SELECT url FROM quern([], input_file := '{listed}')"),
                             pages[:1])
            for name in (b"[odd*name].txt", b"\xce\xc4.txt"):
                Path(os.fsdecode(os.fsencode(folder) + b"/" + name)).write_bytes(b"text inside\n")
            self.assertEqual(self.rows(f"SELECT text FROM quern('{folder}/[odd*name].txt')"),
                             [("text inside",)])
            self.assertEqual(len(self.rows(f"SELECT url FROM quern('{folder}/*.txt')")), 3)

    def test_a_prepared_statement_reads_each_time_anew(self):
        first = self.rows("SELECT id, text FROM quern(?) ORDER BY id", DOCUMENTS)
        self.assertEqual(self.rows("SELECT id, text FROM quern(?) ORDER BY id", DOCUMENTS), first)
        self.rows(f"PREPARE p AS SELECT id, text FROM quern('{DOCUMENTS}') ORDER BY id")
        for _ in range(2):
            self.assertEqual(self.rows("EXECUTE p"), first)
        self.assertEqual(self.rows(f"SELECT count(*) FROM quern('{DOCUMENTS}') a JOIN "
                                   f"quern('{DOCUMENTS}') b USING (id)"), [(len(first),)])

    def test_wrong_arguments_are_errors_that_name_them(self):
        self.fails("SELECT * FROM quern('x', no_such_option := 1)", "no_such_option")
        self.fails("SELECT * FROM quern('x', delay_ms := -5)", "delay_ms")
        self.fails("SELECT * FROM quern('x', delay_ms := 'soon')")
        self.fails("SELECT * FROM quern('x', normalise := 'loudly')", "normalise")
        self.fails("SELECT * FROM quern('x', allow_addresses := ['nowhere'])", "allow_addresses")
        self.fails("SELECT * FROM quern('x', authorization := 'a literal secret')",
                   "authorization")
        self.fails("SELECT * FROM quern(NULL)", "input", "NULL")
        self.fails("SELECT * FROM quern(['a', NULL])", "input", "NULL")
        self.fails("SELECT * FROM quern({'a': 1})", "text or a list")
        self.fails("SELECT * FROM quern('x'::BLOB)", "text or a list")
        self.fails("SELECT * FROM quern('')", "input")
        self.fails("SELECT * FROM quern('/nowhere/*.html')", "/nowhere/*.html")
        self.fails("SELECT * FROM quern()")
        self.fails("SELECT * FROM quern('a', 'b')")
        self.fails("SELECT no_such_column FROM quern('a')", "no_such_column")
        self.fails("SELECT * FROM quern([], input_file := '/nowhere/list.txt')", "/nowhere/list.txt")
        self.assertEqual(self.rows("SELECT * FROM quern([])"), [])

    def test_an_input_that_is_not_there_is_a_row(self):
        self.assertEqual(self.rows("SELECT status, error_code FROM quern('/nowhere/a.html')"),
                         [("failed", "not_found")])

    def test_parquet_keeps_every_value(self):
        with tempfile.TemporaryDirectory() as folder:
            self.rows(f"COPY (SELECT * FROM quern('{DOCUMENTS}')) TO '{folder}/x.parquet'")
            back = records(self.database.execute(f"SELECT * FROM '{folder}/x.parquet'"))
            self.assertEqual({record["id"]: record for record in back},
                             cli_records(BUILD, DOCUMENTS))

    def test_many_rows_cross_chunks_and_batches_unchanged(self):
        with tempfile.TemporaryDirectory() as folder:
            many = Path(folder) / "many.zip"
            with zipfile.ZipFile(many, "w") as archive:
                for i in range(5000):
                    archive.writestr(f"{i}.txt", f"text number {i}\n\nin two blocks\n" * (1 + i % 3))
            found = self.rows(f"SELECT member, text, blocks FROM quern('{many}') "
                              "WHERE member IS NOT NULL")
            self.assertEqual(len(found), 5000)
            for member, text, blocks in found:
                number = int(member.split(".")[0])
                self.assertTrue(text.startswith(f"text number {number}\n"), member)
                self.assertEqual("\n".join(block["text"] for block in blocks), text)
                self.assertEqual(text.count("text number"), 1 + number % 3)

    def test_a_job_is_read_with_its_columns(self):
        with tempfile.TemporaryDirectory() as folder:
            job = Path(folder) / "job.toml"
            job.write_text(f'[source]\ninput = ["{DOCUMENTS}/ferry.html"]\n'
                           '[sink]\nkind = "stdout"\ncolumns = ["title", "status"]\n')
            found = self.database.execute(f"SELECT * FROM quern_job('{job}')")
            self.assertEqual([column[0] for column in found.description], ["title", "status"])
            self.assertEqual(found.fetchall(), [("渡口的時刻表", "converted")])
            self.assertEqual(self.rows(f"SELECT status FROM quern_job('{job}')"), [("converted",)])
            job.write_text(f'[source]\ninput = ["{DOCUMENTS}/ferry.html"]\n')
            self.assertEqual(self.rows(f"SELECT title, status FROM quern_job('{job}')"),
                             [("渡口的時刻表", "converted")])
            job.write_text('[source]\ninput = ["x"]\n[options]\ndelay_ms = -4\n'
                           '[sink]\nkind = "stdout"\n')
            self.fails(f"SELECT * FROM quern_job('{job}')", f"{job}:4: ", "delay_ms")
            job.write_text('[source\n')
            self.fails(f"SELECT * FROM quern_job('{job}')", f"{job}:1")
        self.fails("SELECT * FROM quern_job('/nowhere.toml')", "/nowhere.toml")
        self.fails("SELECT * FROM quern_job(NULL)", "job")


class Converting(Case):
    def test_bytes_of_a_table_become_lists_of_records(self):
        found = self.rows(
            "SELECT parse_filename(filename), quern_convert(content, filename) "
            f"FROM read_blob('{DOCUMENTS}/*') WHERE filename SIMILAR TO '.*(html|zip|gz)'")
        by_name = dict(found)
        self.assertEqual(list(by_name["ferry.html"][0]), BRIEF)
        expected = {}
        for record in cli_records(BUILD, DOCUMENTS).values():
            expected.setdefault(record["url"], []).append(
                tuple(record[name] for name in BRIEF[1:]))
        for name, list_ in by_name.items():
            self.assertCountEqual([tuple(record[c] for c in BRIEF[1:]) for record in list_],
                                  expected[name], name)
        self.assertEqual(len(by_name["rain-garden.zip"]), 3)

    def test_all_columns_of_bytes_are_those_of_the_file(self):
        ((found,),) = self.rows("SELECT quern_convert_all(content, 'ferry.html') "
                                f"FROM read_blob('{DOCUMENTS}/ferry.html')")
        (expected,) = cli_records(BUILD, DOCUMENTS + "/ferry.html").values()
        (record,) = [plain(record) for record in found]
        own = {"id", "url"}  # where it came from is not known here
        self.assertEqual({k: v for k, v in record.items() if k not in own},
                         {k: v for k, v in expected.items() if k not in own})

    def test_nulls_stay_null_and_nothing_is_no_document(self):
        self.assertEqual(self.rows("SELECT quern_convert(NULL)"), [(None,)])
        self.assertEqual(self.rows("SELECT quern_convert(NULL, 'a')"), [(None,)])
        found = self.rows("SELECT i, quern_convert(CASE WHEN i % 3 = 0 THEN NULL ELSE "
                          "('text ' || i)::BLOB END, CASE WHEN i % 2 = 0 THEN 'name' || i END) "
                          "FROM range(10000) t(i)")
        for i, list_ in found:
            self.assertEqual(list_ and [r["text"] for r in list_], i % 3 and [f"text {i}"] or None)
        ((empty,),) = self.rows("SELECT quern_convert(''::BLOB)")
        self.assertEqual([(r["status"], r["error_code"]) for r in empty], [("failed", "empty")])

    def test_noise_is_a_record_and_its_text_is_valid(self):
        found = self.rows("SELECT quern_convert(unhex(md5(i::VARCHAR) || '00ff' || "
                          "md5((i + 1)::VARCHAR))) FROM range(500) t(i)")
        self.assertEqual(len(found), 500)
        for (list_,) in found:
            for record in list_:
                self.assertIn(record["status"], ("converted", "partial", "failed"))
                if record["text"]:
                    self.assertNotIn("\0", record["text"])

    def test_wrong_arguments_are_errors(self):
        self.fails("SELECT quern_convert(1)")
        self.fails("SELECT quern_convert()")
        self.fails("SELECT quern_convert('a'::BLOB, 'b', 'c')")
        self.fails("SELECT quern_convert('a'::BLOB, 'b' || chr(0) || 'c')", "name", "U+0000")


class Fetching(Case):
    def test_blocks_of_a_page_cost_one_request(self):
        with WebServer() as server:
            found = self.rows("SELECT http_status, text, fetched_at, UNNEST(blocks).text "
                              f"FROM quern('{server.url}/ok', {FETCH})")
            self.assertEqual(found[0][0], 200)
            self.assertIn("权力与责任的关系", found[0][1])
            self.assertEqual("\n".join(row[3] for row in found), found[0][1])
            age = datetime.datetime.now(datetime.timezone.utc) - found[0][2]
            self.assertLess(abs(age.total_seconds()), 60)
            self.assertEqual(server.asked().count("/ok"), 1)

    def test_a_limit_asks_no_more_than_a_batch(self):
        with WebServer() as server:
            urls = [f"{server.url}/ok?{i}" for i in range(200)]
            found = self.rows(f"SELECT url FROM quern({urls}, {FETCH}, batch_rows_max := 1) LIMIT 2")
            self.assertEqual(len(found), 2)
            asked = [target for target in server.asked() if target.startswith("/ok")]
            self.assertLess(len(asked), 50)

    def test_errors_of_servers_are_rows(self):
        with WebServer() as server:
            urls = [server.url + "/status/404", server.url + "/ok"]
            self.assertEqual(sorted(self.rows(
                f"SELECT http_status, status FROM quern({urls}, {FETCH})")),
                [(200, "converted"), (404, "failed")])
        self.assertEqual(self.rows("SELECT status, error_code FROM quern('http://example.org/a')"),
                         [("refused", "address_refused")])

    def interrupted_after(self, sql, seconds):
        told = []

        def interrupt():
            told.append(time.monotonic())
            self.database.interrupt()
        timer = threading.Timer(seconds, interrupt)
        timer.start()
        with self.assertRaises(duckdb.InterruptException):
            self.rows(sql)
        return time.monotonic() - told[0]

    def test_an_interrupt_takes_effect_between_chunks(self):
        with WebServer() as server:
            urls = [f"{server.url}/ok?{i}" for i in range(600)]
            addresses = "allow_addresses := '127.0.0.0/8'"
            waited = self.interrupted_after(
                f"SELECT count(title) FROM quern({urls}, {addresses}, delay_ms := 20)", 1.0)
            print(f"interrupt with rows every 20 ms: {waited * 1000:.0f} ms")
            self.assertLess(waited, 1.5)
            waited = self.interrupted_after(
                f"SELECT count(title) FROM quern({urls}, {addresses}, delay_ms := 2000)", 2.5)
            print(f"interrupt while waiting for politeness of 2000 ms: {waited * 1000:.0f} ms")
            self.assertLess(waited, 4)


class Hosts(unittest.TestCase):
    def test_only_columns_that_the_query_names_are_asked(self):
        for sql, columns in (("SELECT title FROM quern(?)", {("title",)}),
                             ("SELECT text, id FROM quern(?) WHERE status = 'converted'",
                              {("text", "id", "status"), ("id", "status", "text")}),
                             ("SELECT UNNEST(blocks) FROM quern(?)", {("blocks",)}),
                             ("SELECT count(*) FROM quern(?)", {("id",), ()})):
            spy = Spy(self, BUILD, WORK)
            done = python(f"load()\nprint(len(d.execute({sql!r}, [F]).fetchall()))\nd.close()",
                          **spy.environment)
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertGreater(int(done.stdout), 0)
            self.assertEqual(len(spy.columns()), 1)
            self.assertTrue({tuple(sorted(c)) for c in spy.columns()} <=
                            {tuple(sorted(c)) for c in columns}, (sql, spy.columns()))

    def test_splits_are_read_by_several_threads_and_everything_is_closed(self):
        spy = Spy(self, BUILD, WORK)
        done = python(
            "load()\nd.execute('SET threads = 4')\n"
            "print(d.execute('SELECT count(*), count(DISTINCT id) FROM quern(?, "
            "split_inputs_max := 1)', [F]).fetchone())\nd.close()", **spy.environment)
        self.assertEqual(done.returncode, 0, done.stderr)
        count = len(cli_records(BUILD, DOCUMENTS))
        self.assertEqual(done.stdout, f"({count}, {count})\n")
        self.assertGreater(spy.balance()["reader"][0], 4)
        for kind, (opened, closed) in spy.balance().items():
            self.assertEqual(opened, closed, kind)

    def test_everything_is_closed_after_errors_limits_and_a_host_that_leaves(self):
        for code in ("d.execute('SELECT id FROM quern(?) LIMIT 1', [F]).fetchall(); d.close()",
                     "r = d.execute('SELECT id FROM quern(?, batch_rows_max := 1)', [F]); "
                     "r.fetchone(); d.close(); del r",
                     "c = d.cursor(); c.execute('SELECT id FROM quern(?, split_inputs_max := 1)', "
                     "[F]).fetchone(); c.close(); d.close()",
                     "r = d.sql('SELECT id FROM quern(\\'' + F + '\\')'); r.fetchall(); del d; del r"):
            spy = Spy(self, BUILD, WORK)
            done = python(f"load()\n{code}\nimport gc; gc.collect()\nprint('end')",
                          **spy.environment)
            self.assertEqual((done.returncode, done.stdout), (0, "end\n"), (code, done.stderr))
            for kind, (opened, closed) in spy.balance().items():
                self.assertGreater(opened, 0, code)
                self.assertEqual(opened, closed, (code, kind))

    def test_a_plugin_that_is_missing_wrong_or_broken_is_an_error_and_no_crash(self):
        tries = ("try:\n load()\nexcept duckdb.Error as e:\n print('told', e)\n"
                 "print(d.execute('SELECT 1').fetchone())\n")
        for environment, word in (
                ({"QUERN_PLUGIN": "/nowhere/plugin.toml"}, "/nowhere/plugin.toml"),
                ({"QUERN_PLUGIN": str(ROOT / "README.md")}, "README.md"),
                (dict(Spy(self, BUILD, WORK).environment, SPY_REAL="/nowhere.so"), "quern"),
                (Spy(self, BUILD, WORK, "major").environment, "ABI"),
                (Spy(self, BUILD, WORK, "short").environment, "ABI")):
            done = python(tries, **environment)
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertIn("told", done.stdout)
            self.assertIn(word, done.stdout)
            self.assertIn("(1,)", done.stdout)
        for fault, word in (("offsets", "broken"), ("format", "broken"), ("stream", "")):
            spy = Spy(self, BUILD, WORK, fault)
            done = python("load()\ntry:\n d.execute('SELECT id, status, title FROM quern(?, "
                          "batch_rows_max := 1)', [F]).fetchall()\nexcept duckdb.Error as e:\n "
                          "print('told', e)\nprint(d.execute('SELECT 1').fetchone())\nd.close()",
                          **spy.environment)
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertIn("told", done.stdout, fault)
            self.assertIn(word, done.stdout)
            self.assertIn("(1,)", done.stdout)
            for kind, (opened, closed) in spy.balance().items():
                self.assertEqual(opened, closed, (fault, kind))

    def test_an_unsigned_extension_is_refused_unless_allowed_and_loading_twice_is_fine(self):
        with self.assertRaises(duckdb.Error):
            duckdb.connect().execute(f"LOAD '{extension()}'")
        database = connect()
        database.execute(f"LOAD '{extension()}'")
        other = connect()
        self.assertEqual(other.execute(f"SELECT count(*) > 0 FROM quern('{DOCUMENTS}')").fetchone(),
                         (True,))
        database.close()
        self.assertEqual(other.execute(f"SELECT count(*) > 0 FROM quern('{DOCUMENTS}')").fetchone(),
                         (True,))
        other.close()

    def test_a_library_removed_under_a_running_host_still_reads(self):
        with tempfile.TemporaryDirectory() as folder:
            for path in (extension(), str(BUILD / "lib" / "libquern.so")):
                shutil.copy(path, folder)
            done = subprocess.run(
                [sys.executable, "-c",
                 "import os, sys, duckdb\n"
                 "d = duckdb.connect(config={'allow_unsigned_extensions': 'true'})\n"
                 "d.execute(f\"LOAD '{sys.argv[1]}/quern.duckdb_extension'\")\n"
                 "for n in os.listdir(sys.argv[1]): os.remove(sys.argv[1] + '/' + n)\n"
                 "print(d.execute('SELECT title FROM quern(?)', [sys.argv[2]]).fetchone()[0])",
                 folder, DOCUMENTS + "/ferry.html"], capture_output=True, text=True, timeout=60,
                env={k: v for k, v in os.environ.items() if k != "QUERN_PLUGIN"})
            self.assertEqual(done.stdout, "渡口的時刻表\n", done.stderr)

    def test_many_threads_query_one_database(self):
        database = connect()
        expected = database.execute(f"SELECT id, text FROM quern('{DOCUMENTS}') ORDER BY id").fetchall()
        found = []

        def read():
            mine = database.cursor()
            for _ in range(3):
                found.append(mine.execute(f"SELECT id, text FROM quern('{DOCUMENTS}', "
                                          "split_inputs_max := 2) ORDER BY id").fetchall())
            mine.close()
        threads = [threading.Thread(target=read) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(found, [expected] * 12)
        database.close()

    def test_two_adapters_live_in_one_process(self):
        other = sqlite3.connect(":memory:")
        if not hasattr(other, "enable_load_extension"):
            self.skipTest("this Python's sqlite3 loads no extensions")
        other.enable_load_extension(True)
        other.load_extension(str(BUILD / "lib" / "quern"))
        database = connect()
        sql = "SELECT id, title, text FROM quern(?) ORDER BY id"
        self.assertEqual(database.execute(sql, [DOCUMENTS]).fetchall(),
                         other.execute(sql, [DOCUMENTS]).fetchall())
        other.close()
        self.assertGreater(len(database.execute(sql, [DOCUMENTS]).fetchall()), 8)
        database.close()


NODE = os.environ.get("QUERN_NODE")  # a folder where npm has put @duckdb/node-api


@unittest.skipUnless(NODE, "Node is tried once, by host_duckdb.sh")
class Node(Case):
    def test_nodes_own_zlib_does_not_get_between(self):
        with WebServer() as server:
            url = server.url + "/gzip"
            done = subprocess.run(["node", ROOT / "tests/e2e/host_duckdb.mjs",
                                   BUILD / "lib/quern.duckdb_extension", DOCUMENTS, url],
                                  capture_output=True, text=True, cwd=NODE, timeout=120)
            expected = records(self.database.execute(
                "SELECT url, member, status, error_code, text, content_sha256 "
                f"FROM quern(['{DOCUMENTS}', '{url}'], {FETCH}) ORDER BY id"))
        self.assertEqual([json.loads(line) for line in done.stdout.splitlines()], expected,
                         done.stderr)
        self.assertGreater(len(expected), 8)


if __name__ == "__main__":
    BUILD, WORK = Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve()
    print(f"== DuckDB {duckdb.__version__}, Python {sys.version.split()[0]}", flush=True)
    unittest.main(argv=sys.argv[:1] + sys.argv[3:], verbosity=1)
