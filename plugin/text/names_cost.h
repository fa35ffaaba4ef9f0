/* SPDX-License-Identifier: Apache-2.0 */
/* How well one reading of a name explains its bytes, in nats, for each language it may be in.
 *
 *   bytes ─charset─► characters ─┬─► letters: which follows which (text/letters.h)
 *                                └─► ideographs, kana, Hangul: how rare (text/likelihood.h)
 *
 * Every byte of a word is paid for in every reading, ASCII included, so costs of different readings compare.
 * Only for text/names.c. */
#ifndef TEXT_NAMES_COST_H
#define TEXT_NAMES_COST_H

#include "text/letters.h"
#include "text/likelihood.h"

/* Languages as a name has them: those of enum language that are not written in letters, then those
 * of enum letters. */
enum {
    NAME_LANGUAGE_LETTERS = LANGUAGE_OF_LETTERS,
    NAME_LANGUAGE_COUNT = NAME_LANGUAGE_LETTERS + LETTERS_COUNT
};

/* Bytes of a name's words that are looked at: no more evidence is needed. */
enum { NAME_BYTES_JUDGED = 96 };

/* Of a language that an encoding is not for: more than any name costs. */
static const double NAME_COST_NONE = 1e9;

/* An encoding that names come in. */
struct name_reading {
    const char *label;
    float prior;     /* nats: how much rarer than the most common ones */
    uint8_t scripts; /* bits of enum letters_script: what it is used to write */
    uint8_t asian;   /* bits of enum language: the same, not in letters */
};

/* All languages, made ready; about 33 kB. */
struct name_models {
    struct letters_model letters[LETTERS_COUNT];
};
void name_models_prepare(struct name_models *models);

/* `name` as name_words gives it. cost[] of each language that `reading` is for; NAME_COST_NONE, or
 * anything above `enough`: not so good. Returns the smallest. [any thread] */
double name_cost(const struct name_models *models, bytes name, const struct name_reading *reading,
                 const struct charset *charset, double enough, float cost[NAME_LANGUAGE_COUNT]);

/* The same bytes as nothing in particular. */
double name_cost_of_anything(const struct name_models *models, bytes name);

/* What of a name tells one encoding from another: its words that are not all ASCII, a space behind
 * each but one that is cut off. */
bytes name_words(bytes name, uint8_t out[NAME_BYTES_JUDGED]);

#endif
