#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What a second run over pages costs that have not changed, and a third after one in fifty has.

  again.py QUERN [--pages N] [--kib N]

nginx serves N pages of random words with its own validators on a free port of loopback, and counts
in its log what it sent, heads and all. `quern run` reads them into an SQLite database, three times.
Prints a row a run; ends with 1 when the second run received a body, or a hundredth of the first.
"""
import argparse
import contextlib
import os
import pathlib
import random
import resource
import socket
import subprocess
import sys
import tempfile
import time

CONFIG = """
daemon off; master_process off;
pid {folder}/pid; error_log {folder}/error.log crit;
events {{ worker_connections 512; }}
http {{
  log_format sent '$status $bytes_sent $body_bytes_sent';
  access_log {folder}/sent.log sent; client_body_temp_path {folder}/b; proxy_temp_path {folder}/p;
  fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
  server {{ listen 127.0.0.1:{port}; root {folder}/www; default_type text/html; }}
}}
"""
JOB = """
[source]
input_file = "{folder}/urls.txt"
[options]
allow_addresses = ["127.0.0.0/8"]
delay_ms = 0
[sink]
kind = "sqlite"
path = "{folder}/records.db"
"""
WORDS = "power duty office river harvest ledger winter market paper witness stone letter".split()


def write_page(path, number, version, size, dice):
    body, length = [], 0
    while length < size:
        body.append("<p>" + " ".join(dice.choices(WORDS, k=60)) + f" {version}.</p>\n")
        length += len(body[-1])
    path.write_text(f"<html><head><title>Page {number}</title></head><body>{''.join(body)}</body></html>")
    os.utime(path, (time.time() - 86400 + version,) * 2)


@contextlib.contextmanager
def nginx(folder):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    (folder / "nginx.conf").write_text(CONFIG.format(folder=folder, port=port))
    server = subprocess.Popen(["nginx", "-p", folder, "-c", folder / "nginx.conf"])
    try:
        for _ in range(100):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port)):
                break
            time.sleep(0.05)
        yield port
    finally:
        server.terminate()
        server.wait()


def run(quern, folder):
    """One run, and what nginx sent for it."""
    log = folder / "sent.log"
    before = len(log.read_text().splitlines())
    cpu = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run([quern, "run", folder / "job.toml"], stderr=subprocess.PIPE, text=True)
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode != 0:
        sys.exit(f"quern run: {done.returncode}: {done.stderr}")
    lines = [tuple(map(int, line.split())) for line in log.read_text().splitlines()[before:]]
    pages = [line for line in lines if line[0] in (200, 304)]
    return {"requests": len(lines), "unchanged": sum(line[0] == 304 for line in pages),
            "bytes": sum(line[1] for line in lines), "body": sum(line[2] for line in pages),
            "cpu": used.ru_utime + used.ru_stime - cpu.ru_utime - cpu.ru_stime,
            "told": done.stderr.strip().splitlines()[-1]}


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("quern")
    parser.add_argument("--pages", type=int, default=500)
    parser.add_argument("--kib", type=int, default=40)
    arguments = parser.parse_args()
    dice = random.Random(7)
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        (folder / "www").mkdir()
        pages = [folder / f"www/{i}.html" for i in range(arguments.pages)]
        for i, page in enumerate(pages):
            write_page(page, i, 1, arguments.kib * 1024, dice)
        with nginx(folder) as port:
            (folder / "job.toml").write_text(JOB.format(folder=folder))
            (folder / "urls.txt").write_text(
                "".join(f"http://127.0.0.1:{port}/{page.name}\n" for page in pages))
            runs = {"first": run(arguments.quern, folder), "unchanged": run(arguments.quern, folder)}
            for i, page in list(enumerate(pages))[::50]:
                write_page(page, i, 2, arguments.kib * 1024, dice)
            runs["2 % changed"] = run(arguments.quern, folder)
    print(f"{'run':12} {'requests':>8} {'304':>6} {'bytes':>12} {'share':>8} {'client CPU':>10}")
    for title, row in runs.items():
        share = row["bytes"] / runs["first"]["bytes"]
        print(f"{title:12} {row['requests']:8} {row['unchanged']:6} {row['bytes']:12} {share:8.2%} "
              f"{row['cpu']:9.2f}s")
        print(f"{'':12} {row['told']}")
    second = runs["unchanged"]
    return 1 if second["body"] or second["bytes"] * 100 >= runs["first"]["bytes"] else 0


if __name__ == "__main__":
    sys.exit(main())
