/* SPDX-License-Identifier: Apache-2.0 */
/* One document over HTTP: polite, bounded, with every hop judged.
 *
 *   fetch_open ─► fetch_get(url) ─► fetched: status line, headers that matter, content in a blob
 *                    │  waits its turn at the web host (delay_ms between requests)
 *                    │  each hop: scheme, port, contact rule, address of the very socket
 *                    └► content coding taken off by us, with a ratio cap
 *
 * No socket, thread or libcurl state before fetch_open. Not for files: see job/.
 */
#ifndef FETCH_FETCH_H
#define FETCH_FETCH_H

#include "base/arena.h"
#include "base/blob.h"
#include "base/document.h"
#include "base/settings.h"
#include "base/url.h"

struct fetcher;

/* What happens while a fetch waits or reads; either may be NULL. Called on the fetching thread, at
 * least every 50 ms. */
struct fetch_watch {
    void *context;
    bool (*is_cancelled)(void *context);
    /* `wait_ms`: until the web host may be asked; 0 while bytes arrive. `received_bytes`: of this
     * answer so far. */
    void (*waiting)(void *context, str web_host, int64_t wait_ms, int64_t received_bytes);
};

struct fetched {
    int64_t http_status; /* of the last hop; 0: no answer came */
    str final_url;       /* of the last hop, without fragment and userinfo */
    str etag;
    str last_modified;
    str media_type; /* lower case, without parameters */
    str charset;    /* parameter of Content-Type */
    str file_name; /* of Content-Disposition, last path element only; raw percent-encoding undone */
    int64_t fetched_at_us;  /* since 1970-01-01 UTC, when the last byte arrived */
    int64_t received_bytes; /* on the wire, bodies of all hops */
    int64_t redirect_count;
    int64_t retry_count;
    bool truncated;       /* fewer bytes than announced: the content is what came */
    bool limited;         /* content_bytes_max was reached */
    struct blob *content; /* sealed; NULL when nothing is to be converted. The caller closes it */
    struct fault fault;   /* code none: a success (2xx) with its whole content */
    bool retryable;
};

/* Lent: `settings` for the fetcher's life. `authorization`: the resolved secret or empty.
 * NULL: the fault tells. [any thread; afterwards one thread at a time] */
struct fetcher *fetch_open(const struct settings *settings, str authorization,
                           const struct fetch_watch *watch, struct fault *fault);

/* OK: look at out->fault. CANCELLED, NO_MEMORY. Strings of `out` live in `arena`. */
enum status fetch_get(struct fetcher *fetcher, const struct url *url, struct arena *arena,
                      struct fetched *out) MUST_CHECK;

/* When the web host may be asked next, in ms from now; 0: at once. So that a job with several hosts
 * asks the one that is ready. */
int64_t fetch_wait_ms(struct fetcher *fetcher, str web_host);

/* [any thread] Wakes a fetch that is under way; it then asks is_cancelled. */
void fetch_wake(struct fetcher *fetcher);

/* At once, even while a name is being looked up. NULL is allowed. */
void fetch_close(struct fetcher *fetcher);

#endif
