/* SPDX-License-Identifier: Apache-2.0 */
/* Guards one document over HTTP against a real server that misbehaves: what came is kept, what is
 * missing is said, nothing hangs and nothing grows. */
#include "unit/fetch/server.h"

#include "harness/refuse.h"

enum { BODY_BYTES = 35 * 40 /* tests/e2e/server.py: BODY */ };

static bool is_body(str text)
{
    return CHECK_INT(text.len, BODY_BYTES) && CHECK(str_starts(text, STR("权力与责任的关系 ")));
}

/* --- whole answers --- */

TEST(a_page_arrives_whole_with_what_its_headers_say)
{
    struct fetch_case c = fetch_case_open();
    fetch_path(&c, "/headers#fragment");
    CHECK_INT(c.status, STATUS_OK);
    check_fault(&c, FAULT_none);
    CHECK_INT(c.out.http_status, 200);
    is_body(c.text);
    CHECK_STR(c.out.etag, STR("\"v1\""));
    CHECK_STR(c.out.last_modified, STR("Sun, 06 Nov 1994 08:49:37 GMT"));
    CHECK_STR(c.out.media_type, STR("text/html"));
    CHECK_STR(c.out.charset, STR("gbk"));
    CHECK(str_ends(c.out.final_url, STR("/headers")));
    CHECK_INT(c.out.received_bytes, BODY_BYTES);
    CHECK(c.out.fetched_at_us > INT64_C(1700000000000000));
    CHECK(!c.out.truncated && !c.out.limited && !c.out.retryable);
    fetch_path(&c, "/empty");
    check_fault(&c, FAULT_none);
    CHECK(c.out.content != NULL);
    CHECK_INT(c.text.len, 0);
    fetch_path(&c, "/no-content");
    check_fault(&c, FAULT_none);
    CHECK_INT(c.out.http_status, 204);
    fetch_path(&c, "/chunked");
    check_fault(&c, FAULT_none);
    is_body(c.text);
    fetch_path(&c, "/interim");
    check_fault(&c, FAULT_none);
    is_body(c.text);
    CHECK_STR(c.out.etag, STR("")); /* that of the 103 answer is not the page's */
    fetch_case_close(&c);
}

TEST(content_codings_are_taken_off)
{
    static const char *const paths[] = {"/gzip", "/deflate", "/raw-deflate", "/gzip-members",
                                        "/gzip-chunked"};
    struct fetch_case c = fetch_case_open();
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        fetch_path(&c, paths[i]);
        if (!check_fault(&c, FAULT_none) || !is_body(c.text)) {
            fprintf(stderr, "  at %s\n", paths[i]);
        }
        CHECK(c.out.received_bytes > 0 && c.out.received_bytes < 200);
    }
    fetch_path(&c, "/gzip-empty");
    check_fault(&c, FAULT_none);
    CHECK_INT(c.text.len, 0);
    fetch_case_close(&c);
}

TEST(content_beyond_the_memory_limit_lies_in_a_file_and_is_the_same)
{
    struct fetch_case c = fetch_case_open();
    fetch_path(&c, "/big?3000000");
    const str in_memory = arena_copy(&c.arena, blob_sha256(c.out.content));
    char sha256[65] = "";
    memcpy(sha256, in_memory.ptr, in_memory.len);
    fetch_case_close(&c);
    c = fetch_case_open();
    c.settings.memory_bytes_max = 1000;
    fetch_path(&c, "/big?3000000");
    check_fault(&c, FAULT_none);
    CHECK_INT(c.text.len, 3000000);
    CHECK_STR(blob_sha256(c.out.content), str_of(sha256));
    fetch_case_close(&c);
}

/* --- who asks --- */

TEST(the_request_says_who_asks)
{
    struct fetch_case c = fetch_case_open();
    c.settings.contact = STR("someone@example.org");
    fetch_path(&c, "/echo");
    CHECK(str_find(c.text, STR("User-Agent: quern/" QUERN_VERSION " (+someone@example.org)\n"),
                   0) != SIZE_MAX);
    CHECK(str_find(c.text, STR("From: someone@example.org"), 0) != SIZE_MAX);
    CHECK(str_find(c.text, STR("Accept-Encoding: gzip, deflate"), 0) != SIZE_MAX);
    CHECK(str_find(c.text, STR("Authorization"), 0) == SIZE_MAX);
    CHECK(str_find(c.text, STR("Cookie"), 0) == SIZE_MAX);
    fetch_case_close(&c);
    c = fetch_case_open();
    c.settings.contact = STR("https://example.org/bot@home");
    fetch_path(&c, "/echo");
    CHECK(str_find(c.text, STR("(+https://example.org/bot@home)"), 0) != SIZE_MAX);
    CHECK(str_find(c.text, STR("From:"), 0) == SIZE_MAX);
    fetch_case_close(&c);
}

TEST(a_secret_goes_only_to_its_hosts)
{
    char web_host[32];
    char redirect[64];
    struct fetch_case c = fetch_case_open();
    const int len = snprintf(web_host, sizeof web_host, "127.0.0.1:%d", server_port());
    const str hosts[] = {{.ptr = web_host, .len = (size_t)len}};
    c.authorization = STR("Bearer planted-secret");
    c.settings.authorization_hosts = (struct str_list){.items = hosts, .count = 1};
    fetch_path(&c, "/echo");
    CHECK(str_find(c.text, STR("Authorization: Bearer planted-secret"), 0) != SIZE_MAX);
    snprintf(redirect, sizeof redirect, "/to?http://localhost:%d/echo", server_port());
    fetch_path(&c, redirect);
    CHECK_INT(c.out.redirect_count, 1);
    CHECK(str_find(c.text, STR("User-Agent"), 0) != SIZE_MAX);
    CHECK(str_find(c.text, STR("secret"), 0) == SIZE_MAX);
    fetch_case_close(&c);
}

TEST(an_option_cannot_bring_in_a_header_of_its_own)
{
    struct fetch_case c = fetch_case_open();
    c.settings.contact = STR("a@b\r\nX-Evil: 1");
    CHECK(fetch_open(&c.settings, STR(""), NULL, &c.open_fault, NULL) == NULL);
    CHECK(strstr(c.open_fault.message, "contact") != NULL);
    fetch_case_close(&c);
}

TEST(without_a_contact_nobody_but_this_machine_is_asked)
{
    struct fetch_case c = fetch_case_open();
    fetch_url(&c, "http://93.184.216.34/");
    check_fault(&c, FAULT_address_refused);
    CHECK(strstr(c.out.fault.message, "contact") != NULL);
    fetch_case_close(&c);
    c = fetch_case_open();
    c.settings.allow_addresses = (struct str_list){.count = 0};
    fetch_url(&c, "http://a-name-that-is-not-looked-up.example/");
    check_fault(&c, FAULT_address_refused);
    CHECK(strstr(c.out.fault.message, "contact") != NULL);
    CHECK_INT(c.out.http_status, 0);
    CHECK(!c.out.retryable);
    fetch_case_close(&c);
}

/* --- addresses --- */

TEST(no_spelling_of_a_private_address_is_asked)
{
    static const char *const hosts[] = {
        "127.0.0.1",
        "2130706433",
        "0x7f000001",
        "0177.0.0.1",
        "017700000001",
        "127.1",
        "0",
        "[::1]",
        "[::]",
        "[::ffff:127.0.0.1]",
        "localhost",
        "LOCALHOST",
        "10.0.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "172.16.0.1",
        "[::ffff:a9fe:a9fe]",
        "[fe80::1]",
        "[fd00::1]",
        "[64:ff9b::7f00:1]",
        "[::127.0.0.1]",
    };
    struct fetch_case c = fetch_case_open();
    c.settings.allow_addresses = (struct str_list){.count = 0};
    c.settings.contact = STR("a@example.org");
    const str ports[] = {STR("8099")};
    c.settings.allow_ports = (struct str_list){.items = ports, .count = 1};
    for (size_t i = 0; i < sizeof hosts / sizeof *hosts; i++) {
        char url[64];
        snprintf(url, sizeof url, "http://%s:8099/ok", hosts[i]);
        fetch_url(&c, url);
        if (!check_fault(&c, FAULT_address_refused)) {
            fprintf(stderr, "  at %s\n", url);
        }
        CHECK(!c.out.retryable && !c.out.content);
    }
    fetch_case_close(&c);
}

TEST(a_name_is_judged_by_the_address_it_leads_to)
{
    char url[64];
    static const str ipv6_only[] = {STR_INIT("fd00::/8")};
    struct fetch_case c = fetch_case_open();
    snprintf(url, sizeof url, "http://localhost:%d/ok", server_port());
    fetch_url(&c, url); /* ::1 refuses the connection or does not exist, 127.0.0.1 answers */
    check_fault(&c, FAULT_none);
    is_body(c.text);
    fetch_case_close(&c);
    c = fetch_case_open();
    c.settings.allow_addresses = (struct str_list){.items = ipv6_only, .count = 1};
    c.settings.contact = STR("a@example.org");
    fetch_url(&c, "http://localhost/ok");
    check_fault(&c, FAULT_address_refused);
    CHECK(strstr(c.out.fault.message, "loopback") != NULL);
    CHECK_INT(c.out.received_bytes, 0);
    fetch_case_close(&c);
}

TEST(a_redirect_cannot_lead_past_the_address_policy)
{
    struct fetch_case c = fetch_case_open();
    c.settings.contact = STR("a@example.org");
    fetch_path(&c, "/to?http://169.254.169.254/latest/meta-data/");
    check_fault(&c, FAULT_address_refused);
    CHECK_STR(c.out.final_url, STR("http://169.254.169.254/latest/meta-data/"));
    CHECK_INT(c.out.http_status, 0);
    fetch_path(&c, "/to?http://93.184.216.34:22/");
    check_fault(&c, FAULT_address_refused);
    CHECK(strstr(c.out.fault.message, "allow_ports") != NULL);
    fetch_case_close(&c);
}

/* --- redirects --- */

TEST(redirects_are_followed_hop_by_hop)
{
    char redirect[64];
    struct fetch_case c = fetch_case_open();
    fetch_path(&c, "/redirect/10");
    check_fault(&c, FAULT_none);
    is_body(c.text);
    CHECK_INT(c.out.redirect_count, 10);
    CHECK(str_ends(c.out.final_url, STR("/ok")));
    CHECK_INT(c.out.received_bytes, BODY_BYTES + 10 * (int)sizeof "over there" - 10);
    snprintf(redirect, sizeof redirect, "/to?http://localhost:%d/headers", server_port());
    fetch_path(&c, redirect);
    check_fault(&c, FAULT_none);
    CHECK(str_starts(c.out.final_url, STR("http://localhost:")));
    fetch_path(&c, "/location?../ok%3Fq=%C8%A8%23f");
    check_fault(&c, FAULT_none);
    CHECK(str_ends(c.out.final_url, STR("/ok?q=%C8%A8")));
    fetch_path(&c, "/location?/ok/%E6%9D%83");
    CHECK(str_ends(c.out.final_url, STR("/ok/%E6%9D%83")));
    fetch_case_close(&c);
}

TEST(redirects_that_lead_nowhere_are_told)
{
    static const struct {
        const char *path;
        const char *says;
    } rows[] = {
        {"/redirect/11", "redirects_max"},
        {"/loop", "circle"},
        {"/to?ftp://127.0.0.1/", "no http"},
        {"/to?javascript:alert(1)", "no http"},
        {"/to?http://", "no http"},
        {"/to?http://[::1", "no http"},
        {"/to?file:///etc/passwd", "no http"},
    };
    struct fetch_case c = fetch_case_open();
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        fetch_path(&c, rows[i].path);
        check_fault(&c, FAULT_redirect);
        CHECK(strstr(c.out.fault.message, rows[i].says) != NULL);
        CHECK(c.out.http_status == 301 || c.out.http_status == 302);
        CHECK(!c.out.content);
    }
    fetch_path(&c, "/status/302"); /* without a Location */
    check_fault(&c, FAULT_http_status);
    fetch_case_close(&c);
}

TEST(the_password_in_a_redirect_that_is_not_followed_is_not_repeated)
{
    static const char *const paths[] = {
        "/to?ftp://user:planted@127.0.0.1/",
        "/to?http://user:planted@[bad/",
        "/to?http://user:pl/planted@[planted",
        "/to?x:planted",
        "/to-itself",
    };
    struct fetch_case c = fetch_case_open();
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        fetch_path(&c, paths[i]);
        check_fault(&c, FAULT_redirect);
        CHECK(strstr(c.out.fault.message, "planted") == NULL);
    }
    fetch_case_close(&c);
}

/* --- errors --- */

TEST(the_body_of_an_error_is_not_converted)
{
    struct fetch_case c = fetch_case_open();
    fetch_path(&c, "/status/404");
    CHECK_INT(c.status, STATUS_OK);
    check_fault(&c, FAULT_http_status);
    CHECK_INT(c.out.http_status, 404);
    CHECK(strstr(c.out.fault.message, "404") != NULL);
    CHECK(!c.out.content && !c.out.retryable);
    fetch_path(&c, "/error-forever");
    check_fault(&c, FAULT_http_status);
    CHECK(c.took_ms < 20000);
    CHECK(c.out.received_bytes < 16 << 20);
    fetch_path(&c, "/status/500");
    check_fault(&c, FAULT_http_status);
    CHECK(c.out.retryable);
    fetch_path(&c, "/status/304");
    check_fault(&c, FAULT_http_status);
    fetch_case_close(&c);
}

TEST(an_answer_that_ends_early_keeps_what_came)
{
    static const struct {
        const char *path;
        int64_t len;
    } rows[] = {{"/short", 400}, {"/chunked-cut", 150}, {"/part", 100}};
    struct fetch_case c = fetch_case_open();
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        fetch_path(&c, rows[i].path);
        CHECK_INT(c.status, STATUS_OK);
        check_fault(&c, FAULT_truncated);
        CHECK(c.out.truncated && c.out.retryable);
        CHECK_INT(c.text.len, rows[i].len);
    }
    fetch_path(&c, "/gzip-cut"); /* the transfer was whole, the coding was not */
    check_fault(&c, FAULT_truncated);
    CHECK(c.out.truncated);
    CHECK(c.text.len > 8000 && c.text.len < 8300);
    for (size_t i = 0; i < c.text.len; i++) {
        if ((uint8_t)c.text.ptr[i] != i % 256) {
            CHECK((uint8_t)c.text.ptr[i] == i % 256);
            break;
        }
    }
    fetch_case_close(&c);
}

TEST(a_stalled_answer_is_given_up_and_keeps_what_came)
{
    struct fetch_case c = fetch_case_open();
    c.settings.stall_timeout_ms = 300;
    fetch_path(&c, "/stall?1000");
    check_fault(&c, FAULT_truncated);
    CHECK(c.out.truncated);
    CHECK_INT(c.text.len, 1000);
    CHECK(c.took_ms >= 300 && c.took_ms < 20000);
    fetch_path(&c, "/stall-head");
    check_fault(&c, FAULT_timeout);
    CHECK(c.out.retryable);
    CHECK(c.took_ms >= 900 && c.took_ms < 30000); /* asked three times */
    fetch_case_close(&c);
    c = fetch_case_open();
    c.settings.timeout_ms = 500;
    fetch_path(&c, "/drip");
    check_fault(&c, FAULT_truncated);
    CHECK(c.text.len > 0 && c.text.len < 1000);
    CHECK(c.took_ms >= 500 && c.took_ms < 20000);
    fetch_path(&c, "/slow-headers");
    check_fault(&c, FAULT_timeout);
    CHECK_INT(c.out.http_status, 0);
    fetch_case_close(&c);
}

TEST(a_coding_that_does_not_decode_is_told)
{
    static const char *const paths[] = {"/gzip-bad", "/gzip-wrong", "/br", "/two-codings",
                                        "/te-gzip"};
    struct fetch_case c = fetch_case_open();
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        fetch_path(&c, paths[i]);
        if (!check_fault(&c, FAULT_bad_coding)) {
            fprintf(stderr, "  at %s\n", paths[i]);
        }
        CHECK_INT(c.out.http_status, 200);
    }
    fetch_case_close(&c);
}

TEST(what_is_no_answer_is_told)
{
    struct fetch_case c = fetch_case_open();
    fetch_path(&c, "/not-http");
    check_fault(&c, FAULT_connect);
    fetch_path(&c, "/reset");
    check_fault(&c, FAULT_connect);
    CHECK(c.out.retryable);
    fetch_url(&c, "http://127.0.0.1:9/"); /* discard: nobody listens */
    check_fault(&c, FAULT_connect);
    CHECK(c.out.retryable);
    CHECK_INT(c.out.http_status, 0);
    char url[64];
    snprintf(url, sizeof url, "https://127.0.0.1:%d/ok", server_port());
    fetch_url(&c, url);
    check_fault(&c, FAULT_connect);
    fetch_case_close(&c);
}

/* --- limits --- */

TEST(content_has_a_limit_and_what_lies_before_it_is_kept)
{
    struct fetch_case c = fetch_case_open();
    c.settings.content_bytes_max = 100000;
    fetch_path(&c, "/big?100000");
    check_fault(&c, FAULT_none);
    CHECK(!c.out.limited);
    CHECK_INT(c.text.len, 100000);
    fetch_path(&c, "/big?2000000000");
    check_fault(&c, FAULT_limit);
    CHECK(c.out.limited && !c.out.truncated);
    CHECK_INT(c.text.len, 100000);
    CHECK(c.out.received_bytes < 16 << 20);
    fetch_path(&c, "/gzip-bomb?8");
    check_fault(&c, FAULT_limit);
    CHECK_INT(c.text.len, 100000);
    fetch_case_close(&c);
}

TEST(a_bomb_is_stopped_by_its_ratio)
{
    struct fetch_case c = fetch_case_open();
    fetch_path(&c, "/gzip-bomb?12"); /* small enough to be let through */
    check_fault(&c, FAULT_none);
    CHECK_INT(c.text.len, 12 << 20);
    fetch_path(&c, "/gzip-bomb?400");
    check_fault(&c, FAULT_limit);
    CHECK(strstr(c.out.fault.message, "archive_ratio_max") != NULL);
    CHECK(c.out.limited);
    CHECK(c.text.len >= 16 << 20 && c.text.len < 20 << 20);
    fetch_case_close(&c);
}

TEST(headers_have_a_limit)
{
    static const char *const paths[] = {"/huge-headers", "/huge-line", "/many-interim"};
    struct fetch_case c = fetch_case_open();
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        fetch_path(&c, paths[i]);
        if (!check_fault(&c, FAULT_limit)) {
            fprintf(stderr, "  at %s\n", paths[i]);
        }
    }
    CHECK(c.arena.peak_bytes < 4 << 20);
    fetch_case_close(&c);
}

/* --- politeness --- */

TEST(a_web_host_is_given_its_delay_between_requests)
{
    struct fetch_case c = fetch_case_open();
    c.settings.delay_ms = 300;
    fetch_path(&c, "/ok");
    fetch_path(&c, "/redirect/1"); /* two requests */
    CHECK(c.took_ms >= 550);
    fetch_case_close(&c);
}

TEST(the_delay_of_one_web_host_is_not_anothers)
{
    char other[64];
    struct fetch_case c = fetch_case_open();
    c.settings.robots = STR("ignore"); /* the first request to each is the document's */
    c.settings.delay_ms = 60000;
    fetch_path(&c, "/ok");
    snprintf(other, sizeof other, "http://localhost:%d/ok", server_port());
    fetch_url(&c, other);
    check_fault(&c, FAULT_none);
    CHECK(c.took_ms < 30000);
    fetch_case_close(&c);
}

TEST(a_connection_is_used_again_and_never_a_second_one)
{
    struct fetch_case c = fetch_case_open();
    fetch_path(&c, "/ok?reuse");
    fetch_path(&c, "/status/404?reuse");
    fetch_path(&c, "/redirect/1?reuse");
    fetch_path(&c, "/gzip?reuse");
    fetch_path(&c, "/log");
    /* The log is JSON on one line; the client's port names the connection. */
    size_t at = 0;
    str first = STR("");
    int seen = 0;
    while ((at = str_find(c.text, STR("reuse\""), at)) != SIZE_MAX) {
        const size_t port = str_find(c.text, STR("\"client\": "), at);
        const str client = str_slice(c.text, port, str_find_byte(c.text, ',', port));
        first = first.len ? first : client;
        CHECK_STR(client, first);
        seen++;
        at++;
    }
    CHECK_INT(seen, 4);
    fetch_case_close(&c);
}

TEST(what_fails_for_a_moment_is_asked_again)
{
    struct fetch_case c = fetch_case_open();
    fetch_path(&c, "/ok");
    CHECK_INT(c.out.retry_count, 0);
    fetch_path(&c, "/flaky/a?2");
    check_fault(&c, FAULT_none);
    CHECK_INT(c.out.retry_count, 2);
    is_body(c.text);
    fetch_path(&c, "/flaky/b?3"); /* three requests are all there are */
    check_fault(&c, FAULT_http_status);
    CHECK_INT(c.out.http_status, 503);
    CHECK(c.out.retryable);
    fetch_path(&c, "/reset-once/a");
    check_fault(&c, FAULT_none);
    is_body(c.text);
    fetch_case_close(&c);
}

TEST(retry_after_is_obeyed)
{
    struct fetch_case c = fetch_case_open();
    fetch_path(&c, "/retry-once?1");
    check_fault(&c, FAULT_none);
    CHECK(c.took_ms >= 950 && c.took_ms < 20000);
    fetch_path(&c, "/retry-after?3600"); /* longer than we wait: the host is left alone */
    check_fault(&c, FAULT_http_status);
    CHECK_INT(c.out.http_status, 429);
    CHECK(c.out.retryable);
    CHECK(c.took_ms < 20000);
    fetch_path(&c, "/ok");
    check_fault(&c, FAULT_http_status);
    CHECK(strstr(c.out.fault.message, "Retry-After") != NULL);
    CHECK(c.out.retryable && c.took_ms < 20000 && !c.out.content);
    fetch_case_close(&c);
}

/* --- the host --- */

struct patience {
    int64_t until_ms; /* cancelled from then on */
    int64_t last_ms;
    int64_t longest_ms; /* between two questions */
    int64_t waits;
    int64_t received;
};

static bool is_cancelled(void *context)
{
    struct patience *patience = context;
    const int64_t now_ms = clock_ms();
    const int64_t gap_ms = now_ms - patience->last_ms;
    patience->longest_ms = gap_ms > patience->longest_ms ? gap_ms : patience->longest_ms;
    patience->last_ms = now_ms;
    return now_ms >= patience->until_ms;
}

static void waiting(void *context, str web_host, int64_t wait_ms, int64_t received_bytes)
{
    struct patience *patience = context;
    patience->waits += wait_ms > 0 && web_host.len > 0;
    patience->received = received_bytes > patience->received ? received_bytes : patience->received;
}

TEST(a_host_that_wants_to_stop_is_heard_soon)
{
    static const char *const paths[] = {"/stall?1000", "/stall-head", "/slow-headers", "/drip",
                                        "/gzip-bomb?100000"};
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        struct patience patience = {.until_ms = clock_ms() + 300, .last_ms = clock_ms()};
        struct fetch_case c = fetch_case_open();
        c.settings.content_bytes_max = INT64_C(1) << 32;
        c.settings.archive_ratio_max = 100000;
        c.watch = (struct fetch_watch){
            .context = &patience, .is_cancelled = is_cancelled, .waiting = waiting};
        fetch_path(&c, paths[i]);
        CHECK_INT(c.status, STATUS_CANCELLED);
        CHECK(!c.out.content);
        CHECK(c.took_ms >= 200 && c.took_ms < 5000);
        CHECK(patience.longest_ms < 2000); /* 50 ms on an idle machine */
        fetch_case_close(&c);
    }
}

TEST(waiting_for_a_turn_can_be_stopped_too)
{
    struct patience patience = {.until_ms = INT64_MAX};
    struct fetch_case c = fetch_case_open();
    c.settings.delay_ms = 60000;
    c.watch = (struct fetch_watch){
        .context = &patience, .is_cancelled = is_cancelled, .waiting = waiting};
    fetch_path(&c, "/ok");
    check_fault(&c, FAULT_none);
    patience.until_ms = clock_ms() + 200;
    fetch_path(&c, "/ok");
    CHECK_INT(c.status, STATUS_CANCELLED);
    CHECK(c.took_ms < 5000);
    CHECK(patience.waits > 0);
    fetch_case_close(&c);
}

TEST(a_child_after_a_fork_neither_asks_nor_ends_its_parents_connections)
{
    struct fetch_case c = fetch_case_open();
    fetch_path(&c, "/ok");
    fflush(NULL);
    const pid_t child = fork();
    if (child == 0) {
        fetch_path(&c, "/ok");
        const bool refused = c.out.fault.code == FAULT_internal;
        fetch_close(c.fetcher);
        _exit(refused ? 0 : 1);
    }
    int how = -1;
    CHECK(waitpid(child, &how, 0) == child && WIFEXITED(how) && WEXITSTATUS(how) == 0);
    fetch_path(&c, "/ok");
    check_fault(&c, FAULT_none);
    is_body(c.text);
    fetch_case_close(&c);
}

/* One fetch with its fetcher; true: it told that something is missing. */
static bool fetch_told(const struct settings *settings, const struct url *url, struct arena *arena)
{
    struct fault fault;
    const struct fetch_known known = {
        .url = url->request, .etag = STR("\"old\""), .last_modified = STR("long ago")};
    struct fetched out = {.fault = {.code = FAULT_none}};
    struct fetcher *fetcher = fetch_open(settings, STR(""), NULL, &fault, NULL);
    if (!fetcher) {
        return fault.code == FAULT_no_memory;
    }
    const enum status status = fetch_whole(fetcher, url, &known, arena, &out);
    const bool whole = status == STATUS_OK && out.fault.code == FAULT_none && out.content != NULL;
    CHECK(status == STATUS_OK || (status == STATUS_NO_MEMORY && !out.content));
    blob_close(out.content);
    fetch_close(fetcher);
    return !whole;
}

TEST(no_memory_at_any_moment_is_an_answer)
{
    static const char *const paths[] = {"/headers", "/gzip", "/redirect/2", "/disposition?a"};
    struct fetch_case c = fetch_case_open();
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        char text[64];
        struct url url;
        long n = 1;
        snprintf(text, sizeof text, "http://127.0.0.1:%d%s", server_port(), paths[i]);
        CHECK_INT(url_parse(&c.arena, str_of(text), NULL, &url), URL_OK);
        for (; refuse_try(n, true); n++) {
            struct arena arena;
            arena_init(&arena, 1 << 20);
            const bool told = fetch_told(&c.settings, &url, &arena);
            const bool refused = refuse_refused() > 0;
            refuse_stop();
            CHECK_INT(told, refused);
            arena_release(&arena);
        }
        CHECK(n > 6);
    }
    fetch_case_close(&c);
}

/* --- what headers say of the content --- */

TEST(names_and_types_are_read_from_headers)
{
    static const struct {
        const char *path;
        const char *media_type, *charset, *file_name;
    } rows[] = {
        {"/charset?text/html", "text/html", "", ""},
        {"/charset?TEXT/HTML;charset=gb2312", "text/html", "gb2312", ""},
        {"/charset?text/html;%20Charset=%22Big5%22;x=y", "text/html", "big5", ""},
        {"/charset?text/html;%20charset='utf-8'", "text/html", "utf-8", ""},
        {"/charset?nonsense", "", "", ""},
        {"/charset?;charset=utf-8", "", "utf-8", ""},
        {"/charset?text/html;charset=", "text/html", "", ""},
        {"/disposition?attachment;%20filename=%22a%20b.doc%22", "", "", "a b.doc"},
        {"/disposition?attachment;filename=a.doc", "", "", "a.doc"},
        {"/disposition?inline;filename=%22../../etc/passwd%22", "", "", "passwd"},
        {"/disposition?attachment;filename=%22C:%5C%5Cx%5C%5Cy.txt%22", "", "", "y.txt"},
        {"/disposition?attachment;filename=x;filename*=UTF-8''%25E6%259D%2583.doc", "", "",
         "权.doc"},
        {"/disposition?attachment;filename*=GBK''%25C8%25A8.doc", "", "", "权.doc"},
        {"/disposition?attachment;filename=%22%25E6%259D%2583%25E5%258A%259B.doc%22", "", "",
         "权力.doc"},
        {"/disposition?attachment;filename=%22%E6%9D%83%E5%8A%9B.doc%22", "", "", "权力.doc"},
        {"/disposition?attachment;filename=%22%C8%A8%C1%A6%D3%EB%D4%F0%C8%CE.doc%22", "", "",
         "权力与责任.doc"},
        {"/disposition?attachment", "", "", ""},
        {"/disposition?attachment;filename=", "", "", ""},
    };
    struct fetch_case c = fetch_case_open();
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        fetch_path(&c, rows[i].path);
        check_fault(&c, FAULT_none);
        CHECK_STR(c.out.media_type, str_of(rows[i].media_type));
        CHECK_STR(c.out.charset, str_of(rows[i].charset));
        CHECK_STR(c.out.file_name, str_of(rows[i].file_name));
    }
    fetch_case_close(&c);
}

TEST_MAIN()
