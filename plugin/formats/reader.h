/* SPDX-License-Identifier: Apache-2.0 */
/* Fields of binary structures, one after the other, as the specification lists them:
 *
 *   struct reader r = {.all = tail};
 *   const uint32_t magic = read_u32le(&r);
 *   const uint16_t count = read_u16le(&r);
 *   if (r.short_read || magic != …)
 *
 * Nothing is read past the end: a field that does not fit is 0, and `short_read` stays true.
 */
#ifndef FORMATS_READER_H
#define FORMATS_READER_H

#include "base/str.h"

struct reader {
    bytes all;
    size_t at;
    bool short_read;
};

/* The next `len` bytes, lent; empty when they are not there. */
static inline bytes read_bytes(struct reader *reader, uint64_t len)
{
    if (reader->short_read || len > reader->all.len - reader->at) {
        reader->short_read = true;
        return (bytes){.ptr = reader->all.ptr, .len = 0};
    }
    const size_t from = reader->at;
    reader->at += (size_t)len; /* at most all.len, as just compared */
    return (bytes){.ptr = reader->all.ptr + from, .len = (size_t)len};
}

static inline uint64_t read_little_endian(struct reader *reader, size_t len)
{
    const bytes field = read_bytes(reader, len);
    uint64_t value = 0;
    for (size_t i = field.len; i-- > 0;) {
        value = value << 8 | field.ptr[i];
    }
    return value;
}

static inline uint8_t read_u8(struct reader *reader)
{
    return (uint8_t)read_little_endian(reader, 1);
}

static inline uint16_t read_u16le(struct reader *reader)
{
    return (uint16_t)read_little_endian(reader, 2);
}

static inline uint32_t read_u32le(struct reader *reader)
{
    return (uint32_t)read_little_endian(reader, 4);
}

static inline uint64_t read_u64le(struct reader *reader)
{
    return read_little_endian(reader, 8);
}

/* A reader of what stands at `offset`; an offset past the end reads short at once. */
static inline struct reader reader_at(bytes all, uint64_t offset)
{
    const bool inside = offset <= all.len;
    return (struct reader){
        .all = all, .at = inside ? (size_t)offset : all.len, .short_read = !inside};
}

#endif
