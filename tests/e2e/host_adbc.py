#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What host_adbc.sh runs: the driver manager's DB-API and low-level interface with Quern's driver.

  host_adbc.py BUILD WORK      WORK holds libspy.so, made from spy_plugin.c
"""
import ctypes
import json
import os
import random
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import unittest
from pathlib import Path

import adbc_driver_manager
import polars
import pyarrow
from adbc_driver_manager import dbapi

from host_common import DOCUMENTS, ROOT, Spy, WebServer, cli_records

BUILD = WORK = Path()
FERRY = DOCUMENTS + "/ferry.html"
TITLE = "渡口的時刻表"
LOOPBACK = {"quern.allow_addresses": "127.0.0.0/8", "quern.delay_ms": 0}
Error = adbc_driver_manager.Error


def manifest():
    return str(BUILD / "plugin.toml")


def connect(options=None, driver=None, **arguments):
    return dbapi.connect(driver=driver or manifest(), autocommit=True, conn_kwargs=options or {},
                         **arguments)


def python(code, *arguments, cwd=None, **environment):
    """In a process of its own, which may therefore fail to load the plugin, or die."""
    head = ("import os, sys\nfrom adbc_driver_manager import dbapi\n"
            f"TOML = {manifest()!r}\nFERRY = {FERRY!r}\nDOCUMENTS = {DOCUMENTS!r}\n"
            "def connect(driver=TOML, **options):\n"
            "    return dbapi.connect(driver=driver, autocommit=True, conn_kwargs=options)\n")
    return subprocess.run([sys.executable, "-c", head + code, *map(str, arguments)],
                          capture_output=True, timeout=120, cwd=cwd,
                          env=dict(os.environ, **environment))


class Case(unittest.TestCase):
    def connect(self, options=None, **arguments):
        connection = connect(options, **arguments)
        self.addCleanup(connection.close)
        return connection

    def cursor(self, options=None, **arguments):
        return self.connect(options, **arguments).cursor()

    def rows(self, query, parameters=None, options=None):
        return self.cursor(options).execute(query, parameters).fetch_arrow_table().to_pylist()

    def fails(self, kind, words, function):
        with self.assertRaises(kind) as caught:
            function()
        for word in [words] if isinstance(words, str) else words:
            self.assertIn(word, str(caught.exception))
        return caught.exception


class Reading(Case):
    def test_records_are_those_of_the_command(self):
        expected = cli_records(BUILD, DOCUMENTS)
        table = self.cursor().execute(f"quern:{DOCUMENTS}").fetch_arrow_table()
        rows = table.to_pylist()
        self.assertEqual(len(rows), len(expected))
        for row in rows:
            want = expected[row["id"]]
            for name in ("url", "title", "status", "text", "charset", "seams", "complete"):
                self.assertEqual(row[name], want[name], name)
            self.assertEqual([b["text"] for b in row["blocks"] or []],
                             [b["text"] for b in want["blocks"] or []])
        self.assertEqual(table.schema.names, list(next(iter(expected.values()))))

    def test_the_schema_is_the_pythons_type_for_type(self):
        schema = self.cursor().adbc_execute_schema("quern:nowhere")
        self.assertEqual(str(schema.field("published").type), "date32[day]")
        self.assertEqual(str(schema.field("fetched_at").type), "timestamp[us, tz=UTC]")
        self.assertFalse(schema.field("id").nullable)
        self.assertTrue(schema.field("blocks").type.value_type.get_field_index("src_start") >= 0)
        self.assertIn(b"quern.schema", schema.metadata)

    def test_every_way_to_fetch_gives_the_same(self):
        want = {"quern.columns": "url,title", "quern.split_inputs_max": 2, "quern.batch_rows_max": 1}
        query = f"quern:{DOCUMENTS}"
        table = self.cursor(want).execute(query).fetch_arrow_table()
        cursor = self.cursor(want)  # pyarrow's reader ends with it
        batches = list(cursor.execute(query).fetch_record_batch())
        self.assertEqual({batch.num_rows for batch in batches}, {1})
        self.assertGreater(len(batches), 10)
        self.assertEqual(pyarrow.Table.from_batches(batches), table)
        pairs = [tuple(row.values()) for row in table.to_pylist()]
        self.assertEqual(self.cursor(want).execute(query).fetchall(), pairs)
        frame = self.cursor(want).execute(query).fetch_df()
        self.assertEqual(frame["url"].tolist(), [url for url, _ in pairs])
        frame = self.cursor(want).execute(query).fetch_polars()
        self.assertEqual(frame.rows(), pairs)

    def test_several_inputs_patterns_options_and_a_job_file(self):
        two = json.dumps([FERRY, DOCUMENTS + "/p-3390127.html"])
        columns = {"quern.columns": '["title"]'}
        self.assertEqual(len(self.rows("quern:" + two, options=columns)), 2)
        self.assertEqual(len(self.rows(f"quern:{DOCUMENTS}/p-*.html", options=columns)), 2)
        self.assertEqual(self.rows("quern:", options=dict(columns, **{"quern.input": FERRY})),
                         [{"title": TITLE}])
        with tempfile.TemporaryDirectory() as folder:
            job = Path(folder) / "job.toml"
            job.write_text(f'[source]\ninput = ["{FERRY}"]\n[options]\nnormalise = "none"\n'
                           '[sink]\ncolumns = ["status", "title"]\n')
            self.assertEqual(self.rows(f"quern:job:{job}"),
                             [{"status": "converted", "title": TITLE}])
            self.assertEqual(self.rows(f"quern:job:{job}", options=columns), [{"title": TITLE}])
            self.fails(Error, str(job) + "x", lambda: self.rows(f"quern:job:{job}x"))

    def test_options_of_the_statement_go_before_the_connections_and_those_before_the_databases(self):
        connection = self.connect({"quern.columns": "id,title"},
                                  db_kwargs={"quern.columns": "id", "quern.batch_rows_max": "1"})
        query = f"quern:{DOCUMENTS}"
        cursor = connection.cursor()
        self.assertEqual(cursor.execute(query).fetch_record_batch().schema.names, ["id", "title"])
        self.assertEqual(cursor.adbc_statement.get_option("quern.batch_rows_max"), "1")
        cursor = connection.cursor(adbc_stmt_kwargs={"quern.columns": "url"})
        self.assertEqual(cursor.execute(query).fetch_record_batch().schema.names, ["url"])
        cursor.adbc_statement.set_options(**{"quern.columns": "[]"})
        self.assertEqual(cursor.execute(query).fetch_arrow_table().schema.names, [])
        cursor.adbc_statement.set_options(**{"quern.columns": ""})
        self.assertGreater(len(cursor.execute(query).fetch_record_batch().schema.names), 40)
        self.fails(Error, "is not set", lambda: cursor.adbc_statement.get_option("quern.root"))

    def test_only_columns_that_are_asked_for_are_made(self):
        spy = Spy(self, BUILD, WORK)
        done = python("c = connect(**{'quern.columns': 'title,id'})\nq = c.cursor()\n"
                      "print(len(q.execute('quern:' + DOCUMENTS).fetchall()))\nq.close()\n"
                      "c.close()", **spy.environment)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(spy.columns(), {("title", "id")})
        self.assertEqual(spy.balance(), {k: (1, 1) for k in ("source", "plan", "reader")})

    def test_a_document_that_is_not_there_is_a_row(self):
        with WebServer() as server:
            urls = json.dumps([server.url + "/status/404", server.url + "/ok"])
            rows = self.rows("quern:" + urls, options=LOOPBACK)
            self.assertEqual({(row["http_status"], row["status"]) for row in rows},
                             {(404, "failed"), (200, "converted")})
            self.assertIn("权力与责任的关系", next(r for r in rows if r["http_status"] == 200)["text"])


class Converting(Case):
    def test_bytes_become_records(self):
        data = Path(FERRY).read_bytes()
        rows = self.rows("quern:convert", [data, "ferry.html"])
        self.assertEqual([(row["title"], row["status"]) for row in rows], [(TITLE, "converted")])
        named = self.rows("quern:convert", {"url": "https://example.org/a", "data": data})
        self.assertEqual(named[0]["url"], "https://example.org/a")
        self.assertEqual(self.rows("quern:convert", [data, None])[0]["text"], rows[0]["text"])
        zipped = Path(DOCUMENTS, "rain-garden.zip").read_bytes()
        self.assertEqual(len(self.rows("quern:convert", [zipped, "a.zip"])), 3)

    def test_every_bound_row_is_converted_whatever_its_type(self):
        pages = [f"<title>{i}</title><p>page".encode() for i in range(50)]
        for kind in (pyarrow.binary(), pyarrow.large_binary(), pyarrow.binary_view(),
                     pyarrow.utf8(), pyarrow.large_utf8(), pyarrow.string_view()):
            texts = pages if "binary" in str(kind) else [page.decode() for page in pages]
            table = pyarrow.table({"name": [f"{i}.html" for i in range(50)],
                                   "data": pyarrow.array(texts, kind)})
            batches = pyarrow.Table.from_batches(table.to_batches(max_chunksize=7))
            for bound in (table.to_batches()[0].slice(3), batches.slice(3)):
                rows = self.rows("quern:convert", bound, {"quern.columns": "url,text"})
                self.assertEqual([(row["url"], row["text"]) for row in rows],
                                 [(f"{i}.html", "page") for i in range(3, 50)], kind)

    def test_a_frame_of_polars_is_bound_as_it_is(self):
        frame = polars.DataFrame({"data": [b"<p>short", None, b"<p>longer than twelve bytes"],
                                  "name": ["a.html", "b", "a-name-longer-than-twelve.html"]})
        rows = self.rows("quern:convert", frame, {"quern.columns": "url,text"})
        self.assertEqual([(row["url"], row["text"]) for row in rows],
                         [("a.html", "short"), ("b", rows[1]["text"]),
                          ("a-name-longer-than-twelve.html", "longer than twelve bytes")])
        self.assertFalse(rows[1]["text"])

    def test_wrong_parameters_are_errors(self):
        self.fails(Error, "bind", lambda: self.rows("quern:convert"))
        self.fails(Error, ["data", "cannot be converted"],
                   lambda: self.rows("quern:convert", [17, "x"]))
        self.fails(Error, ["name", "cannot be converted"],
                   lambda: self.rows("quern:convert", [b"x", 17]))
        self.fails(Error, "UTF-8 text", lambda: self.rows("quern:convert", [b"x", b"\xff"]))
        self.fails(Error, "UTF-8 text", lambda: self.rows("quern:convert", [b"x", "a\0b"]))

        def broken():
            yield pyarrow.record_batch({"data": [b"<p>x"]})
            raise RuntimeError("the bound stream broke")
        reader = pyarrow.RecordBatchReader.from_batches(
            pyarrow.schema({"data": pyarrow.binary()}), broken())
        self.fails(Error, "the bound stream broke", lambda: self.rows("quern:convert", reader))

    def test_there_are_no_partitions_and_no_updates(self):
        cursor = self.cursor()
        self.fails(adbc_driver_manager.NotSupportedError, "partitions",
                   lambda: cursor.adbc_execute_partitions("quern:convert", [b"x"]))
        self.fails(adbc_driver_manager.NotSupportedError, "only reads",
                   lambda: cursor.executemany("quern:convert", [(b"x",)]))


READ_PARTITION = ("c = connect(**{'quern.columns': 'status'})\nq = c.cursor()\n"
                  "for line in sys.stdin:\n"
                  "    q.adbc_read_partition(bytes.fromhex(line))\n"
                  "    for row in q.fetchall(): print(json.dumps(row))\n"
                  "q.close()\nc.close()\n")


def read_elsewhere(partitions, **environment):
    head = f"import json, sys\nfrom adbc_driver_manager import dbapi\nTOML = {manifest()!r}\n" \
        "def connect(**o): return dbapi.connect(driver=TOML, autocommit=True, conn_kwargs=o)\n"
    done = subprocess.run([sys.executable, "-c", head + READ_PARTITION], capture_output=True,
                          text=True, input="\n".join(each.hex() for each in partitions),
                          timeout=120, cwd="/", env=dict(os.environ, **environment))
    assert done.returncode == 0, done.stderr
    return [tuple(json.loads(line)) for line in done.stdout.splitlines()]


class Partitions(Case):
    def test_another_process_reads_them_with_the_options_they_carry(self):
        options = {"quern.columns": "id,url,text", "quern.split_inputs_max": 3}
        query = f"quern:{DOCUMENTS}"
        partitions, schema = self.cursor(options).adbc_execute_partitions(query)
        self.assertGreater(len(partitions), 4)
        self.assertEqual(schema.names, ["id", "url", "text"])
        expected = self.cursor(options).execute(query).fetchall()
        self.assertEqual(sorted(read_elsewhere(partitions)), sorted(expected))
        self.assertEqual(read_elsewhere(partitions[:1]), expected[:3])

    def test_all_columns_none_and_no_partitions_at_all(self):
        query = f"quern:{FERRY}"
        partitions, schema = self.cursor().adbc_execute_partitions(query)
        cursor = self.cursor()
        cursor.adbc_read_partition(partitions[0])
        self.assertEqual(cursor.fetch_arrow_table().schema, schema)
        partitions, schema = self.cursor({"quern.columns": "[]"}).adbc_execute_partitions(query)
        self.assertEqual(schema.names, [])
        cursor.adbc_read_partition(partitions[0])
        self.assertEqual(cursor.fetch_record_batch().read_next_batch().num_rows, 1)
        with tempfile.TemporaryDirectory() as folder:
            self.assertEqual(self.cursor().adbc_execute_partitions("quern:" + folder)[0], [])

    def test_secrets_travel_by_reference_only(self):
        with WebServer() as server:
            host = server.url[7:]
            options = dict(LOOPBACK, **{"quern.authorization": "env:QUERN_TEST_SECRET",
                                        "quern.authorization_hosts": host})
            query = f"quern:http://user:planted-in-url@{host}/echo"
            partitions, _ = self.cursor(dict(options, **{"quern.columns": "id,text"})
                                        ).adbc_execute_partitions(query)
            self.assertEqual(len(partitions), 1)
            self.assertNotIn(b"planted", partitions[0])
            self.assertIn(b"env:QUERN_TEST_SECRET", partitions[0])
            rows = read_elsewhere(partitions, QUERN_TEST_SECRET="Bearer planted-in-variable")
            self.assertEqual(len(rows), 1)
            sent = next(entry["headers"] for entry in server.log() if entry["target"] == "/echo")
            self.assertIn("Authorization: Bearer planted-in-variable", sent)
            told = self.fails(Error, "authorization", lambda: self.cursor(
                {"quern.authorization": "Bearer planted-literal"}))
            self.assertNotIn("planted", str(told) + str(told.details))

    def test_damaged_partitions_are_errors(self):
        options = {"quern.columns": "id,title", "quern.normalise": "none"}
        partition = self.cursor(options).adbc_execute_partitions(f"quern:{FERRY}")[0][0]
        connection = self.connect().adbc_connection
        read = 0

        def refuse(damaged):
            nonlocal read
            read += 1
            with self.assertRaises(Error, msg=damaged):
                connection.read_partition(damaged)
        for cut in range(len(partition)):
            refuse(partition[:cut])
        for bit in range(len(partition) * 8):
            flipped = bytearray(partition)
            flipped[bit // 8] ^= 1 << bit % 8
            refuse(bytes(flipped))
        refuse(partition + b"\0")
        refuse(b"")
        self.assertGreater(read, 9 * len(partition))

    def test_partitions_that_somebody_forged_are_errors_or_read_as_what_they_say(self):
        """With a right hash, so that what stands behind it is reached."""
        options = {"quern.columns": "id,title", "quern.normalise": "none"}
        partition = self.cursor(options).adbc_execute_partitions(f"quern:{FERRY}")[0][0]
        connection = self.connect().adbc_connection
        magic = len(b"quern-adbc-1\n")
        body = partition[magic + 8:]
        random.seed(4711)
        outcomes = {"error": 0, "rows": 0}
        forgeries = [body[:cut] for cut in range(len(body))]
        for _ in range(3000):
            forged = bytearray(body)
            for _ in range(random.choice((1, 1, 2, 4))):
                forged[random.randrange(len(forged))] = random.choice((0, 1, 2, 127, 128, 255))
            forgeries.append(bytes(forged))
        for forged in forgeries:
            value = 0xCBF29CE484222325
            for byte in forged:
                value = (value ^ byte) * 0x100000001B3 % (1 << 64)
            try:
                handle = connection.read_partition(
                    partition[:magic] + value.to_bytes(8, "little") + forged)
                pyarrow.RecordBatchReader._import_from_c(handle.address).read_all()
                outcomes["rows"] += 1
            except (Error, pyarrow.ArrowException, OSError):
                outcomes["error"] += 1
        print(f"forged partitions: {outcomes}")
        self.assertGreater(outcomes["error"], 1000)


class Cancelling(Case):
    def cancelled_after(self, begin, cancel, words):
        """How long a fetch that is blocked goes on after cancel."""
        at = []

        def later():
            at.append(time.monotonic())
            cancel()
        timer = threading.Timer(0.7, later)
        timer.start()
        told = self.fails(adbc_driver_manager.OperationalError, words, begin)
        waited = time.monotonic() - at[0]
        self.assertEqual(told.status_code, adbc_driver_manager.AdbcStatusCode.CANCELLED)
        self.assertIn((b"quern.status", b"cancelled"), told.details)
        return waited

    def test_a_blocked_fetch_ends_within_100_ms(self):
        found = {}
        with WebServer() as server:
            for what, path, options in (
                    ("a server that never answers", "/stall-head", {}),
                    ("a server that stalls", "/stall?10", {}),
                    ("politeness", "/ok?{}", {"quern.delay_ms": 3600000})):
                for _ in range(5):
                    urls = json.dumps([server.url + path.format(i) for i in range(3)])
                    cursor = self.cursor(dict(LOOPBACK, **options))
                    cursor.execute("quern:" + urls)

                    def drain():
                        while cursor.fetchone():
                            pass
                    waited = self.cancelled_after(drain, cursor.adbc_cancel, "CANCELLED")
                    found.setdefault(what, []).append(waited)
                    cursor.execute(f"quern:{FERRY}")  # the statement is usable again
                    self.assertEqual(cursor.fetch_arrow_table()["title"].to_pylist(), [TITLE])
        for what, waits in found.items():
            print(f"cancel, {what}:", ", ".join(f"{wait * 1000:.0f}" for wait in sorted(waits)), "ms")
            self.assertLess(statistics.median(waits), 0.1, what)  # a busy machine delays one or two

    def test_a_partition_is_cancelled_by_its_connection_and_by_a_cursor_that_only_reads_it(self):
        with WebServer() as server:
            partition = self.cursor(LOOPBACK).adbc_execute_partitions(
                f"quern:{server.url}/stall-head")[0][0]
            for of in ("connection", "cursor"):
                connection = self.connect()
                cursor = connection.cursor()
                cursor.adbc_read_partition(partition)
                cancel = (connection.adbc_connection.cancel if of == "connection"
                          else cursor.adbc_cancel)
                self.assertLess(self.cancelled_after(cursor.fetchall, cancel, "CANCELLED"), 1)

    def test_what_was_cancelled_stays_cancelled_and_nothing_is_no_operation(self):
        cursor = self.cursor()
        self.fails(Error, "INVALID_STATE", cursor.adbc_cancel)
        cursor.execute(f"quern:{DOCUMENTS}")
        cursor.adbc_cancel()
        for _ in range(2):
            self.fails(Error, "CANCELLED", cursor.fetchall)

    def test_ctrl_c_ends_a_blocked_fetch(self):
        with WebServer() as server:
            code = ("import signal, threading, time\n"
                    "c = connect(**{'quern.allow_addresses': '127.0.0.0/8'})\nq = c.cursor()\n"
                    "q.execute('quern:' + sys.argv[1] + '/stall-head')\nat = []\n"
                    "def press():\n"
                    "    at.append(time.monotonic()); os.kill(os.getpid(), signal.SIGINT)\n"
                    "threading.Timer(1, press).start()\n"
                    "try: q.fetch_arrow_table()\n"
                    "except KeyboardInterrupt: print('interrupted')\n"
                    "except dbapi.Error as e: print('interrupted', e)\n"
                    "print(time.monotonic() - at[0])\nq.close(); c.close()\n")
            done = python(code, server.url)
            told, waited = done.stdout.decode().splitlines()
            self.assertIn("interrupted", told, done.stderr)
            print(f"Ctrl-C: {float(waited) * 1000:.0f} ms")
            self.assertLess(float(waited), 0.5)


class Lifetimes(Case):
    def test_a_stream_and_its_batches_outlive_statement_connection_and_database(self):
        database = adbc_driver_manager.AdbcDatabase(driver=manifest())
        connection = adbc_driver_manager.AdbcConnection(database, **{"quern.batch_rows_max": 1})
        statement = adbc_driver_manager.AdbcStatement(connection)
        statement.set_sql_query(f"quern:{DOCUMENTS}")
        handle, _ = statement.execute_query()
        reader = pyarrow.RecordBatchReader._import_from_c(handle.address)
        kept = [reader.read_next_batch()]
        statement.close()
        kept.append(reader.read_next_batch())
        connection.close()
        kept.append(reader.read_next_batch())
        database.close()
        rest, errors = [], []

        def finish():
            nonlocal reader
            try:
                rest.extend(reader)
                del reader
            except Exception as error:  # told on the thread that asserts
                errors.append(error)
        thread = threading.Thread(target=finish)
        thread.start()
        thread.join()
        self.assertEqual(errors, [])
        titles = [batch["title"][0].as_py() for batch in kept + rest]
        self.assertIn(TITLE, titles)
        self.assertEqual(len(titles), len(cli_records(BUILD, DOCUMENTS)))

    def test_a_stream_that_is_let_go_in_the_middle_closes_everything(self):
        for code in ("q.fetchone(); q.close(); c.close()", "q.close(); c.close()",
                     "r = q.fetch_record_batch(); r.read_next_batch(); q.close(); c.close(); del r"):
            spy = Spy(self, BUILD, WORK)
            done = python(f"c = connect()\nq = c.cursor()\nq.execute('quern:' + DOCUMENTS)\n{code}\n"
                          "del q, c\nimport gc; gc.collect()\nprint('end')", **spy.environment)
            self.assertEqual((done.returncode, done.stdout), (0, b"end\n"), done.stderr)
            for kind, (opened, closed) in spy.balance().items():
                self.assertEqual(opened, closed, kind)

    def test_two_connections_read_side_by_side_on_threads(self):
        counts = []

        def read():
            with connect({"quern.columns": "id", "quern.split_inputs_max": 2}) as connection:
                with connection.cursor() as cursor:
                    cursor.execute(f"quern:{DOCUMENTS}")
                    counts.append(len(cursor.fetchall()))
        threads = [threading.Thread(target=read) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(counts, [len(cli_records(BUILD, DOCUMENTS))] * 8)

    def test_a_forked_child_cannot_go_on_but_can_read_anew(self):
        done = python(
            "c = connect(**{'quern.batch_rows_max': '1'})\nq = c.cursor()\n"
            "q.execute('quern:' + DOCUMENTS)\nq.fetchone()\n"
            "if os.fork() == 0:\n"
            "    try: q.fetchall(); os._exit(3)\n"
            "    except dbapi.Error as error: assert 'fork' in str(error), error\n"
            "    d = connect()\n    p = d.cursor()\n"
            "    os._exit(0 if len(p.execute('quern:' + FERRY).fetchall()) == 1 else 4)\n"
            "print(os.waitstatus_to_exitcode(os.wait()[1]), len(q.fetchall()) > 10)")
        self.assertEqual(done.stdout, b"0 True\n", done.stderr)


class Mistakes(Case):
    def test_a_wrong_option_is_named(self):
        for key, value in (("quern.nope", "1"), ("quern.delay_ms", "soon"),
                           ("quern.delay_ms", -1), ("quern.columns", "id,nope"),
                           ("quern.columns", "[1]"), ("quern.columns", '["id"'),
                           ("quern.normalise", "nfd"), ("nope", "1"), ("quern.", "1")):
            name = key.removeprefix("quern.")
            for where in ("db_kwargs", "conn_kwargs"):
                self.fails(Error, name, lambda: dbapi.connect(
                    driver=manifest(), autocommit=True, **{where: {key: value}}))

            def run():
                cursor = self.connect().cursor(adbc_stmt_kwargs={key: value})
                cursor.execute(f"quern:{FERRY}")
            self.fails(Error, name, run)

    def test_a_query_that_is_none_says_what_one_is(self):
        for query in ("", "SELECT 1", "quern", "QUERN:x", "quern"):
            self.fails(Error, "quern:INPUT", lambda: self.cursor().execute(query or " "))
        self.fails(Error, "nothing to read", lambda: self.rows("quern:"))
        self.fails(Error, "x.toml", lambda: self.rows("quern:job:x.toml"))
        told = self.fails(Error, "no file matches", lambda: self.rows("quern:/nowhere/*.html"))
        self.assertEqual(told.status_code, adbc_driver_manager.AdbcStatusCode.INVALID_ARGUMENT)
        with adbc_driver_manager.AdbcStatement(self.connect().adbc_connection) as statement:
            self.fails(Error, "there is no query", statement.execute_query)

    def test_the_driver_tells_about_itself(self):
        connection = self.connect()
        info = connection.adbc_get_info()
        self.assertEqual(info["driver_name"], "Quern ADBC driver")
        self.assertEqual((info["vendor_name"], info.get("vendor_sql", info.get(3))), ("Quern", False))
        self.assertEqual(info["driver_adbc_version"], 1001000)
        self.assertEqual(len(info), 6)
        handle = connection.adbc_connection.get_info([103, 4711, 0, 0, 0, 3, 0, 1, 1, 1])
        table = pyarrow.RecordBatchReader._import_from_c(handle.address).read_all()
        table.validate(full=True)
        self.assertEqual(table["info_name"].to_pylist(), [103, 0, 0, 0, 3, 0])
        self.assertEqual(str(table.schema.field("info_value").type),
                         "dense_union<string_value: string=0, bool_value: bool=1, "
                         "int64_value: int64=2, int32_bitmask: int32=3, "
                         "string_list: list<item: string>=4, "
                         "int32_to_int32_list_map: map<int32, list<item: int32>>=5>")
        self.assertEqual(connection.adbc_get_table_types(), [])

    def test_what_a_reader_cannot_do_is_not_implemented(self):
        connection = self.connect()
        for function in (connection.adbc_connection.commit, connection.adbc_connection.rollback,
                         lambda: connection.adbc_connection.set_autocommit(False),
                         connection.adbc_get_objects):
            self.fails(adbc_driver_manager.NotSupportedError, "", function)

    def test_a_stream_error_has_details(self):
        spy = Spy(self, BUILD, WORK, "stream")
        done = python("c = connect(**{'quern.batch_rows_max': '1'})\nq = c.cursor()\n"
                      "q.execute('quern:' + DOCUMENTS)\n"
                      "try: q.fetchall()\nexcept dbapi.Error as e: print('told', e)\n"
                      "q.close(); c.close(); print('end')", **spy.environment)
        self.assertIn(b"told", done.stdout, done.stderr)
        self.assertIn(b"end", done.stdout, done.stderr)

    def test_a_plugin_that_is_missing_wrong_or_broken_is_an_error_and_no_crash(self):
        attempt = ("try:\n    c = connect()\n    q = c.cursor()\n"
                   "    q.execute('quern:' + DOCUMENTS).fetchall()\n"
                   "except dbapi.Error as e: print('told', e)\n")
        spied = {"SPY_REAL": "/nowhere.so"}
        for environment, word in (
                ({"QUERN_PLUGIN": "/nowhere/plugin.toml"}, "QUERN_PLUGIN=/nowhere/plugin.toml"),
                (dict(spied, QUERN_PLUGIN=str(WORK / "libspy.so")), "quern: "),
                ({"QUERN_PLUGIN": str(ROOT / "README.md")}, "quern: "),
                (Spy(self, BUILD, WORK, "major").environment, "ABI"),
                (Spy(self, BUILD, WORK, "short").environment, "ABI"),
                (Spy(self, BUILD, WORK, "offsets").environment, "broken"),
                (Spy(self, BUILD, WORK, "format").environment, "broken")):
            done = python(attempt, **environment)
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertIn("told", done.stdout.decode(), environment)
            self.assertIn(word, done.stdout.decode())

    def test_libraries_removed_under_a_running_host_still_read(self):
        with tempfile.TemporaryDirectory() as folder:
            names = ("adbc_driver_quern.so", "libquern.so")
            for name in names:
                shutil.copy(BUILD / "lib" / name, Path(folder) / name)
            done = python(
                "c = connect(sys.argv[1] + '/adbc_driver_quern.so')\n"
                "for n in os.listdir(sys.argv[1]): os.remove(sys.argv[1] + '/' + n)\n"
                "q = c.cursor()\nprint(ascii(q.execute('quern:' + FERRY).fetchone() is not None))\n"
                "q.close(); c.close()", folder)
            self.assertEqual(done.stdout, b"True\n", done.stderr)
            shutil.copy(BUILD / "lib" / names[0], Path(folder) / names[0])
            done = python("try: connect(sys.argv[1] + '/adbc_driver_quern.so')\n"
                          "except dbapi.Error as e: print(e)", folder)
            self.assertRegex(done.stdout.decode(), "the plugin was not found|^$")

    def test_other_adapters_in_the_same_process_and_the_driver_loaded_twice(self):
        self.assertEqual(len(self.rows(f"quern:{FERRY}")), 1)
        with tempfile.TemporaryDirectory() as folder:
            copy = shutil.copy(BUILD / "lib" / "adbc_driver_quern.so", folder)
            shutil.copy(BUILD / "lib" / "libquern.so", folder)
            cursor = self.cursor(driver=str(copy))
            self.assertEqual(len(cursor.execute(f"quern:{FERRY}").fetchall()), 1)
        if not hasattr(sqlite3.Connection, "enable_load_extension"):
            print("SQLite beside ADBC: NOT TESTED, this Python's sqlite3 loads no extensions")
            return
        database = sqlite3.connect(":memory:")
        database.enable_load_extension(True)
        database.load_extension(str(BUILD / "lib" / "quern"))
        title = database.execute("SELECT title FROM quern(?)", (FERRY,)).fetchone()[0]
        database.close()
        self.assertEqual(self.rows(f"quern:{FERRY}")[0]["title"], title)


class Loading(Case):
    def test_the_manifest_of_an_installation_loads_from_anywhere(self):
        with tempfile.TemporaryDirectory() as prefix:
            done = subprocess.run(["cmake", "--install", BUILD, "--prefix", prefix],
                                  capture_output=True, text=True)
            if done.returncode != 0:
                self.skipTest("the build is not whole: " + done.stderr.strip()[-200:])
            toml = next(Path(prefix).rglob("plugin.toml"))
            code = ("c = connect(sys.argv[1])\nq = c.cursor()\n"
                    "print(len(q.execute('quern:' + FERRY).fetchall()))\nq.close(); c.close()")
            done = python(code, toml, cwd="/")
            self.assertEqual(done.stdout, b"1\n", done.stderr)

    def test_the_library_alone_loads_by_either_entry(self):
        library = str(BUILD / "lib" / "adbc_driver_quern.so")
        for entry in (None, "AdbcDriverInit", "AdbcDriverQuernInit"):
            cursor = self.cursor(driver=library, entrypoint=entry)
            self.assertEqual(len(cursor.execute(f"quern:{FERRY}").fetchall()), 1)

    def test_versions_that_are_not_spoken_are_not_implemented(self):
        library = ctypes.CDLL(str(BUILD / "lib" / "adbc_driver_quern.so"))
        table = (ctypes.c_void_p * 128)()
        for version, answer, filled in ((1000000, 0, 29), (1001000, 0, 58), (1002000, 2, 0),
                                        (0, 2, 0), (-1, 2, 0)):
            guard = 0x5AFE
            for i in range(128):
                table[i] = guard
            self.assertEqual(library.AdbcDriverInit(version, table, None), answer, version)
            touched = [i for i in range(128) if table[i] != guard]
            self.assertEqual(len(touched) and touched[-1] + 1, filled)
        self.assertEqual(library.AdbcDriverInit(1001000, None, None), 5)


if __name__ == "__main__":
    BUILD, WORK = Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve()
    os.environ.pop("QUERN_PLUGIN", None)
    print(f"ADBC driver manager {adbc_driver_manager.__version__}, pyarrow {pyarrow.__version__}, "
          f"Python {sys.version.split()[0]}")
    unittest.main(argv=sys.argv[:1] + sys.argv[3:], verbosity=1)
