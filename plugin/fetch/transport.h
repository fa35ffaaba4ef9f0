/* SPDX-License-Identifier: Apache-2.0 */
/* The lines to the outside: libcurl, driven by one loop that never blocks longer than
 * TRANSPORT_SLICE_MS, so that the host is asked whether it still wants the documents.
 *
 *   transport_ask ─► transport_run … ─► transport_take ─► answer      many requests at once; what
 *                                                                     has ended first is taken first
 *
 * Knows nothing of redirects, tries again and turns: journey.h, turns.h.
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

/* How many requests may be open at once: connections_max, or what the machine's limit of open files
 * leaves room for. */
size_t transport_room(const struct transport *transport);
size_t transport_open_count(const struct transport *transport);

/* A header of one request alone: "Name: ", value. */
struct header {
    str name;
    str value;
};

/* Lent until the answer is taken or the request is abandoned. */
struct request {
    const struct settings *settings; /* its limits */
    const struct url *url;
    bool authorised; /* with the Authorization header */
    const struct header *headers;
    size_t header_count;
    struct arena *arena;
    struct tap *tap; /* listens along; NULL: nobody does */
    void *owner;     /* whose it is: names the request, one at a time */
};

/* Makes a request ready to go. OK, NO_MEMORY. */
enum status transport_ask(struct transport *transport, const struct request *request) MUST_CHECK;

/* Lets bytes flow: what is there at once, or, when there is nothing to do, what comes in `wait_ms`;
 * returns as soon as something moved. Time between two calls counts for no limit. OK, CANCELLED (the
 * requests stay open), INTERNAL. */
enum status transport_run(struct transport *transport, int64_t wait_ms) MUST_CHECK;

/* A request that is over; its owner NULL: none is. Statuses and `out` as of exchange_conclude. */
enum status transport_take(struct transport *transport, void **owner,
                           struct answer *out) MUST_CHECK;

void transport_abandon(struct transport *transport, const void *owner);

/* Tells the host how things stand, if it was not told just now; false: it wants to stop. `web_host`
 * and `wait_ms`: what is waited for when no request is open. */
bool transport_pulse(struct transport *transport, str web_host, int64_t wait_ms);

void transport_wake(struct transport *transport); /* [any thread] */

/* NULL is allowed. Does not wait for a name that is being looked up. */
void transport_close(struct transport *transport);

#endif
