/* SPDX-License-Identifier: Apache-2.0 */
/* Guards the matching of wording: width, case and white space do not matter, everything else does. */
#include "harness/test.h"
#include "page/pattern.h"
#include "page/profile.h"

static struct folded folded_of(const char *text)
{
    struct folded folded;
    const str s = str_of(text);
    fold(s, 0, s.len, &folded);
    return folded;
}

TEST(folding_takes_out_width_case_and_white_space)
{
    const struct folded wide = folded_of(" ＩＤ：\xE3\x80\x80４６ ");
    const struct folded narrow = folded_of("id:46");
    CHECK(folded_equal(&wide, &narrow));
    CHECK(!wide.behind_blank[1]);
    CHECK(wide.behind_blank[3]);
    const struct folded other = folded_of("id:47");
    CHECK(!folded_equal(&wide, &other));
    const struct folded empty = folded_of("   ");
    CHECK(!folded_equal(&empty, &empty));
}

TEST(a_folded_line_knows_where_its_points_stand)
{
    const struct folded folded = folded_of("  大 小");
    CHECK_INT(folded.count, 2);
    CHECK_INT(folded.at[0], 2);
    CHECK_INT(folded.at[1], 6);
    CHECK_INT(folded.at[2], 9);
}

TEST(patterns_know_numbers_and_anything)
{
    const struct folded line = folded_of("已阅读 ５ 页，还剩 12 页未读");
    CHECK_INT(pattern_match(STR("已阅读#页,还剩#页未读"), &line, 0), line.count);
    CHECK_INT(pattern_match(STR("*未读"), &line, 0), line.count);
    CHECK_INT(pattern_match(STR("已*页"), &line, 0), 5);
    CHECK_INT(pattern_match(STR("已阅读页"), &line, 0), NO_MATCH);
    CHECK_INT(pattern_match(STR("已*尽头"), &line, 0), NO_MATCH);
    int end = 0;
    CHECK_INT(pattern_find(STR("还剩#"), &line, 0, &end), 6);
    CHECK_INT(end, 10);
    CHECK_INT(pattern_find(STR("没有"), &line, 0, &end), NO_MATCH);
}

TEST(a_long_line_is_folded_to_its_head_and_matches_no_notice)
{
    char text[4 * FOLDED_MAX];
    memset(text, 'x', sizeof text);
    memcpy(text, "还剩1页未读", sizeof "还剩1页未读" - 1);
    const str s = {.ptr = text, .len = sizeof text};
    struct folded folded;
    fold(s, 0, s.len, &folded);
    CHECK_INT(folded.count, FOLDED_MAX);
    CHECK(!folded.whole);
    CHECK(phrase_find(FAMILY_any, &folded) == NULL);
    const struct folded notice = folded_of("还剩1页未读，继续阅读");
    const struct phrase *phrase = phrase_find(FAMILY_any, &notice);
    CHECK(phrase && phrase->reason == DROP_preview_gate);
}

TEST(the_longest_label_wins_and_needs_a_colon)
{
    int end = 0;
    const struct folded long_one = folded_of("上传人（卖家）：张三");
    const struct label *label = label_find(FAMILY_any, &long_one, 0, &end);
    CHECK(label && label->column == COLUMN_uploader);
    CHECK_INT(end, 8);
    const struct folded spaced = folded_of("关 键 词： 纸");
    label = label_find(FAMILY_any, &spaced, 0, &end);
    CHECK(label && label->column == COLUMN_keywords);
    const struct folded sentence = folded_of("大小不一");
    CHECK(label_find(FAMILY_any, &sentence, 0, &end) == NULL);
    const struct folded foreign = folded_of("ID:5");
    CHECK(label_find(FAMILY_any, &foreign, 0, &end) == NULL);
    CHECK(label_find(FAMILY_wenku365, &foreign, 0, &end) != NULL);
}

TEST_MAIN()
