/* SPDX-License-Identifier: Apache-2.0 */
/* Blocks as Markdown: CommonMark 0.31, and of GitHub's extension to it the tables and formulas.
 *
 * What a reader of the rendered text sees is the blocks' text, character for character: whatever
 * Markdown would take for a mark of its own is escaped.
 */
#ifndef JOB_MARKDOWN_H
#define JOB_MARKDOWN_H

#include "base/vector.h"
#include "job/record.h"

/* Adds them to a vector of bytes. False: no memory. */
bool markdown_write(const struct record_block *blocks, size_t count, struct vector *out) MUST_CHECK;

#endif
