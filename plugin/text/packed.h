/* SPDX-License-Identifier: Apache-2.0 */
/* The two-byte encodings as UTF-8, for their fast loops: a pair of bytes, lead first, is the place
 * of its text. Made by tables/generate_packed.py from the same indexes as text/tables.h.
 *
 *   entry   byte 0  byte 1  byte 2  0      lowest first; two-byte UTF-8 has 0 for byte 2
 *   0       not one character of two or three bytes: a step decides
 */
#ifndef TEXT_PACKED_H
#define TEXT_PACKED_H

#include <stdint.h>

/* By the lower 15 bits of a pair, whose lead is 80 to FF. */
enum { PACKED_COUNT = 1 << 15 };

extern const uint32_t packed_gb18030[PACKED_COUNT];
extern const uint32_t packed_big5[PACKED_COUNT];
extern const uint32_t packed_shift_jis[PACKED_COUNT];
extern const uint32_t packed_euc_jp[PACKED_COUNT];
extern const uint32_t packed_euc_kr[PACKED_COUNT];

#endif
