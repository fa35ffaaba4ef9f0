/* SPDX-License-Identifier: Apache-2.0 */
/* When expressions fire, in which zone, and that wrong ones are named. */
#include "cli/cron.h"

#include "cli/civil.h"

#include "harness/test.h"

static struct zone zone_of(const char *name)
{
    struct zone zone = {0};
    struct text error = {0};
    if (!CHECK(zone_open(&zone, name, &error))) {
        (void)fprintf(stderr, "%s\n", text_string(&error));
    }
    text_release(&error);
    return zone;
}

static int64_t time_of(const char *written)
{
    int64_t utc = 0;
    CHECK(civil_read_time(span_of(written), &utc));
    return utc;
}

/* The fires after `from`, as they are written, up to `count`, a space between two. */
static void check_fires(const char *expression, const char *zone_name, const char *from, int count,
                        const char *expected)
{
    struct cron cron;
    struct text text = {0};
    struct zone zone = zone_of(zone_name);
    CHECK(cron_read(&cron, span_of(expression), SPAN("job"), &text));
    int64_t at = time_of(from);
    for (int i = 0; i < count && text.len < 1000; i++) {
        at = cron_next(&cron, &zone, at);
        text_add_string(&text, i > 0 ? " " : "");
        zone_write_time(&text, &zone, at);
    }
    CHECK_STR(str_of(text_string(&text)), str_of(expected));
    text_release(&text);
    zone_release(&zone);
}

static void check_refused(const char *expression, const char *part)
{
    struct cron cron;
    struct text error = {0};
    CHECK(!cron_read(&cron, span_of(expression), SPAN("job"), &error));
    if (!CHECK(strstr(text_string(&error), part))) {
        (void)fprintf(stderr, "%s: got %s\n", expression, text_string(&error));
    }
    text_release(&error);
}

TEST(five_fields_say_minutes_and_six_say_seconds)
{
    check_fires("30 2 * * *", "UTC", "2026-11-24T02:29:59Z", 2,
                "2026-11-24T02:30:00+00:00 2026-11-25T02:30:00+00:00");
    check_fires("10,50 30 2 * * *", "UTC", "2026-11-24T02:30:10Z", 2,
                "2026-11-24T02:30:50+00:00 2026-11-25T02:30:10+00:00");
    check_fires("*/25 1/12 * * *", "UTC", "2026-11-24T00:59:59Z", 4,
                "2026-11-24T01:00:00+00:00 2026-11-24T01:25:00+00:00 "
                "2026-11-24T01:50:00+00:00 2026-11-24T13:00:00+00:00");
    check_fires("  0\t0 1 JAN-mar,Jul *  ", "UTC", "2026-03-01T00:00:00Z", 2,
                "2026-07-01T00:00:00+00:00 2027-01-01T00:00:00+00:00");
}

TEST(names_stand_for_expressions)
{
    check_fires("@hourly", "UTC", "2026-11-24T02:30:00Z", 1, "2026-11-24T03:00:00+00:00");
    check_fires("@daily", "UTC", "2026-11-24T02:30:00Z", 1, "2026-11-25T00:00:00+00:00");
    check_fires("@weekly", "UTC", "2026-11-24T02:30:00Z", 1, "2026-11-29T00:00:00+00:00");
    check_fires("@monthly", "UTC", "2026-11-24T02:30:00Z", 1, "2026-12-01T00:00:00+00:00");
    check_fires("@yearly", "UTC", "2026-11-24T02:30:00Z", 1, "2027-01-01T00:00:00+00:00");
}

TEST(of_two_day_fields_either_holds_unless_one_begins_with_a_star)
{
    check_fires("0 0 13 * fri", "UTC", "2026-11-01", 3,
                "2026-11-06T00:00:00+00:00 2026-11-13T00:00:00+00:00 "
                "2026-11-20T00:00:00+00:00");
    check_fires("0 0 */2 * fri", "UTC", "2026-11-01", 2,
                "2026-11-13T00:00:00+00:00 2026-11-27T00:00:00+00:00");
    check_fires("0 0 * * sat-mon", "UTC", "2026-11-24", 4,
                "2026-11-28T00:00:00+00:00 2026-11-29T00:00:00+00:00 "
                "2026-11-30T00:00:00+00:00 2026-12-05T00:00:00+00:00");
    check_fires("0 0 * * 5-7", "UTC", "2026-11-28", 2,
                "2026-11-29T00:00:00+00:00 2026-12-04T00:00:00+00:00");
}

TEST(last_days_and_numbered_weekdays_are_found)
{
    check_fires("0 0 L * *", "UTC", "2028-02-01", 2,
                "2028-02-29T00:00:00+00:00 2028-03-31T00:00:00+00:00");
    check_fires("0 0 * * friL", "UTC", "2026-11-01", 2,
                "2026-11-27T00:00:00+00:00 2026-12-25T00:00:00+00:00");
    check_fires("0 0 * * mon#2,wed#5", "UTC", "2026-11-01", 3,
                "2026-11-09T00:00:00+00:00 2026-12-14T00:00:00+00:00 "
                "2026-12-30T00:00:00+00:00");
}

TEST(a_leap_day_on_a_named_weekday_is_found_over_a_century_without_one)
{
    check_fires("0 0 29 2 *", "UTC", "2096-03-01", 1, "2104-02-29T00:00:00+00:00");
    check_fires("0 0 29 2 */7", "UTC", "2088-03-01", 1, "2128-02-29T00:00:00+00:00");
}

TEST(a_time_that_is_leapt_over_fires_once_right_after_the_leap)
{
    check_fires("30 2 * * *", "Europe/Berlin", "2026-03-28T00:00:00Z", 3,
                "2026-03-28T02:30:00+01:00 2026-03-29T03:00:00+02:00 2026-03-30T02:30:00+02:00");
    check_fires("*/30 * * * *", "Europe/Berlin", "2026-03-29T00:00:00Z", 3,
                "2026-03-29T01:30:00+01:00 2026-03-29T03:00:00+02:00 2026-03-29T03:30:00+02:00");
    check_fires("15,45 2 * * *", "Europe/Berlin", "2026-03-28T12:00:00Z", 2,
                "2026-03-29T03:00:00+02:00 2026-03-30T02:15:00+02:00");
    /* Half an hour only. */
    check_fires("15 2 * * *", "Australia/Lord_Howe", "2026-10-03T00:00:00Z", 2,
                "2026-10-04T02:30:00+11:00 2026-10-05T02:15:00+11:00");
    /* A whole day is missing. */
    check_fires("0 12 * * *", "Pacific/Apia", "2011-12-29T00:00:00Z", 3,
                "2011-12-29T12:00:00-10:00 2011-12-31T00:00:00+14:00 "
                "2011-12-31T12:00:00+14:00");
}

TEST(a_time_that_comes_twice_fires_the_first_time)
{
    check_fires("30 2 * * *", "Europe/Berlin", "2026-10-24T12:00:00Z", 2,
                "2026-10-25T02:30:00+02:00 2026-10-26T02:30:00+01:00");
    check_fires("30 2 * * *", "Europe/Berlin", "2026-10-25T00:45:00Z", 1,
                "2026-10-26T02:30:00+01:00");
    check_fires("*/30 * * * *", "America/New_York", "2026-11-01T05:00:00Z", 2,
                "2026-11-01T01:30:00-04:00 2026-11-01T02:00:00-05:00");
}

TEST(behind_the_last_transition_the_footer_goes_on)
{
    check_fires("0 0 * jan,jul *", "Europe/Berlin", "2999-06-30T22:30:00Z", 1,
                "2999-07-02T00:00:00+02:00");
    check_fires("0 0 1 jan,jul *", "America/Sao_Paulo", "2199-06-30T12:00:00Z", 2,
                "2199-07-01T00:00:00-03:00 2200-01-01T00:00:00-03:00");
    check_fires("0 0 1 * *", "Asia/Kolkata", "2050-01-15", 1, "2050-02-01T00:00:00+05:30");
}

TEST(before_the_first_transition_the_sun_says_the_time)
{
    check_fires("0 12 * * *", "Europe/Paris", "1850-01-01", 1, "1850-01-01T12:00:00+00:09:21");
}

TEST(a_hash_is_of_the_job_and_always_the_same)
{
    struct cron first;
    struct cron again;
    struct text error = {0};
    int differ = 0;
    for (int i = 0; i < 100; i++) {
        struct text name = {0};
        text_add_format(&name, "job-%d", i);
        CHECK(cron_read(&first, SPAN("H H(1-4) H * *"), text_span(&name), &error));
        CHECK(cron_read(&again, SPAN("H H(1-4) H * *"), text_span(&name), &error));
        CHECK_INT(first.minutes, again.minutes);
        CHECK_INT(__builtin_popcountll(first.minutes), 1);
        CHECK(first.hours && (first.hours & ~0x1EU) == 0);
        CHECK(first.days && (first.days & ~0x1FFFFFFEU) == 0);
        differ += first.minutes != UINT64_C(1) << 7;
        text_release(&name);
    }
    CHECK(differ > 90);
    CHECK(cron_read(&first, SPAN("H/15 * * * *"), SPAN("a"), &error));
    CHECK_INT(__builtin_popcountll(first.minutes), 4);
    text_release(&error);
}

TEST(what_is_wrong_is_named_with_its_field)
{
    check_refused("", "has not 5 fields");
    check_refused("* * * *", "has not 5 fields");
    check_refused("* * * * * * *", "has not 5 fields");
    check_refused("@reboot", "has not 5 fields");
    check_refused("60 * * * *", "minute \"60\": a number is out of range");
    check_refused("* 24 * * *", "hour \"24\"");
    check_refused("* * 0 * *", "day of month \"0\"");
    check_refused("* * * 13 *", "month \"13\"");
    check_refused("* * * foo *", "a number or a name is missing");
    check_refused("* * * * 8", "day of week \"8\"");
    check_refused("5-1 * * * *", "runs backwards");
    check_refused("*/0 * * * *", "a step must be a number from 1");
    check_refused("*/ * * * *", "a step must be a number from 1");
    check_refused("1,,2 * * * *", "missing");
    check_refused("1x * * * *", "something follows");
    check_refused("99999999999999999999 * * * *", "too long");
    check_refused("* * * * mon#6", "from 1 to 5");
    check_refused("H(5 * * * *", "H takes a range");
    check_refused("H(9-5) * * * *", "backwards");
}

TEST(an_expression_that_never_fires_is_an_error)
{
    check_refused("0 0 30 2 *", "never fires");
    check_refused("0 0 31 apr,jun,sep,nov *", "never fires");
}

TEST(the_last_fire_of_a_span_of_time_is_found)
{
    struct cron cron;
    struct text error = {0};
    int64_t found = 0;
    CHECK(cron_read(&cron, SPAN("* * * 1 * *"), SPAN(""), &error));
    const int64_t from = time_of("2026-01-01");
    CHECK(cron_last(&cron, NULL, from, time_of("2026-11-24T02:30:00Z"), &found));
    CHECK_INT(found, time_of("2026-11-01T23:59:59Z"));
    CHECK(cron_last(&cron, NULL, from, from, &found));
    CHECK_INT(found, from);
    CHECK(!cron_last(&cron, NULL, from + 86400, from + 86400 * 20, &found));
    text_release(&error);
}

TEST(a_zone_that_is_none_is_named)
{
    static const char *const names[] = {"",        "/etc/passwd", "../../../etc/passwd",
                                        "Europe/", "a//b",        "Mars/Base",
                                        "Europe",  "a.b",         "zone.tab"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        struct zone zone;
        struct text error = {0};
        CHECK(!zone_open(&zone, names[i], &error));
        CHECK(error.len > 0);
        text_release(&error);
    }
}

/* RFC 8536 3.1, with neither leap seconds nor indicators. */
static void add_header(struct text *to, char times, char types, char letters)
{
    char header[44] = "TZif2";
    header[35] = times;
    header[39] = types;
    header[43] = letters;
    text_add(to, (span){header, sizeof header});
}

TEST(a_zone_file_cut_anywhere_is_refused)
{
    struct text content = {0};
    add_header(&content, 0, 1, 1);
    text_add(&content, SPAN("\0\0\0\0\0\0\0"));
    add_header(&content, 2, 2, 4);
    text_add(&content, SPAN("\0\0\0\0\0\0\0\144\0\0\0\0\0\0\3\350\1\0"
                            "\0\0\16\20\0\0\0\0\34\40\1\0XYZ\0\nXYZ-1\n"));
    struct zone zone;
    struct text error = {0};
    for (size_t len = 0; len < content.len; len++) {
        char *copy = malloc(len + 1); /* so that a sanitizer sees a byte too many */
        if (copy) {
            memcpy(copy, content.ptr, len);
            CHECK(!zone_read(&zone, (span){copy, len}, &error));
        }
        free(copy);
    }
    text_clear(&error);
    if (!CHECK(zone_read(&zone, text_span(&content), &error))) {
        (void)fprintf(stderr, "%s\n", text_string(&error));
    }
    int64_t end = 0;
    CHECK_INT(zone_offset(&zone, 99, &end), 3600);
    CHECK_INT(end, 100);
    CHECK_INT(zone_offset(&zone, 100, &end), 7200);
    CHECK_INT(zone_offset(&zone, 1000, &end), 3600);
    CHECK_INT(end, INT64_MAX);
    zone_release(&zone);
    text_release(&error);
    text_release(&content);
}

TEST(days_and_their_numbers_agree_over_eight_centuries)
{
    int64_t number = civil_number(1600, 1, 1);
    for (int64_t year = 1600; year < 2400; year++) {
        for (int month = 1; month <= 12; month++) {
            const int length = civil_month_days(year, month);
            const struct civil_day last = civil_day(number + length - 1);
            CHECK(last.year == year && last.month == month && last.day == length);
            CHECK_INT(civil_number(year, month, 1), number);
            number += length;
        }
    }
    CHECK_INT(civil_weekday(0), 4);
    CHECK_INT(civil_weekday(-4), 0);
    CHECK_INT(civil_weekday(-5), 6);
}

TEST_MAIN()
