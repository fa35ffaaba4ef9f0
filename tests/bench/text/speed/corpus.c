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
    uint32_t word = 3;
    for (uint32_t i = 0; i < len; i++) {
        if (language == SPEED_KOREAN && word-- == 0) {
            add(corpus, ' ');
            word = 1 + random_below(3) + random_below(3); /* syllables: three mostly */
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

/* Behind the element that begins at `at` when its content is not for readers; `at` else. */
static size_t skip_raw(const char *page, size_t len, size_t at)
{
    static const char *const raw[][2] = {
        {"<script", "</script"}, {"<style", "</style"}, {"<svg", "</svg"}, {"<!--", "-->"}};
    for (size_t i = 0; i < sizeof raw / sizeof raw[0]; i++) {
        if (strncasecmp(page + at, raw[i][0], strlen(raw[i][0])) == 0) {
            const char *const end = strcasestr(page + at, raw[i][1]);
            return end ? (size_t)(end - page) : len;
        }
    }
    return at;
}

/* A word of n letters becomes (n + 1) / 2 characters, and the space behind it goes where the
 * language has none. Returns the bytes of the page it stood in. */
static size_t add_word(struct corpus *corpus, enum speed_language language, const char *word)
{
    size_t len = 0;
    while (isalpha((unsigned char)word[len])) {
        len++;
    }
    for (size_t i = 0; i < (len + 1) / 2; i++) {
        add(corpus, letter(language));
    }
    const bool joins =
        language != SPEED_KOREAN && word[len] == ' ' && isalpha((unsigned char)word[len + 1]);
    return len + joins;
}

/* One page, ended by a NUL. In a feed no scripts, styles, drawings and comments stand, tags are cut
 * at TAG_MAX and white space is one space. */
static void add_page(struct corpus *corpus, enum speed_language language, bool feed,
                     const char *page, size_t len, size_t limit)
{
    enum { TAG_MAX = 40 };
    size_t tag = 0; /* bytes of it so far; 0: outside */
    for (size_t at = 0; at < len && corpus->count < limit; at++) {
        const unsigned char c = (unsigned char)page[at];
        if (c == '<') {
            const size_t end = skip_raw(page, len, at);
            for (size_t i = at; !feed && i < end; i++) {
                if ((unsigned char)page[i] < 0x80) {
                    add(corpus, (unsigned char)page[i]);
                }
            }
            at = end;
            tag = 1;
            add(corpus, '<');
            continue;
        }
        if (c >= 0x80 || c == 0) {
            continue;
        }
        if (tag) {
            if (c == '>' || !feed || tag++ < TAG_MAX) {
                add(corpus, c);
            }
            tag = c == '>' ? 0 : tag;
        } else if (isalpha(c)) {
            at += add_word(corpus, language, page + at) - 1;
        } else if (!feed || !isspace(c) || !isspace((unsigned char)page[at + 1])) {
            add(corpus, c);
        }
    }
}

struct corpus corpus_web(const char *folder, enum speed_language language, bool feed,
                         const char *list, size_t count)
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
            add_page(&corpus, language, feed, page, len, count);
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
