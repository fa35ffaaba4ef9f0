/* SPDX-License-Identifier: Apache-2.0 */
/* How we behave towards every server: the options and headers that all requests of a fetcher carry,
 * read from the settings once. Nothing is left to the environment or to libcurl's own mind. */
#ifndef FETCH_MANNERS_H
#define FETCH_MANNERS_H

#include "base/document.h"
#include "base/settings.h"

#include <curl/curl.h>

struct manners {
    const struct settings *settings;
    struct arena arena;
    const char *user_agent;
    const char *proxy;
    const char *ca_file;
    struct curl_slist *headers;
    struct curl_slist *authorised_headers; /* the same and Authorization */
};

/* False: the fault tells; nothing is held. `settings` lent until manners_close. */
bool manners_open(struct manners *manners, const struct settings *settings, str authorization,
                  struct fault *fault);
void manners_close(struct manners *manners); /* a zeroed one is allowed */

/* Sets them on a handle. False: no memory. */
bool manners_apply(const struct manners *manners, CURL *easy);

/* Can this text stand in a header? A line break in it would become a header of its own. */
bool manners_are_header_text(str text);

/* Appends "name: value" to the list; false: no memory, the list is as before. */
bool manners_add_header(struct curl_slist **list, struct arena *scratch, str name, str value);

#endif
