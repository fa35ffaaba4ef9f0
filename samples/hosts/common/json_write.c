/* SPDX-License-Identifier: Apache-2.0 */
#include "common/json_write.h"

#include <inttypes.h>
#include <math.h>

/* Proleptic Gregorian date of a day number; eras of 400 years begin on the first of March. */
static void civil_date(int64_t days, int64_t *year, int *month, int *day)
{
    const int64_t shifted = days + 719468; /* since 0000-03-01 */
    const int64_t era = (shifted >= 0 ? shifted : shifted - 146096) / 146097;
    const int64_t day_of_era = shifted - era * 146097;
    const int64_t year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    const int64_t day_of_year =
        day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    const int64_t march_month = (5 * day_of_year + 2) / 153;
    *day = (int)(day_of_year - (153 * march_month + 2) / 5 + 1);
    *month = (int)(march_month < 10 ? march_month + 3 : march_month - 9);
    *year = year_of_era + era * 400 + (*month <= 2);
}

void json_write_date(struct text *to, int64_t days)
{
    int64_t year = 0;
    int month = 0;
    int day = 0;
    civil_date(days, &year, &month, &day);
    text_add_format(to, "%04" PRId64 "-%02d-%02d", year, month, day);
}

static int64_t units_per_second(char unit)
{
    return unit == 's' ? 1 : unit == 'm' ? 1000 : unit == 'u' ? 1000000 : 1000000000;
}

void json_write_time(struct text *to, int64_t value, char unit)
{
    const int64_t per_second = units_per_second(unit);
    int64_t fraction = value % per_second;
    int64_t seconds = value / per_second;
    if (fraction < 0) {
        fraction += per_second;
        seconds--;
    }
    int64_t second_of_day = seconds % 86400;
    int64_t days = seconds / 86400;
    if (second_of_day < 0) {
        second_of_day += 86400;
        days--;
    }
    json_write_date(to, days);
    text_add_format(to, "T%02d:%02d:%02d", (int)(second_of_day / 3600),
                    (int)(second_of_day / 60 % 60), (int)(second_of_day % 60));
    if (fraction > 0) {
        int digits = unit == 'm' ? 3 : unit == 'u' ? 6 : 9;
        while (fraction % 10 == 0) {
            fraction /= 10;
            digits--;
        }
        text_add_format(to, ".%0*" PRId64, digits, fraction);
    }
    text_add_byte(to, 'Z');
}

/* JSON knows no infinity and no NaN. 17 digits bring every double back; fewer where they do, too. */
static void write_double(struct text *to, double value)
{
    if (!isfinite(value)) {
        text_add_string(to, "null");
        return;
    }
    const int digits = value == nearbyint(value * 1e6) / 1e6 && fabs(value) < 1e9 ? 15 : 17;
    text_add_format(to, "%.*g", digits, value);
}

static void write_quoted_time(struct text *to, struct arrow_view view, int64_t row)
{
    text_add_byte(to, '"');
    if (arrow_type_of(view.schema->format) == ARROW_DATE) {
        json_write_date(to, arrow_integer(view, row));
    } else {
        json_write_time(to, arrow_integer(view, row), view.schema->format[2]);
    }
    text_add_byte(to, '"');
}

static void write_list(struct text *to, struct arrow_view view, int64_t row)
{
    int64_t first = 0;
    int64_t count = 0;
    arrow_list(view, row, &first, &count);
    const struct arrow_view elements = arrow_child(view, 0);
    text_add_byte(to, '[');
    for (int64_t i = 0; i < count; i++) {
        if (i > 0) {
            text_add_byte(to, ',');
        }
        json_write_value(to, elements, first + i);
    }
    text_add_byte(to, ']');
}

void json_write_row(struct text *to, struct arrow_view rows, int64_t row, int64_t column_count)
{
    const int64_t child_row = arrow_struct_row(rows, row);
    text_add_byte(to, '{');
    for (int64_t i = 0; i < column_count; i++) {
        if (i > 0) {
            text_add_byte(to, ',');
        }
        const struct arrow_view column = arrow_child(rows, i);
        text_add_json_string(to, span_of(column.schema->name));
        text_add_byte(to, ':');
        json_write_value(to, column, child_row);
    }
    text_add_byte(to, '}');
}

/* Recurses as deep as the schema, which arrow_check bounds; never as deep as the input. */
void json_write_value(struct text *to, struct arrow_view view, int64_t row)
{
    if (arrow_is_null(view, row)) {
        text_add_string(to, "null");
        return;
    }
    switch (arrow_type_of(view.schema->format)) {
    case ARROW_TEXT:
        text_add_json_string(to, arrow_text(view, row));
        break;
    case ARROW_INT64:
        text_add_integer(to, arrow_integer(view, row));
        break;
    case ARROW_DOUBLE:
        write_double(to, arrow_double(view, row));
        break;
    case ARROW_BOOL:
        text_add_string(to, arrow_integer(view, row) ? "true" : "false");
        break;
    case ARROW_TIME:
    case ARROW_DATE:
        write_quoted_time(to, view, row);
        break;
    case ARROW_LIST:
        write_list(to, view, row);
        break;
    case ARROW_STRUCT:
        json_write_row(to, view, row, view.schema->n_children);
        break;
    case ARROW_UNKNOWN:
        text_add_string(to, "null");
        break;
    }
}
