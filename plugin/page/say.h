/* SPDX-License-Identifier: Apache-2.0 */
/* Lines with their verdicts become events: the one place where a page speaks to a sink. */
#ifndef PAGE_SAY_H
#define PAGE_SAY_H

#include "base/document.h"
#include "page/lines.h"

/* Blocks, drops, and the values of drops that are columns too (rights). OK, or what the sink
 * answered; at LIMIT the rest of the source has been said as one drop. */
enum status lines_say(const struct lines *lines, struct sink *sink) MUST_CHECK;

/* What a sink that is full has to be told: everything from `from` on is not in the record. Answers
 * LIMIT, or what the sink answered besides. */
enum status say_rest(struct sink *sink, size_t from, size_t source_len) MUST_CHECK;

/* Long text in pieces a host can be asked between. *said: the source offset up to which the sink
 * took it. */
enum status say_text(struct sink *sink, str text, struct span span, size_t *said) MUST_CHECK;

#endif
