#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The page the project began with becomes the record it must become.

    seed.py QUERN      needs QUERN_DATA; without it the test is skipped (77), and it fails when the
                       folder it names lacks the capture

The capture's text is not part of this project: what the body must be is computed from the capture.
"""
import hashlib
import json
import os
import re
import subprocess
import sys
from pathlib import Path

SKIPPED = 77
VALUES = {
    "doc_id": "46449279", "title": "权力与责任的关系", "declared_bytes": 20818, "page_count": 4,
    "published": "2019-11-23", "category": "行业资料", "site": "天天文库", "status": "converted",
    "complete": False, "incomplete_reason": "text_cap", "seams": 7, "preview_pages": 4,
    "format": "text", "charset": "UTF-8", "language": "zh-Hans",
}
# What the bytes themselves say without a word: identity, verdict, kind, counts; as does the language above.
FOLLOWS = {"id", "url", "fetched_at", "content_sha256", "content_bytes", "converter", "media_type",
           "charset_source", "page_type", "title_match", "replaced", "repaired", "rights", "text",
           "blocks", "dropped", "notes", "markdown", "dropped_rules"}
REASONS = {"duplicate_title": 1, "thumbnail": 4, "sharing": 1, "preview_gate": 2, "fragment_mark": 8}
problems = []


def want(holds, what):
    if not holds:
        problems.append(what)


def squeeze(text):
    return re.sub(r"\s+", "", text)


def check_body(record, capture):
    fragments = re.findall(r"^(\d+)、(.*)$", capture, flags=re.M)
    want([n for n, _ in fragments] == [str(n) for n in range(1, 9)], "the capture has 8 fragments")
    body = "".join(text for _, text in fragments)
    want([len(text) for _, text in fragments] == [271] * 7 + [103], "lengths are 7 × 271 and 103")
    text = record["text"] or ""
    want(squeeze(text) == squeeze(body), "the text is the fragments joined by nothing")
    for seam in ("不给好处不办事,给了好处乱办事", "群众关注的热点问题,也是"):
        want(seam in text, f"the text runs on: {seam}")
    for mark in ("一、要清醒地认识到", "二、要清醒地认识到"):
        want(mark in text, f"the enumeration stays: {mark}")


def check_dropped(record):
    dropped = record["dropped"] or []
    for reason, least in REASONS.items():
        found = [d for d in dropped if d["reason"] == reason]
        want(len(found) >= least, f"{reason} is dropped at least {least} times, not {len(found)}")
    marks = [squeeze(d["text"] or "") for d in dropped if d["reason"] == "fragment_mark"]
    want(marks == [f"{n}、" for n in range(1, 9)], f"the fragment marks are 1、 to 8、, not {marks}")
    everything = squeeze("".join(d["text"] or "" for d in dropped))
    want("温馨提示" in everything, "the tips are dropped")
    columns = {d["column"] for d in dropped if d["reason"] == "metadata"}
    for column in ("title", "doc_id", "declared_bytes", "page_count", "published"):
        want(column in columns, f"the bytes that became {column} are dropped as metadata")
    rights = squeeze("".join(record["rights"] or []))
    for notice in ("收益归作者所有", "版权归属用户"):
        want(notice in rights, f"rights holds the notice {notice}")


def main():
    folder = os.environ.get("QUERN_DATA")
    if not folder:
        print("SKIPPED: QUERN_DATA is not set, so the capture was not read")
        return SKIPPED
    path = Path(folder) / "seed" / "wenku365-46449279.txt"
    if not path.is_file():
        print(f"QUERN_DATA is {folder}, and {path} is not there")
        return 1
    result = subprocess.run([sys.argv[1], "convert", str(path)], capture_output=True)
    rows = [json.loads(line) for line in result.stdout.splitlines()]
    if result.returncode != 0 or len(rows) != 1:
        print(f"quern answered {result.returncode} and {len(rows)} rows: {result.stderr.decode()}")
        return 1
    record, content = rows[0], path.read_bytes()
    for column, value in VALUES.items():
        want(record[column] == value, f"{column} is {record[column]!r}, expected {value!r}")
    want(record["content_bytes"] == len(content), "content_bytes is the file's size")
    want(record["content_sha256"] == hashlib.sha256(content).hexdigest(), "content_sha256")
    for column, value in record.items():
        if column not in VALUES and column not in FOLLOWS:
            want(value in (None, []), f"{column} is {value!r}, and no byte of the capture says so")
    check_body(record, content.decode("utf-8-sig"))
    check_dropped(record)
    want({"cut_mid_sentence", "preview_gate"} <= {n["code"] for n in record["notes"] or []},
         "the other reasons it is incomplete stand in notes")
    for problem in problems:
        print(problem)
    print(f"{len(VALUES)} values and the body compared, {len(problems)} problems")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
