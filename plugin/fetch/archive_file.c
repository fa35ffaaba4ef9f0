/* SPDX-License-Identifier: Apache-2.0 */
#include "fetch/archive_file.h"

#include "base/memory.h"
#include "fetch/clock.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define ZLIB_CONST 1
#include <zlib.h>

enum {
    OUT_BYTES = 65536,
    IN_STEP = 1 << 30, /* zlib counts in unsigned int */
    TRIES_MAX = 1000,
    SYNC_MS = 1000, /* what a failing machine may lose; a kill loses nothing */
    /* RFC 1952 2.3: the fixed head, the length of the extra field, a subfield of eight bytes. */
    HEAD_BYTES = 10 + 2 + 12,
    LENGTH_AT = 16, /* in the head: length of the member, then of what is in it */
    TAIL_BYTES = 8
};

static const char open_ending[] = ".open";

/* ---- one member ---- */

static bool write_fully(int descriptor, const uint8_t *ptr, size_t len, int64_t at)
{
    while (len) {
        const ssize_t written = pwrite(descriptor, ptr, len, at);
        if (written < 0 && errno == EINTR) {
            continue;
        }
        if (written <= 0) {
            errno = written == 0 ? EIO : errno;
            return false;
        }
        ptr += written;
        len -= (size_t)written;
        at += written;
    }
    return true;
}

static void put_u32le(uint8_t *at, uint32_t value)
{
    for (unsigned i = 0; i < 4; i++) {
        at[i] = (uint8_t)(value >> 8 * i);
    }
}

static uint32_t u32le(const uint8_t *at)
{
    return (uint32_t)at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
}

/* Lengths from 4 GiB on do not fit: they say so. */
static uint32_t clamp_u32(int64_t value)
{
    return value < UINT32_MAX ? (uint32_t)value : UINT32_MAX;
}

struct member {
    struct archive_file *file;
    z_stream stream;
    int64_t at; /* in the file, where the next byte goes */
    int64_t plain_bytes;
    uint32_t checksum;
    uint8_t out[OUT_BYTES];
};

static void *zlib_allocate(void *context, unsigned count, unsigned size)
{
    (void)context;
    return memory_allocate((size_t)count * size);
}

static void zlib_release(void *context, void *memory)
{
    (void)context;
    memory_release(memory);
}

/* All that was given so far, or with Z_FINISH the end of the stream. */
static bool pack(struct member *member, int flush)
{
    int code;
    do {
        member->stream.next_out = member->out;
        member->stream.avail_out = sizeof member->out;
        code = deflate(&member->stream, flush);
        const size_t len = sizeof member->out - member->stream.avail_out;
        if (!write_fully(member->file->descriptor, member->out, len, member->at)) {
            return false;
        }
        member->at += (int64_t)len;
    } while (member->stream.avail_out == 0);
    return code == Z_STREAM_END || flush == Z_NO_FLUSH;
}

static bool add_part(struct member *member, bytes part)
{
    while (part.len) {
        const size_t step = part.len < IN_STEP ? part.len : IN_STEP;
        member->stream.next_in = part.ptr;
        member->stream.avail_in = (uInt)step; /* at most IN_STEP */
        member->checksum = (uint32_t)crc32(member->checksum, part.ptr, (uInt)step);
        member->plain_bytes += (int64_t)step;
        part = bytes_slice(part, step, part.len);
        if (!pack(member, Z_NO_FLUSH)) {
            return false;
        }
    }
    return true;
}

static bool write_member(struct member *member, const bytes *parts, size_t part_count)
{
    struct archive_file *file = member->file;
    uint8_t head[HEAD_BYTES] = {0x1F, 0x8B, 8, 4, 0, 0, 0, 0, 0, 0xFF, 12, 0, 's', 'l', 8, 0};
    uint8_t tail[TAIL_BYTES];
    if (!write_fully(file->descriptor, head, sizeof head, file->len)) {
        return false;
    }
    member->at = file->len + HEAD_BYTES;
    for (size_t i = 0; i < part_count; i++) {
        if (!add_part(member, parts[i])) {
            return false;
        }
    }
    put_u32le(tail, member->checksum);
    put_u32le(tail + 4, (uint32_t)member->plain_bytes); /* RFC 1952: modulo 2^32 */
    if (!pack(member, Z_FINISH) || !write_fully(file->descriptor, tail, sizeof tail, member->at)) {
        return false;
    }
    member->at += TAIL_BYTES;
    put_u32le(head + LENGTH_AT, clamp_u32(member->at - file->len));
    put_u32le(head + LENGTH_AT + 4, clamp_u32(member->plain_bytes));
    return write_fully(file->descriptor, head, sizeof head, file->len);
}

bool archive_file_add(struct archive_file *file, const bytes *parts, size_t part_count)
{
    struct member *member = memory_allocate(sizeof *member);
    bool written = false;
    errno = ENOMEM;
    if (!member) {
        return false;
    }
    member->file = file;
    member->stream.zalloc = zlib_allocate;
    member->stream.zfree = zlib_release;
    if (deflateInit2(&member->stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, -MAX_WBITS, 8,
                     Z_DEFAULT_STRATEGY) == Z_OK) {
        written = write_member(member, parts, part_count);
        const int error = errno;
        (void)deflateEnd(&member->stream);
        errno = error;
    }
    if (written) {
        file->len = member->at;
    } else {
        const int error = errno;
        (void)ftruncate(file->descriptor, file->len);
        errno = error;
    }
    memory_release(member);
    if (written && clock_ms() - file->synced_ms >= SYNC_MS) {
        file->synced_ms = clock_ms();
        written = fdatasync(file->descriptor) == 0;
    }
    return written;
}

/* ---- files ---- */

static bool sync_folder(str folder)
{
    char path[ARCHIVE_PATH_BYTES_MAX];
    (void)snprintf(path, sizeof path, "%.*s", (int)folder.len, folder.ptr);
    const int descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    const bool synced = descriptor >= 0 && fsync(descriptor) == 0;
    if (descriptor >= 0) {
        (void)close(descriptor);
    }
    return synced;
}

static str folder_of(const char *path)
{
    const char *slash = strrchr(path, '/');
    return (str){.ptr = path, .len = slash ? (size_t)(slash - path) : 0};
}

/* So that archive_file_recover knows that somebody is writing. False: it was faster, and the file is
 * gone or about to be. */
static bool take(int descriptor)
{
    struct stat about;
    return flock(descriptor, LOCK_EX | LOCK_NB) == 0 && fstat(descriptor, &about) == 0 &&
           about.st_nlink > 0;
}

bool archive_file_open(struct archive_file *file, str folder)
{
    static atomic_uint serial;
    char path[ARCHIVE_PATH_BYTES_MAX + sizeof open_ending];
    const time_t now = (time_t)(clock_wall_us() / 1000000);
    struct tm day;
    char stamp[32];
    *file = (struct archive_file){.descriptor = -1, .synced_ms = clock_ms()};
    if (!gmtime_r(&now, &day) || strftime(stamp, sizeof stamp, "%Y%m%d%H%M%S", &day) == 0) {
        errno = EOVERFLOW;
        return false;
    }
    for (int i = 0; i < TRIES_MAX && file->descriptor < 0; i++) {
        const unsigned number = atomic_fetch_add(&serial, 1);
        const int len = snprintf(file->path, sizeof file->path, "%.*s/quern-%s-%ld-%05u.warc.gz",
                                 (int)folder.len, folder.ptr, stamp, (long)getpid(), number);
        if (len < 0 || (size_t)len >= sizeof file->path) {
            errno = ENAMETOOLONG;
            return false;
        }
        (void)snprintf(path, sizeof path, "%s%s", file->path, open_ending);
        if (access(file->path, F_OK) == 0) {
            continue;
        }
        file->descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0644);
        if (file->descriptor < 0 && errno != EEXIST) {
            return false;
        }
        if (file->descriptor >= 0 && !take(file->descriptor)) {
            (void)close(file->descriptor);
            file->descriptor = -1;
            errno = EEXIST;
        }
    }
    return file->descriptor >= 0;
}

bool archive_file_close(struct archive_file *file)
{
    char path[ARCHIVE_PATH_BYTES_MAX + sizeof open_ending];
    if (file->descriptor < 0) {
        return true;
    }
    (void)snprintf(path, sizeof path, "%s%s", file->path, open_ending);
    const bool done = fsync(file->descriptor) == 0 && rename(path, file->path) == 0 &&
                      sync_folder(folder_of(file->path));
    const int error = errno;
    (void)close(file->descriptor);
    file->descriptor = -1;
    errno = error;
    return done;
}

/* ---- after a kill ---- */

/* Where the last whole member ends. */
static int64_t whole_len(int descriptor)
{
    int64_t at = 0;
    uint8_t head[HEAD_BYTES];
    const int64_t len = lseek(descriptor, 0, SEEK_END);
    while (pread(descriptor, head, sizeof head, at) == (ssize_t)sizeof head) {
        const uint32_t member = u32le(head + LENGTH_AT);
        if (member == UINT32_MAX) {
            return len; /* nobody knows where a giant ends: nothing is cut */
        }
        if (head[0] != 0x1F || head[1] != 0x8B || member < HEAD_BYTES + TAIL_BYTES ||
            member > len - at) {
            break;
        }
        at += member;
    }
    return at;
}

static void recover(str folder, const char *name)
{
    char path[ARCHIVE_PATH_BYTES_MAX];
    char final[ARCHIVE_PATH_BYTES_MAX];
    const int len = snprintf(path, sizeof path, "%.*s/%s", (int)folder.len, folder.ptr, name);
    if (len < 0 || (size_t)len >= sizeof path) {
        return;
    }
    (void)snprintf(final, sizeof final, "%.*s", len - (int)sizeof open_ending + 1, path);
    const int descriptor = open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW);
    if (descriptor < 0) {
        return;
    }
    if (flock(descriptor, LOCK_EX | LOCK_NB) == 0 && access(final, F_OK) != 0) {
        const int64_t whole = whole_len(descriptor);
        if (whole == 0) {
            (void)unlink(path);
        } else if (ftruncate(descriptor, whole) == 0 && fsync(descriptor) == 0) {
            (void)rename(path, final);
        }
    }
    (void)close(descriptor);
}

void archive_file_recover(str folder)
{
    char path[ARCHIVE_PATH_BYTES_MAX];
    const int len = snprintf(path, sizeof path, "%.*s", (int)folder.len, folder.ptr);
    DIR *list = len > 0 && (size_t)len < sizeof path ? opendir(path) : NULL;
    if (!list) {
        return;
    }
    for (const struct dirent *entry = readdir(list); entry; entry = readdir(list)) {
        const str name = {.ptr = entry->d_name, .len = strlen(entry->d_name)};
        if (str_starts(name, STR("quern-")) && str_ends(name, STR(".warc.gz.open"))) {
            recover(folder, entry->d_name);
        }
    }
    (void)closedir(list);
}
