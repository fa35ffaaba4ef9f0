/* SPDX-License-Identifier: Apache-2.0 */
/* What readers see around the title: "By Jane Doe, 23 November 2019", 作者：…, 发布时间：…, a <time>, an
 * element of class author. Added as claims behind all that is stated for machines. Nothing is taken out
 * of the text; a line beside the title that was dropped anyway is dropped as metadata. */
#ifndef PAGE_BYLINE_H
#define PAGE_BYLINE_H

#include "page/lines.h"
#include "page/metadata.h"

/* `title_at`: the line of the title, or lines->count. */
void byline_read(struct lines *lines, struct metadata *metadata, size_t title_at);

#endif
