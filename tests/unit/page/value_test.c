/* SPDX-License-Identifier: Apache-2.0 */
/* Guards the values that pages state: what is one, and what only looks like one. */
#include "harness/test.h"
#include "page/value.h"

static int64_t size_of(const char *text)
{
    int64_t size = -1;
    return value_read_size(str_of(text), &size) ? size : -1;
}

static int64_t day_of(const char *text)
{
    int64_t days = INT64_MIN;
    return value_read_date(str_of(text), &days) ? days : INT64_MIN;
}

static int64_t pages_of(const char *text)
{
    int64_t pages = -1;
    return value_read_pages(str_of(text), &pages) ? pages : -1;
}

TEST(sizes_are_rounded_to_the_nearest_byte)
{
    CHECK_INT(size_of("20.33 KB"), 20818);
    CHECK_INT(size_of("1.63 MB"), 1709179);
    CHECK_INT(size_of("446.50KB"), 457216);
    CHECK_INT(size_of(" 10.49mb "), 10999562);
    CHECK_INT(size_of("812 字节"), 812);
    CHECK_INT(size_of("0 B"), 0);
    CHECK_INT(size_of("3G"), INT64_C(3) << 30);
}

TEST(what_is_no_size_is_none)
{
    CHECK_INT(size_of(""), -1);
    CHECK_INT(size_of("KB"), -1);
    CHECK_INT(size_of("20"), -1);
    CHECK_INT(size_of("20. KB"), -1);
    CHECK_INT(size_of("20 页"), -1);
    CHECK_INT(size_of("20 KB 左右"), -1);
    CHECK_INT(size_of("999999999999 GB"), -1);
    CHECK_INT(size_of("99999999999999999999 B"), -1);
}

TEST(days_are_those_of_the_calendar)
{
    CHECK_INT(day_of("1970-01-01"), 0);
    CHECK_INT(day_of("2019-11-23"), 18223);
    CHECK_INT(day_of("2020/2/29 08:15"), 18321);
    CHECK_INT(day_of("2020年2月29日"), 18321);
    CHECK_INT(day_of("2022-03-04T08:00:00+08:00"), 19055);
    CHECK_INT(day_of("1969-12-31"), -1);
    CHECK_INT(day_of("2021-02-29"), INT64_MIN);
    CHECK_INT(day_of("2000-13-01"), INT64_MIN);
    CHECK_INT(day_of("2000-00-10"), INT64_MIN);
    CHECK_INT(day_of("昨天"), INT64_MIN);
    CHECK_INT(day_of("20-01-01"), INT64_MIN);
}

TEST(no_page_is_not_a_count_of_pages)
{
    CHECK_INT(pages_of("4页"), 4);
    CHECK_INT(pages_of("12"), 12);
    CHECK_INT(pages_of("0页"), -1);
    CHECK_INT(pages_of("99999999"), -1);
    CHECK_INT(pages_of("4页半"), -1);
}

TEST(a_number_is_digits_only)
{
    CHECK(value_is_number(STR("46449279")));
    CHECK(!value_is_number(STR("")));
    CHECK(!value_is_number(STR("46449279a")));
    CHECK(!value_is_number(STR("123456789012345678901")));
}

TEST_MAIN()
