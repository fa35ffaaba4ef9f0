/* SPDX-License-Identifier: Apache-2.0 */
/* Guards robots.txt on the way to a document: it is asked once for each origin before anything else,
 * what it says is obeyed and told, and what it cannot say is a no. */
#include "unit/fetch/server.h"

/* What the server answers to /robots.txt from now on: "STATUS BODY" with %XX for what no URL holds. */
static void say(const char *what)
{
    char path[1024];
    struct fetch_case c = fetch_case_open();
    c.settings.robots = STR("ignore");
    snprintf(path, sizeof path, "/robots-say?%s", what);
    fetch_path(&c, path);
    CHECK_INT(c.out.http_status, 200);
    fetch_case_close(&c);
}

/* How often `part` stands in what the server has logged of its /robots.txt. */
static int64_t logged(const char *part)
{
    int64_t count = 0;
    struct fetch_case c = fetch_case_open();
    c.settings.robots = STR("ignore");
    fetch_path(&c, "/robots-log");
    for (size_t at = 0; (at = str_find(c.text, str_of(part), at)) != SIZE_MAX; at++) {
        count++;
    }
    fetch_case_close(&c);
    return count;
}

static int64_t times_asked(void)
{
    return logged("\"target\"");
}

static bool message_has(const struct fetch_case *c, const char *part)
{
    const bool holds = CHECK(strstr(c->out.fault.message, part) != NULL);
    if (!holds) {
        fprintf(stderr, "  the fault says: %s\n", c->out.fault.message);
    }
    return holds;
}

#define NOT_OK "User-agent:*%0ADisallow:/ok%0A"

TEST(it_is_asked_once_for_an_origin_before_its_documents)
{
    char other[64];
    struct fetch_case c = fetch_case_open();
    say("200 " NOT_OK);
    fetch_path(&c, "/gzip");
    check_fault(&c, FAULT_none);
    CHECK_INT(times_asked(), 1);
    CHECK_INT(logged("User-Agent: quern/"), 1);
    fetch_path(&c, "/ok");
    check_fault(&c, FAULT_robots);
    CHECK(message_has(&c, "/robots.txt refuses it to * in line 2: Disallow:/ok"));
    CHECK(!c.out.retryable && !c.out.content);
    CHECK_INT(c.out.http_status, 0);
    fetch_path(&c, "/chunked");
    check_fault(&c, FAULT_none);
    CHECK_INT(times_asked(), 1);
    snprintf(other, sizeof other, "http://localhost:%d/ok", server_port());
    fetch_url(&c, other);
    check_fault(&c, FAULT_robots);
    CHECK_INT(times_asked(), 2);
    fetch_case_close(&c);
}

TEST(each_hop_of_a_document_is_asked_about)
{
    char path[64];
    struct fetch_case c = fetch_case_open();
    say("200 " NOT_OK);
    fetch_path(&c, "/redirect/1");
    check_fault(&c, FAULT_robots);
    CHECK_INT(c.out.redirect_count, 1);
    snprintf(path, sizeof path, "/to?http://localhost:%d/ok", server_port());
    fetch_path(&c, path);
    check_fault(&c, FAULT_robots);
    CHECK(message_has(&c, "http://localhost:"));
    fetch_case_close(&c);
}

TEST(the_crawler_is_named_by_the_option_or_by_its_user_agent)
{
    struct fetch_case c = fetch_case_open();
    say("200 "
        "User-agent:mine%0ADisallow:/ok%0AUser-agent:quern%0AAllow:/%0AUser-agent:*%0ADisallow:/");
    fetch_path(&c, "/ok");
    check_fault(&c, FAULT_none);
    fetch_case_close(&c);
    c = fetch_case_open();
    c.settings.user_agent = STR("mine/2");
    fetch_path(&c, "/ok");
    check_fault(&c, FAULT_robots);
    CHECK(message_has(&c, "refuses it to mine in line 2"));
    fetch_case_close(&c);
    c = fetch_case_open();
    c.settings.robots_agent = STR("Other");
    fetch_path(&c, "/gzip");
    check_fault(&c, FAULT_robots);
    CHECK(message_has(&c, "refuses it to * in line 6"));
    fetch_case_close(&c);
    c = fetch_case_open();
    c.settings.robots_agent = STR("no token");
    CHECK(fetch_open(&c.settings, STR(""), NULL, &c.open_fault, NULL) == NULL);
    CHECK(strstr(c.open_fault.message, "robots_agent") != NULL);
    fetch_case_close(&c);
}

TEST(ignored_it_is_not_asked)
{
    struct fetch_case c = fetch_case_open();
    say("200 " NOT_OK);
    c.settings.robots = STR("ignore");
    fetch_path(&c, "/ok");
    check_fault(&c, FAULT_none);
    CHECK_INT(times_asked(), 0);
    fetch_case_close(&c);
}

TEST(what_the_server_answers_is_taken_as_the_rfc_says)
{
    static const struct {
        const char *answer;
        enum fault_code code;
        bool retryable;
    } rows[] = {
        {"404 ", FAULT_none, false},
        {"403 User-agent:*%0ADisallow:/", FAULT_none, false},
        {"500 ", FAULT_robots, true},
        {"429 ", FAULT_robots, true},
        {"200 ", FAULT_none, false},
        {"501 ", FAULT_robots, false},
        {"302 /robots.txt", FAULT_none, false}, /* for ever: as if there were none */
        {"302 /big?9", FAULT_none, false},      /* to what holds no rule */
        {"302 /reset", FAULT_connect, true},
        {"302 ftp://a.example/", FAULT_none, false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct fetch_case c = fetch_case_open();
        say(rows[i].answer);
        fetch_path(&c, "/ok");
        if (!check_fault(&c, rows[i].code) || !CHECK(c.out.retryable == rows[i].retryable)) {
            fprintf(stderr, "  after %s\n", rows[i].answer);
        }
        fetch_case_close(&c);
    }
}

TEST(redirects_to_it_are_followed_to_other_hosts_five_at_least_and_judged)
{
    char answer[160];
    struct fetch_case c = fetch_case_open();
    snprintf(answer, sizeof answer, "302 http://localhost:%d/gzip", server_port());
    say(answer);
    c.settings.redirects_max = 0;
    fetch_path(&c, "/ok");
    check_fault(&c, FAULT_none);
    fetch_path(&c, "/redirect/1"); /* for documents the option holds */
    check_fault(&c, FAULT_redirect);
    fetch_case_close(&c);
    c = fetch_case_open();
    c.settings.redirects_max = 0;
    say("302 /redirect/4"); /* and one more to /ok */
    fetch_path(&c, "/headers");
    check_fault(&c, FAULT_none);
    CHECK_INT(logged("\"target\""), 1);
    fetch_case_close(&c);
    c = fetch_case_open();
    say("302 http://10.0.0.1/robots.txt");
    fetch_path(&c, "/ok");
    check_fault(&c, FAULT_address_refused);
    CHECK(message_has(&c, "robots.txt: "));
    fetch_case_close(&c);
}

TEST(a_host_that_is_not_there_is_told_as_such)
{
    struct fetch_case c = fetch_case_open();
    fetch_url(&c, "http://127.0.0.1:1/ok");
    check_fault(&c, FAULT_connect);
    CHECK(c.out.retryable);
    CHECK(message_has(&c, "robots.txt: "));
    fetch_case_close(&c);
}

TEST(a_file_without_end_is_read_to_its_limit)
{
    struct fetch_case c = fetch_case_open();
    say("302 /big?3000000");
    fetch_path(&c, "/ok");
    check_fault(&c, FAULT_none);
    fetch_case_close(&c);
}

TEST(its_delay_lies_between_documents_and_is_told_when_it_is_capped)
{
    struct fetch_case c = fetch_case_open();
    say("200 User-agent:*%0ACrawl-delay:1.2%0A");
    fetch_path(&c, "/ok");
    CHECK(!c.out.delay_capped);
    fetch_path(&c, "/ok");
    CHECK(c.took_ms >= 1100);
    fetch_path(&c, "/ok");
    CHECK(c.took_ms >= 1100);
    fetch_case_close(&c);
    c = fetch_case_open();
    c.settings.crawl_delay_max_s = 1;
    fetch_path(&c, "/ok");
    CHECK(c.out.delay_capped);
    fetch_path(&c, "/ok");
    CHECK(c.took_ms >= 900);
    fetch_case_close(&c);
}

static bool has_right(const struct fetch_case *c, const char *right)
{
    for (size_t i = 0; i < c->out.rights.count; i++) {
        if (str_equal(c->out.rights.items[i], str_of(right))) {
            return true;
        }
    }
    fprintf(stderr, "  not among its rights: %s\n", right);
    return false;
}

TEST(what_it_and_the_headers_say_of_use_is_told)
{
    struct fetch_case c = fetch_case_open();
    say("200 "
        "User-agent:*%0AContent-Signal:%20search=yes,ai-train=no%0AContent-Usage:%20train-ai=n");
    fetch_path(&c, "/signals");
    check_fault(&c, FAULT_none);
    CHECK_INT(c.out.rights.count, 6);
    CHECK(has_right(&c, "content-signal: search=yes,ai-train=no"));
    CHECK(has_right(&c, "content-usage: train-ai=n"));
    CHECK(has_right(&c, "x-robots-tag: noindex"));
    CHECK(has_right(&c, "x-robots-tag: otherbot: noarchive"));
    CHECK(has_right(&c, "tdm-reservation: 1"));
    CHECK(has_right(&c, "tdm-policy: https://a.example/policy.json"));
    fetch_path(&c, "/ok");
    CHECK_INT(c.out.rights.count, 2);
    fetch_case_close(&c);
}

/* Several documents of two origins, begun before anything is known. */
TEST(many_wait_for_one_request_and_any_may_leave)
{
    enum { MANY = 6 };
    struct fetch_case c = fetch_case_open();
    struct arena arenas[MANY];
    struct url urls[MANY];
    bool owners[MANY];
    int come = 0;
    say("200 " NOT_OK);
    c.fetcher = fetch_open(&c.settings, STR(""), NULL, &c.open_fault, NULL);
    for (int i = 0; i < MANY; i++) {
        char text[80];
        arena_init(&arenas[i], 1 << 20);
        snprintf(text, sizeof text, "http://%s:%d/%s", i % 2 ? "localhost" : "127.0.0.1",
                 server_port(), i < 2 ? "ok" : "gzip");
        CHECK_INT(url_parse(&arenas[i], str_of(text), NULL, &urls[i]), URL_OK);
        const struct fetch_order order = {
            .url = &urls[i], .arena = &arenas[i], .owner = &owners[i]};
        CHECK_INT(fetch_begin(c.fetcher, &order), STATUS_OK);
    }
    fetch_abandon(c.fetcher, &owners[2]);
    fetch_abandon(c.fetcher, &owners[5]); /* the last of those who wait */
    arena_release(&arenas[2]);
    CHECK_INT(fetch_count(c.fetcher), MANY - 2);
    for (bool done = true; done;) {
        struct fetched out;
        CHECK_INT(fetch_continue(c.fetcher, INT64_MAX, &done, &out), STATUS_OK);
        if (done) {
            const bool first = out.owner == &owners[0] || out.owner == &owners[1];
            CHECK_INT(out.fault.code, first ? FAULT_robots : FAULT_none);
            CHECK(out.owner != &owners[2] && out.owner != &owners[5]);
            blob_close(out.content);
            come++;
        }
    }
    CHECK_INT(come, MANY - 2);
    CHECK_INT(times_asked(), 2);
    for (int i = 0; i < MANY; i++) {
        if (i != 2) {
            arena_release(&arenas[i]);
        }
    }
    fetch_case_close(&c);
}

TEST(a_fetcher_may_be_closed_while_it_is_asked)
{
    struct fetch_case c = fetch_case_open();
    struct url url;
    char text[64];
    say("302 /stall?10");
    c.fetcher = fetch_open(&c.settings, STR(""), NULL, &c.open_fault, NULL);
    snprintf(text, sizeof text, "http://127.0.0.1:%d/ok", server_port());
    CHECK_INT(url_parse(&c.arena, str_of(text), NULL, &url), URL_OK);
    const struct fetch_order order = {.url = &url, .arena = &c.arena, .owner = &c};
    bool done = true;
    CHECK_INT(fetch_begin(c.fetcher, &order), STATUS_OK);
    CHECK_INT(fetch_continue(c.fetcher, clock_ms() + 300, &done, &c.out), STATUS_OK);
    CHECK(!done);
    fetch_abandon(c.fetcher, &c);
    CHECK_INT(fetch_count(c.fetcher), 0);
    fetch_case_close(&c);
    say("404 ");
}

TEST_MAIN()
