/* SPDX-License-Identifier: Apache-2.0 */
/* A sink in front of a sink: what passes is in the normal form records carry.
 *
 *   text "caf" ─ text "e" ─ text "◌́!" ─ close  ──►  text "café!" ─ close
 *
 * Composition, joiners and line ends reach from one piece of a block into the next, so pieces are
 * gathered and leave at the block's end; of a long block, at places that nothing reaches across.
 * A piece that leaves has the range of all pieces it has text of.
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
    struct normal_rules rules;
    struct vector gathered; /* char */
    struct vector pieces;   /* struct piece: whose text is gathered */
    size_t cut_bytes;       /* so much gathered, a place to cut is looked for */
};

/* For one document; keeps its buffers from the last one. */
void normaliser_begin(struct normaliser *normaliser, struct sink *next, struct document *document,
                      struct normal_rules rules);
/* When all was said: the notes as they must be. */
void normaliser_finish(struct normaliser *normaliser);
void normaliser_release(struct normaliser *normaliser);

#endif
