/* SPDX-License-Identifier: Apache-2.0 */
/* Guards the reading of sitemaps and feeds: which addresses they give, of what kind, with which
 * date, and that a list that breaks off gives what was whole before. */
#include "formats/listing.h"
#include "harness/test.h"

static struct arena arena;

/* url|modified|kind, a line a link; then kind and end. */
static str links(str content, const char *base_text)
{
    struct listing listing;
    struct listing_link link;
    struct url base;
    struct buf out;
    arena_reset(&arena);
    buf_init(&out, &arena, 64 << 20);
    const bool has_base = url_parse(&arena, str_of(base_text), NULL, &base) == URL_OK;
    (void)listing_open(&listing, &arena, str_bytes(content), STR(""), has_base ? &base : NULL);
    while (listing_next(&listing, &link)) {
        buf_add(&out, link.url);
        buf_add(&out, STR("|"));
        buf_add(&out, link.modified);
        buf_add(&out, STR("|"));
        buf_add(&out, listing_rel_name(link.rel));
        buf_add(&out, link.other_host ? STR(" elsewhere\n") : STR("\n"));
    }
    buf_add(&out, listing_kind_name(listing.kind));
    buf_add(&out, STR(" "));
    buf_add(&out, listing_end_name(listing.end));
    listing_close(&listing);
    return buf_str(&out);
}

static const str urlset = STR_INIT(
    "<?xml version='1.0'?><urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9' "
    "xmlns:image='http://www.google.com/schemas/sitemap-image/1.1' "
    "xmlns:xhtml='http://www.w3.org/1999/xhtml'>"
    "<url><loc> http://A.example/x?a=1&amp;b=2#top </loc><image:image><image:loc>http://a.example/i"
    "</image:loc></image:image><xhtml:link rel='alternate' href='http://a.example/en'/>"
    "<lastmod>2024-05-17T08:30:00+08:00</lastmod><changefreq>Daily</changefreq>"
    "<priority>0.8</priority></url>"
    "<url><loc>/relative</loc></url><url><loc>ftp://a.example/</loc></url>"
    "<url><loc><![CDATA[https://b.example/权]]></loc></url></urlset>");

TEST(a_sitemap_gives_its_pages_with_their_dates)
{
    arena_init(&arena, (size_t)1 << 30);
    CHECK_STR(links(urlset, "http://a.example/sitemap.xml"),
              STR("http://a.example/x?a=1&b=2|2024-05-17T08:30:00+08:00|page\n"
                  "http://a.example/relative||page\n"
                  "https://b.example/%E6%9D%83||page elsewhere\n"
                  "urlset whole"));
    CHECK_STR(links(urlset, ""), STR("http://a.example/x?a=1&b=2|2024-05-17T08:30:00+08:00|page\n"
                                     "https://b.example/%E6%9D%83||page\n"
                                     "urlset whole"));
}

TEST(what_a_sitemap_says_of_a_page_is_read)
{
    struct listing listing;
    struct listing_link link;
    arena_reset(&arena);
    CHECK(listing_open(&listing, &arena, str_bytes(urlset), STR(""), NULL));
    CHECK(listing_next(&listing, &link));
    CHECK_INT(link.modified_us, INT64_C(1715905800000000));
    CHECK_STR(link.change_frequency, STR("daily"));
    CHECK_INT(link.priority_milli, 800);
    CHECK(listing_next(&listing, &link));
    CHECK_INT(link.modified_us, INT64_MIN);
    CHECK_STR(link.change_frequency, STR(""));
    CHECK_INT(link.priority_milli, -1);
    CHECK(!listing_next(&listing, &link));
    CHECK_INT(listing.bad_count, 2);
    listing_close(&listing);
}

TEST(an_index_gives_sitemaps)
{
    CHECK_STR(links(STR("<sitemapindex><sitemap><loc>http://a/1.xml.gz</loc><lastmod>2024</lastmod>"
                        "</sitemap></sitemapindex>"),
                    ""),
              STR("http://a/1.xml.gz|2024|sitemap\nsitemapindex whole"));
}

TEST(a_list_of_lines_gives_pages)
{
    CHECK_STR(
        links(STR("\xEF\xBB\xBFhttp://a/1\r\n\r\n# remark\nnothing\n  http://a/2\t\nhttp://a/3"),
              ""),
        STR("http://a/1||page\nhttp://a/2||page\nhttp://a/3||page\ntext whole"));
    CHECK_STR(links(STR("Dear reader\nhttp://a/1"), ""), STR("foreign whole"));
    CHECK_STR(links(STR(""), ""), STR("foreign whole"));
}

TEST(rss_gives_pages_and_enclosures)
{
    CHECK_STR(
        links(STR("<rss version='2.0' xmlns:atom='http://www.w3.org/2005/Atom'><channel>"
                  "<link>http://a/home</link><atom:link rel='next' href='?page=2'/>"
                  "<item><title>t</title><link>http://a/1</link><guid>http://a/guid</guid>"
                  "<pubDate>Fri, 17 May 2024 08:30:15 GMT</pubDate>"
                  "<enclosure url='http://a/1.pdf' type='application/pdf' length='1'/></item>"
                  "<item><guid isPermaLink='true'>http://a/2</guid></item>"
                  "<item><guid isPermaLink='false'>http://a/no</guid></item>"
                  "<item><guid>tag:3</guid><dc:date>2024-01</dc:date><atom:link href='/3'/></item>"
                  "</channel></rss>"),
              "http://a/feed"),
        STR("http://a/feed?page=2||next\n"
            "http://a/1|Fri, 17 May 2024 08:30:15 GMT|page\n"
            "http://a/1.pdf|Fri, 17 May 2024 08:30:15 GMT|enclosure\n"
            "http://a/2||page\nhttp://a/3|2024-01|page\nrss whole"));
}

TEST(rss_of_the_first_kind_gives_pages)
{
    CHECK_STR(
        links(STR("<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' "
                  "xmlns='http://purl.org/rss/1.0/' xmlns:d='http://purl.org/dc/elements/1.1/'>"
                  "<channel rdf:about='http://a/'><link>http://a/</link></channel>"
                  "<item rdf:about='http://a/1'><link>http://a/1</link><d:date>2024-05</d:date>"
                  "</item><item rdf:about='http://a/2'/></rdf:RDF>"),
              ""),
        STR("http://a/1|2024-05|page\nhttp://a/2||page\nrdf whole"));
}

TEST(atom_gives_alternates_against_their_base)
{
    CHECK_STR(
        links(STR("<feed xmlns='http://www.w3.org/2005/Atom' xml:base='http://a/b/'>"
                  "<link rel='next' href='p2'/><link rel='self' href='self'/>"
                  "<entry xml:base='c/'><link href='1'/><link href='other' hreflang='de'/>"
                  "<link rel='enclosure' href='1.pdf'/><link rel='edit' href='e'/>"
                  "<published>2024-05-01</published><updated>2024-05-17</updated></entry>"
                  "<entry><content src='2'/><published>2024-05-02</published></entry></feed>"),
              ""),
        STR("http://a/b/p2||next\nhttp://a/b/c/1|2024-05-17|page\n"
            "http://a/b/c/1.pdf|2024-05-17|enclosure\nhttp://a/b/2|2024-05-02|page\natom whole"));
}

TEST(a_sitemap_cut_anywhere_gives_whole_entries_and_says_so)
{
    struct buf whole;
    struct arena kept;
    arena_init(&kept, 1 << 20);
    buf_init(&whole, &kept, 1 << 16);
    buf_add(&whole, links(urlset, "http://a.example/"));
    const size_t whole_len = whole.len - STR("urlset whole").len;
    size_t gave_some = 0;
    for (size_t len = 1; len < urlset.len; len++) {
        const str part = links(str_slice(urlset, 0, len), "http://a.example/");
        CHECK(str_ends(part, STR(" cut")));
        const size_t part_len = str_slice(part, 0, part.len).len - 4;
        const size_t line_end = part_len; /* "foreign" or "urlset" stands on the last line */
        size_t at = line_end;
        while (at > 0 && part.ptr[at - 1] != '\n') {
            at--;
        }
        CHECK(at <= whole_len && memcmp(part.ptr, whole.ptr, at) == 0);
        gave_some += at > 0;
    }
    CHECK(gave_some > 100);
    arena_release(&kept);
}

TEST(what_is_another_kind_of_xml_is_foreign)
{
    CHECK_STR(links(STR("<html><body><a href='http://a/'>x</a></body></html>"), ""),
              STR("foreign whole"));
    CHECK_STR(
        links(STR("<urlset><url><loc>http://a/1</loc></url><url></wrong></url></urlset>"), ""),
        STR("http://a/1||page\nurlset broken"));
}

static void add_many(struct buf *out, int count)
{
    buf_add(out, STR("<urlset>"));
    for (int i = 0; i < count; i++) {
        buf_add(out, STR("<url><loc>http://a/"));
        buf_add_integer(out, i);
        buf_add(out, STR("</loc></url>"));
    }
    buf_add(out, STR("</urlset>"));
}

TEST(a_list_has_limits_of_links_and_bytes)
{
    struct arena text_arena;
    struct buf text;
    struct listing listing;
    struct listing_link link;
    arena_init(&text_arena, (size_t)1 << 30);
    buf_init(&text, &text_arena, (size_t)1 << 29);
    add_many(&text, LISTING_LINKS_MAX + 1);
    arena_reset(&arena);
    CHECK(listing_open(&listing, &arena, buf_bytes(&text), STR(""), NULL));
    while (listing_next(&listing, &link)) {
    }
    CHECK(listing.end == LISTING_LIMIT);
    CHECK_INT(listing.link_count, LISTING_LINKS_MAX);
    listing_close(&listing);

    buf_clear(&text);
    buf_add(&text, STR("<urlset><url><loc>http://a/1</loc></url><!--"));
    const size_t room = LISTING_BYTES_MAX;
    memset(buf_extend(&text, room), 'x', room);
    buf_add(&text, STR("--><url><loc>http://a/2</loc></url></urlset>"));
    arena_reset(&arena);
    CHECK(listing_open(&listing, &arena, buf_bytes(&text), STR(""), NULL));
    CHECK(listing_next(&listing, &link));
    CHECK(!listing_next(&listing, &link));
    CHECK(listing.end == LISTING_LIMIT);
    listing_close(&listing);
    arena_release(&text_arena);
    arena_release(&arena);
}

TEST_MAIN()
