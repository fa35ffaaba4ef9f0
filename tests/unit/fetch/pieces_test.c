/* SPDX-License-Identifier: Apache-2.0 */
/* Guards a fetch that is left at a deadline and gone on with: nothing is lost, no clock runs against
 * the server while nobody listens, and what is dropped half-way leaves nothing behind. */
#include "unit/fetch/server.h"

static bool is_body(str text)
{
    const str line = STR("权力与责任的关系 grinds on\n");
    return CHECK_INT(text.len, 40 * line.len) &&
           CHECK_STR(str_slice(text, 39 * line.len, text.len), line);
}

static void begin(struct fetch_case *c, const char *path)
{
    char text[128];
    struct url url;
    fetch_case_reset(c);
    if (!c->fetcher) {
        c->fetcher = fetch_open(&c->settings, STR(""), NULL, &c->open_fault, NULL);
    }
    snprintf(text, sizeof text, "http://127.0.0.1:%d%s", server_port(), path);
    CHECK_INT(url_parse(&c->arena, str_of(text), NULL, &url), URL_OK);
    const struct fetch_order order = {.url = &url, .arena = &c->arena, .owner = c};
    CHECK_INT(fetch_begin(c->fetcher, &order), STATUS_OK);
}

/* One document with a deadline `slice_ms` ahead at each call; how often it yielded. */
static int fetch_in_slices(struct fetch_case *c, const char *path, int64_t slice_ms)
{
    bool done = false;
    int yielded = -1;
    begin(c, path);
    for (; !done; yielded++) {
        const int64_t before_ms = clock_ms();
        c->status = fetch_continue(c->fetcher, before_ms + slice_ms, &done, &c->out);
        CHECK(clock_ms() - before_ms < slice_ms + 5000);
        if (!CHECK_INT(c->status, STATUS_OK)) {
            return -1;
        }
    }
    if (c->out.content) {
        const bytes content = blob_content(c->out.content);
        c->text = (str){.ptr = (const char *)content.ptr, .len = content.len};
    }
    return yielded;
}

TEST(a_fetch_in_pieces_is_the_same_fetch)
{
    struct fetch_case c = fetch_case_open();
    static const char *const paths[] = {"/ok", "/gzip-chunked", "/redirect/3", "/chunked"};
    int yielded = 0; /* in all: on a busy machine one small answer may be there at once */
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        yielded += fetch_in_slices(&c, paths[i], 0);
        check_fault(&c, FAULT_none);
        is_body(c.text);
    }
    yielded += fetch_in_slices(&c, "/big?3000000", 0);
    CHECK(yielded > 0);
    check_fault(&c, FAULT_none);
    CHECK_INT(c.text.len, 3000000);
    fetch_case_close(&c);
}

TEST(waits_for_turns_and_for_another_try_yield_too)
{
    struct fetch_case c = fetch_case_open();
    c.settings.delay_ms = 400;
    fetch_in_slices(&c, "/ok", 50);
    CHECK(fetch_in_slices(&c, "/ok", 50) >= 5);
    check_fault(&c, FAULT_none);
    CHECK(fetch_in_slices(&c, "/flaky/in-slices?1", 50) >= 5);
    check_fault(&c, FAULT_none);
    CHECK_INT(c.out.retry_count, 1);
    fetch_case_close(&c);
}

TEST(time_between_two_calls_counts_for_no_limit)
{
    struct fetch_case c = fetch_case_open();
    bool done = false;
    c.settings.stall_timeout_ms = 500;
    c.settings.timeout_ms = 2000;
    begin(&c, "/big?30000000");
    for (int i = 0; i < 4 && !done; i++) {
        CHECK_INT(fetch_continue(c.fetcher, 0, &done, &c.out), STATUS_OK);
        usleep(done ? 0 : 600000);
    }
    CHECK(!done);
    CHECK_INT(fetch_continue(c.fetcher, INT64_MAX, &done, &c.out), STATUS_OK);
    CHECK(done);
    check_fault(&c, FAULT_none);
    CHECK_INT(c.out.retry_count, 0);
    fetch_case_close(&c);
}

TEST(silence_while_nobody_listens_is_no_stall)
{
    struct fetch_case c = fetch_case_open();
    bool done = false;
    c.settings.stall_timeout_ms = 3000;
    begin(&c, "/stall?100");
    for (int i = 0; i < 4 && !done; i++) {
        CHECK_INT(fetch_continue(c.fetcher, clock_ms() + 300, &done, &c.out), STATUS_OK);
        usleep(done ? 0 : 1200000);
    }
    CHECK(!done); /* 4.8 s without a byte, of which we heard 1.2 */
    CHECK_INT(fetch_continue(c.fetcher, INT64_MAX, &done, &c.out), STATUS_OK);
    check_fault(&c, FAULT_truncated);
    fetch_case_close(&c);
}

/* Begins, listens once without waiting, stays away and comes back. */
static void fetch_with_absence(struct fetch_case *c, const char *path, unsigned away_ms)
{
    bool done = false;
    begin(c, path);
    CHECK_INT(fetch_continue(c->fetcher, 0, &done, &c->out), STATUS_OK);
    CHECK(!done);
    usleep(away_ms * 1000);
    CHECK_INT(fetch_continue(c->fetcher, INT64_MAX, &done, &c->out), STATUS_OK);
    CHECK(done);
}

TEST(what_ended_early_while_nobody_listened_is_asked_again)
{
    struct fetch_case c = fetch_case_open();
    c.settings.robots = STR("ignore"); /* the absence is the document's */
    fetch_with_absence(&c, "/short", 5500);
    check_fault(&c, FAULT_truncated);
    CHECK_INT(c.out.retry_count, 1); /* and not again: the second time we were there */
    fetch_case_close(&c);
}

TEST(connecting_that_timed_out_while_nobody_listened_is_tried_again)
{
    struct fetch_case c = fetch_case_open();
    c.settings.connect_timeout_ms = 3000;
    fetch_with_absence(&c, "/ok", 3500);
    check_fault(&c, FAULT_none);
    CHECK(c.out.retry_count <= 1);
    fetch_case_close(&c);
}

/* And however it was left, the next document is whole. */
TEST(a_fetch_may_be_left_at_any_point)
{
    struct fetch_case c = fetch_case_open();
    static const char *const paths[] = {"/stall?100", "/stall-head", "/slow-headers",
                                        "/big?9000000", "/status/503"};
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        for (int64_t slice_ms = 0; slice_ms <= 100; slice_ms += 50) {
            bool done = false;
            fetch_path(&c, "/ok");
            check_fault(&c, FAULT_none);
            is_body(c.text);
            begin(&c, paths[i]);
            CHECK_INT(fetch_continue(c.fetcher, clock_ms() + slice_ms, &done, &c.out), STATUS_OK);
            CHECK(!done || strstr(paths[i], "big"));
            if (!done) {
                fetch_abandon(c.fetcher, &c);
            }
            fetch_abandon(c.fetcher, &c); /* once more is allowed */
        }
    }
    bool done = false;
    begin(&c, "/stall?100");
    CHECK_INT(fetch_continue(c.fetcher, clock_ms() + 100, &done, &c.out), STATUS_OK);
    const int64_t before_ms = clock_ms();
    fetch_close(c.fetcher);
    c.fetcher = NULL;
    CHECK(clock_ms() - before_ms < 5000);
    fetch_case_close(&c);
}

TEST_MAIN()
