/* SPDX-License-Identifier: Apache-2.0 */
/* JSON (RFC 8259) as the plugin itself writes and reads it: options, splits, states, sidecars.
 *
 * Reading pulls one token after the other from a slice; nothing is built. Writing appends to a buf.
 */
#ifndef BASE_JSON_H
#define BASE_JSON_H

#include "base/buf.h"

enum json_kind {
    JSON_END,   /* the whole text was one value */
    JSON_ERROR, /* not JSON, not UTF-8, nested deeper than JSON_DEPTH_MAX, or no memory */
    JSON_OBJECT_BEGIN,
    JSON_OBJECT_END,
    JSON_ARRAY_BEGIN,
    JSON_ARRAY_END,
    JSON_KEY,    /* text */
    JSON_STRING, /* text: unescaped, in the arena or lent from the input */
    JSON_NUMBER, /* text as it stands; number when it is a whole one within int64 */
    JSON_TRUE,
    JSON_FALSE,
    JSON_NULL
};

enum { JSON_DEPTH_MAX = 32 };

struct json {
    bytes input;
    size_t at;
    struct arena *arena;       /* for strings with escapes */
    char open[JSON_DEPTH_MAX]; /* '{' or '[' of each level */
    unsigned depth;
    unsigned expect;     /* what may come next; json.c's own */
    enum json_kind kind; /* the token last read */
    str text;
    int64_t number;
    bool is_integer;
};

void json_init(struct json *json, bytes input, struct arena *arena);
enum json_kind json_next(struct json *json);

/* After a KEY: passes over its value, however deep. After another token that begins a value: over
 * the rest of it. False: JSON_ERROR. */
bool json_skip(struct json *json);

/* Appends a string with quotes, escaped: `"`, `\`, and controls; all else stands as it is. */
void json_add_string(struct buf *buf, str s);

#endif
