/* SPDX-License-Identifier: Apache-2.0 */
/* Guards many documents at once: each comes once and whole, no more requests are open than may be, a
 * web host is never asked twice at a time, and all of them end when the host says so. */
#include "unit/fetch/server.h"

#include "harness/refuse.h"

enum { MANY = 64 };

struct many {
    struct settings settings;
    struct fetcher *fetcher;
    struct arena arenas[MANY];
    struct url urls[MANY];
    bool done[MANY];
    size_t begun;
    str allowed[1];
};

/* On 127.0.0.1 to 127.0.0.64: as many web hosts. */
static int wide_port(void)
{
    static const char *const arguments[] = {"python3", "tests/e2e/server.py", "--addresses", "64",
                                            NULL};
    if (!servers[1].pid) {
        server_start(&servers[1], arguments);
    }
    return servers[1].port;
}

static void many_open(struct many *many, const struct fetch_watch *watch)
{
    struct fault fault;
    many->allowed[0] = STR("127.0.0.0/8");
    many->settings.allow_addresses = (struct str_list){.items = many->allowed, .count = 1};
    many->fetcher = fetch_open(&many->settings, STR(""), watch, &fault, NULL);
    CHECK(many->fetcher != NULL);
}

static struct many many_default(void)
{
    struct many many = {.settings = settings_default()};
    many.settings.delay_ms = 0;
    return many;
}

static enum status begin(struct many *many, int host, const char *path)
{
    char text[128];
    const size_t i = many->begun++;
    snprintf(text, sizeof text, "http://127.0.0.%d:%d%s", host, wide_port(), path);
    arena_init(&many->arenas[i], 1 << 20);
    if (url_parse(&many->arenas[i], str_of(text), NULL, &many->urls[i]) != URL_OK) {
        return STATUS_NO_MEMORY;
    }
    const struct fetch_order order = {
        .url = &many->urls[i], .arena = &many->arenas[i], .owner = &many->done[i]};
    return fetch_begin(many->fetcher, &order);
}

static void many_close(struct many *many)
{
    fetch_close(many->fetcher);
    for (size_t i = 0; i < many->begun; i++) {
        arena_release(&many->arenas[i]);
    }
}

/* Whose it is, each at most once. */
static size_t index_of(struct many *many, const struct fetched *out)
{
    const size_t i = (size_t)((bool *)out->owner - many->done);
    CHECK(i < many->begun && !many->done[i]);
    many->done[i] = true;
    return i;
}

static size_t take_all(struct many *many)
{
    struct fetched out;
    bool done = true;
    size_t taken = 0;
    while (CHECK_INT(fetch_continue(many->fetcher, INT64_MAX, &done, &out), STATUS_OK) && done) {
        (void)index_of(many, &out);
        CHECK_INT(out.status, STATUS_OK);
        CHECK_INT(out.fault.code, FAULT_none);
        CHECK(out.content && blob_content(out.content).len == 35 * 40);
        blob_close(out.content);
        taken++;
    }
    CHECK_INT(fetch_count(many->fetcher), 0);
    return taken;
}

TEST(each_of_many_documents_comes_once_and_whole)
{
    struct many many = many_default();
    many_open(&many, NULL);
    for (int i = 0; i < MANY; i++) {
        CHECK_INT(begin(&many, 1 + i, i % 2 ? "/ok" : "/gzip"), STATUS_OK);
    }
    CHECK_INT(take_all(&many), MANY);
    many_close(&many);
}

TEST(documents_of_one_host_come_in_the_order_in_which_they_were_begun)
{
    struct many many = many_default();
    struct fetched out;
    bool done = true;
    size_t last[4] = {0};
    many_open(&many, NULL);
    for (int i = 0; i < 40; i++) {
        CHECK_INT(begin(&many, 1 + i % 4, i % 8 ? "/ok" : "/flaky/order?1"), STATUS_OK);
    }
    while (fetch_continue(many.fetcher, INT64_MAX, &done, &out) == STATUS_OK && done) {
        const size_t i = index_of(&many, &out);
        CHECK(last[i % 4] <= i);
        last[i % 4] = i;
        blob_close(out.content);
    }
    CHECK_INT(fetch_count(many.fetcher), 0);
    many_close(&many);
}

/* A server that answers nobody: how many it was asked by. */
static int64_t open_requests(struct many *many, int64_t for_ms)
{
    struct fetched out;
    bool done = false;
    CHECK_INT(fetch_continue(many->fetcher, clock_ms() + for_ms, &done, &out), STATUS_OK);
    CHECK(!done);
    struct fetch_case log = fetch_case_open();
    char url[64];
    snprintf(url, sizeof url, "http://127.0.0.1:%d/log", wide_port());
    fetch_url(&log, url);
    int64_t asked = 0;
    for (size_t at = 0; (at = str_find(log.text, STR("/stall-head"), at)) != SIZE_MAX; at++) {
        asked++;
    }
    fetch_case_close(&log);
    return asked;
}

TEST(no_more_requests_are_open_than_connections_max_and_one_for_each_host)
{
    struct many many = many_default();
    many.settings.connections_max = 10;
    many_open(&many, NULL);
    const int64_t before = open_requests(&many, 0);
    for (int i = 0; i < 30; i++) {
        CHECK_INT(begin(&many, 1 + i, "/stall-head"), STATUS_OK);
    }
    CHECK_INT(open_requests(&many, 1500) - before, 10);
    many_close(&many);
    many = many_default();
    many_open(&many, NULL);
    for (int i = 0; i < 30; i++) {
        CHECK_INT(begin(&many, 1 + i % 3, "/stall-head"), STATUS_OK);
    }
    CHECK_INT(open_requests(&many, 1500) - before, 10 + 3);
    many_close(&many);
    many = many_default();
    many.settings.connections_per_host = 4;
    many_open(&many, NULL);
    for (int i = 0; i < 30; i++) {
        CHECK_INT(begin(&many, 1 + i % 3, "/stall-head"), STATUS_OK);
    }
    CHECK_INT(open_requests(&many, 1500) - before, 10 + 3 + 12);
    many_close(&many);
}

TEST(a_slow_host_holds_no_other_one_up)
{
    struct many many = many_default();
    struct fetched out;
    bool done = true;
    many_open(&many, NULL);
    CHECK_INT(begin(&many, 1, "/stall-head"), STATUS_OK);
    for (int i = 1; i < 20; i++) {
        CHECK_INT(begin(&many, 1 + i, "/ok"), STATUS_OK);
    }
    for (int i = 1; i < 20; i++) {
        CHECK_INT(fetch_continue(many.fetcher, clock_ms() + 15000, &done, &out), STATUS_OK);
        if (CHECK(done)) {
            CHECK(index_of(&many, &out) > 0);
            blob_close(out.content);
        }
    }
    CHECK_INT(fetch_count(many.fetcher), 1);
    many_close(&many);
}

TEST(while_held_nothing_new_is_asked)
{
    struct many many = many_default();
    struct fetched out;
    bool done = true;
    many_open(&many, NULL);
    CHECK_INT(begin(&many, 1, "/ok"), STATUS_OK);
    fetch_hold(many.fetcher, true);
    CHECK_INT(fetch_continue(many.fetcher, clock_ms() + 200, &done, &out), STATUS_OK);
    CHECK(!done);
    fetch_hold(many.fetcher, false);
    CHECK_INT(take_all(&many), 1);
    many_close(&many);
}

static bool is_late(void *context)
{
    return clock_ms() >= *(const int64_t *)context;
}

TEST(a_host_that_wants_to_stop_is_heard_while_64_requests_are_open)
{
    struct many many = many_default();
    struct fetched out;
    bool done = true;
    int64_t until_ms = INT64_MAX;
    const struct fetch_watch watch = {.context = &until_ms, .is_cancelled = is_late};
    many.settings.connections_max = MANY;
    many_open(&many, &watch);
    for (int i = 0; i < MANY; i++) {
        CHECK_INT(begin(&many, 1 + i, i % 2 ? "/stall?100" : "/stall-head"), STATUS_OK);
    }
    CHECK_INT(fetch_continue(many.fetcher, clock_ms() + 500, &done, &out), STATUS_OK);
    CHECK(!done);
    until_ms = clock_ms() + 100;
    CHECK_INT(fetch_continue(many.fetcher, INT64_MAX, &done, &out), STATUS_CANCELLED);
    CHECK(clock_ms() - until_ms < 5000); /* 100 ms on an idle machine */
    CHECK_INT(fetch_count(many.fetcher), MANY);
    for (int i = 0; i < MANY; i += 3) {
        fetch_abandon(many.fetcher, &many.done[i]);
    }
    const int64_t before_ms = clock_ms();
    many_close(&many);
    CHECK(clock_ms() - before_ms < 5000);
}

/* Documents that fail for want of memory say so, and the others come. */
TEST(without_memory_for_one_the_others_come)
{
    long n = 1;
    for (; refuse_try(n, false); n++) {
        struct many many = many_default();
        struct fetched out;
        bool done = true;
        int whole = 0;
        int told = 0;
        struct fault fault;
        many.allowed[0] = STR("127.0.0.0/8");
        many.settings.allow_addresses = (struct str_list){.items = many.allowed, .count = 1};
        many.fetcher = fetch_open(&many.settings, STR(""), NULL, &fault, NULL);
        for (int i = 0; many.fetcher && i < 3; i++) {
            told += begin(&many, 1 + i, i ? "/ok" : "/redirect/1") != STATUS_OK;
        }
        while (many.fetcher && done) {
            CHECK_INT(fetch_continue(many.fetcher, INT64_MAX, &done, &out), STATUS_OK);
            if (!done) {
                break;
            }
            const bool is_whole =
                out.status == STATUS_OK && out.fault.code == FAULT_none && out.content;
            whole += is_whole;
            told += !is_whole;
            blob_close(out.content);
        }
        const bool refused = refuse_refused() > 0;
        refuse_stop();
        CHECK(!many.fetcher || (whole + told == 3 && whole >= 2 && (told == 1) == refused));
        CHECK(many.fetcher || fault.code == FAULT_no_memory);
        many_close(&many);
    }
    CHECK(n > 20);
}

TEST_MAIN()
