# SPDX-License-Identifier: Apache-2.0
"""Spark on a standalone cluster: one master, two workers, documents of 64 loopback addresses.

  host_spark.py [--documents N] [TEST…]

Run by host_spark.sh in the environment it makes. delay_ms is 0 here, openly: the addresses are ours.
"""
import argparse
import asyncio
import collections
import contextlib
import glob
import inspect
import json
import os
import pathlib
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
import traceback
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "samples" / "hosts" / "spark"))
HOSTS = [f"127.0.0.{number}" for number in range(1, 65)]
COLUMNS = ["id", "url", "title", "status", "http_status", "text"]
WORKERS = 2
SERVER_DELAY = 0.002  # of each answer, so that a task has a middle
tests = []


def test(function):
    tests.append(function)
    return function


def title_of(number):
    return f"第{number}页"


def body_of(number):
    return f"正文 {number} ☂" + "字" * (800 + number % 50)  # 64 KiB of buffers hold few of them


def page_of(number):
    return (f"<!doctype html><meta charset=gb18030><title>{title_of(number)}</title>"
            f"<h1>{title_of(number)}</h1><p>{body_of(number)}</p>").encode("gb18030")


# --- a light server: one process, one thread, all addresses ---

class Server:
    def __init__(self):
        self.requests = collections.Counter()
        self.running, self.most = collections.Counter(), collections.Counter()

    async def answer(self, reader, writer):
        host = writer.get_extra_info("sockname")[0]
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                path = head.split(b" ", 2)[1].decode()
                if path == "/log":
                    body = json.dumps({"requests": self.requests, "most": self.most}).encode()
                else:
                    self.requests[host + path] += 1
                    self.running[host] += 1
                    self.most[host] = max(self.most[host], self.running[host])
                    await asyncio.sleep(SERVER_DELAY)
                    self.running[host] -= 1
                    body = page_of(int(path.strip("/")))
                writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: "
                             b"%d\r\n\r\n" % len(body) + body)
                await writer.drain()
        writer.close()

    async def run(self):
        first = await asyncio.start_server(self.answer, HOSTS[0], 0)
        port = first.sockets[0].getsockname()[1]
        for host in HOSTS[1:]:
            await asyncio.start_server(self.answer, host, port)
        print(port, flush=True)
        await asyncio.to_thread(sys.stdin.read)


def serve():
    asyncio.run(Server().run())
    os._exit(0)


class Site:
    """The server as a process, ended with its standard input."""

    def __enter__(self):
        self.process = subprocess.Popen([sys.executable, __file__, "--serve"], text=True,
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.port = int(self.process.stdout.readline())
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        self.process.wait(10)

    def url(self, number):
        return f"http://{HOSTS[number % len(HOSTS)]}:{self.port}/{number}"

    def log(self):
        with urllib.request.urlopen(f"http://{HOSTS[0]}:{self.port}/log", timeout=20) as answer:
            return json.load(answer)


# --- the cluster ---

def free_port():
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


class Cluster:
    def __init__(self, scratch):
        import pyspark
        self.scratch = scratch
        self.spark_class = pathlib.Path(pyspark.__file__).parent / "bin" / "spark-class"
        self.environment = {**os.environ, "SPARK_LOCAL_IP": "127.0.0.1",
                            "PYSPARK_PYTHON": sys.executable, "SPARK_DAEMON_MEMORY": "256m",
                            "SPARK_HOME": str(pathlib.Path(pyspark.__file__).parent)}
        os.environ.update(self.environment)
        self.processes = []

    def start(self, name, *arguments):
        log = open(self.scratch / f"{name}.log", "w")
        self.processes.append(subprocess.Popen(
            [self.spark_class, *arguments], env=self.environment, stdout=log, stderr=log,
            start_new_session=True))

    def wait_for(self, name, words, seconds=60):
        until = time.monotonic() + seconds
        while words not in (self.scratch / f"{name}.log").read_text():
            assert time.monotonic() < until, f"{name} did not say {words!r}"
            time.sleep(0.2)

    def __enter__(self):
        self.master = f"spark://127.0.0.1:{free_port()}"
        deploy = "org.apache.spark.deploy"
        self.start("master", deploy + ".master.Master", "--host", "127.0.0.1", "--port",
                   self.master.rpartition(":")[2], "--webui-port", "0")
        self.wait_for("master", "Successfully started service 'sparkMaster'")
        for number in range(WORKERS):
            self.start(f"worker{number}", deploy + ".worker.Worker", "--host", "127.0.0.1",
                       "--cores", "1", "--memory", "1g", "--webui-port", "0", "--work-dir",
                       str(self.scratch / f"work{number}"), self.master)
        for number in range(WORKERS):
            self.wait_for(f"worker{number}", "Successfully registered with master")
        return self

    def __exit__(self, *_):
        for process in reversed(self.processes):
            process.terminate()
        for process in self.processes:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(20)
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)  # its own session: the executors it started

    def session(self, name, cores=WORKERS):
        from pyspark.sql import SparkSession
        import quern_spark
        events = self.scratch / f"events-{name}"
        events.mkdir()
        spark = (SparkSession.builder.master(self.master).appName(name)
                 .config("spark.driver.host", "127.0.0.1")
                 .config("spark.driver.bindAddress", "127.0.0.1")
                 .config("spark.ui.enabled", "false")
                 .config("spark.ui.showConsoleProgress", "false").config("spark.cores.max", cores)
                 .config("spark.executor.cores", 1).config("spark.executor.memory", "768m")
                 .config("spark.eventLog.enabled", "true")
                 .config("spark.eventLog.compress", "false")
                 .config("spark.eventLog.dir", events.as_uri()).getOrCreate())
        spark.sparkContext.setLogLevel("OFF")
        quern_spark.register(spark)
        return spark, events


def task_ends(events):
    """What the event log says of every task that ended."""
    for path in glob.glob(f"{events}/**/*", recursive=True):
        if os.path.isfile(path):
            with open(path, errors="replace") as lines:
                for line in lines:
                    if '"SparkListenerTaskEnd"' in line:
                        yield json.loads(line)


# --- the middle of a task ---

def connections_to(port):
    """inode of a socket: the address it is connected to."""
    found = {}
    for line in open("/proc/net/tcp").readlines()[1:]:
        fields = line.split()
        address, remote_port = fields[2].split(":")
        if fields[3] == "01" and int(remote_port, 16) == port:
            found[fields[9]] = socket.inet_ntoa(bytes.fromhex(address)[::-1])
    return found


def holders(inodes):
    for folder in glob.glob("/proc/[0-9]*/fd"):
        with contextlib.suppress(OSError):
            for name in os.listdir(folder):
                link = os.readlink(f"{folder}/{name}")
                if link.startswith("socket:[") and link[8:-1] in inodes:
                    yield int(folder.split("/")[2]), inodes[link[8:-1]]


def kill_one(site, documents, killed):
    """kill -9 of a Python worker that has fetched half of a host's documents."""
    half = documents // len(HOSTS) // 2
    while not killed and site.process.poll() is None:
        done = collections.Counter(page.split("/")[0] for page in site.log()["requests"])
        for process, host in holders(connections_to(site.port)):
            command = pathlib.Path(f"/proc/{process}/cmdline").read_bytes()
            if b"pyspark.daemon" in command and half <= done[host] < 2 * half - half // 4 and \
                    sum(done.values()) > documents // 5:
                os.kill(process, signal.SIGKILL)
                killed.append((process, host, done[host]))
                return
        time.sleep(0.05)


def upsert(path):
    def write(rows):
        with sqlite3.connect(path, timeout=60, isolation_level=None) as store:
            for row in rows:
                store.execute(
                    "INSERT INTO records VALUES (?, ?, ?, ?, ?, ?, 1) ON CONFLICT (id) DO UPDATE SET "
                    "url = excluded.url, title = excluded.title, status = excluded.status, "
                    "http_status = excluded.http_status, text = excluded.text, times = times + 1",
                    tuple(row))
    return write


@test
def every_document_is_there_once_although_a_worker_was_killed(cluster, scratch, documents):
    import quern
    with Site() as site:
        (scratch / "urls.txt").write_text(
            "".join(site.url(number) + "\n" for number in range(documents)))
        options = {"input_file": str(scratch / "urls.txt"), "delay_ms": "0",
                   "allow_addresses": "127.0.0.0/8", "batch_rows_max": "20"}
        split_of = collections.defaultdict(set)
        for number, split in enumerate(quern.plan(**options, split_inputs_max=1)):
            for host in split.summary["web_hosts"]:
                split_of[host["web_host"]].add(number)
        assert len(split_of) == len(HOSTS) and all(len(each) == 1 for each in split_of.values())
        store = scratch / "records.db"
        with sqlite3.connect(store) as opened:
            opened.execute("PRAGMA journal_mode = wal")
            opened.execute("PRAGMA synchronous = off")
            opened.execute("CREATE TABLE records (id TEXT PRIMARY KEY, url TEXT, title TEXT, "
                           "status TEXT, http_status INTEGER, text TEXT, times INTEGER)")
        spark, events = cluster.session("killed")
        killed = []
        killer = threading.Thread(target=kill_one, args=(site, documents, killed), daemon=True)
        killer.start()
        began = time.monotonic()
        frame = (spark.read.format("quern").options(**options).option("split_inputs_max", 1)
                 .option("columns", ",".join(COLUMNS)).load())
        frame.foreachPartition(upsert(str(store)))
        took = time.monotonic() - began
        log = site.log()
        spark.stop()
    killer.join(5)
    with sqlite3.connect(store) as opened:
        rows = opened.execute("SELECT url, title, status, http_status, text, times "
                              "FROM records").fetchall()
    assert len(rows) == documents, len(rows)
    by_url = {row[0]: row for row in rows}
    for number in range(documents):
        url = site.url(number)
        assert by_url[url][:5] == (url, title_of(number), "converted", 200,
                                   f"{title_of(number)}\n{body_of(number)}"), by_url[url]
    assert len(killed) == 1, "nobody was killed"
    failures = [end for end in task_ends(events) if end["Task End Reason"]["Reason"] != "Success"]
    machines = {end["Task Info"]["Executor ID"] for end in task_ends(events)}
    assert failures and len(machines) >= WORKERS, (failures, machines)
    again = sum(row[5] for row in rows) - documents
    asked_again = sum(log["requests"].values()) - documents
    assert again > 0 and asked_again > 0, (again, asked_again)
    assert len(log["requests"]) == documents
    assert max(log["most"].values()) == 1  # nobody asked an address from two tasks
    print(f"    {documents} documents of {len(HOSTS)} addresses in {took:.1f} s, delay_ms=0; worker "
          f"{killed[0][0]} killed at document {killed[0][2]} of {killed[0][1]}: {len(failures)} task "
          f"failed, {asked_again} requests and {again} rows came again; at most "
          f"{max(log['most'].values())} request at once on one address")


# --- without the web ---

def local_documents(folder, count):
    folder.mkdir()
    for number in range(count):
        (folder / f"{number:06}.html").write_bytes(page_of(number))
    return folder


@test
def the_schema_is_the_plugins_type_for_type(cluster, scratch, documents):
    import quern
    import quern_spark
    from pyspark.errors import AnalysisException
    from pyspark.sql.pandas.types import to_arrow_schema
    zone = {"timezone": "UTC"} if "timezone" in inspect.signature(to_arrow_schema).parameters else {}
    assert to_arrow_schema(quern_spark.schema(), **zone).equals(quern.schema())
    spark, _ = cluster.session("schema")
    spark.conf.set("spark.sql.session.timeZone", "UTC")
    samples = ROOT / "samples" / "documents"
    frame = spark.read.format("quern").load(str(samples))
    table = frame.toArrow()
    expected = quern.read(samples).read_all()
    assert table.schema.names == expected.schema.names
    assert [field.type for field in table.schema] == [field.type for field in expected.schema]
    assert table.sort_by("id").to_pylist() == expected.sort_by("id").to_pylist()
    for wrong in ({"delay_ms": "soon"}, {"columns": "id,no_such"}, {"no_such": "1"}):
        try:
            spark.read.format("quern").options(**wrong).load(str(samples)).collect()
            raise AssertionError(wrong)
        except AnalysisException as error:
            assert "quern._errors.Error" in str(error) and list(wrong)[0] in str(error), error
    try:
        spark.read.format("quern").schema("id string, error_offset int").load(str(samples)).collect()
        raise AssertionError("int")
    except AnalysisException as error:
        assert "error_offset is bigint, not int" in str(error)
    assert spark.read.format("quern").schema("title string, id string").load(str(samples)).columns \
        == ["title", "id"]
    assert spark.read.format("quern").load().count() == 0
    spark.stop()


@test
def binary_files_become_records(cluster, scratch, documents):
    import quern_spark
    folder = local_documents(scratch / "binary", 300)
    spark, _ = cluster.session("binary")
    columns = ["url", "title", "status", "text"]
    rows = (spark.read.format("binaryFile").load(str(folder))
            .mapInArrow(quern_spark.convert(columns), quern_spark.schema(columns)).collect())
    assert len(rows) == 300
    for row in rows:
        number = int(row.url[-11:-5])
        assert row.url.endswith(f"/binary/{number:06}.html") and row.status == "converted"
        assert (row.title, row.text) == (title_of(number), f"{title_of(number)}\n{body_of(number)}")
    spark.stop()


@test
def a_stream_goes_on_where_it_was_stopped(cluster, scratch, documents):
    folder = local_documents(scratch / "stream", 400)
    spark, _ = cluster.session("stream")
    seen = collections.Counter()
    checkpoint = scratch / "checkpoint"

    def run(batches, **options):
        def take(frame, number):
            rows = frame.collect()
            if number >= batches:
                raise RuntimeError("stopped here")
            seen.update(row.url for row in rows)
            assert all(row.text == f"{row.title}\n{body_of(int(row.url[:-5]))}" for row in rows)
        query = (spark.readStream.format("quern").option("columns", "id,url,title,text")
                 .option("split_inputs_max", 50).option("splits_per_batch", 2).options(**options)
                 .load(str(folder)).writeStream.foreachBatch(take)
                 .option("checkpointLocation", str(checkpoint)).trigger(availableNow=True).start())
        try:
            query.awaitTermination(120)
            return None
        except Exception as error:
            return str(error)
    stopped = run(2)
    assert "stopped here" in stopped, stopped
    first = set(seen)
    assert 0 < len(first) < 400, len(first)
    assert run(1 << 30) is None
    assert len(seen) == 400 and set(seen.values()) == {1}, collections.Counter(seen.values())
    offsets = [json.loads(path.read_text().splitlines()[-1]) for path in
               sorted((checkpoint / "offsets").glob("[0-9]*"), key=lambda each: int(each.name))]
    assert all(set(offset) == {"plan", "position"} for offset in offsets), offsets
    assert len({offset["plan"] for offset in offsets}) == 1
    assert [offset["position"] for offset in offsets] == sorted(
        {offset["position"] for offset in offsets})
    (folder / "000400.html").write_bytes(page_of(400))
    changed = run(1 << 30)
    assert changed and "checkpoint" in changed, changed
    spark.stop()


@test
def nothing_is_loaded_at_import(cluster, scratch, documents):
    subprocess.run([sys.executable, "-c", "import sys, quern_spark; sys.exit('quern' in sys.modules)"],
                   cwd=ROOT / "samples/hosts/spark", check=True)


def measure(cluster, scratch, documents):
    """Records a second: the package alone, one worker, two."""
    import quern
    folder = local_documents(scratch / "measured", documents)
    columns = ["id", "title", "text"]
    began = time.monotonic()
    assert sum(batch.num_rows for batch in quern.read(folder, columns=columns)) == documents
    alone = time.monotonic() - began
    print(f"    alone: {documents / alone:.0f} records/s")
    for cores in (1, 2):
        spark, _ = cluster.session(f"measure{cores}", cores)
        spark.range(0, 4, 1, 4).mapInArrow(lambda batches: batches, "id long").count()
        frame = spark.read.format("quern").option("columns", ",".join(columns)).load(str(folder))
        began = time.monotonic()
        rows = frame.selectExpr("sum(length(text))", "count(*)").collect()
        took = time.monotonic() - began
        assert rows[0][1] == documents
        print(f"    {cores} worker: {documents / took:.0f} records/s")
        spark.stop()


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--documents", type=int, default=20000)
    arguments.add_argument("--serve", action="store_true")
    arguments.add_argument("--measure", action="store_true")
    arguments.add_argument("tests", nargs="*")
    given = arguments.parse_args()
    if given.serve:
        serve()
    import pyspark
    ran = failed = 0
    with tempfile.TemporaryDirectory() as folder, Cluster(pathlib.Path(folder)) as cluster:
        for function in [measure] if given.measure else tests:
            if given.tests and function.__name__ not in given.tests:
                continue
            ran += 1
            began = time.monotonic()
            try:
                function(cluster, cluster.scratch, given.documents)
                verdict = "ok"
            except Exception:
                traceback.print_exc()
                failed += 1
                verdict = "FAILED"
            print(f"{verdict:6} {function.__name__} ({time.monotonic() - began:.1f} s)", flush=True)
    print(f"{ran - failed} passed, {failed} failed with Spark {pyspark.__version__}, one master and "
          f"{WORKERS} workers")
    return failed > 0 or ran == 0


if __name__ == "__main__":
    sys.exit(main())
