/* SPDX-License-Identifier: Apache-2.0 */
/* How fast one web host can bear to be asked, learnt from its answers.
 *
 *   strained (429, 503, no answer in time)   the time between requests is doubled
 *   well                                     it comes down by a step, to the delay of the options
 *   failed, PACE_FAILURES_MAX times in a row the host is left alone for a while: a breaker; then one
 *                                            request tries it
 *
 * A try again waits a random part of its time (full jitter), and is not made when tries again are
 * more than a share of all requests, of the host and of the run. With a memo the next run goes on
 * with what this one learnt.
 */
#ifndef FETCH_PACE_H
#define FETCH_PACE_H

#include "base/memo.h"

enum {
    PACE_EXTRA_FIRST_MS = 250,
    PACE_EXTRA_MAX_MS = 30000,
    PACE_STEP_MS = 100, /* down, with each good answer */
    PACE_FAILURES_MAX = 10,
    PACE_BROKEN_MS = 60000,
    PACE_RETRIES_HOST = 20, /* that are allowed at any rate, then one in five requests */
    PACE_RETRIES_RUN = 200,
    PACE_RETRY_SHARE = 5
};

enum pace_verdict {
    PACE_WELL,     /* it answered, whatever it was */
    PACE_FAILED,   /* no answer came, or it cannot answer now */
    PACE_STRAINED, /* the same, and fewer requests would help */
    PACE_UNKNOWN   /* nothing that concerns the host */
};

struct pace {
    int64_t extra_ms;      /* above the delay that is meant */
    int64_t failure_count; /* in a row */
    int64_t broken_until_ms;
    int64_t request_count;
    int64_t retry_count;
};

/* `delay_ms`: that is meant. */
void pace_note(struct pace *pace, enum pace_verdict verdict, int64_t delay_ms, int64_t now_ms);

/* How long the host is still left alone; 0: it is not. */
int64_t pace_broken_ms(const struct pace *pace, int64_t now_ms);

/* Of a host, and of the sum of all hosts with PACE_RETRIES_RUN. */
bool pace_may_retry(const struct pace *pace, int64_t retries_free);

/* What the memo keeps of a host: how far it is backed off from, and when it may be asked next. The
 * times are of the wall clock, which may be set: never more is waited than was meant when it was
 * written. */
struct pace_memory {
    int64_t extra_ms;
    int64_t wait_ms; /* from now */
};
bool pace_remember(const struct memo *memo, str web_host, const struct pace_memory *memory,
                   int64_t wall_ms);

/* A memo that fails, or whose value is not one of ours, knows nothing. */
struct pace_memory pace_recall(const struct memo *memo, str web_host, int64_t wall_ms);

#endif
