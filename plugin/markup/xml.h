/* SPDX-License-Identifier: Apache-2.0 */
/* XML, pulled token by token over a slice: nothing is copied, nothing is built.
 *
 *   <p:a x="1">two &amp; <b/></p:a>
 *   XML_OPEN p:a │ XML_TEXT "two &amp; " │ XML_OPEN b │ XML_CLOSE b │ XML_CLOSE p:a │ XML_END
 *
 * Names and values are slices of the text as they stand; xml_value takes references off where they
 * are wanted. Tags must match and attributes must be quoted: from the first place that breaks this
 * everything is XML_BAD. Beyond that it is lenient where nothing can be misunderstood: a stray `&`
 * stays as it is. Comments, processing instructions and the DOCTYPE are passed over; entities that
 * a DOCTYPE declares are never expanded, nothing outside the slice is ever read.
 */
#ifndef MARKUP_XML_H
#define MARKUP_XML_H

#include "base/buf.h"
#include "base/status.h"
#include "text/decode.h"

enum {
    XML_DEPTH_MAX = 4096,   /* open elements */
    XML_BINDINGS_MAX = 4096 /* namespace declarations in force at one place */
};

enum xml_kind {
    XML_OPEN,  /* name, attributes; of <b/> the XML_CLOSE follows like any other */
    XML_CLOSE, /* name */
    XML_TEXT,  /* raw; between two tags there may be several, a CDATA section is one */
    XML_END,   /* the root element was closed and nothing but comments and space stands behind it */
    XML_CUT,   /* the text ended first */
    XML_BAD    /* from `at` on it is no XML: `fault` says why; also of no memory (arena->refused) */
};

/* Where a value stands: in CDATA there are no references, in attributes no line ends. */
enum xml_place { XML_IN_TEXT, XML_IN_CDATA, XML_IN_ATTRIBUTE };

struct xml_binding {
    str prefix; /* empty: the default */
    str uri;    /* as it stands */
    size_t depth;
};

struct xml {
    /* The token that xml_next found last. */
    enum xml_kind kind;
    str name;             /* with its prefix */
    str raw;              /* XML_TEXT: as it stands; XML_OPEN: the attributes */
    enum xml_place place; /* of XML_TEXT: text or CDATA */
    size_t start;         /* where the token begins in the text */
    size_t at;            /* behind it */
    size_t depth;         /* elements open, that of an XML_OPEN or XML_CLOSE included */
    const char *fault;

    str text;
    struct arena *arena;
    str *open;
    size_t open_capacity;
    struct xml_binding *bindings;
    size_t binding_count;
    size_t binding_capacity;
    bool is_empty;   /* the XML_CLOSE of <b/> comes next */
    bool has_closed; /* the last token was an XML_CLOSE: its element is left by the next call */
    bool has_root;
};

/* Text and arena are lent; the arena holds only the names of open elements. [any thread] */
void xml_init(struct xml *xml, str text, struct arena *arena);

/* XML_END, XML_CUT and XML_BAD stay. */
enum xml_kind xml_next(struct xml *xml);

struct xml_attribute {
    str name;
    str raw; /* between the quotes, as it stands */
};

/* The next attribute of the XML_OPEN found last; *at is 0 at first. False at the end. Of a name that
 * stands twice both are given. */
bool xml_next_attribute(const struct xml *xml, size_t *at, struct xml_attribute *out);

/* The value of the first attribute of this name (prefix and all), references taken off. `.ptr` NULL:
 * there is none, or no memory (arena->refused). */
str xml_attribute(const struct xml *xml, struct arena *arena, str name);

/* The namespace that a prefix stands for at the last token, as it was written; empty: none. */
str xml_namespace(const struct xml *xml, str prefix);

/* A name behind its prefix. */
str xml_local(str name);
str xml_prefix(str name); /* empty: none */

/* References (the five, and numbers) become characters, line ends become LF; in values of attributes
 * white space becomes a space. The very slice where there is nothing to do. Other references stay
 * as they are; numbers that are no character become U+FFFD. `.ptr` NULL: no memory. */
str xml_value(struct arena *arena, str raw, enum xml_place place);
/* The same, appended. */
void xml_add_value(struct buf *out, str raw, enum xml_place place);

/* After an XML_OPEN: all text inside that element appended to `out` (NULL: passed over), up to its
 * XML_CLOSE. False: the text ended or broke before that. */
bool xml_gather(struct xml *xml, struct buf *out);

/* The bytes of a document as text: by byte order mark, else by `declared` (of the transport, may be
 * empty; RFC 7303 3.2), else by the declaration `<?xml encoding=…?>`, else as UTF-8. OK or
 * NO_MEMORY. */
enum status xml_decode(struct arena *arena, bytes content, str declared,
                       struct decoded *out) MUST_CHECK;

#endif
