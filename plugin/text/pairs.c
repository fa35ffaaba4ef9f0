/* SPDX-License-Identifier: Apache-2.0 */
#include "text/pairs.h"

#include "text/tables/pairs.inc"

static const uint64_t *filter_of(enum language language)
{
    switch (language) {
    case LANGUAGE_HANS:
        return pairs_hans;
    case LANGUAGE_HANT:
        return pairs_hant;
    case LANGUAGE_JAPANESE:
        return pairs_japanese;
    case LANGUAGE_KOREAN:
        return pairs_korean;
    case LANGUAGE_OF_LETTERS:
    case LANGUAGE_COUNT:
        return NULL;
    }
    return NULL;
}

static bool is_set(const uint64_t *filter, uint64_t place)
{
    return filter[place / 64] >> place % 64 & 1;
}

bool pair_is_common(enum language language, uint32_t first, uint32_t second)
{
    const uint64_t *const filter = filter_of(language);
    /* tables/train_pairs.py: places */
    const uint64_t key = ((uint64_t)first << 16 | second) * UINT64_C(0x9E3779B97F4A7C15);
    return filter && first < 0x10000 && second < 0x10000 && is_set(filter, key >> 48) &&
           is_set(filter, key >> 32 & 0xFFFF);
}
