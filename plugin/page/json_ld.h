/* SPDX-License-Identifier: Apache-2.0 */
/* What a page states in JSON-LD (schema.org), as claims: of the things it is about, not of those it
 * only mentions.
 *
 *   {"@graph": [{"@type": "Article", "headline": …, "author": {"@id": "#a"}},    → title, author
 *               {"@type": "Person", "@id": "#a", "name": …},                    → who #a is
 *               {"@type": "ItemList", "itemListElement": [ … ]}]}               → nothing
 *
 * No processing of contexts. What is broken is read up to where it breaks; controls in strings,
 * commas before a bracket and comment marks around the whole are put right first. */
#ifndef PAGE_JSON_LD_H
#define PAGE_JSON_LD_H

#include "page/claims.h"

/* What a thing is, as far as it matters whose title and author it states. */
enum thing_type {
    THING_UNKNOWN,
    THING_ARTICLE, /* and all else that is written: the best there is */
    THING_WORK,    /* a product, recipe, course, event … that a page can be about */
    THING_PAGE,
    THING_SITE,
    THING_AGENT, /* a person or an organisation */
    THING_OTHER
};

/* By the name behind the last `/`, `#` or `:`. */
enum thing_type thing_type_of(str name);

struct json_ld; /* in the arena, for all scripts of a page */

/* Reads one script. `*json_ld` NULL at first; a page keeps it. False: it is too long to be read. */
bool json_ld_read(struct json_ld **json_ld, struct claims *claims, str script, struct span span);

/* Behind the last script: references to things that were named elsewhere. */
void json_ld_finish(struct json_ld *json_ld, struct claims *claims);

#endif
