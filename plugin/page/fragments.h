/* SPDX-License-Identifier: Apache-2.0 */
/* A preview that the server cut blind into numbered fragments, put together again.
 *
 *   1、……不给好处不办事,给        every fragment but the last has the same length: only a machine
 *   2、了好处乱办事……              cuts so. Proven, the numbers go and the text runs on.
 *
 * The length is taken from the page. A list whose items differ in length is a list and is left as
 * it is. */
#ifndef PAGE_FRAGMENTS_H
#define PAGE_FRAGMENTS_H

#include "page/lines.h"

struct fragments {
    int64_t count;   /* 0: none proven */
    int64_t length;  /* code points of each but the last */
    int64_t sum;     /* of all */
    bool suspicious; /* numbers that stand like marks, cut like marks, and were not proven */
};

/* Looks at the body lines among [from, to); proven fragments get their cuts and joins. OK or
 * NO_MEMORY. */
enum status fragments_join(struct lines *lines, size_t from, size_t to,
                           struct fragments *out) MUST_CHECK;

#endif
