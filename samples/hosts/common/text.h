/* SPDX-License-Identifier: Apache-2.0 */
/* The hosts' two words for text: a slice somebody else owns, and a buffer that grows.
 */
#ifndef COMMON_TEXT_H
#define COMMON_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Lent bytes; never owning, not NUL-terminated unless the giver says so. */
typedef struct {
    const char *ptr;
    size_t len;
} span;

/* Of a string literal. */
#define SPAN(literal) ((span){.ptr = "" literal, .len = sizeof(literal) - 1})

/* Of a NUL-terminated string; NULL gives the empty span. */
span span_of(const char *terminated);
bool span_equal(span a, span b);
bool span_starts(span s, span prefix);
bool span_ends(span s, span suffix);

/* Well-formed UTF-8 after the Unicode Standard's table 3-7: no surrogates, no overlong forms. */
bool span_is_utf8(span s);

/* Bytes of the well-formed UTF-8 sequence at the head of `s`; 0: there is none. */
size_t utf8_sequence_len(span s);

/* A growing buffer, always NUL-terminated once anything was added. It starts as {0} and ends with
 * text_release. Appending is sticky: after a refusal nothing more is added, and `failed` says so. */
struct text {
    char *ptr;
    size_t len;
    size_t capacity;
    bool failed; /* no memory */
};

void text_add(struct text *text, span s);
void text_add_string(struct text *text, const char *terminated);
void text_add_byte(struct text *text, char byte);
void text_add_integer(struct text *text, int64_t value);
void text_add_format(struct text *text, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* "1 record", "2 records": the noun takes an s. */
void text_add_count(struct text *text, int64_t count, const char *noun);

/* As a JSON string with its quotes: `"`, `\`, and controls are escaped, all else stands. */
void text_add_json_string(struct text *text, span s);

void text_clear(struct text *text); /* keeps its memory, forgets a refusal */
void text_release(struct text *text);

static inline span text_span(const struct text *text)
{
    return (span){.ptr = text->ptr ? text->ptr : "", .len = text->len};
}

/* NUL-terminated, never NULL; lent until the next append. */
static inline const char *text_string(const struct text *text)
{
    return text->ptr ? text->ptr : "";
}

#endif
