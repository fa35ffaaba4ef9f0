/* SPDX-License-Identifier: Apache-2.0 */
/* What the learned model makes of blocks, and where the rules stand against it. */
#include "page/blocks.h"
#include "page/judge.h"
#include "page/model.h"
#include "page/select.h"
#include "unit/page/page_log.h"

#define LONG                                                                                       \
    "The wall was built in one summer, and its mortar was still soft when the first of two hard "  \
    "winters came down on it from the north, long before anyone had thought of a roof."
#define PARAGRAPHS "<p>" LONG "</p><p>" LONG "</p><p>" LONG "</p><p>" LONG "</p>"
#define LINKS4                                                                                     \
    "<div><a href=/a>Weather</a> today</div><div><a href=/b>Markets</a> now</div>"                 \
    "<div><a href=/c>Letters</a> here</div><div><a href=/d>Sports</a> live</div>"

static bool says(const char *html, const char *what)
{
    struct page_log page;
    const str text = page_log_read(&page, str_of(html));
    const bool found = str_find(text, str_of(what), 0) < text.len;
    if (!found || page.status != STATUS_OK) {
        (void)fprintf(stderr, "%.*s", (int)text.len, text.ptr);
    }
    const bool good = found && page.status == STATUS_OK;
    page_log_end(&page);
    return good;
}

/* The block stands at `place` among such of which nothing is known. */
static uint32_t judge_at(const int16_t *numbers, size_t place)
{
    struct model_numbers all = {0};
    uint16_t likely[MODEL_BLOCKS];
    for (size_t i = 0; i < FEATURE_COUNT; i++) {
        all.of[i][place] = numbers[i];
    }
    model_judge(&all, likely);
    return likely[place];
}

static uint32_t judged_as(int16_t number)
{
    int16_t numbers[FEATURE_COUNT];
    for (size_t i = 0; i < FEATURE_COUNT; i++) {
        numbers[i] = number;
    }
    return judge_at(numbers, 0);
}

TEST(a_judgement_is_a_share_of_one_whatever_the_numbers_are)
{
    CHECK(judged_as(INT16_MIN) <= MODEL_ONE);
    CHECK(judged_as(-1) <= MODEL_ONE);
    CHECK(judged_as(0) <= MODEL_ONE);
    CHECK(judged_as(100) <= MODEL_ONE);
    CHECK(judged_as(INT16_MAX) <= MODEL_ONE);
}

/* A block of a page where all else is the same: `numbers` of long running text that the rules keep. */
static void describe_text(int16_t *numbers)
{
    memset(numbers, 0, FEATURE_COUNT * sizeof *numbers);
    numbers[FEATURE_weight] = 400;
    numbers[FEATURE_plain] = 400;
    numbers[FEATURE_signs] = 8;
    numbers[FEATURE_sign_density] = 20;
    numbers[FEATURE_kind] = BLOCK_paragraph;
    numbers[FEATURE_tag] = 1;
    numbers[FEATURE_ends] = 2;
    numbers[FEATURE_times] = 1;
    numbers[FEATURE_place] = 40;
    numbers[FEATURE_from_title] = 5;
    numbers[FEATURE_inside] = 1;
    numbers[FEATURE_near_kept] = 100;
    numbers[FEATURE_near_good] = 95;
    numbers[FEATURE_up_good] = 95;
    numbers[FEATURE_own_good] = 100;
    numbers[FEATURE_page_good] = 80;
    numbers[FEATURE_page_kept] = 85;
    numbers[FEATURE_page_kept_good] = 95;
}

TEST(running_text_among_such_is_likelier_than_a_dropped_link_among_links)
{
    int16_t text[FEATURE_COUNT];
    int16_t link[FEATURE_COUNT];
    describe_text(text);
    describe_text(link);
    link[FEATURE_weight] = 12;
    link[FEATURE_plain] = 0;
    link[FEATURE_linked] = 100;
    link[FEATURE_ends] = 0;
    link[FEATURE_ruled] = RULED_OUTSIDE;
    link[FEATURE_inside] = 0;
    link[FEATURE_near_kept] = 0;
    link[FEATURE_near_good] = 0;
    link[FEATURE_up_good] = 0;
    link[FEATURE_own_good] = 0;
    CHECK(judge_at(text, 0) > MODEL_ONE * 3 / 4);
    CHECK(judge_at(link, 0) < MODEL_ONE / 4);
}

TEST(blocks_that_are_judged_together_do_not_change_each_other)
{
    int16_t text[FEATURE_COUNT];
    describe_text(text);
    for (size_t place = 1; place < MODEL_BLOCKS; place++) {
        CHECK_INT(judge_at(text, place), judge_at(text, 0));
    }
}

struct seen {
    int64_t blocks;
    int64_t repeated;
    int64_t linked;
};

static void see(void *context, const struct lines *lines, const struct block *block,
                const int16_t *numbers)
{
    struct seen *seen = context;
    (void)lines;
    seen->blocks++;
    seen->repeated += numbers[FEATURE_times] == 8;
    seen->linked += numbers[FEATURE_linked] == 100;
    CHECK(numbers[FEATURE_weight] == (int16_t)block->weight);
}

static struct seen watch(const char *html)
{
    struct seen seen = {0};
    struct page_log page;
    struct lines lines;
    struct metadata metadata;
    const struct block_watch watcher = {.context = &seen, .see = see};
    page_log_begin(&page, str_of(html));
    CHECK(html_parse(&page.arena, str_of(html), 512, NULL, &page.dom) == STATUS_OK);
    CHECK(blocks_read(&page.arena, &page.dom, &page.log.sink, &lines, &metadata) == STATUS_OK);
    CHECK(lines_select_watched(&lines, &watcher) == STATUS_OK);
    page_log_end(&page);
    return seen;
}

TEST(numbers_say_what_repeats_and_what_is_a_link)
{
    const struct seen seen =
        watch("<article>" PARAGRAPHS PARAGRAPHS
              "</article><ul><li><a href=/a>One</a><li><a href=/b>Two</a>"
              "<li><a href=/c>Three</a><li><a href=/d>Four</a></ul>" LINKS4 LINKS4);
    CHECK_INT(seen.blocks, 20);
    CHECK_INT(seen.repeated, 8);
    CHECK_INT(seen.linked, 4);
}

TEST(a_small_page_is_left_to_the_rules)
{
    CHECK_INT(watch("<p>" LONG "</p><div>One</div><div>Two</div>").blocks, 0);
}

TEST(a_consent_banner_stays_out_and_a_title_in_whatever_the_model_says)
{
    const char *html =
        "<h1>Walls</h1><article>" PARAGRAPHS PARAGRAPHS "</article><div id=onetrust-consent-sdk>"
        "<p>We value " LONG "</p></div>" LINKS4 LINKS4;
    CHECK(says(html, "drop boilerplate | We value"));
    CHECK(says(html, "paragraph | The wall was"));
}

TEST_MAIN()
