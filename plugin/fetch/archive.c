/* SPDX-License-Identifier: Apache-2.0 */
#include "fetch/archive.h"

#include "base/buf.h"
#include "base/hash.h"
#include "base/memory.h"
#include "fetch/archive_file.h"
#include "fetch/chunked.h"
#include "fetch/clock.h"
#include "fetch/response.h"

#include <errno.h>
#include <sys/random.h>
#include <sys/stat.h>

enum {
    ID_LEN = 47, /* <urn:uuid:…> */
    HEAD_BYTES_MAX = 1 << 18,
    SCRATCH_BYTES_MAX = 1 << 22
};

struct archive {
    str folder;
    int64_t file_bytes_max;
    struct archive_file file;
    struct arena scratch;
};

/* ---- the folder and its files ---- */

static bool make_folder(struct arena *scratch, str folder)
{
    const str path = arena_terminated(scratch, folder);
    struct stat about;
    if (!path.ptr) {
        errno = ENOMEM;
        return false;
    }
    if (mkdir(path.ptr, 0777) == 0 || errno != EEXIST) {
        return errno == EEXIST || stat(path.ptr, &about) == 0;
    }
    if (stat(path.ptr, &about) != 0) {
        return false;
    }
    errno = ENOTDIR;
    return S_ISDIR(about.st_mode);
}

struct archive *archive_open(const struct settings *settings, struct fault *fault)
{
    struct archive *archive = memory_allocate(sizeof *archive);
    if (!archive) {
        fault_tell(fault, FAULT_no_memory, -1, "no memory for an archive");
        return NULL;
    }
    archive->folder = settings->warc;
    archive->file_bytes_max = settings->warc_bytes_max;
    archive->file.descriptor = -1;
    arena_init(&archive->scratch, SCRATCH_BYTES_MAX);
    if (!make_folder(&archive->scratch, archive->folder)) {
        const int len = (int)(archive->folder.len < 120 ? archive->folder.len : 120);
        fault_tell(fault, FAULT_unreadable, -1, "%.*s: no archive can be written there: %s", len,
                   archive->folder.ptr, strerrordesc_np(errno));
        archive_close(archive);
        return NULL;
    }
    archive_file_recover(archive->folder);
    return archive;
}

void archive_recover(const struct settings *settings)
{
    if (settings->warc.len) {
        archive_file_recover(settings->warc);
    }
}

void archive_close(struct archive *archive)
{
    if (archive) {
        (void)archive_file_close(&archive->file);
        arena_release(&archive->scratch);
        memory_release(archive);
    }
}

/* ---- fields ---- */

static const char hex[] = "0123456789abcdef";

/* RFC 4122 4.4: random, version 4. */
static bool make_id(char out[ID_LEN])
{
    uint8_t random[16];
    size_t at = 0;
    if (getrandom(random, sizeof random, 0) != (ssize_t)sizeof random) {
        return false;
    }
    random[6] = (uint8_t)((random[6] & 0x0F) | 0x40);
    random[8] = (uint8_t)((random[8] & 0x3F) | 0x80);
    memcpy(out, "<urn:uuid:", 10);
    at = 10;
    for (size_t i = 0; i < sizeof random; i++) {
        if (i == 4 || i == 6 || i == 8 || i == 10) {
            out[at++] = '-';
        }
        out[at++] = hex[random[i] >> 4];
        out[at++] = hex[random[i] & 15];
    }
    out[at] = '>';
    return true;
}

static void add_padded(struct buf *out, int64_t value, int64_t unit)
{
    for (; unit; unit /= 10) {
        buf_add_byte(out, (uint8_t)('0' + value / unit % 10));
    }
}

/* 2024-05-17T08:30:15.000123Z: WARC 1.1 allows fractions. */
static void add_date(struct buf *out, int64_t us)
{
    const time_t seconds = (time_t)(us / 1000000);
    struct tm day = {.tm_mday = 1};
    (void)gmtime_r(&seconds, &day);
    add_padded(out, day.tm_year + 1900, 1000);
    buf_add_byte(out, '-');
    add_padded(out, day.tm_mon + 1, 10);
    buf_add_byte(out, '-');
    add_padded(out, day.tm_mday, 10);
    buf_add_byte(out, 'T');
    add_padded(out, day.tm_hour, 10);
    buf_add_byte(out, ':');
    add_padded(out, day.tm_min, 10);
    buf_add_byte(out, ':');
    add_padded(out, day.tm_sec, 10);
    buf_add_byte(out, '.');
    add_padded(out, us % 1000000, 100000);
    buf_add_byte(out, 'Z');
}

static void add_field(struct buf *out, str name, str value)
{
    if (value.len) {
        buf_add(out, name);
        buf_add(out, STR(": "));
        buf_add(out, value);
        buf_add(out, STR("\r\n"));
    }
}

static void add_hash(struct buf *out, str name, struct hash *hash)
{
    char digest[HASH_HEX_LEN];
    if (hash && hash_finish(hash, digest)) {
        buf_add(out, name);
        buf_add(out, STR(": sha256:"));
        buf_add(out, (str){.ptr = digest, .len = HASH_HEX_LEN});
        buf_add(out, STR("\r\n"));
    } else {
        out->failed = true;
    }
    hash_close(hash);
}

static void add_digest(struct buf *out, str name, const bytes *parts, size_t part_count)
{
    struct hash *hash = hash_open();
    for (size_t i = 0; hash && i < part_count; i++) {
        out->failed = out->failed || !hash_add(hash, parts[i]);
    }
    add_hash(out, name, hash);
}

/* The payload is the body without its transfer coding (WARC 1.1, 6.3.2). */
static void add_payload_digest(struct archive *archive, struct buf *out, const struct tap *tap)
{
    const bytes body = blob_content(tap->body);
    struct response response = {.http_status = 0};
    bytes piece;
    size_t at = 0;
    out->failed =
        out->failed || !response_add_head(&response, &archive->scratch, buf_bytes(&tap->head));
    if (!response_is_chunked(&response)) {
        add_digest(out, STR("WARC-Payload-Digest"), &body, 1);
        return;
    }
    struct hash *hash = hash_open();
    while (hash && chunked_next(body, &at, &piece) == CHUNKED_DATA) {
        out->failed = out->failed || !hash_add(hash, piece);
    }
    add_hash(out, STR("WARC-Payload-Digest"), hash);
}

/* ---- records ---- */

struct entry {
    str type;
    str content_type;
    str id;
    str concurrent_id;
    str document_id;
    const struct tap *tap; /* NULL: warcinfo */
    bytes parts[2];        /* of the block */
};

static bool is_revisit(const struct tap *tap)
{
    /* "HTTP/1.1 304 …" */
    const str head = buf_str(&tap->head);
    const size_t space = str_find_byte(head, ' ', 0);
    return tap->is_conditional && space != SIZE_MAX &&
           str_starts(str_slice(head, space + 1, head.len), STR("304"));
}

static void add_about_answer(struct archive *archive, struct buf *head, const struct tap *tap)
{
    static const str reasons[] = {STR_INIT(""), STR_INIT("length"), STR_INIT("time"),
                                  STR_INIT("disconnect"), STR_INIT("unspecified")};
    add_field(head, STR("WARC-Truncated"), reasons[tap->end.truncated]);
    add_field(head, STR("Quern-Ended"), tap->end.ended);
    if (is_revisit(tap)) {
        add_field(head, STR("WARC-Profile"),
                  STR("http://netpreserve.org/warc/1.1/revisit/server-not-modified"));
        add_field(head, STR("WARC-Refers-To-Target-URI"), tap->url);
    } else {
        add_payload_digest(archive, head, tap);
    }
}

static void add_fields(struct archive *archive, struct buf *head, const struct entry *entry)
{
    add_field(head, STR("WARC-Target-URI"), entry->tap->url);
    add_field(head, STR("WARC-IP-Address"), entry->tap->address);
    add_field(head, STR("WARC-Concurrent-To"), entry->concurrent_id);
    add_field(head, STR("Quern-Document"), entry->document_id);
    if (!str_equal(entry->type, STR("request"))) {
        add_about_answer(archive, head, entry->tap);
    }
}

static bool add_record(struct archive *archive, const struct entry *entry, int64_t us)
{
    struct buf head;
    buf_init(&head, &archive->scratch, HEAD_BYTES_MAX);
    buf_add(&head, STR("WARC/1.1\r\n"));
    add_field(&head, STR("WARC-Type"), entry->type);
    add_field(&head, STR("WARC-Record-ID"), entry->id);
    buf_add(&head, STR("WARC-Date: "));
    add_date(&head, us);
    buf_add(&head, STR("\r\n"));
    if (entry->tap) {
        add_fields(archive, &head, entry);
    }
    add_digest(&head, STR("WARC-Block-Digest"), entry->parts, 2);
    add_field(&head, STR("Content-Type"), entry->content_type);
    buf_add(&head, STR("Content-Length: "));
    buf_add_integer(&head, (int64_t)(entry->parts[0].len + entry->parts[1].len));
    buf_add(&head, STR("\r\n\r\n"));
    if (buf_failed(&head)) {
        errno = ENOMEM;
        return false;
    }
    const bytes parts[] = {buf_bytes(&head), entry->parts[0], entry->parts[1],
                           str_bytes(STR("\r\n\r\n"))};
    return archive_file_add(&archive->file, parts, sizeof parts / sizeof *parts);
}

static bool begin_file(struct archive *archive)
{
    char id[ID_LEN];
    struct entry entry = {
        .type = STR("warcinfo"),
        .content_type = STR("application/warc-fields"),
        .id = {.ptr = id, .len = make_id(id) ? ID_LEN : 0},
    };
    entry.parts[0] = str_bytes(STR("software: quern/" QUERN_VERSION "\r\n"
                                   "format: WARC File Format 1.1\r\n"));
    return entry.id.len && archive_file_open(&archive->file, archive->folder) &&
           add_record(archive, &entry, clock_wall_us());
}

/* Does the line begin with one of the names that must not be kept? */
static bool is_secret(bytes line)
{
    static const str names[] = {STR_INIT("authorization:"), STR_INIT("proxy-authorization:")};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const bytes head = bytes_slice(line, 0, names[i].len);
        if (str_equal_ignoring_ascii_case((str){.ptr = (const char *)head.ptr, .len = head.len},
                                          names[i])) {
            return true;
        }
    }
    return false;
}

static bytes without_secrets(struct arena *arena, bytes request)
{
    struct buf out;
    buf_init(&out, arena, HEAD_BYTES_MAX);
    for (size_t at = 0; at < request.len;) {
        const uint8_t *end = memchr(request.ptr + at, '\n', request.len - at);
        const size_t next = end ? (size_t)(end - request.ptr) + 1 : request.len;
        const bytes line = bytes_slice(request, at, next);
        if (!is_secret(line)) {
            buf_add_bytes(&out, line);
        }
        at = next;
    }
    return buf_failed(&out) ? (bytes){.ptr = NULL, .len = 0} : buf_bytes(&out);
}

static bool add_answer(struct archive *archive, const struct tap *tap, str document_id)
{
    char request_id[ID_LEN];
    char response_id[ID_LEN];
    const bytes request = without_secrets(&archive->scratch, buf_bytes(&tap->request));
    if (tap->failed || !request.ptr || !make_id(request_id) || !make_id(response_id)) {
        errno = ENOMEM;
        return false;
    }
    struct entry entry = {
        .type = STR("request"),
        .content_type = STR("application/http; msgtype=request"),
        .id = {.ptr = request_id, .len = ID_LEN},
        .concurrent_id = {.ptr = response_id, .len = ID_LEN},
        .document_id = document_id,
        .tap = tap,
    };
    entry.parts[0] = request;
    if (!add_record(archive, &entry, tap->end.answered_us)) {
        return false;
    }
    entry.type = is_revisit(tap) ? STR("revisit") : STR("response");
    entry.content_type = STR("application/http; msgtype=response");
    entry.id.ptr = response_id;
    entry.concurrent_id.ptr = request_id;
    entry.parts[0] = buf_bytes(&tap->head);
    entry.parts[1] = blob_content(tap->body);
    return add_record(archive, &entry, tap->end.answered_us);
}

static bool add_all(struct archive *archive, const struct tap *first)
{
    char id[ID_LEN];
    if (!make_id(id)) {
        return false;
    }
    for (const struct tap *tap = first; tap; tap = tap->next) {
        const struct arena_position mark = arena_mark(&archive->scratch);
        const bool done =
            !tap->has_whole_head || add_answer(archive, tap, (str){.ptr = id, .len = ID_LEN});
        const int error = errno;
        arena_rewind(&archive->scratch, mark);
        errno = error;
        if (!done) {
            return false;
        }
    }
    return true;
}

static bool has_answer(const struct tap *first)
{
    const struct tap *tap = first;
    while (tap && !tap->has_whole_head) {
        tap = tap->next;
    }
    return tap != NULL;
}

bool archive_add(struct archive *archive, const struct tap *first)
{
    if (!has_answer(first)) {
        return true;
    }
    if (archive->file.descriptor < 0 && !begin_file(archive)) {
        return false;
    }
    /* Between documents only, so that the requests of one stand in one file. */
    return add_all(archive, first) &&
           (archive->file.len < archive->file_bytes_max || archive_file_close(&archive->file));
}
