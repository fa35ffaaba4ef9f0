/* SPDX-License-Identifier: Apache-2.0 */
#include "corpus.h"

#include <ctype.h>
#include <iconv.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

enum { DRAWS = 1 << 20, PAGE_BYTES_MAX = 1 << 23, ENCODED_MAX = 8 };

static uint32_t random_state = 20261123;

static uint32_t random_below(uint32_t limit)
{
    random_state ^= random_state << 13;
    random_state ^= random_state >> 17;
    random_state ^= random_state << 5;
    return (uint32_t)((uint64_t)random_state * limit >> 32);
}

static const struct {
    const char *file;
    uint16_t first;
} sources[SPEED_LANGUAGES] = {
    [SPEED_HANS] = {"zh-hans", 0x4E00},
    [SPEED_HANT] = {"zh-hant", 0x4E00},
    [SPEED_JAPANESE] = {"ja", 0x4E00},
    [SPEED_KOREAN] = {"ko", 0xAC00},
};

/* A character as often in it as in the language. */
static uint16_t draws[SPEED_LANGUAGES][DRAWS];

static bool load_draws(const char *folder, enum speed_language language)
{
    static uint64_t counts[32768];
    char path[4096];
    snprintf(path, sizeof path, "%s/%s.counts", folder, sources[language].file);
    FILE *const file = fopen(path, "rb");
    if (!file) {
        perror(path);
        return false;
    }
    const size_t count = fread(counts, sizeof *counts, 32768, file);
    fclose(file);
    double total = 0;
    for (size_t i = 0; i < count; i++) {
        total += (double)counts[i];
    }
    size_t filled = 0;
    double sum = 0;
    for (size_t i = 0; i < count; i++) {
        sum += (double)counts[i];
        for (; filled < (size_t)(sum / total * DRAWS) && filled < DRAWS; filled++) {
            draws[language][filled] = (uint16_t)(sources[language].first + i);
        }
    }
    for (; filled && filled < DRAWS; filled++) {
        draws[language][filled] = draws[language][0];
    }
    return filled > 0;
}

static uint16_t letter(enum speed_language language)
{
    if (language == SPEED_JAPANESE) {
        const uint32_t kind = random_below(100);
        if (kind < 50) {
            return (uint16_t)(0x3042 + random_below(80));
        }
        if (kind < 60) {
            return (uint16_t)(0x30A2 + random_below(80));
        }
    }
    return draws[language][random_below(DRAWS)];
}

static void add(struct corpus *corpus, uint32_t unit)
{
    corpus->unit[corpus->count++] = (uint16_t)unit;
}

/* `len` letters and the marks among them. */
static void add_clause(struct corpus *corpus, enum speed_language language, uint32_t len)
{
    uint32_t word = 2 + random_below(3);
    for (uint32_t i = 0; i < len; i++) {
        if (language == SPEED_KOREAN && word-- == 0) {
            add(corpus, ' ');
            word = 1 + random_below(4);
        }
        add(corpus, letter(language));
        if (random_below(100) == 0) {
            for (uint32_t digits = 1 + random_below(4); digits; digits--) {
                add(corpus, '0' + random_below(10));
            }
        }
    }
}

static struct corpus corpus_open(size_t count)
{
    return (struct corpus){.unit = malloc((count + PAGE_BYTES_MAX) * sizeof(uint16_t))};
}

struct corpus corpus_dense(const char *folder, enum speed_language language, size_t count)
{
    struct corpus corpus = corpus_open(count);
    if (!load_draws(folder, language)) {
        return (struct corpus){0};
    }
    const bool korean = language == SPEED_KOREAN;
    while (corpus.count < count) {
        for (uint32_t clauses = 1 + random_below(8); clauses; clauses--) {
            add_clause(&corpus, language, 4 + random_below(14));
            add(&corpus, korean ? (clauses > 1 ? ',' : '.') : (clauses > 1 ? 0xFF0C : 0x3002));
        }
        add(&corpus, '\n');
    }
    return corpus;
}

/* One page: tags, scripts, styles, digits and marks as they are; a word of n letters becomes
 * (n + 1) / 2 characters, and the space behind it goes where the language has none. */
static void add_page(struct corpus *corpus, enum speed_language language, const char *page,
                     size_t len, size_t limit)
{
    bool in_tag = false;
    const char *raw_end = NULL;
    for (size_t at = 0; at < len && corpus->count < limit; at++) {
        const unsigned char c = (unsigned char)page[at];
        if (c >= 0x80 || c == 0) {
            continue;
        }
        if (c == '<') {
            const char *const rest = page + at;
            in_tag = true;
            raw_end = raw_end && strncasecmp(rest, raw_end, strlen(raw_end)) == 0 ? NULL : raw_end;
            raw_end = strncasecmp(rest, "<script", 7) == 0  ? "</script"
                      : strncasecmp(rest, "<style", 6) == 0 ? "</style"
                                                            : raw_end;
        }
        if (in_tag || raw_end || !isalpha(c)) {
            add(corpus, c);
            in_tag = in_tag && c != '>';
            continue;
        }
        uint32_t letters = 0;
        while (at + letters < len && isalpha((unsigned char)page[at + letters])) {
            letters++;
        }
        for (uint32_t i = 0; i < (letters + 1) / 2; i++) {
            add(corpus, letter(language));
        }
        at += letters - 1;
        at += language != SPEED_KOREAN && at + 2 < len && page[at + 1] == ' ' &&
              isalpha((unsigned char)page[at + 2]);
    }
}

struct corpus corpus_web(const char *folder, enum speed_language language, const char *list,
                         size_t count)
{
    struct corpus corpus = corpus_open(count);
    static char page[PAGE_BYTES_MAX];
    char path[4096];
    FILE *const names = fopen(list, "r");
    if (!names || !load_draws(folder, language)) {
        perror(list);
        return (struct corpus){0};
    }
    while (corpus.count < count && fgets(path, sizeof path, names)) {
        path[strcspn(path, "\n")] = '\0';
        FILE *const file = fopen(path, "rb");
        if (file) {
            const size_t len = fread(page, 1, sizeof page - 1, file);
            page[len] = '\0';
            add_page(&corpus, language, page, len, count);
            fclose(file);
        }
    }
    fclose(names);
    return corpus;
}

struct encoded {
    uint8_t len; /* 0: the encoding has no such character */
    uint8_t byte[ENCODED_MAX];
};

uint8_t *corpus_encode(const struct corpus *corpus, const char *encoding, size_t *len)
{
    struct encoded *const table = calloc(65536, sizeof *table);
    uint8_t *const out = malloc(corpus->count * 4);
    const iconv_t converter = iconv_open(encoding, "UTF-16LE");
    if (converter == (iconv_t)-1) {
        perror(encoding);
        exit(1);
    }
    for (uint32_t c = 0; c < 65536; c++) {
        char unit[2] = {(char)(c & 0xFF), (char)(c >> 8)};
        char *in = unit;
        char *to = (char *)table[c].byte;
        size_t left = 2;
        size_t room = ENCODED_MAX;
        iconv(converter, NULL, NULL, NULL, NULL);
        table[c].len = iconv(converter, &in, &left, &to, &room) == (size_t)-1
                           ? 0
                           : (uint8_t)(ENCODED_MAX - room);
    }
    iconv_close(converter);
    *len = 0;
    for (size_t i = 0; i < corpus->count; i++) {
        const struct encoded *const e = &table[corpus->unit[i]];
        memcpy(out + *len, e->byte, e->len);
        *len += e->len;
    }
    free(table);
    return out;
}
