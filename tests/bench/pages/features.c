/* SPDX-License-Identifier: Apache-2.0 */
/* What model.c is trained from: the numbers of every block of pages that are UTF-8 already.
 *
 *   bench_page_features < paths
 *
 * First a line with the features' names. Then for each page its path on a line that begins with #,
 * and a line a block, with tabs between: K or D, what the rules make of it; the numbers; its text.
 */
#include "markup/html.h"
#include "page/blocks.h"
#include "page/judge.h"
#include "page/noscript.h"
#include "page/select.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DEPTH_MAX = 512 };
#define ARENA_LIMIT ((size_t)8 << 30)

static bool read_page(const char *path, char **page, size_t *page_len)
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
    *page = content;
    *page_len = len;
    return content && len == (size_t)size;
}

static void say_text(str text)
{
    for (size_t i = 0; i < text.len; i++) {
        (void)putchar((unsigned char)text.ptr[i] < 0x20 ? ' ' : text.ptr[i]);
    }
}

static void see(void *context, const struct lines *lines, const struct block *block,
                const int16_t *numbers)
{
    (void)context;
    (void)putchar(block->kept ? 'K' : 'D');
    for (size_t i = 0; i < FEATURE_COUNT; i++) {
        (void)printf("\t%d", numbers[i]);
    }
    (void)putchar('\t');
    for (size_t i = block->first; i < block->end; i++) {
        say_text(line_text(lines, &lines->items[i]));
        (void)putchar(i + 1 < block->end ? ' ' : '\n');
    }
}

static enum status silent(struct sink *sink, const struct event *event)
{
    (void)sink;
    (void)event;
    return STATUS_OK;
}

static enum status say_page(struct arena *arena, str page)
{
    struct document document = {.arena = arena};
    struct sink sink = {.event = silent};
    struct dom dom = {0};
    struct lines lines;
    struct metadata metadata;
    TRY(html_parse(arena, page, DEPTH_MAX, NULL, &dom));
    noscript_read(&document, &dom);
    TRY(blocks_read(arena, &dom, &sink, &lines, &metadata));
    return lines_select_watched(&lines, &(struct block_watch){.see = see});
}

static void say_names(void)
{
#define FEATURE(name) (void)printf("%s ", #name);
#include "page/features.def"
    (void)putchar('\n');
}

int main(void)
{
    struct arena arena;
    char *line = NULL;
    size_t capacity = 0;
    arena_init(&arena, ARENA_LIMIT);
    say_names();
    while (getline(&line, &capacity, stdin) > 0) {
        char *page = NULL;
        size_t len = 0;
        line[strcspn(line, "\n")] = '\0';
        if (!read_page(line, &page, &len)) {
            (void)fprintf(stderr, "bench_page_features: %s cannot be read\n", line);
            return 1;
        }
        (void)printf("# %s\n", line);
        arena_reset(&arena);
        if (say_page(&arena, (str){.ptr = page, .len = len}) != STATUS_OK) {
            (void)fprintf(stderr, "bench_page_features: %s failed\n", line);
            return 1;
        }
        free(page);
    }
    free(line);
    arena_release(&arena);
    return 0;
}
