/* SPDX-License-Identifier: Apache-2.0 */
/* Dates in HTTP headers (RFC 9110 5.6.7), in all three forms that a server may still send. */
#ifndef BASE_HTTP_DATE_H
#define BASE_HTTP_DATE_H

#include "base/str.h"

/* "Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994" as
 * seconds since 1970-01-01 UTC. `now_s` resolves years of two digits: more than 50 years ahead of it
 * is the past. False: none of the forms, or no such day. The name of the day is not compared with
 * the date. [any thread] */
bool http_date_parse(bytes text, int64_t now_s, int64_t *out_s);

/* Days since 1970-01-01 of a day of the proleptic Gregorian calendar; month 1 to 12. */
int64_t http_date_days(int64_t year, int64_t month, int64_t day);

#endif
