/* SPDX-License-Identifier: Apache-2.0 */
/* Is this a document library's page? By the evidence of each family in profile.def. */
#include "page/labels.h"
#include "page/library_page.h"

enum {
    HEAD_LINES_MAX = 400, /* among these the title and the labels stand */
    LABELS_GAP_MAX = 12,  /* lines between two lines of labels, in a page */
    LABELS_MIN = 3,
    TITLE_MIN =
        4 /* code points of a line taken for the title because the title element begins so */
};

static int bit_count(uint64_t bits)
{
    int count = 0;
    for (; bits; bits &= bits - 1) {
        count++;
    }
    return count;
}

/* The columns that labels from line `from` on state, the lines of labels no further apart than
 * their group is; labels_from and labels_to tell where. */
static uint64_t read_label_group(struct library *self, size_t from, size_t end)
{
    uint64_t all = 0;
    const size_t gap = self->metadata ? LABELS_GAP_MAX : 0;
    self->labels_from = from;
    self->labels_to = from;
    for (size_t i = from; i < end && i <= self->labels_to + gap; i++) {
        const struct line *line = &self->lines->items[i];
        uint64_t columns = 0;
        bool took_next = false;
        if (!line_is_hidden(line)) {
            (void)labels_count(self->lines, line, library_line_behind(self, i, end), self->family,
                               self->line, &columns, &took_next);
        }
        if (columns) {
            self->labels_from = all ? self->labels_from : i;
            self->labels_to = i + 1 + took_next;
            all |= columns;
        }
        i += took_next;
    }
    return all;
}

/* The first group of labels that states enough; false: there is none. A plain text has nothing
 * between its labels and nothing before them, and must state number, size and pages. */
static bool find_labels(struct library *self, size_t from)
{
    const uint64_t wanted = UINT64_C(1) << COLUMN_doc_id | UINT64_C(1) << COLUMN_declared_bytes |
                            UINT64_C(1) << COLUMN_page_count;
    const size_t end = self->lines->count < HEAD_LINES_MAX ? self->lines->count : HEAD_LINES_MAX;
    while (from < end) {
        const uint64_t columns = read_label_group(self, from, end);
        if (bit_count(columns) >= LABELS_MIN) {
            return self->metadata || (columns & wanted) == wanted;
        }
        if (!self->metadata) {
            return false;
        }
        from = self->labels_to > from ? self->labels_to : from + LABELS_GAP_MAX;
    }
    return false;
}

static void take_title(struct library *self, const struct line *line)
{
    const struct lines *lines = self->lines;
    fold(lines->text, line->from, line->to, self->title);
    self->title_text = (struct stated){.text = line_text(lines, line),
                                       .span = lines_span(lines, line->from, line->to)};
}

static size_t count_titles(struct library *self, size_t end)
{
    size_t count = 0;
    for (size_t i = 0; i < end; i++) {
        const struct line *line = &self->lines->items[i];
        library_fold(self, line);
        count += line_is_page_title(line) ? folded_begins(self->line, self->title)
                                          : folded_equal(self->line, self->title);
    }
    return count;
}

static bool is_heading(const struct line *line)
{
    return line->kind == BLOCK_heading && line->level == 1 && !line_is_hidden(line);
}

/* A page's title is its first heading, or the line that its title element begins with, or else
 * that element. */
static const struct line *page_title(struct library *self)
{
    const struct lines *lines = self->lines;
    const struct line *element = NULL;
    const struct line *best = NULL;
    for (size_t i = 0; i < self->labels_to && i < HEAD_LINES_MAX; i++) {
        const struct line *line = &lines->items[i];
        if (is_heading(line)) {
            return line;
        }
        if (line_is_page_title(line)) {
            element = line;
        } else if (element && !best && !line_is_hidden(line)) {
            library_fold(self, element);
            fold(lines->text, line->from, line->to, self->title);
            const bool begins =
                self->title->count >= TITLE_MIN && folded_begins(self->line, self->title);
            best = begins ? line : NULL;
        }
    }
    return best ? best : element;
}

static bool find_page_title(struct library *self)
{
    const struct line *line = page_title(self);
    if (line) {
        take_title(self, line);
    }
    return line != NULL;
}

static bool find_plain_title(struct library *self)
{
    const struct lines *lines = self->lines;
    if (lines->count < 2) {
        return false;
    }
    take_title(self, &lines->items[0]);
    library_fold(self, &lines->items[1]);
    return folded_equal(self->line, self->title);
}

/* A stated title (og:title) is the title, wherever else it stands. */
static bool find_title(struct library *self)
{
    if (!self->metadata) {
        return find_plain_title(self);
    }
    if (self->metadata->og_title.text.len) {
        const str text = self->metadata->og_title.text;
        self->title_text = self->metadata->og_title;
        fold(text, 0, text.len, self->title);
        return true;
    }
    return find_page_title(self);
}

static bool has_gate(struct library *self, size_t from)
{
    for (size_t i = from; i < self->lines->count; i++) {
        library_fold(self, &self->lines->items[i]);
        const struct phrase *phrase = phrase_find(self->family, self->line);
        if (phrase && phrase->reason == DROP_preview_gate && phrase->place == PLACE_START) {
            return true;
        }
    }
    return false;
}

static bool has_anchor(struct library *self, size_t from)
{
    for (size_t i = from; i < self->lines->count; i++) {
        library_fold_head(self, &self->lines->items[i]);
        if (anchor_match(self->family, self->line) != NO_MATCH) {
            return true;
        }
    }
    return false;
}

static bool is_declared(const struct library *self)
{
    return self->metadata &&
           str_equal_ignoring_ascii_case(self->metadata->og_type.text, STR("document"));
}

/* Cheapest first: what nearly every page lacks is asked before the whole of it is read. */
static bool belongs(struct library *self)
{
    const unsigned wanted = family_evidence(self->family, !self->metadata);
    if ((wanted & EVIDENCE_NEVER) || ((wanted & EVIDENCE_DECLARED) && !is_declared(self))) {
        return false;
    }
    if (!self->metadata && !find_plain_title(self)) {
        return false;
    }
    if (!find_labels(self, self->metadata ? 0 : 2) || !find_title(self)) {
        return false;
    }
    if ((wanted & EVIDENCE_TITLE) && count_titles(self, self->labels_from) < 2) {
        return false;
    }
    if ((wanted & EVIDENCE_ANCHOR) && !has_anchor(self, 0)) {
        return false;
    }
    return !(wanted & EVIDENCE_GATE) || has_gate(self, self->labels_to);
}

enum status library_recognise(struct lines *lines, const struct metadata *metadata,
                              struct library **out)
{
    struct library *self = ARENA_NEW(lines->arena, struct library);
    struct folded *scratch = ARENA_ARRAY(lines->arena, 2, struct folded);
    if (!self || !scratch) {
        return STATUS_NO_MEMORY;
    }
    for (enum family family = 0; family < FAMILY_COUNT && !*out; family++) {
        *self = (struct library){.lines = lines,
                                 .metadata = metadata,
                                 .family = family,
                                 .line = &scratch[0],
                                 .title = &scratch[1]};
        *out = belongs(self) ? self : NULL;
    }
    return STATUS_OK;
}
