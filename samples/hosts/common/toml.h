/* SPDX-License-Identifier: Apache-2.0 */
/* TOML 1.0: a text becomes a tree of values, each of which knows where it stands.
 *
 *   struct toml toml = {0};
 *   if (!toml_read(&toml, text)) { toml.error.line, .column, .message }
 *   const struct toml_value *path = toml_find(toml.root, "sink");
 *   toml_release(&toml);
 *
 * Time and memory are linear in the text: keys are found through one hash table. Nothing recurses.
 * Not a writer, and comments and order of definition are not kept.
 */
#ifndef COMMON_TOML_H
#define COMMON_TOML_H

#include "common/pool.h"

enum {
    TOML_BYTES_MAX = 16 << 20, /* a job with 200,000 long URLs; more belong into input_file */
    TOML_DEPTH_MAX = 128       /* arrays and inline tables inside each other, parts of a key */
};

enum toml_type {
    TOML_TABLE,
    TOML_ARRAY,
    TOML_STRING,
    TOML_INTEGER,
    TOML_FLOAT,
    TOML_BOOLEAN,
    TOML_OFFSET_DATETIME, /* 1979-05-27T07:32:00.5-07:00 */
    TOML_LOCAL_DATETIME,
    TOML_LOCAL_DATE,
    TOML_LOCAL_TIME
};

struct toml_datetime {
    int year, month, day;
    int hour, minute, second; /* 60: a leap second */
    int nanosecond;           /* further digits are cut off, as TOML 1.0 demands */
    int offset_minutes;       /* east of UTC */
};

struct toml_value {
    enum toml_type type;
    unsigned kind; /* toml.c's own: how a table came to be */
    span key;      /* inside a table; else empty */
    unsigned line; /* from 1, of the key or of the value in an array */
    unsigned column;
    union {
        span string; /* NUL-terminated in the tree; may hold further NULs */
        int64_t integer;
        double real;
        bool boolean;
        struct toml_datetime datetime;
        struct {
            struct toml_value *first;
            struct toml_value *last;
            size_t count;
        } list; /* TABLE and ARRAY */
    } as;
    struct toml_value *next; /* in the same table or array, in the order of the text */
    struct toml_value *parent;
};

struct toml_error {
    unsigned line;   /* from 1 */
    unsigned column; /* from 1, in code points */
    char message[160];
};

struct toml {
    struct toml_value *root; /* a TABLE; NULL after an error */
    struct toml_error error;
    struct pool pool;
};

/* False: `error` tells; toml_release is still due. The tree owns copies: `text` may go. */
bool toml_read(struct toml *toml, span text);
void toml_release(struct toml *toml);

/* NULL: `table` is NULL or no table, or has no such key. */
const struct toml_value *toml_find(const struct toml_value *table, const char *key);

/* "string", "integer", … for messages. */
const char *toml_type_name(enum toml_type type);

#endif
