#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What fetching costs the client: ours, a bare libcurl multi loop and curl --parallel, in turns.

  speed.py BENCH [--requests N] [--rounds N]

BENCH is bench_fetch_many. nginx serves 8 KB bodies with keep-alive on all of loopback, on a free
port, from a folder that goes when this ends. Prints the median of the rounds as requests per second
of the client's CPU, and the memory of 2,000 open connections.
"""
import argparse
import contextlib
import json
import os
import pathlib
import resource
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time

CONNECTIONS = 64
OPEN_CONNECTIONS = 2000
CONFIG = """
daemon off; master_process off; worker_rlimit_nofile 20000;
pid {folder}/pid; error_log {folder}/error.log crit;
events {{ worker_connections 8000; }}
http {{
  access_log off; client_body_temp_path {folder}/b; proxy_temp_path {folder}/p;
  fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
  keepalive_requests 1000000000; keepalive_timeout 600s;
  server {{
    listen 0.0.0.0:{port} backlog=4096; root {folder}/www; default_type text/html;
    location /slow/ {{ limit_rate 40; }}
  }}
}}
"""


@contextlib.contextmanager
def nginx():
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        with socket.socket() as probe:
            probe.bind(("", 0))
            port = probe.getsockname()[1]
        (folder / "www/slow").mkdir(parents=True)
        (folder / "www/8k.html").write_bytes(b"<p>power\n" * 910 + b"\n\n")
        (folder / "www/slow/8k.html").write_bytes(b"<p>power\n" * 910 + b"\n\n")
        (folder / "nginx.conf").write_text(CONFIG.format(folder=folder, port=port))
        server = subprocess.Popen(["nginx", "-p", name, "-c", str(folder / "nginx.conf")])
        try:
            for _ in range(100):
                with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port)):
                    break
                time.sleep(0.05)
            yield port
        finally:
            server.terminate()
            server.wait()


def run_bench(bench, how, port, requests, connections, path):
    command = [bench, how, str(port), str(requests), str(connections), path]
    result = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
    if result["failed"]:
        sys.exit(f"{how}: {result['failed']} requests failed")
    return result


def run_curl(port, requests):
    urls = "".join(f'url = "http://127.0.0.{1 + i % CONNECTIONS}:{port}/8k.html"\n'
                   'output = "/dev/null"\n' for i in range(requests))
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(["curl", "--silent", "--no-progress-meter", "--parallel", "--parallel-max", str(CONNECTIONS),
                    "--config", "-"], input=urls.encode(), check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return {"done": requests, "user_s": after.ru_utime - before.ru_utime,
            "system_s": after.ru_stime - before.ru_stime}


def per_cpu_second(result):
    return result["done"] / (result["user_s"] + result["system_s"])


def speed(bench, port, requests, rounds):
    rates = {"ours": [], "bare": [], "curl": []}
    for _ in range(rounds):
        for how in ("bare", "ours"):
            result = run_bench(bench, how, port, requests, CONNECTIONS, "/8k.html")
            rates[how].append(per_cpu_second(result))
        rates["curl"].append(per_cpu_second(run_curl(port, requests // 5)))
    print(f"requests per CPU-second of the client, {CONNECTIONS} connections, 8 KB, median of {rounds}"
          f" (load {os.getloadavg()[0]:.1f})")
    for how, name in (("bare", "bare libcurl loop"), ("curl", "curl --parallel"), ("ours", "ours")):
        print(f"  {name:20} {statistics.median(rates[how]):10.0f}"
              f"   (from {min(rates[how]):.0f} to {max(rates[how]):.0f})")
    print(f"  ours / bare          {statistics.median(rates['ours']) / statistics.median(rates['bare']):10.2f}")


def memory(bench, port):
    print(f"megabytes resident with {OPEN_CONNECTIONS} connections open")
    for how in ("bare-open", "ours-open"):
        result = run_bench(bench, how, port, OPEN_CONNECTIONS, OPEN_CONNECTIONS, "/slow/8k.html")
        print(f"  {how:20} {result['resident_kb'] / 1024:10.1f}")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("bench")
    parser.add_argument("--requests", type=int, default=50000)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    if not shutil.which("nginx") or not shutil.which("curl"):
        print("SKIPPED: nginx and curl are needed; FETCHING WAS NOT MEASURED", file=sys.stderr)
        sys.exit(77)
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(20000, hard), hard))
    with nginx() as port:
        speed(options.bench, port, options.requests, options.rounds)
        memory(options.bench, port)


main()
