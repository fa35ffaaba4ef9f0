/* SPDX-License-Identifier: Apache-2.0 */
#include "page/notices.h"

enum { TIP_HEAD_MAX = 12 /* code points of a line that only announces tips */ };

enum status notices_init(struct notices *notices, struct lines *lines, enum family family,
                         struct folded *scratch, const struct folded *title)
{
    *notices = (struct notices){.lines = lines, .family = family, .line = scratch, .title = title};
    notices->told = ARENA_ARRAY(lines->arena, lines->count + 1, bool);
    return notices->told ? STATUS_OK : STATUS_NO_MEMORY;
}

/* The number in "第2页/共4页", or else the line's last: "1984_第12页". */
static int64_t page_number(const struct folded *folded)
{
    int64_t number = 0;
    int64_t scale = 1;
    const bool counted = pattern_match(STR("第#页/共#页"), folded, 0) != NO_MATCH;
    int i = counted ? pattern_match(STR("第#页"), folded, 0) : folded->count;
    while (i > 0 && !ascii_is_digit(folded->points[i - 1])) {
        i--;
    }
    for (; i > 0 && ascii_is_digit(folded->points[i - 1]) && scale < PREVIEW_PAGES_MAX; i--) {
        number += (int64_t)(folded->points[i - 1] - '0') * scale;
        scale *= 10;
    }
    return number;
}

static void see_page(struct notices *self)
{
    const int64_t number = page_number(self->line);
    if (number <= 0 || number >= PREVIEW_PAGES_MAX) {
        return;
    }
    uint64_t *word = &self->pages_seen[number / 64];
    const uint64_t bit = UINT64_C(1) << (number % 64);
    self->preview_pages += !(*word & bit);
    self->preview_page_last = number > self->preview_page_last ? number : self->preview_page_last;
    *word |= bit;
}

static struct verdict verdict_of(enum drop_reason reason)
{
    return (struct verdict){.dropped = true, .reason = reason, .column = COLUMN_NONE};
}

static bool is_hidden(const struct line *line)
{
    return line->verdict.dropped && line->verdict.reason == DROP_hidden;
}

/* "3. …", "3、…": the number, or 0. */
static int64_t item_number(const struct folded *folded)
{
    int64_t number = 0;
    int i = 0;
    while (i < folded->count && i < 3 && ascii_is_digit(folded->points[i])) {
        number = number * 10 + (int64_t)(folded->points[i] - '0');
        i++;
    }
    const bool point =
        i < folded->count && (folded->points[i] == '.' || folded->points[i] == 0x3001);
    return i > 0 && point ? number : 0;
}

/* Tips are announced once and then numbered, or listed; so are other documents, as links. */
struct tips {
    bool open;
    int64_t last;
    bool related;
};

static bool is_tip(struct tips *tips, const struct line *line, const struct folded *folded)
{
    const int64_t number = item_number(folded);
    if (!tips->open) {
        return false;
    }
    tips->open = line->kind == BLOCK_list_item ||
                 (number > 0 && number > tips->last && number <= tips->last + 2);
    tips->last = number > 0 ? number : tips->last;
    return tips->open;
}

static bool is_link(const struct line *line)
{
    return line->kind == BLOCK_list_item || line->link_len * 10 >= (line->to - line->from) * 8;
}

static void drop_line(struct notices *self, size_t i, struct tips *tips)
{
    struct line *line = &self->lines->items[i];
    fold_notice(self->lines->text, line->from, line->to, self->line);
    const struct phrase *phrase = phrase_find(self->family, self->line);
    const bool tip = is_tip(tips, line, self->line);
    tips->related = phrase ? phrase->reason == DROP_related : tips->related && is_link(line);
    if (phrase) {
        if (phrase->reason == DROP_tip && !tip) {
            tips->open = self->line->count <= TIP_HEAD_MAX;
            tips->last = 0;
        } else if (phrase->reason == DROP_thumbnail) {
            see_page(self);
        } else if (phrase->reason == DROP_preview_gate) {
            self->has_gate = true;
        }
        line->verdict = verdict_of(phrase->reason);
    } else if (tip) {
        line->verdict = VERDICT_DROP(tip);
    } else if (tips->related) {
        line->verdict = VERDICT_DROP(related);
    } else if (anchor_match(self->family, self->line) == self->line->count) {
        line->verdict = VERDICT_DROP(label);
    } else {
        return;
    }
    self->told[i] = true;
}

static void drop_caption(struct notices *self, size_t i)
{
    struct line *line = &self->lines->items[i];
    fold_notice(self->lines->text, line->from, line->to, self->line);
    const struct phrase *phrase = phrase_find(self->family, self->line);
    const bool of_document = folded_begins(self->line, self->title) ||
                             pattern_match(STR("第#页/共#页"), self->line, 0) != NO_MATCH;
    if (phrase && phrase->reason == DROP_thumbnail && of_document) {
        see_page(self);
        line->verdict = VERDICT_DROP(thumbnail);
        self->told[i] = true;
    }
}

static void drop_alternative(struct notices *self, struct alternative *alternative)
{
    fold_notice(alternative->text, 0, alternative->text.len, self->line);
    const struct phrase *phrase = phrase_find(self->family, self->line);
    if (phrase && phrase->reason == DROP_thumbnail) {
        see_page(self);
        alternative->verdict = VERDICT_DROP(thumbnail);
    }
}

void notices_drop(struct notices *self, size_t body_from, size_t body_to)
{
    struct lines *lines = self->lines;
    struct tips tips = {0};
    for (size_t i = 0; i < lines->count; i++) {
        const struct line *line = &lines->items[i];
        if (self->told[i] || line->first_cut || is_hidden(line)) {
            continue;
        }
        if (i >= body_from && i < body_to) {
            drop_caption(self, i);
        } else if (!(line->verdict.dropped && line->verdict.reason == DROP_metadata)) {
            drop_line(self, i, &tips);
        }
    }
    for (size_t i = 0; i < lines->alternative_count; i++) {
        drop_alternative(self, &lines->alternatives[i]);
    }
}
