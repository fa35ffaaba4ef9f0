/* SPDX-License-Identifier: Apache-2.0 */
/* One set of names a line on standard input, each name in hex, a space between two. For each set,
 * judged jointly: encoding TAB confidence TAB the decoded names, a TAB between two ("-": no
 * evidence for any encoding). A decoded name holds no TAB: name_decode percent-encodes controls. */
#include "base/memory.h"
#include "text/names.h"

#include <stdio.h>

enum { LINE_BYTES_MAX = 1 << 20, NAMES_MAX = 4096, ARENA_BYTES = 1 << 24 };

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    const char lower = ascii_lower(c);
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

/* Replaces the hex digits of a line by the bytes they stand for; the count of names, or -1. */
static int read_names(char *line, bytes *names)
{
    uint8_t *out = (uint8_t *)line;
    int count = 0;
    for (const char *in = line; *in;) {
        uint8_t *const start = out;
        while (hex_digit(in[0]) >= 0 && hex_digit(in[1]) >= 0) {
            *out++ = (uint8_t)(hex_digit(in[0]) * 16 + hex_digit(in[1]));
            in += 2;
        }
        if ((*in && *in != ' ') || count == NAMES_MAX) {
            return -1;
        }
        if (out > start) {
            names[count++] = (bytes){.ptr = start, .len = (size_t)(out - start)};
        }
        in += *in == ' ';
    }
    return count;
}

static void print_names(const bytes *names, size_t count)
{
    struct arena arena;
    arena_init(&arena, ARENA_BYTES);
    const struct names_verdict verdict = names_judge(names, count);
    const str label = verdict.charset ? charset_name(verdict.charset) : STR("-");
    printf("%.*s\t%.3f", (int)label.len, label.ptr, verdict.confidence);
    for (size_t i = 0; i < count; i++) {
        size_t undecodable = 0;
        const str text = name_decode(&arena, names[i], verdict.charset, &undecodable);
        printf("\t%.*s", (int)text.len, text.ptr);
    }
    printf("\n");
    arena_release(&arena);
}

int main(void)
{
    static char line[LINE_BYTES_MAX];
    static bytes names[NAMES_MAX];
    while (fgets(line, sizeof line, stdin)) {
        line[strcspn(line, "\n")] = '\0';
        const int count = read_names(line, names);
        if (count < 0) {
            fprintf(stderr, "not a set of hex strings: %.40s\n", line);
            return 1;
        }
        print_names(names, (size_t)count);
    }
    return 0;
}
