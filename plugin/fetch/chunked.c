/* SPDX-License-Identifier: Apache-2.0 */
#include "fetch/chunked.h"

#include "base/percent.h"

enum { SIZE_DIGITS_MAX = 15 /* of hex: no body has more bytes, and none overflows */ };

/* Behind the line end at or after `from`; SIZE_MAX: there is none. */
static size_t behind_line(bytes body, size_t from)
{
    const uint8_t *end = from < body.len ? memchr(body.ptr + from, '\n', body.len - from) : NULL;
    return end ? (size_t)(end - body.ptr) + 1 : SIZE_MAX;
}

enum chunked_state chunked_next(bytes body, size_t *at, bytes *out)
{
    size_t i = *at;
    uint64_t size = 0;
    size_t digits = 0;
    *out = (bytes){.ptr = body.ptr, .len = 0};
    while (i < body.len && (body.ptr[i] == '\r' || body.ptr[i] == '\n') && *at > 0) {
        i++; /* the end of the chunk before */
    }
    for (; i < body.len && hex_digit_value(body.ptr[i]) >= 0; i++, digits++) {
        if (digits == SIZE_DIGITS_MAX) {
            return CHUNKED_BAD;
        }
        size = size * 16 + (uint64_t)hex_digit_value(body.ptr[i]);
    }
    if (i == body.len) {
        return CHUNKED_CUT;
    }
    if (digits == 0) {
        return CHUNKED_BAD;
    }
    const size_t data = behind_line(body, i);
    if (data == SIZE_MAX) {
        return CHUNKED_CUT;
    }
    if (size == 0) {
        return CHUNKED_END;
    }
    const size_t left = body.len - data;
    *out = bytes_slice(body, data, data + (size < left ? (size_t)size : left));
    *at = data + out->len;
    return out->len ? CHUNKED_DATA : CHUNKED_CUT;
}
