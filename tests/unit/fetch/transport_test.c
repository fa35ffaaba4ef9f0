/* SPDX-License-Identifier: Apache-2.0 */
/* Guards one request and one answer below retries: an answer cut off after any byte is a beginning
 * of the whole one and says so, and another thread may wake the line at any time. */
#include "unit/fetch/server.h"

#include "fetch/transport.h"

#include <pthread.h>

enum { CONTENT_BYTES = 256, LONGEST_ANSWER = 1000 };

struct line {
    struct fetch_case fetch; /* only its settings and arena are used */
    struct address_policy policy;
    struct transport *transport;
};

static void line_open(struct line *line, const struct fetch_watch *watch)
{
    struct fault fault = {.code = FAULT_none};
    line->fetch = fetch_case_open();
    CHECK(address_policy_read(&line->policy, &line->fetch.settings, &fault));
    line->transport = transport_open(&line->fetch.settings, STR(""), &line->policy, watch, &fault);
    CHECK(line->transport != NULL);
}

static void line_close(struct line *line)
{
    transport_close(line->transport);
    fetch_case_close(&line->fetch);
}

static enum status ask(struct line *line, const char *path, struct answer *answer)
{
    char text[128];
    struct url url;
    arena_reset(&line->fetch.arena);
    snprintf(text, sizeof text, "http://127.0.0.1:%d%s", server_port(), path);
    CHECK_INT(url_parse(&line->fetch.arena, str_of(text), NULL, &url), URL_OK);
    TRY(transport_ask(line->transport, &(struct request){.settings = &line->fetch.settings,
                                                         .url = &url,
                                                         .arena = &line->fetch.arena,
                                                         .owner = line}));
    for (;;) {
        void *owner = NULL;
        TRY(transport_run(line->transport, INT64_MAX));
        const enum status status = transport_take(line->transport, &owner, answer);
        if (owner) {
            CHECK(owner == line);
            return status;
        }
        CHECK_INT(status, STATUS_OK);
    }
}

/* How many bytes of the content there were; every one of them must be the right one. */
static int64_t check_beginning(const struct answer *answer)
{
    if (!answer->content) {
        return 0;
    }
    const bytes content = blob_content(answer->content);
    bool same = true;
    for (size_t i = 0; i < content.len; i++) {
        same = same && content.ptr[i] == i;
    }
    CHECK(same && content.len <= CONTENT_BYTES);
    return (int64_t)content.len;
}

/* Cuts until an answer is whole; how many bytes that one had. */
static int sweep(struct line *line, const char *how)
{
    int64_t longest = 0;
    for (int cut = 0; cut < LONGEST_ANSWER; cut++) {
        char path[64];
        struct answer answer;
        snprintf(path, sizeof path, "/cut/%s?%d", how, cut);
        CHECK_INT(ask(line, path, &answer), STATUS_OK);
        const int64_t len = check_beginning(&answer);
        const bool whole = answer.fault.code == FAULT_none;
        blob_close(answer.content);
        if (whole) {
            CHECK_INT(len, CONTENT_BYTES);
            CHECK(!answer.truncated);
            return cut;
        }
        CHECK(answer.fault.code == FAULT_connect || answer.fault.code == FAULT_truncated);
        CHECK((answer.fault.code == FAULT_truncated) == answer.truncated);
        /* A reset may overtake bytes on the way: only an orderly end gives more with each byte. */
        CHECK(len >= longest || strstr(how, "reset"));
        longest = len > longest ? len : longest;
    }
    return 0;
}

TEST(an_answer_cut_off_after_any_byte_is_a_beginning_and_says_so)
{
    static const char *const forms[] = {"end/chunked", "end/length", "reset/chunked",
                                        "reset/length"};
    struct line line;
    line_open(&line, NULL);
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        CHECK(sweep(&line, forms[i]) > CONTENT_BYTES);
    }
    line_close(&line);
}

static void *wake_often(void *context)
{
    for (int i = 0; i < 200; i++) {
        transport_wake(context);
        usleep(1000);
    }
    return NULL;
}

TEST(another_thread_may_wake_the_line_at_any_time)
{
    struct line line;
    pthread_t waker;
    line_open(&line, NULL);
    CHECK_INT(pthread_create(&waker, NULL, wake_often, line.transport), 0);
    for (int i = 0; i < 20; i++) {
        struct answer answer;
        CHECK_INT(ask(&line, "/gzip", &answer), STATUS_OK);
        CHECK_INT(answer.fault.code, FAULT_none);
        blob_close(answer.content);
    }
    pthread_join(waker, NULL);
    line_close(&line);
}

/* Says yes, the host wants to stop. */
static bool count_question(void *context)
{
    ++*(int64_t *)context;
    return true;
}

TEST(an_idle_line_waits_as_long_as_it_is_told_and_no_longer_than_a_slice)
{
    struct line line;
    line_open(&line, NULL);
    int64_t before_ms = clock_ms();
    CHECK_INT(transport_run(line.transport, 20), STATUS_OK);
    CHECK(clock_ms() - before_ms >= 19 && clock_ms() - before_ms < 10000);
    before_ms = clock_ms();
    CHECK_INT(transport_run(line.transport, 60000), STATUS_OK);
    CHECK(clock_ms() - before_ms >= TRANSPORT_SLICE_MS - 1 && clock_ms() - before_ms < 30000);
    line_close(&line);
}

TEST(the_host_is_asked_and_told_no_more_often_than_it_can_bear)
{
    struct line line;
    int64_t asked = 0;
    const struct fetch_watch watch = {.context = &asked, .is_cancelled = count_question};
    line_open(&line, &watch);
    const int64_t until_ms = clock_ms() + 50;
    while (clock_ms() < until_ms) {
        CHECK(transport_pulse(line.transport, STR("a"), 1) || asked > 0);
    }
    CHECK(asked >= 2 && asked <= 11);
    line_close(&line);
}

/* Nothing of the request is left behind for the next one. */
TEST(an_abandoned_request_is_gone)
{
    struct line line;
    struct answer answer;
    struct url url;
    char text[128];
    line_open(&line, NULL);
    snprintf(text, sizeof text, "http://127.0.0.1:%d/stall?100", server_port());
    CHECK_INT(url_parse(&line.fetch.arena, str_of(text), NULL, &url), URL_OK);
    for (int i = 0; i < 3; i++) {
        const struct request request = {
            .settings = &line.fetch.settings, .url = &url, .arena = &line.fetch.arena, .owner = &i};
        void *owner = NULL;
        const int64_t until_ms = clock_ms() + 100;
        CHECK_INT(transport_ask(line.transport, &request), STATUS_OK);
        while (clock_ms() < until_ms) {
            CHECK_INT(transport_run(line.transport, until_ms - clock_ms()), STATUS_OK);
        }
        CHECK_INT(transport_take(line.transport, &owner, &answer), STATUS_OK);
        CHECK(!owner);
        CHECK_INT(transport_open_count(line.transport), 1);
        transport_abandon(line.transport, &i);
        CHECK_INT(transport_open_count(line.transport), 0);
    }
    CHECK_INT(ask(&line, "/gzip", &answer), STATUS_OK);
    CHECK_INT(answer.fault.code, FAULT_none);
    blob_close(answer.content);
    line_close(&line);
}

static void *fetch_many(void *context)
{
    const int64_t *wanted = context;
    struct line line;
    line_open(&line, NULL);
    for (int64_t i = 0; i < *wanted; i++) {
        struct answer answer;
        if (ask(&line, "/ok", &answer) != STATUS_OK || answer.fault.code != FAULT_none) {
            CHECK_INT(i, *wanted);
        }
        blob_close(answer.content);
    }
    line_close(&line);
    return NULL;
}

TEST(signals_and_descriptors_are_as_before)
{
    int64_t wanted = 3;
    sigset_t before;
    sigset_t after;
    (void)server_port();
    fetch_many(&wanted); /* libcurl and its libraries have opened what they keep */
    pthread_sigmask(SIG_SETMASK, NULL, &before);
    const int free_before = dup(0);
    close(free_before);
    fetch_many(&wanted);
    const int free_after = dup(0);
    close(free_after);
    pthread_sigmask(SIG_SETMASK, NULL, &after);
    CHECK_INT(free_after, free_before);
    CHECK(sigismember(&after, SIGPIPE) == sigismember(&before, SIGPIPE));
    CHECK(signal(SIGPIPE, SIG_DFL) == SIG_DFL);
}

TEST_MAIN()
