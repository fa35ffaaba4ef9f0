/* SPDX-License-Identifier: Apache-2.0 */
/* What a page's head states of the document: meta elements, the canonical link, html lang. Stated
 * text, still unjudged; each with its place in the source. */
#ifndef PAGE_METADATA_H
#define PAGE_METADATA_H

#include "base/arena.h"
#include "base/document.h"
#include "base/sink.h"
#include "markup/dom.h"

struct stated {
    str text; /* lent from the tree; empty: not stated */
    struct span span;
};

struct metadata {
    struct arena *arena;
#define META(member, name) struct stated member;
#include "page/metadata.def"
    struct stated language;
    struct stated canonical;
    struct stated licence;
    const struct node *title_element; /* the first of the page; NULL: none */
};

/* Takes what `element` (meta, link, html) states; the first statement of each kind stays. */
void metadata_read(struct metadata *metadata, const struct node *element);

/* Each keyword as a value: they stand between commas of either width, 、 or semicolons; with
 * `spaces` also between white space. */
enum status keywords_say(const struct stated *stated, bool spaces, struct sink *sink) MUST_CHECK;

/* Columns that any page may state. The title is the caller's to choose. */
enum status metadata_say(const struct metadata *metadata, struct sink *sink) MUST_CHECK;

#endif
