/* SPDX-License-Identifier: Apache-2.0 */
#include "job/keep_part.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PATH_BYTES_MAX = 1 << 20, PARTS_MAX = 1000 /* being written at once in one folder */ };

static bool name_part(struct buf *path, str folder, int64_t number)
{
    path->len = 0;
    buf_add(path, folder);
    buf_add(path, STR("/.unfinished-"));
    buf_add_integer(path, number);
    buf_add_byte(path, '\0');
    if (buf_failed(path)) {
        errno = ENOMEM;
        return false;
    }
    return true;
}

/* Between opening and locking, the name may have come to mean another file. */
static bool is_still(int file, const char *path)
{
    struct stat opened;
    struct stat named;
    return fstat(file, &opened) == 0 && lstat(path, &named) == 0 && opened.st_ino == named.st_ino &&
           opened.st_dev == named.st_dev;
}

/* True: it is gone, since nobody writes it. */
static bool remove_left(const char *path)
{
    const int file = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    const bool removed = file >= 0 && flock(file, LOCK_EX | LOCK_NB) == 0 && is_still(file, path) &&
                         unlink(path) == 0;
    if (file >= 0) {
        (void)close(file);
    }
    return removed;
}

static int make_new(const char *path)
{
    return open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0644);
}

/* -1 with EEXIST: somebody else has this one. */
static int take_new(const char *path)
{
    int file = make_new(path);
    if (file < 0 && errno == EEXIST) {
        file = remove_left(path) ? make_new(path) : -1;
        errno = file < 0 ? EEXIST : errno;
    }
    /* Whoever takes away what is left may have been faster than this lock. */
    if (file >= 0 &&
        ((flock(file, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK) || !is_still(file, path))) {
        (void)close(file);
        file = -1;
        errno = EEXIST;
    }
    return file;
}

bool keep_part_open(struct keep_part *part, struct arena *scratch, str folder)
{
    part->file = -1;
    errno = EEXIST;
    buf_init(&part->path, scratch, PATH_BYTES_MAX);
    for (int64_t i = 0; part->file < 0 && errno == EEXIST && i < PARTS_MAX; i++) {
        part->file = name_part(&part->path, folder, i) ? take_new(part->path.ptr) : -1;
    }
    return part->file >= 0;
}

static bool write_fully(int file, bytes content)
{
    while (content.len) {
        const ssize_t written = write(file, content.ptr, content.len);
        if (written < 0 && errno == EINTR) {
            continue;
        }
        if (written <= 0) {
            return false;
        }
        content = bytes_slice(content, (size_t)written, content.len);
    }
    return true;
}

bool keep_part_finish(struct keep_part *part, bytes content, const char *path)
{
    const bool done = write_fully(part->file, content) && rename(part->path.ptr, path) == 0;
    const int error = errno;
    if (!done) {
        (void)unlink(part->path.ptr);
    }
    (void)close(part->file); /* last, for it ends the lock */
    part->file = -1;
    errno = error;
    return done;
}

void keep_part_recover(struct arena *scratch, str folder)
{
    const struct arena_position mark = arena_mark(scratch);
    struct buf path;
    buf_init(&path, scratch, PATH_BYTES_MAX);
    for (int64_t i = 0; i < PARTS_MAX && name_part(&path, folder, i); i++) {
        (void)remove_left(path.ptr);
    }
    arena_rewind(scratch, mark);
}
