/* SPDX-License-Identifier: Apache-2.0 */
/* Is this a document library's page? What its lines say is asked first, for it costs least: a page
 * of which nothing speaks for a library is left there. Then its markup, then each family's sets of
 * evidence. */
#include "page/library_page.h"
#include "page/value.h"
#include "text/utf8.h"

enum {
    HEAD_LINES_MAX = 400, /* among these the title stands */
    LABELS_GAP_MAX = 12,  /* lines between two lines of labels, in a page */
    LABELS_MIN = 3,
    BULLETS_MAX = 4,
    SITE_MAX = 20, /* code points of a site's name behind the title */
    TITLE_MIN =
        4 /* code points of a line taken for the title because the title element begins so */
};

/* What the lines say, of no family yet. */
struct survey {
    uint64_t columns; /* that the labels state */
    uint32_t own;     /* families of which a phrase stands */
    uint64_t reasons; /* kinds of notice that begin a line */
    size_t last_gate; /* line + 1 */
    bool has_anchor;
    bool is_declared;
    bool has_schema;
    bool is_file;
    bool is_named;
};

static int bit_count(uint64_t bits)
{
    int count = 0;
    for (; bits; bits &= bits - 1) {
        count++;
    }
    return count;
}

/* By its first characters, bullets passed over. False is certain. */
static bool may_begin(const struct library *self, const struct line *line)
{
    const str text = str_slice(self->lines->text, 0, line->to);
    size_t at = line->from;
    for (int i = 0; i < BULLETS_MAX && at < line->to; i++) {
        if (lexicon_may_begin(self->lexicon, text, at)) {
            return true;
        }
        const uint32_t c = utf8_next(text, &at);
        if (ascii_is_letter(c) || ascii_is_digit(c) || c >= 0x2E80) {
            return false;
        }
        at = blank_skip(text, at, text.len);
    }
    return false;
}

/* The columns that labels from line `from` on state, the lines of labels no further apart than
 * their group is; labels_from and labels_to tell where. */
static uint64_t read_label_group(struct library *self, size_t from, size_t end)
{
    const struct label_reader reader = library_labels(self);
    uint64_t all = 0;
    const size_t gap = self->metadata ? LABELS_GAP_MAX : 0;
    self->labels_from = from;
    self->labels_to = from;
    for (size_t i = from; i < end && i <= self->labels_to + gap; i++) {
        const struct line *line = &self->lines->items[i];
        uint64_t columns = 0;
        bool took_next = false;
        if (may_begin(self, line) && !line_is_hidden(line)) {
            (void)labels_count(&reader, line, library_line_behind(self, i, end), &columns,
                               &took_next);
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

/* The first group of labels that states enough, or else two values. A plain text has nothing
 * between its labels and nothing before them, and must state number, size and pages. */
static uint64_t find_labels(struct library *self, size_t from)
{
    const uint64_t wanted = UINT64_C(1) << COLUMN_doc_id | UINT64_C(1) << COLUMN_declared_bytes |
                            UINT64_C(1) << COLUMN_page_count;
    struct library pair = *self;
    uint64_t best = 0;
    if (!self->metadata) {
        const uint64_t columns = read_label_group(self, from, self->lines->count);
        return (columns & wanted) == wanted ? columns : 0;
    }
    while (from < self->lines->count) {
        const uint64_t columns = read_label_group(self, from, self->lines->count);
        if (bit_count(columns) >= LABELS_MIN) {
            return columns;
        }
        if (bit_count(columns) > bit_count(best)) {
            best = columns;
            pair = *self;
        }
        from = self->labels_to > from ? self->labels_to : from + LABELS_GAP_MAX + 1;
    }
    self->labels_from = best ? pair.labels_from : 0;
    self->labels_to = best ? pair.labels_to : 0;
    return best;
}

/* Anchors and notices that begin lines. */
static void survey_line(struct library *self, size_t i, struct survey *survey)
{
    const struct line *line = &self->lines->items[i];
    int end = 0;
    library_fold(self, line);
    const struct wording *phrase = phrase_survey(self->lexicon, self->line, &survey->own);
    if (!phrase) {
        library_fold_head(self, line);
        if (!anchor_find(self->lexicon, self->family, self->line, &end)) {
            return;
        }
        survey->has_anchor = true;
        if (end < self->line->count) {
            fold_notice(self->lines->text, self->line->at[end], line->to, self->line);
            phrase = phrase_survey(self->lexicon, self->line, &survey->own);
        }
    }
    if (phrase) {
        survey->reasons |= UINT64_C(1) << phrase->reason;
        survey->last_gate = phrase->reason == DROP_preview_gate ? i + 1 : survey->last_gate;
    }
}

static void survey_lines(struct library *self, size_t from, struct survey *survey)
{
    for (size_t i = from; i < self->lines->count; i++) {
        if (may_begin(self, &self->lines->items[i])) {
            survey_line(self, i, survey);
        }
    }
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
    for (size_t i = 0; i < end && i < HEAD_LINES_MAX; i++) {
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

static const struct line *title_element_line(const struct lines *lines)
{
    for (size_t i = 0; i < lines->count && i < HEAD_LINES_MAX; i++) {
        if (line_is_page_title(&lines->items[i])) {
            return &lines->items[i];
        }
    }
    return NULL;
}

/* A page's title is its first heading that the title element begins with, or else the line that it
 * begins with, or else its first heading, or else that element. */
static const struct line *page_title(struct library *self)
{
    const struct lines *lines = self->lines;
    const struct line *element = title_element_line(lines);
    const struct line *best = NULL;
    const struct line *heading = NULL;
    for (size_t i = 0; i < lines->count && i < HEAD_LINES_MAX; i++) {
        const struct line *line = &lines->items[i];
        if (line_is_hidden(line) || line == element) {
            continue;
        }
        heading = !heading && is_heading(line) ? line : heading;
        if (!element || (best && !is_heading(line))) {
            continue;
        }
        library_fold(self, element);
        fold(lines->text, line->from, line->to, self->title);
        if (self->title->count >= TITLE_MIN && folded_begins(self->line, self->title)) {
            if (is_heading(line)) {
                return line;
            }
            best = line;
        }
    }
    return best ? best : heading ? heading : element;
}

static bool separates(uint32_t c)
{
    return c == '_' || c == '-' || c == '|' || c == 0x2014 || c == 0x2013 || c == 0x00B7;
}

/* Where the name of a site begins that stands behind the last separator; the text's length when none
 * does. `*cut`: where the separator begins. */
static size_t site_find(str text, struct folded *scratch, bool must_be_named, size_t *cut)
{
    size_t at = text.len;
    while (at > 0) {
        const size_t end = at;
        if (!separates(code_point_fold_width(utf8_previous(text, &at)))) {
            continue;
        }
        const size_t from = blank_skip(text, end, text.len);
        fold(text, from, text.len, scratch);
        const bool fits = scratch->count > 0 && scratch->count <= SITE_MAX && at > 0;
        *cut = blank_trim(text, 0, at);
        return fits && (!must_be_named || place_is_named(scratch)) ? from : text.len;
    }
    return text.len;
}

/* A title that ends with a library's name has it cut off. */
static void cut_site(struct library *self)
{
    size_t cut = 0;
    const str text = self->title_text.text;
    const size_t from = site_find(text, self->line, true, &cut);
    if (from < text.len && cut > 0) {
        const bool exact = self->title_text.span.end - self->title_text.span.start == text.len;
        self->title_text.text = str_slice(text, 0, cut);
        self->title_text.span.end =
            exact ? self->title_text.span.start + cut : self->title_text.span.end;
        fold(self->title_text.text, 0, cut, self->title);
    }
}

/* What stands in the title element behind the title. */
static void find_site(struct library *self)
{
    const struct line *element = title_element_line(self->lines);
    size_t cut = 0;
    if (!element) {
        return;
    }
    const str text = line_text(self->lines, element);
    library_fold(self, element);
    const bool begins =
        folded_begins(self->line, self->title) && self->line->count > self->title->count;
    const size_t from = site_find(text, self->line, !begins, &cut);
    if (from < text.len) {
        self->site_text =
            (struct stated){.text = str_slice(text, from, text.len),
                            .span = lines_span(self->lines, element->from + from, element->to)};
    }
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
static bool find_page_title(struct library *self)
{
    if (self->metadata->og_title.text.len) {
        const str text = self->metadata->og_title.text;
        self->title_text = self->metadata->og_title;
        fold(text, 0, text.len, self->title);
    } else {
        const struct line *line = page_title(self);
        if (!line) {
            return false;
        }
        take_title(self, line);
    }
    cut_site(self);
    find_site(self);
    return true;
}

static str title_element_text(const struct metadata *metadata)
{
    const struct node *text = metadata->title_element ? metadata->title_element->first : NULL;
    return text && text->kind == NODE_TEXT ? text->text : (str){.ptr = "", .len = 0};
}

/* What the head states of itself, and the title element's wording. */
static void survey_head(struct library *self, struct survey *survey)
{
    const struct metadata *metadata = self->metadata;
    const str title = title_element_text(metadata);
    str ending;
    survey->has_schema = metadata->og_document_type.text.len || metadata->og_document_page.text.len;
    survey->is_declared = str_equal_ignoring_ascii_case(metadata->og_type.text, STR("document"));
    survey->is_file =
        value_read_ending(title, &ending) || value_read_ending(metadata->og_title.text, &ending);
    fold(title, 0, title.len, self->line);
    survey->is_named = place_is_named(self->line);
}

static unsigned survey_evidence(const struct library *self, const struct survey *survey)
{
    const uint64_t notices = UINT64_C(1) << DROP_preview_gate | UINT64_C(1) << DROP_tip |
                             UINT64_C(1) << DROP_rights | UINT64_C(1) << DROP_trade |
                             UINT64_C(1) << DROP_related;
    const uint64_t sheet = UINT64_C(1) << COLUMN_declared_bytes |
                           UINT64_C(1) << COLUMN_declared_format | UINT64_C(1) << COLUMN_page_count;
    const int columns = bit_count(survey->columns);
    const bool shared = survey->reasons >> DROP_sharing & 1;
    unsigned evidence = 0;
    evidence |= columns >= LABELS_MIN ? EVIDENCE_LABELS : 0;
    evidence |= columns >= 2 ? EVIDENCE_LABEL_PAIR : 0;
    evidence |= (survey->columns & sheet) == sheet ? EVIDENCE_SHEET : 0;
    evidence |= survey->last_gate > self->labels_to ? EVIDENCE_GATE : 0;
    evidence |= survey->has_anchor ? EVIDENCE_ANCHOR : 0;
    evidence |= survey->is_declared ? EVIDENCE_DECLARED : 0;
    evidence |= survey->is_declared && survey->has_schema ? EVIDENCE_SCHEMA : 0;
    evidence |= shared ? EVIDENCE_SHARING : 0;
    evidence |= bit_count(survey->reasons & notices) >= 2 ? EVIDENCE_NOTICES : 0;
    evidence |= survey->is_file ? EVIDENCE_FILE : 0;
    evidence |= survey->is_named ? EVIDENCE_NAMED : 0;
    return evidence;
}

static const struct node *document_node(const struct library *self)
{
    const struct node *node = self->metadata->title_element;
    if (!node && self->lines->count) {
        node = self->lines->items[0].element;
    }
    while (node && node->parent) {
        node = node->parent;
    }
    return node;
}

static void choose_family(struct library *self, const struct survey *survey, unsigned evidence,
                          bool *known)
{
    for (enum family family = 0; family < FAMILY_COUNT && !*known; family++) {
        int marks = survey->own >> family & 1 && family != FAMILY_any;
        marks += self->markings ? markings_marks(self->markings, family) : 0;
        const unsigned own = (marks >= 1 ? EVIDENCE_MARK : 0) | (marks >= 2 ? EVIDENCE_MARKS : 0);
        self->family = family;
        *known = family_is_known(family, !self->metadata, evidence | own);
    }
}

static enum status recognise_page(struct library *self, bool *known)
{
    struct survey survey = {0};
    survey_head(self, &survey);
    survey.columns = find_labels(self, 0);
    survey_lines(self, 0, &survey);
    unsigned evidence = survey_evidence(self, &survey);
    const struct node *root = evidence ? document_node(self) : NULL;
    if (!root || !find_page_title(self)) {
        return STATUS_OK;
    }
    self->markings = ARENA_NEW(self->lines->arena, struct markings);
    if (!self->markings) {
        return STATUS_NO_MEMORY;
    }
    TRY(markings_read(self->lines->arena, root, self->markings));
    const size_t head = self->labels_to ? self->labels_from : HEAD_LINES_MAX;
    const size_t end = head < self->lines->count ? head : self->lines->count;
    evidence |= count_titles(self, end) >= 2 ? EVIDENCE_TITLE : 0;
    choose_family(self, &survey, evidence, known);
    return STATUS_OK;
}

static void recognise_text(struct library *self, bool *known)
{
    struct survey survey = {0};
    if (!find_plain_title(self)) {
        return;
    }
    survey.columns = find_labels(self, 2);
    if (!survey.columns) {
        return;
    }
    survey_lines(self, self->labels_to, &survey);
    choose_family(self, &survey, survey_evidence(self, &survey) | EVIDENCE_TITLE, known);
}

enum status library_recognise(struct lines *lines, const struct metadata *metadata,
                              struct library **out)
{
    struct library *self = ARENA_NEW(lines->arena, struct library);
    struct folded *scratch = ARENA_ARRAY(lines->arena, 2, struct folded);
    struct lexicon *lexicon = ARENA_NEW(lines->arena, struct lexicon);
    bool known = false;
    if (!self || !scratch || !lexicon) {
        return STATUS_NO_MEMORY;
    }
    lexicon_init(lexicon);
    *self = (struct library){.lines = lines,
                             .metadata = metadata,
                             .lexicon = lexicon,
                             .family = FAMILY_COUNT,
                             .line = &scratch[0],
                             .title = &scratch[1],
                             .anchor = lines->count};
    if (metadata) {
        TRY(recognise_page(self, &known));
    } else {
        recognise_text(self, &known);
    }
    *out = known ? self : NULL;
    return STATUS_OK;
}
