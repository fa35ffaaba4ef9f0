# SPDX-License-Identifier: Apache-2.0
"""`quern tap` with two Singer targets that others wrote, into a PostgreSQL of its own.

  host_singer.py BUILD [TEST…]

Run by host_singer.sh in the environment it makes. Contents are compared with what `quern convert`
makes of the same documents; processes are killed where a web server holds its answers back, so that
the middle is the middle on every machine.
"""
import datetime
import decimal
import json
import pathlib
import re
import signal
import subprocess
import sys
import tempfile
import time
import traceback
from importlib.metadata import version

import jsonschema
import psycopg

import postgres
from host_common import ROOT, cli_records
from tap_common import (Confirmed, Site, check_rows, expected_records, process_environment, wait_for)

BUILD = pathlib.Path(sys.argv[1]).resolve()
BIN = pathlib.Path(sys.executable).parent
SAMPLES = ROOT / "samples/hosts/singer"
CONTROL = re.compile(r"[\x00-\x1f]")
EACH_TIME = 150  # files that are answered before an interruption
tests = []


def test(function):
    tests.append(function)
    return function


def write_json(path, value):
    path.write_text(json.dumps(value))
    return path


def read_json(path):
    return json.loads(path.read_text())


def read_json_lines(path):
    return [json.loads(line) for line in lines_of(path)]


def lines_of(path):
    """The whole lines of a file that may end in a piece of one, or that nobody has opened yet."""
    return path.read_bytes().split(b"\n")[:-1] if path.exists() else []


# --- two targets ---

class Target:
    """A table of the cluster that a target writes, in a schema of its own."""
    batch = 50

    def __init__(self, scratch):
        self.schema = scratch.name + "_" + type(self).__name__.lower()
        self.url = cluster.url
        self.settings = {**read_json(SAMPLES / self.example), "default_target_schema": self.schema,
                         "batch_size_rows": self.batch, **self.where()}

    def query(self, sql):
        with psycopg.connect(self.url, options=f"-c search_path={self.schema}") as database:
            found = database.execute(sql)
            return [column.name for column in found.description], found.fetchall()

    def columns(self):
        return self.query("SELECT * FROM documents LIMIT 0")[0]

    def rows(self):
        names, rows = self.query("SELECT * FROM documents")
        return [{name: self.plain(value) for name, value in zip(names, row)} for row in rows]

    @staticmethod
    def plain(value):
        return float(value) if isinstance(value, decimal.Decimal) else (
            value.isoformat() if type(value) is datetime.date else value)

    def has_begun(self):
        try:
            return self.query("SELECT count(*) FROM documents")[1][0][0] >= self.batch
        except psycopg.errors.UndefinedTable:
            return False


class Meltano(Target):
    """meltanolabs-target-postgres. It tells a state when it ends, and every five minutes."""
    command = BIN / "target-postgres"
    example = "target-postgres.json"

    def where(self):
        return {"sqlalchemy_url": self.url.replace("://", "+psycopg://")}

    @staticmethod
    def would_keep(record):
        return record


class Pipelinewise(Target):
    """pipelinewise-target-postgres. It tells a state at each of its batches. It keeps an empty text as
    NULL, and a control character as what JSON writes for it."""
    command = BIN.parents[1] / "singer-pipelinewise/bin/target-postgres"
    example = "target-postgres-pipelinewise.json"

    def where(self):
        return {"host": str(cluster.folder), "dbname": "postgres", "password": "of no use here",
                "validate_records": True}

    @staticmethod
    def would_keep(record):
        return {name: CONTROL.sub(lambda found: json.dumps(found[0])[1:-1], value) or None
                if isinstance(value, str) else value for name, value in record.items()}


# --- one run of a tap into a target ---

class Run:
    """quern tap | tee | target; what went through and what the target told is kept."""
    count = 0

    def __init__(self, scratch, target, config, *arguments, state=None, catalog=None):
        Run.count += 1
        self.folder = scratch / f"run{Run.count}"
        self.folder.mkdir()
        arguments = [*arguments, "--config", write_json(self.folder / "config.json", config)]
        if state is not None:
            arguments += ["--state", write_json(self.folder / "state.json", state)]
        if catalog is not None:
            arguments += ["--catalog", write_json(self.folder / "catalog.json", catalog)]
        self.through, self.told = self.folder / "through", self.folder / "told"
        settings = write_json(self.folder / "target.json", target.settings)
        self.tap = self.start([BUILD / "bin/quern", "tap", *arguments], None, subprocess.PIPE)
        self.tee = self.start(["tee", self.through], self.tap.stdout, subprocess.PIPE)
        self.target = self.start([target.command, "--config", settings], self.tee.stdout,
                                 open(self.told, "wb"))
        for process in (self.tap, self.tee):
            process.stdout.close()  # ours: who reads it alone keeps it open

    def start(self, command, given, taken):
        log = open(self.folder / pathlib.Path(command[0]).name, "wb")
        return subprocess.Popen(command, stdin=given or subprocess.DEVNULL, stdout=taken,
                                stderr=log, env=process_environment())

    def wait(self):
        """The exit codes of tap and target."""
        codes = self.tap.wait(120), self.target.wait(120)
        self.tee.wait(20)
        return codes

    def logs(self):
        return "\n".join(f"{path.name}: {path.read_text()[-2000:]}" for path in
                         (self.folder / "quern", *self.folder.glob("target-*")))

    def finish(self):
        codes = self.wait()
        assert codes == (0, 0), (codes, self.logs())
        return self

    def messages(self):
        return read_json_lines(self.through) if self.through.exists() else []

    def pairs(self):
        return [(message["type"], message.get("record") or message.get("value"))
                for message in self.messages()]

    def states(self):
        return read_json_lines(self.told)


def discover(config, scratch):
    """The catalog that the tap tells for that config."""
    path = write_json(scratch / "discover.json", config)
    return json.loads(subprocess.check_output(
        [BUILD / "bin/quern", "tap", "--discover", "--config", path], env=process_environment()))


def select(catalog, columns):
    """The catalog with these columns selected and no others."""
    for entry in catalog["streams"][0]["metadata"]:
        if entry["breadcrumb"]:
            entry["metadata"]["selected"] = entry["breadcrumb"][1] in columns
    return catalog


def by_id(rows):
    found = {row["id"]: row for row in rows}
    assert len(found) == len(rows), f"{len(rows) - len(found)} rows are double"
    return found


def kept(target, expected):
    return {key: target.would_keep(record) for key, record in expected.items()}


# --- whole runs ---

def a_whole_run(kind, site, expected, scratch):
    target = kind(scratch)
    began = time.monotonic()
    run = Run(scratch, target, site.config()).finish()
    seconds = time.monotonic() - began
    rows = target.rows()
    check_rows(by_id(rows), kept(target, expected))
    assert set(target.columns()) == set(next(iter(expected.values())))
    print(f"       {kind.__name__}: {len(rows)} rows of {len(target.columns())} columns in "
          f"{seconds:.1f} s, {len(rows) / seconds:.0f} rows/s, start included")
    return target, run


@test
def every_column_of_every_document_arrives_by_pipelinewise(site, expected, scratch):
    a_whole_run(Pipelinewise, site, expected, scratch)


@test
def every_column_of_every_document_arrives_by_meltano(site, expected, scratch):
    a_whole_run(Meltano, site, expected, scratch)


@test
def every_record_is_as_the_schema_says_and_nothing_else_is_written(site, expected, scratch):
    done = subprocess.run([BUILD / "bin/quern", "tap", "--config",
                           write_json(scratch / "config.json", site.config())],
                          capture_output=True, timeout=120, env=process_environment())
    assert done.returncode == 0, done.stderr
    assert done.stdout.endswith(b"\n")
    first, *messages = map(json.loads, done.stdout.split(b"\n")[:-1])
    assert (first["type"], first["stream"], first["key_properties"]) == (
        "SCHEMA", "documents", ["id"]), first
    check = jsonschema.Draft7Validator(first["schema"],
                                       format_checker=jsonschema.FormatChecker())
    records = [message for message in messages if message["type"] == "RECORD"]
    for message in records:
        check.validate(message["record"])
        assert message["stream"] == "documents"
    check_rows(by_id([message["record"] for message in records]), expected)
    assert {message["type"] for message in messages} == {"RECORD", "STATE"}
    assert messages[-1]["type"] == "STATE" and messages[-1]["value"]["bookmarks"]["documents"][
        "finished"] is True, messages[-1]


@test
def a_hostile_text_arrives_equal(site, expected, scratch):
    hostile = {key: record for key, record in expected.items() if record["url"] and
               (not record["url"].startswith("http") or record["url"] in (
                   site.at(1, "hostile.html"), site.at(1, "long.txt")))}
    told = "".join(record[name] or "" for record in hostile.values()
                   for name in ("url", "title", "text"))
    for wanted in "\u2028", "\U0001f468\u200d", "\uffff", "\\N", "\"\"", "'; DROP", "%s", "\t":
        assert wanted in told, wanted
    assert max(len(record["text"]) for record in hostile.values()) > 150000
    config = site.config(inputs=[record["url"] for record in hostile.values()
                                 if record["url"].startswith("http")] + [str(site.folder)])
    for kind in Pipelinewise, Meltano:
        target = kind(scratch)
        Run(scratch, target, config).finish()
        check_rows(by_id(target.rows()), kept(target, hostile))


# --- interruptions ---

def interrupt(run, how):
    """Ends what is said in the middle; the tap's exit code."""
    if how in ("the target is killed", "both are killed"):
        run.target.kill()
    if how == "the target is terminated":
        run.target.terminate()
    if how in ("the tap is killed", "both are killed"):
        run.tap.kill()
    if how == "the tap is terminated":
        began = time.monotonic()
        run.tap.terminate()
        assert run.tap.wait(20) is not None
        print(f"       terminated while it waited for answers: "
              f"{(time.monotonic() - began) * 1000:.0f} ms")


def check_interrupted(run, how, codes):
    if how == "the tap is terminated":
        assert codes == (75, 0), (codes, run.logs())
        assert run.messages()[-1]["type"] == "STATE"
        assert run.states()[-1] == run.messages()[-1]["value"], "the last state is the target's"
    elif how == "the target is killed":
        assert codes == (74, -signal.SIGKILL), (codes, run.logs())
    elif how == "the target is terminated":
        assert codes == (74, 0) and run.states(), (codes, run.logs())
    else:
        assert codes[0] == -signal.SIGKILL, codes


def interrupted_runs(kind, ways, site, expected, scratch):
    target, state, confirmed, config = kind(scratch), None, Confirmed(expected), site.config()
    saved = 0
    for how in (*ways, "the tap is terminated", "nothing happens"):
        asked, spared = len(site.requests()), confirmed.inputs()
        ends = how == "nothing happens"
        if not ends:
            site.hold_after(EACH_TIME)
        run = Run(scratch, target, config, state=state)
        if not ends:
            wait_for(f"{how}: the middle", lambda: target.has_begun() and sum(
                line.startswith(b'{"type":"RECORD"') for line in lines_of(run.through)) >= EACH_TIME)
            if how == "the target is terminated":
                wait_for(f"{how}: a state came", lambda: any(
                    line.startswith(b'{"type":"STATE"') for line in lines_of(run.through)))
                time.sleep(1)  # for the target to read it
            interrupt(run, how)
        if how != "the tap is terminated":
            site.let_go()
        codes = run.wait()
        site.let_go()
        again = set(site.requests()[asked:]) & spared
        assert not again, f"{how}: fetched again: {sorted(again)[:5]}, {len(again)} in all"
        if ends:
            assert codes == (0, 0), (codes, run.logs())
        else:
            check_interrupted(run, how, codes)
        if run.states():
            state = run.states()[-1]
            assert confirmed.advance(run.pairs(), state), "the target told another's state"
        saved = max(saved, len(spared))
        print(f"       {how}: {len(site.requests()) - asked} requests, "
              f"{len(confirmed.inputs())} of {len(confirmed.ids)} inputs are confirmed")
    assert saved > EACH_TIME, saved
    assert state["bookmarks"]["documents"]["finished"] is True
    check_rows(by_id(target.rows()), kept(target, expected))
    return target, state


@test
def what_is_interrupted_goes_on_by_pipelinewise(site, expected, scratch):
    target, state = interrupted_runs(
        Pipelinewise, ("the tap is killed", "the target is killed", "both are killed"), site, expected,
        scratch)
    asked = len(site.requests())
    Run(scratch, target, site.config(), state=state).finish()
    again = site.requests()[asked:]
    assert sorted(again) == sorted(url for url in site.inputs() if url.startswith("http")), (
        "after a finished round each input is asked for once more")
    check_rows(by_id(target.rows()), kept(target, expected))


@test
def what_is_interrupted_goes_on_by_meltano(site, expected, scratch):
    """Terminated, this target writes what it holds and tells the state of it."""
    interrupted_runs(Meltano, ("the tap is killed", "the target is killed",
                               "the target is terminated"), site, expected, scratch)


# --- columns, examples, mistakes ---

def columns_come_and_go(kind, site, scratch):
    few, config = ["id", "url", "title", "status"], site.config(
        inputs=[str(ROOT / "samples/documents")])
    records = cli_records(BUILD, ROOT / "samples/documents")
    every = list(next(iter(records.values())))
    target, catalog = kind(scratch), discover(config, scratch)
    for columns, there in (few, few), (every, every), (few, every):
        run = Run(scratch, target, config, catalog=select(catalog, columns)).finish()
        assert {tuple(sorted(record)) for kind, record in run.pairs() if kind == "RECORD"} == {
            tuple(sorted(columns))}
        assert sorted(target.columns()) == sorted(there), target.columns()
        check_rows(by_id(target.rows()), kept(target, records))


@test
def columns_come_and_go_by_pipelinewise(site, expected, scratch):
    columns_come_and_go(Pipelinewise, site, scratch)


@test
def columns_come_and_go_by_meltano(site, expected, scratch):
    columns_come_and_go(Meltano, site, scratch)


@test
def the_examples_of_the_readme_run(site, expected, scratch):
    (scratch / "samples").symlink_to(ROOT / "samples")
    examples = scratch / "samples/hosts/singer"
    for kind in Meltano, Pipelinewise:
        target = kind(scratch)
        settings = write_json(scratch / "target.json", {**read_json(examples / kind.example),
                                                        "default_target_schema": target.schema,
                                                        **target.where()})
        done = subprocess.run(
            f"set -o pipefail; {BUILD}/bin/quern tap --config {examples}/config.json --catalog "
            f"{examples}/catalog.json | {kind.command} --config {settings} >> states.json",
            shell=True, executable="/bin/bash", cwd=scratch, capture_output=True, timeout=60,
            env=process_environment())
        assert done.returncode == 0, done.stderr
        selected = [entry["breadcrumb"][1] for entry in
                    read_json(examples / "catalog.json")["streams"][0]["metadata"]
                    if entry["breadcrumb"] and entry["metadata"].get("selected", True)]
        assert sorted(target.columns()) == sorted(selected) and len(selected) == 12
        check_rows(by_id(target.rows()),
                   kept(target, cli_records(BUILD, ROOT / "samples/documents")))
        assert read_json_lines(scratch / "states.json")[-1]["bookmarks"]["documents"]["finished"]


@test
def the_example_catalog_names_columns_that_there_are(site, expected, scratch):
    there = discover({"inputs": []}, scratch)["streams"][0]
    example = read_json(SAMPLES / "catalog.json")["streams"][0]
    for name, schema in example["schema"]["properties"].items():
        assert schema.items() <= there["schema"]["properties"][name].items(), name


@test
def mistakes_are_told_on_standard_error_and_write_no_message(site, expected, scratch):
    for config, word in (({"inputs": ["x"], "delay": 1}, "delay"), ({}, "input"),
                         ({"inputs": ["x"], "delay_ms": -1}, "delay_ms"),
                         ({"inputs": ["x"], "columns": ["no_such_column"]}, "no_such_column")):
        path = write_json(scratch / "config.json", config)
        done = subprocess.run([BUILD / "bin/quern", "tap", "--config", path], capture_output=True,
                              text=True, timeout=20, env=process_environment())
        assert done.returncode == 78 and done.stdout == "", (done.returncode, done.stdout)
        assert word in done.stderr, (word, done.stderr)


def main():
    global cluster
    ran = failed = 0
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        folder.chmod(0o755)  # the database's owner passes through
        (folder / "postgres").mkdir()
        with Site(folder) as site, postgres.Cluster(folder / "postgres") as cluster:
            expected = expected_records(BUILD, folder, site.inputs())
            for function in tests:
                if len(sys.argv) > 2 and function.__name__ not in sys.argv[2:]:
                    continue
                ran += 1
                began = time.monotonic()
                scratch = folder / f"test{ran}"
                scratch.mkdir()
                try:
                    function(site, expected, scratch)
                    verdict = "ok"
                except Exception:
                    traceback.print_exc()
                    site.let_go()
                    failed += 1
                    verdict = "FAILED"
                print(f"{verdict:6} {function.__name__} ({time.monotonic() - began:.1f} s)",
                      flush=True)
            documents = len(expected)
    packages = ", ".join(f"{name} {version(name)}" for name in (
        "meltanolabs-target-postgres", "singer-sdk"))
    packages += ", " + subprocess.check_output(
        [Pipelinewise.command.parent / "pip", "freeze"], text=True).split("pipelinewise-target-")[1
        ].split()[0].replace("==", " of pipelinewise ")
    print(f"{ran - failed} passed, {failed} failed on {documents} documents with {packages}, "
          f"Python {sys.version.split()[0]}")
    return failed > 0 or ran == 0


if __name__ == "__main__":
    sys.exit(main())
