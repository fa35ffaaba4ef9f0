/* SPDX-License-Identifier: Apache-2.0 */
/* usage: decode LABEL     bytes on standard input → UTF-8 on standard output
 *
 * On standard error: the encoding's name, how many U+FFFD were put in, and at which byte the first
 * of them stands ("-": none). A byte order mark of the encoding is left out. */
#include "text/decode.h"

#include <stdio.h>
#include <stdlib.h>

static const size_t ROOM_FIRST = 1 << 16;
static const size_t INPUT_BYTES_MAX = (size_t)1 << 30;

/* NULL: more than INPUT_BYTES_MAX, or no memory. */
static uint8_t *read_input(size_t *len)
{
    size_t room = ROOM_FIRST;
    uint8_t *ptr = malloc(room);
    *len = 0;
    while (ptr) {
        *len += fread(ptr + *len, 1, room - *len, stdin);
        if (*len < room) {
            return ptr;
        }
        uint8_t *const larger = room < INPUT_BYTES_MAX ? realloc(ptr, room * 2) : NULL;
        if (!larger) {
            free(ptr);
        }
        ptr = larger;
        room *= 2;
    }
    return NULL;
}

int main(int argc, char **argv)
{
    const struct charset *const charset =
        argc == 2 ? charset_find(str_bytes(str_of(argv[1]))) : NULL;
    if (!charset) {
        fprintf(stderr, "usage: decode LABEL (of an encoding) < bytes > text\n");
        return 2;
    }
    struct arena arena;
    struct decoded out;
    size_t len = 0;
    uint8_t *const content = read_input(&len);
    arena_init(&arena, 4 * INPUT_BYTES_MAX);
    if (!content ||
        decode(&arena, (bytes){.ptr = content, .len = len}, charset, &out) != STATUS_OK) {
        fprintf(stderr, "too large\n");
        return 1;
    }
    fwrite(out.text.ptr, 1, out.text.len, stdout);
    const str name = charset_name(charset);
    fprintf(stderr, "%.*s\treplaced %lld\tfirst ", (int)name.len, name.ptr,
            (long long)out.replaced);
    fprintf(stderr, out.replaced ? "%lld\n" : "-\n", (long long)out.replaced_first);
    arena_release(&arena);
    free(content);
    return 0;
}
