/* SPDX-License-Identifier: Apache-2.0 */
/* The line to the outside: libcurl, driven one request at a time by a loop that never blocks longer
 * than TRANSPORT_SLICE_MS, so that the host is asked whether it still wants the document.
 *
 *   transport_ask ─► transport_listen … ─► answer      each call listens until its deadline
 *
 * Knows nothing of redirects, retries and turns: fetch.c.
 */
#ifndef FETCH_TRANSPORT_H
#define FETCH_TRANSPORT_H

#include "fetch/exchange.h"
#include "fetch/fetch.h"

enum { TRANSPORT_SLICE_MS = 50 };

struct transport;

/* All but `authorization` are lent until transport_close. NULL: the fault tells. */
struct transport *transport_open(const struct settings *settings, str authorization,
                                 const struct address_policy *policy,
                                 const struct fetch_watch *watch, struct fault *fault);

/* Is there anything in it that can be sent? */
bool transport_can_compare(const struct fetch_known *known);

/* Makes a request ready to go. `authorised`: with the Authorization header. `known`: only if it has
 * changed since; NULL: as it is. `url` and `arena` are lent until its answer is there or it is
 * abandoned. OK, NO_MEMORY. */
enum status transport_ask(struct transport *transport, const struct url *url, bool authorised,
                          const struct fetch_known *known, struct arena *arena) MUST_CHECK;

/* OK with *done false: the deadline came first, listen again. Else the request is over; statuses and
 * `out` as of exchange_conclude. Time between two calls counts for no time limit. */
enum status transport_listen(struct transport *transport, int64_t deadline_ms, bool *done,
                             struct answer *out) MUST_CHECK;

/* Drops the request under way, if there is one. */
void transport_abandon(struct transport *transport);

/* Lets the time pass until `until_ms`. OK with *done false: the deadline came first. CANCELLED. */
enum status transport_wait(struct transport *transport, str web_host, int64_t until_ms,
                           int64_t deadline_ms, bool *done) MUST_CHECK;

void transport_wake(struct transport *transport); /* [any thread] */

/* NULL is allowed. Does not wait for a name that is being looked up. */
void transport_close(struct transport *transport);

#endif
