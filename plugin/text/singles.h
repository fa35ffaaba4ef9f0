/* SPDX-License-Identifier: Apache-2.0 */
/* Single-byte encodings told apart: each turns the bytes into letters of some script, and the one
 * whose letters follow each other as those of a language do reads them best.
 *
 *   evidence ─ every encoding ─► readings (many encodings share one) ─ every language ─► gains
 *              first 384 bytes                                         then the best few, all of it
 */
#ifndef TEXT_SINGLES_H
#define TEXT_SINGLES_H

#include "text/reading.h"

struct singles {
    struct reading best; /* charset NULL: none explains the bytes; its prior is in the gain */
    /* An encoding of ISO that reads long evidence alike, and for the language as well; or NULL. */
    const struct charset *sibling;
    double margin;    /* nats over the best that reads the bytes otherwise */
    double declared;  /* gain of the declared one, without what a declaration is worth */
    bool is_declared; /* the best reads as the declared one does */
};

/* `declared` may be NULL or no single-byte encoding. [any thread] */
void singles_contest(const struct evidence *evidence, const struct charset *declared,
                     struct singles *out);

#endif
