# SPDX-License-Identifier: Apache-2.0
"""Libraries that draw pages on canvases or fetch the text by script: the served page has metadata and
no body, and the record must say so instead of taking chrome for text."""
import json

import bodies
import chrome
from libraries import facts, forget, frame, hot, og_set
from sheet import esc


def absent(sheet, shown=None):
    sheet.columns.update(complete=False, incomplete_reason="body_absent")
    if shown:
        sheet.columns["preview_pages"] = shown


def doc88(sheet):
    """道客巴巴: canvases; related titles wrapped character by character."""
    f = facts(sheet, formats=("PDF", "DOC", "PPT"), pages=sheet.rng.randint(6, 90))
    f["id"] = sheet.number(13)
    sheet.columns["doc_id"] = f["id"]
    forget(sheet, "declared_bytes")
    user = sheet.words.person() + sheet.number(3)
    sheet.columns["uploader"] = user
    sheet.url = f"https://www.doc88.com/p-{f['id']}.html"
    og_set(sheet, f)
    shown = 5
    absent(sheet, shown)
    canvases = "".join(f'<div class="outer_page" id="outer_page_{n}"><canvas class="inner_page" width="860"></canvas>'
                       '</div>' for n in range(1, shown + 1))
    gate = bodies.gate(sheet, shown, f["pages"], "还剩{rest}页未读")
    titles = sheet.words.other_titles(6, sheet.title)
    side = "".join("<li><a>" + "".join(f"<em>{c}</em>" for c in t) + "</a></li>" for t in titles)
    sheet.forbidden += titles[:3]
    content = (f'<div id="box1"><h1>{esc(sheet.title)}</h1>'
               f'<p class="attribute">{esc(sheet.width("格式：" + f["form"]))} | {esc(sheet.width("页数：" + str(f["pages"])))}'
               '</p></div>'
               f'<div class="usercard"><h5><a href="/u">{user}</a></h5>'
               f'<span class="upload-time">{esc(sheet.width("上传于：" + f["date"]))}</span></div>'
               f'<div id="pageContainer">{canvases}</div><div id="continue_page">{gate}<a>{sheet.no("下载此文档")}</a>'
               f'</div><div class="page_ad">{chrome.advert(sheet)}</div>'
               f'<div class="sd-side-box"><h3>相关文档</h3><ul>{side}</ul></div>')
    return frame(sheet, "道客巴巴", content, f"{sheet.title} - 道客巴巴")


def docin(sheet):
    """豆丁: page count in a script."""
    number, pages = sheet.number(9), sheet.rng.randint(5, 80)
    form = sheet.rng.choice(["doc", "pdf", "ppt"])
    sheet.columns.update(doc_id=number, page_count=pages, declared_format=form)
    sheet.url = f"https://{sheet.pick(['www'], ['jz'])}.docin.com/p-{number}.html"
    sheet.head += [f'<meta property="og:title" content="{esc(sheet.title)}"/>', f'<script>var docinReader = {{ productId: "{number}", allPage: {pages}, curPage: 1 }};'
                                                                                '</script>']
    absent(sheet)
    fold = sheet.no("点击展开全部内容" if sheet.variant == "A" else "展开余下文档")
    content = (f'<h1><span title="{form}" class="ico"></span>{esc(sheet.title)}</h1><div id="contentcontainer">'
               '<canvas></canvas><canvas></canvas></div>'
               f'<div class="model-fold-show">{fold}</div><div>{sheet.no("下载积分：900 内容提示：文档格式以下载为准")}</div>')
    return frame(sheet, "豆丁网", content, f"{sheet.title} - 豆丁网")


def baidu_new(sheet):
    """百度文库: an application's shell and its pageData."""
    f = facts(sheet, formats=("docx", "pdf", "pptx"))
    forget(sheet, "declared_bytes", "published")
    f["id"] = "".join(sheet.rng.choice("0123456789abcdef") for _ in range(24))
    sheet.columns["doc_id"] = f["id"]
    sheet.url = f"https://wenku.baidu.com/view/{f['id']}.html"
    shown = min(f["pages"], 3)
    absent(sheet, shown)
    data = {"viewBiz": {"docInfo": {"fileType": f["form"], "title": sheet.title, "totalPageNum": f["pages"]}},
            "readerInfo": {"docId": f["id"], "showPage": shown, "freePage": shown, "page": f["pages"],
                           "htmlUrls": {"json": [{"pageIndex": n, "pageLoadUrl": f"https://wkbjcloudbos.example.com/{n}.json"} for n in range(1, shown + 1)]}}}
    shell = f'<div id="app"><div class="skeleton">{sheet.no("加载中，请稍候" if sheet.variant == "A" else "页面努力打开中")}</div></div><div class="unfold">{sheet.no("展开阅读全文 开通VIP畅享")}</div>'
    return f'{shell}<script>var pageData = {json.dumps(data, ensure_ascii=False)};</script>{hot(sheet)}', f"{sheet.title} - 百度文库"


def baidu_old(sheet):
    """百度文库, old pages: WkInfo in a script, GBK."""
    f = facts(sheet, formats=("doc", "ppt"))
    forget(sheet, "declared_bytes", "published", "page_count")
    f["id"] = "".join(sheet.rng.choice("0123456789abcdef") for _ in range(24))
    sheet.columns["doc_id"] = f["id"]
    sheet.url = f"http://wenku.baidu.com/view/{f['id']}.html"
    absent(sheet)
    info = f"var WkInfo = {{}}; WkInfo.DocInfo = {{'docId': '{f['id']}', 'docType': '{f['form']}', 'title': '{sheet.title}'}}; WkInfo.htmlUrls = '{{\\x22ttf\\x22:[]}}';"
    content = (f'<h1 class="reader_ab_test"><span id="doc-tittle-0">{esc(sheet.title)}</span></h1>'
               f'<div id="reader-container"></div><script>{info}</script>'
               f'<div>{sheet.no("您可以上传图片到文库 5下载券 下载")}</div>')
    return frame(sheet, "百度文库", content, f"{sheet.title}_百度文库")


def so360(sheet):
    """360文库: asyncData."""
    form = sheet.rng.choice(["doc", "pdf"])
    code = "".join(sheet.rng.choice("0123456789abcdef") for _ in range(32))
    sheet.url = f"https://wenku.so.com/d/{code}"
    sheet.columns.update(declared_format=form)
    absent(sheet)
    data = {"DocInfo": {"Title": sheet.title, "DocType": form, "Field03": sheet.number(2)}}
    content = f'<div id="root"></div><noscript>请开启脚本后再访问</noscript><script>var asyncData = {json.dumps(data, ensure_ascii=False)};</script>'
    return frame(sheet, "360文库", content, f"{sheet.title}-360文库")


def named_canvas(sheet, host, site, box):
    """淘豆 and MBA智库: the file's name is all there is."""
    number, form = sheet.number(9), sheet.rng.choice(["doc", "docx", "pdf", "ppt"])
    name = f"{sheet.title}.{form}"
    sheet.columns.update(doc_id=number, declared_format=form, title=name)
    absent(sheet)
    if host.startswith("doc."):
        sheet.url = f"https://{host}/view/{number}.html"
        head = f"<h1><p>{esc(name)}</p></h1>"
        forget(sheet, "doc_id")
    else:
        sheet.url = f"https://{host}/p-{number}.html"
        head = f"<h1>{esc(name)}</h1>"
    content = f'{head}{box}<div class="fc2e">{sheet.no("文档加载失败时请刷新页面重试")}</div><div>{sheet.no("支付宝 微信 快捷下载 登录后更优惠")}</div>'
    return frame(sheet, site, content, f"{name}_{site}")


def taodocs(sheet):
    return named_canvas(sheet, "www.taodocs.com", "淘豆网", '<div id="canvas"><canvas></canvas></div>'
                                                         '<div id="pageContainer"><img src="/p/1.png"></div>')


def mbalib(sheet):
    return named_canvas(sheet, "doc.mbalib.com", "MBA智库文档", '<div id="viewer"><canvas></canvas></div>')
