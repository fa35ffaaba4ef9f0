/* SPDX-License-Identifier: Apache-2.0 */
/* The sinks over a batch made by hand: what lies in the file, the folder and the database. */
#include "cli/sink_ndjson.h"
#include "cli/sink_sqlite.h"
#include "cli/sink_text.h"
#include "common/file_read.h"
#include "common/heap.h"
#include "harness/test.h"
#include "rows_fixture.h"

#include <signal.h>
#include <unistd.h>

static char folder[] = "/tmp/quern-sink-test-XXXXXX";
static struct text path_text;

static const char *path_of(const char *name)
{
    static bool made;
    if (!made) {
        made = mkdtemp(folder) != NULL;
    }
    text_clear(&path_text);
    text_add_format(&path_text, "%s/%s", folder, name);
    return text_string(&path_text);
}

static const struct rows_texts good[2] = {
    {{"aa", "converted", "http://e/1", NULL, NULL, "good text"}},
    {{"bb", "partial", "http://e/2", NULL, NULL, "half"}}};
static const struct rows_texts bad[2] = {
    {{"aa", "failed", "http://e/1", "timeout", "no answer", NULL}},
    {{"cc", "failed", "http://e/3", "http_status", "404", NULL}}};

static bool put(struct record_sink *sink, const struct rows_texts *rows, int64_t count, bool begin,
                int64_t shown, struct trouble *trouble)
{
    const struct arrow_view view = rows_make(rows, count);
    return (!begin || sink->type->begin(sink, view.schema, shown, trouble)) &&
           sink->type->write(sink, view, trouble) && sink->type->sync(sink, trouble);
}

static void check_file(const char *path, str expected)
{
    struct text content = {0};
    CHECK(file_read(path, 1 << 20, &content));
    CHECK_STR(((str){.ptr = text_string(&content), .len = content.len}), expected);
    text_release(&content);
}

TEST(ndjson_appends_and_is_cut_back)
{
    struct trouble trouble = {0};
    const char *path = path_of("out.ndjson");
    struct record_sink *sink = sink_ndjson_append(path, &trouble);
    CHECK(sink && put(sink, good, 1, true, 2, &trouble));
    const int64_t committed = sink_ndjson_length(sink);
    CHECK(put(sink, good, 2, false, 2, &trouble));
    record_sink_close(sink);
    check_file(path, STR("{\"id\":\"aa\",\"status\":\"converted\"}\n"
                         "{\"id\":\"aa\",\"status\":\"converted\"}\n"
                         "{\"id\":\"bb\",\"status\":\"partial\"}\n"));
    sink = sink_ndjson_append(path, &trouble);
    CHECK(sink && sink_ndjson_cut(sink, committed, &trouble));
    CHECK(put(sink, good, 1, true, 2, &trouble));
    CHECK(!sink_ndjson_cut(sink, 1 << 20, &trouble));
    CHECK_INT(trouble.code, 74);
    record_sink_close(sink);
    check_file(path, STR("{\"id\":\"aa\",\"status\":\"converted\"}\n"
                         "{\"id\":\"aa\",\"status\":\"converted\"}\n"));
    trouble_release(&trouble);
}

TEST(a_full_disk_is_told_and_a_closed_pipe_is_not)
{
    struct trouble trouble = {0};
    struct record_sink *sink = sink_ndjson_append("/dev/full", &trouble);
    CHECK(sink && !put(sink, good, 1, true, 2, &trouble));
    CHECK_INT(trouble.code, 74);
    CHECK(strstr(text_string(&trouble.message), "/dev/full") != NULL);
    record_sink_close(sink);
    trouble_release(&trouble);

    int ends[2];
    CHECK_INT(pipe(ends), 0);
    (void)close(ends[0]);
    sink = sink_ndjson_to(ends[1], "standard output");
    CHECK(sink && !put(sink, good, 1, true, 2, &trouble));
    CHECK_INT(trouble.code, 74);
    CHECK_INT(trouble.message.len, 0);
    record_sink_close(sink);
    (void)close(ends[1]);
    trouble_release(&trouble);
}

TEST(texts_lie_in_files_named_by_id_and_leave_no_unfinished_one)
{
    struct trouble trouble = {0};
    struct record_sink *sink = sink_text_folder(path_of("texts"), TEXT_PLAIN, &trouble);
    CHECK(sink && put(sink, good, 2, true, ROWS_COLUMNS, &trouble));
    CHECK(put(sink, bad, 2, false, ROWS_COLUMNS, &trouble));
    record_sink_close(sink);
    check_file(path_of("texts/aa.txt"), STR("good text\n"));
    check_file(path_of("texts/bb.txt"), STR("half\n"));
    CHECK(access(path_of("texts/cc.txt"), F_OK) != 0);
    CHECK(access(path_of("texts/.quern-unfinished"), F_OK) != 0);
    trouble_release(&trouble);
}

TEST(an_id_never_becomes_a_path)
{
    static const struct rows_texts hostile[1] = {
        {{"../../escape", "converted", "u", NULL, NULL, "text"}}};
    struct trouble trouble = {0};
    struct record_sink *sink = sink_text_folder(path_of("texts"), TEXT_PLAIN, &trouble);
    CHECK(sink && !put(sink, hostile, 1, true, ROWS_COLUMNS, &trouble));
    CHECK_INT(trouble.code, 70);
    record_sink_close(sink);
    trouble_release(&trouble);
}

static void check_query(const char *path, const char *sql, str expected)
{
    sqlite3 *database = NULL;
    sqlite3_stmt *row = NULL;
    struct text result = {0};
    CHECK_INT(sqlite3_open(path, &database), SQLITE_OK);
    CHECK_INT(sqlite3_prepare_v2(database, sql, -1, &row, NULL), SQLITE_OK);
    while (sqlite3_step(row) == SQLITE_ROW) {
        for (int i = 0; i < sqlite3_column_count(row); i++) {
            const char *cell = (const char *)sqlite3_column_text(row, i);
            text_add_format(&result, "%s%s", i ? "|" : "", cell ? cell : "-");
        }
        text_add_byte(&result, ';');
    }
    CHECK_STR(((str){.ptr = text_string(&result), .len = result.len}), expected);
    (void)sqlite3_finalize(row);
    (void)sqlite3_close(database);
    text_release(&result);
}

TEST(a_failure_never_blanks_a_good_row_and_is_noted)
{
    struct trouble trouble = {0};
    struct record_sink *sink = sink_sqlite_open(path_of("keep.db"), &trouble);
    CHECK(sink && put(sink, good, 2, true, ROWS_COLUMNS, &trouble));
    CHECK(put(sink, bad, 2, false, ROWS_COLUMNS, &trouble));
    check_query(path_of("keep.db"), "SELECT id, status, text FROM quern_record ORDER BY id",
                STR("aa|converted|good text;bb|partial|half;cc|failed|-;"));
    check_query(path_of("keep.db"),
                "SELECT id, url, error_code, error_message FROM quern_failure ORDER BY id",
                STR("aa|http://e/1|timeout|no answer;cc|http://e/3|http_status|404;"));
    CHECK(put(sink, good, 1, false, ROWS_COLUMNS, &trouble));
    check_query(path_of("keep.db"), "SELECT id FROM quern_failure", STR("cc;"));
    record_sink_close(sink);
    trouble_release(&trouble);
}

TEST(values_have_sql_types_and_lists_are_json)
{
    struct trouble trouble = {0};
    struct record_sink *sink = sink_sqlite_open(path_of("types.db"), &trouble);
    CHECK(sink && put(sink, good, 2, true, ROWS_COLUMNS, &trouble));
    record_sink_close(sink);
    check_query(path_of("types.db"),
                "SELECT content_bytes, typeof(content_bytes), title_match, complete, fetched_at, "
                "published, links ->> '$[0].rel' FROM quern_record WHERE id = 'aa'",
                STR("1000|integer|0.0|1|2026-05-27T07:32:00.5Z|2019-11-23|next;"));
    trouble_release(&trouble);
}

TEST(missing_columns_are_added_and_unasked_ones_are_not_written)
{
    struct trouble trouble = {0};
    struct record_sink *sink = sink_sqlite_open(path_of("columns.db"), &trouble);
    CHECK(sink && put(sink, good, 2, true, ROWS_URL + 1, &trouble));
    record_sink_close(sink);
    check_query(path_of("columns.db"),
                "SELECT group_concat(name) FROM pragma_table_info("
                "'quern_record')",
                STR("id,status,url;"));
    sink = sink_sqlite_open(path_of("columns.db"), &trouble);
    CHECK(sink && put(sink, good, 2, true, ROWS_COLUMNS, &trouble));
    record_sink_close(sink);
    check_query(path_of("columns.db"), "SELECT text FROM quern_record ORDER BY id",
                STR("good text;half;"));
    trouble_release(&trouble);
}

TEST(rows_that_were_not_synced_are_not_there)
{
    struct trouble trouble = {0};
    struct record_sink *sink = sink_sqlite_open(path_of("half.db"), &trouble);
    CHECK(sink && put(sink, good, 1, true, ROWS_COLUMNS, &trouble));
    CHECK(sink->type->write(sink, rows_make(bad, 2), &trouble));
    record_sink_close(sink);
    check_query(path_of("half.db"), "SELECT count(*) FROM quern_record", STR("1;"));
    trouble_release(&trouble);
}

static int allocations_left;

static bool refuse_later(size_t size_bytes)
{
    (void)size_bytes;
    return allocations_left-- <= 0;
}

/* Each kind of sink, with the n-th allocation refused: it works or tells, and leaks nothing. */
TEST(every_refused_allocation_is_trouble)
{
    int refused = 0;
    for (int kind = 0; kind < 3; kind++) {
        bool done = false;
        for (int n = 0; n < 200 && !done; n++) {
            struct trouble trouble = {0};
            const char *path = path_of(kind == 2 ? "refused.db" : kind == 1 ? "refused" : "r.json");
            heap_refuse = refuse_later;
            allocations_left = n;
            struct record_sink *sink = kind == 0   ? sink_ndjson_append(path, &trouble)
                                       : kind == 1 ? sink_text_folder(path, TEXT_PLAIN, &trouble)
                                                   : sink_sqlite_open(path, &trouble);
            done = sink && put(sink, good, 2, true, ROWS_COLUMNS, &trouble);
            record_sink_close(sink);
            heap_refuse = NULL;
            CHECK(done || trouble.code == TROUBLE_INTERNAL);
            refused += !done;
            trouble_release(&trouble);
        }
        CHECK(done);
    }
    CHECK(refused > 6);
}

int main(int argc, char **argv)
{
    (void)signal(SIGPIPE, SIG_IGN);
    const int code = test_main(argc, argv);
    text_clear(&path_text);
    text_add_format(&path_text, "rm -r '%s'", folder);
    (void)!system(text_string(&path_text));
    text_release(&path_text);
    return code;
}
