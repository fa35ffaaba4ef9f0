#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A web server that misbehaves on purpose, always in the same way.

  server.py [--port N] [--tls CERTIFICATE KEY] [--folder FOLDER] [--addresses N]

Prints "port N" and then serves on loopback (127.0.0.1 to 127.0.0.N) until it is killed or its
standard input ends. A request with a whole URL (as to a proxy) is answered by the URL's path,
whatever its host:

  /ok  /empty  /no-content  /echo (the request's headers)  /log (paths and times of all requests)
  /redirect/N  /loop  /to?URL  /to-itself (with a password)  /status/CODE
  /gzip  /deflate  /raw-deflate  /gzip-members  /gzip-cut  /gzip-bad  /gzip-bomb  /gzip-wrong  /br
  /two-codings  /chunked  /chunked-cut  /short  /reset  /stall?BYTES  /stall-head  /slow-headers
  /huge-headers  /huge-line  /many-interim  /big?BYTES  /bomb?MIB  /te-gzip  /not-http  /part  /cut/end|reset/chunked|length?BYTES
  /charset?CONTENT-TYPE  /disposition?HEADER  /location?RAW (percent-decoded bytes)  /headers
  /page/NAME  /page-etag/NAME  /page-modified/NAME (a file of FOLDER with validators; 304 if it is still the same)
  /not-modified (304 whatever is asked)  /sent (bytes sent so far, heads and all)
  /file/NAME (a file of FOLDER)  /hold?N (after N more files each waits until /hold is asked)
  /robots.txt (404, in no log and no count, until:)  /robots-say?STATUS%20BODY (of 3xx: LOCATION)
  /signals (headers that speak of use)  /robots-log (as /log, of /robots.txt alone)
  /flaky/NAME?N (503 N times, then ok)  /retry-after?SECONDS  /retry-once?SECONDS  /reset-once/NAME
"""
import argparse
import contextlib
import email.utils
import gzip
import hashlib
import json
import pathlib
import socket
import socketserver
import ssl
import struct
import sys
import threading
import time
import urllib.parse
import zlib

STALL_SECONDS = 60
BODY = "权力与责任的关系 grinds on\n".encode() * 40
TYPES = {".html": "text/html", ".txt": "text/plain", ".zip": "application/zip"}
lock = threading.RLock()
log = []
robots_log = []
robots = (404, b"")
visits = {}
sent_bytes = 0
gate = threading.Condition()
files = {}  # by name, of --folder
files_left = None  # until the gate closes; None: it is open


def raw_deflate(data):
    packer = zlib.compressobj(6, zlib.DEFLATED, -15)
    return packer.compress(data) + packer.flush()


def visit(path):
    with lock:
        visits[path] = visits.get(path, 0) + 1
        return visits[path]


class Handler(socketserver.StreamRequestHandler):
    def handle(self):
        try:
            while self.one():
                pass
        except OSError:
            pass

    def one(self):
        line = self.rfile.readline(65536)
        if not line[:1].isalpha():
            return False  # the end, or a greeting of TLS, whose random bytes may look like a request
        self.method, target, _ = line.decode("latin-1").split(" ", 2)
        self.headers = []
        while True:
            header = self.rfile.readline(65536)
            if header in (b"\r\n", b"\n", b""):
                break
            self.headers.append(header.decode("latin-1").rstrip("\r\n"))
        if target.startswith("http://"):
            target = "/" + target.split("://", 1)[1].partition("/")[2]
        path, _, query = target.partition("?")
        self.target, self.query = target, urllib.parse.unquote_to_bytes(query)
        name = path.strip("/").split("/")
        if name[0] not in ("log", "hold", "robots-say", "robots-log"):
            with lock:
                entries = robots_log if path == "/robots.txt" else log
                entries.append({"target": target, "time": time.monotonic(),
                                "host": self.connection.getsockname()[0],
                                "client": self.client_address[1], "headers": self.headers})
        if path == "/robots.txt":
            return self.say_robots()
        answer = getattr(self, "on_" + name[0].replace("-", "_"), None)
        if answer is None:
            return self.send(404, b"no such page: " + path.encode())
        return answer(*name[1:])

    def write(self, data):
        global sent_bytes
        with lock:
            sent_bytes += len(data)
        self.wfile.write(data)
        self.wfile.flush()

    def head(self, status, headers):
        lines = ["HTTP/1.1 %d %s" % (status, "Answer")]
        lines += ["%s: %s" % pair for pair in headers]
        self.write(("\r\n".join(lines) + "\r\n\r\n").encode("latin-1"))

    def send(self, status, body, *headers):
        self.head(status, (("Content-Length", len(body)),) + headers)
        self.write(body)
        return True

    def coded(self, coding, body):
        return self.send(200, body, ("Content-Encoding", coding), ("Content-Type", "text/plain"))

    # --- whole answers ---
    def on_ok(self, *_):
        return self.send(200, BODY, ("Content-Type", "text/plain; charset=UTF-8"))

    def on_empty(self):
        return self.send(200, b"")

    def on_no_content(self):
        self.head(204, ())
        return True

    def on_echo(self):
        return self.send(200, "\n".join(self.headers).encode("latin-1"))

    def on_log(self):
        with lock:
            return self.send(200, json.dumps(log).encode())

    # --- robots.txt ---
    def say_robots(self):
        with lock:
            status, body = robots
        pairs = [("Location", body.decode("latin-1"))] if 300 <= status < 400 else []
        body = b"" if pairs else body
        lines = ["HTTP/1.1 %d Answer" % status, "Content-Length: %d" % len(body)]
        lines += ["%s: %s" % pair for pair in pairs]
        self.wfile.write(("\r\n".join(lines) + "\r\n\r\n").encode("latin-1") + body)
        self.wfile.flush()
        return True

    def on_robots_say(self):
        global robots
        status, _, body = self.query.partition(b" ")
        with lock:
            robots = (int(status), body)
            robots_log.clear()
        return self.send(200, b"")

    def on_robots_log(self):
        with lock:
            return self.send(200, json.dumps(robots_log).encode())

    def on_signals(self):
        return self.send(200, BODY, ("X-Robots-Tag", "noindex"),
                         ("X-Robots-Tag", "otherbot: noarchive"), ("TDM-Reservation", "1"),
                         ("TDM-Policy", "https://a.example/policy.json"),
                         ("Content-Usage", "train-ai=n"), ("Content-Type", "text/plain"))

    # --- more whole answers ---
    def on_headers(self):
        return self.send_validated(BODY, 'Text/HTML ;charset="GBK"', '"v1"',
                                   "Sun, 06 Nov 1994 08:49:37 GMT")

    def on_sent(self):
        with lock:
            text = b"%d" % sent_bytes
        return self.send(200, text)

    # --- what is asked for only if it has changed ---
    def send_validated(self, body, kind, etag, modified):
        asked = {key.strip().lower(): value.strip()
                 for key, _, value in (line.partition(":") for line in self.headers)}
        validators = [pair for pair in (("ETag", etag), ("Last-Modified", modified)) if pair[1]]
        if "if-none-match" in asked:
            same = etag and etag in asked["if-none-match"]
        else:
            same = modified and asked.get("if-modified-since") == modified
        if same:
            self.head(304, validators)
            return True
        return self.send(200, body, ("Content-Type", kind), *validators)

    def send_page(self, names, has_etag, has_modified):
        path = files.get(urllib.parse.unquote("/".join(names)))
        if path is None:
            return self.send(404, b"no such file")
        body = path.read_bytes()
        etag = '"%s"' % hashlib.sha256(body).hexdigest()[:16] if has_etag else ""
        modified = email.utils.formatdate(path.stat().st_mtime, usegmt=True) if has_modified else ""
        return self.send_validated(body, TYPES.get(path.suffix, "application/octet-stream"), etag,
                                   modified)

    def on_page(self, *names):
        return self.send_page(names, True, True)

    def on_page_etag(self, *names):
        return self.send_page(names, True, False)

    def on_page_modified(self, *names):
        return self.send_page(names, False, True)

    def on_not_modified(self, *_):
        self.head(304, (("ETag", '"v1"'),))
        return True

    def on_status(self, code):
        return self.send(int(code), b"an answer of status " + code.encode())

    def on_error_forever(self):
        self.head(404, (("Content-Type", "text/plain"),))
        while True:
            self.write(b"x" * 4096)
            time.sleep(0.001)

    def on_big(self):
        left = int(self.query)
        block = b"0123456789abcdef" * 4096
        self.head(200, (("Content-Length", left),))
        while left > 0:
            self.write(block[:left])
            left -= len(block)
        return True

    # --- files, and when they come ---
    def on_file(self, *names):
        global files_left
        path = files.get(urllib.parse.unquote("/".join(names)))
        if path is None:
            return self.send(404, b"no such file")
        with gate:
            gate.wait_for(lambda: files_left != 0)
            if files_left is not None:
                files_left -= 1
        self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return self.send(200, path.read_bytes(),
                         ("Content-Type", TYPES.get(path.suffix, "application/octet-stream")))

    def on_hold(self):
        global files_left
        with gate:
            files_left = int(self.query) if self.query else None
            gate.notify_all()
        return self.send(200, b"")

    # --- redirects ---
    def on_redirect(self, left):
        to = "/redirect/%d" % (int(left) - 1) if int(left) > 1 else "/ok"
        return self.send(302, b"over there", ("Location", to))

    def on_loop(self, *name):
        return self.send(301, b"", ("Location", "/loop/b" if not name else "/loop"))

    def on_to_itself(self):
        host = next(line[5:].strip() for line in self.headers if line.lower().startswith("host:"))
        return self.send(302, b"", ("Location", "http://user:planted@%s/to-itself" % host))

    def on_to(self):
        return self.send(302, b"", ("Location", self.query.decode("latin-1")))

    def on_location(self):
        self.write(b"HTTP/1.1 302 Answer\r\nContent-Length: 0\r\nLocation: " + self.query +
                   b"\r\n\r\n")
        return True

    # --- codings ---
    def on_gzip(self):
        return self.coded("gzip", gzip.compress(BODY, mtime=0))

    def on_gzip_chunked(self):
        data = gzip.compress(BODY, mtime=0)
        self.head(200, (("Transfer-Encoding", "chunked"), ("Content-Encoding", "x-gzip")))
        for i in range(len(data)):
            self.write(b"1\r\n" + data[i:i + 1] + b"\r\n")
        self.write(b"0\r\n\r\n")
        return True

    def on_gzip_members(self):
        half = len(BODY) // 2
        return self.coded("gzip", gzip.compress(BODY[:half], mtime=0) +
                          gzip.compress(BODY[half:], mtime=0) + b"\0\0trailing")

    def on_deflate(self):
        return self.coded("deflate", zlib.compress(BODY))

    def on_raw_deflate(self):
        return self.coded("deflate", raw_deflate(BODY))

    def on_gzip_cut(self):
        whole = gzip.compress(bytes(range(256)) * 64, 0, mtime=0)  # stored: half decodes
        return self.coded("gzip", whole[: len(whole) // 2])

    def on_gzip_bad(self):
        whole = bytearray(gzip.compress(BODY, mtime=0))
        whole[12] ^= 0xFF
        return self.coded("gzip", bytes(whole))

    def on_gzip_wrong(self):
        return self.coded("gzip", b"<html>this is no gzip at all</html>")

    def on_gzip_empty(self):
        return self.coded("gzip", b"")

    def on_gzip_bomb(self):
        packer = zlib.compressobj(9, zlib.DEFLATED, 31)
        self.head(200, (("Content-Encoding", "gzip"),))
        for _ in range(int(self.query or b"64")):
            self.write(packer.compress(bytes(1 << 20)))
        self.write(packer.flush())
        return False

    def on_br(self):
        return self.coded("br", b"\x0b\x02\x80abc\x03")

    def on_two_codings(self):
        return self.coded("gzip, gzip", gzip.compress(gzip.compress(BODY)))

    def on_te_gzip(self):
        data = gzip.compress(BODY, mtime=0)
        self.head(200, (("Transfer-Encoding", "gzip, chunked"),))
        self.write(b"%x\r\n" % len(data) + data + b"\r\n0\r\n\r\n")
        return True

    # --- answers that end badly ---
    def on_chunked(self):
        self.head(200, (("Transfer-Encoding", "chunked"), ("Content-Type", "text/plain")))
        for i in range(0, len(BODY), 100):
            piece = BODY[i:i + 100]
            self.write(b"%x\r\n" % len(piece) + piece + b"\r\n")
        self.write(b"0\r\nX-Trailer: yes\r\n\r\n")
        return True

    def on_chunked_cut(self):
        self.head(200, (("Transfer-Encoding", "chunked"),))
        self.write(b"64\r\n" + BODY[:100] + b"\r\n64\r\n" + BODY[100:150])
        return False

    def on_short(self):
        self.head(200, (("Content-Length", 1000),))
        self.write(BODY[:400])
        return False

    def on_cut(self, how, form):
        """One whole answer, cut after the given byte; `how` is end or reset."""
        data = gzip.compress(bytes(range(256)), 0, mtime=0)  # stored: every byte decodes at once
        answer = b"HTTP/1.1 200 OK\r\nETag: \"v1\"\r\nContent-Encoding: gzip\r\n"
        if form == "chunked":
            answer += b"Transfer-Encoding: chunked\r\n\r\n"
            for i in range(0, len(data), 64):
                answer += b"%x\r\n" % len(data[i:i + 64]) + data[i:i + 64] + b"\r\n"
            answer += b"0\r\n\r\n"
        else:
            answer += b"Content-Length: %d\r\n\r\n" % len(data) + data
        cut = int(self.query)
        self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.write(answer[:cut])
        if cut >= len(answer):
            return True
        return self.reset() if how == "reset" else False

    def reset(self):
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()
        return False

    def on_reset(self):
        return self.reset()

    def on_reset_once(self, *_):
        return self.reset() if visit(self.target) == 1 else self.on_ok()

    def on_stall(self):
        self.head(200, (("Content-Length", 100000),))
        self.write(BODY[: int(self.query)])
        time.sleep(STALL_SECONDS)
        return False

    def on_drip(self):
        self.head(200, (("Content-Length", 100000),))
        for i in range(100000):
            self.write(b"x")
            time.sleep(0.02)
        return False

    def on_stall_head(self):
        time.sleep(STALL_SECONDS)
        return False

    def on_slow_headers(self):
        self.write(b"HTTP/1.1 200 OK\r\n")
        for i in range(STALL_SECONDS * 10):
            self.write(b"X-Slow-%d: y\r\n" % i)
            time.sleep(0.1)
        return False

    def on_huge_headers(self):
        self.write(b"HTTP/1.1 200 OK\r\n")
        for i in range(20000):
            self.write(b"X-Huge-%d: %s\r\n" % (i, b"y" * 80))
        return False

    def on_huge_line(self):
        self.write(b"HTTP/1.1 200 OK\r\nX-Huge: " + b"y" * 2000000 + b"\r\n\r\n")
        return False

    def on_many_interim(self):
        for _ in range(20000):
            self.write(b"HTTP/1.1 103 Early\r\nLink: </a>; rel=preload\r\n\r\n")
        return self.on_ok()

    def on_interim(self):
        self.write(b"HTTP/1.1 103 Early\r\nETag: \"early\"\r\n\r\n")
        return self.on_ok()

    def on_not_http(self):
        self.write(b"220 mail.example ESMTP\r\n")
        return False

    def on_part(self):
        return self.send(206, BODY[:100], ("Content-Range", "bytes 0-99/1000"))

    # --- what headers say ---
    def on_charset(self):
        return self.send(200, BODY, ("Content-Type", self.query.decode("latin-1")))

    def on_disposition(self):
        return self.send(200, BODY, ("Content-Disposition", self.query.decode("latin-1")))

    # --- asking again ---
    def on_flaky(self, *_):
        if visit(self.target) <= int(self.query):
            return self.send(503, b"not now")
        return self.on_ok()

    def on_retry_after(self):
        return self.send(429, b"slow down", ("Retry-After", self.query.decode("latin-1")))

    def on_retry_once(self):
        if visit(self.target) == 1:
            return self.on_retry_after()
        return self.on_ok()


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 64
    tls = None

    def finish_request(self, request, client_address):
        if self.tls:
            request = self.tls.wrap_socket(request, server_side=True)
        super().finish_request(request, client_address)

    def handle_error(self, *_):
        pass


def serve(address, port, tls):
    server = Server((address, port), Handler)
    if tls:
        server.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        server.tls.load_cert_chain(*tls)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server.server_address[1]


def serve_all(count, port, tls):
    """One port for all addresses: where the one chosen for the first is taken at another, anew."""
    while True:
        chosen = serve("127.0.0.1", port, tls)
        with contextlib.suppress(OSError):
            for number in range(2, count + 1):
                serve(f"127.0.0.{number}", chosen, tls)
            return chosen


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--port", type=int, default=0)
    options.add_argument("--tls", nargs=2)
    options.add_argument("--folder", type=pathlib.Path)
    options.add_argument("--addresses", type=int, default=1)
    options = options.parse_args()
    if options.folder:
        files.update((str(path.relative_to(options.folder)), path)
                     for path in options.folder.rglob("*") if path.is_file())
    print("port", serve_all(options.addresses, options.port, options.tls), flush=True)
    # Whoever started us holds the other end: when it is gone, so are we.
    while sys.stdin.buffer.read(4096):
        pass


if __name__ == "__main__":
    main()
