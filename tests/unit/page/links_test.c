/* SPDX-License-Identifier: Apache-2.0 */
/* Guards the links that lead on: which are taken, and where they lead. */
#include "unit/page/page_log.h"

#include "page/links.h"

static void check_links(const char *url, const char *html, const char *expected, const char *file,
                        int line)
{
    struct page_log page;
    struct buf links;
    page_log_begin(&page, str_of(html));
    page.document.hints.url = str_of(url);
    buf_init(&links, &page.arena, 1 << 16);
    test_check_integer(html_parse(&page.arena, str_of(html), 512, NULL, &page.dom), STATUS_OK, file,
                       line, "parsing");
    test_check_integer(page_say(&page.document, &page.dom, &page.log.sink), STATUS_OK, file, line,
                       "the status");
    const str said = buf_str(&page.log.lines);
    for (size_t at = 0; at < said.len;) {
        const size_t end = str_find_byte(said, '\n', at);
        const str one = str_slice(said, at, end < said.len ? end + 1 : said.len);
        if (str_starts(one, STR("link "))) {
            buf_add(&links, one);
        }
        at += one.len;
    }
    test_check_str(buf_str(&links), str_of(expected), file, line);
    page_log_end(&page);
}

#define CHECK_LINKS(html, expected)                                                                \
    check_links("https://example.org/a/b.html", html, expected, __FILE__, __LINE__)

TEST(what_rel_says_is_taken_and_made_absolute)
{
    CHECK_LINKS(
        "<link rel=canonical href=/c><link rel=alternate hreflang=de href=../de/>"
        "<link rel=alternate type=application/rss+xml href=/feed><p>x<a rel='nofollow next' "
        "href=?p=2>more</a><a rel=prev href=//example.org/a/>back</a>",
        "link canonical https://example.org/c\nlink alternate https://example.org/de/\n"
        "link next https://example.org/a/b.html?p=2\nlink prev https://example.org/a/\n");
    CHECK_LINKS("<base href=https://example.net/x/><p>x<a rel=license href=by>l</a>",
                "link license https://example.net/x/by\n");
}

TEST(wording_is_enough_where_it_can_mean_nothing_else)
{
    CHECK_LINKS("<p>x<a href=p1>上一页</a><a href=p3>下一页 &gt;</a><a href=n>下一篇</a>",
                "link prev https://example.org/a/p1\nlink next https://example.org/a/p3\n");
    CHECK_LINKS("<p>x<a href=n>Next</a><a href=w>weiter</a><a href=g>»</a>", "");
    CHECK_LINKS("<div class=pagination>x<a href=n><span>Next »</span></a><a href=q>‹</a></div>",
                "link next https://example.org/a/n\nlink prev https://example.org/a/q\n");
}

TEST(the_number_behind_the_one_that_is_no_link_is_the_next_page)
{
    CHECK_LINKS("<p>x<div><a href=1>1</a> <b>2</b> <a href=3>3</a> <a href=4>4</a></div>",
                "link prev https://example.org/a/1\nlink next https://example.org/a/3\n");
    CHECK_LINKS("<ul><li><a class=active href=1>1</a><li><a href=2>2</a></ul>",
                "link next https://example.org/a/2\n");
    CHECK_LINKS("<table><tr><td>1<td><a href=2>2</a><td>3<td><a href=4>4</a></table>", "");
    CHECK_LINKS("<p>x<div><a href=a>2015</a> 2016 <a href=b>2017</a></div>", "");
}

TEST(files_are_attachments_and_downloads_say_so)
{
    CHECK_LINKS("<p>x<a href=report.PDF?x=1>the report</a><a href=/z.zip#a>all</a><a "
                "href=page.html>page</a><a href=d.php>下载</a><a download href=data.bin>raw</a>",
                "link attachment https://example.org/a/report.PDF?x=1\n"
                "link attachment https://example.org/z.zip#a\n"
                "link download https://example.org/a/d.php\n"
                "link download https://example.org/a/data.bin\n");
}

TEST(only_web_links_count_and_each_once)
{
    CHECK_LINKS("<p>x<a rel=next href='javascript:go(2)'>n</a><a rel=next href='mailto:a@b'>n</a>"
                "<a rel=next href=p2>n</a><a rel=next href=./p2>n</a><a rel=next href=#top>t</a>",
                "link next https://example.org/a/p2\n");
}

TEST(more_links_than_the_limit_are_not_said)
{
    struct page_log page;
    struct buf html;
    struct arena arena;
    size_t count = 0;
    arena_init(&arena, 1 << 20);
    buf_init(&html, &arena, 1 << 20);
    buf_add(&html, STR("<p>x"));
    for (int i = 0; i < LINKS_MAX + 50; i++) {
        buf_add(&html, STR("<a href=https://example.org/"));
        buf_add_integer(&html, i);
        buf_add(&html, STR(".pdf>f</a>"));
    }
    const str said = page_log_read(&page, buf_str(&html));
    for (size_t at = 0; (at = str_find(said, STR("link "), at)) != SIZE_MAX; at++) {
        count++;
    }
    CHECK_INT((int64_t)count, LINKS_MAX);
    page_log_end(&page);
    arena_release(&arena);
}

TEST_MAIN()
