#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""quern forget: what a job holds of an address or of a web host goes, and nothing else.

cli_forget.py QUERN
"""
import json
import os
import pathlib
import sqlite3
import subprocess
import sys
import tempfile
import unittest
import zipfile

from host_common import WebServer

QUERN = pathlib.Path(sys.argv[1]).resolve()
NAMES = ("a.html", "b.html", "same-as-a.html", "c.zip")


class Forget(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.where = pathlib.Path(folder.name)
        pages = self.where / "pages"
        pages.mkdir()
        for name in ("a.html", "b.html"):
            (pages / name).write_text(f"<title>{name}</title><p>Planted-{name[0]}-4711 stands here.")
        (pages / "same-as-a.html").write_bytes((pages / "a.html").read_bytes())
        with zipfile.ZipFile(pages / "c.zip", "w") as archive:
            archive.writestr("inside.txt", "Planted-c-4711 lies in an archive.")
        self.server = WebServer("--folder", pages, "--addresses", "2")
        self.server.__enter__()
        self.addCleanup(self.server.__exit__)
        self.other = self.server.url.replace("127.0.0.1", "127.0.0.2")
        self.urls = {name: f"{self.server.url}/page/{name}" for name in NAMES}
        self.job = self.write_job([*self.urls.values(), f"{self.other}/page/b.html",
                                   f"{self.server.url}/status/404"])
        self.assertEqual(self.quern("run", self.job).returncode, 0)

    def write_job(self, urls, sink='kind = "sqlite"\npath = "out.db"'):
        path = self.where / "job.toml"
        path.write_text(f"""
[source]
input = {json.dumps(urls)}
[options]
allow_addresses = ["127.0.0.0/8"]
delay_ms = 0
keep = "kept"
[sink]
{sink}
""")
        return path

    def quern(self, *arguments):
        return subprocess.run([QUERN, *arguments], capture_output=True, text=True, cwd=self.where,
                              env=dict(os.environ, ASAN_OPTIONS="detect_leaks=0"), timeout=60)

    def forget(self, what, *options):
        done = self.quern("forget", *options, what, self.job)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout

    def rows(self, sql):
        with sqlite3.connect(self.where / "out.db") as database:
            return database.execute(sql).fetchall()

    def urls_left(self):
        return {url for url, in self.rows("SELECT url FROM quern_record")}

    def everything(self):
        return (sorted(self.rows("SELECT id FROM quern_record")),
                sorted(self.rows("SELECT key FROM quern_memo")),
                sorted(self.rows("SELECT id FROM quern_failure")),
                sorted(path.name for path in (self.where / "kept").iterdir()))

    def is_told_anywhere(self, word):
        return [path for path in [self.where / "out.db", *(self.where / "kept").iterdir()]
                if word.encode() in path.read_bytes()]

    def test_an_address_goes_with_its_validators_and_kept_files(self):
        before = self.urls_left()
        self.assertTrue(self.is_told_anywhere("Planted-b"))
        self.forget(f"{self.other}/page/b.html")
        told = self.forget(self.urls["b.html"])
        self.assertIn("removed 1 record, 1 validator, 0 dead letters, 2 kept files", told)
        self.assertEqual(before - self.urls_left(), {self.urls["b.html"],
                                                     f"{self.other}/page/b.html"})
        self.assertEqual(self.is_told_anywhere("Planted-b"), [])

    def test_content_that_another_document_has_stays_for_it(self):
        told = self.forget(self.urls["a.html"])
        self.assertIn("1 kept file", told)
        self.assertTrue(self.is_told_anywhere("Planted-a"))
        self.forget(self.urls["same-as-a.html"])
        self.assertEqual(self.is_told_anywhere("Planted-a"), [])

    def test_an_archive_goes_with_what_came_out_of_it(self):
        told = self.forget(self.urls["c.zip"])
        self.assertIn("removed 2 records", told)
        self.assertEqual(self.is_told_anywhere("Planted-c"), [])

    def test_a_host_goes_and_its_neighbour_stays(self):
        told = self.forget("127.0.0.1")
        self.assertIn("1 dead letter", told)
        self.assertEqual(self.urls_left(), {f"{self.other}/page/b.html"})
        self.assertEqual(self.rows("SELECT count(*) FROM quern_memo WHERE key LIKE 'doc/%'"), [(1,)])
        self.assertEqual(self.rows("SELECT count(*) FROM quern_failure"), [(0,)])

    def test_a_dry_run_tells_the_same_and_removes_nothing(self):
        before = self.everything()
        would = self.forget("127.0.0.1", "--dry-run")
        self.assertEqual(self.everything(), before)
        did = self.forget("127.0.0.1")
        self.assertEqual(would.replace("would remove", "removed"), did)
        self.assertIn("removed 0 records, 0 validators, 0 dead letters, 0 kept files (0 bytes)",
                      self.forget("127.0.0.1"))

    def test_what_only_looks_like_the_host_stays(self):
        before = self.everything()
        for what in ("27.0.0.1", "127.0.0", "127.0.0.1.", "%", "127.0.0._", "", "page", "' OR 1 --",
                     self.server.url, self.urls["a.html"].upper(), self.urls["a.html"] + "%"):
            self.forget(what)
            self.assertEqual(self.everything(), before, what)

    def test_the_next_run_reads_it_anew(self):
        self.forget(self.urls["a.html"])
        self.assertEqual(self.quern("run", self.job).returncode, 0)
        self.assertIn(self.urls["a.html"], self.urls_left())

    def test_a_sidecar_that_leads_elsewhere_removes_nothing_there(self):
        outside = self.where / "outside"
        outside.write_text("stays")
        for path in (self.where / "kept").glob("*.json"):
            path.write_text('{"sha256":"../outside' + "0" * 54 + '"}')
        self.forget("127.0.0.1")
        self.assertEqual(outside.read_text(), "stays")

    def test_a_sink_without_addresses_is_refused(self):
        self.write_job([self.urls["a.html"]], 'kind = "ndjson"\npath = "out.ndjson"')
        done = self.quern("forget", "127.0.0.1", self.job)
        self.assertEqual(done.returncode, 78, done.stderr)
        self.write_job([self.urls["a.html"]], 'kind = "sqlite"\npath = "none.db"')
        done = self.quern("forget", "127.0.0.1", self.job)
        self.assertEqual(done.returncode, 66, done.stderr)
        self.assertFalse((self.where / "none.db").exists())


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
