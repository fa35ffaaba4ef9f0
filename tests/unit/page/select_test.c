/* SPDX-License-Identifier: Apache-2.0 */
/* What of an ordinary page is the document, and what kind of page it is. */
#include "unit/page/page_log.h"

#define LONG                                                                                       \
    "The wall was built in one summer, and its mortar was still soft when the first of two hard "  \
    "winters came down on it from the north, long before anyone had thought of a roof."

static void check_says(const char *html, const char *type, const char *said, bool expected,
                       const char *file, int line)
{
    struct page_log page;
    const str text = page_log_read(&page, str_of(html));
    const bool found = str_find(text, str_of(said), 0) < text.len;
    const bool right = str_equal(page.document.page_type, str_of(type));
    if (page.status != STATUS_OK || found != expected || !right) {
        fprintf(stderr, "%s:%d: %.*s\n%.*s", file, line, (int)page.document.page_type.len,
                page.document.page_type.ptr, (int)text.len, text.ptr);
    }
    CHECK(page.status == STATUS_OK);
    CHECK(found == expected);
    CHECK(right);
    page_log_end(&page);
}
#define CHECK_SAYS(html, type, said) check_says(html, type, said, true, __FILE__, __LINE__)

#define ARTICLE_HEAD                 "<meta property=og:type content=article>"
#define PARAGRAPHS                   "<p>" LONG "</p><p>" LONG "</p><p>" LONG "</p>"

TEST(what_stands_outside_of_the_text_is_not_the_document)
{
    const char *html = ARTICLE_HEAD "<div>Weather today</div><div class=entry-content>" PARAGRAPHS
                                    "</div><div>Shop opening hours</div>";
    CHECK_SAYS(html, "article", "drop boilerplate | Weather today\n");
    CHECK_SAYS(html, "article", "drop boilerplate | Shop opening hours\n");
    CHECK_SAYS(html, "article", "paragraph | The wall was");
}

TEST(a_lead_between_title_and_text_stays)
{
    CHECK_SAYS(ARTICLE_HEAD "<h1>Of walls</h1><div><p>It took a summer, nobody knows why, and "
                            "three men.</p></div><div class=entry-content>" PARAGRAPHS "</div>",
               "article", "paragraph | It took a summer, nobody knows why, and three men.\n");
}

TEST(a_bad_name_over_the_whole_text_is_not_believed)
{
    CHECK_SAYS("<div class=sidebar>" PARAGRAPHS "</div><p>and more", "article",
               "paragraph | The wall was");
}

TEST(a_consent_banner_is_no_document_however_long)
{
    CHECK_SAYS(ARTICLE_HEAD "<p>" LONG "</p><div id=onetrust-consent-sdk><p>We value " LONG
                            "</p><p>cookies " LONG "</p>" PARAGRAPHS PARAGRAPHS "</div>",
               "article", "drop boilerplate | We value");
}

TEST(a_good_name_beside_a_bad_one_wins)
{
    CHECK_SAYS(ARTICLE_HEAD "<div class='entry-content social'>" PARAGRAPHS "</div>" PARAGRAPHS,
               "article", "paragraph | The wall");
    CHECK_SAYS(ARTICLE_HEAD "<div class=no-sidebar><p>Kept: " LONG "</p></div>" PARAGRAPHS,
               "article", "paragraph | Kept: The wall");
}

TEST(a_box_under_a_line_of_the_site_goes_with_it)
{
    CHECK_SAYS(ARTICLE_HEAD "<div class=entry-content><p>" LONG "</p><div><h3>Related articles</h3>"
                            "<p>A roof over it</p></div>" PARAGRAPHS "</div>",
               "article", "drop related | Related articles\ndrop related | A roof over it\n");
    CHECK_SAYS(ARTICLE_HEAD "<div class=entry-content>" PARAGRAPHS "<p>扫一扫，关注我们</p></div>",
               "article", "drop boilerplate | 扫一扫，关注我们\n");
}

TEST(a_sentence_that_begins_like_a_line_of_the_site_stays)
{
    CHECK_SAYS(ARTICLE_HEAD
               "<div class=entry-content><p>" LONG
               "</p><p>Comments on the wall were kept in the parish book.</p>" PARAGRAPHS "</div>",
               "article", "paragraph | Comments on the wall were kept");
}

TEST(ragged_edges_of_an_article_are_trimmed)
{
    const char *html = ARTICLE_HEAD "<div class=entry-content><div>12 May</div><div>" PARAGRAPHS
                                    "</div><div>Bo Hill</div><h3>Coda</h3></div>";
    CHECK_SAYS(html, "article", "drop boilerplate | 12 May\n");
    CHECK_SAYS(html, "article", "drop boilerplate | Bo Hill\ndrop boilerplate | Coda\n");
}

TEST(short_lines_that_are_of_the_text_stay_at_its_edges)
{
    static const char *const lines[] = {"一、总则", "（二）范围", "第三条", "4. Roofs",
                                        "• Roofs",  "Good!",      "“好！”"};
    char html[4096];
    char said[64];
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        (void)snprintf(html, sizeof html,
                       "%s<div class=entry-content><div>%s</div><div>%s</div><div>%s</div></div>",
                       ARTICLE_HEAD, lines[i], PARAGRAPHS, lines[i]);
        (void)snprintf(said, sizeof said, "paragraph | %s\nparagraph | The wall", lines[i]);
        CHECK_SAYS(html, "article", said);
        (void)snprintf(said, sizeof said, "roof.\nparagraph | %s\n", lines[i]);
        CHECK_SAYS(html, "article", said);
    }
    CHECK_SAYS(ARTICLE_HEAD "<div class=entry-content><div>Load more ...</div>" PARAGRAPHS "</div>",
               "article", "drop boilerplate | Load more ...\n");
    CHECK_SAYS(ARTICLE_HEAD "<div class=entry-content><div>1.5 stars</div>" PARAGRAPHS "</div>",
               "article", "drop boilerplate | 1.5 stars\n");
    /* What stands among its paragraphs does. */
    CHECK_SAYS(ARTICLE_HEAD "<div>" PARAGRAPHS "<p>Telephone: 010-1234</p></div>", "article",
               "paragraph | Telephone: 010-1234\n");
}

TEST(lists_of_links_are_navigation_in_a_text_and_content_in_a_list)
{
    const char *links = "<ul><li><a href=a>One wall</a><li><a href=b>Two walls</a></ul>";
    char html[4096];
    (void)snprintf(html, sizeof html, "%s%s%s", ARTICLE_HEAD PARAGRAPHS, links, PARAGRAPHS);
    CHECK_SAYS(html, "article", "drop navigation | One wall\n");
    (void)snprintf(html, sizeof html, "<body class=archive>%s<p>%s", links, LONG "</p><p>" LONG);
    CHECK_SAYS(html, "listing", "list_item 1 | One wall\n");
}

TEST(a_caption_of_a_picture_goes_and_that_of_a_table_stays)
{
    CHECK_SAYS(ARTICLE_HEAD PARAGRAPHS
               "<figure><img><figcaption>The wall, 1911</figcaption></figure>"
               "<p>" LONG,
               "article", "drop alternative | The wall, 1911\n");
    CHECK_SAYS(ARTICLE_HEAD PARAGRAPHS "<figure><table><tr><td>a<td>b</table><figcaption>Stones a "
                                       "year</figcaption></figure><p>" LONG,
               "article", "caption | Stones a year\n");
}

TEST(comments_are_not_the_article)
{
    CHECK_SAYS(ARTICLE_HEAD PARAGRAPHS "<div id=comments><div class=comment><p>Nice wall, and a "
                                       "very nice summer it was.</div></div>",
               "article", "drop boilerplate | Nice wall");
}

TEST(a_talk_is_its_posts)
{
    const char *html =
        "<meta name=generator content=phpBB><div class=post><b>Ann, Monday</b><div class=postbody>"
        "<p>" LONG "</p></div></div><div class=post><b>Bo, Tuesday</b><div class=postbody><p>Yes."
        "</p></div></div><div class=post><div class=postbody><p>" LONG " " LONG "</p></div></div>";
    CHECK_SAYS(html, "forum", "drop boilerplate | Ann, Monday\n");
    CHECK_SAYS(html, "forum", "paragraph | Yes.\n");
}

TEST(reviews_are_not_the_product)
{
    const char *html =
        "<meta property=og:type content=product>"
        "<script type=application/ld+json>{\"@type\":\"Product\",\"name\":\"Trowel\"}</script>"
        "<h1>Trowel</h1><p>$ 12.50</p><ul><li>Steel<li>Ash</ul>" PARAGRAPHS
        "<div class=reviews><p>Cheap, and good for what it is, said my neighbour.</p></div>";
    CHECK_SAYS(html, "product", "drop boilerplate | Cheap, and good");
    CHECK_SAYS(html, "product", "list_item 1 | Steel\n");
}

TEST(what_stands_on_a_page_makes_its_type)
{
    CHECK_SAYS("<title>wall_build - Manual</title><link rel=canonical "
               "href=https://docs.walls.example/reference/wall_build><h1>wall_build</h1>"
               "<h2>Synopsis</h2><pre>struct wall wall_build(size_t stones);\n"
               "void wall_raze(struct wall *wall);</pre><p>" LONG "</p><h2>Parameters</h2><p>" LONG
               "<h2>Examples</h2><pre>struct wall wall = wall_build(2);\nwall_raze(&wall);</pre>"
               "<h2>See also</h2><p>" LONG,
               "documentation", "code | struct wall wall_build");
    CHECK_SAYS(
        "<title>Masonry services</title><link rel=canonical "
        "href=https://masons.example/services/walls><h1>Our services</h1><section><h2>Walls"
        "</h2><p>We build your wall, and our masons look after it for you as long as it stands, "
        "whatever your winters.</p></section>"
        "<section><h2>Roofs</h2><p>We roof your house, and we stand by our work with you.</p>"
        "</section><section><h2>Why choose us</h2><p>" LONG "</p></section>"
        "<a href=/q>Get a quote</a><p><a href=/c>Contact us</a>",
        "service", "heading 2 | Roofs\n");
}

TEST(what_a_page_states_clearly_is_believed)
{
    CHECK_SAYS("<meta name=generator content=Sphinx><h2>wall_build</h2>" PARAGRAPHS,
               "documentation", "heading 2 | wall_build\n");
    CHECK_SAYS("<meta name=generator content=Sphinx><meta property=og:type content=article>"
               "<script type=application/ld+json>{\"@type\":\"NewsArticle\"}</script>" PARAGRAPHS,
               "article", "paragraph | The wall was built");
}

TEST(a_short_page_stays_whole_and_is_of_no_kind)
{
    CHECK_SAYS("<div>One</div><div>two, three</div><h3>four</h3>", "", "heading 3 | four\n");
    CHECK_SAYS("<div>One</div><div>two, three</div><h3>four</h3>", "", "paragraph | One\n");
}

TEST(ideographs_weigh_more_than_letters)
{
    /* As long as these are, letters would be a short line in front of the text. */
    CHECK_SAYS(
        ARTICLE_HEAD
        "<div class=entry-content><p>石墙是在一个夏天里砌成的，灰浆还没有干透就连着来了两个寒冬"
        "</p>" PARAGRAPHS "</div>",
        "article", "paragraph | 石墙是在");
}

TEST_MAIN()
