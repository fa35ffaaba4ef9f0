#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""quern tap and quern airbyte from outside: every line is a message of the protocol and in its place,
a sync that was killed anywhere loses nothing when it is gone on with, a folder that changes meanwhile
is noticed, and hostile configs, catalogs and states are errors that name file and place.

cli_protocols.py QUERN [PART]      only tests whose name holds PART
"""
import fcntl
import http.server
import json
import os
import random
import re
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import unittest
from pathlib import Path

QUERN = ""
QUICK = {"batch_wait_ms": 60000, "allow_addresses": ["127.0.0.0/8"], "delay_ms": 0}


def refuse_constant(name):
    raise ValueError(f"{name} is no JSON")


def parse(line):
    """One message, strictly: no NaN, no key twice, UTF-8."""
    def once(pairs):
        assert len({key for key, _ in pairs}) == len(pairs), "a key stands twice"
        return dict(pairs)
    return json.loads(line.decode("utf-8"), parse_constant=refuse_constant, object_pairs_hook=once)


class Server(http.server.BaseHTTPRequestHandler):
    """Every path is a page of its own; those below /stall/ take long."""
    asked = []
    inside = 0
    changed = threading.Condition()

    def handle(self):
        with Server.changed:
            Server.inside += 1
        try:
            super().handle()
        finally:
            with Server.changed:
                Server.inside -= 1
                Server.changed.notify_all()

    def do_GET(self):
        if self.path in ("/robots.txt", "/settled"):
            self.send_error(404)
            return
        Server.asked.append((self.headers["Host"], self.path))
        if self.path.startswith("/stall/"):
            time.sleep(20)
        body = f"<html><title>{self.path}</title><p>text of the page {self.path}</p>".encode()
        self.send_response(404 if "missing" in self.path else 200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        try:
            self.wfile.write(body)
        except OSError:
            pass

    def log_message(self, *_):
        pass


def settle(port):
    """Until what a killed reader had asked for is in Server.asked: connections are accepted in their
    order, so all before this one are being handled, and end, for their reader is gone."""
    with socket.create_connection(("127.0.0.1", port)) as connection:
        connection.sendall(b"GET /settled HTTP/1.0\r\n\r\n")
        while connection.recv(4096):
            pass
    with Server.changed:
        if not Server.changed.wait_for(lambda: Server.inside == 0, 10):
            raise TimeoutError("a request of a killed reader is still handled")


class Target:
    """The simplest target: rows by id, and the state that stands behind them."""

    def __init__(self):
        self.rows = {}
        self.sent = 0
        self.state = None
        self.messages = []
        self.since_state = 0

    def take(self, data):
        """Whole lines only: what a killed tap left of the last one is no message."""
        for line in data.split(b"\n")[:-1]:
            message = parse(line)
            self.messages.append(message)
            if message["type"] == "RECORD":
                inner = message["record"]
                row = inner["data"] if "data" in inner else inner
                self.rows[row["id"]] = {k: v for k, v in row.items() if k != "fetched_at"}
                self.sent += 1
                self.since_state += 1
            elif message["type"] == "STATE":
                self.state = message.get("value") or [message["state"]]
                self.since_state = 0

    def blob(self):
        inner = self.state[0]["stream"]["stream_state"] if isinstance(self.state, list) else (
            self.state["bookmarks"]["documents"])
        return inner


class Protocols(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = http.server.ThreadingHTTPServer(("0.0.0.0", 0), Server)
        cls.server.daemon_threads = True
        cls.port = cls.server.server_port
        threading.Thread(target=cls.server.serve_forever, daemon=True).start()

    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.where = Path(self.folder.name)
        self.random = random.Random(7)
        Server.asked.clear()

    # --- running ---

    def write(self, name, value):
        (self.where / name).write_text(value if isinstance(value, str) else json.dumps(value))
        return name

    def config(self, inputs, name="config.json", **more):
        return self.write(name, {"inputs": inputs, **QUICK, **more})

    def files(self, count, folder="in"):
        (self.where / folder).mkdir(exist_ok=True)
        for i in range(count):
            (self.where / folder / f"{i:04}.txt").write_text(f"Text number {i} of this folder.\n")
        return folder

    def urls(self, host_count, pages):
        return [f"http://127.0.0.{host}:{self.port}/{page}" for host in range(1, host_count + 1)
                for page in range(pages)]

    def run_quern(self, *arguments, code=0, stderr=None, **more):
        done = subprocess.run([QUERN, *map(str, arguments)], cwd=self.where, timeout=300,
                              stdout=more.pop("stdout", subprocess.PIPE), stderr=subprocess.PIPE, **more)
        told = done.stderr.decode(errors="replace")
        self.assertNotIn("Sanitizer", told)
        self.assertEqual(done.returncode, code, f"{arguments}: {told}")
        if stderr is not None:
            self.assertRegex(told, stderr)
        return done.stdout

    def tap(self, *arguments, target=None, **more):
        target = target or Target()
        if target.state is not None:
            arguments = (*arguments, "--state", self.write("state.json", target.state))
        target.take(self.run_quern("tap", *arguments, **more))
        return target

    def airbyte(self, verb, *arguments, target=None, **more):
        target = target or Target()
        if target.state is not None:
            arguments = (*arguments, "--state", self.write("state.json", target.state))
        target.take(self.run_quern("airbyte", verb, *arguments, stderr="^$", **more))
        return target

    def configured(self, mode="incremental", properties=None, name="documents"):
        schema = {"type": "object"} if properties is None else {
            "type": "object", "properties": {p: {} for p in properties}}
        return self.write("configured.json", {"streams": [{
            "stream": {"name": name, "json_schema": schema, "supported_sync_modes": [mode]},
            "sync_mode": mode, "destination_sync_mode": "append_dedup"}]})

    def convert(self, *arguments):
        out = self.run_quern("convert", *arguments)
        return [json.loads(line) for line in out.splitlines()]

    def kill_after(self, command, byte_count, target):
        """Runs until so many bytes were read, then kill -9; what was in the pipe is read, too."""
        ours, theirs = os.pipe()
        fcntl.fcntl(theirs, fcntl.F_SETPIPE_SZ, 4096)
        arguments = [QUERN, *command]
        if target.state is not None:
            arguments += ["--state", self.write("state.json", target.state)]
        process = subprocess.Popen(arguments, cwd=self.where, stdout=theirs, stderr=subprocess.PIPE)
        os.close(theirs)
        data = b""
        while len(data) < byte_count and (part := os.read(ours, min(4096, byte_count - len(data)))):
            data += part
        process.kill()
        while part := os.read(ours, 65536):
            data += part
        os.close(ours)
        _, told = process.communicate()
        self.assertNotIn(b"Sanitizer", told)
        target.take(data)
        return process.returncode == -signal.SIGKILL

    # --- Singer ---

    def test_a_schema_then_records_then_a_state_after_each_batch(self):
        config = self.config([self.files(10)], batch_rows_max=4)
        target = self.tap("--config", config)
        kinds = "".join(m["type"][:2] for m in target.messages)
        self.assertRegex(kinds, r"^SC(RE){4}ST(RE){4}ST(RE){2}ST(ST)+$")
        schema = target.messages[0]
        self.assertEqual(schema["key_properties"], ["id"])
        self.assertEqual(list(schema["schema"]["properties"]), list(target.messages[1]["record"]))
        self.assertRegex(target.messages[1]["time_extracted"], r"^\d{4}-\d\d-\d\dT.*Z$")
        self.assertTrue(target.blob()["finished"])

    def test_the_records_are_those_of_convert(self):
        self.files(5)
        expected = {r["id"]: r for r in self.convert("in")}
        target = self.tap("--config", self.config("in"))
        for row in expected.values():
            del row["fetched_at"]
        self.assertEqual(target.rows, expected)

    def test_a_catalog_describes_every_column_by_its_type(self):
        catalog = parse(self.run_quern("tap", "--discover"))
        stream, = catalog["streams"]
        properties = stream["schema"]["properties"]
        kinds = {name: (p["type"], p.get("format")) for name, p in properties.items()}
        self.assertEqual(kinds["id"], (["string"], None))
        self.assertEqual(kinds["fetched_at"], (["null", "string"], "date-time"))
        self.assertEqual(kinds["published"], (["null", "string"], "date"))
        self.assertEqual(kinds["content_bytes"], (["null", "integer"], None))
        self.assertEqual(kinds["title_match"], (["null", "number"], None))
        self.assertEqual(kinds["complete"], (["null", "boolean"], None))
        self.assertEqual(kinds["blocks"], (["null", "array"], None))
        self.assertEqual(properties["blocks"]["items"]["properties"]["src_start"]["type"][1], "integer")
        told = {tuple(m["breadcrumb"]): m["metadata"] for m in stream["metadata"]}
        self.assertEqual(told[()]["table-key-properties"], ["id"])
        self.assertEqual(told[("properties", "id")]["inclusion"], "automatic")
        self.assertEqual(told[("properties", "text")]["inclusion"], "available")

    def test_a_catalog_chooses_columns_and_the_key_is_always_there(self):
        config = self.config([self.files(2)])
        catalog = parse(self.run_quern("tap", "--config", config, "--discover"))
        for entry in catalog["streams"][0]["metadata"][1:]:
            entry["metadata"]["selected"] = entry["breadcrumb"][1] in ("text", "url")
        for flag in ("--catalog", "--properties"):
            target = self.tap("--config", config, flag, self.write("catalog.json", catalog))
            self.assertEqual(list(target.messages[0]["schema"]["properties"]), ["id", "url", "text"])
            self.assertEqual(list(target.messages[1]["record"]), ["id", "url", "text"])

    def test_an_old_catalog_says_selected_in_its_schema(self):
        config = self.config([self.files(1)])
        catalog = {"streams": [{"stream": "documents", "schema": {"selected": True, "properties": {
            "url": {"selected": False}, "text": {"selected": True}}}}]}
        target = self.tap("--config", config, "--properties", self.write("p.json", catalog))
        self.assertEqual(list(target.messages[1]["record"]), ["id", "text"])

    def test_a_stream_that_is_not_selected_says_nothing(self):
        config = self.config([self.files(1)])
        catalog = parse(self.run_quern("tap", "--config", config, "--discover"))
        catalog["streams"][0]["metadata"][0]["metadata"]["selected"] = False
        target = self.tap("--config", config, "--catalog", self.write("catalog.json", catalog))
        self.assertEqual(target.messages, [])

    def test_the_stream_is_called_as_the_config_says(self):
        config = self.config([self.files(1)], stream="文库")
        target = self.tap("--config", config)
        self.assertEqual({m["stream"] for m in target.messages if "stream" in m}, {"文库"})
        self.assertIn("文库", target.state["bookmarks"])

    def test_the_name_of_the_program_is_the_command(self):
        tap = Path(QUERN).with_name("tap-quern")
        config = self.config([self.files(1)])
        done = subprocess.run([tap, "--config", config], cwd=self.where, capture_output=True)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(parse(done.stdout.splitlines()[0])["type"], "SCHEMA")
        done = subprocess.run([tap.with_name("source-quern"), "spec"], capture_output=True)
        self.assertEqual(parse(done.stdout)["type"], "SPEC")

    # --- states ---

    def test_after_a_whole_round_the_next_sync_fetches_everything_again(self):
        config = self.config(self.urls(1, 3))
        target = self.tap("--config", config)
        again = self.tap("--config", config, target=target)
        self.assertEqual(again.sent, 6)
        self.assertEqual(len(again.rows), 3)
        self.assertEqual(again.blob()["round"], 2)

    def test_a_sync_killed_anywhere_is_gone_on_with_and_loses_nothing(self):
        config = self.config([self.files(300), *self.urls(4, 5)], batch_rows_max=7,
                             split_inputs_max=40, columns=["url", "status", "text", "fetched_at"])
        configured = self.configured()
        for command in (["tap", "--config", config],
                        ["airbyte", "read", "--config", config, "--catalog", configured]):
            undisturbed = Target()
            undisturbed.take(self.run_quern(*command))
            self.assertEqual(len(undisturbed.rows), 320)
            for _ in range(6):
                target = Target()
                kills = double = 0
                while kills < 40 and self.kill_after(command, self.random.randrange(1, 60000), target):
                    kills += 1
                    double += target.since_state
                    target.since_state = 0
                    if target.state and target.blob()["finished"]:
                        break
                if not (target.state and target.blob()["finished"]):
                    self.kill_after(command, 1 << 40, target)
                self.assertEqual(target.rows, undisturbed.rows)
                self.assertGreater(kills, 0)
                self.assertLessEqual(target.sent, 320 + double, "rows came again that were confirmed")

    def begun(self, count):
        """A folder of so many files, of which the first are sent and confirmed."""
        config = self.config([self.files(count)], batch_rows_max=5, columns=["url"])
        target = Target()
        self.assertTrue(self.kill_after(["tap", "--config", config], 4000, target))
        self.assertFalse(target.blob()["finished"])
        return target

    def test_inputs_that_changed_begin_anew_and_say_so(self):
        target = self.begun(100)
        self.files(2, "more")
        target.rows.clear()
        self.tap("--config", self.config(["in", "more"]), target=target,
                 stderr="the inputs have changed")
        self.assertEqual(len(target.rows), 102)

    def test_options_that_leave_the_plan_alone_go_on(self):
        target = self.begun(100)
        sent_twice = target.since_state
        self.tap("--config", self.config(["in"], columns=["url"], normalise="none"), target=target,
                 stderr="going on")
        self.assertEqual(len(target.rows), 100)
        self.assertEqual(target.sent, 100 + sent_twice)

    def test_a_folder_that_changes_between_loses_no_file_and_asks_no_web_host_again(self):
        for change in ("first", "gone", "later", "renamed", "replaced"):
            with self.subTest(change):
                folder = self.files(60, change)
                config = self.config([folder, *self.urls(2, 15)], split_inputs_max=10,
                                     batch_rows_max=3, columns=["url", "status"])
                undisturbed = self.tap("--config", config)
                length = sum(len(json.dumps(m, separators=(",", ":"), ensure_ascii=False).encode()) + 1
                             for m in undisturbed.messages)
                for share in (0.3, 0.5, 0.75):  # a pipe's 4096 bytes from the end at least
                    self.change_and_go_on(config, folder, change, int(length * share))
                    for odd in (self.where / folder).glob("*-new.txt"):
                        odd.unlink()
                    self.files(60, change)

    def change_and_go_on(self, config, folder, change, byte_count):
        Server.asked.clear()
        target = Target()
        self.kill_after(["tap", "--config", config], byte_count, target)
        self.assertFalse(target.blob()["finished"])
        confirmed = target.blob()["web"]["inputs"]
        settle(self.port)
        asked_before = len(Server.asked)
        path = self.where / folder
        if change == "first":
            (path / "0-new.txt").write_text("a file that sorts before all others\n")
        elif change == "gone":
            (path / "0001.txt").unlink()
        elif change == "later":
            (path / "9-new.txt").write_text("a file that sorts behind all others\n")
        elif change == "renamed":
            (path / "0059.txt").rename(path / "0000-new.txt")
        else:
            for number, old in enumerate(sorted(path.iterdir())):
                old.rename(path / f"{number:04}-new.txt") if number < 5 else old.unlink()
        self.tap("--config", config, target=target)
        local = {row["url"] for row in target.rows.values() if not row["url"].startswith("http")}
        there = {name.name for name in path.iterdir()}
        self.assertEqual({name for name in there if not any(l.endswith(name) for l in local)}, set())
        web = {row["url"] for row in target.rows.values() if row["url"].startswith("http")}
        self.assertEqual(len(web), 30)
        self.assertEqual(len(Server.asked) - asked_before, 30 - confirmed)

    def test_a_folder_that_changes_in_the_part_being_read_has_that_part_read_again(self):
        target = self.begun(100)
        (self.where / "in" / "0-new.txt").write_text("a file that sorts before all others\n")
        self.tap("--config", "config.json", target=target, stderr="that were being read have changed")
        self.assertEqual(len(target.rows), 101)

    def test_a_state_of_a_full_refresh_is_not_taken_up(self):
        config = self.config([self.files(100)], batch_rows_max=5, columns=["url"])
        command = ["airbyte", "read", "--config", config, "--catalog", self.configured("full_refresh")]
        target = Target()
        self.assertTrue(self.kill_after(command, 4000, target))
        self.assertFalse(target.blob()["finished"])
        target.rows.clear()
        self.airbyte(*command[1:], target=target)
        self.assertEqual(len(target.rows), 100)

    # --- interrupts ---

    def stop(self, command, signal_number):
        process = subprocess.Popen([QUERN, *command], cwd=self.where, stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE)
        data = b""
        while data.count(b'"RECORD"') < 3:
            part = os.read(process.stdout.fileno(), 65536)
            self.assertTrue(part, "it ended by itself")
            data += part
        process.send_signal(signal_number)
        rest, told = process.communicate(timeout=60)
        self.assertNotIn(b"Sanitizer", told)
        target = Target()
        target.take(data + rest)
        return process.returncode, target

    def test_a_signal_ends_it_with_a_last_state(self):
        urls = [*self.urls(1, 3), f"http://127.0.0.1:{self.port}/stall/x"]
        config = self.config(urls, columns=["url"], batch_wait_ms=0)
        for signal_number in (signal.SIGINT, signal.SIGTERM):
            code, target = self.stop(["tap", "--config", config], signal_number)
            self.assertEqual(code, 75)
            self.assertEqual(target.messages[-1]["type"], "STATE")
            self.assertEqual(target.blob()["web"]["inputs"], 3)
            code, target = self.stop(["airbyte", "read", "--config", config, "--catalog",
                                      self.configured()], signal_number)
            self.assertEqual(code, -signal_number)
            self.assertEqual(target.blob()["web"]["inputs"], 3)
            self.assertEqual(target.messages[-1]["trace"]["error"]["failure_type"], "transient_error")

    def test_a_stop_before_the_first_record_ends_with_a_state_too(self):
        config = self.config([f"http://127.0.0.1:{self.port}/stall/y"])
        process = subprocess.Popen([QUERN, "tap", "--config", config], cwd=self.where,
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        deadline = time.monotonic() + 60
        while not any(path == "/stall/y" for _, path in Server.asked):
            self.assertLess(time.monotonic(), deadline, "the server was never asked")
            time.sleep(0.01)
        process.send_signal(signal.SIGTERM)
        data, _ = process.communicate(timeout=60)
        self.assertEqual([parse(line)["type"] for line in data.splitlines()], ["SCHEMA", "STATE"])

    def test_a_reader_that_has_gone_and_a_full_disk_are_told(self):
        config = self.config([self.files(200)])
        for command in (["tap", "--config", config],
                        ["airbyte", "read", "--config", config, "--catalog", self.configured()]):
            ours, theirs = os.pipe()
            os.close(ours)
            self.run_quern(*command, code=74, stdout=theirs, stderr="its reader has gone")
            os.close(theirs)
            with open("/dev/full", "wb") as full:
                self.run_quern(*command, code=74, stdout=full, stderr="No space left on device")

    # --- failures ---

    def test_a_document_that_fails_is_a_record_unless_the_config_asks_otherwise(self):
        urls = [f"http://127.0.0.1:{self.port}/{name}" for name in ("a", "missing", "b", "c")]
        target = self.tap("--config", self.config(urls), stderr="1 failed")
        self.assertEqual(sorted(r["status"] for r in target.rows.values()),
                         ["converted"] * 3 + ["failed"])
        self.tap("--config", self.config(urls, fail_above=0.25))
        target = self.tap("--config", self.config(urls, fail_above=0.2), code=65,
                          stderr="1 of 4 inputs failed, and fail_above is 0.2")
        self.assertTrue(target.blob()["finished"])
        target = self.airbyte("read", "--config", "config.json", "--catalog", self.configured(), code=65)
        self.assertEqual(target.messages[-2]["trace"]["stream_status"]["status"], "INCOMPLETE")

    def test_a_config_that_is_wrong_is_an_error_that_names_the_key(self):
        self.files(1)
        cases = [({"inputs": ["in"], "dealy_ms": 1}, "dealy_ms"),
                 ({"inputs": ["in"], "delay_ms": "soon"}, "delay_ms"),
                 ({"inputs": ["in"], "delay_ms": 1.5}, "delay_ms: must be a whole number"),
                 ({"inputs": ["in"], "delay_ms": -1}, "delay_ms"),
                 ({"inputs": ["in"], "delay_ms": True}, "delay_ms: must be a whole number"),
                 ({"inputs": ["in"], "allow_ports": [80]}, "allow_ports: must be a list of texts"),
                 ({"inputs": ["in"], "normalise": "nfd"}, "normalise"),
                 ({"inputs": ["in"], "contact": 5}, "contact: must be a text"),
                 ({"inputs": ["in"], "options": {"contacts": "x"}}, "contacts"),
                 ({"inputs": ["in"], "options": []}, "options: must be an object"),
                 ({"inputs": ["in"], "delay_ms": 1, "options": {"delay_ms": 2}}, "delay_ms: stands"),
                 ({"inputs": ["in"], "columns": ["texts"]}, "texts"),
                 ({"inputs": ["in"], "columns": ["id", "id"]}, "columns"),
                 ({"inputs": ["in"], "columns": "id"}, "columns"),
                 ({"inputs": ["in"], "stream": ""}, "stream"),
                 ({"inputs": ["in"], "fail_above": 2}, "fail_above"),
                 ({"inputs": ["in"], "authorization": "Bearer geheim"}, "authorization"),
                 ({"inputs": ["in"], "input": ["in"]}, "input: is written inputs"),
                 ({"inputs": [5]}, "inputs"), ({"inputs": [""]}, "inputs"), ({}, "inputs"),
                 ([], "config.json: must be an object")]
        for value, told in cases:
            with self.subTest(value):
                self.write("config.json", value)
                self.run_quern("tap", "--config", "config.json", code=78,
                               stderr=rf"^quern: config\.json: .*{re.escape(told.split(': ', 1)[-1])}")
                status = self.airbyte("check", "--config", "config.json").messages[-1]
                self.assertEqual(status["connectionStatus"]["status"], "FAILED")
                self.assertIn(told, status["connectionStatus"]["message"])
                self.assertNotIn("geheim", json.dumps(status))
                failed = self.airbyte("read", "--config", "config.json", "--catalog", self.configured(),
                                      code=78).messages[-1]
                self.assertEqual(failed["trace"]["error"]["failure_type"], "config_error")
                self.assertIn(told, failed["trace"]["error"]["message"])

    def test_files_cut_anywhere_are_errors_that_name_the_file(self):
        config = self.config([self.files(3)], columns=["url"], delay_ms=0)
        target = self.tap("--config", config)
        catalog = {"streams": [{"tap_stream_id": "documents", "schema": {"properties": {"url": {}}}}]}
        whole = {"config": (self.where / config).read_text(), "catalog": json.dumps(catalog),
                 "state": json.dumps(target.state)}
        for kind, text in whole.items():
            for cut in self.random.sample(range(len(text)), 12) + [0, len(text) - 1]:
                for name in whole:
                    self.write(name + ".json", whole[name][:cut] if name == kind else whole[name])
                self.run_quern("tap", "--config", "config.json", "--catalog", "catalog.json",
                               "--state", "state.json", code=78, stderr=rf"^quern: {kind}\.json:\d+:\d+: ")

    def test_hostile_files_are_errors_and_never_a_crash(self):
        config = self.config([self.files(3)])
        catalog = self.write("good.json", {"streams": [{"tap_stream_id": "documents"}]})
        bad = {"deep": "[" * 100000, "deep_object": '{"a":' * 100000,
               "nul": '{"a\\u0000b":1}', "text": '"documents"', "nothing": "null", "nan": "NaN",
               "tail": "{} {}", "list": "[[],[]]", "long": '{"x":"' + "y" * (17 << 20) + '"}'}
        for name, text in bad.items():
            self.write(name, text)
            for flag in ("--config", "--catalog", "--state"):
                given = {"--config": config, "--catalog": catalog, flag: name}
                told = self.run_quern("tap", *[w for pair in given.items() for w in pair], code=78,
                                      stderr=rf"^quern: {name}:")
                self.assertEqual(told, b"", (name, flag))
        (self.where / "latin").write_bytes(b'{"inputs":["\xe4"]}')
        self.run_quern("tap", "--config", "latin", code=78, stderr="^quern: latin:1:")
        self.write("twice", '{"inputs":["in"],"inputs":["in"]}')
        self.run_quern("tap", "--config", "twice", code=78, stderr="^quern: twice:1:.*duplicate")
        self.run_quern("tap", "--config", "not-there", code=66, stderr="not-there: No such file")
        huge = self.where / "huge"
        with open(huge, "wb") as file:
            file.truncate(100 << 20)
        self.run_quern("tap", "--config", "huge", code=78, stderr="huge: is longer than 16 MiB")

    def test_states_that_are_not_ours_are_errors_that_name_the_place(self):
        config = "config.json"
        blob = self.begun(100).blob()
        self.assertTrue(blob["files"]["reader"])
        part = blob["files"]

        def spoiled(**changes):
            return {**blob, **changes}
        cases = [(spoiled(version=2), "version"), (spoiled(version="1"), "version"),
                 (spoiled(finished=1), "finished"), (spoiled(inputs=7), "inputs"),
                 (spoiled(round=-1), "round"), (spoiled(round=1 << 62), "round"),
                 (spoiled(files=None), "files"), (spoiled(web=[]), "web"),
                 (spoiled(files={**part, "splits_done": 1.0}), "splits_done"),
                 (spoiled(files={**part, "splits": "x"}), "splits"),
                 (spoiled(files={**part, "split": "zz" * 16}), "split"),
                 (spoiled(files={**part, "split": ""}), "files"),
                 (spoiled(files={**part, "reader": "x" * 70000}), "reader"),
                 (spoiled(files={**part, "reader": "{}"}), "state"),
                 (spoiled(files={**part, "reader": part["reader"].replace("[[", "[[99")}), "state"),
                 ([], "version"), ("text", "version")]
        for value, place in cases:
            with self.subTest(value):
                self.write("state.json", {"bookmarks": {"documents": value}})
                self.run_quern("tap", "--config", config, "--state", "state.json", code=78,
                               stderr=rf"(?m)^quern: state\.json: .*{place}")
        for fresh in ({}, {"bookmarks": {}}, {"bookmarks": {"other": 5}},
                      {"bookmarks": {"documents": {}}}, {"bookmarks": {"documents": None}}):
            self.write("state.json", fresh)
            target = Target()
            target.take(self.run_quern("tap", "--config", config, "--state", "state.json"))
            self.assertEqual(len(target.rows), 100)

    def test_what_programs_on_the_way_write_twice_does_not_matter(self):
        config = self.config([self.files(3)], columns=["url"])
        target = self.airbyte("read", "--config", config, "--catalog", self.configured())
        state = json.dumps(target.state)
        self.write("state.json", state[:-2] + ',"global_":null,"data":null,"global_":null}]')
        again = Target()
        again.take(self.run_quern("airbyte", "read", "--config", config, "--catalog",
                                  "configured.json", "--state", "state.json"))
        self.assertEqual(again.blob()["round"], 2)

    # --- Airbyte ---

    def test_a_read_is_framed_by_its_statuses_and_counts_its_records(self):
        config = self.config([self.files(10)], batch_rows_max=4, columns=["url", "text"])
        target = self.airbyte("read", "--config", config, "--catalog", self.configured())
        statuses = [m["trace"]["stream_status"]["status"] for m in target.messages if m["type"] == "TRACE"]
        self.assertEqual(statuses, ["STARTED", "RUNNING", "COMPLETE"])
        kinds = "".join(m["type"][:2] for m in target.messages if m["type"] != "LOG")
        self.assertRegex(kinds, r"^TRTR(RE){4}ST(RE){4}ST(RE){2}ST(ST)+TR$")
        counts = [m["state"]["sourceStats"]["recordCount"] for m in target.messages if m["type"] == "STATE"]
        self.assertEqual(sum(counts), 10)
        self.assertTrue(all(isinstance(count, float) for count in counts))
        record = next(m["record"] for m in target.messages if m["type"] == "RECORD")
        self.assertEqual(record["stream"], "documents")
        self.assertLess(abs(record["emitted_at"] / 1000 - time.time()), 3600)

    def test_the_configured_schema_chooses_columns(self):
        config = self.config([self.files(1)])
        target = self.airbyte("read", "--config", config, "--catalog",
                              self.configured(properties=["text", "complete"]))
        row, = target.rows.values()
        self.assertEqual(list(row), ["id", "complete", "text"])

    def test_a_specification_describes_every_option(self):
        spec = self.airbyte("spec").messages[0]["spec"]["connectionSpecification"]
        properties = spec["properties"]
        self.assertEqual(properties["delay_ms"]["type"], "integer")
        self.assertEqual((properties["delay_ms"]["minimum"], properties["delay_ms"]["default"]), (0, 1000))
        self.assertEqual(properties["normalise"]["enum"], ["nfc", "nfc-keep-compat", "nfkc", "none"])
        self.assertEqual(properties["allow_addresses"]["items"], {"type": "string"})
        self.assertTrue(re.search(properties["authorization"]["pattern"], "env:TOKEN"))
        self.assertFalse(re.search(properties["authorization"]["pattern"], "Bearer x"))
        listed = re.findall(r"(?m)^  (\w+): (?:text|number|choice|flag|list)",
                            self.run_quern("info").decode().split("\noptions:\n")[1].split("\ncolumns:\n")[0])
        self.assertEqual({"input", *properties} - {"inputs", "columns", "stream", "fail_above"}, set(listed))
        for name, schema in properties.items():
            self.assertTrue(schema["title"] and schema["description"], name)

    def test_a_check_looks_at_inputs_and_asks_nobody(self):
        self.files(1)
        for inputs, told in ((["in", *self.urls(1, 2)], None), (["nowhere"], "nowhere: No such file"),
                             (["in", "http://[bad"], "is no URL"), (["ftp://example.org/"], "ftp://"),
                             (["keep:nowhere"], "no such folder")):
            with self.subTest(inputs):
                status = self.airbyte("check", "--config", self.config(inputs)).messages[-1]["connectionStatus"]
                self.assertEqual(status["status"], "FAILED" if told else "SUCCEEDED")
                self.assertIn(told or "", status.get("message", ""))
        status = self.airbyte("check", "--config", self.config(
            self.urls(1, 1), authorization="env:NOT_SET_ANYWHERE",
            authorization_hosts=["127.0.0.1"])).messages[-1]["connectionStatus"]
        self.assertEqual(status["status"], "FAILED")
        self.assertIn("NOT_SET_ANYWHERE", status["message"])
        self.assertEqual(Server.asked, [])

    def test_what_the_catalog_names_must_be_there(self):
        config = self.config([self.files(1)])
        target = self.airbyte("read", "--config", config, "--catalog", self.configured(name="pages"), code=78)
        self.assertIn('"pages"', target.messages[-1]["trace"]["error"]["message"])
        target = self.airbyte("read", "--config", config, "--catalog", self.write("none.json", {"streams": []}))
        self.assertEqual([m["type"] for m in target.messages], ["LOG"])
        self.run_quern("airbyte", "read", "--config", config, code=64)
        self.run_quern("airbyte", "write", code=64, stderr="spec, check, discover or read")


if __name__ == "__main__":
    QUERN = os.path.abspath(sys.argv[1])
    names = sys.argv[2:3]
    unittest.main(argv=[sys.argv[0], *(["-k", names[0]] if names else [])])
