/* SPDX-License-Identifier: Apache-2.0 */
/* Decodes many small contents for text_reference.py: label as argument; on standard input a 4-byte
 * little-endian length and the bytes, over and over. For each, on standard output: length and text,
 * then how many U+FFFD were put in, where the first one was, and for every code point of the text
 * its content offset (4 bytes each). */
#include "text/decode.h"
#include "text/utf8.h"

#include <stdio.h>

static void put(size_t number)
{
    const uint8_t raw[4] = {(uint8_t)number, (uint8_t)(number >> 8), (uint8_t)(number >> 16),
                            (uint8_t)(number >> 24)};
    fwrite(raw, 1, sizeof raw, stdout);
}

int main(int argc, char **argv)
{
    static uint8_t content[1 << 20];
    const struct charset *const charset =
        argc > 1 ? charset_find((bytes){.ptr = (const uint8_t *)argv[1], .len = strlen(argv[1])})
                 : NULL;
    if (!charset) {
        fprintf(stderr, "usage: text_records LABEL\n");
        return 2;
    }
    uint8_t raw[4];
    while (fread(raw, 1, sizeof raw, stdin) == sizeof raw) {
        const size_t len =
            (size_t)raw[0] | (size_t)raw[1] << 8 | (size_t)raw[2] << 16 | (size_t)raw[3] << 24;
        struct arena arena;
        struct decoded out;
        if (len > sizeof content || fread(content, 1, len, stdin) != len) {
            return 2;
        }
        arena_init(&arena, (size_t)1 << 26);
        if (decode(&arena, (bytes){.ptr = content, .len = len}, charset, &out) != STATUS_OK) {
            return 2;
        }
        put(out.text.len);
        fwrite(out.text.ptr, 1, out.text.len, stdout);
        put((size_t)out.replaced);
        put((size_t)out.replaced_first);
        for (size_t at = 0; at < out.text.len; (void)utf8_next(out.text, &at)) {
            put(origin_content_offset(out.origin, at));
        }
        arena_release(&arena);
    }
    return 0;
}
