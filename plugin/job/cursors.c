/* SPDX-License-Identifier: Apache-2.0 */
#include "job/cursors.h"

#include "base/hash.h"
#include "base/json.h"
#include "base/table.h"

/* A cursor is at most 44 bytes of state. */
enum { CURSORS_MAX = 1024 };

static bool hash_split(bytes split, char out[16])
{
    char hex[HASH_HEX_LEN];
    struct hash *hash = hash_open();
    const bool done = hash && hash_add(hash, split) && hash_finish(hash, hex);
    hash_close(hash);
    if (done) {
        memcpy(out, hex, 16);
    }
    return done;
}

/* Counts each host's targets, then deals them out. */
static bool deal(struct arena *arena, const struct targets *targets, const size_t *cursor_of,
                 struct cursors *out)
{
    for (size_t i = 0; i < targets->count; i++) {
        out->items[cursor_of[i]].count++;
    }
    for (size_t i = 0; i < out->count; i++) {
        out->items[i].positions = ARENA_ARRAY(arena, out->items[i].count, size_t);
        if (!out->items[i].positions) {
            return false;
        }
        out->items[i].count = 0;
    }
    for (size_t i = 0; i < targets->count; i++) {
        struct cursor *cursor = &out->items[cursor_of[i]];
        cursor->positions[cursor->count++] = i;
    }
    return true;
}

enum status cursors_make(struct arena *arena, const struct targets *targets, bytes split,
                         struct cursors *out)
{
    struct table hosts;
    *out = (struct cursors){.target_count = targets->count};
    size_t *cursor_of = ARENA_ARRAY(arena, targets->count, size_t);
    const size_t most = targets->count < CURSORS_MAX ? targets->count : CURSORS_MAX;
    out->items = ARENA_ARRAY(arena, most, struct cursor);
    if (!cursor_of || !out->items || !hash_split(split, out->split_hash)) {
        return STATUS_NO_MEMORY;
    }
    table_init(&hosts, arena);
    for (size_t i = 0; i < targets->count; i++) {
        bool is_new = false;
        const size_t *at = table_put(&hosts, targets->items[i].web_host, out->count, &is_new);
        if (!at) {
            return STATUS_NO_MEMORY;
        }
        if (is_new && out->count == CURSORS_MAX) {
            return STATUS_LIMIT;
        }
        cursor_of[i] = *at;
        if (is_new) {
            out->items[out->count].web_host = targets->items[i].web_host;
            out->local = targets->items[i].web_host.len ? out->local : &out->items[out->count];
            out->count++;
        }
    }
    return deal(arena, targets, cursor_of, out) ? STATUS_OK : STATUS_NO_MEMORY;
}

static bool read_count(struct json *json, int64_t max, int64_t *out)
{
    if (json_next(json) != JSON_NUMBER || !json->is_integer || json->number < 0 ||
        json->number > max) {
        return false;
    }
    *out = json->number;
    return true;
}

static bool read_cursors(struct cursors *cursors, struct json *json)
{
    if (json_next(json) != JSON_ARRAY_BEGIN) {
        return false;
    }
    for (size_t i = 0; i < cursors->count; i++) {
        struct cursor *cursor = &cursors->items[i];
        int64_t next = 0;
        int64_t rows = 0;
        if (json_next(json) != JSON_ARRAY_BEGIN ||
            !read_count(json, (int64_t)cursor->count, &next) ||
            !read_count(json, INT64_MAX, &rows) || json_next(json) != JSON_ARRAY_END) {
            return false;
        }
        cursor->next = (size_t)next;
        cursor->begun = (size_t)next;
        cursor->rows_to_skip = rows;
        cursor->rows_out = 0;
    }
    return json_next(json) == JSON_ARRAY_END;
}

bool cursors_read(struct cursors *cursors, bytes state, struct arena *scratch)
{
    struct json json;
    bool has_version = false;
    bool is_ours = false;
    bool has_cursors = false;
    enum json_kind kind;
    if (state.len > CURSORS_STATE_BYTES_MAX) {
        return false;
    }
    json_init(&json, state, scratch);
    if (json_next(&json) != JSON_OBJECT_BEGIN) {
        return false;
    }
    while ((kind = json_next(&json)) == JSON_KEY) {
        const str key = json.text;
        if (str_equal(key, STR("v"))) {
            has_version = json_next(&json) == JSON_NUMBER && json.is_integer && json.number == 1;
        } else if (str_equal(key, STR("split"))) {
            is_ours = json_next(&json) == JSON_STRING &&
                      str_equal(json.text, (str){.ptr = cursors->split_hash, .len = 16});
        } else if (str_equal(key, STR("at"))) {
            has_cursors = read_cursors(cursors, &json);
            if (!has_cursors) {
                return false;
            }
        } else if (!json_skip(&json)) {
            return false;
        }
    }
    return kind == JSON_OBJECT_END && json_next(&json) == JSON_END && has_version && is_ours &&
           has_cursors;
}

void cursors_write(const struct cursors *cursors, struct buf *out)
{
    buf_add(out, STR("{\"v\":1,\"split\":\""));
    buf_add(out, (str){.ptr = cursors->split_hash, .len = 16});
    buf_add(out, STR("\",\"at\":["));
    for (size_t i = 0; i < cursors->count; i++) {
        const struct cursor *cursor = &cursors->items[i];
        buf_add(out, i ? STR(",[") : STR("["));
        buf_add_integer(out, (int64_t)cursor->next);
        buf_add_byte(out, ',');
        /* A row that was not yet made again after a resume was handed out all the same. */
        buf_add_integer(out, cursor->rows_out + cursor->rows_to_skip);
        buf_add_byte(out, ']');
    }
    buf_add(out, STR("]}"));
}

struct cursor *cursors_local(struct cursors *cursors)
{
    struct cursor *local = cursors->local;
    return local && local->next < local->count ? local : NULL;
}

int64_t cursors_done(const struct cursors *cursors)
{
    int64_t done = 0;
    for (size_t i = 0; i < cursors->count; i++) {
        done += (int64_t)cursors->items[i].next;
    }
    return done;
}
