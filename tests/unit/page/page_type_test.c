/* SPDX-License-Identifier: Apache-2.0 */
/* What is counted of a page to tell its type: the model sees these counts and nothing else. */
#include "page/blocks.h"
#include "page/page_type.h"
#include "page/type_elements.h"
#include "unit/page/page_log.h"

#define LONG                                                                                       \
    "The wall was built in one summer, and its mortar was still soft when the first of two hard "  \
    "winters came down on it from the north, long before anyone had thought of a roof."

static struct type_counts counted(const char *html)
{
    struct page_log page;
    struct lines lines = {0};
    struct metadata metadata;
    struct density density;
    page_log_begin(&page, str_of(html));
    CHECK(html_parse(&page.arena, str_of(html), 512, NULL, &page.dom) == STATUS_OK);
    CHECK(blocks_read(&page.arena, &page.dom, &page.log.sink, &lines, &metadata) == STATUS_OK);
    CHECK(density_measure(&lines, &density) == STATUS_OK);
    CHECK(page_type_count(&density, &lines.evidence) == STATUS_OK);
    page_log_end(&page);
    return lines.evidence.counts;
}

TEST(numbers_are_read_in_quarters_of_their_powers_of_two)
{
    static const unsigned of[][2] = {{0, 0},   {1, 4},   {2, 8},           {3, 10},  {4, 12},
                                     {7, 15},  {8, 16},  {9, 16},          {10, 17}, {15, 19},
                                     {16, 20}, {64, 28}, {UINT32_MAX, 131}};
    for (size_t i = 0; i < sizeof of / sizeof of[0]; i++) {
        struct type_counts counts = {0};
        counts.of[TYPE_tag_p] = of[i][0];
        CHECK(type_count_level(&counts, TYPE_tag_p) == of[i][1]);
    }
}

TEST(shares_are_read_as_they_stand_up_to_all)
{
    struct type_counts counts = {0};
    counts.of[TYPE_good_share] = 37;
    CHECK(type_count_level(&counts, TYPE_good_share) == 37);
    counts.of[TYPE_good_share] = 1000;
    CHECK(type_count_level(&counts, TYPE_good_share) == 100);
}

TEST(words_are_found_whole_in_any_case_and_only_in_their_place)
{
    struct type_words words;
    struct type_counts counts = {0};
    type_words_init(&words);
    CHECK(words.count < TYPE_WORDS_MAX);
    CHECK(type_words_count(&words, STR("productCard price_tag"), TYPE_CLASS, true, &counts) == 4);
    CHECK(counts.of[TYPE_class_product] == 1 && counts.of[TYPE_class_card] == 1);
    CHECK(counts.of[TYPE_class_price] == 1);
    CHECK(type_words_count(&words, STR("byproducts"), TYPE_CLASS, true, &counts) == 1);
    type_text_count(&words, STR("product"), TYPE_LINE, &counts);
    CHECK(counts.of[TYPE_class_product] == 1);
    type_text_count(&words, STR("Add to cart!"), TYPE_LINE, &counts);
    type_text_count(&words, STR("加入购物车"), TYPE_LINE, &counts);
    CHECK(counts.of[TYPE_line_cart] == 2);
}

TEST(the_first_address_that_is_stated_counts)
{
    const struct type_counts counts =
        counted("<link rel=canonical href='https://forum.walls.example/2024/threads/soft-mortar-12"
                "?page=2'><meta property=og:url content='https://docs.walls.example/'><p>Wall");
    CHECK(counts.of[TYPE_address_stated] == 1);
    CHECK(counts.of[TYPE_address_depth] == 3);
    CHECK(counts.of[TYPE_address_year] == 1);
    CHECK(counts.of[TYPE_address_words] == 2);
    CHECK(counts.of[TYPE_address_digits] == 2);
    CHECK(counts.of[TYPE_address_query] == 1);
    CHECK(counts.of[TYPE_host_forum] == 1 && counts.of[TYPE_host_documentation] == 0);
    CHECK(counts.of[TYPE_path_forum] == 1);
}

TEST(an_address_without_a_path_or_a_host_is_one)
{
    const struct type_counts host = counted("<link rel=canonical href='https://blog.example'>Wall");
    CHECK(host.of[TYPE_host_article] == 1);
    CHECK(host.of[TYPE_address_depth] == 0 && host.of[TYPE_address_query] == 0);
    const struct type_counts path = counted("<link rel=canonical href='/blog/a.html'>Wall");
    CHECK(path.of[TYPE_path_article] == 1 && path.of[TYPE_address_file] == 1);
}

TEST(an_address_from_outside_counts_where_none_is_stated)
{
    struct type_words words;
    struct type_counts counts = {0};
    type_words_init(&words);
    type_address_count(&words, STR(""), &counts);
    CHECK(counts.of[TYPE_address_stated] == 0);
    type_address_count(&words, STR("http://bbs.walls.example/thread-12.html"), &counts);
    CHECK(counts.of[TYPE_host_forum] == 1 && counts.of[TYPE_path_forum] == 1);
    type_address_count(&words, STR("http://docs.walls.example/"), &counts);
    CHECK(counts.of[TYPE_host_documentation] == 0 && counts.of[TYPE_address_depth] == 1);
}

TEST(siblings_that_are_alike_make_a_row)
{
    const struct type_counts counts =
        counted("<main><div class='card a'><h3><a href=1>Mortar, soft</a></h3>$ 12</div>"
                "<div class='card b'><h3><a href=2>Mortar, hard</a></h3>$ 14</div>"
                "<div class='card'><h3><a href=3>Mortar, dry</a></h3>$ 16</div>"
                "<div class=end>No more mortar</div></main>");
    CHECK(counts.of[TYPE_row_longest] == 3);
    CHECK(counts.of[TYPE_row_linked] == 3);
    CHECK(counts.of[TYPE_row_priced] == 3);
    CHECK(counts.of[TYPE_row_headed] == 3);
    CHECK(counts.of[TYPE_row_good] == 0);
    CHECK(counts.of[TYPE_headings_linked] == 3);
}

TEST(what_hints_speak_against_is_not_counted_while_something_is_left)
{
    const struct type_counts counts = counted("<p>" LONG "</p><footer><p>" LONG
                                              "</p><p>$ 12 a day, and $ 14 a night</p></footer>");
    CHECK(counts.of[TYPE_good_blocks] == 1);
    CHECK(counts.of[TYPE_priced] == 0);
    CHECK(counted("<footer><p>" LONG "</p></footer>").of[TYPE_good_blocks] == 1);
}

TEST(prose_runs_on_over_headings_and_is_broken_by_short_lines)
{
    const uint32_t one = counted("<p>" LONG).of[TYPE_good_run];
    CHECK(one > 100);
    CHECK(counted("<p>" LONG "</p><h2>Roofs</h2><p>" LONG).of[TYPE_good_run] == 2 * one);
    CHECK(counted("<p>" LONG "</p><p>Roofs</p><p>" LONG).of[TYPE_good_run] == one);
}

TEST_MAIN()
