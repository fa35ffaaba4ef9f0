# SPDX-License-Identifier: Apache-2.0
"""What surrounds content: headers, menus, adverts, sidebars, related lists, comments, footers, scripts.
The shapes are those of real pages (table layouts of the 2000s, portals, HTML5 blogs, mobile pages)."""
from sheet import esc

MENU_A = ["首页", "新闻", "专题", "评论", "视频", "图片", "地方", "教育", "健康", "旅游", "文库", "下载", "登录", "注册"]
MENU_B = ["主页", "要闻", "深度", "数据", "影像", "读书", "公益", "问答", "市场", "活动", "我的收藏", "消息", "退出"]
SLOGANS_A = ["手机扫一扫，随时看新闻", "打开客户端，阅读体验更佳", "关注公众号，每天一条", "把最新的消息送到手边"]
SLOGANS_B = ["装上应用，少走弯路", "订阅晨报，七点送达", "用微信扫码继续浏览", "开通提醒，不错过更新"]
ADS_A = ["限时特惠：全场家电三折起", "招商加盟热线，咨询有礼", "二手车免费估价，十秒出结果", "英语零基础，试听不要钱"]
ADS_B = ["本周秒杀：洗衣液买一送二", "装修报价器，一分钟算清", "低价机票，错峰更省", "投放广告请联系商务"]
SITES_A = ["江畔新闻网", "青石在线", "四方日报网", "春山门户", "大河口论坛"]
SITES_B = ["临风周刊", "北渚头条", "芦荻社区", "远岫网"]
SHARE_A = ["分享到：微信 微博 QQ空间", "【字号：大 中 小】【打印本页】", "扫描二维码在手机上打开"]
SHARE_B = ["一键转发给好友", "收藏本文 打印 纠错", "分享至 朋友圈 短信 邮件"]
SCRIPTS = [
    'var _hmt = _hmt || [];\n(function() { var hm = document.createElement("script"); hm.src = "//hm.example.cn/h.js?1f0a";'
    ' document.getElementsByTagName("head")[0].appendChild(hm); })();',
    'window.pageConfig = {"id": 31, "tip": "请先登录再继续操作", "html": "<p>不是正文</p>"};',
    'if(/Android|iPhone/i.test(navigator.userAgent)){ document.body.className += " mobile"; }',
    'document.write("<div class=\\"ad\\">脚本写出的广告位</div>");',
]


def site_name(sheet):
    return sheet.pick(SITES_A, SITES_B)


def links(sheet, texts, tag="li"):
    return "".join(f'<{tag}><a href="/c/{sheet.number(5)}.html" target="_blank">{esc(t)}</a></{tag}>'
                   for t in texts)


def script(sheet):
    return f'<script type="text/javascript">\n{sheet.rng.choice(SCRIPTS)}\n</script>'


def menu(sheet, count=10):
    items = MENU_B if sheet.variant == "B" else MENU_A
    return sheet.rng.sample(items, min(count, len(items)))


def header(sheet, site):
    """Top bar, logo, search, menu."""
    slogan = sheet.no(sheet.pick(SLOGANS_A, SLOGANS_B))
    items = menu(sheet)
    kind = sheet.pick(["table", "portal", "semantic", "mobile"], ["bar", "grid", "drawer"])
    if kind == "table":
        cells = " | ".join(f'<a href="/{i}/">{t}</a>' for i, t in enumerate(items))
        return (f'<table width="1000" border="0" cellspacing="0" align="center"><tr><td width="138"><img src="/images/'
                f'logo.gif" width="132" height="100"></td><td align="right" valign="middle">{slogan}<br>{cells}</td>'
                f'</tr></table>\n<!-- top end -->')
    if kind == "portal":
        return (f'<div class="byt_top clearFix"><div class="img_icon"><div class="image_text">{slogan}</div></div>'
                f'<div class="search"><form><input type="text" name="q" placeholder="请输入关键词">'
                f'<input type="submit" value="搜索"></form></div></div>\n<div class="byt_nav"><ul class="nav_li">'
                f'{links(sheet, items)}<li style="display: none;"><a href="#">招聘信息</a></li></ul></div>')
    if kind == "semantic":
        return (f'<header class="site-header" role="banner"><a class="logo" href="/">{esc(site)}</a><p class="slogan">'
                f'{slogan}</p><nav class="main-nav" aria-label="主导航"><ul>{links(sheet, items)}</ul></nav></header>')
    if kind == "mobile":
        return (f'<div class="m-top"><i class="back"></i><span>{esc(site)}</span><a class="openapp" href="#">{slogan}</a>'
                f'</div><div class="m-nav">{links(sheet, items[:5], "span")}</div>')
    if kind == "bar":
        return (f'<section id="hd"><p class="hi">您好，<a href="/in">请登录</a></p><h3 class="brand">{esc(site)}</h3>'
                f'<p>{slogan}'
                f'</p><dl class="dh">{links(sheet, items, "dd")}</dl></section>')
    if kind == "grid":
        return (f'<center><a href="/"><img src="/i/l.png" alt="{esc(site)}"></a><div>{slogan}</div><div class="row g">'
                f'{links(sheet, items, "b")}</div></center><hr>')
    return (f'<div data-role="panel" id="drawer"><ol class="drawer">{links(sheet, items)}</ol></div><div data-role="top">'
            f'<button>菜单</button> <em>{esc(site)}</em> <small>{slogan}</small></div>')


def crumbs(sheet, site, middle):
    """Where the page stands on its site."""
    sep = sheet.pick([" > ", " &gt;&gt; ", " / "], [" › ", " → ", " » "])
    lead = sheet.pick(["您的位置：", "当前位置：", ""], ["所在栏目：", "你在这里：", ""])
    return (f'<div class="{sheet.pick(["crumb", "breadcrumb", "weizhi"], ["bc", "where", "path"])}">{lead}'
            f'<a href="/">{esc(site)}</a>{sep}<a href="/k/">{esc(middle)}</a>{sep}正文</div>')


def advert(sheet):
    text = sheet.no(sheet.pick(ADS_A, ADS_B))
    name = sheet.pick(["ad", "ad_300", "gg", "adbox banner"], ["tuiguang", "spread-box", "promo-x"])
    return f'<div class="{name}"><a href="//ad.example.com/x?i={sheet.number(4)}" rel="nofollow">{text}</a></div>'


def related(sheet, count=6, label=None):
    """A list of other pages below or beside."""
    label = label or sheet.pick(["相关阅读", "热门推荐", "猜你喜欢", "相关新闻"], ["继续看", "编辑精选", "读者还看了", "同栏目文章"])
    titles = sheet.words.other_titles(count, sheet.title)
    for title in titles[:3]:
        sheet.no(title, folded=False)
    name = sheet.pick(["related", "hot_content", "tj-list", "xgwz"], ["more-reads", "nextup", "k-list"])
    shape = sheet.pick(["ul", "table", "dates"], ["dl", "cards"])
    if shape == "ul":
        inner = f"<h4>{label}</h4><ul>{links(sheet, titles)}</ul>"
    elif shape == "table":
        rows = "".join(f'<tr><td>·<a href="/n/{sheet.number(6)}.htm">{esc(t)}</a></td></tr>' for t in titles)
        inner = f"<b>{label}</b><table>{rows}</table>"
    elif shape == "dates":
        rows = "".join(f'<li><a href="/n/{sheet.number(6)}.htm">{esc(t)}</a><span>{sheet.date()[5:]}</span></li>' for t in titles)
        inner = f"<div class=hot_tit>{label}</div><ul>{rows}</ul>"
    elif shape == "dl":
        inner = f"<dl><dt>{label}</dt>{links(sheet, titles, 'dd')}</dl>"
    else:
        cards = "".join(f'<a class="card" href="/n/{sheet.number(6)}"><img src="/t/{sheet.number(3)}.jpg"><p>{esc(t)}</p>'
                        f'<i>{sheet.number(3)}次浏览</i></a>' for t in titles)
        inner = f"<p><strong>{label}</strong></p>{cards}"
    return f'<div class="{name}">{inner}</div>'


def sidebar(sheet):
    """Ranking, advert, hot words."""
    label = sheet.pick(["点击排行", "24小时热文", "推荐专题"], ["今日榜单", "话题墙", "大家在搜"])
    titles = sheet.words.other_titles(5, sheet.title)
    items = "".join(f'<li><em>{i}</em><a href="/r/{sheet.number(5)}">{esc(t)}</a></li>' for i, t in enumerate(titles, 1))
    sheet.no(titles[0], folded=False)
    tag, name = sheet.pick([("div", "right sidebar"), ("div", "w300 fr"), ("aside", "rank")], [("section", "r-col"), ("div", "lane2")])
    return f'<{tag} class="{name}"><h3>{label}</h3><ol>{items}</ol>{advert(sheet)}</{tag}>'


def share(sheet):
    return f'<div class="{sheet.pick(["share", "bdsharebuttonbox"], ["fx", "toolset"])}">{sheet.no(sheet.pick(SHARE_A, SHARE_B))}</div>'


def comments(sheet, count=4):
    """Readers' comments: in the text or not, as one likes; their furniture not."""
    rows = []
    for i, text in enumerate(sheet.words.comments(count), 1):
        sheet.free.append(text)
        user = f"{sheet.words.place()}网友"
        sheet.free.append(user)
        tools = sheet.pick(["回复 举报 顶[%d]", "赞(%d) 回复"], ["点赞%d 踩 评论", "%d人觉得有用 引用"]) % sheet.rng.randint(0, 99)
        rows.append(f'<div class="comment-item"><div class="user">{esc(user)} '
                    f'<span>{sheet.date()} {sheet.rng.randint(10, 23)}:'
                    f'{sheet.rng.randint(10, 59)}</span></div><div class="cmt">{esc(text)}</div>'
                    f'<div class="op">{tools}</div></div>')
    label = sheet.pick(["网友评论", "最新评论", "评论列表"], ["读者留言", "精选跟帖"])
    notice = sheet.no(sheet.pick(["文明上网，理性发言，请遵守评论服务协议", "登录后才可以发表评论"], ["发言请守法，文责自负", "还可以输入三百字，请先验证手机"]))
    return (f'<div class="{sheet.pick(["comments", "pinglun", "cmt-area"], ["liuyan", "talkback"])}" id="comment">'
            f'<h3>{label}</h3>'
            f'{"".join(rows)}<form><textarea></textarea><p>{notice}</p><button>发表</button></form></div>')


def footer(sheet, site):
    rights = sheet.no(sheet.pick(
        [f"版权所有 {site} 未经书面授权不得转载", f"Copyright © 2008-2024 {site} 保留所有权利", f"本网站由{site}主办，违法和不良信息举报电话"],
        [f"{site}出品 · 网络视听许可证在办", f"© {site} 全部内容受保护，引用请注明", f"客服时间九点到十八点 {site}运营中心"]))
    record = f"备案号：某ICP备{sheet.number(8)}号-{sheet.rng.randint(1, 9)}"
    items = sheet.pick([["关于我们", "联系我们", "广告服务", "网站地图", "版权声明"]], [["团队介绍", "加入我们", "意见反馈", "隐私条款"]])
    tail = " | ".join(f'<a href="/about/{i}">{t}</a>' for i, t in enumerate(items))
    kind = sheet.pick(["div", "footer", "table"], ["section", "p"])
    if kind == "table":
        return f'<table width="100%"><tr><td align="center">{tail}<br>{rights}<br>{record}</td></tr></table>'
    return f'<{kind} class="{sheet.pick(["footer", "foot", "copyright"], ["btm", "end-zone"])}">{tail}<br>{rights}<br>{record}</{kind}>'


def document(sheet, body, meta_charset, title=None):
    """The whole file; `meta_charset` None declares nothing inside."""
    doctype = sheet.pick(['<!DOCTYPE html>', '<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" '
                          '"http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">', '<!DOCTYPE HTML>'], ['<!doctype html>', ''])
    meta = ""
    if meta_charset:
        meta = sheet.rng.choice([f'<meta charset="{meta_charset}">\n',
                                 f'<meta http-equiv="Content-Type" content="text/html; charset={meta_charset}" />\n'])
    head = "\n".join(sheet.head)
    style = "<style>\n.clearFix{zoom:1}\n.ad{width:300px}\n</style>"
    end = sheet.rng.choice(["</body>\n</html>\n", "</body></html>\n", "</body>\n</html>\n</html>\n", ""])
    lang = sheet.rng.choice(['', ' lang="zh-CN"'])
    return (f"{doctype}\n<html{lang}>\n<head>\n{meta}<title>{esc(title or sheet.title)}"
            f"</title>\n{head}\n{style}\n{script(sheet)}\n"
            f"</head>\n<body>\n{body}\n{script(sheet)}\n{end}")
