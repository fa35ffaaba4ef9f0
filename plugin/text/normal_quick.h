/* SPDX-License-Identifier: Apache-2.0 */
/* The commonest spans without more ado: one character and a few marks in order behind it, or the
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

/* A span that begins with the plain character at `start` and has its first other one at `at`. Which
 * classes are not plain is `stops`. False: not a span of that kind. */
bool normal_quick(str text, size_t start, size_t at, uint32_t stops, struct quick_span *out);

#endif
