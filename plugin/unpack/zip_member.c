/* SPDX-License-Identifier: Apache-2.0 */
#include "unpack/zip_member.h"

#include "base/memory.h"
#include "formats/deflated.h"
#include "unpack/foreign.h"

#include <inttypes.h>
#include <stdlib.h>

enum {
    HEADER_LEN = 31,
    LOCAL_HEADER_MIN = 30, /* APPNOTE 4.3.7, without name and extra field */
    CANCEL_ASKED_EVERY = 4096
};

struct extent {
    uint64_t start; /* of the local header */
    uint64_t end;   /* of the packed data */
};

static int compare_extents(const void *a, const void *b)
{
    const struct extent *left = a;
    const struct extent *right = b;
    return (left->start > right->start) - (left->start < right->start);
}

/* Where an entry lies by the directory alone, never more than it really takes. */
static bool extent_stated(const struct zip *zip, const struct zip_entry *entry, struct extent *out)
{
    const uint64_t start = entry->local_offset;
    const uint64_t content = zip->content.len;
    if (start >= content) {
        return false;
    }
    const uint64_t room = content - start;
    const uint64_t packed = entry->packed_bytes < room ? entry->packed_bytes : room;
    const uint64_t header = LOCAL_HEADER_MIN < room - packed ? LOCAL_HEADER_MIN : room - packed;
    *out = (struct extent){.start = start, .end = start + header + packed};
    return true;
}

/* By its local header. An entry without one has no bytes to share: its own reading tells. */
static bool extent_real(const struct zip *zip, const struct zip_entry *entry, struct extent *out)
{
    bytes data;
    bool whole;
    if (!zip_entry_data(zip, entry, &data, &whole)) {
        return false;
    }
    *out = (struct extent){.start = entry->local_offset,
                           .end = (uint64_t)(data.ptr - zip->content.ptr) + data.len};
    return true;
}

typedef bool extent_of(const struct zip *zip, const struct zip_entry *entry, struct extent *out);

/* Sorted by start. CANCELLED. */
static enum status list_extents(const struct zip *zip, size_t max, const struct unpack_watch *watch,
                                extent_of *of, struct extent *extents, size_t *count)
{
    size_t cursor = 0;
    struct zip_entry entry;
    *count = 0;
    for (size_t i = 0; i < max && zip_next(zip, &cursor, &entry); i++) {
        if (i % CANCEL_ASKED_EVERY == 0 && watch_is_cancelled(watch)) {
            return STATUS_CANCELLED;
        }
        *count += of(zip, &entry, &extents[*count]);
    }
    qsort(extents, *count, sizeof *extents, compare_extents);
    return STATUS_OK;
}

/* The index of the first extent that begins inside the one before it; 0: none does. */
static size_t find_overlap(const struct extent *extents, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        if (extents[i].start < extents[i - 1].end) {
            return i;
        }
    }
    return 0;
}

enum status zip_check_overlap(const struct zip *zip, int64_t entries_max,
                              const struct unpack_watch *watch, struct fault *fault)
{
    enum { ENTRY_BYTES_MIN = 46 }; /* APPNOTE 4.3.12: so many entries fit at most */
    size_t max = zip->directory.len / ENTRY_BYTES_MIN;
    max = (uint64_t)entries_max < max ? (size_t)entries_max : max;
    struct extent *extents = memory_allocate(max * sizeof *extents);
    if (!extents) {
        return STATUS_NO_MEMORY;
    }
    size_t count = 0;
    size_t at = 0;
    /* The directory alone first: looking at every local header would bring a whole large archive
     * into memory. Only what looks wrong is looked at closely. */
    enum status status = list_extents(zip, max, watch, extent_stated, extents, &count);
    if (status == STATUS_OK && find_overlap(extents, count)) {
        status = list_extents(zip, max, watch, extent_real, extents, &count);
        at = status == STATUS_OK ? find_overlap(extents, count) : 0;
    }
    if (at) {
        fault_tell(fault, FAULT_limit, (int64_t)extents[at].start, /* inside the content */
                   "entries overlap at byte %" PRIu64 ": nothing of this archive was unpacked",
                   extents[at].start);
        status = STATUS_LIMIT;
    }
    memory_release(extents);
    return status;
}

/* Why the packed data end before they should. */
static void tell_short(const struct zip_entry *entry, bool whole, struct member *member)
{
    if (!whole || !entry->is_measured) {
        fault_tell(&member->fault, FAULT_truncated, -1, "the archive ends inside this entry");
    } else {
        fault_tell(&member->fault, FAULT_bad_format, -1,
                   "its packed data end before the compressed stream does");
    }
}

static enum status take_deflated(bytes data, const struct zip_entry *entry, bool whole,
                                 uint8_t *scratch, struct intake *intake)
{
    struct deflated *deflated = deflated_open(data);
    enum deflated_state state = deflated ? DEFLATED_MORE : DEFLATED_NO_MEMORY;
    enum status status = STATUS_OK;
    while (state == DEFLATED_MORE && status == STATUS_OK) {
        size_t produced = 0;
        state = deflated_next(deflated, scratch, ZIP_SCRATCH_BYTES, &produced);
        status = produced > 0 ? intake_take(intake, (bytes){.ptr = scratch, .len = produced})
                              : STATUS_OK;
    }
    deflated_close(deflated);
    TRY(status);
    switch (state) {
    case DEFLATED_NO_MEMORY:
        return STATUS_NO_MEMORY;
    case DEFLATED_SHORT:
        tell_short(entry, whole, intake->member);
        break;
    case DEFLATED_BAD:
        fault_tell(&intake->member->fault, FAULT_bad_format, intake->taken_bytes,
                   "its compressed data are damaged behind byte %" PRId64 " of the output",
                   intake->taken_bytes);
        break;
    case DEFLATED_MORE:
    case DEFLATED_END:
        break;
    }
    return STATUS_OK;
}

static void put_u32(uint8_t *at, uint64_t value)
{
    const uint32_t field = value < UINT32_MAX ? (uint32_t)value : UINT32_MAX - 1;
    for (int i = 0; i < 4; i++) {
        at[i] = (uint8_t)(field >> 8 * i & 0xFF);
    }
}

/* A local header (APPNOTE 4.3.7) that says what the directory says: libarchive then needs neither
 * the archive's own local header nor a descriptor behind the data. Bits 1 and 2 of the flags belong
 * to the method. */
static enum status take_foreign(bytes data, const struct zip_entry *entry, struct intake *intake)
{
    uint8_t header[HEADER_LEN] = {'P', 'K', 3, 4, 63, 0};
    struct member *member = intake->member;
    header[6] = (uint8_t)(entry->flags & 0x06);
    header[8] = (uint8_t)(entry->method & 0xFF);
    put_u32(header + 14, entry->crc);
    put_u32(header + 18, data.len);
    put_u32(header + 22, entry->size_bytes);
    header[26] = 1;
    header[30] = 'x';
    struct foreign *foreign = foreign_open(
        FOREIGN_ZIP_ENTRY, (bytes){.ptr = header, .len = sizeof header}, data, &member->fault);
    if (!foreign || !foreign_next(foreign, &member->fault)) {
        foreign_close(foreign);
        return member->fault.code == FAULT_no_memory ? STATUS_NO_MEMORY : STATUS_OK;
    }
    const enum status status = foreign_take(foreign, intake);
    foreign_close(foreign);
    return status;
}

static enum status take_by_method(bytes data, const struct zip_entry *entry, bool whole,
                                  uint8_t *scratch, struct intake *intake)
{
    switch (entry->method) {
    case ZIP_STORED:
        TRY(data.len ? intake_take(intake, data) : STATUS_OK);
        if (!whole) {
            tell_short(entry, whole, intake->member);
        }
        return STATUS_OK;
    case ZIP_DEFLATED:
        return take_deflated(data, entry, whole, scratch, intake);
    case ZIP_BZIP2:
    case ZIP_LZMA:
    case ZIP_ZSTD:
    case ZIP_XZ:
    case ZIP_PPMD:
        TRY(take_foreign(data, entry, intake));
        if (!whole) {
            intake->member->fault = (struct fault){.code = FAULT_none};
            tell_short(entry, whole, intake->member);
        }
        return STATUS_OK;
    default: /* numbers of a registry (APPNOTE 4.4.5), not an enum of ours */
        fault_tell(&intake->member->fault, FAULT_unsupported_format, -1,
                   "compressed by method %u, which Quern cannot read", (unsigned)entry->method);
        return STATUS_OK;
    }
}

enum status zip_take(const struct zip *zip, const struct zip_entry *entry, uint8_t *scratch,
                     struct intake *intake)
{
    struct member *member = intake->member;
    bytes data;
    bool whole;
    if (entry->flags & ZIP_FLAG_ENCRYPTED) {
        fault_tell(&member->fault, FAULT_encrypted, -1, "this entry needs a password");
        return STATUS_OK;
    }
    if (!zip_entry_data(zip, entry, &data, &whole)) {
        const bool past_end = entry->local_offset >= zip->content.len;
        fault_tell(&member->fault, past_end ? FAULT_truncated : FAULT_bad_format, -1,
                   past_end ? "the archive ends before this entry"
                            : "the directory names a place where no entry begins");
        return STATUS_OK;
    }
    TRY(take_by_method(data, entry, whole, scratch, intake));
    if (member->fault.code == FAULT_none && entry->is_measured && intake->crc != entry->crc) {
        member->notes[NOTE_bad_checksum] = 1;
    }
    return STATUS_OK;
}
