/* SPDX-License-Identifier: Apache-2.0 */
/* CNS 11643, the planes of 94 rows and 94 cells behind EUC-TW and ISO-2022-CN. Only for coder_*.c. */
#ifndef TEXT_CNS11643_H
#define TEXT_CNS11643_H

#include "text/tables.h"

#include <stddef.h>

/* Planes 1 to 7 and 15 are there. 0: no such character. `row` and `cell` count from 0. */
static inline uint32_t cns11643_code_point(unsigned plane, unsigned row, unsigned cell)
{
    if ((plane < 1 || plane > 7) && plane != 15) {
        return 0;
    }
    const size_t pointer = ((plane == 15 ? 7 : plane - 1) * 94 + row) * 94 + cell;
    const uint32_t low = index_cns11643[pointer];
    return low | (index_cns11643_plane2[pointer / 32] >> (pointer % 32) & 1) << 17;
}

#endif
