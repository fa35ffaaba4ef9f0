/* SPDX-License-Identifier: Apache-2.0 */
/* Guards that a host may load and unload the library as often as it likes: a hundred rounds with
 * threads that read, one a folder and one over HTTP, by a name that had to be looked up, leave no
 * descriptor and no mapping behind. */
#include "harness/test.h"
#include "loaded.h"
#include "server.h"

#include <dirent.h>
#include <pthread.h>

enum { ROUNDS = 100, FIRST_COUNTED = 10, THREADS = 2, FILES = 3 };

struct counts {
    long descriptors;
    long mappings;
};

static struct counts count_now(void)
{
    struct counts counts = {0};
    char line[512];
    DIR *folder = opendir("/proc/self/fd");
    while (folder && readdir(folder)) {
        counts.descriptors++;
    }
    if (folder) {
        closedir(folder);
    }
    FILE *maps = fopen("/proc/self/maps", "r");
    while (maps && fgets(line, sizeof line, maps)) {
        /* A sanitizer maps shadow memory as it goes; what files are mapped is still counted. */
        counts.mappings += !QUERN_TEST_SANITIZED || strchr(line, '/') != NULL;
    }
    if (maps) {
        fclose(maps);
    }
    return counts;
}

struct work {
    const struct quern_plugin *plugin;
    const char *input;
    int64_t rows;
};

static void *read_on_thread(void *context)
{
    struct work *work = context;
    work->rows = read_all(work->plugin, NULL, work->input);
    return NULL;
}

static void one_round(const char *const inputs[THREADS], const int64_t rows[THREADS])
{
    struct loaded loaded = loaded_open();
    pthread_t threads[THREADS];
    struct work work[THREADS];
    for (int i = 0; i < THREADS; i++) {
        work[i] = (struct work){.plugin = loaded.plugin, .input = inputs[i]};
        CHECK(pthread_create(&threads[i], NULL, read_on_thread, &work[i]) == 0);
    }
    for (int i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
        CHECK_INT(work[i].rows, rows[i]);
    }
    loaded_close(&loaded);
}

TEST(a_hundred_rounds_leave_nothing_behind)
{
    const struct folder folder = folder_make(FILES);
    struct server server = server_open();
    char url[64];
    snprintf(url, sizeof url, "http://localhost:%d/ok", server.port);
    const char *const inputs[THREADS] = {folder.path, url};
    const int64_t rows[THREADS] = {FILES, 1};
    struct counts early = {0};
    for (int round = 1; round <= ROUNDS; round++) {
        one_round(inputs, rows);
        if (round == FIRST_COUNTED) {
            early = count_now();
        }
    }
    const struct counts late = count_now();
    CHECK(early.descriptors > 3 && early.mappings > 10);
    CHECK_INT(late.descriptors, early.descriptors);
    CHECK_INT(late.mappings, early.mappings);
    server_close(&server);
    folder_remove(&folder);
}

TEST_MAIN()
