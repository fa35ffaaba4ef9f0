/* SPDX-License-Identifier: Apache-2.0 */
#include "job/prefetch.h"

#include <time.h>

enum {
    LISTEN_MS =
        5 /* how often what is fetched ahead is looked after while documents are converted */
};

static int64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* ---- out ---- */

/* NULL: the fault tells. */
static struct fetcher *need_fetcher(struct prefetch *prefetch, struct fault *fault)
{
    struct fetcher *fetcher = atomic_load(&prefetch->fetcher);
    if (fetcher) {
        return fetcher;
    }
    fetcher = fetch_open(prefetch->errands.settings, prefetch->authorization, &prefetch->watch,
                         fault, prefetch->memo);
    atomic_store(&prefetch->fetcher, fetcher);
    return fetcher;
}

static enum status set_out_for(struct prefetch *prefetch, struct cursor *cursor)
{
    struct fault fault = {.offset = -1};
    if (!cursor->web_host.len || cursor->begun == cursor->count) {
        return STATUS_OK;
    }
    struct fetcher *fetcher = need_fetcher(prefetch, &fault);
    return errands_set_out(&prefetch->errands, cursor, fetcher, &fault);
}

enum status prefetch_set_out(struct prefetch *prefetch)
{
    for (size_t i = 0; !prefetch->is_set_out && i < prefetch->cursors->count; i++) {
        TRY(set_out_for(prefetch, &prefetch->cursors->items[i]));
    }
    prefetch->is_set_out = true;
    if (prefetch->told) {
        TRY(set_out_for(prefetch, prefetch->told));
        prefetch->told = NULL;
    }
    return STATUS_OK;
}

void prefetch_told(struct prefetch *prefetch, struct cursor *cursor)
{
    prefetch->told = cursor;
}

/* ---- and back ---- */

/* OK with *came false: the deadline came first. */
static enum status listen(struct prefetch *prefetch, int64_t deadline_ms, bool *came)
{
    struct fetched fetched;
    struct fetcher *fetcher = atomic_load(&prefetch->fetcher);
    fetch_hold(fetcher, errands_are_enough(&prefetch->errands));
    prefetch->is_listening = true;
    const enum status status = fetch_continue(fetcher, deadline_ms, came, &fetched);
    prefetch->is_listening = false;
    TRY(status);
    if (*came) {
        errands_arrive(&prefetch->errands, &fetched);
    }
    return STATUS_OK;
}

void prefetch_listen(struct prefetch *prefetch)
{
    struct fetcher *fetcher = atomic_load(&prefetch->fetcher);
    bool came = true;
    if (prefetch->is_listening || !fetcher || fetch_count(fetcher) == 0 ||
        now_ms() - prefetch->listened_ms < LISTEN_MS) {
        return;
    }
    while (came && listen(prefetch, 0, &came) == STATUS_OK) {
    }
    prefetch->listened_ms = now_ms();
}

enum status prefetch_await(struct prefetch *prefetch, int64_t deadline_ms, bool *ready,
                           struct arena *arena, struct found *found, struct cursor **cursor)
{
    *ready = true;
    prefetch_listen(prefetch);
    while (!errands_are_ready(&prefetch->errands)) {
        const struct fetcher *fetcher = atomic_load(&prefetch->fetcher);
        if (!fetcher || fetch_count(fetcher) == 0) {
            return STATUS_OK;
        }
        TRY(listen(prefetch, deadline_ms, ready));
        if (!*ready) {
            return STATUS_OK;
        }
    }
    const enum status status =
        errands_take(&prefetch->errands, atomic_load(&prefetch->fetcher), arena, found, cursor);
    prefetch->is_set_out = prefetch->is_set_out && status == STATUS_OK;
    return status;
}

/* ---- the whole of it ---- */

void prefetch_wake(struct prefetch *prefetch)
{
    struct fetcher *fetcher = atomic_load(&prefetch->fetcher);
    if (fetcher) {
        fetch_wake(fetcher);
    }
}

void prefetch_release(struct prefetch *prefetch)
{
    struct fetcher *fetcher = atomic_load(&prefetch->fetcher);
    for (size_t i = 0; i < prefetch->cursors->count; i++) {
        errands_drop(&prefetch->errands, &prefetch->cursors->items[i], fetcher);
    }
    errands_release(&prefetch->errands);
    fetch_close(fetcher);
}
