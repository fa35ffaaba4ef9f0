/* SPDX-License-Identifier: Apache-2.0 */
#include "base/inflate.h"

#include "base/memory.h"

#include <zlib.h>

enum { PIECE_BYTES = 65536 };

struct inflate {
    z_stream zlib;
    enum inflate_wrapping wrapping;
    struct inflate_limits limits;
    struct inflate_sink sink;
    enum status status; /* of all feeding so far */
    bool begun;         /* zlib is set up */
    bool between;       /* a member ended, the next one has not begun */
    bool over;          /* what follows the last member is passed over */
    uint8_t head[2];    /* the first bytes of the stream or of a member, until both are there */
    size_t head_len;
    int64_t read_bytes;
    int64_t produced_bytes;
    uint8_t out[PIECE_BYTES];
};

static void *zlib_allocate(void *context, unsigned count, unsigned size)
{
    (void)context;
    return memory_allocate((size_t)count * size);
}

static void zlib_release(void *context, void *memory)
{
    (void)context;
    memory_release(memory);
}

struct inflate *inflate_open(enum inflate_wrapping wrapping, struct inflate_limits limits,
                             struct inflate_sink sink)
{
    struct inflate *stream = memory_allocate(sizeof *stream);
    if (stream) {
        stream->wrapping = wrapping;
        stream->limits = limits;
        stream->sink = sink;
        stream->zlib.zalloc = zlib_allocate;
        stream->zlib.zfree = zlib_release;
    }
    return stream;
}

/* RFC 1950 2.2: method 8, and a check that makes the two bytes a multiple of 31. */
static bool is_zlib_head(const uint8_t head[2])
{
    return (head[0] & 15) == 8 && (head[0] * 256 + head[1]) % 31 == 0;
}

/* Negative: raw; 16 more: gzip (zlib's manual, inflateInit2). */
static int window_bits(const struct inflate *stream)
{
    if (stream->wrapping == INFLATE_GZIP) {
        return MAX_WBITS + 16;
    }
    return is_zlib_head(stream->head) ? MAX_WBITS : -MAX_WBITS;
}

static enum status write_out(struct inflate *stream, size_t len)
{
    const int64_t room = stream->limits.bytes_max - stream->produced_bytes;
    const bool over = (int64_t)len > room;
    len = over ? (size_t)(room > 0 ? room : 0) : len;
    stream->produced_bytes += (int64_t)len;
    if (len) {
        TRY(stream->sink.write(stream->sink.context, (bytes){.ptr = stream->out, .len = len}));
    }
    /* Division, not a product: neither limit can make it overflow. */
    const bool bomb = stream->produced_bytes > INFLATE_FREE_BYTES &&
                      stream->produced_bytes / stream->limits.ratio_max > stream->read_bytes;
    return over || bomb ? STATUS_LIMIT : STATUS_OK;
}

static enum status zlib_status(int code)
{
    switch (code) {
    case Z_OK:
    case Z_STREAM_END:
    case Z_BUF_ERROR: /* no progress possible: more input is wanted */
        return STATUS_OK;
    case Z_MEM_ERROR:
        return STATUS_NO_MEMORY;
    default:
        return STATUS_FAILED;
    }
}

/* Decodes `piece` until it is used up or the member ends; answers how much of it is left. */
static enum status decode(struct inflate *stream, bytes *piece)
{
    z_stream *zlib = &stream->zlib;
    int code = Z_OK;
    bool full = true;
    while (code == Z_OK && (piece->len || full)) {
        const size_t in = piece->len < PIECE_BYTES ? piece->len : PIECE_BYTES;
        union { /* zlib reads through a pointer that is not const */
            const uint8_t *lent;
            uint8_t *taken;
        } input = {.lent = piece->ptr};
        zlib->next_in = input.taken;
        zlib->avail_in = (uInt)in;
        zlib->next_out = stream->out;
        zlib->avail_out = sizeof stream->out;
        code = inflate(zlib, Z_NO_FLUSH);
        stream->read_bytes += (int64_t)(in - zlib->avail_in);
        *piece = bytes_slice(*piece, in - zlib->avail_in, piece->len);
        full = zlib->avail_out == 0;
        TRY(write_out(stream, sizeof stream->out - zlib->avail_out));
        TRY(zlib_status(code));
    }
    stream->between = code == Z_STREAM_END;
    return STATUS_OK;
}

/* Collects two bytes that tell what begins here. */
static bool take_head(struct inflate *stream, bytes *piece)
{
    while (stream->head_len < 2 && piece->len) {
        stream->head[stream->head_len++] = piece->ptr[0];
        *piece = bytes_slice(*piece, 1, piece->len);
    }
    return stream->head_len == 2;
}

/* Sets zlib up for the stream, or for the next gzip member, and gives it the head. */
static enum status begin(struct inflate *stream)
{
    if (stream->between) {
        stream->between = false;
        if (stream->wrapping != INFLATE_GZIP || stream->head[0] != 0x1F ||
            stream->head[1] != 0x8B) {
            stream->over = true;
            return STATUS_OK;
        }
        TRY(zlib_status(inflateReset(&stream->zlib)));
    } else {
        TRY(zlib_status(inflateInit2(&stream->zlib, window_bits(stream))));
        stream->begun = true;
    }
    bytes head = {.ptr = stream->head, .len = sizeof stream->head};
    return decode(stream, &head);
}

static enum status feed(struct inflate *stream, bytes piece)
{
    while (piece.len && !stream->over) {
        if (!stream->begun || stream->between) {
            if (!take_head(stream, &piece)) {
                return STATUS_OK;
            }
            TRY(begin(stream));
        } else {
            TRY(decode(stream, &piece));
            stream->head_len = 0;
        }
    }
    return STATUS_OK;
}

enum status inflate_feed(struct inflate *stream, bytes piece)
{
    if (stream->status == STATUS_OK) {
        stream->status = feed(stream, piece);
    }
    return stream->status;
}

bool inflate_is_whole(const struct inflate *stream)
{
    return stream->status == STATUS_OK && (stream->over || stream->between);
}

int64_t inflate_produced_bytes(const struct inflate *stream)
{
    return stream->produced_bytes;
}

void inflate_close(struct inflate *stream)
{
    if (!stream) {
        return;
    }
    if (stream->begun) {
        (void)inflateEnd(&stream->zlib);
    }
    memory_release(stream);
}
