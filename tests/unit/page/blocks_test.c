/* SPDX-License-Identifier: Apache-2.0 */
/* Guards the way from a tree to blocks: nothing glued, nothing doubled, nothing lost. */
#include "unit/page/page_log.h"

#include "text/utf8.h"

static void check_page(const char *html, const char *expected, const char *file, int line)
{
    struct page_log page;
    const str said = page_log_read(&page, str_of(html));
    test_check_integer(page.status, STATUS_OK, file, line, "the status");
    test_check_integer((int64_t)page.log.order_errors, 0, file, line, "the errors of order");
    test_check_integer((int64_t)page.log.span_errors, 0, file, line, "the errors of spans");
    test_check_str(said, str_of(expected), file, line);
    page_log_end(&page);
}

#define CHECK_PAGE(html, expected) check_page(html, expected, __FILE__, __LINE__)

TEST(white_space_collapses_across_inline_elements)
{
    CHECK_PAGE("<p> one  two\n three<b> four</b> <i>five</i>six </p>",
               "paragraph | one two three four fivesix\n");
    CHECK_PAGE("<p>a<span> b</span><span>c </span>d", "paragraph | a bc d\n");
    CHECK_PAGE("<p>&nbsp;x&nbsp;&nbsp;y</p>", "paragraph | x\u00A0\u00A0y\n");
}

TEST(a_line_end_between_ideographs_is_no_space)
{
    CHECK_PAGE("<p>中文\n换行，<b>\n粗</b>体</p>", "paragraph | 中文换行，粗体\n");
    CHECK_PAGE("<p>中文\nword 中 文</p>", "paragraph | 中文 word 中 文\n");
}

TEST(blocks_end_where_block_elements_do)
{
    CHECK_PAGE("<div>before<p>inside</p>behind</div>",
               "paragraph | before\nparagraph | inside\nparagraph | behind\n");
    CHECK_PAGE("<h2>a<br>b</h2>c<br>d<br> <br>e<hr>f",
               "heading 2 | a\nb\nparagraph | c\nd\nparagraph | e\nparagraph | f\n");
    CHECK_PAGE("<blockquote>q<p>r</blockquote>", "quote | q\nquote | r\n");
}

TEST(lists_nest)
{
    CHECK_PAGE("<ul><li>a<ol><li>b</ol>c<li>d</ul>",
               "list_item 1 | a\nlist_item 2 | b\nlist_item 1 | c\nlist_item 1 | d\n");
}

TEST(rows_are_cells_joined_by_tabs_with_empty_ones_kept)
{
    CHECK_PAGE("<table><tr><th>a<th>b<th>c<tr><td>1<td><td>3<tr><td>x<br>y<td>z</table>",
               "table_row | a\tb\tc\ntable_row | 1\t\t3\ntable_row | x y\tz\n");
}

TEST(a_table_that_lays_out_a_page_is_no_row)
{
    CHECK_PAGE("<table><tr><td><h2>a</h2><p>b</p><td>c</table>",
               "heading 2 | a\nparagraph | b\nparagraph | c\n");
    CHECK_PAGE("<table><tr><td>only<p>cell</table>", "paragraph | only\nparagraph | cell\n");
    CHECK_PAGE("<table><tr><td>a<td><table><tr><td>b<td>c</table></table>",
               "paragraph | a\ntable_row | b\tc\n");
}

TEST(code_keeps_its_white_space)
{
    CHECK_PAGE("<pre>\n  a\n\n    b \n</pre>", "code |   a\n\n    b\n");
    CHECK_PAGE("<p>x <code>a  b</code></p>", "paragraph | x a b\n");
}

TEST(what_is_not_shown_is_told_apart_from_what_is)
{
    CHECK_PAGE("<p>a <span hidden>b</span>c<i style='x:y; DISPLAY : none'>d</i></p>",
               "drop hidden | b\ndrop hidden | d\nparagraph | a c\n");
    CHECK_PAGE("<p aria-hidden=true>a</p><noscript>b</noscript><script>c</script><dialog>d",
               "paragraph | a\ndrop hidden | d\n");
    CHECK_PAGE("<body style='display:none'><p>a", "paragraph | a\n");
    CHECK_PAGE("<p>a<img alt='b &amp; c'>d<img alt=''></p>",
               "paragraph | ad\ndrop alternative | b & c\n");
    CHECK_PAGE("<p>a<select><option>b<option>c</select><textarea>d</textarea></p>",
               "paragraph | a\ndrop boilerplate | b\ndrop boilerplate | c\ndrop boilerplate | d\n");
}

TEST(titles_are_metadata_once)
{
    CHECK_PAGE("<title> A \n b</title><svg><title>icon</title></svg><title>c</title><p>d",
               "title = A b\ndrop metadata title | A b\ndrop alternative | icon\n"
               "drop duplicate_title | c\nparagraph | d\n");
    CHECK_PAGE("<title>名字 - 站</title><h1>名字</h1>",
               "title = 名字\nsite = 站\ndrop metadata title | 名字 - 站\nheading 1 | 名字\n");
}

TEST(hints_drop_what_is_of_the_site)
{
    CHECK_PAGE("<header>site<nav><a href=/>home</a></nav><h1>t</h1></header><main><p>text of the "
               "document, longer than the rest of this page by far</main><footer>f</footer>",
               "title = t\ndrop boilerplate | site\ndrop navigation | home\nheading 1 | t\n"
               "paragraph | text of the document, longer than the rest of this page by far\n"
               "drop boilerplate | f\n");
    CHECK_PAGE(
        "<p>some text that outweighs the rest</p><div class='x relatedPosts'>r</div><p id=ad-1>s",
        "paragraph | some text that outweighs the rest\ndrop related | r\ndrop advert | s\n");
}

TEST(a_hint_that_covers_the_page_is_not_believed)
{
    CHECK_PAGE("<body class=sidebar><div id=menu><p>all there is to read</p></div>",
               "paragraph | all there is to read\n");
    CHECK_PAGE("<nav>a</nav><footer>b</footer>", "paragraph | a\nparagraph | b\n");
}

/* ---- conservation, counted by this file's own walk ---- */

static bool is_outside(const struct node *node)
{
    return node->kind == NODE_ELEMENT && (node->tag == TAG_script || node->tag == TAG_style ||
                                          node->tag == TAG_template || node->tag == TAG_noscript);
}

static size_t count_shown(str text)
{
    size_t count = 0;
    for (size_t at = 0; at < text.len;) {
        count += !code_point_is_space(utf8_next(text, &at));
    }
    return count;
}

static size_t count_visible(const struct dom *dom)
{
    size_t count = 0;
    const struct node *node = dom->document;
    while (node) {
        if (node->kind == NODE_TEXT) {
            count += count_shown(node->text);
        } else if (node->kind == NODE_ELEMENT && !is_outside(node)) {
            count += count_shown(node_attribute_value(node, STR("alt")));
        }
        node = is_outside(node) ? node_next_outside(node, dom->document)
                                : node_next(node, dom->document);
    }
    return count;
}

static const char *const pages[] = {
    "tests/golden/html/article_with_frame.html",
    "tests/golden/html/double_end.html",
    "tests/golden/html/entities.html",
    "tests/golden/html/frameset.html",
    "tests/golden/html/hidden_parts.html",
    "tests/golden/html/lists_and_tables.html",
    "tests/golden/html/misnested.html",
    "tests/golden/html/ruby_and_code.html",
    "tests/golden/html/white_space.html",
    "tests/golden/html/whole_page_is_nav.html",
    "tests/golden/library/body_absent.html",
    "tests/golden/library/shared_desktop.html",
    "tests/golden/library/shared_mobile.html",
    "tests/golden/library/twin_equal_list.html",
    "tests/golden/library/twin_quoted_gate.html",
    "tests/golden/library/wenku365_br.html",
    "tests/golden/library/wenku365_fragments.html",
};

static void check_conserved(str html)
{
    struct page_log page;
    (void)page_log_read(&page, html);
    CHECK_INT(page.status, STATUS_OK);
    CHECK_INT(page.log.order_errors + page.log.span_errors, 0);
    CHECK_INT(count_shown(buf_str(&page.log.body)) + count_shown(buf_str(&page.log.dropped)),
              count_visible(&page.dom));
    page_log_end(&page);
}

TEST(all_visible_text_is_accounted_for)
{
    for (size_t i = 0; i < sizeof pages / sizeof pages[0]; i++) {
        const str html = page_log_file(pages[i]);
        check_conserved(html);
        free((void *)(uintptr_t)html.ptr);
    }
}

TEST(all_visible_text_is_accounted_for_wherever_a_page_is_cut_off)
{
    const char *const some[] = {pages[4], pages[5], pages[11], pages[15]};
    for (size_t i = 0; i < sizeof some / sizeof some[0]; i++) {
        const str html = page_log_file(some[i]);
        for (size_t len = 0; len < html.len; len++) {
            if (((unsigned char)html.ptr[len] & 0xC0) != 0x80) {
                check_conserved(str_slice(html, 0, len));
            }
        }
        free((void *)(uintptr_t)html.ptr);
    }
}

TEST_MAIN()
