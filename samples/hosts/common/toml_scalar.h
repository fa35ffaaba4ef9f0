/* SPDX-License-Identifier: Apache-2.0 */
/* Inside the TOML reader: the position in the text, and the values that hold no other values.
 */
#ifndef COMMON_TOML_SCALAR_H
#define COMMON_TOML_SCALAR_H

#include "common/toml.h"

struct toml_scan {
    const char *at;
    const char *end;
    const char *counted; /* up to here the column was counted, so that counting stays linear */
    unsigned column;
    unsigned line;
    struct pool *pool;
    struct toml_error *error; /* set once: the first one counts */
    bool failed;
};

/* Answers false, for `return toml_fail(…)`. The place is where the scan stands. */
bool toml_fail(struct toml_scan *scan, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* The byte at the position; 0 at the end (a NUL in the text is an error long before). */
static inline char toml_peek(const struct toml_scan *scan)
{
    return scan->at < scan->end ? *scan->at : 0;
}

static inline span toml_rest(const struct toml_scan *scan)
{
    return (span){scan->at, (size_t)(scan->end - scan->at)};
}

unsigned toml_column(struct toml_scan *scan);

/* Spaces and tabs. */
void toml_skip_blanks(struct toml_scan *scan);

/* A comment, if one stands here, up to its line's end. */
bool toml_skip_comment(struct toml_scan *scan);

/* LF or CRLF, if one stands here. */
bool toml_take_newline(struct toml_scan *scan);

/* A string of one line, standing at its quote; for keys and values. */
bool toml_read_line_string(struct toml_scan *scan, span *out);

/* Any value but arrays and inline tables. */
bool toml_read_scalar(struct toml_scan *scan, struct toml_value *out);

#endif
