#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What host_sqlite.sh runs: Python's sqlite3 and the sqlite3 shell with Quern as an extension.

  host_sqlite.py BUILD WORK      WORK holds libspy.so, made from spy_plugin.c
"""
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
from collections import Counter
from pathlib import Path

from host_common import DOCUMENTS, LOOPBACK, ROOT, Spy, WebServer, cli_records

BUILD = WORK = Path()


def extension():
    return str(BUILD / "lib" / "quern")


def connect(path=":memory:"):
    database = sqlite3.connect(path, check_same_thread=False)
    database.enable_load_extension(True)
    database.load_extension(extension())
    return database


def shell(*lines, **environment):
    return subprocess.run(["/usr/bin/sqlite3", "-batch", ":memory:"], input="\n".join(lines),
                          capture_output=True, text=True, timeout=120, cwd=ROOT,
                          env=dict(os.environ, **environment))


def python(code, **environment):
    """In a process of its own, which may therefore fail to load the plugin, or die."""
    head = (f"import sqlite3\nd = sqlite3.connect(':memory:')\nd.enable_load_extension(True)\n"
            f"load = lambda: d.load_extension({extension()!r})\n")
    return subprocess.run([sys.executable, "-c", head + code], capture_output=True, text=True,
                          timeout=120, env=dict(os.environ, **environment))


class Reading(unittest.TestCase):
    def setUp(self):
        self.database = connect()
        self.addCleanup(self.database.close)

    def rows(self, sql, *arguments):
        return self.database.execute(sql, arguments).fetchall()

    def named(self, sql, *arguments):
        """Rows whose first column is a path, of which the file's name counts."""
        return [(os.path.basename(row[0]), *row[1:]) for row in self.rows(sql, *arguments)]

    def fails(self, sql, *words, arguments=()):
        with self.assertRaises((sqlite3.OperationalError, sqlite3.DatabaseError)) as caught:
            self.database.execute(sql, arguments).fetchall()
        for word in words:
            self.assertIn(word, str(caught.exception))

    def test_every_column_of_every_document_is_what_the_command_prints(self):
        expected = cli_records(BUILD, DOCUMENTS)
        found = self.database.execute("SELECT * FROM quern(?)", (DOCUMENTS,))
        names = [column[0] for column in found.description]
        records = {}
        for row in found:
            record = dict(zip(names, row))
            like = expected[record["id"]]
            for name, value in record.items():
                if isinstance(like[name], list):
                    record[name] = json.loads(value)
                elif isinstance(like[name], bool):
                    record[name] = bool(value)
            records[record["id"]] = record
        self.assertGreater(len(records), 8)
        self.assertEqual(names, list(next(iter(expected.values()))))
        self.assertEqual(records, expected)

    def test_the_samples_say_what_their_readme_promises(self):
        (title, status, complete, reason, seams, text), = self.rows(
            "SELECT title, status, complete, incomplete_reason, seams, text FROM quern(?)",
            DOCUMENTS + "/p-50318866.html")
        self.assertEqual((title, status, complete, reason, seams),
                         ("雨水花园的日常养护", "converted", 0, "text_cap", 7))
        self.assertEqual(len(text.replace("\n", "")), 2000)
        members = dict(self.rows("SELECT member, status FROM quern(?) WHERE member IS NOT NULL",
                                 DOCUMENTS + "/rain-garden.zip"))
        self.assertEqual(members, {"资料/说明.txt": "converted", "资料/值班表.html": "converted"})

    def test_blocks_and_dropped_are_the_lists_of_the_row(self):
        page = DOCUMENTS + "/ferry.html"
        (record,) = cli_records(BUILD, page).values()
        for column in ("blocks", "dropped", "notes", "links"):
            found = self.database.execute(
                f"SELECT l.* FROM quern(?) AS q, quern_{column}(q.{column}) AS l", (page,))
            names = [field[0] for field in found.description]
            self.assertEqual([dict(zip(names, row)) for row in found], record[column] or [])
        kinds = self.rows("SELECT b.kind, count(*) FROM quern(?) q, quern_blocks(q.blocks) b "
                          "GROUP BY b.kind ORDER BY b.kind", page)
        self.assertEqual(dict(kinds), dict(Counter(b["kind"] for b in record["blocks"])))

    def test_an_unknown_list_has_no_rows_and_no_list_is_an_error(self):
        self.assertEqual(self.rows("SELECT * FROM quern_blocks(NULL)"), [])
        self.assertEqual(self.rows("SELECT * FROM quern_blocks('[]')"), [])
        for wrong in ("{}", "text", "[1]", "[", '"x"'):
            self.fails("SELECT * FROM quern_blocks(?)", "quern:", "JSON array",
                       arguments=(wrong,))
        self.fails("SELECT * FROM quern_blocks(x'ff00')", "quern:")

    def test_inputs_come_from_another_table(self):
        self.database.execute("CREATE TABLE inputs(path)")
        names = ["ferry.html", "p-3390127.html", "ferry.txt.gz"]
        self.database.executemany("INSERT INTO inputs VALUES (?)",
                                  [(f"{DOCUMENTS}/{name}",) for name in names])
        found = self.named("SELECT url, status FROM inputs, quern(inputs.path) "
                           "WHERE url IS NOT NULL ORDER BY url")
        self.assertEqual(found, [("ferry.html", "converted"), ("ferry.txt.gz", "partial"),
                                 ("p-3390127.html", "converted")])
        once = self.rows("SELECT count(*) FROM quern(?) a JOIN quern(?) b USING (id)",
                         DOCUMENTS, DOCUMENTS)
        self.assertEqual(once, self.rows("SELECT count(*) FROM quern(?)", DOCUMENTS))

    def test_patterns_lists_and_job_like_options_name_inputs(self):
        pattern = self.named("SELECT url FROM quern(?) ORDER BY url", DOCUMENTS + "/p-*.html")
        self.assertEqual(pattern, [("p-3390127.html",), ("p-50318866.html",)])
        listed = self.named("SELECT url FROM quern(?) ORDER BY url",
                           json.dumps([DOCUMENTS + "/p-3390127.html", DOCUMENTS + "/ferry.html"]))
        self.assertEqual(listed, [("ferry.html",), ("p-3390127.html",)])
        self.assertEqual(self.rows("SELECT * FROM quern((SELECT json_group_array(name) FROM "
                                   "pragma_table_list WHERE name = 'no such table'))"), [])
        optional = self.named("SELECT url FROM quern(NULL, ?)", json.dumps(
            {"input": [DOCUMENTS + "/ferry.html"], "batch_rows_max": 1, "normalise": "none",
             "contact": None}))
        self.assertEqual(optional, [("ferry.html",)])
        with tempfile.TemporaryDirectory() as folder:
            odd = Path(folder) / "[odd*name].txt"
            odd.write_text("a text under an odd name\n")
            self.assertEqual(self.rows("SELECT text FROM quern(?)", str(odd)),
                             [("a text under an odd name",)])
            raw = os.fsencode(folder) + b"/\xce\xc4.txt"
            Path(os.fsdecode(raw)).write_bytes(b"a text under a name in GBK\n")
            self.assertEqual(self.rows("SELECT text FROM quern(?)", folder + "/*.txt"),
                             [("a text under an odd name",), ("a text under a name in GBK",)])

    def test_wrong_options_are_errors_that_name_them(self):
        call = "SELECT * FROM quern('x', ?)"
        self.fails(call, "no_such_option", arguments=('{"no_such_option": 1}',))
        self.fails(call, "delay_ms", arguments=('{"delay_ms": -5}',))
        self.fails(call, "delay_ms", arguments=('{"delay_ms": 1.5}',))
        self.fails(call, "normalise", arguments=('{"normalise": true}',))
        self.fails(call, "allow_addresses", arguments=('{"allow_addresses": [1, {}]}',))
        for wrong in ("[]", "no JSON", '{"a":', "3", "x" * 100000, b"\xff\xfe"):
            self.fails(call, "JSON object", arguments=(wrong,))
        self.fails("SELECT * FROM quern", "needs an input")
        self.fails("SELECT * FROM quern('/nowhere/*.html')", "/nowhere/*.html")
        self.fails("SELECT * FROM quern(CAST(x'fffe' AS TEXT))", "not UTF-8", "file:")
        self.fails(call, "contact", arguments=('{"contact": "\\ud800"}',))
        self.fails("SELECT * FROM quern(?)", "input", arguments=('["a\\u0000b"]',))
        self.fails("SELECT * FROM quern(CAST(x'610062' AS TEXT))", "NUL")
        self.fails("SELECT * FROM quern('a', 'b', 'c')", "too many arguments")
        self.assertEqual(self.rows("SELECT 1"), [(1,)])

    def test_an_input_that_is_not_there_is_a_row(self):
        (row,) = self.rows("SELECT status, error_code FROM quern('/nowhere/at-all.html')")
        self.assertEqual(row[0], "failed")
        self.assertTrue(row[1])

    def test_views_and_triggers_may_not_read_files(self):
        self.database.execute(f"CREATE VIEW v AS SELECT * FROM quern('{DOCUMENTS}')")
        self.fails("SELECT * FROM v", "unsafe use")
        self.database.execute("CREATE TABLE t(list)")
        self.database.execute(
            "CREATE VIEW w AS SELECT b.text FROM t, quern_blocks(t.list) AS b")
        self.database.execute("""INSERT INTO t VALUES ('[{"text":"a"},{"text":"b"}]')""")
        self.assertEqual(self.rows("SELECT * FROM w"), [("a",), ("b",)])

    def test_stopping_early_and_closing_in_the_wrong_order_are_harmless(self):
        self.assertEqual(len(self.rows("SELECT id FROM quern(?) LIMIT 1", DOCUMENTS)), 1)
        other = connect()
        open_cursor = other.execute("SELECT * FROM quern(?, '{\"batch_rows_max\": 1}')",
                                    (DOCUMENTS,))
        self.assertIsNotNone(open_cursor.fetchone())
        other.close()
        del open_cursor

    def test_two_connections_read_in_two_threads(self):
        found = []
        expected = self.rows("SELECT id, text FROM quern(?) ORDER BY id", DOCUMENTS)

        def read():
            mine = connect()
            for _ in range(3):
                found.append(mine.execute("SELECT id, text FROM quern(?) ORDER BY id",
                                          (DOCUMENTS,)).fetchall())
            mine.close()
        threads = [threading.Thread(target=read) for _ in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(found, [expected] * 9)


class Fetching(unittest.TestCase):
    def test_lists_of_a_row_cost_no_second_request(self):
        with WebServer() as server:
            database = connect()
            found = database.execute(
                "SELECT q.http_status, q.text, b.text, (SELECT count(*) FROM "
                "quern_dropped(q.dropped)) FROM quern(?, ?) AS q, quern_blocks(q.blocks) AS b",
                (server.url + "/ok", json.dumps(LOOPBACK))).fetchall()
            self.assertGreater(len(found), 0)
            self.assertEqual(found[0][0], 200)
            self.assertEqual("\n".join(row[2] for row in found), found[0][1])
            self.assertIn("权力与责任的关系", found[0][1])
            self.assertEqual(server.asked().count("/ok"), 1)
            database.close()

    def test_an_error_of_a_server_is_a_row(self):
        with WebServer() as server:
            database = connect()
            urls = [server.url + "/status/404", server.url + "/ok"]
            found = dict(database.execute(
                "SELECT http_status, status FROM quern(?, ?)",
                (json.dumps(urls), json.dumps(LOOPBACK))).fetchall())
            self.assertEqual(found, {404: "failed", 200: "converted"})
            database.close()

    def test_an_interrupt_takes_effect_within_batch_wait_ms(self):
        with WebServer() as server:
            database = connect()
            urls = json.dumps([f"{server.url}/ok?{i}" for i in range(400)])
            options = json.dumps(dict(LOOPBACK, delay_ms=50, batch_wait_ms=200))
            interrupted = []

            def interrupt():
                interrupted.append(time.monotonic())
                database.interrupt()
            timer = threading.Timer(1.5, interrupt)
            timer.start()
            with self.assertRaisesRegex(sqlite3.OperationalError, "interrupted"):
                database.execute("SELECT count(*) FROM quern(?, ?)", (urls, options)).fetchall()
            waited = time.monotonic() - interrupted[0]
            print(f"interrupt while fetching, batch_wait_ms 200: {waited * 1000:.0f} ms")
            self.assertLess(waited, 2)
            database.close()


class Hosts(unittest.TestCase):
    def test_the_shell_loads_and_reads(self):
        done = shell(f".load {extension()}", ".mode json",
                     f"SELECT title, substr(text, 1, 9) AS head FROM quern('{DOCUMENTS}/ferry.html');")
        self.assertEqual(json.loads(done.stdout)[0]["title"], "渡口的時刻表", done.stderr)
        done = shell(f".load {extension()}", "SELECT * FROM quern('x', '{\"nope\": 1}');",
                     "SELECT 'still here';")
        self.assertIn("nope", done.stderr)
        self.assertIn("still here", done.stdout)

    def test_only_columns_that_the_query_names_are_asked(self):
        for sql, columns in (
                ("SELECT title FROM quern({})", ["title"]),
                ("SELECT count(*) FROM quern({})", []),
                ("SELECT q.id, b.kind FROM quern({}) q, quern_blocks(q.blocks) b",
                 ["id", "blocks"]),
                ("SELECT text FROM quern({}) WHERE status = 'converted' ORDER BY url",
                 ["url", "status", "text"])):
            spy = Spy(self, BUILD, WORK)
            done = python(f"load()\nprint(len(d.execute({sql.format('?')!r}, ({DOCUMENTS!r},))"
                          ".fetchall()))\nd.close()", **spy.environment)
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertGreater(int(done.stdout), 0)
            self.assertEqual(spy.columns(), {tuple(columns)})
            self.assertEqual(spy.balance(), {k: (1, 1) for k in ("source", "plan", "reader")})

    def test_everything_is_closed_after_errors_limits_and_a_host_that_leaves(self):
        for code in (
                "d.execute('SELECT id FROM quern(?) LIMIT 1', (F,)).fetchall(); d.close()",
                "c = d.execute('SELECT id FROM quern(?)', (F,)); c.fetchone(); d.close(); del c",
                "d.execute('SELECT q.id FROM quern(?) q, quern(?) r', (F, F)).fetchall(); d.close()"):
            spy = Spy(self, BUILD, WORK)
            done = python(f"load()\nF = {DOCUMENTS!r}\n{code}\nprint('end')", **spy.environment)
            self.assertEqual((done.returncode, done.stdout), (0, "end\n"), done.stderr)
            for kind, (opened, closed) in spy.balance().items():
                self.assertGreater(opened, 0)
                self.assertEqual(opened, closed, kind)

    def test_a_plugin_that_is_missing_wrong_or_broken_is_an_error_and_no_crash(self):
        try_load = "try:\n load()\nexcept sqlite3.OperationalError as e:\n print('told', e)\n"
        done = python(try_load, QUERN_PLUGIN="/nowhere/plugin.toml")
        self.assertIn("quern: QUERN_PLUGIN=/nowhere/plugin.toml", done.stdout, done.stderr)
        done = python(try_load, QUERN_PLUGIN=str(WORK / "libspy.so"), SPY_REAL="/nowhere.so")
        self.assertIn("quern: ", done.stdout, done.stderr)
        done = python(try_load, QUERN_PLUGIN=str(ROOT / "README.md"))
        self.assertIn("quern: ", done.stdout, done.stderr)
        for fault, word in (("major", "ABI"), ("short", "ABI")):
            done = python(try_load, **Spy(self, BUILD, WORK, fault).environment)
            self.assertIn("quern: ", done.stdout, done.stderr)
            self.assertIn(word, done.stdout)
        for fault, word in (("offsets", "broken"), ("format", "broken"), ("stream", "quern:")):
            spy = Spy(self, BUILD, WORK, fault)
            done = python(
                "load()\ntry:\n d.execute('SELECT id, status, title FROM quern(?, ?)', "
                f"({DOCUMENTS!r}, '{{\"batch_rows_max\": 1}}')).fetchall()\n"
                "except sqlite3.OperationalError as e:\n print('told', e)\nd.close()",
                **spy.environment)
            self.assertIn("told", done.stdout, (fault, done.stderr))
            self.assertIn(word, done.stdout)
            for kind, (opened, closed) in spy.balance().items():
                self.assertEqual(opened, closed, (fault, kind))

    def test_a_library_removed_under_a_running_host_still_reads(self):
        with tempfile.TemporaryDirectory() as folder:
            for name in ("quern.so", "libquern.so"):
                shutil.copy(BUILD / "lib" / name, Path(folder) / name)
            done = subprocess.run(
                [sys.executable, "-c",
                 "import os, sqlite3, sys\nd = sqlite3.connect(':memory:')\n"
                 "d.enable_load_extension(True)\nd.load_extension(sys.argv[1] + '/quern')\n"
                 "for n in ('quern.so', 'libquern.so'): os.remove(sys.argv[1] + '/' + n)\n"
                 "print(d.execute('SELECT title FROM quern(?)', (sys.argv[2],)).fetchone()[0])\n"
                 "e = sqlite3.connect(':memory:'); d.close(); e.close()",
                 folder, DOCUMENTS + "/ferry.html"], capture_output=True, text=True, timeout=60,
                env={k: v for k, v in os.environ.items() if k != "QUERN_PLUGIN"})
            self.assertEqual(done.stdout, "渡口的時刻表\n", done.stderr)

    def test_a_child_process_reads_with_a_connection_of_its_own(self):
        done = python(
            f"import os\nload()\nF = {DOCUMENTS!r}\n"
            "n = d.execute('SELECT count(*) FROM quern(?)', (F,)).fetchone()\n"
            "if os.fork() == 0:\n"
            " e = sqlite3.connect(':memory:'); e.enable_load_extension(True)\n"
            f" e.load_extension({extension()!r})\n"
            " os._exit(0 if e.execute('SELECT count(*) FROM quern(?)', (F,)).fetchone() == n else 1)\n"
            "print(os.waitstatus_to_exitcode(os.wait()[1]))")
        self.assertEqual(done.stdout, "0\n", done.stderr)


if __name__ == "__main__":
    BUILD, WORK = Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve()
    print(f"SQLite {sqlite3.sqlite_version}, Python {sys.version.split()[0]}")
    unittest.main(argv=sys.argv[:1] + sys.argv[3:], verbosity=1)
