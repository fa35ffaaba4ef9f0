#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""quern schedule and quern status from outside: cli_schedule.py QUERN. The clock is libfaketime's.

A clock is an offset in a file, which all processes read each time they look; setting the clock is
writing the file. A run is made to last by a web server that holds its answer.
"""
import calendar
import contextlib
import http.server
import json
import os
import random
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
import unittest
from pathlib import Path

QUERN = ""
SCHEDULE = Path(__file__).resolve().parents[2] / "samples/schedule"
FAKETIME = next(Path("/usr/lib").glob("*/faketime/libfaketime.so.1"), None)


class Held(http.server.BaseHTTPRequestHandler):
    """One page; while it is held, nobody gets it."""
    free = threading.Event()
    asked = []

    def do_GET(self):
        robots = self.path == "/robots.txt"
        if not robots:
            Held.asked.append(time.monotonic())
            Held.free.wait(60)
        body = b"<p>a page that was held</p>"
        with contextlib.suppress(OSError):
            self.send_response(404 if robots else 200)
            self.send_header("Content-Type", "text/html")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    def log_message(self, *_):
        pass


def wait_until(holds, seconds=30):
    deadline = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > deadline:
            raise AssertionError(f"it never came to that in {seconds} s")
        time.sleep(0.05)


def seconds_of(written):
    return calendar.timegm(time.strptime(written, "%Y-%m-%dT%H:%M:%SZ"))


class Schedules(unittest.TestCase):
    """Each in a folder of its own, with a project of its own and a clock of its own."""

    @classmethod
    def setUpClass(cls):
        cls.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Held)
        cls.server.daemon_threads = True
        threading.Thread(target=cls.server.serve_forever, args=(0.05,), daemon=True).start()
        cls.addClassCleanup(cls.server.server_close)
        cls.addClassCleanup(cls.server.shutdown)

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        (self.folder / "in").mkdir()
        (self.folder / "in/a.txt").write_text("a text\n")
        self.env = {**os.environ, "LD_PRELOAD": str(FAKETIME), "TZ": "America/New_York",
                    "FAKETIME_TIMESTAMP_FILE": str(self.folder / "clock"), "FAKETIME_NO_CACHE": "1",
                    "FAKETIME_DONT_FAKE_MONOTONIC": "1", "FAKETIME_DONT_RESET": "1",
                    "ASAN_OPTIONS": "verify_asan_link_order=0:detect_leaks=1"}
        self.env.pop("NOTIFY_SOCKET", None)
        Held.free.set()
        Held.asked.clear()

    def clock(self, written):
        """From now on it is that time."""
        offset = seconds_of(written) - time.time()
        fresh = self.folder / "clock.new"
        fresh.write_text(f"{offset:+.3f}\n")
        fresh.rename(self.folder / "clock")

    def job(self, schedule, name="job", held=False):
        address = f"http://127.0.0.1:{self.server.server_port}/page.html"
        options = '[options]\nallow_addresses = ["127.0.0.0/8"]\ndelay_ms = 0\n' if held else ""
        (self.folder / f"{name}.toml").write_text(
            f'[source]\ninput = ["{address if held else "in"}"]\n{options}'
            f'[sink]\nkind = "sqlite"\npath = "records.db"\n[schedule]\n{schedule}\n')
        return f"{name}.toml"

    def start(self, *jobs, env=None):
        with (self.folder / "said").open("ab") as said:
            before = said.tell()
            daemon = subprocess.Popen([QUERN, "schedule", *jobs], cwd=self.folder,
                                      env={**self.env, **(env or {})}, stderr=said)
        self.addCleanup(self.end, daemon)
        wait_until(lambda: "next at" in (self.folder / "said").read_text()[before:]
                   or daemon.poll() is not None)
        return daemon

    def end(self, daemon):
        if daemon.poll() is None:
            Held.free.set()
            daemon.terminate()
        code = daemon.wait(60)
        for said in (self.folder / "said", *self.folder.glob("*.runs/*")):
            self.assertNotIn("Sanitizer", said.read_text(), said)
        return code

    def quern(self, *arguments):
        return subprocess.run([QUERN, *arguments], cwd=self.folder, env=self.env,
                              capture_output=True, text=True, check=False)

    def rows(self, sql, database="quern-project.db"):
        if not (self.folder / database).exists():
            return []
        with contextlib.closing(sqlite3.connect(self.folder / database, timeout=30)) as handle:
            try:
                return handle.execute(sql).fetchall()
            except sqlite3.OperationalError:
                return []

    def fires(self):
        return self.rows("SELECT strftime('%d %H:%M', logical, 'unixepoch'), outcome FROM fire "
                         "ORDER BY logical")

    def runs(self):
        return self.rows("SELECT strftime('%d %H:%M', logical, 'unixepoch'), outcome FROM run "
                         "ORDER BY id")

    def ran(self, *expected):
        wait_until(lambda: [run for run in self.runs() if run[1]] == list(expected))

    # --- summer time ---

    def test_a_time_that_is_leapt_over_fires_once_right_after_the_leap(self):
        self.clock("2026-03-29T00:59:57Z")
        self.start(self.job('cron = "30 2 * * *"\nzone = "Europe/Berlin"'))
        self.ran(("29 01:00", "succeeded"))
        self.clock("2026-03-29T01:30:02Z")
        time.sleep(2.5)
        self.assertEqual(self.fires(), [("29 01:00", "run")])

    def test_a_time_that_comes_twice_fires_the_first_time(self):
        self.clock("2026-10-25T00:29:57Z")
        self.start(self.job('cron = "30 2 * * *"\nzone = "Europe/Berlin"'))
        self.ran(("25 00:30", "succeeded"))
        self.clock("2026-10-25T01:29:58Z")
        time.sleep(4)
        self.assertEqual(self.fires(), [("25 00:30", "run")])

    # --- clocks that are set ---

    def test_a_clock_set_forward_coalesces_and_set_back_runs_nothing_twice(self):
        self.clock("2026-05-04T10:30:00Z")
        self.start(self.job('cron = "0 * * * *"'))
        self.clock("2026-05-04T15:30:00Z")
        self.ran(("04 15:00", "succeeded"))
        self.assertEqual(self.fires(), [("04 11:00", "coalesced"), ("04 12:00", "coalesced"),
                                        ("04 13:00", "coalesced"), ("04 14:00", "coalesced"),
                                        ("04 15:00", "run")])
        self.clock("2026-05-04T12:30:00Z")
        wait_until(lambda: len(self.fires()) == 3)
        self.assertIn("set back", (self.folder / "said").read_text())
        self.clock("2026-05-04T12:59:58Z")
        self.ran(("04 15:00", "succeeded"), ("04 13:00", "succeeded"))
        self.clock("2026-05-04T13:59:58Z")
        wait_until(lambda: len(self.runs()) == 3)
        self.clock("2026-05-04T14:59:58Z")
        time.sleep(4)
        self.assertEqual([run[0] for run in self.runs()], ["04 15:00", "04 13:00", "04 14:00"])

    def test_a_clock_that_is_set_times_no_run_out(self):
        Held.free.clear()
        self.clock("2026-05-04T09:59:58Z")
        self.start(self.job('cron = "0 * * * *"\ntimeout = "1h"\nmissed = "none"', held=True))
        wait_until(lambda: Held.asked)
        self.clock("2026-05-04T15:30:00Z")
        wait_until(lambda: len(self.fires()) == 6)
        Held.free.set()
        self.ran(("04 10:00", "succeeded"))

    # --- what was missed ---

    def missed(self, policy):
        self.clock("2026-05-04T10:30:00Z")
        job = self.job(f'cron = "0 * * * *"\n{policy}')
        self.assertEqual(self.end(self.start(job)), 0)
        self.clock("2026-05-04T13:30:00Z")
        return self.start(job)

    def test_all_that_was_missed_within_the_window_is_run(self):
        self.missed('missed = "all"\nwindow = "2h"')
        self.ran(("04 12:00", "succeeded"), ("04 13:00", "succeeded"))
        self.assertEqual(self.fires(), [("04 11:00", "missed"), ("04 12:00", "run"),
                                        ("04 13:00", "run")])

    def test_what_was_missed_is_told_where_nothing_is_made_up_for(self):
        self.missed('missed = "none"')
        wait_until(lambda: len(self.fires()) == 3)
        self.assertEqual({outcome for _, outcome in self.fires()}, {"missed"})
        self.assertEqual(self.runs(), [])

    def test_a_year_of_missed_minutes_is_counted_in_rows_that_have_a_limit(self):
        self.clock("2026-05-04T10:30:30Z")
        job = self.job('cron = "* * * * *"')
        self.end(self.start(job))
        self.clock("2026-06-03T10:30:30Z")
        self.start(job)
        self.ran(("03 10:30", "succeeded"))
        count, fires = self.rows("SELECT count(*), sum(fires) FROM fire")[0]
        self.assertLessEqual(count, 1003)
        self.assertEqual(fires, 30 * 24 * 60)

    # --- overlap ---

    def overlapping(self, overlap):
        Held.free.clear()
        self.start(self.job(f'cron = "*/3 * * * * *"\noverlap = "{overlap}"', held=True))
        wait_until(lambda: Held.asked)

    def test_while_a_run_is_at_work_fires_are_skipped_and_told(self):
        self.overlapping("skip")
        wait_until(lambda: len(self.fires()) == 3)
        self.assertEqual([outcome for _, outcome in self.fires()], ["run", "skipped", "skipped"])
        self.assertEqual(len(self.runs()), 1)
        reason = self.rows("SELECT reason FROM fire WHERE outcome = 'skipped'")[0][0]
        self.assertIn("still at work", reason)

    def test_while_a_run_is_at_work_fires_wait_in_a_queue(self):
        self.overlapping("queue")
        wait_until(lambda: len(self.fires()) == 3)
        self.assertEqual([outcome for _, outcome in self.fires()], ["run", "queued", "queued"])
        Held.free.set()
        wait_until(lambda: len([run for run in self.runs() if run[1] == "succeeded"]) >= 3)
        logical = self.rows("SELECT logical FROM run ORDER BY id")
        self.assertEqual(logical, sorted(set(logical)))

    def test_a_fire_cancels_the_run_that_is_at_work(self):
        self.overlapping("cancel_running")
        wait_until(lambda: len(Held.asked) >= 2)
        Held.free.set()
        wait_until(lambda: any(run[1] == "succeeded" for run in self.runs()))
        self.assertEqual(self.runs()[0][1], "cancelled")

    def test_a_run_that_takes_too_long_is_stopped(self):
        Held.free.clear()
        self.start(self.job('cron = "*/2 * * * * *"\ntimeout = "2s"', held=True))
        wait_until(lambda: self.runs() and self.runs()[0][1] is not None)
        self.assertEqual(self.runs()[0][1], "timed_out")

    # --- jitter, deadman ---

    def test_jitter_is_the_same_each_time_and_delays_the_run(self):
        self.clock("2026-05-04T09:59:30Z")
        job = self.job('cron = "0 * * * *"\njitter = "40m"')
        shown = [self.quern("schedule", "--dry-run", job).stdout for _ in range(2)]
        self.assertEqual(shown[0], shown[1])
        delay = int(shown[0].rsplit(" each ", 1)[1].split()[0])
        self.assertTrue(0 < delay <= 2400, shown)
        self.start(job)
        self.clock("2026-05-04T10:00:01Z")
        time.sleep(1.5)
        self.assertEqual(self.fires(), [])
        due = seconds_of("2026-05-04T10:00:00Z") + delay
        self.clock(time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(due - 2)))
        self.ran(("04 10:00", "succeeded"))
        self.assertGreaterEqual(self.rows("SELECT started - due FROM run")[0][0], 0)
        self.assertEqual(self.rows("SELECT due FROM run"), [(due,)])

    def test_status_fails_when_nothing_succeeded_for_the_deadman_time(self):
        self.clock("2026-05-04T09:59:57Z")
        self.end(self.start(self.job('cron = "0 10 * * *"\ndeadman = "26h"')))
        self.assertEqual(self.quern("status").returncode, 0)
        self.clock("2026-05-05T12:30:00Z")
        answer = self.quern("status", "--json")
        self.assertEqual(answer.returncode, 65)
        status = json.loads(answer.stdout)
        self.assertEqual([job["overdue"] for job in status["jobs"]], [True])
        self.assertEqual(status["jobs"][0]["next"], "2026-05-06T10:00:00Z")
        self.assertIsNone(status["scheduler"])
        self.assertIn("OVERDUE", self.quern("status").stdout)

    # --- what is killed ---

    def accounted(self):
        """No fire has two rows (the key sees to that); no run is open; each record is there once."""
        self.assertEqual(self.rows("SELECT * FROM fire WHERE outcome = 'queued'"), [])
        self.assertEqual(self.rows("SELECT * FROM run WHERE ended IS NULL"), [])
        self.assertEqual(self.rows("PRAGMA integrity_check"), [("ok",)])
        self.assertEqual(self.rows("SELECT count(*) FROM quern_record", "records.db"), [(1,)])

    def held_run(self, **more):
        Held.free.clear()
        self.clock("2026-05-04T09:59:58Z")
        job = self.job('cron = "0 * * * *"', held=True)
        daemon = self.start(job, **more)
        wait_until(lambda: Held.asked)
        return job, daemon

    def child(self):
        return self.rows("SELECT pid FROM lease WHERE name = 'job'")[0][0]

    def test_a_run_outlives_a_daemon_that_is_killed_and_is_taken_up_again(self):
        job, daemon = self.held_run()
        daemon.kill()
        daemon.wait()
        again = self.start(job)
        self.assertIn("taken up again", (self.folder / "said").read_text())
        Held.free.set()
        self.ran(("04 10:00", "succeeded"))
        self.end(again)
        self.assertEqual(len(Held.asked), 1)
        self.accounted()

    def test_a_run_that_ended_while_no_daemon_was_there_is_told_by_its_log(self):
        job, daemon = self.held_run()
        child = self.child()
        daemon.kill()
        daemon.wait()
        Held.free.set()
        wait_until(lambda: '"exit":0' in (self.folder / "quern-project.db.runs/1.ndjson").read_text())
        wait_until(lambda: not Path(f"/proc/{child}").exists()
                   or ") Z" in Path(f"/proc/{child}/stat").read_text())
        self.end(self.start(job))
        self.ran(("04 10:00", "succeeded"))
        self.assertEqual(len(Held.asked), 1)
        self.accounted()

    def test_a_run_that_is_killed_with_its_daemon_is_tried_again(self):
        job, daemon = self.held_run()
        child = self.child()
        daemon.kill()
        os.kill(child, signal.SIGKILL)
        daemon.wait()
        Held.free.set()
        again = self.start(job)
        self.ran(("04 10:00", "died"), ("04 10:00", "succeeded"))
        self.end(again)
        self.assertEqual(self.fires(), [("04 10:00", "run")])
        self.accounted()

    def test_a_daemon_that_is_stopped_stops_its_run_and_the_next_goes_on(self):
        job, daemon = self.held_run()
        daemon.terminate()
        self.assertEqual(daemon.wait(60), 0)
        self.assertEqual(self.runs(), [("04 10:00", "stopped")])
        Held.free.set()
        again = self.start(job)
        self.ran(("04 10:00", "stopped"), ("04 10:00", "succeeded"))
        self.end(again)
        self.accounted()

    def every_second_accounted(self):
        """Of every second since the first fire there is one row; of each that ran, one success."""
        first, last, count = self.rows("SELECT min(logical), max(logical), count(*) FROM fire")[0]
        shared = self.rows("SELECT coalesce(sum(fires - 1), 0) FROM fire")[0][0]
        self.assertEqual(count + shared, last - first + 1)
        self.assertEqual(self.rows("SELECT logical, count(*) FROM run WHERE outcome = 'succeeded' "
                                   "GROUP BY logical HAVING count(*) > 1"), [])
        self.assertEqual(self.rows("SELECT logical FROM fire WHERE outcome = 'run' AND logical NOT IN "
                                   "(SELECT logical FROM run WHERE outcome = 'succeeded')"), [])
        self.accounted()

    def settle(self, job):
        """Stops asking for more, and lets what is left be done."""
        schedule = Path(self.folder / job)
        schedule.write_text(schedule.read_text().replace('"* * * * * *"', '"@yearly"'))
        daemon = self.start(job)
        wait_until(lambda: not self.rows("SELECT 1 FROM fire WHERE outcome = 'queued' UNION ALL "
                                         "SELECT 1 FROM run WHERE ended IS NULL"))
        self.assertEqual(self.end(daemon), 0)

    def test_a_daemon_killed_at_random_moments_loses_nothing(self):
        job = self.job('cron = "* * * * * *"\noverlap = "queue"\nretries = 100\nretry_after = "0s"')
        dice = random.Random(4711)
        for _ in range(10):
            daemon = self.start(job)
            time.sleep(dice.uniform(0, 2.5))
            daemon.kill()
            daemon.wait()
        self.settle(job)
        self.every_second_accounted()

    @unittest.skipUnless(shutil.which("strace"), "THERE IS NO strace")
    def test_a_daemon_killed_at_one_write_or_another_loses_nothing(self):
        job = self.job('cron = "* * * * * *"\noverlap = "queue"\nretries = 100\nretry_after = "0s"')
        killed = 0
        for call, turns in (("pwrite64", (1, 3, 6, 11, 20, 37)), ("fdatasync", (1, 2, 4, 7, 12)),
                            ("write", (1, 2, 3, 5))):
            for turn in turns:
                daemon = subprocess.run(
                    ["strace", "-qq", "-o", "/dev/null", "-e", f"trace={call}",
                     "-e", f"inject={call}:signal=SIGKILL:when={turn}", QUERN, "schedule", job],
                    cwd=self.folder, env=self.env, stderr=subprocess.DEVNULL, timeout=60, check=False)
                killed += daemon.returncode == -signal.SIGKILL
        self.assertGreaterEqual(killed, 12)
        self.settle(job)
        self.every_second_accounted()

    def test_a_lease_of_another_boot_blocks_nobody(self):
        job, daemon = self.held_run()
        child = self.child()
        daemon.kill()
        daemon.wait()
        with contextlib.closing(sqlite3.connect(self.folder / "quern-project.db")) as handle:
            handle.execute("UPDATE lease SET boot = 'another', pid = ?", (os.getpid(),))
            handle.commit()
        os.kill(child, signal.SIGKILL)
        Held.free.set()
        self.start(job)
        self.ran(("04 10:00", "died"), ("04 10:00", "succeeded"))

    def test_a_full_disk_is_waited_for_and_no_second_is_lost(self):
        job = self.job('cron = "* * * * * *"\noverlap = "queue"')
        script = f"""
            mount -t tmpfs -o size=2m tmpfs project || exit 77
            {QUERN} schedule --project project/p.db {job} 2>said & daemon=$!
            sleep 3; dd if=/dev/zero of=project/fill bs=1k count=4000 2>/dev/null
            for i in 1 2 3 4 5 6 7 8 9 10; do grep -q 'is full' said && break; sleep 1; done
            sleep 2; rm project/fill; sleep 4; kill $daemon; wait $daemon || exit 1
            cp project/p.db quern-project.db"""
        (self.folder / "project").mkdir()
        done = subprocess.run(["unshare", "-rm", "sh", "-c", script], cwd=self.folder, env=self.env,
                              check=False)
        if done.returncode == 77:
            self.skipTest("NO tmpfs CAN BE MOUNTED: a full disk was not tested")
        self.assertEqual(done.returncode, 0, (self.folder / "said").read_text())
        self.assertEqual((self.folder / "said").read_text().count("is full; trying again"), 1)
        self.settle(job)
        self.every_second_accounted()

    # --- backfill ---

    def test_a_backfill_runs_what_has_no_run_and_nothing_twice(self):
        self.clock("2026-05-04T12:00:00Z")
        job = self.job('cron = "0 10 * * *"\nzone = "Asia/Shanghai"')
        span = ("--from", "2026-05-01", "--to", "2026-05-03")
        dry = self.quern("backfill", job, *span, "--dry-run")
        self.assertEqual(dry.stdout.split(), [f"2026-05-0{day}T10:00:00+08:00" for day in (1, 2, 3)])
        self.assertFalse((self.folder / "quern-project.db").exists())
        done = self.quern("backfill", job, *span)
        self.assertEqual(done.returncode, 0, done.stderr)
        expected = [(f"0{day} 02:00", "succeeded") for day in (1, 2, 3)]
        self.assertEqual(self.runs(), expected)
        self.assertIn("0 fires queued", self.quern("backfill", job, *span).stderr)
        self.assertIn("0 fires queued", self.quern("backfill", job, *span, "--only=failed").stderr)
        self.assertEqual(self.runs(), expected)
        self.quern("backfill", job, "--from", "2026-05-03T02:00:00Z", "--to", "2026-05-03", "--only=all")
        self.assertEqual(self.runs(), [*expected, expected[-1]])

    def test_a_backfill_tries_what_failed_again(self):
        self.clock("2026-05-04T12:00:00Z")
        job = self.job('cron = "0 10 * * *"\nretries = 0\n[run]\nfail_above = 0.0')
        (self.folder / "in").rename(self.folder / "away")
        span = ("--from", "2026-05-03", "--to", "2026-05-03")
        self.assertEqual(self.quern("backfill", job, *span).returncode, 65)
        (self.folder / "away").rename(self.folder / "in")
        self.assertEqual(self.quern("backfill", job, *span, "--only=failed").returncode, 0)
        self.assertEqual([outcome for _, outcome in self.runs()], ["failed", "succeeded"])

    def test_a_backfill_is_left_to_the_daemon_that_is_there(self):
        self.clock("2026-05-04T12:00:00Z")
        job = self.job('cron = "0 10 * * *"')
        self.start(job)
        asked = self.quern("backfill", job, "--from", "2026-05-02", "--to", "2026-05-03")
        self.assertEqual(asked.returncode, 0, asked.stderr)
        self.assertIn("will run them", asked.stderr)
        self.ran(("02 10:00", "succeeded"), ("03 10:00", "succeeded"))

    # --- export, doctor ---

    def export(self, kind, job):
        answer = self.quern("export", kind, job)
        self.assertEqual(answer.returncode, 0, answer.stderr)
        return [self.folder / name for name in answer.stdout.split()]

    def test_units_for_systemd_are_ones_and_mean_the_same_times(self):
        job = self.job('cron = "15,45 3 * jan-jun fri,mon#2,0L"\nzone = "Europe/Berlin"\n'
                       'jitter = "5m"\ntimeout = "2h"', name="A job 100%")
        units = self.export("systemd", job)
        verified = subprocess.run(["systemd-analyze", "verify", *units], capture_output=True,
                                  text=True, check=False)
        self.assertEqual((verified.returncode, verified.stderr), (0, ""))
        self.assertIn('"/', units[0].read_text())
        self.assertIn("100%%.toml", units[0].read_text())
        lines = [line.partition("=")[2] for line in units[1].read_text().splitlines()
                 if line.startswith("OnCalendar=")]
        self.assertEqual(len(lines), 3)
        theirs = set()
        for line in lines:
            shown = subprocess.run(["systemd-analyze", "calendar", "--iterations=40",
                                    "--base-time=2026-01-01 00:00:00 UTC", line],
                                   capture_output=True, text=True, check=True, env={"TZ": "UTC"})
            times = [text.split()[-3:-1] for text in shown.stdout.splitlines()
                     if text.endswith(" UTC") and "Normalized" not in text]
            theirs |= {"T".join(time_of) + "Z" for time_of in times}
        self.clock("2026-06-30T12:00:00Z")
        ours = self.quern("backfill", job, "--from", "2026-01-01T00:00:00Z",
                          "--to", "2026-03-01T00:00:00Z", "--only=all", "--dry-run").stdout.split()
        ours = [time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(
            seconds_of(moment[:19] + "Z") - 3600)) for moment in ours]  # winter: one hour east
        self.assertGreater(len(ours), 20)
        self.assertEqual(ours, sorted(moment for moment in theirs if moment < "2026-03-01"))
        again = self.quern("export", "systemd", job)
        self.assertEqual(again.returncode, 73, again.stderr)

    def test_the_samples_unit_is_one_and_its_job_can_be_scheduled(self):
        unit = (SCHEDULE / "quern-schedule.service").read_text()
        (self.folder / "quern-schedule.service").write_text(
            unit.replace("/usr/local/bin/quern", QUERN))
        verified = subprocess.run(["systemd-analyze", "verify", "./quern-schedule.service"],
                                  cwd=self.folder, capture_output=True, text=True, check=False)
        self.assertEqual((verified.returncode, verified.stderr), (0, ""))
        self.clock("2026-03-28T12:00:00Z")
        shown = self.quern("schedule", "--dry-run", str(SCHEDULE.parent / "jobs/nightly.toml"))
        self.assertIn("nightly: 2026-03-29T03:00:00+02:00 2026-03-30T02:30:00+02:00", shown.stdout)

    def test_a_line_for_cron_runs_in_a_shell(self):
        job = self.job('cron = "H H(1-4) * * *"\nmissed = "none"', name="it's 5%")
        line = self.export("cron", job)[0].read_text().splitlines()[-1]
        command = " ".join(line.split(" ")[5:]).replace("\\%", "%")
        done = subprocess.run(["sh", "-c", command], env=self.env, check=False)
        self.assertEqual(done.returncode, 0)
        self.assertEqual(self.rows("SELECT count(*) FROM quern_record", "records.db"), [(1,)])

    def test_a_dag_is_python_and_a_cron_job_says_zone_and_policy(self):
        job = self.job('cron = "0 4 1-15 * mon"\nzone = "Asia/Shanghai"\ntimeout = "1h"')
        dag = self.export("airflow", job)[0].read_text()
        compile(dag, "dag.py", "exec")
        self.assertIn('CronTriggerTimetable("0 4 1,2,3', dag)
        manifest = self.export("k8s", job)[0].read_text()
        for part in ('timeZone: "Asia/Shanghai"', "concurrencyPolicy: Forbid",
                     "activeDeadlineSeconds: 3600", "kind: CronJob"):
            self.assertIn(part, manifest)

    def test_what_a_scheduler_cannot_say_is_an_error_and_no_file(self):
        for kind, schedule, part in (("cron", 'cron = "0 0 0 * * *"', None),
                                     ("cron", 'cron = "5 0 0 * * *"', "knows no seconds"),
                                     ("airflow", 'cron = "0 0 L * *"', "neither L nor #"),
                                     ("k8s", 'cron = "@daily"\noverlap = "queue"', "queues nothing"),
                                     ("systemd", 'cron = "@daily"\nmissed = "all"', "one missed")):
            answer = self.quern("export", kind, self.job(schedule), "--to", str(self.folder))
            self.assertEqual(answer.returncode, 78 if part else 0, answer.stderr)
            self.assertIn(part or "", answer.stderr)
        self.assertEqual(sorted(path.suffix for path in self.folder.glob("quern-job.*")), [".cron"])

    def test_the_doctor_says_what_is_wrong(self):
        well = self.quern("doctor")
        self.assertEqual({line.split()[0] for line in well.stdout.splitlines()} - {"ok", "warn"}, set(),
                         well.stdout)
        self.env["TZDIR"] = str(self.folder / "nowhere")
        self.env["SSL_CERT_FILE"] = str(self.folder / "none")
        (self.folder / "quern-project.db").write_bytes(b"SQLite format 3\0" + b"broken" * 999)
        ill = self.quern("doctor")
        self.assertEqual(ill.returncode, 78)
        failed = [line.split()[1] for line in ill.stdout.splitlines() if line.startswith("fail")]
        self.assertEqual(failed, ["certificates:", "zones:", "project:"])

    # --- metrics ---

    def test_a_monitor_reads_when_a_job_last_succeeded_and_whether_it_is_overdue(self):
        self.clock("2026-05-04T09:59:57Z")
        job = self.job('cron = "0 10 * * *"\ndeadman = "26h"', name='a "job"')
        daemon = self.start("--metrics-file", "quern.prom", job)
        metrics = self.folder / "quern.prom"
        labels = '{job="a \\"job\\""'
        due = seconds_of("2026-05-05T10:00:00Z")
        wait_until(lambda: f"quern_schedule_runs_total{labels},outcome=\"succeeded\"}} 1\n"
                   in (metrics.read_text() if metrics.exists() else ""))
        text = metrics.read_text()
        self.assertTrue(text.endswith("# EOF\n"))
        for line in (f"quern_schedule_next_fire_timestamp_seconds{labels}}} {due}",
                     f"quern_schedule_overdue{labels}}} 0",
                     f"quern_schedule_last_run_records{labels}}} 1",
                     f"quern_schedule_fires_total{labels},outcome=\"run\"}} 1"):
            self.assertIn(line + "\n", text)
        self.end(daemon)
        names = [line.split()[2] for line in text.splitlines() if line.startswith("# TYPE")]
        self.assertEqual(len(names), len(set(names)))
        for line in text.splitlines():
            self.assertRegex(line, r'^(# (TYPE|HELP) \w+ .+|# EOF|\w+\{job="(\\.|[^"\\])*"'
                                   r'(,outcome="\w+")?\} -?\d+)$')

    # --- the daemon itself ---

    def test_one_daemon_a_project(self):
        job = self.job('cron = "@yearly"')
        self.start(job)
        second = self.quern("schedule", job)
        self.assertEqual(second.returncode, 75)
        self.assertIn("schedules it already", second.stderr)

    def test_sighup_reads_the_files_again_and_wrong_ones_change_nothing(self):
        self.clock("2026-05-04T09:30:00Z")
        daemon = self.start(self.job('cron = "@yearly"'))
        said = self.folder / "said"
        self.job('cron = "0 0 30 2 *"')
        daemon.send_signal(signal.SIGHUP)
        wait_until(lambda: "never fires" in said.read_text())
        self.assertIsNone(daemon.poll())
        self.job('cron = "0 10 * * *"')
        daemon.send_signal(signal.SIGHUP)
        wait_until(lambda: "were read again" in said.read_text())
        self.clock("2026-05-04T09:59:58Z")
        self.ran(("04 10:00", "succeeded"))

    def test_systemd_is_told_when_it_is_ready_and_when_it_stops(self):
        listener = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.addCleanup(listener.close)
        listener.bind(str(self.folder / "notify"))
        listener.settimeout(30)
        daemon = self.start(self.job('cron = "@yearly"'),
                            env={"NOTIFY_SOCKET": str(self.folder / "notify")})
        self.assertEqual(listener.recv(100), b"READY=1")
        daemon.terminate()
        told = b""
        while told != b"STOPPING=1":
            told = listener.recv(100)
        self.assertEqual(daemon.wait(60), 0)

    def test_what_is_wrong_in_a_job_file_is_named_with_its_line(self):
        for schedule, part in (('cron = "61 * * * *"', 'job.toml:7: cron: minute "61"'),
                               ('cron = "@daily"\nzone = "Mars/Base"', "job.toml:8: zone: Mars"),
                               ('cron = "@daily"\nwindow = "soon"', "job.toml:8: window"),
                               ('zone = "UTC"', "needs cron")):
            answer = self.quern("schedule", self.job(schedule))
            self.assertEqual(answer.returncode, 78, answer.stderr)
            self.assertIn(part, answer.stderr)
        self.assertFalse((self.folder / "quern-project.db").exists())


if __name__ == "__main__":
    QUERN = str(Path(sys.argv.pop(1)).resolve())
    if not FAKETIME:
        print("THERE IS NO libfaketime: nothing of quern schedule was tested")
        sys.exit(77)
    unittest.main(verbosity=2)
