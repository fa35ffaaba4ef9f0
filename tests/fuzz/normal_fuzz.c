/* SPDX-License-Identifier: Apache-2.0 */
/* Any text under any rules: the first byte chooses them. What comes out
 * is UTF-8 without U+0000 that doing it again leaves alone; every width of the scan agrees; and
 * where normal_cut allows a cut, the parts make the whole. */
#include "fuzz.h"

#include "base/buf.h"
#include "text/normal.h"
#include "text/normal_scan.h"
#include "text/utf8.h"

/* Bytes become code points of the kinds that matter: a table's, or two bytes taken as they are. */
static str text_of(struct arena *arena, const uint8_t *data, size_t size)
{
    static const uint32_t points[] = {
        'a',     'e',    ' ',     '\n',    '\r',    0,      0x85,   0xAD,    0x301,  0x323,
        0x302,   0x1100, 0x1161,  0x11A8,  0xAC00,  0x3099, 0x304B, 0x200B,  0x200C, 0x200D,
        0x2060,  0xFEFF, 0x915,   0x94D,   0x93C,   0x645,  0x64B,  0xE01,   0xE48,  0x1F469,
        0x1F3F4, 0xFE0F, 0x1F3FD, 0xE0067, 0xE007F, 0xF0B7, 0xF900, 0xFF21,  0xFF76, 0xFF9E,
        0xFFFD,  0xFDD0, 0x202E,  0x2028,  0x2126,  0x344,  0xFDFA, 0x1D15E, 0x180E, 0x1820,
        0x4E2D,  0xE9,   0xEA,    0x212B,  0x2ADC,  0x9C7,  0x9BE,  0x2122,  0x3000, 0x345,
    };
    struct buf text;
    buf_init(&text, arena, 1 << 20);
    for (size_t i = 0; i < size; i++) {
        if (data[i] < sizeof points / sizeof *points) {
            buf_add_code_point(&text, points[data[i]]);
        } else if (i + 2 < size && data[i] >= 0xC0) {
            buf_add_code_point(&text,
                               (data[i] & 3u) << 16 | (uint32_t)data[i + 1] << 8 | data[i + 2]);
            i += 2;
        } else {
            buf_add_byte(&text, data[i] & 0x7F);
        }
    }
    return buf_str(&text);
}

static str normal_of(struct arena *arena, str text, struct normal_rules rules)
{
    struct normal_changes changes = {0};
    str out = {0};
    MUST(normalise(arena, text, rules, &out, &changes) == STATUS_OK);
    return out;
}

static void check_cut(struct arena *arena, str text, struct normal_rules rules, str whole)
{
    const size_t cut = normal_cut(text, 64);
    struct buf parts;
    if (cut == 0) {
        return;
    }
    MUST(cut < text.len);
    buf_init(&parts, arena, 1 << 24);
    buf_add(&parts, normal_of(arena, str_slice(text, 0, cut), rules));
    buf_add(&parts, normal_of(arena, str_slice(text, cut, text.len), rules));
    MUST(str_equal(buf_str(&parts), whole));
}

static void check_scan(str text, struct normal_rules rules)
{
    const struct normal_scan scan = normal_scan_of(rules);
    for (size_t at = 0; at < text.len; (void)utf8_next(text, &at)) {
        const size_t found = normal_scan_next(&scan, text, at, NORMAL_SCAN_1);
        MUST(normal_scan_next(&scan, text, at, normal_scan_widest()) == found);
        at = found;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena;
    if (size < 1 || size > 1 << 16) {
        return 0;
    }
    const struct normal_rules rules = {.form = (enum normal_form)(data[0] & 3),
                                       .fold_width = (data[0] & 4) != 0};
    arena_init(&arena, 256 << 20);
    const str text = text_of(&arena, data + 1, size - 1);
    const str once = normal_of(&arena, text, rules);
    MUST(utf8_is_valid(str_bytes(once)) && str_find_byte(once, '\0', 0) == SIZE_MAX);
    MUST(str_equal(normal_of(&arena, once, rules), once));
    if (rules.form != NORMAL_FORM_NONE) {
        check_scan(text, rules);
        check_cut(&arena, text, rules, once);
    }
    arena_release(&arena);
    return 0;
}
