/* SPDX-License-Identifier: Apache-2.0 */
#include "page/select.h"

enum {
    LINKS_RUN_MIN = 3,    /* lines that are only links, one after the other */
    LINK_LINE_MAX = 120,  /* bytes: a longer line of links is a sentence */
    PROSE_BYTES_MIN = 200 /* a page with less text outside links is one of links */
};

static size_t plain_len(const struct line *line)
{
    const size_t len = line->to - line->from;
    return len > line->link_len ? len - line->link_len : 0;
}

/* A hint that covers more than half of what is to be read was a wrong one: one bad class name on an
 * outer element must not cost the page. */
static enum status lift_heavy_regions(struct lines *lines)
{
    size_t *weights = ARENA_ARRAY(lines->arena, lines->region_count + 1, size_t);
    if (!weights) {
        return STATUS_NO_MEMORY;
    }
    size_t all = 0;
    for (size_t i = 0; i < lines->count; i++) {
        const struct line *line = &lines->items[i];
        if (!line->verdict.dropped || line->region != NO_REGION) {
            weights[line->region] += plain_len(line);
            all += plain_len(line);
        }
    }
    for (size_t i = 1; i < lines->region_count; i++) {
        lines->regions[i].lifted = weights[i] > all / 2;
    }
    return STATUS_OK;
}

static void apply_lifted(struct lines *lines)
{
    for (size_t i = 0; i < lines->count; i++) {
        struct line *line = &lines->items[i];
        if (lines->regions[line->region].lifted) {
            line->verdict = VERDICT_BODY;
        }
    }
}

static bool is_links(const struct line *line)
{
    const size_t len = line->to - line->from;
    return !line->verdict.dropped && line->kind != BLOCK_heading && len <= LINK_LINE_MAX &&
           line->link_len * 10 >= len * 8;
}

static size_t count_prose(const struct lines *lines)
{
    size_t prose = 0;
    for (size_t i = 0; i < lines->count; i++) {
        prose += lines->items[i].verdict.dropped ? 0 : plain_len(&lines->items[i]);
    }
    return prose;
}

static void drop_link_runs(struct lines *lines)
{
    if (count_prose(lines) < PROSE_BYTES_MIN) {
        return;
    }
    size_t run_from = 0;
    for (size_t i = 0; i <= lines->count; i++) {
        if (i < lines->count && is_links(&lines->items[i])) {
            continue;
        }
        for (size_t n = run_from; i - run_from >= LINKS_RUN_MIN && n < i; n++) {
            lines->items[n].verdict = VERDICT_DROP(navigation);
        }
        run_from = i + 1;
    }
}

static bool has_body(const struct lines *lines)
{
    for (size_t i = 0; i < lines->count; i++) {
        if (!lines->items[i].verdict.dropped) {
            return true;
        }
    }
    return false;
}

enum status lines_select(struct lines *lines)
{
    TRY(lift_heavy_regions(lines));
    apply_lifted(lines);
    drop_link_runs(lines);
    if (!has_body(lines)) {
        for (size_t i = 1; i < lines->region_count; i++) {
            lines->regions[i].lifted = true;
        }
        apply_lifted(lines);
    }
    return STATUS_OK;
}
