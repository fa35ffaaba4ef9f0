/* SPDX-License-Identifier: Apache-2.0 */
#include "formats/warc.h"

#include "base/buf.h"
#include "formats/date_time.h"

/* Searched and compared as ASCII; nothing else is done with it. */
static str as_ascii(bytes b)
{
    return (str){.ptr = (const char *)b.ptr, .len = b.len};
}

static void skip_bytes(struct warc *warc, uint64_t count)
{
    while (count) {
        const bytes piece = warc_stream_piece(&warc->stream);
        if (piece.len == 0) {
            warc->end = warc->stream.end == WARC_WHOLE ? WARC_CUT : warc->stream.end;
            return;
        }
        const size_t len = piece.len < count ? piece.len : (size_t)count;
        warc_stream_take(&warc->stream, len);
        count -= len;
    }
}

bool warc_open(struct warc *warc, bytes all, struct warc_place at, int64_t ratio_max)
{
    const size_t from = at.offset < all.len ? (size_t)at.offset : all.len;
    *warc = (struct warc){.end = WARC_OPEN};
    if (!warc_stream_open(&warc->stream, bytes_slice(all, from, all.len), ratio_max)) {
        warc->end = WARC_NO_MEMORY;
        return false;
    }
    skip_bytes(warc, at.inside);
    return true;
}

/* ---- a head ---- */

/* Appends the next line, its end included. False: there is none, or no room. */
static bool take_line(struct warc *warc, struct buf *head)
{
    for (;;) {
        const bytes piece = warc_stream_piece(&warc->stream);
        const uint8_t *end = piece.len ? memchr(piece.ptr, '\n', piece.len) : NULL;
        const size_t len = end ? (size_t)(end - piece.ptr) + 1 : piece.len;
        buf_add_bytes(head, bytes_slice(piece, 0, len));
        warc_stream_take(&warc->stream, len);
        if (end || len == 0 || buf_failed(head)) {
            return end && !buf_failed(head);
        }
    }
}

static bool is_line_end(uint8_t c)
{
    return c == '\r' || c == '\n';
}

/* Passes over the empty lines between two records. False: nothing stands behind them. */
static bool find_record(struct warc *warc)
{
    bytes piece = warc_stream_piece(&warc->stream);
    while (piece.len && is_line_end(piece.ptr[0])) {
        warc_stream_take(&warc->stream, 1);
        piece = warc_stream_piece(&warc->stream);
    }
    return piece.len > 0;
}

static void take_field(struct warc_record *record, bytes name, bytes value)
{
    static const str names[] = {
#define X(name, text) STR_INIT(text),
        WARC_FIELD_LIST(X)
#undef X
    };
    for (size_t i = 0; i < WARC_FIELD_COUNT; i++) {
        if (!record->fields[i].ptr && str_equal_ignoring_ascii_case(as_ascii(name), names[i])) {
            record->fields[i] = value;
        }
    }
}

/* name: value, and lines behind it that begin with a space (RFC 2822 2.2.3), which stay in it. */
static void take_fields(struct warc_record *record, str head)
{
    size_t at = 0;
    while (at < head.len) {
        size_t end = str_find_byte(head, '\n', at);
        while (end != SIZE_MAX && end + 1 < head.len &&
               (head.ptr[end + 1] == ' ' || head.ptr[end + 1] == '\t')) {
            end = str_find_byte(head, '\n', end + 1);
        }
        const str line = str_slice(head, at, end);
        const size_t colon = str_find_byte(line, ':', 0);
        if (colon != SIZE_MAX) {
            take_field(record, str_bytes(str_slice(line, 0, colon)),
                       str_bytes(str_trim_ascii(str_slice(line, colon + 1, line.len))));
        }
        at = end == SIZE_MAX ? head.len : end + 1;
    }
}

/* WARC 1.0 put addresses between angle brackets in its grammar, and some writers do. */
static bytes without_brackets(bytes uri)
{
    const bool has_both = uri.len >= 2 && uri.ptr[0] == '<' && uri.ptr[uri.len - 1] == '>';
    return has_both ? bytes_slice(uri, 1, uri.len - 1) : uri;
}

static enum warc_type type_of(str name)
{
    static const struct {
        str name;
        enum warc_type type;
    } types[] = {{STR_INIT("response"), WARC_RESPONSE},
                 {STR_INIT("resource"), WARC_RESOURCE},
                 {STR_INIT("revisit"), WARC_REVISIT}};
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        if (str_equal_ignoring_ascii_case(name, types[i].name)) {
            return types[i].type;
        }
    }
    return WARC_OTHER;
}

static bool read_head(struct warc_record *record, str head)
{
    int64_t length = 0;
    take_fields(record, head);
    if (!str_read_integer(as_ascii(record->fields[WARC_LENGTH]), &length)) {
        return false;
    }
    record->block_bytes = (uint64_t)length; /* str_read_integer reads no sign */
    record->type = type_of(as_ascii(record->fields[WARC_TYPE]));
    record->fields[WARC_TARGET_URI] = without_brackets(record->fields[WARC_TARGET_URI]);
    record->fields[WARC_REFERS_TO_URI] = without_brackets(record->fields[WARC_REFERS_TO_URI]);
    if (!date_time_of_w3c(as_ascii(record->fields[WARC_DATE]), &record->date_us)) {
        record->date_us = INT64_MIN;
    }
    return true;
}

/* Lines up to the empty one. */
static bool take_head(struct warc *warc, struct buf *head)
{
    if (!take_line(warc, head) || !str_starts(as_ascii(buf_bytes(head)), STR("WARC/"))) {
        return false;
    }
    for (;;) {
        const size_t from = head->len;
        if (!take_line(warc, head)) {
            return false;
        }
        if (is_line_end((uint8_t)head->ptr[from])) {
            return true;
        }
    }
}

bool warc_next(struct warc *warc, struct arena *arena, struct warc_record *out)
{
    struct buf head;
    *out = (struct warc_record){.date_us = INT64_MIN};
    if (warc->end == WARC_OPEN) {
        skip_bytes(warc, warc->block_left);
        warc->block_left = 0;
    }
    if (warc->end != WARC_OPEN) {
        return false;
    }
    if (!find_record(warc)) {
        warc->end = warc->stream.end;
        return false;
    }
    out->place = warc->stream.place;
    buf_init(&head, arena, WARC_HEAD_BYTES_MAX);
    if (!take_head(warc, &head) || !read_head(out, as_ascii(buf_bytes(&head)))) {
        const bool is_cut = warc->stream.end == WARC_WHOLE && warc->stream.piece.len == 0;
        warc->end = is_cut ? WARC_CUT : WARC_BROKEN;
        if (arena->refused) {
            warc->end = WARC_NO_MEMORY;
        } else if (warc->stream.end != WARC_OPEN && warc->stream.end != WARC_WHOLE) {
            warc->end = warc->stream.end;
        }
        return false;
    }
    warc->block_left = out->block_bytes;
    return true;
}

bytes warc_block(struct warc *warc)
{
    if (warc->block_left == 0 || warc->end != WARC_OPEN) {
        return (bytes){.ptr = warc->stream.all.ptr, .len = 0};
    }
    const bytes piece = warc_stream_piece(&warc->stream);
    const size_t len = piece.len < warc->block_left ? piece.len : (size_t)warc->block_left;
    warc_stream_take(&warc->stream, len);
    warc->block_left -= len;
    if (len == 0) {
        warc->end = warc->stream.end == WARC_WHOLE ? WARC_CUT : warc->stream.end;
    }
    return bytes_slice(piece, 0, len);
}

void warc_close(struct warc *warc)
{
    warc_stream_close(&warc->stream);
}
