/* SPDX-License-Identifier: Apache-2.0 */
/* Guards the scan that lets text pass unread: no character may slip through that would change,
 * wherever it stands in a block and whatever stands beside it. */
#include "text/normal_scan.h"

#include "base/buf.h"
#include "base/memory.h"
#include "harness/test.h"
#include "text/normal_class.h"

#include <stdlib.h>
#include <utf8proc.h>

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

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
            const enum normal_class class = normal_class_of(c);
            const size_t found = scan(&rules, buf_str(&text));
            const bool stops = found == before;
            if (!stops && found != text.len) {
                printf("U+%04X under rules %zu\n", c, i);
                CHECK(false);
            }
            if (!normal_class_is_among(class, CLASSES_BEHIND)) {
                CHECK(stops == normal_class_is_among(class, rules.stops));
            }
            stopped += stops;
        }
    }
    CHECK(stopped > 100000);
    arena_release(&arena);
}

/* What follows `start` would compose, or change places with it, or it may stay. */
static void check_neighbours(const struct normal_scan *rules, const uint32_t *points, size_t count)
{
    struct arena arena;
    struct buf text;
    utf8proc_uint8_t *composed = NULL;
    arena_init(&arena, 1 << 16);
    buf_init(&text, &arena, 4096);
    buf_add(&text, STR("ก ข ك "));
    for (size_t i = 0; i < count; i++) {
        buf_add_code_point(&text, points[i]);
    }
    buf_add(&text, STR(" ส م के ด, long enough for a block"));
    const str all = buf_str(&text);
    const utf8proc_ssize_t len =
        utf8proc_map((const utf8proc_uint8_t *)all.ptr, (utf8proc_ssize_t)all.len, &composed,
                     UTF8PROC_STABLE | UTF8PROC_COMPOSE);
    const bool changes = (size_t)len != all.len || memcmp(composed, all.ptr, all.len) != 0;
    if (changes && scan(rules, all) == all.len) {
        printf("U+%04X U+%04X U+%04X pass\n", points[0], points[1], count > 2 ? points[2] : 0);
        CHECK(false);
    }
    free(composed);
    arena_release(&arena);
}

/* Marks of every alphabet that has them, behind letters of theirs and behind each other. */
TEST(no_mark_passes_that_composes_or_stands_in_the_wrong_place)
{
    static const uint32_t bases[] = {'e',    0xE9,   0x5D3,  0x627,  0x644,  0x64A,
                                     0x915,  0x9C7,  0xBC6,  0xE01,  0x1025, 0x30AB,
                                     0x1100, 0xAC00, 0x1EBF, 0x1F00, 0x11099};
    const struct normal_scan rules = normal_scan_of(all_rules[0]);
    static uint32_t marks[2048];
    size_t count = 0;
    for (uint32_t c = 0x300; c <= 0x10FFFF; c++) {
        if (normal_class_is_among(normal_class_of(c), CLASSES_BEHIND)) {
            CHECK(count < COUNT(marks));
            marks[count++] = c;
        }
    }
    CHECK(count > 900);
    for (size_t base = 0; base < COUNT(bases); base++) {
        for (size_t i = 0; i < count; i++) {
            check_neighbours(&rules, (uint32_t[]){bases[base], marks[i]}, 2);
            const uint32_t other = marks[(i * 7 + base * 131) % count];
            check_neighbours(&rules, (uint32_t[]){bases[base], marks[i], other}, 3);
            check_neighbours(&rules, (uint32_t[]){bases[base], marks[i], marks[(i + 1) % count]},
                             3);
        }
    }
}

TEST(marks_in_their_place_do_not_stop_the_scan)
{
    static const char *const texts[] = {"اَلْعَرَبِيَّةُ",    "บ้านอยู่ใต้น้ำที่นั่น", "שָׁלוֹם",     "हिन्दी क्षेत्र",
                                        "বাংলা ভাষা", "தமிழ் மொழி",    "ພາສາລາວຢູ່ນີ້"};
    const struct normal_scan rules = normal_scan_of(all_rules[0]);
    for (size_t i = 0; i < COUNT(texts); i++) {
        utf8proc_uint8_t *const composed = utf8proc_NFC((const utf8proc_uint8_t *)texts[i]);
        const str text = str_of((const char *)composed);
        CHECK(text.len > 8);
        CHECK_INT(scan(&rules, text), text.len);
        free(composed);
    }
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
                              STR_INIT("\u0344"), STR_INIT("\u200B"),     STR_INIT("\u0958"),
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
