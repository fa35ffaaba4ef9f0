/* SPDX-License-Identifier: Apache-2.0 */
/* What the markup of a page states of the page's type; gathered while the tree is walked. */
#ifndef PAGE_EVIDENCE_H
#define PAGE_EVIDENCE_H

#include "page/type_words.h"

#include "markup/dom.h"

#define PAGE_TYPE_LIST(X)                                                                          \
    X(unknown)                                                                                     \
    X(article)                                                                                     \
    X(documentation)                                                                               \
    X(forum)                                                                                       \
    X(product)                                                                                     \
    X(listing)                                                                                     \
    X(collection)                                                                                  \
    X(service)

enum page_type {
#define X(name) PAGE_TYPE_##name,
    PAGE_TYPE_LIST(X)
#undef X
        PAGE_TYPE_COUNT
};

struct page_evidence {
    uint64_t seen; /* lines of page_type.def, in bits: each counts once */
    uint16_t points[PAGE_TYPE_COUNT];
    struct type_counts counts; /* of elements, until page_type.c adds those of blocks */
    struct type_words words;   /* made with the first element */
};

/* Takes what `element` states. */
void evidence_read(struct page_evidence *evidence, const struct node *element);

#endif
