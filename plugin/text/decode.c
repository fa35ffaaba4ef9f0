/* SPDX-License-Identifier: Apache-2.0 */
#include "text/decode.h"

#include "text/charset_table.h"
#include "text/coder.h"
#include "text/origin.h"
#include "text/utf8.h"

/* Contents up to this size get room for the worst case; larger ones are measured first. */
enum { MEASURE_FROM_BYTES = 256 * 1024, MEASURE_WINDOWS = 64, MEASURE_WINDOW_BYTES = 1024 };

enum { PULSE_BLOCKS = (1 << 20) / ORIGIN_BLOCK_BYTES };
enum { BLOCK_ROOM = ORIGIN_BLOCK_BYTES * CODER_OUT_PER_BYTE + CODER_OUT_SLACK };

static size_t block_len(size_t left)
{
    return left < ORIGIN_BLOCK_BYTES ? left : ORIGIN_BLOCK_BYTES;
}

static size_t bom_len(bytes content, const struct charset *charset)
{
    static const uint8_t marks[][4] = {
        {0xEF, 0xBB, 0xBF}, {0xFF, 0xFE}, {0xFE, 0xFF}, {0xFF, 0xFE, 0, 0}, {0, 0, 0xFE, 0xFF}};
    const struct {
        const struct charset *charset;
        bytes mark;
    } rows[] = {
        {charset_utf_8, {marks[0], 3}},    {charset_utf_16le, {marks[1], 2}},
        {charset_utf_16be, {marks[2], 2}}, {charset_utf_32le, {marks[3], 4}},
        {charset_utf_32be, {marks[4], 4}},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (rows[i].charset == charset && bytes_start(content, rows[i].mark)) {
            return rows[i].mark.len;
        }
    }
    return 0;
}

/* Valid UTF-8 is lent. */
static enum status lend(struct arena *arena, bytes content, size_t bom, struct decoded *out)
{
    const bytes rest = bytes_slice(content, bom, content.len);
    out->text = (str){.ptr = rest.ptr ? (const char *)rest.ptr : "", .len = rest.len};
    if (!bom) {
        return STATUS_OK;
    }
    struct origin *const origin = ARENA_NEW(arena, struct origin);
    if (!origin) {
        return STATUS_NO_MEMORY;
    }
    *origin = (struct origin){.content = content, .text_len = out->text.len, .shift = bom};
    out->origin = origin;
    return STATUS_OK;
}

struct growing {
    struct arena *arena;
    uint8_t *ptr;
    size_t capacity;
};

/* How much text the whole content will give, from windows spread over it, and an eighth more: room
 * that is not written to costs no memory, while room that is short costs a copy. A window may begin
 * inside a character; that error is small. */
static size_t estimate_capacity(bytes content, const struct charset *charset)
{
    uint8_t room[MEASURE_WINDOW_BYTES * CODER_OUT_PER_BYTE + CODER_OUT_SLACK];
    size_t sum = 0;
    for (size_t i = 0; i < MEASURE_WINDOWS; i++) {
        /* Windows begin at multiples of 4, for UTF-16 and UTF-32. */
        const size_t start =
            ((content.len - MEASURE_WINDOW_BYTES) / (MEASURE_WINDOWS - 1) * i) & ~(size_t)3;
        struct coder_run run = {.content = content,
                                .at = start,
                                .stop = start + MEASURE_WINDOW_BYTES,
                                .out = room,
                                .upper_half = charset->upper_half};
        charset->coder->run(&run);
        sum += (size_t)(run.out - room);
    }
    const size_t rate = sum + sum / 8; /* of text for MEASURE_WINDOWS windows of content */
    const size_t most = content.len * CODER_OUT_PER_BYTE;
    const size_t estimate =
        (content.len / ((size_t)MEASURE_WINDOWS * MEASURE_WINDOW_BYTES) + 1) * rate;
    return (estimate < most ? estimate : most) + BLOCK_ROOM;
}

/* Room for one more block. When the estimate was too low, the rest is estimated by what the content
 * gave so far, and it grows by a half at least: so at most a few copies whatever the content is. */
static bool growing_reserve(struct growing *out, size_t used, size_t done, size_t total)
{
    const size_t left = total - done;
    if (out->capacity - used >= block_len(left) * CODER_OUT_PER_BYTE + CODER_OUT_SLACK) {
        return true;
    }
    const size_t rate = done ? used / (done / ORIGIN_BLOCK_BYTES + 1) + 1 : ORIGIN_BLOCK_BYTES;
    size_t more = left / ORIGIN_BLOCK_BYTES * (rate + rate / 4);
    more = more < used / 2 ? used / 2 : more;
    const size_t worst = left * CODER_OUT_PER_BYTE;
    more = (more > worst ? worst : more) + 2 * (size_t)BLOCK_ROOM;
    uint8_t *const larger = (uint8_t *)arena_text(out->arena, used + more);
    if (!larger) {
        return false;
    }
    if (used) {
        memcpy(larger, out->ptr, used);
    }
    out->ptr = larger;
    out->capacity = used + more;
    return true;
}

static bool growing_open(struct growing *out, bytes content, const struct charset *charset,
                         size_t bom)
{
    const size_t left = content.len - bom;
    out->capacity = content.len >= MEASURE_FROM_BYTES ? estimate_capacity(content, charset)
                                                      : left * CODER_OUT_PER_BYTE + CODER_OUT_SLACK;
    out->ptr = (uint8_t *)arena_text(out->arena, out->capacity);
    return out->ptr != NULL;
}

/* `sink` may be NULL. */
static enum status transcode(struct arena *arena, bytes content, const struct charset *charset,
                             size_t bom, struct sink *sink, struct decoded *out)
{
    struct origin *const origin = ARENA_NEW(arena, struct origin);
    const size_t blocks = content.len / ORIGIN_BLOCK_BYTES + 1;
    struct checkpoint *const checkpoints = ARENA_ARRAY(arena, blocks, struct checkpoint);
    struct checkpoint *const cursor = ARENA_NEW(arena, struct checkpoint);
    struct growing text = {.arena = arena};
    if (!origin || !checkpoints || !cursor || !growing_open(&text, content, charset, bom)) {
        return STATUS_NO_MEMORY;
    }
    struct coder_run run = {.content = content, .at = bom, .upper_half = charset->upper_half};
    size_t used = 0;
    size_t count = 0;
    while (run.at < content.len) {
        if (!growing_reserve(&text, used, run.at, content.len)) {
            return STATUS_NO_MEMORY;
        }
        checkpoints[count++] =
            (struct checkpoint){.content = run.at, .text = used, .mode = run.mode};
        run.stop = run.at + block_len(content.len - run.at);
        run.out = text.ptr + used;
        charset->coder->run(&run);
        used = (size_t)(run.out - text.ptr);
        if (sink && count % PULSE_BLOCKS == 0) {
            TRY(sink_pulse(sink, run.at));
        }
    }
    if (count) {
        *cursor = checkpoints[0];
    }
    *origin = (struct origin){.content = content,
                              .charset = charset,
                              .text_len = used,
                              .shift = bom,
                              .checkpoints = checkpoints,
                              .checkpoint_count = count,
                              .cursor = cursor};
    out->text = (str){.ptr = (const char *)text.ptr, .len = used};
    out->origin = origin;
    out->replaced = run.replaced;
    out->replaced_first = run.replaced ? (int64_t)run.replaced_first : -1;
    return STATUS_OK;
}

enum status decode_pulsing(struct arena *arena, bytes content, const struct charset *charset,
                           struct sink *sink, struct decoded *out)
{
    const size_t bom = bom_len(content, charset);
    *out = (struct decoded){.replaced_first = -1, .bom_len = bom};
    if (charset == charset_utf_8 && utf8_is_valid(bytes_slice(content, bom, content.len))) {
        return lend(arena, content, bom, out);
    }
    return transcode(arena, content, charset, bom, sink, out);
}

enum status decode(struct arena *arena, bytes content, const struct charset *charset,
                   struct decoded *out)
{
    return decode_pulsing(arena, content, charset, NULL, out);
}
