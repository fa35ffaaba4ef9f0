#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The scorer of the Chinese gold gives what can be worked out by hand, and the frozen pages have not moved."""
import unittest

import make
import score


def page(**more):
    gold = {"file": "a.html", "family": "article/br", "page_type": "article", "text": "一二三四五六七八", "free": [], "alternatives": [],
            "columns": {}, "posts": None, "lists_that_must_survive": [], "not_in_text": []}
    gold.update(more)
    return gold


class Texts(unittest.TestCase):
    def test_the_same_text_with_other_white_space_is_perfect(self):
        self.assertEqual(score.score_text(page(), " 一二三四\n\n五六\t七八 "), (1, 1, 1))

    def test_half_a_text_has_whole_precision_and_the_recall_of_its_shingles(self):
        p, r, f1 = score.score_text(page(), "一二三四五")
        self.assertEqual((p, r), (1, 2 / 5))
        self.assertAlmostEqual(f1, 4 / 7)

    def test_chrome_costs_precision(self):
        p, r, _ = score.score_text(page(), "一二三四五六七八首页新闻")
        self.assertEqual((p, r), (5 / 9, 1))

    def test_a_repeated_paragraph_counts_as_often_as_it_stands(self):
        self.assertLess(score.score_text(page(), "一二三四五六七八" * 2)[0], .5)

    def test_a_free_title_neither_helps_nor_hurts(self):
        gold = page(free=["河道清淤工程"])
        self.assertEqual(score.score_text(gold, "河道清淤工程\n一二三四五六七八"), score.score_text(gold, "一二三四五六七八"))

    def test_numbers_that_a_browser_draws_may_stand_or_not(self):
        gold = page(text="清理闸门\n更换电表", alternatives=["1.清理闸门\n2.更换电表"])
        for text in ("清理闸门\n更换电表", "1. 清理闸门\n2. 更换电表", "- 清理闸门\n- 更换电表"):
            self.assertEqual(score.score_text(gold, text)[2], 1)

    def test_a_user_between_two_posts_costs_nothing(self):
        gold = page(text="一二三四五\n六七八九十", free=["老王12"])
        self.assertEqual(score.score_text(gold, "老王12\n一二三四五\n老王12\n六七八九十"), (1, 1, 1))
        self.assertEqual(score.score_text(gold, "一二三四五六七八九十"), (1, 1, 1))

    def test_an_absent_body_wants_an_empty_text(self):
        gold = page(text="", free=["河道清淤工程"])
        self.assertEqual(score.score_text(gold, "河道清淤工程\n")[2], 1)
        self.assertEqual(score.score_text(gold, "首页新闻专题评论")[2], 0)


class Fields(unittest.TestCase):
    GOLD = page(page_type="document_library", columns={"title": "方案.doc", "published": "2020-01-02", "declared_format": "DOC",
                                                       "keywords": ["水", "电"], "page_count": 4, "complete": False, "seams": 1})

    def test_fields_are_equal_or_wrong(self):
        right = {"title": "方案", "published": 18263, "declared_format": "doc", "keywords": ["电", "水"], "page_count": 4, "complete": False}
        self.assertEqual(score.wrong_fields(self.GOLD, right), (6, []))
        self.assertEqual([w[0] for w in score.wrong_fields(self.GOLD, dict(right, page_count=5, complete=None))[1]], ["page_count", "complete"])

    def test_a_field_the_page_does_not_carry_is_not_counted(self):
        self.assertEqual(score.wrong_fields(page(columns={}), {"title": "x"}), (0, []))

    def test_seams_and_lists_and_chrome_are_counted(self):
        gold = dict(self.GOLD, lists_that_must_survive=["2、四五六"], not_in_text=["点击查看更多"])
        table, errors = score.score([gold], {"a.html": {"text": "四五六点击\n查看更多", "seams": 0}})
        sums = table["library"]
        self.assertEqual((sums.seams_wrong, sums.lists_lost, sums.strings_kept), (1, 1, 1))
        self.assertTrue(any("seams" in e for e in errors))

    def test_a_missing_record_scores_nothing(self):
        table, _ = score.score([page(text="")], {})
        self.assertEqual((table["all"].f1, table["all"].missing), (0, 1))


class Posts(unittest.TestCase):
    def test_posts_out_of_order_are_not_all_found(self):
        gold = page(posts=["甲说的话", "乙说的话"])
        self.assertEqual(score.posts_in_order(gold, "甲说的话\n乙说的话"), 1)
        self.assertEqual(score.posts_in_order(gold, "乙说的话\n甲说的话"), .5)


class Frozen(unittest.TestCase):
    def test_the_generator_makes_what_was_frozen(self):
        self.assertEqual(make.check(), 0)


if __name__ == "__main__":
    unittest.main()
