/* SPDX-License-Identifier: Apache-2.0 */
/* Tokenizer and tree construction alone, over pages in memory that are UTF-8 already.
 *
 *   bench_parse_pages ROUNDS < paths
 *
 * A line a round: bytes, pages, seconds of processor time. With 0
 * rounds a line a page: its bytes, the most its arena held, its path.
 */
#include "base/arena.h"
#include "markup/html.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { PAGES_MAX = 1 << 14, DEPTH_MAX = 512 };
#define ARENA_LIMIT ((size_t)8 << 30)

struct pages {
    str texts[PAGES_MAX];
    char *paths[PAGES_MAX];
    size_t count;
    size_t bytes;
};

static bool read_page(const char *path, str *out)
{
    FILE *file = fopen(path, "rb");
    char *content = NULL;
    size_t len = 0;
    bool good = file && fseek(file, 0, SEEK_END) == 0;
    const long size = good ? ftell(file) : -1;
    good = size >= 0 && fseek(file, 0, SEEK_SET) == 0;
    if (good && (content = malloc((size_t)size + 1))) {
        len = fread(content, 1, (size_t)size, file);
    }
    if (file) {
        (void)fclose(file);
    }
    *out = (str){.ptr = content, .len = len};
    return content && len == (size_t)size;
}

static bool read_pages(struct pages *pages)
{
    char *line = NULL;
    size_t capacity = 0;
    while (getline(&line, &capacity, stdin) > 0) {
        line[strcspn(line, "\n")] = '\0';
        if (pages->count == PAGES_MAX || !read_page(line, &pages->texts[pages->count])) {
            (void)fprintf(stderr, "bench_parse_pages: %s cannot be read\n", line);
            return false;
        }
        pages->bytes += pages->texts[pages->count].len;
        pages->paths[pages->count++] = line;
        line = NULL;
        capacity = 0;
    }
    free(line);
    return pages->count > 0;
}

static double processor_seconds(void)
{
    struct timespec now = {0};
    (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static bool parse_all(const struct pages *pages, struct arena *arena, bool say)
{
    for (size_t i = 0; i < pages->count; i++) {
        struct dom dom = {0};
        arena_reset(arena);
        if (html_parse(arena, pages->texts[i], DEPTH_MAX, NULL, &dom) != STATUS_OK) {
            (void)fprintf(stderr, "bench_parse_pages: %s failed\n", pages->paths[i]);
            return false;
        }
        if (say) {
            (void)printf("%zu\t%zu\t%s\n", pages->texts[i].len, arena->peak_bytes, pages->paths[i]);
        }
    }
    return true;
}

int main(int argc, char **argv)
{
    static struct pages pages;
    if (argc != 2) {
        (void)fputs("usage: bench_parse_pages ROUNDS < paths\n", stderr);
        return 64;
    }
    const long rounds = strtol(argv[1], NULL, 10);
    struct arena arena;
    arena_init(&arena, ARENA_LIMIT);
    bool good = read_pages(&pages) && parse_all(&pages, &arena, rounds == 0);
    for (long round = 0; good && round < rounds; round++) {
        const double started = processor_seconds();
        good = parse_all(&pages, &arena, false);
        (void)printf("%zu\t%zu\t%.6f\n", pages.bytes, pages.count, processor_seconds() - started);
    }
    arena_release(&arena);
    return good ? 0 : 1;
}
