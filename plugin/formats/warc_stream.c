/* SPDX-License-Identifier: Apache-2.0 */
#include "formats/warc_stream.h"

#include "base/inflate.h"
#include "base/memory.h"
#include "formats/reader.h"

#include <zlib.h>

enum {
    /* RFC 1952 2.3.1 */
    FLAG_HEADER_CHECKSUM = 2,
    FLAG_EXTRA = 4,
    FLAG_NAME = 8,
    FLAG_COMMENT = 16
};

bool warc_stream_open(struct warc_stream *stream, bytes all, int64_t ratio_max)
{
    *stream = (struct warc_stream){.all = all, .ratio_max = ratio_max};
    stream->is_gzip = all.len >= 2 && all.ptr[0] == 0x1F && all.ptr[1] == 0x8B;
    stream->buffer = stream->is_gzip ? memory_allocate(WARC_PIECE_BYTES) : NULL;
    if (stream->is_gzip && !stream->buffer) {
        stream->end = WARC_NO_MEMORY;
        return false;
    }
    return true;
}

static void stop(struct warc_stream *stream, enum warc_end end)
{
    stream->end = end;
}

static void skip_text(struct reader *reader)
{
    while (!reader->short_read && read_u8(reader) != 0) {
    }
}

/* The head of a member; then `deflated` is open. */
static void begin_member(struct warc_stream *stream)
{
    struct reader reader = reader_at(stream->all, stream->at);
    const uint16_t magic = read_u16le(&reader);
    const uint8_t method = read_u8(&reader);
    const uint8_t flags = read_u8(&reader);
    (void)read_bytes(&reader, 6); /* time, hints, system */
    if (stream->at == stream->all.len) {
        stop(stream, WARC_WHOLE);
        return;
    }
    if (!reader.short_read && (magic != 0x8B1F || method != 8)) {
        stop(stream, WARC_BROKEN);
        return;
    }
    if (flags & FLAG_EXTRA) {
        (void)read_bytes(&reader, read_u16le(&reader));
    }
    if (flags & FLAG_NAME) {
        skip_text(&reader);
    }
    if (flags & FLAG_COMMENT) {
        skip_text(&reader);
    }
    if (flags & FLAG_HEADER_CHECKSUM) {
        (void)read_u16le(&reader);
    }
    if (reader.short_read) {
        stop(stream, WARC_CUT);
        return;
    }
    stream->body_at = reader.at;
    stream->member_bytes = 0;
    stream->checksum = 0;
    stream->deflated = deflated_open(bytes_slice(stream->all, reader.at, stream->all.len));
    if (!stream->deflated) {
        stop(stream, WARC_NO_MEMORY);
    }
}

static void end_member(struct warc_stream *stream)
{
    struct reader reader =
        reader_at(stream->all, stream->body_at + deflated_consumed(stream->deflated));
    const uint32_t checksum = read_u32le(&reader);
    const uint32_t size = read_u32le(&reader);
    deflated_close(stream->deflated);
    stream->deflated = NULL;
    stream->at = reader.at;
    if (reader.short_read) {
        stop(stream, WARC_CUT);
    } else if (checksum != stream->checksum || size != (uint32_t)stream->member_bytes) {
        stop(stream, WARC_BROKEN);
    }
}

static bool is_bomb(const struct warc_stream *stream)
{
    const uint64_t read = stream->body_at + deflated_consumed(stream->deflated);
    return stream->produced > INFLATE_FREE_BYTES &&
           stream->produced / (uint64_t)stream->ratio_max > read;
}

static void unpack(struct warc_stream *stream)
{
    size_t produced = 0;
    const enum deflated_state state =
        deflated_next(stream->deflated, stream->buffer, WARC_PIECE_BYTES, &produced);
    stream->piece = (bytes){.ptr = stream->buffer, .len = produced};
    stream->place = (struct warc_place){.offset = stream->at, .inside = stream->member_bytes};
    stream->produced += produced;
    stream->member_bytes += produced;
    stream->checksum = (uint32_t)crc32(stream->checksum, stream->buffer, (uInt)produced);
    switch (state) {
    case DEFLATED_MORE:
        if (is_bomb(stream)) {
            stop(stream, WARC_LIMIT);
        }
        break;
    case DEFLATED_END:
        end_member(stream);
        break;
    case DEFLATED_SHORT:
        stop(stream, WARC_CUT);
        break;
    case DEFLATED_BAD:
        stop(stream, WARC_BROKEN);
        break;
    case DEFLATED_NO_MEMORY:
        stop(stream, WARC_NO_MEMORY);
        break;
    }
}

bytes warc_stream_piece(struct warc_stream *stream)
{
    while (stream->piece.len == 0 && stream->end == WARC_OPEN) {
        if (!stream->is_gzip) {
            stream->piece = bytes_slice(stream->all, stream->at, stream->at + WARC_PIECE_BYTES);
            stream->place.offset = stream->at;
            if (stream->piece.len == 0) {
                stop(stream, WARC_WHOLE);
            }
        } else if (stream->deflated) {
            unpack(stream);
        } else {
            begin_member(stream);
        }
    }
    return stream->piece;
}

void warc_stream_take(struct warc_stream *stream, size_t len)
{
    stream->piece = bytes_slice(stream->piece, len, stream->piece.len);
    stream->at += stream->is_gzip ? 0 : len;
    stream->place.offset += stream->is_gzip ? 0 : len;
    stream->place.inside += stream->is_gzip ? len : 0;
}

void warc_stream_close(struct warc_stream *stream)
{
    deflated_close(stream->deflated);
    memory_release(stream->buffer);
    *stream = (struct warc_stream){.end = WARC_WHOLE};
}
