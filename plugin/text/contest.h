/* SPDX-License-Identifier: Apache-2.0 */
/* The encodings that are told apart by what their characters would be: UTF-8, GB18030, Big5,
 * Shift_JIS, EUC-JP, EUC-KR and windows-1252 explain the same bytes, and the best one wins. */
#ifndef TEXT_CONTEST_H
#define TEXT_CONTEST_H

#include "text/charset.h"
#include "text/sample.h"

/* What a declaration is worth beside the bytes. */
static const double CONTEST_DECLARED_NATS = 10.0;

struct verdict {
    const struct charset *charset; /* NULL: none has evidence */
    double gain;                   /* nats over the bytes being anything */
    double margin;                 /* nats over the next best */
    double high_bytes;             /* that were looked at */
};

/* `sample` of high bytes, not empty. `declared` may be NULL. [any thread] */
struct verdict contest(const struct sample *sample, const struct charset *declared);

/* Does the beginning read so well in the declared encoding that no other needs to be tried? Only
 * encodings of more than one byte a character are ever that sure. */
bool contest_fits(const struct sample *sample, const struct charset *declared);

/* A declared encoding loses when it has an error for more than one in a thousand high bytes; a
 * single error is forgiven to any content. */
bool contest_errors_are_few(const struct sample *sample, const struct charset *charset);

#endif
