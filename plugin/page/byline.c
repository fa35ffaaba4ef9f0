/* SPDX-License-Identifier: Apache-2.0 */
#include "page/byline.h"

#include "page/date.h"
#include "page/person.h"
#include "page/plain.h"
#include "text/utf8.h"

enum {
    LINES_BEFORE = 12, /* the title, in which a byline may stand */
    LINES_BEHIND = 30,
    LINES_BESIDE = 4,
    LINE_BYTES_MAX = 240,  /* a longer line is no byline */
    PAGE_LINES_MAX = 4000, /* of a page in which a labelled day or author is looked for */
    LEADS_MAX = 64,        /* places of a line near the title where words of byline.def may begin */
    HANDLE_BYTES_MAX = 24, /* of a user's name without a capital */
    CLIMB_MAX = 24,
    CHAIN_MAX = 128, /* depth of a title's element */
    CLASS_BYTES_MAX = 256,
    /* Ranks behind RANK_MARKED; the nearer and the plainer said, the lower. */
    RANK_MARKED_AWAY = 14,  /* a mark far from the title */
    RANK_LINE_LABELLED = 8, /* near the title, and it says what it is */
    RANK_LINE_BARE = 10,
    RANK_PAGE_LABELLED = 16,
    RANK_LINE_SENTENCE = 18,
    LABEL_BYTES_MAX = 48, /* of a line that is only a label */
    SHORT_LINE_BYTES = 48
};

struct reader {
    struct lines *lines;
    struct metadata *metadata;
    size_t title_start; /* in the source */
    size_t title_at;    /* the line, or lines->count */
    enum date_order order;
    const struct node *chain[CHAIN_MAX]; /* the title's element and those around it, by depth */
};

/* ---- where an element stands ---- */

/* Words in a class or id that say that what is inside belongs to something else. */
static bool says_aside(str value)
{
    static const str words[] = {
        STR_INIT("comment"),   STR_INIT("related"),   STR_INIT("sidebar"),  STR_INIT("widget"),
        STR_INIT("recent"),    STR_INIT("popular"),   STR_INIT("teaser"),   STR_INIT("footer"),
        STR_INIT("trackback"), STR_INIT("recommend"), STR_INIT("carousel"), STR_INIT("newsletter")};
    value = str_slice(value, 0, CLASS_BYTES_MAX);
    for (size_t at = 0; at < value.len; at++) {
        const char c = ascii_lower(value.ptr[at]);
        if (c != 'c' && c != 'r' && c != 's' && c != 'w' && c != 'p' && c != 't' && c != 'f' &&
            c != 'n') {
            continue;
        }
        for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
            if (c == words[i].ptr[0] &&
                str_equal_ignoring_ascii_case(str_slice(value, at, at + words[i].len), words[i])) {
                return true;
            }
        }
    }
    return false;
}

/* What is around the title too says nothing. */
static bool is_aside(const struct reader *self, const struct node *node)
{
    for (unsigned i = 0; node && node->kind == NODE_ELEMENT && i < CLIMB_MAX; i++) {
        if (node->depth < CHAIN_MAX && self->chain[node->depth] == node) {
            return false;
        }
        if (node->tag == TAG_aside || node->tag == TAG_nav || node->tag == TAG_body) {
            return node->tag != TAG_body;
        }
        for (const struct attribute *a = node->attributes; a; a = a->next) {
            if ((str_equal(a->name, STR("class")) || str_equal(a->name, STR("id"))) &&
                says_aside(a->value)) {
                return true;
            }
        }
        node = node->parent;
    }
    return false;
}

/* Bytes of the source between the title and a place; what stands before the title counts double. */
static size_t distance(const struct reader *self, size_t place)
{
    return place >= self->title_start ? place - self->title_start : (self->title_start - place) * 2;
}

/* ---- marked elements ---- */

static void claim(struct reader *self, enum claim_kind kind, unsigned rank, str text,
                  struct span span)
{
    claims_add(&self->metadata->claims, kind, rank, (struct stated){.text = text, .span = span});
}

/* The day that a marked element states: for machines, in its title, or in its text. */
static str marked_day(struct reader *self, const struct node *node)
{
    static const str names[] = {STR_INIT("datetime"), STR_INIT("content"), STR_INIT("title")};
    int64_t days = 0;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        const str value = node_attribute_value(node, names[i]);
        if (value.len && date_read(value, self->order, &days)) {
            return value;
        }
    }
    struct date date;
    const str text = plain_node(self->metadata->arena, node);
    return text.len && text.len <= LINE_BYTES_MAX && date_find(text, 0, self->order, &date)
               ? str_slice(text, date.from, date.to)
               : (str){0};
}

struct best {
    str text;
    const struct node *node;
    size_t distance;
};

static bool is_inside(const struct node *node, const struct node *outer)
{
    for (unsigned i = 0; node && i < CLIMB_MAX && node->depth > outer->depth; i++) {
        node = node->parent;
    }
    return node == outer;
}

/* The nearest to the title; of two that stand in one another, the inner one. What it says is only read
 * once it is near enough. */
static void keep_nearest(struct reader *self, struct best *best, const struct node *node,
                         str (*read)(struct reader *self, const struct node *node))
{
    const size_t away = distance(self, node->src_start);
    if (best->node && away >= best->distance && !is_inside(node, best->node)) {
        return;
    }
    const str text = is_aside(self, node) ? (str){0} : read(self, node);
    if (text.len) {
        *best = (struct best){.text = text, .node = node, .distance = away};
    }
}

enum { NEAR_BYTES = 6000 /* of source between the title and a mark beside it */ };

static void claim_best(struct reader *self, enum claim_kind kind, unsigned rank,
                       const struct best *best)
{
    if (best->node) {
        claim(self, kind, rank + (best->distance <= NEAR_BYTES ? 0 : RANK_MARKED_AWAY), best->text,
              (struct span){.start = best->node->src_start, .end = best->node->src_end});
    }
}

static str marked_name(struct reader *self, const struct node *node)
{
    const str text = plain_node(self->metadata->arena, node);
    size_t from = 0;
    const enum lead lead = text.len <= LINE_BYTES_MAX ? lead_read(text, 0, &from) : LEAD_NONE;
    if (lead == LEAD_AUTHOR || lead == LEAD_LABEL) {
        return person_find(str_slice(text, from, text.len));
    }
    if (text.len > LINE_BYTES_MAX || lead != LEAD_NONE) {
        return (str){0};
    }
    const str name = person_find(text);
    const bool handle = text.len <= HANDLE_BYTES_MAX && str_find_byte(text, ' ', 0) == SIZE_MAX;
    return name.len || !handle ? name : person_read(text);
}

/* Others that are marked beside the author, in the same element, wrote it too. */
static void claim_fellows(struct reader *self, const struct best *author)
{
    const struct marks *marks = &self->metadata->marks;
    for (size_t i = 0; author->node && i < marks->count; i++) {
        const struct node *node = marks->items[i].node;
        if (node == author->node || node->parent != author->node->parent ||
            !(marks->items[i].kinds & MARK_AUTHOR)) {
            continue;
        }
        const struct best fellow = {
            .text = marked_name(self, node), .node = node, .distance = author->distance};
        if (fellow.text.len) {
            claim_best(self, CLAIM_author, RANK_MARKED, &fellow);
        }
    }
}

static void read_marks(struct reader *self)
{
    const struct marks *marks = &self->metadata->marks;
    struct best author = {0};
    struct best published = {0};
    struct best modified = {0};
    for (size_t i = 0; i < marks->count; i++) {
        const struct mark *mark = &marks->items[i];
        if (mark->kinds & MARK_MODIFIED) {
            keep_nearest(self, &modified, mark->node, marked_day);
        }
        if ((mark->kinds & MARK_DATE) || mark->kinds == MARK_TIME) {
            keep_nearest(self, &published, mark->node, marked_day);
        }
        if (mark->kinds & MARK_AUTHOR) {
            keep_nearest(self, &author, mark->node, marked_name);
        }
    }
    claim_best(self, CLAIM_published, RANK_MARKED, &published);
    claim_best(self, CLAIM_modified, RANK_MARKED, &modified);
    claims_next_group(&self->metadata->claims);
    claim_best(self, CLAIM_author, RANK_MARKED, &author);
    claim_fellows(self, &author);
}

/* ---- lines ---- */

static bool is_readable(const struct line *line)
{
    return line->to - line->from <= LINE_BYTES_MAX &&
           !(line->verdict.dropped &&
             (line->verdict.reason == DROP_hidden || line->verdict.reason == DROP_metadata));
}

static bool begins_word(str text, size_t at)
{
    size_t before = at;
    return at == 0 || !ascii_is_letter(utf8_previous(text, &before)) ||
           ((unsigned char)text.ptr[at] & 0x80) != 0;
}

/* The last words of byline.def in front of `to`; *behind: where they end. */
static enum lead lead_before(str text, size_t to, size_t *behind)
{
    enum lead found = LEAD_NONE;
    unsigned tried = 0;
    for (size_t at = 0; at < to && tried < LEADS_MAX;) {
        size_t end = 0;
        if (begins_word(text, at)) {
            const enum lead lead = lead_read(text, at, &end);
            tried++;
            if (lead == LEAD_PUBLISHED || lead == LEAD_MODIFIED) {
                found = lead;
                *behind = end;
            }
        }
        (void)utf8_next(text, &at);
    }
    return found;
}

/* How plainly a line tells a day, the best first. */
enum telling {
    TELLS_LABELLED, /* "Published: …" */
    TELLS_BYLINE,   /* behind a name: "by … on …" */
    TELLS_ALONE,    /* it is about all there is on the line */
    TELLS_SENTENCE, /* it is one word of many */
    TELLS_COUNT
};

struct days_found {
    bool published[TELLS_COUNT];
    bool modified;
};

/* Of the lines right beside the title only links are. */
static bool is_of_others(const struct reader *self, const struct line *line)
{
    const size_t at = (size_t)(line - self->lines->items);
    const size_t away = at > self->title_at ? at - self->title_at : self->title_at - at;
    if (away <= LINES_BESIDE && line->link_len * 2 <= line->to - line->from) {
        return false;
    }
    return line->verdict.dropped &&
           (line->verdict.reason == DROP_navigation || line->verdict.reason == DROP_related ||
            line->verdict.reason == DROP_advert);
}

/* Is the line before nothing but the label of this one? */
static enum lead label_above(const struct reader *self, const struct line *line)
{
    size_t end = 0;
    if (line == self->lines->items) {
        return LEAD_NONE;
    }
    const str text = line_text(self->lines, line - 1);
    const enum lead lead = text.len <= LABEL_BYTES_MAX ? lead_read(text, 0, &end) : LEAD_NONE;
    return lead != LEAD_NONE && blank_skip(text, end, text.len) == text.len ? lead : LEAD_NONE;
}

static enum telling telling_of(const struct line *line, str text, const struct date *date)
{
    size_t end = 0;
    const size_t share = (date->to - date->from) * 100 / text.len;
    const bool colon = date->from > 1 && text.ptr[date->from - 2] == ':';
    if (lead_read(text, 0, &end) == LEAD_AUTHOR) {
        return TELLS_BYLINE;
    }
    if (colon || (line->link_len * 2 > text.len && share < 60)) {
        return TELLS_SENTENCE;
    }
    return share >= 25 || text.len <= SHORT_LINE_BYTES ? TELLS_ALONE : TELLS_SENTENCE;
}

/* A line beside the title that is dropped anyway is dropped for what became of it. */
static void drop_into(struct reader *self, const struct line *line, enum column column)
{
    const size_t at = (size_t)(line - self->lines->items);
    const size_t away = at > self->title_at ? at - self->title_at : self->title_at - at;
    const enum drop_reason reason = line->verdict.reason;
    if (line->verdict.dropped && !line->first_cut && away <= LINES_BESIDE &&
        line->link_len * 2 <= line->to - line->from &&
        (reason == DROP_navigation || reason == DROP_boilerplate || reason == DROP_related)) {
        self->lines->items[at].verdict = VERDICT_INTO(column);
        self->lines->items[at].verdict.rule = "byline beside the title";
    }
}

/* One day of a line; `lead` is the word in front of it. */
static void take_day(struct reader *self, const struct line *line, const struct date *date,
                     enum lead lead, bool near, struct days_found *found)
{
    static const uint8_t ranks[TELLS_COUNT] = {[TELLS_LABELLED] = RANK_LINE_LABELLED,
                                               [TELLS_BYLINE] = RANK_LINE_LABELLED + 1,
                                               [TELLS_ALONE] = RANK_LINE_BARE,
                                               [TELLS_SENTENCE] = RANK_LINE_SENTENCE};
    const str text = line_text(self->lines, line);
    const str day = str_slice(text, date->from, date->to);
    const struct span span =
        lines_span(self->lines, line->from + date->from, line->from + date->to);
    if (lead == LEAD_MODIFIED) {
        if (!found->modified) {
            claim(self, CLAIM_modified, RANK_VISIBLE, day, span);
        }
        found->modified = true;
        return;
    }
    const enum telling telling =
        lead == LEAD_PUBLISHED ? TELLS_LABELLED : telling_of(line, text, date);
    if (found->published[telling] ||
        (lead != LEAD_PUBLISHED && (!near || is_of_others(self, line)))) {
        return;
    }
    claim(self, CLAIM_published,
          RANK_MARKED + (near ? ranks[telling] : (unsigned)RANK_PAGE_LABELLED), day, span);
    found->published[telling] = true;
    if (telling != TELLS_SENTENCE) {
        drop_into(self, line, COLUMN_published);
    }
}

static void read_days(struct reader *self, const struct line *line, bool near,
                      struct days_found *found)
{
    const str text = line_text(self->lines, line);
    enum lead before = label_above(self, line);
    struct date date;
    size_t from = 0;
    while (date_find(text, from, self->order, &date)) {
        size_t behind = 0;
        const enum lead lead =
            lead_before(str_slice(text, from, text.len), date.from - from, &behind);
        before = lead != LEAD_NONE ? lead : before;
        take_day(self, line, &date, before, near, found);
        from = date.to;
    }
}

/* Is there what stands behind a label? */
static bool may_hold_label(str text)
{
    for (size_t i = 0; i < text.len; i++) {
        const unsigned char c = (unsigned char)text.ptr[i];
        if (c == ':' || c == '/' || c == 0xEF) {
            return true;
        }
    }
    return false;
}

/* A name behind the words that announce one, at the line's start or behind a label in it. */
static bool read_author(struct reader *self, const struct line *line, bool near)
{
    const str text = line_text(self->lines, line);
    const size_t tries = near && may_hold_label(text) ? LEADS_MAX : 1;
    for (size_t at = 0, tried = 0; at < text.len && tried < tries;) {
        size_t end = 0;
        const bool begins = begins_word(text, at);
        const enum lead lead = begins ? lead_read(text, at, &end) : LEAD_NONE;
        tried += begins;
        const bool says =
            lead == LEAD_LABEL || lead == LEAD_EDITOR || (lead == LEAD_AUTHOR && near && at == 0);
        const str name = says ? person_find(str_slice(text, end, text.len)) : (str){0};
        if (name.len) {
            const size_t from = line->from + (size_t)(name.ptr - text.ptr);
            claim(self, CLAIM_author,
                  RANK_MARKED + (lead == LEAD_EDITOR ? RANK_PAGE_LABELLED + 2
                                 : near              ? RANK_LINE_LABELLED
                                                     : RANK_PAGE_LABELLED),
                  name, lines_span(self->lines, from, from + name.len));
            drop_into(self, line, COLUMN_author);
            return true;
        }
        (void)utf8_next(text, &at);
    }
    return false;
}

/* Most lines of a page are told from a day or a label by a glance: a year has two digits at least. */
static bool may_hold_day(str text)
{
    for (size_t i = 0; i < text.len; i++) {
        const unsigned char c = (unsigned char)text.ptr[i];
        if (c == 0xE5 || c == 0xEF) {
            return true; /* 年, digits of full width */
        }
        if (ascii_is_digit(c) && i + 1 < text.len &&
            ascii_is_digit((unsigned char)text.ptr[i + 1])) {
            return true;
        }
    }
    return false;
}

/* Is there a label of a day, in front of the line or in it? */
static bool has_day_label(const struct reader *self, const struct line *line)
{
    size_t behind = 0;
    const str text = line_text(self->lines, line);
    return lead_before(text, text.len, &behind) != LEAD_NONE ||
           label_above(self, line) != LEAD_NONE;
}

static bool has_colon(str text)
{
    const str head = str_slice(text, 0, LABEL_BYTES_MAX);
    return str_find_byte(head, ':', 0) != SIZE_MAX || str_find(head, STR("："), 0) != SIZE_MAX;
}

static void read_lines(struct reader *self, size_t title_at)
{
    const struct lines *lines = self->lines;
    const size_t title = title_at < lines->count ? title_at : 0;
    const size_t from = title > LINES_BEFORE ? title - LINES_BEFORE : 0;
    struct days_found days = {0};
    bool author = false;
    /* What stands behind the title comes first. */
    for (size_t i = title; i < lines->count && i - title <= LINES_BEHIND; i++) {
        if (is_readable(&lines->items[i])) {
            if (may_hold_day(line_text(lines, &lines->items[i]))) {
                read_days(self, &lines->items[i], true, &days);
            }
            author = author || (i != title_at && read_author(self, &lines->items[i], true));
        }
    }
    for (size_t i = title; i > from; i--) {
        if (is_readable(&lines->items[i - 1])) {
            if (may_hold_day(line_text(lines, &lines->items[i - 1]))) {
                read_days(self, &lines->items[i - 1], true, &days);
            }
            author = author || read_author(self, &lines->items[i - 1], true);
        }
    }
    for (size_t i = 0; i < lines->count && i < PAGE_LINES_MAX; i++) {
        const struct line *line = &lines->items[i];
        if ((author && days.published[TELLS_LABELLED]) || !is_readable(line)) {
            continue;
        }
        if (!days.published[TELLS_LABELLED] && may_hold_day(line_text(lines, line)) &&
            has_day_label(self, line)) {
            read_days(self, line, false, &days);
        }
        author = author || (has_colon(line_text(lines, line)) && read_author(self, line, false));
    }
}

void byline_read(struct lines *lines, struct metadata *metadata, size_t title_at)
{
    struct reader self = {
        .lines = lines, .metadata = metadata, .order = date_order_of(metadata->language.text)};
    metadata->claims.arena = metadata->arena;
    if (title_at < lines->count) {
        const struct line *line = &lines->items[title_at];
        self.title_start = lines_span(lines, line->from, line->to).start;
    }
    if (title_at < lines->count) {
        const struct node *node = lines->items[title_at].element;
        for (; node; node = node->parent) {
            if (node->depth < CHAIN_MAX) {
                self.chain[node->depth] = node;
            }
        }
    }
    read_marks(&self);
    claims_next_group(&metadata->claims);
    read_lines(&self, title_at);
}
