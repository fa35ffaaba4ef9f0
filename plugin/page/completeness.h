/* SPDX-License-Identifier: Apache-2.0 */
/* Is the whole document here? The answer of a library page, with all that speaks against it: the
 * first reason in the design's order is the column, the others are notes. */
#ifndef PAGE_COMPLETENESS_H
#define PAGE_COMPLETENESS_H

#include "base/document.h"
#include "page/fragments.h"

struct completeness {
    int64_t page_count;        /* as stated; -1: unknown */
    int64_t preview_pages;     /* pictures of pages seen; 0: none */
    int64_t preview_page_last; /* the highest number among them */
    bool has_gate;
    bool says_all;      /* the page says that the whole document is shown */
    int64_t body_count; /* code points of the body */
    str body_end;       /* its last line */
    size_t place;       /* source offset of its end */
    const struct fragments *fragments;
};

/* Says complete, incomplete_reason, preview_pages and seams; notes the other reasons. `complete`
 * stays null when nothing speaks against it, unless the page says that this is all. */
enum status completeness_say(const struct completeness *completeness, struct document *document,
                             struct sink *sink) MUST_CHECK;

#endif
