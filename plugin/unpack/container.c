/* SPDX-License-Identifier: Apache-2.0 */
/* Which container this is, by its magic alone: a bid is the number of bits that were verified. */
#include "unpack/container.h"

#include "unpack/unpack.h"

enum { TAR_BLOCK = 512, TAR_SUM_AT = 148, TAR_SUM_LEN = 8, TAR_MAGIC_AT = 257 };

#define MAGIC(literal) ((bytes){.ptr = (const uint8_t *)("" literal), .len = sizeof(literal) - 1})

static unsigned magic_bits(bytes content, size_t at, bytes magic)
{
    const bytes found = bytes_slice(content, at, at + magic.len);
    return bytes_equal(found, magic) ? 8 * (unsigned)magic.len : 0;
}

/* APPNOTE 4.3.7; 8.5.3 and 8.5.5: the marks of split archives; 4.3.16: an empty archive. */
static unsigned bid_zip(bytes content)
{
    if (magic_bits(content, 0, MAGIC("PK\x07\x08")) || magic_bits(content, 0, MAGIC("PK00"))) {
        return magic_bits(content, 4, MAGIC("PK\x03\x04")) ? 64 : 0;
    }
    const unsigned local = magic_bits(content, 0, MAGIC("PK\x03\x04"));
    return local ? local : magic_bits(content, 0, MAGIC("PK\x05\x06"));
}

/* An octal number as tar pads it: spaces, digits, then NUL or space. -1: it is none. */
static int64_t tar_octal(bytes field)
{
    size_t i = 0;
    int64_t value = 0;
    while (i < field.len && field.ptr[i] == ' ') {
        i++;
    }
    const size_t first = i;
    for (; i < field.len && field.ptr[i] >= '0' && field.ptr[i] <= '7'; i++) {
        value = value * 8 + (field.ptr[i] - '0'); /* at most 12 digits: fields are that long */
    }
    const bool ends = i == field.len || field.ptr[i] == '\0' || field.ptr[i] == ' ';
    return i > first && ends ? value : -1;
}

/* POSIX ustar: the sum of all bytes of the header, its own field read as spaces. Old writers summed
 * signed bytes. */
static bool tar_sum_holds(bytes header)
{
    int64_t of_unsigned = 0;
    int64_t of_signed = 0;
    for (size_t i = 0; i < TAR_BLOCK; i++) {
        const bool own = i >= TAR_SUM_AT && i < TAR_SUM_AT + TAR_SUM_LEN;
        const uint8_t byte = own ? ' ' : header.ptr[i];
        of_unsigned += byte;
        of_signed += byte < 128 ? byte : (int64_t)byte - 256;
    }
    const int64_t stated = tar_octal(bytes_slice(header, TAR_SUM_AT, TAR_SUM_AT + TAR_SUM_LEN));
    return stated == of_unsigned || stated == of_signed;
}

/* Tar of the seventh edition has no magic: its checksum speaks (17 bits of a sum), and a name. */
static unsigned bid_tar(bytes content)
{
    const bytes header = bytes_slice(content, 0, TAR_BLOCK);
    if (header.len < TAR_BLOCK || header.ptr[0] == '\0' || !tar_sum_holds(header)) {
        return 0;
    }
    return 24 + magic_bits(header, TAR_MAGIC_AT, MAGIC("ustar"));
}

/* RFC 1952 2.3: magic, method 8, three reserved flags zero. */
static unsigned bid_gz(bytes content)
{
    const unsigned bits = magic_bits(content, 0, MAGIC("\x1f\x8b\x08"));
    return bits && content.len > 3 && (content.ptr[3] & 0xE0) == 0 ? bits + 3 : 0;
}

/* "BZh", the block size, then pi for a block or the root of pi for the end. */
static unsigned bid_bz2(bytes content)
{
    const unsigned bits = magic_bits(content, 0, MAGIC("BZh"));
    if (!bits || content.len < 4 || content.ptr[3] < '1' || content.ptr[3] > '9') {
        return 0;
    }
    const unsigned block = magic_bits(content, 4, MAGIC("\x31\x41\x59\x26\x53\x59"));
    const unsigned end = magic_bits(content, 4, MAGIC("\x17\x72\x45\x38\x50\x90"));
    return block || end ? bits + 4 + 48 : 0;
}

static unsigned bid_kind(enum container_kind kind, bytes content)
{
    switch (kind) {
    case CONTAINER_zip:
        return bid_zip(content);
    case CONTAINER_seven_zip:
        return magic_bits(content, 0, MAGIC("7z\xBC\xAF\x27\x1C"));
    case CONTAINER_rar:
        return magic_bits(content, 0, MAGIC("Rar!\x1A\x07\0"));
    case CONTAINER_rar5:
        return magic_bits(content, 0, MAGIC("Rar!\x1A\x07\x01\0"));
    case CONTAINER_tar:
        return bid_tar(content);
    case CONTAINER_gz:
        return bid_gz(content);
    case CONTAINER_bz2:
        return bid_bz2(content);
    case CONTAINER_xz:
        return magic_bits(content, 0,
                          MAGIC("\xFD"
                                "7zXZ\0"));
    case CONTAINER_zst:
        return magic_bits(content, 0, MAGIC("\x28\xB5\x2F\xFD"));
    case CONTAINER_COUNT:
        break;
    }
    return 0;
}

const struct container *container_bid(bytes content, unsigned *bits)
{
    enum { ARCHIVE = false, FILTER = true };
    static const struct container rows[] = {
#define CONTAINER(name_, kind_, format_, media_type_)                                              \
    {.kind = CONTAINER_##name_,                                                                    \
     .is_filter = kind_,                                                                           \
     .name = STR_INIT(format_),                                                                    \
     .media_type = STR_INIT(media_type_)},
#include "unpack/containers.def"
#undef CONTAINER
    };
    const struct container *best = NULL;
    *bits = 0;
    for (size_t i = 0; i < CONTAINER_COUNT; i++) {
        const unsigned bid = bid_kind(rows[i].kind, content);
        if (bid > *bits) {
            *bits = bid;
            best = &rows[i];
        }
    }
    return best;
}

str container_name(const struct container *container)
{
    return container->name;
}

str container_media_type(const struct container *container)
{
    return container->media_type;
}

bool container_is_filter(const struct container *container)
{
    return container->is_filter;
}
