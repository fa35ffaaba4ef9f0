/* SPDX-License-Identifier: Apache-2.0 */
/* Guards what an answer to robots.txt means and for how long (RFC 9309 2.3.1, 2.4), over runs and
 * whatever was kept in between. */
#include "fetch/robots_cache.h"
#include "harness/refuse.h"
#include "harness/test.h"

enum { NOW = 1700000000, DAY = 24 * 60 * 60 };

#define RULES "User-agent: *\nDisallow: /private\nCrawl-delay: 400\nContent-Signal: ai-train=no\n"

/* A memo of one value. */
struct kept {
    struct memo memo;
    char key[MEMO_KEY_BYTES_MAX];
    size_t key_len;
    char value[4096];
    size_t len;
    int puts;
    bool broken;
};

static bool kept_get(void *context, str key, struct arena *arena, bytes *value)
{
    const struct kept *kept = context;
    *value = (bytes){.ptr = NULL};
    if (kept->len && str_equal(key, (str){.ptr = kept->key, .len = kept->key_len})) {
        *value =
            arena_copy_bytes(arena, (bytes){.ptr = (const uint8_t *)kept->value, .len = kept->len});
    }
    return !kept->broken;
}

static bool kept_put(void *context, str key, bytes value)
{
    struct kept *kept = context;
    kept->puts++;
    if (kept->broken || !CHECK(key.len <= sizeof kept->key && value.len <= sizeof kept->value)) {
        return false;
    }
    memcpy(kept->key, key.ptr, key.len);
    memcpy(kept->value, value.ptr, value.len);
    kept->key_len = key.len;
    kept->len = value.len;
    return true;
}

static struct memo *kept_memo(struct kept *kept)
{
    kept->memo = (struct memo){.context = kept, .get = kept_get, .put = kept_put};
    return &kept->memo;
}

struct fixture {
    struct arena arena;
    struct url url;
    struct robots_cache *cache;
    struct robots_said said;
};

static struct fixture open_fixture(const struct memo *memo)
{
    struct fixture f = {.cache = robots_cache_open(STR("quern"), 300000, memo)};
    arena_init(&f.arena, 1 << 20);
    CHECK(f.cache != NULL);
    return f;
}

static void close_fixture(struct fixture *f)
{
    robots_cache_close(f->cache);
    arena_release(&f->arena);
}

static enum robots_answer ask(struct fixture *f, const char *text, int64_t now_s)
{
    CHECK_INT(url_parse(&f->arena, str_of(text), NULL, &f->url), URL_OK);
    CHECK_INT(robots_cache_ask(f->cache, &f->url, now_s, &f->said), STATUS_OK);
    return f->said.answer;
}

static void learn(struct fixture *f, const char *text, int64_t http_status, enum fault_code code,
                  const char *body, int64_t now_s)
{
    struct robots_received received = {.http_status = http_status,
                                       .body = str_bytes(str_of(body)),
                                       .fault = {.code = code},
                                       .retryable = true};
    CHECK_INT(url_parse(&f->arena, str_of(text), NULL, &f->url), URL_OK);
    CHECK_INT(robots_cache_learn(f->cache, &f->url, &received, now_s), STATUS_OK);
}

static bool says(const struct fixture *f, const char *part)
{
    const bool holds = CHECK(strstr(f->said.fault.message, part) != NULL);
    if (!holds) {
        fprintf(stderr, "  it says: %s\n", f->said.fault.message);
    }
    return holds;
}

TEST(an_answer_holds_for_a_day_and_for_its_origin_alone)
{
    struct fixture f = open_fixture(NULL);
    CHECK_INT(ask(&f, "http://a.example/private/x", NOW), ROBOTS_UNKNOWN);
    learn(&f, "http://a.example/", 200, FAULT_none, RULES, NOW);
    CHECK_INT(ask(&f, "http://a.example/private/x", NOW), ROBOTS_REFUSED);
    CHECK_STR(fault_code_name(f.said.fault.code), STR("robots"));
    CHECK(!f.said.retryable);
    says(&f, "http://a.example/robots.txt refuses it to * in line 2: Disallow: /private");
    CHECK_INT(ask(&f, "http://a.example/public", NOW + DAY - 1), ROBOTS_ALLOWED);
    CHECK_INT(f.said.delay_ms, 300000);
    CHECK(f.said.delay_capped);
    CHECK(f.said.signals != NULL && f.said.signals->line == 4);
    CHECK_INT(ask(&f, "http://a.example/public", NOW + DAY), ROBOTS_UNKNOWN);
    CHECK_INT(ask(&f, "https://a.example/public", NOW), ROBOTS_UNKNOWN);
    CHECK_INT(ask(&f, "http://a.example:8080/public", NOW), ROBOTS_UNKNOWN);
    CHECK_INT(ask(&f, "http://www.a.example/public", NOW), ROBOTS_UNKNOWN);
    learn(&f, "http://a.example/", 200, FAULT_none, "User-agent: QUERN\nDisallow: /\n", NOW + DAY);
    CHECK_INT(ask(&f, "http://a.example/public", NOW + DAY), ROBOTS_REFUSED);
    says(&f, "refuses it to quern in line 2");
    close_fixture(&f);
}

TEST(what_an_answer_means_is_what_the_rfc_says)
{
    static const struct {
        int64_t http_status;
        enum fault_code code;
        enum robots_answer answer;
    } rows[] = {
        {200, FAULT_none, ROBOTS_REFUSED},          {200, FAULT_limit, ROBOTS_REFUSED},
        {204, FAULT_none, ROBOTS_REFUSED},          {404, FAULT_http_status, ROBOTS_ALLOWED},
        {401, FAULT_http_status, ROBOTS_ALLOWED},   {403, FAULT_http_status, ROBOTS_ALLOWED},
        {410, FAULT_http_status, ROBOTS_ALLOWED},   {302, FAULT_redirect, ROBOTS_ALLOWED},
        {429, FAULT_http_status, ROBOTS_REFUSED},   {500, FAULT_http_status, ROBOTS_REFUSED},
        {503, FAULT_http_status, ROBOTS_REFUSED},   {304, FAULT_http_status, ROBOTS_REFUSED},
        {0, FAULT_connect, ROBOTS_REFUSED},         {0, FAULT_timeout, ROBOTS_REFUSED},
        {200, FAULT_truncated, ROBOTS_REFUSED},     {200, FAULT_bad_coding, ROBOTS_REFUSED},
        {0, FAULT_address_refused, ROBOTS_REFUSED},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct fixture f = open_fixture(NULL);
        learn(&f, "http://a.example/", rows[i].http_status, rows[i].code, RULES, NOW);
        if (!CHECK_INT(ask(&f, "http://a.example/private", NOW), rows[i].answer)) {
            fprintf(stderr, "  after %lld\n", (long long)rows[i].http_status);
        }
        const bool read = rows[i].http_status / 100 == 2 &&
                          (rows[i].code == FAULT_none || rows[i].code == FAULT_limit);
        CHECK(f.said.retryable == (rows[i].answer == ROBOTS_REFUSED && !read));
        close_fixture(&f);
    }
}

TEST(a_failure_is_told_as_what_it_was)
{
    struct fixture f = open_fixture(NULL);
    learn(&f, "http://a.example/", 503, FAULT_http_status, "", NOW);
    CHECK_INT(ask(&f, "http://a.example/x", NOW), ROBOTS_REFUSED);
    CHECK_STR(fault_code_name(f.said.fault.code), STR("robots"));
    says(&f, "http://a.example/robots.txt was answered with 503");
    learn(&f, "http://a.example/", 0, FAULT_connect, "", NOW);
    CHECK_INT(ask(&f, "http://a.example/x", NOW), ROBOTS_REFUSED);
    CHECK_STR(fault_code_name(f.said.fault.code), STR("connect"));
    says(&f, "http://a.example/robots.txt could not be read a moment ago (connect)");
    close_fixture(&f);
}

TEST(after_a_failure_it_is_asked_again_soon_and_after_thirty_days_no_more_obeyed)
{
    struct fixture f = open_fixture(NULL);
    const int64_t month = 30 * (int64_t)DAY;
    learn(&f, "http://a.example/", 200, FAULT_none, RULES, NOW - 2 * DAY);
    learn(&f, "http://a.example/", 503, FAULT_http_status, "", NOW);
    CHECK_INT(ask(&f, "http://a.example/public", NOW + ROBOTS_RETRY_S - 1), ROBOTS_REFUSED);
    CHECK_INT(ask(&f, "http://a.example/public", NOW + ROBOTS_RETRY_S), ROBOTS_UNKNOWN);
    learn(&f, "http://a.example/", 0, FAULT_timeout, "", NOW + month - 1);
    CHECK_INT(ask(&f, "http://a.example/public", NOW + month - 1), ROBOTS_REFUSED);
    /* Then the last copy is what there is. */
    CHECK_INT(ask(&f, "http://a.example/public", NOW + month), ROBOTS_ALLOWED);
    CHECK_INT(ask(&f, "http://a.example/private", NOW + month), ROBOTS_REFUSED);
    CHECK_INT(ask(&f, "http://a.example/public", NOW + month - 1 + DAY), ROBOTS_UNKNOWN);
    learn(&f, "http://a.example/", 404, FAULT_http_status, "", NOW + month + DAY);
    CHECK_INT(ask(&f, "http://a.example/private", NOW + month + DAY), ROBOTS_ALLOWED);
    learn(&f, "http://b.example/", 503, FAULT_http_status, "", NOW);
    learn(&f, "http://b.example/", 503, FAULT_http_status, "", NOW + month);
    CHECK_INT(ask(&f, "http://b.example/private", NOW + month), ROBOTS_ALLOWED);
    close_fixture(&f);
}

TEST(a_new_run_knows_what_the_last_one_was_told)
{
    struct kept kept = {.len = 0};
    struct fixture f = open_fixture(kept_memo(&kept));
    CHECK_INT(ask(&f, "http://a.example/private", NOW), ROBOTS_UNKNOWN);
    CHECK_INT(kept.puts, 0);
    learn(&f, "http://a.example/", 200, FAULT_none, RULES, NOW);
    CHECK_INT(kept.puts, 1);
    CHECK_STR(((str){.ptr = kept.key, .len = kept.key_len}), STR("robots/http://a.example"));
    close_fixture(&f);
    f = open_fixture(kept_memo(&kept));
    CHECK_INT(ask(&f, "http://a.example/private", NOW + DAY - 1), ROBOTS_REFUSED);
    says(&f, "line 2: Disallow: /private");
    close_fixture(&f);
    /* The thirty days go on over runs, too. */
    f = open_fixture(kept_memo(&kept));
    learn(&f, "http://a.example/", 0, FAULT_connect, "", NOW + DAY);
    close_fixture(&f);
    f = open_fixture(kept_memo(&kept));
    CHECK_INT(ask(&f, "http://a.example/public", NOW + DAY + 1), ROBOTS_UNKNOWN);
    learn(&f, "http://a.example/", 0, FAULT_connect, "", NOW + DAY + 1);
    CHECK_INT(ask(&f, "http://a.example/public", NOW + DAY + 2), ROBOTS_REFUSED);
    CHECK_STR(fault_code_name(f.said.fault.code), STR("connect"));
    learn(&f, "http://a.example/", 0, FAULT_connect, "", NOW + 31 * (int64_t)DAY);
    CHECK_INT(ask(&f, "http://a.example/public", NOW + 31 * (int64_t)DAY), ROBOTS_ALLOWED);
    CHECK_INT(ask(&f, "http://a.example/private", NOW + 31 * (int64_t)DAY), ROBOTS_REFUSED);
    close_fixture(&f);
}

TEST(what_a_memo_should_not_hold_is_as_if_it_held_nothing)
{
    static const char *const values[] = {
        "",
        "\n",
        "{}\n" RULES,
        "{\"v\":2,\"heard\":1700000000}\n" RULES,
        "{\"v\":1,\"heard\":1700000000,\"failing\":0,\"tried\":0}",
        "{\"v\":1,\"heard\":1700000000,\"failing\":0,\"tried\":0\n" RULES,
        "{\"v\":1,\"heard\":-5}\n" RULES,
        "{\"v\":1,\"heard\":1.5}\n" RULES,
        "{\"v\":1,\"heard\":\"1700000000\"}\n" RULES,
        "{\"v\":1,\"heard\":1700009999}\n" RULES, /* from the future */
        "{\"v\":1,\"heard\":1700000000,\"failing\":1700009999}\n" RULES,
        "User-agent: *\nAllow: /\n",
    };
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
        struct kept kept = {.len = strlen(values[i])};
        memcpy(kept.value, values[i], kept.len);
        kept.key_len = (size_t)snprintf(kept.key, sizeof kept.key, "robots/http://a.example");
        struct fixture f = open_fixture(kept_memo(&kept));
        if (!CHECK_INT(ask(&f, "http://a.example/private", NOW), ROBOTS_UNKNOWN)) {
            fprintf(stderr, "  after %s\n", values[i]);
        }
        close_fixture(&f);
    }
    struct kept kept = {.broken = true};
    struct fixture f = open_fixture(kept_memo(&kept));
    CHECK_INT(ask(&f, "http://a.example/private", NOW), ROBOTS_UNKNOWN);
    learn(&f, "http://a.example/", 200, FAULT_none, RULES, NOW);
    CHECK_INT(ask(&f, "http://a.example/private", NOW), ROBOTS_REFUSED);
    close_fixture(&f);
}

TEST(the_origins_used_least_go_when_there_are_too_many)
{
    struct fixture f = open_fixture(NULL);
    char text[64];
    for (int i = 0; i < ROBOTS_ORIGINS_MAX + 1; i++) {
        arena_reset(&f.arena);
        snprintf(text, sizeof text, "http://h%d.example/private", i);
        learn(&f, text, 200, FAULT_none, RULES, NOW);
        CHECK_INT(ask(&f, "http://h0.example/private", NOW), ROBOTS_REFUSED);
    }
    CHECK_INT(ask(&f, text, NOW), ROBOTS_REFUSED);
    CHECK_INT(ask(&f, "http://h2.example/private", NOW), ROBOTS_REFUSED);
    CHECK_INT(ask(&f, "http://h1.example/private", NOW), ROBOTS_UNKNOWN);
    close_fixture(&f);
}

TEST(the_largest_file_fits_and_many_of_them_do_not_fill_the_memory)
{
    static char body[ROBOTS_BYTES_MAX];
    static const char head[] = "User-agent: quern\nUser-agent: *\n";
    char text[64];
    struct fixture f = open_fixture(NULL);
    memset(body, '\n', sizeof body);
    memcpy(body, head, sizeof head - 1);
    for (size_t at = sizeof head - 1; at + 9 < sizeof body; at += 8) {
        memcpy(body + at, "allow:*\n", 8); /* the most rules that fit */
    }
    memcpy(body + sizeof body - 12, "\ndisallow:/x", 12);
    const struct robots_received received = {
        .http_status = 200, .body = {.ptr = (const uint8_t *)body, .len = sizeof body}};
    for (int i = 0; i < 12; i++) {
        arena_reset(&f.arena);
        snprintf(text, sizeof text, "http://h%d.example/x", i);
        CHECK_INT(url_parse(&f.arena, str_of(text), NULL, &f.url), URL_OK);
        CHECK_INT(robots_cache_learn(f.cache, &f.url, &received, NOW), STATUS_OK);
        CHECK_INT(ask(&f, text, NOW), ROBOTS_REFUSED);
    }
    CHECK_INT(ask(&f, "http://h0.example/x", NOW), ROBOTS_UNKNOWN);
    CHECK_INT(ask(&f, "http://h10.example/x", NOW), ROBOTS_REFUSED);
    close_fixture(&f);
}

TEST(without_memory_nothing_is_allowed)
{
    long refusals = 0;
    for (long n = 1; refuse_try(n, false); n++) {
        struct kept kept = {.len = 0};
        struct arena arena;
        struct url url = {
            .scheme = STR("http"), .web_host = STR("a.example"), .path = STR("/private")};
        struct robots_said said = {.answer = ROBOTS_UNKNOWN};
        const struct robots_received received = {.http_status = 200, .body = str_bytes(STR(RULES))};
        arena_init(&arena, 1 << 20);
        struct robots_cache *cache = robots_cache_open(STR("quern"), 0, kept_memo(&kept));
        if (cache) {
            (void)!robots_cache_learn(cache, &url, &received, NOW);
            const enum status status = robots_cache_ask(cache, &url, NOW, &said);
            CHECK(status == STATUS_OK || status == STATUS_NO_MEMORY);
            CHECK(said.answer != ROBOTS_ALLOWED);
        }
        refusals += refuse_refused();
        robots_cache_close(cache);
        arena_release(&arena);
    }
    CHECK(refusals > 0);
}

TEST(the_file_stands_at_the_root_of_its_origin)
{
    struct arena arena;
    struct url url;
    arena_init(&arena, 1 << 20);
    CHECK_INT(url_parse(&arena, STR("https://a.example:8443/b/c?d#e"), NULL, &url), URL_OK);
    CHECK_STR(robots_url(&arena, &url).request, STR("https://a.example:8443/robots.txt"));
    arena_release(&arena);
}

TEST_MAIN()
