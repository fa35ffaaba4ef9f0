/* SPDX-License-Identifier: Apache-2.0 */
/* The rule at the end of a TZif file, a TZ string of POSIX with the longer times of RFC 8536 3.3.1:
 * CET-1CEST,M3.5.0,M10.5.0/3
 */
#ifndef CLI_ZONE_FOOTER_H
#define CLI_ZONE_FOOTER_H

#include "cli/zone.h"

/* Fills change, change_count and offset_last; false: it is none. */
bool zone_footer_read(struct zone *zone, span footer);

/* The second of `year` in which the change happens. */
int64_t zone_footer_instant(const struct zone_change *change, int64_t year);

#endif
