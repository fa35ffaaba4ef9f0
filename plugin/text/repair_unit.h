/* SPDX-License-Identifier: Apache-2.0 */
/* The pieces of a line that a misreading would explain, and what they would be.
 *
 *   unit   [from, to) of the line's characters: a run of UTF-8 sequences, or a word of two-byte
 *          characters, that goes back to bytes and decodes without an error
 */
#ifndef TEXT_REPAIR_UNIT_H
#define TEXT_REPAIR_UNIT_H

#include "text/charset.h"
#include "text/repair_sets.h"

enum { REPAIR_LINE_MAX = 2048 }; /* characters; a longer line is looked at in pieces */

struct repair_line {
    uint32_t text[REPAIR_LINE_MAX + 1]; /* code points, and a 0 behind them */
    size_t count;
};

/* What was read as what. */
struct misreading {
    enum wrong_set wrong;
    const struct charset *right;
    double handicap; /* nats: the rarer the mistake, the more it must gain */
    bool is_cjk;     /* `right` is */
};

struct repair_unit {
    size_t from;
    size_t to;
    uint32_t *made; /* room for two characters for each of the line */
    size_t made_count;
    size_t changed;    /* characters of [from, to) beyond ASCII */
    double gain;       /* nats */
    size_t lost_bytes; /* bytes of it that were U+FFFD */
    size_t lost;       /* U+FFFD that were written out: in `made`, not in the line */
};

/* Decodes all of it; false: an error, or a byte that is a character by itself, or U+FFFD written out.
 * Room in `made`: two for each byte. */
bool repair_decode(bytes raw, const struct charset *right, uint32_t *made, size_t *made_count);

/* The next unit that begins at `from` or later; false: none. */
bool repair_unit_next(const struct repair_line *line, const struct misreading *misreading,
                      size_t from, struct repair_unit *unit);

#endif
