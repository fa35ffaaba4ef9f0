/* SPDX-License-Identifier: Apache-2.0 */
/* Western European text in windows-1252: which letters a language has, and where they stand. */
#include "text/likelihood.h"

#include "text/tables.h"

static const double COST_ANY_BYTE = 4.852;
static const double COST_FOREIGN = 9.0; /* a letter that the language does not have */
static const double COST_PUNCTUATION = 4.0;
static const double COST_NO_SENSE = 10.0; /* undefined, or a sign where none can stand */
static const double COST_LONELY = 3.0;    /* more, for a letter without a letter beside it */

/* Letters beyond ASCII by language, lower case; the cost is ln of how many, so that a language with
 * few letters explains its own texts best. */
struct alphabet {
    uint16_t letters[20];
    double cost;
};
/* clang-format off */
static const struct alphabet alphabets[] = {
    {{0xE0, 0xE2, 0xE7, 0xE8, 0xE9, 0xEA, 0xEB, 0xEE, 0xEF, 0xF4, 0xF9, 0xFB, 0xFC, 0x153}, 2.2}, /* French */
    {{0xE4, 0xF6, 0xFC, 0xDF, 0xE9}, 1.7},                                             /* German */
    {{0xE1, 0xE9, 0xED, 0xF3, 0xFA, 0xF1, 0xFC, 0xE0, 0xE8, 0xF2, 0xE7, 0xEF}, 2.0},   /* Spanish, Catalan */
    {{0xE3, 0xF5, 0xE1, 0xE0, 0xE2, 0xE7, 0xE9, 0xEA, 0xED, 0xF3, 0xF4, 0xFA}, 2.3},   /* Portuguese */
    {{0xE0, 0xE8, 0xE9, 0xEC, 0xF2, 0xF9}, 1.8},                                       /* Italian */
    {{0xE5, 0xE4, 0xF6, 0xE6, 0xF8, 0xE9, 0xFC}, 1.8},                                 /* Nordic */
    {{0xE1, 0xE9, 0xED, 0xF3, 0xFA, 0xFD, 0xE6, 0xF6, 0xF0, 0xFE}, 2.3},               /* Icelandic */
};
/* clang-format on */
enum { ALPHABET_COUNT = sizeof alphabets / sizeof alphabets[0] };

static bool is_letter(uint32_t c)
{
    return c == 0x152 || c == 0x153 || c == 0x160 || c == 0x161 || c == 0x178 || c == 0x17D ||
           c == 0x17E || (c >= 0xC0 && c <= 0xFF && c != 0xD7 && c != 0xF7);
}

static uint32_t lower(uint32_t c)
{
    if (c >= 0xC0 && c <= 0xDE) {
        return c + 0x20;
    }
    return c == 0x152 ? 0x153 : c;
}

static bool has_letter(const struct alphabet *alphabet, uint32_t c)
{
    for (size_t i = 0; i < sizeof alphabet->letters / sizeof alphabet->letters[0]; i++) {
        if (alphabet->letters[i] == c) {
            return true;
        }
    }
    return false;
}

/* Signs that running text has: quotes, dashes, ellipsis, euro, degree, section, guillemets … */
static bool is_sign(uint32_t c)
{
    static const uint16_t signs[] = {0x00A0, 0x00A1, 0x00A3, 0x00A7, 0x00A9, 0x00AA, 0x00AB, 0x00AD,
                                     0x00AE, 0x00B0, 0x00B2, 0x00B3, 0x00B4, 0x00B7, 0x00BA, 0x00BB,
                                     0x00BD, 0x00BF, 0x2013, 0x2014, 0x2018, 0x2019, 0x201A, 0x201C,
                                     0x201D, 0x201E, 0x2022, 0x2026, 0x20AC, 0x2122};
    for (size_t i = 0; i < sizeof signs / sizeof signs[0]; i++) {
        if (signs[i] == c) {
            return true;
        }
    }
    return false;
}

/* Between two letters of one word no sign stands but an apostrophe, a soft hyphen or a dash. */
static bool sign_fits(uint32_t c, bool letter_before, bool letter_after)
{
    return !(letter_before && letter_after) || c == 0x2019 || c == 0x00AD || c == 0x2014 ||
           c == 0x2013 || c == 0x00B7 || c == 0x00A0 || c == 0x2026;
}

struct costs {
    double of[ALPHABET_COUNT];
};

static void add_letter(struct costs *costs, uint32_t c, double more)
{
    for (size_t i = 0; i < ALPHABET_COUNT; i++) {
        costs->of[i] +=
            more + (has_letter(&alphabets[i], lower(c)) ? alphabets[i].cost : COST_FOREIGN);
    }
}

static void add_to_all(struct costs *costs, double cost)
{
    for (size_t i = 0; i < ALPHABET_COUNT; i++) {
        costs->of[i] += cost;
    }
}

static bool is_word_byte(uint8_t byte)
{
    return ascii_is_letter(byte);
}

struct latin_likelihood latin_likelihood(bytes slice)
{
    struct latin_likelihood out = {0};
    struct costs costs = {{0}};
    for (size_t i = 0; i < slice.len; i++) {
        if (slice.ptr[i] < 0x80) {
            continue;
        }
        const uint32_t c = single_windows_1252[slice.ptr[i] - 0x80];
        const bool before = i && is_word_byte(slice.ptr[i - 1]);
        const bool after = i + 1 < slice.len && is_word_byte(slice.ptr[i + 1]);
        out.high_bytes++;
        if (is_letter(c)) {
            out.alone += !(before || after);
            add_letter(&costs, c, before || after ? 0 : COST_LONELY);
        } else if (is_sign(c) && sign_fits(c, before, after)) {
            add_to_all(&costs, COST_PUNCTUATION);
        } else {
            out.alone++;
            add_to_all(&costs, COST_NO_SENSE);
        }
    }
    double best = costs.of[0];
    for (size_t i = 1; i < ALPHABET_COUNT; i++) {
        best = costs.of[i] < best ? costs.of[i] : best;
    }
    out.gain = (double)out.high_bytes * COST_ANY_BYTE - best;
    return out;
}
