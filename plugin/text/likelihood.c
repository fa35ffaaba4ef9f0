/* SPDX-License-Identifier: Apache-2.0 */
#include "text/likelihood.h"

#include "text/charset_table.h"
#include "text/coder.h"
#include "text/tables/frequency.inc"

/* ASCII behind a high byte, in every reading in which it stands for itself: letters and the signs
 * among them may be the second half of a character, digits and spaces may not. */
static const double COST_ASCII_TRAIL = 4.0;
static const double COST_ASCII_OTHER = 2.0;
/* A character whose halves are a high byte and a letter, behind a letter: an accent in a word. */
static const double COST_ACCENT = 4.0;
/* On top of the bytes being anything: damaged files have some errors, wrong readings have many. */
static const double COST_ERROR = 8.0;

enum { ERRORS_HOPELESS = 20, CHARACTERS_PER_LOOK = 32 };
static const double GAIN_HOPELESS = -400.0;

/* tables/generate.py: CLASS_FIRST_NATS, CLASS_NATS. */
static double class_cost(const uint8_t *table, uint32_t index)
{
    const unsigned class = table[index / 2] >> (index % 2 * 4) & 15;
    return 3.0 + 0.9 * class;
}

static double ideograph_cost(uint32_t c, enum language language)
{
    const uint32_t index = c - 0x4E00;
    switch (language) { /* with the cost of there being an ideograph at all */
    case LANGUAGE_HANS:
        return 0.2 + class_cost(frequency_hans, index);
    case LANGUAGE_HANT:
    case LANGUAGE_OF_LETTERS:
    case LANGUAGE_COUNT:
        return 0.2 + class_cost(frequency_hant, index);
    case LANGUAGE_JAPANESE:
        return 1.0 + class_cost(frequency_japanese, index);
    case LANGUAGE_KOREAN:
        return 4.5 + class_cost(frequency_hant, index);
    }
    return 0;
}

struct rule {
    uint32_t first;
    uint32_t last;
    float cost[LANGUAGE_OF_LETTERS]; /* simplified, traditional, Japanese, Korean */
};

/* What the counts do not cover, by rule; sorted. Rounded from what ordinary
 * text shows: a comma of its own language is cheap, a letter of a foreign script is dear. */
/* clang-format off */
static const struct rule rules[] = {
    {0x00A7, 0x00F7, {9, 9, 9, 10}},
    {0x0100, 0x02FF, {12, 12, 14, 14}},
    {0x0391, 0x03C9, {11, 11, 11, 12}},
    {0x0401, 0x0451, {12, 12, 12, 13}},
    {0x2010, 0x2016, {6, 6.5F, 7, 8}},
    {0x2018, 0x201D, {5, 7, 8, 6}},
    {0x2020, 0x20FF, {6, 6.5F, 6, 7}},
    {0x2100, 0x21FF, {9, 9, 9, 10}},
    {0x2200, 0x23FF, {10, 10, 10, 11}},
    {0x2460, 0x24FF, {8.5F, 9, 9, 9}},
    {0x2500, 0x257F, {9, 9, 9, 10}},
    {0x2580, 0x27FF, {8.5F, 8.5F, 8, 8.5F}},
    {0x3000, 0x3000, {4.5F, 4.5F, 4.5F, 9}},
    {0x3001, 0x3001, {5, 5, 3.6F, 9}},
    {0x3002, 0x3002, {4, 4, 3.6F, 9}},
    {0x3003, 0x3017, {5.5F, 5.5F, 5.5F, 8}},
    {0x3018, 0x3029, {10, 10, 10, 11}},
    {0x3041, 0x3093, {10.5F, 10.5F, 4.2F, 12}},
    {0x30A1, 0x30F6, {11, 11, 5.2F, 12}},
    {0x30FB, 0x30FB, {9, 7, 6, 11}},
    {0x30FC, 0x30FE, {12, 12, 4.8F, 13}},
    {0x3105, 0x3129, {13, 11, 16, 16}},
    {0x3131, 0x318E, {16, 16, 16, 9}},
    {0x3200, 0x33FF, {12, 12, 11, 11}},
    {0xFE30, 0xFE6B, {12, 10, 14, 14}},
    {0xFF01, 0xFF01, {6.5F, 6.5F, 6, 10}},
    {0xFF08, 0xFF09, {5, 5.5F, 5.5F, 9}},
    {0xFF0C, 0xFF0C, {3.2F, 3.2F, 7.5F, 10}},
    {0xFF0D, 0xFF0F, {7.5F, 7.5F, 7, 10}},
    {0xFF10, 0xFF19, {7.5F, 8, 6.5F, 10}},
    {0xFF1A, 0xFF1B, {5, 5.5F, 7, 10}},
    {0xFF1F, 0xFF1F, {6, 6, 6, 10}},
    {0xFF20, 0xFF5E, {8.5F, 9, 8, 11}},
    {0xFF61, 0xFF9F, {16, 16, 5.2F, 16}}, /* a byte of Shift_JIS: never less than any byte */
};
/* clang-format on */

enum { COST_RARE = 15, COST_OUTSIDE = 17 };

static double letter_cost(uint32_t c)
{
    if ((c >= 0xC0 && c < 0x250) || (c >= 0x370 && c < 0x700) || (c >= 0x900 && c < 0xE80) ||
        (c >= 0x1E00 && c < 0x2000)) {
        return 5;
    }
    return (c >= 0xA0 && c < 0xC0) || (c >= 0x2010 && c <= 0x2044) || c == 0x20AC ? 6 : COST_RARE;
}

double character_cost(uint32_t c, enum language language)
{
    if (language == LANGUAGE_OF_LETTERS) {
        return letter_cost(c);
    }
    if (c >= 0x4E00 && c < 0x4E00 + 2 * sizeof frequency_hans) {
        return ideograph_cost(c, language);
    }
    if (c >= 0xAC00 && c < 0xAC00 + 2 * sizeof frequency_hangul) {
        return language == LANGUAGE_KOREAN ? 0.1 + class_cost(frequency_hangul, c - 0xAC00)
                                           : COST_RARE;
    }
    size_t low = 0;
    size_t high = sizeof rules / sizeof rules[0];
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (c > rules[middle].last) {
            low = middle + 1;
        } else if (c < rules[middle].first) {
            high = middle;
        } else {
            return (double)rules[middle].cost[language];
        }
    }
    return (c >= 0xE000 && c <= 0xF8FF) || c > 0xFFFF ? COST_OUTSIDE : COST_RARE;
}

enum { EVERY_LANGUAGE = (1 << LANGUAGE_COUNT) - 1 };

static unsigned languages_of(const struct charset *charset)
{
    if (charset->coder == charset_gb18030->coder) {
        return 1U << LANGUAGE_HANS | 1U << LANGUAGE_HANT;
    }
    if (charset == charset_big5) {
        return 1U << LANGUAGE_HANT;
    }
    if (charset == charset_shift_jis || charset == charset_euc_jp) {
        return 1U << LANGUAGE_JAPANESE;
    }
    return charset == charset_euc_kr ? 1U << LANGUAGE_KOREAN : EVERY_LANGUAGE;
}

bool likelihood_has_model(const struct charset *charset)
{
    return languages_of(charset) != EVERY_LANGUAGE;
}

static void add_to_all(struct likelihood *sum, double cost)
{
    for (unsigned language = 0; language < LANGUAGE_COUNT; language++) {
        sum->cost[language] += cost;
    }
}

static void add_character(struct likelihood *sum, uint32_t code_point)
{
    sum->characters++;
    for (unsigned language = 0; language < LANGUAGE_COUNT; language++) {
        if (sum->languages >> language & 1) {
            sum->cost[language] += character_cost(code_point, (enum language)language);
        }
    }
}

static double ascii_cost(uint8_t byte)
{
    return byte >= 0x40 ? COST_ASCII_TRAIL : COST_ASCII_OTHER;
}

static double cost_as_anything(bytes slice, size_t from, size_t to)
{
    double cost = 0;
    for (size_t i = from; i < to; i++) {
        if (slice.ptr[i] >= 0x80) {
            cost += COST_ANY_BYTE;
        } else if (i && slice.ptr[i - 1] >= 0x80) {
            cost += ascii_cost(slice.ptr[i]);
        }
    }
    return cost;
}

/* `behind`: where the last character of more than one byte ended. */
static bool is_accent(bytes slice, size_t at, size_t end, size_t behind)
{
    return at && at != behind && ascii_is_letter(slice.ptr[at - 1]) &&
           ascii_is_letter(slice.ptr[end - 1]);
}

static enum language best_of(const struct likelihood *sum)
{
    unsigned best = LANGUAGE_COUNT;
    for (unsigned language = 0; language < LANGUAGE_COUNT; language++) {
        if (sum->languages >> language & 1 &&
            (best == LANGUAGE_COUNT || sum->cost[language] < sum->cost[best])) {
            best = language;
        }
    }
    return (enum language)best;
}

double likelihood_gain(const struct likelihood *sum)
{
    return sum->languages ? sum->cost_of_anything - sum->cost[best_of(sum)] : 0;
}

/* More errors than characters, or characters that are all rare, never end in a gain: the rest need
 * not be read. Looked at now and then. */
static bool is_hopeless(const struct likelihood *sum)
{
    if (sum->errors > ERRORS_HOPELESS && sum->errors > sum->characters) {
        return true;
    }
    return sum->characters % CHARACTERS_PER_LOOK == CHARACTERS_PER_LOOK - 1 &&
           likelihood_gain(sum) < GAIN_HOPELESS;
}

void likelihood_add(struct likelihood *sum, bytes slice, const struct charset *charset)
{
    struct coder_mode mode = {0};
    size_t behind = 0;
    sum->languages = languages_of(charset);
    for (size_t at = 0; at < slice.len && !is_hopeless(sum);) {
        if (slice.ptr[at] < 0x80 && (!at || slice.ptr[at - 1] < 0x80)) {
            at++;
            continue;
        }
        const struct step step = charset->coder->step(slice, at, &mode, charset->upper_half);
        const size_t end = at + step.len;
        if (step.is_error && end >= slice.len) {
            break; /* cut off */
        }
        const double anything = cost_as_anything(slice, at, end);
        sum->cost_of_anything += anything;
        if (step.is_error) {
            sum->errors++;
            add_to_all(sum, anything + COST_ERROR);
        } else if (slice.ptr[at] < 0x80) {
            add_to_all(sum, ascii_cost(slice.ptr[at]));
        } else {
            add_character(sum, step.first);
            if (is_accent(slice, at, end, behind)) {
                add_to_all(sum, COST_ACCENT);
            }
            behind = end;
        }
        while (at < end) {
            sum->high_bytes += slice.ptr[at++] >= 0x80;
        }
    }
}

str likelihood_language(const struct likelihood *sum)
{
    switch (best_of(sum)) {
    case LANGUAGE_HANS:
        return STR("zh-Hans");
    case LANGUAGE_HANT:
        return STR("zh-Hant");
    case LANGUAGE_JAPANESE:
        return STR("ja");
    case LANGUAGE_KOREAN:
        return STR("ko");
    case LANGUAGE_OF_LETTERS:
    case LANGUAGE_COUNT:
        return STR("");
    }
    return STR("");
}
