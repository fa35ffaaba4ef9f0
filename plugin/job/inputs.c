/* SPDX-License-Identifier: Apache-2.0 */
#include "job/inputs.h"

#include "base/url.h"
#include "formats/listing.h"

#include <errno.h>
#include <sys/stat.h>

enum {
    LIST_BYTES_MAX = 1 << 30 /* a file of inputs */
};

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

/* ---- the list ---- */

/* The next input: the option's items, then the lines of the list. False at the end. */
static bool next_input(struct inputs *inputs, bytes *out)
{
    if (inputs->next_input < inputs->settings->input.count) {
        *out = str_bytes(inputs->settings->input.items[inputs->next_input++]);
        return true;
    }
    const bytes all = inputs->list_lines;
    while (inputs->list_at < all.len) {
        const uint8_t *start = all.ptr + inputs->list_at;
        const uint8_t *end = memchr(start, '\n', all.len - inputs->list_at);
        const size_t len = end ? (size_t)(end - start) : all.len - inputs->list_at;
        inputs->list_at += len + 1;
        const str line = str_trim_ascii(as_ascii((bytes){.ptr = start, .len = len}));
        if (line.len && line.ptr[0] != '#') {
            *out = str_bytes(line);
            return true;
        }
    }
    return false;
}

/* A sitemap or feed as lines: its addresses, those of other lists left out. */
static enum status read_listing(struct inputs *inputs, struct listing *listing, struct fault *fault)
{
    struct listing_link link;
    struct buf lines;
    buf_init(&lines, inputs->arena, LIST_BYTES_MAX);
    while (listing_next(listing, &link)) {
        if (link.rel == LISTING_PAGE || link.rel == LISTING_ENCLOSURE) {
            buf_add(&lines, link.url);
            buf_add_byte(&lines, '\n');
        }
    }
    inputs->list_lines = buf_bytes(&lines);
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
static enum status read_list(struct inputs *inputs, struct fault *fault)
{
    struct listing listing;
    inputs->list_lines = blob_content(inputs->list);
    const str head = str_trim_ascii(as_ascii(bytes_slice(inputs->list_lines, 0, 1024)));
    if (!str_starts(head, STR("<")) && !str_starts(head, STR("\uFEFF<"))) {
        return STATUS_OK;
    }
    enum status status = STATUS_NO_MEMORY;
    if (listing_open(&listing, inputs->scratch, inputs->list_lines, STR(""), NULL)) {
        const bool is_list = listing.kind != LISTING_FOREIGN && listing.kind != LISTING_TEXT;
        status = is_list ? read_listing(inputs, &listing, fault) : STATUS_OK;
    }
    listing_close(&listing);
    arena_reset(inputs->scratch);
    return status;
}

static enum status open_list(struct inputs *inputs, struct fault *fault)
{
    const str name = inputs->settings->input_file;
    int error = 0;
    if (name.len == 0) {
        return STATUS_OK;
    }
    const str path = arena_terminated(inputs->arena, name);
    inputs->list = path.ptr ? blob_open_file(path.ptr, 1 << 20, LIST_BYTES_MAX, &error) : NULL;
    if (!inputs->list) {
        *fault = (struct fault){.code = FAULT_none};
        fault_tell(fault, error == ENOENT ? FAULT_not_found : FAULT_unreadable, -1,
                   "%.*s: the list of inputs cannot be read: %s",
                   (int)(name.len < 120 ? name.len : 120), name.ptr, strerrordesc_np(error));
        return STATUS_FAILED;
    }
    return read_list(inputs, fault);
}

enum status inputs_open(struct inputs *inputs, const struct settings *settings, struct arena *arena,
                        struct arena *scratch, struct fault *fault)
{
    *inputs = (struct inputs){.settings = settings, .arena = arena, .scratch = scratch};
    return open_list(inputs, fault);
}

bool inputs_next_url(struct inputs *inputs, str *out)
{
    bytes input;
    while (next_input(inputs, &input)) {
        if (is_web(input)) {
            *out = as_ascii(input);
            return true;
        }
        inputs->local_count++;
    }
    inputs->next_input = 0;
    inputs->list_at = 0;
    return false;
}

/* ---- local inputs, one target after the other ---- */

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

static enum status copy(struct inputs *inputs, bytes part, bytes *out)
{
    const str copied = arena_terminated(inputs->scratch, as_ascii(part));
    *out = str_bytes(copied);
    return copied.ptr ? STATUS_OK : STATUS_NO_MEMORY;
}

/* How a local file is called in ids and in the column url: relative to the option `root` where it
 * lies below it, else relative to its input, else as the input was given. */
static enum status name_file(struct inputs *inputs, bytes path, bytes relative, bytes *out)
{
    const bytes root = str_bytes(inputs->settings->root);
    if (root.len && bytes_start(path, root)) {
        size_t below = root.len;
        if (root.ptr[root.len - 1] == '/' || (below < path.len && path.ptr[below] == '/')) {
            while (below < path.len && path.ptr[below] == '/') {
                below++;
            }
            return copy(inputs, bytes_slice(path, below, path.len), out);
        }
    }
    const bool alone = inputs->local_count == 1 && relative.len;
    return copy(inputs, alone ? relative : path, out);
}

static enum status say_step(struct inputs *inputs, const struct walk_step *step, struct target *out)
{
    const bool is_kept = inputs->walk_kind == INPUT_KEPT;
    *out = (struct target){.kind = is_kept ? TARGET_KEPT : TARGET_FILE};
    TRY(copy(inputs, step->path, &out->text));
    TRY(name_file(inputs, step->path, step->relative, &out->name));
    if (step->error || (is_kept && step->size < 0)) {
        out->kind = TARGET_BAD;
        out->fault = FAULT_unreadable;
    }
    return STATUS_OK;
}

static enum status start_walk(struct inputs *inputs, bytes folder, enum input_kind kind)
{
    inputs->walk = walk_open(folder);
    inputs->walk_kind = kind;
    return inputs->walk ? STATUS_OK : STATUS_NO_MEMORY;
}

/* Opens a web archive: its documents come next. *found: none can, and `out` says so. */
static enum status start_archive(struct inputs *inputs, bytes path, bytes name, bool *found,
                                 struct target *out)
{
    struct fault fault = {.offset = -1};
    inputs->archive_path = arena_copy_bytes(inputs->arena, path);
    inputs->archive_name = arena_copy_bytes(inputs->arena, name);
    if (!inputs->archive_path.ptr || !inputs->archive_name.ptr) {
        return STATUS_NO_MEMORY;
    }
    const enum status status =
        web_archive_open((const char *)path.ptr, inputs->settings, &inputs->archive, &fault);
    *found = status == STATUS_FAILED;
    *out =
        (struct target){.kind = TARGET_BAD, .text = path, .name = name, .fault = FAULT_unreadable};
    return *found ? STATUS_OK : status;
}

/* The next document of the open archive; behind the last, whether it was read to its end. *found
 * false: it was, and is closed. */
static enum status next_of_archive(struct inputs *inputs, bool *found, struct target *out)
{
    const str at = web_archive_next(inputs->archive, inputs->scratch);
    if (!at.ptr) {
        return STATUS_NO_MEMORY;
    }
    *out = (struct target){.kind = TARGET_WARC,
                           .text = inputs->archive_path,
                           .name = inputs->archive_name,
                           .at = str_bytes(at)};
    *found = at.len > 0;
    if (*found) {
        return STATUS_OK;
    }
    out->kind = TARGET_BAD;
    out->fault = web_archive_fault(inputs->archive)->code;
    *found = out->fault != FAULT_none;
    web_archive_close(inputs->archive);
    inputs->archive = NULL;
    return STATUS_OK;
}

static bool is_archive_name(bytes path)
{
    return str_ends(as_ascii(path), STR(".warc.gz")) || str_ends(as_ascii(path), STR(".warc"));
}

/* A path, which may be missing, a file or a folder. *found: `out` is a target. */
static enum status take_path(struct inputs *inputs, bytes path, enum input_kind kind, bool *found,
                             struct target *out)
{
    bytes terminated;
    struct stat about;
    TRY(copy(inputs, path, &terminated));
    const int missing = stat((const char *)terminated.ptr, &about) != 0 ? errno : 0;
    if (!missing && S_ISDIR(about.st_mode)) {
        const bytes folder = arena_copy_bytes(inputs->arena, terminated);
        return folder.ptr ? start_walk(inputs, folder, kind) : STATUS_NO_MEMORY;
    }
    *found = true;
    *out = (struct target){.kind = TARGET_FILE, .text = terminated};
    TRY(name_file(inputs, terminated, (bytes){0}, &out->name));
    if (missing || kind == INPUT_KEPT) {
        out->kind = TARGET_BAD;
        out->fault = missing == ENOENT || missing == ENOTDIR ? FAULT_not_found : FAULT_unreadable;
    } else if (kind == INPUT_ARCHIVES || is_archive_name(path)) {
        return start_archive(inputs, terminated, out->name, found, out);
    }
    return STATUS_OK;
}

static enum status take_bad(struct inputs *inputs, bytes input, struct target *out)
{
    *out = (struct target){.kind = TARGET_BAD, .fault = FAULT_bad_url};
    const bytes clean = without_userinfo(inputs->scratch, input);
    return clean.ptr ? copy(inputs, clean, &out->text) : STATUS_NO_MEMORY;
}

/* *found false: it was a good URL (gathered before) or a folder whose walk now begins. */
static enum status take_input(struct inputs *inputs, bytes input, bool *found, struct target *out)
{
    struct stat about;
    bytes terminated;
    struct url url;
    *found = false;
    if (is_web(input)) {
        const struct arena_position mark = arena_mark(inputs->scratch);
        const enum url_verdict verdict = url_parse(inputs->scratch, as_ascii(input), NULL, &url);
        if (verdict == URL_NO_MEMORY) {
            return STATUS_NO_MEMORY;
        }
        arena_rewind(inputs->scratch, mark);
        *found = verdict != URL_OK;
        return *found ? take_bad(inputs, input, out) : STATUS_OK;
    }
    if (starts(input, STR("keep:"))) {
        return take_path(inputs, bytes_slice(input, 5, input.len), INPUT_KEPT, found, out);
    }
    if (starts(input, STR("warc:"))) {
        return take_path(inputs, bytes_slice(input, 5, input.len), INPUT_ARCHIVES, found, out);
    }
    if (starts(input, STR("file:"))) {
        const str path = url_file_path(inputs->scratch, as_ascii(input));
        if (path.ptr) {
            return take_path(inputs, str_bytes(path), INPUT_FILES, found, out);
        }
        *found = true;
        return take_bad(inputs, input, out);
    }
    TRY(copy(inputs, input, &terminated));
    if (str_find(as_ascii(input), STR("://"), 0) != SIZE_MAX && url_is_absolute(as_ascii(input)) &&
        stat((const char *)terminated.ptr, &about) != 0) {
        *found = true;
        return take_bad(inputs, input, out);
    }
    return take_path(inputs, input, INPUT_FILES, found, out);
}

/* The sidecars of a keep folder name its documents; the contents beside them do not. */
static bool is_sidecar(bytes path)
{
    return str_ends(as_ascii(path), STR(".json"));
}

/* Does the walk look for files like this one? Folders that could not be read are told of always. */
static bool is_wanted(const struct inputs *inputs, const struct walk_step *step)
{
    switch (inputs->walk_kind) {
    case INPUT_FILES:
        return true;
    case INPUT_KEPT:
        return step->error || is_sidecar(step->path);
    case INPUT_ARCHIVES:
        return step->error || is_archive_name(step->path);
    }
    return true;
}

/* The next file of the walk that is wanted; *found false: it is over. */
static enum status next_of_walk(struct inputs *inputs, bool *found, struct target *out)
{
    while (inputs->walk) {
        struct walk_step step;
        TRY(walk_next(inputs->walk, &step));
        if (!step.path.ptr) {
            walk_close(inputs->walk);
            inputs->walk = NULL;
        } else if (is_wanted(inputs, &step)) {
            *found = true;
            TRY(say_step(inputs, &step, out));
            const bool is_archive = inputs->walk_kind == INPUT_ARCHIVES && !step.error;
            return is_archive ? start_archive(inputs, out->text, out->name, found, out) : STATUS_OK;
        }
    }
    return STATUS_OK;
}

enum status inputs_next_target(struct inputs *inputs, bool *found, struct target *out)
{
    bytes input;
    *found = false;
    for (;;) {
        if (inputs->archive) {
            TRY(next_of_archive(inputs, found, out));
        } else if (inputs->walk) {
            TRY(next_of_walk(inputs, found, out));
        } else if (next_input(inputs, &input)) {
            TRY(take_input(inputs, input, found, out));
        } else {
            return STATUS_OK;
        }
        if (*found) {
            return STATUS_OK;
        }
    }
}

void inputs_close(struct inputs *inputs)
{
    walk_close(inputs->walk);
    web_archive_close(inputs->archive);
    blob_close(inputs->list);
}
