/* SPDX-License-Identifier: Apache-2.0 */
/* What each origin's robots.txt says, how long that holds, and what holds when it cannot be had.
 *
 *   robots_cache_ask(url) ─► ALLOWED, REFUSED
 *            └► UNKNOWN ─► (fetch scheme://web_host/robots.txt) ─► robots_cache_learn ─► ask again
 *
 *   answer               what it means                                        RFC 9309
 *   2xx                  its rules, for 24 hours                              2.3.1.1, 2.4
 *   4xx but 429          there are none: everything is allowed, for 24 hours  2.3.1.3
 *   redirected for ever  the same                                             2.3.1.2
 *   5xx, 429, nothing    nothing is allowed; asked again after a minute       2.3.1.4
 *   the same for         what the last copy says, without one everything;     2.3.1.4
 *    thirty days         asked again after a day
 *
 * 429 is no server error, but whoever says it wants fewer requests. With a memo a new run goes on
 * with what the last one was told, but asks a failing origin at once. No I/O: fetch.c asks.
 */
#ifndef FETCH_ROBOTS_CACHE_H
#define FETCH_ROBOTS_CACHE_H

#include "base/document.h"
#include "base/memo.h"
#include "base/url.h"
#include "fetch/robots.h"

enum {
    ROBOTS_VALID_S = 24 * 60 * 60,            /* RFC 9309 2.4: no longer than 24 hours */
    ROBOTS_GIVEN_UP_S = 30 * ROBOTS_VALID_S,  /* RFC 9309 2.3.1.4: 30 days */
    ROBOTS_RETRY_S = 60,                      /* a failure of now says little of the next minute */
    ROBOTS_ORIGINS_MAX = 4096,                /* as many web hosts have turns: turns.h */
    ROBOTS_CACHE_BYTES_MAX = 64 * 1024 * 1024 /* a usual one takes 8 KiB; the least used goes */
};

enum robots_answer { ROBOTS_UNKNOWN, ROBOTS_ALLOWED, ROBOTS_REFUSED };

struct robots_said {
    enum robots_answer answer;
    int64_t delay_ms;                  /* Crawl-delay, at most delay_max_ms; 0: none */
    bool delay_capped;                 /* it states more */
    const struct robots_line *signals; /* lent until the cache is next told or asked */
    struct fault fault;                /* REFUSED: who, by which rule and line, or what failed */
    bool retryable;                    /* REFUSED: by a failure that may pass */
};

/* What came of asking for robots.txt, redirects followed. */
struct robots_received {
    int64_t http_status; /* of the last hop; 0: no answer */
    bytes body;          /* of a 2xx answer */
    struct fault fault;  /* code none: it came whole. FAULT_limit: more than is read */
    bool retryable;      /* a failure that may pass */
};

struct robots_cache;

/* `token`: of our product, see robots.h; `memo` may be NULL; both are lent until robots_cache_close.
 * NULL: no memory. */
struct robots_cache *robots_cache_open(str token, int64_t delay_max_ms, const struct memo *memo);
void robots_cache_close(struct robots_cache *cache); /* NULL is allowed */

/* May this URL be asked for, `now_s` seconds after 1970? OK, NO_MEMORY. [fetching thread] */
enum status robots_cache_ask(struct robots_cache *cache, const struct url *url, int64_t now_s,
                             struct robots_said *out) MUST_CHECK;

/* What was received is lent for the call. OK, NO_MEMORY. [fetching thread] */
enum status robots_cache_learn(struct robots_cache *cache, const struct url *url,
                               const struct robots_received *received, int64_t now_s) MUST_CHECK;

/* The URL of its origin's robots.txt; `.request.ptr` NULL: no memory. */
struct url robots_url(struct arena *arena, const struct url *url);

#endif
