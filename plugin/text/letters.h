/* SPDX-License-Identifier: Apache-2.0 */
/* Languages that are written in letters, by which letter follows which.
 *
 *   code points ─sign_of─► signs:  letter (script, capital?, number) or a kind of sign
 *   signs ─letters_cost─►  nats:   cost of each letter behind the one before it, capitals where
 *                                  none stands, signs inside words, letters of other scripts
 *
 * The models are pairs of letters, trained by tables/train_letters.py. Costs of the same text under
 * different encodings compare; so do those of different languages. */
#ifndef TEXT_LETTERS_H
#define TEXT_LETTERS_H

#include "base/str.h"

/* A code point as the models see it. */
typedef uint16_t sign;

enum letters_script {
    SCRIPT_LATIN,
    SCRIPT_CYRILLIC,
    SCRIPT_GREEK,
    SCRIPT_HEBREW,
    SCRIPT_ARABIC,
    SCRIPT_THAI,
    SCRIPT_ARMENIAN,
    SCRIPT_GEORGIAN,
    SCRIPT_COUNT
};

enum letters {
#define LETTERS(name, tag, script, count, core) LETTERS_##name,
#include "text/tables/letters.inc"
#undef LETTERS
    LETTERS_COUNT
};

sign sign_of(uint32_t code_point);
extern const sign sign_undefined; /* a byte that an encoding has nothing for */

bool sign_is_letter(sign unit);
enum letters_script sign_script(sign unit); /* of a letter; ASCII's are Latin */

/* BCP 47: "de", "ru" … */
str letters_tag(enum letters language);
enum letters_script letters_script(enum letters language);

/* Its letters beyond ASCII, small ones, 0 behind the last; the first `*core` are those that no text
 * of some length is without, the others come with names and words from elsewhere. */
const uint16_t *letters_own(enum letters language, size_t *core);

/* Nats: how rare documents in the language are beside others. */
double letters_prior(enum letters language);

/* About the least a sign costs in any language: 1.2 nats for letters, what signs cost for others. */
double letters_floor(sign unit);

/* A language made ready to be asked often. */
struct letters_model {
    enum letters_script script;
    const uint64_t *costs;
    unsigned size;        /* classes in a row of `costs` */
    uint8_t classes[640]; /* by a letter's number; 0: the language has no such letter */
};
void letters_prepare(struct letters_model *model, enum letters language);

/* What no language of a script goes below; false: it has one language. */
bool letters_prepare_any(struct letters_model *model, enum letters_script script);

/* Nats of a text, which begins behind no letter. Stops early where they pass `enough`. */
double letters_cost(const struct letters_model *model, const sign *text, size_t len, double enough);

/* The same in two steps, where one text is tried in many languages: nats that it costs in each, which
 * leaves units for the letters and the gaps between them in its place, at most as many; and what
 * those cost in one. */
double letters_spell(sign *text, size_t len, size_t *count);
double letters_follow(const struct letters_model *model, const sign *units, size_t count,
                      double enough);

/* About the least a letter is followed for in one language. */
double letters_least(const struct letters_model *model, sign unit);

/* Nothing in it is a stranger to the language: a letter that it has not, a capital behind a small
 * letter, a sign that is no quote, dash or the like. A wrong reading has one soon. */
bool letters_fit(const struct letters_model *model, const sign *text, size_t len);

#endif
