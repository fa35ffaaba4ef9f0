/* SPDX-License-Identifier: Apache-2.0 */
#include "unpack/volume.h"

#include "formats/reader.h"
#include "unpack/fault.h"

#include <inttypes.h>

enum {
    SEVEN_ZIP_HEAD_LEN = 32,
    RAR_MARK_LEN = 7,
    RAR_MAIN_HEADER = 0x73,
    RAR_IS_VOLUME = 0x0001,
    RAR_HEADERS_ENCRYPTED = 0x0080,
    RAR_FIRST_VOLUME = 0x0100,
    RAR5_MARK_LEN = 8,
    RAR5_MAIN_HEADER = 1,
    RAR5_ENCRYPTION_HEADER = 4,
    RAR5_HAS_EXTRA = 0x0001,
    RAR5_IS_VOLUME = 0x0001,
    RAR5_HAS_NUMBER = 0x0002
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

/* RAR 4 archive header, as its technical note has it: CRC, type, flags. */
static bool check_rar(bytes content, struct volume *volume, struct fault *fault)
{
    struct reader r = reader_at(content, RAR_MARK_LEN + 2);
    const uint8_t type = read_u8(&r);
    const uint16_t flags = read_u16le(&r);
    if (r.short_read || type != RAR_MAIN_HEADER) {
        return true;
    }
    volume->is_part = flags & RAR_IS_VOLUME;
    volume->number = (flags & RAR_FIRST_VOLUME) ? 1 : 0;
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

static bool check_rar5(bytes content, struct volume *volume, struct fault *fault)
{
    struct reader r = reader_at(content, RAR5_MARK_LEN + 4);
    (void)read_vint(&r); /* header size */
    const uint64_t type = read_vint(&r);
    const uint64_t header_flags = read_vint(&r);
    if (!r.short_read && type == RAR5_ENCRYPTION_HEADER) {
        return tell_encrypted(fault);
    }
    if (header_flags & RAR5_HAS_EXTRA) {
        (void)read_vint(&r);
    }
    const uint64_t flags = read_vint(&r);
    const uint64_t number = flags & RAR5_HAS_NUMBER ? read_vint(&r) : 0; /* absent in the first */
    if (!r.short_read && type == RAR5_MAIN_HEADER && (flags & RAR5_IS_VOLUME)) {
        volume->is_part = true;
        volume->number = number < INT32_MAX ? (int64_t)number + 1 : 0;
    }
    return true;
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
    case CONTAINER_zip:
    case CONTAINER_tar:
    case CONTAINER_gz:
    case CONTAINER_bz2:
    case CONTAINER_xz:
    case CONTAINER_zst:
    case CONTAINER_COUNT:
        break;
    }
    return true;
}

void volume_explain(const struct volume *volume, struct fault *fault)
{
    if (!volume->is_part || (fault->code != FAULT_truncated && fault->code != FAULT_bad_format)) {
        return;
    }
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
