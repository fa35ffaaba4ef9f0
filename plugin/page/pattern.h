/* SPDX-License-Identifier: Apache-2.0 */
/* Wording as sites vary it: a line folded (widths, ASCII case, white space out) and patterns that
 * are held against it.
 *
 *   已阅读 ５ 页，还剩 12 页未读    folds to    已阅读5页,还剩12页未读
 *   已阅读#页,还剩#页未读           # is a number, * is anything
 */
#ifndef PAGE_PATTERN_H
#define PAGE_PATTERN_H

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

/* A line's text between two offsets of struct lines.text. */
void fold(str text, size_t from, size_t to, struct folded *out);
/* The same of a line that may be a notice or a title; a longer one comes out empty, unread. */
void fold_notice(str text, size_t from, size_t to, struct folded *out);
/* Its first HEAD_MAX points: enough to see a label or an anchor. */
void fold_head(str text, size_t from, size_t to, struct folded *out);

/* Where the match of `pattern` that begins at `from` ends, or NO_MATCH. The pattern is folded as it
 * is read; `*` takes as little as it can. */
int pattern_match(str pattern, const struct folded *folded, int from);

/* Where the first match at or after `from` begins, or NO_MATCH; *end becomes its end. */
int pattern_find(str pattern, const struct folded *folded, int from, int *end);

/* Does `folded` begin with all of `start`, which is whole and not empty? */
bool folded_begins(const struct folded *folded, const struct folded *start);

/* Do two texts fold to the same? Not longer than `FOLDED_MAX`, not empty. */
bool folded_equal(const struct folded *a, const struct folded *b);

#endif
