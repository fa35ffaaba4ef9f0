/* SPDX-License-Identifier: Apache-2.0 */
/* The sets of 94 rows and 94 cells that several encodings share, whatever bytes those make of them:
 * rows and cells count from 0 here. 0: no such character. Only for coder_*.c. */
#ifndef TEXT_SETS94_H
#define TEXT_SETS94_H

#include "text/tables.h"

#include <stddef.h>

/* In the standard's indexes of two-byte encodings the set stands where both bytes are A1 to FE. */
enum { SETS94_LEAD = 0xA1 - 0x81, SETS94_TRAIL = 0xA1 - 0x41 };

/* With what GBK and gb18030 have there beyond GB 2312. */
static inline uint32_t gb2312_code_point(unsigned row, unsigned cell)
{
    return index_gb18030[(SETS94_LEAD + row) * 190 + SETS94_TRAIL + cell];
}

/* The edition of 2002: its postal code mark is in no table of the standard. */
static inline uint32_t ks_x_1001_code_point(unsigned row, unsigned cell)
{
    return row == 1 && cell == 71 ? 0x327E
                                  : index_euc_kr[(SETS94_LEAD + row) * 190 + SETS94_TRAIL + cell];
}

/* CNS 11643: planes 1 to 7 and 15 are there. */
static inline uint32_t cns11643_code_point(unsigned plane, unsigned row, unsigned cell)
{
    if ((plane < 1 || plane > 7) && plane != 15) {
        return 0;
    }
    const size_t pointer = ((plane == 15 ? 7 : plane - 1) * 94 + row) * 94 + cell;
    const uint32_t low = index_cns11643[pointer];
    return low | (index_cns11643_plane2[pointer / 32] >> (pointer % 32) & 1) << 17;
}

static inline uint32_t iso_ir_165_code_point(unsigned row, unsigned cell)
{
    return index_iso_ir_165[row * 94 + cell];
}

#endif
