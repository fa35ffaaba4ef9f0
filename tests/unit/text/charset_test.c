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
    CHECK_STR(charset_name(find("hz-gb-2312")), STR("replacement"));
    CHECK_STR(charset_name(find("unicode-1-1-utf-8")), STR("UTF-8"));
    CHECK_STR(charset_name(find("utf-16")), STR("UTF-16LE"));
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
