/* SPDX-License-Identifier: Apache-2.0 */
/* The record: one row a document, in the Arrow C data interface.
 *
 * Source of the structs: Apache Arrow, "The Arrow C data interface" and "The Arrow C stream
 * interface", frozen by that specification; the guards let any other header with the same structs
 * stand beside this one.
 *
 * A stream's schema is a struct ("+s") whose children are the columns asked for, in that order;
 * its metadata carries `quern.schema` with the schema's version. Formats used: utf8 "u", int64 "l",
 * float64 "g", bool "b", timestamp "tsu:UTC", date32 "tdD", list "+l" with the item `element`,
 * struct "+s". Nothing unsigned, large, view or dictionary; offsets are 0. Look columns up by name:
 * later versions append columns at the end, and never change a struct inside a list.
 *
 *   id u, not null     parent_id u      url u          final_url u     member u
 *   fetched_at tsu     http_status l    etag u         last_modified u
 *   content_sha256 u   content_bytes l  converter u
 *   parts      list<struct<part l, url u, final_url u, http_status l, content_sha256 u,
 *                          content_bytes l, fetched_at tsu>>
 *   status u, not null: converted | partial | failed | refused
 *   error_code u       error_message u  error_offset l
 *   format u           media_type u     charset u      charset_source u
 *   page_type u        language u
 *   title u            doc_id u         category u     site u          uploader u     author u
 *   published tdD      modified tdD     page_count l   declared_bytes l
 *   declared_format u  keywords list<u> tags list<u>   description u   licence u
 *   links      list<struct<rel u, url u, text u>>
 *   rights list<u>     complete b       incomplete_reason u
 *   preview_pages l    seams l          title_match g  replaced l      repaired l
 *   text u: the blocks' text joined by newlines
 *   blocks     list<struct<kind u, level l, page_number l, text u, src_part u, src_start l,
 *                          src_end l>>
 *   dropped    list<struct<reason u, column u, text u, src_part u, src_start l, src_end l>>
 *   notes      list<struct<code u, offset l, count l>>
 *   markdown u: the blocks as Markdown; dropped_rules list<u>: what decided each entry of dropped
 *
 * Each column's meaning is one sentence in plugin.toml. Unknown is null, a counted zero is 0, an
 * empty list is empty. Every utf8 value is valid UTF-8 without U+0000. Offsets are bytes of the
 * content: the body after transfer and content coding, before charset decoding.
 */
#ifndef QUERN_RECORD_H
#define QUERN_RECORD_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#ifndef ARROW_C_DATA_INTERFACE
#define ARROW_C_DATA_INTERFACE

#define ARROW_FLAG_DICTIONARY_ORDERED 1
#define ARROW_FLAG_NULLABLE           2
#define ARROW_FLAG_MAP_KEYS_SORTED    4

struct ArrowSchema {
    const char *format;
    const char *name;
    const char *metadata;
    int64_t flags;
    int64_t n_children;
    struct ArrowSchema **children;
    struct ArrowSchema *dictionary;
    void (*release)(struct ArrowSchema *);
    void *private_data;
};

struct ArrowArray {
    int64_t length;
    int64_t null_count;
    int64_t offset;
    int64_t n_buffers;
    int64_t n_children;
    const void **buffers;
    struct ArrowArray **children;
    struct ArrowArray *dictionary;
    void (*release)(struct ArrowArray *);
    void *private_data;
};

#endif /* ARROW_C_DATA_INTERFACE */

#ifndef ARROW_C_STREAM_INTERFACE
#define ARROW_C_STREAM_INTERFACE

/* get_next blocks; an array whose release is NULL ends the stream. Answers are errno values:
 * ECANCELED after a cancel, EIO, EINVAL, ENOMEM; the whole story is told by reader_error
 * and convert_error (plugin.h). */
struct ArrowArrayStream {
    int (*get_schema)(struct ArrowArrayStream *, struct ArrowSchema *out);
    int (*get_next)(struct ArrowArrayStream *, struct ArrowArray *out);
    const char *(*get_last_error)(struct ArrowArrayStream *);
    void (*release)(struct ArrowArrayStream *);
    void *private_data;
};

#endif /* ARROW_C_STREAM_INTERFACE */

#ifdef __cplusplus
}
#endif

#endif
