# SPDX-License-Identifier: Apache-2.0
"""What the tests of hosts share: the command's records to compare with, a web server that counts, and
a plugin that spies (spy_plugin.c)."""
import json
import os
import subprocess
import sys
import tempfile
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = str(ROOT / "samples" / "documents")
LOOPBACK = {"allow_addresses": ["127.0.0.0/8"], "delay_ms": 0}


def cli_records(build, *inputs):
    """By id, what `quern convert` prints. A sanitizer preloaded for an adapter is not for it."""
    environment = {key: value for key, value in os.environ.items() if key != "LD_PRELOAD"}
    done = subprocess.run([build / "bin" / "quern", "convert", *inputs], capture_output=True,
                          timeout=120, env=environment)
    found = {record["id"]: record for record in map(json.loads, done.stdout.splitlines())}
    assert found, done.stderr.decode()
    return found


class WebServer:
    def __init__(self, *arguments):
        self.arguments = arguments  # of server.py

    def __enter__(self):
        self.process = subprocess.Popen(
            [sys.executable, ROOT / "tests/e2e/server.py", *map(str, self.arguments)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.port = int(self.process.stdout.readline().split()[1])
        self.url = f"http://127.0.0.1:{self.port}"
        return self

    def log(self):
        with urllib.request.urlopen(self.url + "/log", timeout=20) as answer:
            return json.load(answer)

    def asked(self):
        return [entry["target"] for entry in self.log()]

    def __exit__(self, *_):
        self.process.stdin.close()
        self.process.wait(10)
        self.process.stdout.close()


class Spy:
    """The environment of a process that loads libspy.so, and what the plugin was asked there."""

    def __init__(self, case, build, work, fault=""):
        folder = tempfile.TemporaryDirectory()
        case.addCleanup(folder.cleanup)
        self.log = Path(folder.name) / "log"
        self.environment = {"QUERN_PLUGIN": str(work / "libspy.so"), "SPY_LOG": str(self.log),
                            "SPY_REAL": str((build / "lib" / "libquern.so").resolve()),
                            "SPY_FAULT": fault}

    def lines(self):
        return self.log.read_text().splitlines() if self.log.exists() else []

    def columns(self):
        """Each different list of columns that a reader was opened with."""
        return {tuple(line.split()[1:]) for line in self.lines() if line.startswith("columns")}

    def balance(self):
        """By kind of handle: how many were opened and how many closed."""
        lines = self.lines()
        return {kind: (lines.count(f"open {kind}"), lines.count(f"close {kind}"))
                for kind in ("source", "plan", "reader")}
