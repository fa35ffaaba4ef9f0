/* SPDX-License-Identifier: Apache-2.0 */
#include "text/normal_class.h"

struct code_points {
    uint32_t first;
    uint32_t last;
};

#include "text/tables/normal_class.inc"

uint32_t normal_stops(struct normal_rules rules)
{
    const uint32_t always = CLASSES_ZERO_WIDTH | CLASS_BIT(LINE) | CLASS_BIT(PRIVATE) |
                            CLASS_BIT(REPLACEMENT) | CLASS_BIT(NONCHARACTER) |
                            CLASS_BIT(DIRECTION) | (rules.fold_width ? CLASS_BIT(FULL_WIDTH) : 0);
    const uint32_t composed = CLASSES_BEHIND | CLASS_BIT(DIRTY) | CLASS_BIT(DIRTY_START);
    const uint32_t compatible =
        CLASS_BIT(FULL_WIDTH) | CLASS_BIT(COMPATIBLE) | CLASS_BIT(COMPATIBLE_START);
    switch (rules.form) {
    case NORMAL_FORM_NFC:
        return always | composed | CLASS_BIT(COMPATIBILITY_IDEOGRAPH);
    case NORMAL_FORM_NFC_KEEP_COMPAT:
        return always | composed;
    case NORMAL_FORM_NFKC:
        return always | composed | compatible | CLASS_BIT(COMPATIBILITY_IDEOGRAPH);
    case NORMAL_FORM_NONE:
        break;
    }
    return 0;
}

static bool is_among(const struct code_points *spans, size_t count, uint32_t c)
{
    size_t low = 0;
    size_t high = count;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (c > spans[middle].last) {
            low = middle + 1;
        } else if (c < spans[middle].first) {
            high = middle;
        } else {
            return true;
        }
    }
    return false;
}

#define AMONG(spans, c) is_among(spans, sizeof(spans) / sizeof(spans)[0], c)

bool normal_is_joining(uint32_t c)
{
    return AMONG(joining, c);
}

bool normal_is_unspaced(uint32_t c)
{
    return AMONG(unspaced, c);
}

bool normal_is_pictograph(uint32_t c)
{
    return AMONG(pictographs, c);
}

bool normal_is_emoji_extender(uint32_t c)
{
    return AMONG(emoji_extenders, c);
}
