/* SPDX-License-Identifier: Apache-2.0 */
#include "text/utf8.h"

uint32_t utf8_next_high(str s, size_t *at)
{
    if (*at >= s.len) {
        return 0;
    }
    const uint8_t *const b = (const uint8_t *)s.ptr + *at;
    const uint8_t lead = b[0];
    const size_t len = lead < 0xC0 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    if (len > s.len - *at) {
        *at = s.len; /* only a str that is none comes here */
        return 0xFFFD;
    }
    *at += len;
    switch (len) {
    case 1:
        return lead;
    case 2:
        return (lead & 0x1Fu) << 6 | (b[1] & 0x3Fu);
    case 3:
        return (lead & 0x0Fu) << 12 | (b[1] & 0x3Fu) << 6 | (b[2] & 0x3Fu);
    default:
        return (lead & 0x07u) << 18 | (b[1] & 0x3Fu) << 12 | (b[2] & 0x3Fu) << 6 | (b[3] & 0x3Fu);
    }
}

uint32_t utf8_previous(str s, size_t *at)
{
    if (!*at || *at > s.len) {
        return 0;
    }
    size_t start = *at - 1;
    while (start && *at - start < 4 && ((uint8_t)s.ptr[start] & 0xC0) == 0x80) {
        start--;
    }
    *at = start;
    size_t forward = start;
    return utf8_next(s, &forward);
}

size_t utf8_count(str s)
{
    size_t count = 0;
    for (size_t i = 0; i < s.len; i++) {
        count += ((uint8_t)s.ptr[i] & 0xC0) != 0x80;
    }
    return count;
}

struct span_of_code_points {
    uint32_t first;
    uint32_t last;
};

static bool is_among(const struct span_of_code_points *spans, size_t count, uint32_t c)
{
    for (size_t i = 0; i < count && c >= spans[i].first; i++) {
        if (c <= spans[i].last) {
            return true;
        }
    }
    return false;
}

bool code_point_is_cjk(uint32_t c)
{
    static const struct span_of_code_points spans[] = {
        {0x1100, 0x11FF},   /* hangul jamo */
        {0x2E80, 0x303F},   /* radicals, description characters, punctuation */
        {0x3041, 0x33FF},   /* kana, bopomofo, compatibility jamo, kanbun, squared */
        {0x3400, 0x4DBF},   /* ideographs, extension A */
        {0x4E00, 0x9FFF},   /* ideographs */
        {0xA960, 0xA97F},   /* hangul jamo extended A */
        {0xAC00, 0xD7FF},   /* hangul, jamo extended B */
        {0xF900, 0xFAFF},   /* compatibility ideographs */
        {0xFE10, 0xFE1F},   /* vertical forms */
        {0xFE30, 0xFE4F},   /* compatibility forms */
        {0xFF00, 0xFFEF},   /* half-width and full-width forms */
        {0x16FE0, 0x18DFF}, /* Tangut, Khitan */
        {0x1AFF0, 0x1B16F}, /* kana extended and supplement */
        {0x1F200, 0x1F2FF}, /* enclosed ideographs */
        {0x20000, 0x3FFFD}, /* planes of ideographs */
    };
    return c >= 0x1100 && is_among(spans, sizeof spans / sizeof spans[0], c);
}

bool code_point_is_space(uint32_t c)
{
    static const struct span_of_code_points spans[] = {
        {0x0009, 0x000D}, {0x0020, 0x0020}, {0x0085, 0x0085}, {0x00A0, 0x00A0},
        {0x1680, 0x1680}, {0x2000, 0x200B}, {0x2028, 0x2029}, {0x202F, 0x202F},
        {0x205F, 0x205F}, {0x3000, 0x3000}, {0xFEFF, 0xFEFF},
    };
    return is_among(spans, sizeof spans / sizeof spans[0], c);
}

uint32_t code_point_fold_width(uint32_t c)
{
    if (c >= 0xFF01 && c <= 0xFF5E) {
        return c - 0xFF01 + 0x21;
    }
    return c == 0x3000 ? 0x20 : c;
}
