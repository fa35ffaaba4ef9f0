/* SPDX-License-Identifier: Apache-2.0 */
/* A document out of answers that were kept: the journey that fetch.h makes over the network, made once more
 * without it, so that the same answers come to the same end.
 *
 *   answers of one document, in order ─► fetch_replay ─► fetched, as it was then
 */
#ifndef FETCH_REPLAY_H
#define FETCH_REPLAY_H

#include "fetch/fetch.h"

struct replay_answer {
    bytes head; /* status line, headers, empty line */
    bytes body; /* with its transfer coding, or without where whoever kept it took it off */
    str ended;  /* tap.h; empty: it came whole */
    int64_t answered_us; /* INT64_MIN: unknown */
};

/* `url`: that was asked first. The answers are lent for the call; of those that the journey has no use for
 * the rest is left. OK: look at out->fault; NO_MEMORY, CANCELLED, INTERNAL. `watch` may be NULL. */
enum status fetch_replay(const struct settings *settings, const struct fetch_watch *watch,
                         const struct url *url, const struct replay_answer *answers,
                         size_t answer_count, struct arena *arena, struct fetched *out) MUST_CHECK;

#endif
