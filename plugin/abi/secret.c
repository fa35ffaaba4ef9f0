/* SPDX-License-Identifier: Apache-2.0 */
#include "abi/secret.h"

#include "base/memory.h"
#include "text/utf8.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static const str env_prefix = STR_INIT("env:");
static const str file_prefix = STR_INIT("file:");

enum { REFERENCE_BYTES_MAX = 4096 }; /* PATH_MAX; longer ones name nothing */

/* POSIX 8.1: names are letters, digits and underscores, and do not begin with a digit. */
static bool is_variable_name(str name)
{
    for (size_t i = 0; i < name.len; i++) {
        const unsigned char c = (unsigned char)name.ptr[i];
        if (!ascii_is_letter(c) && c != '_' && !(i > 0 && ascii_is_digit(c))) {
            return false;
        }
    }
    return name.len > 0;
}

bool secret_is_reference(str value)
{
    if (value.len == 0) {
        return true;
    }
    if (value.len >= REFERENCE_BYTES_MAX) {
        return false;
    }
    if (str_starts(value, env_prefix)) {
        return is_variable_name(str_slice(value, env_prefix.len, value.len));
    }
    return str_starts(value, file_prefix) && value.len > file_prefix.len;
}

/* Keeps a copy that is ours to wipe. A control would begin another header or end this one. */
static int32_t take(struct secret *secret, str found, str reference, str key,
                    struct quern_error *error)
{
    for (size_t i = 0; i < found.len; i++) {
        if ((unsigned char)found.ptr[i] < 0x20 || found.ptr[i] == 0x7F) {
            return error_set(error, QUERN_INVALID_ARGUMENT, key,
                             "what %.*s holds is more than one line or has control characters",
                             (int)reference.len, reference.ptr);
        }
    }
    if (found.len == 0 || !utf8_is_valid(str_bytes(found))) {
        return error_set(error, QUERN_INVALID_ARGUMENT, key, "%.*s is empty or not valid UTF-8",
                         (int)reference.len, reference.ptr);
    }
    secret->ptr = memory_allocate(found.len);
    if (!secret->ptr) {
        return error_no_memory(error, key);
    }
    memcpy(secret->ptr, found.ptr, found.len);
    secret->len = found.len;
    return QUERN_OK;
}

static int32_t from_environment(struct secret *secret, const char *name, str reference, str key,
                                struct quern_error *error)
{
    const char *value = getenv(name);
    if (!value) {
        return error_set(error, QUERN_INVALID_ARGUMENT, key,
                         "the environment variable %s is not set", name);
    }
    const size_t len = strnlen(value, SECRET_BYTES_MAX + 1);
    if (len > SECRET_BYTES_MAX) {
        return error_set(error, QUERN_INVALID_ARGUMENT, key,
                         "the environment variable %s is longer than %d bytes", name,
                         SECRET_BYTES_MAX);
    }
    return take(secret, (str){.ptr = value, .len = len}, reference, key, error);
}

/* Reads up to `size` bytes; -1 with errno when the file cannot be read. */
static ssize_t read_all(int file, char *to, size_t size)
{
    size_t len = 0;
    while (len < size) {
        const ssize_t part = read(file, to + len, size - len);
        if (part < 0 && errno == EINTR) {
            continue;
        }
        if (part < 0) {
            return -1;
        }
        if (part == 0) {
            break;
        }
        len += (size_t)part;
    }
    return (ssize_t)len;
}

/* -1 with errno. Only a regular file: a pipe could block the host for ever. */
static ssize_t read_file(const char *path, char *to, size_t size)
{
    struct stat about;
    const int file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (file < 0) {
        return -1;
    }
    ssize_t len = -1;
    if (fstat(file, &about) == 0) {
        if (S_ISREG(about.st_mode)) {
            len = read_all(file, to, size);
        } else {
            errno = EINVAL;
        }
    }
    const int why = errno;
    close(file);
    errno = why;
    return len;
}

static int32_t from_file(struct secret *secret, const char *path, str reference, str key,
                         struct quern_error *error)
{
    char *text = memory_allocate(SECRET_BYTES_MAX + 1);
    if (!text) {
        return error_no_memory(error, key);
    }
    int32_t status = QUERN_OK;
    ssize_t len = read_file(path, text, SECRET_BYTES_MAX + 1);
    if (len < 0) {
        const int why = errno;
        status = error_set(error, QUERN_INVALID_ARGUMENT, key,
                           "%s cannot be read as a regular file: %s", path, strerrordesc_np(why));
        error_add_errno(error, why);
    } else if (len > SECRET_BYTES_MAX) {
        status = error_set(error, QUERN_INVALID_ARGUMENT, key, "%s is longer than %d bytes", path,
                           SECRET_BYTES_MAX);
    } else {
        len -= len > 0 && text[len - 1] == '\n';
        len -= len > 0 && text[len - 1] == '\r';
        status = take(secret, (str){.ptr = text, .len = (size_t)len}, reference, key, error);
    }
    explicit_bzero(text, SECRET_BYTES_MAX + 1);
    memory_release(text);
    return status;
}

int32_t secret_resolve(struct secret *secret, str reference, str key, struct quern_error *error)
{
    *secret = (struct secret){0};
    if (reference.len == 0) {
        return QUERN_OK;
    }
    if (!secret_is_reference(reference)) {
        return error_set(error, QUERN_INVALID_ARGUMENT, key, "is not env:NAME or file:PATH");
    }
    const bool is_file = str_starts(reference, file_prefix);
    const size_t prefix = is_file ? file_prefix.len : env_prefix.len;
    char name[REFERENCE_BYTES_MAX] = {0};
    memcpy(name, reference.ptr + prefix, reference.len - prefix);
    return is_file ? from_file(secret, name, reference, key, error)
                   : from_environment(secret, name, reference, key, error);
}

str secret_str(const struct secret *secret)
{
    return (str){.ptr = secret->ptr ? secret->ptr : "", .len = secret->len};
}

void secret_release(struct secret *secret)
{
    if (secret->ptr) {
        explicit_bzero(secret->ptr, secret->len);
        memory_release(secret->ptr);
    }
    *secret = (struct secret){0};
}
