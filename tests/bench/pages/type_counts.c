/* SPDX-License-Identifier: Apache-2.0 */
/* What is counted of pages to tell their type, for train_types.py. The pages are UTF-8.
 *
 *   bench_type_counts < paths
 *
 * The first line names the counts, each further one is a page: its path and its levels. */
#include "markup/html.h"
#include "page/blocks.h"
#include "page/metadata.h"
#include "page/page_type.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DEPTH_MAX = 512, PATH_BYTES_MAX = 4096 };
#define ARENA_LIMIT ((size_t)4 << 30)

static bool read_page(const char *path, struct arena *arena, str *out)
{
    FILE *file = fopen(path, "rb");
    const bool sized = file && fseek(file, 0, SEEK_END) == 0;
    const long size = sized ? ftell(file) : -1;
    char *content = size >= 0 ? arena_text(arena, (size_t)size + 1) : NULL;
    const bool good = content && fseek(file, 0, SEEK_SET) == 0 &&
                      fread(content, 1, (size_t)size, file) == (size_t)size;
    if (file) {
        (void)fclose(file);
    }
    *out = (str){.ptr = content, .len = good ? (size_t)size : 0};
    return good;
}

static enum status hear_nothing(struct sink *sink, const struct event *event)
{
    (void)sink;
    (void)event;
    return STATUS_OK;
}

static bool say_page(const char *path, struct arena *arena)
{
    static struct lines lines;
    static struct metadata metadata;
    static struct density density;
    struct sink sink = {.event = hear_nothing};
    struct dom dom = {0};
    str text;
    arena_reset(arena);
    if (!read_page(path, arena, &text) ||
        html_parse(arena, text, DEPTH_MAX, NULL, &dom) != STATUS_OK ||
        blocks_read(arena, &dom, &sink, &lines, &metadata) != STATUS_OK ||
        density_measure(&lines, &density) != STATUS_OK ||
        page_type_count(&density, &lines.evidence) != STATUS_OK) {
        return false;
    }
    (void)printf("%s", path);
    for (enum type_count i = 0; i < TYPE_COUNT_COUNT; i++) {
        (void)printf("\t%u", type_count_level(&lines.evidence.counts, i));
    }
    (void)putchar('\n');
    return true;
}

int main(void)
{
    char path[PATH_BYTES_MAX];
    struct arena arena;
    arena_init(&arena, ARENA_LIMIT);
    (void)printf("path");
    for (enum type_count i = 0; i < TYPE_COUNT_COUNT; i++) {
        const str name = type_count_name(i);
        (void)printf("\t%.*s", (int)name.len, name.ptr);
    }
    (void)putchar('\n');
    while (fgets(path, sizeof path, stdin)) {
        path[strcspn(path, "\n")] = '\0';
        if (!say_page(path, &arena)) {
            (void)fprintf(stderr, "bench_type_counts: %s cannot be read\n", path);
            return 1;
        }
    }
    arena_release(&arena);
    return 0;
}
