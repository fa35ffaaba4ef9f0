#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""quern replay: what failed for a reason is asked for again, and nothing else.

cli_replay.py QUERN
"""
import http.server
import json
import os
import pathlib
import sqlite3
import subprocess
import sys
import tempfile
import threading
import unittest

QUERN = pathlib.Path(sys.argv[1]).resolve()
NAMES = ("good", "gone", "later", "strange")


class Site(http.server.BaseHTTPRequestHandler):
    """Pages by name; a status in `statuses` stands in for one."""
    statuses = {}
    asked = []

    def do_GET(self):
        name = self.path[1:]
        Site.asked.append(name)
        code = 404 if name == "robots.txt" else Site.statuses.get(name, 200)
        body = f"<title>{name}</title><p>What {name} says.".encode()
        if code == "strange":
            code, body = 200, b"%PDF-1.4 of no use\n"
        self.send_response(code)
        self.send_header("ETag", f'"{name}"')
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


class Replay(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.where = pathlib.Path(folder.name)
        self.servers = [self.serve(host) for host in ("127.0.0.1", "127.0.0.2")]
        Site.statuses = {"gone": 404, "later": 410, "strange": "strange"}
        self.urls = [f"{url}/{name}" for url in self.servers for name in NAMES]
        (self.where / "job.toml").write_text(f"""
[source]
input = {json.dumps(self.urls)}
[options]
allow_addresses = ["127.0.0.0/8"]
delay_ms = 0
[sink]
kind = "sqlite"
path = "out.db"
""")
        self.assertEqual(self.quern("run").returncode, 0)
        self.assertEqual(len(self.failures()), 6)
        Site.asked.clear()

    def serve(self, host):
        server = http.server.ThreadingHTTPServer((host, 0), Site)
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        return f"http://{host}:{server.server_port}"

    def quern(self, command, *options):
        return subprocess.run([QUERN, command, *options, "job.toml"], capture_output=True, text=True,
                              cwd=self.where, timeout=60,
                              env=dict(os.environ, ASAN_OPTIONS="detect_leaks=0"))

    def rows(self, sql):
        with sqlite3.connect(self.where / "out.db") as database:
            return database.execute(sql).fetchall()

    def failures(self):
        return {url for url, in self.rows("SELECT url FROM quern_failure")}

    def pages(self):
        return sorted(name for name in Site.asked if name != "robots.txt")

    def state(self):
        return self.rows("SELECT * FROM quern_state WHERE job = 'job'")

    def test_only_what_failed_for_the_reason_is_asked_for(self):
        Site.statuses["gone"] = 200
        before = self.state()
        done = self.quern("replay", "--reason", "http_status")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(self.pages(), ["gone", "gone", "later", "later"])
        self.assertEqual(self.failures(), {f"{url}/{name}" for url in self.servers
                                           for name in ("later", "strange")})
        texts = dict(self.rows("SELECT url, text FROM quern_record"))
        self.assertIn("What gone says.", texts[f"{self.servers[0]}/gone"])
        self.assertEqual(len(texts), 8)
        self.assertEqual(self.state(), before)

    def test_of_one_host_only(self):
        Site.statuses["gone"] = 200
        done = self.quern("replay", "--reason", "http_status", "--host", "127.0.0.2")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(self.pages(), ["gone", "later"])
        self.assertNotIn(f"{self.servers[1]}/gone", self.failures())
        self.assertIn(f"{self.servers[0]}/gone", self.failures())

    def test_what_fails_again_keeps_its_good_record(self):
        Site.statuses["good"] = 404
        self.assertEqual(self.quern("run", "--set", "revalidate=off").returncode, 0)
        self.assertIn(f"{self.servers[0]}/good", self.failures())
        done = self.quern("replay", "--reason", "http_status")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn(f"{self.servers[0]}/good", self.failures())
        texts = dict(self.rows("SELECT url, text FROM quern_record"))
        self.assertIn("What good says.", texts[f"{self.servers[0]}/good"])
        Site.statuses = {}
        self.assertEqual(self.quern("replay", "--reason", "http_status").returncode, 0)
        self.assertEqual(self.failures(), {f"{url}/strange" for url in self.servers})

    def test_a_dry_run_lists_them_and_asks_nobody(self):
        before = self.rows("SELECT * FROM quern_memo"), self.rows("SELECT * FROM quern_failure")
        done = self.quern("replay", "--reason", "unsupported_format", "--dry-run")
        self.assertEqual((done.returncode, done.stdout.split()),
                         (0, sorted(f"{url}/strange" for url in self.servers)))
        self.assertEqual(Site.asked, [])
        self.assertEqual((self.rows("SELECT * FROM quern_memo"),
                          self.rows("SELECT * FROM quern_failure")), before)

    def test_a_reason_nobody_failed_for_asks_nobody(self):
        for reason in ("robots", "%", "' OR 1 --", ""):
            done = self.quern("replay", "--reason", reason)
            self.assertEqual((done.returncode, done.stderr), (0, ""), reason)
        self.assertEqual(Site.asked, [])
        self.assertEqual(self.quern("replay").returncode, 64)

    def test_a_run_that_was_stopped_goes_on_behind_a_replay(self):
        with sqlite3.connect(self.where / "out.db") as database:
            database.execute("UPDATE quern_state SET finished = 0, split = 0, state = ''")
        self.assertEqual(self.quern("replay", "--reason", "http_status").returncode, 0)
        self.assertEqual(self.rows("SELECT finished FROM quern_state WHERE job = 'job'"), [(0,)])


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
