/* SPDX-License-Identifier: Apache-2.0 */
/* The normal forms against NormalizationTest.txt of Unicode (Debian: unicode-data). The file comes
 * on standard input; without its rows this fails.
 *
 * Of each row c1;c2;c3;c4;c5:
 *   NFC(c1) = NFC(c2) = NFC(c3) = c2     NFC(c4) = NFC(c5) = c4     NFKC of all five = c4
 * nfc-keep-compat is NFC of what stands between compatibility ideographs, which stay; where a row
 * has none it must be NFC. A code point that part 1 does not name is its own NFC and NFKC.
 * What the house itself changes (controls, joiners, …) is no business of Unicode's. */
#include "text/normal.h"
#include "text/normal_class.h"
#include "text/utf8.h"

#include "base/buf.h"

#include <stdio.h>
#include <stdlib.h>

enum { ROW_COUNT_MIN = 18000, KEPT_ROWS_MIN = 1000, LINE_LEN_MAX = 8192 };

static const char *const form_names[] = {"NFC", "NFC without compatibility ideographs", "NFKC"};
static long rows;
static long kept_rows; /* with a compatibility ideograph that stays */
static long compared[3];
static long failed;
static bool named[0x110000];

static void check(enum normal_form form, str in, str expected, const char *line)
{
    struct arena arena;
    struct normal_changes changes = {0};
    str out = {0};
    arena_init(&arena, 1 << 20);
    compared[form]++;
    if (normalise(&arena, in, (struct normal_rules){.form = form}, &out, &changes) != STATUS_OK ||
        !str_equal(out, expected)) {
        if (++failed <= 20) {
            fprintf(stderr, "%s differs: %s", form_names[form], line);
        }
    }
    arena_release(&arena);
}

/* What nfc-keep-compat must be: the parts between the ideographs in NFC. */
static void check_kept(str in, const char *line)
{
    struct arena arena;
    struct buf expected;
    struct normal_changes changes = {0};
    bool has_kept = false;
    size_t start = 0;
    arena_init(&arena, 1 << 20);
    buf_init(&expected, &arena, 65536);
    for (size_t at = 0; at <= in.len;) {
        const size_t here = at;
        const bool is_kept =
            here < in.len && normal_class_of(utf8_next(in, &at)) == CLASS_COMPATIBILITY_IDEOGRAPH;
        if (is_kept || here == in.len) {
            str part = {0};
            if (normalise(&arena, str_slice(in, start, here),
                          (struct normal_rules){.form = NORMAL_FORM_NFC}, &part,
                          &changes) != STATUS_OK) {
                failed++;
            }
            buf_add(&expected, part);
            buf_add(&expected, str_slice(in, here, at));
            start = at;
        }
        has_kept |= is_kept;
        if (here == in.len) {
            break;
        }
    }
    kept_rows += has_kept;
    check(NORMAL_FORM_NFC_KEEP_COMPAT, in, buf_str(&expected), line);
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
        check(NORMAL_FORM_NFC, buf_str(&column[i]), buf_str(&column[i < 3 ? 1 : 3]), line);
        check(NORMAL_FORM_NFKC, buf_str(&column[i]), buf_str(&column[3]), line);
        check_kept(buf_str(&column[i]), line);
    }
    arena_release(&arena);
    rows++;
}

static bool house_changes(uint32_t c)
{
    const uint32_t changed = CLASSES_ZERO_WIDTH | CLASS_BIT(LINE);
    return normal_class_is_among(normal_class_of(c), changed);
}

/* Behind a sign that joins nothing: at a line's beginning some codes of the private use area are bullets. */
static void check_others(void)
{
    for (uint32_t c = 0; c <= 0x10FFFF; c++) {
        struct arena arena;
        struct buf text;
        if (named[c] || house_changes(c) || (c >= 0xD800 && c <= 0xDFFF)) {
            continue;
        }
        arena_init(&arena, 4096);
        buf_init(&text, &arena, 5);
        buf_add_byte(&text, '-');
        buf_add_code_point(&text, c);
        for (enum normal_form form = NORMAL_FORM_NFC; form < NORMAL_FORM_NONE; form++) {
            check(form, buf_str(&text), buf_str(&text), "a code point outside part 1\n");
        }
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
    printf("%ld rows, %ld NFC, %ld NFKC and %ld nfc-keep-compat (%ld keep something) compared, "
           "%ld failed\n",
           rows, compared[NORMAL_FORM_NFC], compared[NORMAL_FORM_NFKC],
           compared[NORMAL_FORM_NFC_KEEP_COMPAT], kept_rows, failed);
    if (rows < ROW_COUNT_MIN || kept_rows < KEPT_ROWS_MIN) {
        fprintf(stderr, "standard input is not NormalizationTest.txt\n");
        return 1;
    }
    return failed != 0;
}
