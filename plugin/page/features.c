/* SPDX-License-Identifier: Apache-2.0 */
#include "page/features.h"

#include "page/sentence.h"

enum {
    NUMBER_MAX = 30000,
    HEAD_BYTES = 160, /* of a block's text are looked at for digits */
    SAME_BYTES = 96,  /* blocks that begin alike for as long, and are as long, say the same */
    AROUND = 5,       /* blocks on either side */
    FAR = 40,         /* blocks: farther away is the same */
    DEPTH_MAX = 60,
    GOOD_MARKS = MARK_BODY | MARK_SUBJECT | MARK_ARTICLE | MARK_MAIN,
    OTHER_MARKS = MARK_COMMENTS | MARK_POST | MARK_REVIEWS,
    OTHER_SHIFT = 64, /* the lowest of them */
    GOOD_SHIFT = 4
};

/* Of a region. */
struct region_view {
    uint32_t section; /* the outermost around it that does not also hold the container */
    uint32_t wider;   /* the innermost around it with more blocks than it has; 0: the page */
    uint32_t children;
    uint16_t marks; /* of all around it, and its own */
    uint8_t depth;
    bool spine; /* the container, or around it */
};

/* Of a block that is not fixed. */
struct block_view {
    uint32_t index;
    uint32_t hash;
    uint32_t times;
    uint32_t heading;       /* place of the last one in `near` */
    uint32_t weight_before; /* of the page */
    uint32_t kept_before;
    uint32_t good_weight_before;
    uint8_t good_before;
    uint8_t good_after;
    uint8_t heading_away;
};

static int16_t number(size_t value)
{
    return (int16_t)(value < NUMBER_MAX ? value : NUMBER_MAX);
}

static int16_t percent(size_t part, size_t whole)
{
    return (int16_t)(!whole ? -1 : part >= whole ? 100 : (int)(part * 100 / whole));
}

static const struct block *block_at(const struct features *self, size_t n)
{
    return &self->page->density->blocks[self->near[n].index];
}

struct block *features_block(const struct features *self, size_t n)
{
    return &self->page->density->blocks[self->near[n].index];
}

/* ---- regions ---- */

static void view_regions(struct features *self)
{
    const struct density *density = self->page->density;
    const struct lines *lines = density->lines;
    struct region_view *views = self->views;
    for (uint32_t at = self->page->container; at; at = lines->regions[at].parent) {
        views[at].spine = true;
    }
    views[0].spine = true;
    for (uint32_t i = 1; i < lines->region_count; i++) {
        const uint32_t parent = lines->regions[i].parent;
        struct region_view *view = &views[i];
        const bool same = density->sums[parent].blocks == density->sums[i].blocks;
        view->section = view->spine || views[parent].spine ? i : views[parent].section;
        view->wider = same ? views[parent].wider : parent;
        view->marks = (uint16_t)(views[parent].marks | lines->regions[i].marks);
        view->depth = (uint8_t)(views[parent].depth + (views[parent].depth < DEPTH_MAX));
        views[parent].children += density->sums[i].blocks > 0;
    }
}

/* ---- blocks ---- */

static uint32_t text_hash(str text)
{
    uint32_t hash = 0x811C9DC5u ^ (uint32_t)text.len;
    const size_t end = text.len < SAME_BYTES ? text.len : SAME_BYTES;
    for (size_t i = 0; i < end; i++) {
        hash = (hash ^ (unsigned char)text.ptr[i]) * 16777619u;
    }
    return hash ? hash : 1;
}

/* The first of those that say the same counts for all of them; `table` is empty at first and holds
 * the places of the first ones, from 1. */
static void count_in(struct features *self, uint32_t *table, size_t places)
{
    for (int round = 0; round < 2; round++) {
        for (size_t n = 0; n < self->near_count; n++) {
            struct block_view *view = &self->near[n];
            size_t at = view->hash & (places - 1);
            while (table[at] && self->near[table[at] - 1].hash != view->hash) {
                at = (at + 1) & (places - 1);
            }
            table[at] = table[at] ? table[at] : (uint32_t)n + 1;
            struct block_view *first = &self->near[table[at] - 1];
            first->times += round == 0;
            view->times = round == 0 ? view->times : first->times;
        }
    }
}

static enum status count_same(struct features *self, struct arena *arena)
{
    const struct arena_position mark = arena_mark(arena);
    size_t places = 64;
    while (places < self->near_count * 2) {
        places *= 2;
    }
    uint32_t *table = ARENA_ARRAY(arena, places, uint32_t);
    if (table) {
        count_in(self, table, places);
    }
    arena_rewind(arena, mark);
    return table ? STATUS_OK : STATUS_NO_MEMORY;
}

static void view_blocks(struct features *self)
{
    const struct density *density = self->page->density;
    struct block_view sum = {.good_before = FAR, .heading_away = FAR, .heading = UINT32_MAX};
    for (size_t i = 0; i < density->count; i++) {
        const struct block *block = &density->blocks[i];
        if (block->fixed) {
            continue;
        }
        const size_t n = self->near_count++;
        sum.index = (uint32_t)i;
        sum.hash = text_hash(line_text(density->lines, &density->lines->items[block->first]));
        self->near[n] = sum;
        sum.weight_before += block->weight;
        sum.kept_before += block->kept ? block->weight : 0;
        sum.good_weight_before += block->good ? block->weight : 0;
        const bool stays = block->kept && block->good;
        sum.good_before = stays ? 0 : (uint8_t)(sum.good_before + (sum.good_before < FAR));
        sum.heading_away = (uint8_t)(sum.heading_away + (sum.heading_away < FAR));
        if (block->kind == BLOCK_heading) {
            sum.heading = (uint32_t)n;
            sum.heading_away = 0;
        }
    }
    self->near[self->near_count] = sum;
    uint8_t after = FAR;
    for (size_t n = self->near_count; n-- > 0;) {
        const struct block *block = block_at(self, n);
        self->near[n].good_after = after;
        after = block->kept && block->good ? 0 : (uint8_t)(after + (after < FAR));
    }
}

/* ---- the page ---- */

static void view_page(struct features *self)
{
    const struct density *density = self->page->density;
    const struct region_sum *all = &density->sums[0];
    size_t prices = 0;
    size_t headings = 0;
    size_t kept = 0;
    size_t kept_good = 0;
    for (size_t n = 0; n < self->near_count; n++) {
        const struct block *block = block_at(self, n);
        prices += block->priced;
        headings += block->kind == BLOCK_heading;
        kept += block->kept ? block->weight : 0;
        kept_good += block->kept && block->good ? block->weight : 0;
    }
    int16_t *whole = self->whole;
    whole[FEATURE_page_good] = percent(all->good, all->weight);
    whole[FEATURE_page_kept] = percent(kept, all->weight);
    whole[FEATURE_page_kept_good] = percent(kept_good, kept);
    whole[FEATURE_prices] = number(prices);
    whole[FEATURE_headings] = percent(headings, self->near_count);
}

enum status features_begin(const struct ruled_page *page, struct features *out)
{
    const struct lines *lines = page->density->lines;
    *out = (struct features){.page = page};
    const size_t count = page->density->sums[0].blocks; /* that are not fixed */
    out->near = ARENA_ARRAY(lines->arena, count + 1, struct block_view);
    if (!out->near) {
        return STATUS_NO_MEMORY;
    }
    view_blocks(out);
    TRY(count_same(out, lines->arena));
    out->views = ARENA_ARRAY(lines->arena, lines->region_count, struct region_view);
    if (!out->views) {
        return STATUS_NO_MEMORY;
    }
    view_regions(out);
    view_page(out);
    return STATUS_OK;
}

/* ---- one block's numbers ---- */

static int16_t tag_class(const struct node *element)
{
    switch (element ? (int)element->tag : -1) {
    case TAG_p:
        return 1;
    case TAG_div:
        return 2;
    case TAG_section:
    case TAG_article:
    case TAG_main:
        return 3;
    case TAG_li:
        return 4;
    case TAG_td:
    case TAG_th:
        return 5;
    case TAG_dt:
    case TAG_dd:
        return 6;
    case TAG_a:
        return 7;
    case TAG_button:
    case TAG_label:
    case TAG_legend:
    case TAG_option:
        return 8;
    case TAG_span:
        return 9;
    case TAG_strong:
    case TAG_b:
    case TAG_em:
    case TAG_i:
        return 10;
    case TAG_small:
        return 11;
    case TAG_h1:
    case TAG_h2:
    case TAG_h3:
    case TAG_h4:
    case TAG_h5:
    case TAG_h6:
        return 12;
    case TAG_figcaption:
    case TAG_caption:
        return 13;
    case TAG_blockquote:
        return 14;
    case -1:
        return -1;
    default:
        return 0;
    }
}

static void read_text(str text, int16_t *out)
{
    const size_t len = text.len < HEAD_BYTES ? text.len : HEAD_BYTES;
    size_t digits = 0;
    for (size_t i = 0; i < len; i++) {
        const unsigned char c = (unsigned char)text.ptr[i];
        digits += c >= '0' && c <= '9';
    }
    out[FEATURE_digits] = percent(digits, len);
}

/* Most texts end with a letter or a digit, which is seen at once. */
static int16_t end_class(str text)
{
    const unsigned char last = text.len ? (unsigned char)text.ptr[text.len - 1] : 0;
    if (ascii_is_letter(last) || ascii_is_digit(last)) {
        return 0;
    }
    return sentence_ends(text) ? 2 : clause_ends(text) ? 1 : 0;
}

static void read_own(const struct features *self, size_t n, const struct block *block, int16_t *out)
{
    const struct lines *lines = self->page->density->lines;
    const struct line *first = &lines->items[block->first];
    const str end = line_text(lines, &lines->items[block->end - 1]);
    const struct block_view *view = &self->near[n];
    out[FEATURE_weight] = number(block->weight);
    out[FEATURE_plain] = number(block_plain(block));
    out[FEATURE_linked] = percent(block->linked, block->weight);
    out[FEATURE_signs] = number(block->signs);
    out[FEATURE_sign_density] =
        number(block->weight ? (size_t)block->signs * 1000 / block->weight : 0);
    out[FEATURE_kind] = (int16_t)block->kind;
    out[FEATURE_level] = first->level;
    out[FEATURE_priced] = block->priced;
    out[FEATURE_tag] = tag_class(first->element);
    read_text(line_text(lines, first), out);
    out[FEATURE_ends] = end_class(end);
    out[FEATURE_times] = number(view->times);
    out[FEATURE_place] = percent(view->weight_before, self->page->density->sums[0].weight);
    const ptrdiff_t behind = self->page->title ? block - self->page->title : 0;
    out[FEATURE_from_title] =
        (int16_t)(behind < 0 ? -number((size_t)-behind) : number((size_t)behind));
}

static void read_rules(const struct features *self, const struct block *block, int16_t *out)
{
    const struct ruled_page *page = self->page;
    const struct region *regions = page->density->lines->regions;
    const struct region_sum *sums = page->density->sums;
    const struct region_sum *container = &sums[page->container];
    const size_t index = (size_t)(block - page->density->blocks);
    const uint32_t firm = page->firm[block->region];
    const uint32_t soft = page->soft[block->region];
    const bool inside = page->inside[block->region];
    const unsigned marks = self->views[block->region].marks;
    out[FEATURE_ruled] = (int16_t)block->ruled;
    out[FEATURE_inside] = inside;
    out[FEATURE_side] = inside ? 0 : index < container->first_block ? -1 : 1;
    out[FEATURE_firm] = firm ? (int16_t)(regions[firm].verdict.reason + 1) : 0;
    out[FEATURE_soft] = soft ? (int16_t)(regions[soft].verdict.reason + 1) : 0;
    out[FEATURE_soft_share] = soft ? percent(sums[soft].good, container->good) : -1;
    out[FEATURE_marks_good] = (int16_t)((marks & GOOD_MARKS) / GOOD_SHIFT);
    out[FEATURE_marks_others] = (int16_t)((marks & OTHER_MARKS) / OTHER_SHIFT);
}

static void read_around(const struct features *self, const struct block *block, int16_t *out)
{
    const struct region_sum *sums = self->page->density->sums;
    const struct region_view *view = &self->views[block->region];
    const struct region_sum *own = &sums[block->region];
    const struct region_sum *up = &sums[view->wider];
    const struct region_view *up_view = &self->views[view->wider];
    const struct region_sum *upper = &sums[up_view->wider];
    const struct region_sum *section = &sums[view->section];
    out[FEATURE_depth] = view->depth;
    out[FEATURE_own_weight] = number(own->weight);
    out[FEATURE_own_blocks] = number(own->blocks);
    out[FEATURE_own_linked] = percent(own->linked, own->weight);
    out[FEATURE_own_good] = percent(own->good, own->weight);
    out[FEATURE_up_weight] = number(up->weight);
    out[FEATURE_up_blocks] = number(up->blocks);
    out[FEATURE_up_linked] = percent(up->linked, up->weight);
    out[FEATURE_up_good] = percent(up->good, up->weight);
    out[FEATURE_up_mean] = number(up->blocks ? up->weight / up->blocks : 0);
    out[FEATURE_upper_weight] = number(upper->weight);
    out[FEATURE_upper_blocks] = number(upper->blocks);
    out[FEATURE_upper_linked] = percent(upper->linked, upper->weight);
    out[FEATURE_upper_good] = percent(upper->good, upper->weight);
    out[FEATURE_upper_mean] = number(upper->blocks ? upper->weight / upper->blocks : 0);
    out[FEATURE_section_share] = percent(section->weight, sums[0].weight);
    out[FEATURE_section_blocks] = number(section->blocks);
    out[FEATURE_section_linked] = percent(section->linked, section->weight);
    out[FEATURE_section_good] = percent(section->good, section->weight);
    out[FEATURE_section_mean] = number(section->blocks ? section->weight / section->blocks : 0);
    out[FEATURE_up_children] = number(up_view->children);
    out[FEATURE_upper_children] = number(self->views[up_view->wider].children);
}

static void read_neighbours(const struct features *self, size_t n, int16_t *out)
{
    const struct block *last = n > 0 ? block_at(self, n - 1) : NULL;
    const struct block *next = n + 1 < self->near_count ? block_at(self, n + 1) : NULL;
    const struct block_view *view = &self->near[n];
    const struct block_view *from = &self->near[n > AROUND ? n - AROUND : 0];
    const size_t end = n + AROUND + 1;
    const struct block_view *to = &self->near[end < self->near_count ? end : self->near_count];
    const size_t around = to->weight_before - from->weight_before;
    const struct block *heading =
        view->heading == UINT32_MAX ? NULL : block_at(self, view->heading);
    out[FEATURE_last_weight] = last ? number(last->weight) : -1;
    out[FEATURE_last_linked] = last ? percent(last->linked, last->weight) : -1;
    out[FEATURE_last_kind] = last ? (int16_t)last->kind : -1;
    out[FEATURE_last_ruled] = last ? (int16_t)last->ruled : -1;
    out[FEATURE_next_weight] = next ? number(next->weight) : -1;
    out[FEATURE_next_linked] = next ? percent(next->linked, next->weight) : -1;
    out[FEATURE_next_kind] = next ? (int16_t)next->kind : -1;
    out[FEATURE_next_ruled] = next ? (int16_t)next->ruled : -1;
    out[FEATURE_good_before] = (int16_t)view->good_before;
    out[FEATURE_good_after] = (int16_t)view->good_after;
    out[FEATURE_near_kept] = percent(to->kept_before - from->kept_before, around);
    out[FEATURE_near_good] = percent(to->good_weight_before - from->good_weight_before, around);
    out[FEATURE_heading_away] = (int16_t)view->heading_away;
    out[FEATURE_heading_ruled] = heading ? (int16_t)heading->ruled : -1;
    out[FEATURE_heading_level] =
        heading ? self->page->density->lines->items[heading->first].level : -1;
}

void features_read(const struct features *self, size_t n, int16_t *numbers)
{
    const struct block *block = block_at(self, n);
    memcpy(numbers, self->whole, sizeof self->whole);
    read_own(self, n, block, numbers);
    read_rules(self, block, numbers);
    read_around(self, block, numbers);
    read_neighbours(self, n, numbers);
}
