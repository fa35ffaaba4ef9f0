/* SPDX-License-Identifier: Apache-2.0 */
#include "job/keep.h"

#include "base/hash.h"
#include "base/json.h"
#include "base/percent.h"
#include "job/keep_part.h"

#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

enum { SIDECAR_BYTES_MAX = 1 << 20 };

static const str kind_names[] = {
    [IDENTITY_URL] = STR_INIT("url"),
    [IDENTITY_FILE] = STR_INIT("file"),
    [IDENTITY_NAME] = STR_INIT("name"),
    [IDENTITY_CONTENT] = STR_INIT("content"),
};

/* ---- writing ---- */

static bool write_new(struct arena *scratch, str folder, str name, str ending, bytes content)
{
    struct buf path;
    struct keep_part part;
    buf_init(&path, scratch, SIDECAR_BYTES_MAX);
    buf_add(&path, folder);
    buf_add_byte(&path, '/');
    buf_add(&path, name);
    buf_add(&path, ending);
    buf_add_byte(&path, '\0');
    if (buf_failed(&path)) {
        errno = ENOMEM;
        return false;
    }
    return keep_part_open(&part, scratch, folder) && keep_part_finish(&part, content, path.ptr);
}

static void add_text(struct buf *buf, const char *key, str value)
{
    if (value.ptr) {
        buf_add_byte(buf, ',');
        json_add_string(buf, str_of(key));
        buf_add_byte(buf, ':');
        json_add_string(buf, value);
    }
}

static void add_number(struct buf *buf, const char *key, int64_t value)
{
    buf_add_byte(buf, ',');
    json_add_string(buf, str_of(key));
    buf_add_byte(buf, ':');
    buf_add_integer(buf, value);
}

static void write_sidecar(struct buf *buf, const struct kept *kept)
{
    static const char digits[] = "0123456789abcdef";
    buf_add(buf, STR("{\"v\":1"));
    add_text(buf, "id", kept->id);
    add_text(buf, "kind", kind_names[kept->kind]);
    /* Any bytes: in hex. */
    buf_add(buf, STR(",\"identity\":\""));
    for (size_t i = 0; i < kept->identity.len; i++) {
        buf_add_byte(buf, (uint8_t)digits[kept->identity.ptr[i] >> 4]);
        buf_add_byte(buf, (uint8_t)digits[kept->identity.ptr[i] & 15]);
    }
    buf_add_byte(buf, '"');
    add_text(buf, "url", kept->url);
    add_text(buf, "final_url", kept->final_url);
    add_text(buf, "name", kept->name);
    add_text(buf, "media_type", kept->media_type);
    add_text(buf, "charset", kept->charset);
    add_text(buf, "etag", kept->etag);
    add_text(buf, "last_modified", kept->last_modified);
    add_text(buf, "rights", kept->rights);
    add_text(buf, "sha256", kept->sha256);
    add_number(buf, "http_status", kept->http_status);
    if (kept->fetched_at_us != INT64_MIN) {
        add_number(buf, "fetched_at_us", kept->fetched_at_us);
    }
    add_number(buf, "truncated", kept->truncated);
    add_number(buf, "limited", kept->limited);
    buf_add(buf, STR("}\n"));
}

static bool is_there(struct arena *scratch, str folder, str name, size_t size)
{
    struct buf path;
    struct stat about;
    buf_init(&path, scratch, SIDECAR_BYTES_MAX);
    buf_add(&path, folder);
    buf_add_byte(&path, '/');
    buf_add(&path, name);
    buf_add_byte(&path, '\0');
    return !buf_failed(&path) && stat(path.ptr, &about) == 0 && S_ISREG(about.st_mode) &&
           (uint64_t)about.st_size == size;
}

static bool make_folder(const char *path)
{
    return mkdir(path, 0755) == 0 || errno == EEXIST;
}

static bool make_folders(char *path, size_t len)
{
    for (size_t i = 1; i < len; i++) {
        if (path[i] == '/') {
            path[i] = '\0';
            const bool made = make_folder(path);
            path[i] = '/';
            if (!made) {
                return false;
            }
        }
    }
    return make_folder(path);
}

/* Makes the folder. False: errno says why nothing can be written there. */
static bool prepare(struct arena *scratch, str folder)
{
    const struct arena_position mark = arena_mark(scratch);
    struct stat about;
    struct buf path;
    buf_init(&path, scratch, SIDECAR_BYTES_MAX);
    buf_add(&path, folder);
    buf_add_byte(&path, '\0');
    bool done = !buf_failed(&path);
    if (!done) {
        errno = ENOMEM;
    }
    /* What is there is not made: its parents may be somebody else's. */
    done = done && (stat(path.ptr, &about) == 0 ||
                    (make_folders(path.ptr, folder.len) && stat(path.ptr, &about) == 0));
    if (done && !S_ISDIR(about.st_mode)) {
        errno = ENOTDIR;
        done = false;
    }
    done = done && access(path.ptr, W_OK | X_OK) == 0;
    const int error = errno;
    arena_rewind(scratch, mark);
    errno = error;
    return done;
}

bool keep_open(struct arena *scratch, str folder)
{
    const bool ready = prepare(scratch, folder);
    if (ready) {
        keep_part_recover(scratch, folder);
    }
    return ready;
}

bool keep_write(struct arena *scratch, str folder, const struct kept *kept, bytes content)
{
    const struct arena_position mark = arena_mark(scratch);
    struct buf sidecar;
    buf_init(&sidecar, scratch, SIDECAR_BYTES_MAX);
    write_sidecar(&sidecar, kept);
    bool done = !buf_failed(&sidecar);
    if (!done) {
        errno = ENOMEM;
    }
    done = done && prepare(scratch, folder) &&
           (is_there(scratch, folder, kept->sha256, content.len) ||
            write_new(scratch, folder, kept->sha256, STR(""), content)) &&
           write_new(scratch, folder, kept->id, STR(".json"), buf_bytes(&sidecar));
    arena_rewind(scratch, mark);
    return done;
}

/* ---- reading ---- */

static bytes read_hex(struct arena *arena, str hex)
{
    uint8_t *raw = (uint8_t *)arena_text(arena, hex.len / 2 + 1);
    if (!raw || hex.len % 2) {
        return (bytes){0};
    }
    for (size_t i = 0; i < hex.len / 2; i++) {
        const int high = hex_digit_value((uint8_t)hex.ptr[2 * i]);
        const int low = hex_digit_value((uint8_t)hex.ptr[2 * i + 1]);
        if (high < 0 || low < 0) {
            return (bytes){0};
        }
        raw[i] = (uint8_t)(high * 16 + low);
    }
    return (bytes){.ptr = raw, .len = hex.len / 2};
}

static void take_number(struct kept *out, str key, int64_t number)
{
    if (str_equal(key, STR("http_status"))) {
        out->http_status = number;
    } else if (str_equal(key, STR("fetched_at_us"))) {
        out->fetched_at_us = number;
    } else if (str_equal(key, STR("truncated"))) {
        out->truncated = number != 0;
    } else if (str_equal(key, STR("limited"))) {
        out->limited = number != 0;
    }
}

/* False: no memory, or no text of ours: none of our columns holds U+0000. */
static bool take_text(struct arena *arena, struct kept *out, str key, str text)
{
    const struct {
        str key;
        str *where;
    } texts[] = {
        {STR_INIT("id"), &out->id},
        {STR_INIT("url"), &out->url},
        {STR_INIT("final_url"), &out->final_url},
        {STR_INIT("name"), &out->name},
        {STR_INIT("media_type"), &out->media_type},
        {STR_INIT("charset"), &out->charset},
        {STR_INIT("etag"), &out->etag},
        {STR_INIT("last_modified"), &out->last_modified},
        {STR_INIT("rights"), &out->rights},
        {STR_INIT("sha256"), &out->sha256},
    };
    if (str_find_byte(text, '\0', 0) != SIZE_MAX) {
        return false;
    }
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        if (str_equal(key, texts[i].key)) {
            *texts[i].where = arena_copy(arena, text);
            return texts[i].where->ptr != NULL;
        }
    }
    if (str_equal(key, STR("identity"))) {
        out->identity = read_hex(arena, text);
        return out->identity.ptr != NULL;
    }
    for (unsigned kind = 0; kind < sizeof kind_names / sizeof *kind_names; kind++) {
        if (str_equal(key, STR("kind")) && str_equal(text, kind_names[kind])) {
            out->kind = (enum identity_kind)kind;
        }
    }
    return true;
}

static bool read_sidecar(struct arena *arena, bytes content, struct kept *out)
{
    struct json json;
    enum json_kind kind;
    json_init(&json, content, arena);
    if (json_next(&json) != JSON_OBJECT_BEGIN) {
        return false;
    }
    while ((kind = json_next(&json)) == JSON_KEY) {
        const str key = json.text;
        const enum json_kind value = json_next(&json);
        if (value == JSON_STRING) {
            if (!take_text(arena, out, key, json.text)) {
                return false;
            }
        } else if (value == JSON_NUMBER && json.is_integer) {
            take_number(out, key, json.number);
        } else {
            return false;
        }
    }
    return kind == JSON_OBJECT_END && json_next(&json) == JSON_END;
}

/* A file name and nothing else: a sidecar must not lead out of its folder. */
static bool is_hash(str s)
{
    for (size_t i = 0; i < s.len; i++) {
        if (hex_digit_value((uint8_t)s.ptr[i]) < 0) {
            return false;
        }
    }
    return s.len == HASH_HEX_LEN;
}

bool keep_read(struct arena *arena, const char *path, struct kept *out, str *content_path)
{
    int error = 0;
    struct buf buf;
    struct blob *blob = blob_open_file(path, SIDECAR_BYTES_MAX, SIDECAR_BYTES_MAX, &error);
    *out = (struct kept){.fetched_at_us = INT64_MIN};
    if (!blob) {
        return false;
    }
    const bool read = read_sidecar(arena, blob_content(blob), out);
    blob_close(blob);
    if (!read || !is_hash(out->sha256) || !out->identity.ptr || !out->url.ptr) {
        return false;
    }
    const char *slash = strrchr(path, '/');
    buf_init(&buf, arena, SIDECAR_BYTES_MAX);
    buf_add(&buf, (str){.ptr = path, .len = slash ? (size_t)(slash - path) + 1 : 0});
    buf_add(&buf, out->sha256);
    buf_add_byte(&buf, '\0');
    *content_path = str_slice(buf_str(&buf), 0, buf.len - 1);
    return !buf_failed(&buf);
}
