/* SPDX-License-Identifier: Apache-2.0 */
/* Guards received content: the same bytes and hash whether it stayed in memory or went to a file,
 * limits that hold, every kind of file answered, nothing left open. */
#include "base/blob.h"

#include "harness/refuse.h"
#include "harness/test.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

static const char abc[] = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

static bytes text(const char *s)
{
    return str_bytes(str_of(s));
}

static int open_descriptors(void)
{
    int count = 0;
    DIR *folder = opendir("/proc/self/fd");
    while (folder && readdir(folder)) {
        count++;
    }
    closedir(folder);
    return count;
}

/* A scratch file of the test's own; the caller unlinks it. */
static void make_file(char path[64], const char *content, size_t len)
{
    strcpy(path, "/tmp/quern-blob-test-XXXXXX");
    const int file = mkstemp(path);
    CHECK(file >= 0 && write(file, content, len) == (ssize_t)len);
    close(file);
}

TEST(content_is_the_same_in_memory_and_in_a_file)
{
    for (size_t memory_max = 0; memory_max < 5; memory_max++) {
        struct blob *blob = blob_open(memory_max, 100);
        CHECK(blob_write(blob, text("a")) == STATUS_OK);
        CHECK(blob_write(blob, text("")) == STATUS_OK);
        CHECK(blob_write(blob, text("b")) == STATUS_OK);
        CHECK(blob_write(blob, text("c")) == STATUS_OK);
        CHECK(blob_seal(blob) == STATUS_OK);
        CHECK(bytes_equal(blob_content(blob), text("abc")));
        CHECK_STR(blob_sha256(blob), str_of(abc));
        CHECK(!blob_is_cut(blob));
        blob_close(blob);
    }
}

TEST(empty_content_is_a_slice_of_no_bytes)
{
    struct blob *blob = blob_open(0, 10);
    CHECK(blob_seal(blob) == STATUS_OK);
    CHECK_INT(blob_content(blob).len, 0);
    CHECK(blob_content(blob).ptr != NULL);
    CHECK_STR(str_slice(blob_sha256(blob), 0, 8), STR("e3b0c442"));
    blob_close(blob);
    blob_close(NULL);
}

TEST(beyond_the_limit_nothing_is_taken_and_it_says_so)
{
    const size_t memory[] = {0, 2, 100};
    for (size_t i = 0; i < sizeof memory / sizeof *memory; i++) {
        struct blob *blob = blob_open(memory[i], 5);
        CHECK(blob_write(blob, text("abcd")) == STATUS_OK);
        CHECK(blob_write(blob, text("efgh")) == STATUS_LIMIT);
        CHECK(blob_write(blob, text("i")) == STATUS_LIMIT);
        CHECK(blob_seal(blob) == STATUS_OK);
        CHECK(blob_is_cut(blob));
        CHECK(bytes_equal(blob_content(blob), text("abcde")));
        blob_close(blob);
    }
}

TEST(files_are_read_when_small_and_mapped_when_large)
{
    char path[64];
    make_file(path, "abc", 3);
    for (size_t memory_max = 0; memory_max < 5; memory_max++) {
        int error = -1;
        struct blob *blob = blob_open_file(path, memory_max, 100, &error);
        CHECK(blob != NULL);
        CHECK_INT(error, 0);
        CHECK(bytes_equal(blob_content(blob), text("abc")));
        CHECK_STR(blob_sha256(blob), str_of(abc));
        blob_close(blob);
        blob = blob_open_file(path, memory_max, 2, &error);
        CHECK(blob != NULL && blob_is_cut(blob));
        CHECK(bytes_equal(blob_content(blob), text("ab")));
        blob_close(blob);
    }
    unlink(path);
}

TEST(what_is_no_regular_file_is_answered_with_its_errno)
{
    int error = 0;
    CHECK(blob_open_file("/nonexistent/x", 10, 10, &error) == NULL);
    CHECK_INT(error, ENOENT);
    CHECK(blob_open_file("/tmp", 10, 10, &error) == NULL);
    CHECK_INT(error, EISDIR);
    CHECK(blob_open_file("", 10, 10, &error) == NULL);
    CHECK_INT(error, ENOENT);
    CHECK(blob_open_file("/dev/zero", 1000, 5000, &error) == NULL);
    CHECK_INT(error, ENOTSUP);
}

/* Somebody may hand us a pipe nobody writes to: opening it must end. */
TEST(a_silent_pipe_does_not_hang)
{
    int error = 0;
    char path[64];
    make_file(path, "", 0);
    unlink(path);
    CHECK(mkfifo(path, 0600) == 0);
    CHECK(blob_open_file(path, 10, 10, &error) == NULL);
    CHECK_INT(error, ENOTSUP);
    unlink(path);
}

TEST(every_refused_allocation_is_an_answer_and_leaves_nothing_open)
{
    char path[64];
    make_file(path, "abc", 3);
    const int before = open_descriptors();
    long rounds = 0;
    for (long n = 1; refuse_try(n, false); n++) {
        int error = 0;
        struct blob *blob = blob_open_file(path, 100, 100, &error);
        CHECK((blob == NULL) == (refuse_refused() > 0));
        CHECK(blob != NULL || error == ENOMEM);
        blob_close(blob);
        rounds = n;
    }
    CHECK(rounds > 2);
    CHECK_INT(open_descriptors(), before);
    unlink(path);
}

TEST(a_temporary_file_that_cannot_be_made_is_told)
{
    const char *before = getenv("TMPDIR");
    char kept[256] = "";
    (void)snprintf(kept, sizeof kept, "%s", before ? before : "");
    setenv("TMPDIR", "/nonexistent", 1);
    struct blob *blob = blob_open(1, 100);
    CHECK(blob_write(blob, text("a")) == STATUS_OK);
    CHECK(blob_write(blob, text("b")) == STATUS_FAILED);
    CHECK_INT(blob_errno(blob), ENOENT);
    blob_close(blob);
    if (before) {
        setenv("TMPDIR", kept, 1);
    } else {
        unsetenv("TMPDIR");
    }
}

TEST_MAIN()
