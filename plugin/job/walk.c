/* SPDX-License-Identifier: Apache-2.0 */
#include "job/walk.h"

#include "base/buf.h"
#include "base/memory.h"
#include "base/vector.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>

enum {
    DEPTH_MAX = 128,            /* folders inside folders */
    FOLDER_BYTES_MAX = 1 << 30, /* names of one folder */
    PATH_BYTES_MAX = 64 * 1024
};

struct level {
    struct arena arena;
    struct vector names; /* bytes */
    size_t next;
    size_t path_len; /* of the folder itself, in walk->path */
};

struct walk {
    struct level levels[DEPTH_MAX];
    size_t depth;
    struct vector path; /* char, NUL behind */
    size_t folder_len;
};

static int compare_names(const void *a, const void *b)
{
    const bytes *left = a;
    const bytes *right = b;
    const size_t len = left->len < right->len ? left->len : right->len;
    const int order = memcmp(left->ptr, right->ptr, len);
    return order ? order : (left->len > right->len) - (left->len < right->len);
}

static bool is_dots(const char *name)
{
    return name[0] == '.' && (name[1] == '\0' || (name[1] == '.' && name[2] == '\0'));
}

/* *error: why not all of it could be read. */
static enum status list(struct level *level, DIR *folder, int *error)
{
    for (;;) {
        errno = 0;
        const struct dirent *entry = readdir(folder);
        if (!entry) {
            *error = errno;
            break;
        }
        if (is_dots(entry->d_name)) {
            continue;
        }
        const bytes name =
            arena_copy_bytes(&level->arena, (bytes){.ptr = (const uint8_t *)entry->d_name,
                                                    .len = strlen(entry->d_name)});
        bytes *slot = name.ptr ? VECTOR_ADD(&level->names, bytes) : NULL;
        if (!slot) {
            return STATUS_NO_MEMORY;
        }
        *slot = name;
    }
    if (level->names.count > 1) {
        qsort(level->names.items, level->names.count, sizeof(bytes), compare_names);
    }
    return STATUS_OK;
}

/* Sets the path to its first `len` bytes and `name` behind a slash. */
static bool set_path(struct walk *walk, size_t len, bytes name)
{
    const bool slash = len && VECTOR_AT(&walk->path, char, len - 1) != '/' && name.len;
    walk->path.count = len;
    char *room = vector_extend(&walk->path, 1, name.len + (slash ? 1 : 0) + 1);
    if (!room) {
        return false;
    }
    if (slash) {
        *room++ = '/';
    }
    if (name.len) {
        memcpy(room, name.ptr, name.len);
    }
    room[name.len] = '\0';
    walk->path.count--;
    return true;
}

static void leave(struct walk *walk)
{
    struct level *level = &walk->levels[--walk->depth];
    arena_release(&level->arena);
    vector_release(&level->names);
}

/* Lists the folder at the current path as a new level. *error: why it could not be; half a list is
 * none, so that nobody takes it for the whole. */
static enum status enter(struct walk *walk, int *error)
{
    if (walk->depth == DEPTH_MAX || walk->path.count > PATH_BYTES_MAX) {
        *error = ELOOP;
        return STATUS_OK;
    }
    DIR *folder = opendir(walk->path.items);
    if (!folder) {
        *error = errno;
        return STATUS_OK;
    }
    struct level *level = &walk->levels[walk->depth++];
    *level = (struct level){.path_len = walk->path.count};
    arena_init(&level->arena, FOLDER_BYTES_MAX);
    const enum status status = list(level, folder, error);
    closedir(folder);
    if (*error) {
        leave(walk);
    }
    return status;
}

struct walk *walk_open(bytes folder)
{
    struct walk *walk = memory_allocate(sizeof *walk);
    if (!walk) {
        return NULL;
    }
    if (!set_path(walk, 0, folder)) {
        walk_close(walk);
        return NULL;
    }
    walk->folder_len = walk->path.count;
    return walk;
}

static void say(const struct walk *walk, int error, int64_t size, struct walk_step *out)
{
    size_t below = walk->folder_len;
    const char *path = walk->path.items;
    while (below < walk->path.count && path[below] == '/') {
        below++;
    }
    *out = (struct walk_step){
        .path = {.ptr = (const uint8_t *)path, .len = walk->path.count},
        .relative = {.ptr = (const uint8_t *)path + below, .len = walk->path.count - below},
        .error = error,
        .size = size};
}

enum status walk_next(struct walk *walk, struct walk_step *out)
{
    *out = (struct walk_step){0};
    if (walk->depth == 0 && walk->path.count == walk->folder_len && walk->folder_len) {
        int error = 0;
        TRY(enter(walk, &error));
        if (error) {
            say(walk, error, -1, out);
            walk->folder_len = 0;
            return STATUS_OK;
        }
    }
    while (walk->depth) {
        struct level *level = &walk->levels[walk->depth - 1];
        if (level->next == level->names.count) {
            leave(walk);
            walk->folder_len = walk->depth ? walk->folder_len : 0;
            continue;
        }
        if (!set_path(walk, level->path_len, VECTOR_AT(&level->names, bytes, level->next++))) {
            return STATUS_NO_MEMORY;
        }
        struct stat about = {0};
        int error = 0;
        if (lstat(walk->path.items, &about) == 0 && S_ISDIR(about.st_mode)) {
            TRY(enter(walk, &error));
            if (error) {
                say(walk, error, -1, out);
                return STATUS_OK;
            }
            continue;
        }
        const bool regular = stat(walk->path.items, &about) == 0 && S_ISREG(about.st_mode);
        if (!regular && S_ISDIR(about.st_mode)) {
            continue; /* a link to a folder: what lies there is listed where it really is */
        }
        say(walk, 0, regular ? (int64_t)about.st_size : -1, out);
        return STATUS_OK;
    }
    return STATUS_OK;
}

void walk_close(struct walk *walk)
{
    if (!walk) {
        return;
    }
    while (walk->depth) {
        leave(walk);
    }
    vector_release(&walk->path);
    memory_release(walk);
}
