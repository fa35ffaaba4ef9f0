# SPDX-License-Identifier: Apache-2.0
"""What the tests of Singer and Airbyte share: documents on several web addresses and in a folder, the
records that the command makes of them, and what a state confirms.

The addresses are loopback and delay_ms is 0, openly: they are our own.
"""
import datetime
import json
import os
import shutil
import subprocess
import time
import urllib.request

from host_common import ROOT, WebServer

ADDRESSES = 8
SETTINGS = {"allow_addresses": ["127.0.0.0/8"], "delay_ms": 0, "batch_rows_max": 25,
            "batch_wait_ms": 100, "split_inputs_max": 60}
SAMPLES = [ROOT / "samples/documents", *(ROOT / "tests/golden" / name for name in (
    "html", "text", "bad", "archives", "library", "recognised"))]
NO_DOCUMENTS = {".json", ".with", ".py", ".md"}
HOSTILE_PAGE = (
    "<!doctype html><meta charset=utf-8><title>\"Quotes\" '\\' &amp; \U0001f468\u200d\U0001f469"
    "\u200d\U0001f467 \u202e</title><p>&#1;&#8;&#27;&#127;&#x2028;&#xfffe;&#xffff;&#x10ffff;"
    "<p>'; DROP TABLE documents; -- %s {0} ${x} $$ ?<pre>a\tb\r\n\\N\n\\n\n\\.\n\"\"\n,;\nNULL\n"
    "null\n{}\n[]\ntrue\n\u2028\u2029\u0085\ufeff\ufffe \x1b[31m</pre>")
HOSTILE_NAMES = ["\"quoted\", 'twice'.txt", "line\nbreak\ttab\x01.txt", "\u2028\u2029\ufeff.txt",
                 "\\N.txt", "\U0001f468\u200d\U0001f469\u200d\U0001f467.txt", "%s{0}$$.txt"]


def hostile_files(folder):
    folder.mkdir()
    for number, name in enumerate(HOSTILE_NAMES):
        (folder / name).write_text(f"a text under an odd name, number {number}\n")


def page_of(number):
    return (f"<!doctype html><meta charset=gb18030><title>第{number}页 ☂</title>"
            f"<h1>第{number}页</h1><p>正文 {number}" + "字" * number).encode("gb18030")


class Site(WebServer):
    """Every document at every address, and some at the first alone; a page that is not there."""

    def __init__(self, scratch):
        folder = scratch / "site"
        for samples in SAMPLES:
            for path in samples.iterdir():
                if path.is_file() and path.suffix not in NO_DOCUMENTS:
                    (folder / samples.name).mkdir(parents=True, exist_ok=True)
                    shutil.copy(path, folder / samples.name)
        (folder / "pages").mkdir()
        for number in range(20):
            (folder / "pages" / f"{number}.html").write_bytes(page_of(number))
        self.everywhere = sorted(str(path.relative_to(folder)) for path in folder.rglob("*.*"))
        (folder / "hostile.html").write_text(HOSTILE_PAGE, encoding="utf-8", newline="")
        (folder / "long.txt").write_text("很长的一行 \"'\\\U0001f468 " * 16000, encoding="utf-8")
        self.once = ["hostile.html", "long.txt", "not-there.html"]
        hostile_files(scratch / "odd")
        self.folder = scratch / "odd"
        super().__init__("--folder", folder, "--addresses", ADDRESSES)

    def at(self, address, name):
        return f"http://127.0.0.{address}:{self.port}/file/{name}"

    def inputs(self):
        return ([self.at(address, name) for name in self.everywhere
                 for address in range(1, ADDRESSES + 1)] +
                [self.at(1, name) for name in self.once] + [str(self.folder)])

    def config(self, **more):
        return {"inputs": self.inputs(), **SETTINGS, **more}

    def requests(self):
        """The URLs asked for so far, in their order."""
        return [f"http://{entry['host']}:{self.port}{entry['target']}" for entry in self.log()]

    def hold_after(self, count):
        urllib.request.urlopen(f"{self.url}/hold?{count}", timeout=20).close()

    def let_go(self):
        urllib.request.urlopen(self.url + "/hold", timeout=20).close()


def wait_for(what, holds, seconds=60):
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, f"{what}: not within {seconds} s"
        time.sleep(0.02)


# --- what is expected ---

def settings_of(settings):
    for key, value in settings.items():
        for item in value if isinstance(value, list) else [value]:
            yield from ("--set", f"{key}={item}")


def expected_records(build, scratch, inputs):
    """By id, what `quern convert` makes of the inputs."""
    listed = scratch / "inputs.txt"
    listed.write_text("".join(f"{item}\n" for item in inputs[1:]))
    done = subprocess.run([build / "bin" / "quern", "convert", "--quiet", *settings_of(SETTINGS),
                           "--set", f"input_file={listed}", inputs[0]],
                          capture_output=True, timeout=120)
    records = [json.loads(line) for line in done.stdout.split(b"\n") if line]
    found = {record["id"]: record for record in records}
    assert len(found) == len(records) > 500, (len(found), len(records), done.stderr)
    for name, values in {"charset": {"GBK", "Big5", "UTF-16BE"}, "member": {"资料/说明.txt"},
                         "status": {"converted", "partial", "failed"}}.items():
        assert values <= {record[name] for record in records}, f"{values} of {name} are missed"
    return found


def is_recent(moment):
    """A moment of the last half hour in UTC, whether or not the database keeps the zone."""
    if isinstance(moment, str):
        moment = datetime.datetime.fromisoformat(moment)
    moment = moment if moment.tzinfo else moment.replace(tzinfo=datetime.UTC)
    age = datetime.datetime.now(datetime.UTC) - moment
    return datetime.timedelta(0) <= age < datetime.timedelta(minutes=30)


def difference(name, value, wanted):
    if name == "fetched_at":  # differs from fetch to fetch
        return not (value and is_recent(value)) if wanted else value is not None
    return value != wanted


def check_rows(found, expected):
    """Rows and records by id: as many, and equal in every column that the rows have."""
    assert found.keys() == expected.keys(), (
        f"{len(found.keys() - expected.keys())} records are too many, and missing: "
        f"{[expected[key]['url'] for key in expected.keys() - found.keys()][:10]}")
    for key, row in found.items():
        wrong = {name: (value, expected[key][name]) for name, value in row.items()
                 if difference(name, value, expected[key][name])}
        assert not wrong, (expected[key]["url"], str(wrong)[:2000])


# --- what a state confirms ---

class Confirmed:
    """Inputs of which every record came before the state that is gone on from."""

    def __init__(self, expected):
        self.ids = {}  # by input
        for record in expected.values():
            root = record
            while root["parent_id"]:
                root = expected[root["parent_id"]]
            self.ids.setdefault(root["url"], set()).add(record["id"])
        self.seen = set()

    def advance(self, messages, state):
        """The records before that state count, if these messages hold it."""
        ids = set()
        for kind, value in messages:
            if kind == "RECORD":
                ids.add(value["id"])
            elif kind == "STATE" and value == state:
                self.seen |= ids
                return True
        return False

    def inputs(self):
        return {url for url, ids in self.ids.items() if ids <= self.seen}


def process_environment():
    """Nothing that a developer's shell says to plugins, and no telemetry."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith("QUERN")}
    return {**kept, "DO_NOT_TRACK": "1", "AIRBYTE_OFFLINE_MODE": "1",
            "MELTANO_SEND_ANONYMOUS_USAGE_STATS": "0"}
