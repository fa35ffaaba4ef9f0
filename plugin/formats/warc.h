/* SPDX-License-Identifier: Apache-2.0 */
/* Web archives (ISO 28500, WARC 1.0 and 1.1; the drafts before them read alike): one record after
 * the other, each a head of fields and a block of bytes that is pulled in pieces.
 *
 *   warc_open ─► warc_next(record) ─► warc_block … ─► warc_next …
 *                     └► false: warc_end says whether the file was read whole
 *
 * Plain or gzip, told apart by the first bytes. What stands in a block (HTTP, a document) is not
 * looked at. Not a writer: fetch/archive.
 */
#ifndef FORMATS_WARC_H
#define FORMATS_WARC_H

#include "base/arena.h"
#include "formats/warc_stream.h"

enum {
    WARC_HEAD_BYTES_MAX = 65536 /* of one record's fields; a URL may be 32 KiB long */
};

#define WARC_FIELD_LIST(X)                                                                         \
    X(TYPE, "WARC-Type")                                                                           \
    X(ID, "WARC-Record-ID")                                                                        \
    X(DATE, "WARC-Date")                                                                           \
    X(LENGTH, "Content-Length")                                                                    \
    X(CONTENT_TYPE, "Content-Type")                                                                \
    X(TARGET_URI, "WARC-Target-URI")                                                               \
    X(PAYLOAD_DIGEST, "WARC-Payload-Digest")                                                       \
    X(REFERS_TO_URI, "WARC-Refers-To-Target-URI")                                                  \
    X(PROFILE, "WARC-Profile")                                                                     \
    X(TRUNCATED, "WARC-Truncated")                                                                 \
    X(DOCUMENT, "Quern-Document")                                                                  \
    X(ENDED, "Quern-Ended")

enum warc_field {
#define X(name, text) WARC_##name,
    WARC_FIELD_LIST(X)
#undef X
        WARC_FIELD_COUNT
};

enum warc_type {
    WARC_OTHER, /* warcinfo, request, metadata, conversion, continuation, unknown */
    WARC_RESPONSE,
    WARC_RESOURCE,
    WARC_REVISIT
};

struct warc_record {
    enum warc_type type;
    bytes fields[WARC_FIELD_COUNT]; /* trimmed, as they stand; `.ptr` NULL: not there */
    uint64_t block_bytes;           /* as the head says */
    int64_t date_us;                /* since 1970-01-01 UTC; INT64_MIN: not stated */
    struct warc_place place;
};

struct warc {
    struct warc_stream stream;
    uint64_t block_left;
    enum warc_end end; /* WARC_OPEN while there may be more */
};

/* `all` is lent until warc_close. `at`: the place of a record, or zeroed. `ratio_max`: how often a
 * gzip file may grow, once 16 MiB were unpacked. False: no memory. [any thread] */
bool warc_open(struct warc *warc, bytes all, struct warc_place at, int64_t ratio_max);

/* The next record, whatever is left of the block of the last one passed over; fields live in the arena. False:
 * warc->end is no longer WARC_OPEN. */
bool warc_next(struct warc *warc, struct arena *arena, struct warc_record *out);

/* The next piece of the block; empty at its end, and where the file ends first (then warc->end says
 * so). Lent until the next call. */
bytes warc_block(struct warc *warc);

void warc_close(struct warc *warc);

#endif
