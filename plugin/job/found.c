/* SPDX-License-Identifier: Apache-2.0 */
#include "job/found.h"

#include "base/hash.h"
#include "base/media_type.h"
#include "job/job.h"
#include "job/keep.h"
#include "job/web_answer.h"
#include "text/names.h"
#include "text/utf8.h"

#include <errno.h>
#include <string.h>

enum { HASH_PART_BYTES = 65536 }; /* between two looks at the watch */

/* `error` 0: none to name. */
static void tell(struct fault *fault, enum fault_code code, str name, const char *what, int error)
{
    fault_tell(fault, code, -1, "%.*s: %s%s%s", (int)(name.len < 120 ? name.len : 120), name.ptr,
               what, error ? ": " : "", error ? strerrordesc_np(error) : "");
}

static str last_step(str path)
{
    size_t from = path.len;
    while (from > 0 && path.ptr[from - 1] != '/') {
        from--;
    }
    return str_slice(path, from, path.len);
}

/* The id, and the empty provenance around it. */
static enum status identify(struct arena *arena, enum identity_kind kind, bytes value,
                            struct found *out)
{
    char *id = arena_text(arena, IDENTITY_LEN);
    if (!id || !identity_write(kind, value, NULL, id)) {
        return STATUS_NO_MEMORY;
    }
    out->identity_kind = kind;
    out->identity = value;
    out->provenance.id = (str){.ptr = id, .len = IDENTITY_LEN};
    return STATUS_OK;
}

static enum status hold(struct arena *arena, struct blob *blob, struct found *out)
{
    out->blob = blob;
    out->content = blob_content(blob);
    out->has_content = true;
    out->limited = out->limited || blob_is_cut(blob);
    out->provenance.content_bytes = (int64_t)out->content.len;
    out->provenance.content_sha256 = arena_copy(arena, blob_sha256(blob));
    return out->provenance.content_sha256.ptr ? STATUS_OK : STATUS_NO_MEMORY;
}

static enum status name_as_text(struct arena *arena, bytes raw, str *out)
{
    size_t undecodable = 0;
    *out = name_decode(arena, raw, NULL, &undecodable);
    return out->ptr ? STATUS_OK : STATUS_NO_MEMORY;
}

/* OK with *out NULL: `error` says why it cannot be read. */
static enum status read_file(const struct settings *settings, const struct blob_watch *watch,
                             const char *path, struct blob **out, int *error)
{
    *out = blob_open_file_watched(path, (size_t)settings->memory_bytes_max,
                                  (size_t)settings->content_bytes_max, watch, error);
    if (!*out && *error == ENOMEM) {
        return STATUS_NO_MEMORY;
    }
    return !*out && *error == ECANCELED ? STATUS_CANCELLED : STATUS_OK;
}

static enum status open_file(struct arena *arena, const struct settings *settings,
                             const struct blob_watch *watch, const struct target *target,
                             struct found *out)
{
    struct blob *blob = NULL;
    int error = 0;
    TRY(identify(arena, IDENTITY_FILE, target->name, out));
    TRY(name_as_text(arena, target->name, &out->provenance.url));
    out->hints.name = last_step(out->provenance.url);
    TRY(read_file(settings, watch, (const char *)target->text.ptr, &blob, &error));
    if (blob) {
        return hold(arena, blob, out);
    }
    tell(&out->fault, error == ENOENT || error == ENOTDIR ? FAULT_not_found : FAULT_unreadable,
         out->provenance.url,
         error == ENOTSUP ? "this is a pipe or a device, not a file" : "the file cannot be read",
         error == ENOTSUP ? 0 : error);
    return STATUS_OK;
}

static enum status open_bad(struct arena *arena, const struct target *target, struct found *out)
{
    const bool is_url = target->fault == FAULT_bad_url;
    const bytes name = target->name.len ? target->name : target->text;
    TRY(identify(arena, is_url ? IDENTITY_URL : IDENTITY_FILE, name, out));
    TRY(name_as_text(arena, name, &out->provenance.url));
    const char *what = "the file or folder cannot be read";
    if (is_url) {
        what = "this is not a URL that can be read; http, https and file without a host are";
    } else if (target->fault == FAULT_not_found) {
        what = "there is no such file or folder";
    } else if (target->fault == FAULT_truncated) {
        what = "the web archive ends inside a record; what stands before was read";
    } else if (target->fault == FAULT_bad_format) {
        what =
            "this is no web archive, or none from some place on (one gzip member a record); what "
            "stands before was read";
    } else if (target->fault == FAULT_limit) {
        what =
            "the web archive grows more than archive_ratio_max times; what stands before was read";
    }
    tell(&out->fault, target->fault, out->provenance.url, what, 0);
    return STATUS_OK;
}

/* The rights as lines, for a sidecar, and back. `.ptr` NULL: none, or no memory. */
static str join_rights(struct arena *arena, struct str_list rights)
{
    struct buf lines;
    buf_init(&lines, arena, SIZE_MAX / 2);
    for (size_t i = 0; i < rights.count; i++) {
        buf_add(&lines, rights.items[i]);
        buf_add_byte(&lines, '\n');
    }
    return rights.count && !buf_failed(&lines) ? buf_str(&lines) : (str){0};
}

static enum status split_rights(struct arena *arena, str lines, struct str_list *out)
{
    size_t count = 0;
    for (size_t i = 0; i < lines.len; i++) {
        count += lines.ptr[i] == '\n';
    }
    str *items = ARENA_ARRAY(arena, count, str);
    for (size_t i = 0, at = 0; items && i < count; i++) {
        const size_t end = str_find_byte(lines, '\n', at);
        items[i] = str_slice(lines, at, end);
        at = end + 1;
    }
    *out = (struct str_list){.items = items, .count = items ? count : 0};
    return items ? STATUS_OK : STATUS_NO_MEMORY;
}

static enum status open_kept(struct arena *arena, const struct settings *settings,
                             const struct blob_watch *watch, const struct target *target,
                             struct found *out)
{
    struct kept kept;
    struct blob *blob = NULL;
    str content_path;
    int error = 0;
    if (!keep_read(arena, (const char *)target->text.ptr, &kept, &content_path)) {
        TRY(identify(arena, IDENTITY_FILE, target->name, out));
        TRY(name_as_text(arena, target->name, &out->provenance.url));
        tell(&out->fault, FAULT_unreadable, out->provenance.url,
             "this is not a sidecar of a keep folder", 0);
        return arena->refused ? STATUS_NO_MEMORY : STATUS_OK;
    }
    TRY(identify(arena, kept.kind, kept.identity, out));
    out->provenance.url = kept.url;
    out->provenance.final_url = kept.final_url;
    out->provenance.etag = kept.etag;
    out->provenance.last_modified = kept.last_modified;
    TRY(split_rights(arena, kept.rights, &out->provenance.rights));
    out->provenance.http_status = kept.http_status;
    out->provenance.fetched_at_us = kept.fetched_at_us;
    out->hints.name = kept.name;
    out->hints.media_type = kept.media_type;
    out->hints.charset = kept.charset;
    out->hints.url = kept.final_url;
    out->truncated = kept.truncated;
    out->limited = kept.limited;
    TRY(read_file(settings, watch, content_path.ptr, &blob, &error));
    if (blob && (blob_is_cut(blob) || str_equal(blob_sha256(blob), kept.sha256))) {
        return hold(arena, blob, out);
    }
    blob_close(blob);
    tell(&out->fault, FAULT_unreadable, out->provenance.url,
         blob ? "the kept content is not what it was: its SHA-256 differs"
              : "the kept content cannot be read",
         blob ? 0 : error);
    return STATUS_OK;
}

static enum status open_url(struct arena *arena, struct fetcher *fetcher, void *owner,
                            const struct target *target, const struct recall *recall,
                            struct found *out)
{
    struct url url;
    const str asked = {.ptr = (const char *)target->text.ptr, .len = target->text.len};
    if (url_parse(arena, asked, NULL, &url) != URL_OK) {
        return arena->refused ? STATUS_NO_MEMORY : STATUS_INTERNAL;
    }
    TRY(identify(arena, IDENTITY_URL, str_bytes(url.request), out));
    out->provenance.url = url.request;
    if (recall) {
        recall_find(recall, out->provenance.id, arena, &out->recalled);
        out->is_recalled = true;
        out->is_early = recall_is_early(recall, &out->recalled);
    }
    if (out->is_early) {
        return STATUS_OK;
    }
    const struct fetch_order order = {.url = &url,
                                      .known =
                                          recall ? recall_conditions(recall, &out->recalled) : NULL,
                                      .arena = arena,
                                      .owner = owner};
    TRY(fetch_begin(fetcher, &order));
    out->is_fetching = true;
    return STATUS_OK;
}

enum status found_take(struct arena *arena, const struct fetched *fetched, struct found *out)
{
    const size_t query = str_find_byte(fetched->final_url, '?', 0);
    out->provenance.final_url = fetched->http_status ? fetched->final_url : (str){0};
    out->provenance.http_status = fetched->http_status;
    out->provenance.etag = fetched->etag;
    out->provenance.last_modified = fetched->last_modified;
    out->provenance.rights = fetched->rights;
    out->provenance.fetched_at_us = fetched->http_status ? fetched->fetched_at_us : INT64_MIN;
    out->hints.url = fetched->final_url;
    out->hints.media_type = fetched->media_type;
    out->hints.charset = fetched->charset;
    out->hints.name = fetched->file_name.len ? fetched->file_name
                                             : last_step(str_slice(fetched->final_url, 0, query));
    out->fault = fetched->fault;
    out->is_unchanged = fetched->unchanged;
    out->truncated = fetched->truncated;
    out->limited = fetched->limited;
    out->notes[NOTE_redirected] = fetched->redirect_count;
    out->notes[NOTE_retried] = fetched->retry_count;
    out->notes[NOTE_crawl_delay_capped] = fetched->delay_capped;
    return fetched->content ? hold(arena, fetched->content, out) : STATUS_OK;
}

/* A resource has no answer around it. */
static enum status take_resource(struct arena *arena, const struct web_answer *answer,
                                 struct found *out)
{
    out->provenance.fetched_at_us = answer->fetched.fetched_at_us;
    out->hints.url = answer->url;
    out->hints.media_type = answer->fetched.media_type;
    out->hints.charset = answer->fetched.charset;
    out->hints.name = last_step(str_slice(answer->url, 0, str_find_byte(answer->url, '?', 0)));
    out->limited = answer->fetched.limited;
    return hold(arena, answer->fetched.content, out);
}

static enum status open_warc(struct arena *arena, const struct settings *settings,
                             const struct blob_watch *watch, const struct target *target,
                             struct found *out)
{
    const struct fetch_watch fetch_watch = {.context = watch->context,
                                            .is_cancelled = watch->is_cancelled};
    const str spans = {.ptr = (const char *)target->at.ptr, .len = target->at.len};
    struct web_answer answer;
    TRY(web_answer_open(arena, settings, &fetch_watch, (const char *)target->text.ptr, spans,
                        &answer));
    if (answer.url.len == 0) {
        TRY(identify(arena, IDENTITY_FILE, target->name, out));
        TRY(name_as_text(arena, target->name, &out->provenance.url));
        out->fault = answer.fetched.fault;
        return STATUS_OK;
    }
    out->provenance.url = answer.url;
    const enum status status = identify(arena, IDENTITY_URL, str_bytes(answer.url), out);
    if (status != STATUS_OK) {
        blob_close(answer.fetched.content);
        return status;
    }
    return answer.is_resource ? take_resource(arena, &answer, out)
                              : found_take(arena, &answer.fetched, out);
}

enum status found_open(struct arena *arena, const struct settings *settings,
                       const struct blob_watch *watch, const struct target *target,
                       struct fetcher *fetcher, void *owner, const struct recall *recall,
                       struct found *out)
{
    *out = (struct found){.provenance = {.fetched_at_us = INT64_MIN, .content_bytes = -1},
                          .fault = {.offset = -1}};
    switch (target->kind) {
    case TARGET_URL:
        return open_url(arena, fetcher, owner, target, recall, out);
    case TARGET_FILE:
        return open_file(arena, settings, watch, target, out);
    case TARGET_KEPT:
        return open_kept(arena, settings, watch, target, out);
    case TARGET_WARC:
        return open_warc(arena, settings, watch, target, out);
    case TARGET_BAD:
        return open_bad(arena, target, out);
    }
    return STATUS_INTERNAL;
}

static enum status hash_parts(struct hash *hash, const struct blob_watch *watch, bytes content)
{
    for (size_t at = 0; at < content.len; at += HASH_PART_BYTES) {
        if (watch->is_cancelled(watch->context)) {
            return STATUS_CANCELLED;
        }
        const size_t left = content.len - at;
        const size_t len = left < HASH_PART_BYTES ? left : HASH_PART_BYTES;
        if (!hash_add(hash, bytes_slice(content, at, at + len))) {
            return STATUS_NO_MEMORY;
        }
    }
    return STATUS_OK;
}

static enum status hash_content(struct arena *arena, const struct blob_watch *watch, bytes content,
                                str *out)
{
    char *hex = arena_text(arena, HASH_HEX_LEN);
    struct hash *hash = hash_open();
    enum status status = hex && hash ? hash_parts(hash, watch, content) : STATUS_NO_MEMORY;
    if (status == STATUS_OK && !hash_finish(hash, hex)) {
        status = STATUS_NO_MEMORY;
    }
    hash_close(hash);
    *out = (str){.ptr = hex, .len = HASH_HEX_LEN};
    return status;
}

enum status found_input(struct arena *arena, const struct blob_watch *watch,
                        const struct job_input *input, struct found *out)
{
    *out = (struct found){
        .provenance = {.fetched_at_us = INT64_MIN, .content_bytes = (int64_t)input->content.len},
        .fault = {.offset = -1},
        .content = input->content,
        .has_content = true};
    str sha256;
    struct url url;
    const str elsewhere = url_of_other_scheme(arena, input->url);
    TRY(hash_content(arena, watch, input->content, &sha256));
    const struct media_type type = media_type_parse(arena, str_bytes(input->media_type));
    out->hints = (struct hints){
        .name = input->name, .media_type = type.type, .charset = type.charset, .url = input->url};
    if (input->url.len && url_parse(arena, input->url, NULL, &url) == URL_OK) {
        TRY(identify(arena, IDENTITY_URL, str_bytes(url.request), out));
        out->provenance.url = url.request;
        out->hints.url = url.whole;
    } else if (elsewhere.ptr) {
        TRY(identify(arena, IDENTITY_URL, str_bytes(elsewhere), out));
        out->provenance.url = elsewhere;
        out->hints.url = elsewhere;
    } else if (input->name.len) {
        TRY(identify(arena, IDENTITY_NAME, str_bytes(input->name), out));
        out->provenance.url = input->name;
    } else {
        TRY(identify(arena, IDENTITY_CONTENT, str_bytes(sha256), out));
    }
    out->provenance.content_sha256 = sha256;
    return arena->refused ? STATUS_NO_MEMORY : STATUS_OK;
}

void found_keep(struct arena *arena, const struct settings *settings, struct found *found)
{
    struct kept kept = {
        .id = found->provenance.id,
        .kind = found->identity_kind,
        .identity = found->identity,
        .url = found->provenance.url,
        .final_url = found->provenance.final_url,
        .name = found->hints.name,
        .media_type = found->hints.media_type,
        .charset = found->hints.charset,
        .etag = found->provenance.etag,
        .last_modified = found->provenance.last_modified,
        .http_status = found->provenance.http_status,
        .fetched_at_us = found->provenance.fetched_at_us,
        .sha256 = found->provenance.content_sha256,
        .truncated = found->truncated,
        .limited = found->limited,
    };
    if (settings->keep.len == 0 || !found->has_content || found->step) {
        return;
    }
    kept.rights = join_rights(arena, found->provenance.rights);
    errno = 0;
    if (!keep_write(arena, settings->keep, &kept, found->content)) {
        tell(&found->fault, FAULT_unreadable, settings->keep,
             "the content could not be kept in this folder", errno);
    }
}
