/* SPDX-License-Identifier: Apache-2.0 */
/* The two-byte encodings as UTF-8, for their fast loops. Made by tables/generate_packed.py from the
 * same indexes as text/tables.h.
 *
 *   entry   byte 0  byte 1  byte 2  0      lowest first; two-byte UTF-8 has 0 for byte 2
 *   0       not one character of two or three bytes: a step decides
 */
#ifndef TEXT_PACKED_H
#define TEXT_PACKED_H

#include <stdint.h>

/* Where a pair's entry stands, lead in the upper byte and 80 to FF; for one pair, or for four of
 * them in a word. Trails from A1 on would use a part of the cache only, as rows are 1 KiB; so the
 * lead turns its row. */
#define PACKED_PLACES(pairs)                                                                       \
    (((pairs) ^ ((pairs) >> 2 & UINT64_C(0x00C000C000C000C0))) & UINT64_C(0x7FFF7FFF7FFF7FFF))
enum { PACKED_COUNT = 1 << 15 };

extern const uint32_t packed_gb18030[PACKED_COUNT];
extern const uint32_t packed_big5[PACKED_COUNT];
extern const uint32_t packed_shift_jis[PACKED_COUNT];
extern const uint32_t packed_euc_jp[PACKED_COUNT];
extern const uint32_t packed_euc_kr[PACKED_COUNT];

#endif
