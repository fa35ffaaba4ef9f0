#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What is fetched with the option `warc` and converted again from its files, without a network, gives
the same records: every column of every document, from a server that redirects, chunks, packs, breaks
off and fails. The files are what the standard says, by Python's gzip and a reader of ten lines; they
hold no secret; a writer that was killed leaves whole records.

usage: cli_warc.py QUERN SERVER
"""
import gzip
import hashlib
import json
import os
import pathlib
import re
import signal
import subprocess
import sys
import tempfile
import time

QUERN, SERVER = sys.argv[1:3]
SECRET = "Bearer s3cr3t-value"
PATHS = ["/ok", "/empty", "/redirect/0", "/redirect/3", "/loop", "/to-itself", "/status/404",
         "/status/500", "/gzip", "/deflate", "/raw-deflate", "/gzip-members", "/gzip-cut", "/gzip-bad",
         "/br", "/chunked", "/chunked-cut", "/short", "/interim", "/big?300000", "/part",
         "/charset?text/html;charset=gbk", "/no-content", "/flaky/a?1", "/flaky/b?2",
         "/disposition?attachment;filename=%22a%20b.txt%22", "/location?ftp%3a//x/", "/headers",
         "/cut/end/length?20000", "/cut/reset/chunked?20000", "/to?/gzip"]
failures = []


def check(holds, what):
    if not holds:
        failures.append(what)
        print(f"FAILED {what}")


def quern(*arguments, **options):
    environment = dict(os.environ, QUERN_TEST_TOKEN=SECRET)
    done = subprocess.run([QUERN, "convert", "--quiet", *arguments], capture_output=True, text=True,
                          env=environment, timeout=300, **options)
    return done, [json.loads(line) for line in done.stdout.splitlines()]


def asked(port, folder, paths, *more):
    """The records of these paths, fetched while everything is archived."""
    host = f"127.0.0.1:{port}"
    return quern("--set", "allow_addresses=127.0.0.0/8", "--set", "delay_ms=0", "--set", f"warc={folder}",
                 "--set", "authorization=env:QUERN_TEST_TOKEN", "--set", f"authorization_hosts={host}",
                 *more, *[f"http://{host}{path}" for path in paths])[1]


def records_of(content):
    """(fields, block) of each record of a file that was unpacked."""
    at = 0
    while at < len(content):
        head, _, _ = content[at:].partition(b"\r\n\r\n")
        lines = head.decode().split("\r\n")
        fields = dict(line.split(": ", 1) for line in lines[1:])
        begin = at + len(head) + 4
        end = begin + int(fields["Content-Length"])
        if lines[0] != "WARC/1.1" or content[end:end + 4] != b"\r\n\r\n":
            raise ValueError(f"no record at {at}: {lines[0]}")
        yield fields, content[begin:end]
        at = end + 4


def check_standard(folder):
    """Each file is a row of gzip members, a record a member, with the fields and digests it must have."""
    ids = set()
    kinds = {}
    for path in sorted(folder.glob("*.warc.gz")):
        raw = path.read_bytes()
        check(SECRET.encode() not in gzip.decompress(raw), f"{path.name} holds the secret")
        for number, (fields, block) in enumerate(records_of(gzip.decompress(raw))):
            kind = fields["WARC-Type"]
            kinds[kind] = kinds.get(kind, 0) + 1
            check((kind == "warcinfo") == (number == 0), f"warcinfo stands first in {path.name}")
            check(fields["WARC-Record-ID"] not in ids, "a record id is there once")
            ids.add(fields["WARC-Record-ID"])
            digest = "sha256:" + hashlib.sha256(block).hexdigest()
            check(fields["WARC-Block-Digest"] == digest, f"the digest of {fields}")
            check(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z", fields["WARC-Date"]) is not None,
                  f"the date {fields['WARC-Date']}")
            if kind == "request":
                check(block.startswith(b"GET /") and block.endswith(b"\r\n\r\n"), f"a request is one: {block}")
            if kind == "response":
                check(block.startswith(b"HTTP/1.1 ") and b"\r\n\r\n" in block, f"a response is one: {block[:50]}")
                check(fields["WARC-IP-Address"] == "127.0.0.1", "the address of the server is told")
    return kinds


def first_difference(one, other):
    for column in sorted(one.keys() | other.keys()):
        if one.get(column) != other.get(column):
            return f"{one.get('url')}: {column}: {one.get(column)!r} and {other.get(column)!r}"
    return None


def compare(fetched, replayed, what):
    others = {record["id"]: record for record in replayed}
    check(len(fetched) == len(replayed), f"{what}: {len(fetched)} records and {len(replayed)}")
    for record in fetched:
        difference = (first_difference(record, others.get(record["id"], {})) or "")[:300] or None
        check(difference is None, f"{what}: {difference}")


def replay(folder, *more):
    """By a client that may ask nobody: no address is allowed."""
    return quern(*more, f"warc:{folder}")[1]


def test_same_records(port, scratch):
    folder = scratch / "all"
    fetched = asked(port, folder, PATHS)
    check(len(fetched) == len(PATHS), f"{len(fetched)} records of {len(PATHS)} paths")
    statuses = {record["status"] for record in fetched}
    check(statuses == {"converted", "partial", "failed"}, f"records of every kind: {statuses}")
    replayed = replay(folder)
    compare(fetched, replayed, "the folder")
    kinds = check_standard(folder)
    check(kinds["response"] == kinds["request"] > len(PATHS), f"requests and responses: {kinds}")
    check(not list(folder.glob("*.open")), "no file is left open")
    plain = scratch / "plain.warc"
    plain.write_bytes(b"".join(gzip.decompress(path.read_bytes()) for path in sorted(folder.glob("*.gz"))))
    compare(fetched, quern(str(plain))[1], "one plain file")
    print(f"{len(fetched)} documents, {kinds}, the same from folder and plain file")


def test_splits_of_files(port, scratch):
    folder = scratch / "many"
    big = [f"/big?{200000 + number}" for number in range(12)]
    fetched = asked(port, folder, big, "--set", "warc_bytes_max=1048576", "--set", "archive_ratio_max=100000")
    compare(fetched, replay(folder), "several files")
    return folder


def test_cut(port, scratch):
    folder = scratch / "cut"
    fetched = asked(port, folder, ["/ok", "/gzip", "/chunked"])
    whole = next(folder.glob("*.gz")).read_bytes()
    by_id = {record["id"]: record for record in fetched}
    cut = scratch / "cut.warc.gz"
    seen = set()
    for size in range(1, len(whole), 97):
        cut.write_bytes(whole[:size])
        records = quern(str(cut))[1]
        good = [record for record in records if record["id"] in by_id]
        for record in good:
            check(first_difference(by_id[record["id"]], record) is None, f"cut at {size}: {record}")
        told = [record for record in records if record["error_code"] in ("truncated", "bad_format")]
        starts = gzip_members(whole)
        check(bool(told) == (size not in starts), f"cut at {size} is told: {records}")
        seen.add(len(good))
    check(seen >= {0, 1, 2}, f"cuts leave {seen} documents")


def gzip_members(content):
    """Where members begin, by their own lengths; and the end."""
    at, starts = 0, {0}
    while at < len(content):
        at += int.from_bytes(content[at + 16:at + 20], "little")
        starts.add(at)
    return starts


def test_kill(port, scratch):
    """A writer that is killed leaves whole records: the next one gives its file a name."""
    folder = scratch / "kill"
    arguments = [QUERN, "convert", "--quiet", "--set", "allow_addresses=127.0.0.0/8", "--set", "delay_ms=5",
                 "--set", f"warc={folder}", *[f"http://127.0.0.1:{port}/big?{n}" for n in range(400)]]
    process = subprocess.Popen(arguments, stdout=subprocess.DEVNULL)
    wait_until(lambda: any(path.stat().st_size > 4000 for path in folder.glob("*.open")))
    process.send_signal(signal.SIGKILL)
    process.wait()
    left = next(folder.glob("*.open"))
    with left.open("ab") as file:
        file.write(left.read_bytes()[:20] + b"torn")
    asked(port, folder, ["/ok"])
    check(not left.exists() and left.with_suffix("").exists(), "the file of the killed writer has its name")
    kinds = check_standard(folder)
    records = replay(folder)
    check(kinds["response"] == len(records) > 1, f"{kinds}, {len(records)} records")
    check(all(record["status"] == "converted" for record in records if "/big?0" not in record["url"]),
          "all documents that a killed writer left are whole")
    print(f"killed: {len(records)} documents read")


def wait_until(holds, seconds=30):
    end = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > end:
            sys.exit("waited in vain")
        time.sleep(0.02)


def foreign_record(kind, uri, block, *more, version="1.0"):
    lines = [f"WARC/{version}", f"WARC-Type: {kind}", f"WARC-Target-URI: {uri}",
             "WARC-Date: 2020-02-02T02:02:02Z", "WARC-Record-ID: <urn:uuid:0>", *more,
             f"Content-Length: {len(block)}", "", ""]
    return "\r\n".join(lines).encode() + block + b"\r\n\r\n"


def test_foreign(scratch):
    """Files of others: redirects by address, resources, revisits by digest, bodies without their coding."""
    http = "Content-Type: application/http; msgtype=response"
    page = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nTransfer-Encoding: chunked\r\n\r\n"
    digest = "WARC-Payload-Digest: sha1:ABC"
    path = scratch / "foreign.warc"
    path.write_bytes(
        foreign_record("warcinfo", "", b"software: other\r\n")
        + foreign_record("response", "http://a.example/old",
                         b"HTTP/1.1 301 Moved\r\nLocation: /new#x\r\n\r\n", http)
        + foreign_record("response", "<http://b.example/>", page + b"5\r\nfirst\r\n0\r\n\r\n", http, digest)
        + foreign_record("response", "http://a.example/new", page + b"not chunked any more", http)
        + foreign_record("response", "http://a.example/new", b"HTTP/1.1 404 No\r\n\r\n", http)
        + foreign_record("revisit", "http://b.example/again", page, http, digest,
                         "WARC-Profile: http://netpreserve.org/warc/1.1/revisit/identical-payload-digest")
        + foreign_record("revisit", "http://b.example/lost", page, http, "WARC-Payload-Digest: sha1:X")
        + foreign_record("resource", "http://c.example/a.txt", "字".encode("gbk") * 20, "Content-Type: text/plain; charset=gbk")
        + foreign_record("response", "dns:a.example", b"a.example. 1 IN A 1.2.3.4", "Content-Type: text/dns")
        + foreign_record("response", "http://a.example/lone", b"HTTP/1.1 302 Found\r\nLocation: http://d.example/\r\n\r\n", http))
    records = quern(str(path))[1]
    said = [(r["url"], r["final_url"], r["http_status"], r["status"], (r["text"] or "").strip()) for r in records]
    expected = [("http://a.example/old", "http://a.example/new", 200, "converted", "not chunked any more"),
                ("http://b.example/", "http://b.example/", 200, "converted", "first"),
                ("http://a.example/new", "http://a.example/new", 404, "failed", ""),
                ("http://b.example/again", "http://b.example/again", 200, "converted", "first"),
                ("http://b.example/lost", "http://b.example/lost", 200, "failed", ""),
                ("http://c.example/a.txt", None, None, "converted", "字" * 20),
                ("http://a.example/lone", None, None, "failed", "")]
    check(said == expected, "foreign records:\n" + "\n".join(f"  {one}" for one in said))
    check(records[0]["fetched_at"].startswith("2020-02-02T02:02:02"), "the time is the archive's")


def test_windows(scratch):
    """Files are read in windows of 8 MiB: records lie across their edges, and one is longer than a window."""
    page = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n"
    sizes = [3000000 + number for number in range(7)] + [9000000, 5, 18000000, 6]
    records = [foreign_record("response", f"http://a.example/{number}", page + b"x" * size,
                              "Content-Type: application/http") for number, size in enumerate(sizes)]
    for name, parts in (("long.warc", records), ("long.warc.gz", [gzip.compress(one, 0) for one in records])):
        path = scratch / name
        path.write_bytes(b"".join(parts))
        said = quern("--columns", "content_bytes,error_code", str(path))[1]
        check([record["content_bytes"] for record in said] == sizes, f"{name}: {said}")


def main():
    server = subprocess.Popen([sys.executable, SERVER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    port = int(server.stdout.readline().split()[1])
    try:
        with tempfile.TemporaryDirectory() as name:
            scratch = pathlib.Path(name)
            test_same_records(port, scratch)
            test_splits_of_files(port, scratch)
            test_cut(port, scratch)
            test_kill(port, scratch)
            test_foreign(scratch)
            test_windows(scratch)
    finally:
        server.stdin.close()
        server.wait(10)
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
