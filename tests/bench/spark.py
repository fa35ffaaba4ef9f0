# SPDX-License-Identifier: Apache-2.0
"""What Spark costs beyond pulling, and what a second worker brings, on the documents of hosts.py.

    tests/e2e/host_spark.sh LIBRARY                          makes the environment, once
    cmake --build BUILD --target quern bench_pull
    build/e2e/spark-4.3.0/bin/python tests/bench/spark.py BUILD [--columns A,B | all]
                                     [--count 20000] [--rounds 5]

A cluster as in host_spark.py: one master, two workers of one core, on this machine. One round is
pull, Spark, Spark without documents, with one worker and then with two (bench_pull: threads). Spark
without documents is an empty source with as many partitions, and its time is Spark's own: planning a
query, scheduling tasks, Python workers that start and end. Overhead is what is left above bench_pull:
(spark - empty) / pull - 1; that of CPU seconds is the one to believe on a machine that is not quiet.
Nothing is kept: the sink is Spark's `noop`, which takes every row.
The table gives medians, in brackets the least and the most; CPU seconds are of the same runs.
"""
import argparse
import json
import os
import pathlib
import re
import resource
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests" / "bench"), str(ROOT / "tests" / "e2e")]

from host_spark_cluster import Cluster, parent_of, python_workers  # noqa: E402
from hosts import COLUMNS, documents  # noqa: E402
from pyspark.sql.datasource import DataSource, DataSourceReader, InputPartition  # noqa: E402


class EmptySource(DataSource):
    """As many partitions as asked for, and nothing in them."""

    @classmethod
    def name(cls):
        return "empty"

    def schema(self):
        return "id string"

    def reader(self, schema):
        return EmptyReader(int(self.options["count"]))


class EmptyReader(DataSourceReader):
    def __init__(self, count):
        self.count = count

    def partitions(self):
        return [InputPartition(number) for number in range(self.count)]

    def read(self, partition):
        return iter(())


def cpu_of(process):
    try:
        fields = pathlib.Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def peak_of(process):
    try:
        status = pathlib.Path(f"/proc/{process}/status").read_text()
    except OSError:
        return 0
    return int(re.search(r"VmHWM:\s+(\d+)", status)[1]) * 1024


class Bench:
    def __init__(self, build, columns, folder):
        self.build, self.folder = build, folder
        self.columns = None if columns == "all" else columns

    def pull(self, threads):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        done = subprocess.run(
            [self.build / "bin" / "bench_pull", "--threads", str(threads),
             self.build / "lib" / "libquern.so", self.columns or "all", self.folder],
            check=True, capture_output=True, text=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        told = json.loads(done.stdout)
        cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        return {"seconds": told["seconds"], "records": told["records"], "cpu": cpu}

    def frame(self, spark):
        frame = spark.read.format("quern")
        return (frame.option("columns", self.columns) if self.columns else frame).load(
            str(self.folder))


def timed(cluster, frame):
    """Of a query whose rows nobody keeps: seconds, and CPU seconds of Python and of the JVMs."""
    workers = python_workers(cluster)
    python = {process for process, _ in workers}
    java = {parent_of(daemon) for _, daemon in workers}
    before = [sum(map(cpu_of, group)) for group in (python, java)]
    began = time.monotonic()
    frame.write.format("noop").mode("overwrite").save()
    seconds = time.monotonic() - began
    after = [sum(map(cpu_of, group)) for group in (python, java)]
    return {"seconds": seconds, "python": after[0] - before[0], "java": after[1] - before[1]}


def measure(bench, cluster, workers, rounds, count):
    spark = cluster.session(f"bench{workers}", workers)
    spark.dataSource.register(EmptySource)
    splits = bench.frame(spark).rdd.getNumPartitions()
    empty = spark.read.format("empty").option("count", splits).load()
    runs = {"pull": [], "spark": [], "empty": []}
    assert bench.frame(spark).count() == count  # also the first, which nobody times
    for _ in range(rounds + 1):
        runs["pull"].append(bench.pull(workers))
        runs["spark"].append(timed(cluster, bench.frame(spark)))
        runs["empty"].append(timed(cluster, empty))
    assert {run["records"] for run in runs["pull"]} == {count}
    pids = python_workers(cluster)
    found = {name: each[1:] for name, each in runs.items()}  # the first round warms the JVMs up
    found["splits"] = splits
    found["peak_python"] = max(peak_of(process) for process, _ in pids)
    found["peak_java"] = max(peak_of(parent_of(daemon)) for _, daemon in pids)
    spark.stop()
    return found


def spread(values, form="{:.2f}"):
    return (f"{form.format(statistics.median(values))} "
            f"[{form.format(min(values))}–{form.format(max(values))}]")


def print_table(found, count):
    def of(workers, name, key="seconds"):
        return [run[key] for run in found[workers][name]]

    def net(workers):
        return [spark - empty for spark, empty in zip(of(workers, "spark"), of(workers, "empty"))]
    print(f"\n{'':34}" + "".join(f"{f'{workers} worker(s)':>26}" for workers in found))
    rows = {
        "splits": lambda w: str(found[w]["splits"]),
        "bench_pull, s (as many threads)": lambda w: spread(of(w, "pull")),
        "Spark, s": lambda w: spread(of(w, "spark")),
        "Spark's own (no documents), s": lambda w: spread(of(w, "empty")),
        "overhead beyond that": lambda w: spread(
            [net_s / pull - 1 for net_s, pull in zip(net(w), of(w, "pull"))], "{:+.0%}"),
        "records/s": lambda w: spread([count / s for s in of(w, "spark")], "{:.0f}"),
        "records/s without Spark's own": lambda w: spread([count / s for s in net(w)], "{:.0f}"),
        "speed-up over one worker": lambda w: f"{statistics.median(net(1)) / statistics.median(net(w)):.2f}",
        "CPU s: bench_pull": lambda w: spread(of(w, "pull", "cpu")),
        "CPU s: Python workers": lambda w: spread(of(w, "spark", "python")),
        "CPU s: executors' JVMs": lambda w: spread(of(w, "spark", "java")),
        "CPU overhead beyond Spark's own": lambda w: spread(
            [(run["python"] + run["java"] - empty["python"] - empty["java"]) / pull["cpu"] - 1
             for run, empty, pull in zip(*(found[w][name] for name in ("spark", "empty", "pull")))],
            "{:+.0%}"),
        "peak of a Python worker, MB": lambda w: f"{found[w]['peak_python'] / 1e6:.0f}",
        "peak of an executor's JVM, MB": lambda w: f"{found[w]['peak_java'] / 1e6:.0f}",
    }
    for name, value in rows.items():
        print(f"{name:34}" + "".join(f"{value(workers):>26}" for workers in found))


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("build", type=pathlib.Path)
    parser.add_argument("--columns", default=COLUMNS)
    parser.add_argument("--count", type=int, default=20000)
    parser.add_argument("--rounds", type=int, default=5)
    given = parser.parse_args()
    load = os.getloadavg()[0]
    bench = Bench(given.build.resolve(), given.columns, documents(given.count))
    with tempfile.TemporaryDirectory() as scratch, Cluster(pathlib.Path(scratch), jvm="") as cluster:
        found = {workers: measure(bench, cluster, workers, given.rounds, given.count)
                 for workers in (1, 2)}
    print_table(found, given.count)
    print(f"{given.count} documents, columns {given.columns}; Spark {cluster.version}; "
          f"{os.cpu_count()} cores, load {load:.1f} before and {os.getloadavg()[0]:.1f} after; "
          f"{given.rounds} rounds")


if __name__ == "__main__":
    main()
