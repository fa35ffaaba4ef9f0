/* SPDX-License-Identifier: Apache-2.0 */
/* Guards asking for a document only if it has changed: an unchanged one costs no body, and what the
 * server has to be told is told to nobody else. */
#include "unit/fetch/server.h"

static str final_url_of(struct fetch_case *c, const char *path)
{
    char url[256];
    const int len = snprintf(url, sizeof url, "http://127.0.0.1:%d%s", server_port(), path);
    return arena_copy(&c->arena, (str){.ptr = url, .len = (size_t)len});
}

/* `c->known` outlives the arena of a fetch. */
static void know(struct fetch_case *c, char *store, size_t size, const char *path, str etag,
                 str last_modified)
{
    const str url = final_url_of(c, path);
    if (CHECK(url.ptr && url.len < size)) {
        memcpy(store, url.ptr, url.len);
        c->known = (struct fetch_known){
            .url = {.ptr = store, .len = url.len}, .etag = etag, .last_modified = last_modified};
    }
}

static const str version = STR_INIT("\"v1\"");
static const str version_time = STR_INIT("Sun, 06 Nov 1994 08:49:37 GMT");

TEST(an_unchanged_document_costs_no_body_and_is_no_failure)
{
    struct fetch_case c = fetch_case_open();
    char url[256];
    const struct {
        str etag;
        str last_modified;
    } cases[] = {{version, version_time}, {version, STR("")}, {STR(""), version_time}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        know(&c, url, sizeof url, "/headers", cases[i].etag, cases[i].last_modified);
        fetch_path(&c, "/headers#fragment");
        CHECK_INT(c.status, STATUS_OK);
        check_fault(&c, FAULT_none);
        CHECK(c.out.unchanged);
        CHECK_INT(c.out.http_status, 304);
        CHECK(!c.out.content);
        CHECK_INT(c.out.received_bytes, 0);
        CHECK(!c.out.retryable && !c.out.truncated);
    }
    fetch_case_close(&c);
}

TEST(a_changed_document_comes_whole)
{
    struct fetch_case c = fetch_case_open();
    char url[256];
    know(&c, url, sizeof url, "/headers", STR("\"v0\""), version_time);
    fetch_path(&c, "/headers");
    check_fault(&c, FAULT_none);
    CHECK(!c.out.unchanged);
    CHECK_INT(c.out.http_status, 200);
    CHECK(c.out.content && c.text.len > 1000);
    CHECK_STR(c.out.etag, version);
    fetch_case_close(&c);
}

TEST(conditions_go_to_the_hop_that_gave_them_and_to_no_other)
{
    struct fetch_case c = fetch_case_open();
    char url[256];
    know(&c, url, sizeof url, "/echo", version, version_time);
    fetch_path(&c, "/echo");
    CHECK(str_find(c.text, STR("If-None-Match: \"v1\""), 0) != SIZE_MAX);
    CHECK(str_find(c.text, STR("If-Modified-Since: Sun, 06 Nov 1994 08:49:37 GMT"), 0) != SIZE_MAX);
    CHECK(str_find(c.text, STR("Accept-Encoding: "), 0) != SIZE_MAX);
    fetch_path(&c, "/echo?other");
    CHECK(str_find(c.text, STR("If-"), 0) == SIZE_MAX);
    fetch_path(&c, "/to?/echo");
    CHECK(str_find(c.text, STR("If-None-Match: \"v1\""), 0) != SIZE_MAX);
    CHECK_INT(c.out.redirect_count, 1);
    know(&c, url, sizeof url, "/to?/echo", version, version_time);
    fetch_path(&c, "/to?/echo");
    CHECK(str_find(c.text, STR("If-"), 0) == SIZE_MAX); /* it leads elsewhere by now */
    c.known.url = STR("");
    fetch_path(&c, "/echo");
    CHECK(str_find(c.text, STR("If-"), 0) == SIZE_MAX); /* nor a request later */
    fetch_case_close(&c);
}

TEST(a_redirect_to_an_unchanged_document_ends_in_it)
{
    struct fetch_case c = fetch_case_open();
    char url[256];
    know(&c, url, sizeof url, "/headers", version, STR(""));
    fetch_path(&c, "/to?/headers");
    check_fault(&c, FAULT_none);
    CHECK(c.out.unchanged);
    CHECK_INT(c.out.redirect_count, 1);
    CHECK(str_ends(c.out.final_url, STR("/headers")));
    fetch_case_close(&c);
}

TEST(a_304_that_nobody_asked_for_is_a_failure)
{
    struct fetch_case c = fetch_case_open();
    char url[256];
    fetch_path(&c, "/not-modified");
    check_fault(&c, FAULT_http_status);
    CHECK(!c.out.unchanged && !c.out.content);
    know(&c, url, sizeof url, "/not-modified/other", version, STR(""));
    fetch_path(&c, "/not-modified");
    check_fault(&c, FAULT_http_status);
    CHECK(!c.out.unchanged);
    know(&c, url, sizeof url, "/not-modified", STR(""), STR("")); /* nothing could be compared */
    fetch_path(&c, "/not-modified");
    check_fault(&c, FAULT_http_status);
    CHECK(!c.out.unchanged);
    fetch_case_close(&c);
}

TEST(what_is_known_cannot_bring_in_a_header_of_its_own)
{
    struct fetch_case c = fetch_case_open();
    char url[256];
    know(&c, url, sizeof url, "/echo", STR("\"v\"\r\nX-Planted: yes"), STR("x\nX-Planted: yes"));
    fetch_path(&c, "/echo");
    check_fault(&c, FAULT_none);
    CHECK(str_find(c.text, STR("X-Planted"), 0) == SIZE_MAX);
    CHECK(str_find(c.text, STR("If-"), 0) == SIZE_MAX);
    fetch_case_close(&c);
}

TEST_MAIN()
