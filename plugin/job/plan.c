/* SPDX-License-Identifier: Apache-2.0 */
#include "job/plan.h"

#include "base/json.h"
#include "base/memory.h"
#include "base/table.h"
#include "base/url.h"
#include "base/vector.h"
#include "job/inputs.h"

enum {
    WEB_HOSTS_MAX = 256,            /* in one split */
    PLAN_ARENA_BYTES_MAX = 1 << 30, /* URLs of one plan, and what groups them */
    SPLIT_BYTES_MAX = 256 * 1024 * 1024
};

struct url_entry {
    str request;
    size_t next; /* of the same web host; SIZE_MAX: none */
};

struct host_entry {
    str web_host;
    size_t first;
    size_t last;
    size_t count;
};

struct plan {
    const struct settings *settings;
    struct arena arena;       /* URLs and hosts: live as long as the plan */
    struct arena split_arena; /* the split given out last */
    struct inputs inputs;
    struct vector urls;  /* struct url_entry */
    struct vector hosts; /* struct host_entry */
    struct table host_index;
    struct table url_index;
    size_t next_host;
};

/* A place for the web host's URLs, by its name copied once; NULL: no memory. */
static struct host_entry *host_of(struct plan *plan, str web_host)
{
    const size_t known = table_find(&plan->host_index, web_host);
    if (known != SIZE_MAX) {
        return &VECTOR_AT(&plan->hosts, struct host_entry, known);
    }
    bool is_new = false;
    const str name = arena_copy(&plan->arena, web_host);
    if (!name.ptr || !table_put(&plan->host_index, name, plan->hosts.count, &is_new)) {
        return NULL;
    }
    struct host_entry *host = VECTOR_ADD(&plan->hosts, struct host_entry);
    if (host) {
        host->web_host = name;
    }
    return host;
}

/* `url` may lie in scratch. */
static enum status add_url(struct plan *plan, const struct url *url)
{
    if (table_find(&plan->url_index, url->request) != SIZE_MAX) {
        return STATUS_OK; /* the same document: asking twice would be rude and change nothing */
    }
    bool is_new = false;
    const size_t at = plan->urls.count;
    const str request = arena_copy(&plan->arena, url->request);
    struct host_entry *host = host_of(plan, url->web_host);
    if (!request.ptr || !host || !table_put(&plan->url_index, request, at, &is_new)) {
        return STATUS_NO_MEMORY;
    }
    if (host->count == TARGETS_MAX) {
        return STATUS_LIMIT; /* they would have to lie in one split */
    }
    struct url_entry *entry = VECTOR_ADD(&plan->urls, struct url_entry);
    if (!entry) {
        return STATUS_NO_MEMORY;
    }
    *entry = (struct url_entry){.request = request, .next = SIZE_MAX};
    if (host->count == 0) {
        host->first = at;
    } else {
        VECTOR_AT(&plan->urls, struct url_entry, host->last).next = at;
    }
    host->last = at;
    host->count++;
    return STATUS_OK;
}

static enum status gather_url(struct plan *plan, str input, struct fault *fault)
{
    struct url url;
    const struct arena_position mark = arena_mark(&plan->split_arena);
    const enum url_verdict verdict = url_parse(&plan->split_arena, input, NULL, &url);
    if (verdict == URL_NO_MEMORY) {
        return STATUS_NO_MEMORY;
    }
    const enum status status = verdict == URL_OK ? add_url(plan, &url) : STATUS_OK;
    if (status == STATUS_LIMIT) {
        *fault = (struct fault){.code = FAULT_none};
        fault_tell(fault, FAULT_limit, -1, "%.*s: more than %d URLs of one web host in one plan",
                   (int)url.web_host.len, url.web_host.ptr, TARGETS_MAX);
    }
    arena_rewind(&plan->split_arena, mark);
    return status;
}

/* All URLs are gathered first: one web host's may stand anywhere in the list. */
static enum status gather_urls(struct plan *plan, struct fault *fault)
{
    str input;
    while (inputs_next_url(&plan->inputs, &input)) {
        const enum status status = gather_url(plan, input, fault);
        if (status == STATUS_NO_MEMORY) {
            *fault = (struct fault){.code = FAULT_none};
            fault_tell(fault, FAULT_no_memory, -1,
                       "there is no memory for more than %zu URLs in one plan, which may take %d "
                       "MiB: give them to several jobs",
                       plan->urls.count, PLAN_ARENA_BYTES_MAX >> 20);
        }
        TRY(status);
    }
    return STATUS_OK;
}

struct plan *plan_open(const struct settings *settings, struct fault *fault)
{
    *fault = (struct fault){.code = FAULT_no_memory, .offset = -1, .message = "out of memory"};
    struct plan *plan = memory_allocate(sizeof *plan);
    if (!plan) {
        return NULL;
    }
    plan->settings = settings;
    arena_init(&plan->arena, PLAN_ARENA_BYTES_MAX);
    arena_init(&plan->split_arena, SPLIT_BYTES_MAX);
    table_init(&plan->host_index, &plan->arena);
    table_init(&plan->url_index, &plan->arena);
    if (inputs_open(&plan->inputs, settings, &plan->arena, &plan->split_arena, fault) !=
            STATUS_OK ||
        gather_urls(plan, fault) != STATUS_OK) {
        plan_close(plan);
        return NULL;
    }
    *fault = (struct fault){.offset = -1};
    return plan;
}

/* ---- splits ---- */

static enum status finish(struct buf *bytes_, struct buf *summary, struct plan_split *out)
{
    buf_add(bytes_, STR("]}"));
    if (buf_failed(bytes_) || buf_failed(summary)) {
        return STATUS_NO_MEMORY;
    }
    out->bytes = buf_str(bytes_);
    out->summary = buf_str(summary);
    return STATUS_OK;
}

static enum status local_split(struct plan *plan, struct plan_split *out)
{
    struct buf split;
    struct buf summary;
    struct target target;
    bool found = true;
    buf_init(&split, &plan->split_arena, SPLIT_BYTES_MAX);
    buf_init(&summary, &plan->split_arena, SPLIT_BYTES_MAX);
    buf_add(&split, STR("{\"v\":1,\"targets\":["));
    while (out->documents < plan->settings->split_inputs_max) {
        TRY(inputs_next_target(&plan->inputs, &found, &target));
        if (!found) {
            break;
        }
        if (out->documents++) {
            buf_add_byte(&split, ',');
        }
        target_write(&split, &target);
    }
    buf_add(&summary, STR("{\"files\":"));
    buf_add_integer(&summary, out->documents);
    buf_add(&summary, STR(",\"web_hosts\":[]}"));
    out->bytes_estimate = -1;
    return out->documents ? finish(&split, &summary, out) : STATUS_OK;
}

static void add_host(struct plan *plan, const struct host_entry *host, struct buf *split,
                     struct buf *summary, bool first)
{
    for (size_t at = host->first; at != SIZE_MAX;) {
        const struct url_entry *entry = &VECTOR_AT(&plan->urls, struct url_entry, at);
        if (!first || at != host->first) {
            buf_add_byte(split, ',');
        }
        target_write(split,
                     &(struct target){.kind = TARGET_URL, .text = str_bytes(entry->request)});
        at = entry->next;
    }
    buf_add(summary, first ? STR("{\"web_host\":") : STR(",{\"web_host\":"));
    json_add_string(summary, host->web_host);
    buf_add(summary, STR(",\"requests\":"));
    buf_add_integer(summary, (int64_t)host->count);
    buf_add(summary, STR(",\"delay_ms\":"));
    buf_add_integer(summary, plan->settings->delay_ms);
    buf_add_byte(summary, '}');
}

static enum status web_split(struct plan *plan, struct plan_split *out)
{
    struct buf split;
    struct buf summary;
    buf_init(&split, &plan->split_arena, SPLIT_BYTES_MAX);
    buf_init(&summary, &plan->split_arena, SPLIT_BYTES_MAX);
    buf_add(&split, STR("{\"v\":1,\"targets\":["));
    buf_add(&summary, STR("{\"files\":0,\"web_hosts\":["));
    size_t host_count = 0;
    while (plan->next_host < plan->hosts.count && host_count < WEB_HOSTS_MAX) {
        const struct host_entry *host =
            &VECTOR_AT(&plan->hosts, struct host_entry, plan->next_host);
        if (host_count &&
            out->documents + (int64_t)host->count > plan->settings->split_inputs_max) {
            break;
        }
        add_host(plan, host, &split, &summary, host_count == 0);
        out->documents += (int64_t)host->count;
        host_count++;
        plan->next_host++;
    }
    buf_add(&summary, STR("]}"));
    out->bytes_estimate = -1;
    return host_count ? finish(&split, &summary, out) : STATUS_OK;
}

enum status plan_next(struct plan *plan, struct plan_split *out, struct fault *fault)
{
    *out = (struct plan_split){0};
    *fault = (struct fault){.offset = -1};
    arena_reset(&plan->split_arena);
    enum status status = local_split(plan, out);
    if (status == STATUS_OK && out->documents == 0) {
        status = web_split(plan, out);
    }
    if (status != STATUS_OK) {
        *fault = (struct fault){
            .code = FAULT_no_memory, .offset = -1, .message = "out of memory while planning"};
    }
    return status;
}

void plan_close(struct plan *plan)
{
    if (!plan) {
        return;
    }
    inputs_close(&plan->inputs);
    vector_release(&plan->urls);
    vector_release(&plan->hosts);
    arena_release(&plan->split_arena);
    arena_release(&plan->arena);
    memory_release(plan);
}
