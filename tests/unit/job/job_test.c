/* SPDX-License-Identifier: Apache-2.0 */
/* Guards whole stories: every input is a record, ids last, what was read is not read again after a
 * resume, and a job that is stopped or starved leaves nothing behind. */
#include "unit/job/rows.h"

#include "base/memory.h"
#include "harness/refuse.h"

/* Members before their container; of what is cut, how much comes out is libarchive's affair. */
static const char *const expected[] = {
    "a.txt||converted||text",
    "b.html||converted||html",
    "c.txt.gz|c.txt|converted||text",
    "d.tar.gz|d.tar!/x.txt|converted||text",
    "d.tar.gz|d.tar!/y.html|converted||html",
    "d.tar.gz|d.tar!/inner.zip!/z.txt|converted||text",
    "d.tar.gz|d.tar!/inner.zip|converted||zip",
    "d.tar.gz|d.tar|converted||tar",
    "e.zip|inner.zip!/inner.zip!/inner.zip|failed|limit|zip",
    "e.zip|inner.zip!/inner.zip!/beside.txt|converted||text",
    "e.zip|inner.zip!/inner.zip|converted||zip",
    "e.zip|inner.zip!/beside.txt|converted||text",
    "e.zip|inner.zip|converted||zip",
    "e.zip|beside.txt|converted||text",
    "e.zip||converted||zip",
    "f.empty||failed|empty|",
    "g.bin||failed|not_text|",
    "h/twice.zip|same.txt|converted||text",
    "h/twice.zip|same.txt|converted||text",
    "h/twice.zip|empty.txt|failed|empty|",
    "h/twice.zip||converted||zip",
};

enum { EXPECTED_COUNT = sizeof expected / sizeof *expected };

static str line_of(struct arena *arena, const struct row *row)
{
    struct buf line;
    const str parts[] = {row->url, row->member, row->status, row->error, row->format};
    buf_init(&line, arena, 4096);
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        buf_add(&line, i ? STR("|") : STR(""));
        buf_add(&line, parts[i]);
    }
    return buf_str(&line);
}

TEST(every_input_is_a_record_and_members_come_before_their_container)
{
    struct story story = story_open();
    const struct rows rows = story_rows(&story, (bytes){0});
    CHECK_INT(rows.status, STATUS_OK);
    CHECK(rows.count > EXPECTED_COUNT + 3);
    for (size_t i = 0; i < EXPECTED_COUNT && i < rows.count; i++) {
        CHECK_STR(line_of(&story.arena, &rows.items[i]), str_of(expected[i]));
    }
    const struct row *packed = &rows.items[rows.count - 2];
    CHECK_STR(line_of(&story.arena, packed), STR("j.gz.gz|j.gz!/j|converted||text"));
    CHECK_STR(line_of(&story.arena, packed + 1), STR("missing.txt||failed|not_found|"));
    CHECK_STR(rows.items[0].text, STR("权力与责任的关系\n有权必有责。"));
    CHECK_STR(packed->text, rows.items[0].text);
    CHECK_STR(rows.items[17].text, STR("one"));
    CHECK_STR(rows.items[18].text, STR("two"));
    story_close(&story);
}

TEST(an_archive_that_was_cut_says_so)
{
    struct story story = story_open();
    const struct rows rows = story_rows(&story, (bytes){0});
    bool seen = false;
    for (size_t i = EXPECTED_COUNT; i < rows.count; i++) {
        const struct row *row = &rows.items[i];
        if (str_equal(row->url, STR("i.tar.gz")) && str_equal(row->member, STR("i.tar"))) {
            seen = true;
            CHECK_STR(row->error, STR("truncated"));
            CHECK_STR(row->reason, STR("download_truncated"));
            CHECK(!str_equal(row->status, STR("converted")));
        }
    }
    CHECK(seen);
    story_close(&story);
}

/* The row whose member path the row's own begins with. */
static const struct row *container_of(const struct rows *rows, const struct row *row)
{
    size_t end = row->member.len;
    while (end > 0 && !str_starts(str_slice(row->member, end, row->member.len), STR("!/"))) {
        end--;
    }
    const str outer = str_slice(row->member, 0, end);
    for (size_t i = 0; i < rows->count; i++) {
        if (str_equal(rows->items[i].url, row->url) && str_equal(rows->items[i].member, outer)) {
            return &rows->items[i];
        }
    }
    return NULL;
}

TEST(ids_are_stable_distinct_and_lead_to_the_container)
{
    struct story story = story_open();
    const struct rows rows = story_rows(&story, (bytes){0});
    const struct rows again = story_rows(&story, (bytes){0});
    same_rest(&again, &rows, 0);
    size_t children = 0;
    for (size_t i = 0; i < rows.count; i++) {
        const struct row *row = &rows.items[i];
        CHECK_INT(row->id.len, 32);
        for (size_t k = 0; k < i; k++) {
            CHECK(!str_equal(row->id, rows.items[k].id));
        }
        const struct row *outer = row->member.len ? container_of(&rows, row) : NULL;
        children += row->parent_id.len > 0;
        CHECK_STR(row->parent_id, outer ? outer->id : STR(""));
    }
    CHECK(children > 10);
    story_close(&story);
}

TEST(a_job_goes_on_after_every_row_where_it_stood)
{
    struct story story = story_open();
    const struct rows all = story_rows(&story, (bytes){0});
    for (size_t taken = 0; taken < all.count; taken++) {
        const bytes state = taken ? str_bytes(all.items[taken - 1].state) : (bytes){0};
        const struct rows rest = story_rows(&story, state);
        if (!same_rest(&rest, &all, taken)) {
            fprintf(stderr, "  after %zu rows\n", taken);
        }
        /* A second interruption, one row later, loses nothing either. */
        if (rest.count > 1) {
            const struct rows later = story_rows(&story, str_bytes(rest.items[0].state));
            same_rest(&later, &all, taken + 1);
        }
    }
    const struct rows none = story_rows(&story, str_bytes(all.items[all.count - 1].state));
    CHECK_INT(none.count, 0);
    story_close(&story);
}

TEST(a_state_of_another_split_is_refused)
{
    struct story story = story_open();
    struct story other = story_open();
    struct fault fault;
    const struct job_want want = want_all();
    const str input = STR("tests/unit/job/rows.h");
    const struct rows rows = story_rows(&story, (bytes){0});
    story_plan(&other, &input, 1);
    const bytes states[] = {str_bytes(rows.items[0].state), str_bytes(STR("{}")),
                            str_bytes(STR("x"))};
    for (size_t i = 0; i < sizeof states / sizeof *states; i++) {
        CHECK(job_open(&other.settings, STR(""), other.split, states[i], &want, NULL, &fault) ==
              NULL);
        CHECK(fault.code == FAULT_bad_format && fault.message[0]);
    }
    CHECK(job_open(&other.settings, STR(""), str_bytes(STR("[]")), (bytes){0}, &want, NULL,
                   &fault) == NULL);
    CHECK(fault.code == FAULT_bad_format);
    story_close(&story);
    story_close(&other);
}

/* Kept contents lie in the order of their ids: looked up one by one. */
TEST(what_was_kept_gives_the_same_ids_and_texts)
{
    struct story story = story_open();
    char keep[96];
    char input[128];
    snprintf(keep, sizeof keep, "%s-kept", inputs_folder);
    snprintf(input, sizeof input, "keep:%s", keep);
    story.settings.keep = str_of(keep);
    const struct rows rows = story_rows(&story, (bytes){0});
    const str inputs[] = {str_of(input)};
    story.settings.keep = STR("");
    story.settings.root = STR("");
    story_plan(&story, inputs, 1);
    const struct rows again = story_rows(&story, (bytes){0});
    CHECK_INT(again.count, rows.count - 1); /* the missing file has no content to keep */
    for (size_t i = 0; i + 1 < rows.count; i++) {
        size_t k = 0;
        while (k < again.count && !str_equal(again.items[k].id, rows.items[i].id)) {
            k++;
        }
        if (CHECK(k < again.count)) {
            same_row(&again.items[k], &rows.items[i]);
        }
    }
    run_shell("rm -rf", keep);
    story_close(&story);
}

TEST(bytes_that_a_host_holds_give_the_same_rows_and_have_no_state)
{
    struct story story = story_open();
    const struct job_want want = want_all();
    struct fault fault;
    char path[96];
    int error = 0;
    snprintf(path, sizeof path, "%s/d.tar.gz", inputs_folder);
    struct blob *blob = blob_open_file(path, 1 << 20, 1 << 20, &error);
    if (!CHECK(blob != NULL)) {
        return;
    }
    const struct rows all = story_rows(&story, (bytes){0});
    const struct job_input inputs[] = {
        {.content = blob_content(blob), .name = STR("d.tar.gz")},
        {.content = blob_content(blob), .url = STR("https://Example.com/d.tar.gz#x")},
        {.content = blob_content(blob)},
        {.content = blob_content(blob), .url = STR("s3a://k:s@b/d.tar.gz#x"), .name = STR("n")},
    };
    str ids[4] = {{0}};
    str urls[4] = {{0}};
    for (size_t i = 0; i < 4; i++) {
        struct job *job = job_open_bytes(&story.settings, &inputs[i], &want, NULL, &fault);
        const struct rows rows = read_rows(job, &story.arena, SIZE_MAX);
        CHECK_INT(rows.status, STATUS_OK);
        CHECK_INT(rows.count, 5);
        CHECK_INT(job_state(job).len, 0);
        for (size_t k = 0; k < rows.count; k++) {
            CHECK_STR(rows.items[k].text, all.items[3 + k].text);
            CHECK_STR(rows.items[k].status, STR("converted"));
        }
        ids[i] = rows.items[4].id;
        urls[i] = rows.items[4].url;
        CHECK_STR(rows.items[0].parent_id, ids[i]);
        job_close(job);
    }
    CHECK(!str_equal(ids[0], ids[1]) && !str_equal(ids[1], ids[2]) && !str_equal(ids[0], ids[2]));
    CHECK(!str_equal(ids[3], ids[0]) && !str_equal(ids[3], ids[1]) && !str_equal(ids[3], ids[2]));
    CHECK_STR(urls[1], STR("https://example.com/d.tar.gz"));
    CHECK_STR(urls[3], STR("s3a://b/d.tar.gz"));
    blob_close(blob);
    story_close(&story);
}

/* Verdict, error and completeness of each row of `all`, with fewer columns asked for. */
static void same_verdicts(const struct story *story, const struct rows *all,
                          const struct job_want *want)
{
    struct fault fault;
    struct job *job =
        job_open(&story->settings, STR(""), story->split, (bytes){0}, want, NULL, &fault);
    for (size_t i = 0; i < all->count; i++) {
        enum job_step step = JOB_END;
        const struct record *record = NULL;
        CHECK_INT(job_next(job, INT64_MAX, &step, &record), STATUS_OK);
        if (!CHECK(step == JOB_RECORD)) {
            break;
        }
        CHECK_STR(cell_text(record, COLUMN_id), all->items[i].id);
        CHECK_STR(cell_text(record, COLUMN_status), all->items[i].status);
        CHECK_STR(cell_text(record, COLUMN_error_code), all->items[i].error);
        CHECK_STR(cell_text(record, COLUMN_incomplete_reason), all->items[i].reason);
    }
    job_close(job);
}

TEST(the_verdict_does_not_depend_on_the_columns)
{
    struct story story = story_open();
    const int64_t limits[] = {64 << 20, 30, 1};
    const enum column columns[] = {COLUMN_id, COLUMN_text, COLUMN_blocks, COLUMN_dropped};
    for (size_t i = 0; i < sizeof limits / sizeof *limits; i++) {
        story.settings.text_bytes_max = limits[i];
        const struct rows all = story_rows(&story, (bytes){0});
        CHECK(i == 0 || str_equal(all.items[0].error, STR("limit")));
        for (size_t k = 0; k < sizeof columns / sizeof *columns; k++) {
            struct job_want want = {.columns = {false}};
            want.columns[columns[k]] = true;
            same_verdicts(&story, &all, &want);
        }
    }
    story_close(&story);
}

/* --- stopped and starved --- */

struct patience {
    long asked;
    long until;
};

static bool is_impatient(void *context)
{
    struct patience *patience = context;
    return ++patience->asked > patience->until;
}

/* Rows until the host's n-th look at its watch; *whole: it was not asked that often. */
static size_t rows_until(const struct story *story, long n, bool *whole)
{
    struct patience patience = {.until = n};
    const struct job_watch watch = {.context = &patience, .is_cancelled = is_impatient};
    const struct job_want want = want_all();
    struct fault fault;
    size_t count = 0;
    enum job_step step = JOB_END;
    const struct record *record = NULL;
    struct job *job =
        job_open(&story->settings, STR(""), story->split, (bytes){0}, &want, &watch, &fault);
    CHECK(job != NULL);
    enum status status;
    while ((status = job_next(job, INT64_MAX, &step, &record)) == STATUS_OK && step != JOB_END) {
        count++;
    }
    *whole = patience.asked <= n;
    CHECK_INT(status, *whole ? STATUS_OK : STATUS_CANCELLED);
    job_close(job);
    return count;
}

TEST(a_job_may_be_cancelled_whenever_it_asks)
{
    struct story story = story_open();
    bool whole = false;
    size_t before = 0;
    long n = 0;
    for (; !whole; n += n < 200 ? 1 : 7) {
        const size_t count = rows_until(&story, n, &whole);
        CHECK(count >= before);
        before = count;
    }
    CHECK(n > 100);
    CHECK(before > EXPECTED_COUNT);
    story_close(&story);
}

enum { LARGE_BYTES = 64 << 20, LOOKS = LARGE_BYTES / 65536 };

TEST(a_large_file_and_large_bytes_are_left_at_the_next_64_kib)
{
    struct story story = story_open();
    char path[96];
    bool whole = false;
    snprintf(path, sizeof path, "%s-large", inputs_folder);
    FILE *file = fopen(path, "w");
    CHECK(file != NULL && ftruncate(fileno(file), LARGE_BYTES) == 0 && fclose(file) == 0);
    const str input = str_of(path);
    story_plan(&story, &input, 1);
    CHECK_INT(rows_until(&story, LOOKS / 2, &whole), 0);
    CHECK(!whole);
    CHECK_INT(rows_until(&story, 100 * LOOKS, &whole), 1);
    CHECK(whole);
    struct patience patience = {.until = LOOKS / 2};
    const struct job_watch watch = {.context = &patience, .is_cancelled = is_impatient};
    const struct job_want want = want_all();
    struct fault fault;
    enum job_step step = JOB_END;
    const struct record *record = NULL;
    const struct job_input bytes_input = {
        .content = {.ptr = memory_allocate(LARGE_BYTES), .len = LARGE_BYTES}};
    struct job *job = job_open_bytes(&story.settings, &bytes_input, &want, &watch, &fault);
    CHECK_INT(job_next(job, INT64_MAX, &step, &record), STATUS_CANCELLED);
    CHECK_INT(patience.asked, LOOKS / 2 + 1);
    job_close(job);
    free((void *)(uintptr_t)bytes_input.content.ptr);
    CHECK(remove(path) == 0);
    story_close(&story);
}

static const struct row *row_of(const struct rows *rows, str id)
{
    for (size_t i = 0; i < rows->count; i++) {
        if (str_equal(rows->items[i].id, id)) {
            return &rows->items[i];
        }
    }
    return NULL;
}

/* Is the row as it would be with memory enough? Looks only, for memory may be refused. */
static bool is_as_ever(const struct rows *all, const struct record *record)
{
    const struct row *row = row_of(all, cell_text(record, COLUMN_id));
    return row && str_equal(row->status, cell_text(record, COLUMN_status)) &&
           str_equal(row->error, cell_text(record, COLUMN_error_code)) &&
           str_equal(row->member, cell_text(record, COLUMN_member)) &&
           str_equal(row->text, cell_text(record, COLUMN_text));
}

/* Rows as ever or failed of no_memory, and nothing missing that no row tells of. */
static void run_starved(const struct story *story, const struct rows *all)
{
    const struct job_want want = want_all();
    struct fault fault;
    enum job_step step = JOB_RECORD;
    const struct record *record = NULL;
    enum status status = STATUS_OK;
    size_t count = 0;
    bool told = false;
    struct job *job =
        job_open(&story->settings, STR(""), story->split, (bytes){0}, &want, NULL, &fault);
    if (!job) {
        CHECK(fault.code == FAULT_no_memory);
        return;
    }
    while ((status = job_next(job, INT64_MAX, &step, &record)) == STATUS_OK && step != JOB_END &&
           count < 2 * ROWS_MAX) {
        count++;
        if (str_equal(cell_text(record, COLUMN_error_code), STR("no_memory"))) {
            told = true;
        } else {
            CHECK(is_as_ever(all, record));
        }
    }
    CHECK(status == STATUS_NO_MEMORY || (status == STATUS_OK && (told || count == all->count)));
    job_close(job);
}

TEST(no_memory_at_any_moment_is_told_by_the_row_or_the_job)
{
    struct story story = story_open();
    const struct rows all = story_rows(&story, (bytes){0});
    for (int all_after = 0; all_after < 2; all_after++) {
        long n = 1;
        for (; refuse_try(n, all_after); n++) {
            run_starved(&story, &all);
            refuse_stop();
        }
        CHECK(n > 100);
    }
    story_close(&story);
}

TEST_MAIN()
