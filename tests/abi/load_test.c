/* SPDX-License-Identifier: Apache-2.0 */
/* Guards that a host may load and unload the library as often as it likes: a hundred rounds with
 * threads that read leave no descriptor and no mapping behind. */
#include "harness/test.h"
#include "loaded.h"

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

static void one_round(const struct folder *folder)
{
    struct loaded loaded = loaded_open();
    pthread_t threads[THREADS];
    struct work work[THREADS];
    for (int i = 0; i < THREADS; i++) {
        work[i] = (struct work){.plugin = loaded.plugin, .input = folder->path};
        CHECK(pthread_create(&threads[i], NULL, read_on_thread, &work[i]) == 0);
    }
    for (int i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
        CHECK_INT(work[i].rows, FILES);
    }
    loaded_close(&loaded);
}

TEST(a_hundred_rounds_leave_nothing_behind)
{
    const struct folder folder = folder_make(FILES);
    struct counts early = {0};
    for (int round = 1; round <= ROUNDS; round++) {
        one_round(&folder);
        if (round == FIRST_COUNTED) {
            early = count_now();
        }
    }
    const struct counts late = count_now();
    CHECK(early.descriptors > 3 && early.mappings > 10);
    CHECK_INT(late.descriptors, early.descriptors);
    CHECK_INT(late.mappings, early.mappings);
    folder_remove(&folder);
}

TEST_MAIN()
