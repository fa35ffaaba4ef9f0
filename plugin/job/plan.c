/* SPDX-License-Identifier: Apache-2.0 */
#include "job/plan.h"

#include "base/blob.h"
#include "base/json.h"
#include "base/memory.h"
#include "base/table.h"
#include "base/url.h"
#include "base/vector.h"
#include "formats/listing.h"
#include "job/target.h"
#include "job/walk.h"
#include "job/web_archive.h"

#include <errno.h>
#include <sys/stat.h>

enum {
    WEB_HOSTS_MAX = 256,            /* in one split */
    LIST_BYTES_MAX = 1 << 30,       /* a file of inputs */
    PLAN_ARENA_BYTES_MAX = 1 << 30, /* URLs of one plan, and what groups them */
    SPLIT_BYTES_MAX = 256 * 1024 * 1024
};

/* What a local input's files are. */
enum kind { KIND_FILES, KIND_KEPT, KIND_ARCHIVES };

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
    struct blob *list;        /* settings->input_file */
    bytes list_lines;         /* what it says, an input a line */
    size_t list_at;
    size_t next_input;
    size_t local_count; /* inputs that are no URL: one alone names its files relative to itself */
    struct walk *walk;
    bytes walk_root;
    enum kind walk_kind;
    struct web_archive *archive; /* whose documents come next; NULL: none is open */
    bytes archive_path;
    bytes archive_name;
    struct vector urls;  /* struct url_entry */
    struct vector hosts; /* struct host_entry */
    struct table host_index;
    struct table url_index;
    size_t next_host;
};

static bytes text_bytes(str s)
{
    return str_bytes(s);
}

static bool starts(bytes b, str prefix)
{
    return bytes_start(b, str_bytes(prefix));
}

static str as_ascii(bytes b)
{
    return (str){.ptr = (const char *)b.ptr, .len = b.len};
}

static bool is_web(bytes input)
{
    return str_equal_ignoring_ascii_case(as_ascii(bytes_slice(input, 0, 5)), STR("http:")) ||
           str_equal_ignoring_ascii_case(as_ascii(bytes_slice(input, 0, 6)), STR("https:"));
}

/* The next input: the option's items, then the lines of the list. False at the end. */
static bool next_input(struct plan *plan, bytes *out)
{
    if (plan->next_input < plan->settings->input.count) {
        *out = text_bytes(plan->settings->input.items[plan->next_input++]);
        return true;
    }
    const bytes all = plan->list_lines;
    while (plan->list_at < all.len) {
        const uint8_t *start = all.ptr + plan->list_at;
        const uint8_t *end = memchr(start, '\n', all.len - plan->list_at);
        const size_t len = end ? (size_t)(end - start) : all.len - plan->list_at;
        plan->list_at += len + 1;
        const str line = str_trim_ascii(as_ascii((bytes){.ptr = start, .len = len}));
        if (line.len && line.ptr[0] != '#') {
            *out = str_bytes(line);
            return true;
        }
    }
    return false;
}

static void rewind_inputs(struct plan *plan)
{
    plan->next_input = 0;
    plan->list_at = 0;
}

/* Without user:password@, so that a secret never reaches a record. What cannot be read as a URL does
 * not tell where its authority ends, and a password may hold a slash: whatever stands before the last
 * @ goes when there is a colon in it. */
static bytes without_userinfo(struct arena *arena, bytes input)
{
    const str text = as_ascii(input);
    size_t start = str_find_byte(text, ':', 0);
    size_t at = 0;
    start = start < text.len ? start + 1 : text.len;
    while (start < text.len && (text.ptr[start] == '/' || text.ptr[start] == '\\')) {
        start++;
    }
    bool may_end = false; /* before an @ and a slash a ? may stand in the password */
    for (size_t i = start; i < text.len; i++) {
        const char c = text.ptr[i];
        if (may_end && (c == '?' || c == '#')) {
            break;
        }
        at = c == '@' ? i + 1 : at;
        may_end = may_end || c == '@' || c == '/' || c == '\\';
    }
    const str before = str_slice(text, start, at);
    if (at == 0 ||
        (str_find_byte(before, '/', 0) != SIZE_MAX && str_find_byte(before, ':', 0) == SIZE_MAX)) {
        return input;
    }
    char *clean = arena_text(arena, input.len);
    if (!clean) {
        return (bytes){0};
    }
    memcpy(clean, input.ptr, start);
    memcpy(clean + start, input.ptr + at, input.len - at);
    return (bytes){.ptr = (const uint8_t *)clean, .len = start + input.len - at};
}

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

static enum status gather_url(struct plan *plan, bytes input, struct fault *fault)
{
    struct url url;
    const struct arena_position mark = arena_mark(&plan->split_arena);
    const enum url_verdict verdict = url_parse(&plan->split_arena, as_ascii(input), NULL, &url);
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
    bytes input;
    while (next_input(plan, &input)) {
        if (!is_web(input)) {
            plan->local_count++;
            continue;
        }
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
    rewind_inputs(plan);
    return STATUS_OK;
}

/* A sitemap or feed as lines: its addresses, those of other lists left out. */
static enum status read_listing(struct plan *plan, struct listing *listing, struct fault *fault)
{
    struct listing_link link;
    struct buf lines;
    buf_init(&lines, &plan->arena, LIST_BYTES_MAX);
    while (listing_next(listing, &link)) {
        if (link.rel == LISTING_PAGE || link.rel == LISTING_ENCLOSURE) {
            buf_add(&lines, link.url);
            buf_add_byte(&lines, '\n');
        }
    }
    plan->list_lines = buf_bytes(&lines);
    if (listing->end == LISTING_NO_MEMORY || buf_failed(&lines)) {
        return STATUS_NO_MEMORY;
    }
    if (listing->end != LISTING_WHOLE) {
        const str end = listing_end_name(listing->end);
        *fault = (struct fault){.code = FAULT_none};
        fault_tell(fault, FAULT_unreadable, -1,
                   "the list of inputs is a sitemap or feed that cannot be read whole: %.*s",
                   (int)end.len, end.ptr);
        return STATUS_FAILED;
    }
    return STATUS_OK;
}

/* The list is lines of text, unless it begins like XML and is a sitemap or a feed. */
static enum status read_list(struct plan *plan, struct fault *fault)
{
    struct listing listing;
    plan->list_lines = blob_content(plan->list);
    const str head = str_trim_ascii(as_ascii(bytes_slice(plan->list_lines, 0, 1024)));
    if (!str_starts(head, STR("<")) && !str_starts(head, STR("\uFEFF<"))) {
        return STATUS_OK;
    }
    enum status status = STATUS_NO_MEMORY;
    if (listing_open(&listing, &plan->split_arena, plan->list_lines, STR(""), NULL)) {
        const bool is_list = listing.kind != LISTING_FOREIGN && listing.kind != LISTING_TEXT;
        status = is_list ? read_listing(plan, &listing, fault) : STATUS_OK;
    }
    listing_close(&listing);
    arena_reset(&plan->split_arena);
    return status;
}

static enum status open_list(struct plan *plan, struct fault *fault)
{
    const str name = plan->settings->input_file;
    int error = 0;
    if (name.len == 0) {
        return STATUS_OK;
    }
    const str path = arena_terminated(&plan->arena, name);
    plan->list = path.ptr ? blob_open_file(path.ptr, 1 << 20, LIST_BYTES_MAX, &error) : NULL;
    if (!plan->list) {
        *fault = (struct fault){.code = FAULT_none};
        fault_tell(fault, error == ENOENT ? FAULT_not_found : FAULT_unreadable, -1,
                   "%.*s: the list of inputs cannot be read: %s",
                   (int)(name.len < 120 ? name.len : 120), name.ptr, strerrordesc_np(error));
        return STATUS_FAILED;
    }
    return read_list(plan, fault);
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
    if (open_list(plan, fault) != STATUS_OK || gather_urls(plan, fault) != STATUS_OK) {
        plan_close(plan);
        return NULL;
    }
    *fault = (struct fault){.offset = -1};
    return plan;
}

/* ---- local inputs, one target after the other ---- */

static enum status copy(struct plan *plan, bytes part, bytes *out)
{
    const str copied = arena_terminated(&plan->split_arena, as_ascii(part));
    *out = str_bytes(copied);
    return copied.ptr ? STATUS_OK : STATUS_NO_MEMORY;
}

/* How a local file is called in ids and in the column url: relative to the option `root` where it
 * lies below it, else relative to its input, else as the input was given. */
static enum status name_file(struct plan *plan, bytes path, bytes relative, bytes *out)
{
    const bytes root = text_bytes(plan->settings->root);
    if (root.len && bytes_start(path, root)) {
        size_t below = root.len;
        if (root.ptr[root.len - 1] == '/' || (below < path.len && path.ptr[below] == '/')) {
            while (below < path.len && path.ptr[below] == '/') {
                below++;
            }
            return copy(plan, bytes_slice(path, below, path.len), out);
        }
    }
    const bool alone = plan->local_count == 1 && relative.len;
    return copy(plan, alone ? relative : path, out);
}

static enum status say_step(struct plan *plan, const struct walk_step *step, struct target *out)
{
    const bool is_kept = plan->walk_kind == KIND_KEPT;
    *out = (struct target){.kind = is_kept ? TARGET_KEPT : TARGET_FILE};
    TRY(copy(plan, step->path, &out->text));
    TRY(name_file(plan, step->path, step->relative, &out->name));
    if (step->error || (is_kept && step->size < 0)) {
        out->kind = TARGET_BAD;
        out->fault = FAULT_unreadable;
    }
    return STATUS_OK;
}

static enum status start_walk(struct plan *plan, bytes folder, enum kind kind)
{
    plan->walk = walk_open(folder);
    plan->walk_root = folder;
    plan->walk_kind = kind;
    return plan->walk ? STATUS_OK : STATUS_NO_MEMORY;
}

/* Opens a web archive: its documents come next. *found: none can, and `out` says so. */
static enum status start_archive(struct plan *plan, bytes path, bytes name, bool *found,
                                 struct target *out)
{
    struct fault fault = {.offset = -1};
    plan->archive_path = arena_copy_bytes(&plan->arena, path);
    plan->archive_name = arena_copy_bytes(&plan->arena, name);
    if (!plan->archive_path.ptr || !plan->archive_name.ptr) {
        return STATUS_NO_MEMORY;
    }
    const enum status status =
        web_archive_open((const char *)path.ptr, plan->settings, &plan->archive, &fault);
    *found = status == STATUS_FAILED;
    *out =
        (struct target){.kind = TARGET_BAD, .text = path, .name = name, .fault = FAULT_unreadable};
    return *found ? STATUS_OK : status;
}

/* The next document of the open archive; behind the last, whether it was read to its end. *found
 * false: it was, and is closed. */
static enum status next_of_archive(struct plan *plan, bool *found, struct target *out)
{
    const str at = web_archive_next(plan->archive, &plan->split_arena);
    if (!at.ptr) {
        return STATUS_NO_MEMORY;
    }
    *out = (struct target){.kind = TARGET_WARC,
                           .text = plan->archive_path,
                           .name = plan->archive_name,
                           .at = str_bytes(at)};
    *found = at.len > 0;
    if (*found) {
        return STATUS_OK;
    }
    out->kind = TARGET_BAD;
    out->fault = web_archive_fault(plan->archive)->code;
    *found = out->fault != FAULT_none;
    web_archive_close(plan->archive);
    plan->archive = NULL;
    return STATUS_OK;
}

static bool is_archive_name(bytes path)
{
    return str_ends(as_ascii(path), STR(".warc.gz")) || str_ends(as_ascii(path), STR(".warc"));
}

/* A path, which may be missing, a file or a folder. *found: `out` is a target. */
static enum status take_path(struct plan *plan, bytes path, enum kind kind, bool *found,
                             struct target *out)
{
    bytes terminated;
    struct stat about;
    TRY(copy(plan, path, &terminated));
    const int missing = stat((const char *)terminated.ptr, &about) != 0 ? errno : 0;
    if (!missing && S_ISDIR(about.st_mode)) {
        const bytes folder = arena_copy_bytes(&plan->arena, terminated);
        return folder.ptr ? start_walk(plan, folder, kind) : STATUS_NO_MEMORY;
    }
    *found = true;
    *out = (struct target){.kind = TARGET_FILE, .text = terminated};
    TRY(name_file(plan, terminated, (bytes){0}, &out->name));
    if (missing || kind == KIND_KEPT) {
        out->kind = TARGET_BAD;
        out->fault = missing == ENOENT || missing == ENOTDIR ? FAULT_not_found : FAULT_unreadable;
    } else if (kind == KIND_ARCHIVES || is_archive_name(path)) {
        return start_archive(plan, terminated, out->name, found, out);
    }
    return STATUS_OK;
}

static enum status take_bad(struct plan *plan, bytes input, struct target *out)
{
    *out = (struct target){.kind = TARGET_BAD, .fault = FAULT_bad_url};
    const bytes clean = without_userinfo(&plan->split_arena, input);
    return clean.ptr ? copy(plan, clean, &out->text) : STATUS_NO_MEMORY;
}

/* *found false: it was a good URL (gathered before) or a folder whose walk now begins. */
static enum status take_input(struct plan *plan, bytes input, bool *found, struct target *out)
{
    struct stat about;
    bytes terminated;
    struct url url;
    *found = false;
    if (is_web(input)) {
        const struct arena_position mark = arena_mark(&plan->split_arena);
        const enum url_verdict verdict = url_parse(&plan->split_arena, as_ascii(input), NULL, &url);
        if (verdict == URL_NO_MEMORY) {
            return STATUS_NO_MEMORY;
        }
        arena_rewind(&plan->split_arena, mark);
        *found = verdict != URL_OK;
        return *found ? take_bad(plan, input, out) : STATUS_OK;
    }
    if (starts(input, STR("keep:"))) {
        return take_path(plan, bytes_slice(input, 5, input.len), KIND_KEPT, found, out);
    }
    if (starts(input, STR("warc:"))) {
        return take_path(plan, bytes_slice(input, 5, input.len), KIND_ARCHIVES, found, out);
    }
    if (starts(input, STR("file:"))) {
        const str path = url_file_path(&plan->split_arena, as_ascii(input));
        if (path.ptr) {
            return take_path(plan, str_bytes(path), KIND_FILES, found, out);
        }
        *found = true;
        return take_bad(plan, input, out);
    }
    TRY(copy(plan, input, &terminated));
    if (str_find(as_ascii(input), STR("://"), 0) != SIZE_MAX && url_is_absolute(as_ascii(input)) &&
        stat((const char *)terminated.ptr, &about) != 0) {
        *found = true;
        return take_bad(plan, input, out);
    }
    return take_path(plan, input, KIND_FILES, found, out);
}

/* The sidecars of a keep folder name its documents; the contents beside them do not. */
static bool is_sidecar(bytes path)
{
    return str_ends(as_ascii(path), STR(".json"));
}

/* Does the walk look for files like this one? Folders that could not be read are told of always. */
static bool is_wanted(const struct plan *plan, const struct walk_step *step)
{
    switch (plan->walk_kind) {
    case KIND_FILES:
        return true;
    case KIND_KEPT:
        return step->error || is_sidecar(step->path);
    case KIND_ARCHIVES:
        return step->error || is_archive_name(step->path);
    }
    return true;
}

/* The next file of the walk that is wanted; *found false: it is over. */
static enum status next_of_walk(struct plan *plan, bool *found, struct target *out)
{
    while (plan->walk) {
        struct walk_step step;
        TRY(walk_next(plan->walk, &step));
        if (!step.path.ptr) {
            walk_close(plan->walk);
            plan->walk = NULL;
        } else if (is_wanted(plan, &step)) {
            *found = true;
            TRY(say_step(plan, &step, out));
            const bool is_archive = plan->walk_kind == KIND_ARCHIVES && !step.error;
            return is_archive ? start_archive(plan, out->text, out->name, found, out) : STATUS_OK;
        }
    }
    return STATUS_OK;
}

static enum status next_local(struct plan *plan, bool *found, struct target *out)
{
    bytes input;
    *found = false;
    for (;;) {
        if (plan->archive) {
            TRY(next_of_archive(plan, found, out));
        } else if (plan->walk) {
            TRY(next_of_walk(plan, found, out));
        } else if (next_input(plan, &input)) {
            TRY(take_input(plan, input, found, out));
        } else {
            return STATUS_OK;
        }
        if (*found) {
            return STATUS_OK;
        }
    }
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
        TRY(next_local(plan, &found, &target));
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
    walk_close(plan->walk);
    web_archive_close(plan->archive);
    blob_close(plan->list);
    vector_release(&plan->urls);
    vector_release(&plan->hosts);
    arena_release(&plan->split_arena);
    arena_release(&plan->arena);
    memory_release(plan);
}
