/* SPDX-License-Identifier: Apache-2.0 */
/* Guards the proof of preview fragments: what only a machine cuts is joined, a list stays a list. */
#include "harness/test.h"
#include "page/fragments.h"
#include "page/sentence.h"

#include <stdio.h>
#include <string.h>

static struct arena arena;
static struct lines lines;

static struct fragments joined(const char *text)
{
    struct fragments fragments;
    arena_release(&arena);
    arena_init(&arena, 1 << 20);
    CHECK_INT(lines_read_text(&arena, str_of(text), &lines), STATUS_OK);
    CHECK_INT(fragments_join(&lines, 0, lines.count, &fragments), STATUS_OK);
    return fragments;
}

/* Fragments of these many ideographs each, with `end` as the last of each. */
static const char *cut_into(const int *lengths, int count, const char *between, const char *end)
{
    static char text[8192];
    size_t at = 0;
    for (int n = 0; n < count; n++) {
        at += (size_t)snprintf(text + at, sizeof text - at, "%s%d、", n ? between : "", n + 1);
        for (int i = 1; i < lengths[n]; i++) {
            at += (size_t)snprintf(text + at, sizeof text - at, "%s",
                                   i % 7    ? "字"
                                   : i % 21 ? "，"
                                            : "。");
        }
        at += (size_t)snprintf(text + at, sizeof text - at, "%s", end);
    }
    return text;
}

TEST(fragments_of_one_length_are_joined_without_anything_between)
{
    const int lengths[] = {40, 40, 40, 13};
    const struct fragments f = joined(cut_into(lengths, 4, "\n\n", "断"));
    CHECK_INT(f.count, 4);
    CHECK_INT(f.length, 40);
    CHECK_INT(f.sum, 133);
    CHECK_INT(lines.items[0].join, JOIN_BLOCK);
    CHECK_INT(lines.items[1].join, JOIN_NOTHING);
    const struct cut *mark = lines.items[1].first_cut;
    CHECK(mark && mark->verdict.reason == DROP_fragment_mark);
    CHECK_INT(mark->to - lines.items[1].from, sizeof "2、" - 1);
    CHECK(mark->next && !mark->next->verdict.dropped);
}

/* The first and the last cut fall behind a comma, by chance. */
TEST(long_fragments_of_one_length_are_joined_wherever_some_cuts_fall)
{
    const int lengths[] = {150, 150, 150, 90};
    char text[8192];
    const char *const cut = cut_into(lengths, 4, "\n", "断");
    size_t len = strlen(cut) + 1;
    memcpy(text, cut, len);
    char *first = strstr(text, "断\n2、");
    char *third = strstr(text, "断\n4、");
    if (CHECK(first && third)) {
        memcpy(first, "，", 3);
        memcpy(third, "。", 3);
    }
    CHECK_INT(joined(text).count, 4);
}

TEST(the_last_fragment_may_be_as_long_but_not_longer)
{
    const int whole[] = {40, 40, 40};
    CHECK_INT(joined(cut_into(whole, 3, "\n", "断")).count, 3);
    const int longer[] = {40, 40, 41};
    CHECK_INT(joined(cut_into(longer, 3, "\n", "断")).count, 0);
}

TEST(items_of_different_length_are_a_list)
{
    const int lengths[] = {40, 41, 40, 13};
    const struct fragments f = joined(cut_into(lengths, 4, "\n", "断"));
    CHECK_INT(f.count, 0);
    CHECK(f.suspicious);
    for (size_t i = 0; i < lines.count; i++) {
        CHECK(lines.items[i].first_cut == NULL && lines.items[i].join == JOIN_BLOCK);
    }
}

TEST(items_that_end_their_sentences_are_a_list_even_when_equally_long)
{
    const int lengths[] = {40, 40, 40, 40};
    const struct fragments f = joined(cut_into(lengths, 4, "\n", "。"));
    CHECK_INT(f.count, 0);
    CHECK(!f.suspicious);
}

TEST(phrases_made_to_match_are_a_list)
{
    static const char *const ends[] = {"\n", "；\n", "，\n", "、\n"};
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        char text[2048] = "";
        size_t at = 0;
        for (int n = 1; n <= 5; n++) {
            at += (size_t)snprintf(
                text + at, sizeof text - at,
                "%d、加强组织领导，明确工作职责，落实责任分工，健全考核机制，优化流"
                "程服务%s",
                n, ends[i]);
        }
        CHECK_INT(joined(text).count, 0);
        CHECK(lines.items[1].join == JOIN_BLOCK && lines.items[1].first_cut == NULL);
    }
}

TEST(long_items_that_end_in_a_semicolon_are_a_list)
{
    const int lengths[] = {150, 150, 120};
    CHECK_INT(joined(cut_into(lengths, 3, "\n", "；")).count, 0);
    CHECK_INT(joined(cut_into(lengths, 3, "\n", "断")).count, 3);
}

TEST(short_items_prove_nothing)
{
    CHECK_INT(joined("1、苹果\n2、香蕉\n3、梨").count, 0);
}

TEST(two_fragments_need_a_round_length_or_a_round_sum)
{
    const int odd[] = {41, 13};
    CHECK_INT(joined(cut_into(odd, 2, "\n", "断")).count, 0);
    const int round[] = {50, 13};
    CHECK_INT(joined(cut_into(round, 2, "\n", "断")).count, 2);
    const int cap[] = {271, 229};
    CHECK_INT(joined(cut_into(cap, 2, "\n", "断")).count, 2);
}

TEST(numbers_that_do_not_begin_at_one_or_leave_one_out_are_no_marks)
{
    CHECK_INT(joined("2、字字字字\n3、字字字字\n4、字").count, 0);
    const int lengths[] = {40, 40, 40, 40};
    char *text = (char *)(uintptr_t)cut_into(lengths, 4, "\n", "断");
    *strchr(text, '3') = '5';
    CHECK_INT(joined(text).count, 0);
}

TEST(white_space_at_the_end_of_a_line_counts_when_the_length_wants_it)
{
    char text[2048];
    const int lengths[] = {40, 40, 39};
    snprintf(text, sizeof text, "%s", cut_into(lengths, 3, "\n", "断"));
    /* The second fragment's last ideograph becomes a space: cut between two words. */
    char *end = strstr(text, "\n3、");
    memmove(end - 2, end, strlen(end) + 1);
    end[-3] = ' ';
    CHECK_INT(joined(text).count, 3);
    CHECK(lines.text.ptr[lines.items[1].to - 1] == ' ');
}

TEST(sentences_end_with_their_mark_whatever_closes_behind_it)
{
    CHECK(sentence_ends(STR("完了。")));
    CHECK(sentence_ends(STR("他说：“完了！”）")));
    CHECK(sentence_ends(STR("Done. ")));
    CHECK(!sentence_ends(STR("没有完，")));
    CHECK(!sentence_ends(STR("没有”")));
    CHECK(!sentence_ends(STR("")));
}

TEST_MAIN()
