/* SPDX-License-Identifier: Apache-2.0 */
#include "text/packed.h"

#define UTF8_OF_TWO(c)   (0x80C0u | (c) >> 6 | ((c)&0x3Fu) << 8)
#define UTF8_OF_THREE(c) (0x8080E0u | (c) >> 12 | ((c) >> 6 & 0x3Fu) << 8 | ((c)&0x3Fu) << 16)

/* Of a run of pairs: where it begins, and its characters. */
#define R(lead, trail) [PACKED_PLACES((lead) << 8 | (trail))] =
#define P(c)           ((c) < 0x800 ? UTF8_OF_TWO(c) : UTF8_OF_THREE(c)),

const uint32_t packed_gb18030[PACKED_COUNT] = {
#include "text/tables/packed_gb18030.inc"
};

const uint32_t packed_big5[PACKED_COUNT] = {
#include "text/tables/packed_big5.inc"
};

const uint32_t packed_shift_jis[PACKED_COUNT] = {
#include "text/tables/packed_shift_jis.inc"
};

const uint32_t packed_euc_jp[PACKED_COUNT] = {
#include "text/tables/packed_euc_jp.inc"
};

const uint32_t packed_euc_kr[PACKED_COUNT] = {
#include "text/tables/packed_euc_kr.inc"
};
