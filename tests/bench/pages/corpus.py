# SPDX-License-Identifier: Apache-2.0
"""The pages of QUERN_DATA/html, what must be found in them, and which half each belongs to.

Pages of hosts whose SHA-1 is an even number are for tuning, the others are held back."""
import hashlib
import json
import os
import sys
import tarfile
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parents[3]
WORK = ROOT / "build" / "pages-corpus"
SPLITS = ("tune", "held", "all")


def html_data():
    """The folder of the archives; without it nothing was measured, loudly."""
    folder = Path(os.environ.get("QUERN_DATA", ROOT.parent / "shared" / "data")) / "html"
    if not folder.is_dir():
        print("SKIPPED: QUERN_DATA names no folder of corpora; PAGES WERE NOT MEASURED",
              file=sys.stderr)
        sys.exit(77)
    return folder.resolve()


def unpack(work):
    """Pages as work/segments/*.html and work/articles/*.html, once. Others may unpack at the same
    time: each set is made beside its place and renamed into it."""
    data = html_data()
    work.mkdir(parents=True, exist_ok=True)
    for name in ("segments", "articles"):
        if (work / name / f"{name}.json").exists():
            continue
        new = work / f"{name}.{os.getpid()}"
        with tarfile.open(data / f"{name}.tar.xz") as archive:
            archive.extractall(new, filter="data")
        os.replace(new / f"{name}.json", new / name / f"{name}.json")
        try:
            os.rename(new / name, work / name)
        except OSError:
            if not (work / name / f"{name}.json").exists():
                raise
            continue
        new.rmdir()


def half(url):
    """tune or held."""
    host = (urlsplit(url).hostname or url).lower()
    return "held" if int(hashlib.sha1(host.encode()).hexdigest(), 16) % 2 else "tune"


def segments(work):
    """name → what is known of the page, with `url` and `split`; the name is the file's."""
    known = json.loads((work / "segments" / "segments.json").read_text("utf-8"))
    return {f"segments/{page['file']}": {**page, "url": url, "split": half(url)}
            for url, page in known.items()}


def articles(work):
    known = json.loads((work / "articles" / "articles.json").read_text("utf-8"))
    return {f"articles/{name}.html": {**page, "split": half(page["url"])}
            for name, page in known.items()}


def in_split(pages, split):
    return {name: page for name, page in pages.items() if split in ("all", page["split"])}
