/* SPDX-License-Identifier: Apache-2.0 */
/* JSON of any bytes: reading ends, brackets balance, and a string that was read, written and read
 * again is the same. */
#include "fuzz.h"

#include "base/json.h"
#include "text/utf8.h"

static void check_round_trip(struct arena *arena, str text)
{
    struct buf buf;
    struct json json;
    buf_init(&buf, arena, 1 << 20);
    json_add_string(&buf, text);
    if (!buf_failed(&buf)) {
        json_init(&json, buf_bytes(&buf), arena);
        MUST(json_next(&json) == JSON_STRING && str_equal(json.text, text));
        MUST(json_next(&json) == JSON_END);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena;
    struct json json;
    size_t tokens = 0;
    arena_init(&arena, 16 << 20);
    json_init(&json, (bytes){.ptr = data, .len = size}, &arena);
    for (;;) {
        const enum json_kind kind = json_next(&json);
        if (kind == JSON_END || kind == JSON_ERROR) {
            MUST(kind == JSON_ERROR || json.depth == 0);
            MUST(json_next(&json) == kind);
            break;
        }
        MUST(++tokens <= size);
        if (kind == JSON_STRING || kind == JSON_KEY) {
            MUST(utf8_is_valid(str_bytes(json.text)));
            check_round_trip(&arena, json.text);
        }
    }
    arena_release(&arena);
    return 0;
}
