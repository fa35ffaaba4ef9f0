/* SPDX-License-Identifier: Apache-2.0 */
/* Read this file first: job_next is the way of one document from top to bottom. */
#include "job/job.h"

#include "base/memory.h"
#include "convert/format.h"
#include "job/containers.h"
#include "job/normaliser.h"
#include "job/outcome.h"
#include "job/prefetch.h"
#include "job/recall.h"
#include "job/recorder.h"
#include "job/repairer.h"
#include "unpack/unpack.h"

enum {
    PLAN_ARENA_BYTES_MAX = 1 << 30 /* the targets of one split */
};

struct job {
    const struct settings *settings;
    struct job_want want;
    struct job_watch watch;

    struct arena plan_arena; /* targets and cursors: as long as the job */
    struct targets targets;
    struct cursors cursors;
    struct cursor *cursor; /* whose target is at work; NULL: none */
    struct job_input input;
    bool has_input; /* a job over bytes that has not begun */
    bool over_bytes;

    struct prefetch prefetch;
    struct containers containers;
    struct job_watch inner_watch; /* for those who convert */
    struct unpack_watch unpack_watch;
    struct blob_watch blob_watch;
    bool top_is_told; /* the top container's row was handed out: it leaves at the next call */

    struct arena arena; /* of the document at hand */
    struct found found; /* the document at hand */
    struct document document;
    struct recorder recorder;
    struct normaliser normaliser;
    struct repairer repairer;
    struct recall recall;

    int64_t record_count;
    int64_t received_bytes;
    struct job_progress without_record; /* its last four counts */
    struct arena state_arena;           /* what job_state wrote last; a job over bytes has none */
};

/* ---- what the host is asked and told meanwhile ---- */

static bool host_cancels(void *context)
{
    const struct job *job = context;
    return job->watch.is_cancelled && job->watch.is_cancelled(job->watch.context);
}

/* Asked from inside of conversion and unpacking. */
static bool is_cancelled(void *context)
{
    struct job *job = context;
    prefetch_listen(&job->prefetch);
    return host_cancels(job);
}

static void report(struct job *job, str current, int64_t wait_ms, int64_t receiving)
{
    if (job->watch.progress) {
        job->watch.progress(
            job->watch.context,
            &(struct job_progress){.documents_done = cursors_done(&job->cursors),
                                   .documents_total = (int64_t)job->targets.count,
                                   .records = job->record_count,
                                   .received_bytes = job->received_bytes +
                                                     job->prefetch.errands.held_bytes + receiving,
                                   .wait_ms = wait_ms,
                                   .unchanged = job->without_record.unchanged,
                                   .not_due = job->without_record.not_due,
                                   .failed = job->without_record.failed,
                                   .unanswered = job->without_record.unanswered,
                                   .current = current});
    }
}

static void on_waiting(void *context, str web_host, int64_t wait_ms, int64_t received_bytes)
{
    report(context, web_host, wait_ms, received_bytes);
}

/* ---- opening and closing ---- */

static void begin_prefetch(struct job *job)
{
    struct prefetch *prefetch = &job->prefetch;
    prefetch->cursors = &job->cursors;
    prefetch->memo = job->watch.memo;
    prefetch->watch =
        (struct fetch_watch){.context = job, .is_cancelled = host_cancels, .waiting = on_waiting};
    prefetch->errands = (struct errands){.settings = job->settings,
                                         .targets = &job->targets,
                                         .watch = &job->blob_watch,
                                         .recall = &job->recall};
}

static struct job *job_make(const struct settings *settings, const struct job_want *want,
                            const struct job_watch *watch, struct fault *fault)
{
    struct job *job = memory_allocate(sizeof *job);
    *fault = (struct fault){.offset = -1};
    if (!job) {
        fault_tell(fault, FAULT_no_memory, -1, "out of memory");
        return NULL;
    }
    job->settings = settings;
    job->want = *want;
    job->watch = watch ? *watch : (struct job_watch){0};
    job->inner_watch = (struct job_watch){.context = job, .is_cancelled = is_cancelled};
    job->unpack_watch = (struct unpack_watch){.context = job, .is_cancelled = is_cancelled};
    job->blob_watch = (struct blob_watch){.context = job, .is_cancelled = is_cancelled};
    job->containers.budget.settings = settings;
    begin_prefetch(job);
    arena_init(&job->plan_arena, PLAN_ARENA_BYTES_MAX);
    arena_init(&job->state_arena, 4 * CURSORS_STATE_BYTES_MAX);
    arena_init(&job->arena, (size_t)settings->arena_bytes_max);
    return job;
}

static enum status refuse(const struct job *job, struct fault *fault, const char *what)
{
    if (job->plan_arena.refused) {
        return STATUS_NO_MEMORY;
    }
    fault_tell(fault, FAULT_bad_format, -1, "%s", what);
    return STATUS_FAILED;
}

/* OK, NO_MEMORY; FAILED: the fault tells. */
static enum status load(struct job *job, bytes split, bytes state, struct fault *fault)
{
    if (!targets_read(&job->plan_arena, split, &job->targets)) {
        return refuse(job, fault, "this is not a split of this plugin version");
    }
    const enum status made = cursors_make(&job->plan_arena, &job->targets, split, &job->cursors);
    if (made == STATUS_LIMIT) {
        return refuse(job, fault, "this split names more web hosts than a state can hold");
    }
    TRY(made);
    if (state.len && !cursors_read(&job->cursors, state, &job->plan_arena)) {
        return refuse(job, fault, "this is not a state of this split");
    }
    return STATUS_OK;
}

struct job *job_open(const struct settings *settings, str authorization, bytes split, bytes state,
                     const struct job_want *want, const struct job_watch *watch,
                     struct fault *fault)
{
    struct job *job = job_make(settings, want, watch, fault);
    if (!job) {
        return NULL;
    }
    job->prefetch.authorization = authorization;
    enum status status = load(job, split, state, fault);
    if (status == STATUS_OK && !recall_open(&job->recall, job->watch.memo, settings, want)) {
        status = STATUS_NO_MEMORY;
    }
    if (status != STATUS_OK) {
        if (status == STATUS_NO_MEMORY) {
            fault_tell(fault, FAULT_no_memory, -1, "out of memory");
        }
        job_close(job);
        return NULL;
    }
    return job;
}

struct job *job_open_bytes(const struct settings *settings, const struct job_input *input,
                           const struct job_want *want, const struct job_watch *watch,
                           struct fault *fault)
{
    struct job *job = job_make(settings, want, watch, fault);
    if (job) {
        job->input = *input;
        job->has_input = true;
        job->over_bytes = true;
    }
    return job;
}

static void let_go(struct job *job)
{
    blob_close(job->found.blob);
    job->found = (struct found){0};
    arena_reset(&job->arena);
}

void job_close(struct job *job)
{
    if (!job) {
        return;
    }
    prefetch_release(&job->prefetch);
    let_go(job);
    containers_release(&job->containers);
    recall_release(&job->recall);
    recorder_release(&job->recorder);
    repairer_release(&job->repairer);
    normaliser_release(&job->normaliser);
    arena_release(&job->arena);
    arena_release(&job->plan_arena);
    arena_release(&job->state_arena);
    memory_release(job);
}

void job_wake(struct job *job)
{
    prefetch_wake(&job->prefetch);
}

str job_state(struct job *job)
{
    struct buf buf;
    if (job->over_bytes) {
        return STR("");
    }
    arena_reset(&job->state_arena);
    buf_init(&buf, &job->state_arena, CURSORS_STATE_BYTES_MAX);
    cursors_write(&job->cursors, &buf);
    return buf_failed(&buf) ? (str){0} : buf_str(&buf);
}

/* ---- which target next ---- */

/* What is ready, else a local file, else what comes. OK with job->cursor NULL: everything is done,
 * or, with *ready false, the deadline came first. */
static enum status open_target(struct job *job, int64_t deadline_ms, bool *ready)
{
    struct cursor *local = cursors_local(&job->cursors);
    *ready = true;
    TRY(prefetch_set_out(&job->prefetch));
    if (local && !errands_are_ready(&job->prefetch.errands)) {
        const struct target *target = &job->targets.items[local->positions[local->next]];
        TRY(found_open(&job->arena, job->settings, &job->blob_watch, target, NULL, NULL, NULL,
                       &job->found));
        job->cursor = local;
    } else {
        TRY(prefetch_await(&job->prefetch, deadline_ms, ready, &job->arena, &job->found,
                           &job->cursor));
    }
    if (!job->cursor) {
        return STATUS_OK;
    }
    job->containers.budget.entries = 0;
    job->containers.budget.unpacked_bytes = 0;
    if (job->targets.items[job->cursor->positions[job->cursor->next]].kind != TARGET_KEPT) {
        found_keep(&job->arena, job->settings, &job->found);
    }
    job->received_bytes += (int64_t)job->found.content.len;
    return STATUS_OK;
}

/* ---- one document ---- */

static void begin_document(struct job *job)
{
    const struct found *found = &job->found;
    const struct settings *settings = job->settings;
    job->document = (struct document){
        .arena = &job->arena,
        .content = found->content,
        .hints = found->hints,
        .text_bytes_max = (size_t)settings->text_bytes_max,
        .depth_max = (size_t)settings->depth_max,
        .fault = found->fault,
    };
    job->document.hints.charset_set = settings->charset;
    for (enum note_code code = 0; code < NOTE_COUNT; code++) {
        document_note_many(&job->document, code, -1, found->notes[code]);
    }
    recorder_begin(&job->recorder, &job->document, &job->want, &job->inner_watch);
    job->recorder.content = found->blob;
    struct normal_rules rules = {.form = NORMAL_FORM_NFC, .fold_width = settings->fold_width};
    (void)normal_form_find(settings->normalise, &rules.form); /* one of the option's words */
    normaliser_begin(&job->normaliser, &job->recorder.sink, &job->document, rules);
    repairer_begin(&job->repairer, &job->normaliser.sink, &job->document);
    job->document.repaired = str_equal(settings->repair, STR("off")) ? -1 : 0;
}

/* The format or the container that the content is; filters are taken off on the way. */
static enum status recognise(struct job *job, const struct format **format,
                             const struct container **container)
{
    for (int64_t level = 0;; level++) {
        unsigned format_bits = 0;
        unsigned container_bits = 0;
        *container = container_bid(job->found.content, &container_bits);
        *format = format_detect(&job->document, &format_bits);
        if (!*container || container_bits <= format_bits) {
            *container = NULL;
            return STATUS_OK;
        }
        *format = NULL;
        job->document.format = container_name(*container);
        job->document.media_type = container_media_type(*container);
        if (!container_is_filter(*container)) {
            return STATUS_OK;
        }
        if (level >= job->settings->archive_depth_max) {
            return document_fail(&job->document, FAULT_limit, -1,
                                 "compressed more often than archive_depth_max (%lld)",
                                 (long long)job->settings->archive_depth_max);
        }
        TRY(containers_take_off(&job->containers, *container, &job->unpack_watch, &job->arena,
                                &job->found));
        const str packed_format = job->document.format;
        const str packed_type = job->document.media_type;
        begin_document(job);
        if (!job->found.has_content) {
            job->document.format = packed_format;
            job->document.media_type = packed_type;
            return STATUS_FAILED;
        }
    }
}

static void explain_limits(struct job *job)
{
    if (job->found.limited && job->document.fault.code == FAULT_none) {
        (void)document_fail(&job->document, FAULT_limit, (int64_t)job->found.content.len,
                            "the content is longer than content_bytes_max (%lld bytes)",
                            (long long)job->settings->content_bytes_max);
    }
}

static enum status convert(struct job *job, const struct format *format)
{
    enum status status;
    if (!job->found.has_content) {
        return STATUS_FAILED;
    }
    if (job->found.content.len == 0) {
        return document_fail(&job->document, FAULT_empty, 0, "there is no byte of content");
    }
    if (!format) {
        return document_fail(&job->document, FAULT_not_text, 0,
                             "binary content of no format that Quern knows");
    }
    status = convert_run(&job->document, format,
                         job->document.repaired < 0 ? &job->normaliser.sink : &job->repairer.sink);
    normaliser_finish(&job->normaliser);
    return status;
}

/* All rows of the target at hand are made. */
static void finish_target(struct job *job)
{
    job->cursor->next++;
    job->cursor->rows_out = 0;
    job->cursor->rows_to_skip = 0;
    prefetch_told(&job->prefetch, job->cursor);
    job->cursor = NULL;
}

/* The verdict on a target without a record, counted and told. False: it gets one. */
static bool settle(struct job *job, enum recall_end end, const struct provenance *provenance,
                   const struct fault *fault)
{
    struct job_progress *counts = &job->without_record;
    const struct job_withheld withheld = {.url = provenance->url, .fault = fault};
    switch (end) {
    case RECALL_TELL:
        return false;
    case RECALL_NOT_DUE:
        counts->not_due++;
        break;
    case RECALL_UNCHANGED:
        counts->unchanged++;
        break;
    case RECALL_WITHHELD:
        counts->failed++;
        counts->unanswered += provenance->http_status == 0;
        if (job->watch.withheld) {
            job->watch.withheld(job->watch.context, &withheld);
        }
        break;
    }
    finish_target(job);
    report(job, provenance->url, 0, 0);
    return true;
}

/* Converts the document at hand, or opens it as a container; *made: there is a row. */
static enum status tell_document(struct job *job, bool *made, const struct record **out)
{
    const struct format *format = NULL;
    const struct container *container = NULL;
    enum status status = STATUS_OK;
    begin_document(job);
    if (job->found.has_content && job->found.content.len) {
        status = recognise(job, &format, &container);
    }
    explain_limits(job);
    if (status == STATUS_OK && container) {
        if ((int64_t)job->containers.depth < job->settings->archive_depth_max) {
            TRY(containers_push(&job->containers, container, &job->unpack_watch, &job->found,
                                &job->document));
            job->found.blob = NULL;
            *made = false;
            return STATUS_OK;
        }
        status = document_fail(&job->document, FAULT_limit, -1,
                               "archives inside archives deeper than archive_depth_max (%lld)",
                               (long long)job->settings->archive_depth_max);
    } else if (status == STATUS_OK) {
        status = convert(job, format);
    }
    if (status == STATUS_CANCELLED) {
        return status;
    }
    if (status == STATUS_NO_MEMORY) {
        /* Whatever else is wrong with it: this is why there is no more of its text. */
        job->document.fault = (struct fault){.offset = -1};
        (void)document_out_of_memory(&job->document);
    }
    const struct outcome outcome =
        outcome_of_document(&job->found, &job->document, status, job->recorder.seen_text);
    *made = containers_top(&job->containers) ||
            !settle(job, recall_judge(&job->recall, &outcome, &job->document.fault),
                    &job->found.provenance, &job->document.fault);
    return *made ? recorder_finish(&job->recorder, &job->found.provenance, &outcome, out)
                 : STATUS_OK;
}

/* The container is through: its own row, after those of its members, so that it can say whether
 * all of them came out. */
static enum status tell_container(struct job *job, bool *made, const struct record **out)
{
    struct container_level *level = containers_top(&job->containers);
    const struct outcome outcome = outcome_of_container(level);
    *made = job->containers.depth > 1 ||
            !settle(job, recall_judge(&job->recall, &outcome, &level->document.fault),
                    &level->found.provenance, &level->document.fault);
    if (!*made) {
        return STATUS_OK;
    }
    job->document = level->document;
    recorder_begin(&job->recorder, &job->document, &job->want, &job->inner_watch);
    return recorder_finish(&job->recorder, &level->found.provenance, &outcome, out);
}

/* ---- the loop ---- */

/* A row is made. False: the host has it already, from before a resume. */
static bool hand_out(struct job *job)
{
    struct cursor *cursor = job->cursor;
    const bool target_is_done = job->containers.depth == (job->top_is_told ? 1 : 0);
    job->record_count++;
    if (!cursor) {
        return true;
    }
    const bool skipped = cursor->rows_to_skip > 0;
    if (skipped) {
        cursor->rows_to_skip--;
    }
    cursor->rows_out++;
    if (target_is_done) {
        recall_commit(&job->recall);
        finish_target(job);
    }
    return !skipped;
}

static enum status next_member(struct job *job, bool *made, const struct record **out)
{
    bool at_end = false;
    TRY(containers_next(&job->containers, &job->arena, &at_end, &job->found));
    if (!at_end) {
        return tell_document(job, made, out);
    }
    job->top_is_told = true;
    return tell_container(job, made, out);
}

static enum status next_target(struct job *job, int64_t deadline_ms, enum job_step *step,
                               bool *made, const struct record **out)
{
    if (job->over_bytes) {
        *step = job->has_input ? JOB_RECORD : JOB_END;
        job->has_input = false;
        if (*step == JOB_END) {
            return STATUS_OK;
        }
        TRY(found_input(&job->arena, &job->blob_watch, &job->input, &job->found));
        return tell_document(job, made, out);
    }
    bool ready = true;
    TRY(open_target(job, deadline_ms, &ready));
    if (!job->cursor) {
        *step = ready ? JOB_END : JOB_LATER;
        return STATUS_OK;
    }
    *step = JOB_RECORD;
    const struct found *found = &job->found;
    *made = false;
    return settle(job, recall_begin(&job->recall, found), &found->provenance, &found->fault)
               ? STATUS_OK
               : tell_document(job, made, out);
}

/* The rows of the last call are no longer lent. */
static void step_on(struct job *job)
{
    let_go(job);
    if (job->top_is_told) {
        containers_pop(&job->containers);
        job->top_is_told = false;
    }
}

enum status job_next(struct job *job, int64_t deadline_ms, enum job_step *step,
                     const struct record **out)
{
    for (;;) {
        bool made = false;
        step_on(job);
        if (host_cancels(job)) {
            return STATUS_CANCELLED;
        }
        *step = JOB_RECORD;
        TRY(containers_top(&job->containers) ? next_member(job, &made, out)
                                             : next_target(job, deadline_ms, step, &made, out));
        if (*step != JOB_RECORD) {
            return STATUS_OK;
        }
        if (made && hand_out(job)) {
            report(job, (*out)->cells[COLUMN_url].as.text, 0, 0);
            return STATUS_OK;
        }
    }
}
