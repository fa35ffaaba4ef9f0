/* SPDX-License-Identifier: Apache-2.0 */
/* NFC against NormalizationTest.txt of Unicode (Debian: unicode-data). The file comes on standard
 * input; without its rows this fails.
 *
 * Of each row c1;c2;c3;c4;c5: NFC(c1) = NFC(c2) = NFC(c3) = c2, NFC(c4) = NFC(c5) = c4; and a code
 * point that part 1 does not name is its own NFC. */
#include "text/normal.h"
#include "text/utf8.h"

#include "base/buf.h"

#include <stdio.h>
#include <stdlib.h>

enum { ROW_COUNT_MIN = 18000, LINE_LEN_MAX = 8192 };

static long rows;
static long compared;
static long failed;
static bool named[0x110000];

static void check(str in, str expected, const char *line)
{
    struct arena arena;
    struct normal_changes changes = {0};
    str out = {0};
    arena_init(&arena, 1 << 20);
    compared++;
    if (normalise(&arena, in, NORMAL_FORM_NFC, &out, &changes) != STATUS_OK ||
        !str_equal(out, expected)) {
        if (++failed <= 20) {
            fprintf(stderr, "NFC differs: %s", line);
        }
    }
    arena_release(&arena);
}

static void read_row(char *line, bool is_part1)
{
    struct arena arena;
    struct buf column[5];
    char *at = line;
    arena_init(&arena, 1 << 20);
    for (int i = 0; i < 5; i++) {
        buf_init(&column[i], &arena, 4096);
        while (*at != ';') {
            const uint32_t c = (uint32_t)strtoul(at, &at, 16);
            buf_add_code_point(&column[i], c);
            at += *at == ' ';
            if (is_part1 && i == 0) {
                named[c] = true;
            }
        }
        at++;
    }
    for (int i = 0; i < 5; i++) {
        check(buf_str(&column[i]), buf_str(&column[i < 3 ? 1 : 3]), line);
    }
    arena_release(&arena);
    rows++;
}

/* Control characters and line ends are the house's own rule, not Unicode's. */
static bool house_changes(uint32_t c)
{
    return c < 0x20 || (c >= 0x7F && c <= 0x9F) || c == 0xFEFF || c == 0x2028 || c == 0x2029;
}

static void check_others(void)
{
    for (uint32_t c = 0; c <= 0x10FFFF; c++) {
        struct arena arena;
        struct buf text;
        if (named[c] || house_changes(c) || (c >= 0xD800 && c <= 0xDFFF)) {
            continue;
        }
        arena_init(&arena, 4096);
        buf_init(&text, &arena, 4);
        buf_add_code_point(&text, c);
        check(buf_str(&text), buf_str(&text), "a code point outside part 1\n");
        arena_release(&arena);
    }
}

int main(void)
{
    char line[LINE_LEN_MAX];
    bool is_part1 = false;
    while (fgets(line, sizeof line, stdin)) {
        if (line[0] == '@') {
            is_part1 = strncmp(line, "@Part1 ", 7) == 0;
        } else if (line[0] != '#' && line[0] != '\n') {
            read_row(line, is_part1);
        }
    }
    check_others();
    printf("%ld rows, %ld compared, %ld failed\n", rows, compared, failed);
    if (rows < ROW_COUNT_MIN) {
        fprintf(stderr, "standard input is not NormalizationTest.txt\n");
        return 1;
    }
    return failed != 0;
}
