/* SPDX-License-Identifier: Apache-2.0 */
/* How well an encoding explains bytes, in nats, against the guess that high bytes are anything.
 *
 *   bytes ─step─► characters ─► cost: how rare the character is in the encoding's languages
 *                 errors     ─► cost: a fixed fine
 *   gain = cost of the bytes as nothing in particular − cost of the best language
 *
 * All candidates explain the same bytes, so their gains compare. Plain ASCII costs nothing, except
 * behind a high byte, where one encoding sees a character and another the half of one. */
#ifndef TEXT_LIKELIHOOD_H
#define TEXT_LIKELIHOOD_H

#include "text/charset.h"

/* ln 128: a high byte that may be any. */
static const double COST_ANY_BYTE = 4.852;

enum language {
    LANGUAGE_HANS,
    LANGUAGE_HANT,
    LANGUAGE_JAPANESE,
    LANGUAGE_KOREAN,
    LANGUAGE_OF_LETTERS, /* all that are written in an alphabet; only Unicode has their letters */
    LANGUAGE_COUNT
};

/* Zero to begin with. */
struct likelihood {
    double cost[LANGUAGE_COUNT];
    double cost_of_anything;
    int64_t high_bytes;
    int64_t characters; /* beyond ASCII, errors not counted */
    int64_t errors;
    unsigned languages; /* bits: which of `cost` count for this encoding */
};

/* Adds a slice; what its end cuts off costs nothing. The same charset each time. [any thread] */
void likelihood_add(struct likelihood *sum, bytes slice, const struct charset *charset);

/* Nats; positive: the encoding explains the bytes better than nothing does. */
double likelihood_gain(const struct likelihood *sum);

/* BCP 47 of the language that fits best; empty for LANGUAGE_OF_LETTERS. */
str likelihood_language(const struct likelihood *sum);

/* Are the languages of this encoding known one by one? */
bool likelihood_has_model(const struct charset *charset);

/* How rare a character is in a language. */
double character_cost(uint32_t code_point, enum language language);

#endif
