/* SPDX-License-Identifier: Apache-2.0 */
/* Guards that a secret comes from where the reference says, and that what cannot be one is refused
 * without being shown. */
#include "abi/secret.h"
#include "harness/refuse.h"
#include "harness/test.h"

#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

static char path[] = "/tmp/quern_secret_XXXXXX";
static char reference[64];
static struct secret secret;
static struct quern_error error;

static int32_t resolve(const char *from)
{
    error = (struct quern_error){.struct_size = sizeof error};
    return secret_resolve(&secret, str_of(from), STR("authorization"), &error);
}

static void write_secret(const char *content, size_t len)
{
    if (!reference[0]) {
        const int file = mkstemp(path);
        CHECK(file >= 0);
        close(file);
        snprintf(reference, sizeof reference, "file:%s", path);
    }
    FILE *file = fopen(path, "wb");
    CHECK(file && fwrite(content, 1, len, file) == len);
    fclose(file);
}

static void check_refused(const char *from)
{
    CHECK(resolve(from) == QUERN_INVALID_ARGUMENT);
    CHECK(secret.ptr == NULL);
    CHECK_STR(str_of(error.where), STR("authorization"));
    CHECK(!strstr(error.message, "hunter2"));
}

TEST(secret_comes_from_the_environment)
{
    setenv("QUERN_TEST_SECRET", "Bearer hunter2", 1);
    CHECK(resolve("env:QUERN_TEST_SECRET") == QUERN_OK);
    CHECK_STR(secret_str(&secret), STR("Bearer hunter2"));
    secret_release(&secret);
    CHECK(secret.ptr == NULL);
    unsetenv("QUERN_TEST_SECRET");
    check_refused("env:QUERN_TEST_SECRET");
    CHECK(strstr(error.message, "QUERN_TEST_SECRET"));
}

TEST(secret_comes_from_a_file_without_the_line_end)
{
    static const char *const forms[] = {"hunter2", "hunter2\n", "hunter2\r\n"};
    for (size_t i = 0; i < 3; i++) {
        write_secret(forms[i], strlen(forms[i]));
        CHECK(resolve(reference) == QUERN_OK);
        CHECK_STR(secret_str(&secret), STR("hunter2"));
        secret_release(&secret);
    }
}

TEST(secret_of_several_lines_or_none_is_refused_and_not_shown)
{
    write_secret("hunter2\nhunter2\n", 16);
    check_refused(reference);
    write_secret("hunter2\n\n", 9);
    check_refused(reference);
    write_secret("hun\0ter2", 8);
    check_refused(reference);
    write_secret("\xFFhunter2", 8);
    check_refused(reference);
    write_secret("\n", 1);
    check_refused(reference);
    write_secret("", 0);
    check_refused(reference);
    setenv("QUERN_TEST_SECRET", "hunter2\r\nX: y", 1);
    check_refused("env:QUERN_TEST_SECRET");
    unsetenv("QUERN_TEST_SECRET");
}

TEST(secret_is_bounded)
{
    char *large = malloc(SECRET_BYTES_MAX + 2);
    memset(large, 'a', SECRET_BYTES_MAX + 2);
    write_secret(large, SECRET_BYTES_MAX);
    CHECK(resolve(reference) == QUERN_OK);
    CHECK_INT(secret.len, SECRET_BYTES_MAX);
    secret_release(&secret);
    write_secret(large, SECRET_BYTES_MAX + 1);
    check_refused(reference);
    free(large);
}

TEST(secret_files_that_could_block_or_are_missing_are_refused)
{
    check_refused("file:/nowhere/at/all");
    CHECK_INT(error.sys_errno, ENOENT);
    check_refused("file:/tmp");
    check_refused("file:/dev/zero");
    char pipe_path[64];
    char pipe_reference[80];
    snprintf(pipe_path, sizeof pipe_path, "%s.pipe", path);
    snprintf(pipe_reference, sizeof pipe_reference, "file:%s", pipe_path);
    CHECK(mkfifo(pipe_path, 0600) == 0);
    check_refused(pipe_reference);
    unlink(pipe_path);
}

TEST(secret_that_was_not_given_is_none)
{
    CHECK(resolve("") == QUERN_OK);
    CHECK_INT(secret_str(&secret).len, 0);
    check_refused("hunter2");
}

TEST(secret_without_memory_says_so)
{
    write_secret("hunter2", 7);
    long failed = 0;
    for (long n = 1; refuse_try(n, false); n++) {
        const int32_t status = resolve(reference);
        failed += status == QUERN_NO_MEMORY;
        CHECK(status == QUERN_OK || status == QUERN_NO_MEMORY);
        secret_release(&secret);
    }
    refuse_stop();
    CHECK_INT(failed, 2);
    unlink(path);
}

TEST_MAIN()
