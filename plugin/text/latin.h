/* SPDX-License-Identifier: Apache-2.0 */
/* Western European text in windows-1252, told by which letters a language has and where they stand.
 * Its gain is in the same nats as text/likelihood.h. */
#ifndef TEXT_LATIN_H
#define TEXT_LATIN_H

#include "base/str.h"

enum { LATIN_ALPHABETS_MAX = 16 };

/* Zero to begin with. */
struct latin_likelihood {
    double cost[LATIN_ALPHABETS_MAX];
    int64_t high_bytes;
    int64_t alone; /* high bytes beside no ASCII letter that are no punctuation */
};

/* [any thread] */
void latin_add(struct latin_likelihood *sum, bytes slice);

/* Over the bytes being anything; 0 when a language that windows-1252 does not serve explains them
 * better. */
double latin_gain(const struct latin_likelihood *sum);

#endif
