/* SPDX-License-Identifier: Apache-2.0 */
/* Guards the form in which text reaches a record. Unicode's own test is in tests/oracle. */
#include "text/normal.h"

#include "base/buf.h"
#include "base/memory.h"
#include "harness/test.h"
#include "text/utf8.h"

#include <stdlib.h>
#include <utf8proc.h>

static const struct normal_rules nfc = {.form = NORMAL_FORM_NFC};

static void check_under(struct normal_rules rules, str in, str expected,
                        struct normal_changes *changes)
{
    struct arena arena;
    struct normal_changes none = {0};
    str out = {0};
    str again = {0};
    arena_init(&arena, 1 << 20);
    CHECK(normalise(&arena, in, rules, &out, changes) == STATUS_OK);
    CHECK_STR(out, expected);
    CHECK(normalise(&arena, out, rules, &again, &none) == STATUS_OK);
    CHECK(again.ptr == out.ptr && again.len == out.len);
    arena_release(&arena);
}

/* Text, what becomes of it, and how often `change` is counted; nothing else is. */
static void check_change(struct normal_rules rules, str in, str expected, enum normal_change change,
                         int64_t count)
{
    struct normal_changes changes = {0};
    check_under(rules, in, expected, &changes);
    for (enum normal_change i = 0; i < NORMAL_CHANGE_COUNT; i++) {
        CHECK_INT(changes.count[i], i == change ? count : 0);
    }
}

static void check_stays(struct normal_rules rules, str text)
{
    check_change(rules, text, text, NORMAL_normalised, 0);
}

static void check_becomes(str in, str expected, int64_t controls, bool composed)
{
    struct normal_changes changes = {0};
    check_under(nfc, in, expected, &changes);
    CHECK_INT(changes.count[NORMAL_control_removed], controls);
    CHECK((changes.count[NORMAL_normalised] != 0) == composed);
}

TEST(text_that_is_right_is_handed_back_itself)
{
    static const str texts[] = {
        STR_INIT(""),
        STR_INIT("plain ASCII\twith a tab,\nand a second line, longer than a word"),
        STR_INIT("权力与责任的关系,第一、“对等”。"),
        STR_INIT("é ü Ω Москва 한국어 日本語 ไทย"),
    };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        struct arena arena;
        struct normal_changes changes = {0};
        str out = {0};
        arena_init(&arena, 1 << 16);
        CHECK(normalise(&arena, texts[i], nfc, &out, &changes) == STATUS_OK);
        CHECK(out.ptr == texts[i].ptr && out.len == texts[i].len);
        for (enum normal_change change = 0; change < NORMAL_CHANGE_COUNT; change++) {
            CHECK_INT(changes.count[change], 0);
        }
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

TEST(compatibility_ideographs_may_be_kept)
{
    const struct normal_rules keep = {.form = NORMAL_FORM_NFC_KEEP_COMPAT};
    check_stays(keep, STR("\xEF\xA4\x80\xF0\xAF\xA0\x80"));
    check_change(keep,
                 STR("\xEF\xA4\x80\xCC\xA3\xCC\x81"
                     "e\xCC\x81\xE2\x84\xAB"),
                 STR("\xEF\xA4\x80\xCC\xA3\xCC\x81"
                     "éÅ"),
                 NORMAL_normalised, 1);
    check_change(keep, STR("\xEF\xA4\x80\xCC\x81\xCC\xA3"), STR("\xEF\xA4\x80\xCC\xA3\xCC\x81"),
                 NORMAL_normalised, 1);
}

TEST(compatible_forms_go_only_when_asked)
{
    const struct normal_rules nfkc = {.form = NORMAL_FORM_NFKC};
    check_stays(nfc, STR("10³ ﬁ Ａ！ ㌔"));
    check_change(nfkc, STR("10³ ﬁ Ａ！ ㌔ ｶﾞ"), STR("103 fi A! キロ ガ"), NORMAL_normalised, 5);
    check_change(nfkc, STR("\xEF\xB7\xBA"), STR("صلى الله عليه وسلم"), NORMAL_normalised, 1);
}

TEST(width_is_folded_only_when_asked_and_never_of_cjk_punctuation)
{
    const struct normal_rules fold = {.form = NORMAL_FORM_NFC, .fold_width = true};
    check_stays(nfc, STR("ＡＢＣ１２３＋－"));
    check_change(fold, STR("ＡＢＣ１２３＋－％中，文。（一）：；？！～［］｛｝　￥"),
                 STR("ABC123+-%中，文。（一）：；？！～［］｛｝　￥"), NORMAL_width_folded, 9);
    struct normal_changes changes = {0};
    check_under(fold, STR("Ａ\xCC\x81"), STR("Á"), &changes);
    CHECK_INT(changes.count[NORMAL_width_folded], 1);
    CHECK_INT(changes.count[NORMAL_normalised], 1);
}

TEST(joiners_stay_beside_scripts_that_join_and_go_elsewhere)
{
    check_stays(nfc, STR("می\u200Cخواهم"));
    check_stays(nfc, STR("ه\u200D."));
    check_stays(nfc, STR("क्\u200Dष क्\u200Cष"));
    check_stays(nfc, STR("ക്\u200D "));
    check_stays(nfc, STR("ᠮᠣᠩᠭᠣᠯ\u180Eᠠ"));
    check_stays(nfc, STR("م\u064E\u200Cخ"));
    check_change(nfc, STR("Auf\u200Clage 中\u200D文 1\u200D2"), STR("Auflage 中文 12"),
                 NORMAL_invisible_removed, 3);
    check_change(nfc, STR("م\u200C\u200C\u200C\u200Cخ"), STR("مخ"), NORMAL_invisible_removed, 4);
    check_change(nfc, STR("\u200D"), STR(""), NORMAL_invisible_removed, 1);
}

TEST(emoji_sequences_stay_whole)
{
    check_stays(
        nfc, STR("👩\u200D👩\u200D👧 👩🏽\u200D💻 🏳\uFE0F\u200D🌈 1\uFE0F\u20E3"));
    check_stays(nfc, STR("\U0001F3F4\U000E0067\U000E0062\U000E0065\U000E006E\U000E0067"
                         "\U000E007F x"));
    check_change(nfc, STR("👩\u200D x\u200D👩"), STR("👩 x👩"), NORMAL_invisible_removed, 2);
}

TEST(tags_that_spell_no_flag_go)
{
    check_change(nfc, STR("a\U000E0068\U000E0069\U000E007F b"), STR("a b"), NORMAL_tag_removed, 3);
    /* a flag that is not ended, one that smuggles more, and a language tag */
    check_change(nfc, STR("\U0001F3F4\U000E0067\U000E0062\U000E0065"), STR("\U0001F3F4"),
                 NORMAL_tag_removed, 3);
    check_change(nfc,
                 STR("\U0001F3F4\U000E0067\U000E0062\U000E0065\U000E006E\U000E0067"
                     "\U000E007F\U000E0041"),
                 STR("\U0001F3F4"), NORMAL_tag_removed, 7);
    check_change(nfc,
                 STR("\U000E0001\U000E0065\U000E006E"
                     "x"),
                 STR("x"), NORMAL_tag_removed, 3);
}

TEST(a_zero_width_space_stays_where_words_have_no_other)
{
    check_stays(nfc, STR("ภาษา\u200Bไทย ភាសា\u200Bខ្មែរ ພາສາ\u200Bລາວ မြန်မာ\u200Bစာ"));
    check_change(nfc, STR("ไทย\u200B\u200Bไทย"), STR("ไทย\u200Bไทย"), NORMAL_invisible_removed, 1);
    check_change(nfc, STR("some\u200Blong 中\u200B文\uFEFF\u2060"), STR("somelong 中文"),
                 NORMAL_invisible_removed, 4);
}

TEST(soft_hyphens_go_but_where_a_line_was_broken)
{
    check_change(nfc, STR("Donau\u00ADdampf\u00ADschiff"), STR("Donaudampfschiff"),
                 NORMAL_soft_hyphen_removed, 2);
    check_change(nfc, STR("Donau\u00AD\ndampf"), STR("Donau-\ndampf"), NORMAL_soft_hyphen_removed,
                 1);
    check_change(nfc, STR("Donau-\u00AD\ndampf \u00AD\n"), STR("Donau-\ndampf \n"),
                 NORMAL_soft_hyphen_removed, 2);
}

TEST(a_hyphen_that_is_written_stands_behind_the_joiners_that_stay)
{
    check_change(nfc, STR("क\u00AD\u200D\n"), STR("क\u200D-\n"), NORMAL_soft_hyphen_removed, 1);
    check_change(nfc, STR("ไทย\u00AD\u200B\u00AD\n"), STR("ไทย\u200B-\n"),
                 NORMAL_soft_hyphen_removed, 2);
    check_stays(nfc, STR("क\u200D-\n"));
}

TEST(bullets_without_their_font_are_bullets_where_a_line_begins)
{
    check_change(nfc, STR("\uF0B7 one\n \uF0A7\ttwo\n\u3000\uF0D8three"),
                 STR("• one\n ▪\ttwo\n\u3000➢three"), NORMAL_bullet_mapped, 3);
    check_change(nfc, STR("a \uF0B7 b \uF061"), STR("a \uF0B7 b \uF061"), NORMAL_private_use_kept,
                 2);
    check_change(nfc, STR("\uF041\n\uE000"), STR("\uF041\n\uE000"), NORMAL_private_use_kept, 2);
}

TEST(what_stays_is_counted_when_it_says_that_something_is_wrong)
{
    check_change(nfc, STR("a\uFFFD\uFFFD"), STR("a\uFFFD\uFFFD"), NORMAL_replacement_kept, 2);
    check_change(nfc, STR("\uFDD0 \xEF\xBF\xBE \xF0\x9F\xBF\xBF"),
                 STR("\uFDD0 \xEF\xBF\xBE \xF0\x9F\xBF\xBF"), NORMAL_noncharacter_kept, 3);
    check_change(nfc, STR("א\u200Fב\u202E"), STR("א\u200Fב\u202E"), NORMAL_direction_kept, 2);
}

TEST(the_first_place_of_each_change_is_kept)
{
    struct normal_changes changes = {0};
    check_under(nfc, STR("中\x01文\r\n e\u0301 \x01 e\u0301"), STR("中文\n é  é"), &changes);
    CHECK_INT(changes.count[NORMAL_control_removed], 2);
    CHECK_INT(changes.first[NORMAL_control_removed], 3);
    CHECK_INT(changes.first[NORMAL_line_end_changed], 7);
    CHECK_INT(changes.count[NORMAL_normalised], 2);
    CHECK_INT(changes.first[NORMAL_normalised], 10);
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
                  STR("abcd"), 5, false);
    check_becomes(STR("\0"), STR(""), 1, false);
    check_becomes(STR("中\x02文"), STR("中文"), 1, false);
}

TEST(a_mark_joins_across_a_control_that_is_gone)
{
    check_becomes(STR("e\0\xCC\x81"), STR("é"), 1, true);
    check_becomes(STR("e\xEF\xBB\xBF\xCC\x81x"), STR("éx"), 0, true);
}

TEST(without_a_form_only_nul_goes)
{
    struct arena arena;
    struct normal_changes changes = {0};
    str out = {0};
    arena_init(&arena, 1 << 16);
    CHECK(normalise(&arena, STR("e\xCC\x81\r\n\x01\0z"),
                    (struct normal_rules){.form = NORMAL_FORM_NONE}, &out, &changes) == STATUS_OK);
    CHECK_STR(out, STR("e\xCC\x81\r\n\x01z"));
    CHECK_INT(changes.count[NORMAL_control_removed], 1);
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
    CHECK(normalise(&arena, (str){.ptr = text, .len = 1 + 4 * COUNT}, nfc, &out, &changes) ==
          STATUS_OK);
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
            const enum status status = normalise(&arena, texts[i], nfc, &out, &changes);
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
        CHECK(normalise(&arena, (str){.ptr = cut, .len = end}, nfc, &once, &changes) == STATUS_OK);
        CHECK(utf8_is_valid(str_bytes(once)));
        changes = (struct normal_changes){0};
        CHECK(normalise(&arena, once, nfc, &twice, &changes) == STATUS_OK);
        CHECK(twice.ptr == once.ptr && twice.len == once.len);
        arena_release(&arena);
        memory_release(cut);
        cuts++;
        if (end == whole.len) {
            break;
        }
    }
    CHECK(cuts > 12);
}

/* Every syllable, letter by letter, before each of `behind`; utf8proc says what becomes of it. */
TEST(syllables_of_letters_become_syllables_whatever_stands_behind_them)
{
    static const char *const behind[] = {"",       " ",      "가",     "\u0301",
                                         "\u11A8", "\u1161", "\u1100", "e\u0301"};
    enum { FIRST = 0xAC00, LAST = 0xD7A3, BEHIND = sizeof behind / sizeof *behind };
    struct arena arena;
    arena_init(&arena, 1 << 22);
    for (size_t i = 0; i < BEHIND; i++) {
        struct buf text;
        struct normal_changes changes = {0};
        str out = {0};
        utf8proc_uint8_t *letters = NULL;
        utf8proc_uint8_t *expected = NULL;
        buf_init(&text, &arena, 1 << 20);
        for (uint32_t c = FIRST; c <= LAST; c++) {
            buf_add_code_point(&text, c);
            buf_add(&text, str_of(behind[i]));
        }
        const str all = buf_str(&text);
        const utf8proc_ssize_t len =
            utf8proc_map((const utf8proc_uint8_t *)all.ptr, (utf8proc_ssize_t)all.len, &letters,
                         UTF8PROC_STABLE | UTF8PROC_DECOMPOSE);
        const utf8proc_ssize_t expected_len =
            utf8proc_map(letters, len, &expected, UTF8PROC_STABLE | UTF8PROC_COMPOSE);
        CHECK(len > 0 && expected_len > 0);
        CHECK(normalise(&arena, (str){.ptr = (const char *)letters, .len = (size_t)len}, nfc, &out,
                        &changes) == STATUS_OK);
        CHECK(out.len == (size_t)expected_len && memcmp(out.ptr, expected, out.len) == 0);
        CHECK(changes.count[NORMAL_normalised] >= LAST - FIRST + 1);
        free(letters);
        free(expected);
        arena_reset(&arena);
    }
    arena_release(&arena);
}

TEST(what_goes_between_a_syllable_and_a_letter_lets_them_join)
{
    check_becomes(STR("\u1100\u1161\x7F\u11A8."), STR("각."), 1, true);
    check_becomes(STR("\u1100\u1161 \x7F\u11A8"), STR("가 \u11A8"), 1, true);
    check_becomes(STR("\u1100\u1161 e\u0301 \u1112\u1161\u11AB"), STR("가 é 한"), 0, true);
}

TEST(marks_that_stand_right_until_one_does_not_are_put_in_order)
{
    check_becomes(STR("ك\u0651\u064E"), STR("ك\u064E\u0651"), 0, true);
    check_becomes(STR("ك\u064D\u064E\u0650\u064D"), STR("ك\u064D\u064D\u064E\u0650"), 0, true);
    check_becomes(STR("ك\u0651\x01\u064E"), STR("ك\u064E\u0651"), 1, true);
    check_becomes(STR("ก\u0E48\u0E38"), STR("ก\u0E38\u0E48"), 0, true);
    check_stays(nfc, STR("ك\u064E\u0651 ก\u0E38\u0E48 \u1ECD\u0301"));
}

TEST_MAIN()
