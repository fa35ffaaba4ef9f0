/* SPDX-License-Identifier: Apache-2.0 */
#include "page/phrases.h"

#include <pthread.h>

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

/* The phrases that begin with one byte, in their order: begins_with[byte], then following[i], each one
 * more than a phrase's index; 0 ends the list. */
static uint16_t begins_with[256];
static uint16_t following[PHRASE_COUNT];
static pthread_once_t sorted = PTHREAD_ONCE_INIT;

static void sort_by_first_byte(void)
{
    for (size_t i = PHRASE_COUNT; i-- > 0;) {
        uint16_t *first = &begins_with[(unsigned char)phrases[i].text.ptr[0]];
        following[i] = *first;
        *first = (uint16_t)(i + 1);
    }
}

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
    if (line.len == 0) {
        return NULL;
    }
    (void)pthread_once(&sorted, sort_by_first_byte);
    const unsigned char first = (unsigned char)ascii_lower(line.ptr[0]);
    if (begins_with[first] == 0) {
        return NULL;
    }
    char small[PHRASE_MAX];
    const size_t len = line.len < PHRASE_MAX ? line.len : PHRASE_MAX;
    for (size_t i = 0; i < len; i++) {
        small[i] = ascii_lower(line.ptr[i]);
    }
    const str begin = {.ptr = small, .len = len};
    for (size_t i = begins_with[first]; i > 0; i = following[i - 1]) {
        const struct site_phrase *phrase = &phrases[i - 1];
        if (str_starts(begin, phrase->text) && ends_word(line, phrase->text.len)) {
            return phrase;
        }
    }
    return NULL;
}
