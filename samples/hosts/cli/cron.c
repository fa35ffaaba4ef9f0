/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/cron.h"

#include "cli/civil.h"

#include <string.h>

enum { FIELD_COUNT = 6, HASH_DAY_MAX = 28, WEEK_DAYS = 7 };

enum field_kind { FIELD_SECOND, FIELD_MINUTE, FIELD_HOUR, FIELD_DAY, FIELD_MONTH, FIELD_WEEKDAY };

struct field {
    const char *name;
    int min;
    int max;
    const char *names; /* three letters each */
    int names_min;
};

static const struct field fields[FIELD_COUNT] = {
    [FIELD_SECOND] = {"second", 0, 59, "", 0},
    [FIELD_MINUTE] = {"minute", 0, 59, "", 0},
    [FIELD_HOUR] = {"hour", 0, 23, "", 0},
    [FIELD_DAY] = {"day of month", 1, 31, "", 0},
    [FIELD_MONTH] = {"month", 1, 12, "janfebmaraprmayjunjulaugsepoctnovdec", 1},
    [FIELD_WEEKDAY] = {"day of week", 0, 7, "sunmontuewedthufrisat", 0}};

/* One element of a field's list while it is read. */
struct reading {
    struct cron *cron;
    enum field_kind kind;
    const struct field *field;
    span job;
    span whole; /* the field, for messages */
    span rest;
    uint64_t bits;
    struct text *error;
};

uint64_t cron_hash(span job, span purpose, uint64_t range)
{
    uint64_t hash = UINT64_C(0xcbf29ce484222325);
    for (size_t i = 0; i < job.len + 1 + purpose.len; i++) {
        const char c = i < job.len    ? job.ptr[i]
                       : i == job.len ? '\0'
                                      : purpose.ptr[i - job.len - 1];
        hash = (hash ^ (unsigned char)c) * UINT64_C(0x100000001b3);
    }
    /* FNV's low bits know little of the last letters. */
    hash ^= hash >> 32;
    hash *= UINT64_C(0xd6e8feb86659fd93);
    hash ^= hash >> 32;
    return range > 0 ? hash % range : 0;
}

static bool fail(const struct reading *reading, const char *why)
{
    text_add_format(reading->error, "%s \"%.*s\": %s", reading->field->name,
                    (int)reading->whole.len, reading->whole.ptr, why);
    return false;
}

static bool take(struct reading *reading, char byte)
{
    const bool is_there = reading->rest.len > 0 && reading->rest.ptr[0] == byte;
    if (is_there) {
        reading->rest = (span){reading->rest.ptr + 1, reading->rest.len - 1};
    }
    return is_there;
}

static bool take_letter(struct reading *reading, char letter)
{
    return take(reading, letter) || take(reading, (char)(letter + ('a' - 'A')));
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Up to three digits; the value is judged by who asked. */
static bool read_digits(struct reading *reading, int *out)
{
    int value = 0;
    size_t i = 0;
    for (; i < reading->rest.len && is_digit(reading->rest.ptr[i]); i++) {
        if (i == 3) {
            return fail(reading, "a number is too long");
        }
        value = value * 10 + (reading->rest.ptr[i] - '0');
    }
    reading->rest = (span){reading->rest.ptr + i, reading->rest.len - i};
    *out = value;
    return i > 0;
}

static bool read_word(struct reading *reading, int *out)
{
    const struct field *field = reading->field;
    for (size_t i = 0; reading->rest.len >= 3 && field->names[i]; i += 3) {
        size_t same = 0;
        while (same < 3 && (reading->rest.ptr[same] | 0x20) == field->names[i + same]) {
            same++;
        }
        if (same == 3) {
            *out = field->names_min + (int)(i / 3);
            reading->rest = (span){reading->rest.ptr + 3, reading->rest.len - 3};
            return true;
        }
    }
    return false;
}

static bool read_value(struct reading *reading, int *out)
{
    if (read_word(reading, out)) {
        return true;
    }
    if (!read_digits(reading, out)) {
        return reading->error->len > 0 ? false : fail(reading, "a number or a name is missing");
    }
    return (*out >= reading->field->min && *out <= reading->field->max) ||
           fail(reading, "a number is out of range");
}

/* --- one element --- */

/* Days of the week go round: fri-mon, and 7 is 0. */
static void add_range(struct reading *reading, int first, int last, int step)
{
    const bool is_week = reading->kind == FIELD_WEEKDAY;
    for (int value = first; value <= last; value += step) {
        reading->bits |= UINT64_C(1) << (is_week ? value % WEEK_DAYS : value);
    }
}

static bool read_step(struct reading *reading, int *step, bool *is_there)
{
    *is_there = take(reading, '/');
    if (!*is_there) {
        *step = 1;
        return true;
    }
    return (read_digits(reading, step) && *step > 0) ||
           (reading->error->len == 0 && fail(reading, "a step must be a number from 1"));
}

/* H, H(A-B), each with /STEP */
static bool read_hash(struct reading *reading)
{
    int first = reading->field->min;
    int last = reading->kind == FIELD_DAY       ? HASH_DAY_MAX
               : reading->kind == FIELD_WEEKDAY ? WEEK_DAYS - 1
                                                : reading->field->max;
    if (take(reading, '(')) {
        if (!read_value(reading, &first) ||
            (!take(reading, '-') && !fail(reading, "H takes a range: H(1-5)")) ||
            !read_value(reading, &last) ||
            (!take(reading, ')') && !fail(reading, "the bracket behind H does not close"))) {
            return false;
        }
        if (first > last) {
            return fail(reading, "the range of H runs backwards");
        }
    }
    int step = 1;
    bool has_step = false;
    if (!read_step(reading, &step, &has_step)) {
        return false;
    }
    const int size = last - first + 1;
    const int choice = has_step && step < size ? step : size;
    first += (int)cron_hash(reading->job, span_of(reading->field->name), (uint64_t)choice);
    add_range(reading, first, has_step ? last : first, step);
    return true;
}

/* What may follow a day of the week: L, the month's last; #n, its n-th. */
static bool read_weekday_suffix(struct reading *reading, int weekday, bool *is_there)
{
    *is_there = true;
    if (take_letter(reading, 'L')) {
        reading->cron->weekdays_last |= 1U << weekday % WEEK_DAYS;
        return true;
    }
    if (take(reading, '#')) {
        int nth = 0;
        if (!read_digits(reading, &nth) || nth < 1 || nth > 5) {
            return reading->error->len == 0 &&
                   fail(reading, "behind # stands a number from 1 to 5");
        }
        if (nth == 5) {
            reading->cron->weekdays_fifth |= 1U << weekday % WEEK_DAYS;
        } else {
            reading->cron->weekdays_nth |= 1U << (weekday % WEEK_DAYS + WEEK_DAYS * (nth - 1));
        }
        return true;
    }
    *is_there = false;
    return true;
}

static bool read_range(struct reading *reading)
{
    int first = reading->field->min;
    int last = reading->kind == FIELD_WEEKDAY ? WEEK_DAYS - 1 : reading->field->max;
    bool is_single = false;
    if (!take(reading, '*')) {
        bool has_suffix = false;
        if (!read_value(reading, &first) ||
            (reading->kind == FIELD_WEEKDAY && !read_weekday_suffix(reading, first, &has_suffix))) {
            return false;
        }
        if (has_suffix) {
            return true;
        }
        is_single = !take(reading, '-');
        if (!is_single && !read_value(reading, &last)) {
            return false;
        }
    }
    int step = 1;
    bool has_step = false;
    if (!read_step(reading, &step, &has_step)) {
        return false;
    }
    if (is_single && !has_step) {
        last = first;
    }
    if (last < first && reading->kind == FIELD_WEEKDAY) {
        last += WEEK_DAYS;
    }
    if (last < first) {
        return fail(reading, "a range runs backwards");
    }
    add_range(reading, first, last, step);
    return true;
}

static bool read_element(struct reading *reading)
{
    if (reading->kind == FIELD_DAY && take_letter(reading, 'L')) {
        reading->cron->day_last = true;
        return true;
    }
    return take_letter(reading, 'H') ? read_hash(reading) : read_range(reading);
}

/* --- the expression --- */

static bool read_field(struct reading *reading)
{
    do {
        if (!read_element(reading)) {
            return false;
        }
    } while (take(reading, ','));
    return reading->rest.len == 0 ||
           fail(reading, "something follows that is no list, range or step");
}

static void keep_field(struct cron *cron, const struct reading *reading)
{
    const bool starts = reading->whole.ptr[0] == '*';
    switch (reading->kind) {
    case FIELD_SECOND:
        cron->seconds = reading->bits;
        break;
    case FIELD_MINUTE:
        cron->minutes = reading->bits;
        break;
    case FIELD_HOUR:
        cron->hours = (uint32_t)reading->bits;
        break;
    case FIELD_DAY:
        cron->days = (uint32_t)reading->bits;
        cron->days_start = starts;
        break;
    case FIELD_MONTH:
        cron->months = (uint32_t)reading->bits;
        break;
    case FIELD_WEEKDAY:
        cron->weekdays = (uint32_t)reading->bits;
        cron->weekdays_start = starts;
        break;
    }
}

static bool is_space(char c)
{
    return c == ' ' || c == '\t';
}

/* False: more than FIELD_COUNT. */
static bool split_fields(span expression, span *out, size_t *count)
{
    size_t at = 0;
    *count = 0;
    while (true) {
        while (at < expression.len && is_space(expression.ptr[at])) {
            at++;
        }
        if (at == expression.len) {
            return true;
        }
        const size_t start = at;
        while (at < expression.len && !is_space(expression.ptr[at])) {
            at++;
        }
        if (*count == FIELD_COUNT) {
            return false;
        }
        out[(*count)++] = (span){expression.ptr + start, at - start};
    }
}

static span without_name(span expression)
{
    static const struct {
        const char *name;
        const char *means;
    } known[] = {{"@hourly", "0 * * * *"},  {"@daily", "0 0 * * *"},   {"@midnight", "0 0 * * *"},
                 {"@weekly", "0 0 * * 0"},  {"@monthly", "0 0 1 * *"}, {"@yearly", "0 0 1 1 *"},
                 {"@annually", "0 0 1 1 *"}};
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        if (span_equal(expression, span_of(known[i].name))) {
            return span_of(known[i].means);
        }
    }
    return expression;
}

static bool day_matches(const struct cron *cron, struct civil_day day, int weekday)
{
    const int length = civil_month_days(day.year, day.month);
    const int nth = (day.day - 1) / WEEK_DAYS;
    const bool by_day = (cron->days >> day.day & 1) || (cron->day_last && day.day == length);
    const bool is_nth = nth < 4 ? cron->weekdays_nth >> (weekday + WEEK_DAYS * nth) & 1
                                : cron->weekdays_fifth >> weekday & 1;
    const bool by_weekday = (cron->weekdays >> weekday & 1) || is_nth ||
                            ((cron->weekdays_last >> weekday & 1) && day.day + WEEK_DAYS > length);
    return cron->days_start || cron->weekdays_start ? by_day && by_weekday : by_day || by_weekday;
}

/* The first day from `number` on that matches, at most a cycle away; false: there is none. */
static bool find_day(const struct cron *cron, int64_t number, int64_t *out)
{
    const int64_t end = number + CIVIL_CYCLE_DAYS;
    while (number <= end) {
        const struct civil_day day = civil_day(number);
        if (!(cron->months >> day.month & 1)) {
            number += civil_month_days(day.year, day.month) - day.day + 1;
        } else if (day_matches(cron, day, civil_weekday(number))) {
            *out = number;
            return true;
        } else {
            number++;
        }
    }
    return false;
}

bool cron_read(struct cron *cron, span expression, span job, struct text *error)
{
    *cron = (struct cron){.seconds = 1};
    span written[FIELD_COUNT];
    size_t count = 0;
    if (expression.len > CRON_LEN_MAX) {
        text_add_string(error, "the expression is too long");
        return false;
    }
    if (!split_fields(without_name(expression), written, &count) || count < FIELD_COUNT - 1) {
        text_add_format(
            error,
            "\"%.*s\" has not 5 fields (minute hour day month weekday), nor 6 with the "
            "second before them, nor is it @hourly, @daily, @weekly, @monthly or @yearly",
            (int)expression.len, expression.ptr);
        return false;
    }
    const size_t first = FIELD_COUNT - count;
    for (size_t i = first; i < FIELD_COUNT; i++) {
        struct reading reading = {.cron = cron,
                                  .kind = (enum field_kind)i,
                                  .field = &fields[i],
                                  .job = job,
                                  .whole = written[i - first],
                                  .rest = written[i - first],
                                  .error = error};
        if (!read_field(&reading)) {
            return false;
        }
        keep_field(cron, &reading);
    }
    int64_t day = 0;
    if (!find_day(cron, 0, &day)) {
        text_add_format(error, "\"%.*s\" never fires: no year has such a day", (int)expression.len,
                        expression.ptr);
        return false;
    }
    return true;
}

/* --- times --- */

/* The lowest bit from `from` on; -1: there is none. */
static int next_bit(uint64_t bits, int from)
{
    const uint64_t rest = from < 64 ? bits >> from << from : 0;
    return rest ? __builtin_ctzll(rest) : -1;
}

/* The first time of day from `second` on; -1: none is left. */
static int64_t find_time(const struct cron *cron, int64_t second)
{
    const int hour_from = (int)(second / 3600);
    const int minute_from = (int)(second / 60 % 60);
    for (int hour = next_bit(cron->hours, hour_from); hour >= 0;
         hour = next_bit(cron->hours, hour + 1)) {
        const bool same_hour = hour == hour_from;
        for (int minute = next_bit(cron->minutes, same_hour ? minute_from : 0); minute >= 0;
             minute = next_bit(cron->minutes, minute + 1)) {
            const bool same_minute = same_hour && minute == minute_from;
            const int found = next_bit(cron->seconds, same_minute ? (int)(second % 60) : 0);
            if (found >= 0) {
                return hour * 3600 + minute * 60 + found;
            }
        }
    }
    return -1;
}

/* The first local time from `local` on, as if nobody ever set a clock. */
static int64_t next_local(const struct cron *cron, int64_t local)
{
    int64_t day = civil_floor(local, CIVIL_DAY_SECONDS);
    int64_t second = local - day * CIVIL_DAY_SECONDS;
    int64_t found = day;
    while (find_day(cron, day, &found)) {
        const int64_t time = find_time(cron, found == day ? second : 0);
        if (time >= 0) {
            return found * CIVIL_DAY_SECONDS + time;
        }
        day = found + 1;
        second = 0;
    }
    return INT64_MAX; /* cron_read lets nothing through that comes here */
}

int64_t cron_next(const struct cron *cron, const struct zone *zone, int64_t after)
{
    return zone_instant(zone, next_local(cron, zone_local_latest(zone, after) + 1));
}

/* cron_next grows with its argument, so the boundary is found by halving. */
bool cron_last(const struct cron *cron, const struct zone *zone, int64_t from, int64_t until,
               int64_t *out)
{
    int64_t low = from - 1; /* a fire follows within `until` … */
    int64_t high = until;   /* … and here none does */
    if (until < from || cron_next(cron, zone, low) > until) {
        return false;
    }
    while (low + 1 < high) {
        const int64_t middle = low + (high - low) / 2;
        if (cron_next(cron, zone, middle) <= until) {
            low = middle;
        } else {
            high = middle;
        }
    }
    *out = high;
    return true;
}
