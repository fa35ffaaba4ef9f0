/* SPDX-License-Identifier: Apache-2.0 */
/* What a ZIP says of its entries (PKWARE APPNOTE 6.3.10), without memory of its own.
 *
 *   [local header|name|data] [local header|name|data] … [directory: one entry each] [end record]
 *      ▲───────────────────────────────────────────────────────┘ local_offset
 *
 * The directory at the end is what counts. Where it is missing or broken (a download that was cut),
 * the local headers are found by walking from the front: `is_recovered`. Zip64 is read; parts of a
 * split archive are not joined. Unpacking is unpack/'s business, but for the small members that
 * tell what kind of file this is.
 */
#ifndef FORMATS_ZIP_H
#define FORMATS_ZIP_H

#include "base/str.h"

enum zip_method { /* APPNOTE 4.4.5, those that some reader of ours knows */
                  ZIP_STORED = 0,
                  ZIP_DEFLATED = 8,
                  ZIP_BZIP2 = 12,
                  ZIP_LZMA = 14,
                  ZIP_ZSTD = 93,
                  ZIP_XZ = 95,
                  ZIP_PPMD = 98
};

enum { ZIP_FLAG_ENCRYPTED = 0x0001, ZIP_FLAG_SIZES_BEHIND = 0x0008, ZIP_FLAG_UTF8 = 0x0800 };

struct zip {
    bytes content;
    bytes directory;    /* empty when recovered */
    uint64_t base;      /* bytes in front of the archive that its offsets do not count */
    size_t local_first; /* where walking the local headers begins */
    bool is_recovered;  /* no usable directory: entries come from local headers */
    bool is_cut;        /* the end record itself is incomplete */
    bool is_split;      /* the end record speaks of other disks */
};

struct zip_entry {
    bytes name;         /* as stored */
    bytes unicode_name; /* extra field 0x7075, when it belongs to this name; else empty */
    uint64_t packed_bytes;
    uint64_t size_bytes;   /* as stated: a claim */
    uint64_t local_offset; /* into content; may lie past its end */
    int64_t modified_us;   /* INT64_MIN: not stated. Without a zone it is taken as UTC */
    uint32_t crc;
    uint16_t flags;
    uint16_t method;
    bool is_folder;
    bool is_link;     /* a symbolic link of Unix */
    bool is_measured; /* size, packed size and crc are stated */
};

/* False: not a ZIP, neither by directory nor by local headers. [any thread] */
bool zip_open(bytes content, struct zip *zip);

/* The entry at *cursor (0 at first), which moves behind it; false at the end. Linear in all. */
bool zip_next(const struct zip *zip, size_t *cursor, struct zip_entry *entry);

/* After zip_next said false: is that the directory's end, or did the directory break there? */
bool zip_is_walked(const struct zip *zip, size_t cursor);

/* Its packed data, as much of them as is there; false when its local header is not. `*whole`: all
 * of the stated bytes are inside the content. */
bool zip_entry_data(const struct zip *zip, const struct zip_entry *entry, bytes *data, bool *whole);

/* The first entry of that name among the first `max`, ASCII case ignored; false: none. */
bool zip_find(const struct zip *zip, str name, size_t max, struct zip_entry *entry);

/* The first `out.len` bytes or fewer of a stored or deflated entry; their number, 0 when it cannot
 * be read. */
size_t zip_read_head(const struct zip *zip, const struct zip_entry *entry, uint8_t *out,
                     size_t out_len);

#endif
