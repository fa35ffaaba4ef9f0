/* SPDX-License-Identifier: Apache-2.0 */
/* Johab (KS X 1001, annex 3): a syllable is a bit and three numbers of five bits, one for each of
 * its letters; all other characters of KS X 1001 stand in its order behind the syllables.
 *
 *   1 iiiii mm  mmm fffff     initial, medial, final; each has a number that says "none"
 *
 * 5C is the backslash, as Windows reads it, and not the won sign of the Korean ISO 646. */
#include "text/coder_run.h"
#include "text/sets94.h"

enum { NO_LETTER = 0xFE, NOTHING = 0xFF };
enum { INITIAL_NONE = 1, MEDIAL_NONE = 2, FINAL_NONE = 1 };
enum { HANGUL_FIRST = 0xAC00, COMPATIBILITY_VOWELS = 0x314F, IDEOGRAPHIC_SPACE = 0x3000 };

/* Which initial of Unicode a number is. */
static uint32_t initial_of(uint32_t number)
{
    return number == INITIAL_NONE ? NO_LETTER : number >= 2 && number <= 20 ? number - 2 : NOTHING;
}

/* Groups of six numbers in every eight, the first group one short. */
static uint32_t medial_of(uint32_t number)
{
    if (number == MEDIAL_NONE) {
        return NO_LETTER;
    }
    if (number < 3 || number > 29 || number % 8 < 2) {
        return NOTHING;
    }
    return number - 3 - number / 8 * 2;
}

static uint32_t final_of(uint32_t number)
{
    if (number == FINAL_NONE) {
        return NO_LETTER;
    }
    return number < 2 || number > 29 || number == 18 ? NOTHING : number - (number < 18 ? 1u : 2u);
}

/* A letter that stands alone, from U+3131 on: by initial, and by final (from 1). */
static const uint8_t lone_initials[] = {0x31, 0x32, 0x34, 0x37, 0x38, 0x39, 0x41, 0x42, 0x43, 0x45,
                                        0x46, 0x47, 0x48, 0x49, 0x4A, 0x4B, 0x4C, 0x4D, 0x4E};
static const uint8_t lone_finals[] = {0,    0x31, 0x32, 0x33, 0x34, 0x35, 0x36, 0x37, 0x39, 0x3A,
                                      0x3B, 0x3C, 0x3D, 0x3E, 0x3F, 0x40, 0x41, 0x42, 0x44, 0x45,
                                      0x46, 0x47, 0x48, 0x4A, 0x4B, 0x4C, 0x4D, 0x4E};

/* 0: no such syllable. */
static uint32_t hangul(uint32_t pair)
{
    const uint32_t initial = initial_of(pair >> 10 & 31);
    const uint32_t medial = medial_of(pair >> 5 & 31);
    const uint32_t final = final_of(pair & 31);
    if (initial == NOTHING || medial == NOTHING || final == NOTHING) {
        return 0;
    }
    if (initial != NO_LETTER && medial != NO_LETTER) {
        return HANGUL_FIRST + (initial * 21 + medial) * 28 + (final == NO_LETTER ? 0 : final);
    }
    const int letters = (initial != NO_LETTER) + (medial != NO_LETTER) + (final != NO_LETTER);
    if (letters > 1) {
        return 0;
    }
    if (initial != NO_LETTER) {
        return 0x3100u + lone_initials[initial];
    }
    if (medial != NO_LETTER) {
        return COMPATIBILITY_VOWELS + medial;
    }
    return final != NO_LETTER ? 0x3100u + lone_finals[final] : IDEOGRAPHIC_SPACE;
}

enum { ROW_OF_LETTERS = 3, LETTER_COUNT = 51 };

/* Two rows of 94 behind one lead: 188 trails. Rows 0 to 11 are signs, 41 to 92 ideographs. */
static uint32_t other(uint8_t lead, uint8_t trail)
{
    const bool is_sign = lead >= 0xD9 && lead <= 0xDE;
    if ((!is_sign && (lead < 0xE0 || lead > 0xF9)) || trail < 0x31 || trail == 0xFF ||
        (trail > 0x7E && trail < 0x91)) {
        return 0;
    }
    const uint32_t place = trail - (trail < 0x7F ? 0x31u : 0x43u);
    const uint32_t first = is_sign ? (lead - 0xD9u) * 2 : 0x29 + (lead - 0xE0u) * 2;
    const uint32_t row = first + place / 94;
    const uint32_t cell = place % 94;
    /* The letters have their place among the syllables. */
    return row == ROW_OF_LETTERS && cell < LETTER_COUNT ? 0 : ks_x_1001_code_point(row, cell);
}

CODER_INLINE struct step step_johab(bytes content, size_t at, struct coder_mode *mode,
                                    const uint16_t *upper_half)
{
    (void)mode;
    (void)upper_half;
    const uint8_t lead = content.ptr[at];
    if (lead < 0x80) {
        return step_of(lead, 1);
    }
    if (lead < 0x84 || lead > 0xF9 || content.len - at < 2) {
        return step_error(1);
    }
    const uint8_t trail = content.ptr[at + 1];
    const uint32_t code_point =
        lead <= 0xD3 ? hangul((uint32_t)lead << 8 | trail) : other(lead, trail);
    return code_point ? step_of(code_point, 2) : step_bad_pair(trail);
}

CODER(johab, true);
