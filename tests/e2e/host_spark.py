# SPDX-License-Identifier: Apache-2.0
"""Quern in Spark, on a standalone cluster of one master and two workers; all tests share it.

  host_spark.py [--documents N] [TEST…]

Run by host_spark.sh in the environment it makes. delay_ms is 0 here, openly: the addresses are ours.
"""
import argparse
import collections
import contextlib
import dataclasses
import inspect
import json
import os
import pathlib
import pickle
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
import traceback
import urllib.parse

from host_spark_cluster import (HOSTS, ROOT, WORKERS, Cluster, Site, body_of, is_connected,
                                local_documents, maps_of, page_of, python_workers, title_of,
                                wait_until)

SAMPLES = ROOT / "samples" / "documents"
COLUMNS = ["id", "url", "title", "status", "http_status", "content_sha256", "text"]
tests = []


@dataclasses.dataclass
class Run:
    cluster: Cluster
    spark: object
    scratch: pathlib.Path
    documents: int

    def read(self, inputs=None, **options):
        frame = self.spark.read.format("quern").options(**options)
        return frame.load() if inputs is None else frame.load(inputs)


def test(function):
    tests.append(function)
    return function


def fails(words, function, kind="Exception"):
    """The class of what is raised, and what it says."""
    try:
        function()
    except Exception as error:
        story = f"{type(error).__name__} {error}"
        names = [each.__name__ for each in type(error).__mro__]
        missing = [word for word in words if word not in story]
        assert kind in names and not missing, f"no {kind} with {missing}: {story[:3000]}"
        return story
    raise AssertionError(f"nothing was raised, no {words}")


def plan_now(frame):
    """The splits are made here; what collects the same frame later reads them."""
    frame._jdf.queryExecution().toRdd().getNumPartitions()


def nobody_died(run):
    """The cluster works, and so does the plugin on it."""
    assert run.read(str(SAMPLES / "ferry.html"), columns="title").collect() == [("渡口的時刻表",)]


# --- killed in the middle ---

def upsert(path):
    def write(rows):
        from pyspark import TaskContext
        partition = TaskContext.get().partitionId()
        with sqlite3.connect(path, timeout=60, isolation_level=None) as store:
            for row in rows:
                store.execute(
                    "INSERT INTO records VALUES (?, ?, ?, ?, ?, ?, ?, ?, 1) ON CONFLICT (id) DO "
                    "UPDATE SET url = excluded.url, title = excluded.title, "
                    "status = excluded.status, http_status = excluded.http_status, "
                    "content_sha256 = excluded.content_sha256, text = excluded.text, "
                    "partition = excluded.partition, times = times + 1", (*row, partition))
    return write


def make_store(path):
    with contextlib.closing(sqlite3.connect(path)) as store:
        store.execute("PRAGMA journal_mode = wal")
        store.execute("CREATE TABLE records (id TEXT PRIMARY KEY, url TEXT, title TEXT, status TEXT, "
                      "http_status INTEGER, content_sha256 TEXT, text TEXT, partition INTEGER, "
                      "times INTEGER)")


def ask_store(path, query, *values):
    with contextlib.closing(sqlite3.connect(path, timeout=60)) as store:
        return store.execute(query, values).fetchall()


def kill_in_the_middle(run, site, store, told):
    """kill -9 of the Python worker that waits for the server's answer, when rows that it has read
    already stand in the sink; then the server goes on."""
    try:
        victim = wait_until(lambda: site.ask("/victim"), "no host was kept waiting")
        rows = wait_until(lambda: ask_store(
            store, "SELECT count(*) FROM records WHERE url LIKE ?",
            f"http://{victim['host']}:%")[0][0], "no row of it reached the sink")
        process, = [process for process, _ in python_workers(run.cluster)
                    if is_connected(process, victim["host"], site.port)]
        os.kill(process, signal.SIGKILL)
        told.update(victim, rows=rows, process=process)
    except Exception as error:
        told["error"] = error
    finally:
        site.ask("/go-on")


def check_contents(site, store, options, documents):
    """Against what the pages say, and against a read of the same URLs that nobody disturbed."""
    import pyarrow
    import quern
    rows = {row[0]: row for row in
            ask_store(store, "SELECT " + ", ".join(COLUMNS) + " FROM records")}
    assert len(rows) == documents, len(rows)
    by_url = {row[1]: row for row in rows.values()}
    for number in range(documents):
        url = site.url(number)
        _, *found, _, text = by_url[url]
        assert found == [url, title_of(number), "converted", 200], by_url[url]
        assert text == body_of(number), by_url[url]
    undisturbed = pyarrow.table(quern.read(columns=COLUMNS, **options)).to_pylist()
    assert {row["id"]: tuple(row.values()) for row in undisturbed} == rows


@test
def every_document_is_there_once_although_a_worker_was_killed(run):
    documents = run.documents
    with Site(documents // 5, documents // len(HOSTS) // 2) as site:
        (run.scratch / "urls.txt").write_text(
            "".join(site.url(number) + "\n" for number in range(documents)))
        options = {"input_file": str(run.scratch / "urls.txt"), "delay_ms": "0",
                   "allow_addresses": "127.0.0.0/8"}
        store = str(run.scratch / "records.db")
        make_store(store)
        told = {}
        killer = threading.Thread(target=kill_in_the_middle, args=(run, site, store, told))
        killer.start()
        run.spark.sparkContext.setJobGroup("killed", "killed in the middle")
        began = time.monotonic()
        run.read(columns=",".join(COLUMNS), batch_rows_max=20, split_inputs_max=1,
                 **options).foreachPartition(upsert(store))
        took = time.monotonic() - began
        run.spark.sparkContext.setJobGroup("", "")
        killer.join()
        log = site.ask("/log")
        assert "error" not in told, told
        check_contents(site, store, options, documents)
    ends = run.cluster.task_ends("killed")
    failed, = [end for end in ends if end["Task End Reason"]["Reason"] != "Success"]
    partition, = {row[0] for row in ask_store(
        store, "SELECT partition FROM records WHERE url LIKE ?", f"http://{told['host']}:%")}
    assert failed["Task Info"]["Index"] == partition, failed
    again, = [end for end in ends if end["Task Info"]["Attempt"] == 1]
    assert again["Task Info"]["Index"] == partition, again
    assert len({end["Task Info"]["Executor ID"] for end in ends}) == WORKERS
    of_host = documents // len(HOSTS)
    rows_again = ask_store(store, "SELECT sum(times) - count(*) FROM records")[0][0]
    asked_again = sum(log["requests"].values()) - documents
    assert 0 < rows_again <= told["request"] < of_host, (rows_again, told)
    assert asked_again == told["request"] and max(log["requests"].values()) == 2
    # A web host is one task's, and is asked one thing at a time.
    assert ask_store(store, "SELECT max(n) FROM (SELECT count(DISTINCT partition) AS n FROM records "
                            "GROUP BY substr(url, 1, instr(substr(url, 8), '/') + 7))") == [(1,)]
    assert set(log["most"].values()) == {1} and len(log["most"]) == len(HOSTS)
    print(f"    {documents} documents of {len(HOSTS)} addresses in {took:.1f} s, delay_ms=0; worker "
          f"{told['process']} killed in request {told['request']} of {of_host} to {told['host']}, "
          f"{told['rows']} of its rows stored: {rows_again} rows and {asked_again} requests came again")


# --- types ---

@test
def the_schema_is_the_plugins_type_for_type(run):
    import quern
    import quern_spark
    from pyspark.sql.pandas.types import to_arrow_schema
    zone = {"timezone": "UTC"} if "timezone" in inspect.signature(to_arrow_schema).parameters else {}
    assert to_arrow_schema(quern_spark.schema(), **zone).equals(quern.schema())
    expected = quern.read(SAMPLES).read_all().sort_by("id")
    for zone in ("UTC", "Asia/Shanghai"):  # instants are the same, whatever the session calls them
        run.spark.conf.set("spark.sql.session.timeZone", zone)
        frame = run.read(str(SAMPLES))
        assert frame.schema == quern_spark.schema()
        table = frame.toArrow().sort_by("id")
        assert table.schema.names == expected.schema.names
        instants = [table.schema.field("fetched_at").type, expected.schema.field("fetched_at").type]
        assert str(instants[0]).startswith("timestamp[us") and str(instants[1]) == \
            "timestamp[us, tz=UTC]"
        for ours, theirs in zip(expected.schema, table.schema):
            if ours.name not in ("fetched_at", "parts"):
                assert ours.type == theirs.type, (ours, theirs)
        assert table.to_pylist() == expected.to_pylist()
    run.spark.conf.set("spark.sql.session.timeZone", "UTC")
    assert run.read(str(SAMPLES)).toArrow().schema.types == expected.schema.types


@test
def a_schema_of_the_users_own_is_checked_type_for_type(run):
    def read(schema):
        return run.spark.read.format("quern").schema(schema).load(str(SAMPLES))
    frame = read("title string, id string, published date")
    assert frame.columns == ["title", "id", "published"]
    assert frame.sort("id").collect() == run.read(
        str(SAMPLES), columns="title,id,published").sort("id").collect()
    for wrong, words in (("id string, error_offset int", "error_offset is bigint, not int"),
                         ("links array<string>", "links is array<struct"),
                         ("title string not null", "title may be null"),
                         ("no_such string", "no_such")):
        fails([words], lambda: read(wrong).collect(), "AnalysisException")


@test
def relative_paths_mean_the_drivers_folder(run):
    import quern
    for inputs in ("samples/documents/ferry.html", "samples/documents",
                   ["samples/documents/ferry.html", "tests/golden/text"]):
        expected = quern.read(inputs, columns=["id", "url", "status"]).read_all().to_pylist()
        rows = run.read(inputs, columns="id,url,status").collect()
        assert len(rows) == len(expected) > 0, (rows, expected)
        assert {tuple(row) for row in rows} == {tuple(row.values()) for row in expected}, inputs
        assert "converted" in {row.status for row in rows}, rows
    (run.scratch / "empty").mkdir()
    assert run.read(str(run.scratch / "empty")).count() == 0
    fails(["nothing to read"], lambda: run.read().count(), "AnalysisException")


# --- binary files ---

@test
def binary_files_become_records(run):
    import quern_spark
    folder = local_documents(run.scratch / "binary", 300)
    strange = ["a b.html", "a\tb.html", "ab.html", "a#1.html", "a#2.html", "50%.html", "%41.html", "q?x=1.html", "文.html"]
    for sub in ("first", "second"):
        (folder / sub).mkdir()
        for name in strange:
            (folder / sub / name).write_bytes(page_of(7))
    columns = ["id", "url", "title", "status", "text"]
    rows = (run.spark.read.format("binaryFile").option("recursiveFileLookup", "true")
            .load(str(folder)).mapInArrow(quern_spark.convert(columns),
                                          quern_spark.schema(columns)).collect())
    assert len({row.id for row in rows}) == len(rows) == 300 + 2 * len(strange)
    plain = {row.url: row for row in rows}
    for number in range(300):
        row = plain[f"file:{folder}/{number:06}.html"]
        assert (row.title, row.status, row.text) == (
            title_of(number), "converted", body_of(number)), row
    for sub in ("first", "second"):
        for name in strange:
            name = re.sub(r"[^\w.=]", lambda match: urllib.parse.quote(match[0]), name)
            assert plain[f"file:{folder}/{sub}/{name}"].title == title_of(7), name
    archive = (run.spark.read.format("binaryFile").load(str(SAMPLES / "rain-garden.zip"))
               .mapInArrow(quern_spark.convert(["url", "member", "status"]),
                           quern_spark.schema(["url", "member", "status"])).collect())
    assert {row.url for row in archive} == {f"file:{SAMPLES}/rain-garden.zip"}, archive
    assert {row.member for row in archive} >= {"资料/值班表.html", "资料/说明.txt"}, archive


# --- streams ---

def stream(run, folder, checkpoint, take, **options):
    """What the query says when it ends: None, or its error."""
    query = (run.spark.readStream.format("quern").option("columns", "id,url,title,text")
             .option("split_inputs_max", 50).options(**options).load(str(folder))
             .writeStream.foreachBatch(take).option("checkpointLocation", str(checkpoint))
             .trigger(availableNow=True).start())
    try:
        query.awaitTermination(180)
        return None
    except Exception as error:
        return f"{type(error).__name__} {error}"
    finally:
        query.stop()


def offsets_of(checkpoint):
    return [json.loads(path.read_text().splitlines()[-1]) for path in sorted(
        (checkpoint / "offsets").glob("[0-9]*"), key=lambda each: int(each.name))]


@test
def a_stream_goes_on_where_it_was_stopped(run):
    import quern_spark
    admits = quern_spark.SupportsTriggerAvailableNow is not object  # since Spark 4.2
    folder, checkpoint = local_documents(run.scratch / "stream", 400), run.scratch / "checkpoint"
    seen = collections.Counter()

    def until(last):
        def take(frame, number):
            if number > last:
                raise RuntimeError("stopped here")
            rows = frame.collect()
            seen.update(row.url for row in rows)
            assert all(row.text == body_of(int(row.url[:-5])) for row in rows)
        return take
    limit = {"splits_per_batch": 3} if admits else {}
    stopped = stream(run, folder, checkpoint, until(0 if admits else -1), **limit)
    assert "stopped here" in stopped, stopped
    assert len(seen) < 400 and (not admits or seen), len(seen)
    assert stream(run, folder, checkpoint, until(1000), **limit) is None
    assert len(seen) == 400 and set(seen.values()) == {1}, collections.Counter(seen.values())
    offsets = offsets_of(checkpoint)
    assert all(set(offset) == {"plan", "position"} for offset in offsets), offsets
    assert len({offset["plan"] for offset in offsets}) == 1
    assert [offset["position"] for offset in offsets] == ([3, 6, 8] if admits else [8]), offsets
    if not admits:
        assert "needs Spark 4.2" in stream(run, folder, run.scratch / "other", until(0),
                                           splits_per_batch=3)
    (folder / "000400.html").write_bytes(page_of(400))
    changed = stream(run, folder, checkpoint, until(1000), **limit)
    assert changed and "begin a new one" in changed, changed
    assert len(seen) == 400


@test
def offsets_that_are_not_of_this_plan_are_refused(run):
    import quern_spark
    reader = quern_spark.QuernStreamReader({"path": str(SAMPLES)}, quern_spark.schema(["id"]))
    begin, end = reader.initialOffset(), reader.latestOffset()
    assert begin == {**end, "position": 0} and end["position"] == 1
    assert len(reader.partitions(begin, end)) == 1 and not reader.partitions(end, end)
    for wrong in ({}, {"plan": end["plan"]}, {"position": 0}, {**end, "plan": "0" * 64},
                  {**end, "position": 2}, {**end, "position": -1}, {**end, "position": "1"},
                  {**end, "position": True}, {**end, "position": None}):
        fails(["begin a new one"], lambda: reader.partitions(begin, wrong), "ValueError")
        fails(["begin a new one"], lambda: reader.partitions(wrong, end), "ValueError")


# --- processes ---

@test
def nothing_of_the_plugin_is_loaded_before_a_fork(run):
    subprocess.run([sys.executable, "-c", "import sys, quern_spark; sys.exit('quern' in sys.modules)"],
                   cwd=ROOT / "samples/hosts/spark", check=True)
    nobody_died(run)
    workers = python_workers(run.cluster)
    assert any("libquern" in maps_of(process) for process, _ in workers), workers
    for daemon in {daemon for _, daemon in workers}:
        assert maps_of(daemon) and "libquern" not in maps_of(daemon), daemon
        assert "libarrow" not in maps_of(daemon)


@test
def inputs_go_to_the_tasks_with_their_splits_only(run):
    import quern_spark
    from pyspark import cloudpickle
    urls = [f"http://127.0.{host}.1/{page}" for host in range(8) for page in range(2500)]
    source = quern_spark.QuernSource({"paths": json.dumps(urls), "allow_addresses": "127.0.0.0/8",
                                      "split_inputs_max": "2500"})
    for make in (source.reader, source.streamReader):
        reader = make(quern_spark.schema(["id", "text"]))
        splits = reader.plan()
        carried = len(cloudpickle.dumps((reader, source)))
        assert carried < 4096 + len(cloudpickle.dumps(quern_spark.QuernSource)), carried
        if make == source.reader:
            assert len(splits) == 8 and sum(split.documents for split in splits) == 20000
            assert all(len(pickle.dumps(split.value)) < 200000 for split in splits)


# --- what cannot go well ---

@test
def wrong_options_are_analysis_errors_that_name_them(run):
    for wrong, words in (({"delay_ms": "soon"}, "delay_ms"), ({"no_such": "1"}, "no_such"),
                         ({"columns": "id,no_such"}, "no_such"), ({"columns": "[1]"}, "JSON"),
                         ({"authorization": "plain"}, "authorization"),
                         ({"input_file": "/no/such/list"}, "/no/such/list"),
                         ({"input": "[broken"}, "JSON")):
        story = fails([words], lambda: run.read(str(SAMPLES), **wrong).collect(),
                      "AnalysisException")
        assert "plain" not in story or wrong.get("authorization") is None, story
    nobody_died(run)


@test
def what_vanishes_after_the_plan_is_failed_rows(run):
    folder = local_documents(run.scratch / "vanishing", 20)
    frame = run.read(str(folder), columns="url,status,error_code,error_message")
    plan_now(frame)
    shutil.rmtree(folder)
    rows = frame.collect()
    assert len(rows) == 20 and {row.status for row in rows} == {"failed"}, rows
    assert {row.error_code for row in rows} == {"not_found"}, rows
    assert all(row.url in row.error_message for row in rows), rows
    gone, = run.read(str(folder), columns="status,error_code").collect()
    assert gone == ("failed", "not_found"), gone


@contextlib.contextmanager
def plugin(run, **environment):
    """The source with another environment, in the process that plans and in those that read."""
    import quern_spark
    run.spark.sparkContext.environment.update(environment)
    quern_spark.register(run.spark)
    try:
        yield
    finally:
        for name in environment:
            run.spark.sparkContext.environment.pop(name)
        quern_spark.register(run.spark)


def fails_as_a_task(run, words, frame):
    """Tried four times, as Spark tries, and then the story is told where the query was asked."""
    group = f"fails {time.monotonic()}"
    run.spark.sparkContext.setJobGroup(group, group)
    fails(words, frame.collect, "PySparkException")
    run.spark.sparkContext.setJobGroup("", "")
    reasons = [end["Task End Reason"]["Reason"] for end in run.cluster.task_ends(group)
               if end["Task Info"]["Index"] == 0]
    assert reasons == ["ExceptionFailure"] * 4, reasons


@test
def a_plugin_that_is_missing_or_strange_is_an_error_of_the_query(run):
    import quern
    home = pathlib.Path(quern.__file__).parent
    spy = run.scratch / "libspy.so"
    subprocess.run(["cc", "-std=c17", "-D_GNU_SOURCE", "-shared", "-fPIC", "-I", ROOT / "include",
                    ROOT / "tests/e2e/spy_plugin.c", "-o", spy], check=True)
    real = {"QUERN_PLUGIN": str(spy), "SPY_REAL": str(home / "libquern.so")}

    def read():
        return run.read(str(SAMPLES), columns="title", batch_rows_max=1)
    with plugin(run, QUERN_PLUGIN="/no/such/plugin"):
        fails(["/no/such/plugin"], read, "AnalysisException")
    with plugin(run, SPY_FAULT="major", **real):
        fails(["ABI"], read, "AnalysisException")
    with plugin(run, SPY_FAULT="stream", **real):  # a stream that breaks is a task that fails
        fails_as_a_task(run, ["quern", "get_next"], read())
    away = run.scratch / "plugin"
    away.mkdir()
    for name in ("libquern.so", "plugin.toml"):
        shutil.copy(home / name, away)
    with plugin(run, QUERN_PLUGIN=str(away)):
        frame = read()
        plan_now(frame)
        shutil.rmtree(away)
        fails_as_a_task(run, [str(away)], frame)
    nobody_died(run)


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--documents", type=int, default=20000)
    arguments.add_argument("tests", nargs="*")
    given = arguments.parse_args()
    os.chdir(ROOT)
    chosen = [each for each in tests if not given.tests or each.__name__ in given.tests]
    failed = 0
    started = time.monotonic()
    with tempfile.TemporaryDirectory() as folder, Cluster(pathlib.Path(folder)) as cluster:
        spark = cluster.session()
        nobody_died(Run(cluster, spark, cluster.scratch, 1))
        print(f"       the cluster stands ({time.monotonic() - started:.1f} s)", flush=True)
        for function in chosen:
            began, verdict = time.monotonic(), "ok"
            try:
                function(Run(cluster, spark, cluster.scratch, given.documents))
            except Exception:
                traceback.print_exc()
                print(*cluster.last_words(), sep="\n", file=sys.stderr)
                failed, verdict = failed + 1, "FAILED"
            print(f"{verdict:6} {function.__name__} ({time.monotonic() - began:.1f} s)", flush=True)
        spark.stop()
    print(f"{len(chosen) - failed} passed, {failed} failed with Spark {cluster.version}, one master "
          f"and {WORKERS} workers, in {time.monotonic() - started:.0f} s")
    return failed > 0 or not chosen


if __name__ == "__main__":
    sys.exit(main())
