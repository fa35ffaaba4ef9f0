/* SPDX-License-Identifier: Apache-2.0 */
/* What the tests of whole jobs share: a folder of inputs, and a job's rows as a list.
 *
 *   inputs_make();                                    inputs_folder, filled by make_inputs.py
 *   struct story s = story_open();                    settings over that folder; s.split
 *   struct rows rows = story_rows(&s, (bytes){0});    every row of a job over the split
 */
#ifndef UNIT_JOB_ROWS_H
#define UNIT_JOB_ROWS_H

#include "base/blob.h"
#include "base/buf.h"
#include "harness/test.h"
#include "job/job.h"
#include "job/plan.h"

#include <unistd.h>

enum { ROWS_MAX = 128 };

struct row {
    str id;
    str parent_id;
    str url;
    str member;
    str status;
    str error;
    str format;
    str sha256;
    str reason;
    str text;
    str state; /* after it */
};

struct rows {
    struct row items[ROWS_MAX];
    size_t count;
    enum status status; /* what ended it; OK: the end of the job */
};

struct story {
    struct settings settings;
    struct arena arena;
    struct str_list inputs;
    bytes split;
};

static char inputs_folder[64];

static inline void run_shell(const char *program, const char *path)
{
    char command[256];
    snprintf(command, sizeof command, "%s '%s'", program, path);
    if (system(command) != 0) {
        fprintf(stderr, "failed: %s\n", command);
    }
}

static inline void inputs_remove(void)
{
    run_shell("rm -rf", inputs_folder);
}

static inline void inputs_make(void)
{
    if (inputs_folder[0]) {
        return;
    }
    snprintf(inputs_folder, sizeof inputs_folder, "/tmp/quern-job-XXXXXX");
    CHECK(mkdtemp(inputs_folder) != NULL);
    atexit(inputs_remove);
    run_shell("timeout 60 python3 tests/unit/job/make_inputs.py", inputs_folder);
}

static inline struct job_want want_all(void)
{
    struct job_want want;
    for (size_t i = 0; i < COLUMN_COUNT; i++) {
        want.columns[i] = true;
    }
    return want;
}

/* The one split that the inputs make. */
static inline bytes plan_whole(struct arena *arena, const struct settings *settings)
{
    struct fault fault;
    struct plan_split split;
    bytes out = {0};
    struct plan *plan = plan_open(settings, &fault);
    if (!CHECK(plan != NULL)) {
        return out;
    }
    CHECK_INT(plan_next(plan, &split, &fault), STATUS_OK);
    out = arena_copy_bytes(arena, str_bytes(split.bytes));
    CHECK_INT(plan_next(plan, &split, &fault), STATUS_OK);
    CHECK_INT(split.bytes.len, 0);
    plan_close(plan);
    return out;
}

static inline void story_plan(struct story *story, const str *inputs, size_t count)
{
    story->settings.input = (struct str_list){.items = inputs, .count = count};
    story->split = plan_whole(&story->arena, &story->settings);
}

static inline struct story story_open(void)
{
    static str inputs[2];
    static char missing[96];
    struct story story = {.settings = settings_default()};
    inputs_make();
    arena_init(&story.arena, 256 << 20);
    snprintf(missing, sizeof missing, "%s/missing.txt", inputs_folder);
    inputs[0] = str_of(inputs_folder);
    inputs[1] = str_of(missing);
    story.settings.root = str_of(inputs_folder);
    story.settings.archive_depth_max = 3;
    story_plan(&story, inputs, 2);
    return story;
}

static inline void story_close(struct story *story)
{
    arena_release(&story->arena);
}

static inline str cell_text(const struct record *record, enum column column)
{
    const struct cell *cell = &record->cells[column];
    return cell->known ? cell->as.text : (str){0};
}

static inline struct row row_copy(struct arena *arena, const struct record *record, str state)
{
    return (struct row){
        .id = arena_copy(arena, cell_text(record, COLUMN_id)),
        .parent_id = arena_copy(arena, cell_text(record, COLUMN_parent_id)),
        .url = arena_copy(arena, cell_text(record, COLUMN_url)),
        .member = arena_copy(arena, cell_text(record, COLUMN_member)),
        .status = arena_copy(arena, cell_text(record, COLUMN_status)),
        .error = arena_copy(arena, cell_text(record, COLUMN_error_code)),
        .format = arena_copy(arena, cell_text(record, COLUMN_format)),
        .sha256 = arena_copy(arena, cell_text(record, COLUMN_content_sha256)),
        .reason = arena_copy(arena, cell_text(record, COLUMN_incomplete_reason)),
        .text = arena_copy(arena, cell_text(record, COLUMN_text)),
        .state = arena_copy(arena, state),
    };
}

/* Reads up to `max` rows. */
static inline struct rows read_rows(struct job *job, struct arena *arena, size_t max)
{
    struct rows rows = {.status = STATUS_OK};
    while (rows.count < max && rows.count < ROWS_MAX) {
        enum job_step step = JOB_END;
        const struct record *record = NULL;
        rows.status = job_next(job, INT64_MAX, &step, &record);
        if (rows.status != STATUS_OK || step == JOB_END) {
            break;
        }
        CHECK(step == JOB_RECORD);
        rows.items[rows.count++] = row_copy(arena, record, job_state(job));
    }
    return rows;
}

static inline struct rows story_rows(struct story *story, bytes state)
{
    struct fault fault;
    const struct job_want want = want_all();
    struct job *job = job_open(&story->settings, STR(""), story->split, state, &want, NULL, &fault);
    if (!CHECK(job != NULL)) {
        fprintf(stderr, "  %s\n", fault.message);
        return (struct rows){.status = STATUS_INTERNAL};
    }
    if (state.len) { /* until the first row comes, it is where it stood */
        CHECK_STR(job_state(job), ((str){.ptr = (const char *)state.ptr, .len = state.len}));
    }
    const struct rows rows = read_rows(job, &story->arena, SIZE_MAX);
    job_close(job);
    return rows;
}

static inline bool same_row(const struct row *a, const struct row *b)
{
    return CHECK_STR(a->id, b->id) && CHECK_STR(a->parent_id, b->parent_id) &&
           CHECK_STR(a->url, b->url) && CHECK_STR(a->member, b->member) &&
           CHECK_STR(a->status, b->status) && CHECK_STR(a->error, b->error) &&
           CHECK_STR(a->format, b->format) && CHECK_STR(a->sha256, b->sha256) &&
           CHECK_STR(a->reason, b->reason) && CHECK_STR(a->text, b->text);
}

/* Do the rows equal those of `all` from `from` on? */
static inline bool same_rest(const struct rows *rows, const struct rows *all, size_t from)
{
    bool same = CHECK_INT(rows->status, STATUS_OK) && CHECK_INT(rows->count, all->count - from);
    for (size_t i = 0; same && i < rows->count; i++) {
        same = same_row(&rows->items[i], &all->items[from + i]);
    }
    return same;
}

#endif
