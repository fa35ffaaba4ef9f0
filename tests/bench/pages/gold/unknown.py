# SPDX-License-Identifier: Apache-2.0
"""Library sites that nobody knows: they follow the search engines' document set (og:document:*), the
usual labels, or both, each with its own markup and wording within the lexicon."""
import bodies
from libraries import category, facts, forget, frame, og_set
from sheet import esc

# name, host, labels (id size pages date format uploader), anchor before the body, gate, tips, og set?
SITES_A = [
    ("墨池文库", "www.mochi-wk.example.cn", "文档编号 大小 页数 上传时间 格式 上传者", "资源描述", "当前文档最多预览五页，下载文档查看全文", True),
    ("千帆资料网", "doc.qianfan.example.com", "编号 资源大小 全文页数 发布时间 资源格式 分享人", "文档简介", "只提供{shown}页预览", True),
    ("书山文档", "www.shushan-doc.example.net", "ID 大小 页数 时间 文件格式 上传人(卖家)", "文本预览", "预览前{shown}页/共{pages}页", False),
    ("砚台网", "wk.yantai-ink.example.com", "资源ID 大小 页数 上传于 格式 上传者", "内容简介", "还剩{rest}页未读，是否继续阅读", True),
    ("拾穗文库", "www.shisui.example.org", "文档编号 资源大小 全文页数 上传时间 格式 上传人", "文档介绍", "点击查看更多", False),
    ("竹简资料", "m.zhujian.example.cn", "编号 大小 页数 时间 格式 分享人", "文本内容", "已阅读{shown}页，还剩{rest}页未读", True),
    ("方舟共享", "share.fangzhou.example.com", "ID 资源大小 页数 发布时间 资源格式 上传者", "资源描述", "继续免费阅读", True),
    ("半亩文档", "www.banmu.example.net", "文档编号 大小 全文页数 上传时间 文件格式 上传人", "文档简介", None, True),
    ("纸鸢文库", "zhiyuan-doc.example.cn", "资源ID 大小 页数 上传时间 格式 上传者", "内容简介", "下载文档查看全文", False),
    ("沧浪下载", "dl.canglang.example.com", "编号 资源大小 页数 发布时间 格式 分享人", "文本预览", None, True),
]
SITES_B = [
    ("蓝印户外文库", "lanyin.example.cn", "文档编号 资源大小 页数 上传于 资源格式 上传者", "文本内容", "本资源只提供{shown}页预览", True),
    ("半坡文献", "www.banpo-wx.example.com", "ID 大小 全文页数 发布时间 文件格式 分享人", "文档介绍", "预览前{shown}页/共{pages}页，是否继续阅读", False),
    ("渡口资料站", "wk.dukou.example.net", "资源ID 大小 页数 时间 格式 上传人", "资源描述", "已阅读{shown}页，还剩{rest}页未读，继续免费阅读", True),
    ("云帛网", "yunbo.example.org", "编号 资源大小 页数 上传时间 格式 上传者", "文档简介", None, True),
]


def labels(sheet, f, names, user):
    """The lines of facts, in one of several markups."""
    values = [f["id"], f["size"], f"{f['pages']}页" if sheet.rng.random() < .5 else str(f["pages"]), f["date"], f["form"], user]
    pairs = list(zip(names.split(), values))
    sheet.rng.shuffle(pairs)
    shape = sheet.pick(["span", "dl", "table", "line"], ["li-b", "two-divs", "td-one"])
    colon = sheet.width("：")
    if shape == "dl":
        return "<dl>" + "".join(f"<dt>{a}</dt><dd>{esc(b)}</dd>" for a, b in pairs) + "</dl>"
    if shape == "table":
        return "<table>" + "".join(f"<tr><th>{a}{colon}</th><td>{esc(b)}</td></tr>" for a, b in pairs) + "</table>"
    if shape == "line":
        return "<p>" + "　".join(f"{a}{colon}{esc(b)}" for a, b in pairs) + "</p>"
    if shape == "li-b":
        return "<ul>" + "".join(f"<li><b>{a}{colon}</b><i>{esc(b)}</i></li>" for a, b in pairs) + "</ul>"
    if shape == "two-divs":
        return "".join(f"<div class=k>{a}</div><div class=v>{esc(b)}</div>" for a, b in pairs)
    if shape == "td-one":
        return "<table><tr>" + "".join(f"<td>{a}{colon} {esc(b)}</td>" for a, b in pairs) + "</tr></table>"
    return "".join(f"<span>{a}{colon}{esc(b)}</span>\n" for a, b in pairs)


def unknown(sheet, kind, number, whole=False):
    """One such site; `whole` says that the page states it shows the whole document."""
    sites = SITES_B if sheet.variant == "B" else SITES_A
    site, host, names, anchor, gate, og = sites[number % len(sites)]
    f = facts(sheet, pages=sheet.rng.randint(2, 5) if whole else sheet.rng.randint(6, 40))
    user = sheet.rng.choice([sheet.words.person(), f"user{sheet.number(4)}", sheet.words.person()[0] + "***" + sheet.number(2)])
    sheet.columns["uploader"] = user
    sheet.url = f"https://{host}/{sheet.rng.choice(['doc', 'view', 'show', 'p'])}/{f['id']}.html"
    if og:
        og_set(sheet, f)
        sheet.head.append(f'<meta property="og:site_name" content="{site}"/>')
        sheet.columns["site"] = site
    if og and sheet.rng.random() < .4:
        words = [sheet.words.subject, sheet.words.thing(), "资料"]
        sheet.columns["keywords"] = words
        sheet.head.append(f'<meta name="keywords" content="{",".join(words)}"/>')
    meta = labels(sheet, f, names, user)
    seo = ""
    if sheet.rng.random() < .6:
        group = category(sheet)
        seo = f'<p>{sheet.no(f"《{sheet.title}》由会员上传分享，免费在线阅读，更多相关内容在{group}-{site}")}</p>'
        sheet.columns["site"] = site
    shown = f["pages"] if whole else min(f["pages"], 5)
    thumbs = bodies.thumbnails(sheet, f["pages"], limit=shown, shape=sheet.rng.choice(["p", "span", None]))
    body = bodies.any_body(sheet, kind)
    end = ""
    if whole:
        sheet.columns["complete"] = True
        end = f'<p>{sheet.no(f"全文已显示完毕，共{shown}页")}</p>'
    elif gate:
        end = f'<div class="g">{bodies.gate(sheet, shown, f["pages"], gate)}</div>'
    elif kind in ("line", "ragged"):
        bodies.cut_off(sheet)
    rights = sheet.no("版权说明：文档由网友上传，仅供学习与交流" if sheet.variant == "A" else "版权归属用户所有，存在侵权请进行举报或认领")
    trade = sheet.no("所需金币：5 下载券可抵扣" if sheet.variant == "A" else "VIP会员免下载积分，普通用户需验证码")
    heading = f"<h3>{anchor}{sheet.width('：') if sheet.rng.random() < .5 else ''}</h3>"
    title = f"<h1>{esc(sheet.title)}</h1>"
    if sheet.rng.random() < .4:
        title += f'<div class="t2">{esc(sheet.title)}</div>'
    order = sheet.pick(["meta-first", "meta-last"], ["meta-middle"])
    blocks = {"meta-first": [title, meta, thumbs, heading, seo, body, end], "meta-last": [title, thumbs, heading, seo, body, end, meta],
              "meta-middle": [title, thumbs, meta, f"<p>{trade}</p>", heading, seo, body, end]}[order]
    if order != "meta-middle":
        blocks.append(f"<p>{trade}</p>")
    blocks.append(f"<p>{rights}</p>")
    return frame(sheet, site, "\n".join(f"<div>{b}</div>" for b in blocks if b), f"{sheet.title} - {site}")


def traditional_site(sheet, kind):
    """A library for readers of traditional characters: the document set, and labels converted later."""
    f = facts(sheet, formats=("DOC", "PDF"))
    site = "翰林文件庫"
    sheet.columns["site"] = site
    og_set(sheet, f)
    sheet.head.append(f'<meta property="og:site_name" content="{site}"/>')
    forget(sheet, "keywords")
    sheet.url = f"https://www.hanlin-doc.example.tw/p-{f['id']}.html"
    meta = "".join(f"<span>{esc(sheet.width(t))}</span> " for t in (f"编号：{f['id']}", f"大小：{f['size']}", f"页数：{f['pages']}", f"时间：{f['date']}", f"格式：{f['form']}"))
    thumbs = bodies.thumbnails(sheet, f["pages"])
    body = bodies.any_body(sheet, kind)
    gate = bodies.gate(sheet, 5, f["pages"], "当前文档最多预览五页，下载文档查看全文")
    return frame(sheet, site, f"<h1>{esc(sheet.title)}</h1><div>{meta}</div>{thumbs}<h3>文档简介</h3><div>{body}</div>"
                              f"<p>{gate}</p>", f"{sheet.title} - {site}")
