/* SPDX-License-Identifier: Apache-2.0 */
/* Bytes read in some encoding, the first byte chooses which, are what mojibake is made of. What
 * comes out is UTF-8; text that the scan passes, or in which nothing was counted as repaired, is the
 * same text; and counts stay within it. */
#include "fuzz.h"

#include "text/decode.h"
#include "text/repair.h"
#include "text/utf8.h"

static void check(struct arena *arena, str text)
{
    struct repair_changes changes = {0};
    str out = {0};
    MUST(repair(arena, text, &out, &changes) == STATUS_OK);
    MUST(utf8_is_valid(str_bytes(out)));
    MUST(changes.repaired >= 0 && (size_t)changes.repaired <= text.len);
    MUST(!changes.repaired || changes.repaired_first < text.len);
    MUST(!changes.lost || changes.lost_first < text.len);
    MUST(!changes.filled || changes.filled_first < text.len);
    MUST(changes.repaired || str_equal(out, text));
    const bool is_passed = repair_find(text, 0) == text.len;
    MUST(!is_passed || (!changes.repaired && !changes.lost && !changes.filled));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena;
    struct decoded decoded;
    if (size < 2) {
        return 0;
    }
    arena_init(&arena, 256 << 20);
    size_t count = 0;
    while (charset_at(count)) {
        count++;
    }
    const bytes content = {.ptr = data + 1, .len = size - 1};
    MUST(decode(&arena, content, charset_at(data[0] % count), &decoded) == STATUS_OK);
    check(&arena, decoded.text);
    arena_release(&arena);
    return 0;
}
