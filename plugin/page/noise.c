/* SPDX-License-Identifier: Apache-2.0 */
#include "page/noise.h"

#include "page/pattern.h"
#include "text/utf8.h"

enum {
    READINGS_MIN = 3,    /* fewer may be a writer's */
    READINGS_RATE = 100, /* of so many code points one has its reading */
    STARS_MIN = 2
};

struct noise {
    int64_t points;
    int64_t readings;
    int64_t masked;
};

static bool is_ideograph(uint32_t c)
{
    return c >= 0x3400 && c < 0xA000;
}

static void count_line(str text, struct noise *noise)
{
    uint32_t last = 0;
    int stars = 0;
    bool named = false; /* the stars stand behind an ideograph */
    for (size_t at = 0; at < text.len;) {
        const size_t behind = is_ideograph(last) ? pinyin_skip(text, at) : at;
        noise->readings += behind > at;
        at = behind;
        const uint32_t c = at < text.len ? utf8_next(text, &at) : 0;
        named = c == '*' ? named || is_ideograph(last) : false;
        stars = c == '*' ? stars + 1 : 0;
        noise->masked += named && stars == STARS_MIN;
        noise->points++;
        last = c;
    }
}

void noise_note(const struct lines *lines, size_t from, size_t to, struct document *document)
{
    struct noise noise = {0};
    for (size_t i = from; i < to; i++) {
        if (!lines->items[i].verdict.dropped) {
            count_line(line_text(lines, &lines->items[i]), &noise);
        }
    }
    if (noise.readings >= READINGS_MIN && noise.readings * READINGS_RATE >= noise.points) {
        document_note_many(document, NOTE_pinyin_noise, -1, noise.readings);
    }
    if (noise.masked > 0) {
        document_note_many(document, NOTE_masked, -1, noise.masked);
    }
}
