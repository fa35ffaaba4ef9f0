/* SPDX-License-Identifier: Apache-2.0 */
/* Names of archive members and files: bytes in an encoding nobody declared, few and short, so all
 * names of one archive are judged together.
 *
 *   names ─► each encoding's cost of each name, in its best language ─► sum ─► the cheapest one
 *
 * One name alone can cost an encoding only so much: an archive may hold a name from elsewhere, and
 * names_reading_of finds it. */
#ifndef TEXT_NAMES_H
#define TEXT_NAMES_H

#include "base/arena.h"
#include "text/charset.h"

struct names_verdict {
    const struct charset *charset; /* NULL: no evidence speaks for any */
    double confidence;             /* 0 to 1, against every other reading that gives other text */
};

/* One encoding for a set of names: UTF-8 when all of them are ASCII. Looks at a bounded number of
 * them, spread evenly. [any thread] */
struct names_verdict names_judge(const bytes *names, size_t count);

/* The encoding alone. */
const struct charset *names_detect(const bytes *names, size_t count);

/* How to read one name of a set whose encoding is `pooled` (NULL stays NULL): by that, unless another
 * one explains the name far better, as in an archive that was put together in two places. */
const struct charset *names_reading_of(bytes name, const struct charset *pooled);

/* One name as text: decoded by `charset` (NULL: as UTF-8), bytes that do not decode and control
 * characters percent-encoded (%XX), so that nothing of the name is lost. `*undecodable` counts
 * them. `.ptr` NULL: no memory. */
str name_decode(struct arena *arena, bytes name, const struct charset *charset,
                size_t *undecodable);

#endif
