/* SPDX-License-Identifier: Apache-2.0 */
/* Guards kept contents: what comes back has the same id and provenance, and nothing leads outside. */
#include "harness/test.h"
#include "job/keep.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

static char folder[64];
static struct arena arena;

static const uint8_t content[] = "content\n";
/* printf 'content\n' | sha256sum */
#define SHA256 "434728a410a78f56fc1b5899c3593436e61ab0c731e9072d95e96db290205e53"

static struct kept a_kept(void)
{
    return (struct kept){.id = STR("0123456789abcdef0123456789abcdef"),
                         .kind = IDENTITY_FILE,
                         .identity = {(const uint8_t *)"\xB2\xE2", 2},
                         .url = STR("%B2%E2"),
                         .name = STR("a \"b\".txt"),
                         .media_type = STR("text/plain"),
                         .charset = STR(""),
                         .http_status = 200,
                         .fetched_at_us = 1700000000000000,
                         .sha256 = STR(SHA256),
                         .truncated = true};
}

static void path_of(const char *name, char path[256])
{
    snprintf(path, 256, "%s/%s", folder, name);
}

TEST(what_was_kept_comes_back)
{
    struct kept back;
    struct stat about;
    str content_path;
    char path[256];
    const struct kept kept = a_kept();
    snprintf(folder, sizeof folder, "/tmp/quern-keep-XXXXXX");
    CHECK(mkdtemp(folder) != NULL);
    arena_init(&arena, 1 << 24);
    CHECK(keep_write(&arena, str_of(folder), &kept, (bytes){content, sizeof content - 1}));
    CHECK(keep_write(&arena, str_of(folder), &kept, (bytes){content, sizeof content - 1}));
    path_of("0123456789abcdef0123456789abcdef.json", path);
    CHECK(keep_read(&arena, path, &back, &content_path));
    CHECK_STR(back.id, kept.id);
    CHECK(bytes_equal(back.identity, kept.identity));
    CHECK(back.kind == IDENTITY_FILE && back.truncated && !back.limited);
    CHECK_STR(back.name, kept.name);
    CHECK(back.final_url.ptr == NULL);
    CHECK_INT(back.http_status, 200);
    CHECK_INT(back.fetched_at_us, kept.fetched_at_us);
    CHECK(stat(content_path.ptr, &about) == 0 && about.st_size == sizeof content - 1);
    CHECK(remove(content_path.ptr) == 0 && remove(path) == 0 && rmdir(folder) == 0);
    arena_release(&arena);
}

/* One reader at work, and one that was killed while it wrote. */
TEST(a_part_that_somebody_writes_is_let_alone_and_one_that_was_left_goes)
{
    char path[256];
    const struct kept kept = a_kept();
    struct stat about;
    static const char *const made[] = {SHA256, "0123456789abcdef0123456789abcdef.json"};
    snprintf(folder, sizeof folder, "/tmp/quern-keep-XXXXXX");
    CHECK(mkdtemp(folder) != NULL);
    path_of(".unfinished-0", path);
    const int at_work = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    CHECK(at_work >= 0 && write(at_work, "half", 4) == 4 && flock(at_work, LOCK_EX) == 0);
    for (int i = 1; i < 4; i++) {
        char name[32];
        snprintf(name, sizeof name, ".unfinished-%d", i);
        path_of(name, path);
        FILE *file = fopen(path, "w");
        CHECK(file != NULL && fputs("left", file) >= 0 && fclose(file) == 0);
    }
    arena_init(&arena, 1 << 24);
    CHECK(keep_write(&arena, str_of(folder), &kept, (bytes){content, sizeof content - 1}));
    CHECK(stat(path, &about) == 0); /* the third: nobody needed its place */
    CHECK(keep_open(&arena, str_of(folder)));
    CHECK(stat(path, &about) != 0);
    arena_release(&arena);
    path_of(".unfinished-0", path);
    CHECK(stat(path, &about) == 0 && about.st_size == 4 && remove(path) == 0);
    CHECK(close(at_work) == 0);
    for (size_t i = 0; i < 2; i++) {
        path_of(made[i], path);
        CHECK(remove(path) == 0);
    }
    CHECK(rmdir(folder) == 0);
}

TEST(the_folder_is_made_with_those_it_lies_in)
{
    static const char *const below[] = {"/a/b/", "/a/b", "/a", ""};
    char path[256];
    struct stat about;
    snprintf(folder, sizeof folder, "/tmp/quern-keep-XXXXXX");
    CHECK(mkdtemp(folder) != NULL);
    arena_init(&arena, 1 << 24);
    snprintf(path, sizeof path, "%s%s", folder, below[0]);
    CHECK(keep_open(&arena, str_of(path)) && keep_open(&arena, str_of(path)));
    for (size_t i = 1; i < 4; i++) {
        snprintf(path, sizeof path, "%s%s", folder, below[i]);
        CHECK(stat(path, &about) == 0 && S_ISDIR(about.st_mode) && rmdir(path) == 0);
    }
    FILE *file = fopen(folder, "w");
    CHECK(file != NULL && fclose(file) == 0);
    CHECK(chmod(folder, 0777) == 0 && !keep_open(&arena, str_of(folder)));
    snprintf(path, sizeof path, "%s/a", folder);
    CHECK(!keep_open(&arena, str_of(path)) && remove(folder) == 0);
    arena_release(&arena);
}

TEST(a_sidecar_that_leads_outside_is_refused)
{
    static const char *const sidecars[] = {
        "{\"v\":1,\"kind\":\"url\",\"identity\":\"61\",\"url\":\"x\",\"sha256\":\"../../etc/"
        "passwd\"}",
        "{\"v\":1,\"kind\":\"url\",\"identity\":\"6\",\"url\":\"x\",\"sha256\":\"" SHA256 "\"}",
        "{\"v\":1,\"kind\":\"url\",\"url\":\"x\",\"sha256\":\"" SHA256 "\"}",
        "{\"v\":1,\"kind\":\"url\",\"identity\":\"61\",\"url\":\"x\\u0000\",\"sha256\":\"" SHA256
        "\"}",
        "[]",
        "",
        "{"};
    char path[256];
    snprintf(folder, sizeof folder, "/tmp/quern-keep-XXXXXX");
    CHECK(mkdtemp(folder) != NULL);
    path_of("x.json", path);
    for (size_t i = 0; i < sizeof sidecars / sizeof *sidecars; i++) {
        struct kept back;
        str content_path;
        FILE *file = fopen(path, "w");
        CHECK(file != NULL && fputs(sidecars[i], file) >= 0 && fclose(file) == 0);
        arena_init(&arena, 1 << 24);
        CHECK(!keep_read(&arena, path, &back, &content_path));
        arena_release(&arena);
    }
    CHECK(remove(path) == 0 && rmdir(folder) == 0);
}

TEST_MAIN()
