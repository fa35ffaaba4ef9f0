/* SPDX-License-Identifier: Apache-2.0 */
/* Guards the walk through folders: what cannot be listed, or not wholly, is a step of its own. */
#include "harness/test.h"
#include "job/walk.h"

#include <dirent.h>
#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

static char folder[64];
static int entries_left = INT32_MAX; /* before reading a folder fails */

/* In the place of libc's. */
struct dirent *readdir(DIR *opened)
{
    if (entries_left-- == 0) {
        errno = EIO;
        return NULL;
    }
    struct dirent64 *entry = readdir64(opened);
    return (struct dirent *)(void *)entry;
}

static void make_folder(void)
{
    snprintf(folder, sizeof folder, "/tmp/quern-walk-XXXXXX");
    CHECK(mkdtemp(folder) != NULL);
}

static void remove_folder(void)
{
    char command[96];
    snprintf(command, sizeof command, "rm -rf '%s'", folder);
    CHECK_INT(system(command), 0);
}

/* Steps with this error; `*all`: steps altogether. */
static int count_errors(int error, int *all)
{
    const bytes start = {.ptr = (const uint8_t *)folder, .len = strlen(folder)};
    struct walk *walk = walk_open(start);
    struct walk_step step;
    int count = 0;
    *all = 0;
    while (walk_next(walk, &step) == STATUS_OK && step.path.ptr) {
        count += step.error == error;
        ++*all;
    }
    walk_close(walk);
    return count;
}

TEST(half_a_list_of_a_folder_is_an_error_and_no_list)
{
    int all = 0;
    char path[96];
    make_folder();
    for (int i = 0; i < 5; i++) {
        snprintf(path, sizeof path, "%s/%d", folder, i);
        CHECK(mkdir(path, 0755) == 0);
        snprintf(path, sizeof path, "%s/%d/file", folder, i);
        FILE *file = fopen(path, "w");
        CHECK(file != NULL && fclose(file) == 0);
    }
    CHECK_INT(count_errors(0, &all), 5);
    CHECK_INT(all, 5);
    entries_left = 4;
    CHECK_INT(count_errors(EIO, &all), 1);
    CHECK_INT(all, 1); /* the input itself */
    entries_left = 8 + 2;
    CHECK_INT(count_errors(EIO, &all), 1);
    CHECK_INT(all, 5); /* one folder within */
    entries_left = INT32_MAX;
    remove_folder();
}

TEST(folders_nested_too_deep_are_told)
{
    int all = 0;
    char path[1024];
    make_folder();
    int len = snprintf(path, sizeof path, "%s", folder);
    for (int i = 0; i < 200; i++) {
        path[len++] = '/';
        path[len++] = 'd';
        path[len] = '\0';
        CHECK(mkdir(path, 0755) == 0);
    }
    CHECK_INT(count_errors(ELOOP, &all), 1);
    CHECK_INT(all, 1);
    remove_folder();
}

TEST_MAIN()
