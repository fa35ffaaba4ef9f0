/* SPDX-License-Identifier: Apache-2.0 */
/* Days as people write them, in one place: "2019-11-23", "2019年11月23日", "二〇一九年…", "民國108年…",
 * "23. November 2019", "Nov 23, 2019", "23.11.2019", "20191123T1010Z". A day that does not exist, or
 * lies outside of 1900 to 2199, is none; neither is a month without a day, nor "3 hours ago".
 *
 * "11/12/2019" is read as its language has it; without one it is no date. The names of months are
 * date_month.def. */
#ifndef PAGE_DATE_H
#define PAGE_DATE_H

#include "base/str.h"

enum date_order { DATE_ORDER_UNKNOWN, DATE_ORDER_MONTH_FIRST, DATE_ORDER_DAY_FIRST };

struct date {
    int64_t days; /* since 1970-01-01 */
    size_t from;  /* where it stands in the text */
    size_t to;
};

/* What a language (BCP 47) does with two numbers that may both be months; empty: UNKNOWN. */
enum date_order date_order_of(str language);

/* The first date at or after `from`; *out is only written when there is one. Linear. */
bool date_find(str text, size_t from, enum date_order order, struct date *out);

/* A value that is a date, with or without a weekday before it and a time behind it. */
bool date_read(str text, enum date_order order, int64_t *days);

/* Is the text the name of a month, in any of the languages? */
bool date_is_month(str word);

#endif
