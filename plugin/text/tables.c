/* SPDX-License-Identifier: Apache-2.0 */
#include "text/tables.h"

const uint16_t index_gb18030[INDEX_DOUBLE_COUNT] = {
#include "text/tables/index_gb18030.inc"
};

const uint16_t index_euc_kr[INDEX_DOUBLE_COUNT] = {
#include "text/tables/index_euc_kr.inc"
};

const uint16_t index_jis0208[INDEX_JIS0208_COUNT] = {
#include "text/tables/index_jis0208.inc"
};

const uint16_t index_jis0212[INDEX_JIS0212_COUNT] = {
#include "text/tables/index_jis0212.inc"
};

const uint16_t index_big5[INDEX_BIG5_COUNT] = {
#include "text/tables/index_big5.inc"
};

const uint32_t index_big5_plane2[(INDEX_BIG5_COUNT + 31) / 32] = {
#include "text/tables/index_big5_plane2.inc"
};

const uint16_t index_cns11643[INDEX_CNS11643_COUNT] = {
#include "text/tables/cns11643.inc"
};

const uint32_t index_cns11643_plane2[(INDEX_CNS11643_COUNT + 31) / 32] = {
#include "text/tables/cns11643_plane2.inc"
};

const uint16_t index_iso_ir_165[INDEX_ISO_IR_165_COUNT] = {
#include "text/tables/iso_ir_165.inc"
};

#include "text/tables/singles.inc"
#include "text/tables/singles_legacy.inc"
