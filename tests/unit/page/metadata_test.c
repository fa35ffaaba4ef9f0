/* SPDX-License-Identifier: Apache-2.0 */
/* Guards what a page states of itself: who is believed, and what is no statement at all. */
#include "unit/page/page_log.h"

/* Does a page with this in it say the line? */
static void check_says(const char *html, const char *wanted, const char *file, int line)
{
    struct page_log page;
    const str said = page_log_read(&page, str_of(html));
    test_check_integer(page.status, STATUS_OK, file, line, "the status");
    test_check(str_find(said, str_of(wanted), 0) != SIZE_MAX, file, line, wanted);
    page_log_end(&page);
}

static void check_silent(const char *html, const char *unwanted, const char *file, int line)
{
    struct page_log page;
    const str said = page_log_read(&page, str_of(html));
    test_check_integer(page.status, STATUS_OK, file, line, "the status");
    test_check(said.len > 0, file, line, "something is said");
    test_check(str_find(said, str_of(unwanted), 0) == SIZE_MAX, file, line, unwanted);
    page_log_end(&page);
}

#define SAYS(html, wanted)        check_says(html, wanted, __FILE__, __LINE__)
#define IS_SILENT(html, unwanted) check_silent(html, unwanted, __FILE__, __LINE__)
#define LD(json)                  "<script type='application/ld+json'>" json "</script><p>text of the page"

/* ---- JSON-LD ---- */

TEST(an_article_in_json_ld_states_title_author_and_days)
{
    const char *html =
        LD("{\"@type\":\"NewsArticle\",\"headline\":\"Harbour &amp; hill\","
           "\"author\":[{\"@type\":\"Person\",\"name\":\"Ada Low\"},\"Bo Hill\"],"
           "\"datePublished\":\"2019-11-23T10:00:00+08:00\",\"dateModified\":"
           "\"2019-11-25\",\"publisher\":{\"name\":\"The Mill\"},\"inLanguage\":"
           "\"en_GB\",\"keywords\":[\"sea\",\"hill\"],\"articleSection\":\"Coast\"}");
    SAYS(html, "title = Harbour & hill\n");
    SAYS(html, "author = Ada Low; Bo Hill\n");
    SAYS(html, "published = 18223\n");
    SAYS(html, "modified = 18225\n");
    SAYS(html, "site = The Mill\n");
    SAYS(html, "language = en-GB\n");
    SAYS(html, "keywords = sea\nkeywords = hill\n");
    SAYS(html, "category = Coast\n");
}

TEST(authors_are_found_by_their_id_in_the_graph)
{
    SAYS(LD("{\"@graph\":[{\"@type\":\"Article\",\"author\":{\"@id\":\"#a\"}},"
            "{\"@type\":\"Person\",\"@id\":\"#a\",\"name\":\"Ada Low\"}]}"),
         "author = Ada Low\n");
}

TEST(things_that_the_page_only_mentions_state_nothing)
{
    IS_SILENT(LD("{\"@type\":\"ItemList\",\"itemListElement\":[{\"@type\":\"Article\","
                 "\"headline\":\"Another\",\"datePublished\":\"2019-11-23\"}]}"),
              "18223");
    IS_SILENT(LD("{\"@type\":\"Product\",\"name\":\"Mill\",\"review\":{\"@type\":\"Review\","
                 "\"author\":{\"name\":\"Ada Low\"},\"datePublished\":\"2019-11-23\"}}"),
              "Ada Low");
}

TEST(broken_json_ld_is_read_up_to_where_it_breaks)
{
    SAYS(LD("<!-- {\"@type\":\"Article\",\"headline\":\"One\ntwo\",\"author\":\"Ada Low\",} -->"),
         "author = Ada Low\n");
    SAYS(LD("{\"@type\":\"Article\",\"headline\":\"It\\'s\",\"author\":\"Ada Low\",\"x\": nope"),
         "author = Ada Low\n");
    SAYS(LD("{\"@type\":\"Article\",\"author\":\"Ada Low\",\"x\":\"cut in a str"),
         "author = Ada Low\n");
    IS_SILENT(LD("[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[{\"author\":\"Ada Low\"}"),
              "Ada Low");
}

/* ---- meta, microdata ---- */

TEST(meta_names_are_known_in_all_their_spellings)
{
    SAYS("<meta name=DC.Creator content='Ada Low'><p>x", "author = Ada Low\n");
    SAYS("<meta name='dcterms:creator' content='Ada Low'><p>x", "author = Ada Low\n");
    SAYS("<meta name='weibo: article:create_at' content='2019-11-23 10:00'><p>x",
         "published = 18223\n");
    SAYS("<meta property=article:tag content=sea><meta property=article:tag content=hill><p>x",
         "tags = sea\ntags = hill\n");
    SAYS("<meta name=citation_author content='Low, Ada'><meta name=citation_author content='Hill, "
         "Bo'><p>x",
         "author = Low, Ada; Hill, Bo\n");
    SAYS("<p>x<a rel='category tag' href=/c>Coast</a><a rel=tag href=/t>sea</a>",
         "category = Coast\ntags = sea\n");
    SAYS("<meta http-equiv=Content-Language content=de><p>x", "language = de\n");
    IS_SILENT("<meta name=author content='https://example.org/ada'><p>x", "author");
}

TEST(microdata_of_the_page_counts_and_that_of_comments_does_not)
{
    SAYS("<div itemscope itemtype='http://schema.org/Article'><span itemprop=author itemscope "
         "itemtype='http://schema.org/Person'><b itemprop=name>Ada Low</b> x</span><time "
         "itemprop=datePublished datetime=2019-11-23>then</time></div>",
         "author = Ada Low\n");
    IS_SILENT("<p>x</p><div itemscope itemtype='http://schema.org/Comment'><span "
              "itemprop=author>Ada Low</span></div>",
              "author = ");
}

TEST(rights_are_what_restricts_and_copyright_lines)
{
    SAYS("<meta name=robots content='noai, noimageai'><p>x", "rights = robots: noai, noimageai\n");
    SAYS("<meta name=tdm-reservation content=1><p>x", "rights = tdm-reservation: 1\n");
    IS_SILENT("<meta name=robots content='index, follow'><p>x", "rights");
    SAYS("<p>some text that outweighs the footer by far</p><footer>© 2019 The Mill</footer>",
         "drop rights | © 2019 The Mill\n");
    SAYS("<a rel=license href='https://example.org/by'>x</a>",
         "licence = https://example.org/by\n");
}

/* ---- the title ---- */

TEST(the_heading_that_agrees_with_the_stated_titles_is_the_title)
{
    SAYS("<title>Harbour and hill - The Mill</title><h1>The Mill</h1><h2>Harbour and hill</h2><p>x",
         "title = Harbour and hill\n");
    SAYS("<meta property=og:title content='Harbour and hill | The Mill'><h1>Harbour<br>and hill"
         "</h1><p>x",
         "title = Harbour and hill\n");
}

TEST(without_a_heading_the_site_s_name_is_taken_off)
{
    SAYS("<title>Harbour and hill - The Mill</title><meta property=og:site_name content='The "
         "Mill'><p>x",
         "title = Harbour and hill\n");
    SAYS("<title>武汉的声音-新华网</title><meta property=og:site_name content=新华网><p>x",
         "title = 武汉的声音\n");
}

/* ---- what readers see ---- */

TEST(bylines_and_labelled_days_are_read_and_stay_in_the_text)
{
    const char *html = "<html lang=en><h1>Harbour</h1><p>By Ada Low | Published: 11/12/2019</p>"
                       "<p>The text of it.</p>";
    SAYS(html, "author = Ada Low\n");
    SAYS(html, "published = 18212\n");
    SAYS(html, "paragraph | By Ada Low | Published: 11/12/2019\n");
    SAYS(
        "<h1>渡口</h1><p>发布时间：2019年11月23日 来源：青石日报 作者：林小舟</p><p>正文在此。</p>",
        "author = 林小舟\n");
    SAYS(
        "<h1>渡口</h1><p>发布时间：2019年11月23日 来源：青石日报 作者：林小舟</p><p>正文在此。</p>",
        "published = 18223\n");
    SAYS("<html lang=de><h1>Hafen</h1><p>Von Ada Low, 23. November 2019</p><p>Text.",
         "author = Ada Low\n");
    SAYS("<h1>Harbour</h1><p>Last updated: 2019-11-23</p><p>Text.", "modified = 18223\n");
    IS_SILENT("<h1>Harbour</h1><p>Last updated: 2019-11-23</p><p>Text.", "published");
}

TEST(a_time_in_utc_gives_way_to_the_day_that_is_shown)
{
    SAYS("<meta property=article:published_time content='2018-12-31T23:11:59+00:00'><h1>New year"
         "</h1><time datetime=2019-01-01>1 January 2019</time><p>Text.",
         "published = 17897\n");
}

TEST(a_comment_s_time_and_name_are_not_the_page_s)
{
    const char *html = "<h1>Harbour</h1><p>Text.</p><div class=comments><span class=author>Ada "
                       "Low</span><time datetime=2019-11-23>then</time></div>";
    IS_SILENT(html, "author = ");
    IS_SILENT(html, "published");
}

TEST_MAIN()
