/* SPDX-License-Identifier: Apache-2.0 */
/* A file of gzip members that a kill leaves readable: it is called NAME.open while it is written, and
 * every member's head says how long it is once it is whole (subfield `sl` of the extra field, which
 * web archives use for that). What a killed writer left is cut behind its last whole member.
 *
 * archive.c's own; knows nothing of records.
 */
#ifndef FETCH_ARCHIVE_FILE_H
#define FETCH_ARCHIVE_FILE_H

#include "base/str.h"

enum { ARCHIVE_PATH_BYTES_MAX = 4096 };

struct archive_file {
    int descriptor; /* -1: none is open */
    int64_t len;    /* of whole members */
    int64_t synced_ms;
    char path[ARCHIVE_PATH_BYTES_MAX]; /* of the final name, NUL behind */
};

/* Makes a new file in the folder that nobody else has. False: errno. */
bool archive_file_open(struct archive_file *file, str folder);

/* One member of these parts, in order. False: errno; the file is as it was before. */
bool archive_file_add(struct archive_file *file, const bytes *parts, size_t part_count);

/* To the disk, and under its final name. False: errno; it keeps the name with .open. */
bool archive_file_close(struct archive_file *file);

/* Finishes what killed writers left in the folder; files that somebody writes are left alone. */
void archive_file_recover(str folder);

#endif
