/* SPDX-License-Identifier: Apache-2.0 */
/* Bytes of a known encoding become text: the only door by which bytes turn into a str.
 *
 *   content  …D6 D0 CE C4 FF…      errors by the rules of the Encoding Standard: the exact number
 *   text     …中文�…                and place of U+FFFD
 *   origin   (content, text) pairs every 4 KiB and at each non-linear step
 *
 * UTF-8 that is valid is not copied: the text is the content itself, minus its byte order mark.
 */
#ifndef TEXT_DECODE_H
#define TEXT_DECODE_H

#include "base/document.h"
#include "base/sink.h"
#include "text/charset.h"

struct decoded {
    str text; /* in the arena, or lent from `content`; no byte order mark; U+0000 may be inside */
    const struct origin *origin;
    int64_t replaced;       /* U+FFFD put in */
    int64_t replaced_first; /* content offset of the first one; -1 when none */
    size_t bom_len;         /* bytes of content before the text */
};

/* OK or NO_MEMORY. `content` must stay as long as `out` is used. */
enum status decode(struct arena *arena, bytes content, const struct charset *charset,
                   struct decoded *out) MUST_CHECK;

/* The same, with a pulse to the sink every MiB, whose answer other than OK ends it: a large content
 * takes seconds. */
enum status decode_pulsing(struct arena *arena, bytes content, const struct charset *charset,
                           struct sink *sink, struct decoded *out) MUST_CHECK;

/* The content offset of a text offset, by decoding again from the checkpoint before it. A text
 * offset inside a character belongs to the character's first byte; the text's length maps to the
 * content's. Asking in rising order costs linear time in all. NULL: offsets are equal. */
size_t origin_content_offset(const struct origin *origin, size_t text_offset);

#endif
