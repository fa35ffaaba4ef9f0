/* SPDX-License-Identifier: Apache-2.0 */
#include "fetch/pace.h"

#include "base/json.h"

enum {
    VALUE_BYTES_MAX = 256,
    SCRATCH_BYTES_MAX = 64 * 1024,
    WAIT_MAX_MS = 86400000 /* no host is left alone for longer than a day */
};

static int64_t clamp(int64_t value, int64_t max)
{
    return value < 0 ? 0 : value < max ? value : max;
}

void pace_note(struct pace *pace, enum pace_verdict verdict, int64_t delay_ms, int64_t now_ms)
{
    int64_t extra_ms = pace->extra_ms;
    pace->request_count++;
    switch (verdict) {
    case PACE_WELL:
        pace->failure_count = 0;
        extra_ms -= PACE_STEP_MS;
        break;
    case PACE_STRAINED:
        pace->failure_count++;
        extra_ms = 2 * extra_ms + delay_ms;
        extra_ms = extra_ms > PACE_EXTRA_FIRST_MS ? extra_ms : PACE_EXTRA_FIRST_MS;
        break;
    case PACE_FAILED:
        pace->failure_count++;
        break;
    case PACE_UNKNOWN:
        break;
    }
    pace->extra_ms = clamp(extra_ms, PACE_EXTRA_MAX_MS);
    if (pace->failure_count >= PACE_FAILURES_MAX) {
        pace->broken_until_ms = now_ms + PACE_BROKEN_MS;
        pace->failure_count = PACE_FAILURES_MAX - 1; /* the next one tells */
    }
}

int64_t pace_broken_ms(const struct pace *pace, int64_t now_ms)
{
    return pace->broken_until_ms > now_ms ? pace->broken_until_ms - now_ms : 0;
}

bool pace_may_retry(const struct pace *pace, int64_t retries_free)
{
    return pace->retry_count < retries_free + pace->request_count / PACE_RETRY_SHARE;
}

/* --- over runs: {"v":1,"extra_ms":500,"written_ms":1790000000000,"wait_ms":1500} --- */

static str make_key(struct arena *scratch, str web_host)
{
    struct buf buf;
    buf_init(&buf, scratch, MEMO_KEY_BYTES_MAX);
    buf_add(&buf, STR("host/"));
    buf_add(&buf, web_host);
    return buf_failed(&buf) ? (str){.ptr = NULL, .len = 0} : buf_str(&buf);
}

static bool remember(const struct memo *memo, str web_host, const struct pace_memory *memory,
                     int64_t wall_ms, struct arena *scratch)
{
    struct buf buf;
    const str key = make_key(scratch, web_host);
    buf_init(&buf, scratch, VALUE_BYTES_MAX);
    buf_add(&buf, STR("{\"v\":1,\"extra_ms\":"));
    buf_add_integer(&buf, memory->extra_ms);
    buf_add(&buf, STR(",\"written_ms\":"));
    buf_add_integer(&buf, wall_ms);
    buf_add(&buf, STR(",\"wait_ms\":"));
    buf_add_integer(&buf, memory->wait_ms);
    buf_add_byte(&buf, '}');
    return key.ptr && !buf_failed(&buf) && memo_keep(memo, key, buf_bytes(&buf));
}

bool pace_remember(const struct memo *memo, str web_host, const struct pace_memory *memory,
                   int64_t wall_ms)
{
    struct arena scratch;
    arena_init(&scratch, SCRATCH_BYTES_MAX);
    const bool kept = remember(memo, web_host, memory, wall_ms, &scratch);
    arena_release(&scratch);
    return kept;
}

static bool read_members(struct json *json, struct pace_memory *out, int64_t *written_ms)
{
    bool has_version = false;
    enum json_kind kind;
    if (json_next(json) != JSON_OBJECT_BEGIN) {
        return false;
    }
    while ((kind = json_next(json)) == JSON_KEY) {
        const str key = json->text;
        if (json_next(json) != JSON_NUMBER || !json->is_integer) {
            return false;
        }
        if (str_equal(key, STR("v"))) {
            has_version = json->number == 1;
        } else if (str_equal(key, STR("extra_ms"))) {
            out->extra_ms = clamp(json->number, PACE_EXTRA_MAX_MS);
        } else if (str_equal(key, STR("written_ms"))) {
            *written_ms = clamp(json->number, INT64_MAX / 2);
        } else if (str_equal(key, STR("wait_ms"))) {
            out->wait_ms = clamp(json->number, WAIT_MAX_MS);
        }
    }
    return has_version && kind == JSON_OBJECT_END && json_next(json) == JSON_END;
}

struct pace_memory pace_recall(const struct memo *memo, str web_host, int64_t wall_ms)
{
    struct arena scratch;
    struct json json;
    bytes value = {.ptr = NULL, .len = 0};
    struct pace_memory memory = {.wait_ms = 0};
    int64_t written_ms = 0;
    if (!memo) {
        return memory;
    }
    arena_init(&scratch, MEMO_VALUE_BYTES_MAX + SCRATCH_BYTES_MAX);
    const str key = make_key(&scratch, web_host);
    const bool found = key.ptr && memo_find(memo, key, &scratch, &value) && value.ptr;
    if (found) {
        json_init(&json, value, &scratch);
    }
    if (!found || !read_members(&json, &memory, &written_ms)) {
        memory = (struct pace_memory){.wait_ms = 0};
    } else if (wall_ms > written_ms) {
        memory.wait_ms = clamp(memory.wait_ms - (wall_ms - written_ms), WAIT_MAX_MS);
    }
    arena_release(&scratch);
    return memory;
}
