# SPDX-License-Identifier: Apache-2.0
"""Articles: one function per kind of body, and the frames they stand in."""
import json

import chrome
from sheet import esc


def byline(sheet, site):
    """Author and date, visibly or in the head or both, and in the gold."""
    author, day = sheet.words.person(), sheet.date()
    sheet.columns.update(author=author, published=day)
    y, m, d = day.split("-")
    shown = sheet.rng.choice([day + " 09:1" + sheet.number(1), f"{y}年{int(m)}月{int(d)}日 08:3" + sheet.number(1), f"{y}/{m}/{d}", day])
    source = sheet.no(f"来源：{site}") if sheet.rng.random() < .7 else ""
    who = sheet.pick([f"作者：{author}", f"记者：{author}", f"撰文：{author}"],
                     [f"文：{author}", f"本报记者 {author}", f"作者 {author}"])
    how = sheet.rng.choice(["visible", "head", "json", "both"])
    if how in ("head", "both"):
        sheet.head += [f'<meta name="author" content="{author}">',
                       sheet.pick([f'<meta name="publishdate" content="{day}">', f'<meta property="article:published_time" content="{day}T09:00:00+08:00">'],
                                  [f'<meta name="PubDate" content="{day} 10:22:00">', f'<meta property="og:release_date" content="{day}">'])]
    if how == "json":
        sheet.head.append('<script type="application/ld+json">' + json.dumps(
            {"@context": "https://schema.org", "@type": "NewsArticle", "headline": sheet.title, "datePublished": f"{day}T08:00:00+08:00",
             "author": {"@type": "Person", "name": author}}, ensure_ascii=False) + "</script>")
    if sheet.rng.random() < .5:
        sheet.head.append(f'<meta property="og:title" content="{esc(sheet.title)}">')
    if how == "head":
        return f'<div class="info">{source}</div>'
    return sheet.pick(
        [f'<div class="info"><span class="time">{shown}</span> <span>{source}</span> '
         f'<span class="author">{esc(sheet.width(who))}</span></div>',
         f'<p class="art-meta">{shown}　{source}　{esc(sheet.width(who))}</p>'],
        [f'<ul class="byln"><li>{esc(sheet.width(who))}</li><li>{shown}</li><li>{source}</li></ul>',
         f'<h6>{source} {esc(sheet.width(who))} {shown}</h6>'])


def body_br(sheet):
    """One cell, paragraphs parted by <br> only, indented with ideographic spaces."""
    gap = sheet.rng.choice(["<br>\n<br>\n", "<br/>", "<BR>\r\n", "<br />&nbsp;<br />"])
    indent = sheet.rng.choice(["\u3000\u3000", "&nbsp;&nbsp;&nbsp;&nbsp;", ""])
    parts = [indent + sheet.paragraph(sheet.body(p)) for p in sheet.words.paragraphs(sheet.rng.randint(5, 16), 50, 200)]
    return f'<div class="{sheet.pick(["content", "zoom", "article_txt"], ["ctt", "b1"])}">{gap.join(parts)}</div>'


def body_short(sheet):
    """Many paragraphs of a few words each, as in dialogues and live reports."""
    lines = [sheet.words.short() for _ in range(sheet.rng.randint(14, 24))]
    lines += sheet.rng.sample(["好。", "开始了。", "没有人说话。", "雨停了。"], 2)
    return "<div>" + "\n".join(f"<p>{sheet.paragraph(sheet.body(t))}</p>" for t in lines) + "</div>"


def body_soup(sheet):
    """No <p>: nested <div> and <span> with names that say nothing; a menu-like name around all."""
    rows = []
    for text in sheet.words.paragraphs(sheet.rng.randint(6, 15)):
        inner = sheet.paragraph(sheet.body(text))
        cut = len(inner) // 2
        if "&" not in inner and sheet.rng.random() < .5:
            inner = f'{inner[:cut]}<span style="color: rgb(0, 112, 192);">{inner[cut:cut + 9]}</span>{inner[cut + 9:]}'
        depth = sheet.rng.randint(1, 4)
        rows.append("".join(f'<div class="c{sheet.number(3)}">' for _ in range(depth)) + inner + "</div>" * depth)
    return f'<div class="{sheet.pick(["nav_content", "x-left-wrap", "u-a3"], ["header-body", "side-main"])}">{"".join(rows)}</div>'


def body_characters(sheet):
    """A roster: most cells hold one character."""
    days, marks = "一二三四五六日", ["早", "中", "晚", "休"]
    lead = sheet.paragraph(sheet.body(sheet.words.paragraph(30, 90)))
    head = ["星期"] + list(days)
    rows = [head]
    for _ in range(sheet.rng.randint(4, 7)):
        rows.append([sheet.words.person()] + [sheet.rng.choice(marks) for _ in days])
    rows.append(["男"] + [sheet.rng.choice("是否") for _ in days])
    rows.append(["女"] + [sheet.rng.choice("是否") for _ in days])
    sheet.text += ["\t".join(r) for r in rows]
    table = "".join("<tr>" + "".join(f"<td>{c}</td>" for c in r) + "</tr>" for r in rows)
    tail = sheet.paragraph(sheet.body(sheet.words.paragraph(30, 120)))
    return f'<p>{lead}</p><table border="1">{table}</table><p>{tail}</p>'


def body_code(sheet):
    """A technical article: code keeps its lines."""
    name = sheet.rng.choice(["cache", "retry", "queue", "backup"])
    code = sheet.rng.choice([
        f"def {name}_open(path, size={sheet.number(3)}):\n    # 先看文件在不在\n    if not exists(path):\n        return None\n    return {name}(path, size)",
        f"for (int i = 0; i < {sheet.number(2)}; i++) {{\n    if (a[i] "
        f"< b[i] && !{name}[i]) {{\n        printf(\"第%d项\\n\", i);\n    }}\n}}",
        f"server {{\n    listen {sheet.number(4)};\n    location /{name}/ {{\n        proxy_pass http://127.0.0.1:{sheet.number(4)};\n    }}\n}}"])
    parts = [f"<p>{sheet.paragraph(sheet.body(p))}</p>" for p in sheet.words.paragraphs(2)]
    sheet.text.append(code)
    opening, closing = sheet.rng.choice([("<pre>", "</pre>"), ('<pre><code class="language-x">', "</code></pre>"), ('<div class="highlight"><pre>', "</pre></div>")])
    parts.append(f"{opening}{esc(code)}{closing}")
    inline = sheet.words.paragraph(20, 60)
    sheet.text.append(sheet.body(inline) + f"命令是 {name} -v --force 。")
    parts.append(f"<p>{esc(sheet.body(inline))}命令是 <code>{name} -v --force</code> 。</p>")
    parts += [f"<p>{sheet.paragraph(sheet.body(p))}</p>" for p in sheet.words.paragraphs(2)]
    return f'<article class="{sheet.pick(["post", "markdown-body"], ["entry", "tech-note"])}">{"".join(parts)}</article>'


def body_lists(sheet):
    """Nested lists: <ol> whose numbers a browser draws, <ul> inside, and text after the inner list."""
    plain, numbered = [], []
    rows = []
    lead = sheet.body(sheet.words.paragraph(40, 120))
    for i in range(1, sheet.rng.randint(4, 7)):
        item = sheet.body(sheet.words.item() + "：")
        inner = [sheet.body(sheet.words.item() + "；") for _ in range(sheet.rng.randint(2, 4))]
        plain += [item] + inner
        numbered += [f"{i}.{item}"] + inner
        wrap = sheet.rng.choice(["{}", "<span>{}</span>", "<p>{}</p>"])
        rows.append(f"<li>{wrap.format(esc(item))}<ul>" + "".join(f"<li>{wrap.format(esc(t))}</li>" for t in inner) + "</ul></li>")
    tail = sheet.body(sheet.words.paragraph(40, 120))
    sheet.text = [lead] + plain + [tail]
    sheet.alternatives.append("\n".join([lead] + numbered + [tail]))
    return f"<p>{esc(lead)}</p><ol>{''.join(rows)}</ol><p>{esc(tail)}</p>"


def body_numbered(sheet):
    """Numbers written out in the text, with 一、 above them: they are the author's."""
    rows = []
    for head in ["一、总体要求", "二、主要任务", "三、保障措施"]:
        rows.append(f"<p><strong>{sheet.paragraph(head)}</strong></p>")
        sheet.survive.append(head)
        style = sheet.rng.choice(["{}、", "（{}）", "{}．", "{}."])
        for i in range(1, sheet.rng.randint(4, 7)):
            text = style.format(i) + sheet.body(sheet.words.item() + "；" + sheet.words.short())
            sheet.survive.append(text[:12])
            rows.append(f"<p>{sheet.paragraph(text)}</p>")
    return f'<div class="TRS_Editor">{"".join(rows)}</div>'


def body_quotes(sheet):
    rows = []
    for i, text in enumerate(sheet.words.paragraphs(6)):
        inner = sheet.paragraph(sheet.body(text))
        rows.append(f"<blockquote><p>{inner}</p></blockquote>" if i in (1, 4) else f"<p>{inner}</p>")
    return "<section>" + "\n".join(rows) + "</section>"


def body_table(sheet):
    """A data table with header cells and spans, between paragraphs."""
    lead = f"<p>{sheet.paragraph(sheet.body(sheet.words.paragraph(60, 150)))}</p>"
    caption = f"表1 {sheet.words.thing()}数量统计"
    sheet.text.append(caption)
    rows = [f'<tr><th rowspan="2">项目</th><th colspan="2">数量</th><th rowspan="2">备注</th></tr>', "<tr><th>上年</th><th>本年</th></tr>"]
    sheet.text += ["项目\t数量\t备注", "上年\t本年"]
    for _ in range(sheet.rng.randint(4, 9)):
        cells = [sheet.words.place() + sheet.words.thing(), sheet.number(3), sheet.number(4), sheet.rng.choice(["", "略有增加", "含旧存", "持平"])]
        sheet.text.append("\t".join(c for c in cells if c))
        rows.append("<tr>" + "".join(f"<td>{c or '&nbsp;'}</td>" for c in cells) + "</tr>")
    tail = "".join(f"<p>{sheet.paragraph(sheet.body(p))}</p>" for p in sheet.words.paragraphs(3))
    return f'{lead}<table class="t"><caption>{caption}</caption>{"".join(rows)}</table>{tail}'


def body_ruby(sheet):
    """Ruby over hard words: pinyin or bopomofo; the base is the text, the reading is not."""
    readings = sheet.rng.choice([
        {"匍匐": "púfú", "氤氲": "yīnyūn", "龃龉": "jǔyǔ", "耄耋": "màodié"},
        {"匍匐": "ㄆㄨˊㄈㄨˊ", "氤氲": "ㄧㄣㄩㄣ", "龃龉": "ㄐㄩˇㄩˇ", "耄耋": "ㄇㄠˋㄉㄧㄝˊ"}])
    sheet.forbidden += [r for r in readings.values() if len(r) > 4]
    rows, shape = [], sheet.rng.choice(["<ruby>{}<rt>{}</rt></ruby>", "<ruby><rb>{}</rb><rp>(</rp><rt>{}</rt><rp>)"
                                                                      "</rp></ruby>", "<ruby>{}<rp>（</rp><rt>{}</rt><rp>）</rp>"
                                                                                      "</ruby>"])
    for word, reading in readings.items():
        before, after = sheet.words.paragraph(30, 80), sheet.words.paragraph(30, 80)
        middle = f"课文里有“{word}”一词，"
        sheet.text.append(sheet.body(before + middle + after))
        rows.append(f"<p>{esc(sheet.body(before))}{esc(sheet.body(middle)).replace(word, shape.format(word, reading))}{esc(sheet.body(after))}"
                    "</p>")
    return "<div class=lesson>" + "".join(rows) + "</div>"


def body_captions(sheet):
    rows = []
    for i, text in enumerate(sheet.words.paragraphs(sheet.rng.randint(5, 10))):
        rows.append(f"<p>{sheet.paragraph(sheet.body(text))}</p>")
        if i in (0, 2):
            caption = sheet.paragraph(sheet.body(f"图{i // 2 + 1}：{sheet.words.place()}的{sheet.words.thing()}，{sheet.words.person()} 摄"))
            rows.append(sheet.rng.choice([f'<figure><img src="/p/{sheet.number(5)}.jpg"><figcaption>{caption}'
                                          '</figcaption></figure>',
                                          '<p class="p_image" style="text-align: center;">'
                                          f'<img data-src="/p/{sheet.number(5)}.jpg"></p>'
                                          f'<p style="text-align: center;"><font color="navy" face="楷体">{caption}'
                                          '</font></p>']))
    return '<div id="p-detail">' + "".join(rows) + "</div>"


def body_sections(sheet):
    """Headings, sections apart, an advert in the middle of the text."""
    rows = []
    for i, head in enumerate(sheet.words.rng.sample(["缘起", "经过", "得失", "余论", "方法", "材料", "讨论"], 4)):
        rows.append(f'<div class="sec"><h{2 + i % 2}>{sheet.paragraph(head)}</h{2 + i % 2}>' +
                    "".join(f"<p>{sheet.paragraph(sheet.body(p))}</p>" for p in sheet.words.paragraphs(sheet.rng.randint(2, 4))) + "</div>")
        if i == 1:
            rows.append(chrome.advert(sheet))
    return '<div class="article-content">' + "\n".join(rows) + "</div>"


def body_old_table(sheet):
    """Layout tables three deep, <font> in each cell, the text in one of them."""
    rows = "".join(f'<p>　　<font size="3">{sheet.paragraph(sheet.body(p))}</font></p>' for p in sheet.words.paragraphs(6))
    tools = sheet.no("【打印】【关闭窗口】【返回顶部】")
    return ('<table width="98%" cellpadding="0"><tr><td bgcolor="#f3f3f3"><table><tr>'
            f'<td valign="top" style="font-size:14px">{rows}</td></tr>'
            f'<tr><td height="20"><table><tr><td align="center">{tools}</td></tr></table></td></tr></table></td></tr>'
            '</table>')


def body_highlight(sheet):
    """Search words marked character by character, entities for quotes and dashes."""
    rows = []
    for text in sheet.words.paragraphs(6):
        inner = sheet.paragraph(sheet.body(text))
        if "&" not in inner:
            at = sheet.rng.randint(2, 12)
            inner = inner[:at] + "".join(f"<em>{c}</em>" for c in inner[at:at + 4]) + inner[at + 4:]
        rows.append(f"<p>{inner.replace('“', '&ldquo;').replace('”', '&#8221;').replace('。', '&#x3002;', 1)}</p>")
    return "<div class=read>" + "".join(rows) + "</div>"


def body_paged(sheet):
    """The middle page of several: page links are chrome."""
    rows = "".join(f"<p>{sheet.paragraph(sheet.body(p))}</p>" for p in sheet.words.paragraphs(sheet.rng.randint(5, 12)))
    bar = sheet.no(sheet.pick(["上一页 1 2 3 4 下一页 余下全文", "共4页 首页 上页 下页 尾页"], ["前页 [1] [2] [3] 后页 在本页阅读全文", "翻到第2页继续阅读"]))
    return f'<div class="txt">{rows}</div><div class="pager"><a href="?p=1">{bar}</a></div>'


def body_tiny(sheet):
    """A notice of a few lines among much chrome."""
    rows = "".join(f"<p>{sheet.paragraph(sheet.body(sheet.words.short()))}</p>" for _ in range(3))
    return f"<div>{rows}<p align=right>{sheet.paragraph(sheet.words.place() + '管理委员会')}</p></div>"


BODIES = [body_br, body_short, body_soup, body_characters, body_code, body_lists, body_numbered, body_quotes, body_table,
          body_ruby, body_captions, body_sections, body_old_table, body_highlight, body_paged, body_tiny]


def article(sheet, body):
    """A page of an article around `body`."""
    site = chrome.site_name(sheet)
    sheet.url = f"http://www.{sheet.pick(['jiangpan.example.cn', 'qingshi.example.com'], ['linfeng.example.org', 'beizhu.example.net'])}/a/{sheet.number(8)}.html"
    sheet.head.append(f'<meta name="keywords" content="{sheet.words.subject},{sheet.words.thing()}">')
    heading = sheet.pick(["<h1>{}</h1>", '<div class="h-title">{}</div>', '<h1 class="t1"><span>{}</span></h1>', '<b><font style="font-size:20px">{}'
                                                                                                                 '</font></b>'],
                         ['<h2 id="tt">{}</h2>', "<h1><a>{}</a></h1>", '<header><h1 class="headline">{}</h1></header>'])
    info = byline(sheet, site)
    content = body(sheet)
    main = (f'{heading.format(esc(sheet.title))}\n{info}\n{chrome.share(sheet) if sheet.rng.random() < .6 else ""}\n{content}\n'
            f'<div class="editor">{sheet.no("（责任编辑：" + sheet.words.person() + "）")}</div>')
    below = chrome.related(sheet) + (chrome.comments(sheet) if body in (body_sections, body_short) or sheet.rng.random() < .3 else "")
    top = chrome.header(sheet, site) + chrome.crumbs(sheet, site, sheet.words.subject)
    side = chrome.sidebar(sheet)
    shape = sheet.pick(["columns", "table", "main"], ["flat", "deep"])
    if shape == "columns":
        page = f'{top}<div class="main"><div class="left w857">{main}{below}</div>{side}</div>'
    elif shape == "table":
        page = f'{top}<table width="974"><tr><td width="658" valign="top">{main}{below}</td><td width="316">{side}</td></tr></table>'
    elif shape == "main":
        page = f"{top}{chrome.advert(sheet)}<main><article>{main}</article>{below}</main>{side}"
    elif shape == "flat":
        page = f"{top}{side}{main}{chrome.advert(sheet)}{below}"
    else:
        page = f'{top}<div id="app"><div><div><div class="wrap"><div>{side}<div>{main}</div></div></div>{below}</div></div></div>'
    return page + chrome.footer(sheet, site), sheet.title + sheet.pick([f"-{site}", f"_{site}", ""], [f" | {site}", f" · {site}"])
