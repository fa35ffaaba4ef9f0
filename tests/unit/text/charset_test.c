/* SPDX-License-Identifier: Apache-2.0 */
/* Guards labels against each page's own spelling, and against reading what is none. */
#include "text/charset.h"

#include "harness/test.h"

static const struct charset *find(const char *label)
{
    return charset_find((bytes){.ptr = (const uint8_t *)label, .len = strlen(label)});
}

TEST(labels_name_the_encoding_the_standard_says)
{
    CHECK_STR(charset_name(find("gb2312")), STR("GBK"));
    CHECK_STR(charset_name(find("x-gbk")), STR("GBK"));
    CHECK_STR(charset_name(find("gb18030")), STR("gb18030"));
    CHECK_STR(charset_name(find("iso-8859-1")), STR("windows-1252"));
    CHECK_STR(charset_name(find("ascii")), STR("windows-1252"));
    CHECK_STR(charset_name(find("x-sjis")), STR("Shift_JIS"));
    CHECK_STR(charset_name(find("ks_c_5601-1987")), STR("EUC-KR"));
    CHECK_STR(charset_name(find("unicode-1-1-utf-8")), STR("UTF-8"));
    CHECK_STR(charset_name(find("utf-16")), STR("UTF-16LE"));
}

TEST(names_of_other_systems_are_labels_where_the_standard_has_none)
{
    CHECK_STR(charset_name(find("cp437")), STR("IBM437"));
    CHECK_STR(charset_name(find("850")), STR("IBM850"));
    CHECK_STR(charset_name(find("ebcdic-cp-us")), STR("IBM037"));
    CHECK_STR(charset_name(find("mac_greek")), STR("x-mac-greek"));
    CHECK_STR(charset_name(find("macroman")), STR("macintosh"));
    CHECK_STR(charset_name(find("cp936")), STR("GBK"));
    CHECK_STR(charset_name(find("big5-hkscs:2008")), STR("Big5"));
    CHECK_STR(charset_name(find("utf-32")), STR("UTF-32LE"));
    CHECK_STR(charset_name(find("VISCII1.1-1")), STR("VISCII"));
}

/* No script runs here that such bytes could hide. */
TEST(what_the_standard_refuses_to_decode_is_decoded)
{
    CHECK_STR(charset_name(find("hz-gb-2312")), STR("HZ-GB-2312"));
    CHECK_STR(charset_name(find("iso-2022-cn-ext")), STR("ISO-2022-CN"));
    CHECK_STR(charset_name(find("csiso2022kr")), STR("ISO-2022-KR"));
    CHECK_STR(charset_name(find("replacement")), STR("replacement"));
}

/* A page that says them and was read that far is in none of them. */
TEST(only_what_keeps_ascii_can_be_declared_in_ascii)
{
    CHECK(charset_is_ascii_based(find("gbk")) && charset_is_ascii_based(find("iso-2022-jp")));
    CHECK(charset_is_ascii_based(find("ibm437")) && charset_is_ascii_based(find("viscii")));
    CHECK(!charset_is_ascii_based(find("utf-16")) && !charset_is_ascii_based(find("utf-32be")));
    CHECK(!charset_is_ascii_based(find("cp037")) && !charset_is_ascii_based(find("ibm1047")));
}

TEST(every_encoding_is_found_by_its_own_name)
{
    size_t count = 0;
    while (charset_at(count)) {
        CHECK(charset_find(str_bytes(charset_name(charset_at(count)))) == charset_at(count));
        count++;
    }
    CHECK(count > 80);
}

TEST(labels_ignore_case_and_white_space_around)
{
    CHECK(find(" \tUTF-8\r\n\f") == charset_utf_8);
    CHECK(find("Big5-HKSCS") == charset_big5);
    CHECK(find("CP1252") == charset_windows_1252);
}

TEST(what_is_no_label_finds_nothing)
{
    CHECK(find("") == NULL);
    CHECK(find("   ") == NULL);
    CHECK(find("utf-9") == NULL);
    CHECK(find("utf 8") == NULL);
    CHECK(find("\"utf-8\"") == NULL);
    CHECK(find("utf-8 and a great deal of something else behind it") == NULL);
    CHECK(charset_find((bytes){.ptr = (const uint8_t *)"utf-8\0", .len = 6}) == NULL);
}

TEST(the_longest_label_is_found)
{
    CHECK_STR(charset_name(find("cseucpkdfmtjapanese")), STR("EUC-JP"));
    CHECK_STR(charset_name(find("iso_8859-8:1988")), STR("ISO-8859-8"));
    CHECK_STR(charset_name(find("unicode-1-1-utf-8")), STR("UTF-8"));
}

TEST_MAIN()
