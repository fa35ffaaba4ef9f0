/* SPDX-License-Identifier: Apache-2.0 */
/* Requests for robots.txt, one for each origin that somebody wants something of, and the documents
 * that wait for what it says.
 *
 *   inquiries_consult ─► LEG_TURN, LEG_END
 *            └► a new inquiry (its journey sets out), or one under way: the document waits
 *   inquiries_close_one ─► those who waited consult again
 *
 * An inquiry is a journey like a document's: it takes its host's turn, its hops are judged, its
 * failures tried again.
 */
#ifndef FETCH_INQUIRIES_H
#define FETCH_INQUIRIES_H

#include "fetch/journey.h"
#include "fetch/robots_cache.h"

struct inquiries {
    struct robots_cache *cache; /* NULL: robots.txt is ignored */
    struct settings settings;   /* of the fetcher, but for what may be read and followed */
    struct journey_rules rules;
    struct inquiry *first; /* under way */
};

/* `rules` as a fetcher's documents have; `memo` as of robots_cache_open. False: the fault tells. */
bool inquiries_open(struct inquiries *inquiries, const struct journey_rules *rules,
                    const struct memo *memo, struct fault *fault);
/* A zeroed one is allowed. Requests that are under way have to be dropped before. */
void inquiries_close(struct inquiries *inquiries);

/* LEG_ROBOTS: what does its origin say of this hop? The leg stays when that has to be asked first;
 * then the journey to ask it by, if it has not set out yet; else NULL. */
struct journey *inquiries_consult(struct inquiries *inquiries, struct journey *journey);

/* Takes in what an inquiry's journey came to; it is gone afterwards. The journeys that waited, by
 * `next_ready`, in their order; they consult again or have failed. */
struct journey *inquiries_close_one(struct inquiries *inquiries, struct journey *journey);

/* A document that waits does so no more. */
void inquiries_leave(struct inquiries *inquiries, const struct journey *journey);

#endif
