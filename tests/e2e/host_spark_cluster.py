# SPDX-License-Identifier: Apache-2.0
"""What Spark's test and bench share: documents whose content is known, a web server on 64 loopback
addresses, and a standalone cluster of one master and two workers out of the pip package.

  host_spark_cluster.py --serve [--stall TOTAL ONE]     the server alone; ends with its standard input
"""
import asyncio
import collections
import contextlib
import glob
import json
import os
import pathlib
import signal
import socket
import subprocess
import sys
import time
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "samples" / "hosts" / "spark"))
HOSTS = [f"127.0.0.{number}" for number in range(1, 65)]
WORKERS = 2
WAIT_SECONDS = 120
# A small machine starts eight of these: less compiling, one collector. The bench leaves it out.
QUICK_JVM = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Xshare:auto"


def wait_until(condition, what, seconds=WAIT_SECONDS):
    until = time.monotonic() + seconds
    while True:
        found = condition()
        if found:
            return found
        assert time.monotonic() < until, f"waited {seconds} s: {what}"
        time.sleep(0.05)


# --- documents ---

def title_of(number):
    return f"第{number}页"


def body_of(number):
    return f"正文 {number} ☂" + "字" * (800 + number % 50)  # 64 KiB of buffers hold few of them


def page_of(number):
    return (f"<!doctype html><meta charset=gb18030><title>{title_of(number)}</title>"
            f"<h1>{title_of(number)}</h1><p>{body_of(number)}</p>").encode("gb18030")


def local_documents(folder, count):
    folder.mkdir()
    for number in range(count):
        (folder / f"{number:06}.html").write_bytes(page_of(number))
    return folder


# --- a light server: one process, one thread, all addresses ---

class Server:
    """Once it has given `stall[0]` documents and one host `stall[1]` of its own, it keeps that host's
    next request unanswered until it is told to go on: then somebody is in the middle of it."""

    def __init__(self, stall):
        self.stall = stall
        self.requests = collections.Counter()
        self.done = collections.Counter()
        self.running, self.most = collections.Counter(), collections.Counter()
        self.victim, self.go_on = None, asyncio.Event()

    async def page(self, host, path):
        self.requests[host + path] += 1
        self.running[host] += 1
        self.most[host] = max(self.most[host], self.running[host])
        self.done[host] += 1
        if self.stall and not self.victim and self.done[host] >= self.stall[1] and \
                self.done.total() >= self.stall[0]:
            self.victim = {"host": host, "request": self.done[host], "path": path}
        if self.victim and self.victim["host"] == host:
            await self.go_on.wait()
        self.running[host] -= 1
        return page_of(int(path.strip("/")))

    async def control(self, path):
        if path == "/go-on":
            self.go_on.set()
        told = {"/victim": self.victim, "/go-on": True,
                "/log": {"requests": self.requests, "most": self.most}}
        return json.dumps(told[path]).encode()

    async def answer(self, reader, writer):
        host = writer.get_extra_info("sockname")[0]
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                path = head.split(b" ", 2)[1].decode()
                if path == "/robots.txt":
                    writer.write(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")
                    continue
                body = await (self.page(host, path) if path[1:].isdecimal() else self.control(path))
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


class Site:
    """The server as a process, ended with its standard input."""

    def __init__(self, *stall):
        self.arguments = ["--stall", *map(str, stall)] if stall else []

    def __enter__(self):
        self.process = subprocess.Popen([sys.executable, __file__, "--serve", *self.arguments],
                                        text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.port = int(self.process.stdout.readline())
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        self.process.wait(10)
        self.process.stdout.close()

    def url(self, number):
        return f"http://{HOSTS[number % len(HOSTS)]}:{self.port}/{number}"

    def ask(self, path):
        with urllib.request.urlopen(f"http://{HOSTS[0]}:{self.port}{path}", timeout=60) as answer:
            return json.load(answer)


# --- the cluster ---

def free_port():
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


class Cluster:
    def __init__(self, scratch, jvm=QUICK_JVM):
        import pyspark
        self.scratch, self.jvm = scratch, jvm
        self.version = pyspark.__version__
        home = pathlib.Path(pyspark.__file__).parent
        self.spark_class = home / "bin" / "spark-class"
        self.environment = {**os.environ, "SPARK_LOCAL_IP": "127.0.0.1", "SPARK_HOME": str(home),
                            "PYSPARK_PYTHON": sys.executable, "SPARK_DAEMON_MEMORY": "256m",
                            "SPARK_DAEMON_JAVA_OPTS": QUICK_JVM}
        os.environ.update(self.environment)
        self.processes = []

    def start(self, name, *arguments):
        log = open(self.scratch / f"{name}.log", "w")
        self.processes.append(subprocess.Popen(
            [self.spark_class, *arguments], env=self.environment, stdout=log, stderr=log,
            start_new_session=True))

    def wait_for(self, name, words):
        wait_until(lambda: words in (self.scratch / f"{name}.log").read_text(),
                   f"{name} did not say {words!r}")

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
        return self

    def __exit__(self, *_):
        for process in reversed(self.processes):
            process.terminate()
        for process in self.processes:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(20)
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)  # its own session: the executors it started

    def session(self, name="quern", cores=WORKERS, **settings):
        """An application on the cluster; `events` is where it writes down what its tasks did."""
        from pyspark.sql import SparkSession
        import quern_spark
        self.events = self.scratch / f"events-{name}"
        self.events.mkdir()
        builder = SparkSession.builder.master(self.master).appName(name)
        for key, value in {
                "driver.host": "127.0.0.1", "driver.bindAddress": "127.0.0.1", "ui.enabled": "false",
                "ui.showConsoleProgress": "false", "cores.max": cores, "executor.cores": 1,
                "executor.memory": "768m", "locality.wait": 0,
                "scheduler.minRegisteredResourcesRatio": 1.0,  # no task before both workers are there
                "scheduler.maxRegisteredResourcesWaitingTime": f"{WAIT_SECONDS}s",
                "executor.extraJavaOptions": self.jvm, "driver.extraJavaOptions": self.jvm,
                "sql.session.timeZone": "UTC", "eventLog.enabled": "true",
                "eventLog.rolling.enabled": "false", "eventLog.compress": "false",
                "eventLog.dir": self.events.as_uri(), **settings}.items():
            builder = builder.config("spark." + key, value)
        spark = builder.getOrCreate()
        spark.sparkContext.setLogLevel("OFF")
        quern_spark.register(spark)
        return spark

    def task_ends(self, group):
        """What the event log says of every task of a job group whose jobs have ended."""
        def read():
            found, stages, jobs = [], set(), set()
            path, = (each for each in glob.glob(f"{self.events}/**/*", recursive=True)
                     if os.path.isfile(each) and not each.endswith(".crc"))
            for line in open(path, errors="replace"):
                kind = line[:60]
                if '"SparkListenerJobStart"' in kind:
                    event = json.loads(line)
                    if event.get("Properties", {}).get("spark.jobGroup.id") == group:
                        stages.update(event["Stage IDs"])
                        jobs.add(event["Job ID"])
                elif '"SparkListenerJobEnd"' in kind:
                    jobs.discard(json.loads(line)["Job ID"])
                elif '"SparkListenerTaskEnd"' in kind:
                    found.append(json.loads(line))
            return None if jobs or not stages else [
                event for event in found if event["Stage ID"] in stages]
        return wait_until(read, f"the event log has no end of {group}")

    def last_words(self, lines=15):
        """Of the executors, for a test that failed."""
        for path in sorted(glob.glob(f"{self.scratch}/work*/*/*/stderr")):
            said = [line for line in open(path, errors="replace")
                    if " INFO " not in line and not line.startswith("Spark Executor Command")]
            yield f"{path}:\n" + "".join(said[-lines:])


# --- processes ---

def command_of(process):
    with contextlib.suppress(OSError):
        return pathlib.Path(f"/proc/{process}/cmdline").read_bytes().replace(b"\0", b" ").decode()
    return ""


def parent_of(process):
    with contextlib.suppress(OSError):
        return int(pathlib.Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[1])
    return 0


def maps_of(process):
    with contextlib.suppress(OSError):
        return pathlib.Path(f"/proc/{process}/maps").read_text()
    return ""


def python_workers(cluster):
    """Those that the executors of this cluster forked: pid, and the pid of the daemon they come from."""
    found = []
    for name in os.listdir("/proc"):
        if name.isdecimal() and "pyspark.daemon" in command_of(name):
            daemon = parent_of(name)
            if "pyspark.daemon" in command_of(daemon) and \
                    f"--work-dir {cluster.scratch}" in command_of(parent_of(parent_of(daemon))):
                found.append((int(name), daemon))
    return found


def sockets_of(process):
    with contextlib.suppress(OSError):
        for name in os.listdir(f"/proc/{process}/fd"):
            with contextlib.suppress(OSError):
                link = os.readlink(f"/proc/{process}/fd/{name}")
                if link.startswith("socket:["):
                    yield link[8:-1]


def is_connected(process, host, port):
    wanted = "%s:%04X" % (socket.inet_aton(host)[::-1].hex().upper(), port)
    inodes = set(sockets_of(process))
    return any(fields[2] == wanted and fields[3] == "01" and fields[9] in inodes
               for fields in map(str.split, open("/proc/net/tcp").readlines()[1:]))


def main():
    arguments = sys.argv[1:]
    if arguments[:1] != ["--serve"]:
        sys.exit(__doc__)
    stall = tuple(map(int, arguments[2:4])) if arguments[1:2] == ["--stall"] else None
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(Server(stall).run())
    os._exit(0)


if __name__ == "__main__":
    main()
