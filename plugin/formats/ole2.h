/* SPDX-License-Identifier: Apache-2.0 */
/* The directory of an OLE2 compound file (MS-CFB): what it holds by name, for recognition.
 *
 *   header ─► FAT sectors (109 in the header, more by the DIFAT chain)
 *          └► directory chain ─► entries of 128 bytes: name, kind, left, right, child
 *
 * No memory of its own; every chain is bounded by the number of sectors. Streams are not read yet.
 */
#ifndef FORMATS_OLE2_H
#define FORMATS_OLE2_H

#include "base/str.h"

enum {
    OLE2_DIRECTORY_SECTORS_MAX = 1024, /* 4,096 entries of 128 bytes in small sectors */
    OLE2_NAME_MAX = 32                 /* MS-CFB 2.6.1: 31 UTF-16 units and the terminator */
};

struct ole2 {
    bytes content;
    size_t sector_bytes; /* 512 or 4096 */
    uint32_t sector_count;
    uint32_t directory_sectors[OLE2_DIRECTORY_SECTORS_MAX];
    uint32_t directory_count; /* sectors of the directory that are there */
    bool is_cut;              /* the directory chain leaves the content, loops or is too long */
};

enum ole2_kind { OLE2_UNUSED, OLE2_STORAGE, OLE2_STREAM, OLE2_ROOT };

struct ole2_entry {
    char name[OLE2_NAME_MAX]; /* NUL-terminated; units above U+007E are 0x7F: only for comparing */
    enum ole2_kind kind;
    uint32_t left;
    uint32_t right;
    uint32_t child;
    uint64_t size_bytes;
};

/* False: not a compound file, by its header. A file cut behind its header opens. [any thread] */
bool ole2_open(bytes content, struct ole2 *ole2);

uint32_t ole2_entry_count(const struct ole2 *ole2);

/* Entry `id` below the count; false when its name or kind does not hold. */
bool ole2_entry(const struct ole2 *ole2, uint32_t id, struct ole2_entry *entry);

/* Is there a stream or storage of that name directly under the root? ASCII case is ignored. When
 * the root's tree is broken, entries anywhere count. */
bool ole2_has(const struct ole2 *ole2, str name);

#endif
