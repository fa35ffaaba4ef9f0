/* SPDX-License-Identifier: Apache-2.0 */
/* Guards dates of sitemaps, feeds and mails: the forms of both families, and what is none. */
#include "formats/date_time.h"
#include "harness/test.h"

struct row {
    const char *text;
    int64_t seconds; /* -1: no date */
};

TEST(dates_of_the_w3c_profile_are_read)
{
    static const struct row rows[] = {
        {"2024", 1704067200},
        {"2024-05", 1714521600},
        {"2024-05-17", 1715904000},
        {"2024-05-17T08:30+08:00", 1715905800},
        {"2024-05-17T08:30:15Z", 1715934615},
        {"2024-05-17t08:30:15z", 1715934615},
        {" 2024-05-17 08:30:15 ", 1715934615},
        {"2024-05-17T08:30:15.999-0330", 1715947215},
        {"2024-02-29", 1709164800},
        {"1969-12-31", -86400},
        {"2023-02-29", -1},
        {"2024-13-01", -1},
        {"2024-00-01", -1},
        {"2024-05-17T25:00Z", -1},
        {"2024-05-17T08:30:15Zx", -1},
        {"2024-05-17T", -1},
        {"20240517", -1},
        {"17 May 2024", -1},
        {"", -1},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        int64_t us = 0;
        const bool is_date = date_time_of_w3c(str_of(rows[i].text), &us);
        CHECK(is_date == (rows[i].seconds != -1));
        CHECK(!is_date || us / 1000000 == rows[i].seconds);
    }
    int64_t us = 0;
    CHECK(date_time_of_w3c(STR("2024-05-17T08:30:15.1234567Z"), &us));
    CHECK_INT(us, INT64_C(1715934615123456));
}

TEST(dates_of_mail_are_read)
{
    static const struct row rows[] = {
        {"Fri, 17 May 2024 08:30:15 +0800", 1715905815},
        {"Fri, 17 May 2024 08:30:15 GMT", 1715934615},
        {"17 May 24 08:30 EST", 1715952600},
        {"17 MAY 2024", 1715904000},
        {"Friday, 17 May 2024 8:30:15 Z", 1715934615},
        {"1 January 99 00:00:00 UT", 915148800},
        {"Fri, 17 Mai 2024 08:30:15 GMT", -1},
        {"Fri, 32 May 2024 08:30:15 GMT", -1},
        {"May 17 2024", -1},
        {"", -1},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        int64_t us = 0;
        const bool is_date = date_time_of_mail(str_of(rows[i].text), &us);
        CHECK(is_date == (rows[i].seconds != -1));
        CHECK(!is_date || us / 1000000 == rows[i].seconds);
    }
}

TEST_MAIN()
