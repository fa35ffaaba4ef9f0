/* SPDX-License-Identifier: Apache-2.0 */
#include "job/web_archive.h"

#include "base/buf.h"
#include "base/memory.h"
#include "base/table.h"
#include "base/url.h"
#include "base/vector.h"
#include "fetch/response.h"
#include "formats/warc.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    WINDOW_BYTES_FIRST = 8 << 20,
    ARENA_BYTES_MAX = 1 << 30, /* addresses and digests of one file */
    RECORD_ARENA_BYTES_MAX = 64 << 20,
    DOCUMENTS_MAX = 10000000
};

struct span_entry {
    struct web_span span;
    size_t next; /* of the same document; SIZE_MAX: none */
};

struct document_entry {
    size_t first;
    size_t last;
    size_t count;
    bool is_left_out; /* it says only that nothing has changed */
};

/* A record whose end is not known yet. */
struct held {
    bool is_there;
    enum warc_type type;
    uint64_t offset;
    str url;      /* normalised; empty: none of http */
    str document; /* field Quern-Document; empty: none */
    str digest;   /* empty: none */
    str target;   /* where it points on; empty: nowhere */
    bool is_unchanged;
    bool is_whole; /* nothing of it is said to be missing */
};

struct web_archive {
    const struct settings *settings;
    int file;
    uint64_t file_len;
    uint8_t *window;
    size_t window_capacity;
    uint64_t window_at;
    size_t window_len;

    struct arena arena;            /* what the tables hold */
    struct arena record_arenas[2]; /* of the record at hand and of the one held, in turn */
    struct vector spans;
    struct vector documents;
    struct table waiting; /* address that an answer points to → document */
    struct table digests; /* of payloads → span */
    str last_document;    /* field Quern-Document of the last record that had one */
    size_t last_index;    /* its document */
    size_t next;          /* document that web_archive_next gives */
    struct fault fault;
};

/* ---- documents ---- */

static str as_ascii(bytes b)
{
    return (str){.ptr = (const char *)b.ptr, .len = b.len};
}

/* SIZE_MAX: no memory. */
static size_t add_span(struct web_archive *archive, size_t document, struct web_span span)
{
    struct document_entry *entry = &VECTOR_AT(&archive->documents, struct document_entry, document);
    const size_t index = archive->spans.count;
    struct span_entry *added = VECTOR_ADD(&archive->spans, struct span_entry);
    if (!added) {
        return SIZE_MAX;
    }
    *added = (struct span_entry){.span = span, .next = SIZE_MAX};
    if (entry->count++) {
        VECTOR_AT(&archive->spans, struct span_entry, entry->last).next = index;
    } else {
        entry->first = index;
    }
    entry->last = index;
    return index;
}

static size_t add_document(struct web_archive *archive)
{
    const size_t index = archive->documents.count;
    if (index >= DOCUMENTS_MAX || !VECTOR_ADD(&archive->documents, struct document_entry)) {
        return SIZE_MAX;
    }
    return index;
}

/* An address or a digest that is remembered with an index; the last one holds. */
static bool remember(struct web_archive *archive, struct table *table, str key, size_t index)
{
    const str copy = table_find(table, key) == SIZE_MAX ? arena_copy(&archive->arena, key) : key;
    bool is_new = false;
    size_t *place = copy.ptr ? table_put(table, copy, index, &is_new) : NULL;
    if (place) {
        *place = index;
    }
    return place != NULL;
}

/* Does the record go on with a document? SIZE_MAX: it begins one. */
static size_t document_of(struct web_archive *archive, const struct held *held)
{
    size_t index = SIZE_MAX;
    if (held->document.len) {
        index = str_equal(held->document, archive->last_document) ? archive->last_index : SIZE_MAX;
    } else if (held->type == WARC_RESPONSE && held->url.len) {
        index = table_find(&archive->waiting, held->url);
        if (index != SIZE_MAX && index < archive->documents.count) {
            /* Taken: the next answer of this address is another document. */
            bool is_new = false;
            size_t *place = table_put(&archive->waiting, held->url, SIZE_MAX, &is_new);
            if (place) { /* the key is there, so it costs no memory */
                *place = SIZE_MAX;
            }
        }
    }
    const bool has_room =
        index != SIZE_MAX &&
        VECTOR_AT(&archive->documents, struct document_entry, index).count + 1 < WEB_SPANS_MAX;
    return has_room ? index : SIZE_MAX;
}

static bool note_document(struct web_archive *archive, const struct held *held, size_t document)
{
    if (held->document.len && !str_equal(held->document, archive->last_document)) {
        archive->last_document = arena_copy(&archive->arena, held->document);
        archive->last_index = document;
    }
    return !held->document.len || archive->last_document.ptr;
}

/* The held record ends at `end`: it is whole, so it counts. */
static enum status commit(struct web_archive *archive, struct held *held, uint64_t end)
{
    const struct web_span span = {.offset = held->offset, .len = end - held->offset};
    size_t document = document_of(archive, held);
    const size_t original = held->type == WARC_REVISIT && held->digest.len
                                ? table_find(&archive->digests, held->digest)
                                : SIZE_MAX;
    document = document == SIZE_MAX ? add_document(archive) : document;
    if (document == SIZE_MAX || !note_document(archive, held, document)) {
        return STATUS_NO_MEMORY;
    }
    const size_t index = add_span(archive, document, span);
    bool done = index != SIZE_MAX;
    if (done && original != SIZE_MAX) {
        struct web_span payload = VECTOR_AT(&archive->spans, struct span_entry, original).span;
        payload.is_payload = true;
        done = add_span(archive, document, payload) != SIZE_MAX;
    }
    if (done && held->type == WARC_RESPONSE && held->digest.len && held->is_whole) {
        done = remember(archive, &archive->digests, held->digest, index);
    }
    if (done && held->target.len && !held->document.len) {
        done = remember(archive, &archive->waiting, held->target, document);
    }
    if (done && held->is_unchanged) {
        VECTOR_AT(&archive->documents, struct document_entry, document).is_left_out = true;
    }
    held->is_there = false;
    return done ? STATUS_OK : STATUS_NO_MEMORY;
}

/* ---- records ---- */

/* Where an answer points on, normalised; empty: nowhere. */
static str target_of(struct arena *arena, const struct response *response, const struct url *url)
{
    const int64_t status = response->http_status;
    struct url target;
    if ((status == 301 || status == 302 || status == 303 || status == 307 || status == 308) &&
        response->location.len) {
        const str text = response_text(arena, response->location);
        if (text.ptr && url_parse(arena, text, url, &target) == URL_OK) {
            return target.request;
        }
    }
    return (str){.ptr = "", .len = 0};
}

/* The head of the answer: the block up to its empty line. */
static void read_answer(struct warc *warc, struct arena *arena, struct response *response)
{
    struct buf head;
    buf_init(&head, arena, RESPONSE_HEADER_BYTES_MAX);
    while (!response->complete && !buf_failed(&head)) {
        const bytes piece = warc_block(warc);
        if (piece.len == 0) {
            break;
        }
        buf_add_bytes(&head, bytes_slice(piece, 0, RESPONSE_HEADER_BYTES_MAX - head.len));
        *response = (struct response){.http_status = 0};
        (void)response_add_head(response, arena, buf_bytes(&head));
        if (head.len == RESPONSE_HEADER_BYTES_MAX) {
            break;
        }
    }
}

static bool is_http(const struct warc_record *record)
{
    return str_starts(as_ascii(record->fields[WARC_CONTENT_TYPE]), STR("application/http"));
}

/* False: the record is no document's. */
static bool hold(const struct web_archive *archive, struct arena *arena, struct warc *warc,
                 const struct warc_record *record, struct held *out)
{
    struct response response = {.http_status = 0};
    struct url url;
    const bool has_url =
        url_parse(arena, as_ascii(record->fields[WARC_TARGET_URI]), NULL, &url) == URL_OK;
    *out = (struct held){.type = record->type,
                         .offset = archive->window_at + record->place.offset,
                         .document = as_ascii(record->fields[WARC_DOCUMENT]),
                         .digest = as_ascii(record->fields[WARC_PAYLOAD_DIGEST]),
                         .is_whole = !record->fields[WARC_TRUNCATED].ptr};
    if (record->type == WARC_RESOURCE) {
        return record->fields[WARC_TARGET_URI].len > 0;
    }
    if (record->type == WARC_OTHER || !has_url || !is_http(record)) {
        return false;
    }
    read_answer(warc, arena, &response);
    out->url = url.request;
    out->target = target_of(arena, &response, &url);
    out->is_unchanged = record->type == WARC_REVISIT && response.http_status == 304;
    return true;
}

/* ---- windows ---- */

static void fill_window(struct web_archive *archive)
{
    const uint64_t left = archive->file_len - archive->window_at;
    const size_t wish = left < archive->window_capacity ? (size_t)left : archive->window_capacity;
    archive->window_len = 0;
    while (archive->window_len < wish) {
        const ssize_t got =
            pread(archive->file, archive->window + archive->window_len, wish - archive->window_len,
                  (off_t)(archive->window_at + archive->window_len));
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got <= 0) { /* it became shorter, or cannot be read: what came is what there is */
            archive->file_len = archive->window_at + archive->window_len;
            break;
        }
        archive->window_len += (size_t)got;
    }
}

/* A record longer than the window: a larger one. */
static enum status grow_window(struct web_archive *archive)
{
    uint8_t *larger = memory_resize(archive->window, archive->window_capacity * 2);
    if (!larger) {
        return STATUS_NO_MEMORY;
    }
    archive->window = larger;
    archive->window_capacity *= 2;
    return STATUS_OK;
}

static void tell_end(struct web_archive *archive, enum warc_end end)
{
    const int64_t at = (int64_t)archive->window_at;
    switch (end) {
    case WARC_OPEN:
    case WARC_WHOLE:
    case WARC_NO_MEMORY:
        break;
    case WARC_CUT:
        fault_tell(&archive->fault, FAULT_truncated, at, "the web archive ends inside a record");
        break;
    case WARC_BROKEN:
        fault_tell(&archive->fault, FAULT_bad_format, at,
                   "this is no web archive from some place on");
        break;
    case WARC_LIMIT:
        fault_tell(&archive->fault, FAULT_limit, at,
                   "the web archive grows more than archive_ratio_max (%lld) times",
                   (long long)archive->settings->archive_ratio_max);
        break;
    }
}

/* All records of the window; *resume: where in the file the first one begins that is not whole in
 * it. */
static enum status scan_records(struct web_archive *archive, struct warc *warc, uint64_t *resume)
{
    struct warc_record record;
    struct held held = {.is_there = false};
    for (size_t turn = 0;; turn ^= 1) {
        struct arena *arena = &archive->record_arenas[turn];
        arena_reset(arena);
        if (!warc_next(warc, arena, &record)) {
            break;
        }
        const uint64_t offset = archive->window_at + record.place.offset;
        if (record.place.inside) {
            warc->end = WARC_BROKEN;
            fault_tell(&archive->fault, FAULT_bad_format, (int64_t)offset,
                       "several records are packed as one gzip stream: unpack the archive first");
            break;
        }
        if (held.is_there) {
            TRY(commit(archive, &held, offset));
        }
        *resume = offset;
        held.is_there = hold(archive, arena, warc, &record, &held);
        if (arena->refused) {
            return STATUS_NO_MEMORY;
        }
    }
    if (warc->end == WARC_WHOLE) {
        *resume = archive->window_at + archive->window_len;
        return held.is_there ? commit(archive, &held, *resume) : STATUS_OK;
    }
    return warc->end == WARC_NO_MEMORY ? STATUS_NO_MEMORY : STATUS_OK;
}

static enum status scan_window(struct web_archive *archive, enum warc_end *end, uint64_t *resume)
{
    struct warc warc;
    enum status status = STATUS_NO_MEMORY;
    *resume = archive->window_at;
    if (warc_open(&warc, (bytes){.ptr = archive->window, .len = archive->window_len},
                  (struct warc_place){.offset = 0}, archive->settings->archive_ratio_max)) {
        status = scan_records(archive, &warc, resume);
    }
    *end = warc.end;
    warc_close(&warc);
    return status;
}

static enum status scan(struct web_archive *archive)
{
    while (archive->window_at < archive->file_len) {
        enum warc_end end;
        uint64_t resume;
        fill_window(archive);
        const bool is_last = archive->window_at + archive->window_len >= archive->file_len;
        TRY(scan_window(archive, &end, &resume));
        if (is_last || (end != WARC_CUT && end != WARC_WHOLE)) {
            tell_end(archive, end);
            return STATUS_OK;
        }
        if (resume == archive->window_at) {
            TRY(grow_window(archive));
        }
        archive->window_at = resume;
    }
    return STATUS_OK;
}

enum status web_archive_open(const char *path, const struct settings *settings,
                             struct web_archive **out, struct fault *fault)
{
    struct stat about;
    struct web_archive *archive = memory_allocate(sizeof *archive);
    *out = archive;
    if (!archive) {
        return STATUS_NO_MEMORY;
    }
    archive->settings = settings;
    archive->fault.offset = -1;
    arena_init(&archive->arena, ARENA_BYTES_MAX);
    arena_init(&archive->record_arenas[0], RECORD_ARENA_BYTES_MAX);
    arena_init(&archive->record_arenas[1], RECORD_ARENA_BYTES_MAX);
    table_init(&archive->waiting, &archive->arena);
    table_init(&archive->digests, &archive->arena);
    archive->file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    enum status status = STATUS_OK;
    if (archive->file < 0 || fstat(archive->file, &about) != 0 || !S_ISREG(about.st_mode)) {
        fault_tell(fault, FAULT_unreadable, -1, "the web archive cannot be read: %s",
                   archive->file < 0 ? strerrordesc_np(errno) : "it is no file");
        status = STATUS_FAILED;
    }
    if (status == STATUS_OK) {
        archive->file_len = (uint64_t)about.st_size;
        archive->window_capacity = archive->file_len < WINDOW_BYTES_FIRST
                                       ? (size_t)archive->file_len + 1
                                       : WINDOW_BYTES_FIRST;
        archive->window = memory_allocate(archive->window_capacity);
        status = archive->window ? scan(archive) : STATUS_NO_MEMORY;
    }
    if (status != STATUS_OK) {
        web_archive_close(archive);
        *out = NULL;
    }
    return status;
}

const struct fault *web_archive_fault(const struct web_archive *archive)
{
    return &archive->fault;
}

void web_archive_close(struct web_archive *archive)
{
    if (!archive) {
        return;
    }
    if (archive->file >= 0) {
        (void)close(archive->file);
    }
    memory_release(archive->window);
    vector_release(&archive->spans);
    vector_release(&archive->documents);
    arena_release(&archive->record_arenas[0]);
    arena_release(&archive->record_arenas[1]);
    arena_release(&archive->arena);
    memory_release(archive);
}

/* ---- what is told of them ---- */

str web_archive_next(struct web_archive *archive, struct arena *arena)
{
    struct buf out;
    const struct document_entry *document = NULL;
    while (archive->next < archive->documents.count && (!document || document->is_left_out)) {
        document = &VECTOR_AT(&archive->documents, struct document_entry, archive->next++);
    }
    if (!document || document->is_left_out) {
        return STR("");
    }
    buf_init(&out, arena, 64 * WEB_SPANS_MAX);
    for (size_t at = document->first; at != SIZE_MAX;) {
        const struct span_entry *entry = &VECTOR_AT(&archive->spans, struct span_entry, at);
        buf_add(&out, out.len ? STR(",") : STR(""));
        buf_add(&out, entry->span.is_payload ? STR("p") : STR(""));
        buf_add_integer(&out, (int64_t)entry->span.offset);
        buf_add_byte(&out, '+');
        buf_add_integer(&out, (int64_t)entry->span.len);
        at = entry->next;
    }
    return buf_failed(&out) ? (str){.ptr = NULL, .len = 0} : buf_str(&out);
}

static bool read_span(str text, struct web_span *out)
{
    int64_t offset;
    int64_t len;
    *out = (struct web_span){.is_payload = str_starts(text, STR("p"))};
    text = str_slice(text, out->is_payload, text.len);
    const size_t plus = str_find_byte(text, '+', 0);
    if (plus == SIZE_MAX || !str_read_integer(str_slice(text, 0, plus), &offset) ||
        !str_read_integer(str_slice(text, plus + 1, text.len), &len)) {
        return false;
    }
    out->offset = (uint64_t)offset; /* str_read_integer reads no sign */
    out->len = (uint64_t)len;
    return true;
}

size_t web_spans_read(str text, struct web_span out[WEB_SPANS_MAX])
{
    size_t count = 0;
    for (size_t at = 0; at < text.len; count++) {
        const size_t comma = str_find_byte(text, ',', at);
        const size_t end = comma == SIZE_MAX ? text.len : comma;
        if (count == WEB_SPANS_MAX || !read_span(str_slice(text, at, end), &out[count])) {
            return 0;
        }
        at = end + 1;
    }
    return count > 0 && !out[0].is_payload ? count : 0;
}
