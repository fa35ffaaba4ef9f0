#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Records of a gold set as a fetch gives them: a real HTTP server stands for the pages' sites (as a
forward proxy), sends each page with the Content-Type of its gold, and quern asks for the pages' own URLs.

    convert.py QUERN FOLDER RECORDS.ndjson      FOLDER holds *.html and gold.jsonl
"""
import http.server
import json
import subprocess
import sys
import threading
from pathlib import Path

COLUMNS = ("url,status,text,page_type,charset,charset_source,title,author,published,doc_id,category,site,uploader,"
           "page_count,declared_bytes,declared_format,keywords,complete,incomplete_reason,preview_pages,seams")


def without_scheme(url):
    return url.split("://", 1)[-1]


def plain_url(gold):
    """The page's URL over http: what matters is its host and path."""
    return "http://" + without_scheme(gold["url"])


def handler_of(folder, golds):
    pages = {without_scheme(g["url"]): g for g in golds}

    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self):
            gold = pages.get(without_scheme(self.path))
            content = (folder / gold["file"]).read_bytes() if gold else b"not here"
            self.send_response(200 if gold else 404)
            charset = gold and gold["http_charset"]
            self.send_header("Content-Type", f"text/html; charset={charset}" if charset else "text/html" if gold else "text/plain")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_):
            pass

    return Handler


def main():
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    quern, folder, out = sys.argv[1], Path(sys.argv[2]), sys.argv[3]
    golds = [json.loads(line) for line in (folder / "gold.jsonl").read_text("utf-8").splitlines()]
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler_of(folder, golds))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with open(out, "wb") as records:
        settings = {"proxy": f"http://127.0.0.1:{server.server_address[1]}", "allow_addresses": "127.0.0.0/8", "delay_ms": "0",
                    "contact": "gold@example.org"}
        command = [quern, "convert", "--quiet", "--columns", COLUMNS]
        for name, value in settings.items():
            command += ["--set", f"{name}={value}"]
        result = subprocess.run(command + [plain_url(g) for g in golds], stdout=records)
    server.shutdown()
    return result.returncode


if __name__ == "__main__":
    sys.exit(main())
