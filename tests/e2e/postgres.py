# SPDX-License-Identifier: Apache-2.0
"""A PostgreSQL for tests, Debian's 15: a cluster of its own in a folder, on a Unix socket, with an
owner who may do nothing else. It can be killed and started again."""
import json
import os
import pathlib
import signal
import subprocess
import time

PROGRAMS = pathlib.Path("/usr/lib/postgresql/15/bin")


def is_there():
    return all((PROGRAMS / name).exists() for name in ("initdb", "postgres", "psql"))


class Cluster:
    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.url = f"postgresql://quern@/postgres?host={self.folder}"
        self.owner = {}
        if os.geteuid() == 0:  # PostgreSQL refuses to run as root
            os.chown(folder, *(int(subprocess.check_output(["id", kind, "postgres"])) for kind in
                               ("-u", "-g")))
            self.owner = {"user": "postgres", "group": "postgres", "extra_groups": []}

    def __enter__(self):
        self.log = open(self.folder / "log", "a")
        subprocess.run([PROGRAMS / "initdb", "-D", self.folder / "data", "-U", "quern", "-A", "trust",
                        "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"], check=True, stdout=self.log,
                       stderr=self.log, cwd="/", **self.owner)
        self.start()
        return self

    def start(self):
        self.process = subprocess.Popen(
            [PROGRAMS / "postgres", "-D", self.folder / "data", "-k", self.folder, "-c",
             "listen_addresses=", "-c", "fsync=off"], stdout=self.log, stderr=self.log, cwd="/",
            **self.owner)
        end = time.monotonic() + 60
        while not self.answers():
            assert self.process.poll() is None, (self.folder / "log").read_text()[-2000:]
            assert time.monotonic() < end, "PostgreSQL does not answer"
            time.sleep(0.05)

    def stop(self):
        """As pg_ctl stop -m immediate: what was committed is recovered at the start."""
        self.process.send_signal(signal.SIGQUIT)
        self.process.wait(60)

    def answers(self):
        return self.psql("SELECT 1").returncode == 0

    def psql(self, sql, database="postgres"):
        url = self.url.replace("/postgres?", f"/{database}?")
        return subprocess.run([PROGRAMS / "psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1",
                               "-d", url, "-c", sql], capture_output=True, text=True)

    def rows(self, sql, database="postgres"):
        """Each row of a query as a dict."""
        done = self.psql(f"SELECT coalesce(json_agg(q), '[]') FROM ({sql}) q", database)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)  # as pg_ctl stop -m fast
            self.process.wait(60)
        self.log.close()
