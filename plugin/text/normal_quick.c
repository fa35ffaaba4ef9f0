/* SPDX-License-Identifier: Apache-2.0 */
#include "text/normal_quick.h"

#include "text/normal_class.h"

struct pair {
    uint32_t first;
    uint32_t second;
    uint32_t composite;
};

#include "text/tables/normal_pairs.inc"

enum { NOT_SIMPLE = 255, PAIR_SLOTS = sizeof pairs / sizeof *pairs };

/* Unicode 3.12: syllables are computed. */
enum {
    LEAD_FIRST = 0x1100,
    LEAD_COUNT = 19,
    VOWEL_FIRST = 0x1161,
    VOWEL_COUNT = 21,
    TAIL_BEFORE = 0x11A7, /* no tail */
    TAIL_COUNT = 28,
    SYLLABLE_FIRST = 0xAC00,
    SYLLABLE_COUNT = LEAD_COUNT * VOWEL_COUNT * TAIL_COUNT
};

/* Of a mark its combining class; of another character that of the last mark it is made of. */
static uint8_t edge_of(uint32_t c)
{
    return edge_blocks[edge_index[c / NORMAL_CLASS_BLOCK]][c % NORMAL_CLASS_BLOCK];
}

/* 0: they do not compose. */
static uint32_t compose_pair(uint32_t first, uint32_t second)
{
    uint32_t slot = (first * 0x9E3779B1u ^ second * 0x85EBCA6Bu) >> 21;
    for (; pairs[slot].first; slot = (slot + 1) % PAIR_SLOTS) {
        if (pairs[slot].first == first && pairs[slot].second == second) {
            return pairs[slot].composite;
        }
    }
    return 0;
}

static uint32_t compose_hangul(uint32_t first, uint32_t second)
{
    const uint32_t lead = first - LEAD_FIRST;
    const uint32_t vowel = second - VOWEL_FIRST;
    const uint32_t syllable = first - SYLLABLE_FIRST;
    const uint32_t tail = second - TAIL_BEFORE;
    if (lead < LEAD_COUNT && vowel < VOWEL_COUNT) {
        return SYLLABLE_FIRST + (lead * VOWEL_COUNT + vowel) * TAIL_COUNT;
    }
    if (syllable < SYLLABLE_COUNT && syllable % TAIL_COUNT == 0 && tail && tail < TAIL_COUNT) {
        return first + tail;
    }
    return 0;
}

struct marks {
    uint8_t last; /* class of the last one of all, those of the first character among them */
    uint8_t left; /* class of the last one that did not compose; 0: none */
};

/* One more character of the span. UAX 15: a mark composes unless one of its own class is left
 * before it; a class lower than the one before means to reorder, which is done elsewhere. */
static bool add(struct quick_span *span, uint32_t c, struct marks *marks)
{
    const uint8_t class = edge_of(c);
    uint32_t composite = 0;
    if (class == NOT_SIMPLE) {
        composite = span->count == 1 ? compose_hangul(span->points[0], c) : 0;
        if (!composite) {
            return false;
        }
    } else {
        if (class == 0 || class < marks->last || span->count > QUICK_MARKS_MAX) {
            return false;
        }
        composite = marks->left == class ? 0 : compose_pair(span->points[0], c);
        marks->last = class;
        marks->left = composite ? marks->left : class;
    }
    if (composite) {
        span->points[0] = composite;
        span->changed = true;
    } else {
        span->points[span->count++] = c;
    }
    return true;
}

bool normal_quick(str text, size_t start, uint32_t stops, struct quick_span *out)
{
    struct quick_span span = {.count = 1};
    span.end = start + normal_character_at(text, start, &span.points[0]);
    struct marks marks = {.last = edge_of(span.points[0])};
    if (marks.last == NOT_SIMPLE || normal_class_is_among(normal_class_of(span.points[0]), stops)) {
        return false;
    }
    for (size_t next = span.end; next < text.len; span.end = next) {
        uint32_t c;
        next += normal_character_at(text, next, &c);
        const enum normal_class class = normal_class_of(c);
        if (!normal_class_is_among(class, stops)) {
            break;
        }
        if (!normal_class_is_among(class, CLASSES_BEHIND | CLASS_BIT(DIRTY)) ||
            !add(&span, c, &marks)) {
            return false;
        }
    }
    *out = span;
    return true;
}

/* The number of a letter among those that begin with it, in UTF-8: E1, second, third. Letters that
 * modern Korean needs lie in few blocks of 64. */
static uint32_t letter_at(str text, size_t at)
{
    const uint8_t *const b = (const uint8_t *)text.ptr + at;
    return text.len - at < 3 || b[0] != 0xE1 ? 0 : 0x1000u | (b[1] & 0x3Fu) << 6 | (b[2] & 0x3Fu);
}

static bool is_plain_ascii(char c)
{
    return (c >= ' ' && c < 0x7F) || c == '\n' || c == '\t';
}

static bool ends_before(str text, size_t at, uint32_t stops)
{
    uint32_t c;
    if (at == text.len || is_plain_ascii(text.ptr[at])) {
        return true;
    }
    (void)normal_character_at(text, at, &c);
    return !normal_class_is_among(normal_class_of(c), stops);
}

/* Its length; 0: none. */
static size_t syllable_at(str text, size_t at, uint32_t stops, char out[3])
{
    const uint32_t lead = letter_at(text, at) - LEAD_FIRST;
    const uint32_t vowel = lead < LEAD_COUNT ? letter_at(text, at + 3) - VOWEL_FIRST : VOWEL_COUNT;
    if (vowel >= VOWEL_COUNT) {
        return 0;
    }
    const uint32_t tail = letter_at(text, at + 6) - TAIL_BEFORE;
    const bool has_tail = tail && tail < TAIL_COUNT;
    const size_t len = has_tail ? 9 : 6;
    const uint32_t c =
        SYLLABLE_FIRST + (lead * VOWEL_COUNT + vowel) * TAIL_COUNT + (has_tail ? tail : 0);
    out[0] = (char)(0xE0 | c >> 12);
    out[1] = (char)(0x80 | (c >> 6 & 0x3F));
    out[2] = (char)(0x80 | (c & 0x3F));
    return ends_before(text, at + len, stops) ? len : 0;
}

bool normal_hangul(str text, size_t start, uint32_t stops, struct hangul_run *out)
{
    size_t at = start;
    size_t len = 0; /* of out->text, with what may stand before the next syllable */
    out->count = 0;
    while (len + 3 <= sizeof out->text && at < text.len) {
        if (out->count && is_plain_ascii(text.ptr[at])) {
            out->text[len++] = text.ptr[at++];
            continue;
        }
        const size_t taken = syllable_at(text, at, stops, out->text + len);
        if (!taken) {
            break;
        }
        at += taken;
        len += 3;
        out->count++;
        out->end = at;
        out->len = len;
    }
    return out->count > 0;
}

/* UAX 15, the quick check: a mark that composes with nothing stands right unless it is of a lower
 * class than the one before. One that may compose stands right behind a character that it does not
 * compose with, when no mark of that character would come behind it. What is no mark composes with
 * its neighbour only. */
bool normal_stays_behind(uint32_t before, uint32_t c)
{
    const bool is_behind_mark =
        normal_class_is_among(normal_class_of(before), CLASSES_BEHIND | CLASS_BIT(DIRTY));
    const uint8_t class = edge_of(c);
    const uint8_t edge = edge_of(before);
    if (normal_class_of(c) == CLASS_MARK) {
        return !is_behind_mark || edge <= class;
    }
    if (class == NOT_SIMPLE) {
        return !compose_hangul(before, c) && !compose_pair(before, c);
    }
    return !is_behind_mark && edge <= class && !compose_pair(before, c);
}
