/* SPDX-License-Identifier: Apache-2.0 */
/* Whose turn it is: which web host may be asked next, and for whom.
 *
 *   turns_join ─► [host: a queue] ─► heap of hosts by their time ─► turns_next ─► request …
 *                                                                        turns_end ◄──┘
 *
 * A host has as many requests open as it may have connections, and its delay, with what its pace adds
 * (pace.h), lies between the end of one and the beginning of the next. Times are those of clock_ms. The table is bounded: a host that
 * nobody waits for and whose delay has passed is forgotten when another needs its place.
 */
#ifndef FETCH_TURNS_H
#define FETCH_TURNS_H

#include "base/host.h"
#include "fetch/pace.h"

/* A split names at most 1024 web hosts; redirects lead to others. */
enum {
    TURNS_HOSTS_MAX = 4096,
    TURNS_NAME_BYTES_MAX = HOST_BYTES_MAX + sizeof ":65535" /* a longer one is no host's */
};

struct turns;

/* Who waits for a turn: part of it, and in one queue at a time. */
struct waiter {
    struct waiter *next;
    void *owner;
};

struct turns_rules {
    int64_t delay_ms;
    int64_t connections_per_host;
    const struct memo *memo; /* lent; NULL: a host that is met first is unknown */
};

struct turns *turns_open(struct turns_rules rules); /* NULL: no memory */
void turns_close(struct turns *turns);              /* NULL is allowed */

enum turns_verdict {
    TURNS_OK,
    TURNS_FULL /* of hosts that may not be forgotten */,
    TURNS_NO_MEMORY
};

/* From now on the host is known, with what the memo says of it. */
enum turns_verdict turns_meet(struct turns *turns, str web_host, int64_t now_ms);

/* At the end of the host's queue, or at its `head`: what was begun is finished first. */
enum turns_verdict turns_join(struct turns *turns, str web_host, struct waiter *waiter, bool head,
                              int64_t now_ms);

/* The owner whose turn it is now; its host has one request more open until turns_end. NULL:
 * nobody's. */
void *turns_next(struct turns *turns, int64_t now_ms);

/* When the next turn comes, and at which host; INT64_MAX: nobody waits, or the hosts waited for
 * have to end a request first. */
int64_t turns_due_ms(const struct turns *turns, str *web_host);

/* A request to this host has ended, or could not be made. */
void turns_end(struct turns *turns, str web_host, int64_t now_ms);

/* Not before `until_ms`, if that is later than its turn. A host that is not known stays unknown. */
void turns_park(struct turns *turns, str web_host, int64_t until_ms);

/* What is learnt of this host; NULL: it is not known. Until the next call of turns_join. */
struct pace *turns_pace(struct turns *turns, str web_host);

/* Writes down when this host may be asked next, and how far it is backed off from. */
void turns_remember(const struct turns *turns, str web_host, int64_t now_ms);

/* Its delay is this from now on, if that is longer than everybody's. A host that is not known stays
 * unknown. */
void turns_slow(struct turns *turns, str web_host, int64_t delay_ms);

/* The longer one, without what its pace adds. */
int64_t turns_delay_ms(const struct turns *turns, str web_host);

/* Until this host may be asked, were it idle; 0: now. */
int64_t turns_wait_ms(const struct turns *turns, str web_host, int64_t now_ms);

/* Takes the first owner out of the host's queue, though it is not its turn. NULL: the queue is
 * empty. */
void *turns_dismiss(struct turns *turns, str web_host);

void turns_leave(struct turns *turns, str web_host, const struct waiter *waiter);

#endif
