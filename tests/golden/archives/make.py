#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Makes the archives of this folder: small, with fixed times, the same bytes every day.

    make.py      writes them beside itself
"""
import bz2
import gzip
import io
import lzma
import tarfile
import zipfile
import zlib
from pathlib import Path

HERE = Path(__file__).resolve().parent
WHEN = (2024, 1, 2, 3, 4, 6)
TEXT = "渡船清晨五点四十分开，晚上九点停。\n".encode()
PAGE = '<meta charset="utf-8"><title>船票</title><p>大人三十五元。</p>'.encode()


class RawName(zipfile.ZipInfo):
    """A member with these very bytes as its name, and no flag that says what encoding they are."""

    def __init__(self, raw):
        super().__init__("x", WHEN)
        self.raw = raw

    def _encodeFilenameFlags(self):
        return self.raw, self.flag_bits & ~0x800


def zip_of(*members):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in members:
            info = RawName(name) if isinstance(name, bytes) else zipfile.ZipInfo(name, WHEN)
            info.compress_type = zipfile.ZIP_DEFLATED
            file.writestr(info, content)
    return out.getvalue()


def tar_of(*members):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.GNU_FORMAT) as file:
        for name, content in members:
            info = tarfile.TarInfo(name)
            info.size, info.mtime = len(content), 1704164646
            if name.endswith("link"):
                info.type, info.linkname, info.size = tarfile.SYMTYPE, "/etc/passwd", 0
            file.addfile(info, io.BytesIO(content))
    return out.getvalue()


def damaged(archive, what):
    """One bit of the first member's data is another."""
    at = archive.index(what) + len(what) + 4
    return archive[:at] + bytes([archive[at] ^ 1]) + archive[at + 1:]


DOCX = zip_of(("[Content_Types].xml", b'<Types xmlns="http://schemas.openxmlformats.org/package/2006/'
               b'content-types"><Override PartName="/word/document.xml" ContentType="application/vnd.'
               b'openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'),
              ("word/document.xml", b"<w:document/>"))

ARCHIVES = {
    "names_in_gbk.zip": zip_of(("资料/渡口说明.txt".encode("gbk"), TEXT),
                               ("资料/船票价目.html".encode("gbk"), PAGE)),
    "names_in_big5.zip": zip_of(("渡口說明.txt".encode("big5"), TEXT),
                                ("船票價目表.html".encode("big5"), PAGE)),
    "names_misread.zip": zip_of(("资料/渡口说明.txt".encode("gbk").decode("cp437"), TEXT),
                                ("船票价目.html".encode("gbk").decode("latin-1"), PAGE)),
    "the_same_name_twice.zip": zip_of(("a.txt", TEXT), ("b.txt", b"b\n")).replace(b"b.txt", b"a.txt"),
    "names_that_climb.tar": tar_of(("../../etc/cron.d/x.txt", TEXT), ("/root/y.txt", TEXT),
                                   ("link", b""), ("dir/./z.txt", TEXT)),
    "nested.zip": zip_of(("outer.txt", TEXT), ("inner.tar.gz", gzip.compress(
        tar_of(("deep/page.html", PAGE)), mtime=0))),
    "office_inside.zip": zip_of(("letter.docx", DOCX), ("note.txt", TEXT)),
    "one_member_damaged.zip": damaged(zip_of(("bad.txt", TEXT), ("good.txt", TEXT)), b"bad.txt"),
    "cut_off.zip": zip_of(("first.txt", TEXT), ("second.txt", TEXT * 3))[:-120],
    "empty.zip": zip_of(),
    "text.txt.bz2": bz2.compress(TEXT),
    "text.txt.xz": lzma.compress(TEXT),
    "two_streams.txt.gz": gzip.compress(TEXT, mtime=0) + gzip.compress(PAGE, mtime=0),
    "zlib_is_no_archive.bin": zlib.compress(TEXT),
}


def main():
    for name, content in ARCHIVES.items():
        (HERE / name).write_bytes(content)
        print(f"{name}: {len(content)} bytes")


if __name__ == "__main__":
    main()
