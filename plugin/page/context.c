/* SPDX-License-Identifier: Apache-2.0 */
#include "page/context.h"

#include "page/phrases.h"
#include "page/post_line.h"
#include "page/sentence.h"

enum {
    PHRASE_WEIGHT_MAX = 110, /* a longer line that begins like a site's is a sentence */
    /* One word is a site's line only if it is nearly all of the line. */
    WORD_REST_MAX = 14,
    SECTION_WEIGHT_MAX = 70,
    /* A box under a site's heading, unless it holds more of the text than boxes do. */
    BOX_PERCENT_MAX = 30,
    EDGE_WEIGHT_MAX = 60, /* in front of a text and behind it, a line that short is not of it */
    LINKED_PERCENT = 90,
    NUMBER_BYTES_MAX = 12, /* of an enumeration */
    IDEOGRAPH_BYTES = 3
};

static struct lines *lines_of(const struct context *self)
{
    return self->density->lines;
}

static void drop(struct block *block, enum ruling ruled, struct verdict verdict)
{
    block->kept = false;
    block->ruled = ruled;
    block->verdict = verdict;
}

static bool is_text_kind(const struct block *block)
{
    return block->kind != BLOCK_code && block->kind != BLOCK_table_row &&
           block->kind != BLOCK_formula;
}

/* ---- phrases ---- */

static const struct site_phrase *phrase_of(const struct context *self, const struct block *block)
{
    if (!block->kept || block == self->title || block->weight > PHRASE_WEIGHT_MAX ||
        !is_text_kind(block)) {
        return NULL;
    }
    const str line = line_text(lines_of(self), &lines_of(self)->items[block->first]);
    const struct site_phrase *phrase = site_phrase_find(line);
    if (!phrase) {
        return NULL;
    }
    const bool one_word = str_find_byte(phrase->text, ' ', 0) >= phrase->text.len &&
                          ascii_is_letter((unsigned char)phrase->text.ptr[phrase->text.len - 1]);
    return one_word && line.len > phrase->text.len + WORD_REST_MAX ? NULL : phrase;
}

/* The outermost region inside the container that begins with the block `index` and is not too much
 * of the text; 0: none. */
static uint32_t box_of(const struct context *self, size_t index)
{
    const struct density *density = self->density;
    uint32_t box = 0;
    for (uint32_t at = density->blocks[index].region; at && at != self->container;
         at = lines_of(self)->regions[at].parent) {
        const bool begins = density->sums[at].first_block == index;
        if (!begins || (size_t)density->sums[at].good * 100 > self->good * BOX_PERCENT_MAX) {
            break;
        }
        box = at;
    }
    return box;
}

static bool goes_on(const struct context *self, const struct block *block)
{
    if (block == self->title || !is_text_kind(block)) {
        return false;
    }
    return block->kind == BLOCK_heading ? block_is_linked(block, LINKED_PERCENT) : !block->good;
}

static void drop_section(const struct context *self, size_t index, struct verdict verdict)
{
    const struct density *density = self->density;
    const uint32_t box = box_of(self, index);
    const uint32_t end = box ? density->sums[box].region_end : 0;
    for (size_t i = index + 1; i < density->count; i++) {
        struct block *block = &density->blocks[i];
        const bool in_box = box && block->region >= box && block->region < end;
        if (block->fixed || !block->kept) {
            continue;
        }
        if (!in_box && !goes_on(self, block)) {
            return;
        }
        drop(block, RULED_SECTION, verdict);
    }
}

static void drop_phrases(const struct context *self)
{
    for (size_t i = 0; i < self->density->count; i++) {
        struct block *block = &self->density->blocks[i];
        const struct site_phrase *phrase = phrase_of(self, block);
        if (phrase) {
            drop(block, RULED_PHRASE, phrase->verdict);
        }
        if (phrase && phrase->section &&
            (block->kind == BLOCK_heading || block->weight <= SECTION_WEIGHT_MAX)) {
            drop_section(self, i, phrase->verdict);
        }
    }
}

/* ---- posts ---- */

static void drop_post_lines(const struct context *self)
{
    if (lines_of(self)->page_type != PAGE_TYPE_forum) {
        return;
    }
    for (size_t i = 0; i < self->density->count; i++) {
        struct block *block = &self->density->blocks[i];
        if (block->kept && block != self->title && is_text_kind(block) &&
            block->kind != BLOCK_heading && block->weight <= PHRASE_WEIGHT_MAX &&
            post_line_is(line_text(lines_of(self), &lines_of(self)->items[block->first]))) {
            drop(block, RULED_PHRASE,
                 VERDICT_DROP_BY(boilerplate, "when it was posted, and what may be done with it"));
        }
    }
}

/* ---- single blocks ---- */

/* The words under a picture say what it shows; the picture is not in the record. A caption of a
 * table or of code stays with it. */
static bool is_picture_caption(const struct context *self, const struct block *block)
{
    const struct node *element = lines_of(self)->items[block->first].element;
    while (element && element->tag != TAG_figcaption && element->tag != TAG_figure) {
        element = element->parent;
    }
    if (!element || element->tag != TAG_figcaption || !element->parent) {
        return false;
    }
    for (const struct node *node = element->parent->first; node; node = node->next) {
        if (node->tag == TAG_table || node->tag == TAG_pre || node->tag == TAG_blockquote) {
            return false;
        }
    }
    return true;
}

static void drop_single(const struct context *self)
{
    for (size_t i = 0; i < self->density->count; i++) {
        struct block *block = &self->density->blocks[i];
        if (!block->kept || block == self->title) {
            continue;
        }
        if (self->drops_links && is_text_kind(block) && block_is_linked(block, LINKED_PERCENT) &&
            block->weight > 0) {
            drop(block, RULED_LINK, VERDICT_DROP_BY(navigation, "a block that is a link"));
        } else if (self->drops_links && block->kind == BLOCK_caption &&
                   is_picture_caption(self, block)) {
            drop(block, RULED_CAPTION, VERDICT_DROP_BY(alternative, "caption of a picture"));
        }
    }
}

/* ---- edges ---- */

/* A point in front of a digit is of the number itself. */
static bool ends_number(str rest)
{
    static const str ends[] = {STR_INIT("、"), STR_INIT("."),  STR_INIT("．"),
                               STR_INIT(")"),  STR_INIT("）"), STR_INIT("】"),
                               STR_INIT("条"), STR_INIT("章"), STR_INIT("节")};
    for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++) {
        if (str_starts(rest, ends[i])) {
            return rest.len == ends[i].len || !ascii_is_digit((unsigned char)rest.ptr[ends[i].len]);
        }
    }
    return false;
}

/* A number as lists have it, with its sign: "一、", "（二）", "3.", "第四条", "•". */
static bool is_numbered(str line)
{
    static const str ideographs = STR_INIT("一二三四五六七八九十百第");
    static const str brackets[] = {STR_INIT("（"), STR_INIT("("), STR_INIT("【")};
    size_t at = 0;
    if (str_starts(line, STR("•")) || str_starts(line, STR("·"))) {
        return true;
    }
    for (size_t i = 0; i < sizeof brackets / sizeof brackets[0] && !at; i++) {
        at = str_starts(line, brackets[i]) ? brackets[i].len : 0;
    }
    const size_t from = at;
    while (at < line.len && at - from < NUMBER_BYTES_MAX) {
        const str sign = str_slice(line, at, at + IDEOGRAPH_BYTES);
        const bool counts = sign.len == IDEOGRAPH_BYTES && (unsigned char)sign.ptr[0] >= 0xE4 &&
                            str_find(ideographs, sign, 0) < ideographs.len;
        if (!counts && !ascii_is_digit((unsigned char)line.ptr[at])) {
            break;
        }
        at += counts ? IDEOGRAPH_BYTES : 1;
    }
    return at > from && ends_number(str_slice(line, at, line.len));
}

/* Three points say that more is elsewhere. */
static bool is_sentence(str line)
{
    return sentence_ends(line) && !str_ends(line, STR("..."));
}

/* Paragraphs of one element, as those of a text are; what a site writes around it stands apart. */
static bool are_siblings(const struct context *self, const struct block *a, const struct block *b)
{
    const struct node *one = lines_of(self)->regions[a->region].element;
    const struct node *other = lines_of(self)->regions[b->region].element;
    return one && other && one->tag == other->tag && one->parent == other->parent;
}

/* `prose`: the running text it stands in front of or behind; NULL: none. */
static bool is_edge(const struct context *self, const struct block *block,
                    const struct block *prose)
{
    const str line = line_text(lines_of(self), &lines_of(self)->items[block->first]);
    if (block == self->title || block->kind != BLOCK_paragraph || block->good ||
        block->weight > EDGE_WEIGHT_MAX) {
        return false;
    }
    return !is_numbered(line) && !is_sentence(line) && !(prose && are_siblings(self, block, prose));
}

static void trim_front(const struct context *self)
{
    size_t end = 0;
    while (end < self->density->count &&
           !(self->density->blocks[end].kept && self->density->blocks[end].good)) {
        end++;
    }
    const struct block *prose = end < self->density->count ? &self->density->blocks[end] : NULL;
    for (size_t i = 0; i < end; i++) {
        struct block *block = &self->density->blocks[i];
        if (block->kept && is_edge(self, block, prose)) {
            drop(block, RULED_EDGE,
                 VERDICT_DROP_BY(boilerplate, "short line in front of the text"));
        }
    }
}

static void trim_back(const struct context *self)
{
    size_t from = self->density->count;
    const struct block *prose = NULL;
    while (from > 0) {
        const struct block *block = &self->density->blocks[from - 1];
        if (block->kept && (block->good || !is_text_kind(block))) {
            prose = block;
            break;
        }
        from--;
    }
    for (size_t i = from; i < self->density->count; i++) {
        struct block *block = &self->density->blocks[i];
        if (block->kept && is_edge(self, block, prose)) {
            drop(block, RULED_EDGE, VERDICT_DROP_BY(boilerplate, "short line behind the text"));
        }
    }
}

/* From behind, up to the first that is no heading. */
static void drop_last_headings(const struct context *self)
{
    for (size_t i = self->density->count; i-- > 0;) {
        struct block *block = &self->density->blocks[i];
        if (block->kept && (block->kind != BLOCK_heading || block == self->title)) {
            return;
        }
        if (block->kept) {
            drop(block, RULED_LAST_HEADING,
                 VERDICT_DROP_BY(boilerplate, "heading with nothing under it"));
        }
    }
}

void context_apply(const struct context *self)
{
    drop_phrases(self);
    drop_post_lines(self);
    drop_single(self);
    if (self->trims) {
        trim_front(self);
        trim_back(self);
    }
    if (self->drops_links) {
        drop_last_headings(self);
    }
}
