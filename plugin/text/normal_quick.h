/* SPDX-License-Identifier: Apache-2.0 */
/* What happens to a character and what stands behind it, without more ado.
 *
 * The commonest spans: one character and a few marks in order behind it, or the
 * letters of one Hangul syllable. What it cannot tell is left to normal_span.h, with which it
 * agrees where it can. */
#ifndef TEXT_NORMAL_QUICK_H
#define TEXT_NORMAL_QUICK_H

#include "base/str.h"

enum { QUICK_MARKS_MAX = 6 };

struct quick_span {
    size_t end; /* in the text */
    bool changed;
    size_t count;
    uint32_t points[1 + QUICK_MARKS_MAX]; /* what the span becomes */
};

/* A span that begins with the character at `start`, a plain one, and goes on as long as characters
 * are of classes among `stops`. False: not a span of that kind. */
bool normal_quick(str text, size_t start, uint32_t stops, struct quick_span *out);

/* Does `c`, of CLASSES_BEHIND, stay what and where it is behind `before` (0: the text's beginning)?
 * False: it may not. `before` stays what it is itself. */
bool normal_stays_behind(uint32_t before, uint32_t c);

#endif
