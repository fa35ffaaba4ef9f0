/* SPDX-License-Identifier: Apache-2.0 */
#include "harness/zip_folder.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

enum { MEMBERS_MAX = 256, DOS_DATE = (44 << 9) | (1 << 5) | 1 /* 2024-01-01 */ };

struct member {
    char *path; /* in the file system */
    const char *name;
    uint8_t *data;
    size_t len;
    uint32_t crc;
    size_t at; /* of its local header */
};

struct out {
    uint8_t *data;
    size_t len;
};

/* nftw has no argument for the caller. */
static struct member members[MEMBERS_MAX];
static size_t member_count;
static size_t root_len;

uint8_t *file_read(const char *path, size_t *out_len)
{
    FILE *file = fopen(path, "rb");
    if (!file) {
        perror(path);
        return NULL;
    }
    size_t len = 0;
    size_t capacity = 65536;
    uint8_t *data = malloc(capacity + 1);
    for (size_t got = 1; data && got;) {
        got = fread(data + len, 1, capacity - len, file);
        len += got;
        if (len == capacity) {
            capacity *= 2;
            data = realloc(data, capacity + 1);
        }
    }
    fclose(file);
    if (data) {
        data[len] = 0;
        *out_len = len;
    }
    return data;
}

static int take(const char *path, const struct stat *about, int kind, struct FTW *where)
{
    (void)about;
    (void)where;
    if (kind != FTW_F || member_count == MEMBERS_MAX) {
        return kind == FTW_F;
    }
    struct member *member = &members[member_count];
    *member = (struct member){.path = strdup(path)};
    member->name = member->path + root_len + 1;
    member->data = file_read(path, &member->len);
    member->crc = (uint32_t)crc32(0, member->data, (uInt)member->len);
    member_count++;
    return member->data == NULL;
}

/* OCF 3.3: a file named mimetype comes first. */
static int by_name(const void *a, const void *b)
{
    const char *x = ((const struct member *)a)->name;
    const char *y = ((const struct member *)b)->name;
    const int first = (strcmp(y, "mimetype") == 0) - (strcmp(x, "mimetype") == 0);
    return first ? first : strcmp(x, y);
}

static void add(struct out *out, const void *data, size_t len)
{
    out->data = realloc(out->data, out->len + len + 1);
    memcpy(out->data + out->len, data, len);
    out->len += len;
}

static void add_number(struct out *out, uint64_t number, int byte_count)
{
    for (int i = 0; i < byte_count; i++) {
        const uint8_t byte = (uint8_t)(number >> (8 * i));
        add(out, &byte, 1);
    }
}

/* The part that local header and directory entry share: APPNOTE 4.4.3 to 4.4.11. */
static void add_about(struct out *out, const struct member *member)
{
    add_number(out, 20, 2);
    add_number(out, 0x800, 2); /* names are UTF-8 */
    add_number(out, 0, 2);     /* stored */
    add_number(out, 0, 2);
    add_number(out, DOS_DATE, 2);
    add_number(out, member->crc, 4);
    add_number(out, member->len, 4);
    add_number(out, member->len, 4);
    add_number(out, strlen(member->name), 2);
    add_number(out, 0, 2);
}

static void write_zip(struct out *out)
{
    for (size_t i = 0; i < member_count; i++) {
        members[i].at = out->len;
        add(out, "PK\3\4", 4);
        add_about(out, &members[i]);
        add(out, members[i].name, strlen(members[i].name));
        add(out, members[i].data, members[i].len);
    }
    const size_t directory_at = out->len;
    for (size_t i = 0; i < member_count; i++) {
        add(out, "PK\1\2", 4);
        add_number(out, 20, 2);
        add_about(out, &members[i]);
        add(out, "\0\0\0\0\0\0\0\0\0\0", 10); /* comment, disk, attributes */
        add_number(out, members[i].at, 4);
        add(out, members[i].name, strlen(members[i].name));
    }
    const size_t directory_len = out->len - directory_at;
    add(out, "PK\5\6\0\0\0\0", 8);
    add_number(out, member_count, 2);
    add_number(out, member_count, 2);
    add_number(out, directory_len, 4);
    add_number(out, directory_at, 4);
    add_number(out, 0, 2);
}

bool zip_folder(const char *folder, uint8_t **out_data, size_t *out_len)
{
    struct out out = {0};
    member_count = 0;
    root_len = strlen(folder);
    const bool read_all = nftw(folder, take, 8, FTW_PHYS) == 0;
    if (read_all) {
        qsort(members, member_count, sizeof *members, by_name);
        write_zip(&out);
    } else {
        fprintf(stderr, "%s: cannot be zipped\n", folder);
    }
    for (size_t i = 0; i < member_count; i++) {
        free(members[i].path);
        free(members[i].data);
    }
    *out_data = out.data;
    *out_len = out.len;
    return read_all;
}
