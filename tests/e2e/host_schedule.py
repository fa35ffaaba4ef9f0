#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""samples/schedule/ as it stands, run by the schedulers it is for: Debian's cron, a systemd that is
process 1 of its own namespace, and Airflow.

    host_schedule.py --airflow VENV PART...         in the root that schedule_root.sh makes

What is not as in the samples, so that a night takes seconds: cron's own clock (libfaketime: it begins
five seconds before 02:30 and runs ten times as fast, for the daemon only) and RETRY_SECONDS; the
timer's random delay and RestartSec; the DAG's retry_delay. An MTA is stood in for by a script that
keeps each mail.
"""
import argparse
import http.server
import json
import os
import re
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = ROOT / "samples/documents"
SCHEDULE = ROOT / "samples/schedule"
HOME = Path("/var/lib/quern")
TOKEN = "Bearer planted-4711"
AIRFLOW = Path()


class Pages(http.server.BaseHTTPRequestHandler):
    """The sample documents. One web host wants to know who asks; what is held, waits."""
    held = threading.Event()  # set: answers go out
    asked = []

    def do_GET(self):
        if self.path == "/robots.txt":
            self.send_error(404)
            return
        host = self.headers["Host"]
        Pages.asked.append(f"http://{host}{self.path}")
        Pages.held.wait(60)
        page = DOCUMENTS / self.path.lstrip("/")
        status = 200 if page.is_file() else 404
        if host == "library.example.org" and self.headers.get("Authorization") != TOKEN:
            status = 401
        body = page.read_bytes() if status == 200 else b"<p>no</p>"
        self.send_response(status)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        try:
            self.wfile.write(body)
        except BrokenPipeError:
            pass  # a run that was stopped did not wait for it

    def log_message(self, *_):
        pass


class Web:
    """Both web hosts of the job, on and off."""

    def __init__(self):
        self.servers = []

    def start(self):
        for address in ("20.0.0.1", "20.0.0.2"):
            server = http.server.ThreadingHTTPServer((address, 80), Pages)
            server.daemon_threads = True
            threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
            self.servers.append(server)

    def stop(self):
        while self.servers:
            server = self.servers.pop()
            server.shutdown()
            server.server_close()


def expected():
    """By what a record is called: what must stand in it, from the records beside the documents."""
    web = {"p-50318866.html": "library", "p-3390127.html": "library", "ferry.html": "archive"}
    found = {}
    for name in (*web, "rain-garden.zip", "ferry.txt.gz"):
        url = f"http://{web[name]}.example.org/{name}" if name in web else name
        for record in json.loads((DOCUMENTS / f"{name}.json").read_text()):
            found[(url, record.get("member"))] = tuple(
                record.get(key) for key in ("status", "title", "text", "content_sha256"))
    return found


def wait_until(holds, seconds=60):
    deadline = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > deadline:
            raise AssertionError(f"it never came to that in {seconds} s")
        time.sleep(0.05)


def remove_group(group):
    """A control group is a folder that goes once its processes have gone."""
    for folder, _, _ in os.walk(group, topdown=False):
        wait_until(lambda: not (Path(folder) / "cgroup.procs").read_text())
        os.rmdir(folder)


class Nights(unittest.TestCase):
    """A night begins with the web hosts up, no records, and the secret where the sample wants it."""

    def setUp(self):
        self.web = Web()
        self.web.start()
        self.addCleanup(self.web.stop)
        Pages.held.set()
        Pages.asked.clear()
        for path in HOME.glob("records.db*"):
            path.unlink()
        self.secret(TOKEN)

    def secret(self, value):
        path = Path("/etc/quern/library-authorization")
        path.write_text(value + "\n")
        subprocess.run(["chown", "root:quern", path], check=True)
        path.chmod(0o640)

    def rows(self, sql):
        with sqlite3.connect(f"file:{HOME}/records.db?mode=ro", uri=True, timeout=30) as database:
            return database.execute(sql).fetchall()

    def finished(self):
        """Has the round of the job that is there come to its end?"""
        if not (HOME / "records.db").exists():
            return False
        try:
            return self.rows("SELECT finished FROM quern_state WHERE job = 'nightly'") == [(1,)]
        except sqlite3.OperationalError:
            return False

    def make_most_fail(self):
        """Of seven inputs four: the secret is wrong for two pages, and two files are empty."""
        self.secret("Bearer another")
        for name in ("empty-1.txt", "empty-2.txt"):
            (HOME / "archives" / name).write_bytes(b"")
            self.addCleanup((HOME / "archives" / name).unlink)

    def failed_to_the_end(self):
        """Has a round ended that could not ask for everything?"""
        return (self.finished() and self.rows("SELECT 1 FROM quern_failure") and
                self.finished())

    def assert_night_is_whole(self):
        found = {(url, member): rest for url, member, *rest in self.rows(
            "SELECT url, member, status, title, text, content_sha256 FROM quern_record")}
        self.assertEqual({key: tuple(rest) for key, rest in found.items()}, expected())
        self.assertEqual(self.rows("SELECT * FROM quern_failure"), [])
        self.assertNotIn(b"planted", b"".join(p.read_bytes() for p in HOME.glob("records.db*")))

    def asked_once(self):
        self.assertEqual(sorted(Pages.asked), sorted(
            url for url, _ in expected() if url.startswith("http:")))


class Units(unittest.TestCase):
    """What can be said of the units without running them."""

    def analyze(self, *arguments):
        done = subprocess.run(["systemd-analyze", *map(str, arguments)], text=True,
                              capture_output=True, timeout=60)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        return done.stdout, done.stderr

    def test_systemd_has_nothing_to_say_against_the_units(self):
        out, error = self.analyze("verify", "--man=no", SCHEDULE / "quern-nightly.service",
                                  SCHEDULE / "quern-nightly.timer")
        self.assertEqual((out, error), ("", ""))

    def test_a_unit_with_a_fault_would_have_been_told(self):
        bad = Path("/tmp/quern-bad.service")
        bad.write_text((SCHEDULE / "quern-nightly.service").read_text() + "ProtectSysten=yes\n")
        _, error = self.analyze("verify", "--man=no", bad)
        self.assertIn("ProtectSysten", error)

    def test_what_the_service_is_exposed_to_is_1_5_of_10_at_most(self):
        out, _ = self.analyze("security", "--offline=true", SCHEDULE / "quern-nightly.service")
        exposure = float(re.search(r"exposure level for [^:]*: ([0-9.]+)", out)[1])
        print(f"exposure of quern-nightly.service: {exposure} of 10", file=sys.stderr)
        self.assertLessEqual(exposure, 1.5)

    def test_the_timer_means_half_past_two(self):
        when = re.search("OnCalendar=(.*)", (SCHEDULE / "quern-nightly.timer").read_text())[1]
        out, _ = self.analyze("calendar", when)
        self.assertRegex(out, r"Next elapse: .* 02:30:00")


class Cron(Nights):
    """Debian's cron with the crontab of the sample."""
    mails = Path("/var/spool/mails")

    @classmethod
    def setUpClass(cls):
        cls.mails.mkdir(exist_ok=True)
        cls.mails.chmod(0o777)
        sendmail = Path("/usr/sbin/sendmail")
        sendmail.unlink(missing_ok=True)
        sendmail.write_text(f"#!/bin/sh\ncat > {cls.mails}/$$\n")
        sendmail.chmod(0o755)

    def setUp(self):
        super().setUp()
        for mail in self.mails.iterdir():
            mail.unlink()
        self.install((SCHEDULE / "crontab").read_text())

    def install(self, crontab):
        path = Path("/tmp/crontab")
        path.write_text(crontab)
        subprocess.run(["crontab", "-u", "quern", path], check=True, timeout=30)

    def fire(self, until):
        """Starts cron five of its seconds before half past two, and ends the daemon when it has
        fired; what it started goes on."""
        preload = "/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1"
        preload = next(Path("/usr/lib").glob("*/faketime/libfaketime.so.1"), preload)
        daemon = subprocess.Popen(["/usr/sbin/cron", "-f"], start_new_session=True, env={
            "PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LD_PRELOAD": str(preload),
            "FAKETIME": "@2026-11-23 02:29:55 x10"})
        try:
            wait_until(until, 20)
        finally:
            daemon.terminate()
            daemon.wait(10)
        Path("/run/crond.pid").unlink(missing_ok=True)

    def mail(self):
        """The one mail that came, once all of it is there."""
        wait_until(lambda: any(m.stat().st_size for m in self.mails.iterdir()))
        time.sleep(0.2)
        mail, = self.mails.iterdir()
        return mail.read_text()

    def test_the_crontab_is_well_formed(self):
        subprocess.run(["crontab", "-n", SCHEDULE / "crontab"], check=True, timeout=30)
        Path("/tmp/bad").write_text("30 25 * * * true\n")
        bad = subprocess.run(["crontab", "-n", "/tmp/bad"], capture_output=True, timeout=30)
        self.assertNotEqual(bad.returncode, 0)

    def test_a_good_night_leaves_records_and_no_mail(self):
        self.fire(lambda: Pages.asked)
        wait_until(self.finished)
        self.assert_night_is_whole()
        self.asked_once()
        time.sleep(0.5)
        self.assertEqual(list(self.mails.iterdir()), [])
        self.assertEqual((HOME / "records.db").owner(), "quern")

    def test_a_second_firing_while_the_first_runs_does_nothing_and_is_told(self):
        Pages.held.clear()
        self.fire(lambda: Pages.asked)
        self.fire(lambda: list(self.mails.iterdir()))
        self.assertIn("quern: /etc/quern/nightly.toml: is being run already\n", self.mail())
        Pages.held.set()
        wait_until(self.finished)
        self.assert_night_is_whole()
        self.asked_once()

    def test_while_no_web_host_answers_it_is_tried_again_and_a_mail_tells(self):
        crontab = (SCHEDULE / "crontab").read_text()
        self.install(crontab.replace("MAILTO=", "RETRY_SECONDS=2\nMAILTO="))
        self.web.stop()
        self.fire(self.failed_to_the_end)
        self.web.start()
        self.assertIn("no web host answered", self.mail())
        self.assert_night_is_whole()

    def test_what_failed_keeps_the_text_of_the_night_before_and_a_mail_tells(self):
        self.fire(lambda: Pages.asked)
        wait_until(self.finished)
        good = self.rows("SELECT id, text FROM quern_record ORDER BY id")
        self.make_most_fail()
        self.fire(lambda: list(self.mails.iterdir()))
        self.assertIn("nightly.toml: 4 of 7 inputs failed, and fail_above is 0.5\n", self.mail())
        self.assertEqual(self.rows("SELECT id, text FROM quern_record WHERE url NOT LIKE 'empty%' "
                                   "ORDER BY id"), good)


class Systemd(Nights):
    """A systemd of its own boots; a night was missed, so the timer fires at once."""
    def setUp(self):
        super().setUp()
        units = Path("/etc/systemd/system")
        (units / "night.target").write_text(
            "[Unit]\nWants=systemd-journald.service quern-nightly.timer\n")
        for drop, text in (("quern-nightly.timer.d", "[Timer]\nRandomizedDelaySec=0\n"),
                           ("quern-nightly.service.d", "[Service]\nRestartSec=1\n")):
            (units / drop).mkdir(exist_ok=True)
            (units / drop / "test.conf").write_text(text)
        stamp = Path("/var/lib/systemd/timers/stamp-quern-nightly.timer")
        stamp.parent.mkdir(parents=True, exist_ok=True)
        stamp.touch()
        two_days_ago = time.time() - 2 * 86400
        os.utime(stamp, (two_days_ago, two_days_ago))

    def boot(self):
        hierarchy = Path("/sys/fs/cgroup")
        if not (hierarchy / "cgroup.procs").exists():
            hierarchy = hierarchy / "systemd"
        group = Path(tempfile.mkdtemp(prefix="quern-schedule-", dir=hierarchy))
        self.addCleanup(remove_group, group)
        machine = subprocess.Popen(
            ["bash", ROOT / "tests/e2e/schedule_boot.sh", group],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.addCleanup(machine.wait)
        self.addCleanup(machine.kill)
        children = Path(f"/proc/{machine.pid}/task/{machine.pid}/children")
        wait_until(lambda: children.read_text().split())
        self.first = children.read_text().split()[0]

    def ask(self, *command):
        """In the machine that booted."""
        done = subprocess.run(["nsenter", "-t", self.first, "-m", "-p", "-C", "-u", "-i", "-r", "-w",
                               *command],
                              capture_output=True, text=True, timeout=60)
        return done.stdout + done.stderr

    def state(self):
        text = self.ask("systemctl", "show", "quern-nightly.service", "-p", "ActiveState", "-p",
                        "SubState", "-p", "Result", "-p", "ExecMainStatus", "-p", "NRestarts")
        return dict(line.split("=", 1) for line in text.splitlines() if "=" in line)

    def journal(self):
        return self.ask("journalctl", "--no-pager", "-o", "cat", "-u", "quern-nightly.service")

    def wait_until(self, holds, seconds=30):
        try:
            wait_until(holds, seconds)
        except AssertionError as late:
            raise AssertionError(f"{late}\n{self.state()}\n{self.journal()}") from late

    def wait_for_end(self, **wanted):
        self.wait_until(lambda: wanted.items() <= self.state().items())

    def test_a_night_missed_is_made_up_for_and_nobody_sees_the_secret(self):
        self.boot()
        self.wait_until(self.finished)
        self.wait_for_end(ActiveState="inactive", Result="success")
        self.assert_night_is_whole()
        self.asked_once()
        self.assertEqual((HOME / "records.db").owner(), "quern")
        self.assertEqual((HOME / "records.db").stat().st_mode & 0o777, 0o640)
        journal = self.journal()
        self.assertIn("quern: 5 inputs, 7 records, 0 failed; ", journal)
        self.assertNotIn("planted", journal + self.ask("systemctl", "show", "quern-nightly.service"))

    def test_while_no_web_host_answers_it_is_started_again(self):
        self.web.stop()
        self.boot()
        self.wait_until(self.failed_to_the_end)
        self.web.start()
        self.wait_for_end(ActiveState="inactive", Result="success")
        self.assertGreater(int(self.state()["NRestarts"]), 0)
        self.assertIn("no web host answered", self.journal())
        self.assert_night_is_whole()

    def test_a_run_that_was_stopped_goes_on_by_itself(self):
        Pages.held.clear()
        self.boot()
        self.wait_until(lambda: Pages.asked)
        self.ask("systemctl", "kill", "quern-nightly.service")
        self.wait_until(lambda: "going on where the last run stopped" in self.journal())
        Pages.held.set()
        self.wait_for_end(ActiveState="inactive", Result="success")
        self.assert_night_is_whole()

    def test_when_too_much_fails_it_stays_failed(self):
        self.make_most_fail()
        self.boot()
        self.wait_for_end(ActiveState="failed", Result="exit-code", ExecMainStatus="65")
        time.sleep(2)
        state = self.state()
        self.assertEqual((state["ActiveState"], state["NRestarts"]), ("failed", "0"))
        self.assertIn("4 of 7 inputs failed, and fail_above is 0.5", self.journal())


class Airflow(Nights):
    """Airflow runs the DAG as a user tries it: airflow dags test, once a night."""

    @classmethod
    def setUpClass(cls):
        cls.home = Path("/tmp/airflow")
        (cls.home / "dags").mkdir(parents=True)
        dag = (SCHEDULE / "quern_nightly.py").read_text()
        assert dag.count("timedelta(minutes=10)") == 1
        (cls.home / "dags/quern_nightly.py").write_text(
            dag.replace("timedelta(minutes=10)", "timedelta(seconds=1)"))
        cls.environment = {
            "PATH": f"{AIRFLOW}/bin:/usr/local/bin:/usr/bin:/bin", "HOME": "/root",
            "AIRFLOW_HOME": str(cls.home), "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
            "AIRFLOW__CORE__DAGS_FOLDER": str(cls.home / "dags"),
            "AIRFLOW_CONN_QUERN_LIBRARY": json.dumps({"conn_type": "generic", "password": TOKEN})}
        cls.airflow("db", "migrate")

    @classmethod
    def airflow(cls, *arguments, **more):
        started = time.monotonic()
        done = subprocess.run([AIRFLOW / "bin/airflow", *arguments], text=True, timeout=300,
                              capture_output=True, cwd="/", env={**cls.environment, **more})
        print(f"airflow {' '.join(arguments)}: {time.monotonic() - started:.0f} s, "
              f"exit {done.returncode}", file=sys.stderr)
        return done.stdout + done.stderr

    def night(self, day, **more):
        said = self.airflow("dags", "test", "quern_nightly", day, **more)
        self.assertNotIn("planted", said)
        with sqlite3.connect(self.home / "airflow.db") as database:
            task = database.execute(
                "SELECT ti.state, ti.try_number, x.value FROM task_instance ti JOIN dag_run r "
                "ON r.dag_id = ti.dag_id AND r.run_id = ti.run_id LEFT JOIN xcom x ON "
                "x.dag_id = ti.dag_id AND x.run_id = ti.run_id AND x.key = 'return_value' "
                "WHERE date(r.logical_date) = ?", (day,)).fetchall()
        self.assertEqual(len(task), 1, said)
        return said, *task[0]

    def test_nights_one_after_another(self):
        """One test, for every call of airflow takes seconds."""
        with self.subTest("a good night: the records, and the summary as the task's result"):
            said, state, tries, result = self.night("2026-11-23")
            self.assertEqual((state, tries), ("success", 1), said)
            self.assert_night_is_whole()
            self.asked_once()
            summary = json.loads(result)
            summary = json.loads(summary) if isinstance(summary, str) else summary
            self.assertEqual((summary["inputs"], summary["records"], summary["failed"]), (5, 7, 0))
        with self.subTest("again, with no web host at first: tried again, and nothing double"):
            self.web.stop()

            def start_when_refused():
                wait_until(self.failed_to_the_end, 90)
                self.web.start()
            back = threading.Thread(target=start_when_refused)
            back.start()
            said, state, tries, _ = self.night("2026-11-24")
            back.join()
            self.assertEqual(state, "success", said)
            self.assertGreater(tries, 1)
            self.assert_night_is_whole()
        with self.subTest("too much fails: the task failed at its first try, yesterday's text stays"):
            self.make_most_fail()
            other = json.dumps({"conn_type": "generic", "password": "Bearer another"})
            good = self.rows("SELECT id, text FROM quern_record ORDER BY id")
            said, state, tries, _ = self.night("2026-11-25", AIRFLOW_CONN_QUERN_LIBRARY=other)
            self.assertEqual((state, tries), ("failed", 1), said)
            self.assertIn("quern run ended with 65", said)
            self.assertEqual(self.rows("SELECT id, text FROM quern_record WHERE url NOT LIKE "
                                       "'empty%' ORDER BY id"), good)
        leftover = b"".join(p.read_bytes() for p in self.home.rglob("*") if p.is_file())
        self.assertNotIn(b"planted", leftover)


if __name__ == "__main__":
    options = argparse.ArgumentParser()
    options.add_argument("--airflow", type=Path)
    options.add_argument("parts", nargs="*")
    options = options.parse_args()
    if not Path("/run/root-of-schedule-test").exists():
        sys.exit("this writes into /etc: tests/e2e/host_schedule.sh runs it in a root of its own")
    AIRFLOW = options.airflow
    chosen = [part.capitalize() for part in options.parts]
    unittest.main(argv=[sys.argv[0], "-v", *chosen])
