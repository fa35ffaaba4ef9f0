/* SPDX-License-Identifier: Apache-2.0 */
/* How a statement or a connection ends what it began, from any thread.
 *
 *   canceller ──begin──► stop ◄── streams and walks that look at it
 *
 * A stop is shared by whatever began since the last cancel. Whoever holds one keeps it; the object
 * that began it may be gone.
 */
#ifndef ADBC_CANCEL_H
#define ADBC_CANCEL_H

#include <stdbool.h>

struct stop;
struct canceller;

/* NULL: no memory. */
struct canceller *canceller_make(void);
struct canceller *canceller_retain(struct canceller *canceller);
void canceller_release(struct canceller *canceller); /* NULL is allowed */

/* For one more operation, whose stop_release is due; NULL: no memory. [any thread] */
struct stop *canceller_begin(struct canceller *canceller);
/* False: nothing is under way. [any thread] */
bool canceller_cancel(struct canceller *canceller);

bool stop_is_set(const struct stop *stop);
void stop_release(struct stop *stop); /* NULL is allowed */

#endif
