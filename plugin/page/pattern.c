/* SPDX-License-Identifier: Apache-2.0 */
#include "page/pattern.h"

#include "text/utf8.h"

static uint32_t fold_point(uint32_t c)
{
    c = c < 0x80 ? c : code_point_fold_width(c);
    return c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c;
}

static void fold_up_to(str text, size_t from, size_t to, int most, struct folded *out)
{
    const str head = str_slice(text, 0, to);
    bool behind_blank = true;
    out->count = 0;
    while (from < head.len && out->count < most) {
        const size_t at = from;
        const uint32_t c = utf8_next(head, &from);
        if (blank_is(c)) {
            behind_blank = true;
            continue;
        }
        out->at[out->count] = at;
        out->behind_blank[out->count] = behind_blank;
        out->points[out->count] = fold_point(c);
        out->count++;
        behind_blank = false;
    }
    out->at[out->count] = from;
    out->whole = blank_skip(head, from, head.len) == head.len;
}

void fold(str text, size_t from, size_t to, struct folded *out)
{
    fold_up_to(text, from, to, FOLDED_MAX, out);
}

void fold_notice(str text, size_t from, size_t to, struct folded *out)
{
    const bool fits = to - from <= NOTICE_BYTES_MAX;
    fold_up_to(text, from, fits ? to : from, FOLDED_MAX, out);
    out->whole = fits && out->whole;
}

void fold_head(str text, size_t from, size_t to, struct folded *out)
{
    fold_up_to(text, from, to, HEAD_MAX, out);
}

struct matcher {
    str pattern;
    size_t at;    /* in the pattern */
    int point;    /* in the line */
    size_t retry; /* behind the last `*`; 0: there was none */
    int retry_point;
};

/* One step of the pattern; false: it does not hold here. */
static bool step(struct matcher *m, const struct folded *folded)
{
    const uint32_t wanted = fold_point(utf8_next(m->pattern, &m->at));
    if (wanted == '*') {
        m->retry = m->at;
        m->retry_point = m->point;
        return true;
    }
    if (m->point >= folded->count) {
        return false;
    }
    if (wanted == '#') {
        const int first = m->point;
        while (m->point < folded->count && ascii_is_digit(folded->points[m->point])) {
            m->point++;
        }
        return m->point > first;
    }
    return folded->points[m->point++] == wanted;
}

int pattern_match(str pattern, const struct folded *folded, int from)
{
    struct matcher m = {.pattern = pattern, .point = from};
    while (m.at < pattern.len) {
        if (step(&m, folded)) {
            continue;
        }
        if (!m.retry || m.retry_point >= folded->count) {
            return NO_MATCH;
        }
        m.at = m.retry;
        m.point = ++m.retry_point;
    }
    return m.point;
}

int pattern_find(str pattern, const struct folded *folded, int from, int *end)
{
    size_t at = 0;
    const uint32_t first = fold_point(utf8_next(pattern, &at));
    const bool plain = first != '*' && first != '#';
    for (int i = from; i < folded->count; i++) {
        if (plain && folded->points[i] != first) {
            continue;
        }
        *end = pattern_match(pattern, folded, i);
        if (*end != NO_MATCH) {
            return i;
        }
    }
    return NO_MATCH;
}

bool folded_begins(const struct folded *folded, const struct folded *start)
{
    return start->whole && start->count > 0 && folded->count >= start->count &&
           memcmp(folded->points, start->points, (size_t)start->count * sizeof start->points[0]) ==
               0;
}

bool folded_equal(const struct folded *a, const struct folded *b)
{
    return a->whole && b->whole && a->count > 0 && a->count == b->count &&
           memcmp(a->points, b->points, (size_t)a->count * sizeof a->points[0]) == 0;
}
