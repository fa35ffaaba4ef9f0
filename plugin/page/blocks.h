/* SPDX-License-Identifier: Apache-2.0 */
/* A tree becomes lines: one walk, by a table of how each element is shown. */
#ifndef PAGE_BLOCKS_H
#define PAGE_BLOCKS_H

#include "base/document.h"
#include "page/lines.h"
#include "page/metadata.h"

/* All visible text of the tree, with first verdicts from hints, and what its head states. `out` and
 * `metadata` lend from the tree. OK, NO_MEMORY, or what the pulse answered. */
enum status blocks_read(struct arena *arena, const struct dom *dom, struct sink *pulse,
                        struct lines *out, struct metadata *metadata) MUST_CHECK;

#endif
