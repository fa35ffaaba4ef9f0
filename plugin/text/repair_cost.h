/* SPDX-License-Identifier: Apache-2.0 */
/* How unlikely a stretch of text is, in nats, by the company its characters keep.
 *
 *   caf é        an accented letter behind a small one: cheap
 *   caf Ã ©      a capital behind a small letter, a sign behind a letter: dear, twice
 *   中 文        ideographs cost what text/likelihood.h says of the best language
 *
 * Not a detector: it compares two readings of the same place, so what both have in common may be
 * wrong. The numbers are rounded from what lines in twenty languages show. */
#ifndef TEXT_REPAIR_COST_H
#define TEXT_REPAIR_COST_H

#include "base/str.h"

/* What stood before. Zero: the start of a line. */
struct cost_context {
    uint32_t last;
    uint8_t kind;     /* of `last` */
    uint8_t before;   /* kind of what stood before that */
    uint8_t capitals; /* how many stand in a row, up to a few */
};

/* The context behind `count` characters. */
struct cost_context cost_context_behind(const uint32_t *text, size_t count);

/* Of `count` characters behind `context`, and of `next` behind them (0: the end), whose own cost is
 * left out where it is the same in any company. */
double cost_of(struct cost_context context, const uint32_t *text, size_t count, uint32_t next);

#endif
