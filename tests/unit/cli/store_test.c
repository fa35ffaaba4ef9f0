/* SPDX-License-Identifier: Apache-2.0 */
/* Rounds in both kinds of store: what is committed is there for the next one who opens it. */
#include "cli/sink_ndjson.h"
#include "cli/sink_sqlite.h"
#include "cli/store.h"
#include "common/file_read.h"
#include "harness/test.h"
#include "rows_fixture.h"

#include <unistd.h>

static char folder[] = "/tmp/quern-store-test-XXXXXX";
static const struct rows_texts rows[1] = {{{"aa", "converted", "u", NULL, NULL, "text"}}};

struct kept {
    struct text sink_path;
    struct text state_path;
    struct record_sink *sink;
    struct store *store;
    struct trouble trouble;
    bool is_file;
};

static void open_kept(struct kept *kept, bool is_file, const char *name, const char *job)
{
    *kept = (struct kept){.is_file = is_file};
    text_add_format(&kept->sink_path, "%s/%s", folder, name);
    text_add_format(&kept->state_path, "%s/%s.state", folder, name);
    if (is_file) {
        kept->sink = sink_ndjson_append(text_string(&kept->sink_path), &kept->trouble);
        kept->store = store_file_open(kept->sink, text_string(&kept->state_path), true, false, job,
                                      &kept->trouble);
    } else {
        kept->sink = sink_sqlite_open(text_string(&kept->sink_path), &kept->trouble);
        kept->store = store_sqlite_open(kept->sink, job, &kept->trouble);
    }
}

static void close_kept(struct kept *kept)
{
    store_close(kept->store);
    record_sink_close(kept->sink);
    text_release(&kept->sink_path);
    text_release(&kept->state_path);
    trouble_release(&kept->trouble);
}

static void plan_two(struct kept *kept)
{
    struct store *store = kept->store;
    CHECK(store->type->plan_begin(store, SPAN("f1"), &kept->trouble));
    CHECK(store->type->plan_add(store, (span){"first\n\0split", 12}, 3, &kept->trouble));
    CHECK(store->type->plan_add(store, SPAN("second"), 4, &kept->trouble));
    CHECK(store->type->plan_end(store, &kept->trouble));
}

static void check_split(struct kept *kept, int64_t index, span expected, int64_t documents)
{
    struct text split = {0};
    int64_t count = 0;
    CHECK(kept->store->type->read_split(kept->store, index, &split, &count, &kept->trouble));
    CHECK(span_equal(text_span(&split), expected));
    CHECK_INT(count, documents);
    text_release(&split);
}

static void a_round(bool is_file, const char *name)
{
    struct kept kept;
    open_kept(&kept, is_file, name, "news");
    CHECK(kept.store && !kept.store->round.is_open);
    plan_two(&kept);
    const struct arrow_view view = rows_make(rows, 1);
    CHECK(kept.sink->type->begin(kept.sink, view.schema, 2, &kept.trouble));
    CHECK(kept.sink->type->write(kept.sink, view, &kept.trouble));
    const struct store_position position = {
        .split = 1, .state = SPAN("{\"at\":\"文\\n\"}"), .tally = {.records = 9, .inputs = 8}};
    CHECK(kept.store->type->commit(kept.store, &position, &kept.trouble));
    CHECK(kept.sink->type->write(kept.sink, view, &kept.trouble)); /* and then it is killed */
    close_kept(&kept);

    open_kept(&kept, is_file, name, "news");
    if (CHECK(kept.store && kept.store->round.is_open)) {
        const struct store_round *round = &kept.store->round;
        CHECK_INT(round->position.split, 1);
        CHECK(span_equal(round->position.state, SPAN("{\"at\":\"文\\n\"}")));
        CHECK_INT(round->position.tally.records, 9);
        CHECK_INT(round->position.tally.inputs, 8);
        CHECK(span_equal(text_span(&round->fingerprint), SPAN("f1")));
        CHECK_INT(round->split_count, 2);
        CHECK_INT(round->document_count, 7);
        check_split(&kept, 0, (span){"first\n\0split", 12}, 3);
        check_split(&kept, 1, SPAN("second"), 4);
        CHECK(kept.store->type->finish(kept.store, &kept.trouble));
    }
    close_kept(&kept);

    open_kept(&kept, is_file, name, "news");
    CHECK(kept.store && !kept.store->round.is_open);
    plan_two(&kept);
    close_kept(&kept);
}

TEST(a_round_in_a_database_goes_on_and_ends)
{
    a_round(false, "round.db");
}

TEST(a_round_beside_a_file_goes_on_ends_and_cuts_what_was_not_committed)
{
    a_round(true, "round.ndjson");
    struct text path = {0};
    struct text content = {0};
    text_add_format(&path, "%s/round.ndjson", folder);
    CHECK(file_read(text_string(&path), 1 << 20, &content));
    CHECK(span_equal(text_span(&content), SPAN("{\"id\":\"aa\",\"status\":\"converted\"}\n")));
    text_release(&path);
    text_release(&content);
}

TEST(two_jobs_share_a_database_but_not_a_state_file)
{
    struct kept kept;
    open_kept(&kept, false, "shared.db", "one");
    plan_two(&kept);
    close_kept(&kept);
    open_kept(&kept, false, "shared.db", "two");
    CHECK(kept.store && !kept.store->round.is_open);
    close_kept(&kept);

    open_kept(&kept, true, "shared.ndjson", "one");
    plan_two(&kept);
    close_kept(&kept);
    open_kept(&kept, true, "shared.ndjson", "two");
    CHECK(kept.store == NULL);
    CHECK_INT(kept.trouble.code, 78);
    close_kept(&kept);
}

static void write_file(const char *path, const char *content)
{
    FILE *file = fopen(path, "wb");
    (void)fputs(content, file);
    (void)fclose(file);
}

TEST(a_damaged_state_or_a_foreign_plan_is_told_not_guessed)
{
    static const char negative_round[] = "quern_state = 1\njob='one'\nfinished=false\n"
                                         "fingerprint='f'\nstate=''\nround=-1\n";
    static const char *const damaged[] = {"", "quern_state = 2\n", "[[[", "quern_state = 1\n",
                                          negative_round};
    for (size_t i = 0; i < sizeof damaged / sizeof damaged[0]; i++) {
        struct kept kept;
        char path[128];
        (void)snprintf(path, sizeof path, "%s/damaged.ndjson.state", folder);
        write_file(path, damaged[i]);
        open_kept(&kept, true, "damaged.ndjson", "one");
        CHECK(kept.store == NULL);
        CHECK_INT(kept.trouble.code, 74);
        CHECK(strstr(text_string(&kept.trouble.message), "damaged.ndjson.state") != NULL);
        close_kept(&kept);
    }
    struct kept kept;
    char path[128];
    open_kept(&kept, true, "plan.ndjson", "one");
    plan_two(&kept);
    close_kept(&kept);
    (void)snprintf(path, sizeof path, "%s/plan.ndjson.state.plan", folder);
    write_file(path, "round 7\n");
    open_kept(&kept, true, "plan.ndjson", "one");
    CHECK(kept.store == NULL);
    CHECK(strstr(text_string(&kept.trouble.message), "--anew") != NULL);
    close_kept(&kept);
}

int main(int argc, char **argv)
{
    if (!mkdtemp(folder)) {
        return 1;
    }
    const int code = test_main(argc, argv);
    char command[64];
    (void)snprintf(command, sizeof command, "rm -r '%s'", folder);
    (void)!system(command);
    return code;
}
