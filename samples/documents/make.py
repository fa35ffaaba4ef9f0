#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Makes the sample documents out of source/: pages in the encodings and shapes that document
libraries serve, an archive with names nobody declared the encoding of, a file that was cut off.

    make.py [--check]      --check compares with what is committed and writes nothing
"""
import argparse
import gzip
import io
import struct
import sys
import zipfile
import zlib
from pathlib import Path

HERE = Path(__file__).resolve().parent
CAP = 2000  # code points of a preview, as a library's server counts them


def source(name):
    return (HERE / "source" / name).read_text(encoding="utf-8").strip()


def fragments(text, length):
    """The body as a preview shows it: cut blind after every `length` code points, numbered."""
    pieces = [text[i:i + length] for i in range(0, len(text), length)]
    return "\n".join(f"<p>{n}、{piece}</p>" for n, piece in enumerate(pieces, 1))


def library_page():
    """The large preview: GBK, a cap of 2,000 code points, fragments of 271."""
    title = "雨水花园的日常养护"
    body = source("rain-garden.txt")[len(title):]
    thumbnails = "\n".join(f'<li><img src="/fileroot/50318866/{n}.gif" alt="{title}_第{n}页"></li>'
                           for n in range(1, 5))
    return f"""<!DOCTYPE html>
<html>
<head>
<meta http-equiv="Content-Type" content="text/html; charset=gbk">
<title>{title}</title>
<link rel="stylesheet" href="/css/page.css">
<script>var id = '50318866'; var pages = 4;</script>
</head>
<body>
<div id="box1">
<div><h1>{title}</h1></div>
<div class="attribute">
<p>ID:50318866</p>
<p>大小:38.25 KB</p>
<p>页数:4页</p>
<p>时间:2021-04-17</p>
</div>
<ul class="thumbs">
{thumbnails}
</ul>
<div class="intro">
<p>资源描述:</p>
<p>《{title}》由会员上传分享,免费在线阅读,更多相关内容在园林绿化-青石文库</p>
</div>
<div class="detail">
{fragments(body[:CAP], 271)}
</div>
<div class="gate">
<p>当前文档最多预览五页,下载文档查看全文</p>
<p>此文档下载收益归作者所有</p>
<p>当前文档最多预览五页,下载文档查看全文</p>
</div>
<div class="tips">
<p>温馨提示:</p>
<p>1. 预览由程序生成,公式和动画可能与原文件不同,以下载的文件为准。</p>
<p>2. 本文档由用户上传,版权归属用户,青石文库只代为整理。对版权有疑问请联系客服。</p>
<p>3. 下载之前请看清内容,标题与内容不符的可以投诉。</p>
<p>4. 付款以后没有收到文件的,请把订单号发给客服。</p>
</div>
</div>
</body>
</html>
""".encode("gbk")


def mobile_page():
    """The shared software's mobile layout: UTF-8, one line of metadata, a shorter preview."""
    title = "社区夜市摊位安排小结"
    return f"""<!DOCTYPE html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta property="og:type" content="document">
<meta property="og:title" content="{title}.docx">
<meta property="og:release_date" content="2023-09-02">
<meta property="og:document:type" content="docx">
<meta property="og:document:page" content="3">
<meta name="keywords" content="社区,夜市,摊位">
<title>{title}.docx</title>
</head>
<body>
<h1>{title}.docx</h1>
<div class="info">
<span>上传人：<a href="/u-7702.html">灯火阑珊</a></span>
<span>文档编号：3390127</span>
<span>上传时间：2023-09-02</span>
<span>格式：DOCX</span>
<span>页数：3</span>
<span>大小：16.72KB</span>
</div>
<div class="buttons"><a href="/d-3390127.html">下载</a> <a href="#related">相关</a> <a href="#report">举报</a></div>
<div class="pages">
<img src="/fileroot1/3390127/1.gif" alt="{title}.docx_第1页"><p>第1页 / 共3页</p>
<img src="/fileroot1/3390127/2.gif" alt="{title}.docx_第2页"><p>第2页 / 共3页</p>
</div>
<p><a href="#more">点击查看更多&gt;&gt;</a></p>
<h2>资源描述</h2>
<p>《{title}.docx》由会员分享，可在线阅读，更多相关《{title}.docx（3页珍藏版）》请在松果文库上搜索。</p>
<div class="detail-article prolistshowimg">
{fragments(source("night-market.txt"), 260)}
</div>
<div id="related"><h3>相关文档</h3>
<ul><li><a href="/p-3390128.html">菜市场改造的十条建议</a></li>
<li><a href="/p-3390455.html">街道公共座椅调查表</a></li></ul>
</div>
<p>本站资料由用户上传，仅供学习与交流，如有侵权请联系删除。</p>
</body>
</html>
""".encode("utf-8")


def ordinary_page():
    """No library's page: an article of a local paper, in Big5."""
    title, p1, h1, p2, p3, h2, p4 = source("ferry.txt").split("\n")
    return f"""<html>
<head>
<meta http-equiv="content-type" content="text/html; charset=big5">
<meta name="author" content="林秋月">
<title>{title} - 海風週報</title>
</head>
<body>
<div class="nav"><a href="/">首頁</a> | <a href="/news">本地</a> | <a href="/ads">廣告</a></div>
<h1>{title}</h1>
<img src="pier.jpg" alt="候船室的木牆">
<p>{p1}</p>
<h2>{h1}</h2>
<p>{p2}</p>
<p>{p3}</p>
<h2>{h2}</h2>
<p>{p4}</p>
<table>
<tr><th>票種</th><th>票價</th></tr>
<tr><td>大人</td><td>35 元</td></tr>
<tr><td>學生、長者</td><td>18 元</td></tr>
</table>
<div style="display:none">本頁由排版程式產生</div>
<p>&copy; 海風週報</p>
</body>
</html>
""".encode("big5")


class UndeclaredName(zipfile.ZipInfo):
    """A member whose name is GBK without a flag that says so, as Windows tools write it."""

    def _encodeFilenameFlags(self):
        return self.filename.encode("gbk"), self.flag_bits & ~0x800


def archive():
    page = f"""<html><head><meta charset="gbk"><title>值班表</title></head><body>
<h1>值班表</h1>
<ol><li>星期一：查看入口的卵石</li><li>星期四：记录退水的时间</li></ol>
</body></html>
"""
    members = [("资料/说明.txt", "本压缩包里有两份文件：\r\n这一份说明，和一张值班表。\r\n请先读说明，再看值班表。\r\n".encode("gbk")),
               ("资料/值班表.html", page.encode("gbk"))]
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        for name, content in members:
            info = UndeclaredName(name, (2021, 4, 17, 8, 30, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            file.writestr(info, content)
    return out.getvalue()


def truncated():
    """A text that stopped arriving: the first three quarters of a gzip file."""
    text = source("ferry.txt").encode("utf-8")
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    # Header as RFC 1952 2.3: no flags, no time, unknown system: the same bytes every day.
    whole = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff" + packer.compress(text) + packer.flush()
    whole += struct.pack("<II", zlib.crc32(text), len(text))
    assert gzip.decompress(whole) == text
    return whole[:len(whole) * 3 // 4]


DOCUMENTS = {
    "p-50318866.html": library_page,
    "p-3390127.html": mobile_page,
    "ferry.html": ordinary_page,
    "rain-garden.zip": archive,
    "ferry.txt.gz": truncated,
}


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--check", action="store_true")
    check = parser.parse_args().check
    differing = 0
    for name, make in DOCUMENTS.items():
        path, content = HERE / name, make()
        if check:
            if not path.is_file() or path.read_bytes() != content:
                differing += 1
                print(f"{name} is not what make.py makes")
        else:
            path.write_bytes(content)
            print(f"{name}: {len(content)} bytes")
    return 1 if differing else 0


if __name__ == "__main__":
    sys.exit(main())
