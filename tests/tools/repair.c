/* SPDX-License-Identifier: Apache-2.0 */
/* UTF-8 on standard input, repaired on standard output; what was done, as JSON, on standard error.
 * With the argument --lines each line is a text of its own, and each gets its line of JSON. */
#include "base/memory.h"
#include "text/repair.h"
#include "text/utf8.h"

#include <inttypes.h>
#include <stdio.h>

enum { READ_BYTES = 1 << 16 };

static bool read_all(char **out, size_t *len)
{
    size_t room = 0;
    for (*len = 0;;) {
        if (room - *len < READ_BYTES) {
            room = 2 * room + READ_BYTES;
            char *const more = memory_resize(*out, room);
            if (!more) {
                return false;
            }
            *out = more;
        }
        const size_t got = fread(*out + *len, 1, READ_BYTES, stdin);
        *len += got;
        if (got == 0) {
            return !ferror(stdin);
        }
    }
}

static bool repair_one(struct arena *arena, str text)
{
    struct repair_changes changes = {0};
    str out;
    if (repair(arena, text, &out, &changes) != STATUS_OK) {
        return false;
    }
    fwrite(out.ptr, 1, out.len, stdout);
    fprintf(stderr,
            "{\"repaired\": %" PRId64 ", \"repaired_first\": %zu, \"lost\": %" PRId64
            ", \"filled\": %" PRId64 "}\n",
            changes.repaired, changes.repaired_first, changes.lost, changes.filled);
    arena_reset(arena);
    return true;
}

int main(int argc, char **argv)
{
    const bool by_line = argc > 1 && strcmp(argv[1], "--lines") == 0;
    char *ptr = NULL;
    size_t len = 0;
    struct arena arena;
    arena_init(&arena, SIZE_MAX / 2);
    if (!read_all(&ptr, &len) || !utf8_is_valid((bytes){.ptr = (uint8_t *)ptr, .len = len})) {
        fputs("repair: the input cannot be read or is not UTF-8\n", stderr);
        return 1;
    }
    const str all = {.ptr = ptr, .len = len};
    bool ok = true;
    for (size_t at = 0; ok && at < len;) {
        const size_t found = by_line ? str_find_byte(all, '\n', at) : len;
        const size_t end = found < len ? found : len;
        ok = repair_one(&arena, str_slice(all, at, end));
        if (by_line && end < len) {
            putchar('\n');
        }
        at = by_line ? end + 1 : len;
    }
    arena_release(&arena);
    memory_release(ptr);
    return ok ? 0 : 1;
}
