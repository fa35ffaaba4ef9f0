/* SPDX-License-Identifier: Apache-2.0 */
/* http and https URLs, parsed once by the URL Standard's rules and only ever passed on in the form
 * that came out of it. No I/O. */
#ifndef BASE_URL_H
#define BASE_URL_H

#include "base/arena.h"

struct url {
    str whole;    /* serialised, with fragment, without userinfo */
    str request;  /* serialised, without fragment: what is asked for, and what the id counts */
    str scheme;   /* "http" or "https" */
    str host;     /* lower case, IDNA as ASCII (xn--…), IPv4 canonical, IPv6 in brackets */
    str web_host; /* host, with :port when it is not the scheme's default: the unit of politeness */
    str path;     /* with the query */
    uint16_t port;     /* the default filled in */
    bool had_userinfo; /* user:password@ was there and was cut out */
};

enum url_verdict { URL_OK, URL_NOT_HTTP, URL_BAD, URL_NO_MEMORY };

/* `base` NULL: `text` must be absolute. Parts live in the arena. [any thread] */
enum url_verdict url_parse(struct arena *arena, str text, const struct url *base, struct url *out);

/* Does it begin like a URL (scheme ":")? A path such as C:\ or a/b:c is not one. */
bool url_is_absolute(str text);

/* A URL of another scheme (file:, s3a:, …) as it stands, without userinfo and fragment, so that it
 * can stand in a column and in an id; `.ptr` NULL when it is no absolute URL or too long. */
str url_of_other_scheme(struct arena *arena, str text);

/* The path of a file: URL, percent-decoded; `.ptr` NULL when it is none, or names a host other
 * than localhost. A NUL byte in it makes it none. */
str url_file_path(struct arena *arena, str text);

/* Bytes that are not valid URL characters as %XX, the rest as it is: so that any byte string can
 * stand in a column. */
str url_percent_encode_bytes(struct arena *arena, bytes raw);

#endif
