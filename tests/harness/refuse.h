/* SPDX-License-Identifier: Apache-2.0 */
/* Allocations that fail on order: the n-th one after refuse_from is refused, and with `all_after`
 * every later one too. Not for tests with threads.
 *
 *   for (long n = 1; refuse_try(n, false); n++) {
 *       ... the work ...
 *   }                        ends after the first round in which nothing was refused
 */
#ifndef HARNESS_REFUSE_H
#define HARNESS_REFUSE_H

#include <stdbool.h>

/* The n-th allocation from now on fails, counting from 1; 0: none does. */
void refuse_from(long n, bool all_after);
/* Allocations asked for since refuse_from. */
long refuse_asked(void);
/* How many of them were refused. */
long refuse_refused(void);
/* Nobody is refused any more. */
void refuse_stop(void);

/* For a loop over n from 1: false once the round before refused nothing. */
bool refuse_try(long n, bool all_after);

#endif
