/* SPDX-License-Identifier: Apache-2.0 */
/* Names of archive members, a line each: whatever the bytes, a name is UTF-8 without controls, and
 * a name that was given has something to show for it. */
#include "fuzz.h"

#include "text/names.h"
#include "text/utf8.h"

enum { NAMES_MAX = 64 };

static size_t split_lines(const uint8_t *data, size_t size, bytes names[NAMES_MAX])
{
    size_t count = 0;
    size_t from = 0;
    for (size_t i = 0; i <= size && count < NAMES_MAX; i++) {
        if (i == size || data[i] == '\n') {
            names[count++] = (bytes){.ptr = data + from, .len = i - from};
            from = i + 1;
        }
    }
    return count;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena;
    bytes names[NAMES_MAX];
    const size_t count = split_lines(data, size, names);
    const struct names_verdict verdict = names_judge(names, count);
    MUST(verdict.confidence >= 0 && verdict.confidence <= 1);
    arena_init(&arena, 16 << 20);
    for (size_t i = 0; i < count; i++) {
        size_t undecodable = 0;
        const struct charset *const charset = names_reading_of(names[i], verdict.charset);
        const str name = name_decode(&arena, names[i], charset, &undecodable);
        if (name.ptr) {
            MUST(utf8_is_valid(str_bytes(name)));
            MUST((name.len > 0) == (names[i].len > 0));
            for (size_t at = 0; at < name.len; at++) {
                MUST((unsigned char)name.ptr[at] >= 0x20 && name.ptr[at] != 0x7F);
            }
        }
    }
    arena_release(&arena);
    return 0;
}
