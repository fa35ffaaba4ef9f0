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
static bool sign_fits(uint8_t byte, enum latin_place place)
{
    return place != LATIN_BETWEEN || strchr("\x92\x85\x96\x97\xA0\xAD\xB7", byte);
}

void latin_add(struct latin_likelihood *sum, bytes slice)
{
    for (size_t i = 0; i < slice.len; i++) {
        if (slice.ptr[i] < 0x80) {
            continue;
        }
        const bool before = i && ascii_is_letter(slice.ptr[i - 1]);
        const bool after = i + 1 < slice.len && ascii_is_letter(slice.ptr[i + 1]);
        const enum latin_place place = before && after   ? LATIN_BETWEEN
                                       : before || after ? LATIN_BESIDE_LETTER
                                                         : LATIN_ALONE;
        sum->count[slice.ptr[i] - 0x80][place]++;
    }
}

/* What one such byte costs a language; `*is_strange` when windows-1252 has nothing there. */
static double byte_cost(const struct alphabet *alphabet, uint8_t byte, enum latin_place place,
                        bool *is_strange)
{
    const double lonely = place == LATIN_ALONE ? COST_LONELY : 0;
    const bool has = has_letter(alphabet, lower(byte));
    *is_strange = false;
    if (is_letter(byte)) {
        *is_strange = place == LATIN_ALONE;
        return lonely + (has ? alphabet->cost : COST_FOREIGN);
    }
    if (is_sign(byte) && sign_fits(byte, place)) {
        return has && place != LATIN_ALONE ? COST_FOREIGN : COST_PUNCTUATION;
    }
    *is_strange = place == LATIN_ALONE;
    return has ? lonely + alphabet->cost : COST_NO_SENSE;
}

struct latin_sum {
    double cost;
    uint32_t high_bytes;
    uint32_t strange;
};

static struct latin_sum sum_of(const struct latin_likelihood *counts,
                               const struct alphabet *alphabet)
{
    struct latin_sum sum = {0};
    for (unsigned i = 0; i < 128; i++) {
        for (unsigned place = 0; place < LATIN_PLACE_COUNT; place++) {
            const uint32_t count = counts->count[i][place];
            if (count) {
                bool is_strange = false;
                sum.cost += count * byte_cost(alphabet, (uint8_t)(i + 0x80),
                                              (enum latin_place)place, &is_strange);
                sum.high_bytes += count;
                sum.strange += is_strange ? count : 0;
            }
        }
    }
    return sum;
}

double latin_gain(const struct latin_likelihood *counts)
{
    struct latin_sum best = {0};
    size_t best_index = 0;
    for (size_t i = 0; i < ALPHABET_COUNT; i++) {
        const struct latin_sum sum = sum_of(counts, &alphabets[i]);
        if (i == 0 || sum.cost < best.cost) {
            best = sum;
            best_index = i;
        }
    }
    if (best_index >= ALPHABET_WESTERN_COUNT || best.strange * 4 > best.high_bytes) {
        return 0;
    }
    return best.high_bytes * COST_ANY_BYTE - best.cost;
}
