/* SPDX-License-Identifier: Apache-2.0 */
/* The tokenizer of the HTML standard over a text that is there as a whole: pull a token, get a
 * token. Inside markup/ and for the conformance tools; everybody else wants html.h.
 *
 *   tokenizer_init ─► tokenizer_next … TOKEN_TEXT … TOKEN_START_TAG … ─► TOKEN_END, for ever
 *
 * A text comes in pieces: stretches that the source spells as they are (text points into it), and
 * in between what it spells otherwise (a reference, a line end, a NUL), one at a time. So every
 * piece knows its place in the source exactly. A state is a function, named as in the standard; it
 * reads as far as it can and names the state that goes on. States of the standard in which only the
 * kind of an error is decided are read together with their neighbours.
 */
#ifndef MARKUP_TOKENIZER_H
#define MARKUP_TOKENIZER_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/status.h"
#include "markup/dom.h"

/* The states, by the standard's names. */
#define TOKENIZER_STATE_LIST(X)                                                                    \
    X(data)                                                                                        \
    X(rcdata)                                                                                      \
    X(rawtext)                                                                                     \
    X(script_data)                                                                                 \
    X(plaintext)                                                                                   \
    X(tag_open)                                                                                    \
    X(end_tag_open)                                                                                \
    X(tag_name)                                                                                    \
    X(rcdata_less_than_sign)                                                                       \
    X(rawtext_less_than_sign)                                                                      \
    X(script_data_less_than_sign)                                                                  \
    X(script_data_end_tag_name)                                                                    \
    X(script_data_escape_start)                                                                    \
    X(script_data_escaped)                                                                         \
    X(script_data_escaped_dash)                                                                    \
    X(script_data_escaped_dash_dash)                                                               \
    X(script_data_escaped_less_than_sign)                                                          \
    X(script_data_escaped_end_tag_name)                                                            \
    X(script_data_double_escape_start)                                                             \
    X(script_data_double_escaped)                                                                  \
    X(script_data_double_escaped_dash)                                                             \
    X(script_data_double_escaped_dash_dash)                                                        \
    X(script_data_double_escaped_less_than_sign)                                                   \
    X(script_data_double_escape_end)                                                               \
    X(before_attribute_name)                                                                       \
    X(attribute_name)                                                                              \
    X(after_attribute_name)                                                                        \
    X(before_attribute_value)                                                                      \
    X(attribute_value_double_quoted)                                                               \
    X(attribute_value_single_quoted)                                                               \
    X(attribute_value_unquoted)                                                                    \
    X(after_attribute_value_quoted)                                                                \
    X(self_closing_start_tag)                                                                      \
    X(bogus_comment)                                                                               \
    X(markup_declaration_open)                                                                     \
    X(comment_start)                                                                               \
    X(comment_start_dash)                                                                          \
    X(comment)                                                                                     \
    X(comment_end_dash)                                                                            \
    X(comment_end)                                                                                 \
    X(comment_end_bang)                                                                            \
    X(doctype)                                                                                     \
    X(before_doctype_name)                                                                         \
    X(doctype_name)                                                                                \
    X(after_doctype_name)                                                                          \
    X(before_doctype_public_identifier)                                                            \
    X(doctype_public_identifier)                                                                   \
    X(after_doctype_public_identifier)                                                             \
    X(before_doctype_system_identifier)                                                            \
    X(doctype_system_identifier)                                                                   \
    X(after_doctype_system_identifier)                                                             \
    X(bogus_doctype)                                                                               \
    X(cdata_section)

enum tokenizer_state {
#define X(name) TOKENIZER_##name,
    TOKENIZER_STATE_LIST(X)
#undef X
};

enum token_kind {
    TOKEN_TEXT,
    TOKEN_START_TAG,
    TOKEN_END_TAG,
    TOKEN_COMMENT,
    TOKEN_DOCTYPE,
    TOKEN_END
};

struct token {
    enum token_kind kind;
    enum tag tag; /* tags */
    bool self_closing;
    bool is_null;      /* text: one U+0000, of which only the tree knows what becomes of it */
    bool force_quirks; /* doctype */
    bool has_public_id;
    bool has_system_id;
    str name; /* tags and doctypes, lower case */
    str text; /* text: lent until the next token; comments: as long as the tree */
    str public_id;
    str system_id;
    struct attribute *attributes; /* start tags */
    uint32_t src_start;
    uint32_t src_end;
};

struct tokenizer {
    struct arena *arena;
    str source;
    size_t at;
    enum tokenizer_state state;
    bool cdata_allowed; /* set before each call: the current node is not an HTML element */
    bool is_emitted;    /* a state has filled `token` */
    bool no_memory;
    bool attributes_limited;
    str last_start_tag;     /* only its end tag ends RCDATA, RAWTEXT and script data */
    int64_t bad_references; /* so far */
    uint64_t steps;         /* states entered, attributes compared */
    struct token *token;    /* being filled */
    size_t text_start;      /* first byte of text that is read but not handed out */
    size_t markup_start;    /* the '<' of what is being read */
    size_t part_start;      /* first byte of the name, value, comment, identifier being read */
    char quote;             /* around the doctype identifier being read */
    size_t attribute_count;
    struct attribute *attribute; /* being read, not yet linked: it may be a duplicate */
    struct attribute **attribute_end;
    uint32_t *attribute_hashes; /* of the names in this tag */
    char encoded[8];            /* text of the piece at hand */
    struct buf scratch;         /* values while references in them are resolved */
};

/* False: no memory. */
bool tokenizer_init(struct tokenizer *tokenizer, struct arena *arena, str source) MUST_CHECK;

/* OK or NO_MEMORY. */
enum status tokenizer_next(struct tokenizer *tokenizer, struct token *out) MUST_CHECK;

/* What follows is for the states' own files. */
#define X(name) void tokenizer_##name##_state(struct tokenizer *t);
TOKENIZER_STATE_LIST(X)
#undef X

static inline bool tokenizer_is_at_end(const struct tokenizer *t)
{
    return t->at >= t->source.len;
}

/* Only before the end. */
static inline char tokenizer_byte(const struct tokenizer *t)
{
    return t->source.ptr[t->at];
}

/* Hands out the text that was read up to `end` as it is spelt; false when there is none. */
bool tokenizer_flush_text(struct tokenizer *t, size_t end);
/* The byte at `at` is one that text does not keep: a NUL, a CR. Hands out what it becomes. */
void tokenizer_emit_odd_byte(struct tokenizer *t, bool keeps_null);
void tokenizer_emit_end(struct tokenizer *t);
/* A tag, comment or doctype that ends at `at`; the next state is data. */
void tokenizer_emit_markup(struct tokenizer *t, enum token_kind kind);
/* The source between two places with line ends made LF and NUL made U+FFFD, in lower case if
 * wanted; a slice where nothing changes. */
str tokenizer_clean(struct tokenizer *t, size_t start, size_t end, bool lower);

#endif
