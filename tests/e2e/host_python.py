# SPDX-License-Identifier: Apache-2.0
"""The Python package as users meet it: contents in every library, interruption, forks, wrong use.

Run by host_python.sh in the environment it makes. Each test is a function; those that could end the
process run in one of their own.
"""
import ctypes
import json
import multiprocessing
import os
import pathlib
import pickle
import shutil
import signal
import socket
import subprocess
import sys
import sysconfig
import tempfile
import threading
import time
import tomllib
import traceback

import duckdb
import pandas
import polars
import pyarrow

import quern

ROOT = pathlib.Path(__file__).resolve().parents[2]
COUNT = 3000
LOOPBACK = {"allow_addresses": ["127.0.0.0/8"]}
WIDE = {"columns": ["url", "title", "status", "text"], "split_inputs_max": 500,
        "batch_rows_max": 64}
tests = []


def test(function):
    tests.append(function)
    return function


def name_of(number):
    return f"page-{number:05}.html"


def expected(number):
    return {"url": name_of(number), "title": f"第{number}页 <标题>", "status": "converted",
            "text": f"第{number}页 <标题>\n正文 {number} ☂" + "字" * (number % 50)}


def make_documents(folder):
    for number in range(COUNT):
        row = expected(number)
        head, body = row["text"].split("\n")
        title = row["title"].replace("<", "&lt;")
        page = (f"<!doctype html><meta charset=gb18030><title>{title}</title>"
                f"<h1>{head.replace('<', '&lt;')}</h1><p>{body}</p>")
        (folder / name_of(number)).write_bytes(page.encode("gb18030"))
    assert len(os.listdir(folder)) == COUNT


def check_rows(rows):
    rows = sorted(rows, key=lambda row: row["url"])
    assert len(rows) == COUNT, len(rows)
    for number, row in enumerate(rows):
        assert row == expected(number), (row, expected(number))


def fails(status, where, function):
    try:
        function()
    except quern.Error as error:
        assert error.status == status and error.where == where, (error.status, error.where, error)
        assert error.message and str(error)
        assert pickle.loads(pickle.dumps(error)).status == status
        return error
    raise AssertionError("nothing was raised")


class Mute:
    """A web server that accepts and never answers."""

    def __enter__(self):
        self.socket = socket.create_server(("127.0.0.1", 0), backlog=64)
        return f"http://127.0.0.1:{self.socket.getsockname()[1]}/never"

    def __exit__(self, *_):
        self.socket.close()


# --- contents ---

@test
def every_library_gets_the_same_rows(folder):
    with quern.read(folder, **WIDE) as reader:
        batches = list(reader)
    assert all(isinstance(batch, pyarrow.RecordBatch) for batch in batches)
    assert all(0 < batch.num_rows <= 64 for batch in batches) and len(batches) >= COUNT / 64
    check_rows(pyarrow.Table.from_batches(batches).to_pylist())
    check_rows(pyarrow.table(quern.read(folder, **WIDE)).to_pylist())
    check_rows(quern.read(folder, **WIDE).read_all().to_pylist())
    check_rows(polars.DataFrame(quern.read(folder, **WIDE)).to_dicts())
    check_rows(pandas.DataFrame.from_arrow(quern.read(folder, **WIDE)).to_dict("records"))
    reader = quern.read(folder, **WIDE)
    relation = duckdb.sql("SELECT url, title, status, text FROM reader")
    check_rows([dict(zip(relation.columns, row)) for row in relation.fetchall()])


@test
def lists_of_structs_arrive_in_every_library(folder):
    want = {"columns": ["url", "blocks"], "root": folder}
    page = folder / name_of(7)
    kinds = [block["kind"] for block in quern.read(page, **want).read_all()["blocks"][0].as_py()]
    assert kinds == ["heading", "paragraph"], kinds
    frame = polars.DataFrame(quern.read(page, **want))
    assert frame.explode("blocks").unnest("blocks")["kind"].to_list() == kinds
    assert [block["kind"] for block in
            pandas.DataFrame.from_arrow(quern.read(page, **want))["blocks"][0]] == kinds
    reader = quern.read(page, **want)
    assert duckdb.sql("SELECT unnest(blocks).kind FROM reader").fetchall() == [
        (kind,) for kind in kinds]


@test
def pyarrow_reads_the_buffers_the_plugin_filled(folder):
    """No copy: the text's buffer lies where the plugin put it."""
    class Array(ctypes.Structure):
        pass
    Array._fields_ = [("length", ctypes.c_int64), ("null_count", ctypes.c_int64),
                      ("offset", ctypes.c_int64), ("n_buffers", ctypes.c_int64),
                      ("n_children", ctypes.c_int64),
                      ("buffers", ctypes.POINTER(ctypes.c_void_p)),
                      ("children", ctypes.POINTER(ctypes.POINTER(Array)))]
    address_of = ctypes.pythonapi.PyCapsule_GetPointer
    address_of.restype, address_of.argtypes = ctypes.c_void_p, [ctypes.py_object, ctypes.c_char_p]
    core = quern.read(folder, columns=["text"])._core
    schema, array = core.next()
    theirs = Array.from_address(address_of(array, b"arrow_array")).children[0][0].buffers[2]
    batch = pyarrow.record_batch(quern.Batch(schema, array))
    assert batch.column(0).buffers()[2].address == theirs


@test
def bytes_convert_as_files_do(folder):
    page = (folder / name_of(9)).read_bytes()
    for data in (page, bytearray(page), memoryview(page), pyarrow.py_buffer(page)):
        row, = quern.convert(data, name=name_of(9),
                             columns=["title", "status", "text"]).read_all().to_pylist()
        assert row == {key: expected(9)[key] for key in row}, row
    archive = ROOT / "samples/documents/rain-garden.zip"
    rows = quern.convert(archive.read_bytes(), name="rain-garden.zip").read_all().to_pylist()
    assert [row["status"] for row in rows] == ["converted"] * len(rows) and len(rows) > 1, rows
    row, = quern.convert("<p>Grüße".encode("latin-1"), media_type="text/html; charset=latin1",
                         url="http://example.org/a").read_all().to_pylist()
    assert row["text"] == "Grüße" and row["url"] == "http://example.org/a", row
    empty, = quern.convert(b"").read_all().to_pylist()
    assert empty["text"] in (None, ""), empty
    for wrong in ("text", 3, None, object()):
        try:
            quern.convert(wrong)
            raise AssertionError(wrong)
        except TypeError:
            pass


@test
def the_package_says_what_the_plugin_says(folder):
    manifest = tomllib.loads((ROOT / "plugin.toml").read_text())
    assert list(quern.columns()) == [row["name"] for row in manifest["quern"]["columns"]]
    assert list(quern.options()) == [row["name"] for row in manifest["quern"]["options"]]
    assert quern.options()["delay_ms"].default == 1000 and quern.options()["authorization"].secret
    choices = {row["name"]: tuple(row.get("choices", ())) for row in manifest["quern"]["options"]}
    assert {name: option.choices for name, option in quern.options().items()} == choices
    assert "nfc" in choices["normalise"]
    assert quern.version() == manifest["version"] and "html" in quern.formats()["converted"]
    assert quern.schema().names == list(quern.columns())
    assert quern.schema(["text", "id"]).names == ["text", "id"]
    assert str(quern.schema(["fetched_at"]).field(0).type) == "timestamp[us, tz=UTC]"
    assert quern.schema(["id"]).field(0).nullable is False
    counted = list(quern.read(folder, columns=[]))
    assert sum(batch.num_rows for batch in counted) == COUNT


@test
def plans_are_read_in_other_processes(folder):
    splits = list(quern.plan(folder, split_inputs_max=500))
    assert len(splits) >= 5 and sum(split.documents for split in splits) == COUNT
    assert all(split.summary["files"] == split.documents for split in splits)
    with multiprocessing.get_context("spawn").Pool(2) as pool:
        parts = pool.map(read_split, [(str(folder), split) for split in splits])
    check_rows([row for part in parts for row in part])
    urls = [f"http://127.0.0.{host}:8000/{page}" for host in (1, 2) for page in range(3)]
    hosts = [split.summary["web_hosts"] for split in quern.plan(urls, **LOOPBACK)]
    assert sum(host["requests"] for split in hosts for host in split) == 6, hosts


def read_split(arguments):
    folder, split = arguments
    return quern.read(folder, splits=[split], **WIDE).read_all().to_pylist()


@test
def a_path_that_is_not_utf8_is_read_as_os_listdir_names_it(folder):
    with tempfile.TemporaryDirectory() as scratch:
        (pathlib.Path(os.fsdecode(os.fsencode(scratch) + b"/\xce\xc4.txt"))).write_bytes(b"inside\n")
        name, = os.listdir(scratch)
        for given in (os.path.join(scratch, name), pathlib.Path(scratch, name)):
            row, = quern.read(given, columns=["url", "text"]).read_all().to_pylist()
            assert row["text"] == "inside" and row["url"].endswith("/%CE%C4.txt"), row


# --- state ---

@test
def an_interrupted_read_goes_on_from_its_state(folder):
    for stop in (1, 7, 8, 20, 47):
        rows, state = [], None
        reader = quern.read(folder, **WIDE)
        for number, batch in enumerate(reader):
            rows += batch.to_pylist()
            state = reader.state
            if number == stop:
                reader.close()
                break
        assert 0 < len(rows) <= COUNT
        rows += quern.read(folder, state=state, **WIDE).read_all().to_pylist()
        check_rows(rows)
    reader = quern.read(folder, **WIDE)
    check_rows(reader.read_all().to_pylist())
    assert quern.read(folder, state=reader.state, **WIDE).read_all().num_rows == 0
    fresh = quern.read(folder, **WIDE).state
    check_rows(quern.read(folder, state=fresh, **WIDE).read_all().to_pylist())


@test
def a_state_of_something_else_is_refused(folder):
    reader = quern.read(folder, **WIDE)
    next(iter(reader))
    state = reader.state
    other = ROOT / "samples/documents"
    fails("CORRUPT", "state", lambda: list(quern.read(other, state=state)))
    for wrong in ("", "{}", "[]", "null", "17", '{"v":1}', b"\xff", "[" * 100000, 5,
                  state.replace('"v": 1', '"v": 2'), state.replace('"position": 0', '"position": -1')):
        fails("CORRUPT", "state", lambda: quern.read(folder, state=wrong, **WIDE))
    torn = json.loads(state)
    torn["state"] = torn["state"][:-3]
    assert fails_with_any(lambda: list(quern.read(folder, state=json.dumps(torn), **WIDE))) == "CORRUPT"


def fails_with_any(function):
    try:
        function()
    except quern.Error as error:
        return error.status
    return None


# --- wrong use ---

@test
def wrong_options_are_named(folder):
    fails("INVALID_ARGUMENT", "no_such", lambda: quern.read(folder, no_such=1))
    fails("INVALID_ARGUMENT", "delay_ms", lambda: quern.read(folder, delay_ms="soon"))
    fails("INVALID_ARGUMENT", "delay_ms", lambda: quern.plan(folder, delay_ms=-1))
    fails("INVALID_ARGUMENT", "delay_ms", lambda: quern.convert(b"", delay_ms=1.5))
    fails("INVALID_ARGUMENT", "authorization", lambda: quern.read(folder, authorization="plain"))
    fails("INVALID_ARGUMENT", "input", lambda: quern.read(["a\0b"]))
    fails("INVALID_ARGUMENT", "input", lambda: quern.read([b"bytes"]))
    fails("INVALID_ARGUMENT", "input", lambda: quern.read("\ud800"))
    fails("INVALID_ARGUMENT", "input", lambda: quern.read("\udcff\0"))
    assert "file:" in fails("INVALID_ARGUMENT", "root", lambda: quern.read(folder, root="\udcff")).message
    fails("INVALID_ARGUMENT", "input", lambda: quern.read(17))
    fails("INVALID_ARGUMENT", "input", lambda: quern.read())
    fails("INVALID_ARGUMENT", "input", lambda: quern.plan(delay_ms=0))
    assert quern.read([]).read_all().num_rows == 0
    fails("INVALID_ARGUMENT", "input", lambda: quern.read(folder, input="other"))
    fails("INVALID_ARGUMENT", "columns", lambda: quern.read(folder, columns="text"))
    error = fails_with_any(lambda: quern.read(folder, columns=["text", "no_such_column"]))
    assert error == "INVALID_ARGUMENT", error
    fails("INVALID_ARGUMENT", "name", lambda: quern.convert(b"", name="a\0b"))
    bad = quern.Split(b'{"v":1,"targets":[', 1, -1, {})
    assert fails_with_any(lambda: list(quern.read(folder, splits=[bad]))) == "CORRUPT"


@test
def a_stream_is_read_once(folder):
    reader = quern.read(folder, **WIDE)
    assert pyarrow.schema(reader).names == WIDE["columns"]
    reader.__arrow_c_stream__()  # taken and thrown away: only looked at
    check_rows(pyarrow.table(reader).to_pylist())
    fails("INVALID_STATE", "stream", lambda: pyarrow.table(reader))
    reader.close()
    reader.close()
    fails("INVALID_STATE", "reader", lambda: list(reader))


@test
def batches_and_streams_outlive_what_they_came_from(folder):
    reader = quern.read(folder, **WIDE)
    batches = iter(reader)
    kept = [next(batches), next(batches)]
    reader.close()
    del reader, batches
    assert all(row == expected(int(row["url"][5:10])) for batch in kept for row in batch.to_pylist())
    capsule = quern.read(folder, **WIDE).__arrow_c_stream__()
    check_rows(pyarrow.RecordBatchReader._import_from_c_capsule(capsule).read_all().to_pylist())
    stream = pyarrow.RecordBatchReader.from_stream(quern.read(folder, **WIDE))
    stream.read_next_batch()
    thread = threading.Thread(target=stream.close)
    thread.start()
    thread.join()


@test
def closing_and_cancelling_from_another_thread_end_a_wait(folder):
    with Mute() as url:
        for end in ("close", "cancel"):
            reader = quern.read(url, **LOOPBACK)
            ended = []

            def pull():
                ended.append((fails_with_any(lambda: list(reader)), time.monotonic()))
            thread = threading.Thread(target=pull)
            thread.start()
            time.sleep(0.4)
            assert not ended
            began = time.monotonic()
            getattr(reader, end)()
            thread.join()
            assert ended[0][0] == "CANCELLED" and ended[0][1] - began < 0.5, (ended, began)


@test
def many_threads_share_one_reader_without_losing_rows(folder):
    reader = quern.read(folder, **WIDE)
    rows = []
    core, lock = reader._core, threading.Lock()

    def pull():
        while (got := core.next()) is not None:
            with lock:
                rows.extend(pyarrow.record_batch(quern.Batch(*got)).to_pylist())
            reader.state
    threads = [threading.Thread(target=pull) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    check_rows(rows)


# --- progress ---

@test
def progress_is_told(folder):
    told = []
    check_rows(quern.read(folder, progress=told.append, **WIDE).read_all().to_pylist())
    assert told[-1].documents_done == COUNT, told[-1]
    assert all(a.documents_done <= b.documents_done for a, b in zip(told, told[1:]))
    output = in_process(f"import quern; list(quern.read({str(folder)!r}, progress=True))")
    assert f"{COUNT}/{COUNT}" in output.stderr, output.stderr

    def refuse(progress):
        raise ZeroDivisionError("told")
    try:
        list(quern.read(folder, progress=refuse))
        raise AssertionError("went on")
    except ZeroDivisionError:
        pass


@test
def what_is_called_back_may_ask_the_reader_but_not_read_it(folder):
    output = in_process(f"""
import quern
def ask(progress):
    told.update(reader.schema.names, [type(reader.state)])
    try: list(reader)
    except quern.Error as error: told.add(error.status)
    if progress.documents_done > 1000: reader.close()
told = set()
reader = quern.read({str(folder)!r}, columns=["id"], batch_rows_max=50, progress=ask)
try:
    print(len(list(reader)))
except quern.Error as error:
    print(error.status, told == {{"id", str, "INVALID_STATE"}})
""").stdout
    assert output == "CANCELLED True\n", output


# --- in processes of their own ---

def in_process(code, answer=0, **environment):
    done = subprocess.run([sys.executable, "-X", "faulthandler", "-c", code], timeout=60,
                          capture_output=True, text=True, env={**os.environ, **environment})
    assert done.returncode == answer, (done.returncode, done.stdout, done.stderr)
    return done


INTERRUPTED = """
import sys, threading, time
import pandas, polars, pyarrow, quern
reader = quern.read({url!r}, allow_addresses=["127.0.0.0/8"])
print("ready", flush=True)
try:
    try:
        {call}
        print("ended")
    except (OSError, BaseException if {panics} else OSError) as error:
        for _ in range(10): pass
        print("no KeyboardInterrupt but", repr(error))
except KeyboardInterrupt:
    print(time.monotonic())
"""


def interrupt(code):
    """Seconds from SIGINT to KeyboardInterrupt."""
    process = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    assert process.stdout.readline() == "ready\n"
    time.sleep(0.5)
    began = time.monotonic()
    process.send_signal(signal.SIGINT)
    output, _ = process.communicate(timeout=20)
    return float(output) - began


@test
def control_c_ends_a_wait_within_100_ms(folder):
    for call, panics in (("list(reader)", False), ("reader.read_all()", False),
                         ("pyarrow.table(reader)", False), ("polars.DataFrame(reader)", True)):
        with Mute() as url:
            took = min(interrupt(INTERRUPTED.format(url=url, call=call, panics=panics))
                       for _ in range(2))
        print(f"    {call}: {took * 1000:.0f} ms")
        assert took < 0.1, (call, took)


@test
def control_c_ends_a_conversion(folder):
    code = """
import time, quern
data = b"<p>" + "文字 ".encode() * 40_000_000
print("ready", flush=True)
try:
    quern.convert(data, name="long.html", text_bytes_max=1 << 29).read_all()
    print("ended")
except KeyboardInterrupt:
    print(time.monotonic())
"""
    took = min(interrupt(code) for _ in range(2))
    print(f"    280 MB in one document: {took * 1000:.0f} ms")
    assert took < 1, took


@test
def a_forked_child_reads_anew_and_leaves_the_parent_alone(folder):
    reader = quern.read(folder, **WIDE)
    batches = iter(reader)
    rows = next(batches).to_pylist()
    child = os.fork()
    if child == 0:
        answer = 1
        try:
            fails("INVALID_STATE", "get_next", lambda: list(batches))
            fails("INVALID_STATE", "stream", lambda: reader.state)
            reader.cancel()
            reader.close()
            del reader
            check_rows(pyarrow.Table.from_batches(quern.read(folder, **WIDE)).to_pylist())
            answer = 0
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(answer)
    assert os.waitpid(child, 0)[1] == 0
    for batch in batches:
        rows += batch.to_pylist()
    check_rows(rows)


@test
def a_process_may_end_with_everything_open(folder):
    with Mute() as url:
        in_process(f"""
import threading, time, pyarrow, duckdb, polars, quern, sys
kept = quern.read({str(folder)!r}, batch_rows_max=10)
batches = iter(kept); batch = next(batches)
stream = pyarrow.RecordBatchReader.from_stream(quern.read({str(folder)!r}, batch_rows_max=10))
stream.read_next_batch()
sys.kept = [stream, kept, quern.read({str(folder)!r}).__arrow_c_stream__()]
lazy = quern.read({str(folder)!r}, batch_rows_max=10)
duckdb.execute("SELECT * FROM lazy").fetchone()
waiting = quern.read({url!r}, allow_addresses=["127.0.0.0/8"], progress=lambda p: None)
threading.Thread(target=lambda: list(waiting), daemon=True).start()
time.sleep(0.3)
""")


@test
def a_plugin_that_is_missing_or_wrong_is_an_error(folder):
    show = """
import quern
try:
    quern.version()
    print("loaded")
except quern.Error as error:
    print(error.status, error)
import sys; sys.exit(0)
"""
    for place in ("/no/such/place", "/etc/passwd", sysconfig.get_path("stdlib") + "/os.py"):
        assert in_process(show, QUERN_PLUGIN=place).stdout.startswith("UNSUPPORTED "), place
    with tempfile.TemporaryDirectory() as scratch:
        for number, (answer, words) in enumerate((
                ("return 0;", ""), ("static struct quern_plugin p = {sizeof p, 9, 0, 0, \"quern\","
                                    "\"9\", \"\"}; return &p;", "ABI 9.0"),
                ("static struct quern_plugin p = {40, 0, 1, 0, \"quern\", \"0\", \"\"}; return &p;",
                 "ABI"))):
            library = build(scratch, f"wrong{number}", f"""#include "quern/plugin.h"
const struct quern_plugin *quern_plugin_entry(uint32_t major, struct quern_error *error)
{{ (void)major; (void)error; {answer} }}""")
            output = in_process(show, QUERN_PLUGIN=library).stdout
            assert output.startswith("UNSUPPORTED ") and words in output, output
        library = build(scratch, "other", "int other(void) { return 0; }")
        assert "no Quern plugin" in in_process(show, QUERN_PLUGIN=library).stdout


def build(folder, name, source):
    path = pathlib.Path(folder) / f"lib{name}.so"
    subprocess.run(["cc", "-shared", "-fPIC", "-x", "c", "-", "-I", ROOT / "include", "-o", path],
                   input=source, text=True, check=True)
    return str(path)


@test
def a_library_may_vanish_under_a_running_host(folder):
    with tempfile.TemporaryDirectory() as scratch:
        library = shutil.copy(pathlib.Path(quern.__file__).parent / "libquern.so", scratch)
        output = in_process(f"""
import os, quern
reader = quern.read({str(folder)!r}, batch_rows_max=100)
batches = iter(reader); rows = next(batches).num_rows
os.unlink({library!r})
rows += sum(batch.num_rows for batch in batches)
print(rows, sum(batch.num_rows for batch in quern.read({str(folder)!r})))
""", QUERN_PLUGIN=library).stdout
        assert output == f"{COUNT} {COUNT}\n", output


@test
def nothing_but_python_is_needed(folder):
    """Iteration without pyarrow gives batches that carry capsules."""
    assert in_process(f"""
import sys
sys.modules["pyarrow"] = None
import quern
batches = list(quern.read({str(folder)!r}))
assert all(type(batch) is quern.Batch for batch in batches) and batches
print(type(batches[0].__arrow_c_array__()[1]).__name__)
""").stdout == "PyCapsule\n"


@test
def the_types_are_right(folder):
    package = pathlib.Path(quern.__file__).parent
    assert (package / "py.typed").exists()
    done = subprocess.run([sys.executable, "-m", "mypy", "--strict", "--ignore-missing-imports",
                           "--cache-dir", os.devnull, "-p", "quern"],
                          capture_output=True, text=True, cwd="/")
    assert done.returncode == 0, done.stdout + done.stderr


def main():
    ran = failed = 0
    with tempfile.TemporaryDirectory() as scratch:
        folder = pathlib.Path(scratch)
        make_documents(folder)
        for function in tests:
            if len(sys.argv) > 1 and function.__name__ not in sys.argv[1:]:
                continue
            ran += 1
            began = time.monotonic()
            try:
                function(folder)
                verdict = "ok"
            except Exception:
                traceback.print_exc()
                failed += 1
                verdict = "FAILED"
            print(f"{verdict:6} {function.__name__} ({time.monotonic() - began:.1f} s)", flush=True)
    print(f"{ran - failed} passed, {failed} failed with pyarrow {pyarrow.__version__}, "
          f"polars {polars.__version__}, pandas {pandas.__version__}, duckdb {duckdb.__version__}, "
          f"Python {sys.version.split()[0]}")
    return failed > 0 or ran == 0


if __name__ == "__main__":
    sys.exit(main())
