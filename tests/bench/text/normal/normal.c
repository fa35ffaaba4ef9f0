/* SPDX-License-Identifier: Apache-2.0 */
/* MB in a second of processor time of making text NFC, ours beside utf8proc and ICU, in rounds that
 * interleave them: the best round of each counts. Processor time, for what takes long is interrupted
 * more often than what is done in two milliseconds. Every text is repeated to TEXT_BYTES; outputs
 * must be the same.
 *
 * usage: normal FILE… */
#include "text/normal.h"
#include "text/normal_scan.h"
#include "text/utf8.h"

#include "icu.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <utf8proc.h>

enum { TEXT_BYTES = 16 << 20, ROUNDS = 5, METHODS = 5 };

static double seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static str read_repeated(const char *path)
{
    FILE *const file = fopen(path, "rb");
    char *const text = malloc(TEXT_BYTES);
    if (!file || !text) {
        perror(path);
        exit(1);
    }
    size_t len = fread(text, 1, TEXT_BYTES / 2, file);
    fclose(file);
    while (len < TEXT_BYTES / 2 && ((uint8_t)text[len - 1] & 0x80)) {
        len--;
    }
    const size_t once = len;
    while (len + once + 1 <= TEXT_BYTES) {
        text[len++] = '\n'; /* nothing joins across the seam */
        memcpy(text + len, text, once);
        len += once;
    }
    if (!utf8_is_valid((bytes){.ptr = (const uint8_t *)text, .len = len})) {
        fprintf(stderr, "%s is not UTF-8\n", path);
        exit(1);
    }
    return (str){.ptr = text, .len = len};
}

/* The work of one method; what it made is counted, so that none makes less. */
static size_t ours(str text)
{
    struct arena arena;
    struct normal_changes changes = {0};
    str out = {0};
    arena_init(&arena, SIZE_MAX);
    const enum status status =
        normalise(&arena, text, (struct normal_rules){.form = NORMAL_FORM_NFC}, &out, &changes);
    const size_t len = out.len;
    arena_release(&arena);
    return status == STATUS_OK ? len : 0;
}

static size_t scan_portable(str text)
{
    const struct normal_scan scan = normal_scan_of((struct normal_rules){.form = NORMAL_FORM_NFC});
    return normal_scan_next(&scan, text, 0, NORMAL_SCAN_1);
}

static size_t by_utf8proc(str text)
{
    utf8proc_uint8_t *out = NULL;
    const utf8proc_ssize_t len =
        utf8proc_map((const utf8proc_uint8_t *)text.ptr, (utf8proc_ssize_t)text.len, &out,
                     UTF8PROC_STABLE | UTF8PROC_COMPOSE);
    free(out);
    return len < 0 ? 0 : (size_t)len;
}

static size_t by_icu(str text)
{
    return icu_normalize(text.ptr, text.len);
}

static size_t icu_check(str text)
{
    return icu_is_normalized(text.ptr, text.len);
}

static const struct {
    const char *name;
    size_t (*run)(str text);
    bool makes_text;
} methods[METHODS] = {{"quern", ours, true},
                      {"one by one", scan_portable, false},
                      {"ICU normalizeUTF8", by_icu, true},
                      {"ICU isNormalizedUTF8", icu_check, false},
                      {"utf8proc_map", by_utf8proc, true}};

static bool measure(const char *path)
{
    const str text = read_repeated(path);
    double best[METHODS] = {0};
    size_t made[METHODS] = {0};
    for (int round = 0; round < ROUNDS; round++) {
        for (int i = 0; i < METHODS; i++) {
            const double start = seconds();
            made[i] = methods[i].run(text);
            const double rate = (double)text.len / (seconds() - start) / 1e6;
            best[i] = rate > best[i] ? rate : best[i];
        }
    }
    const char *const slash = strrchr(path, '/');
    printf("| %s |", slash ? slash + 1 : path);
    for (int i = 0; i < METHODS; i++) {
        const bool is_whole = made[i] == text.len || methods[i].makes_text;
        is_whole ? printf(" %.0f |", best[i]) : printf(" – |"); /* a check that stopped early */
    }
    printf("\n");
    free((void *)(uintptr_t)text.ptr);
    return made[0] == made[2] && made[2] == made[4];
}

int main(int argc, char **argv)
{
    bool same = true;
    const enum normal_scan_width widest = normal_scan_widest();
    printf("MB of input a second of processor time, best of %d interleaved rounds; scan of %d "
           "bytes, utf8proc %s, ICU %s\n",
           ROUNDS,
           widest == NORMAL_SCAN_32   ? 32
           : widest == NORMAL_SCAN_16 ? 16
                                      : 1,
           utf8proc_version(), icu_version());
    printf("| text |");
    for (int i = 0; i < METHODS; i++) {
        printf(" %s |", methods[i].name);
    }
    printf("\n|---|---|---|---|---|---|\n");
    for (int i = 1; i < argc; i++) {
        same &= measure(argv[i]);
        fflush(stdout);
    }
    if (!same) {
        fprintf(stderr, "the methods made texts of different lengths\n");
    }
    return argc > 1 && same ? 0 : 1;
}
