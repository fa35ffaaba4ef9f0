/* SPDX-License-Identifier: Apache-2.0 */
#include "text/normal_span.h"

#include "text/utf8.h"

#include <utf8proc.h>

void span_rewriter_init(struct span_rewriter *rewriter, struct arena *arena, str text,
                        struct normal_rules rules, struct normal_changes *changes)
{
    rewriter->arena = arena;
    rewriter->text = text;
    rewriter->rules = rules;
    rewriter->stops = normal_stops(rules);
    rewriter->changes = changes;
    struct points *const all[] = {&rewriter->kept, &rewriter->formed, &rewriter->sorted};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        all[i]->items = all[i]->first;
        all[i]->count = 0;
        all[i]->capacity = POINTS_FIRST;
    }
}

bool points_reserve(struct points *points, struct arena *arena, size_t more)
{
    if (points->capacity - points->count >= more) {
        return true;
    }
    const size_t capacity = (points->count + more) * 2;
    uint32_t *const items = ARENA_ARRAY(arena, capacity, uint32_t);
    if (!items) {
        return false;
    }
    memcpy(items, points->items, points->count * sizeof *items);
    points->items = items;
    points->capacity = capacity;
    return true;
}

bool points_add(struct points *points, struct arena *arena, uint32_t code_point)
{
    if (!points_reserve(points, arena, 1)) {
        return false;
    }
    points->items[points->count++] = code_point;
    return true;
}

void normal_change_count(struct span_rewriter *rewriter, enum normal_change change, size_t offset)
{
    struct normal_changes *const changes = rewriter->changes;
    if (changes->count[change]++ == 0) {
        changes->first[change] = offset;
    }
}

bool code_point_is_mark(uint32_t c)
{
    return c >= 0x300 && utf8proc_get_property((utf8proc_int32_t)c)->combining_class != 0;
}

/* What Symbol (B7) and Wingdings have at the places of the usual bullets of office programs; text
 * that comes without its font keeps only U+F000 plus that place. */
static uint32_t bullet_of(uint32_t c)
{
    static const struct {
        uint16_t place;
        uint16_t bullet;
    } bullets[] = {
        {0xF06C, 0x25CF}, {0xF06E, 0x25A0}, {0xF06F, 0x25A1}, {0xF071, 0x2751}, {0xF075, 0x25C6},
        {0xF076, 0x2756}, {0xF0A7, 0x25AA}, {0xF0A8, 0x25FB}, {0xF0B7, 0x2022}, {0xF0D8, 0x27A2},
        {0xF0E0, 0x2192}, {0xF0F0, 0x21E8}, {0xF0FC, 0x2713}, {0xF0FE, 0x2611},
    };
    for (size_t i = 0; i < sizeof bullets / sizeof *bullets; i++) {
        if (bullets[i].place == c) {
            return bullets[i].bullet;
        }
    }
    return 0;
}

/* Is nothing before `at` in its line but white space and what is not seen? Such a stretch holds no
 * private use, so no byte is looked at twice for it. */
static bool begins_line(str text, size_t at)
{
    while (at) {
        const uint32_t c = utf8_previous(text, &at);
        const enum normal_class class = normal_class_of(c);
        if (c == '\n' || class == CLASS_LINE) {
            return true;
        }
        if (!code_point_is_space(c) && !normal_class_is_among(class, CLASSES_ZERO_WIDTH)) {
            return false;
        }
    }
    return true;
}

/* One character of the span that is in no zero-width run. */
static uint32_t map_character(struct span_rewriter *rewriter, uint32_t c, enum normal_class class,
                              size_t at)
{
    uint32_t bullet;
    switch (class) {
    case CLASS_LINE:
        normal_change_count(rewriter, NORMAL_line_end_changed, at);
        return '\n';
    case CLASS_PRIVATE:
        bullet = bullet_of(c);
        if (bullet && begins_line(rewriter->text, at)) {
            normal_change_count(rewriter, NORMAL_bullet_mapped, at);
            return bullet;
        }
        normal_change_count(rewriter, NORMAL_private_use_kept, at);
        return c;
    case CLASS_REPLACEMENT:
        normal_change_count(rewriter, NORMAL_replacement_kept, at);
        return c;
    case CLASS_NONCHARACTER:
        normal_change_count(rewriter, NORMAL_noncharacter_kept, at);
        return c;
    case CLASS_DIRECTION:
        normal_change_count(rewriter, NORMAL_direction_kept, at);
        return c;
    case CLASS_FULL_WIDTH:
        if (rewriter->rules.fold_width) {
            normal_change_count(rewriter, NORMAL_width_folded, at);
            return code_point_fold_width(c);
        }
        return c;
    case CLASS_PLAIN:
    case CLASS_CONTROL:
    case CLASS_INVISIBLE:
    case CLASS_JOINER:
    case CLASS_SEPARATOR:
    case CLASS_TAG:
    case CLASS_SOFT_HYPHEN:
    case CLASS_COMPATIBILITY_IDEOGRAPH:
    case CLASS_MARK:
    case CLASS_MAYBE:
    case CLASS_DIRTY:
    case CLASS_DIRTY_START:
    case CLASS_COMPATIBLE:
    case CLASS_COMPATIBLE_START:
        break;
    }
    return c;
}

static bool is_before_line_feed(const struct span_rewriter *rewriter, size_t at)
{
    return at < rewriter->text.len && rewriter->text.ptr[at] == '\n';
}

/* *changed: `kept` is not the span as it was. *has_dirty: the normal form may change it. */
static enum status apply_house_rules(struct span_rewriter *rewriter, size_t start, size_t end,
                                     bool *changed, bool *has_dirty)
{
    const uint32_t normal =
        rewriter->stops & (CLASS_BIT(FULL_WIDTH) | CLASS_BIT(COMPATIBILITY_IDEOGRAPH) |
                           CLASSES_BEHIND | CLASS_BIT(DIRTY) | CLASS_BIT(DIRTY_START) |
                           CLASS_BIT(COMPATIBLE) | CLASS_BIT(COMPATIBLE_START));
    for (size_t at = start; at < end;) {
        const size_t here = at;
        const uint32_t c = utf8_next(rewriter->text, &at);
        const enum normal_class class = normal_class_of(c);
        if (normal_class_is_among(class, CLASSES_ZERO_WIDTH)) {
            at = here;
            TRY(zero_width_rewrite(rewriter, &at, changed));
            continue;
        }
        if (c == '\r' && is_before_line_feed(rewriter, at)) {
            normal_change_count(rewriter, NORMAL_line_end_changed, here);
            *changed = true; /* the LF behind it is the line end of both */
            continue;
        }
        const uint32_t mapped = map_character(rewriter, c, class, here);
        if (!points_add(&rewriter->kept, rewriter->arena, mapped)) {
            return STATUS_NO_MEMORY;
        }
        *changed |= mapped != c;
        *has_dirty |= normal_class_is_among(class, normal);
        if (!normal_class_is_among(class, CLASSES_BEHIND | CLASS_BIT(DIRTY)) ||
            !code_point_is_mark(c)) {
            rewriter->before = c;
        }
    }
    return STATUS_OK;
}

enum status span_rewrite(struct span_rewriter *rewriter, size_t start, size_t end,
                         const struct points **out)
{
    bool changed = false;
    bool has_dirty = false;
    rewriter->kept.count = 0;
    rewriter->before = 0;
    *out = NULL;
    TRY(apply_house_rules(rewriter, start, end, &changed, &has_dirty));
    if (changed) {
        *out = &rewriter->kept;
    }
    if (!has_dirty) {
        return STATUS_OK;
    }
    TRY(points_compose(rewriter));
    if (rewriter->formed.count != rewriter->kept.count ||
        memcmp(rewriter->formed.items, rewriter->kept.items,
               rewriter->kept.count * sizeof *rewriter->kept.items) != 0) {
        normal_change_count(rewriter, NORMAL_normalised, start);
        *out = &rewriter->formed;
    }
    return STATUS_OK;
}
