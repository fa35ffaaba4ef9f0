/* SPDX-License-Identifier: Apache-2.0 */
/* Western European text in windows-1252, told by which letters a language has and where they stand.
 * Its gain is in the same nats as text/likelihood.h. */
#ifndef TEXT_LATIN_H
#define TEXT_LATIN_H

#include "base/str.h"

/* Where a high byte stands. */
enum latin_place {
    LATIN_BESIDE_LETTER, /* an ASCII letter on one side or on both */
    LATIN_BETWEEN,       /* a letter on both, where most signs make no sense */
    LATIN_ALONE,
    LATIN_PLACE_COUNT
};

/* Zero to begin with. */
struct latin_likelihood {
    uint32_t count[128][LATIN_PLACE_COUNT]; /* of each high byte */
};

/* [any thread] */
void latin_add(struct latin_likelihood *sum, bytes slice);

/* Over the bytes being anything; 0 when a language that windows-1252 does not serve explains them
 * better, or when a quarter of them makes no sense where it stands. */
double latin_gain(const struct latin_likelihood *sum);

#endif
