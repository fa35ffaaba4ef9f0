/* SPDX-License-Identifier: Apache-2.0 */
/* Walking and checking UTF-8. */
#ifndef TEXT_UTF8_H
#define TEXT_UTF8_H

#include "base/str.h"

/* Is the whole of it well-formed (Unicode 3.9, table 3-7)? Vectorised where the machine can. */
bool utf8_is_valid(bytes b);

/* Of utf8_next: beyond ASCII, or at the end. */
uint32_t utf8_next_high(str s, size_t *at);

/* The code point at *at, which moves behind it. Only for str: nothing is checked but the end;
 * at or past the end: 0, and *at stays. */
static inline uint32_t utf8_next(str s, size_t *at)
{
    const size_t here = *at;
    if (here < s.len && (uint8_t)s.ptr[here] < 0x80) {
        *at = here + 1;
        return (uint8_t)s.ptr[here];
    }
    return utf8_next_high(s, at);
}
/* The code point that ends at *at, which moves before it; 0 at the start. */
uint32_t utf8_previous(str s, size_t *at);

size_t utf8_count(str s); /* code points */

/* Ideographs, kana, hangul, bopomofo and their punctuation: where no space stands between words. */
bool code_point_is_cjk(uint32_t c);
/* White_Space of Unicode, and U+200B, U+FEFF which show as nothing either. */
bool code_point_is_space(uint32_t c);
/* Full-width ASCII (U+FF01–U+FF5E) and U+3000 as their ASCII twins; anything else as it is. */
uint32_t code_point_fold_width(uint32_t c);

#endif
