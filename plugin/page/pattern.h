/* SPDX-License-Identifier: Apache-2.0 */
/* Wording as sites vary it: a line folded (widths, ASCII case, white space out, the traditional
 * characters of the wording to simplified ones, pinyin in brackets behind a character out) and
 * patterns that are held against it.
 *
 *   已閱讀 ５ 頁，還剩 12 頁未讀    folds to    已阅读5页,还剩12页未读
 *   已阅读#页,还剩#页未读           # is a number, * is anything
 *
 * Patterns are constants that the compiler decodes: matching reads no UTF-8.
 */
#ifndef PAGE_PATTERN_H
#define PAGE_PATTERN_H

#include <uchar.h>

#include "page/lines.h"

enum {
    FOLDED_MAX = 400, /* code points of a line that are looked at: labels and notices are short */
    NOTICE_BYTES_MAX = 640,
    HEAD_MAX = 24,
    NO_MATCH = -1
};

struct folded {
    uint32_t points[FOLDED_MAX];
    size_t at[FOLDED_MAX + 1]; /* where each stands in struct lines.text; [count]: where it ends */
    bool behind_blank[FOLDED_MAX];
    int count;
    bool whole; /* the line is not longer */
};

/* As folding leaves it: narrow, small letters, no white space, simplified. Not empty. */
struct pattern {
    const char16_t *points;
    int count;
};

#define PATTERN_INIT(literal)                                                                      \
    {                                                                                              \
        .points = u"" literal, .count = (int)(sizeof(u"" literal) / sizeof(char16_t)) - 1          \
    }
#define PATTERN(literal) ((struct pattern)PATTERN_INIT(literal))

/* One code point of wording, folded. */
uint32_t point_fold(uint32_t c);

/* Behind "(quán)" at `at`, which mirrors put behind characters; `at` when it is none. */
size_t pinyin_skip(str text, size_t at);

/* A line's text between two offsets of struct lines.text. */
void fold(str text, size_t from, size_t to, struct folded *out);
/* The same of a line that may be a notice or a title; a longer one comes out empty, unread. */
void fold_notice(str text, size_t from, size_t to, struct folded *out);
/* Its first HEAD_MAX points: enough to see a label or an anchor. */
void fold_head(str text, size_t from, size_t to, struct folded *out);

/* Where the match of `pattern` that begins at `from` ends, or NO_MATCH. `*` takes as little as it
 * can. */
int pattern_match(struct pattern pattern, const struct folded *folded, int from);

/* Where the first match at or after `from` begins, or NO_MATCH; *end becomes its end. */
int pattern_find(struct pattern pattern, const struct folded *folded, int from, int *end);

/* Does `folded` begin with all of `start`, which is whole and not empty? */
bool folded_begins(const struct folded *folded, const struct folded *start);

/* Do two texts fold to the same? Not longer than `FOLDED_MAX`, not empty. */
bool folded_equal(const struct folded *a, const struct folded *b);

/* Is `pattern` what folding leaves of it? For the test of the tables. */
bool pattern_is_folded(struct pattern pattern);

#endif
