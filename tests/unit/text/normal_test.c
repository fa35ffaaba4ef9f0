/* SPDX-License-Identifier: Apache-2.0 */
/* Guards the form in which text reaches a record. Unicode's own test is in tests/oracle. */
#include "text/normal.h"

#include "base/memory.h"
#include "harness/test.h"
#include "text/utf8.h"

static void check_becomes(str in, str expected, int64_t controls, bool composed)
{
    struct arena arena;
    struct normal_changes changes = {0};
    str out = {0};
    arena_init(&arena, 1 << 20);
    CHECK(normalise(&arena, in, NORMAL_FORM_NFC, &out, &changes) == STATUS_OK);
    CHECK_STR(out, expected);
    CHECK_INT(changes.controls_removed, controls);
    CHECK(changes.composed == composed);
    arena_release(&arena);
}

TEST(text_that_is_right_is_handed_back_itself)
{
    static const str texts[] = {
        STR_INIT(""),
        STR_INIT("plain ASCII\twith a tab,\nand a second line, longer than a word"),
        STR_INIT("权力与责任的关系,第一、“对等”。"),
        STR_INIT("é ü Ω Москва 한국어 日本語 ไทย"),
        STR_INIT("\xEF\xBF\xBE stays, and \xEE\x80\x80 too"),
    };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        struct arena arena;
        struct normal_changes changes = {0};
        str out = {0};
        arena_init(&arena, 1 << 16);
        CHECK(normalise(&arena, texts[i], NORMAL_FORM_NFC, &out, &changes) == STATUS_OK);
        CHECK(out.ptr == texts[i].ptr && out.len == texts[i].len);
        CHECK_INT(changes.controls_removed, 0);
        CHECK(!changes.composed);
        arena_release(&arena);
    }
}

TEST(marks_join_what_they_stand_behind)
{
    check_becomes(STR("cafe\xCC\x81 noir"), STR("café noir"), 0, true);
    check_becomes(STR("e\xCC\x81"), STR("é"), 0, true);
    check_becomes(STR("か\xE3\x82\x99"), STR("が"), 0, true);
    check_becomes(STR("\xE1\x84\x92\xE1\x85\xA1\xE1\x86\xAB"), STR("한"), 0, true);
    check_becomes(STR("a\xCC\x81\xCC\xA3"), STR("ạ\xCC\x81"), 0, true);
}

TEST(compatibility_ideographs_become_the_unified_ones)
{
    check_becomes(STR("\xEF\xA4\x80"), STR("豈"), 0, true);
    check_becomes(STR("\xEF\xA8\x8E"), STR("\xEF\xA8\x8E"), 0, false);
    check_becomes(STR("Ａ"), STR("Ａ"), 0, false);
}

TEST(line_ends_become_line_feeds)
{
    check_becomes(STR("a\r\nb\rc\x0B"
                      "d\fe\nf"),
                  STR("a\nb\nc\nd\ne\nf"), 0, false);
    check_becomes(STR("a\xC2\x85"
                      "b\xE2\x80\xA8"
                      "c\xE2\x80\xA9"),
                  STR("a\nb\nc\n"), 0, false);
    check_becomes(STR("\r"), STR("\n"), 0, false);
    check_becomes(STR("\r\r\n\n"), STR("\n\n\n"), 0, false);
}

TEST(controls_are_taken_out_and_counted)
{
    check_becomes(STR("a\0b\x01\x7F"
                      "c\xC2\x80\xEF\xBB\xBF"
                      "d\x1B"),
                  STR("abcd"), 6, false);
    check_becomes(STR("\0"), STR(""), 1, false);
    check_becomes(STR("中\x02文"), STR("中文"), 1, false);
}

TEST(a_mark_joins_across_a_control_that_is_gone)
{
    check_becomes(STR("e\0\xCC\x81"), STR("é"), 1, true);
    check_becomes(STR("e\xEF\xBB\xBF\xCC\x81x"), STR("éx"), 1, true);
}

TEST(without_a_form_only_nul_goes)
{
    struct arena arena;
    struct normal_changes changes = {0};
    str out = {0};
    arena_init(&arena, 1 << 16);
    CHECK(normalise(&arena, STR("e\xCC\x81\r\n\x01\0z"), NORMAL_FORM_NONE, &out, &changes) ==
          STATUS_OK);
    CHECK_STR(out, STR("e\xCC\x81\r\n\x01z"));
    CHECK_INT(changes.controls_removed, 1);
    arena_release(&arena);
}

/* Marks of two classes in turn: sorting a whole such text would take quadratic time. */
TEST(a_long_run_of_marks_ends_in_time_and_stays_valid)
{
    enum { COUNT = 200000 };
    struct arena arena;
    struct normal_changes changes = {0};
    str out = {0};
    arena_init(&arena, 1 << 24);
    char *const text = arena_text(&arena, 1 + 4 * COUNT);
    text[0] = 'a';
    for (size_t i = 0; i < COUNT; i++) {
        memcpy(text + 1 + 4 * i, "\xCC\x81\xCC\xA3", 4);
    }
    CHECK(normalise(&arena, (str){.ptr = text, .len = 1 + 4 * COUNT}, NORMAL_FORM_NFC, &out,
                    &changes) == STATUS_OK);
    CHECK(utf8_is_valid(str_bytes(out)));
    CHECK_INT(utf8_count(out), 2 * COUNT); /* a and one mark became one */
    arena_release(&arena);
}

static int64_t allocations_left;

static bool refuse_later(size_t size_bytes)
{
    (void)size_bytes;
    return allocations_left-- <= 0;
}

TEST(memory_that_runs_out_is_said)
{
    const str texts[] = {STR("a\r\nb"), STR("e\xCC\x81"), STR("e\0\xCC\x81"), STR("a\0b")};
    long refused = 0;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        bool done = false;
        for (int64_t n = 0; !done; n++) {
            struct arena arena;
            struct normal_changes changes = {0};
            str out = {0};
            arena_init(&arena, 1 << 20);
            allocations_left = n;
            memory_refuse = refuse_later;
            const enum status status = normalise(&arena, texts[i], NORMAL_FORM_NFC, &out, &changes);
            memory_refuse = NULL;
            CHECK(status == STATUS_OK || status == STATUS_NO_MEMORY);
            done = status == STATUS_OK;
            refused += !done;
            arena_release(&arena);
        }
    }
    CHECK(refused >= 4);
}

/* Every cut at a character, in memory of its own, so that the sanitizer sees a read behind it. */
TEST(a_cut_anywhere_is_normalised_alike)
{
    const str whole = STR("e\xCC\x81\r\n中か\xE3\x82\x99\xE1\x84\x92\xE1\x85\xA1\0\xCC\x81"
                          "\xF0\x9D\x85\x9E\xEF\xA4\x80z");
    long cuts = 0;
    for (size_t end = 0; end <= whole.len; (void)utf8_next(whole, &end)) {
        struct arena arena;
        struct normal_changes changes = {0};
        str once = {0};
        str twice = {0};
        char *const cut = memory_allocate(end ? end : 1);
        memcpy(cut, whole.ptr, end);
        arena_init(&arena, 1 << 20);
        CHECK(normalise(&arena, (str){.ptr = cut, .len = end}, NORMAL_FORM_NFC, &once, &changes) ==
              STATUS_OK);
        CHECK(utf8_is_valid(str_bytes(once)));
        changes = (struct normal_changes){0};
        CHECK(normalise(&arena, once, NORMAL_FORM_NFC, &twice, &changes) == STATUS_OK);
        CHECK(twice.ptr == once.ptr && !changes.composed && !changes.controls_removed);
        arena_release(&arena);
        memory_release(cut);
        cuts++;
        if (end == whole.len) {
            break;
        }
    }
    CHECK(cuts > 12);
}

TEST_MAIN()
