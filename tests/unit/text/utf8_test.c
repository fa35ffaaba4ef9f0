/* SPDX-License-Identifier: Apache-2.0 */
/* Guards the one check that turns bytes into text without a copy. */
#include "text/utf8.h"

#include "harness/test.h"
#include "text/simd.h"

static bool valid(const char *text, size_t len)
{
    return utf8_is_valid((bytes){.ptr = (const uint8_t *)text, .len = len});
}

#define VALID(literal) valid("" literal, sizeof(literal) - 1)

TEST(well_formed_sequences_of_every_length_are_valid)
{
    CHECK(VALID(""));
    CHECK(VALID("plain"));
    CHECK(VALID("\xC2\x80\xDF\xBF"));
    CHECK(VALID("\xE0\xA0\x80\xED\x9F\xBF\xEE\x80\x80\xEF\xBF\xBF"));
    CHECK(VALID("\xF0\x90\x80\x80\xF4\x8F\xBF\xBF"));
}

TEST(ill_formed_sequences_are_not)
{
    CHECK(!VALID("\x80"));
    CHECK(!VALID("\xC0\x80"));
    CHECK(!VALID("\xC1\xBF"));
    CHECK(!VALID("\xE0\x9F\xBF"));
    CHECK(!VALID("\xED\xA0\x80"));
    CHECK(!VALID("\xF0\x8F\xBF\xBF"));
    CHECK(!VALID("\xF4\x90\x80\x80"));
    CHECK(!VALID("\xF5\x80\x80\x80"));
    CHECK(!VALID("\xFF"));
    CHECK(!VALID("\xE4\xB8"));
    CHECK(!VALID("\xE4\xB8z"));
}

/* By the table of the standard, byte by byte; shaped unlike the code under test. */
static bool is_valid_by_table(const uint8_t *b, size_t len)
{
    static const uint8_t rows[][9] = {
        /* count, then low and high of each byte */
        {1, 0x00, 0x7F},
        {2, 0xC2, 0xDF, 0x80, 0xBF},
        {3, 0xE0, 0xE0, 0xA0, 0xBF, 0x80, 0xBF},
        {3, 0xE1, 0xEC, 0x80, 0xBF, 0x80, 0xBF},
        {3, 0xED, 0xED, 0x80, 0x9F, 0x80, 0xBF},
        {3, 0xEE, 0xEF, 0x80, 0xBF, 0x80, 0xBF},
        {4, 0xF0, 0xF0, 0x90, 0xBF, 0x80, 0xBF, 0x80, 0xBF},
        {4, 0xF1, 0xF3, 0x80, 0xBF, 0x80, 0xBF, 0x80, 0xBF},
        {4, 0xF4, 0xF4, 0x80, 0x8F, 0x80, 0xBF, 0x80, 0xBF},
    };
    size_t at = 0;
    while (at < len) {
        size_t matched = 0;
        for (size_t r = 0; r < sizeof rows / sizeof rows[0] && !matched; r++) {
            bool fits = len - at >= rows[r][0];
            for (size_t i = 0; fits && i < rows[r][0]; i++) {
                fits = b[at + i] >= rows[r][1 + 2 * i] && b[at + i] <= rows[r][2 + 2 * i];
            }
            matched = fits ? rows[r][0] : 0;
        }
        if (!matched) {
            return false;
        }
        at += matched;
    }
    return true;
}

/* Short sequences of the bytes at which the table's rows begin and end, at every place in a longer
 * ASCII text: so across every seam of a vector. */
TEST(validity_is_what_the_table_says_wherever_it_stands)
{
    static const uint8_t edges[] = {0x00, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF,
                                    0xC1, 0xC2, 0xDF, 0xE0, 0xE1, 0xEC, 0xED, 0xEE,
                                    0xEF, 0xF0, 0xF3, 0xF4, 0xF5, 0xFF};
    uint32_t random = 1;
    long valid_count = 0;
    long wrong = 0;
    for (long round = 0; round < 200000; round++) {
        uint8_t text[320];
        memset(text, 'a', sizeof text);
        random = random * 1664525 + 1013904223;
        const size_t count = 1 + (random >> 28) % 5;
        const size_t place = (random >> 8) % (sizeof text - 8);
        const size_t len = (random & 0x80) ? place + count : sizeof text;
        for (size_t i = 0; i < count; i++) {
            random = random * 1664525 + 1013904223;
            text[place + i] = edges[(random >> 16) % sizeof edges];
        }
        const bool expected = is_valid_by_table(text, len);
        valid_count += expected;
        simd_is_refused = round % 4 == 0;
        wrong += utf8_is_valid((bytes){.ptr = text, .len = len}) != expected;
    }
    simd_is_refused = false;
    CHECK_INT(wrong, 0);
    CHECK(valid_count > 5000);
}

/* Dense text, where every vector is full of multi-byte sequences, with one byte changed. */
TEST(one_changed_byte_in_dense_text_is_found)
{
    static const char word[] = "\xE4\xB8\xAD\xC3\xA9\xF0\x9F\x98\x80";
    uint8_t text[40 * (sizeof word - 1)];
    long wrong = 0;
    for (size_t i = 0; i < sizeof text; i++) {
        text[i] = (uint8_t)word[i % (sizeof word - 1)];
    }
    CHECK(utf8_is_valid((bytes){.ptr = text, .len = sizeof text}));
    for (size_t i = 0; i < sizeof text; i++) {
        const uint8_t before = text[i];
        for (unsigned bit = 0; bit < 8; bit++) {
            text[i] = (uint8_t)(before ^ 1U << bit);
            wrong += utf8_is_valid((bytes){.ptr = text, .len = sizeof text}) !=
                     is_valid_by_table(text, sizeof text);
        }
        text[i] = before;
        wrong += utf8_is_valid((bytes){.ptr = text, .len = i}) != is_valid_by_table(text, i);
    }
    CHECK_INT(wrong, 0);
}

TEST(code_points_are_walked_both_ways)
{
    const str text = STR("a\xC3\xA9\xE4\xB8\xAD\xF0\x9F\x98\x80");
    const uint32_t expected[] = {'a', 0xE9, 0x4E2D, 0x1F600};
    size_t at = 0;
    for (size_t i = 0; i < 4; i++) {
        CHECK_INT(utf8_next(text, &at), expected[i]);
    }
    CHECK_INT(at, text.len);
    CHECK_INT(utf8_next(text, &at), 0);
    CHECK_INT(at, text.len);
    for (size_t i = 4; i-- > 0;) {
        CHECK_INT(utf8_previous(text, &at), expected[i]);
    }
    CHECK_INT(at, 0);
    CHECK_INT(utf8_previous(text, &at), 0);
    CHECK_INT(utf8_count(text), 4);
    CHECK_INT(utf8_count(STR("")), 0);
}

TEST(cjk_is_where_no_space_stands_between_words)
{
    CHECK(code_point_is_cjk(0x4E2D));
    CHECK(code_point_is_cjk(0x3002));
    CHECK(code_point_is_cjk(0xFF0C));
    CHECK(code_point_is_cjk(0x3042));
    CHECK(code_point_is_cjk(0xD55C));
    CHECK(code_point_is_cjk(0x20000));
    CHECK(code_point_is_cjk(0x3105));
    CHECK(!code_point_is_cjk('a'));
    CHECK(!code_point_is_cjk(0xE9));
    CHECK(!code_point_is_cjk(0x2014));
    CHECK(!code_point_is_cjk(0x1F600));
}

TEST(spaces_are_those_of_unicode_and_two_that_show_as_nothing)
{
    CHECK(code_point_is_space(' '));
    CHECK(code_point_is_space('\n'));
    CHECK(code_point_is_space(0x85));
    CHECK(code_point_is_space(0xA0));
    CHECK(code_point_is_space(0x3000));
    CHECK(code_point_is_space(0x200B));
    CHECK(code_point_is_space(0xFEFF));
    CHECK(!code_point_is_space('a'));
    CHECK(!code_point_is_space(0x200C));
    CHECK(!code_point_is_space(0));
}

TEST(width_is_folded_for_ascii_only)
{
    CHECK_INT(code_point_fold_width(0xFF21), 'A');
    CHECK_INT(code_point_fold_width(0xFF5E), '~');
    CHECK_INT(code_point_fold_width(0x3000), ' ');
    CHECK_INT(code_point_fold_width(0xFF61), 0xFF61);
    CHECK_INT(code_point_fold_width(0x3002), 0x3002);
}

TEST_MAIN()
