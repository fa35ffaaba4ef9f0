/* SPDX-License-Identifier: Apache-2.0 */
/* UTF-16 without surrogates to UTF-8, many units at once. What a surrogate is part of, and the last
 * units of a content, are for the caller's steps. */
#ifndef TEXT_UTF16_H
#define TEXT_UTF16_H

#include "base/str.h"

enum { UTF16_BLOCK_BYTES = 32 };

/* Blocks from `*in` on, as long as whole ones lie before `end` and none holds a surrogate; `*in` and
 * `*out` move. Room: 3 bytes a byte. [any thread] */
void utf16_to_utf8(const uint8_t **in, const uint8_t *end, bool is_big_endian, uint8_t **out);

#endif
