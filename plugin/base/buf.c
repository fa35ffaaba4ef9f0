/* SPDX-License-Identifier: Apache-2.0 */
#include "base/buf.h"

void buf_init(struct buf *buf, struct arena *arena, size_t limit_bytes)
{
    *buf = (struct buf){.arena = arena, .limit_bytes = limit_bytes};
}

static bool move_to(struct buf *buf, size_t capacity)
{
    char *larger = arena_resize(buf->arena, buf->ptr, buf->capacity, capacity);
    if (!larger) {
        buf->failed = true;
        return false;
    }
    buf->ptr = larger;
    buf->capacity = capacity;
    return true;
}

void buf_reserve(struct buf *buf, size_t capacity)
{
    if (!buf->failed && capacity > buf->capacity && capacity <= buf->limit_bytes) {
        (void)move_to(buf, capacity);
    }
}

static bool reserve(struct buf *buf, size_t more)
{
    if (buf->failed) {
        return false;
    }
    if (more > buf->limit_bytes - buf->len) {
        buf->failed = true;
        return false;
    }
    const size_t needed = buf->len + more;
    if (needed <= buf->capacity) {
        return true;
    }
    size_t capacity = buf->capacity ? buf->capacity : 64;
    while (capacity < needed) {
        capacity = capacity > SIZE_MAX / 2 ? needed : capacity * 2;
    }
    capacity = capacity > buf->limit_bytes ? buf->limit_bytes : capacity;
    return move_to(buf, capacity);
}

char *buf_extend(struct buf *buf, size_t len)
{
    if (!reserve(buf, len)) {
        return NULL;
    }
    char *room = buf->ptr ? buf->ptr + buf->len : NULL;
    buf->len += len;
    return room;
}

void buf_add_bytes(struct buf *buf, bytes b)
{
    if (b.len && reserve(buf, b.len)) {
        memcpy(buf->ptr + buf->len, b.ptr, b.len);
        buf->len += b.len;
    }
}

void buf_add(struct buf *buf, str s)
{
    buf_add_bytes(buf, str_bytes(s));
}

void buf_add_byte(struct buf *buf, uint8_t byte)
{
    if (reserve(buf, 1)) {
        buf->ptr[buf->len++] = (char)byte;
    }
}

void buf_add_code_point(struct buf *buf, uint32_t c)
{
    uint8_t out[4];
    size_t len = 0;
    if (c > 0x10FFFF || (c >= 0xD800 && c <= 0xDFFF)) {
        c = 0xFFFD;
    }
    if (c < 0x80) {
        out[len++] = (uint8_t)c;
    } else if (c < 0x800) {
        out[len++] = (uint8_t)(0xC0 | c >> 6);
        out[len++] = (uint8_t)(0x80 | (c & 0x3F));
    } else if (c < 0x10000) {
        out[len++] = (uint8_t)(0xE0 | c >> 12);
        out[len++] = (uint8_t)(0x80 | (c >> 6 & 0x3F));
        out[len++] = (uint8_t)(0x80 | (c & 0x3F));
    } else {
        out[len++] = (uint8_t)(0xF0 | c >> 18);
        out[len++] = (uint8_t)(0x80 | (c >> 12 & 0x3F));
        out[len++] = (uint8_t)(0x80 | (c >> 6 & 0x3F));
        out[len++] = (uint8_t)(0x80 | (c & 0x3F));
    }
    buf_add_bytes(buf, (bytes){.ptr = out, .len = len});
}

void buf_add_integer(struct buf *buf, int64_t value)
{
    char digits[20];
    size_t at = sizeof digits;
    uint64_t rest = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
    do {
        digits[--at] = (char)('0' + rest % 10);
        rest /= 10;
    } while (rest);
    if (value < 0) {
        buf_add_byte(buf, '-');
    }
    buf_add(buf, (str){.ptr = digits + at, .len = sizeof digits - at});
}

void buf_clear(struct buf *buf)
{
    buf->len = 0;
    buf->failed = false;
}
