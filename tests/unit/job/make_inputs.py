#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A folder of small inputs of every kind a job meets: make_inputs.py FOLDER"""
import gzip
import io
import os
import random
import sys
import tarfile
import warnings
import zipfile

TEXT = "权力与责任的关系\n有权必有责。\n".encode()
PAGE = "<html><head><title>标题</title></head><body><p>正文 one</p></body></html>".encode()
DEPTH = 5  # of zips inside each other; the test sets archive_depth_max to 3


def make_zip(*members):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members:
            archive.writestr(zipfile.ZipInfo(name, (2019, 11, 23, 0, 0, 0)), data)
    return out.getvalue()


def make_tar(*members):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for name, data in members:
            member = tarfile.TarInfo(name)
            member.size = len(data)
            archive.addfile(member, io.BytesIO(data))
    return out.getvalue()


def nested(depth):
    data = make_zip(("innermost.txt", TEXT))
    for _ in range(depth - 1):
        data = make_zip(("inner.zip", data), ("beside.txt", TEXT))
    return data


def main(folder):
    tar = make_tar(("x.txt", TEXT), ("y.html", PAGE), ("inner.zip", make_zip(("z.txt", TEXT))))
    packed = gzip.compress(tar, mtime=0)
    inputs = {
        "a.txt": TEXT,
        "b.html": PAGE,
        "c.txt.gz": gzip.compress(TEXT, mtime=0),
        "d.tar.gz": packed,
        "e.zip": nested(DEPTH),
        "f.empty": b"",
        "g.bin": random.Random(7).randbytes(4096),
        "h/twice.zip": make_zip(("same.txt", b"one\n"), ("same.txt", b"two\n"), ("empty.txt", b"")),
        "i.tar.gz": packed[: len(packed) * 2 // 3],
        "j.gz.gz": gzip.compress(gzip.compress(TEXT, mtime=0), mtime=0),
    }
    for name, data in inputs.items():
        path = os.path.join(folder, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as file:
            file.write(data)


warnings.simplefilter("ignore")  # one archive names a member twice
main(sys.argv[1])
