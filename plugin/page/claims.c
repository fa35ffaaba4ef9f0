/* SPDX-License-Identifier: Apache-2.0 */
#include "page/claims.h"

enum { CLAIMS_FIRST = 16 };

static bool grow(struct claims *claims)
{
    const size_t capacity = claims->capacity ? claims->capacity * 2 : CLAIMS_FIRST;
    struct claim *items = arena_resize(claims->arena, claims->items,
                                       claims->capacity * sizeof *items, capacity * sizeof *items);
    if (!items) {
        claims->failed = true;
        return false;
    }
    claims->items = items;
    claims->capacity = capacity;
    return true;
}

void claims_add(struct claims *claims, enum claim_kind kind, unsigned rank, struct stated stated)
{
    stated.text = str_trim_ascii(stated.text);
    if (stated.text.len == 0 || stated.text.len > CLAIM_TEXT_MAX || claims->count == CLAIMS_MAX ||
        (claims->count == claims->capacity && !grow(claims))) {
        return;
    }
    claims->items[claims->count++] = (struct claim){
        .kind = kind, .rank = (uint8_t)rank, .group = claims->group, .stated = stated};
}

void claims_next_group(struct claims *claims)
{
    claims->group++;
}

const struct claim *claims_next(const struct claims *claims, enum claim_kind kind,
                                const struct claim *after)
{
    const struct claim *best = NULL;
    for (size_t i = 0; i < claims->count; i++) {
        const struct claim *claim = &claims->items[i];
        const bool behind =
            !after || claim->rank > after->rank || (claim->rank == after->rank && claim > after);
        if (claim->kind == kind && behind && (!best || claim->rank < best->rank)) {
            best = claim;
        }
    }
    return best;
}
