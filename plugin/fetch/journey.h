/* SPDX-License-Identifier: Apache-2.0 */
/* One document's way, step by step; nothing here waits.
 *
 *              ┌─────────────── redirect ──────────────┐
 *              ▼                                         │
 *   begin ─► judge ─► robots ─► turn ─► answer ─► end    robots, turn and answer are left when the
 *                                ▲         │             fetcher says so: when robots.txt is known,
 *                                └─ again ─┘             when it is the host's turn, when the answer
 *                                                        is there
 */
#ifndef FETCH_JOURNEY_H
#define FETCH_JOURNEY_H

#include "fetch/address.h"
#include "fetch/archive.h"
#include "fetch/exchange.h"
#include "fetch/fetch.h"
#include "fetch/pace.h"
#include "fetch/transport.h"
#include "fetch/turns.h"

enum {
    JOURNEY_HOPS_MAX = 51, /* redirects_max goes up to 50 */
    JOURNEY_HEADERS_MAX = 2,
    JOURNEY_RIGHT_BYTES_MAX = 1024, /* of a line's value */
    JOURNEY_RIGHTS_MAX = 24         /* of a hop: RESPONSE_SIGNALS_MAX and what robots.txt says */
};

enum leg {
    LEG_JUDGE,  /* journey_judge comes next */
    LEG_ROBOTS, /* waits for what robots.txt says: inquiries.h */
    LEG_TURN,   /* waits for the turn of its host */
    LEG_ANSWER, /* waits for the answer */
    LEG_END     /* `out` is what came */
};

/* What all journeys of a fetcher share; lent. */
struct journey_rules {
    const struct settings *settings;
    struct address_policy policy;
    bool has_authorization;
    struct archive *archive; /* NULL: nothing is kept */
};

struct journey {
    struct journey *next; /* in the fetcher's list of all, which these two belong to */
    struct journey *before;
    struct journey *next_done;
    struct journey *next_ready; /* among those that go on, or wait for the same robots.txt */
    struct inquiry *inquiry;    /* that it is the journey of; NULL: it is a document's */
    const struct journey_rules *rules;
    struct arena *arena;
    enum leg leg;
    struct fetch_known known;                   /* empty: nothing */
    bool is_conditional;                        /* this hop was asked with what is known */
    struct header headers[JOURNEY_HEADERS_MAX]; /* of this hop's request alone */
    bool is_under_way; /* it asked before: at its host, it goes before those that begin */
    struct waiter waiter;
    struct taps taps; /* of all its requests; empty without an archive */
    struct fetched out;
    struct url url;   /* of this hop */
    int64_t delay_ms; /* what robots.txt wants between two requests to its host; 0: nothing */
    str rights[JOURNEY_RIGHTS_MAX]; /* of this hop: out.rights */
    str hops[JOURNEY_HOPS_MAX];
};

/* NULL: no memory. In the order's arena. */
struct journey *journey_begin(const struct journey_rules *rules, const struct fetch_order *order);

/* LEG_JUDGE: is this host to be asked at all? Then LEG_ROBOTS, or LEG_END with the fault told. */
void journey_judge(struct journey *journey);

/* What is to be sent now; LEG_ANSWER. OK, NO_MEMORY. */
enum status journey_request(struct journey *journey, struct request *out) MUST_CHECK;

/* What this answer means for its host, before journey_take: */
struct journey_pause {
    enum pace_verdict verdict;
    int64_t again_ms; /* -1: it is not asked again; else not before so many ms from now */
    int64_t park_ms;  /* -1; else the host itself wants no request for so long (Retry-After) */
};

/* `may_retry`: the host's budget and the run's allow it; `dice`: any number. */
struct journey_pause journey_pause(const struct journey *journey, const struct answer *answer,
                                   bool may_retry, uint32_t dice);

/* LEG_ANSWER: asks again where that may help (LEG_TURN), follows where it points (LEG_JUDGE), else
 * this is the document (LEG_END). Takes over answer->content. OK, NO_MEMORY. */
enum status journey_take(struct journey *journey, const struct answer *answer,
                         struct journey_pause pause) MUST_CHECK;

/* Keeps what went over the wire, at the end; a failure is told as the document's fault. */
void journey_keep(struct journey *journey);

/* Ends it without an answer: the host wants to be left alone for longer than a fetch waits. */
void journey_end_parked(struct journey *journey, int64_t wait_ms);

/* The same, because it failed too often in a row. */
void journey_end_broken(struct journey *journey, int64_t wait_ms);

/* A line that says what may be done with this hop's content, from robots.txt or a header. OK,
 * NO_MEMORY. */
enum status journey_add_right(struct journey *journey, bytes name, bytes value) MUST_CHECK;

/* Ends it without anything. */
void journey_end_failed(struct journey *journey, enum status status);

/* Is a wait of so long one that nobody sits out, at a host with this delay? */
bool journey_is_parked(int64_t delay_ms, int64_t wait_ms);

#endif
