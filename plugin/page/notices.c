/* SPDX-License-Identifier: Apache-2.0 */
#include "page/notices.h"

enum { TIP_HEAD_MAX = 12 /* code points of a line that only announces tips */ };

enum status notices_init(struct notices *notices, struct lines *lines,
                         const struct lexicon *lexicon, enum family family, struct folded *scratch,
                         const struct folded *title)
{
    *notices = (struct notices){
        .lines = lines, .lexicon = lexicon, .family = family, .line = scratch, .title = title};
    notices->told = ARENA_ARRAY(lines->arena, lines->count + 1, bool);
    return notices->told ? STATUS_OK : STATUS_NO_MEMORY;
}

/* The number in "第2页/共4页", or else the line's last: "1984_第12页". */
static int64_t page_number(const struct folded *folded)
{
    int64_t number = 0;
    int64_t scale = 1;
    const bool counted = pattern_match(PATTERN("第#页/共#页"), folded, 0) != NO_MATCH;
    int i = counted ? pattern_match(PATTERN("第#页"), folded, 0) : folded->count;
    while (i > 0 && !ascii_is_digit(folded->points[i - 1])) {
        i--;
    }
    for (; i > 0 && ascii_is_digit(folded->points[i - 1]) && scale < PREVIEW_PAGES_MAX; i--) {
        number += (int64_t)(folded->points[i - 1] - '0') * scale;
        scale *= 10;
    }
    return number;
}

/* The number at `from`; 0: there is none. */
static int64_t number_at(const struct folded *folded, int from)
{
    int64_t number = 0;
    for (int i = from; i < folded->count && i < from + 5 && ascii_is_digit(folded->points[i]);
         i++) {
        number = number * 10 + (int64_t)(folded->points[i] - '0');
    }
    return number;
}

static void see_page(struct notices *self)
{
    int end = 0;
    const int all = pattern_find(PATTERN("/共#页"), self->line, 0, &end);
    if (all != NO_MATCH && !self->gate_total) {
        self->gate_total = number_at(self->line, all + 2);
    }
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

static struct verdict verdict_of(const struct wording *phrase)
{
    return (struct verdict){
        .dropped = true, .reason = phrase->reason, .column = COLUMN_NONE, .rule = phrase->rule};
}

/* "已阅读5页,还剩12页未读", "预览前5页/共17页", "只提供5页预览": what a gate says of pages. */
static void read_gate(struct notices *self)
{
    static const struct {
        struct pattern pattern;
        int shown; /* points in front of the number */
    } shown[] = {{PATTERN_INIT("已阅读#页"), 3},
                 {PATTERN_INIT("预览前#页"), 3},
                 {PATTERN_INIT("只提供#页"), 3}};
    int end = 0;
    for (size_t i = 0; i < sizeof shown / sizeof shown[0]; i++) {
        const int at = pattern_find(shown[i].pattern, self->line, 0, &end);
        if (at != NO_MATCH && !self->gate_pages) {
            self->gate_pages = number_at(self->line, at + shown[i].shown);
        }
    }
    const int left = pattern_find(PATTERN("还剩#页"), self->line, 0, &end);
    const int all = pattern_find(PATTERN("/共#页"), self->line, 0, &end);
    if (all != NO_MATCH && !self->gate_total) {
        self->gate_total = number_at(self->line, all + 2);
    } else if (left != NO_MATCH && self->gate_pages && !self->gate_total) {
        self->gate_total = self->gate_pages + number_at(self->line, left + 2);
    }
}

static bool is_anchor(const struct notices *self)
{
    int end = 0;
    return anchor_find(self->lexicon, self->family, self->line, &end) && end == self->line->count;
}

static bool is_hidden(const struct line *line)
{
    return line->verdict.dropped && line->verdict.reason == DROP_hidden;
}

int64_t item_number(const struct folded *folded)
{
    int64_t number = 0;
    int i = 0;
    while (i < folded->count && i < 3 && ascii_is_digit(folded->points[i])) {
        number = number * 10 + (int64_t)(folded->points[i] - '0');
        i++;
    }
    const bool point = i < folded->count && (folded->points[i] == '.' || folded->points[i] == ':' ||
                                             folded->points[i] == 0x3001);
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
    const struct wording *phrase = phrase_find(self->lexicon, self->family, self->line);
    const bool tip = is_tip(tips, line, self->line);
    tips->related = phrase ? phrase->reason == DROP_related : tips->related && is_link(line);
    if (phrase) {
        if (phrase->reason == DROP_tip && !tip) {
            tips->last = item_number(self->line);
            tips->open = tips->last > 0 || self->line->count <= TIP_HEAD_MAX;
        } else if (phrase->reason == DROP_thumbnail) {
            see_page(self);
        } else if (phrase->reason == DROP_preview_gate) {
            self->has_gate = true;
            read_gate(self);
        }
        line->verdict = verdict_of(phrase);
    } else if (tip) {
        line->verdict = VERDICT_DROP_BY(tip, "library: numbered behind a tip's heading");
    } else if (tips->related) {
        line->verdict =
            VERDICT_DROP_BY(related, "library: links behind a heading of related documents");
    } else if (is_all(self->line)) {
        line->verdict = VERDICT_DROP_BY(tip, "library lexicon: the whole is shown");
        self->says_all = true;
    } else if (is_anchor(self)) {
        line->verdict = VERDICT_DROP_BY(label, "library lexicon: anchor");
    } else {
        return;
    }
    self->told[i] = true;
}

static void drop_caption(struct notices *self, size_t i)
{
    struct line *line = &self->lines->items[i];
    fold_notice(self->lines->text, line->from, line->to, self->line);
    const struct wording *phrase = phrase_find(self->lexicon, self->family, self->line);
    const bool of_document = folded_begins(self->line, self->title) ||
                             pattern_match(PATTERN("第#页/共#页"), self->line, 0) != NO_MATCH;
    if (phrase && phrase->reason == DROP_thumbnail && of_document) {
        see_page(self);
        line->verdict = verdict_of(phrase);
        self->told[i] = true;
    }
}

static void drop_alternative(struct notices *self, struct alternative *alternative)
{
    fold_notice(alternative->text, 0, alternative->text.len, self->line);
    const struct wording *phrase = phrase_find(self->lexicon, self->family, self->line);
    if (phrase && phrase->reason == DROP_thumbnail) {
        see_page(self);
        alternative->verdict = verdict_of(phrase);
    }
}

void notices_drop_gate(struct notices *self, size_t from, size_t to)
{
    struct lines *lines = self->lines;
    for (size_t i = 0; i < lines->count; i++) {
        struct line *line = &lines->items[i];
        const struct span span = lines_span(lines, line->from, line->to);
        if (span.start >= from && span.end <= to && !self->told[i] && !line->first_cut &&
            !is_hidden(line)) {
            fold_notice(lines->text, line->from, line->to, self->line);
            read_gate(self);
            line->verdict = VERDICT_DROP_BY(preview_gate, "library profile: element of the gate");
            self->told[i] = true;
            self->has_gate = true;
        }
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
