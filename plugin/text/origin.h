/* SPDX-License-Identifier: Apache-2.0 */
/* How decode.c keeps what origin_content_offset (text/decode.h) answers from. */
#ifndef TEXT_ORIGIN_H
#define TEXT_ORIGIN_H

#include "base/arena.h"
#include "text/charset.h"
#include "text/coder.h"

enum { ORIGIN_BLOCK_BYTES = 4096 }; /* of content between two checkpoints */

/* A place where a character begins, and all that decoding on from there needs. */
struct checkpoint {
    size_t content;
    size_t text;
    struct coder_mode mode;
};

/* What a content was before: a text of one character for each byte (text/misread.h). */
struct misread_origin {
    str text;
    const struct origin *origin; /* of that text */
    const size_t *places;        /* offsets in it of every ORIGIN_BLOCK_BYTES-th character */
    /* Where the last question ended. */
    size_t byte;
    size_t place;
};

struct origin {
    bytes content;
    struct misread_origin *misread; /* NULL: the content is what came */
    const struct charset *charset;
    size_t text_len;
    size_t shift; /* no checkpoints: the offsets differ by this, the byte order mark */
    struct checkpoint *checkpoints;
    size_t checkpoint_count;
    /* Where the last question ended, so that rising questions decode nothing twice. */
    struct checkpoint *cursor;
};

#endif
