/* SPDX-License-Identifier: Apache-2.0 */
/* Guards what is recalled of a document: when it is asked for, with what, and what is put for the
 * next time; the server's side of it is in tests/abi/store_test.c. */
#include "harness/refuse.h"
#include "harness/test.h"

#include "fetch/clock.h"
#include "job/found.h"
#include "job/outcome.h"
#include "job/recall.h"

#define SHA_A "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define SHA_B "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"

/* One document's value and its dead letter. */
struct shelf {
    char doc[4096];
    size_t doc_len;
    char dead[4096];
    size_t dead_len;
    bool fails;
};

static bool get(void *context, str key, struct arena *arena, bytes *value)
{
    const struct shelf *shelf = context;
    CHECK(str_starts(key, STR("doc/")));
    *value = (bytes){0};
    if (shelf->doc_len && !shelf->fails) {
        *value = arena_copy_bytes(
            arena, (bytes){.ptr = (const uint8_t *)shelf->doc, .len = shelf->doc_len});
    }
    return !shelf->fails && (!shelf->doc_len || value->ptr);
}

static bool put(void *context, str key, bytes value)
{
    struct shelf *shelf = context;
    const bool is_doc = str_starts(key, STR("doc/"));
    char *to = is_doc ? shelf->doc : shelf->dead;
    if (CHECK(value.len < sizeof shelf->doc) && value.len) {
        memcpy(to, value.ptr, value.len);
    }
    *(is_doc ? &shelf->doc_len : &shelf->dead_len) = value.len;
    return true;
}

struct visit {
    struct shelf shelf;
    struct memo memo;
    struct settings settings;
    struct job_want want;
    struct recall recall;
    struct arena arena;
    struct recalled last;
};

static void visit_open(struct visit *visit)
{
    *visit = (struct visit){.settings = settings_default(),
                            .memo = {.context = &visit->shelf, .get = get, .put = put}};
    visit->want.columns[COLUMN_text] = true;
    arena_init(&visit->arena, 1 << 20);
}

static void look(struct visit *visit)
{
    recall_release(&visit->recall);
    CHECK(recall_open(&visit->recall, &visit->memo, &visit->settings, &visit->want));
    recall_find(&visit->recall, STR("0123"), &visit->arena, &visit->last);
}

static void visit_close(struct visit *visit)
{
    recall_release(&visit->recall);
    arena_release(&visit->arena);
}

static struct found found_of(const struct visit *visit, str sha256, str etag)
{
    struct found found = {
        .recalled = visit->last, .is_recalled = true, .has_content = true, .fault = {.offset = -1}};
    found.provenance.id = STR("0123");
    found.provenance.url = STR("http://a.example/");
    found.provenance.final_url = STR("http://a.example/b");
    found.provenance.http_status = 200;
    found.provenance.fetched_at_us = clock_wall_us();
    found.provenance.etag = etag;
    found.provenance.content_sha256 = sha256;
    return found;
}

/* A visit that gives a record, to its end. */
static void tell(struct visit *visit, const struct found *found, enum verdict verdict)
{
    const struct outcome outcome = {.verdict = verdict};
    CHECK_INT(recall_begin(&visit->recall, found), RECALL_TELL);
    CHECK_INT(recall_judge(&visit->recall, &outcome, &found->fault), RECALL_TELL);
    recall_commit(&visit->recall);
}

static void read_once(struct visit *visit)
{
    look(visit);
    const struct found found = found_of(visit, STR(SHA_A), STR("\"a\""));
    tell(visit, &found, VERDICT_CONVERTED);
    look(visit);
}

TEST(what_was_read_is_asked_for_with_its_validators)
{
    struct visit visit;
    visit_open(&visit);
    look(&visit);
    CHECK(!visit.last.is_known);
    CHECK(!recall_conditions(&visit.recall, &visit.last));
    read_once(&visit);
    CHECK(visit.last.is_known && visit.last.is_good && visit.last.is_made_alike);
    const struct fetch_known *known = recall_conditions(&visit.recall, &visit.last);
    if (CHECK(known != NULL)) {
        CHECK_STR(known->url, STR("http://a.example/b"));
        CHECK_STR(known->etag, STR("\"a\""));
        CHECK_STR(known->last_modified, STR(""));
    }
    visit.settings.revalidate = STR("off");
    look(&visit);
    CHECK(!recall_conditions(&visit.recall, &visit.last));
    visit_close(&visit);
}

TEST(nothing_is_put_before_the_last_row)
{
    struct visit visit;
    visit_open(&visit);
    look(&visit);
    const struct found found = found_of(&visit, STR(SHA_A), STR("\"a\""));
    const struct outcome outcome = {.verdict = VERDICT_CONVERTED};
    CHECK_INT(recall_begin(&visit.recall, &found), RECALL_TELL);
    CHECK_INT(recall_judge(&visit.recall, &outcome, &found.fault), RECALL_TELL);
    CHECK_INT(visit.shelf.doc_len, 0);
    recall_commit(&visit.recall);
    CHECK(visit.shelf.doc_len > 0);
    visit.shelf.doc_len = 0;
    recall_commit(&visit.recall); /* once */
    CHECK_INT(visit.shelf.doc_len, 0);
    visit_close(&visit);
}

TEST(what_was_not_whole_is_not_known_by_validators)
{
    struct visit visit;
    visit_open(&visit);
    look(&visit);
    struct found found = found_of(&visit, STR(SHA_A), STR("\"a\""));
    found.truncated = true;
    fault_tell(&found.fault, FAULT_truncated, -1, "cut");
    tell(&visit, &found, VERDICT_PARTIAL);
    look(&visit);
    CHECK(visit.last.is_known && !recall_conditions(&visit.recall, &visit.last));
    CHECK_INT(visit.last.sha256.len, 0);
    visit.settings.revisit = STR("due");
    look(&visit);
    CHECK(!recall_is_early(&visit.recall, &visit.last));
    visit_close(&visit);
}

TEST(the_interval_grows_while_nothing_changes_and_shrinks_when_it_does)
{
    struct visit visit;
    visit_open(&visit);
    read_once(&visit);
    CHECK_INT(visit.last.interval_s, 86400);
    CHECK_INT(visit.last.due_s - visit.last.checked_s, 86400);
    struct found found = found_of(&visit, STR(SHA_A), STR("\"a\""));
    found.is_unchanged = true;
    CHECK_INT(recall_begin(&visit.recall, &found), RECALL_UNCHANGED);
    look(&visit);
    CHECK_INT(visit.last.interval_s, 86400 * 14 / 10);
    CHECK_INT(visit.last.asked_count, 2);
    CHECK_INT(visit.last.changed_count, 0);
    CHECK(recall_conditions(&visit.recall, &visit.last) != NULL);
    found = found_of(&visit, STR(SHA_A), STR("\"a2\"")); /* without a 304, but the same bytes */
    CHECK_INT(recall_begin(&visit.recall, &found), RECALL_UNCHANGED);
    look(&visit);
    CHECK_INT(visit.last.interval_s, 86400 * 14 / 10 / 10 * 14);
    CHECK_STR(visit.last.validators.etag, STR("\"a2\""));
    found = found_of(&visit, STR(SHA_B), STR("\"b\""));
    tell(&visit, &found, VERDICT_CONVERTED);
    const int64_t before_s = visit.last.interval_s;
    look(&visit);
    CHECK_INT(visit.last.interval_s, before_s / 10 * 8);
    CHECK_INT(visit.last.changed_count, 1);
    for (int i = 0; i < 40; i++) {
        found = found_of(&visit, STR(SHA_B), STR("\"b\""));
        (void)recall_begin(&visit.recall, &found);
        look(&visit);
    }
    CHECK_INT(visit.last.interval_s, visit.settings.revisit_max_s);
    visit.settings.revisit_max_s = 1000;
    visit.settings.revisit_min_s = 5000; /* the maximum counts */
    look(&visit);
    found = found_of(&visit, STR(SHA_B), STR("\"b\""));
    (void)recall_begin(&visit.recall, &found);
    look(&visit);
    CHECK_INT(visit.last.interval_s, 1000);
    visit_close(&visit);
}

TEST(what_is_not_due_is_not_asked_for)
{
    struct visit visit;
    visit_open(&visit);
    visit.settings.revisit = STR("due");
    read_once(&visit);
    CHECK(recall_is_early(&visit.recall, &visit.last));
    visit.last.due_s = clock_wall_us() / 1000000 - 1;
    CHECK(!recall_is_early(&visit.recall, &visit.last));
    visit.last.due_s = clock_wall_us() / 1000000 + 2 * visit.settings.revisit_max_s;
    CHECK(!recall_is_early(&visit.recall, &visit.last)); /* a clock was wrong */
    visit.settings.revisit = STR("all");
    look(&visit);
    CHECK(!recall_is_early(&visit.recall, &visit.last));
    visit_close(&visit);
}

TEST(another_making_has_it_read_anew)
{
    struct visit visit;
    visit_open(&visit);
    read_once(&visit);
    visit.settings.charset = STR("gbk");
    look(&visit);
    CHECK(visit.last.is_known && !visit.last.is_made_alike);
    CHECK(!recall_conditions(&visit.recall, &visit.last));
    visit.settings.charset = STR("");
    visit.want.columns[COLUMN_title] = true;
    look(&visit);
    CHECK(!visit.last.is_made_alike);
    visit.want.columns[COLUMN_title] = false;
    visit.settings.timeout_ms++; /* shapes no record */
    look(&visit);
    CHECK(visit.last.is_made_alike);
    struct found found = found_of(&visit, STR(SHA_A), STR("\"a\""));
    visit.settings.depth_max++;
    look(&visit);
    found.recalled = visit.last;
    CHECK_INT(recall_begin(&visit.recall, &found),
              RECALL_TELL); /* the same bytes, another record */
    visit_close(&visit);
}

TEST(a_failure_leaves_a_good_record_alone_and_is_told)
{
    struct visit visit;
    visit_open(&visit);
    read_once(&visit);
    struct found found = found_of(&visit, STR(""), STR(""));
    found.has_content = false;
    fault_tell(&found.fault, FAULT_http_status, -1, "the server answered 503");
    CHECK_INT(recall_begin(&visit.recall, &found), RECALL_WITHHELD);
    CHECK_STR(((str){.ptr = visit.shelf.dead, .len = visit.shelf.dead_len}),
              STR("{\"error_code\":\"http_status\",\"error_message\":\"the server answered 503\","
                  "\"url\":\"http://a.example/\"}"));
    look(&visit);
    CHECK_INT(visit.last.failed_count, 1);
    CHECK(visit.last.is_good && recall_conditions(&visit.recall, &visit.last));
    found = found_of(&visit, STR(SHA_B), STR("\"b\"")); /* it came, but cannot be converted */
    const struct outcome outcome = {.verdict = VERDICT_FAILED};
    fault_tell(&found.fault, FAULT_none, -1, "%s", "");
    CHECK_INT(recall_begin(&visit.recall, &found), RECALL_TELL);
    fault_tell(&found.fault, FAULT_not_text, -1, "binary");
    CHECK_INT(recall_judge(&visit.recall, &outcome, &found.fault), RECALL_WITHHELD);
    recall_commit(&visit.recall);
    look(&visit);
    CHECK(visit.last.is_good && !recall_conditions(&visit.recall, &visit.last));
    CHECK(visit.shelf.dead_len > 0);
    found = found_of(&visit, STR(SHA_A), STR("\"a\""));
    tell(&visit, &found, VERDICT_CONVERTED);
    CHECK_INT(visit.shelf.dead_len, 0); /* it is reached again */
    visit_close(&visit);
}

TEST(a_failure_that_is_all_there_is_gives_its_record)
{
    struct visit visit;
    visit_open(&visit);
    look(&visit);
    struct found found = found_of(&visit, STR(""), STR(""));
    found.has_content = false;
    fault_tell(&found.fault, FAULT_http_status, -1, "the server answered 404");
    for (int i = 0; i < 2; i++) {
        found.recalled = visit.last;
        tell(&visit, &found, VERDICT_FAILED);
        look(&visit);
        CHECK(visit.last.is_known && !visit.last.is_good);
        CHECK_INT(visit.shelf.dead_len, 0);
    }
    visit_close(&visit);
}

TEST(a_date_of_the_very_second_is_no_validator)
{
    struct visit visit;
    visit_open(&visit);
    look(&visit);
    struct found found = found_of(&visit, STR(SHA_A), STR(""));
    found.provenance.last_modified = STR("Sun, 06 Nov 1994 08:49:37 GMT");
    found.provenance.fetched_at_us = INT64_C(784111777) * 1000000;
    tell(&visit, &found, VERDICT_CONVERTED);
    look(&visit);
    CHECK(!recall_conditions(&visit.recall, &visit.last));
    found.provenance.fetched_at_us += 60 * 1000000;
    found.provenance.content_sha256 = STR(SHA_B);
    tell(&visit, &found, VERDICT_CONVERTED);
    look(&visit);
    CHECK(recall_conditions(&visit.recall, &visit.last) != NULL);
    found.provenance.last_modified = STR("yesterday");
    tell(&visit, &found, VERDICT_CONVERTED);
    look(&visit);
    CHECK(!recall_conditions(&visit.recall, &visit.last));
    visit_close(&visit);
}

TEST(without_a_memo_or_with_one_that_fails_everything_is_new)
{
    struct visit visit;
    visit_open(&visit);
    read_once(&visit);
    visit.shelf.fails = true;
    look(&visit);
    CHECK(!visit.last.is_known);
    recall_release(&visit.recall);
    CHECK(recall_open(&visit.recall, NULL, &visit.settings, &visit.want));
    recall_find(&visit.recall, STR("0123"), &visit.arena, &visit.last);
    CHECK(!visit.last.is_known);
    const size_t len = visit.shelf.doc_len;
    const struct found found = found_of(&visit, STR(SHA_B), STR("\"b\""));
    tell(&visit, &found, VERDICT_CONVERTED);
    CHECK_INT(visit.shelf.doc_len, len);
    visit_close(&visit);
}

TEST(without_memory_a_document_is_new_and_stays_so)
{
    struct visit visit;
    visit_open(&visit);
    read_once(&visit);
    long n = 1;
    for (; refuse_try(n, true); n++) {
        struct arena arena;
        struct recall recall;
        arena_init(&arena, 1 << 20);
        if (recall_open(&recall, &visit.memo, &visit.settings, &visit.want)) {
            recall_find(&recall, STR("0123"), &arena, &visit.last);
            const struct found found = found_of(&visit, STR(SHA_B), STR("\"b\""));
            const struct outcome outcome = {.verdict = VERDICT_CONVERTED};
            CHECK_INT(recall_begin(&recall, &found), RECALL_TELL);
            CHECK_INT(recall_judge(&recall, &outcome, &found.fault), RECALL_TELL);
            recall_commit(&recall);
        }
        refuse_stop();
        recall_release(&recall);
        arena_release(&arena);
    }
    CHECK(n > 2);
    visit_close(&visit);
}

TEST_MAIN()
