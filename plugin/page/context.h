/* SPDX-License-Identifier: Apache-2.0 */
/* What a block's neighbours and its first words say of it, once hints and sums have spoken: boxes and
 * lines of the site inside the document, its ragged edges, headings that nothing follows. */
#ifndef PAGE_CONTEXT_H
#define PAGE_CONTEXT_H

#include "page/density.h"

struct context {
    struct density *density;
    const struct block *title; /* stays */
    uint32_t container;
    size_t good;      /* of the container */
    bool drops_links; /* blocks that are links are not the document */
    bool trims;       /* nor short lines in front of the text and behind it, unless they are its */
};

/* Takes blocks that are kept and gives some of them verdicts. */
void context_apply(const struct context *self);

#endif
