/* SPDX-License-Identifier: Apache-2.0 */
/* Guards a job over web hosts: rows that are ready leave though a server stalls, the stalled document
 * comes later and whole, and a job may be left or stopped in the middle of it. */
#include "unit/fetch/server.h"
#include "unit/job/rows.h"

#include "harness/refuse.h"

static int second_port(void)
{
    static const char *const arguments[] = {"python3", "tests/e2e/server.py", NULL};
    if (!servers[1].pid) {
        server_start(&servers[1], arguments);
    }
    return servers[1].port;
}

enum {
    WEB_MAX = 128,
    SOON_MS = 5000 /* on a busy machine; the stalls would last for 20 s and more */
};

struct web {
    struct story story;
    str urls[WEB_MAX];
    size_t url_count;
    struct patience {
        int64_t until_ms; /* of clock_ms; 0: for ever */
        long asked;
    } patience;
    struct job *job;
};

static struct web web_open(void)
{
    static const str loopback[] = {STR_INIT("127.0.0.0/8")};
    struct web web = {.story.settings = settings_default()};
    web.story.settings.allow_addresses = (struct str_list){.items = loopback, .count = 1};
    web.story.settings.delay_ms = 0;
    arena_init(&web.story.arena, 64 << 20);
    return web;
}

static void add(struct web *web, int port, const char *path)
{
    char url[128];
    snprintf(url, sizeof url, "http://127.0.0.1:%d%s", port, path);
    web->urls[web->url_count++] = arena_copy(&web->story.arena, str_of(url));
}

static bool is_impatient(void *context)
{
    struct patience *patience = context;
    patience->asked++;
    return patience->until_ms && clock_ms() >= patience->until_ms;
}

static void start(struct web *web, bytes state)
{
    const struct job_watch watch = {.context = &web->patience, .is_cancelled = is_impatient};
    static struct job_want want;
    struct fault fault;
    want = want_all();
    if (!web->story.split.ptr) {
        story_plan(&web->story, web->urls, web->url_count);
    }
    web->job =
        job_open(&web->story.settings, STR(""), web->story.split, state, &want, &watch, &fault);
    CHECK(web->job != NULL);
}

static void web_close(struct web *web)
{
    job_close(web->job);
    story_close(&web->story);
}

static enum job_step next(struct web *web, int64_t for_ms, const struct record **record)
{
    enum job_step step = JOB_END;
    const int64_t before_ms = clock_ms();
    CHECK_INT(job_next(web->job, before_ms + for_ms, &step, record), STATUS_OK);
    CHECK(step != JOB_LATER || clock_ms() - before_ms >= for_ms);
    CHECK(clock_ms() - before_ms < for_ms + 10000); /* a busy machine, not a stalling server */
    return step;
}

static int64_t note_count(const struct record *record, str code)
{
    for (size_t i = 0; i < record->note_count; i++) {
        if (str_equal(record->notes[i].code, code)) {
            return record->notes[i].count;
        }
    }
    return 0;
}

TEST(a_stalling_server_does_not_hold_back_what_is_ready)
{
    struct web web = web_open();
    const struct record *record = NULL;
    int later = 0;
    web.story.settings.stall_timeout_ms = 1500;
    add(&web, server_port(), "/ok");
    add(&web, second_port(), "/stall?105"); /* three lines of 35 bytes, and then nothing */
    start(&web, (bytes){0});
    CHECK(next(&web, 20000, &record) == JOB_RECORD);
    CHECK_STR(cell_text(record, COLUMN_status), STR("converted"));
    CHECK_INT(cell_text(record, COLUMN_text).len, 40 * 35 - 1);
    const str state = arena_copy(&web.story.arena, job_state(web.job));
    enum job_step step;
    while ((step = next(&web, 100, &record)) == JOB_LATER) {
        later++;
        CHECK_STR(job_state(web.job), state);
    }
    CHECK(later >= 5);
    CHECK(step == JOB_RECORD);
    CHECK_STR(cell_text(record, COLUMN_status), STR("partial"));
    CHECK_STR(cell_text(record, COLUMN_error_code), STR("truncated"));
    CHECK_INT(cell_text(record, COLUMN_text).len, 3 * 35 - 1);
    CHECK(next(&web, 1000, &record) == JOB_END);
    web_close(&web);
}

TEST(what_was_asked_again_comes_in_pieces_too_and_says_so)
{
    struct web web = web_open();
    const struct record *record = NULL;
    int later = 0;
    add(&web, server_port(), "/flaky/job?2");
    add(&web, server_port(), "/redirect/3");
    start(&web, (bytes){0});
    enum job_step step;
    while ((step = next(&web, 20, &record)) == JOB_LATER) {
        later++;
    }
    CHECK(later >= 10); /* a quarter of a second, then a whole one */
    CHECK(step == JOB_RECORD);
    CHECK_STR(cell_text(record, COLUMN_status), STR("converted"));
    CHECK_INT(note_count(record, STR("retried")), 2);
    while ((step = next(&web, 0, &record)) == JOB_LATER) {
    }
    CHECK(step == JOB_RECORD);
    CHECK_INT(note_count(record, STR("redirected")), 3);
    CHECK_INT(note_count(record, STR("retried")), 0);
    web_close(&web);
}

TEST(a_server_that_wants_an_hour_holds_nobody_up)
{
    struct web web = web_open();
    const struct record *record = NULL;
    add(&web, server_port(), "/retry-after?3600");
    add(&web, server_port(), "/ok");
    add(&web, second_port(), "/ok");
    start(&web, (bytes){0});
    int converted = 0;
    for (int i = 0; i < 3; i++) {
        CHECK(next(&web, 20000, &record) == JOB_RECORD);
        const bool well = str_equal(cell_text(record, COLUMN_status), STR("converted"));
        CHECK(well || str_equal(cell_text(record, COLUMN_error_code), STR("http_status")));
        converted += well;
    }
    CHECK_INT(converted, 1);
    CHECK(next(&web, 1000, &record) == JOB_END);
    web_close(&web);
}

TEST(a_stalled_document_is_asked_for_again_after_a_resume)
{
    struct web web = web_open();
    const struct record *record = NULL;
    add(&web, server_port(), "/ok");
    add(&web, second_port(), "/reset-once/resume");
    add(&web, second_port(), "/stall-head");
    start(&web, (bytes){0});
    CHECK(next(&web, 20000, &record) == JOB_RECORD);
    CHECK(next(&web, 20000, &record) == JOB_RECORD);
    CHECK_STR(cell_text(record, COLUMN_status), STR("converted"));
    CHECK(next(&web, 100, &record) == JOB_LATER);
    const str state = arena_copy(&web.story.arena, job_state(web.job));
    job_close(web.job);
    web.story.settings.stall_timeout_ms = 300;
    start(&web, str_bytes(state));
    CHECK(next(&web, 20000, &record) == JOB_RECORD);
    CHECK_STR(cell_text(record, COLUMN_error_code), STR("timeout"));
    CHECK(next(&web, 1000, &record) == JOB_END);
    web_close(&web);
}

TEST(a_job_is_cancelled_in_the_middle_of_a_stalled_answer)
{
    static const char *const paths[] = {"/stall?100", "/stall-head", "/slow-headers"};
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        struct web web = web_open();
        const struct record *record = NULL;
        enum job_step step = JOB_END;
        add(&web, server_port(), paths[i]);
        start(&web, (bytes){0});
        CHECK(next(&web, 200, &record) == JOB_LATER);
        const int64_t until_ms = clock_ms() + 200;
        web.patience.until_ms = until_ms;
        web.patience.asked = 0;
        CHECK_INT(job_next(web.job, INT64_MAX, &step, &record), STATUS_CANCELLED);
        CHECK(web.patience.asked >= 3);
        CHECK(clock_ms() - until_ms < SOON_MS);
        web_close(&web);
    }
}

TEST(a_job_may_be_closed_in_the_middle_of_a_stalled_answer)
{
    for (int for_ms = 0; for_ms <= 60; for_ms += 20) {
        struct web web = web_open();
        const struct record *record = NULL;
        add(&web, server_port(), "/stall?100");
        start(&web, (bytes){0});
        CHECK(next(&web, for_ms, &record) == JOB_LATER);
        const int64_t before_ms = clock_ms();
        web_close(&web);
        CHECK(clock_ms() - before_ms < SOON_MS);
    }
}

/* Files that stand behind a stalled URL in the same list are another split; in one split, the hosts
 * whose turn it is go on while one waits for its delay. */
TEST(while_one_host_waits_for_its_delay_another_is_asked)
{
    struct web web = web_open();
    const struct record *record = NULL;
    web.story.settings.delay_ms = 700;
    add(&web, server_port(), "/ok");
    add(&web, server_port(), "/gzip");
    add(&web, second_port(), "/ok");
    start(&web, (bytes){0});
    const int64_t before_ms = clock_ms();
    CHECK(next(&web, 20000, &record) == JOB_RECORD);
    CHECK(next(&web, 20000, &record) == JOB_RECORD);
    CHECK(str_ends(cell_text(record, COLUMN_url), STR("/ok")));
    CHECK(next(&web, 20000, &record) == JOB_RECORD);
    CHECK(str_ends(cell_text(record, COLUMN_url), STR("/gzip")));
    CHECK(clock_ms() - before_ms >= 700);
    web_close(&web);
}

/* On 127.0.0.1 to 127.0.0.8: as many web hosts, with `each` documents in turns. */
enum { WIDE_HOSTS = 8 };

static void add_wide(struct web *web, int each)
{
    static const char *const arguments[] = {"python3", "tests/e2e/server.py", "--addresses", "8",
                                            NULL};
    if (!servers[2].pid) {
        server_start(&servers[2], arguments);
    }
    for (int i = 0; i < each * WIDE_HOSTS; i++) {
        char url[128];
        snprintf(url, sizeof url, "http://127.0.0.%d:%d/%s?%03d", 1 + i % WIDE_HOSTS,
                 servers[2].port, i % 3 ? "ok" : "gzip", i / WIDE_HOSTS);
        web->urls[web->url_count++] = arena_copy(&web->story.arena, str_of(url));
    }
}

/* Notes that it came; false: not in the order of its web host, or twice. */
static bool is_in_order(const struct record *record, int next[WIDE_HOSTS])
{
    const str url = cell_text(record, COLUMN_url);
    const size_t host = (size_t)(url.ptr[sizeof "http://127.0.0." - 1] - '1');
    int64_t number = -1;
    return host < WIDE_HOSTS && str_read_integer(str_slice(url, url.len - 3, url.len), &number) &&
           number == next[host]++ && str_equal(cell_text(record, COLUMN_status), STR("converted"));
}

TEST(documents_of_many_hosts_come_once_each_and_in_the_order_of_their_host)
{
    enum { EACH = 12 };
    for (int64_t connections = 1; connections <= 4; connections += 3) {
        struct web web = web_open();
        const struct record *record = NULL;
        int next_of[WIDE_HOSTS] = {0};
        web.story.settings.connections_per_host = connections;
        add_wide(&web, EACH);
        start(&web, (bytes){0});
        for (int i = 0; i < EACH * WIDE_HOSTS; i++) {
            CHECK(next(&web, 20000, &record) == JOB_RECORD);
            CHECK(is_in_order(record, next_of));
        }
        CHECK(next(&web, 1000, &record) == JOB_END);
        web_close(&web);
    }
}

/* What was fetched ahead and not handed out is no part of the state. */
TEST(a_resume_after_any_record_brings_the_others_once_each)
{
    enum { EACH = 3 };
    for (int stop = 1; stop < EACH * WIDE_HOSTS; stop += 4) {
        struct web web = web_open();
        const struct record *record = NULL;
        int next_of[WIDE_HOSTS] = {0};
        add_wide(&web, EACH);
        start(&web, (bytes){0});
        for (int i = 0; i < EACH * WIDE_HOSTS; i++) {
            if (i == stop) {
                usleep(20000); /* more is there than was handed out */
                const str state = arena_copy(&web.story.arena, job_state(web.job));
                job_close(web.job);
                start(&web, str_bytes(state));
            }
            CHECK(next(&web, 20000, &record) == JOB_RECORD);
            CHECK(is_in_order(record, next_of));
        }
        CHECK(next(&web, 1000, &record) == JOB_END);
        web_close(&web);
    }
}

TEST(no_memory_in_the_middle_of_a_fetch_is_told)
{
    struct web web = web_open();
    add(&web, server_port(), "/redirect/1");
    story_plan(&web.story, web.urls, web.url_count);
    const struct job_want want = want_all();
    long n = 1;
    for (; refuse_try(n, false); n++) {
        struct fault fault;
        const struct record *record = NULL;
        enum job_step step = JOB_LATER;
        enum status status = STATUS_OK;
        struct job *job = job_open(&web.story.settings, STR(""), web.story.split, (bytes){0}, &want,
                                   NULL, &fault);
        while (job && status == STATUS_OK && step == JOB_LATER) {
            status = job_next(job, 0, &step, &record);
        }
        const bool refused = refuse_refused() > 0;
        refuse_stop();
        if (!job) {
            CHECK(fault.code == FAULT_no_memory);
        } else if (status == STATUS_OK) {
            CHECK(step == JOB_RECORD);
            CHECK_STR(cell_text(record, COLUMN_error_code), refused ? STR("no_memory") : STR(""));
        } else {
            CHECK_INT(status, STATUS_NO_MEMORY);
        }
        job_close(job);
    }
    CHECK(n > 20);
    web_close(&web);
}

TEST_MAIN()
