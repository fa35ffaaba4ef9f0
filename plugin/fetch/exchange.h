/* SPDX-License-Identifier: Apache-2.0 */
/* One request and what came back: the callbacks that libcurl calls while it arrives, and the
 * judgement at the end.
 *
 *   open socket? ─► request goes out ─► header lines ─► body pieces ─► exchange_conclude
 *
 * Whatever ends it early (a limit, a clock, the host) is written down as a `stop` before libcurl is
 * told, because libcurl's own error then only says that a callback failed.
 */
#ifndef FETCH_EXCHANGE_H
#define FETCH_EXCHANGE_H

#include "base/url.h"
#include "fetch/address.h"
#include "fetch/body.h"
#include "fetch/response.h"
#include "fetch/tap.h"

#include <curl/curl.h>

enum exchange_stop {
    STOP_NONE,
    STOP_ENOUGH, /* the body of an answer that is not converted: no need to read on */
    STOP_HEADERS,
    STOP_LIMIT,
    STOP_BOMB,
    STOP_CODING,
    STOP_FOREIGN_CODING,
    STOP_FILE,
    STOP_TIMEOUT,
    STOP_STALL,
    STOP_NO_MEMORY,
    STOP_INTERNAL,
    STOP_CANCELLED
};

struct exchange {
    const struct settings *settings;
    const struct address_policy *policy;
    const struct url *url;
    void *context;
    bool (*is_cancelled)(void *context, const struct exchange *exchange);
    struct arena *arena;
    struct tap *tap; /* listens along; NULL: nobody does */
    struct response response;
    struct body body;
    bool has_body; /* the body was opened */
    enum exchange_stop stop;
    int file_errno;
    int64_t started_ms;
    int64_t heard_ms;    /* when the request went out, then the last byte; 0: not connected yet */
    int64_t complete_ms; /* when the headers were complete */
    int64_t away_ms;     /* how long nobody listened, all in all */
    int64_t received_bytes;
    enum address_verdict refused; /* the last address that was refused */
    struct address refused_address;
    bool connected; /* an address was allowed */
};

/* What an exchange came to. */
struct answer {
    struct response response;
    struct blob *content;   /* of a 2xx answer, sealed; the taker closes it. Else NULL */
    int64_t received_bytes; /* on the wire, without headers */
    int64_t answered_us;    /* since 1970-01-01 UTC, when the last byte came */
    bool truncated;
    bool limited;
    bool transient;     /* asking again may help: nothing of the answer came, or we were away */
    struct fault fault; /* not told for an answer that came whole, whatever its status */
};

/* Tells libcurl to call whatever exchange stands at this place. */
bool exchange_attach(struct exchange *exchange, CURL *easy);

/* Nobody listened for so long: the clocks stood still, for the silence was ours. */
void exchange_resume(struct exchange *exchange, int64_t away_ms);

/* Looks at the clocks; true: it is over, `stop` says why. */
bool exchange_is_late(struct exchange *exchange, int64_t now_ms);

/* An answer that was kept, as if it came now: the head as it stands, the body with its transfer
 * coding. `ended`: what tap_end was told, or empty. Then exchange_conclude's statuses and `out`; only
 * settings, url, context, is_cancelled and arena of the exchange need to be there. */
enum status exchange_replay(struct exchange *exchange, bytes head, bytes body, str ended,
                            struct answer *out) MUST_CHECK;

/* `code` and `error` are libcurl's. OK: look at out->fault. CANCELLED, NO_MEMORY, INTERNAL. Frees
 * what the exchange holds. */
enum status exchange_conclude(struct exchange *exchange, CURLcode code, const char *error,
                              struct answer *out) MUST_CHECK;

#endif
