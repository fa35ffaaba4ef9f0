/* SPDX-License-Identifier: Apache-2.0 */
#include "text/normal.h"

#include "base/buf.h"
#include "base/memory.h"
#include "text/tables/normal.inc"
#include "text/utf8.h"

#include <utf8proc.h>

/* Composition never makes text longer than its decomposition, which is at most three times as many
 * bytes as the text (Unicode 15, UAX 15, table of expansion factors). */
enum { NFC_EXPANSION = 3 };

/* A run of marks longer than this is composed in pieces: ordering marks is quadratic in the run's
 * length, and no text needs more (UAX 15, Stream-Safe Text Format, allows 30). */
enum { DIRTY_RUN_MAX = 256 };

/* What a code point means for the scan. */
enum kind {
    KIND_PLAIN,   /* a starter that NFC leaves alone and that never joins what stands before it */
    KIND_CONTROL, /* is taken out */
    KIND_LINE,    /* becomes LF */
    KIND_DIRTY    /* NFC may change it or what stands before it */
};

static bool is_dirty(uint32_t c)
{
    if (c < 0x300) {
        return false;
    }
    if (c <= 0xFFFF) {
        return dirty_plane0[c / 32] >> (c % 32) & 1;
    }
    size_t low = 0;
    size_t high = sizeof dirty_above / sizeof dirty_above[0];
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (c > dirty_above[middle].last) {
            low = middle + 1;
        } else if (c < dirty_above[middle].first) {
            high = middle;
        } else {
            return true;
        }
    }
    return false;
}

static enum kind kind_of(uint32_t c)
{
    if (c == '\r' || c == 0x0B || c == '\f' || c == 0x85 || c == 0x2028 || c == 0x2029) {
        return KIND_LINE;
    }
    if ((c < 0x20 && c != '\n' && c != '\t') || (c >= 0x7F && c <= 0x9F) || c == 0xFEFF) {
        return KIND_CONTROL;
    }
    return is_dirty(c) ? KIND_DIRTY : KIND_PLAIN;
}

/* The number of bytes from `at` on that stay as they are whatever follows, eight at a time: ASCII
 * from space on, tab and LF among it one at a time. */
static size_t plain_ascii(str text, size_t at)
{
    const size_t start = at;
    for (uint64_t word; text.len - at >= sizeof word; at += sizeof word) {
        memcpy(&word, text.ptr + at, sizeof word);
        const uint64_t below_space = word - UINT64_C(0x2020202020202020);
        const uint64_t is_delete =
            (word ^ UINT64_C(0x7F7F7F7F7F7F7F7F)) - UINT64_C(0x0101010101010101);
        if ((word | below_space | is_delete) & UINT64_C(0x8080808080808080)) {
            break;
        }
    }
    while (at < text.len) {
        const uint8_t byte = (uint8_t)text.ptr[at];
        if (byte >= 0x7F || (byte < 0x20 && byte != '\n' && byte != '\t')) {
            break;
        }
        at++;
    }
    return at - start;
}

/* Ideographs from U+4000 on, whose lead bytes are E4 to E9, are plain without a look. */
static size_t plain_ideographs(str text, size_t at)
{
    const size_t start = at;
    while (text.len - at >= 3 && (uint8_t)text.ptr[at] >= 0xE4 && (uint8_t)text.ptr[at] <= 0xE9) {
        at += 3;
    }
    return at - start;
}

struct normaliser {
    str text;
    struct buf out;
    size_t copied;  /* bytes of `text` that are in `out` or were taken out */
    size_t starter; /* where the last plain code point begins: a mark behind it may join it */
    bool was_dirty;
    struct normal_changes *changes;
};

/* The first copy takes room for the whole text, which almost never grows. */
static void copy_until(struct normaliser *n, size_t end)
{
    if (!n->copied) {
        (void)buf_extend(&n->out, n->text.len);
        buf_clear(&n->out);
    }
    buf_add(&n->out, str_slice(n->text, n->copied, end));
    n->copied = end;
}

/* A dirty span reaches to the next plain code point, control or line end. */
static size_t dirty_end(str text, size_t at)
{
    size_t end = at;
    for (int count = 0; end < text.len && count < DIRTY_RUN_MAX; count++) {
        size_t next = end;
        if (kind_of(utf8_next(text, &next)) != KIND_DIRTY) {
            break;
        }
        end = next;
    }
    return end;
}

static enum status compose(struct normaliser *n, size_t start, size_t end)
{
    utf8proc_uint8_t *composed = NULL;
    const str span = str_slice(n->text, start, end);
    const utf8proc_ssize_t len =
        utf8proc_map((const utf8proc_uint8_t *)span.ptr, (utf8proc_ssize_t)span.len, &composed,
                     UTF8PROC_STABLE | UTF8PROC_COMPOSE);
    if (len < 0) {
        return STATUS_NO_MEMORY;
    }
    const str result = {.ptr = (const char *)composed, .len = (size_t)len};
    if (!str_equal(result, span)) {
        n->changes->composed = true;
        copy_until(n, start);
        buf_add(&n->out, result);
        n->copied = end;
    }
    memory_release(composed);
    return STATUS_OK;
}

static void remove_control(struct normaliser *n, size_t start, size_t end)
{
    n->changes->controls_removed++;
    copy_until(n, start);
    n->copied = end;
}

/* CR LF is one line end. */
static size_t replace_line_end(struct normaliser *n, size_t start, size_t end)
{
    copy_until(n, start);
    buf_add_byte(&n->out, '\n');
    if (n->text.ptr[start] == '\r' && end < n->text.len && n->text.ptr[end] == '\n') {
        end++;
    }
    n->copied = end;
    return end;
}

static enum status finish(struct normaliser *n, str *out)
{
    if (!n->copied) {
        *out = n->text;
        return STATUS_OK;
    }
    copy_until(n, n->text.len);
    if (buf_failed(&n->out)) {
        return STATUS_NO_MEMORY;
    }
    *out = buf_str(&n->out);
    return STATUS_OK;
}

static enum status scan(struct normaliser *n, str *out)
{
    const str text = n->text;
    for (size_t at = 0; at < text.len;) {
        const size_t ascii = plain_ascii(text, at);
        const size_t ideographs = plain_ideographs(text, at + ascii);
        if (ascii + ideographs) {
            at += ascii + ideographs;
            n->starter = at - (ideographs ? 3 : 1);
            continue;
        }
        const size_t start = at;
        switch (kind_of(utf8_next(text, &at))) {
        case KIND_PLAIN:
            n->starter = start;
            break;
        case KIND_CONTROL:
            remove_control(n, start, at);
            n->starter = at;
            break;
        case KIND_LINE:
            at = replace_line_end(n, start, at);
            n->starter = at;
            break;
        case KIND_DIRTY:
            at = dirty_end(text, start);
            TRY(compose(n, n->starter, at));
            n->starter = at;
            n->was_dirty = true;
            break;
        }
    }
    return finish(n, out);
}

/* A mark may stand behind a control; once that is gone it joins what was before it. So a text with
 * both is scanned a second time, now without controls. */
static enum status normalise_to_nfc(struct normaliser *n, str *out)
{
    const int64_t before = n->changes->controls_removed;
    TRY(scan(n, out));
    if (!n->was_dirty || n->changes->controls_removed == before) {
        return STATUS_OK;
    }
    struct normaliser again = {.text = *out, .changes = n->changes};
    buf_init(&again.out, n->out.arena, n->out.limit_bytes);
    return scan(&again, out);
}

/* NONE: nothing but U+0000 goes. */
static enum status remove_nul(struct normaliser *n, str *out)
{
    for (size_t at = 0; (at = str_find_byte(n->text, '\0', at)) != SIZE_MAX; at++) {
        remove_control(n, at, at + 1);
    }
    return finish(n, out);
}

enum status normalise(struct arena *arena, str text, enum normal_form form, str *out,
                      struct normal_changes *changes)
{
    struct normaliser n = {.text = text, .changes = changes};
    buf_init(&n.out, arena,
             text.len > SIZE_MAX / NFC_EXPANSION ? SIZE_MAX : text.len * NFC_EXPANSION);
    switch (form) {
    case NORMAL_FORM_NFC:
        return normalise_to_nfc(&n, out);
    case NORMAL_FORM_NONE:
        return remove_nul(&n, out);
    }
    return STATUS_INTERNAL;
}
