/* SPDX-License-Identifier: Apache-2.0 */
/* What went over the wire for one request, listened to while it goes: for archive.c. Only there when
 * the option `warc` is set.
 *
 *   tap_open ─► exchange (libcurl calls tap_hear) ─► tap_end ─► archive_add ─► taps_close
 *
 * The taps of one document's requests (its hops, its retries) are a list in the order they were made.
 */
#ifndef FETCH_TAP_H
#define FETCH_TAP_H

#include "base/blob.h"
#include "base/buf.h"
#include "base/settings.h"

#include <curl/curl.h>

/* WARC 1.1, 5.13: why the block is shorter than the answer was. */
enum tap_truncated { TAP_WHOLE, TAP_LENGTH, TAP_TIME, TAP_DISCONNECT, TAP_UNSPECIFIED };

struct tap_end {
    enum tap_truncated truncated;
    str ended; /* how it broke off, as exchange.c has it; empty: it did not */
    int64_t answered_us;
};

struct tap {
    struct tap *next;
    str url;            /* that was asked; lent */
    struct buf request; /* its head, with the empty line */
    struct buf head;    /* of the answer: status line, headers, empty line; empty: none came */
    struct blob *body;  /* with its transfer coding; sealed by tap_end */
    bool has_whole_head;
    bool failed;         /* no memory, or the temporary file could not be written */
    str address;         /* of the server; empty: unknown */
    bool is_conditional; /* asked with conditions of ours: a 304 says that nothing has changed */
    struct tap_end end;
};

struct taps {
    struct tap *first;
    struct tap *last;
};

/* One more, in the arena. NULL: no memory. */
struct tap *tap_open(struct taps *taps, struct arena *arena, const struct settings *settings,
                     str url);

/* A part of what libcurl's debug callback hears. */
void tap_hear(struct tap *tap, curl_infotype type, bytes part);

/* Ends the listening; `ended` is copied. */
void tap_end(struct tap *tap, struct arena *arena, struct tap_end end);

/* Gives the bodies back; the list is empty then. */
void taps_close(struct taps *taps);

#endif
