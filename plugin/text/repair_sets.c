/* SPDX-License-Identifier: Apache-2.0 */
#include "text/repair_sets.h"

#include "text/tables/repair.inc"

_Static_assert(REPAIR_SETS == (int)WRONG_SINGLE_COUNT,
               "the script and the enum name the same sets");

enum { PAGE = 32, HAN_FIRST = 0x4E00, HAN_COUNT = sizeof repair_gbk / sizeof *repair_gbk };

const uint8_t *wrong_bytes(uint32_t code_point)
{
    const uint32_t page = code_point / PAGE;
    const size_t first = page < REPAIR_PAGES ? (size_t)repair_page[page] * PAGE : 0;
    return repair_rows[first + code_point % PAGE];
}

uint32_t wrong_gbk(uint32_t code_point)
{
    if (code_point >= HAN_FIRST && code_point < HAN_FIRST + HAN_COUNT) {
        return repair_gbk[code_point - HAN_FIRST];
    }
    size_t low = 0;
    size_t high = sizeof repair_gbk_rest / sizeof *repair_gbk_rest;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (repair_gbk_rest[middle][0] == code_point) {
            return repair_gbk_rest[middle][1];
        }
        if (repair_gbk_rest[middle][0] < code_point) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return 0;
}

bool ideograph_is_odd(uint32_t code_point)
{
    const uint32_t index = code_point - HAN_FIRST;
    return index < HAN_COUNT && (repair_odd[index / 32] >> (index % 32) & 1);
}
