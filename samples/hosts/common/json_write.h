/* SPDX-License-Identifier: Apache-2.0 */
/* Values of Arrow arrays as JSON: dates as ISO 8601, times as RFC 3339 with Z, lists and structs
 * nested, null as null. Which columns there are comes from the schema; none is known by name.
 */
#ifndef COMMON_JSON_WRITE_H
#define COMMON_JSON_WRITE_H

#include "common/arrow_view.h"

/* One row of a struct as an object of its first `column_count` children, in their order. */
void json_write_row(struct text *to, struct arrow_view rows, int64_t row, int64_t column_count);

/* One value of any type. */
void json_write_value(struct text *to, struct arrow_view view, int64_t row);

/* "2019-11-23"; days since 1970-01-01. */
void json_write_date(struct text *to, int64_t days);

/* "2026-05-27T07:32:00.5Z" without quotes; `unit` as in the Arrow format: s, m, u or n. */
void json_write_time(struct text *to, int64_t value, char unit);

#endif
