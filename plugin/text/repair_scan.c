/* SPDX-License-Identifier: Apache-2.0 */
/* The fast look: two neighbours that mojibake is made of, a control of C1, an odd ideograph. */
#include "text/repair.h"

#include "text/repair_sets.h"

enum { LEAD_OF_THREE = 0xE0, UTF8_FIRST_LEAD = 0xC2, CONTINUATION_LAST = 0xBF };

static uint32_t two(const uint8_t *at)
{
    return (uint32_t)(at[0] & 0x1F) << 6 | (at[1] & 0x3F);
}

static uint32_t three(const uint8_t *at)
{
    return (uint32_t)(at[0] & 0x0F) << 12 | (uint32_t)(at[1] & 0x3F) << 6 | (at[2] & 0x3F);
}

static size_t ascii_len(const uint8_t *at, size_t len)
{
    size_t done = 0;
    for (uint64_t words[4]; len - done >= sizeof words; done += sizeof words) {
        memcpy(words, at + done, sizeof words);
        if ((words[0] | words[1] | words[2] | words[3]) & UINT64_C(0x8080808080808080)) {
            break;
        }
    }
    while (done < len && at[done] < 0x80) {
        done++;
    }
    return done;
}

/* The character behind, when it takes two or three bytes; 0: ASCII, the end, or another plane. */
static uint32_t behind(const uint8_t *at, size_t left)
{
    if (left >= 2 && at[0] >= 0xC2 && at[0] < 0xE0) {
        return two(at);
    }
    return left >= 3 && at[0] >= 0xE0 && at[0] < 0xF0 ? three(at) : 0;
}

static bool begins_utf8(uint32_t c, uint32_t next)
{
    const uint8_t *const lead = wrong_bytes(c);
    const uint8_t *const trail = wrong_bytes(next);
    for (unsigned set = 0; set < WRONG_SINGLE_COUNT; set++) {
        if (lead[set] >= UTF8_FIRST_LEAD && trail[set] && trail[set] <= CONTINUATION_LAST) {
            return true;
        }
    }
    return false;
}

/* Letters of one alphabet beside each other are mojibake only as a lead byte and another. */
static bool is_odd_pair(uint32_t c, uint32_t next)
{
    const bool is_alphabet = c >= 0x370 && c < 0x460 && next >= 0x370 && next < 0x460;
    if (c < 0x80 || next < 0x80 || c >= 0x3000 || next >= 0x3000) {
        return false;
    }
    return is_alphabet || c >= 0x2000
               ? begins_utf8(c, next)
               : next == 0xFFFD || wrong_bytes(next)[0] || begins_utf8(c, next);
}

/* An odd ideograph is worth a look when what follows may go on as UTF-8 does: with a byte that
 * continues and one that begins, with half a character, or with itself, which fills memory. */
static bool is_odd_beginning(const uint8_t *at, size_t left)
{
    const uint32_t c = three(at);
    if (left >= 6 && at[3] == 0xEF && kana_is_odd(c, three(at + 3))) {
        return true;
    }
    if (!ideograph_is_odd(c)) {
        return false;
    }
    const uint32_t next = behind(at + 3, left - 3);
    const uint32_t pair = wrong_gbk(next);
    const unsigned trail = pair & 0xFF;
    return next == 0 || next == 0xFFFD || next == c ||
           ((pair >> 8) <= CONTINUATION_LAST && (trail < 0x80 || trail >= UTF8_FIRST_LEAD));
}

/* Is what begins at `at` (not ASCII) worth a closer look? *len: its bytes. */
static bool is_suspicious(const uint8_t *at, size_t left, size_t *len)
{
    if (at[0] >= 0xE3 && at[0] < 0xF0 && left >= 3) {
        *len = 3;
        return at[0] >= 0xE4 && at[0] <= 0xE9 && is_odd_beginning(at, left);
    }
    if (at[0] < LEAD_OF_THREE && left >= 2) {
        *len = 2;
        return (at[0] == 0xC2 && at[1] < 0xA0) || (at[0] < 0xD4 && left > 2 && at[2] >= 0x80 &&
                                                   is_odd_pair(two(at), behind(at + 2, left - 2)));
    }
    if (at[0] < 0xF0 && left >= 3) {
        *len = 3;
        return at[0] == 0xE2 && left > 3 && at[3] >= 0x80 && at[3] < 0xE3 &&
               is_odd_pair(three(at), behind(at + 3, left - 3));
    }
    *len = left < 4 ? left : 4;
    return false;
}

size_t repair_find(str text, size_t from)
{
    const uint8_t *const ptr = (const uint8_t *)text.ptr;
    for (size_t at = from; at < text.len;) {
        size_t len = 0;
        if (ptr[at] < 0x80) {
            at += ascii_len(ptr + at, text.len - at);
        } else if (is_suspicious(ptr + at, text.len - at, &len)) {
            return at;
        } else {
            at += len;
        }
    }
    return text.len;
}
