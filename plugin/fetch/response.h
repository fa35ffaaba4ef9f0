/* SPDX-License-Identifier: Apache-2.0 */
/* The headers of an answer that matter to us, picked out line by line as they arrive. Values are
 * bytes as they came; the first of several headers of one name holds, codings are joined. */
#ifndef FETCH_RESPONSE_H
#define FETCH_RESPONSE_H

#include "base/buf.h"

enum { RESPONSE_HEADER_BYTES_MAX = 256 * 1024 /* of one answer, 1xx answers before it included */ };

enum response_coding {
    RESPONSE_PLAIN,
    RESPONSE_GZIP,
    RESPONSE_DEFLATE,
    RESPONSE_FOREIGN /* one that we did not offer, or several on top of each other */
};

enum { RESPONSE_SIGNALS_MAX = 8 };

/* A header that says what may be done with the content. */
struct response_signal {
    str name; /* lower case */
    bytes value;
};

struct response {
    int64_t http_status; /* 0: no status line yet */
    bool complete;       /* the empty line behind the headers came, and it is no 1xx answer */
    bytes location;
    bytes etag;
    bytes last_modified;
    bytes content_type;
    bytes content_disposition;
    bytes content_encoding;
    bytes transfer_encoding;
    bytes retry_after;
    struct response_signal
        signals[RESPONSE_SIGNALS_MAX]; /* as they came; later ones are left out */
    size_t signal_count;
    size_t header_bytes;
    bool no_memory;
};

/* One line as it came, with its line end; a status line begins a new answer. False: the headers are
 * longer than RESPONSE_HEADER_BYTES_MAX, or no memory. */
bool response_add_line(struct response *response, struct arena *arena, bytes line);

/* All lines of a head that came before; they end with the empty one or with the slice. */
bool response_add_head(struct response *response, struct arena *arena, bytes head);

enum response_coding response_coding(const struct response *response);

/* Is the body taken apart into chunks and nothing else? (RFC 9112 7: we never offer more.) */
bool response_is_plainly_transferred(const struct response *response);

bool response_is_chunked(const struct response *response);

/* Retry-After (RFC 9110 10.2.3) in ms from now; -1 without one, 0 for the past. */
int64_t response_retry_after_ms(const struct response *response, int64_t now_s);

/* A header value as text: what is no UTF-8 is percent-encoded. `.ptr` NULL: no memory. */
str response_text(struct arena *arena, bytes value);

/* The file name of Content-Disposition (RFC 6266): the last path element, decoded; empty without
 * one. `.ptr` NULL: no memory. */
str response_file_name(struct arena *arena, const struct response *response);

#endif
