/* SPDX-License-Identifier: Apache-2.0 */
#include "page/type_blocks.h"

#include "page/type_rows.h"

enum {
    LINKED_PERCENT = 75,
    SHORT_WEIGHT = 60,
    LINE_BYTES_MAX = 48, /* of a short line that says something by itself */
    DATED_BYTES_MAX = 64,
    HEADING_BYTES_MAX = 256,
    /* Words by which a text names who writes it are looked for in so much of it. */
    SELF_BYTES_MAX = 16384,
    /* Hints that leave less of the running text than this are wrong as a whole. */
    REST_PERCENT_MIN = 10
};

struct counter {
    const struct density *density;
    const struct type_words *words;
    struct type_counts *counts;
    bool hints;    /* what hints speak against is left out */
    size_t run;    /* weight of the good blocks one behind the other */
    size_t linked; /* of all weight, inside links */
    size_t code;
    size_t comments;
    size_t self_bytes; /* looked at for words of the self */
    size_t self_words;
    bool led;   /* a heading stood before */
    bool named; /* the first h1 was seen */
};

static bool is_outside(const struct counter *self, const struct block *block)
{
    return self->hints && self->density->lines->items[block->first].hinted;
}

/* Hints that take nearly all of the running text are not believed. */
static bool hints_leave_enough(const struct density *density)
{
    size_t all = 0;
    size_t inside = 0;
    for (size_t i = 0; i < density->count; i++) {
        const struct block *block = &density->blocks[i];
        const size_t good = block->good ? block_plain(block) : 0;
        all += good;
        inside += density->lines->items[block->first].hinted ? 0 : good;
    }
    return inside * 100 >= all * REST_PERCENT_MIN;
}

static bool has_year(str text)
{
    for (size_t i = 0; i + 4 <= text.len; i++) {
        const char *at = text.ptr + i;
        const bool century = (at[0] == '2' && at[1] == '0') || (at[0] == '1' && at[1] == '9');
        if (century && ascii_is_digit((unsigned char)at[2]) &&
            ascii_is_digit((unsigned char)at[3])) {
            return true;
        }
    }
    return false;
}

static void count_lines(struct counter *self, const struct block *block)
{
    const struct lines *lines = self->density->lines;
    for (size_t i = block->first; i < block->end; i++) {
        const struct line *line = &lines->items[i];
        const str text = line_text(lines, line);
        if (text.len <= LINE_BYTES_MAX) {
            type_text_count(self->words, text, TYPE_LINE, self->counts);
        }
        self->counts->of[TYPE_dated] += text.len <= DATED_BYTES_MAX && has_year(text);
    }
}

/* The first h1. */
static void count_name(struct counter *self, const struct block *block)
{
    const struct lines *lines = self->density->lines;
    const struct line *line = &lines->items[block->first];
    if (self->named || line->level != 1) {
        return;
    }
    self->named = true;
    const str text = str_slice(line_text(lines, line), 0, HEADING_BYTES_MAX);
    self->counts->of[TYPE_heading_words] =
        (uint32_t)type_words_count(self->words, text, TYPE_TITLE, false, self->counts);
    for (size_t i = 0; i < text.len; i++) {
        self->counts->of[TYPE_title_number] += ascii_is_digit((unsigned char)text.ptr[i]);
        self->counts->of[TYPE_title_question] += text.ptr[i] == '?';
    }
}

static void count_heading(struct counter *self, const struct block *block)
{
    const bool linked = block_is_linked(block, LINKED_PERCENT);
    count_name(self, block);
    self->counts->of[TYPE_headings]++;
    self->counts->of[TYPE_headings_linked] += linked;
}

static void count_good(struct counter *self, const struct block *block)
{
    struct type_counts *counts = self->counts;
    const struct lines *lines = self->density->lines;
    const uint32_t plain = block_plain(block);
    counts->of[TYPE_good] += plain;
    counts->of[TYPE_good_blocks]++;
    counts->of[TYPE_good_longest] =
        plain > counts->of[TYPE_good_longest] ? plain : counts->of[TYPE_good_longest];
    counts->of[TYPE_priced_good] += block->priced;
    counts->of[TYPE_headings_led] += self->led;
    self->run += plain;
    counts->of[TYPE_good_run] =
        self->run > counts->of[TYPE_good_run] ? (uint32_t)self->run : counts->of[TYPE_good_run];
    for (size_t i = block->first; i < block->end && self->self_bytes < SELF_BYTES_MAX; i++) {
        const str text = str_slice(line_text(lines, &lines->items[i]), 0, SELF_BYTES_MAX);
        self->self_bytes += text.len;
        self->self_words += type_words_count(self->words, text, TYPE_SELF, false, counts);
        const size_t question = str_find_byte(text, '?', 0);
        counts->of[TYPE_questions] += question < text.len;
    }
}

static void count_block(struct counter *self, const struct block *block)
{
    struct type_counts *counts = self->counts;
    const bool is_linked = block_is_linked(block, LINKED_PERCENT);
    const bool is_short = block->weight <= SHORT_WEIGHT;
    counts->of[TYPE_text] += block->weight;
    counts->of[TYPE_priced] += block->priced;
    counts->of[TYPE_short_blocks] += is_short && !is_linked;
    counts->of[TYPE_short_links] += is_short && is_linked;
    counts->of[TYPE_list_items] += block->kind == BLOCK_list_item;
    counts->of[TYPE_table_rows] += block->kind == BLOCK_table_row;
    counts->of[TYPE_quotes] += block->kind == BLOCK_quote;
    self->linked += block->linked;
    self->code += block->kind == BLOCK_code ? block->weight : 0;
    self->comments += block->kind == BLOCK_comment ? block->weight : 0;
    if (block->kind == BLOCK_heading) {
        count_heading(self, block);
        self->led = true;
        return; /* prose runs on over headings */
    }
    if (block->good) {
        count_good(self, block);
    } else if (block->kind != BLOCK_code && block->kind != BLOCK_list_item) {
        self->run = 0;
    }
    self->led = false;
}

static uint32_t percent(size_t part, size_t whole)
{
    return whole ? (uint32_t)(part * 100 / whole) : 0;
}

/* Shares of words are counted by the thousand: few texts have more than a tenth. */
static void finish(struct counter *self)
{
    struct type_counts *counts = self->counts;
    static const enum type_count selves[] = {TYPE_we_share, TYPE_you_share, TYPE_i_share};
    counts->of[TYPE_good_share] = percent(counts->of[TYPE_good], counts->of[TYPE_text]);
    counts->of[TYPE_linked_share] = percent(self->linked, counts->of[TYPE_text]);
    counts->of[TYPE_code_share] = percent(self->code, counts->of[TYPE_text]);
    counts->of[TYPE_comment_share] = percent(self->comments, counts->of[TYPE_text]);
    for (size_t i = 0; i < sizeof selves / sizeof selves[0]; i++) {
        counts->of[selves[i]] = percent((size_t)counts->of[selves[i]] * 10, self->self_words);
    }
}

enum status type_blocks_count(const struct density *density, const struct type_words *words,
                              struct type_counts *counts)
{
    struct counter self = {.density = density, .words = words, .counts = counts};
    self.hints = hints_leave_enough(density);
    for (size_t i = 0; i < density->count; i++) {
        const struct block *block = &density->blocks[i];
        const struct verdict verdict = density->lines->items[block->first].verdict;
        if (!block->fixed || verdict.reason != DROP_hidden) {
            count_lines(&self, block);
        }
        if (!block->fixed && !is_outside(&self, block)) {
            count_block(&self, block);
        }
    }
    finish(&self);
    return type_rows_count(density, self.hints, counts);
}
