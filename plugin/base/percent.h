/* SPDX-License-Identifier: Apache-2.0 */
/* Percent-encoding as the URL Standard has it: which bytes each part of a URL must not show as they
 * are, and the way back. For url.c, host.c and header values; not a URL parser. */
#ifndef BASE_PERCENT_H
#define BASE_PERCENT_H

#include "base/buf.h"

/* URL Standard, "percent-encoded bytes": the part of the URL the text is for. */
enum percent_set { PERCENT_FRAGMENT, PERCENT_QUERY, PERCENT_PATH };

/* Every byte of the set, every control and every byte above 0x7E becomes %XX; a `%` stays. */
void percent_encode(struct buf *out, bytes raw, enum percent_set set);

/* %XX becomes its byte; a `%` without two hex digits stays. The result may be any bytes. `.ptr`
 * NULL: no memory. */
bytes percent_decode(struct arena *arena, bytes encoded);

/* 0 to 15, or -1. */
int hex_digit_value(uint8_t c);

/* The code point at *at of bytes that may be anything, and *at moves behind it; UINT32_MAX and one
 * byte further where they are not UTF-8 (Unicode 3.9, table 3-7). *at must be below b.len. */
uint32_t percent_code_point(bytes b, size_t *at);

#endif
