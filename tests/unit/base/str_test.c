/* SPDX-License-Identifier: Apache-2.0 */
/* Guards the slices: no call leaves its slice, comparison is by bytes, numbers do not overflow. */
#include "base/str.h"
#include "harness/test.h"

TEST(slices_are_clamped_to_what_is_there)
{
    CHECK_STR(str_slice(STR("abcdef"), 2, 4), STR("cd"));
    CHECK_STR(str_slice(STR("abc"), 1, 99), STR("bc"));
    CHECK_STR(str_slice(STR("abc"), 99, 100), STR(""));
    CHECK_STR(str_slice(STR("abc"), 2, 1), STR(""));
    CHECK_INT(str_slice((str){0}, 0, SIZE_MAX).len, 0);
    CHECK_INT(bytes_slice((bytes){0}, 3, SIZE_MAX).len, 0);
}

TEST(find_answers_the_first_place_or_none)
{
    const str s = STR("aabaab");
    CHECK_INT(str_find(s, STR("ab"), 0), 1);
    CHECK_INT(str_find(s, STR("ab"), 2), 4);
    CHECK(str_find(s, STR("ab"), 5) == SIZE_MAX);
    CHECK(str_find(s, STR("aabaabx"), 0) == SIZE_MAX);
    CHECK(str_find(s, STR("a"), 7) == SIZE_MAX);
    CHECK_INT(str_find(s, STR(""), 6), 6);
    CHECK(str_find((str){0}, STR("a"), 0) == SIZE_MAX);
    CHECK_INT(str_find_byte(s, 'b', 3), 5);
    CHECK(str_find_byte(s, 'b', 6) == SIZE_MAX);
}

TEST(beginnings_and_ends_need_the_whole_part)
{
    CHECK(str_starts(STR("abc"), STR("ab")) && str_starts(STR("abc"), STR("")));
    CHECK(!str_starts(STR("ab"), STR("abc")));
    CHECK(str_ends(STR("abc"), STR("bc")) && str_ends(STR(""), STR("")));
    CHECK(!str_ends(STR("bc"), STR("abc")));
    CHECK(bytes_start((bytes){0}, (bytes){0}));
}

TEST(order_is_by_bytes_and_a_prefix_comes_first)
{
    CHECK(str_compare(STR("ab"), STR("abc")) < 0);
    CHECK(str_compare(STR("abd"), STR("abc")) > 0);
    CHECK(str_compare(STR("é"), STR("z")) > 0);
    CHECK_INT(str_compare((str){0}, STR("")), 0);
    CHECK(str_equal((str){0}, STR("")));
    CHECK(!str_equal(STR("a"), STR("A")));
    CHECK(str_equal_ignoring_ascii_case(STR("GB-2312"), STR("gb-2312")));
    CHECK(!str_equal_ignoring_ascii_case(STR("É"), STR("é")));
}

TEST(trimming_takes_ascii_white_space_only)
{
    CHECK_STR(str_trim_ascii(STR(" \t\r\n\fa b\n")), STR("a b"));
    CHECK_STR(str_trim_ascii(STR(" \n ")), STR(""));
    CHECK_STR(str_trim_ascii(STR("　全角　")), STR("　全角　"));
    CHECK_STR(str_trim_ascii(STR("\va\v")), STR("\va\v"));
}

TEST(integers_are_digits_only_and_stop_at_the_largest)
{
    int64_t value = -1;
    CHECK(str_read_integer(STR("9223372036854775807"), &value));
    CHECK(value == INT64_MAX);
    CHECK(str_read_integer(STR("000"), &value));
    CHECK_INT(value, 0);
    value = 7;
    CHECK(!str_read_integer(STR("9223372036854775808"), &value));
    CHECK(!str_read_integer(STR("99999999999999999999"), &value));
    CHECK(!str_read_integer(STR(""), &value));
    CHECK(!str_read_integer(STR("-1"), &value));
    CHECK(!str_read_integer(STR("1 "), &value));
    CHECK(!str_read_integer(STR("٣"), &value));
    CHECK_INT(value, 7);
}

TEST_MAIN()
