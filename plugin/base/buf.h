/* SPDX-License-Identifier: Apache-2.0 */
/* A growing text or byte buffer inside an arena, with a maximum named at its making.
 *
 * Appending is sticky: buf_add answers nothing; buf_failed tells at the end whether all of it
 * fitted. What was appended before the failure stays readable.
 */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include "base/arena.h"

struct buf {
    struct arena *arena;
    char *ptr;
    size_t len;
    size_t capacity;
    size_t limit_bytes;
    bool failed; /* the limit or the arena said no */
};

void buf_init(struct buf *buf, struct arena *arena, size_t limit_bytes);
void buf_add(struct buf *buf, str s);
void buf_add_bytes(struct buf *buf, bytes b);
void buf_add_byte(struct buf *buf, uint8_t byte);
/* One code point as UTF-8; surrogates and what lies above U+10FFFF become U+FFFD. */
void buf_add_code_point(struct buf *buf, uint32_t code_point);
void buf_add_integer(struct buf *buf, int64_t value);
/* Room for `len` more bytes to write into, counted as appended; NULL after a refusal. */
char *buf_extend(struct buf *buf, size_t len);
void buf_clear(struct buf *buf);
/* Room for `capacity` bytes in all and no more: for who knows how much will come. A hint, which may
 * be refused. */
void buf_reserve(struct buf *buf, size_t capacity);

static inline bool buf_failed(const struct buf *buf)
{
    return buf->failed;
}

/* What is in it, lent until the next append. Only for buffers that were fed str. */
static inline str buf_str(const struct buf *buf)
{
    return (str){.ptr = buf->ptr ? buf->ptr : "", .len = buf->len};
}

static inline bytes buf_bytes(const struct buf *buf)
{
    return (bytes){.ptr = (const uint8_t *)(buf->ptr ? buf->ptr : ""), .len = buf->len};
}

#endif
