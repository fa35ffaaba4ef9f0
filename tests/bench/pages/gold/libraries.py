# SPDX-License-Identifier: Apache-2.0
"""Document libraries whose pages carry (part of) the text: one function per family and layout, after
section 6 of the facts. `kind` names the body (bodies.any_body)."""
import json

import bodies
import chrome
from sheet import esc

CATEGORIES_A = ["行业资料", "工程科技", "教育专区", "办公文档", "农林牧渔", "法律文书", "医药卫生"]
CATEGORIES_B = ["管理文献", "幼教早教", "技术资料", "合同协议", "人文社科"]
TIPS_A = ["1. 部分包含数学公式或PPT动画的文件，查看预览时可能会显示错乱或异常，文件下载后无此问题，请放心下载。",
          "2. 本文档由用户上传，版权归属用户，{site}负责整理代发布。如果您对本文档版权有争议请及时联系客服。",
          "3. 下载前请仔细阅读文档内容，确认文档内容符合您的需求后进行下载，若出现内容与标题不符可向本站投诉处理。",
          "4. 下载文档时可能由于网络波动等原因无法下载或下载错误，付费完成后未能成功下载的用户请联系客服处理。"]
TIPS_B = ["1、预览显示异常多为字体缺失所致，下载后用办公软件打开即可恢复正常，请您放心。",
          "2、本站不保证下载资源的完整性，文档由会员提供，版权归原作者，{site}仅作信息存储。",
          "3、购买前请先看清预览页，因内容与需求不符产生的纠纷，可在七日内提交申诉。"]


def category(sheet):
    name = sheet.pick(CATEGORIES_A, CATEGORIES_B)
    sheet.columns["category"] = name
    return name


def facts(sheet, formats=("DOC", "DOCX", "PDF", "PPT"), pages=None):
    """Number, size, pages, date, format of the document, put into the gold as the page will state them."""
    size, count = sheet.size()
    pages = pages or sheet.rng.randint(2, 40)
    values = dict(id=sheet.number(sheet.rng.choice([6, 7, 8])), size=size, pages=pages, date=sheet.date(), form=sheet.rng.choice(formats))
    sheet.columns.update(doc_id=values["id"], declared_bytes=count, page_count=pages, published=values["date"], declared_format=values["form"])
    return values


def forget(sheet, *names):
    for name in names:
        sheet.columns.pop(name, None)


def tips(sheet, site, label=None):
    rows = TIPS_B if sheet.variant == "B" else TIPS_A
    label = label or "温馨提示："
    lines = [sheet.no(t.format(site=site)) for t in rows]
    return f"<dl class='wxts'><dt>{esc(sheet.width(label))}</dt>" + "".join(f"<dd>{t}</dd>" for t in lines) + "</dl>"


def hot(sheet):
    return chrome.related(sheet, 6, sheet.pick(["相关文档", "该用户还上传了这些文档", "最近下载", "热门文档"], ["同类文档推荐", "相关资源", "他还分享了", "看过的人也看"]))


def frame(sheet, site, content, title):
    top = chrome.header(sheet, site)
    side = hot(sheet) + (chrome.advert(sheet) if sheet.rng.random() < .5 else "")
    name = sheet.pick(["main-content", "wrap", "container"], ["doc-page", "layout-x"])
    return f'{top}<div class="{name}"><div class="lf">{content}</div><div class="rt">{side}</div></div>{chrome.footer(sheet, site)}', title


def wenku365(sheet, kind, layout="desktop", listed=None):
    """天天文库: desktop, mobile, pay page."""
    site = "天天文库"
    f = facts(sheet)
    forget(sheet, "declared_format")
    sheet.columns["site"] = site
    group = category(sheet)
    host = {"desktop": "www", "mobile": "m", "pay": "pay"}[layout]
    sheet.url = f"https://{host}.wenku365.com/p-{f['id']}.html"
    labels = [f"ID：{f['id']}", f"大小：{f['size']}", f"页数：{f['pages']}页", f"时间：{f['date']}"]
    if sheet.rng.random() < .5:
        user = f"U-{sheet.number(4)}"
        sheet.columns["uploader"] = user
        labels.append(f"上传者：{user}")
    tag = sheet.rng.choice(["span", "p", "li"])
    meta = "".join(f"<{tag}>{esc(sheet.width(t))}</{tag}>" for t in labels)
    seo = sheet.no(f"《{sheet.title}》由会员上传分享，免费在线阅读，更多相关内容在{group}-{site}")
    thumbs = bodies.thumbnails(sheet, f["pages"])
    body = bodies.any_body(sheet, kind)
    gate = bodies.gate(sheet, min(5, f["pages"]), f["pages"], "当前文档最多预览五页，下载文档查看全文")
    revenue = sheet.no("此文档下载收益归作者所有")
    if layout == "desktop":
        content = (f'<div id="box1"><div><h1>{esc(sheet.title)}</h1></div></div><p class="sub">{esc(sheet.title)}</p>'
                   f'<div class="doc-info">{meta}</div>'
                   f'<div class="preview">{thumbs}</div><div class="desc"><h3>{esc(sheet.width("资源描述："))}</h3>'
                   f'<p>{seo}</p><div class="txt">{body}</div></div>'
                   f'<div class="more">{gate}</div><div class="sy">{revenue}</div><div class="more2">{gate}'
                   f'</div>{tips(sheet, site)}')
    else:
        content = (f'<div id="recentBrowse">{esc(sheet.title)}</div><h2>{esc(sheet.title)}</h2><div class="i">{meta}'
                   f'</div>{thumbs}'
                   f'<p>{esc(sheet.width("资源描述："))}</p><p>{seo}</p>{body}<p>{gate}</p><p>{revenue}'
                   f'</p>{tips(sheet, site)}')
        if layout == "pay":
            content += f'<div class="pay">{sheet.no("支付方式：微信支付 支付宝，应付金额 6.00 元")}</div>'
    return frame(sheet, site, content, f"{sheet.title} - {site}")


def og_set(sheet, f, cost=None, pages=None):
    """The schema that search engines ask of document pages."""
    sheet.head += ['<meta property="og:type" content="document"/>', f'<meta property="og:title" content="{esc(sheet.title)}"/>',
                   f'<meta property="og:release_date" content="{f["date"]}"/>', f'<meta property="og:document:type" content="{f["form"].lower()}"/>',
                   f'<meta property="og:document:page" content="{f["pages"] if pages is None else pages}"/>',
                   f'<meta property="og:document:cost" content="{cost or sheet.rng.randint(2, 30)}金币"/>']


PD_SITES_A = [("163wenku.com", "163文库"), ("taowenge.com", "淘文阁"), ("31doc.com", "三一文库"), ("31ppt.com", "三一办公"), ("gold-doc.com", "金文库")]
PD_SITES_B = [("dcbbs.com", "得力文库"), ("taowenge.com", "淘文阁网"), ("31doc.com", "三一文库网")]


def pd_words(sheet):
    words = sheet.rng.sample([sheet.words.subject, sheet.title[:4], sheet.title[4:8] or "管理", "方案", "制度", "范文", "标准", "指南"], 5)
    words = [w for w in dict.fromkeys(words) if len(w) >= 2]
    sheet.columns["keywords"] = words
    return words


def pd_mobile(sheet, kind, absurd=False):
    """p-/d- system, mobile: one line of labels, then the sentence for search engines, then 1、 2、."""
    host, site = sheet.pick(PD_SITES_A, PD_SITES_B)
    f = facts(sheet)
    sheet.columns["site"] = site
    user = sheet.rng.choice([f"机****料", sheet.words.person(), f"wen{sheet.number(4)}"])
    sheet.columns["uploader"] = user
    sheet.url = f"https://m.{host}/p-{f['id']}.html"
    group = category(sheet)
    og_set(sheet, f, pages=0 if absurd else None)
    line = f"上传人：{user} 文档编号：{f['id']} 上传时间：{f['date']} 格式：{f['form']} 页数：{f['pages']} 大小：{f['size']}"
    spans = "".join(f"<span>{esc(sheet.width(t))}</span> " for t in line.split(" ", 5)) if " " not in f["size"] else f"<p>{esc(sheet.width(line))}</p>"
    shown = 0 if absurd else f["pages"]
    seo = sheet.no(f"《{sheet.title}》由会员分享，可在线阅读，更多相关《{sheet.title}（{shown}页珍藏版）》请在{site}上搜索。")
    thumbs = bodies.thumbnails(sheet, f["pages"])
    body = bodies.any_body(sheet, kind)
    if sheet.rng.random() < .5:
        text = f'<p>{seo}</p><div>{body}</div>'
    else:
        text = f'<div>{seo}<br/>\n{body}</div>'
    more = bodies.gate(sheet, sheet.columns["preview_pages"], f["pages"], "点击查看更多>>")
    count = sheet.no(f"第1页 / 共{f['pages']}页")
    tools = sheet.no("下载 相关 举报 收藏本文")
    content = (f'<div class="crumb"><a href="/">首页</a> &gt; <a href="/c-0{sheet.number(3)}.html">{group}</a></div>'
               f'<h1>{esc(sheet.title)}</h1>{spans}<div class="tool">{tools}</div>'
               f'<div id="page" class="prolistshowimg">{thumbs}</div><div class="c">{count}</div><h3>资源描述</h3>'
               f'<div class="detail-article prolistshowimg">{text}</div><a class="dj">{more}</a>')
    title = f"{sheet.title}（{shown}页）.{f['form'].lower()}" if absurd else f"{sheet.title}.{f['form'].lower()}"
    return frame(sheet, site, content, title)


def pd_desktop(sheet, kind):
    """p-/d- system, desktop: 编号 类型 大小 格式 上传时间, 关 键 词, one unbroken paragraph."""
    host, site = sheet.pick(PD_SITES_A, PD_SITES_B)
    f = facts(sheet)
    sheet.url = f"https://www.{host}/p-{f['id']}.html"
    group, words = category(sheet), pd_words(sheet)
    og_set(sheet, f, "8")
    sheet.head.append(f'<meta name="keywords" content="{",".join(words)}"/>')
    user = sheet.words.person() + sheet.number(2)
    sheet.columns["uploader"] = user
    cells = [f"编号：{f['id']}", "类型：共享资源", f"大小：{f['size']}", f"格式：{f['form']}", f"上传时间：{f['date']}"]
    meta = "".join(f"<li><span>{esc(sheet.width(c))}</span></li>" for c in cells)
    thumbs = bodies.thumbnails(sheet, f["pages"], shape=None)
    body = bodies.any_body(sheet, kind)
    tools = sheet.no("收藏 尺寸 分辨率 颜色 工具 举报该文档")
    cost = sheet.no(f"{sheet.rng.randint(4, 30)}金币 立即下载 加入VIP免费")
    gate = bodies.gate(sheet, sheet.columns["preview_pages"], f["pages"], "点击查看更多>>") if sheet.rng.random() < .7 else ""
    if not gate and "complete" not in sheet.columns and kind in ("line", "ragged"):
        bodies.cut_off(sheet)
    content = (f'<h1>{esc(sheet.title)}</h1><div class="u">上传人 <a href="/u-{sheet.number(5)}.html">{user}</a> 分类 '
               f'<a href="/c-{sheet.number(4)}.html">{group}</a></div><ul class="attr">{meta}</ul>'
               f'<div class="t">{tools}</div><p>{cost}</p><div id="page">{thumbs}</div><div class="kw">'
               f'<b>{esc(sheet.width("关 键 词："))}</b> {esc(" ".join(words))}</div>'
               f'<div><b>{esc(sheet.width("资源描述："))}</b><div class="detail-article prolistshowimg"><p>{body}</p>'
               f'</div></div><div>{gate}</div>')
    sheet.head.append('<script type="application/ld+json">{"@context":"https://schema.org","@id":"https://www.%s/p-%s.html"}'
                      '</script>' % (host, f["id"]))
    return frame(sheet, site, content, f"{sheet.title}.{f['form'].lower()}")


def pd_download(sheet, kind):
    """p-/d- system, download page: menus, captcha and pay forms first, the text after the repeated title."""
    host, site = sheet.pick(PD_SITES_A, PD_SITES_B)
    f = facts(sheet)
    sheet.url = f"https://www.{host}/d-{f['id']}.html"
    items = [f"资源ID：{f['id']}", f"资源大小：{f['size']}", f"全文页数：{f['pages']}页", f"资源格式：{f['form']}", f"下载积分：{sheet.rng.randint(20, 300)}积分"]
    forget(sheet, "published")
    meta = "".join(f"<li>• {esc(sheet.width(t))}</li>" for t in items)
    menu = "".join(f'<li><a href="/c-{i}.html">{c}</a></li>' for i, c in enumerate(CATEGORIES_B + CATEGORIES_A))
    pay = [sheet.no(t) for t in ("快捷下载 账号登录下载 微信登录下载", "请输入验证码 看不清，换一张 ImageVerifierCode", "支付方式： 微信支付 支付宝 QQ钱包", "加入VIP，免费下载全站资源")]
    form = "".join(f"<div class=f>{t}<input name=x></div>" for t in pay)
    warm = sheet.no("温馨提示：用户名和密码都是您填写的邮箱或者手机号，方便查询和重复下载")
    friendly = [sheet.no(t) for t in ("2、PDF文件下载后，可能会被浏览器默认打开，此种情况可以点击浏览器菜单，保存网页到桌面",
                                      "3、本站不支持迅雷下载，请使用电脑自带的浏览器下载即可",
                                      "4、本站资源下载后的文档和图纸-无水印，预览文档经过压缩，下载后原文更清晰",
                                      "5、试题试卷类文档，如果标题没有明确说明有答案则都视为没有答案，请知晓")]
    body = bodies.any_body(sheet, kind)
    rights = sheet.no(f"版权提示 | 免责声明 1，本文（{sheet.title}）为本站会员主动上传，{site}仅提供信息存储空间，若此文所含内容侵犯了您的版权，请立即通知。")
    content = (f'<ul class="menu">{menu}</ul><h1>{esc(sheet.title)}</h1><ul class="res">{meta}</ul>'
               f'<div class="dl">{form}<p>{warm}</p></div><div class="yq"><p>友情提示</p>'
               + "".join(f"<p>{t}</p>" for t in friendly) + f'</div><h3>{esc(sheet.title)}</h3>'
                                                            f'<div class="detail-article"><p>{body}</p></div>'
                                                            f'<div class="bq">{rights}</div>')
    if "complete" not in sheet.columns and kind in ("line", "ragged"):
        bodies.cut_off(sheet)
    return frame(sheet, site, content, f"{sheet.title}-{site}下载页")


def renrendoc_new(sheet, kind):
    """人人文库, present skin: the bar of facts after h1, 文档简介."""
    site = "人人文库"
    f = facts(sheet, pages=sheet.rng.randint(8, 60))
    forget(sheet, "declared_bytes")
    sheet.url = f"https://{sheet.pick(['www', 'm'], ['www'])}.renrendoc.com/paper/{f['id']}.html"
    body = bodies.any_body(sheet, kind)
    sheet.columns["preview_pages"] = 5
    user = sheet.words.person() + "****" + sheet.number(2)
    sheet.columns["uploader"] = user
    gate = bodies.gate(sheet, 5, f["pages"], "已阅读5页，还剩{rest}页未读")
    more = sheet.no("继续免费阅读")
    rights = sheet.no("版权说明：本文档由用户提供并上传，收益归属内容提供方，若内容存在侵权，请进行举报或认领")
    bar = "".join(f"<span>{esc(sheet.width(t))}</span>" for t in (f"上传人：{user}", "IP属地：河北", f"上传时间：{f['date']}", f"页数：{f['pages']}", f"积分：{sheet.number(2)}", "举报", f"格式：{f['form']}"))
    images = "".join(f'<div class="page"><img data-original="/fileroot_temp1/{n}.gif" alt="{esc(sheet.title)}_第{n}页">'
                     '</div>' for n in range(1, 6))
    sheet.forbidden.append(f"{sheet.title}_第1页")
    content = (f'<h1>{esc(sheet.title)}</h1><div class="bar">{bar}</div><div id="page">{images}</div>'
               f'<div id="load_preview_btn"><p>{gate}</p><a>{more}</a></div>'
               f'<p>{sheet.no("下载本文档，方便收藏和打印")}</p><p>{rights}</p><h2>文档简介</h2><div class="intro">{body}</div>')
    return frame(sheet, site, content, f"{sheet.title} - {site}")


def renrendoc_old(sheet, kind):
    """人人文库, older skin: 编号/类型/大小/格式/上传时间/上传人/积分, 关 键 词, 资源描述 and 内容简介."""
    site = "人人文库网"
    f = facts(sheet)
    forget(sheet, "page_count")
    sheet.url = f"https://www.renrendoc.com/p-{f['id']}.html"
    words = pd_words(sheet)
    user = sheet.words.person()[0] + "**"
    sheet.columns["uploader"] = user
    rows = "".join(f"<td>{esc(sheet.width(t))}</td>" for t in (f"编号：{f['id']}", "类型：共享资源", f"大小：{f['size']}", f"格式：{f['form']}", f"上传时间：{f['date']}", f"上传人：{user}", "IP属地：浙江", f"积分：{sheet.number(2)}"))
    seo = sheet.no(f"《{sheet.title}》由会员分享，可在线阅读，更多相关《{sheet.title}（{sheet.rng.randint(2, 30)}页珍藏版）》请在{site}上搜索。")
    sheet.columns["site"] = site
    body = bodies.any_body(sheet, kind)
    if "complete" not in sheet.columns and kind in ("line", "ragged"):
        bodies.cut_off(sheet)
    rights = sheet.no("本资源由会员上传，收益归上传者，仅供学习与交流，侵权请联系删除")
    content = (f'<h1>{esc(sheet.title)}</h1><table class="attr"><tr>{rows}</tr></table>'
               f'<p>{esc(sheet.width("关 键 词："))}{esc(" ".join(words))}</p>'
               f'<p>{esc(sheet.width("资源描述："))}</p><p>{seo}</p><p>{esc(sheet.width("内容简介："))}</p><div>{body}</div>'
               f'<div>{rights}</div>')
    return frame(sheet, site, content, f"{sheet.title}_{site}")


def book118(sheet, kind):
    """原创力: the file's name as title, date in the address, script fields, 文本预览."""
    site = "原创力文档"
    f = facts(sheet, formats=("docx", "doc", "pdf", "pptx"), pages=sheet.rng.randint(9, 60))
    forget(sheet, "declared_bytes")
    name = f"{sheet.title}.{f['form']}"
    sheet.columns["title"] = name
    y, m, d = f["date"].split("-")
    sheet.url = f"https://max.book118.com/html/{y}/{m}{d}/{f['id']}.shtm"
    shown = min(f["pages"], 6)
    sheet.columns["preview_pages"] = shown
    sheet.head.append(f'<script>var base = {{"aid": "{f["id"]}", "actual_page": {f["pages"]}, "senddate": "{f["date"]}", "preview_page": {shown}}};'
                      '</script>')
    body = bodies.any_body(sheet, kind)
    gate = bodies.gate(sheet, shown, f["pages"], "还剩{rest}页未读，是否继续阅读")
    images = "".join(f'<div class="webpreview-item"><img data-src="//view.example.net/{n}.png"></div>' for n in range(shown))
    count = sheet.no(f"第1页 / 共{f['pages']}页")
    content = (f'<h1>{esc(name)}</h1><div class="page-counts">{count}</div><div class="preview">{images}</div>'
               f'<a id="btn_preview_remain">{gate}</a>'
               f'<div class="sm">{sheet.no("1、原创力文档收费文档，请自行鉴别内容后下单" if sheet.variant == "A" else "1、本文档由合作方授权上传，可阅读全部或部分")}'
               f'</div><h3>文本预览</h3><div class="text-preview">{body}</div>')
    return frame(sheet, site, content, f"{name}_{site}")


def jinchutou(sheet, kind):
    """金锄头: 文本预览 in the last .shop3 .text."""
    site = "金锄头文库"
    f = facts(sheet, pages=sheet.rng.randint(10, 70))
    forget(sheet, "doc_id", "declared_bytes")
    code = "".join(sheet.rng.choice("0123456789abcdef") for _ in range(32))
    sheet.url = f"https://www.jinchutou.com/shtml/{code}.html"
    og_set(sheet, f)
    shown = min(f["pages"], 8)
    sheet.columns["preview_pages"] = shown
    pages = "".join(f'<div id="outer_page_{n}"><img src="/i/{n}.png"></div>' for n in range(1, shown + 1))
    body = bodies.any_body(sheet, kind)
    gate = bodies.gate(sheet, shown, f["pages"], "还剩{rest}页未读，继续阅读")
    content = (f'<h1>{esc(sheet.title)}</h1><input type="hidden" id="dp" value="/pic/">{pages}'
               f'<div class="down-arrow">{gate}</div><div class="banner-download">{sheet.no("下载积分 20金贝 快速下载")}</div>'
               '<div id="readshop"><div class="mainpart"><div class="shop3">'
               f'<div class="tit">{sheet.no("资源说明与帮助", folded=False)}</div>'
               f'<div class="text">{sheet.no("金贝可用于下载文档，会员免费")}</div></div>'
               f'<div class="shop3"><div class="tit">文本预览</div><div class="text">{body}</div></div></div></div>')
    return frame(sheet, site, content, f"{sheet.title} - {site}")


def ishare(sheet, kind):
    """爱问: facts in a script, the title again before the full text."""
    site = "爱问文库"
    f = facts(sheet)
    forget(sheet, "declared_bytes", "page_count", "published")
    sheet.url = f"http://ishare.iask.sina.com.cn/f/{f['id']}.html"
    sheet.head.append("<script>var pageConfig = " + json.dumps({"access": {"title": sheet.title, "format": f["form"].lower(), "fileId": f["id"]}}, ensure_ascii=False) + ";</script>")
    body = bodies.any_body(sheet, kind)
    vip = sheet.no("开通vip，每日免费下载十篇")
    content = (f'<h1>{esc(sheet.title)}</h1><div class="rep">{sheet.no("举报 收藏 0 下载 12")}</div><div class="vip">{vip}'
               f'</div><h2>{esc(sheet.title)}</h2><div class="file-txt">{body}</div>')
    return frame(sheet, site, content, f"{sheet.title} - {site}")


def docs360(sheet, kind):
    """360docs: 合集下载, numbered notices that look like fragment marks, full paragraphs."""
    site = "360docs"
    number = sheet.number(7)
    sheet.columns["doc_id"] = number
    sheet.url = f"http://www.360docs.net/doc/{number}.html"
    notices = [sheet.no(t) for t in ("1、下载文档前请自行甄别文档内容的完整性，平台不提供额外的编辑、内容补充、找答案等附加服务",
                                     "2、仅部分预览的文档，不可在线预览部分如存在完整性等问题，可反馈申请退款",
                                     "3、如文档侵犯您的权益，请联系客服反馈，我们会尽快为您处理")]
    body = bodies.any_body(sheet, kind)
    content = (f'<h1>{esc(sheet.title)}</h1><div class="all">{sheet.no("合集下载 相关主题")}</div><ol class="notice">' + "".join(f"<li>{t}</li>" for t in notices) +
               f'</ol><div class="doc-con">{body}</div>')
    return frame(sheet, site, content, f"{sheet.title}-{site}")


def bigxun(sheet, kind):
    """bigxun: 文本内容： and one line."""
    site = "大讯文档"
    number = sheet.number(8)
    pages = sheet.rng.randint(14, 80)
    sheet.columns.update(doc_id=number, preview_pages=10)
    sheet.url = f"https://www.bigxun.com/view/{number}"
    only = bodies.gate(sheet, 10, pages, "本资源只提供10页预览，全部文档请下载后查看")
    rest = sheet.no(f"还剩{pages - 10}页未读，继续阅读")
    body = bodies.any_body(sheet, kind)
    content = (f'<h1>{esc(sheet.title)}</h1><div class="v">{"".join(f"<img src=/v/{n}.jpg>" for n in range(10))}'
               f'</div><p>{rest}</p><p>{only}</p>'
               f'<p>{esc(sheet.width("文本内容："))}</p><div class="tc">{body}</div>')
    return frame(sheet, site, content, f"{sheet.title} - {site}")
