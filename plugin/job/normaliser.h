/* SPDX-License-Identifier: Apache-2.0 */
/* A sink in front of a sink: what passes is in the normal form records carry.
 *
 * Composition may reach from one piece of a block into the next ("e", then U+0301), so pieces are
 * gathered and leave at the block's end, or at a place that nothing can compose across.
 */
#ifndef JOB_NORMALISER_H
#define JOB_NORMALISER_H

#include "base/document.h"
#include "base/sink.h"
#include "base/vector.h"
#include "text/normal.h"

struct normaliser {
    struct sink sink; /* first: formats speak to this */
    struct sink *next;
    struct document *document; /* notes; scratch from its arena */
    enum normal_form form;
    struct vector gathered; /* char */
    struct span span;       /* of what is gathered */
    struct normal_changes changes;
};

/* For one document; keeps its buffer from the last one. */
void normaliser_begin(struct normaliser *normaliser, struct sink *next, struct document *document,
                      enum normal_form form);
/* Says the changes as notes. */
void normaliser_finish(struct normaliser *normaliser);
void normaliser_release(struct normaliser *normaliser);

#endif
