/* SPDX-License-Identifier: Apache-2.0 */
#include "job/target.h"

#include "base/json.h"
#include "base/percent.h"
#include "base/url.h"

static const str kind_keys[] = {
    [TARGET_URL] = STR_INIT("url"),   [TARGET_FILE] = STR_INIT("file"),
    [TARGET_KEPT] = STR_INIT("kept"), [TARGET_WARC] = STR_INIT("warc"),
    [TARGET_BAD] = STR_INIT("bad"),
};

enum { KIND_COUNT = sizeof kind_keys / sizeof *kind_keys };

static void write_encoded(struct buf *buf, bytes raw)
{
    static const char digits[] = "0123456789ABCDEF";
    buf_add_byte(buf, '"');
    for (size_t i = 0; i < raw.len; i++) {
        const uint8_t byte = raw.ptr[i];
        if (byte > ' ' && byte < 0x7F && !strchr("%\"\\{", byte)) {
            buf_add_byte(buf, byte);
        } else {
            buf_add_byte(buf, '%');
            buf_add_byte(buf, (uint8_t)digits[byte >> 4]);
            buf_add_byte(buf, (uint8_t)digits[byte & 15]);
        }
    }
    buf_add_byte(buf, '"');
}

void target_write(struct buf *buf, const struct target *target)
{
    buf_add(buf, STR("{\""));
    buf_add(buf, kind_keys[target->kind]);
    buf_add(buf, STR("\":"));
    write_encoded(buf, target->text);
    if (target->kind == TARGET_FILE || target->kind == TARGET_WARC ||
        (target->kind == TARGET_BAD && target->name.len)) {
        buf_add(buf, STR(",\"name\":"));
        write_encoded(buf, target->name);
    }
    if (target->kind == TARGET_WARC) {
        buf_add(buf, STR(",\"at\":"));
        write_encoded(buf, target->at);
    }
    if (target->kind == TARGET_BAD) {
        buf_add(buf, STR(",\"fault\":"));
        json_add_string(buf, fault_code_name(target->fault));
    }
    buf_add_byte(buf, '}');
}

/* Undoes write_encoded; `.ptr` NULL: no memory. A NUL stands behind. */
static bytes read_encoded(struct arena *arena, str text)
{
    const bytes raw = percent_decode(arena, str_bytes(text));
    char *terminated = raw.ptr ? arena_text(arena, raw.len + 1) : NULL;
    if (!terminated) {
        return (bytes){0};
    }
    memcpy(terminated, raw.ptr, raw.len);
    terminated[raw.len] = '\0';
    return (bytes){.ptr = (const uint8_t *)terminated, .len = raw.len};
}

static enum fault_code fault_find(str name)
{
    static const enum fault_code codes[] = {FAULT_bad_url,    FAULT_not_found, FAULT_unreadable,
                                            FAULT_bad_format, FAULT_truncated, FAULT_limit};
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++) {
        if (str_equal(name, fault_code_name(codes[i]))) {
            return codes[i];
        }
    }
    return FAULT_internal;
}

static bool read_member(struct json *json, struct arena *arena, struct target *out, bool *has_kind)
{
    const str key = json->text;
    if (json_next(json) != JSON_STRING) {
        return false;
    }
    if (str_equal(key, STR("fault"))) {
        out->fault = fault_find(json->text);
        return true;
    }
    const bytes raw = read_encoded(arena, json->text);
    if (!raw.ptr) {
        return false;
    }
    if (str_equal(key, STR("name"))) {
        out->name = raw;
        return true;
    }
    if (str_equal(key, STR("at"))) {
        out->at = raw;
        return true;
    }
    for (unsigned kind = 0; kind < KIND_COUNT; kind++) {
        if (str_equal(key, kind_keys[kind])) {
            out->kind = (enum target_kind)kind;
            out->text = raw;
            *has_kind = true;
        }
    }
    return true;
}

static bool read_target(struct json *json, struct arena *arena, struct target *out)
{
    bool has_kind = false;
    enum json_kind kind;
    while ((kind = json_next(json)) == JSON_KEY) {
        if (!read_member(json, arena, out, &has_kind)) {
            return false;
        }
    }
    if (kind != JSON_OBJECT_END || !has_kind) {
        return false;
    }
    if (out->kind == TARGET_URL) {
        struct url url;
        if (url_parse(arena, (str){.ptr = (const char *)out->text.ptr, .len = out->text.len}, NULL,
                      &url) != URL_OK) {
            return false;
        }
        out->web_host = url.web_host;
    }
    return true;
}

/* How many objects the list holds: each needs a brace, and target_write puts none inside strings. */
static size_t count_guess(bytes split)
{
    size_t count = 0;
    for (size_t i = 0; i < split.len; i++) {
        count += split.ptr[i] == '{';
    }
    return count;
}

static bool read_list(struct json *json, struct arena *arena, size_t guess, struct targets *out)
{
    if (json_next(json) != JSON_ARRAY_BEGIN || guess > TARGETS_MAX) {
        return false;
    }
    out->items = ARENA_ARRAY(arena, guess, struct target);
    if (!out->items) {
        return false;
    }
    enum json_kind kind;
    while ((kind = json_next(json)) == JSON_OBJECT_BEGIN) {
        if (out->count == guess || !read_target(json, arena, &out->items[out->count])) {
            return false;
        }
        out->count++;
    }
    return kind == JSON_ARRAY_END;
}

bool targets_read(struct arena *arena, bytes split, struct targets *out)
{
    struct json json;
    bool has_version = false;
    bool has_list = false;
    *out = (struct targets){0};
    json_init(&json, split, arena);
    if (json_next(&json) != JSON_OBJECT_BEGIN) {
        return false;
    }
    enum json_kind kind;
    while ((kind = json_next(&json)) == JSON_KEY) {
        if (str_equal(json.text, STR("v"))) {
            has_version = json_next(&json) == JSON_NUMBER && json.is_integer && json.number == 1;
        } else if (!has_list && str_equal(json.text, STR("targets"))) {
            has_list = read_list(&json, arena, count_guess(split), out);
            if (!has_list) {
                return false;
            }
        } else if (!json_skip(&json)) {
            return false;
        }
    }
    return kind == JSON_OBJECT_END && json_next(&json) == JSON_END && has_version && has_list;
}
