/* SPDX-License-Identifier: Apache-2.0 */
/* The vector scan, for registers of one width: included once a width by normal_scan.c, which names
 * TARGET, VECTOR, WIDTH, NAME and the operations. Not a header of its own. */

enum { NAME(block_reach) = WIDTH + 2 }; /* bytes read for one block */

/* The tables side by side as the rules are asked: lead, second, third; upper and lower half. */
TARGET static inline VECTOR NAME(allowed)(const uint8_t (*tables)[16], VECTOR byte)
{
    const VECTOR half = SPLAT(0x0F);
    return AND(LOOKUP(TABLE(tables[0]), AND(SHIFT_RIGHT_4(byte), half)),
               LOOKUP(TABLE(tables[1]), AND(byte, half)));
}

/* A bit for each byte that begins a suspected character. */
TARGET static inline uint32_t NAME(suspects)(const uint8_t *at, const uint8_t (*tables)[16])
{
    const VECTOR lead = LOAD(at);
    const VECTOR from_tab = SUBTRACT(lead, SPLAT('\t'));
    const VECTOR is_tab_or_line = EQUAL(MINIMUM(from_tab, SPLAT(1)), from_tab);
    const VECTOR is_low = EQUAL(MINIMUM(lead, SPLAT(0x1F)), lead);
    const VECTOR is_high = EQUAL(MAXIMUM(lead, SPLAT((char)0xF0)), lead);
    const VECTOR is_delete = EQUAL(lead, SPLAT(0x7F));
    const uint32_t odd = MASK(OR(AND_NOT(is_tab_or_line, is_low), OR(is_high, is_delete)));
    if (!MASK(lead)) {
        return odd;
    }
    const VECTOR second = LOAD(at + 1);
    const VECTOR pairs = AND(NAME(allowed)(tables, lead), NAME(allowed)(tables + 2, second));
    const VECTOR triples =
        AND(AND(NAME(allowed)(tables + 4, lead), NAME(allowed)(tables + 6, second)),
            NAME(allowed)(tables + 8, LOAD(at + 2)));
    const uint32_t none = MASK(EQUAL(OR(pairs, triples), SPLAT(0)));
    return odd | (~none & (uint32_t)(((uint64_t)1 << WIDTH) - 1));
}

/* True: *at is where the scan stops. False: less than a block's reach is left behind *at. */
TARGET static bool NAME(scan_blocks)(const struct normal_scan *scan, str text, size_t *at)
{
    for (; text.len - *at >= NAME(block_reach); *at += WIDTH) {
        uint32_t mask = NAME(suspects)((const uint8_t *)text.ptr + *at, scan->tables);
        for (; mask; mask &= mask - 1) {
            const size_t place = *at + (size_t)__builtin_ctz(mask);
            if (stops_at(scan, text, place)) {
                *at = place;
                return true;
            }
        }
    }
    return false;
}

/* The last bytes are asked among letters that make a block of them. */
TARGET static size_t NAME(scan_next)(const struct normal_scan *scan, str text, size_t at)
{
    char padded[2 * NAME(block_reach)];
    size_t place = 0;
    if (NAME(scan_blocks)(scan, text, &at)) {
        return at;
    }
    const size_t left = text.len - at;
    memset(padded, 'x', sizeof padded);
    memcpy(padded, text.ptr + at, left);
    const str rest = {.ptr = padded, .len = left + NAME(block_reach)};
    return left && NAME(scan_blocks)(scan, rest, &place) ? at + place : text.len;
}

#undef TARGET
#undef VECTOR
#undef WIDTH
#undef NAME
#undef LOAD
#undef TABLE
#undef SPLAT
#undef LOOKUP
#undef SHIFT_RIGHT_4
#undef AND
#undef AND_NOT
#undef OR
#undef SUBTRACT
#undef EQUAL
#undef MINIMUM
#undef MAXIMUM
#undef MASK
