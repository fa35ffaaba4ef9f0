/* SPDX-License-Identifier: Apache-2.0 */
/* What a page states of itself in its markup: meta and link elements, JSON-LD, microdata, marked
 * elements, html lang. Collected while the tree is walked, each with its place in the source;
 * byline.h adds what visible lines state; metadata_say.c chooses and says the columns. */
#ifndef PAGE_METADATA_H
#define PAGE_METADATA_H

#include "base/document.h"
#include "markup/dom.h"
#include "page/claims.h"
#include "page/date.h"
#include "page/json_ld.h"
#include "page/links.h"
#include "page/marks.h"

struct metadata {
    struct arena *arena;
#define META(member, name) struct stated member;
#include "page/metadata.def"
    struct stated language;
    const struct node *title_element; /* the first of the page; NULL: none */
    struct claims claims;
    struct marks marks;
    struct links links;
    struct json_ld *json_ld;  /* NULL: no script of it yet */
    int64_t json_ld_skipped;  /* scripts of it that are too long */
    const struct node *scope; /* of the last microdata */
};

/* Takes what `element` states. Sticky: claims.failed when the arena refused. */
void metadata_read(struct metadata *metadata, const struct node *element);

/* Behind the last element. */
void metadata_finish(struct metadata *metadata);

/* How the page's language, as stated, orders days and months. */
enum date_order metadata_date_order(const struct metadata *metadata);

/* Each keyword as a value: they stand between commas of either width, 、 or semicolons; with
 * `spaces` also between white space. */
enum status keywords_say(const struct stated *stated, bool spaces, struct sink *sink) MUST_CHECK;

/* Columns that any page may state. The title is the caller's to choose, the links are links_say's. */
enum status metadata_say(const struct metadata *metadata, struct sink *sink) MUST_CHECK;

#endif
