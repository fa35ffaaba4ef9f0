/* SPDX-License-Identifier: Apache-2.0 */
/* A whole content that was misread before it came here: a page in GBK that somebody read as
 * windows-1252 and saved as UTF-8. Its labels and titles are too short to be put right one by one
 * (text/repair.h), but all of it together leaves no doubt.
 *
 *   text ──every character one byte of the wrong set──► bytes ──strictly──► text
 *
 * All or nothing: where one character is in the wrong set not, or one byte does not decode, the text
 * stays as it is. Offsets stay exact, through both decodings. */
#ifndef TEXT_MISREAD_H
#define TEXT_MISREAD_H

#include "text/decode.h"

/* What a content must gain by it, in nats, beside two for each character (text/repair.h), and the
 * characters beyond ASCII that it takes. */
static const double MISREAD_NATS = 40;
enum { MISREAD_CHARACTERS = 8, MISREAD_ROUNDS_MAX = 3 };

struct misread {
    str text;
    const struct origin *origin;
    int64_t repaired; /* characters of the text that are others now */
    size_t first;     /* offset of the first one in the text as it was */
};

/* What `text`, with the origin that decoding gave it, is when it was not misread; the same where
 * that is not certain, with nothing `repaired`. Clean text costs a look at its first characters
 * beyond ASCII. OK, NO_MEMORY or the sink's answer. */
enum status misread_undo(struct arena *arena, str text, const struct origin *origin,
                         struct sink *sink, struct misread *out) MUST_CHECK;

#endif
