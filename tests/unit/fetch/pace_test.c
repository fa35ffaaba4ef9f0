/* SPDX-License-Identifier: Apache-2.0 */
/* Guards what is learnt of a web host: strain doubles its delay and good answers bring it down by
 * steps, a broken host is left alone and tried again, and the next run knows of it, however the
 * clock was set meanwhile. */
#include "unit/fetch/server.h"

#include "fetch/pace.h"

/* A memo of one value. */
struct slip {
    char key[64];
    char value[256];
    size_t len;
    bool fails;
};

static bool slip_get(void *context, str key, struct arena *arena, bytes *value)
{
    const struct slip *slip = context;
    *value = (bytes){.ptr = NULL, .len = 0};
    if (slip->len && str_equal(key, str_of(slip->key))) {
        *value =
            arena_copy_bytes(arena, (bytes){.ptr = (const uint8_t *)slip->value, .len = slip->len});
    }
    return !slip->fails;
}

static bool slip_put(void *context, str key, bytes value)
{
    struct slip *slip = context;
    if (slip->fails || key.len >= sizeof slip->key || value.len > sizeof slip->value) {
        return false;
    }
    memcpy(slip->key, key.ptr, key.len);
    slip->key[key.len] = '\0';
    memcpy(slip->value, value.ptr, value.len);
    slip->len = value.len;
    return true;
}

static struct memo memo_of(struct slip *slip)
{
    return (struct memo){.context = slip, .get = slip_get, .put = slip_put};
}

TEST(strain_doubles_the_delay_and_good_answers_bring_it_down_by_steps)
{
    struct pace pace = {.extra_ms = 0};
    pace_note(&pace, PACE_STRAINED, 1000, 0);
    CHECK_INT(pace.extra_ms, 1000);
    pace_note(&pace, PACE_STRAINED, 1000, 0);
    CHECK_INT(pace.extra_ms, 3000); /* 1 s, 2 s, 4 s between requests */
    pace_note(&pace, PACE_WELL, 1000, 0);
    CHECK_INT(pace.extra_ms, 3000 - PACE_STEP_MS);
    pace_note(&pace, PACE_FAILED, 1000, 0);
    pace_note(&pace, PACE_UNKNOWN, 1000, 0);
    CHECK_INT(pace.extra_ms, 3000 - PACE_STEP_MS);
    for (int i = 0; i < 40; i++) {
        pace_note(&pace, PACE_WELL, 1000, 0);
    }
    CHECK_INT(pace.extra_ms, 0);
    pace_note(&pace, PACE_STRAINED, 0, 0);
    CHECK_INT(pace.extra_ms, PACE_EXTRA_FIRST_MS);
    for (int i = 0; i < 90; i++) {
        pace_note(&pace, PACE_STRAINED, 86400000, 0);
    }
    CHECK_INT(pace.extra_ms, PACE_EXTRA_MAX_MS);
}

TEST(a_host_that_fails_on_and_on_is_left_alone_and_then_tried_once)
{
    struct pace pace = {.extra_ms = 0};
    for (int i = 0; i < PACE_FAILURES_MAX - 1; i++) {
        pace_note(&pace, PACE_FAILED, 0, 1000);
        CHECK_INT(pace_broken_ms(&pace, 1000), 0);
    }
    pace_note(&pace, PACE_FAILED, 0, 1000);
    CHECK_INT(pace_broken_ms(&pace, 1000), PACE_BROKEN_MS);
    CHECK_INT(pace_broken_ms(&pace, 1000 + PACE_BROKEN_MS), 0);
    pace_note(&pace, PACE_FAILED, 0, 100000); /* the one that tried it */
    CHECK_INT(pace_broken_ms(&pace, 100000), PACE_BROKEN_MS);
    pace_note(&pace, PACE_WELL, 0, 200000);
    pace_note(&pace, PACE_FAILED, 0, 200000);
    CHECK_INT(pace_broken_ms(&pace, 200000), 0);
}

TEST(tries_again_are_a_share_of_the_requests)
{
    struct pace pace = {.request_count = 100};
    int retries = 0;
    while (pace_may_retry(&pace, PACE_RETRIES_HOST)) {
        pace.retry_count++;
        retries++;
    }
    CHECK_INT(retries, PACE_RETRIES_HOST + 100 / PACE_RETRY_SHARE);
}

TEST(the_next_run_knows_and_never_waits_longer_than_was_meant)
{
    static const struct {
        int64_t later_ms, wait_ms;
    } rows[] = {{0, 5000}, {4000, 1000}, {5000, 0}, {90000, 0}, {-1, 5000}, {-86400000, 5000}};
    struct slip slip = {.len = 0};
    const struct memo memo = memo_of(&slip);
    const int64_t wall_ms = INT64_C(1790000000000);
    CHECK(pace_remember(&memo, STR("a.example"),
                        &(struct pace_memory){.extra_ms = 700, .wait_ms = 5000}, wall_ms));
    CHECK_STR(str_of(slip.key), STR("host/a.example"));
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct pace_memory memory =
            pace_recall(&memo, STR("a.example"), wall_ms + rows[i].later_ms);
        CHECK_INT(memory.extra_ms, 700);
        CHECK_INT(memory.wait_ms, rows[i].wait_ms);
    }
    CHECK_INT(pace_recall(&memo, STR("b.example"), wall_ms).extra_ms, 0);
    slip.fails = true;
    CHECK_INT(pace_recall(&memo, STR("b.example"), wall_ms).wait_ms, 0);
    CHECK(!pace_remember(&memo, STR("a"), &(struct pace_memory){.wait_ms = 1}, wall_ms));
    CHECK_INT(pace_recall(NULL, STR("a"), wall_ms).wait_ms, 0);
}

TEST(a_memo_may_hold_anything)
{
    static const char *const values[] = {
        "",
        "{",
        "null",
        "[]",
        "{}",
        "{\"v\":2,\"wait_ms\":5}",
        "{\"v\":1,\"wait_ms\":\"x\"}",
        "{\"v\":1,\"wait_ms\":5}x",
        "{\"v\":1,\"wait_ms\":[[[[5]]]]}",
    };
    struct slip slip = {.key = "host/a"};
    const struct memo memo = memo_of(&slip);
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
        slip.len = strlen(values[i]);
        memcpy(slip.value, values[i], slip.len);
        CHECK_INT(pace_recall(&memo, STR("a"), 1000).wait_ms, 0);
    }
    const char *const most = "{\"v\":1,\"wait_ms\":9223372036854775807,\"extra_ms\":-5,"
                             "\"written_ms\":9223372036854775807}";
    slip.len = strlen(most);
    memcpy(slip.value, most, slip.len);
    CHECK_INT(pace_recall(&memo, STR("a"), 1000).wait_ms, 86400000);
    CHECK_INT(pace_recall(&memo, STR("a"), 1000).extra_ms, 0);
}

/* --- at a server --- */

static void fetch_with(struct fetch_case *c, const struct memo *memo, const char *path)
{
    if (!c->fetcher) {
        c->fetcher = fetch_open(&c->settings, STR(""), &c->watch, &c->open_fault, memo);
    }
    fetch_path(c, path);
}

TEST(a_host_that_is_down_fails_fast)
{
    struct fetch_case c = fetch_case_open();
    c.settings.robots = STR("ignore"); /* each asks for itself */
    c.settings.redirects_max = 0;
    int documents = 0;
    do {
        fetch_url(&c, "http://127.0.0.1:9/"); /* discard: nobody listens */
        check_fault(&c, FAULT_connect);
        CHECK(c.out.retryable);
        documents++;
    } while (documents < 20 && strstr(c.out.fault.message, "in a row") == NULL);
    CHECK_INT(documents, 5); /* three requests each, and the tenth broke it */
    CHECK(c.took_ms < 1000);
    fetch_path(&c, "/ok"); /* another web host */
    check_fault(&c, FAULT_none);
    fetch_case_close(&c);
}

TEST(politeness_survives_a_crash)
{
    struct slip slip = {.len = 0};
    const struct memo memo = memo_of(&slip);
    struct fetch_case c = fetch_case_open();
    c.settings.delay_ms = 1500;
    fetch_with(&c, &memo, "/ok");
    check_fault(&c, FAULT_none);
    const int64_t before_ms = clock_ms();
    fetch_case_close(&c); /* as a crash: nothing is said at the end */
    c = fetch_case_open();
    c.settings.delay_ms = 1500;
    fetch_with(&c, &memo, "/ok");
    check_fault(&c, FAULT_none);
    CHECK(clock_ms() - before_ms >= 1400);
    fetch_with(&c, &memo, "/retry-after?3600");
    fetch_case_close(&c);
    c = fetch_case_open();
    fetch_with(&c, &memo, "/ok"); /* an hour is not sat out, and not forgotten */
    check_fault(&c, FAULT_http_status);
    CHECK(strstr(c.out.fault.message, "Retry-After") != NULL);
    fetch_case_close(&c);
}

TEST_MAIN()
