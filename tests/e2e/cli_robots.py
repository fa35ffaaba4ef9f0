#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""robots.txt from outside, over two runs of one job: asked once a day, obeyed, and told in the rows.

    cli_robots.py QUERN
"""
import json
import sqlite3
import subprocess
import sys
import tempfile
import unittest
import urllib.parse
import urllib.request
from pathlib import Path

from host_common import WebServer

ROBOTS = ("User-agent: *\nDisallow: /gzip\nAllow: /\nCrawl-delay: 1\n"
          "Content-Signal: ai-train=no\n")
QUERN = ""
DELAY_S = 1
EARLY_S = 0.05  # the server looks at its clock when the request is there, the client when it goes out


class Robots(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def run_job(self, server):
        urls = json.dumps([server.url + path for path in ("/ok", "/gzip", "/headers")])
        (self.folder / "job.toml").write_text(
            f'[source]\ninput = {urls}\n[options]\nallow_addresses = ["127.0.0.0/8"]\n'
            'delay_ms = 0\n[sink]\nkind = "sqlite"\npath = "records.db"\n', encoding="utf-8")
        done = subprocess.run([QUERN, "run", "job.toml"], cwd=self.folder, capture_output=True,
                              timeout=60)
        self.assertEqual(done.returncode, 0, done.stderr)

    def records(self):
        database = sqlite3.connect(self.folder / "records.db")
        self.addCleanup(database.close)
        rows = database.execute("SELECT url, status, error_code, error_message, rights "
                                "FROM quern_record")
        return {urllib.parse.urlsplit(row[0]).path: row[1:] for row in rows}

    def test_it_is_asked_once_for_both_runs_and_holds_in_both(self):
        with WebServer() as server:
            urllib.request.urlopen(
                f"{server.url}/robots-say?200%20{urllib.parse.quote(ROBOTS)}", timeout=20).close()
            self.run_job(server)
            self.run_job(server)
            with urllib.request.urlopen(server.url + "/robots-log", timeout=20) as answer:
                self.assertEqual(len(json.load(answer)), 1)
            log = server.log()
        self.assertEqual([entry["target"] for entry in log], ["/ok", "/headers"] * 2)
        times = [entry["time"] for entry in log]
        for earlier, later in zip(times, times[1:]):  # over the end of the first run, too
            self.assertGreater(later - earlier, DELAY_S - EARLY_S)
        records = self.records()
        self.assertEqual(records["/ok"][0], "converted")
        self.assertEqual(records["/gzip"][:2], ("refused", "robots"))
        self.assertIn("/robots.txt refuses it to * in line 2: Disallow: /gzip", records["/gzip"][2])
        for path, record in records.items():
            self.assertEqual(json.loads(record[3]), ["content-signal: ai-train=no"], path)


if __name__ == "__main__":
    QUERN = str(Path(sys.argv.pop(1)).resolve())
    unittest.main()
