/* SPDX-License-Identifier: Apache-2.0 */
/* Whose turn it is: when each web host may be asked next.
 *
 *   turns_wait_ms ─► (wait) ─► request … ─► turns_end        delay from the end of one request
 *                                   └► turns_park            the host said: not before then
 *
 * Times are those of clock_ms. The table is bounded: a host whose delay has passed is forgotten
 * when another needs its place, and when no place is free the wait is for the next one.
 */
#ifndef FETCH_TURNS_H
#define FETCH_TURNS_H

#include "base/str.h"

/* A split names at most 256 web hosts; redirects lead to others. */
enum { TURNS_HOSTS_MAX = 4096 };

struct turns;

struct turns *turns_open(int64_t delay_ms); /* NULL: no memory */
void turns_close(struct turns *turns);      /* NULL is allowed */

/* Until this host may be asked; 0: now. */
int64_t turns_wait_ms(const struct turns *turns, str web_host, int64_t now_ms);

/* A request to this host has ended (or could not be made). False: no memory to remember it, so the
 * host must not be asked again. */
bool turns_end(struct turns *turns, str web_host, int64_t now_ms);

/* Not before `until_ms`, if that is later than its turn. False as turns_end. */
bool turns_park(struct turns *turns, str web_host, int64_t until_ms, int64_t now_ms);

#endif
