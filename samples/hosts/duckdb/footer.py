#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Makes a DuckDB extension out of a shared object: stripped, with DuckDB's metadata behind it.

  footer.py OBJECT FOLDER --version V [--strip PROGRAM]

Writes FOLDER/quern.duckdb_extension for the platform this machine is, and for the name that
DuckDB's older builds give it FOLDER/PLATFORM_gcc4/quern.duckdb_extension: `PRAGMA platform` tells
which. The metadata is eight fields of 32 bytes and room for a signature, which must be the file's end,
so a strip after this would destroy it.
"""
import argparse
import platform
import subprocess
from pathlib import Path

API = "v1.2.0"  # the oldest, which all later versions take
PLATFORMS = {"x86_64": "linux_amd64", "aarch64": "linux_arm64"}


def field(text):
    return text.encode().ljust(32, b"\0")


def metadata(version, name):
    return (field("") * 3 + field("C_STRUCT") + field(version) + field(API) + field(name) +
            field("4") + bytes(256))


def main():
    options = argparse.ArgumentParser()
    options.add_argument("object", type=Path)
    options.add_argument("folder", type=Path)
    options.add_argument("--version", required=True)
    options.add_argument("--strip")
    options = options.parse_args()
    body = options.object
    if options.strip:
        body = options.object.with_suffix(".stripped")
        subprocess.run([options.strip, "-o", body, options.object], check=True)
    name = PLATFORMS[platform.machine()]
    for folder, this in ((options.folder, name), (options.folder / (name + "_gcc4"), name + "_gcc4")):
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "quern.duckdb_extension").write_bytes(
            body.read_bytes() + metadata(options.version, this))
    if options.strip:
        body.unlink()


main()
