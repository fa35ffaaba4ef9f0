/* SPDX-License-Identifier: Apache-2.0 */
#include "abi/source.h"

#include "abi/options.h"
#include "base/memory.h"
#include "job/plan.h"

#include <unistd.h>

static const size_t split_size_min =
    offsetof(struct quern_split, summary) + sizeof(((struct quern_split *)0)->summary);

struct quern_plan {
    pid_t pid;
    struct quern_source *source;
    struct plan *plan;
};

int32_t check_process(pid_t pid, str where, struct quern_error *error)
{
    if (process_is(pid)) {
        return QUERN_OK;
    }
    return error_set(error, QUERN_INVALID_STATE, where,
                     "the process was forked since this was opened: open it anew in the child");
}

static void warn(const struct quern_source *source)
{
    const struct settings *settings = &source->settings;
    if (settings->authorization.len && !settings->authorization_hosts.count) {
        watch_log(&source->host, QUERN_LOG_WARNING,
                  "authorization is set but authorization_hosts is empty: it is sent to nobody");
    }
}

int32_t source_open(const struct quern_host *host, const struct quern_option *options,
                    size_t option_count, struct quern_source **out, struct quern_error *error)
{
    if (!out) {
        return error_set(error, QUERN_INVALID_ARGUMENT, STR("source_open"), "out must not be NULL");
    }
    *out = NULL;
    struct quern_source *source = memory_allocate(sizeof *source);
    if (!source) {
        return error_no_memory(error, STR("source_open"));
    }
    atomic_init(&source->refs, 1);
    source->pid = getpid();
    arena_init(&source->arena, OPTION_MEMORY_BYTES_MAX);
    int32_t status = host_copy(host, &source->host, error);
    if (status == QUERN_OK) {
        status = options_read(options, option_count, &source->arena, &source->settings, error);
    }
    if (status != QUERN_OK) {
        source_close(source);
        return status;
    }
    warn(source);
    *out = source;
    return QUERN_OK;
}

void source_keep(struct quern_source *source)
{
    atomic_fetch_add_explicit(&source->refs, 1, memory_order_relaxed);
}

void source_close(struct quern_source *source)
{
    if (source && atomic_fetch_sub_explicit(&source->refs, 1, memory_order_acq_rel) == 1) {
        arena_release(&source->arena);
        memory_release(source);
    }
}

int32_t source_plan(struct quern_source *source, struct quern_plan **out, struct quern_error *error)
{
    if (!source || !out) {
        return error_set(error, QUERN_INVALID_ARGUMENT, STR("source_plan"),
                         "source and out must not be NULL");
    }
    *out = NULL;
    const int32_t status = check_process(source->pid, STR("source_plan"), error);
    if (status != QUERN_OK) {
        return status;
    }
    struct quern_plan *plan = memory_allocate(sizeof *plan);
    if (!plan) {
        return error_no_memory(error, STR("source_plan"));
    }
    struct fault fault = {0};
    plan->plan = plan_open(&source->settings, &fault);
    if (!plan->plan) {
        memory_release(plan);
        /* A folder that cannot be read is a record; only the list can stop a plan. */
        const bool is_list = fault.code == FAULT_not_found || fault.code == FAULT_unreadable;
        return error_from_fault(error, &fault, is_list ? source->settings.input_file : STR("input"),
                                QUERN_INVALID_ARGUMENT);
    }
    plan->pid = getpid();
    plan->source = source;
    source_keep(source);
    *out = plan;
    return QUERN_OK;
}

static struct quern_bytes lend(str s)
{
    return (struct quern_bytes){.data = s.len ? (const uint8_t *)s.ptr : NULL, .len = s.len};
}

int32_t split_next(struct quern_plan *plan, struct quern_split *split, struct quern_error *error)
{
    if (!plan || !split || split->struct_size < split_size_min) {
        return error_set(error, QUERN_INVALID_ARGUMENT, STR("plan_next"),
                         "plan and split must not be NULL, and struct_size at least %zu",
                         split_size_min);
    }
    split->bytes = (struct quern_bytes){0};
    split->summary = (struct quern_bytes){0};
    split->documents = 0;
    split->bytes_estimate = -1;
    int32_t status = check_process(plan->pid, STR("plan_next"), error);
    if (status != QUERN_OK) {
        return status;
    }
    struct fault fault = {0};
    struct plan_split next = {0};
    const enum status answer = plan_next(plan->plan, &next, &fault);
    if (answer == STATUS_NO_MEMORY) {
        return error_no_memory(error, STR("plan_next"));
    }
    if (answer != STATUS_OK) {
        return error_from_fault(error, &fault, STR("input"), QUERN_INVALID_ARGUMENT);
    }
    split->bytes = lend(next.bytes);
    split->summary = lend(next.summary);
    split->documents = next.documents;
    split->bytes_estimate = next.bytes_estimate;
    return QUERN_OK;
}

void split_close(struct quern_plan *plan)
{
    if (plan) {
        plan_close(plan->plan);
        source_close(plan->source);
        memory_release(plan);
    }
}
