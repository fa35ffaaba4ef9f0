/* SPDX-License-Identifier: Apache-2.0 */
/* Links that lead on from a document: next and previous page, download, attachment, and what link
 * elements state. Collected while the tree is walked, resolved against the page's address and its
 * base element when they are said; only http and https. Of a page whose address nobody knows (a
 * saved file) a relative reference stays as it stands.
 *
 *   rel=next, 下一页, a class that says so, or the number behind the one that is no link
 *
 * A link to the next article of a site is only taken where rel says it. */
#ifndef PAGE_LINKS_H
#define PAGE_LINKS_H

#include "base/document.h"
#include "base/sink.h"
#include "markup/dom.h"

enum { LINKS_MAX = 256, LINK_NUMBERS_MAX = 128 };

enum link_rel {
    LINK_none,
    LINK_next,
    LINK_prev,
    LINK_download,
    LINK_attachment,
    LINK_canonical,
    LINK_license,
    LINK_alternate,
    LINK_author
};

struct link {
    enum link_rel rel;
    str target; /* as it stands */
    str text;   /* of an alternate: its language */
};

struct links {
    struct link *items; /* NULL: none yet */
    size_t count;
    size_t capacity;
    const struct node **numbers; /* links whose text is a number */
    size_t number_count;
    str base; /* of the first base element */
};

/* Takes what an element a, area, link or base links to. False: the arena refused. */
bool links_read(struct links *links, struct arena *arena, const struct node *element);

/* Says them, each once. OK, NO_MEMORY, or what the sink answered. */
enum status links_say(struct links *links, struct document *document, struct sink *sink) MUST_CHECK;

#endif
