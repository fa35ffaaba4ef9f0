/* SPDX-License-Identifier: Apache-2.0 */
/* What happens to a character and what stands behind it, without more ado.
 *
 * The commonest spans: one character and a few marks in order behind it, or the
 * letters of one Hangul syllable. What it cannot tell is left to normal_span.h, with which it
 * agrees where it can. */
#ifndef TEXT_NORMAL_QUICK_H
#define TEXT_NORMAL_QUICK_H

#include "base/str.h"

enum { QUICK_MARKS_MAX = 6, HANGUL_RUN_BYTES_MAX = 240 };

struct quick_span {
    size_t end; /* in the text */
    bool changed;
    size_t count;
    uint32_t points[1 + QUICK_MARKS_MAX]; /* what the span becomes */
};

/* A span that begins with the character at `start`, a plain one, and goes on as long as characters
 * are of classes among `stops`. False: not a span of that kind. */
bool normal_quick(str text, size_t start, uint32_t stops, struct quick_span *out);

/* Syllables that were written letter by letter, with plain ASCII between. */
struct hangul_run {
    size_t end;   /* in the text */
    size_t count; /* syllables */
    size_t len;
    char text[HANGUL_RUN_BYTES_MAX]; /* what the run becomes */
};

/* From `start` on, as far as nothing stands behind a syllable that may join it. False: there is
 * none. */
bool normal_hangul(str text, size_t start, uint32_t stops, struct hangul_run *out);

/* Does `c`, of CLASSES_BEHIND, stay what and where it is behind `before` (0: the text's beginning)?
 * False: it may not. `before` stays what it is itself. */
bool normal_stays_behind(uint32_t before, uint32_t c);

#endif
