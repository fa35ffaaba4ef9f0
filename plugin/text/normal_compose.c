/* SPDX-License-Identifier: Apache-2.0 */
/* The normal forms of Unicode (UAX 15) for one span, by utf8proc's data: decompose, put marks in
 * order, compose. Ordering is linear, too: a long run of marks is sorted by counting. */
#include "text/normal_span.h"

#include <utf8proc.h>

enum {
    DECOMPOSED_MAX = 32,   /* code points; the longest has 18 */
    INSERTED_RUN_MAX = 32, /* marks that are sorted by insertion */
    COMBINING_CLASSES = 256
};

static uint8_t combining_class(uint32_t c)
{
    /* at most 254 */
    return c < 0x300 ? 0 : (uint8_t)utf8proc_get_property((utf8proc_int32_t)c)->combining_class;
}

static bool stays(const struct span_rewriter *rewriter, uint32_t c)
{
    return c < 0x80 || (rewriter->rules.form == NORMAL_FORM_NFC_KEEP_COMPAT &&
                        normal_class_of(c) == CLASS_COMPATIBILITY_IDEOGRAPH);
}

static enum status decompose(struct span_rewriter *rewriter)
{
    const utf8proc_option_t options =
        UTF8PROC_STABLE | UTF8PROC_DECOMPOSE |
        (rewriter->rules.form == NORMAL_FORM_NFKC ? UTF8PROC_COMPAT : 0);
    struct points *const to = &rewriter->formed;
    to->count = 0;
    for (size_t i = 0; i < rewriter->kept.count; i++) {
        const uint32_t c = rewriter->kept.items[i];
        if (!points_reserve(to, rewriter->arena, DECOMPOSED_MAX)) {
            return STATUS_NO_MEMORY;
        }
        if (stays(rewriter, c)) {
            to->items[to->count++] = c;
            continue;
        }
        int boundary = 0;
        const utf8proc_ssize_t count =
            utf8proc_decompose_char((utf8proc_int32_t)c, (utf8proc_int32_t *)to->items + to->count,
                                    DECOMPOSED_MAX, options, &boundary);
        if (count < 0 || count > DECOMPOSED_MAX) {
            return STATUS_INTERNAL;
        }
        to->count += (size_t)count;
    }
    return STATUS_OK;
}

static void insert_in_order(uint32_t *marks, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        const uint32_t mark = marks[i];
        const uint8_t class = combining_class(mark);
        size_t at = i;
        for (; at && combining_class(marks[at - 1]) > class; at--) {
            marks[at] = marks[at - 1];
        }
        marks[at] = mark;
    }
}

static enum status count_in_order(struct span_rewriter *rewriter, uint32_t *marks, size_t count)
{
    size_t places[COMBINING_CLASSES + 1] = {0};
    struct points *const sorted = &rewriter->sorted;
    if (!points_reserve(sorted, rewriter->arena, count)) {
        return STATUS_NO_MEMORY;
    }
    for (size_t i = 0; i < count; i++) {
        places[combining_class(marks[i]) + 1]++;
    }
    for (size_t class = 1; class <= COMBINING_CLASSES; class ++) {
        places[class] += places[class - 1];
    }
    for (size_t i = 0; i < count; i++) {
        sorted->items[places[combining_class(marks[i])]++] = marks[i];
    }
    memcpy(marks, sorted->items, count * sizeof *marks);
    return STATUS_OK;
}

static enum status order_marks(struct span_rewriter *rewriter)
{
    uint32_t *const items = rewriter->formed.items;
    const size_t count = rewriter->formed.count;
    for (size_t at = 0; at < count;) {
        const size_t start = at;
        bool in_order = true;
        uint8_t before = 0;
        for (uint8_t class; at < count && (class = combining_class(items[at])) != 0; at++) {
            in_order &= class >= before;
            before = class;
        }
        if (in_order) {
            at += at == start;
            continue;
        }
        if (at - start <= INSERTED_RUN_MAX) {
            insert_in_order(items + start, at - start);
        } else {
            TRY(count_in_order(rewriter, items + start, at - start));
        }
    }
    return STATUS_OK;
}

enum status points_compose(struct span_rewriter *rewriter)
{
    TRY(decompose(rewriter));
    TRY(order_marks(rewriter));
    const utf8proc_ssize_t count = utf8proc_normalize_utf32(
        (utf8proc_int32_t *)rewriter->formed.items, (utf8proc_ssize_t)rewriter->formed.count,
        UTF8PROC_STABLE | UTF8PROC_COMPOSE);
    if (count < 0) {
        return STATUS_INTERNAL;
    }
    rewriter->formed.count = (size_t)count;
    return STATUS_OK;
}
