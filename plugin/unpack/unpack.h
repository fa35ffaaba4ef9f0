/* SPDX-License-Identifier: Apache-2.0 */
/* Archives and single-stream filters: one member after the other, each into a blob, within a
 * budget that all containers of one input share.
 *
 *   container_bid ─► zip 7z rar tar …      → unpack_open ─► unpack_next … ─► unpack_close
 *                 └► gz bz2 xz zst (filter) → unfilter
 *
 * Nothing is written to disk by name: member names are labels only. No recursion: the job keeps the
 * stack of open containers.
 */
#ifndef UNPACK_UNPACK_H
#define UNPACK_UNPACK_H

#include "base/blob.h"
#include "base/document.h"
#include "base/settings.h"

struct container; /* a row: format name, media type, filter or archive */

/* The container whose magic the content bears, with the bits that were verified in `*bits`; NULL
 * for none. An office document, EPUB or JAR inside a ZIP is not told apart here: convert/ bids more
 * bits for it. [any thread] */
const struct container *container_bid(bytes content, unsigned *bits);
str container_name(const struct container *container); /* column format: zip, 7z, gz … */
str container_media_type(const struct container *container);
bool container_is_filter(const struct container *container); /* gz, bz2, xz, zst: one stream */

/* What one input may cost, nested containers included. Zeroed counters, limits from settings. */
struct budget {
    const struct settings *settings; /* archive_* limits */
    int64_t entries;
    int64_t unpacked_bytes;
};

struct unpack_watch {
    void *context;
    bool (*is_cancelled)(void *context); /* NULL allowed; asked at least each 64 KiB produced */
};

struct member {
    str name;       /* decoded, valid UTF-8, `\` as `/`, never normalised; arena of unpack_next */
    bytes raw_name; /* as it stands in the archive: what ids count */
    int64_t occurrence;        /* 0 for the first entry of that raw name, 1 for the second … */
    int64_t modified_us;       /* since 1970-01-01 UTC; INT64_MIN: not stated */
    struct blob *content;      /* sealed; NULL when nothing could be read. The caller closes it */
    struct fault fault;        /* why the content is missing or cut; code none when it is whole */
    int64_t notes[NOTE_COUNT]; /* counts to add to the member's document (bad_checksum …) */
};

struct unpack;

/* `content` is lent until unpack_close. NULL: `fault` tells (bad_format, encrypted, limit for
 * overlapping entries, no_memory). [job thread] */
struct unpack *unpack_open(bytes content, const struct container *container, struct budget *budget,
                           const struct unpack_watch *watch, struct fault *fault);

/* The next regular file. OK with out->name.ptr set; OK with out->name.ptr NULL at the end, and then
 * out->fault tells what ended it early, if anything did, and out->notes what was passed over in all.
 * CANCELLED, NO_MEMORY. Folders, links and devices are passed over; of links and devices the note
 * entry_passed_over tells how many. */
enum status unpack_next(struct unpack *unpack, struct arena *arena, struct member *out) MUST_CHECK;

void unpack_close(struct unpack *unpack); /* NULL is allowed */

/* Takes a filter off: the whole stream (concatenated members too) into out->content, name from the
 * gzip header when it has one. Statuses as unpack_next. */
enum status unfilter(bytes content, const struct container *container, struct budget *budget,
                     const struct unpack_watch *watch, struct arena *arena,
                     struct member *out) MUST_CHECK;

#endif
