/* SPDX-License-Identifier: Apache-2.0 */
#include "page/fragments.h"

#include "page/sentence.h"
#include "text/utf8.h"

enum {
    LENGTH_MIN = 30, /* shorter items may well be as long as each other by chance */
    /* Items of a list that are made to match one another ("加强…，落实…") are shorter than this; from
     * here on equal lengths are a machine's. Fragments seen have 271 or 300. */
    MATCHED_MAX = 100,
    NUMBER_DIGITS_MAX = 4,
    RAW_NODES_MAX = 64, /* of an element that holds a fragment */
    ROUND = 50,         /* two fragments prove nothing, unless the cut is at a round number */
    CAP_ROUND = 500     /* or all of them end at one */
};

struct fragment {
    size_t line;
    size_t mark_to;  /* behind "3、" */
    size_t end_line; /* one past its last body line */
    int64_t length;  /* code points, line breaks not counted */
    int64_t breaks;  /* lines after its first */
    int64_t raw;     /* code points as the page's source has them, white space with them; -1: its
                        element holds more than the fragment */
    int64_t ends;    /* of these, white space at the end */
};

/* What equal lengths are counted in. A server counts what it cuts; a page shows runs of white space
 * as one, and none at a line's ends. */
enum measure {
    MEASURE_SHOWN,
    MEASURE_LINES, /* a line break counts as one */
    MEASURE_RAW,
    MEASURE_RAW_TRIMMED,
    MEASURE_COUNT
};

struct chain {
    struct lines *lines;
    struct fragment *items;
    size_t count;
    bool spaced; /* every mark has white space behind it, which is the template's */
    enum measure measure;
};

/* The number in front of the line's text; 0: none. */
static int64_t mark_read(const struct lines *lines, const struct line *line, size_t *mark_to)
{
    const str text = line_text(lines, line);
    int64_t number = 0;
    size_t at = 0;
    while (at < text.len && at < NUMBER_DIGITS_MAX && ascii_is_digit((unsigned char)text.ptr[at])) {
        number = number * 10 + (text.ptr[at] - '0');
        at++;
    }
    if (at == 0 || text.ptr[0] == '0' || !str_starts(str_slice(text, at, text.len), STR("、"))) {
        return 0;
    }
    *mark_to = line->from + at + STR("、").len;
    return number;
}

/* Numbers 1, 2, 3, … at the start of lines; what stands between two belongs to the first. */
static enum status chain_find(struct chain *chain, size_t from, size_t to)
{
    const struct lines *lines = chain->lines;
    chain->items = ARENA_ARRAY(lines->arena, to - from, struct fragment);
    if (!chain->items) {
        return STATUS_NO_MEMORY;
    }
    chain->spaced = true;
    for (size_t i = from; i < to; i++) {
        const struct line *line = &lines->items[i];
        size_t mark_to = line->from;
        if (line->verdict.dropped) {
            continue;
        }
        const bool begins = line->join >= JOIN_BREAK;
        if (begins && mark_read(lines, line, &mark_to) == (int64_t)chain->count + 1) {
            chain->items[chain->count++] = (struct fragment){.line = i, .mark_to = mark_to};
            const size_t text_from = blank_skip(lines->text, mark_to, line->to);
            chain->spaced = chain->spaced && text_from > mark_to;
        } else if (chain->count) {
            chain->items[chain->count - 1].breaks++;
        }
        if (chain->count) {
            chain->items[chain->count - 1].end_line = i + 1;
        }
    }
    return STATUS_OK;
}

static size_t text_from(const struct chain *chain, const struct fragment *fragment)
{
    const size_t line_to = chain->lines->items[fragment->line].to;
    return chain->spaced ? blank_skip(chain->lines->text, fragment->mark_to, line_to)
                         : fragment->mark_to;
}

/* Does the element hold this line and no other? */
static bool is_alone(const struct lines *lines, const struct fragment *fragment)
{
    const size_t i = fragment->line;
    const struct node *element = lines->items[i].element;
    return element && fragment->end_line == i + 1 &&
           (i == 0 || lines->items[i - 1].element != element) &&
           (i + 1 == lines->count || lines->items[i + 1].element != element);
}

static int64_t blanks_behind(str text, bool *all)
{
    const size_t end = blank_trim(text, 0, text.len);
    *all = end == 0;
    return (int64_t)utf8_count(str_slice(text, end, text.len));
}

/* The fragment as its element spells it, without the mark and what stands before it. */
static void measure_raw(const struct chain *chain, struct fragment *fragment)
{
    const struct lines *lines = chain->lines;
    const struct line *line = &lines->items[fragment->line];
    fragment->raw = -1;
    if (!is_alone(lines, fragment)) {
        return;
    }
    int64_t raw = 0;
    const struct node *node = node_next(line->element, line->element);
    for (int i = 0; node && i < RAW_NODES_MAX; i++, node = node_next(node, line->element)) {
        if (node->kind != NODE_TEXT) {
            continue;
        }
        bool blank = false;
        const size_t from = raw ? 0 : blank_skip(node->text, 0, node->text.len);
        raw += (int64_t)utf8_count(str_slice(node->text, from, node->text.len));
        const int64_t behind = blanks_behind(str_slice(node->text, from, node->text.len), &blank);
        fragment->ends = blank ? fragment->ends + behind : behind;
    }
    const size_t mark_to = text_from(chain, fragment);
    fragment->raw = raw - (int64_t)utf8_count(str_slice(lines->text, line->from, mark_to));
}

static void chain_measure(struct chain *chain)
{
    const struct lines *lines = chain->lines;
    for (size_t n = 0; n < chain->count; n++) {
        struct fragment *fragment = &chain->items[n];
        size_t from = text_from(chain, fragment);
        measure_raw(chain, fragment);
        for (size_t i = fragment->line; i < fragment->end_line; i++) {
            const struct line *line = &lines->items[i];
            if (!line->verdict.dropped) {
                from = i == fragment->line ? from : line->from;
                fragment->length += (int64_t)utf8_count(str_slice(lines->text, from, line->to));
            }
        }
    }
}

static int64_t length_of(const struct chain *chain, size_t n)
{
    const struct fragment *fragment = &chain->items[n];
    switch (chain->measure) {
    case MEASURE_SHOWN:
    case MEASURE_COUNT:
        return fragment->length;
    case MEASURE_LINES:
        return fragment->length + fragment->breaks;
    case MEASURE_RAW:
        return fragment->raw;
    case MEASURE_RAW_TRIMMED:
        return fragment->raw - fragment->ends;
    }
    return -1;
}

static str last_text(const struct chain *chain, size_t n)
{
    const struct lines *lines = chain->lines;
    for (size_t i = chain->items[n].end_line; i-- > chain->items[n].line;) {
        if (!lines->items[i].verdict.dropped) {
            return line_text(lines, &lines->items[i]);
        }
    }
    return (str){.ptr = "", .len = 0};
}

static bool has_sentence(const struct chain *chain, size_t n)
{
    const struct lines *lines = chain->lines;
    for (size_t i = chain->items[n].line; i < chain->items[n].end_line; i++) {
        if (!lines->items[i].verdict.dropped &&
            sentence_ends_inside(line_text(lines, &lines->items[i]))) {
            return true;
        }
    }
    return false;
}

/* How many of all but the last are cut where no writer ends an item: inside a clause. An item of a
 * list may be a phrase without a mark at its end; one with whole sentences in it closes the last. */
static size_t cut_blind(const struct chain *chain)
{
    size_t count = 0;
    for (size_t n = 0; n + 1 < chain->count; n++) {
        count += !clause_ends(last_text(chain, n)) &&
                 (length_of(chain, n) >= MATCHED_MAX || has_sentence(chain, n));
    }
    return count;
}

static int64_t sum_of(const struct chain *chain)
{
    int64_t sum = 0;
    for (size_t n = 0; n < chain->count; n++) {
        sum += length_of(chain, n);
    }
    return sum;
}

static bool equal_lengths(const struct chain *chain)
{
    const int64_t length = length_of(chain, 0);
    for (size_t n = 1; n + 1 < chain->count; n++) {
        if (length_of(chain, n) != length) {
            return false;
        }
    }
    const int64_t last = length_of(chain, chain->count - 1);
    return length >= LENGTH_MIN && last > 0 && last <= length;
}

static bool is_proven(struct chain *chain)
{
    if (chain->count < 2) {
        return false;
    }
    chain->measure = MEASURE_SHOWN;
    while (!equal_lengths(chain)) {
        if (++chain->measure == MEASURE_COUNT) {
            chain->measure = MEASURE_SHOWN;
            return false;
        }
    }
    const bool round = length_of(chain, 0) % ROUND == 0 || sum_of(chain) % CAP_ROUND == 0;
    /* Three long pieces of one length are no chance, even where a cut falls behind a comma. */
    const size_t blind = cut_blind(chain);
    const bool long_ones = chain->count > 3 && length_of(chain, 0) >= MATCHED_MAX && blind > 0;
    return (chain->count > 2 || round) && (blind * 2 >= chain->count - 1 || long_ones);
}

/* White space at the end of a plain text's line is part of a fragment whose length wants it. */
static void chain_take_trailing(struct chain *chain)
{
    struct lines *lines = chain->lines;
    int64_t length = 0;
    if (lines->run_count) {
        return;
    }
    for (size_t n = 0; n + 1 < chain->count; n++) {
        length = chain->items[n].length > length ? chain->items[n].length : length;
    }
    for (size_t n = 0; n + 1 < chain->count; n++) {
        struct fragment *fragment = &chain->items[n];
        struct line *line = &lines->items[fragment->end_line - 1];
        while (fragment->length < length && line->to < lines->text.len &&
               (lines->text.ptr[line->to] == ' ' || lines->text.ptr[line->to] == '\t')) {
            line->to++;
            fragment->length++;
        }
    }
}

/* The marks are cut off, and each fragment runs on into the next. */
static enum status chain_join(struct chain *chain)
{
    struct lines *lines = chain->lines;
    for (size_t n = 0; n < chain->count; n++) {
        struct line *line = &lines->items[chain->items[n].line];
        const size_t mark_to = text_from(chain, &chain->items[n]);
        TRY(line_cut(lines, line, mark_to, VERDICT_DROP(fragment_mark)));
        TRY(line_cut(lines, line, line->to, VERDICT_BODY));
        if (n > 0) {
            for (size_t i = chain->items[n - 1].end_line; i <= chain->items[n].line; i++) {
                lines->items[i].join = chain->measure == MEASURE_RAW && chain->items[n - 1].ends > 0
                                           ? JOIN_SPACE
                                           : JOIN_NOTHING;
            }
        }
    }
    return STATUS_OK;
}

static int64_t mean_length(const struct chain *chain)
{
    return chain->count ? sum_of(chain) / (int64_t)chain->count : 0;
}

enum status fragments_join(struct lines *lines, size_t from, size_t to, struct fragments *out)
{
    struct chain chain = {.lines = lines};
    *out = (struct fragments){0};
    if (from >= to) {
        return STATUS_OK;
    }
    TRY(chain_find(&chain, from, to));
    chain_measure(&chain);
    chain_take_trailing(&chain);
    if (is_proven(&chain)) {
        out->count = (int64_t)chain.count;
        out->length = length_of(&chain, 0);
        out->sum = sum_of(&chain);
        return chain_join(&chain);
    }
    if (chain.count > 1 && mean_length(&chain) >= LENGTH_MIN &&
        cut_blind(&chain) * 2 >= chain.count - 1) {
        out->suspicious = true;
    }
    return STATUS_OK;
}
