/* SPDX-License-Identifier: Apache-2.0 */
#include "text/repair_sets.h"

#include "text/tables/repair.inc"

_Static_assert(REPAIR_SETS == (int)WRONG_SINGLE_COUNT,
               "the script and the enum name the same sets");

enum { KANA_FIRST = 0xFF61, KANA_LAST = 0xFF9F, KANA_BYTE = 0xA1 };
enum { PAGE = 32, HAN_FIRST = 0x4E00, HAN_COUNT = sizeof repair_gbk / sizeof *repair_gbk };

const uint8_t *wrong_bytes(uint32_t code_point)
{
    const uint32_t page = code_point / PAGE;
    const size_t first = page < REPAIR_PAGES ? (size_t)repair_page[page] * PAGE : 0;
    return repair_rows[first + code_point % PAGE];
}

_Static_assert(sizeof repair_shift_jis == sizeof repair_gbk, "both have all ideographs");

static bool is_han(uint32_t code_point)
{
    return code_point >= HAN_FIRST && code_point < HAN_FIRST + HAN_COUNT;
}

static uint32_t find_in_rest(const uint16_t (*rest)[2], size_t count, uint32_t code_point)
{
    size_t low = 0;
    size_t high = count;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (rest[middle][0] == code_point) {
            return rest[middle][1];
        }
        if (rest[middle][0] < code_point) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return 0;
}

uint32_t wrong_gbk(uint32_t code_point)
{
    return is_han(code_point)
               ? repair_gbk[code_point - HAN_FIRST]
               : find_in_rest(repair_gbk_rest, sizeof repair_gbk_rest / sizeof *repair_gbk_rest,
                              code_point);
}

uint32_t wrong_shift_jis(uint32_t code_point)
{
    if (code_point >= KANA_FIRST && code_point <= KANA_LAST) {
        return code_point - KANA_FIRST + KANA_BYTE;
    }
    if (code_point == 0x80) {
        return code_point;
    }
    return is_han(code_point)
               ? repair_shift_jis[code_point - HAN_FIRST]
               : find_in_rest(repair_shift_jis_rest,
                              sizeof repair_shift_jis_rest / sizeof *repair_shift_jis_rest,
                              code_point);
}

bool ideograph_is_odd(uint32_t code_point)
{
    const uint32_t index = code_point - HAN_FIRST;
    return index < HAN_COUNT && (repair_odd[index / 32] >> (index % 32) & 1);
}

bool kana_is_odd(uint32_t code_point, uint32_t next)
{
    if (next < KANA_FIRST || next > KANA_LAST || !is_han(code_point)) {
        return false;
    }
    const uint32_t pair = wrong_shift_jis(code_point);
    return pair >> 8 >= 0xE2 && pair >> 8 <= 0xEF && (pair & 0xFF) >= 0x80 && (pair & 0xFF) <= 0xBF;
}
