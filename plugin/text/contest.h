/* SPDX-License-Identifier: Apache-2.0 */
/* The encodings that are told apart by what their characters would be: UTF-8, those of East Asia and
 * the single-byte ones explain the same bytes, and the best one wins. */
#ifndef TEXT_CONTEST_H
#define TEXT_CONTEST_H

#include "text/charset.h"
#include "text/reading.h"
#include "text/sample.h"

/* What a declaration is worth beside the bytes. */
static const double CONTEST_DECLARED_NATS = 10.0;

struct verdict {
    const struct charset *charset; /* NULL: none has evidence */
    const struct charset *sibling; /* of ISO, which long contents without a byte of 80–9F are in */
    const struct charset *likeliest; /* of those of one byte a character, evidence or not */
    double likeliest_margin;         /* nats over the next of those */
    str language;                    /* BCP 47; empty: not known */
    double gain;                     /* nats over the bytes being anything */
    double margin;                   /* nats over the next best, or over there being no evidence */
    double lead;                     /* nats over the next best that reads them otherwise */
    bool is_declared;                /* it reads the bytes as the declared encoding does */
};

/* The words with high bytes of a sample. */
void contest_evidence(const struct sample *sample, struct evidence *out);

/* `evidence` is not empty. `declared` may be NULL; it gains CONTEST_DECLARED_NATS. [any thread] */
struct verdict contest(const struct evidence *evidence, const struct charset *declared);

/* Does the beginning read so well in the declared encoding that no other needs to be tried?
 * `*language` is set if so. */
bool contest_fits(const struct sample *sample, const struct charset *declared, str *language);

#endif
