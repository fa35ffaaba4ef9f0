/* SPDX-License-Identifier: Apache-2.0 */
#include "unpack/volume.h"

#include "formats/reader.h"

#include <inttypes.h>

enum {
    SEVEN_ZIP_HEAD_LEN = 32,
    RAR_MARK_LEN = 7,
    RAR_MAIN_HEADER = 0x73,
    RAR_IS_VOLUME = 0x0001,
    RAR_HEADERS_ENCRYPTED = 0x0080,
    RAR_FIRST_VOLUME = 0x0100,
    RAR_FILE_HEADER = 0x74,
    RAR_HAS_DATA = 0x8000,
    RAR_SPLIT_BEFORE = 0x0001,
    RAR5_MARK_LEN = 8,
    RAR5_MAIN_HEADER = 1,
    RAR5_ENCRYPTION_HEADER = 4,
    RAR5_FILE_HEADER = 2,
    RAR5_HAS_EXTRA = 0x0001,
    RAR5_HAS_DATA = 0x0002,
    RAR5_SPLIT_BEFORE = 0x0008,
    RAR5_IS_VOLUME = 0x0001,
    RAR5_HAS_NUMBER = 0x0002,
    RAR5_END_HEADER = 5,
    RAR5_ENCRYPTION_RECORD = 1,
    BLOCKS_MAX = 1 << 20, /* of a RAR 5: many more than entries are ever read */
    TAR_BLOCK = 512,
    BLOCKS_LOOKED_AT = 16 /* a comment or two stand before the first file */
};

static bool tell_encrypted(struct fault *fault)
{
    fault_tell(fault, FAULT_encrypted, 0, "even its list of entries needs a password");
    return false;
}

/* 7zFormat.txt, SignatureHeader: the list of entries stands at the end. */
static bool check_seven_zip(bytes content, struct fault *fault)
{
    struct reader r = reader_at(content, 12);
    const uint64_t offset = read_u64le(&r);
    const uint64_t len = read_u64le(&r);
    const uint64_t room = content.len > SEVEN_ZIP_HEAD_LEN ? content.len - SEVEN_ZIP_HEAD_LEN : 0;
    if (r.short_read || offset > room || len > room - offset) {
        fault_tell(fault, FAULT_truncated, (int64_t)content.len,
                   "its list of entries would stand behind the end: nothing can be unpacked");
        return false;
    }
    return true;
}

/* RAR 4 blocks, as its technical note has them: CRC, type, flags, size; with the flag, the size of
 * data behind. */
static bool rar_first_file_is_split(struct reader r)
{
    for (int i = 0; i < BLOCKS_LOOKED_AT; i++) {
        const size_t from = r.at;
        (void)read_u16le(&r);
        const uint8_t type = read_u8(&r);
        const uint16_t flags = read_u16le(&r);
        const uint16_t size = read_u16le(&r);
        const uint32_t data = flags & RAR_HAS_DATA ? read_u32le(&r) : 0;
        if (r.short_read || type == RAR_FILE_HEADER) {
            return !r.short_read && (flags & RAR_SPLIT_BEFORE);
        }
        r = reader_at(r.all, (uint64_t)from + size + data);
    }
    return false;
}

static bool check_rar(bytes content, struct volume *volume, struct fault *fault)
{
    struct reader r = reader_at(content, RAR_MARK_LEN + 2);
    const uint8_t type = read_u8(&r);
    const uint16_t flags = read_u16le(&r);
    const uint16_t size = read_u16le(&r);
    if (r.short_read || type != RAR_MAIN_HEADER) {
        return true;
    }
    volume->is_part = flags & RAR_IS_VOLUME;
    volume->number = volume->is_part && (flags & RAR_FIRST_VOLUME) ? 1 : 0;
    volume->begins_inside =
        volume->is_part && rar_first_file_is_split(reader_at(content, RAR_MARK_LEN + size));
    return (flags & RAR_HEADERS_ENCRYPTED) ? tell_encrypted(fault) : true;
}

/* RAR 5.0 archive format, vint: seven bits a byte, low ones first, at most ten bytes. */
static uint64_t read_vint(struct reader *reader)
{
    uint64_t value = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
        const uint8_t byte = read_u8(reader);
        value |= (uint64_t)(byte & 0x7F) << shift;
        if (!(byte & 0x80)) {
            return value;
        }
    }
    reader->short_read = true;
    return 0;
}

struct rar5_block {
    uint64_t type;
    uint64_t flags;
    uint64_t next;        /* where the next block stands */
    struct reader fields; /* behind what all blocks have */
    bytes extra;          /* the extra area, at the end of the header */
};

/* RAR 5.0 archive format, general block: CRC, size, type, flags, sizes of extra area and data. */
static bool read_rar5_block(bytes content, uint64_t offset, struct rar5_block *block)
{
    struct reader r = reader_at(content, offset);
    (void)read_u32le(&r);
    const uint64_t size = read_vint(&r);
    const size_t from = r.at;
    block->type = read_vint(&r);
    block->flags = read_vint(&r);
    const uint64_t extra = block->flags & RAR5_HAS_EXTRA ? read_vint(&r) : 0;
    const uint64_t data = block->flags & RAR5_HAS_DATA ? read_vint(&r) : 0;
    block->fields = r;
    if (r.short_read || size > content.len - from || data > content.len - from - size) {
        block->next = UINT64_MAX;
        block->extra = bytes_slice(content, 0, 0);
    } else {
        const size_t end = from + (size_t)size; /* inside the content, as just compared */
        block->next = end + data;
        block->extra = bytes_slice(content, extra < size ? end - (size_t)extra : end, end);
    }
    return !r.short_read;
}

static bool rar5_first_file_is_split(bytes content, uint64_t offset)
{
    struct rar5_block block;
    for (int i = 0; i < BLOCKS_LOOKED_AT && read_rar5_block(content, offset, &block); i++) {
        if (block.type == RAR5_FILE_HEADER) {
            return block.flags & RAR5_SPLIT_BEFORE;
        }
        offset = block.next;
    }
    return false;
}

/* RAR 5.0 archive format: the last block is always that of the end. */
static bool rar5_has_end(bytes content)
{
    struct rar5_block block = {.next = RAR5_MARK_LEN};
    for (int i = 0; i < BLOCKS_MAX && read_rar5_block(content, block.next, &block); i++) {
        if (block.type == RAR5_END_HEADER) {
            return block.next != UINT64_MAX;
        }
    }
    return false;
}

/* RAR 5.0 archive format, file encryption record: type 1 of the extra area. */
static bool rar5_has_encryption(const struct rar5_block *block)
{
    struct reader r = {.all = block->extra};
    while (!r.short_read && r.at < r.all.len) {
        const uint64_t size = read_vint(&r);
        const size_t from = r.at;
        const uint64_t type = read_vint(&r);
        if (!r.short_read && type == RAR5_ENCRYPTION_RECORD) {
            return true;
        }
        r.at = from;
        (void)read_bytes(&r, size);
    }
    return false;
}

/* libarchive gives one header for each file block, but for those that go on from a volume before. */
bool volume_step(struct volume *volume, bytes content)
{
    struct rar5_block block;
    for (int i = 0; i < BLOCKS_MAX && read_rar5_block(content, volume->next_block, &block); i++) {
        volume->next_block = block.next;
        if (block.type == RAR5_FILE_HEADER && !(block.flags & RAR5_SPLIT_BEFORE)) {
            return rar5_has_encryption(&block);
        }
    }
    return false;
}

static bool check_rar5(bytes content, struct volume *volume, struct fault *fault)
{
    struct rar5_block block;
    volume->has_no_end = !rar5_has_end(content);
    volume->next_block = RAR5_MARK_LEN;
    if (!read_rar5_block(content, RAR5_MARK_LEN, &block)) {
        return true;
    }
    if (block.type == RAR5_ENCRYPTION_HEADER) {
        return tell_encrypted(fault);
    }
    const uint64_t flags = read_vint(&block.fields);
    const uint64_t number = flags & RAR5_HAS_NUMBER ? read_vint(&block.fields) : 0;
    if (!block.fields.short_read && block.type == RAR5_MAIN_HEADER && (flags & RAR5_IS_VOLUME)) {
        volume->is_part = true;
        volume->number = number < INT32_MAX ? (int64_t)number + 1 : 0; /* the first states none */
        volume->begins_inside = rar5_first_file_is_split(content, block.next);
    }
    return true;
}

/* POSIX ustar: two blocks of zeros end an archive. Old writers made do with one. */
static bool tar_has_end(bytes content)
{
    const size_t from = content.len > TAR_BLOCK ? content.len - TAR_BLOCK : 0;
    uint8_t all = 0;
    for (size_t i = from; i < content.len; i++) {
        all |= content.ptr[i];
    }
    return all == 0 && content.len % TAR_BLOCK == 0;
}

bool volume_check(bytes content, enum container_kind kind, struct volume *volume,
                  struct fault *fault)
{
    *volume = (struct volume){.is_part = false};
    switch (kind) {
    case CONTAINER_seven_zip:
        return check_seven_zip(content, fault);
    case CONTAINER_rar:
        return check_rar(content, volume, fault);
    case CONTAINER_rar5:
        return check_rar5(content, volume, fault);
    case CONTAINER_tar:
        volume->has_no_end = !tar_has_end(content);
        return true;
    case CONTAINER_zip:
    case CONTAINER_gz:
    case CONTAINER_bz2:
    case CONTAINER_xz:
    case CONTAINER_zst:
    case CONTAINER_COUNT:
        break;
    }
    return true;
}

static void tell_part(const struct volume *volume, struct fault *fault)
{
    *fault = (struct fault){.code = FAULT_none};
    if (volume->number > 0) {
        fault_tell(fault, FAULT_truncated, -1,
                   "this is volume %" PRId64 " of several: what reaches into the others is missing",
                   volume->number);
    } else {
        fault_tell(fault, FAULT_truncated, -1,
                   "this is one volume of several: what reaches into the others is missing");
    }
}

static bool comes_from_absence(const struct fault *fault)
{
    return fault->code == FAULT_truncated || fault->code == FAULT_bad_format;
}

void volume_explain(const struct volume *volume, struct fault *fault)
{
    if (volume->is_part && comes_from_absence(fault)) {
        tell_part(volume, fault);
    }
}

void volume_tell_end(const struct volume *volume, struct fault *fault)
{
    if (volume->is_part && (fault->code == FAULT_none || comes_from_absence(fault))) {
        tell_part(volume, fault);
    } else if (volume->has_no_end) {
        fault_tell(fault, FAULT_truncated, -1,
                   "the mark at the end of the archive is missing: entries may be, too");
    }
}
