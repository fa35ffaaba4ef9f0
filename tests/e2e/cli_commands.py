#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The quern command as its users meet it: what it prints where, which exit code it ends with, and
that every error names the file, key or URL it is about.

cli_commands.py QUERN [PART]      only tests whose name holds PART
"""
import fcntl
import http.server
import json
import os
import pty
import re
import signal
import socket
import sqlite3
import struct
import subprocess
import sys
import tempfile
import termios
import threading
import time
import unittest
import zipfile
from pathlib import Path

QUERN = ""
NOTHING_SECRET = dict(os.environ, ASAN_OPTIONS="detect_leaks=1")


class Server(http.server.BaseHTTPRequestHandler):
    """/page answers, /stall never does."""
    asked = []

    def do_GET(self):
        if self.path == "/robots.txt":
            self.send_error(404)
            return
        Server.asked.append((self.path, self.headers.get("Authorization")))
        if self.path == "/stall":
            time.sleep(60)
            return
        body = b"<html><title>page</title><p>text of the page</p></html>"
        self.send_response(404 if self.path == "/missing" else 200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


def read_terminal(ours):
    """All that was written: a terminal gives it in pieces, and an error once nobody can write."""
    shown = b""
    while True:
        try:
            part = os.read(ours, 65536)
        except OSError:
            part = b""
        if not part:
            return shown.decode()
        shown += part


class Commands(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Server)
        cls.server.daemon_threads = True
        cls.url = f"http://127.0.0.1:{cls.server.server_port}"
        threading.Thread(target=cls.server.serve_forever, daemon=True).start()

    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.where = Path(self.folder.name)
        (self.where / "a.txt").write_text("Erste Zeile äöü.\nZweite Zeile.\n")

    def run_quern(self, *arguments, code=0, **more):
        done = subprocess.run([QUERN, *map(str, arguments)], cwd=self.where, env=more.pop(
            "env", NOTHING_SECRET), capture_output=True, timeout=120, **more)
        self.assertEqual(done.returncode, code, f"{arguments}: {done.stderr.decode()}")
        self.assertNotIn(b"Sanitizer", done.stderr)
        return done.stdout, done.stderr.decode()

    def records(self, *arguments, code=0, **more):
        out, _ = self.run_quern("convert", *arguments, code=code, **more)
        return [json.loads(line) for line in out.splitlines()]

    def wait_for(self, holds):
        deadline = time.monotonic() + 60
        while not holds():
            self.assertLess(time.monotonic(), deadline, "it never came to that")
            time.sleep(0.005)

    def job(self, text, name="job.toml"):
        (self.where / name).write_text(text)
        return name

    # --- convert ---

    def test_a_record_a_line_with_every_column_in_order(self):
        record, = self.records("a.txt")
        self.assertEqual(record["status"], "converted")
        self.assertEqual(record["text"], "Erste Zeile äöü.\nZweite Zeile.")
        self.assertEqual(list(record)[:4], ["id", "parent_id", "url", "final_url"])
        self.assertEqual(list(record)[-6:], ["text", "blocks", "dropped", "notes", "markdown",
                                             "dropped_rules"])
        self.assertEqual([b["src_start"] for b in record["blocks"]][0], 0)

    def test_columns_come_as_asked_and_no_others(self):
        record, = self.records("--columns", "text,id,published", "a.txt")
        self.assertEqual(list(record), ["text", "id", "published"])

    def test_a_folder_is_walked_and_an_archive_gives_its_members(self):
        (self.where / "d" / "e").mkdir(parents=True)
        (self.where / "d" / "e" / "b.txt").write_text("Inhalt von b, als Text.\n")
        with zipfile.ZipFile(self.where / "d" / "z.zip", "w") as archive:
            archive.writestr("in/c.txt", "Inhalt von c, als Text.\n")
        found = {(r["url"], r["member"]) for r in self.records("d")}
        self.assertEqual(found, {("e/b.txt", None), ("z.zip", None), ("z.zip", "in/c.txt")})

    def test_standard_input_is_converted(self):
        record, = self.records("-", input="Text aus der Leitung.\n".encode())
        self.assertEqual(record["text"], "Text aus der Leitung.")
        self.records("-", "a.txt", input=b"and a file beside it\n")

    def test_a_name_that_is_not_utf8_is_converted(self):
        name = os.fsencode(self.where) + b"/\xce\xc4\xbc\xfe%.txt"
        with open(name, "wb") as file:
            file.write(b"a text under a name in GBK\n")
        done = subprocess.run([QUERN, "convert", name], capture_output=True)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(json.loads(done.stdout)["text"], "a text under a name in GBK")

    def test_texts_are_parted_by_form_feeds(self):
        (self.where / "b.txt").write_text("Noch ein Text.\n")
        out, _ = self.run_quern("convert", "--to", "text", "a.txt", "b.txt")
        self.assertEqual(out.decode(), "Erste Zeile äöü.\nZweite Zeile.\n\f\nNoch ein Text.\n")

    def test_sqlite_takes_the_records(self):
        self.run_quern("convert", "--to", "sqlite:out.db", "--columns", "id,text", "a.txt")
        with sqlite3.connect(self.where / "out.db") as database:
            row = database.execute("SELECT text, status FROM quern_record").fetchone()
        self.assertEqual(row, ("Erste Zeile äöü.\nZweite Zeile.", "converted"))

    def test_what_was_kept_is_converted_to_the_same_ids(self):
        first = self.records("--keep", "kept", "--columns", "id,url,content_sha256", "a.txt")
        again = self.records("--columns", "id,url,content_sha256", "keep:kept")
        self.assertEqual(first, again)
        self.run_quern("convert", "keep:nowhere", code=66)

    def test_a_folder_to_keep_in_is_made_or_the_command_ends_with_73(self):
        row, = self.records("--keep", "of/two", "--columns", "status,content_sha256", "a.txt")
        self.assertEqual(row["status"], "converted")
        self.assertTrue((self.where / "of/two" / row["content_sha256"]).is_file())
        out, error = self.run_quern("convert", "--keep", "a.txt", "a.txt", code=73)
        self.assertEqual(out, b"")
        self.assertIn("a.txt: nothing can be kept in this folder: Not a directory", error)

    def test_failed_inputs_have_records_and_exit_65(self):
        (self.where / "empty.txt").write_bytes(b"")
        (self.where / "noise.bin").write_bytes(bytes(range(256)) * 8)
        out, error = self.run_quern("convert", "empty.txt", "a.txt", "noise.bin", code=65)
        records = [json.loads(line) for line in out.splitlines()]
        self.assertEqual([r["status"] for r in records], ["failed", "converted", "failed"])
        self.assertTrue(all(r["error_code"] for r in records if r["status"] == "failed"))
        self.assertIn("empty.txt: failed", error)
        self.assertIn("noise.bin: failed", error)

    def test_a_named_input_that_is_not_there_is_66_and_nothing_is_begun(self):
        out, error = self.run_quern("convert", "a.txt", "missing.txt", code=66)
        self.assertEqual(out, b"")
        self.assertIn("missing.txt", error)

    def test_a_url_in_another_spelling_is_a_url_and_its_password_is_not_told(self):
        rest = self.url.split("//")[1]
        for spelling in ("http:user:planted@", "HTTP://user:planted@", "Http:\\\\user:planted@"):
            done = subprocess.run([QUERN, "convert", f"{spelling}{rest}/none"], cwd=self.where,
                                  capture_output=True, timeout=120)
            self.assertEqual(json.loads(done.stdout)["url"], f"http://{rest}/none")
            self.assertNotIn(b"planted", done.stdout + done.stderr)

    def test_usage_errors_are_64_and_name_what_is_wrong(self):
        for arguments, name in ((["--to", "parquet", "a.txt"], "parquet"),
                                (["--columns", "id,nope", "a.txt"], "nope"),
                                (["--columns", "id,,url", "a.txt"], "id,,url"),
                                (["--set", "nope=1", "a.txt"], "nope"),
                                (["--set", "delay_ms=often", "a.txt"], "delay_ms"),
                                (["--set", "delay_ms", "a.txt"], "KEY=VALUE"),
                                (["--set", "delay_ms=-1", "a.txt"], "delay_ms"),
                                (["--set", "isolation=process", "a.txt"], "isolation"),
                                (["--progress=xml", "a.txt"], "xml"),
                                (["--to", "text", "--columns", "id", "a.txt"], "--columns"),
                                (["--wat", "a.txt"], "--wat"),
                                (["gopher://x/y"], "gopher://"),
                                ([], "INPUT")):
            out, error = self.run_quern("convert", *arguments, code=64)
            self.assertEqual(out, b"", arguments)
            self.assertIn(name, error)
        self.run_quern(code=64)
        self.run_quern("grind", code=64)

    def test_outputs_that_cannot_be_written_are_73_and_74(self):
        _, error = self.run_quern("convert", "--to", "sqlite:no/such/folder.db", "a.txt", code=73)
        self.assertIn("no/such/folder.db", error)
        with open("/dev/full", "wb") as full:
            done = subprocess.run([QUERN, "convert", self.where / "a.txt"], stdout=full,
                                  stderr=subprocess.PIPE)
        self.assertEqual(done.returncode, 74)
        self.assertIn(b"No space left", done.stderr)

    def test_a_closed_pipe_ends_quietly(self):
        for i in range(200):
            (self.where / f"{i}.txt").write_text("viel Text. " * 2000)
        process = subprocess.Popen([QUERN, "convert", self.where], stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE)
        process.stdout.read(100)
        process.stdout.close()
        error = process.stderr.read()
        self.assertEqual(process.wait(), 74)
        self.assertEqual(error, b"")
        process.stderr.close()

    # --- web ---

    def test_loopback_needs_its_range_allowed(self):
        record, = self.records(f"{self.url}/page", code=65)
        self.assertEqual((record["status"], record["error_code"]), ("refused", "address_refused"))
        allow = ("--set", "allow_addresses=127.0.0.0/8")
        record, = self.records(*allow, f"{self.url}/page")
        self.assertEqual((record["http_status"], record["title"]), (200, "page"))
        self.assertRegex(record["fetched_at"], r"^20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$")
        record, = self.records(*allow, f"{self.url}/missing", code=65)
        self.assertEqual((record["http_status"], record["text"]), (404, None))

    def test_no_web_host_answers_is_69_of_a_job_and_65_of_convert(self):
        with socket.socket() as unused:
            unused.bind(("127.0.0.1", 0))
            port = unused.getsockname()[1]
        options = ("--set", "allow_addresses=127.0.0.0/8")
        url = f"http://127.0.0.1:{port}/x"
        out, _ = self.run_quern("convert", *options, url, code=65)
        self.assertEqual(json.loads(out)["error_code"], "connect")
        job = self.job(f"[source]\ninput=['{url}']\n[sink]\nkind='stdout'\n")
        out, error = self.run_quern("run", "--quiet", *options, job, code=69)
        self.assertEqual(json.loads(out)["error_code"], "connect")
        self.assertEqual(error, "quern: job.toml: no web host answered\n")

    def test_an_interrupt_ends_a_stalled_fetch(self):
        before = Server.asked.count(("/stall", None))  # other tests ask for it too
        process = subprocess.Popen(
            [QUERN, "convert", "--set", "allow_addresses=127.0.0.0/8", f"{self.url}/stall"],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.wait_for(lambda: Server.asked.count(("/stall", None)) > before)
        started = time.monotonic()
        process.send_signal(signal.SIGINT)
        process.communicate()
        self.assertEqual(process.returncode, 75)
        self.assertLess(time.monotonic() - started, 5)

    def test_secrets_stand_in_no_output(self):
        word = "Bearer planted-4711"
        environment = dict(NOTHING_SECRET, TOKEN=word)
        job = self.job(f"""
[source]
input = ["{self.url}/page"]
[options]
allow_addresses = ["127.0.0.0/8"]
authorization = "env:TOKEN"
authorization_hosts = ["{self.url[7:]}"]
keep = "kept"
[sink]
kind = "sqlite"
path = "out.db"
""")
        outputs = [self.run_quern("plan", job, env=environment),
                   self.run_quern("run", "--progress=json", job, env=environment)]
        self.assertIn(("/page", word), Server.asked)
        for out, error in outputs:
            self.assertNotIn(word.encode(), out)
            self.assertNotIn(word, error)
        for path in self.where.rglob("*"):
            self.assertFalse(path.is_file() and word.encode() in path.read_bytes(), path)
        self.run_quern("run", "--anew", job, code=78)  # without TOKEN

    # --- run ---

    def test_rows_and_state_lie_in_the_database(self):
        job = self.job("[source]\ninput=['a.txt']\n[sink]\nkind='sqlite'\npath='out.db'\n")
        _, error = self.run_quern("run", job)
        self.assertIn("1 input, 1 record, 0 failed", error)
        with sqlite3.connect(self.where / "out.db") as database:
            self.assertEqual(database.execute(
                "SELECT job, finished, records FROM quern_state").fetchall(), [("job", 1, 1)])
        self.assertEqual({p.name for p in self.where.iterdir()}, {"a.txt", "job.toml", "out.db"})

    def test_a_killed_fetch_asks_again_only_for_what_was_not_committed(self):
        paths = [f"/page?resume={i}" for i in range(8)]
        job = self.job(f"""
[source]
input = {[self.url + path for path in paths]}
[options]
allow_addresses = ["127.0.0.0/8"]
delay_ms = 100
batch_rows_max = 1
[sink]
kind = "ndjson"
path = "out.ndjson"
columns = ["url"]
""")

        def asked():
            return [path for path, _ in Server.asked if path.startswith("/page?resume")]

        process = subprocess.Popen([QUERN, "run", "--quiet", job], cwd=self.where)
        self.wait_for(lambda: len(asked()) >= 4)
        process.kill()
        process.wait()
        _, error = self.run_quern("run", job)
        self.assertIn("going on where the last run stopped", error)
        self.assertLessEqual(len(asked()), len(paths) + 2)
        lines = (self.where / "out.ndjson").read_text().splitlines()
        urls = [json.loads(line)["url"] for line in lines]
        self.assertEqual(urls, [self.url + path for path in paths])

    def test_a_stopped_job_whose_inputs_were_edited_begins_anew(self):
        text = """
[source]
input = INPUTS
[options]
allow_addresses = ["127.0.0.0/8"]
batch_wait_ms = 0
[sink]
kind = "ndjson"
path = "out.ndjson"
columns = ["url"]
"""
        out = self.where / "out.ndjson"
        job = self.job(text.replace("INPUTS", f"['a.txt', '{self.url}/stall']"))
        process = subprocess.Popen([QUERN, "run", "--quiet", job], cwd=self.where)
        self.wait_for(lambda: out.exists() and out.stat().st_size > 0)
        process.kill()
        process.wait()
        self.job(text.replace("INPUTS", "['a.txt']"))
        _, error = self.run_quern("run", job)
        self.assertIn("have changed", error)
        self.assertIn("1 input, 1 record, 0 failed", error)

    def test_a_finished_job_begins_anew_and_upserts(self):
        job = self.job("[source]\ninput=['.']\n[sink]\nkind='sqlite'\npath='/tmp/x.db'\n".replace(
            "/tmp/x.db", f"{self.folder.name}.db"))
        self.addCleanup(lambda: os.unlink(f"{self.folder.name}.db"))
        (self.where / "b.txt").write_text("erst ein guter Text\n")
        self.run_quern("run", job)
        (self.where / "b.txt").write_bytes(bytes(range(256)))
        (self.where / "c.txt").write_text("dann noch einer\n")
        self.run_quern("run", job)
        with sqlite3.connect(f"{self.folder.name}.db") as database:
            rows = dict(database.execute("SELECT url, text FROM quern_record"))
            failures = database.execute("SELECT url, error_code FROM quern_failure").fetchall()
        self.assertEqual(rows["b.txt"], "erst ein guter Text")
        self.assertEqual(rows["c.txt"], "dann noch einer")
        self.assertEqual(failures, [("b.txt", "not_text")])

    def test_ndjson_appends_a_round_each_time(self):
        job = self.job("[source]\ninput=['a.txt']\n[sink]\nkind='ndjson'\npath='out.ndjson'\n"
                       "columns=['id']\n")
        self.run_quern("run", job)
        self.run_quern("run", job)
        lines = (self.where / "out.ndjson").read_text().splitlines()
        self.assertEqual(len(lines), 2)
        self.assertEqual(lines[0], lines[1])

    def test_markdown_comes_on_standard_output_and_into_files(self):
        (self.where / "p.html").write_text("<title>t</title><h1>Head</h1><ul><li>a*<li>b</ul>")
        out, _ = self.run_quern("convert", "--to", "markdown", "p.html", "a.txt")
        self.assertEqual(out.decode(), "# Head\n\n- a\\*\n- b\n\n---\n\n"
                                       "Erste Zeile äöü.\n\nZweite Zeile.\n")
        job = self.job("[source]\ninput=['p.html']\n[sink]\nkind='markdown'\npath='marked'\n")
        self.run_quern("run", job)
        page, = (self.where / "marked").glob("*.md")
        self.assertEqual(page.read_text(), "# Head\n\n- a\\*\n- b\n")

    def test_texts_become_files(self):
        job = self.job("[source]\ninput=['a.txt']\n[sink]\nkind='text'\npath='texts'\n")
        self.run_quern("run", job)
        record, = self.records("--columns", "id", "a.txt")
        self.assertEqual((self.where / "texts" / f"{record['id']}.txt").read_text(),
                         "Erste Zeile äöü.\nZweite Zeile.\n")

    def test_fail_above_decides_between_0_and_65(self):
        (self.where / "empty.txt").write_bytes(b"")
        text = "[source]\ninput=['a.txt','empty.txt']\n[sink]\nkind='stdout'\n"
        out, _ = self.run_quern("run", self.job(text))
        self.assertEqual(len(out.splitlines()), 2)
        self.run_quern("run", self.job(text + "[run]\nfail_above = 0.5\n"))
        _, error = self.run_quern("run", "--quiet", self.job(text + "[run]\nfail_above = 0.4\n"),
                                  code=65)
        self.assertEqual(error, "quern: job.toml: 1 of 2 inputs failed, and fail_above is 0.4\n")

    def test_a_bad_job_file_is_78_and_names_line_and_key(self):
        good = "[source]\ninput=['a.txt']\n[sink]\nkind='stdout'\n"
        for text, expected in ((good + "[options]\ndelay_ms='often'\n", "job.toml:6: delay_ms"),
                               (good + "[options]\nnope=1\n", "job.toml:6: nope"),
                               (good + "columns=['nope']\n", "job.toml:5:"),
                               ("[source\n", "job.toml:1:8:"),
                               ("[source]\ninput=['a.txt']\n", "job.toml: names no sink")):
            out, error = self.run_quern("run", self.job(text), code=78)
            self.assertEqual(out, b"")
            self.assertIn(expected, error)
        self.run_quern("run", "no.toml", code=66)
        self.run_quern("plan", "no.toml", code=66)

    def test_set_wins_over_the_job_file(self):
        job = self.job("[source]\ninput=['a.txt']\n[options]\ncharset='utf-8'\n[sink]\n"
                       "kind='stdout'\ncolumns=['charset']\n")
        out, _ = self.run_quern("run", "--set", "charset=windows-1252", job)
        self.assertEqual(json.loads(out)["charset"], "windows-1252")

    def test_one_job_runs_once_at_a_time(self):
        job = self.job("[source]\ninput=['a.txt']\n[sink]\nkind='stdout'\n")
        with open(self.where / job, "rb") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            self.run_quern("run", job, code=76)
        self.run_quern("run", job)

    def test_progress_as_json_lines(self):
        job = self.job("[source]\ninput=['a.txt','empty.txt']\n[sink]\nkind='stdout'\n")
        (self.where / "empty.txt").write_bytes(b"")
        _, error = self.run_quern("run", "--progress=json", job)
        events = [json.loads(line) for line in error.splitlines()]
        self.assertEqual(events[-1]["event"], "summary")
        self.assertEqual((events[-1]["inputs"], events[-1]["failed"], events[-1]["exit"]),
                         (2, 1, 0))
        self.assertIn(("failure", "empty"), [(e["event"], e.get("error_code")) for e in events])

    def test_a_terminal_gets_one_line_and_standard_output_only_records(self):
        ours, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 60, 0, 0))
        done = subprocess.run([QUERN, "convert", self.where / "a.txt"], stdout=subprocess.PIPE,
                              stderr=theirs)
        os.close(theirs)
        shown = read_terminal(ours)
        os.close(ours)
        self.assertEqual(len(done.stdout.splitlines()), 1)
        self.assertIn("documents", shown)
        self.assertIn("1 input, 1 record, 0 failed", shown)
        for drawn in re.findall(r"\r([^\r\n]*)\x1b\[K", shown):
            self.assertLess(len(drawn), 60)

    def test_a_line_is_not_redrawn_for_every_document(self):
        for i in range(500):
            (self.where / f"{i}.txt").write_text("wenig Text.")
        ours, theirs = pty.openpty()
        began = time.monotonic()
        process = subprocess.Popen([QUERN, "convert", self.where], stdout=subprocess.DEVNULL,
                                   stderr=theirs)
        os.close(theirs)
        shown = read_terminal(ours)
        os.close(ours)
        self.assertEqual(process.wait(), 0)
        drawn = shown.count("documents, ")
        self.assertGreater(drawn, 0)
        self.assertLessEqual(drawn, (time.monotonic() - began) * 10 + 2)

    def test_without_a_terminal_convert_tells_its_summary_unless_it_is_to_be_quiet(self):
        (self.where / "empty.txt").write_bytes(b"")
        out, error = self.run_quern("convert", "a.txt", "empty.txt", code=65)
        self.assertEqual(len(out.splitlines()), 2)
        self.assertRegex(error, r"^quern: empty.txt: failed: .*\n"
                                r"quern: 2 inputs, 2 records, 1 failed; [^\n]*\n$")
        _, error = self.run_quern("convert", "--quiet", "a.txt")
        self.assertEqual(error, "")

    # --- plan, info, help ---

    def test_plan_asks_nobody(self):
        before = len(Server.asked)
        job = self.job(f"""
[source]
input = ["{self.url}/1", "{self.url}/2", "http://example.invalid/3", "a.txt"]
[options]
delay_ms = 2000
[sink]
kind = "stdout"
""")
        out, _ = self.run_quern("plan", job)
        self.assertIn("4 documents", out.decode())
        self.assertIn("local files: 1", out.decode())
        self.assertRegex(out.decode(), rf"{self.url[7:]}: 2 requests, one every 2 s, at least 2 s")
        self.assertIn("example.invalid: 1 request,", out.decode())
        self.assertEqual(len(Server.asked), before)

    def test_info_names_formats_options_and_columns(self):
        out = self.run_quern("info")[0].decode()
        for word in ("library: /", "ABI: 0.", "converted: ", "recognised, not yet converted: ",
                     "  delay_ms: number = 1000 (0 to 86400000 ms)", "  content_sha256: utf8",
                     "secret: env:NAME or file:PATH"):
            self.assertIn(word, out)

    def test_help_and_version(self):
        self.assertIn("convert", self.run_quern("help")[0].decode())
        self.assertIn("at least once", self.run_quern("help", "run")[0].decode())
        self.assertEqual(self.run_quern("run", "--help"), self.run_quern("help", "run"))
        self.assertRegex(self.run_quern("version")[0].decode(), r"^quern \d+\.\d+\.\d+\n$")
        self.run_quern("help", "nothing", code=64)

    def test_the_plugin_is_found_where_it_is_named(self):
        library = re.search(r"library: (.*)", self.run_quern("info")[0].decode())[1]
        manifest = self.where / "plugin.toml"
        manifest.write_text(f"[quern]\nlibrary = '{library}'\nentry = 'quern_plugin_entry'\n")
        for place in (library, manifest, self.where):
            self.run_quern("convert", "--plugin", place, "a.txt")
            self.run_quern("convert", "a.txt", env=dict(NOTHING_SECRET, QUERN_PLUGIN=str(place)))
        for bad, word in (("/nowhere", "/nowhere"), ("/etc/passwd", "/etc/passwd")):
            self.assertIn(word, self.run_quern("info", bad, code=66)[1])
        manifest.write_text("[quern]\nlibrary = 1\n")
        self.assertIn("names no library", self.run_quern("info", manifest, code=66)[1])
        manifest.write_text(f"[quern]\nlibrary = '{library}'\nentry = 'other'\n")
        self.assertIn("other", self.run_quern("info", manifest, code=66)[1])


if __name__ == "__main__":
    QUERN = str(Path(sys.argv.pop(1)).resolve())
    if len(sys.argv) > 1:
        sys.argv[1:] = ["-k", sys.argv[1]]
    unittest.main()
