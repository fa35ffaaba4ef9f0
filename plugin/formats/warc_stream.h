/* SPDX-License-Identifier: Apache-2.0 */
/* The bytes of a WARC file in order, whether it is plain or a row of gzip members (RFC 1952). warc.c's
 * own; nothing here knows what a record is.
 *
 *   warc_stream_piece ─► look ─► warc_stream_take(n) ─► warc_stream_piece …
 */
#ifndef FORMATS_WARC_STREAM_H
#define FORMATS_WARC_STREAM_H

#include "formats/deflated.h"

enum { WARC_PIECE_BYTES = 65536 };

enum warc_end {
    WARC_OPEN, /* there may be more */
    WARC_WHOLE,
    WARC_CUT,    /* the file ended first */
    WARC_BROKEN, /* no gzip, no record, a checksum that does not match */
    WARC_LIMIT,  /* it grows more than ratio_max times when unpacked */
    WARC_NO_MEMORY
};

/* Where reading can begin again: a place in the file and, inside a gzip member that holds several
 * records, how many of its bytes stand before. */
struct warc_place {
    uint64_t offset;
    uint64_t inside;
};

struct warc_stream {
    bytes all;
    size_t at; /* plain: of the next byte; gzip: of the member */
    bool is_gzip;
    int64_t ratio_max;
    enum warc_end end;
    struct deflated *deflated; /* of the member under way; NULL: between members */
    size_t body_at;            /* where its deflate stream begins */
    uint64_t member_bytes;     /* produced of it */
    uint32_t checksum;
    uint64_t produced;
    bytes piece;             /* not yet taken */
    struct warc_place place; /* of its first byte */
    uint8_t *buffer;
};

/* `all` is lent until warc_stream_close. False: no memory. */
bool warc_stream_open(struct warc_stream *stream, bytes all, int64_t ratio_max);

/* What stands next, at least one byte and at most WARC_PIECE_BYTES; empty: `stream->end` says why. Lent
 * until the next piece. */
bytes warc_stream_piece(struct warc_stream *stream);

void warc_stream_take(struct warc_stream *stream, size_t len); /* at most the piece */

void warc_stream_close(struct warc_stream *stream);

#endif
