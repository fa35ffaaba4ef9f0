/* SPDX-License-Identifier: Apache-2.0 */
#include "markup/tags.h"

#include "markup/tables/tags.inc"

static const str tag_names[TAG_COUNT] = {
    [TAG_unknown] = STR_INIT(""),
#define TAG(name) [TAG_##name] = STR_INIT(#name),
#include "markup/tags.def"
#undef TAG
};

/* Four bytes and the length tell all names apart; tables/tags.py found the factor. */
static uint32_t slot_of(str name)
{
    const uint8_t *c = (const uint8_t *)name.ptr;
    const size_t len = name.len;
    const uint32_t key = c[0] | (uint32_t)c[len / 2] << 8 | (uint32_t)c[len - 1] << 16 |
                         ((uint32_t)len + c[len / 4]) << 24;
    return key * tag_factor >> (32 - TAG_SLOT_BITS);
}

enum tag tag_find(str name)
{
    if (name.len == 0 || name.len > TAG_NAME_MAX) {
        return TAG_unknown;
    }
    const enum tag tag = (enum tag)tag_slots[slot_of(name)];
    return str_equal(tag_names[tag], name) ? tag : TAG_unknown;
}

str tag_name(enum tag tag)
{
    return tag_names[tag];
}
