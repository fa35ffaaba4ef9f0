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

TEST(names_of_no_asian_encoding_have_no_evidence)
{
    const bytes german437[] = {NAME("\x9A"
                                    "bung.txt"),
                               NAME("Gr\x94\xE1"
                                    "e.doc")};
    const bytes russian866[] = {NAME("\x8E\xE2\xE7\xA5\xE2 \xA7\xA0 \xA3\xAE\xA4.txt")};
    const bytes garbage[] = {NAME("\xFF\xFE\xFD")};
    CHECK(names_detect(german437, COUNT(german437)) == NULL);
    CHECK(names_detect(russian866, COUNT(russian866)) == NULL);
    CHECK(names_detect(garbage, COUNT(garbage)) == NULL);
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
