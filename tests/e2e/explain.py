#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""quern explain: each piece of a record, in the terminal and as a page in headless Chromium.

explain.py QUERN      (by explain.sh, which installs the browser)
"""
import json
import os
import re
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

from playwright.sync_api import sync_playwright

QUERN = sys.argv.pop(1)
ROOT = Path(__file__).resolve().parents[2]
GBK_PAGE = ROOT / "tests/golden/library/wenku365_gbk.html"
HOSTILE = """<!DOCTYPE html><meta charset=utf-8><title>t</title>
<nav><a href=/>&lt;/span&gt;&lt;script&gt;document.title='broken'&lt;/script&gt;</a></nav>
<p class='"><script>document.title="broken"</script>'>A paragraph &lt;img src=x onerror=alert(1)&gt;
that is long enough to be the text of this page, with a second sentence, and with a third one.</p>
<footer class=footer>\u202e \x1b[31m &copy; somebody</footer>"""


def quern(*arguments, code=0, **more):
    done = subprocess.run([QUERN, *map(str, arguments)], capture_output=True, timeout=60, **more)
    if done.returncode != code:
        raise AssertionError(f"{arguments}: {done.returncode}: {done.stderr.decode()}")
    return done.stdout


def record_of(page):
    return json.loads(quern("convert", "--quiet", page))


def squeezed(text):
    return "".join(text.split())


class Terminal(unittest.TestCase):
    def test_every_piece_has_its_line_with_place_verdict_and_rule(self):
        record = record_of(GBK_PAGE)
        out = quern("explain", "--quiet", GBK_PAGE).decode()
        lines = re.findall(r"^ +(\d+|-) +(\d*)  (keep|drop) (\S+)", out, re.M)
        expected = [(b["src_start"], b["src_end"], "keep", b["kind"]) for b in record["blocks"]]
        expected += [(d["src_start"], d["src_end"], "drop", d["reason"].rstrip(":"))
                     for d in record["dropped"]]
        expected = [(str(start), str(end - start), verdict, what)
                    for start, end, verdict, what in sorted(expected, key=lambda e: e[0])]
        self.assertEqual([(a, b, c, d.rstrip(":")) for a, b, c, d in lines], expected)
        for rule in filter(None, record["dropped_rules"]):
            self.assertIn(f"({rule})", out)
        self.assertNotIn("\x1b", out)

    def test_controls_of_a_page_do_not_reach_the_terminal(self):
        with tempfile.TemporaryDirectory() as folder:
            page = Path(folder) / "hostile.html"
            page.write_text(HOSTILE, encoding="utf-8")
            out = quern("explain", "--quiet", page).decode()
            self.assertNotIn("\x1b", out)
            self.assertNotIn("\u202e", out)

    def test_what_cannot_be_read_is_an_error(self):
        quern("explain", "/nowhere/at/all.html", code=66)
        quern("explain", "--html", "/nowhere/at/all.html", GBK_PAGE, code=73)
        quern("explain", code=64)


class Page(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.where = Path(cls.folder.name)
        cls.playwright = sync_playwright().start()
        cls.browser = cls.playwright.chromium.launch(executable_path="/usr/bin/chromium",
                                                     args=["--no-sandbox"])

    @classmethod
    def tearDownClass(cls):
        cls.browser.close()
        cls.playwright.stop()
        cls.folder.cleanup()

    def show(self, page):
        out = self.where / "out.html"
        quern("explain", "--quiet", "--html", out, page, env=dict(os.environ, TMPDIR=str(self.where)))
        self.assertEqual([p.name for p in self.where.iterdir() if p.is_dir()], [])
        shown = self.browser.new_page(viewport={"width": 1200, "height": 800})
        self.addCleanup(shown.close)
        self.said, self.asked = [], []
        shown.on("console", lambda message: self.said.append(message.text))
        shown.on("pageerror", lambda error: self.said.append(str(error)))
        shown.on("request", lambda request: self.asked.append(request.url))
        shown.goto(out.as_uri())
        return shown

    def test_source_and_result_stand_beside_each_other(self):
        record = record_of(GBK_PAGE)
        shown = self.show(GBK_PAGE)
        self.assertEqual(squeezed(shown.locator(".source").text_content()),
                         squeezed(GBK_PAGE.read_bytes().decode("gb18030")))
        self.assertEqual(shown.locator(".result .piece").count(),
                         len(record["blocks"]) + len(record["dropped"]))
        self.assertEqual(squeezed("".join(shown.locator(".piece.kept b").all_text_contents())),
                         squeezed(record["text"]))
        source, result = (shown.locator(f".{name}").bounding_box() for name in ("source", "result"))
        self.assertGreaterEqual(result["x"], source["x"] + source["width"] - 1)
        self.assertEqual((self.said, len(self.asked)), ([], 1))

    def test_reasons_have_tints_of_their_own_that_the_source_shows_too(self):
        shown = self.show(GBK_PAGE)
        tints = {}
        for reason in ("tip", "label", "thumbnail"):
            spans = shown.locator(f".source span.{reason}")
            self.assertGreater(spans.count(), 0)
            tints[reason] = spans.first.evaluate("e => getComputedStyle(e).backgroundColor")
        self.assertEqual(len(set(tints.values())), 3, tints)
        kept = shown.locator(".source span.kept").first
        self.assertNotIn(kept.evaluate("e => getComputedStyle(e).backgroundColor"), tints.values())

    def test_a_click_finds_the_other_side_and_a_box_hides_a_reason(self):
        shown = self.show(GBK_PAGE)
        piece = shown.locator(".result .piece.tip").first
        piece.click()
        self.assertGreater(shown.locator(".source .tip.here").count(), 0)
        self.assertEqual(shown.locator(".result .here").count(), 1)
        shown.locator(".source span.label").first.click()
        self.assertEqual(shown.locator(".result .piece.label.here").count(), 1)
        shown.locator("input[data-what=tip]").uncheck()
        self.assertFalse(piece.is_visible())
        self.assertTrue(shown.locator(".result .piece.label").first.is_visible())

    def test_a_hostile_page_stays_text(self):
        page = self.where / "hostile.html"
        page.write_text(HOSTILE, encoding="utf-8")
        shown = self.show(page)
        self.assertEqual(shown.title(), str(page))
        self.assertIn("</span><script>document.title='broken'</script>",
                      shown.locator(".result").text_content())
        self.assertEqual(squeezed(shown.locator(".source").text_content()), squeezed(HOSTILE))
        self.assertEqual(shown.locator("img").count(), 0)
        self.assertEqual((self.said, len(self.asked)), ([], 1))

    def test_a_narrow_window_needs_no_sideways_scrolling(self):
        shown = self.show(GBK_PAGE)
        shown.set_viewport_size({"width": 390, "height": 800})
        self.assertLessEqual(shown.evaluate("document.documentElement.scrollWidth"), 390)


if __name__ == "__main__":
    unittest.main()
