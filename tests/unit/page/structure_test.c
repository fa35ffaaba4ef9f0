/* SPDX-License-Identifier: Apache-2.0 */
/* Guards what blocks are: numbers of items, columns of tables, code, formulas, what readers wrote.
 */
#include "unit/page/page_log.h"

#include "page/blocks.h"

/* Every kept line that begins a block: kind, level, number, H for a header, + for a further block
 * of an item. */
static void write_line(struct buf *out, const struct lines *lines, const struct line *line)
{
    buf_add(out, block_kind_name(line->kind));
    if (line->level) {
        buf_add(out, STR(" "));
        buf_add_integer(out, line->level);
    }
    if (line->ordinal) {
        buf_add(out, STR(" #"));
        buf_add_integer(out, line->ordinal);
    }
    buf_add(out, line->header ? STR(" H") : STR(""));
    buf_add(out, line->continued ? STR(" +") : STR(""));
    buf_add(out, STR(" | "));
    buf_add(out, line_text(lines, line));
    buf_add(out, STR("\n"));
}

static enum status take_no_event(struct sink *sink, const struct event *event)
{
    (void)sink;
    (void)event;
    return STATUS_OK;
}

static void check_lines(const char *html, const char *expected, const char *file, int line)
{
    struct arena arena;
    struct dom dom;
    struct lines lines;
    struct metadata metadata;
    struct buf out;
    struct sink sink = {.event = take_no_event};
    arena_init(&arena, 1 << 24);
    buf_init(&out, &arena, 1 << 16);
    if (CHECK(html_parse(&arena, str_of(html), 512, NULL, &dom) == STATUS_OK &&
              blocks_read(&arena, &dom, &sink, &lines, &metadata) == STATUS_OK)) {
        for (size_t i = 0; i < lines.count; i++) {
            if (!lines.items[i].verdict.dropped && lines.items[i].join == JOIN_BLOCK) {
                write_line(&out, &lines, &lines.items[i]);
            }
        }
        test_check_str(buf_str(&out), str_of(expected), file, line);
    }
    arena_release(&arena);
}

static void check_page(const char *html, const char *expected, const char *file, int line)
{
    struct page_log page;
    const str said = page_log_read(&page, str_of(html));
    test_check_integer(page.status, STATUS_OK, file, line, "the status");
    test_check_integer((int64_t)page.log.order_errors, 0, file, line, "the errors of order");
    test_check_str(said, str_of(expected), file, line);
    page_log_end(&page);
}

#define CHECK_LINES(html, expected) check_lines(html, expected, __FILE__, __LINE__)
#define CHECK_PAGE(html, expected)  check_page(html, expected, __FILE__, __LINE__)

TEST(items_have_the_numbers_a_browser_shows)
{
    CHECK_LINES("<ol><li>a<li>b</ol>", "list_item 1 #1 | a\nlist_item 1 #2 | b\n");
    CHECK_LINES("<ol start=5><li>a<li value=9>b<li>c</ol>",
                "list_item 1 #5 | a\nlist_item 1 #9 | b\nlist_item 1 #10 | c\n");
    CHECK_LINES("<ol reversed><li>a<li>b<li>c</ol>",
                "list_item 1 #3 | a\nlist_item 1 #2 | b\nlist_item 1 #1 | c\n");
    CHECK_LINES("<ol reversed start=8><li>a<li>b</ol>", "list_item 1 #8 | a\nlist_item 1 #7 | b\n");
    CHECK_LINES("<ol start=-1><li>a<li>b<li>c</ol>",
                "list_item 1 | a\nlist_item 1 | b\nlist_item 1 #1 | c\n");
    CHECK_LINES("<ol start=99999999999><li>a</ol>", "list_item 1 #1 | a\n");
}

TEST(numbers_nest_and_go_on_behind_what_is_inside)
{
    CHECK_LINES("<ol><li>a<ol start=7><li>b</ol><li>c<ul><li>d</ul>e</ol>",
                "list_item 1 #1 | a\nlist_item 2 #7 | b\nlist_item 1 #2 | c\n"
                "list_item 2 | d\nlist_item 1 + | e\n");
    CHECK_LINES("<ol><li><p>a<p>b<li><span>c</span></ol><ul><li><span>d</span></ul>",
                "list_item 1 #1 | a\nlist_item 1 + | b\nlist_item 1 #2 | c\nlist_item 1 | d\n");
    CHECK_LINES("<ol><li><li>b<li>&nbsp;<p>c</ol>", "list_item 1 #2 | b\nlist_item 1 #3 | c\n");
    CHECK_LINES("<ol style='list-style:none'><li>a</ol>", "list_item 1 | a\n");
}

TEST(a_definition_stands_below_its_term)
{
    CHECK_LINES("<dl><dt>a<dd>b<dd>c</dl>", "list_item 1 | a\nlist_item 2 | b\nlist_item 2 | c\n");
}

TEST(spanned_cells_are_said_once_and_columns_stay_aligned)
{
    CHECK_PAGE("<table><tr><th>a<th colspan=2>b<th>c<tr><td rowspan=2>1<td>2<td>3<td>4"
               "<tr><td>5<td><td>6</table>",
               "table_row | a\tb\t\tc\ntable_row | 1\t2\t3\t4\ntable_row | \t5\t\t6\n");
    CHECK_PAGE("<table border=1><tr><td>a<td><td><tr><td><td>b<td></table>",
               "table_row | a\t\t\ntable_row | \tb\t\n");
    CHECK_PAGE("<table><tr><td>a<td rowspan=0>b<tr><td>c<tbody><tr><td>d<td>e</table>",
               "table_row | a\tb\ntable_row | c\t\ntable_row | d\te\n");
    CHECK_PAGE("<table><tr><td>a<td colspan=99999999>b</table>", "table_row | a\tb\n");
}

TEST(header_rows_are_known)
{
    CHECK_LINES("<table><thead><tr><td>a<td>b<tbody><tr><th>c<th>d<tr><th>e<td>f</table>",
                "table_row H | a\ntable_row H | c\ntable_row | e\n");
}

TEST(cells_of_data_keep_their_lists_and_formatting)
{
    CHECK_PAGE("<table><caption>n</caption><tr><td><ul><li>a<li>b</ul><td><b>c</b>d <p>e"
               "<tr><td colspan=2>f</table>",
               "caption | n\ntable_row | a b\tcd e\ntable_row | f\t\n");
    CHECK_PAGE("<table role=presentation><tr><td>a<td>b</table>", "paragraph | a\nparagraph | b\n");
    CHECK_PAGE("<table border=1><tr><td><table><tr><td>a<td>b</table><td>c</table>",
               "table_row | a\tb\nparagraph | c\n");
    CHECK_PAGE("<table><tr><td>a<span hidden>x</span><td>b</table>",
               "drop hidden | x\ntable_row | a\tb\n");
}

TEST(code_is_one_block_without_its_gutter)
{
    CHECK_PAGE("<pre><span class=lineno>1</span>a\n<span class=lineno>2</span>  b</pre>",
               "code | a\n  b\ndrop boilerplate | 1\ndrop boilerplate | 2\n");
    CHECK_PAGE("<pre><div>a {</div><div>  b</div><div>}</div></pre>", "code | a {\n  b\n}\n");
    CHECK_PAGE("<pre>a<br><br> b</pre>", "code | a\n\n b\n");
    CHECK_PAGE("<table><tr><td><pre>1\n2\n3</pre><td><pre>a\n b\nc</pre></table>",
               "drop boilerplate | 1\n2\n3\ncode | a\n b\nc\n");
    CHECK_PAGE("<p>x <span class=ln>not a number</span>", "paragraph | x not a number\n");
    CHECK_PAGE("<pre>a<span hidden>h</span>\nb</pre>", "drop hidden | h\ncode | a\nb\n");
}

TEST(readings_are_noted_beside_the_text)
{
    CHECK_PAGE("<ruby>漢<rp>(</rp><rt>かん</rt><rp>)</rp>字</ruby>を",
               "paragraph | 漢字を\ndrop hidden | (\ndrop alternative | かん\ndrop hidden | )\n");
    CHECK_PAGE("<ruby>白<rt>ㄅㄞˊ</rt>話<rt>ㄏㄨㄚˋ</rt></ruby>字",
               "paragraph | 白話字\ndrop alternative | ㄅㄞˊ\ndrop alternative | ㄏㄨㄚˋ\n");
}

TEST(a_formula_is_said_once_as_latex)
{
    CHECK_PAGE("<p>Let <math><msup><mi>x</mi><mn>2</mn></msup></math> be</p>",
               "paragraph | Let \\(x^{2}\\) be\ndrop alternative | x2\n");
    CHECK_PAGE("<p>a <span class=katex><span class=katex-mathml><math><semantics><mi>x</mi>"
               "<annotation encoding='application/x-tex'>x_1</annotation></semantics></math>"
               "</span><span class=katex-html aria-hidden=true>x1</span></span>, b",
               "paragraph | a \\(x_1\\), b\ndrop alternative | xx_1x1\n");
    CHECK_PAGE("<p>a <span class=MathJax>α</span><script type='math/tex'>\\alpha</script>b",
               "paragraph | a \\(\\alpha\\)b\ndrop alternative | α\n");
    CHECK_PAGE("<p>a<script type='math/tex; mode=display'>x\n = y</script>b",
               "paragraph | a\nformula | x = y\nparagraph | b\n");
    CHECK_PAGE("<p>a <img class=latex alt='x^2'> b",
               "paragraph | a \\(x^2\\) b\ndrop alternative | x^2\n");
    CHECK_PAGE("<p>a<math display=block><mi>x</mi></math>",
               "paragraph | a\nformula | x\ndrop alternative | x\n");
}

TEST(what_is_no_formula_stays_what_it_is)
{
    CHECK_PAGE("<p hidden><math><mi>x</mi></math></p><p>a", "drop hidden | x\nparagraph | a\n");
    CHECK_PAGE("<div class=katex><p>a<p>b</div>", "paragraph | a\nparagraph | b\n");
    CHECK_PAGE("<p><math><mtext>\\) a</mtext></math>b", "paragraph | \\(\\text{\\textbackslash{}) "
                                                        "a}\\)b\ndrop alternative | \\) a\n");
    CHECK_PAGE("<math></math><p>a", "paragraph | a\n");
    CHECK_PAGE("<table border=1><tr><td>a<td><math display=block><mi>x</mi></math></table>",
               "table_row | a\t\\(x\\)\ndrop alternative | x\n");
}

TEST(what_readers_wrote_is_of_its_own_kind)
{
    CHECK_LINES("<p>a</p><div id=comments><h3>b</h3><ul><li><p>c<li>d</ul></div><p>e",
                "paragraph | a\nheading 3 | b\ncomment | c\ncomment | d\nparagraph | e\n");
    CHECK_LINES("<div itemscope itemtype='https://schema.org/Comment'>a</div>", "comment | a\n");
    CHECK_LINES("<body class=comments><p><span class=comment>a</span>", "paragraph | a\n");
}

TEST(headings_have_levels_by_tag_or_by_role)
{
    CHECK_LINES("<h3>a</h3><div role=heading aria-level=4>b</div><div role=heading>c</div>",
                "heading 3 | a\nheading 4 | b\nheading 2 | c\n");
    CHECK_LINES("<div role=heading aria-level=9>a</div>", "heading 6 | a\n");
}

TEST(small_parts_are_told_by_name_and_content)
{
    CHECK_PAGE("<h2>a<a class=headerlink href=#a>¶</a></h2><p>b",
               "heading 2 | a\nparagraph | b\ndrop boilerplate | ¶\n");
    CHECK_PAGE("<h2><a class=anchor href=#a>a word</a></h2>", "heading 2 | a word\n");
    CHECK_PAGE("<p>a <i class=material-icons>expand_more</i> b<span class=sr-only>c</span>",
               "paragraph | a b\ndrop alternative | expand_more\ndrop hidden | c\n");
}

TEST_MAIN()
