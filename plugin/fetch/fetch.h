/* SPDX-License-Identifier: Apache-2.0 */
/* Documents over HTTP, many at once: polite, bounded, with every hop judged.
 *
 *   fetch_open ─► fetch_begin(order) …  ─► fetch_continue … ─► fetched: status line, headers that
 *                                             │                 matter, content in a blob
 *                                             │  robots.txt is asked first: inquiries.h
 *                                             │  each waits for the turn of its web host: delay_ms
 *                                             │  between requests, connections_per_host at once
 *                                             │  each hop: scheme, port, contact rule, address of
 *                                             │  the very socket
 *                                             └► content coding taken off by us, with a ratio cap
 *
 * What is through first comes first; requests to one web host go out in the order in which their
 * documents were begun. No socket, thread or libcurl state before fetch_open. Not for files: job/.
 */
#ifndef FETCH_FETCH_H
#define FETCH_FETCH_H

#include "base/arena.h"
#include "base/blob.h"
#include "base/document.h"
#include "base/memo.h"
#include "base/settings.h"
#include "base/url.h"

struct fetcher;

/* What happens while a fetch waits or reads; either may be NULL. Called on the fetching thread, at
 * least every 50 ms. */
struct fetch_watch {
    void *context;
    bool (*is_cancelled)(void *context);
    /* `wait_ms`: until the web host may be asked that is next; 0 while requests are open.
     * `received_bytes`: of all answers that are under way, so far. */
    void (*waiting)(void *context, str web_host, int64_t wait_ms, int64_t received_bytes);
};

/* What a document was when it was fetched last: the server is asked for it only if it is another
 * one now. */
struct fetch_known {
    str url; /* the hop that gave them, as fetched.final_url: they are sent to no other */
    str etag;
    str last_modified;
};

struct fetched {
    void *owner; /* as of the order */
    enum status
        status; /* OK; NO_MEMORY, CANCELLED, INTERNAL: nothing came, and nothing else holds */
    int64_t http_status; /* of the last hop; 0: no answer came */
    str final_url;       /* of the last hop, without fragment and userinfo */
    str etag;
    str last_modified;
    str media_type; /* lower case, without parameters */
    str charset;    /* parameter of Content-Type */
    str file_name; /* of Content-Disposition, last path element only; raw percent-encoding undone */
    struct str_list rights; /* what robots.txt and the headers say of its use: "name: value" */
    int64_t fetched_at_us;  /* since 1970-01-01 UTC, when the last byte arrived */
    int64_t received_bytes; /* on the wire, bodies of all hops */
    int64_t redirect_count;
    int64_t retry_count;
    bool truncated;       /* fewer bytes than announced: the content is what came */
    bool limited;         /* content_bytes_max was reached */
    bool delay_capped;    /* robots.txt wants a longer delay than crawl_delay_max_s */
    bool unchanged;       /* 304: it is what is known, so there is no content and no fault */
    struct blob *content; /* sealed; NULL when nothing is to be converted. The caller closes it */
    struct fault fault;   /* code none: a success (2xx) with its whole content */
    bool retryable;
};

/* Lent: `settings` and `memo` for the fetcher's life. `authorization`: the resolved secret or empty;
 * `memo` NULL: nothing is known from earlier runs, and nothing is kept for later ones. NULL: the
 * fault tells. [any thread; afterwards one thread at a time] */
struct fetcher *fetch_open(const struct settings *settings, str authorization,
                           const struct fetch_watch *watch, struct fault *fault,
                           const struct memo *memo);

struct fetch_order {
    const struct url *url; /* its texts are lent as the arena is */
    const struct fetch_known
        *known;          /* its texts as well; NULL: the document is asked for as it is */
    struct arena *arena; /* lent until the document is through or abandoned; no other's */
    void *owner;         /* names the document among those under way */
};

/* Sets out for one document. OK, NO_MEMORY. */
enum status fetch_begin(struct fetcher *fetcher, const struct fetch_order *order) MUST_CHECK;

/* Goes on with all that is under way: looking names up, waiting for turns, asking, reading, backing
 * off. OK with *done: one is through, look at out->status and out->fault; strings of `out` live in
 * its arena. OK with *done false: `deadline_ms` (of CLOCK_MONOTONIC; INT64_MAX: none) came first, or
 * nothing is under way; call again, nothing is lost, and the time between counts for no limit but
 * connect_timeout_ms, which is then tried again. CANCELLED, INTERNAL: of the whole; what is under way
 * stays so. */
enum status fetch_continue(struct fetcher *fetcher, int64_t deadline_ms, bool *done,
                           struct fetched *out) MUST_CHECK;

/* While held, no document's first request leaves: whoever takes them has enough for now. */
void fetch_hold(struct fetcher *fetcher, bool held);

/* Drops a document under way; one that is not is allowed. */
void fetch_abandon(struct fetcher *fetcher, const void *owner);

size_t fetch_count(const struct fetcher *fetcher); /* under way */

/* [any thread] Wakes a fetch_continue that is under way; it then asks is_cancelled. */
void fetch_wake(struct fetcher *fetcher);

/* At once, even while a name is being looked up. NULL is allowed. */
void fetch_close(struct fetcher *fetcher);

#endif
