/* SPDX-License-Identifier: Apache-2.0 */
/* Guards RFC 9309: whom a group is for, which rule decides, in which spelling paths are compared. A
 * row is a file, who asks, a path, and the line that decides (0: none; below 0: it refuses). */
#include "fetch/robots.h"
#include "base/url.h"
#include "harness/refuse.h"
#include "harness/test.h"

struct row {
    const char *content;
    const char *agent;
    const char *path;
    int line;
};

static struct arena arena;

static struct robots parse(bytes content, const char *agent)
{
    struct robots robots = {.delay_ms = 0};
    arena_init(&arena, 64 << 20);
    CHECK_INT(robots_parse(&arena, content, str_of(agent), &robots), STATUS_OK);
    return robots;
}

static int64_t deciding_line(const struct robots *robots, const char *path)
{
    struct robots_verdict verdict = {.allowed = false};
    CHECK_INT(robots_judge(robots, &arena, str_of(path), &verdict), STATUS_OK);
    CHECK(verdict.allowed == (!verdict.rule || verdict.rule->allows));
    const int64_t line = verdict.rule ? (int64_t)verdict.rule->line : 0;
    return verdict.allowed ? line : -line;
}

static void check_rows(const struct row *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const struct robots robots = parse(str_bytes(str_of(rows[i].content)), rows[i].agent);
        if (!CHECK_INT(deciding_line(&robots, rows[i].path), rows[i].line)) {
            fprintf(stderr, "  %s asks for %s by:\n%s\n", rows[i].agent, rows[i].path,
                    rows[i].content);
        }
        arena_release(&arena);
    }
}

#define CHECK_ROWS(rows) check_rows((rows), sizeof(rows) / sizeof *(rows))

/* RFC 9309 5.1, its rules in other words. */
#define SIMPLE                                                                                     \
    "User-Agent: *\nDisallow: *.gif$\nDisallow: /example/\nAllow: /publications/\n\n"              \
    "User-Agent: foobot\nDisallow:/\nAllow:/example/page.html\nAllow:/example/allowed.gif\n\n"     \
    "User-Agent: barbot\nUser-Agent: bazbot\nDisallow: /example/page.html\n\n"                     \
    "User-Agent: quxbot\n"

TEST(the_groups_of_the_rfcs_example_are_kept_apart)
{
    static const struct row rows[] = {
        {SIMPLE, "other", "/a.gif", -2},
        {SIMPLE, "other", "/a.gif?b", 0},
        {SIMPLE, "other", "/example/page.html", -3},
        {SIMPLE, "other", "/publications/a", 4},
        {SIMPLE, "other", "/publications/a.gif", 4},
        {SIMPLE, "other", "/", 0},
        {SIMPLE, "foobot", "/publications/", -7},
        {SIMPLE, "foobot", "/example/page.html", 8},
        {SIMPLE, "foobot", "/example/allowed.gif", 9},
        {SIMPLE, "barbot", "/example/page.html", -13},
        {SIMPLE, "bazbot", "/example/page.html", -13},
        {SIMPLE, "bazbot", "/a.gif", 0},
        {SIMPLE, "quxbot", "/example/page.html", 0},
        {SIMPLE, "quxbot", "/a.gif", 0},
    };
    CHECK_ROWS(rows);
}

TEST(groups_of_one_name_are_one_group)
{
    /* RFC 9309 2.2.1 */
    static const char merged[] = "user-agent: ExampleBot\ndisallow: /foo\ndisallow: /bar\n\n"
                                 "user-agent: ExampleBot\ndisallow: /baz\n";
    static const char apart[] = "user-agent: a\ndisallow: /1\nuser-agent: b\nallow: /2\n"
                                "user-agent: *\ndisallow: /\nuser-agent: A\ndisallow: /3\n";
    static const struct row rows[] = {
        {merged, "examplebot", "/foo", -2},
        {merged, "examplebot", "/bar", -3},
        {merged, "examplebot", "/baz", -6},
        {merged, "examplebot", "/qux", 0},
        {apart, "a", "/1", -2},
        {apart, "a", "/3", -8},
        {apart, "a", "/2", 0},
        {apart, "b", "/2", 4},
        {apart, "b", "/1", 0},
        {apart, "c", "/2", -6},
    };
    CHECK_ROWS(rows);
}

TEST(a_crawler_is_named_by_its_token_whatever_the_case_and_whatever_follows)
{
    static const char group[] = "User-agent: ExampleBot/2.1 (x)\nDisallow: /\n";
    static const char longer[] = "User-agent: ExampleBot-News\nDisallow: /\n";
    static const char everyone[] = "User-agent: *\nDisallow: /\n";
    static const char blank[] = "User-agent:\nDisallow: /\n";
    static const struct row rows[] = {
        {group, "examplebot", "/x", -2},
        {group, "EXAMPLEBOT", "/x", -2},
        {group, "example", "/x", 0},
        {longer, "examplebot", "/x", 0},
        {longer, "examplebot-news", "/x", -2},
        {everyone, "", "/x", -2},
        {blank, "examplebot", "/x", 0},
        {blank, "", "/x", 0},
        {"User-agent: * # all\nDisallow: /\n", "a", "/", -2},
        {"User-agent: * all\nDisallow: /\n", "a", "/", -2},
        {"User-agent: *all\nDisallow: /\n", "a", "/", 0},
        {"User-agent: MJ12bot\nDisallow: /\n", "mj12bot", "/", -2},
        {"User-agent: bot1\nDisallow: /\n", "bot", "/", 0},
    };
    CHECK_ROWS(rows);
    CHECK_STR(robots_token(STR("Quern_x-2/0.1 (+a)")), STR("Quern_x-2"));
    CHECK_STR(robots_token(STR(" Quern")), STR(""));
    CHECK_STR(robots_token(STR("权力")), STR(""));
}

TEST(the_rule_of_most_octets_decides_and_allow_wins_a_tie)
{
    /* RFC 9309 5.2 */
    static const char specific[] = "User-Agent: foobot\nAllow: /example/page/\n"
                                   "Disallow: /example/page/disallowed.gif\n";
    static const char tie[] = "User-agent: *\nDisallow: /page\nAllow: /page\nDisallow: /page\n";
    static const char stars[] = "User-agent: *\nAllow: /p\nDisallow: /*p\nDisallow: /\n";
    static const char encoded[] = "User-agent: *\nDisallow: /%E3%83%84\nAllow: /ツ\n"
                                  "Disallow: /ツ\n";
    static const struct row rows[] = {
        {specific, "foobot", "/example/page/disallowed.gif", -3},
        {specific, "foobot", "/example/page/", 2},
        {specific, "foobot", "/example/page/disallowed.gi", 2},
        {tie, "a", "/page/x", 3},
        {tie, "a", "/pag", 0},
        {stars, "a", "/p", -3},
        {stars, "a", "/q", -4},
        {encoded, "a", "/%e3%83%84", 3},
        {"User-agent: *\nDisallow: /a\nDisallow: /a\n", "b", "/a", -2},
    };
    CHECK_ROWS(rows);
}

TEST(paths_are_compared_from_their_first_octet_with_case)
{
    static const char fish[] = "User-agent: *\nDisallow: /fish\n";
    static const struct row rows[] = {
        {fish, "a", "/fish", -2},        {fish, "a", "/fish.html", -2},
        {fish, "a", "/fish/salmon", -2}, {fish, "a", "/fish?id=1", -2},
        {fish, "a", "/Fish.asp", 0},     {fish, "a", "/catfish", 0},
        {fish, "a", "/fis", 0},          {fish, "a", "/?/fish", 0},
    };
    CHECK_ROWS(rows);
}

TEST(a_star_is_any_octets_and_a_dollar_the_end)
{
    static const char php[] = "User-agent: *\nDisallow: /*.php$\n";
    static const char pieces[] = "User-agent: *\nDisallow: /a*b*c$\n";
    static const char twice[] = "User-agent: *\nDisallow: /**aab*ab$\n";
    static const char inside[] = "User-agent: *\nDisallow: /a$b\n";
    static const char names[] = "User-agent: *\nDisallow: /path/file-with-a-%2A.html\n"
                                "Disallow: /path/foo-%24\n";
    static const struct row rows[] = {
        {php, "a", "/x.php", -2},
        {php, "a", "/x.php.php", -2},
        {php, "a", "/x.php?y", 0},
        {php, "a", "/.php", -2},
        {php, "a", "/x.PHP", 0},
        {pieces, "a", "/abc", -2},
        {pieces, "a", "/a-b-b-c-c", -2},
        {pieces, "a", "/a-b-c-", 0},
        {pieces, "a", "/acb", 0},
        {twice, "a", "/aaabab", -2},
        {twice, "a", "/aab", 0},
        {twice, "a", "/aabab", -2},
        {inside, "a", "/a$b", -2},
        {inside, "a", "/a", 0},
        {"User-agent: *\nDisallow: /$\n", "a", "/", -2},
        {"User-agent: *\nDisallow: /$\n", "a", "/a", 0},
        {"User-agent: *\nDisallow: *\n", "a", "/a", -2},
        {"User-agent: *\nDisallow: *$\n", "a", "/a", -2},
        {"User-agent: *\nDisallow: /*\n", "a", "/", -2},
        {"User-agent: *\nDisallow: $\n", "a", "/", -2},
        /* RFC 9309 2.2.3: special characters themselves are encoded. */
        {names, "a", "/path/file-with-a-*.html", -2},
        {names, "a", "/path/file-with-a-%2a.html", -2},
        {names, "a", "/path/file-with-a-x.html", 0},
        {names, "a", "/path/foo-$", -3},
        {names, "a", "/path/foo-", 0},
    };
    CHECK_ROWS(rows);
}

TEST(paths_have_one_spelling)
{
    /* RFC 9309 2.2.2, the table, each path against each of its spellings */
    static const char query[] = "User-agent: *\nDisallow: /foo/bar?baz=https://foo.bar\n";
    static const char coded[] = "User-agent: *\nDisallow: /foo/bar?baz=https%3A%2F%2Ffoo.bar\n";
    static const char kana[] = "User-agent: *\nDisallow: /foo/bar/ツ\n";
    static const char kana_coded[] = "User-agent: *\nDisallow: /foo/bar/%e3%83%84\n";
    static const char baz[] = "User-agent: *\nDisallow: /foo/bar/%62%61%7A\n";
    static const char slash[] = "User-agent: *\nDisallow: /a%2fb\n";
    static const char blank[] = "User-agent: *\nDisallow: /a b\n";
    static const char percent[] = "User-agent: *\nDisallow: /100%\nDisallow: /%zz%4\n";
    static const char anywhere[] = "User-agent: *\nDisallow: /*to=https%3A%2F%2F\n";
    static const struct row rows[] = {
        {"User-agent: *\nDisallow: /foo/bar?baz=quz\n", "a", "/foo/bar?baz=quz", -2},
        {query, "a", "/foo/bar?baz=https://foo.bar", -2},
        {query, "a", "/foo/bar?baz=https%3A%2F%2Ffoo.bar", -2},
        {coded, "a", "/foo/bar?baz=https://foo.bar", -2},
        {coded, "a", "/foo/bar?baz=https%3a%2f%2ffoo.bar", -2},
        {kana, "a", "/foo/bar/%E3%83%84", -2},
        {kana_coded, "a", "/foo/bar/%E3%83%84", -2},
        {baz, "a", "/foo/bar/baz", -2},
        {baz, "a", "/foo/bar/%62az", -2},
        {slash, "a", "/a%2Fb", -2},
        {slash, "a", "/a/b", 0},
        {"User-agent: *\nDisallow: /a/b\n", "a", "/a%2Fb", 0},
        {"User-agent: *\nDisallow: /a%3Fb\n", "a", "/a?b", 0},
        {blank, "a", "/a%20b", -2},
        {blank, "a", "/a", 0},
        {percent, "a", "/100%", -2},
        {percent, "a", "/%zz%4", -3},
        {percent, "a", "/100%25", 0},
        {anywhere, "a", "/x?to=https%3a%2F%2Fy", -2},
        {anywhere, "a", "/x?to=https://y", -2},
        {anywhere, "a", "/to=https://y", 0},
    };
    CHECK_ROWS(rows);
}

TEST(lines_end_in_three_ways_and_comments_end_them_too)
{
    static const struct row rows[] = {
        {"User-agent: *\r\nDisallow: /x\r\n", "a", "/x", -2},
        {"User-agent: *\rDisallow: /x", "a", "/x", -2},
        {"\n\r\n\rUser-agent: *\nDisallow: /x", "a", "/x", -5},
        {"User-agent: *#c\nDisallow: /x#c\n", "a", "/x", -2},
        {"User-agent: *\nDisallow: /x # c\n", "a", "/x", -2},
        {"User-agent: *\n#Disallow: /x\n", "a", "/x", 0},
        {"\xEF\xBB\xBFUser-agent: *\nDisallow: /x\n", "a", "/x", -2},
        {"User-agent: *\n\xEF\xBB\xBF"
         "Disallow: /x\n",
         "a", "/x", 0},
        {" \t USER-AGENT \t : \t * \t \n \t dISALLOW \t : \t /x \t \n", "a", "/x", -2},
        {"", "a", "/x", 0},
        {"<html><body>User-agent: *</body></html>", "a", "/x", 0},
    };
    CHECK_ROWS(rows);
}

TEST(an_empty_rule_is_none_but_ends_the_names_of_a_group)
{
    static const char content[] = "User-agent: a\nDisallow:\nUser-agent: b\nDisallow: /\n";
    static const struct row rows[] = {
        {content, "a", "/x", 0},
        {content, "b", "/x", -4},
        {"User-agent: a\nAllow:\nDisallow: /\n", "a", "/x", -3},
    };
    CHECK_ROWS(rows);
}

TEST(rules_outside_any_group_are_none_and_robots_txt_is_always_allowed)
{
    static const char content[] = "Disallow: /a\nUser-agent: *\nDisallow: /\n";
    static const struct row rows[] = {
        {"Disallow: /\n", "a", "/x", 0},
        {content, "a", "/a", -3},
        {content, "a", "/robots.txt", 0},
        {content, "a", "/robots.txt.html", -3},
    };
    CHECK_ROWS(rows);
}

TEST(other_lines_end_no_group)
{
    /* RFC 9309 2.2.4 */
    static const char sitemap[] = "User-agent: a\nSitemap: https://a.example/s.xml\n"
                                  "Unheard-of: x\nUser-agent: b\nDisallow: /\n";
    static const struct row rows[] = {
        {sitemap, "a", "/x", -5},
        {sitemap, "b", "/x", -5},
        {sitemap, "c", "/x", 0},
        {"User-agent: a\nDisallow: /1\nSitemap: s\nDisallow: /2\n", "a", "/2", -4},
    };
    CHECK_ROWS(rows);
}

TEST(what_is_plainly_meant_is_taken)
{
    static const struct row rows[] = {
        {"Useragent: *\nDissallow: /x\n", "a", "/x", -2},
        {"User agent: *\nDisalow: /x\n", "a", "/x", -2},
        {"User-agent *\nDisallow /x\n", "a", "/x", -2},
        {"User-agent: *\nDisallow /x for all\n", "a", "/x", 0},
        {"User-agent: *\nDisallow: x\n", "a", "/x", -2},
    };
    CHECK_ROWS(rows);
}

TEST(the_delay_is_that_of_the_names_before_it)
{
    static const char content[] = "User-agent: slow\nCrawl-delay: 20\nUser-agent: *\n"
                                  "Disallow: /x\nCrawl-delay: 1.5\n\nUser-agent: slow\n"
                                  "Crawl-delay: 7\n";
    static const struct {
        const char *value;
        int64_t delay_ms;
    } values[] = {{"10", 10000}, {"0", 0},         {"0.25", 250},
                  {".5", 500},   {"2.0009", 2000}, {"3 s", 3000},
                  {"", -1},      {"-1", -1},       {"soon", -1},
                  {".", -1},     {"1.2.3", 1200},  {"99999999999999999999", 1000000000}};
    struct robots robots = parse(str_bytes(str_of(content)), "slow");
    CHECK(robots.is_named);
    CHECK_INT(robots.delay_ms, 20000);
    CHECK_INT(robots.delay_line, 2);
    CHECK_INT(deciding_line(&robots, "/x"), -4);
    arena_release(&arena);
    robots = parse(str_bytes(str_of(content)), "other");
    CHECK(!robots.is_named);
    CHECK_INT(robots.delay_ms, 1500);
    CHECK_INT(robots.delay_line, 5);
    arena_release(&arena);
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
        char text[80];
        snprintf(text, sizeof text, "User-agent: *\nCrawl-delay: %s\n", values[i].value);
        robots = parse(str_bytes(str_of(text)), "a");
        CHECK_INT(robots.delay_ms, values[i].delay_ms);
        arena_release(&arena);
    }
}

static bool is_line(const struct robots_line *line, size_t number, str value)
{
    return line && CHECK_INT(line->line, number) &&
           CHECK_STR(((str){.ptr = (const char *)line->value.ptr, .len = line->value.len}), value);
}

TEST(sitemaps_are_the_files_and_signals_are_the_groups)
{
    static const char content[] = "Content-Usage: train-ai=n\nUser-agent: *\n"
                                  "Content-Signal: search=yes, ai-train=no\nAllow: /\n"
                                  "Sitemap: https://a.example/1.xml\n"
                                  "User-agent: own\nDisallow: /x\nContent-Usage: /a train-ai=y\n"
                                  "sitemap:\nSITEMAP: /2.xml # second\n";
    struct robots robots = parse(str_bytes(str_of(content)), "other");
    CHECK(is_line(robots.signals, 1, STR("train-ai=n")));
    CHECK(is_line(robots.signals->next, 3, STR("search=yes, ai-train=no")));
    CHECK(robots.signals->next->next == NULL);
    CHECK(is_line(robots.sitemaps, 5, STR("https://a.example/1.xml")));
    CHECK(is_line(robots.sitemaps->next, 10, STR("/2.xml")));
    CHECK(robots.sitemaps->next->next == NULL);
    arena_release(&arena);
    robots = parse(str_bytes(str_of(content)), "own");
    CHECK(is_line(robots.signals, 1, STR("train-ai=n")));
    CHECK(is_line(robots.signals->next, 8, STR("/a train-ai=y")));
    CHECK(robots.sitemaps != NULL);
    arena_release(&arena);
}

/* A file of `size` bytes: blanks, with `text` at `at`. */
static bytes make_file(char *content, size_t size, size_t at, const char *text)
{
    memset(content, '\n', size);
    memcpy(content, "User-agent: *\n", 14);
    memcpy(content + at, text, strlen(text));
    return (bytes){.ptr = (const uint8_t *)content, .len = size};
}

TEST(half_a_mebibyte_is_read_and_no_half_line)
{
    static char content[ROBOTS_BYTES_MAX + 100];
    bytes file = make_file(content, sizeof content, ROBOTS_BYTES_MAX - 13, "Disallow: /x\n");
    struct robots robots = parse(file, "a");
    CHECK(deciding_line(&robots, "/x") < 0);
    arena_release(&arena);
    file = make_file(content, sizeof content, ROBOTS_BYTES_MAX - 12, "Disallow: /x\n");
    robots = parse(file, "a");
    CHECK_INT(deciding_line(&robots, "/x"), 0);
    arena_release(&arena);
    file = make_file(content, ROBOTS_BYTES_MAX, ROBOTS_BYTES_MAX - 12, "Disallow: /x");
    robots = parse(file, "a");
    CHECK(deciding_line(&robots, "/x") < 0);
    arena_release(&arena);
}

TEST(a_file_made_to_be_slow_is_answered_with_no)
{
    enum { PATTERN = 30000, RULES = 17 };
    static char content[RULES * (PATTERN + 16) + 32];
    static char path[2 * PATTERN];
    size_t len = (size_t)snprintf(content, sizeof content, "User-agent: *\n");
    for (int i = 0; i < RULES; i++) {
        len += (size_t)snprintf(content + len, sizeof content - len, "Disallow: /*");
        memset(content + len, 'a', PATTERN);
        len += PATTERN;
        len += (size_t)snprintf(content + len, sizeof content - len, "b\n");
    }
    memset(path, 'a', sizeof path - 1);
    path[0] = '/';
    struct robots robots = parse((bytes){.ptr = (const uint8_t *)content, .len = len}, "a");
    struct robots_verdict verdict;
    CHECK_INT(robots_judge(&robots, &arena, str_of(path), &verdict), STATUS_OK);
    CHECK(!verdict.allowed && verdict.is_costly && !verdict.rule);
    CHECK_INT(deciding_line(&robots, "/b"), 0);
    arena_release(&arena);
}

TEST(without_memory_it_says_so)
{
    long refusals = 0;
    for (long n = 1; refuse_try(n, false); n++) {
        struct robots robots;
        struct robots_verdict verdict = {.allowed = true};
        arena_init(&arena, 1 << 20);
        enum status status = robots_parse(&arena, str_bytes(STR(SIMPLE)), STR("foobot"), &robots);
        if (status == STATUS_OK) {
            status = robots_judge(&robots, &arena, STR("/x"), &verdict);
        }
        refusals += refuse_refused();
        CHECK(status == STATUS_OK ? !verdict.allowed : status == STATUS_NO_MEMORY);
        arena_release(&arena);
    }
    CHECK(refusals > 0);
}

TEST_MAIN()
