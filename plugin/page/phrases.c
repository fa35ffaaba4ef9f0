/* SPDX-License-Identifier: Apache-2.0 */
#include "page/phrases.h"

enum { PHRASE_MAX = 48 };

static const struct site_phrase phrases[] = {
#define SECTION(text_, reason_)                                                                    \
    {.text = STR_INIT(text_),                                                                      \
     .section = true,                                                                              \
     .verdict = {.dropped = true,                                                                  \
                 .reason = DROP_##reason_,                                                         \
                 .column = COLUMN_NONE,                                                            \
                 .rule = "line begins: " text_}},
#define LINE(text_, reason_)                                                                       \
    {.text = STR_INIT(text_),                                                                      \
     .verdict = {.dropped = true,                                                                  \
                 .reason = DROP_##reason_,                                                         \
                 .column = COLUMN_NONE,                                                            \
                 .rule = "line begins: " text_}},
#include "page/phrases.def"
};

enum { PHRASE_COUNT = sizeof phrases / sizeof phrases[0] };

static bool ends_word(str line, size_t at)
{
    if (at >= line.len) {
        return true;
    }
    const unsigned char last = (unsigned char)line.ptr[at - 1];
    const unsigned char next = (unsigned char)line.ptr[at];
    return !ascii_is_letter(last) || !(ascii_is_letter(next) || next >= 0xC3) || next >= 0xE2;
}

const struct site_phrase *site_phrase_find(str line)
{
    char small[PHRASE_MAX];
    const size_t len = line.len < PHRASE_MAX ? line.len : PHRASE_MAX;
    for (size_t i = 0; i < len; i++) {
        small[i] = ascii_lower(line.ptr[i]);
    }
    const str begin = {.ptr = small, .len = len};
    for (size_t i = 0; i < PHRASE_COUNT; i++) {
        if (phrases[i].text.ptr[0] == begin.ptr[0] && str_starts(begin, phrases[i].text) &&
            ends_word(line, phrases[i].text.len)) {
            return &phrases[i];
        }
    }
    return NULL;
}
