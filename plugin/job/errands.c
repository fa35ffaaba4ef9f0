/* SPDX-License-Identifier: Apache-2.0 */
#include "job/errands.h"

#include "base/memory.h"

static struct errand *take_free(struct errands *errands)
{
    struct errand *errand = errands->free;
    if (errand) {
        errands->free = errand->next;
    } else {
        errand = memory_allocate(sizeof *errand);
    }
    if (errand) {
        *errand = (struct errand){.status = STATUS_OK};
        arena_init(&errand->arena, (size_t)errands->settings->arena_bytes_max);
    }
    return errand;
}

static void give_back(struct errands *errands, struct errand *errand)
{
    arena_release(&errand->arena);
    errand->next = errands->free;
    errands->free = errand;
}

/* --- which are ready --- */

static void add_ready(struct errands *errands, struct errand *errand)
{
    errand->next_ready = NULL;
    if (errands->last_ready) {
        errands->last_ready->next_ready = errand;
    } else {
        errands->first_ready = errand;
    }
    errands->last_ready = errand;
    errands->ready_count++;
}

static void drop_ready(struct errands *errands, const struct errand *errand)
{
    struct errand *before = NULL;
    struct errand *at = errands->first_ready;
    while (at && at != errand) {
        before = at;
        at = at->next_ready;
    }
    if (!at) {
        return;
    }
    if (before) {
        before->next_ready = at->next_ready;
    } else {
        errands->first_ready = at->next_ready;
    }
    if (errands->last_ready == at) {
        errands->last_ready = before;
    }
    errands->ready_count--;
}

static void finish(struct errands *errands, struct errand *errand)
{
    errand->is_done = true;
    errands->held_bytes += (int64_t)errand->found.content.len;
    if (errand->cursor->first == errand) {
        add_ready(errands, errand);
    }
}

bool errands_are_ready(const struct errands *errands)
{
    return errands->first_ready != NULL;
}

bool errands_are_enough(const struct errands *errands)
{
    return errands->ready_count >= ERRANDS_READY_MAX ||
           (errands->ready_count > 0 && errands->held_bytes >= ERRANDS_HELD_BYTES_MAX);
}

/* --- there and back --- */

static enum status open_errand(struct errands *errands, struct errand *errand,
                               struct fetcher *fetcher, const struct fault *fault)
{
    const struct cursor *cursor = errand->cursor;
    const struct target *target = &errands->targets->items[cursor->positions[cursor->begun]];
    const struct target unasked = {
        .kind = TARGET_BAD, .text = target->text, .fault = FAULT_bad_url};
    /* Rows of it that the host has already are those of what it is now. */
    const bool is_begun_before = cursor->begun == cursor->next && cursor->rows_to_skip > 0;
    TRY(found_open(&errand->arena, errands->settings, errands->watch, fetcher ? target : &unasked,
                   fetcher, errand, is_begun_before ? NULL : errands->recall, &errand->found));
    if (!fetcher) {
        errand->found.fault = *fault;
    }
    return STATUS_OK;
}

static void append(struct cursor *cursor, struct errand *errand)
{
    if (cursor->last) {
        cursor->last->next = errand;
    } else {
        cursor->first = errand;
    }
    cursor->last = errand;
}

enum status errands_set_out(struct errands *errands, struct cursor *cursor, struct fetcher *fetcher,
                            const struct fault *fault)
{
    const size_t ahead_max = 2 * (size_t)errands->settings->connections_per_host;
    while (cursor->begun < cursor->count && cursor->begun - cursor->next < ahead_max) {
        struct errand *errand = take_free(errands);
        if (!errand) {
            return STATUS_NO_MEMORY;
        }
        errand->cursor = cursor;
        append(cursor, errand);
        errand->status = open_errand(errands, errand, fetcher, fault);
        cursor->begun++;
        if (errand->status != STATUS_OK || !errand->found.is_fetching) {
            finish(errands, errand);
        }
    }
    return STATUS_OK;
}

void errands_arrive(struct errands *errands, const struct fetched *fetched)
{
    struct errand *errand = fetched->owner;
    errand->status = fetched->status;
    if (errand->status == STATUS_OK) {
        errand->status = found_take(&errand->arena, fetched, &errand->found);
    }
    errand->found.is_fetching = false;
    finish(errands, errand);
}

static struct errand *take_first(struct errands *errands, struct cursor *cursor)
{
    struct errand *errand = cursor->first;
    cursor->first = errand->next;
    cursor->last = errand->next ? cursor->last : NULL;
    drop_ready(errands, errand);
    if (errand->is_done) {
        errands->held_bytes -= (int64_t)errand->found.content.len;
    }
    return errand;
}

enum status errands_take(struct errands *errands, struct fetcher *fetcher, struct arena *arena,
                         struct found *found, struct cursor **cursor)
{
    struct errand *errand = errands->first_ready;
    const struct arena empty = *arena;
    const enum status status = errand->status;
    if (status != STATUS_OK) {
        errands_drop(errands, errand->cursor, fetcher);
        return status;
    }
    *cursor = errand->cursor;
    (void)take_first(errands, errand->cursor);
    *found = errand->found;
    *arena = errand->arena;
    errand->arena = empty;
    give_back(errands, errand);
    if ((*cursor)->first && (*cursor)->first->is_done) {
        add_ready(errands, (*cursor)->first);
    }
    return STATUS_OK;
}

void errands_drop(struct errands *errands, struct cursor *cursor, struct fetcher *fetcher)
{
    while (cursor->first) {
        struct errand *errand = take_first(errands, cursor);
        if (fetcher) {
            fetch_abandon(fetcher, errand);
        }
        blob_close(errand->found.blob);
        give_back(errands, errand);
    }
    cursor->begun = cursor->next;
}

void errands_release(struct errands *errands)
{
    while (errands->free) {
        struct errand *errand = errands->free;
        errands->free = errand->next;
        memory_release(errand);
    }
}
