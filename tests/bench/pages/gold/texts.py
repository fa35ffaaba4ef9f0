# SPDX-License-Identifier: Apache-2.0
"""Chinese words and prose for one page: sentences are drawn from sentences.py without repeating one
until all have been used, their slots filled anew each time."""
import re

import sentences as s

SET_B_SUBJECTS = ["邮政", "矿山", "园艺", "印刷"]
SET_A_SUBJECTS = [name for name in s.SUBJECTS if name not in SET_B_SUBJECTS]
ENDS = "。！？"
TITLE_TAILS = ["", "", "的几点体会", "（试行）", "浅析", "总结", "问答", "（修订稿）", "材料汇编", "工作方案"]
HEADS = ["一、基本情况", "二、主要做法", "三、存在的问题", "四、下一步打算", "五、几点说明", "六、附则"]
ITEM_STARTS = ["加强", "完善", "落实", "检查", "登记", "更换", "清理", "试验", "培训", "核对"]
ITEM_ENDS = ["，做到当天事当天毕", "，责任到人", "，每季度不少于一次", "的台账", "，并报分管人员签字",
             "，不合格的立即停用", "，结果在公告栏公布", "情况，形成书面意见"]
FOLDED = str.maketrans("，：；（）？！", ",:;()?!")


def fold_width(text):
    """As captures and some sites have it: ASCII , : ; ( ) ? ! beside full-width 、。“”."""
    return text.translate(FOLDED)


class Writer:
    """The words of one page; `rng` decides all."""

    def __init__(self, rng, subjects, rare=None):
        self.rng, self.rare = rng, rare
        self.subject = rng.choice(subjects)
        self.subjects = subjects
        self.stock, self.topic = [], None
        self.rare_left = 3 if rare else 0

    def person(self):
        return self.rng.choice(s.SURNAMES) + self.rng.choice(s.GIVEN)

    def place(self):
        return self.rng.choice(s.PLACES)

    def thing(self):
        return self.rng.choice(s.SUBJECTS[self.topic or self.subject][0])

    def fill(self, pattern):
        rng = self.rng
        return pattern.format(
            n=rng.randint(2, 9), m=rng.randint(1, 9), k=rng.randint(120, 9800),
            pct=f"百分之{rng.choice(['三', '五', '十二', '二十', '三十七', '八十'])}"
            if rng.random() < .5 else f"{rng.randint(1, 99)}.{rng.randint(1, 9)}%",
            y=rng.randint(1978, 2023), mo=rng.randint(1, 12), d=rng.randint(1, 28),
            place=self.place(), person=self.person(), unit=rng.choice(s.UNITS), x=self.thing(),
            s=rng.choice(s.SURNAMES), r=rng.choice(self.rare or ["安"]))

    def sentence(self):
        if self.rare_left and self.rng.random() < .3:
            self.rare_left -= 1
            return self.fill(self.rng.choice(s.RARE_SENTENCES))
        if not self.stock:
            # A long document wanders to neighbouring subjects rather than say everything twice.
            self.topic = self.rng.choice(self.subjects) if self.topic else self.subject
            own = list(s.SUBJECTS[self.topic][2])
            self.stock = own + self.rng.sample(s.GENERAL, len(own))
            self.rng.shuffle(self.stock)
        return self.fill(self.stock.pop())

    def paragraph(self, least, most):
        """Sentences until `least` characters are there, stopping before `most` where that is possible."""
        text = self.sentence()
        while len(text) < least:
            more = self.sentence()
            if len(text) + len(more) > most:
                break
            text += more
        return text

    def paragraphs(self, count, least=60, most=170):
        return [self.paragraph(least, most) for _ in range(count)]

    def short(self):
        """One sentence of at most 26 characters."""
        while True:
            text = self.sentence()
            if len(text) <= 26:
                return text

    def title(self):
        return self.rng.choice(s.SUBJECTS[self.subject][1]) + self.rng.choice(TITLE_TAILS)

    def other_titles(self, count, but):
        """Titles of other pages: related lists, rankings, menus of documents."""
        pool = [phrase for name in self.subjects for phrase in s.SUBJECTS[name][1]
                if not but.startswith(phrase)]
        tails = ["（第二版）", "课件", "的思考与实践", "讲稿整理", "（2019年）", "学习心得", "表格模板"]
        return [phrase + self.rng.choice(tails) for phrase in self.rng.sample(pool, count)]

    def item(self):
        """An entry of a list, without its number and without a full stop."""
        return self.rng.choice(ITEM_STARTS) + self.thing() + self.rng.choice(ITEM_ENDS)

    def forum_opener(self):
        return self.fill(self.rng.choice(s.FORUM_OPENERS)) + self.paragraph(30, 140)

    def forum_replies(self, count):
        return [self.fill(p) for p in self.rng.sample(s.FORUM_REPLIES, count)]

    def comments(self, count):
        return [self.fill(p) for p in self.rng.sample(s.COMMENTS, count)]

    def running_prose(self, length):
        """More than `length` characters in one line, with 一、 headings run in as servers run them in."""
        text, head = "", 0
        while len(text) < length + 40:
            if head < len(HEADS) and len(text) > head * length / 4 and self.rng.random() < .8:
                gap = self.rng.choice(["\u3000\u3000", " ", ""]) if text else ""
                text += gap + HEADS[head] + self.rng.choice(["", "。", "\u3000"])
                head += 1
            text += self.sentence()
        return text


def cut_blind(text, length, cap):
    """`text` cut after `cap` characters and in fragments of `length`, as the servers do: blind. No cut
    touches white space (what a page does with that is another question), and the last is mid-sentence."""
    chars = list(text[:cap])
    for at in range(length, cap, length):
        for i in (at - 1, at):
            if chars[i].isspace():
                chars[i] = "、"
    if chars[-1].isspace() or chars[-1] in ENDS + "；，、：":
        chars[-1] = "其"
    return ["".join(chars[i:i + length]) for i in range(0, cap, length)]


def bare(text):
    """Without white space: what comparisons of text look at."""
    return re.sub(r"[\s\u200b\ufeff]+", "", text)
