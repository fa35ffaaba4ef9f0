/* SPDX-License-Identifier: Apache-2.0 */
/* The way back: which byte a character was before it was read in a wrong encoding. */
#ifndef TEXT_REPAIR_SETS_H
#define TEXT_REPAIR_SETS_H

#include "base/str.h"

/* What bytes are taken for by mistake; the order is the table's (tables/generate_repair.py). */
enum wrong_set {
    WRONG_WINDOWS_1252, /* Latin-1 too: a C1 control stands for its byte */
    WRONG_WINDOWS_1250,
    WRONG_WINDOWS_1251,
    WRONG_WINDOWS_1253,
    WRONG_WINDOWS_1254,
    WRONG_WINDOWS_1257,
    WRONG_ISO_8859_2,
    WRONG_MACINTOSH,
    WRONG_CP437,
    WRONG_SINGLE_COUNT,
    WRONG_GBK = WRONG_SINGLE_COUNT,
    WRONG_SHIFT_JIS,
    WRONG_COUNT
};

/* The byte from 0x80 on that `code_point` was in each single-byte set; 0: it is not in the set. */
const uint8_t *wrong_bytes(uint32_t code_point);

/* Both bytes in GBK, the lead in the upper half; 0: none. */
uint32_t wrong_gbk(uint32_t code_point);

/* The same in Shift_JIS, where half-width kana and U+0080 are one byte, below 0x100. */
uint32_t wrong_shift_jis(uint32_t code_point);

/* An ideograph that UTF-8 read as GBK may begin with, or that memory is filled with. */
bool ideograph_is_odd(uint32_t code_point);

/* Half-width kana behind an ideograph, as UTF-8 read as Shift_JIS has them: a character's third byte
 * behind its first two. */
bool kana_is_odd(uint32_t code_point, uint32_t next);

#endif
