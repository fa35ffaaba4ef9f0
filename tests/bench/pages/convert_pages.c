/* SPDX-License-Identifier: Apache-2.0 */
/* Pages in memory become records, over and over: what a host that holds bytes has of the plugin.
 *
 *   bench_convert_pages LIBRARY COLUMNS ROUNDS < paths        seconds of processor time a round
 *   bench_convert_pages LIBRARY COLUMNS 0 < paths             bytes of memory a page
 *
 * LIBRARY is libquern.so, COLUMNS a list with commas; paths, one a line, stand on standard input.
 * All pages are read before anything is measured, and a round before the first warms. With 0 rounds
 * every page is converted once, and a line says: its bytes, the most that was allocated meanwhile
 * beyond what was before (as malloc gives it, the record included), and its path. One thread.
 */
#include "common/file_read.h"
#include "pages/allocated.h"

#include "quern/plugin.h"

#include <dlfcn.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { PAGES_MAX = 1 << 14, COLUMNS_MAX = 128, PAGE_BYTES_MAX = 1 << 28 };

struct pages {
    struct text contents[PAGES_MAX];
    char *paths[PAGES_MAX];
    size_t count;
    size_t bytes;
};

struct request {
    const char *columns[COLUMNS_MAX];
    uint32_t column_count;
};

static bool read_pages(struct pages *pages)
{
    char *line = NULL;
    size_t capacity = 0;
    ssize_t len = 0;
    while ((len = getline(&line, &capacity, stdin)) > 0) {
        line[strcspn(line, "\n")] = '\0';
        struct text *content = &pages->contents[pages->count];
        if (pages->count == PAGES_MAX || !file_read(line, PAGE_BYTES_MAX, content)) {
            (void)fprintf(stderr, "bench_convert_pages: %s cannot be read\n", line);
            return false;
        }
        pages->bytes += content->len;
        pages->paths[pages->count++] = line;
        line = NULL;
        capacity = 0;
    }
    free(line);
    return pages->count > 0;
}

/* Rows of one page; -1: it went wrong. */
static int64_t convert_page(const struct quern_plugin *plugin, struct quern_convert *convert,
                            const struct text *content)
{
    const struct quern_input input = {.struct_size = sizeof input,
                                      .data = (const uint8_t *)content->ptr,
                                      .len = content->len,
                                      .name = "page.html"};
    struct quern_error why = {.struct_size = sizeof why};
    struct ArrowArrayStream stream = {0};
    if (plugin->convert_stream(convert, &input, &stream, &why) != QUERN_OK) {
        return -1;
    }
    struct ArrowArray batch = {0};
    int64_t rows = 0;
    int answer = stream.get_next(&stream, &batch);
    while (answer == 0 && batch.release) {
        rows += batch.length;
        batch.release(&batch);
        answer = stream.get_next(&stream, &batch);
    }
    stream.release(&stream);
    return answer == 0 ? rows : -1;
}

static double processor_seconds(void)
{
    struct timespec now = {0};
    (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static bool measure_time(const struct quern_plugin *plugin, struct quern_convert *convert,
                         const struct pages *pages, long rounds)
{
    for (long round = 0; round <= rounds; round++) {
        const double started = processor_seconds();
        int64_t rows = 0;
        for (size_t i = 0; i < pages->count; i++) {
            const int64_t more = convert_page(plugin, convert, &pages->contents[i]);
            if (more < 0) {
                (void)fprintf(stderr, "bench_convert_pages: %s failed\n", pages->paths[i]);
                return false;
            }
            rows += more;
        }
        if (round > 0) {
            (void)printf("%zu\t%" PRId64 "\t%.6f\n", pages->bytes, rows,
                         processor_seconds() - started);
        }
    }
    return true;
}

static bool measure_memory(const struct quern_plugin *plugin, struct quern_convert *convert,
                           const struct pages *pages)
{
    for (size_t i = 0; i < pages->count; i++) {
        const size_t before = allocated_begin();
        if (convert_page(plugin, convert, &pages->contents[i]) < 0) {
            return false;
        }
        (void)printf("%zu\t%zu\t%s\n", pages->contents[i].len, allocated_peak() - before,
                     pages->paths[i]);
    }
    return true;
}

/* `list` is cut at its commas. */
static bool read_columns(struct request *request, char *list)
{
    char *rest = list;
    while (rest && request->column_count < COLUMNS_MAX) {
        request->columns[request->column_count++] = strsep(&rest, ",");
    }
    return !rest;
}

/* Without RTLD_DEEPBIND, which would let the library pass by our malloc. */
static const struct quern_plugin *load_plugin(const char *path, struct quern_error *why)
{
    void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    quern_plugin_entry_function entry = NULL;
    if (library) {
        *(void **)&entry = dlsym(library, QUERN_PLUGIN_ENTRY_SYMBOL);
    }
    return entry ? entry(QUERN_ABI_MAJOR, why) : NULL;
}

static int measure(const char *library, const struct request *request, long rounds)
{
    static struct pages pages;
    struct quern_error why = {.struct_size = sizeof why};
    struct quern_convert *convert = NULL;
    const struct quern_plugin *plugin = load_plugin(library, &why);
    if (!plugin || plugin->convert_open(NULL, NULL, 0, request->columns, request->column_count,
                                        &convert, &why) != QUERN_OK) {
        (void)fprintf(stderr, "bench_convert_pages: %s: %s\n", library, why.message);
        return 1;
    }
    const bool good =
        read_pages(&pages) && (rounds > 0 ? measure_time(plugin, convert, &pages, rounds)
                                          : measure_memory(plugin, convert, &pages));
    plugin->convert_close(convert);
    return good ? 0 : 1;
}

int main(int argc, char **argv)
{
    struct request request = {0};
    if (argc != 4 || !read_columns(&request, argv[2])) {
        (void)fputs("usage: bench_convert_pages LIBRARY COLUMNS ROUNDS < paths\n", stderr);
        return 64;
    }
    return measure(argv[1], &request, strtol(argv[3], NULL, 10));
}
