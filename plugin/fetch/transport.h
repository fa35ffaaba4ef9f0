/* SPDX-License-Identifier: Apache-2.0 */
/* The line to the outside: libcurl, driven one request at a time by a loop that never blocks longer
 * than TRANSPORT_SLICE_MS, so that the host is asked whether it still wants the document.
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

/* One request, one answer. `authorised`: with the Authorization header. Statuses and `out` as of
 * exchange_conclude. */
enum status transport_ask(struct transport *transport, const struct url *url, bool authorised,
                          struct arena *arena, struct answer *out) MUST_CHECK;

/* Lets the time pass. OK or CANCELLED. */
enum status transport_wait(struct transport *transport, str web_host, int64_t wait_ms) MUST_CHECK;

void transport_wake(struct transport *transport); /* [any thread] */

/* NULL is allowed. Does not wait for a name that is being looked up. */
void transport_close(struct transport *transport);

#endif
