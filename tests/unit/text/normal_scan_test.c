/* SPDX-License-Identifier: Apache-2.0 */
/* Guards the scan that lets text pass unread: no character may slip through that the table of
 * classes would stop, wherever it stands in a block and whatever stands beside it. */
#include "text/normal_scan.h"

#include "base/buf.h"
#include "base/memory.h"
#include "harness/test.h"
#include "text/normal_class.h"

enum { PLACES = 70 };

static const struct normal_rules all_rules[] = {
    {.form = NORMAL_FORM_NFC},
    {.form = NORMAL_FORM_NFC_KEEP_COMPAT},
    {.form = NORMAL_FORM_NFKC},
    {.form = NORMAL_FORM_NFC, .fold_width = true},
    {.form = NORMAL_FORM_NFC_KEEP_COMPAT, .fold_width = true},
    {.form = NORMAL_FORM_NFKC, .fold_width = true},
};

/* By every width that there is; they must agree. */
static size_t scan(const struct normal_scan *scan, str text)
{
    const size_t at = normal_scan_next(scan, text, 0, NORMAL_SCAN_1);
    for (enum normal_scan_width width = NORMAL_SCAN_16; width <= normal_scan_widest(); width++) {
        CHECK_INT(normal_scan_next(scan, text, 0, width), at);
    }
    return at;
}

TEST(every_character_stops_the_scan_that_its_class_says)
{
    struct arena arena;
    long stopped = 0;
    arena_init(&arena, 1 << 16);
    for (size_t i = 0; i < sizeof all_rules / sizeof *all_rules; i++) {
        const struct normal_scan rules = normal_scan_of(all_rules[i]);
        for (uint32_t c = 0; c <= 0x10FFFF; c++) {
            struct buf text;
            if (c >= 0xD800 && c <= 0xDFFF) {
                continue;
            }
            arena_reset(&arena);
            buf_init(&text, &arena, 256);
            buf_add(&text, STR("天地玄黄abcé"));
            const size_t before = text.len;
            buf_add_code_point(&text, c);
            buf_add(&text, STR("宇宙洪荒、日月盈昃。辰宿列张"));
            const bool stops = normal_class_is_among(normal_class_of(c), rules.stops);
            if (scan(&rules, buf_str(&text)) != (stops ? before : text.len)) {
                printf("U+%04X under rules %zu\n", c, i);
                CHECK(false);
            }
            stopped += stops;
        }
    }
    CHECK(stopped > 100000);
    arena_release(&arena);
}

/* In memory of its own, so that the sanitizer sees a read behind it. */
static void check_at(const struct normal_scan *rules, const char *filler, size_t count, str odd,
                     size_t behind)
{
    struct arena arena;
    struct buf text;
    arena_init(&arena, 1 << 16);
    buf_init(&text, &arena, 4096);
    for (size_t i = 0; i < count; i++) {
        buf_add(&text, str_of(filler));
    }
    const size_t before = text.len;
    buf_add(&text, odd);
    for (size_t i = 0; i < behind; i++) {
        buf_add_byte(&text, 'z');
    }
    char *const own = memory_allocate(text.len ? text.len : 1);
    if (text.len) {
        memcpy(own, text.ptr, text.len);
    }
    CHECK_INT(scan(rules, (str){.ptr = own, .len = text.len}), odd.len ? before : text.len);
    memory_release(own);
    arena_release(&arena);
}

TEST(a_place_in_the_block_makes_no_difference)
{
    static const char *const fillers[] = {"a", "é", "中", "\xF0\xA0\x80\x80", "、"};
    static const str odd[] = {STR_INIT(""),       STR_INIT("\r"),         STR_INIT("\x7F"),
                              STR_INIT("\u0301"), STR_INIT("\u200B"),     STR_INIT("\u3099"),
                              STR_INIT("\uFEFF"), STR_INIT("\U000E0041"), STR_INIT("\u2028"),
                              STR_INIT("\uF900"), STR_INIT("\0")};
    const struct normal_scan rules = normal_scan_of(all_rules[0]);
    for (size_t filler = 0; filler < sizeof fillers / sizeof *fillers; filler++) {
        for (size_t i = 0; i < sizeof odd / sizeof *odd; i++) {
            for (size_t count = 0; count < PLACES; count++) {
                for (size_t behind = 0; behind < PLACES; behind += 3) {
                    check_at(&rules, fillers[filler], count, odd[i], behind);
                }
            }
        }
    }
}

TEST_MAIN()
