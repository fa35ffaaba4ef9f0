/* SPDX-License-Identifier: Apache-2.0 */
#include "text/normal.h"

#include "base/buf.h"
#include "text/normal_class.h"
#include "text/normal_quick.h"
#include "text/normal_scan.h"
#include "text/normal_span.h"
#include "text/utf8.h"

enum {
    /* Composition never makes text longer than its decomposition (UAX 15, table of expansion
     * factors of UTF-8). */
    NFC_EXPANSION = 3,
    NFKC_EXPANSION = 11,
    SPAN_CODE_POINTS = 200 /* beyond this a span ends where it may */
};

bool normal_form_find(str name, enum normal_form *out)
{
    static const struct {
        str name;
        enum normal_form form;
    } forms[] = {
        {STR_INIT("nfc"), NORMAL_FORM_NFC},
        {STR_INIT("nfc-keep-compat"), NORMAL_FORM_NFC_KEEP_COMPAT},
        {STR_INIT("nfkc"), NORMAL_FORM_NFKC},
        {STR_INIT("none"), NORMAL_FORM_NONE},
    };
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        if (str_equal(forms[i].name, name)) {
            *out = forms[i].form;
            return true;
        }
    }
    return false;
}

struct normal_text {
    str text;
    struct buf out;
    size_t copied; /* bytes of `text` that are in `out` or were taken out */
    bool changed;
};

/* The first copy takes room for the whole text, which almost never grows. */
static void copy_until(struct normal_text *n, size_t end)
{
    if (!n->changed) {
        (void)buf_extend(&n->out, n->text.len);
        buf_clear(&n->out);
    }
    n->changed = true;
    buf_add(&n->out, str_slice(n->text, n->copied, end));
    n->copied = end;
}

static enum status finish(struct normal_text *n, str *out)
{
    if (!n->changed) {
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

/* A span reaches to the next plain character, or, when it is long, to one that joins nothing. */
static size_t span_end(str text, size_t at, uint32_t stops)
{
    for (int count = 0; at < text.len; count++) {
        size_t next = at;
        const enum normal_class class = normal_class_of(utf8_next(text, &next));
        if (!normal_class_is_among(class, stops) ||
            (count > SPAN_CODE_POINTS && normal_class_is_among(class, CLASSES_START))) {
            break;
        }
        at = next;
    }
    return at;
}

/* From the plain character before `at`, which a mark may join, on, or from the one before the marks
 * there, which others may have to stand between; none stands there when a span has just ended. */
static size_t span_start(str text, size_t at, size_t done, uint32_t stops)
{
    bool is_plain = false;
    while (at > done && !is_plain) {
        is_plain = !normal_class_is_among(normal_class_of(utf8_previous(text, &at)), stops);
    }
    return at;
}

/* What the span from `start` to `end` becomes. */
static void replace_span(struct normal_text *n, size_t start, size_t end, const uint32_t *points,
                         size_t count)
{
    copy_until(n, start);
    for (size_t i = 0; i < count; i++) {
        buf_add_code_point(&n->out, points[i]);
    }
    n->copied = end;
}

static void replace_hangul(struct normal_text *n, struct span_rewriter *rewriter, size_t start,
                           const struct hangul_run *run)
{
    copy_until(n, start);
    buf_add(&n->out, (str){.ptr = run->text, .len = run->len});
    n->copied = run->end;
    normal_change_count(rewriter, NORMAL_normalised, start);
    rewriter->changes->count[NORMAL_normalised] += (int64_t)run->count - 1;
}

/* The span whose first character that is not plain is at `at`; *done, where the last one ended,
 * becomes where this one ends. */
static enum status pass_span(struct normal_text *n, struct span_rewriter *rewriter, size_t at,
                             size_t *done)
{
    const struct points *points = NULL;
    struct quick_span quick;
    struct hangul_run hangul;
    const size_t start = span_start(n->text, at, *done, rewriter->stops);
    if (normal_hangul(n->text, start, rewriter->stops, &hangul)) {
        replace_hangul(n, rewriter, start, &hangul);
        *done = hangul.end;
        return STATUS_OK;
    }
    if (normal_quick(n->text, start, rewriter->stops, &quick)) {
        if (quick.changed) {
            normal_change_count(rewriter, NORMAL_normalised, start);
            replace_span(n, start, quick.end, quick.points, quick.count);
        }
        *done = quick.end;
        return STATUS_OK;
    }
    *done = span_end(n->text, at, rewriter->stops);
    TRY(span_rewrite(rewriter, start, *done, &points));
    if (points) {
        replace_span(n, start, *done, points->items, points->count);
    }
    return STATUS_OK;
}

static enum status normalise_spans(struct normal_text *n, struct span_rewriter *rewriter, str *out)
{
    const struct normal_scan scan = normal_scan_of(rewriter->rules);
    const enum normal_scan_width width = normal_scan_widest();
    size_t done = 0;
    for (size_t at; (at = normal_scan_next(&scan, n->text, done, width)) < n->text.len;) {
        TRY(pass_span(n, rewriter, at, &done));
    }
    return finish(n, out);
}

/* NONE: nothing but U+0000 goes. */
static enum status remove_nul(struct normal_text *n, str *out, struct normal_changes *changes)
{
    for (size_t at = 0; (at = str_find_byte(n->text, '\0', at)) != SIZE_MAX; at++) {
        if (changes->count[NORMAL_control_removed]++ == 0) {
            changes->first[NORMAL_control_removed] = at;
        }
        copy_until(n, at);
        n->copied = at + 1;
    }
    return finish(n, out);
}

enum status normalise(struct arena *arena, str text, struct normal_rules rules, str *out,
                      struct normal_changes *changes)
{
    const size_t expansion = rules.form == NORMAL_FORM_NFKC ? NFKC_EXPANSION : NFC_EXPANSION;
    struct normal_text n = {.text = text};
    buf_init(&n.out, arena, text.len > SIZE_MAX / expansion ? SIZE_MAX : text.len * expansion);
    if (rules.form == NORMAL_FORM_NONE) {
        return remove_nul(&n, out, changes);
    }
    struct span_rewriter rewriter; /* its first arrays need no zeros */
    span_rewriter_init(&rewriter, arena, text, rules, changes);
    return normalise_spans(&n, &rewriter, out);
}

/* Before a plain character that is seen and is no space, behind one that is seen: no mark, no
 * zero-width run and no line's beginning reaches across. */
size_t normal_cut(str text, size_t reach)
{
    const size_t lowest = text.len > reach ? text.len - reach : 0;
    for (size_t at = text.len; at > lowest;) {
        const uint32_t c = utf8_previous(text, &at);
        size_t before = at;
        if (at && normal_class_of(c) == CLASS_PLAIN && !code_point_is_space(c) &&
            !normal_class_is_among(normal_class_of(utf8_previous(text, &before)),
                                   CLASSES_ZERO_WIDTH)) {
            return at;
        }
    }
    return 0;
}
