/* SPDX-License-Identifier: Apache-2.0 */
/* Western European text in windows-1252: which letters a language has, and where they stand. */
#include "text/latin.h"

#include "text/likelihood.h"

static const double COST_FOREIGN = 9.0; /* a letter that the language does not have */
static const double COST_PUNCTUATION = 4.0;
static const double COST_NO_SENSE = 10.0; /* undefined, or a sign where none can stand */
static const double COST_LONELY = 3.0;    /* more, for a letter without a letter beside it */

/* Letters beyond ASCII by language, as bytes, lower case. The cost of one is ln of how many there
 * are, so that a language with few letters explains its own texts best.
 *
 * The second half is written in other encodings of the Latin script, which share most letters with
 * windows-1252 and make signs of the rest: when one of them explains the bytes best, the text is
 * not in windows-1252. Each lists its letters in both its ISO and its Windows encoding. */
struct alphabet {
    const char *letters;
    double cost;
};
/* clang-format off */
static const struct alphabet alphabets[] = {
    {"\xE0\xE2\xE7\xE8\xE9\xEA\xEB\xEE\xEF\xF4\xF9\xFB\xFC\x9C", 2.2},         /* French */
    {"\xE4\xF6\xFC\xDF\xE9", 1.7},                                              /* German */
    {"\xE1\xE9\xED\xF3\xFA\xF1\xFC\xE0\xE8\xF2\xE7\xEF", 2.0},                  /* Spanish, Catalan */
    {"\xE3\xF5\xE1\xE0\xE2\xE7\xE9\xEA\xED\xF3\xF4\xFA", 2.3},                  /* Portuguese */
    {"\xE0\xE8\xE9\xEC\xF2\xF9", 1.8},                                          /* Italian */
    {"\xE5\xE4\xF6\xE6\xF8\xE9\xFC", 1.8},                                      /* Nordic */
    {"\xE1\xE9\xED\xF3\xFA\xFD\xE6\xF6\xF0\xFE", 2.3},                          /* Icelandic */
    {"\xE1\xE9\xED\xF3\xF6\xF5\xFA\xFC\xFB", 2.1},                              /* Hungarian */
    {"\xE7\xF6\xFC\xF0\xFD\xFE\xE2\xEE\xDD", 2.0},                              /* Turkish */
    {"\xE3\xE2\xEE\xBA\xFE\xAA", 1.8},                                          /* Romanian */
    {"\xB1\xE6\xEA\xB3\xF1\xF3\xB6\xBC\xBF\xB9\x9C\x9F\xA3", 2.2},              /* Polish */
    {"\xE1\xE9\xED\xF3\xFA\xFD\xE8\xEC\xF2\xF8\xF9\xEF\xB9\xBE\xBB\x9A\x9E\x9D\xE4\xF4\xB5", 2.6}, /* Czech, Slovak */
    {"\xE8\xE6\xF0\xB9\xBE\x9A\x9E", 1.9},                                      /* Croatian, Slovene */
    {"\xE0\xE8\xEB\xE1\xF8\xFB\xFE\xF0\xE2\xE7\xEE\xEF\xF2\xF9", 2.6},          /* Lithuanian, Latvian */
};
/* clang-format on */
enum { ALPHABET_COUNT = sizeof alphabets / sizeof alphabets[0], ALPHABET_WESTERN_COUNT = 7 };

/* A letter in windows-1252. */
static bool is_letter(uint8_t byte)
{
    return (byte >= 0xC0 && byte != 0xD7 && byte != 0xF7) || byte == 0x8A || byte == 0x8C ||
           byte == 0x8E || byte == 0x9A || byte == 0x9C || byte == 0x9E || byte == 0x9F;
}

static uint8_t lower(uint8_t byte)
{
    return (byte >= 0xC0 && byte <= 0xDE) ? (uint8_t)(byte + 0x20) : byte == 0x8C ? 0x9C : byte;
}

static bool has_letter(const struct alphabet *alphabet, uint8_t byte)
{
    return strchr(alphabet->letters, (char)byte) != NULL;
}

/* Signs that running text has: quotes, dashes, ellipsis, euro, degree, section, guillemets … */
static bool is_sign(uint8_t byte)
{
    static const char signs[] = "\x80\x82\x84\x85\x91\x92\x93\x94\x95\x96\x97\x99\xA0\xA1\xA3"
                                "\xA7\xA9\xAA\xAB\xAD\xAE\xB0\xB2\xB3\xB4\xB7\xBA\xBB\xBD\xBF";
    return strchr(signs, (char)byte) != NULL;
}

/* Between two letters no sign stands but an apostrophe, an ellipsis, a dash, a space, a soft hyphen
 * or a middle dot. */
static bool sign_fits(uint8_t byte, bool letter_before, bool letter_after)
{
    return !(letter_before && letter_after) || strchr("\x92\x85\x96\x97\xA0\xAD\xB7", (char)byte);
}

/* `cost`: of the byte where it is no letter of the language. */
static void add_byte(struct latin_likelihood *sum, uint8_t byte, double more, double cost)
{
    for (size_t i = 0; i < ALPHABET_COUNT; i++) {
        const bool has = has_letter(&alphabets[i], lower(byte));
        sum->cost[i] += has ? more + alphabets[i].cost : cost;
    }
}

void latin_add(struct latin_likelihood *sum, bytes slice)
{
    for (size_t i = 0; i < slice.len; i++) {
        const uint8_t byte = slice.ptr[i];
        if (byte < 0x80) {
            continue;
        }
        const bool before = i && ascii_is_letter(slice.ptr[i - 1]);
        const bool after = i + 1 < slice.len && ascii_is_letter(slice.ptr[i + 1]);
        const double more = before || after ? 0 : COST_LONELY;
        sum->high_bytes++;
        if (is_letter(byte)) {
            sum->alone += !(before || after);
            add_byte(sum, byte, more, more + COST_FOREIGN);
        } else if (is_sign(byte) && sign_fits(byte, before, after)) {
            add_byte(sum, byte, more + COST_FOREIGN, COST_PUNCTUATION);
        } else {
            sum->alone += !(before || after);
            add_byte(sum, byte, more, COST_NO_SENSE);
        }
    }
}

double latin_gain(const struct latin_likelihood *sum)
{
    size_t best = 0;
    for (size_t i = 1; i < ALPHABET_COUNT; i++) {
        best = sum->cost[i] < sum->cost[best] ? i : best;
    }
    return best < ALPHABET_WESTERN_COUNT ? (double)sum->high_bytes * COST_ANY_BYTE - sum->cost[best]
                                         : 0;
}
