/* SPDX-License-Identifier: Apache-2.0 */
/* What Content-Type and Content-Disposition say: a type, and parameters by name.
 *
 *   Text/HTML ; charset="GBK"                     → text/html, charset GBK
 *   attachment; filename="a.doc"; filename*=UTF-8''%E6%9D%83.doc
 *
 * Values are bytes: servers put any encoding there. No decoding happens here.
 */
#ifndef BASE_MEDIA_TYPE_H
#define BASE_MEDIA_TYPE_H

#include "base/arena.h"

struct media_type {
    str type;    /* "text/html": lower case, no parameters; empty when it is not type/subtype */
    str charset; /* the parameter when it is a token of ASCII, lower case; else empty */
};

/* MIME Sniffing Standard, "parse a MIME type", kept lenient: what cannot be read is left out.
 * Strings live in the arena; no memory gives empty ones and arena->refused. [any thread] */
struct media_type media_type_parse(struct arena *arena, bytes header);

/* The next parameter at *at (0 at first), which moves behind it; false at the end. The name is a
 * slice of `header` in any case of letters; the value has quotes and backslashes taken off. What
 * stands before the first `;` is passed over. */
bool media_type_next_parameter(struct arena *arena, bytes header, size_t *at, bytes *name,
                               bytes *value);

#endif
