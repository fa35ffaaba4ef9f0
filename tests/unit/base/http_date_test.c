/* SPDX-License-Identifier: Apache-2.0 */
/* Guards dates in headers against the C library's calendar, and the three forms of RFC 9110. */
#include "base/http_date.h"
#include "harness/test.h"

#include <time.h>

enum { NOW = 1700000000 /* 2023-11-14 */ };

static bool parse(const char *text, int64_t *out)
{
    return http_date_parse(str_bytes(str_of(text)), NOW, out);
}

TEST(the_three_forms_are_one_moment)
{
    int64_t s = 0;
    CHECK(parse("Sun, 06 Nov 1994 08:49:37 GMT", &s));
    CHECK_INT(s, 784111777);
    CHECK(parse("Sunday, 06-Nov-94 08:49:37 GMT", &s));
    CHECK_INT(s, 784111777);
    CHECK(parse("Sun Nov  6 08:49:37 1994", &s));
    CHECK_INT(s, 784111777);
    CHECK(parse("Sun Nov 16 08:49:37 1994", &s));
    CHECK_INT(s, 784975777);
    CHECK(parse("Thu, 29 Feb 2024 23:59:60 GMT", &s));
    CHECK_INT(s, 1709251200);
    CHECK(parse("Thu, 01 Jan 1970 00:00:00 GMT", &s));
    CHECK_INT(s, 0);
}

TEST(a_year_of_two_digits_is_at_most_fifty_years_ahead)
{
    int64_t s = 0;
    CHECK(parse("Friday, 01-Jan-73 00:00:00 GMT", &s));
    CHECK_INT(s, http_date_days(2073, 1, 1) * 86400);
    CHECK(parse("Friday, 01-Jan-74 00:00:00 GMT", &s));
    CHECK_INT(s, http_date_days(1974, 1, 1) * 86400);
}

TEST(what_is_no_date_is_refused)
{
    static const char *const rows[] = {
        "",
        "0",
        "3600",
        "Sun",
        "Sun,",
        "Sun, 06 Nov 1994 08:49:37",
        "Sun, 06 Nov 1994 08:49:37 UTC",
        "Sun, 06 Nov 1994 08:49:37 GMT ",
        "Sun, 6 Nov 1994 08:49:37 GMT",
        "Sun, 31 Nov 1994 08:49:37 GMT",
        "Sun, 29 Feb 2023 08:49:37 GMT",
        "Sun, 00 Nov 1994 08:49:37 GMT",
        "Sun, 06 Foo 1994 08:49:37 GMT",
        "Sun, 06 Nov 1994 24:00:00 GMT",
        "Sun, 06 Nov 1994 08:60:00 GMT",
        "Sun, 06 Nov 1994 08:49:61 GMT",
        "Sun, 06-Nov-1994 08:49:37 GMT",
        "Sun Nov 6 08:49:37 1994",
        "06 Nov 1994 08:49:37 GMT",
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        int64_t s;
        if (!CHECK(!parse(rows[i], &s))) {
            fprintf(stderr, "  %s\n", rows[i]);
        }
    }
}

TEST(every_day_of_four_centuries_is_where_the_c_library_has_it)
{
    long days = 0;
    for (int64_t s = -(INT64_C(62) * 366 * 86400); s < INT64_C(12000000000);
         s += 86400 * 3 + 3661) {
        const time_t t = (time_t)s;
        struct tm tm;
        char text[64];
        int64_t parsed = 0;
        gmtime_r(&t, &tm);
        strftime(text, sizeof text, "%a, %d %b %Y %H:%M:%S GMT", &tm);
        if (!parse(text, &parsed) || parsed != s) {
            CHECK_INT(parsed, s);
            return;
        }
        days++;
    }
    CHECK(days > 40000);
}

TEST(a_date_cut_off_anywhere_is_refused)
{
    static const char text[] = "Sunday, 06-Nov-94 08:49:37 GMT";
    for (size_t len = 0; len < sizeof text - 1; len++) {
        uint8_t *copy = malloc(len + 1);
        int64_t s;
        memcpy(copy, text, len);
        CHECK(!http_date_parse((bytes){.ptr = copy, .len = len}, NOW, &s));
        free(copy);
    }
}

TEST_MAIN()
