/* SPDX-License-Identifier: Apache-2.0 */
/* Guards the matching of wording: width, case and white space do not matter, everything else does. */
#include "harness/test.h"
#include "page/pattern.h"
#include "page/markings.h"
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
    CHECK_INT(pattern_match(PATTERN("已阅读#页,还剩#页未读"), &line, 0), line.count);
    CHECK_INT(pattern_match(PATTERN("*未读"), &line, 0), line.count);
    CHECK_INT(pattern_match(PATTERN("已*页"), &line, 0), 5);
    CHECK_INT(pattern_match(PATTERN("已阅读页"), &line, 0), NO_MATCH);
    CHECK_INT(pattern_match(PATTERN("已*尽头"), &line, 0), NO_MATCH);
    int end = 0;
    CHECK_INT(pattern_find(PATTERN("还剩#"), &line, 0, &end), 6);
    CHECK_INT(end, 10);
    CHECK_INT(pattern_find(PATTERN("没有"), &line, 0, &end), NO_MATCH);
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
    struct lexicon lexicon;
    lexicon_init(&lexicon);
    CHECK(phrase_find(&lexicon, FAMILY_any, &folded) == NULL);
    const struct folded notice = folded_of("还剩1页未读，继续阅读");
    const struct wording *phrase = phrase_find(&lexicon, FAMILY_any, &notice);
    CHECK(phrase && phrase->reason == DROP_preview_gate);
}

TEST(the_longest_label_wins_and_needs_a_colon)
{
    int end = 0;
    struct lexicon lexicon;
    lexicon_init(&lexicon);
    const struct folded long_one = folded_of("上传人（卖家）：张三");
    const struct wording *label = label_find(&lexicon, FAMILY_any, &long_one, 0, LABEL_STRICT, &end);
    CHECK(label && label->column == COLUMN_uploader);
    CHECK_INT(end, 8);
    const struct folded spaced = folded_of("关 键 词： 纸");
    label = label_find(&lexicon, FAMILY_any, &spaced, 0, LABEL_STRICT, &end);
    CHECK(label && label->column == COLUMN_keywords);
    const struct folded sentence = folded_of("大小不一");
    CHECK(label_find(&lexicon, FAMILY_any, &sentence, 0, LABEL_LOOSE, &end) == NULL);
    const struct folded bare = folded_of("页数 12页");
    CHECK(label_find(&lexicon, FAMILY_any, &bare, 0, LABEL_STRICT, &end) == NULL);
    CHECK(label_find(&lexicon, FAMILY_any, &bare, 0, LABEL_LOOSE, &end) != NULL);
    CHECK_INT(end, 2);
}

TEST(traditional_wording_and_pinyin_in_brackets_fold_away)
{
    const struct folded traditional = folded_of("版權說明：頁數");
    const struct folded plain = folded_of("版权说明:页数");
    CHECK(folded_equal(&traditional, &plain));
    const struct folded noisy = folded_of("版權(quán)說明(míng)：頁數");
    CHECK(folded_equal(&noisy, &plain));
    const struct folded brackets = folded_of("版权(vip)");
    CHECK_INT(brackets.count, 7);
    const struct folded open = folded_of("版权(quán");
    CHECK_INT(open.count, 7);
}

TEST(every_row_of_the_table_is_written_as_folding_leaves_it)
{
    size_t rows = 0;
    for (const struct wording *row = wording_at(0); row; row = wording_at(++rows)) {
        CHECK(pattern_is_folded(row->pattern));
        CHECK(row->pattern.points[0] != '*');
    }
    CHECK(rows > 80);
    CHECK(markings_are_readable());
}

TEST_MAIN()
