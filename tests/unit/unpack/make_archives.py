#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Archives for the tests of plugin/unpack: make_archives.py FOLDER GROUP...

Made by the programs people make archives with (zipfile, tarfile, 7z, bsdtar, tar, xz, zstd), and by
hand where no program would: RAR (which has no free writer), bombs, lies.
"""
import bz2
import gzip
import io
import lzma
import os
import struct
import subprocess
import sys
import tarfile
import zipfile
import zlib

FOLDER = ""
WHEN = (2019, 11, 23, 10, 20, 30)


def save(name, data):
    with open(os.path.join(FOLDER, name), "wb") as file:
        file.write(data)


def run(*words, stdout=None):
    subprocess.run(words, cwd=FOLDER, check=True, stdout=stdout or subprocess.DEVNULL)


class RawName(zipfile.ZipInfo):
    """An entry whose name is bytes, with the flag that somebody chose."""

    def __init__(self, raw, flags=0, extra=b""):
        super().__init__("placeholder", WHEN)
        self.raw, self.raw_flags, self.extra = raw, flags, extra
        self.compress_type = zipfile.ZIP_DEFLATED

    def _encodeFilenameFlags(self):
        return self.raw, self.raw_flags


def zip_of(entries, method=zipfile.ZIP_DEFLATED):
    """entries: (name or RawName, data)"""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, data in entries:
            if isinstance(name, zipfile.ZipInfo):
                archive.writestr(name, data)
            else:
                info = zipfile.ZipInfo(name, WHEN)
                info.compress_type = method
                archive.writestr(info, data)
    return out.getvalue()


PLAIN = [("a.txt", b"alpha\n" * 3), ("b/", b""), ("b/c.txt", b"charlie " * 40), ("d.txt", b"delta")]

GBK_NAMES = ["第一章 总则.txt", "权力与责任的关系.txt", "资料/通知公告.txt"]
BIG5_NAMES = ["第一章 總則.txt", "權力與責任的關係.txt", "資料/通知公告.txt"]
SJIS_NAMES = ["第一章 はじめに.txt", "ファイルの一覧表.txt", "資料/お知らせ.txt"]


class Unseekable(io.RawIOBase):
    def __init__(self):
        self.data = bytearray()

    def writable(self):
        return True

    def write(self, part):
        self.data += part
        return len(part)


def group_zip():
    save("plain.zip", zip_of(PLAIN))
    save("stored.zip", zip_of(PLAIN, zipfile.ZIP_STORED))
    save("bzip2.zip", zip_of(PLAIN, zipfile.ZIP_BZIP2))
    save("lzma.zip", zip_of(PLAIN, zipfile.ZIP_LZMA))
    save("empty.zip", zip_of([]))
    stream = Unseekable()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in PLAIN:
            archive.writestr(zipfile.ZipInfo(name, WHEN), data,
                             compress_type=zipfile.ZIP_DEFLATED)
    save("streamed.zip", bytes(stream.data))
    with zipfile.ZipFile(os.path.join(FOLDER, "zip64.zip"), "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in PLAIN:
            with archive.open(zipfile.ZipInfo(name, WHEN), "w", force_zip64=True) as file:
                file.write(data)
    save("commented.zip", zip_of(PLAIN)[:-2] + struct.pack("<H", 9) + b"a comment")

    for codec, names in (("gbk", GBK_NAMES), ("big5", BIG5_NAMES), ("shift_jis", SJIS_NAMES)):
        save(codec + ".zip", zip_of([(RawName(n.encode(codec)), n.encode()) for n in names]))
    save("utf8_unflagged.zip",
         zip_of([(RawName(n.encode()), n.encode()) for n in GBK_NAMES + ["中.txt"]]))
    save("utf8_flagged.zip", zip_of([(n, n.encode()) for n in GBK_NAMES]))
    save("gbk_flagged.zip",
         zip_of([(RawName(n.encode("gbk"), 0x800), n.encode()) for n in GBK_NAMES]))
    misread = [(n.encode("gbk").decode("cp437"), n.encode()) for n in GBK_NAMES]
    misread += [(n.encode("gbk").decode("latin-1"), n.encode()) for n in GBK_NAMES]
    misread += [(n.encode().decode(codec), n.encode())
                for n, codec in (("Přehled češtiny.txt", "cp437"), ("日本語の一覧.txt", "cp437"))]
    save("misread.zip", zip_of(misread + [("Café crème.txt", "Café crème.txt".encode())]))
    mixed = [(RawName(n.encode("gbk")), n.encode()) for n in GBK_NAMES]
    mixed += [("三年级语文试卷.txt", "三年级语文试卷.txt".encode())]
    mixed += [(RawName("五年级数学试卷.txt".encode()), "五年级数学试卷.txt".encode())]
    save("mixed.zip", zip_of(mixed))
    raw = "公告.txt".encode("gbk")
    good = struct.pack("<BL", 1, zlib.crc32(raw)) + "公告·真.txt".encode()
    stale = struct.pack("<BL", 1, 12345) + "假.txt".encode()
    save("unicode_extra.zip", zip_of([
        (RawName(raw, 0, struct.pack("<HH", 0x7075, len(good)) + good), b"good"),
        (RawName(raw, 0, struct.pack("<HH", 0x7075, len(stale)) + stale), b"stale")]))
    save("odd_names.zip", zip_of([
        (RawName(b"/etc/passwd"), b"1"), (RawName(b"../../up.txt"), b"2"),
        (RawName(b"C:\\x\\y.txt"), b"3"), (RawName(b"same.txt"), b"4"),
        (RawName(b"same.txt"), b"5"), (RawName(b""), b"6"), (RawName(b"\x81\xff\x00.txt"), b"7"),
        (RawName("图\\表.txt".encode("gbk")), b"8"), (RawName(b"n" * 5000 + b".txt"), b"9")]))

    data = bytearray(zip_of(PLAIN, zipfile.ZIP_STORED))
    data[data.index(b"charlie")] ^= 1
    save("bad_checksum.zip", bytes(data))
    data = bytearray(zip_of(PLAIN))
    at = data.index(b"b/c.txt") + len("b/c.txt")
    data[at:at + 4] = b"\xff\xff\xff\xff"
    save("damaged.zip", bytes(data))

    for name, data in PLAIN:
        if not name.endswith("/"):
            os.makedirs(os.path.join(FOLDER, "tree", os.path.dirname(name)), exist_ok=True)
            save("tree/" + name, data)
    for method in ("PPMd", "Deflate64"):
        run("7z", "a", "-tzip", "-mm=" + method, method.lower() + ".zip", "./tree/b", "-bd")
    run("7z", "a", "-tzip", "-psecret", "zipcrypto.zip", "./tree/a.txt", "-bd")
    run("7z", "a", "-tzip", "-psecret", "-mem=AES256", "aes.zip", "./tree/a.txt", "-bd")
    clear, secret = zip_of(PLAIN[:1]), open(os.path.join(FOLDER, "zipcrypto.zip"), "rb").read()
    save("half_encrypted.zip", join_zips(clear, secret))
    inner = zip_of(PLAIN)
    for depth in range(10):
        inner = zip_of([("level%d.zip" % depth, inner)])
    save("nested10.zip", inner)
    save("in_zip.zip", zip_of([("inner.zip", zip_of([("x.txt", b"x" * 400)]))],
                              zipfile.ZIP_STORED))
    save("prefixed.zip", b"#!/bin/sh\nexit\n" + zip_of(PLAIN))
    target = zipfile.ZipInfo("link", WHEN)
    target.create_system, target.external_attr = 3, 0o120777 << 16
    save("link.zip", zip_of([(target, b"a.txt"), ("a.txt", b"alpha")]))


def join_zips(first, second):
    """One archive out of two, by their directories."""
    def parts(data):
        end = data.rindex(b"PK\5\6")
        size, offset = struct.unpack("<LL", data[end + 12:end + 20])
        return data[:offset], data[offset:offset + size], struct.unpack("<H", data[end + 10:end + 12])[0]

    local1, central1, count1 = parts(first)
    local2, central2, count2 = parts(second)
    moved, at = bytearray(central2), 0
    while at < len(moved):
        offset = struct.unpack("<L", moved[at + 42:at + 46])[0]
        moved[at + 42:at + 46] = struct.pack("<L", offset + len(local1))
        at += 46 + sum(struct.unpack("<HHH", moved[at + 28:at + 34]))
    central = central1 + bytes(moved)
    count = count1 + count2
    return (local1 + local2 + central +
            struct.pack("<LHHHHLLH", 0x06054b50, 0, 0, count, count, len(central),
                        len(local1 + local2), 0))


def local_header(name, method, crc, packed, size, zip64=False):
    extra = struct.pack("<HHQQ", 1, 16, size, packed) if zip64 else b""
    small = (0xFFFFFFFF, 0xFFFFFFFF) if zip64 else (packed, size)
    return struct.pack("<LHHHHHLLLHH", 0x04034b50, 45, 0, method, 0, 0x2821, crc, *small,
                       len(name), len(extra)) + name + extra


def directory_entry(name, method, crc, packed, size, offset, zip64=False):
    extra = struct.pack("<HHQQQ", 1, 24, size, packed, offset) if zip64 else b""
    small = (0xFFFFFFFF, 0xFFFFFFFF) if zip64 else (packed, size)
    return struct.pack("<LHHHHHHLLLHHHHHLL", 0x02014b50, 45, 45, 0, method, 0, 0x2821, crc, *small,
                       len(name), len(extra), 0, 0, 0, 0,
                       0xFFFFFFFF if zip64 else offset) + name + extra


def end_of(directory, count, offset, zip64=False):
    end = b""
    if zip64:
        end += struct.pack("<LQHHLLQQQQ", 0x06064b50, 44, 45, 45, 0, 0, count, count,
                           len(directory), offset)
        end += struct.pack("<LLQL", 0x07064b50, 0, offset + len(directory), 1)
        return end + struct.pack("<LHHHHLLH", 0x06054b50, 0, 0, 0xFFFF, 0xFFFF, 0xFFFFFFFF,
                                 0xFFFFFFFF, 0)
    return struct.pack("<LHHHHLLH", 0x06054b50, 0, 0, count, count, len(directory), offset, 0)


def quoted_overlap(count, kernel_bytes, zip64=False):
    """Each entry's deflate stream quotes the next local header in a stored block and runs on into
    the next entry's data: so all share one kernel."""
    plain = b"\0" * kernel_bytes
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = packer.compress(plain) + packer.flush()
    entries, tail, size, data_len = [], packed, len(plain), len(packed)
    crc_data = plain
    for i in reversed(range(count)):
        name = b"%04d.txt" % i
        header = local_header(name, 8, zlib.crc32(crc_data), data_len, size, zip64)
        entries.append((name, zlib.crc32(crc_data), data_len, size, len(tail) + len(header)))
        tail = header + tail
        quote = struct.pack("<BHH", 0, len(header), len(header) ^ 0xFFFF)
        tail_next = quote + tail
        crc_data = header + crc_data
        size += len(header)
        data_len += len(header) + len(quote)
        if i:
            tail = tail_next
    directory = b"".join(
        directory_entry(name, 8, crc, packed_len, plain_len, len(tail) - from_end, zip64)
        for name, crc, packed_len, plain_len, from_end in reversed(entries))
    return tail + directory + end_of(directory, count, len(tail), zip64)


def full_overlap(count):
    data = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = data.compress(b"\0" * 100000) + data.flush()
    crc = zlib.crc32(b"\0" * 100000)
    local = local_header(b"k", 8, crc, len(packed), 100000) + packed
    directory = b"".join(directory_entry(b"%d.txt" % i, 8, crc, len(packed), 100000, 0)
                         for i in range(count))
    return local + directory + end_of(directory, count, len(local))


def group_bomb():
    save("quoted.zip", quoted_overlap(50, 1 << 20))
    save("quoted64.zip", quoted_overlap(50, 1 << 20, zip64=True))
    save("full_overlap.zip", full_overlap(100))
    zeros = zip_of([("before.txt", b"before"), ("zeros.txt", b"\0" * (64 << 20)),
                    ("after.txt", b"after")])
    save("ratio.zip", zeros)
    packed = zlib.compressobj(9, zlib.DEFLATED, -15)
    lie = packed.compress(b"\0" * (8 << 20)) + packed.flush()
    local = local_header(b"lie.txt", 8, 0, len(lie), 100) + lie
    directory = directory_entry(b"lie.txt", 8, 0, len(lie), 100, 0)
    save("lie.zip", local + directory + end_of(directory, 1, len(local)))
    save("many.zip", zip_of([("%05d.txt" % i, b"") for i in range(3000)], zipfile.ZIP_STORED))
    save("big.tar", tar_of([("zeros.bin", b"\0" * (4 << 20)), ("small.txt", b"small")]))
    save("zeros.bin", b"\0" * (32 << 20))
    save("after.txt", b"after")
    run("7z", "a", "-t7z", "-ms=on", "solid.7z", "./zeros.bin", "./after.txt", "-bd", "-mx=1")
    save("zeros.gz", gzip.compress(b"\0" * (32 << 20), 9))
    save("zeros.xz", lzma.compress(b"\0" * (32 << 20)))


def tar_of(entries, form=tarfile.USTAR_FORMAT, encoding="utf-8"):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=form, encoding=encoding) as archive:
        for name, data in entries:
            info = tarfile.TarInfo(name)
            info.size, info.mtime = len(data), 1574504430
            archive.addfile(info, io.BytesIO(data))
    return out.getvalue()


def v7_tar(name, data):
    head = bytearray(512)
    head[:len(name)] = name
    head[100:108], head[108:116], head[116:124] = b"0000644\0", b"0000000\0", b"0000000\0"
    head[124:136], head[136:148] = b"%011o\0" % len(data), b"%011o\0" % 1574504430
    head[148:156] = b" " * 8
    head[148:156] = b"%06o\0 " % sum(head)
    return bytes(head) + data.ljust(-(-len(data) // 512) * 512, b"\0") + b"\0" * 1024


def group_tar():
    files = [e for e in PLAIN if not e[0].endswith("/")]
    save("ustar.tar", tar_of(files))
    save("gnu.tar", tar_of(files + [("n" * 300 + ".txt", b"long")], tarfile.GNU_FORMAT))
    save("pax.tar", tar_of(files + [(GBK_NAMES[0], b"pax")], tarfile.PAX_FORMAT))
    save("v7.tar", v7_tar(b"old.txt", b"seventh edition"))
    save("gbk.tar", tar_of([(n, n.encode()) for n in GBK_NAMES], tarfile.GNU_FORMAT, "gbk"))
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        info = tarfile.TarInfo("a.txt")
        info.size = 5
        archive.addfile(info, io.BytesIO(b"alpha"))
        for kind, name in ((tarfile.SYMTYPE, "sym"), (tarfile.LNKTYPE, "hard"),
                           (tarfile.FIFOTYPE, "fifo"), (tarfile.DIRTYPE, "dir"),
                           (tarfile.CHRTYPE, "device")):
            info = tarfile.TarInfo(name)
            info.type, info.linkname = kind, "a.txt"
            archive.addfile(info)
    save("kinds.tar", out.getvalue())
    with open(os.path.join(FOLDER, "sparse.bin"), "wb") as file:
        file.write(b"head")
        file.seek(1 << 20)
        file.write(b"tail")
    run("tar", "-Scf", "sparse.tar", "sparse.bin")
    save("joined.tar", tar_of(PLAIN[:1]) + tar_of(PLAIN[3:]))


def group_seven():
    for i, name in enumerate(GBK_NAMES + ["a.txt", "empty.txt"]):
        os.makedirs(os.path.join(FOLDER, "seven", os.path.dirname(name)), exist_ok=True)
        save("seven/" + name, b"" if name == "empty.txt" else b"seven %d " % i * 50)
    for name, *options in (("lzma2.7z",), ("bzip2.7z", "-m0=BZip2"), ("ppmd.7z", "-m0=PPMd"),
                           ("copy.7z", "-m0=Copy"), ("encrypted.7z", "-psecret"),
                           ("hidden.7z", "-psecret", "-mhe=on")):
        run("7z", "a", "-t7z", name, "./seven", "-bd", *options)
    with open(os.path.join(FOLDER, "copy.7z"), "rb") as file:
        data = bytearray(file.read())
    data[data.index(b"seven 1")] ^= 1
    save("bad_checksum.7z", bytes(data))
    run("7z", "a", "-t7z", "-v300b", "-m0=Copy", "volumes.7z", "./seven", "-bd")


def vint(value):
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes(out + bytes([value]))


def rar5_block(kind, flags, fields, data=b"", extra=b"", data_len=None):
    body = vint(kind) + vint(flags | (2 if data or data_len else 0) | (1 if extra else 0))
    body += vint(len(extra)) if extra else b""
    body += vint(len(data) if data_len is None else data_len) if data or data_len else b""
    body += fields + extra
    sized = vint(len(body)) + body
    return struct.pack("<L", zlib.crc32(sized)) + sized + data


def rar5_file(name, data, crc=None, flags=0, extra=b"", block_flags=0, size=None, system=1,
              attributes=0o100644):
    fields = vint(4 | flags) + vint(len(data) if size is None else size) + vint(attributes)
    fields += struct.pack("<L", zlib.crc32(data) if crc is None else crc)
    fields += vint(0) + vint(system) + vint(len(name)) + name
    return rar5_block(2, block_flags, fields, data, extra)


RAR5 = b"Rar!\x1a\x07\x01\x00"
RAR5_MAIN = rar5_block(1, 0, vint(0))
RAR5_END = rar5_block(5, 0, vint(0))


def rar4_block(kind, flags, body, data=b""):
    head = struct.pack("<BHH", kind, flags, 7 + len(body)) + body
    return struct.pack("<H", zlib.crc32(head) & 0xFFFF) + head + data


def rar4_file(name, data, flags=0, crc=None):
    body = struct.pack("<LLBLLBBHL", len(data), len(data), 2,
                       zlib.crc32(data) if crc is None else crc, 0x4F775295, 20, 0x30, len(name),
                       0x20) + name
    return rar4_block(0x74, 0x8000 | flags, body, data)


RAR4 = b"Rar!\x1a\x07\x00"


def rar4_main(flags=0):
    return rar4_block(0x73, flags, b"\0" * 6)


RAR4_END = rar4_block(0x7B, 0x4000, b"")


def group_rar():
    first, second = ("一.txt".encode(), b"first text"), (b"two.txt", b"second text")
    save("five.rar", RAR5 + RAR5_MAIN + rar5_file(*first) + rar5_file(*second) + RAR5_END)
    save("four.rar", RAR4 + rar4_main() +
         b"".join(rar4_file(n.replace("/", "\\").encode("gbk"), n.encode()) for n in GBK_NAMES) +
         RAR4_END)
    save("four_hidden.rar", RAR4 + rar4_main(0x80) + os.urandom(64))
    save("four_encrypted.rar", RAR4 + rar4_main() + rar4_file(b"a.txt", b"alpha", 4) +
         rar4_file(b"b.txt", b"bravo") + RAR4_END)
    secret = vint(1) + vint(0) + vint(0) + b"\x0f" + b"s" * 32
    save("five_encrypted.rar", RAR5 + RAR5_MAIN +
         rar5_file(b"a.txt", b"ciphertext 16 by", extra=vint(len(secret)) + secret) +
         rar5_file(b"b.txt", b"bravo") + RAR5_END)
    save("five_hidden.rar", RAR5 + rar5_block(4, 0, vint(0) + vint(0) + b"\x0f" + b"s" * 16) +
         b"x" * 64)
    # A later volume: its first entry continues one that began in the volume before.
    save("five_part2.rar", RAR5 + rar5_block(1, 0, vint(3) + vint(1)) +
         rar5_file(b"long.txt", b"the middle of it", size=4000, block_flags=0x18) +
         rar5_block(5, 0, vint(1)))
    save("four_part2.rar", RAR4 + rar4_main(0x11) + rar4_file(b"long.txt", b"middle", 0x03) +
         rar4_block(0x7B, 0x4001, b""))
    # A folder that claims data, in a solid archive: libarchive 3.6.2 cannot skip them, and answers
    # each request for the next header with the same error for ever.
    save("loop_folder.rar", RAR5 + rar5_block(1, 0, vint(4)) + rar5_file(*second) +
         rar5_file(b"dir", b"data of a folder", flags=1, system=0, attributes=0x10) +
         rar5_file(*first) + RAR5_END)
    save("no_kind.rar", RAR5 + RAR5_MAIN + rar5_file(*second, attributes=0o644) + RAR5_END)
    # A hard link that claims data: copied to a file it never ends.
    record = vint(5) + vint(4) + vint(0) + vint(5) + b"a.txt"
    save("loop_link.rar", RAR5 + RAR5_MAIN +
         rar5_file(b"link", b"data of a link", extra=vint(len(record)) + record, size=1 << 40) +
         rar5_file(*second) + RAR5_END)


def group_filter():
    text = b"".join(b"line %d of the text\n" % i for i in range(5000))
    save("text.txt", text)
    save("plain.gz", gzip.compress(text))
    save("named.gz", gzip.compress(text)[:3] + b"\x08" + struct.pack("<L", 1574504430) + b"\0\3" +
         "大纲.txt".encode("gbk") + b"\0" + gzip.compress(text)[10:])
    save("double.gz", gzip.compress(text[:1000]) + gzip.compress(text[1000:]) + b"\0" * 512)
    save("trailing.gz", gzip.compress(text) + b"garbage")
    save("bad_checksum.gz", gzip.compress(text)[:-8] + b"\0\0\0\0" + gzip.compress(text)[-4:])
    save("empty.gz", gzip.compress(b""))
    save("plain.bz2", bz2.compress(text))
    save("double.bz2", bz2.compress(text[:1000]) + bz2.compress(text[1000:]))
    save("empty.bz2", bz2.compress(b""))
    save("plain.xz", lzma.compress(text))
    save("double.xz", lzma.compress(text[:1000]) + lzma.compress(text[1000:]))
    save("twice.xz", lzma.compress(lzma.compress(text)))
    run("zstd", "-q", "-k", "text.txt", "-o", "plain.zst")
    with open(os.path.join(FOLDER, "plain.zst"), "rb") as file:
        packed = file.read()
    save("double.zst", packed + packed)
    save("text.tar.gz", gzip.compress(tar_of(PLAIN[:1])))
    for name in ("plain.gz", "plain.bz2", "plain.xz", "plain.zst"):
        with open(os.path.join(FOLDER, name), "rb") as file:
            packed = file.read()
        save("cut_" + name, packed[:len(packed) // 2])


def main():
    global FOLDER
    FOLDER = sys.argv[1]
    for group in sys.argv[2:]:
        globals()["group_" + group]()


if __name__ == "__main__":
    main()
