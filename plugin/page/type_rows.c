/* SPDX-License-Identifier: Apache-2.0 */
#include "page/type_rows.h"

enum { LINKED_PERCENT = 75, ROW_MIN = 3, MEMBER_WEIGHT_MIN = 8 };

enum trait { TRAIT_LINKED = 1, TRAIT_GOOD = 2, TRAIT_PRICED = 4, TRAIT_HEADED = 8, TRAIT_OUT = 16 };

/* A row as far as one of its members. */
struct row {
    uint32_t count;
    uint32_t linked;
    uint32_t good;
    uint32_t priced;
    uint32_t headed;
    uint32_t weight;
};

struct rows {
    const struct density *density;
    struct row *rows; /* by region */
    uint32_t *last;   /* by region: its last child so far; 0: none */
    uint8_t *traits;  /* by region, of all that is inside */
};

static str first_name(const struct node *element)
{
    const str names = str_trim_ascii(node_attribute_value(element, STR("class")));
    size_t end = 0;
    while (end < names.len && !ascii_is_space((unsigned char)names.ptr[end])) {
        end++;
    }
    return str_slice(names, 0, end);
}

static bool is_alike(const struct node *a, const struct node *b)
{
    return a->tag == b->tag && str_equal(first_name(a), first_name(b));
}

static void find_traits(struct rows *self, bool hints)
{
    const struct lines *lines = self->density->lines;
    for (size_t i = 0; i < self->density->count; i++) {
        const struct block *block = &self->density->blocks[i];
        const bool heads = block->kind == BLOCK_heading;
        if (!block->fixed) {
            self->traits[block->region] |=
                (uint8_t)((block->linked > 0 ? TRAIT_LINKED : 0) | (block->good ? TRAIT_GOOD : 0) |
                          (block->priced ? TRAIT_PRICED : 0) | (heads ? TRAIT_HEADED : 0));
        }
    }
    for (size_t i = lines->region_count; i-- > 1;) {
        self->traits[lines->regions[i].parent] |= self->traits[i];
    }
    for (size_t i = 1; i < lines->region_count && hints; i++) {
        const struct region *region = &lines->regions[i];
        const bool out = (region->marks & MARK_FIRM) || (self->traits[region->parent] & TRAIT_OUT);
        self->traits[i] |= out ? TRAIT_OUT : 0;
    }
}

/* The row up to this region: that of the sibling in front of it, where they are alike. */
static void extend(struct rows *self, uint32_t i)
{
    const struct region *region = &self->density->lines->regions[i];
    const size_t weight = self->density->sums[i].weight;
    const uint32_t before = self->last[region->parent];
    if (!region->element || weight < MEMBER_WEIGHT_MIN || (self->traits[i] & TRAIT_OUT)) {
        return;
    }
    struct row *row = &self->rows[i];
    if (before && is_alike(self->density->lines->regions[before].element, region->element)) {
        *row = self->rows[before];
    }
    row->count++;
    row->linked += (self->traits[i] & TRAIT_LINKED) > 0;
    row->good += (self->traits[i] & TRAIT_GOOD) > 0;
    row->priced += (self->traits[i] & TRAIT_PRICED) > 0;
    row->headed += (self->traits[i] & TRAIT_HEADED) > 0;
    row->weight += (uint32_t)weight;
    self->last[region->parent] = i;
}

static void take_greater(uint32_t *count, uint32_t n)
{
    *count = n > *count ? n : *count;
}

static void count_row(const struct rows *self, const struct row *row, struct type_counts *counts)
{
    const size_t all = self->density->sums[0].weight;
    if (row->count < ROW_MIN) {
        return;
    }
    take_greater(&counts->of[TYPE_row_longest], row->count);
    take_greater(&counts->of[TYPE_row_linked], row->linked);
    take_greater(&counts->of[TYPE_row_good], row->good);
    take_greater(&counts->of[TYPE_row_priced], row->priced);
    take_greater(&counts->of[TYPE_row_headed], row->headed);
    take_greater(&counts->of[TYPE_row_share],
                 all ? (uint32_t)((uint64_t)row->weight * 100 / all) : 0);
}

static void count_marks(const struct rows *self, struct type_counts *counts)
{
    const struct lines *lines = self->density->lines;
    for (size_t i = 1; i < lines->region_count; i++) {
        const unsigned marks = self->density->sums[i].good > 0 ? lines->regions[i].marks : 0;
        counts->of[TYPE_posts] += (marks & MARK_POST) > 0 && !(self->traits[i] & TRAIT_OUT);
        counts->of[TYPE_reviews] += (marks & MARK_REVIEWS) > 0;
        counts->of[TYPE_bodies] += (marks & MARK_BODY) > 0;
        counts->of[TYPE_articles] += (marks & MARK_ARTICLE) > 0;
    }
}

enum status type_rows_count(const struct density *density, bool hints, struct type_counts *counts)
{
    struct arena *arena = density->lines->arena;
    const size_t count = density->lines->region_count;
    const struct arena_position mark = arena_mark(arena);
    struct rows self = {.density = density,
                        .rows = ARENA_ARRAY(arena, count, struct row),
                        .last = ARENA_ARRAY(arena, count, uint32_t),
                        .traits = ARENA_ARRAY(arena, count, uint8_t)};
    const bool all = self.rows && self.last && self.traits;
    if (all) {
        find_traits(&self, hints);
        for (uint32_t i = 1; i < count; i++) {
            extend(&self, i);
        }
        for (size_t i = 1; i < count; i++) {
            count_row(&self, &self.rows[i], counts);
        }
        count_marks(&self, counts);
    }
    arena_rewind(arena, mark);
    return all ? STATUS_OK : STATUS_NO_MEMORY;
}
