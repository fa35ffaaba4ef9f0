/* SPDX-License-Identifier: Apache-2.0 */
/* Guards the reader of dates: which notations are a day, and what only looks like one. */
#include "harness/test.h"
#include "page/date.h"

static int64_t day_in(const char *text, enum date_order order)
{
    int64_t days = INT64_MIN;
    return date_read(str_of(text), order, &days) ? days : INT64_MIN;
}

static int64_t day_of(const char *text)
{
    return day_in(text, DATE_ORDER_UNKNOWN);
}

enum { NOV_23_2019 = 18223 };

TEST(years_first_are_read)
{
    CHECK_INT(day_of("2019-11-23"), NOV_23_2019);
    CHECK_INT(day_of("2019/11/23 10:01"), NOV_23_2019);
    CHECK_INT(day_of("2019.11.23"), NOV_23_2019);
    CHECK_INT(day_of("2019. 11. 23."), NOV_23_2019);
    CHECK_INT(day_of("2019-11-23T23:10:00+08:00"), NOV_23_2019);
    CHECK_INT(day_of("20191123T101000Z"), NOV_23_2019);
    CHECK_INT(day_of("2019-Nov-23"), NOV_23_2019);
}

TEST(east_asian_notations_are_read)
{
    CHECK_INT(day_of("2019年11月23日"), NOV_23_2019);
    CHECK_INT(day_of("２０１９年１１月２３日"), NOV_23_2019);
    CHECK_INT(day_of("2019 年 11 月 23 日 08:15"), NOV_23_2019);
    CHECK_INT(day_of("二〇一九年十一月二十三日"), NOV_23_2019);
    CHECK_INT(day_of("二○一九年十一月廿三日"), INT64_MIN);
    CHECK_INT(day_of("民國108年11月23日"), NOV_23_2019);
    CHECK_INT(day_of("中華民國 108 年 11 月 23 日"), NOV_23_2019);
    CHECK_INT(day_of("民國一百零八年十一月二十三日"), NOV_23_2019);
    CHECK_INT(day_of("108年11月23日"), NOV_23_2019);
    CHECK_INT(day_of("令和元年11月23日"), NOV_23_2019);
    CHECK_INT(day_of("2019년 11월 23일"), NOV_23_2019);
    CHECK_INT(day_of("2019年11月"), INT64_MIN);
}

TEST(named_months_are_read_in_each_language)
{
    static const char *const texts[] = {
        "November 23, 2019",
        "Nov. 23rd, 2019",
        "Sat, 23 Nov 2019 10:00:00 GMT",
        "23. November 2019",
        "23 novembre 2019",
        "23 de noviembre de 2019",
        "23 de Novembro de 2019",
        "23 november 2019",
        "23 listopada 2019",
        "23. listopadu 2019",
        "23 Kasım 2019",
        "23 ноября 2019 г.",
        "23-Nov-2019",
        "Samstag, 23. Nov. 2019",
        "the 23rd of November, 2019",
    };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        CHECK_INT(day_of(texts[i]), NOV_23_2019);
    }
    CHECK_INT(day_of("1. März 2020"), 18322);
    CHECK_INT(day_of("1er février 2020"), 18293);
    CHECK_INT(day_of("1 ŞUBAT 2020"), 18293);
    CHECK_INT(day_of("November 2019"), INT64_MIN);
    CHECK_INT(day_of("Novembers 23, 2019"), INT64_MIN);
}

TEST(numbers_before_the_year_are_read_as_the_language_has_it)
{
    CHECK_INT(day_of("23.11.2019"), NOV_23_2019);
    CHECK_INT(day_of("23. 11. 2019"), NOV_23_2019);
    CHECK_INT(day_of("23.11.19"), NOV_23_2019);
    CHECK_INT(day_of("11/23/2019"), NOV_23_2019);
    CHECK_INT(day_of("23/11/2019"), NOV_23_2019);
    CHECK_INT(day_of("11/12/2019"), INT64_MIN);
    CHECK_INT(day_in("11/12/2019", date_order_of(STR("en-US"))), 18212);
    CHECK_INT(day_in("11/12/2019", date_order_of(STR("en_GB"))), 18241);
    CHECK_INT(day_in("11/12/2019", date_order_of(STR("fr"))), 18241);
    CHECK_INT(day_in("23/11/2019", date_order_of(STR("en"))), NOV_23_2019);
}

TEST(what_is_no_day_is_none)
{
    static const char *const texts[] = {
        "",           "2021-02-29",  "31.04.2020", "2019-13-01",   "2019-00-10", "32 May 2019",
        "1899-12-31", "2200-01-01",  "3小时前",    "10.1.2.2019",  "1574467200", "12:30:2019",
        "20-01-01",   "version 1.2", "99/99/9999", "Mai 23rd 201", "0/0/2019",   "v2019-11-23",
    };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        CHECK_INT(day_of(texts[i]), INT64_MIN);
    }
}

TEST(the_place_in_running_text_is_told)
{
    struct date date;
    const str text = STR("发布时间：2019年11月23日 来源：某报");
    CHECK(date_find(text, 0, DATE_ORDER_UNKNOWN, &date));
    CHECK_STR(str_slice(text, date.from, date.to), STR("2019年11月23日"));
    CHECK(!date_find(text, date.to, DATE_ORDER_UNKNOWN, &date));
}

TEST_MAIN()
