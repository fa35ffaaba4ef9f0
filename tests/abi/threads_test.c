/* SPDX-License-Identifier: Apache-2.0 */
/* Guards the thread tags of plugin.h; run it under ThreadSanitizer. One source, many readers; one
 * converter, many streams; two hosts that must not hear of each other; cancel from anywhere. */
#include "harness/test.h"
#include "loaded.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>

enum { FILES = 40, THREADS = 4, ROUNDS = 20 };

static struct loaded loaded;
static const struct quern_plugin *plugin;
static struct folder folder;

TEST(begin)
{
    loaded = loaded_open();
    plugin = loaded.plugin;
    folder = folder_make(FILES);
    CHECK(plugin != NULL);
}

struct reading {
    struct quern_source *source;
    struct quern_bytes split;
    int64_t rows;
};

static void *read_split(void *context)
{
    struct reading *reading = context;
    struct quern_error error = {.struct_size = sizeof error};
    struct ArrowArrayStream stream;
    struct quern_reader *reader = open_reader(plugin, reading->source, reading->split, &error);
    reading->rows = -1;
    if (reader && plugin->reader_stream(reader, &stream, &error) == QUERN_OK) {
        reading->rows = drain(&stream);
    }
    plugin->reader_close(reader);
    return NULL;
}

TEST(readers_of_one_source_run_side_by_side)
{
    pthread_t threads[THREADS];
    struct reading readings[THREADS];
    struct quern_source *source = open_source(plugin, NULL, folder.path, NULL, NULL, NULL);
    const struct quern_bytes split = first_split(plugin, source);
    for (int i = 0; i < THREADS; i++) {
        readings[i] = (struct reading){.source = source, .split = split};
        CHECK(pthread_create(&threads[i], NULL, read_split, &readings[i]) == 0);
    }
    for (int i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
        CHECK_INT(readings[i].rows, FILES);
    }
    plugin->source_close(source);
    free((void *)(uintptr_t)split.data);
}

static void *read_everything(void *context)
{
    int64_t *rows = context;
    *rows = read_all(plugin, NULL, folder.path);
    return NULL;
}

TEST(sources_are_opened_and_closed_on_any_thread)
{
    pthread_t threads[THREADS];
    int64_t rows[THREADS];
    for (int i = 0; i < THREADS; i++) {
        CHECK(pthread_create(&threads[i], NULL, read_everything, &rows[i]) == 0);
    }
    for (int i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
        CHECK_INT(rows[i], FILES);
    }
}

static void *convert_some(void *context)
{
    struct quern_convert *convert = context;
    long good = 0;
    for (int i = 0; i < ROUNDS; i++) {
        struct ArrowArrayStream stream;
        const struct quern_input input = {.struct_size = sizeof input,
                                          .data = (const uint8_t *)"some plain text",
                                          .len = 15,
                                          .name = "a.txt"};
        if (plugin->convert_stream(convert, &input, &stream, NULL) == QUERN_OK) {
            good += drain(&stream) == 1;
        }
    }
    return (void *)(uintptr_t)good;
}

TEST(streams_of_one_converter_run_side_by_side)
{
    pthread_t threads[THREADS];
    struct quern_convert *convert = NULL;
    CHECK(plugin->convert_open(NULL, NULL, 0, NULL, 0, &convert, NULL) == QUERN_OK);
    for (int i = 0; i < THREADS; i++) {
        CHECK(pthread_create(&threads[i], NULL, convert_some, convert) == 0);
    }
    for (int i = 0; i < THREADS; i++) {
        void *good = NULL;
        pthread_join(threads[i], &good);
        CHECK_INT((uintptr_t)good, ROUNDS);
    }
    plugin->convert_close(convert);
}

TEST(a_cancelled_converter_ends_its_streams_and_later_ones)
{
    struct quern_convert *convert = NULL;
    struct ArrowArrayStream before;
    struct ArrowArrayStream after;
    struct ArrowArray array;
    const struct quern_input input = {
        .struct_size = sizeof input, .data = (const uint8_t *)"text", .len = 4};
    CHECK(plugin->convert_open(NULL, NULL, 0, NULL, 0, &convert, NULL) == QUERN_OK);
    CHECK(plugin->convert_stream(convert, &input, &before, NULL) == QUERN_OK);
    plugin->convert_cancel(convert);
    plugin->convert_cancel(convert);
    CHECK(plugin->convert_stream(convert, &input, &after, NULL) == QUERN_OK);
    CHECK_INT(before.get_next(&before, &array), ECANCELED);
    CHECK_INT(after.get_next(&after, &array), ECANCELED);
    CHECK(before.get_last_error(&before) != NULL);
    struct quern_error error = {.struct_size = sizeof error};
    const struct ArrowArrayStream moved = before;
    CHECK(plugin->convert_error(&moved, &error) == QUERN_CANCELLED);
    CHECK_INT(error.status, QUERN_CANCELLED);
    before.release(&before);
    CHECK(plugin->convert_error(&before, NULL) == QUERN_INVALID_ARGUMENT);
    after.release(&after);
    plugin->convert_close(convert);
}

struct pull {
    struct ArrowArrayStream stream;
    atomic_long batches;
    int error;
};

static void *pull_until_it_ends(void *context)
{
    struct pull *pull = context;
    for (;;) {
        struct ArrowArray array;
        pull->error = pull->stream.get_next(&pull->stream, &array);
        if (pull->error || !array.release) {
            return NULL;
        }
        array.release(&array);
        atomic_fetch_add(&pull->batches, 1);
    }
}

TEST(cancel_comes_from_another_thread_at_any_moment)
{
    struct quern_source *source =
        open_source(plugin, NULL, folder.path, "batch_wait_ms", "0", NULL);
    const struct quern_bytes split = first_split(plugin, source);
    long cancelled = 0;
    for (int i = 0; i < ROUNDS; i++) {
        pthread_t thread;
        struct pull pull = {.error = 0};
        struct quern_reader *reader = open_reader(plugin, source, split, NULL);
        CHECK(plugin->reader_stream(reader, &pull.stream, NULL) == QUERN_OK);
        CHECK(pthread_create(&thread, NULL, pull_until_it_ends, &pull) == 0);
        while (atomic_load(&pull.batches) < i / 2) {
        }
        plugin->reader_cancel(reader);
        pthread_join(thread, NULL);
        cancelled += pull.error == ECANCELED;
        CHECK(pull.error == ECANCELED || (pull.error == 0 && pull.batches == FILES));
        pull.stream.release(&pull.stream);
        plugin->reader_close(reader);
    }
    CHECK(cancelled > 0);
    plugin->source_close(source);
    free((void *)(uintptr_t)split.data);
}

/* --- two hosts in one process --- */

struct heard {
    pthread_t thread;
    long progress;
    long foreign; /* callbacks on another thread than the one inside the call */
    int64_t documents;
    atomic_bool closed;
    atomic_long late;
};

static void hear(struct heard *heard)
{
    heard->foreign += !pthread_equal(pthread_self(), heard->thread);
    atomic_fetch_add(&heard->late, atomic_load(&heard->closed));
}

static bool go_on(void *context)
{
    hear(context);
    return false;
}

static void note_progress(void *context, const struct quern_progress *progress)
{
    struct heard *heard = context;
    hear(heard);
    heard->progress++;
    heard->documents = progress->documents_done;
}

static void *be_a_host(void *context)
{
    struct heard *heard = context;
    heard->thread = pthread_self();
    struct quern_host host = {.struct_size = sizeof host,
                              .context = heard,
                              .is_cancelled = go_on,
                              .progress = note_progress};
    struct loaded own = loaded_open();
    const int64_t rows = read_all(own.plugin, &host, folder.path);
    atomic_store(&heard->closed, true);
    loaded_close(&own);
    return (void *)(intptr_t)rows;
}

TEST(two_hosts_in_one_process_hear_only_of_their_own)
{
    static struct heard heard[2];
    pthread_t threads[2];
    for (int i = 0; i < 2; i++) {
        CHECK(pthread_create(&threads[i], NULL, be_a_host, &heard[i]) == 0);
    }
    for (int i = 0; i < 2; i++) {
        void *rows = NULL;
        pthread_join(threads[i], &rows);
        CHECK_INT((intptr_t)rows, FILES);
        CHECK(heard[i].progress >= FILES);
        CHECK_INT(heard[i].foreign, 0);
        CHECK_INT(heard[i].documents, FILES);
        CHECK_INT(heard[i].late, 0);
    }
}

TEST(end)
{
    folder_remove(&folder);
    loaded_close(&loaded);
    CHECK(loaded.plugin == NULL);
}

TEST_MAIN()
