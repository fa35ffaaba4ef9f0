/* SPDX-License-Identifier: Apache-2.0 */
/* Points in time as files write them, with the laxness that files need: what is not stated is the
 * first of its kind, and the zone, where none is stated, is UTC. */
#ifndef FORMATS_DATE_TIME_H
#define FORMATS_DATE_TIME_H

#include "base/str.h"

/* W3C date and time formats, a profile of ISO 8601: "2024", "2024-05", "2024-05-17",
 * "2024-05-17T08:30+08:00", "2024-05-17 08:30:15.25Z". Microseconds since 1970-01-01 UTC. False: none
 * of these, or no such day. [any thread] */
bool date_time_of_w3c(str text, int64_t *out_us);

/* As in mail and RSS (RFC 5322 3.3, RFC 822 5): "Fri, 17 May 2024 08:30:15 +0800", "17 May 24 08:30
 * EST". The same result. */
bool date_time_of_mail(str text, int64_t *out_us);

#endif
