# SPDX-License-Identifier: Apache-2.0
"""`quern airbyte` as a source of PyAirbyte, into its DuckDB cache, and by the protocol's own models.

  host_airbyte.py BUILD [TEST…]

Run by host_airbyte.sh in the environment it makes. Each read of PyAirbyte is a process of its own that
may be killed; a web server holds its answers back, so that the middle is the middle on every machine.
"""
import contextlib
import json
import multiprocessing
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import time
import traceback
from importlib.metadata import version

SCRATCH = tempfile.TemporaryDirectory()
os.environ.update({"DO_NOT_TRACK": "1", "AIRBYTE_OFFLINE_MODE": "1", "HOME": SCRATCH.name,
                   "AIRBYTE_LOGGING_ROOT": SCRATCH.name + "/logs"})  # read by what is imported next

import airbyte
import duckdb
import jsonschema
from airbyte.caches import DuckDBCache
from airbyte.exceptions import AirbyteConnectorError
from airbyte_protocol.models import AirbyteMessage

from host_common import ROOT, cli_records
from tap_common import (Confirmed, Site, check_rows, expected_records, process_environment, wait_for)

BUILD = pathlib.Path(sys.argv[1]).resolve()
SOURCE = BUILD / "bin/source-quern"
SAMPLES = ROOT / "samples/hosts/airbyte"
EACH_TIME = 150  # files that are answered before an interruption
fork = multiprocessing.get_context("fork")
tests = []


def test(function):
    tests.append(function)
    return function


# --- PyAirbyte, its cache ---

def source_of(config):
    return airbyte.get_source("source-quern", config=config, local_executable=SOURCE, streams="*")


def read_child(config, scratch):
    os.chdir(scratch)
    with open(scratch / "log", "a") as log:
        os.dup2(log.fileno(), 1)
        os.dup2(log.fileno(), 2)
        try:
            cache = DuckDBCache(db_path=scratch / "records.duckdb", cache_dir=scratch / "files")
            source_of(config).read(cache=cache)
        except AirbyteConnectorError as error:
            print("told:", error, flush=True)
            os._exit(3)
    os._exit(0)


class Read:
    """One read by PyAirbyte in a process of its own: it may be killed, and a cache is locked by who
    has opened it."""

    def __init__(self, config, scratch):
        self.log = scratch / "log"
        self.process = fork.Process(target=read_child, args=(config, scratch))
        self.process.start()

    def source(self):
        """The process id of the source that reads, once there is one."""
        with contextlib.suppress(OSError):
            for children in pathlib.Path(f"/proc/{self.process.pid}/task").glob("*/children"):
                for child in children.read_text().split():
                    words = pathlib.Path(f"/proc/{child}/cmdline").read_bytes().split(b"\0")
                    if b"read" in words:
                        return int(child)
        return None

    def wait(self):
        self.process.join(120)
        return self.process.exitcode

    def finish(self):
        code = self.wait()
        assert code == 0, (code, self.log.read_text()[-3000:])


def read_all(config, scratch):
    Read(config, scratch).finish()


def query(scratch, sql):
    with duckdb.connect(str(scratch / "records.duckdb"), read_only=True) as database:
        found = database.execute(sql)
        return [(column[0], str(column[1])) for column in found.description], found.fetchall()


def has_table(scratch, name):
    return bool((scratch / "records.duckdb").exists() and query(
        scratch, f"SELECT 1 FROM duckdb_tables() WHERE table_name = '{name}'")[1])


def plain(kind, value):
    if value is None:
        return None
    if kind == "JSON":
        return json.loads(value)
    if kind == "DATE":
        return value.isoformat()
    return float(value) if kind.startswith("DECIMAL") else value


def rows(scratch):
    """By id, without the columns that PyAirbyte adds."""
    if not has_table(scratch, "documents"):
        return {}
    columns, found = query(scratch, "SELECT * FROM documents")
    by_id = {row["id"]: row for row in (
        {name: plain(kind, value) for (name, kind), value in zip(columns, row)
         if not name.startswith("_airbyte")} for row in found)}
    assert len(by_id) == len(found), f"{len(found) - len(by_id)} rows are double"
    return by_id


def state(scratch):
    """What the cache keeps of the stream's state."""
    if not has_table(scratch, "_airbyte_state"):
        return None
    found = query(scratch, "SELECT state_json FROM _airbyte_state")[1]
    return json.loads(found[0][0])["stream"]["stream_state"] if found else None


def would_keep(expected):
    """The cache keeps nine decimal places."""
    return {key: {**record, "title_match": record["title_match"] and round(record["title_match"], 9)}
            for key, record in expected.items()}


# --- whole reads ---

@test
def every_column_of_every_document_arrives_and_the_state_is_kept(site, expected, scratch):
    began = time.monotonic()
    read_all(site.config(), scratch)
    seconds = time.monotonic() - began
    found = rows(scratch)
    check_rows(found, would_keep(expected))
    print(f"       {len(found)} rows of {len(next(iter(found.values())))} columns in {seconds:.1f} s, "
          f"{len(found) / seconds:.0f} rows/s, start included")
    finished = state(scratch)
    assert finished["finished"] is True, finished

    asked = len(site.requests())
    read_all(site.config(), scratch)
    again = site.requests()[asked:]
    assert sorted(again) == sorted(url for url in site.inputs() if url.startswith("http")), (
        "after a finished round each input is asked for once more")
    check_rows(rows(scratch), would_keep(expected))
    assert state(scratch)["round"] == finished["round"] + 1, "the state was passed on"


@test
def a_hostile_text_arrives_equal(site, expected, scratch):
    hostile = {key: record for key, record in expected.items() if record["url"] and
               (not record["url"].startswith("http") or record["url"] in (
                   site.at(1, "hostile.html"), site.at(1, "long.txt")))}
    told = "".join(record[name] or "" for record in hostile.values()
                   for name in ("url", "title", "text"))
    for wanted in "\u2028", "\U0001f468\u200d", "\uffff", "\\N", "\"\"", "'; DROP", "%s", "\t":
        assert wanted in told, wanted
    config = site.config(inputs=[record["url"] for record in hostile.values()
                                 if record["url"].startswith("http")] + [str(site.folder)])
    read_all(config, scratch)
    check_rows(rows(scratch), would_keep(hostile))


@test
def the_check_tells_what_is_wrong(site, expected, scratch):
    asked = len(site.requests())
    source_of(site.config()).check()
    assert len(site.requests()) == asked, "a check fetches nothing"
    for config, word in (({"inputs": ["x"], "delay": 1}, "delay"),
                         ({"inputs": ["x"], "delay_ms": -1}, "delay_ms"),
                         ({}, "input"),
                         ({"inputs": ["x"], "columns": ["no_such_column"]}, "no_such_column")):
        path = scratch / "config.json"
        path.write_text(json.dumps(config))
        done = subprocess.run([SOURCE, "check", "--config", path], capture_output=True, text=True,
                              timeout=20, env=process_environment())
        status = [AirbyteMessage.model_validate_json(line) for line in done.stdout.splitlines()
                  if "CONNECTION_STATUS" in line][0].connectionStatus
        assert done.returncode == 0 and status.status.value == "FAILED", done.stdout
        assert word in status.message, (word, status.message)
        try:
            airbyte.get_source("source-quern", config=config, local_executable=SOURCE).check()
            raise AssertionError(f"PyAirbyte took {config}")
        except AirbyteConnectorError:
            pass


@test
def the_specification_describes_the_config(site, expected, scratch):
    source = airbyte.get_source("source-quern", local_executable=SOURCE)
    specification = source.config_spec
    jsonschema.Draft7Validator.check_schema(specification)
    check = jsonschema.Draft7Validator(specification)
    check.validate(site.config())
    check.validate(json.loads((SAMPLES / "config.json").read_text()))
    for wrong in {"inputs": 3}, {"inputs": ["x"], "delay_ms": -1}, {"inputs": ["x"], "normalise": "x"}:
        assert not check.is_valid(wrong), wrong


# --- interruptions ---

def in_the_middle(site, asked, read):
    wait_for("the middle", lambda: read.source() and len(site.requests()) >= asked + EACH_TIME)
    time.sleep(0.5)  # some batch_wait_ms, so that all that was answered is on its way


def interrupt(read, how):
    source = read.source()
    if how in ("PyAirbyte is killed", "both are killed"):
        os.kill(read.process.pid, signal.SIGKILL)
    if how in ("the source is killed", "both are killed"):
        os.kill(source, signal.SIGKILL)
    if how == "the source is terminated":
        os.kill(source, signal.SIGTERM)
    return source


def is_alive(process):
    with contextlib.suppress(OSError):
        return "State:\tZ" not in pathlib.Path(f"/proc/{process}/status").read_text()
    return False


@test
def what_is_interrupted_goes_on(site, expected, scratch):
    confirmed = Confirmed(expected)
    for how in ("the source is killed", "the source is terminated", "PyAirbyte is killed",
                "the source is terminated", "both are killed", "nothing happens"):
        asked, before = len(site.requests()), state(scratch)
        spared = confirmed.inputs()
        ends = how == "nothing happens"
        if not ends:
            site.hold_after(EACH_TIME)
        read = Read(site.config(), scratch)
        if not ends:
            in_the_middle(site, asked, read)
            source = interrupt(read, how)
            if how != "the source is terminated":
                site.let_go()
            else:
                wait_for("a terminated source ends", lambda: not is_alive(source), 20)
        code = read.wait()
        site.let_go()
        if not ends:
            wait_for(f"{how}: nothing is left running", lambda: not is_alive(source), 20)
        again = set(site.requests()[asked:]) & spared
        assert not again, f"{how}: fetched again: {sorted(again)[:5]}, {len(again)} in all"
        if how == "the source is terminated":
            assert code == 0, (code, read.log.read_text()[-3000:])
            assert state(scratch) != before
            confirmed.seen |= rows(scratch).keys()
            assert len(confirmed.inputs()) > len(spared)
        elif not ends:
            assert code == (3 if how == "the source is killed" else -signal.SIGKILL), code
            assert state(scratch) == before, "nothing of that read was kept"
        print(f"       {how}: {len(site.requests()) - asked} requests, {len(rows(scratch))} rows, "
              f"{len(confirmed.inputs())} of {len(confirmed.ids)} inputs are confirmed")
    read.finish()
    check_rows(rows(scratch), would_keep(expected))
    assert state(scratch)["finished"] is True


# --- the protocol itself ---

class Raw:
    """`quern airbyte read` without PyAirbyte: every line is a message of the protocol's models."""

    def __init__(self, scratch, config, properties=None, given=None, mode="incremental"):
        self.path = scratch / "through"
        stream = self.discover(scratch, config)
        if properties is not None:
            stream["json_schema"]["properties"] = {
                name: stream["json_schema"]["properties"][name] for name in properties}
        (scratch / "catalog.json").write_text(json.dumps({"streams": [{
            "stream": stream, "sync_mode": mode, "destination_sync_mode": "append_dedup",
            "primary_key": [["id"]], "cursor_field": []}]}))
        arguments = ["--config", scratch / "config.json", "--catalog", scratch / "catalog.json"]
        if given is not None:
            (scratch / "state.json").write_text(json.dumps(given))
            arguments += ["--state", scratch / "state.json"]
        self.schema = stream["json_schema"]
        self.process = subprocess.Popen([SOURCE, "read", *arguments], env=process_environment(),
                                        stdout=open(self.path, "wb"), stderr=subprocess.PIPE)

    @staticmethod
    def discover(scratch, config):
        (scratch / "config.json").write_text(json.dumps(config))
        told = subprocess.check_output([SOURCE, "discover", "--config", scratch / "config.json"],
                                       env=process_environment())
        (stream,) = [message["catalog"]["streams"][0] for message in
                     map(json.loads, told.split(b"\n")[:-1]) if message["type"] == "CATALOG"]
        return stream

    def wait(self):
        told = self.process.communicate(timeout=120)[1]
        return self.process.returncode, told

    def messages(self):
        """The whole lines: a killed source may leave a piece of one."""
        return [json.loads(line) for line in self.path.read_bytes().split(b"\n")[:-1]]

    def records(self):
        return [message["record"]["data"] for message in self.messages()
                if message["type"] == "RECORD"]

    def last_state(self):
        return [message["state"] for message in self.messages() if message["type"] == "STATE"][-1]


@test
def every_line_is_a_message_of_the_protocol(site, expected, scratch):
    raw = Raw(scratch, site.config())
    assert raw.wait() == (0, b""), raw.messages()[-3:]
    check = jsonschema.Draft7Validator(raw.schema, format_checker=jsonschema.FormatChecker())
    statuses, pending, now = [], 0, time.time() * 1000
    for line in raw.path.read_bytes().split(b"\n")[:-1]:
        message = AirbyteMessage.model_validate_json(line)
        if message.record:
            check.validate(message.record.data)
            assert message.record.stream == "documents"
            assert now - 120000 < message.record.emitted_at <= now
            pending += 1
        elif message.state:
            assert message.state.type.value == "STREAM"
            assert message.state.sourceStats.recordCount == pending, "of this state"
            pending = 0
        elif message.trace:
            statuses.append(message.trace.stream_status.status.value)
        else:
            assert message.log, line
    assert pending == 0, "the last state comes after the last record"
    assert statuses == ["STARTED", "RUNNING", "COMPLETE"], statuses
    found = {record["id"]: record for record in raw.records()}
    assert len(found) == len(raw.records())
    check_rows(found, expected)


@test
def the_last_state_of_a_killed_source_is_gone_on_from(site, expected, scratch):
    confirmed, found, given = Confirmed(expected), {}, []
    for number in range(4):
        asked, spared = len(site.requests()), confirmed.inputs()
        if number < 3:
            site.hold_after(EACH_TIME)
        raw = Raw(scratch, site.config(), given=given)
        if number < 3:
            wait_for("the middle", lambda: sum(line.startswith(b'{"type":"RECORD"') for line in
                     raw.path.read_bytes().split(b"\n")) >= 100)
            raw.process.kill()
        code, _ = raw.wait()
        site.let_go()
        assert code == (0 if number == 3 else -signal.SIGKILL), code
        assert not set(site.requests()[asked:]) & spared
        found.update({record["id"]: record for record in raw.records()})
        given = [raw.last_state()]
        assert confirmed.advance([(message["type"], message.get("record", {}).get("data") or
                                   message.get("state")) for message in raw.messages()], given[0])
    assert len(confirmed.inputs()) > EACH_TIME
    check_rows(found, expected)


@test
def a_full_refresh_passes_the_state_over(site, expected, scratch):
    config = site.config(inputs=[site.at(1, name) for name in site.everywhere[:20]])
    first = Raw(scratch, config)
    assert first.wait()[0] == 0
    ids = {record["id"] for record in first.records()}
    given = [first.last_state()]
    given[0]["stream"]["stream_state"]["version"] = "of no use to a full refresh"
    second = Raw(scratch, config, given=given, mode="full_refresh")
    assert second.wait()[0] == 0 and {record["id"] for record in second.records()} == ids


@test
def only_the_properties_of_the_catalog_are_sent(site, expected, scratch):
    config = {"inputs": [str(ROOT / "samples/documents")]}
    raw = Raw(scratch, config, properties=["title", "status"])
    assert raw.wait()[0] == 0
    found = {record["id"]: record for record in raw.records()}
    assert {tuple(sorted(record)) for record in found.values()} == {("id", "status", "title")}
    check_rows(found, cli_records(BUILD, ROOT / "samples/documents"))


# --- columns, examples ---

@test
def columns_come_and_go(site, expected, scratch):
    config = {"inputs": [str(ROOT / "samples/documents")]}
    records = would_keep(cli_records(BUILD, ROOT / "samples/documents"))
    few = ["id", "url", "title", "status"]
    every = list(next(iter(records.values())))
    for columns, there in (few, few), (every, every), (few, every):
        read_all({**config, "columns": columns}, scratch)
        found = rows(scratch)
        assert set(next(iter(found.values()))) == set(there)
        check_rows({key: {name: row[name] for name in columns} for key, row in found.items()},
                   records)


@test
def the_examples_of_the_readme_run(site, expected, scratch):
    (scratch / "samples").symlink_to(ROOT / "samples")
    config = json.loads((SAMPLES / "config.json").read_text())
    read_all(config, scratch)
    records = would_keep(cli_records(BUILD, ROOT / "samples/documents"))
    found = rows(scratch)
    assert set(next(iter(found.values()))) == {"id", *config["columns"]}
    check_rows(found, records)
    done = subprocess.run([SOURCE, "read", "--config", SAMPLES / "config.json", "--catalog",
                           SAMPLES / "configured_catalog.json"], capture_output=True, cwd=scratch,
                          timeout=60, env=process_environment())
    assert done.returncode == 0, done.stdout[-2000:]
    found = [message["record"]["data"] for message in
             map(json.loads, done.stdout.split(b"\n")[:-1]) if message["type"] == "RECORD"]
    wanted = json.loads((SAMPLES / "configured_catalog.json").read_text())
    assert set(found[0]) == set(wanted["streams"][0]["stream"]["json_schema"]["properties"])
    check_rows({record["id"]: record for record in found},
               cli_records(BUILD, ROOT / "samples/documents"))


def main():
    ran = failed = 0
    folder = pathlib.Path(SCRATCH.name)
    with Site(folder) as site:
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
            print(f"{verdict:6} {function.__name__} ({time.monotonic() - began:.1f} s)", flush=True)
    os.chdir("/")
    SCRATCH.cleanup()
    print(f"{ran - failed} passed, {failed} failed on {len(expected)} documents with airbyte "
          f"{version('airbyte')}, duckdb {duckdb.__version__}, Python {sys.version.split()[0]}")
    return failed > 0 or ran == 0


if __name__ == "__main__":
    sys.exit(main())
