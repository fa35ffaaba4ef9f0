#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What a host costs beyond pulling: each reads the same columns of the same documents as
bench_pull, in turn with it, and the table says how much more time that took.

    hosts.sh                        builds, makes an environment, runs this
    hosts.py BUILD [--hosts A,B] [--columns A,B | all] [--rounds 5] [--count 20000] [--archives]
    hosts.py BUILD --instructions   counts instructions instead: slow, but no load disturbs it

They run in turn, pull A B pull C A pull B C pull …: a host is compared with the mean of the pulls
before and after it, and the table gives the median of the rounds and, in brackets, the least and the
most. Times are taken
inside each process, from the first call that reads to the last, so that starting an interpreter and
loading libraries is in none of them; the `quern` command alone is timed whole, 10 ms of start with it.
"""
import argparse
import json
import os
import random
import re
import shutil
import statistics
import subprocess
import sys
import time
import zipfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
from pages import ROOT, SAMPLES  # noqa: E402

WORK = ROOT / "build" / "bench"
COLUMNS = "id,url,status,title,published,complete,text"
PER_FOLDER = 1000
PER_ARCHIVE = 100
BETWEEN_PULLS = 2  # so many hosts
INSTRUCTION_DOCUMENTS = (200, 1000)  # what starting costs falls out of their difference


# --- documents ---

def body_of(source):
    """Where the text of a sample page stands, and its sentences."""
    paragraphs = list(re.finditer(r"<p>(?:\d+、)?[^<]{60,}</p>", source))
    text = "".join(re.sub(r"</?p>|<p>\d+、", "", match[0]) for match in paragraphs)
    return paragraphs[0].start(), paragraphs[-1].end(), re.findall(r"[^。]+。?", text)


def head_of(chance):
    """Styles and scripts, as a page carries them: most of what is sent, none of the text."""
    rules = "".join(f".box{i} a{{color:#{chance.randrange(1 << 24):06x};padding:{i % 9}px}}\n"
                    for i in range(chance.randrange(10, 80)))
    calls = "".join(f'track("{chance.randrange(1 << 40):x}",{{page:{i},kind:"view"}});\n'
                    for i in range(chance.randrange(10, 120)))
    return f"<style>\n{rules}</style>\n<script>\n{calls}</script>\n</head>"


def make_page(source, chance):
    """A sample page with a text of another length (median 1,600 characters, at most 20,000), its
    sentences in another order, cut into numbered fragments as the samples are."""
    begin, end, sentences = body_of(source)
    wanted = min(20000, int(chance.lognormvariate(7.4, 0.8)))
    text = ""
    while len(text) < wanted:
        chance.shuffle(sentences)
        text += "".join(sentences)
    text = text[:wanted]
    fragments = "\n".join(f"<p>{i // 271 + 1}、{text[i:i + 271]}</p>"
                          for i in range(0, len(text), 271))
    page = source[:begin] + fragments + source[end:]
    return page.replace("</head>", head_of(chance), 1)


def write_pages(folder, count):
    chance = random.Random(20260101)
    sources = [((ROOT / "samples/documents" / name).read_bytes().decode(codec), codec)
               for name, codec in SAMPLES]
    for number in range(count):
        source, codec = sources[number % len(sources)]
        path = folder / f"{number // PER_FOLDER:04}" / f"{number:06}.html"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(make_page(source, chance).encode(codec))


def write_archives(folder, pages):
    folder.mkdir(parents=True)
    for first in range(0, len(pages), PER_ARCHIVE):
        with zipfile.ZipFile(folder / f"{first // PER_ARCHIVE:05}.zip", "w",
                             zipfile.ZIP_DEFLATED) as archive:
            for page in pages[first:first + PER_ARCHIVE]:
                archive.write(page, page.name)


def documents(count, archives=False):
    """The folder of `count` pages, or of archives with them; made once."""
    name = f"documents-{count}" + ("-archives" if archives else "")
    folder = WORK / name
    if not folder.exists():
        started = WORK / (name + ".part")
        shutil.rmtree(started, ignore_errors=True)
        if archives:
            write_archives(started, sorted(documents(count).rglob("*.html")))
        else:
            write_pages(started, count)
        started.rename(folder)
    return folder


# --- hosts: each of these runs in a process of its own ---

def peak_bytes():
    """Of this process alone: what rusage says begins with what its parent held."""
    return int(re.search(r"VmHWM:\s+(\d+)", Path("/proc/self/status").read_text())[1]) * 1024


def counts_of(columns):
    """Reads each value and does nothing with it: count() asks only whether it is NULL."""
    return ", ".join(["count(*)"] + [f'count("{column}")' for column in columns])


def wait_option(settings):
    return {"batch_wait_ms": settings["wait"]} if settings["wait"] else {}


def open_duckdb(settings):
    import duckdb
    database = duckdb.connect(config={"allow_unsigned_extensions": "true",
                                      "threads": settings["threads"]})
    database.execute(f"LOAD '{settings['build']}/lib/quern.duckdb_extension'")
    wait = "".join(f", {key} := {value}" for key, value in wait_option(settings).items())
    return database, f"FROM quern('{settings['input']}'{wait})"


def host_duckdb(settings, columns):
    database, source = open_duckdb(settings)
    yield
    row = database.execute(f"SELECT {counts_of(columns)} {source}").fetchone()
    yield row[0], sum(row[1:])


def host_parquet(settings, columns):
    database, source = open_duckdb(settings)
    target = f"{settings['work']}/records.parquet"
    yield
    names = ", ".join(f'"{column}"' for column in columns)
    row = database.execute(f"COPY (SELECT {names} {source}) TO '{target}'").fetchone()
    yield row[0], None


def open_sqlite(settings):
    import sqlite3
    database = sqlite3.connect(":memory:")
    database.enable_load_extension(True)
    database.load_extension(f"{settings['build']}/lib/quern")
    return database, (settings["input"], json.dumps(wait_option(settings)))


def host_sqlite(settings, columns):
    database, arguments = open_sqlite(settings)
    yield
    (row,) = database.execute(f"SELECT {counts_of(columns)} FROM quern(?, ?)", arguments)
    yield row[0], sum(row[1:])


def host_table(settings, columns):
    database, arguments = open_sqlite(settings)
    yield
    names = ", ".join(f'"{column}"' for column in columns)
    database.execute(f"CREATE TABLE records AS SELECT {names} FROM quern(?, ?)", arguments)
    yield database.execute("SELECT count(*) FROM records").fetchone()[0], None


def count_batches(batches):
    """What pyarrow's batches say of themselves; each is let go as the next one comes."""
    records = values = 0
    for batch in batches:
        records += batch.num_rows
        values += sum(batch.num_rows - column.null_count for column in batch.columns)
    return records, values


def host_python(settings, columns):
    import pyarrow  # noqa: F401
    import quern
    quern.schema()  # finds and loads the plugin
    yield
    with quern.read(settings["input"], columns=columns, **wait_option(settings)) as reader:
        yield count_batches(reader)


def host_adbc(settings, columns):
    from adbc_driver_manager import dbapi
    options = {"quern.columns": ",".join(columns)}
    options.update(("quern." + key, value) for key, value in wait_option(settings).items())
    with dbapi.connect(driver=f"{settings['build']}/lib/adbc_driver_quern.so", db_kwargs=options,
                       autocommit=True) as connection, connection.cursor() as cursor:
        yield
        cursor.execute("quern:" + settings["input"])
        yield count_batches(cursor.fetch_record_batch())


HOSTS = {"duckdb": host_duckdb, "parquet": host_parquet, "sqlite": host_sqlite,
         "table": host_table, "python": host_python, "adbc": host_adbc}


def run_inside(name, settings):
    """One host, measured in this process; a line of JSON like that of bench_pull."""
    steps = HOSTS[name](settings, settings["columns"])
    next(steps)
    loaded = peak_bytes()
    clock, processor = time.monotonic(), time.process_time()
    records, values = next(steps)
    used, passed = time.process_time() - processor, time.monotonic() - clock
    print(json.dumps({"records": records, "values": values, "seconds": passed,
                      "processor_seconds": used, "peak_bytes": peak_bytes(),
                      "loaded_bytes": loaded}))


# --- measuring ---

TITLES = {
    "pull": "pull: batches are let go", "duckdb": "DuckDB: count of every column",
    "parquet": "DuckDB: COPY … TO parquet", "sqlite": "SQLite: count of every column",
    "table": "SQLite: CREATE TABLE AS, in memory", "python": "Python: RecordBatches of pyarrow",
    "adbc": "ADBC: RecordBatches of the driver manager",
    "command": "quern convert: NDJSON to /dev/null", "tap": "quern tap: Singer to /dev/null",
    "airbyte": "quern airbyte read, to /dev/null",
}
WHOLE = {"command": b'{"', "tap": b'{"type":"RECORD"', "airbyte": b'{"type":"RECORD"'}


class Bench:
    def __init__(self, build, columns, folder, threads=1, wait=0):
        self.build, self.columns, self.folder, self.threads = build, columns, folder, threads
        self.library = build / "lib" / "libquern.so"
        self.wait = wait
        self.environment = dict(os.environ, QUERN_PLUGIN=str(self.library))

    def command(self, name):
        if name == "pull":
            wait = ["--set", f"batch_wait_ms={self.wait}"] if self.wait else []
            return [self.build / "bin" / "bench_pull", "--threads", self.threads, *wait,
                    self.library, self.columns, self.folder]
        if name in WHOLE:
            return [self.build / "bin" / "quern", *self.whole_arguments(name)]
        settings = {"build": str(self.build), "input": str(self.folder), "work": str(WORK),
                    "threads": self.threads, "wait": self.wait, "columns": self.names()}
        # Debian's Python is the one whose sqlite3 loads extensions.
        python = "/usr/bin/python3" if name in ("sqlite", "table") else sys.executable
        return [python, __file__, "--inside", name, json.dumps(settings)]

    def whole_arguments(self, name):
        wait = {"batch_wait_ms": self.wait} if self.wait else {}
        if name == "command":
            return ["convert", "--quiet", "--columns", ",".join(self.names()),
                    *(f"--set={key}={value}" for key, value in wait.items()), self.folder]
        config = {"inputs": [str(self.folder)], "columns": self.names(), **wait}
        stream = {"name": "documents", "json_schema": {"type": "object"},
                  "supported_sync_modes": ["full_refresh"]}
        catalog = {"streams": [{"stream": stream, "sync_mode": "full_refresh",
                                "destination_sync_mode": "append"}]}
        paths = {"config": WORK / f"{name}-config.json", "catalog": WORK / "catalog.json"}
        paths["config"].write_text(json.dumps(config))
        paths["catalog"].write_text(json.dumps(catalog))
        if name == "tap":
            return ["tap", "--quiet", "--config", paths["config"]]
        return ["airbyte", "read", "--config", paths["config"], "--catalog", paths["catalog"]]

    def names(self):
        if self.columns != "all":
            return self.columns.split(",")
        manifest = (ROOT / "plugin.toml").read_text()
        return re.findall(r"^\[\[quern\.columns\]\]\nname = \"(\w+)\"", manifest, re.M)

    def run(self, name):
        command = [str(part) for part in self.command(name)]
        if name in WHOLE:
            return run_whole(command, self.environment)
        done = subprocess.run(command, env=self.environment, capture_output=True, text=True,
                              check=False)
        if done.returncode:
            sys.exit(f"{name} answered {done.returncode}: {done.stderr.strip()}")
        return json.loads(done.stdout)

    def instructions(self, name):
        done = subprocess.run(
            ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null",
             *map(str, self.command(name))], env=self.environment, capture_output=True,
            text=True, check=False)
        found = re.search(r"Collected : (\d+)", done.stderr)
        if done.returncode or not found:
            sys.exit(f"{name} under valgrind answered {done.returncode}: {done.stderr[-2000:]}")
        return int(found[1])


def run_whole(command, environment):
    """A program that says nothing of itself. Its memory may be this small program's, if that is
    more."""
    clock = time.monotonic()
    child = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        sys.exit(f"{command} answered {child.returncode}")
    return {"records": None, "values": None, "seconds": time.monotonic() - clock,
            "processor_seconds": usage.ru_utime + usage.ru_stime,
            "peak_bytes": usage.ru_maxrss * 1024}


def check_whole(bench, name, records):
    """Those say nothing of themselves, so their lines are counted once, without taking the time."""
    with subprocess.Popen([str(part) for part in bench.command(name)], env=bench.environment,
                          stdout=subprocess.PIPE) as child:
        found = sum(line.startswith(WHOLE[name]) for line in child.stdout)
    if child.returncode or found != records:
        sys.exit(f"{name} answered {child.returncode} and wrote {found} records of {records}")


def check_same(name, found, pulled):
    for key in ("records", "values"):
        if found[key] is not None and found[key] != pulled[key]:
            sys.exit(f"{name} read {found[key]} {key}, bench_pull {pulled[key]}")


def measure(bench, hosts, rounds):
    """The pulls; and by host a list of (its run, the two pulls around it)."""
    results = {name: [] for name in hosts}
    order = hosts * rounds
    pulls = [bench.run("pull")]
    for name in WHOLE.keys() & set(hosts):
        check_whole(bench, name, pulls[0]["records"])
    for first in range(0, len(order), BETWEEN_PULLS):
        group = [(name, bench.run(name)) for name in order[first:first + BETWEEN_PULLS]]
        pulls.append(bench.run("pull"))
        print(f"{first + len(group)} of {len(order)} runs", file=sys.stderr, flush=True)
        for name, found in group:
            check_same(name, found, pulls[-1])
            results[name].append((found, pulls[-2:]))
    return pulls, results


def spread(values, form):
    middle = form.format(statistics.median(values))
    return f"{middle} ({form.format(min(values))} … {form.format(max(values))})"


def overheads(runs, key):
    return [100 * (found[key] / statistics.mean(pull[key] for pull in pulls) - 1)
            for found, pulls in runs]


def print_table(pulls, results, threads):
    records = pulls[0]["records"]
    print(f"| {threads} thread{'s' if threads > 1 else ''} | records/s | overhead, processor % | "
          "overhead, clock % | peak MiB (before reading) |\n|---|---|---|---|---|")
    rate = spread([records / pull["seconds"] for pull in pulls], "{:.0f}")
    print(f"| {TITLES['pull']} | {rate} | | | {peak(pulls)} |")
    for name, runs in results.items():
        rate = spread([records / found["seconds"] for found, _ in runs], "{:.0f}")
        cells = [spread(overheads(runs, key), "{:+.1f}") for key in ("processor_seconds", "seconds")]
        print(f"| {TITLES[name]} | {rate} | {' | '.join(cells)} | "
              f"{peak([found for found, _ in runs])} |", flush=True)


def peak(runs):
    most = max(runs, key=lambda found: found["peak_bytes"])
    loaded = f" ({most['loaded_bytes'] / 2**20:.0f})" if "loaded_bytes" in most else ""
    return f"{most['peak_bytes'] / 2**20:.0f}{loaded}"


def print_instructions(build, columns, hosts):
    """What one more document costs: the difference of two numbers of documents."""
    few, many = INSTRUCTION_DOCUMENTS
    forever = 3600000  # the clock must not cut batches here: all is slow
    print(f"\n| instructions a record, {many - few} documents | host | beyond pull | % |\n"
          "|---|---|---|---|")
    base = None
    for name in ["pull", *hosts]:
        counts = [Bench(build, columns, documents(count), wait=forever).instructions(name)
                  for count in INSTRUCTION_DOCUMENTS]
        each = (counts[1] - counts[0]) / (many - few)
        base = base or each
        print(f"| {TITLES[name]} | {each:.0f} | {each - base:.0f} | {100 * (each / base - 1):.1f} |",
              flush=True)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("build", type=Path)
    parser.add_argument("--hosts", default="duckdb,sqlite,python")
    parser.add_argument("--columns", default=COLUMNS)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--count", type=int, default=20000)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--archives", action="store_true")
    parser.add_argument("--instructions", action="store_true")
    arguments = parser.parse_args()
    build = arguments.build.resolve()
    hosts = arguments.hosts.split(",")
    WORK.mkdir(parents=True, exist_ok=True)
    if arguments.instructions:
        print_instructions(build, arguments.columns, hosts)
        return
    folder = documents(arguments.count, arguments.archives)
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    print(f"\n{folder.name}, {size / 1e6:.0f} MB; columns {arguments.columns}; "
          f"{arguments.rounds} rounds; load {os.getloadavg()[0]:.1f} of {os.cpu_count()} cores\n")
    bench = Bench(build, arguments.columns, folder, arguments.threads)
    print_table(*measure(bench, hosts, arguments.rounds), arguments.threads)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--inside"]:
        run_inside(sys.argv[2], json.loads(sys.argv[3]))
    else:
        main()
