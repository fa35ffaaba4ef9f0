/* SPDX-License-Identifier: Apache-2.0 */
/* Guards the names of archive members: few bytes, no declaration, and none may be lost. */
#include "text/names.h"

#include "base/memory.h"
#include "harness/test.h"
#include "text/utf8.h"

#define NAME(literal)                                                                              \
    {                                                                                              \
        .ptr = (const uint8_t *)("" literal), .len = sizeof(literal) - 1                           \
    }
#define COUNT(array) (sizeof(array) / sizeof(array)[0])

TEST(names_of_one_archive_are_judged_together)
{
    const bytes gbk[] = {NAME("\xD4\xF0\xC8\xCE.txt"), NAME("\xC8\xA8\xC1\xA6/"),
                         NAME("readme.txt")};
    const bytes big5[] = {NAME("\xB3\x64\xA5\xF4.txt"), NAME("\xC5\x76\xA4\x4F.doc")};
    const bytes japanese[] = {NAME("\x90\xD3\x94\x43\x82\xC6\x8C\xA0\x97\xCD.txt")};
    const bytes korean[] = {NAME("\xC3\xA5\xC0\xD3\xB0\xFA \xB1\xC7\xB7\xC2.hwp")};
    const bytes utf8[] = {NAME("责任.txt"), NAME("readme.txt")};
    CHECK(names_detect(gbk, COUNT(gbk)) == charset_gb18030);
    CHECK(names_detect(big5, COUNT(big5)) == charset_big5);
    CHECK(names_detect(japanese, COUNT(japanese)) == charset_shift_jis);
    CHECK(names_detect(korean, COUNT(korean)) == charset_euc_kr);
    CHECK(names_detect(utf8, COUNT(utf8)) == charset_utf_8);
    CHECK(names_detect(NULL, 0) == charset_utf_8);
}

static void check_detects(const bytes *names, size_t count, const char *label)
{
    const str text = str_of(label);
    CHECK(names_detect(names, count) == charset_find(str_bytes(text)));
}

TEST(names_written_in_letters_are_read_too)
{
    const bytes german437[] = {NAME("\x9A"
                                    "bung.txt"),
                               NAME("Gr\x94\xE1"
                                    "e.doc")};
    const bytes russian866[] = {NAME("\x8E\xE2\xE7\xA5\xE2 \xA7\xA0 \xA3\xAE\xA4.txt")};
    const bytes russian1251[] = {NAME("\xCE\xF2\xF7\xE5\xF2 \xE7\xE0 \xE3\xEE\xE4.txt")};
    const bytes french[] = {NAME("R\xE9sum\xE9 de l'ann\xE9"
                                 "e.doc")};
    const bytes german[] = {NAME("Gr\x94\xE1"
                                 "e.doc")};
    str text;
    struct arena arena;
    size_t undecodable = 0;
    check_detects(russian866, COUNT(russian866), "ibm866");
    check_detects(russian1251, COUNT(russian1251), "windows-1251");
    check_detects(french, COUNT(french), "windows-1252");
    arena_init(&arena, 1 << 16);
    text = name_decode(&arena, german[0], names_detect(german437, COUNT(german437)), &undecodable);
    CHECK_STR(text, STR("Größe.doc")); /* by any of the pages of DOS that have these letters */
    arena_release(&arena);
}

TEST(a_set_of_garbage_has_no_encoding)
{
    const bytes garbage[] = {NAME("\xFF\xFE\xFD"), NAME("\x81\xFF\x8D\x9D\x8F\x90")};
    const struct names_verdict verdict = names_judge(garbage, COUNT(garbage));
    CHECK(verdict.charset == NULL);
    CHECK(verdict.confidence == 0);
}

TEST(confidence_grows_with_the_names)
{
    const bytes names[] = {NAME("\xC0\xEE\xCE\xB0"), NAME("\xD4\xF0\xC8\xCE.txt"),
                           NAME("\xC8\xA8\xC1\xA6/")};
    const struct names_verdict one = names_judge(names, 1);
    const struct names_verdict three = names_judge(names, 3);
    CHECK(one.charset == charset_gb18030);
    CHECK(three.charset == charset_gb18030);
    CHECK(one.confidence > 0.5 && one.confidence < three.confidence);
    CHECK(three.confidence > 0.99 && three.confidence <= 1);
}

TEST(a_name_from_elsewhere_is_read_by_itself)
{
    const bytes names[] = {NAME("\xD4\xF0\xC8\xCE.txt"), NAME("\xC8\xA8\xC1\xA6/"),
                           NAME("\xB9\xA4\xD7\xF7\xD7\xDC\xBD\xE1.doc"),
                           NAME("\xB7\x7C\xC4\xB3\xAC\xF6\xBF\xFD.doc"), /* 會議紀錄 in Big5 */
                           NAME("readme.txt")};
    const struct charset *const pooled = names_detect(names, COUNT(names));
    CHECK(pooled == charset_gb18030);
    for (size_t i = 0; i < COUNT(names); i++) {
        CHECK(names_reading_of(names[i], pooled) == (i == 3 ? charset_big5 : charset_gb18030));
    }
    CHECK(names_reading_of(names[0], NULL) == NULL);
}

TEST(a_long_name_is_judged_by_its_beginning)
{
    uint8_t name[400];
    for (size_t cut = 180; cut <= sizeof name; cut++) {
        for (size_t i = 0; i < sizeof name; i++) {
            name[i] = (uint8_t) "\xB9\xA4\xD7\xF7\xD7\xDC\xBD\xE1"[i % 8];
        }
        const bytes one = {.ptr = name, .len = cut};
        CHECK(names_detect(&one, 1) == charset_gb18030);
    }
}

static void check_decodes(bytes name, const struct charset *charset, str expected, size_t bad)
{
    struct arena arena;
    size_t undecodable = 99;
    arena_init(&arena, 1 << 16);
    CHECK_STR(name_decode(&arena, name, charset, &undecodable), expected);
    CHECK_INT(undecodable, bad);
    arena_release(&arena);
}

TEST(a_name_is_decoded_and_nothing_of_it_is_lost)
{
    check_decodes((bytes)NAME("\xD4\xF0\xC8\xCE.txt"), charset_gb18030, STR("责任.txt"), 0);
    check_decodes((bytes)NAME("\xD4\xF0\xFF.txt"), charset_gb18030, STR("责%FF.txt"), 1);
    check_decodes((bytes)NAME("\xD4\xF0\xC8\xCE.txt"), NULL, STR("%D4%F0%C8%CE.txt"), 4);
    check_decodes((bytes)NAME("a\0b\n\x7F"), NULL, STR("a%00b%0A%7F"), 3);
    check_decodes((bytes)NAME("\xC2\x85"), NULL, STR("%C2%85"), 2);
    check_decodes((bytes)NAME(""), NULL, STR(""), 0);
    check_decodes((bytes)NAME("\xB3\x5C/"), charset_big5, STR("許/"), 0);
}

static bool refuse_all(size_t size_bytes)
{
    (void)size_bytes;
    return true;
}

TEST(a_name_without_memory_is_none)
{
    struct arena arena;
    size_t undecodable = 0;
    arena_init(&arena, 1 << 16);
    memory_refuse = refuse_all;
    const str name = name_decode(&arena, (bytes)NAME("name"), NULL, &undecodable);
    memory_refuse = NULL;
    CHECK(name.ptr == NULL);
    arena_release(&arena);
}

TEST_MAIN()
