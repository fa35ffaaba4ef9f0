# SPDX-License-Identifier: Apache-2.0
"""One page being made: its random numbers and words, its variant of chrome, and what its gold says."""
import html
import random

import sentences
import texts

esc = html.escape

# Wording of set B where a family's own phrase would otherwise be the same in both sets.
REWORDED_B = [
    ("当前文档最多预览五页，下载文档查看全文", "本文档最多可预览五页，下载文档查看全文"),
    ("此文档下载收益归作者所有", "该文档的下载收益归作者所有"),
    ("点击查看更多>>", "点击查看更多内容↓"),
    ("继续免费阅读", "登录后继续免费阅读"),
    ("版权说明：本文档由用户提供并上传", "版权说明：文档系用户自行上传"),
    ("由会员上传分享，免费在线阅读", "由会员分享，可免费在线阅读"),
    ("快捷下载 账号登录下载 微信登录下载", "快捷下载 扫码下载 手机号登录下载"),
    ("金币 立即下载 加入VIP免费", "金币 马上下载 VIP会员价更低"),
    ("开通vip，每日免费下载十篇", "开通vip，畅读百万文档"),
    ("收藏 尺寸 分辨率 颜色 工具 举报该文档", "收藏 颜色 尺寸 工具 分辨率 投诉"),
    ("下载本文档，方便收藏和打印", "下载本文档，打印收藏都方便"),
    ("金贝可用于下载文档，会员免费", "金贝用来兑换文档，会员不收"),
]


class Sheet:
    """`variant` A or B picks chrome and wording; nothing of B's is used by A."""

    def __init__(self, name, seed, variant, rare=None):
        self.name, self.variant = name, variant
        self.rng = random.Random(f"{seed}/{name}")
        b = variant == "B"
        subjects = texts.SET_B_SUBJECTS + texts.SET_A_SUBJECTS[:4] if b else texts.SET_A_SUBJECTS
        rares = {"gbk": sentences.RARE_GBK, "four": sentences.RARE_FOUR}.get(rare)
        self.words = texts.Writer(self.rng, subjects, rares)
        self.title = self.words.title()
        self.folded_chrome = self.rng.random() < .4
        self.folded_body = self.rng.random() < .35
        self.head = []          # lines for <head>
        self.url = ""
        self.text = []          # paragraphs of the main content
        self.free = [self.title]  # may be in the text or not: neither required nor punished
        self.forbidden = []
        self.survive = []
        self.columns = {}
        self.posts = None
        self.alternatives = []

    def pick(self, a, b):
        """One of a's in set A, one of b's in set B."""
        return self.rng.choice(b if self.variant == "B" else a)

    def width(self, text):
        """Chrome in the page's width of punctuation."""
        return texts.fold_width(text) if self.folded_chrome else text

    def body(self, text):
        """Body text in the page's width of punctuation."""
        return texts.fold_width(text) if self.folded_body else text

    def no(self, text, folded=True):
        """Chrome: must not stand in the text. Returns it escaped."""
        if self.variant == "B":
            for old, new in REWORDED_B:
                text = text.replace(old, new)
        text = self.width(text) if folded else text
        if len(texts.bare(text)) >= 4 and len(self.forbidden) < 60:
            self.forbidden.append(text)
        return esc(text)

    def paragraph(self, text):
        """Main content: a paragraph of its own. Returns it escaped."""
        self.text.append(text)
        return esc(text)

    def date(self, first=2012, last=2024):
        return (f"{self.rng.randint(first, last)}-{self.rng.randint(1, 12):02}-"
                f"{self.rng.randint(1, 28):02}")

    def number(self, digits):
        return str(self.rng.randint(10 ** (digits - 1), 10 ** digits - 1))

    def size(self):
        """A size as sites write it, and its bytes."""
        unit, scale = self.rng.choice([("KB", 1024), ("KB", 1024), ("MB", 1048576)])
        value = f"{self.rng.randint(2, 900 if unit == 'KB' else 30)}.{self.rng.randint(10, 99)}"
        return value + self.rng.choice([" ", ""]) + unit, round(float(value) * scale)
