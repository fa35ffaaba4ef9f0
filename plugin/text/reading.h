/* SPDX-License-Identifier: Apache-2.0 */
/* Bytes read as one encoding: how likely they are as text of the language that fits best.
 *
 *   evidence   the words that have high bytes, from samples of a content or from a set of names
 *   reading    gain in nats over the bytes being anything, the language, the errors
 *
 * All encodings explain the same evidence, so their gains compare. UTF-16, UTF-32 and encodings
 * that escape are not read this way. */
#ifndef TEXT_READING_H
#define TEXT_READING_H

#include "text/charset.h"
#include "text/letters.h"

enum { EVIDENCE_BYTES = 4096, EVIDENCE_PIECES = 64, EVIDENCE_PLAIN_BYTES = 256 };

struct evidence {
    uint8_t text[EVIDENCE_BYTES]; /* words, each with what stands behind it, a space before it */
    size_t len;
    size_t ends[EVIDENCE_PIECES]; /* where pieces end, each of which may be cut in a character */
    size_t piece_count;
    size_t high_bytes;
    bool is_full;
    uint8_t plain[EVIDENCE_PLAIN_BYTES]; /* words of ASCII among them, no tags: for the language */
    size_t plain_len;
};

void evidence_init(struct evidence *evidence);

/* Adds the words of `slice` that have high bytes, at most `limit` bytes of them. No character
 * stands across slices; more pieces than there is room for share the last one's end. */
void evidence_add(struct evidence *evidence, bytes slice, size_t limit);

/* Nats of the evidence as nothing in particular: what a gain is measured from. */
double evidence_cost(const struct evidence *evidence);

struct reading {
    const struct charset *charset;
    double gain;  /* nats; negative: anything explains the bytes better */
    str language; /* BCP 47; empty where the script has several and none fits */
    size_t errors;
    bool is_fit; /* letters: nothing in it is a stranger to the language (text/letters.h) */
};

/* [any thread] */
struct reading reading_of(const struct evidence *evidence, const struct charset *charset);

#endif
