/* SPDX-License-Identifier: Apache-2.0 */
#include "common/json_write.h"
#include "harness/test.h"
#include "rows_fixture.h"

#include <string.h>

static str written(const struct text *text)
{
    return (str){.ptr = text_string(text), .len = text->len};
}

static void check_value(enum rows_column column, int64_t row, str expected)
{
    static const struct rows_texts rows[2] = {
        {{"id0", "converted", "\x01 \"quoted\" \\ \n\t\x7F 文", "", "", ""}},
        {{"id1", "failed", NULL, NULL, NULL, NULL}}};
    struct text out = {0};
    json_write_value(&out, arrow_child(rows_make(rows, 2), column), row);
    CHECK_STR(written(&out), expected);
    text_release(&out);
}

TEST(texts_are_escaped_and_otherwise_stand_as_they_are)
{
    check_value(ROWS_URL, 0, STR("\"\\u0001 \\\"quoted\\\" \\\\ \\n\\t\\u007f 文\""));
    check_value(ROWS_TEXT, 0, STR("\"\""));
    check_value(ROWS_URL, 1, STR("null"));
}

static bool needs_escape(int byte)
{
    return byte < 0x20 || byte == '"' || byte == '\\' || byte == 0x7F;
}

TEST(a_byte_is_escaped_wherever_it_stands_among_others)
{
    enum { LEN = 19 };
    size_t escaped = 0;
    for (int byte = 0; byte < 0x100; byte++) {
        for (size_t at = 0; at < LEN; at++) {
            char around[LEN];
            struct text out = {0};
            memset(around, byte % 2 ? '!' : 0xE6, sizeof around);
            around[at] = (char)byte;
            text_add_json_string(&out, (span){around, LEN});
            const char *in = text_string(&out) + 1;
            CHECK(memcmp(in, around, at) == 0);
            if (needs_escape(byte)) {
                CHECK(in[at] == '\\');
                CHECK(memcmp(in + out.len - 2 - (LEN - at - 1), around + at + 1, LEN - at - 1) ==
                      0);
                escaped++;
            } else {
                CHECK(out.len == LEN + 2 && memcmp(in, around, LEN) == 0);
            }
            text_release(&out);
        }
    }
    CHECK(escaped == (size_t)(0x20 + 3) * LEN);
}

TEST(numbers_dates_and_times_have_their_forms)
{
    check_value(ROWS_BYTES, 1, STR("1001"));
    check_value(ROWS_SHARE, 1, STR("0.25"));
    check_value(ROWS_COMPLETE, 0, STR("true"));
    check_value(ROWS_COMPLETE, 1, STR("false"));
    check_value(ROWS_FETCHED, 0, STR("\"2026-05-27T07:32:00.5Z\""));
    check_value(ROWS_PUBLISHED, 0, STR("\"2019-11-23\""));
}

TEST(lists_of_structs_nest_and_empty_is_not_null)
{
    check_value(ROWS_LINKS, 0, STR("[{\"rel\":\"next\",\"count\":0},{\"rel\":null,\"count\":-7}]"));
    check_value(ROWS_LINKS, 1, STR("[]"));
}

TEST(days_before_1970_and_leap_days_come_out_right)
{
    static const struct {
        int64_t days;
        str date;
    } cases[] = {{0, STR_INIT("1970-01-01")},
                 {-1, STR_INIT("1969-12-31")},
                 {11016, STR_INIT("2000-02-29")},
                 {-25509, STR_INIT("1900-02-28")},
                 {-719528, STR_INIT("0000-01-01")}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct text out = {0};
        json_write_date(&out, cases[i].days);
        CHECK_STR(written(&out), cases[i].date);
        text_release(&out);
    }
}

TEST(times_keep_every_unit_and_count_down_before_1970)
{
    struct text out = {0};
    json_write_time(&out, -1, 'u');
    text_add_byte(&out, ' ');
    json_write_time(&out, 61, 's');
    text_add_byte(&out, ' ');
    json_write_time(&out, 1500, 'm');
    CHECK_STR(written(&out),
              STR("1969-12-31T23:59:59.999999Z 1970-01-01T00:01:01Z 1970-01-01T00:00:01.5Z"));
    text_release(&out);
}

TEST(a_batch_of_another_shape_is_refused_with_its_column)
{
    static const struct rows_texts rows[1] = {{{"id0", "converted", "u", "", "", "t"}}};
    char why[160];
    struct arrow_view view = rows_make(rows, 1);
    CHECK(arrow_check(view, why, sizeof why));
    ((int32_t *)(uintptr_t)view.array->children[ROWS_URL]->buffers[1])[1] = -1;
    CHECK(!arrow_check(view, why, sizeof why));
    CHECK(strstr(why, "url") != NULL);
    view = rows_make(rows, 1);
    view.array->children[ROWS_BYTES]->length = 0;
    CHECK(!arrow_check(view, why, sizeof why));
    view = rows_make(rows, 1);
    view.schema->children[ROWS_TEXT]->format = "vu";
    CHECK(!arrow_check(view, why, sizeof why));
    CHECK(strstr(why, "text") != NULL);
}

TEST_MAIN()
