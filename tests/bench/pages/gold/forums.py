# SPDX-License-Identifier: Apache-2.0
"""Forums: posts in order, with floors, signatures, medals, quotes and what else stands around them."""
import chrome
from sheet import esc

SIGNATURES_A = ["人生如逆旅，我亦爱修车", "签名：不懂就问，问了还不懂", "━━ 出闲置工具一批，私信联系 ━━", "发帖不易，看完请回复"]
SIGNATURES_B = ["此人很懒，只写了一行签名", "长期收旧零件，有意请留言", "愿天下没有难拧的螺丝"]


class Post:
    def __init__(self, sheet, floor, day, text, quote, signed):
        self.user = f"{sheet.rng.choice(['老', '阿', '大', '小'])}{sheet.words.person()[1:]}{sheet.number(2)}"
        self.floor, self.text, self.quote = floor, text, quote
        self.when = f"{day} {8 + floor:02}:{sheet.rng.randint(10, 59)}"
        self.signature = ""
        if signed and sheet.rng.random() < .5:
            self.signature = sheet.no(sheet.pick(SIGNATURES_A, SIGNATURES_B), folded=False)


def thread(sheet, full=True):
    """The posts of one thread, put in the gold in order; `full`: with quotes and signatures."""
    texts = [sheet.words.forum_opener()] + sheet.words.forum_replies(sheet.rng.randint(6, 13))
    if sheet.rng.random() < .6:
        texts.insert(4, sheet.words.paragraph(80, 200))
    posts, gold, day = [], [], sheet.date()
    for i, text in enumerate(texts):
        text = sheet.body(text)
        quote = posts[-1].text[:30] if full and i and sheet.rng.random() < .2 else None
        posts.append(Post(sheet, i + 1, day, text, quote, full))
        gold.append((quote + "\n" if quote else "") + text)
        sheet.free.append(posts[-1].user)
    sheet.posts = gold
    sheet.text = list(gold)
    sheet.columns["author"] = posts[0].user
    sheet.columns["published"] = posts[0].when[:10]
    return posts


def floor_name(n):
    return {1: "楼主", 2: "沙发", 3: "板凳", 4: "地板"}.get(n, f"{n}楼")


def table_forum(sheet):
    """One table a post: author cell with medals and counts, the post's cell, its tools and signature."""
    rows = []
    for p in thread(sheet):
        quote = f'<div class="quote"><blockquote>{esc(p.quote)}</blockquote></div>' if p.quote else ""
        tools = sheet.no("使用道具 举报 显示全部楼层", folded=False)
        sign = f'<div class="sign">{p.signature}</div>' if p.signature else ""
        rows.append(
            f'<div id="post_{sheet.number(7)}"><table class="plhin"><tr><td class="pls" rowspan="2">'
            f'<div class="authi"><a href="/u/{sheet.number(5)}">{p.user}</a></div>'
            f'<dl><dt>主题</dt><dd>{sheet.number(2)}</dd><dt>帖子</dt><dd>{sheet.number(3)}</dd><dt>积分</dt>'
            f'<dd>{sheet.number(4)}</dd></dl><p>高级会员</p></td>'
            f'<td class="plc"><div class="pi"><strong>{floor_name(p.floor)}</strong> <em>发表于 {p.when}</em> | 只看该作者</div>'
            f'<div class="t_fsz"><table><tr><td class="t_f" id="postmessage_{sheet.number(7)}">{quote}{esc(p.text)}'
            '</td></tr></table></div></td></tr>'
            f'<tr><td class="plc">{sign}<div class="po"><a href="#">{tools}</a></div></td></tr></table></div>')
    return f'<div id="postlist" class="pl bm"><h1><span id="thread_subject">{esc(sheet.title)}</span></h1>{"".join(rows)}</div>'


def floor_forum(sheet):
    """A short-post forum with replies inside floors; the floor line stands below the post."""
    rows = []
    for p in thread(sheet, full=False):
        rows.append(f'<div class="l_post j_l_post"><div class="d_author"><ul><li class="d_name"><a>{p.user}</a></li>'
                    f'<li><div class="d_badge">吧龄{sheet.rng.randint(1, 9)}年</div></li></ul></div>'
                    f'<div class="d_post_content_main"><cc><div class="d_post_content">            {esc(p.text)}'
                    '</div></cc>'
                    f'<div class="post-tail-wrap"><span>来自手机客户端</span><span>{p.floor}楼</span><span>{p.when}</span>'
                    '<a>回复</a></div></div></div>')
    return f'<h3 class="core_title_txt">{esc(sheet.title)}</h3><div class="p_postlist">{"".join(rows)}</div>'


def answers(sheet):
    """A question and its answers, the best one marked."""
    posts = thread(sheet, full=False)
    first, rest = posts[0], posts[1:]
    rows = [f'<div class="ask"><h1>{esc(sheet.title)}</h1><div class="q-content">{esc(first.text)}</div>'
            f'<p class="by">{first.user} 提问于 {first.when} 浏览{sheet.number(4)}次</p></div>']
    for i, p in enumerate(rest):
        best = '<span class="best">最佳答案</span>' if i == 0 else ""
        rows.append(f'<div class="answer">{best}<div class="a-body"><p>{esc(p.text)}</p></div>'
                    f'<div class="a-foot">{p.user} 回答于 {p.when} 赞同({sheet.number(2)}) 评论 追问</div></div>')
    return "<div class=qa>" + "".join(rows) + "</div>"


def list_forum(sheet):
    """Posts as list items, avatars, signature under a rule."""
    rows = []
    for p in thread(sheet):
        quote = f'<blockquote class="bbcode">{esc(p.quote)}</blockquote>' if p.quote else ""
        sign = f'<hr><small>{p.signature}</small>' if p.signature else ""
        rows.append(f'<li class="cell" id="r_{p.floor}"><img class="avatar" src="/a/{sheet.number(3)}.png" alt="">'
                    f'<b>{p.user}</b> <span class="ago">{p.when}</span> <span class="no">#{p.floor}</span>'
                    f'<div class="reply_content">{quote}<p>{esc(p.text)}</p></div>{sign}</li>')
    return f'<h1>{esc(sheet.title)}</h1><ul class="thread">{"".join(rows)}</ul>'


KINDS = {"table_forum": table_forum, "floor_forum": floor_forum, "answers": answers, "list_forum": list_forum}


def forum(sheet, kind):
    """A thread's page."""
    site = chrome.site_name(sheet)
    sheet.url = f"https://bbs.{sheet.pick(['dahekou.example.cn'], ['ludi.example.com'])}/thread-{sheet.number(6)}-1-1.html"
    content = KINDS[kind](sheet)
    notice = sheet.no(sheet.pick(["您需要登录后才可以回帖 登录 | 立即注册", "快速回复主题 本版积分规则"], ["输入验证码后发表回复", "返回列表 高级模式 插入表情"]))
    pager = sheet.no(sheet.pick(["返回列表 1 2 3 下一页", "共3页 到第 页 跳转"], ["前一主题 | 后一主题", "查看其余回复"]))
    page = (f"{chrome.header(sheet, site)}{chrome.crumbs(sheet, site, sheet.words.subject + '版')}"
            f"<div class=pgs>{pager}</div>{content}"
            f'<div class="fastre"><form><textarea></textarea><p>{notice}</p></form>'
            f'</div>{chrome.sidebar(sheet)}{chrome.related(sheet, 4)}{chrome.footer(sheet, site)}')
    return page, sheet.title + f" - {sheet.words.subject}版 - {site}"
