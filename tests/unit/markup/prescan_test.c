/* SPDX-License-Identifier: Apache-2.0 */
/* Guards the encoding that a page declares: where it is looked for, what is believed. */
#include "harness/test.h"
#include "markup/html.h"

static void check_declared(str page, str label, str source)
{
    str found_in = STR("");
    const bytes found = html_prescan(str_bytes(page), &found_in);
    CHECK_STR(((str){.ptr = found.len ? (const char *)found.ptr : "", .len = found.len}), label);
    CHECK_STR(found_in, source);
}

TEST(a_meta_element_declares_by_charset_or_by_content)
{
    check_declared(STR("<meta charset=gbk>"), STR("gbk"), STR("meta"));
    check_declared(STR("<META\nCHARSET = 'Big5' >"), STR("Big5"), STR("meta"));
    check_declared(STR("<meta content='text/html; charset=gb2312' http-equiv=Content-Type>"),
                   STR("gb2312"), STR("meta"));
    check_declared(STR("<meta content='text/html; charset=gb2312'>"), STR(""), STR(""));
    check_declared(STR("<metacharset=gbk><p>charset=gbk"), STR(""), STR(""));
}

TEST(comments_and_other_tags_hide_what_looks_like_a_declaration)
{
    check_declared(STR("<!-- <meta charset=gbk> --><meta charset=big5>"), STR("big5"), STR("meta"));
    check_declared(STR("<a title='<meta charset=gbk>'><meta charset=big5>"), STR("big5"),
                   STR("meta"));
    check_declared(STR("<!--><meta charset=gbk>"), STR("gbk"), STR("meta"));
}

TEST(unknown_labels_are_passed_over_and_utf_16_cannot_be)
{
    check_declared(STR("<meta charset=nosuch><meta charset=gbk>"), STR("gbk"), STR("meta"));
    check_declared(STR("<meta charset=utf-16le>"), STR("UTF-8"), STR("meta"));
    check_declared(STR("<meta charset=x-user-defined>"), STR("windows-1252"), STR("meta"));
}

TEST(an_xml_declaration_counts_when_no_meta_does)
{
    check_declared(STR("<?xml version='1.0' encoding='gb2312'?><html>"), STR("gb2312"), STR("xml"));
    check_declared(STR("<?xml encoding=\"gbk\"?><meta charset=big5>"), STR("big5"), STR("meta"));
    check_declared(STR("<?xml encoding='gbk"), STR(""), STR(""));
    check_declared(STR("<?xml"), STR(""), STR(""));
}

TEST(the_prescan_stops_after_1024_bytes_and_the_tree_is_asked_behind)
{
    char page[2048];
    memset(page, ' ', sizeof page);
    const str meta = STR("<meta charset=gbk>");
    memcpy(page + 1024 - meta.len, meta.ptr, meta.len);
    check_declared((str){.ptr = page, .len = sizeof page}, STR("gbk"), STR("meta"));
    memset(page, ' ', sizeof page);
    memcpy(page + 1030, meta.ptr, meta.len);
    check_declared((str){.ptr = page, .len = sizeof page}, STR(""), STR(""));

    struct arena arena;
    struct dom dom;
    arena_init(&arena, 1 << 20);
    CHECK(html_parse(&arena, (str){.ptr = page, .len = sizeof page}, 64, NULL, &dom) == STATUS_OK);
    CHECK(bytes_equal(html_late_label(&dom), str_bytes(STR("gbk"))));
    arena_release(&arena);
}

/* Every cut reads only what is there: the address sanitizer watches the copy's end. */
TEST(a_head_cut_anywhere_is_read_to_its_end_only)
{
    const str page = STR("<?xml version=1 encoding='gbk'?><!-- x --><meta http-equiv=content-type "
                         "content=\"a; charset = 'big5'\"><meta charset=x></p ><!doctype a>");
    for (size_t len = 0; len <= page.len; len++) {
        char *copy = malloc(len ? len : 1);
        memcpy(copy, page.ptr, len);
        str source = STR("");
        const bytes label = html_prescan((bytes){.ptr = (uint8_t *)copy, .len = len}, &source);
        CHECK(label.len == 0 || source.len > 0);
        free(copy);
    }
}

TEST_MAIN()
