/* SPDX-License-Identifier: Apache-2.0 */
/* The least that a host can do: pulls every batch of the columns asked for, and lets it go.
 *
 *   bench_pull [--threads N] [--set KEY=VALUE]… LIBRARY COLUMNS INPUT…
 *
 * LIBRARY is libquern.so, COLUMNS a list with commas, or `all`. What any other host needs beyond
 * this for the same columns of the same inputs is its overhead (hosts.py). Prints one line of JSON;
 * the time is that from opening the source to closing it, loading the library is before it.
 */
#include "common/arrow_view.h"
#include "common/option_list.h"
#include "common/plugin_load.h"
#include "common/split_queue.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { THREADS_MAX = 64, COLUMNS_MAX = 128, LINE_MAX_BYTES = 256 };

struct request {
    const char *library;
    const char *columns[COLUMNS_MAX];
    uint32_t column_count;
    bool all_columns;
    size_t thread_count;
    struct option_list options;
};

struct worker {
    pthread_t thread;
    const struct request *request;
    struct split_queue *queue;
    int64_t records;
    int64_t values; /* that are not null */
    int64_t text_bytes;
    struct text error; /* empty: it went well */
};

/* --- one thread --- */

/* The bytes of the texts in a batch, those inside lists too: the last offset of each column says
 * it. Recurses as deep as the schema. */
static int64_t count_text(struct arrow_view view)
{
    const struct ArrowArray *array = view.array;
    int64_t bytes = 0;
    if (arrow_type_of(view.schema->format) == ARROW_TEXT && array->length > 0) {
        const int32_t *offsets = array->buffers[1];
        bytes = offsets[array->offset + array->length] - offsets[array->offset];
    }
    for (int64_t i = 0; i < array->n_children; i++) {
        bytes += count_text(arrow_child(view, i));
    }
    return bytes;
}

static int64_t count_values(const struct ArrowArray *batch)
{
    int64_t values = 0;
    for (int64_t i = 0; i < batch->n_children; i++) {
        values += batch->length - batch->children[i]->null_count;
    }
    return values;
}

static bool pull_stream(struct worker *worker, struct quern_reader *reader,
                        struct ArrowArrayStream *stream)
{
    struct ArrowSchema schema;
    struct ArrowArray batch = {0};
    if (stream->get_schema(stream, &schema) != 0) {
        text_add_string(&worker->error, "the plugin gives no schema");
        return false;
    }
    int answer = stream->get_next(stream, &batch);
    while (answer == 0 && batch.release) {
        worker->records += batch.length;
        worker->values += count_values(&batch);
        worker->text_bytes += count_text((struct arrow_view){&schema, &batch});
        batch.release(&batch);
        answer = stream->get_next(stream, &batch);
    }
    schema.release(&schema);
    if (answer != 0) {
        struct quern_error why = {.struct_size = sizeof why};
        (void)worker->queue->plugin->reader_error(reader, &why);
        plugin_describe_error(&worker->error, &why);
    }
    return answer == 0;
}

static bool pull_split(struct worker *worker, span split)
{
    const struct quern_plugin *plugin = worker->queue->plugin;
    struct quern_error why = {.struct_size = sizeof why};
    struct quern_reader *reader = NULL;
    struct ArrowArrayStream stream = {0};
    const struct quern_read read = {
        .struct_size = sizeof read,
        .columns = worker->request->all_columns ? NULL : worker->request->columns,
        .column_count = worker->request->column_count,
        .split = {(const uint8_t *)split.ptr, split.len},
    };
    bool good = plugin->reader_open(worker->queue->source, &read, &reader, &why) == QUERN_OK &&
                plugin->reader_stream(reader, &stream, &why) == QUERN_OK;
    if (good) {
        good = pull_stream(worker, reader, &stream);
        stream.release(&stream);
    } else {
        plugin_describe_error(&worker->error, &why);
    }
    plugin->reader_close(reader);
    return good;
}

static void *pull_splits(void *context)
{
    struct worker *worker = context;
    struct text split = {0};
    while (split_queue_next(worker->queue, &split, &worker->error) && split.len > 0 &&
           pull_split(worker, text_span(&split))) {
        text_clear(&split);
    }
    text_release(&split);
    return NULL;
}

/* --- all of them --- */

/* The first thread is the caller's own, as in a host that has one. */
static bool run_workers(struct worker *workers, size_t count)
{
    size_t started = 1;
    while (started < count &&
           pthread_create(&workers[started].thread, NULL, pull_splits, &workers[started]) == 0) {
        started++;
    }
    (void)pull_splits(&workers[0]);
    for (size_t i = 1; i < started; i++) {
        (void)pthread_join(workers[i].thread, NULL);
    }
    return started == count;
}

static bool collect(struct worker *workers, size_t count, struct worker *sum)
{
    for (size_t i = 0; i < count; i++) {
        sum->records += workers[i].records;
        sum->values += workers[i].values;
        sum->text_bytes += workers[i].text_bytes;
        text_add(&sum->error, text_span(&workers[i].error));
        text_release(&workers[i].error);
    }
    return sum->error.len == 0 && !sum->error.failed;
}

static bool pull_all(const struct quern_plugin *plugin, const struct request *request,
                     struct worker *sum)
{
    struct quern_error why = {.struct_size = sizeof why};
    struct quern_source *source = NULL;
    struct split_queue queue = {0};
    struct worker workers[THREADS_MAX] = {0};
    if (plugin->source_open(NULL, request->options.options, request->options.count, &source,
                            &why) != QUERN_OK) {
        plugin_describe_error(&sum->error, &why);
        return false;
    }
    bool good = split_queue_open(&queue, plugin, source, &sum->error);
    if (good) {
        for (size_t i = 0; i < request->thread_count; i++) {
            workers[i] = (struct worker){.request = request, .queue = &queue};
        }
        good = run_workers(workers, request->thread_count);
        good = collect(workers, request->thread_count, sum) && good;
    }
    split_queue_close(&queue);
    plugin->source_close(source);
    return good;
}

/* --- what it took --- */

static double seconds_of(clockid_t clock)
{
    struct timespec now = {0};
    (void)clock_gettime(clock, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* Of this program alone; getrusage would tell what its parent held before it became this one. */
static int64_t peak_bytes(void)
{
    char line[LINE_MAX_BYTES];
    int64_t kib = 0;
    FILE *status = fopen("/proc/self/status", "r");
    while (status && fgets(line, sizeof line, status)) {
        if (strncmp(line, "VmHWM:", 6) == 0) {
            kib = strtoll(line + 6, NULL, 10);
        }
    }
    if (status) {
        (void)fclose(status);
    }
    return kib * 1024;
}

static int measure(const struct quern_plugin *plugin, const struct request *request)
{
    struct worker sum = {0};
    const double clock = seconds_of(CLOCK_MONOTONIC);
    const double processor = seconds_of(CLOCK_PROCESS_CPUTIME_ID);
    const bool good = pull_all(plugin, request, &sum);
    const double used = seconds_of(CLOCK_PROCESS_CPUTIME_ID) - processor;
    const double passed = seconds_of(CLOCK_MONOTONIC) - clock;
    if (good) {
        (void)printf("{\"records\": %" PRId64 ", \"values\": %" PRId64 ", \"text_bytes\": %" PRId64
                     ", \"seconds\": %.6f, \"processor_seconds\": %.6f"
                     ", \"records_per_second\": %.1f, \"peak_bytes\": %" PRId64 "}\n",
                     sum.records, sum.values, sum.text_bytes, passed, used,
                     (double)sum.records / passed, peak_bytes());
    } else {
        (void)fprintf(stderr, "bench_pull: %s\n",
                      sum.error.len > 0 ? text_string(&sum.error) : "no memory or no thread");
    }
    text_release(&sum.error);
    return good ? 0 : 1;
}

/* --- arguments --- */

static bool add_set(struct request *request, const char *pair, struct text *error)
{
    const char *equals = strchr(pair, '=');
    const span key = {pair, equals ? (size_t)(equals - pair) : 0};
    return equals && option_list_add(&request->options, key, span_of(equals + 1), error);
}

/* `list` is cut at its commas. */
static bool read_columns(struct request *request, char *list)
{
    request->all_columns = strcmp(list, "all") == 0;
    while (!request->all_columns && list && *list) {
        char *comma = strchr(list, ',');
        if (request->column_count == COLUMNS_MAX) {
            return false;
        }
        request->columns[request->column_count++] = list;
        if (comma) {
            *comma = '\0';
        }
        list = comma ? comma + 1 : NULL;
    }
    return true;
}

static bool read_arguments(struct request *request, int argc, char **argv, struct text *error)
{
    int i = 1;
    for (; i + 1 < argc && strncmp(argv[i], "--", 2) == 0; i += 2) {
        if (strcmp(argv[i], "--threads") == 0) {
            request->thread_count = strtoul(argv[i + 1], NULL, 10);
        } else if (strcmp(argv[i], "--set") != 0 || !add_set(request, argv[i + 1], error)) {
            return false;
        }
    }
    if (argc - i < 3 || request->thread_count < 1 || request->thread_count > THREADS_MAX ||
        !read_columns(request, argv[i + 1])) {
        return false;
    }
    request->library = argv[i];
    for (i += 2; i < argc; i++) {
        if (!option_list_add(&request->options, SPAN("input"), span_of(argv[i]), error)) {
            return false;
        }
    }
    return true;
}

int main(int argc, char **argv)
{
    struct request request = {.thread_count = 1};
    struct plugin_library library = {0};
    struct text error = {0};
    int answer = 1;
    if (!read_arguments(&request, argc, argv, &error)) {
        (void)fprintf(stderr,
                      "%s\nusage: bench_pull [--threads N] [--set KEY=VALUE]... LIBRARY COLUMNS "
                      "INPUT...\n",
                      text_string(&error));
        answer = 2;
    } else if (!plugin_load(request.library, &library, &error)) {
        (void)fprintf(stderr, "bench_pull: %s\n", text_string(&error));
    } else {
        answer = measure(library.table, &request);
    }
    option_list_release(&request.options);
    plugin_unload(&library);
    text_release(&error);
    return answer;
}
