/* SPDX-License-Identifier: Apache-2.0 */
#include "base/blob.h"

#include "base/hash.h"
#include "base/memory.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MEMORY_FIRST = 16384 };

struct blob {
    struct hash *hash;
    uint8_t *memory;
    size_t capacity;
    uint8_t *mapped;
    size_t len;
    size_t memory_bytes_max;
    size_t limit_bytes;
    int file; /* -1: still in memory */
    int error;
    bool cut;
    char sha256[HASH_HEX_LEN];
};

struct blob *blob_open(size_t memory_bytes_max, size_t limit_bytes)
{
    struct blob *blob = memory_allocate(sizeof *blob);
    if (!blob) {
        return NULL;
    }
    blob->file = -1;
    blob->memory_bytes_max = memory_bytes_max;
    blob->limit_bytes = limit_bytes;
    blob->hash = hash_open();
    if (!blob->hash) {
        blob_close(blob);
        return NULL;
    }
    return blob;
}

static bool write_all(int file, bytes part)
{
    while (part.len) {
        const ssize_t written = write(file, part.ptr, part.len);
        if (written < 0 && errno == EINTR) {
            continue;
        }
        if (written <= 0) {
            return false;
        }
        part = bytes_slice(part, (size_t)written, part.len);
    }
    return true;
}

/* A file without a name: O_TMPFILE where the file system has it, else unlinked at once. */
static int open_unnamed(void)
{
    const char *folder = getenv("TMPDIR");
    char name[512];
    folder = folder && *folder ? folder : "/tmp";
    const int file = open(folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    if (file >= 0) {
        return file;
    }
    const int len = snprintf(name, sizeof name, "%s/quern-XXXXXX", folder);
    if (len < 0 || (size_t)len >= sizeof name) {
        errno = ENAMETOOLONG;
        return -1;
    }
    const int named = mkostemp(name, O_CLOEXEC);
    if (named >= 0) {
        unlink(name);
    }
    return named;
}

static enum status move_to_file(struct blob *blob)
{
    blob->file = open_unnamed();
    if (blob->file < 0 || !write_all(blob->file, (bytes){.ptr = blob->memory, .len = blob->len})) {
        blob->error = errno;
        return STATUS_FAILED;
    }
    memory_release(blob->memory);
    blob->memory = NULL;
    blob->capacity = 0;
    return STATUS_OK;
}

static enum status keep_in_memory(struct blob *blob, bytes part)
{
    const size_t needed = blob->len + part.len;
    if (needed > blob->capacity) {
        size_t capacity = blob->capacity ? blob->capacity * 2 : MEMORY_FIRST;
        capacity = capacity < needed ? needed : capacity;
        uint8_t *larger = memory_resize(blob->memory, capacity);
        if (!larger) {
            return STATUS_NO_MEMORY;
        }
        blob->memory = larger;
        blob->capacity = capacity;
    }
    memcpy(blob->memory + blob->len, part.ptr, part.len);
    return STATUS_OK;
}

enum status blob_write(struct blob *blob, bytes part)
{
    const size_t room = blob->limit_bytes - blob->len;
    const bool over = part.len > room;
    part = bytes_slice(part, 0, room);
    if (part.len) {
        if (blob->file < 0 && blob->len + part.len > blob->memory_bytes_max) {
            TRY(move_to_file(blob));
        }
        if (blob->file < 0) {
            TRY(keep_in_memory(blob, part));
        } else if (!write_all(blob->file, part)) {
            blob->error = errno;
            return STATUS_FAILED;
        }
        blob->len += part.len;
        if (!hash_add(blob->hash, part)) {
            return STATUS_INTERNAL;
        }
    }
    blob->cut = blob->cut || over;
    return over ? STATUS_LIMIT : STATUS_OK;
}

static enum status map(struct blob *blob)
{
    if (blob->len == 0) {
        return STATUS_OK;
    }
    void *mapped = mmap(NULL, blob->len, PROT_READ, MAP_PRIVATE, blob->file, 0);
    if (mapped == MAP_FAILED) {
        blob->error = errno;
        return STATUS_FAILED;
    }
    blob->mapped = mapped;
    (void)madvise(mapped, blob->len, MADV_SEQUENTIAL);
    return STATUS_OK;
}

enum status blob_seal(struct blob *blob)
{
    if (blob->file >= 0) {
        TRY(map(blob));
        close(blob->file);
        blob->file = -1;
    }
    return hash_finish(blob->hash, blob->sha256) ? STATUS_OK : STATUS_INTERNAL;
}

/* Read, never mapped: a mapping of a file that somebody else cuts off kills with SIGBUS. */
static enum status read_whole(struct blob *blob, int file, const struct blob_watch *watch)
{
    uint8_t part[65536];
    for (;;) {
        if (watch && watch->is_cancelled(watch->context)) {
            blob->error = ECANCELED;
            return STATUS_CANCELLED;
        }
        const ssize_t got = read(file, part, sizeof part);
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got < 0) {
            blob->error = errno;
            return STATUS_FAILED;
        }
        if (got == 0) {
            return STATUS_OK;
        }
        TRY(blob_write(blob, (bytes){.ptr = part, .len = (size_t)got}));
    }
}

static enum status take_file(struct blob *blob, int file, const struct blob_watch *watch)
{
    struct stat about;
    if (fstat(file, &about) != 0) {
        blob->error = errno;
        return STATUS_FAILED;
    }
    if (S_ISDIR(about.st_mode)) {
        blob->error = EISDIR;
        return STATUS_FAILED;
    }
    if (!S_ISREG(about.st_mode)) {
        /* A pipe or a device may block for ever or never end; hosts hand such content in as bytes. */
        blob->error = ENOTSUP;
        return STATUS_FAILED;
    }
    const enum status status = read_whole(blob, file, watch);
    return status == STATUS_LIMIT ? STATUS_OK : status;
}

struct blob *blob_open_file(const char *path, size_t memory_bytes_max, size_t limit_bytes,
                            int *out_errno)
{
    return blob_open_file_watched(path, memory_bytes_max, limit_bytes, NULL, out_errno);
}

struct blob *blob_open_file_watched(const char *path, size_t memory_bytes_max, size_t limit_bytes,
                                    const struct blob_watch *watch, int *out_errno)
{
    *out_errno = ENOMEM;
    struct blob *blob = blob_open(memory_bytes_max, limit_bytes);
    if (!blob) {
        return NULL;
    }
    /* O_NONBLOCK: opening a pipe nobody writes to must not hang the host. */
    const int file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (file < 0) {
        *out_errno = errno;
        blob_close(blob);
        return NULL;
    }
    enum status status = take_file(blob, file, watch);
    close(file);
    if (status == STATUS_OK) {
        status = blob_seal(blob);
    }
    if (status != STATUS_OK) {
        *out_errno = blob->error ? blob->error : ENOMEM;
        blob_close(blob);
        return NULL;
    }
    *out_errno = 0;
    return blob;
}

void blob_close(struct blob *blob)
{
    if (!blob) {
        return;
    }
    if (blob->mapped) {
        munmap(blob->mapped, blob->len);
    }
    if (blob->file >= 0) {
        close(blob->file);
    }
    memory_release(blob->memory);
    hash_close(blob->hash);
    memory_release(blob);
}

bytes blob_content(const struct blob *blob)
{
    static const uint8_t nothing[1];
    const uint8_t *content = blob->mapped ? blob->mapped : blob->memory;
    return (bytes){.ptr = content ? content : nothing, .len = blob->len};
}

void blob_relax(const struct blob *blob)
{
    if (blob->mapped) {
        (void)madvise(blob->mapped, blob->len, MADV_DONTNEED);
    }
}

bool blob_is_cut(const struct blob *blob)
{
    return blob->cut;
}

int blob_errno(const struct blob *blob)
{
    return blob->error;
}

str blob_sha256(const struct blob *blob)
{
    return (str){.ptr = blob->sha256, .len = sizeof blob->sha256};
}
