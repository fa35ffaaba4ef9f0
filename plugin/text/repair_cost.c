/* SPDX-License-Identifier: Apache-2.0 */
#include "text/repair_cost.h"

#include "text/likelihood.h"

enum kind {
    KIND_START,
    KIND_SPACE, /* and controls of ASCII */
    KIND_MARK_ASCII,
    KIND_DIGIT,
    KIND_SMALL,
    KIND_CAPITAL,
    KIND_SMALL_ACCENTED,
    KIND_CAPITAL_ACCENTED,
    KIND_GREEK_SMALL,
    KIND_GREEK_CAPITAL,
    KIND_CYRILLIC_SMALL,
    KIND_CYRILLIC_CAPITAL,
    KIND_LETTER_RARE,  /* phonetic letters and those no language of today needs */
    KIND_LETTER_OTHER, /* Hebrew, Arabic, Thai, Devanagari and the like */
    KIND_CJK,
    KIND_OPENING,
    KIND_CLOSING,
    KIND_DASH, /* and dots */
    KIND_NO_BREAK,
    KIND_SIGN,
    KIND_MATH,
    KIND_ODD_SIGN, /* hardly anything but mojibake has these: ¤ ¦ ¨ ¬ ¸ */
    KIND_BOX,
    KIND_SYMBOL, /* arrows, pictures, emoji */
    KIND_COMBINING,
    KIND_LOST, /* U+FFFD */
    KIND_CONTROL,
    KIND_OUTSIDE, /* private use, unassigned */
    KIND_COUNT
};

enum { CAPITALS_IN_A_ROW = 2, CAPITALS_MAX = 9 /* more are not counted */ };

struct range {
    uint32_t first;
    uint32_t last;
    uint8_t kind;
};

/* clang-format off */
static const struct range ranges[] = {
    {0x0080, 0x009F, KIND_CONTROL},        {0x00A0, 0x00A0, KIND_NO_BREAK},
    {0x00A1, 0x00A1, KIND_OPENING},        {0x00A2, 0x00A3, KIND_SIGN},
    {0x00A4, 0x00A4, KIND_ODD_SIGN},       {0x00A5, 0x00A5, KIND_SIGN},
    {0x00A6, 0x00A6, KIND_ODD_SIGN},       {0x00A7, 0x00A7, KIND_SIGN},
    {0x00A8, 0x00A8, KIND_ODD_SIGN},       {0x00A9, 0x00AA, KIND_SIGN},
    {0x00AB, 0x00AB, KIND_OPENING},        {0x00AC, 0x00AC, KIND_ODD_SIGN},
    {0x00AD, 0x00AD, KIND_NO_BREAK},       {0x00AE, 0x00AE, KIND_SIGN},
    {0x00AF, 0x00AF, KIND_ODD_SIGN},       {0x00B0, 0x00B3, KIND_SIGN},
    {0x00B4, 0x00B4, KIND_ODD_SIGN},       {0x00B5, 0x00B6, KIND_SIGN},
    {0x00B7, 0x00B7, KIND_DASH},           {0x00B8, 0x00B8, KIND_ODD_SIGN},
    {0x00B9, 0x00BA, KIND_SIGN},           {0x00BB, 0x00BB, KIND_CLOSING},
    {0x00BC, 0x00BE, KIND_SIGN},           {0x00BF, 0x00BF, KIND_OPENING},
    {0x00C0, 0x00D6, KIND_CAPITAL_ACCENTED}, {0x00D7, 0x00D7, KIND_SIGN},
    {0x00D8, 0x00DE, KIND_CAPITAL_ACCENTED}, {0x00DF, 0x00F6, KIND_SMALL_ACCENTED},
    {0x00F7, 0x00F7, KIND_SIGN},           {0x00F8, 0x00FF, KIND_SMALL_ACCENTED},
    {0x0180, 0x0191, KIND_LETTER_RARE},    {0x0192, 0x0192, KIND_ODD_SIGN},
    {0x0193, 0x019F, KIND_LETTER_RARE},    {0x01A0, 0x01A0, KIND_CAPITAL_ACCENTED},
    {0x01A1, 0x01A1, KIND_SMALL_ACCENTED}, {0x01A2, 0x01AE, KIND_LETTER_RARE},
    {0x01AF, 0x01AF, KIND_CAPITAL_ACCENTED}, {0x01B0, 0x01B0, KIND_SMALL_ACCENTED},
    {0x01B1, 0x0217, KIND_LETTER_RARE},    {0x0218, 0x0218, KIND_CAPITAL_ACCENTED},
    {0x0219, 0x0219, KIND_SMALL_ACCENTED}, {0x021A, 0x021A, KIND_CAPITAL_ACCENTED},
    {0x021B, 0x021B, KIND_SMALL_ACCENTED}, {0x021C, 0x02BA, KIND_LETTER_RARE},
    {0x02BB, 0x02BC, KIND_CLOSING},        {0x02BD, 0x02FF, KIND_ODD_SIGN},
    {0x0300, 0x036F, KIND_COMBINING},      {0x0370, 0x0383, KIND_LETTER_RARE},
    {0x0384, 0x0385, KIND_ODD_SIGN},       {0x0386, 0x03AB, KIND_GREEK_CAPITAL},
    {0x03AC, 0x03CE, KIND_GREEK_SMALL},    {0x03CF, 0x03FF, KIND_LETTER_RARE},
    {0x0400, 0x042F, KIND_CYRILLIC_CAPITAL}, {0x0430, 0x045F, KIND_CYRILLIC_SMALL},
    {0x0460, 0x048F, KIND_LETTER_RARE},    {0x0490, 0x0490, KIND_CYRILLIC_CAPITAL},
    {0x0491, 0x0491, KIND_CYRILLIC_SMALL}, {0x0492, 0x0530, KIND_LETTER_RARE},
    {0x0531, 0x058F, KIND_LETTER_OTHER},   {0x0590, 0x06FF, KIND_LETTER_OTHER},
    {0x0700, 0x08FF, KIND_LETTER_RARE},    {0x0900, 0x0EFF, KIND_LETTER_OTHER},
    {0x0F00, 0x109F, KIND_LETTER_OTHER},   {0x10A0, 0x10FF, KIND_LETTER_OTHER},
    {0x1100, 0x1DFF, KIND_LETTER_RARE},    {0x1F00, 0x1FFF, KIND_GREEK_SMALL},
    {0x2000, 0x200A, KIND_NO_BREAK},       {0x200B, 0x200F, KIND_COMBINING},
    {0x2010, 0x2015, KIND_DASH},           {0x2016, 0x2017, KIND_ODD_SIGN},
    {0x2018, 0x2018, KIND_OPENING},        {0x2019, 0x2019, KIND_CLOSING},
    {0x201A, 0x201A, KIND_OPENING},        {0x201B, 0x201B, KIND_ODD_SIGN},
    {0x201C, 0x201C, KIND_OPENING},        {0x201D, 0x201D, KIND_CLOSING},
    {0x201E, 0x201E, KIND_OPENING},        {0x201F, 0x201F, KIND_ODD_SIGN},
    {0x2020, 0x2021, KIND_ODD_SIGN},       {0x2022, 0x2022, KIND_OPENING},
    {0x2023, 0x2025, KIND_SYMBOL},         {0x2026, 0x2027, KIND_DASH},
    {0x2028, 0x202F, KIND_NO_BREAK},       {0x2030, 0x2031, KIND_ODD_SIGN},
    {0x2032, 0x2037, KIND_SIGN},           {0x2038, 0x2038, KIND_ODD_SIGN},
    {0x2039, 0x2039, KIND_OPENING},        {0x203A, 0x203A, KIND_CLOSING},
    {0x203B, 0x2043, KIND_SYMBOL},         {0x2044, 0x2044, KIND_SIGN},
    {0x2045, 0x206F, KIND_SYMBOL},         {0x2070, 0x209F, KIND_SIGN},
    {0x20A0, 0x20CF, KIND_SIGN},           {0x20D0, 0x20FF, KIND_COMBINING},
    {0x2100, 0x2115, KIND_SYMBOL},         {0x2116, 0x2116, KIND_SIGN},
    {0x2117, 0x2121, KIND_SYMBOL},         {0x2122, 0x2122, KIND_SIGN},
    {0x2123, 0x21FF, KIND_SYMBOL},         {0x2200, 0x22FF, KIND_MATH},
    {0x2300, 0x24FF, KIND_SYMBOL},         {0x2500, 0x259F, KIND_BOX},
    {0x25A0, 0x25C9, KIND_SYMBOL},         {0x25CA, 0x25CA, KIND_ODD_SIGN},
    {0x25CB, 0x2BFF, KIND_SYMBOL},         {0x2C00, 0x2E7F, KIND_LETTER_RARE},
    {0x2E80, 0xA4CF, KIND_CJK},            {0xA4D0, 0xABFF, KIND_LETTER_RARE},
    {0xAC00, 0xD7A3, KIND_CJK},            {0xE000, 0xF8FF, KIND_OUTSIDE},
    {0xF900, 0xFAFF, KIND_CJK},            {0xFB00, 0xFB06, KIND_LETTER_RARE},
    {0xFB07, 0xFDFF, KIND_LETTER_OTHER},   {0xFE00, 0xFE0F, KIND_COMBINING},
    {0xFE10, 0xFE6F, KIND_CJK},            {0xFE70, 0xFEFE, KIND_LETTER_OTHER},
    {0xFEFF, 0xFEFF, KIND_COMBINING},      {0xFF00, 0xFFEF, KIND_CJK},
    {0xFFF0, 0xFFFC, KIND_OUTSIDE},        {0xFFFD, 0xFFFD, KIND_LOST},
    {0xFFFE, 0x10FFF, KIND_OUTSIDE},       {0x11000, 0x1CFFF, KIND_LETTER_RARE},
    {0x1D000, 0x1D7FF, KIND_MATH},         {0x1D800, 0x1EFFF, KIND_LETTER_RARE},
    {0x1F000, 0x1FAFF, KIND_SYMBOL},       {0x1FB00, 0x1FFFF, KIND_OUTSIDE},
    {0x20000, 0x323AF, KIND_CJK},          {0x323B0, 0x10FFFF, KIND_OUTSIDE},
};

/* Alone, in fitting company. CJK has costs of its own. */
static const double base_costs[KIND_COUNT] = {
    [KIND_SMALL_ACCENTED] = 3.5, [KIND_CAPITAL_ACCENTED] = 4.5,
    [KIND_GREEK_SMALL] = 3.3, [KIND_GREEK_CAPITAL] = 4,
    [KIND_CYRILLIC_SMALL] = 3.3, [KIND_CYRILLIC_CAPITAL] = 4,
    [KIND_LETTER_RARE] = 12, [KIND_LETTER_OTHER] = 3.5,
    [KIND_OPENING] = 4, [KIND_CLOSING] = 3.5, [KIND_DASH] = 3.5, [KIND_NO_BREAK] = 3,
    [KIND_SIGN] = 5, [KIND_MATH] = 6, [KIND_ODD_SIGN] = 8, [KIND_BOX] = 5, [KIND_SYMBOL] = 8,
    [KIND_COMBINING] = 7, [KIND_LOST] = 6, [KIND_CONTROL] = 14, [KIND_OUTSIDE] = 16,
};
/* clang-format on */

static enum kind ascii_kind(uint32_t c)
{
    if (c >= 'a' && c <= 'z') {
        return KIND_SMALL;
    }
    if (c >= 'A' && c <= 'Z') {
        return KIND_CAPITAL;
    }
    if (ascii_is_digit(c)) {
        return KIND_DIGIT;
    }
    return c <= ' ' || c == 0x7F ? KIND_SPACE : KIND_MARK_ASCII;
}

/* Latin Extended: capitals and small letters take turns, with three places where the turn shifts. */
static enum kind latin_kind(uint32_t c)
{
    if (c == 0x138 || c == 0x149 || c == 0x17F || c == 0x13F || c == 0x140) {
        return KIND_LETTER_RARE;
    }
    const bool shifted = (c >= 0x139 && c <= 0x148) || (c >= 0x178 && c <= 0x17E);
    return (c & 1) == (shifted ? 1u : 0u) ? KIND_CAPITAL_ACCENTED : KIND_SMALL_ACCENTED;
}

static enum kind kind_of(uint32_t c)
{
    if (c < 0x80) {
        return ascii_kind(c);
    }
    if ((c >= 0x100 && c < 0x180) || (c >= 0x1E00 && c < 0x1F00)) {
        return latin_kind(c);
    }
    size_t low = 0;
    size_t high = sizeof ranges / sizeof *ranges;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (c > ranges[middle].last) {
            low = middle + 1;
        } else if (c < ranges[middle].first) {
            high = middle;
        } else {
            return (enum kind)ranges[middle].kind;
        }
    }
    return KIND_OUTSIDE;
}

static bool is_letter(unsigned kind)
{
    return kind >= KIND_SMALL && kind <= KIND_CJK;
}

static bool is_small(unsigned kind)
{
    return kind == KIND_SMALL || kind == KIND_SMALL_ACCENTED || kind == KIND_GREEK_SMALL ||
           kind == KIND_CYRILLIC_SMALL;
}

static bool is_capital(unsigned kind)
{
    return kind == KIND_CAPITAL || kind == KIND_CAPITAL_ACCENTED || kind == KIND_GREEK_CAPITAL ||
           kind == KIND_CYRILLIC_CAPITAL;
}

static bool is_out_of_place(unsigned kind)
{
    return kind == KIND_SIGN || kind == KIND_MATH || kind == KIND_ODD_SIGN ||
           kind == KIND_CONTROL || kind == KIND_BOX;
}

/* Letters of one number may stand in one word. */
static unsigned script_of(unsigned kind, uint32_t c)
{
    if (kind == KIND_LETTER_RARE && c >= 0x400 && c < 0x530) {
        return 3;
    }
    if (kind <= KIND_CAPITAL_ACCENTED || kind == KIND_LETTER_RARE) {
        return 1;
    }
    if (kind == KIND_GREEK_SMALL || kind == KIND_GREEK_CAPITAL) {
        return 2;
    }
    if (kind == KIND_CYRILLIC_SMALL || kind == KIND_CYRILLIC_CAPITAL) {
        return 3;
    }
    return kind == KIND_CJK ? 4 : 5 + c / 128;
}

static double case_cost(const struct cost_context *context, unsigned kind, uint32_t c)
{
    const bool is_ascii = c < 0x80 && context->last < 0x80;
    double cost = 0;
    if (is_capital(kind) && is_small(context->kind)) {
        cost += is_ascii ? 0 : 6;
    }
    if (is_small(kind) && context->capitals >= CAPITALS_IN_A_ROW) {
        cost += is_ascii ? 0 : 4;
    }
    if ((kind == KIND_SMALL_ACCENTED || kind == KIND_CAPITAL_ACCENTED) &&
        (context->kind == KIND_SMALL_ACCENTED || context->kind == KIND_CAPITAL_ACCENTED)) {
        cost += 2;
    }
    return cost;
}

/* Letters of two scripts side by side: science has Greek ones among Latin ones. */
static double mixture_cost(const struct cost_context *context, unsigned kind, uint32_t c)
{
    if ((kind == KIND_GREEK_SMALL && context->last < 0x80) ||
        (c < 0x80 && context->kind == KIND_GREEK_SMALL)) {
        return 2.5;
    }
    if (kind == KIND_CJK || context->kind == KIND_CJK) {
        return c < 0x80 || context->last < 0x80 ? 3 : 6;
    }
    return 7;
}

static double letter_cost(const struct cost_context *context, unsigned kind, uint32_t c)
{
    const unsigned script = script_of(kind, c);
    if (is_letter(context->kind)) {
        const unsigned other = script_of(context->kind, context->last);
        return script == other ? case_cost(context, kind, c) : mixture_cost(context, kind, c);
    }
    const bool is_formula = context->kind == KIND_MATH && script == 2;
    double cost = script == 4 ? 0.5 : script > 1 && !is_formula ? 2 : 0;
    if (is_out_of_place(context->kind) && !is_formula) {
        cost += 3;
    }
    if (is_letter(context->before) && context->last != 0x2019) {
        cost += context->kind == KIND_CLOSING ? 4 : context->kind == KIND_OPENING ? 5 : 0;
    }
    if (context->kind == KIND_DIGIT && c >= 0x80 && kind != KIND_CJK) {
        cost += 3;
    }
    return cost;
}

static bool is_line(uint32_t c)
{
    return c == 0x2500 || c == 0x2502 || c == 0x2550 || c == 0x2551;
}

/* Single lines, double lines, where both meet, blocks: a drawing keeps to one of them. */
static unsigned box_family(uint32_t c)
{
    static const uint32_t doubles = 1u << 0 | 1u << 1 | 1u << 4 | 1u << 7 | 1u << 10 | 1u << 13 |
                                    1u << 16 | 1u << 19 | 1u << 22 | 1u << 25 | 1u << 28;
    if (c < 0x2550) {
        return 0;
    }
    return c >= 0x2570 ? 3 : doubles >> (c - 0x2550) & 1 ? 1 : 2;
}

static double sign_cost(const struct cost_context *context, unsigned kind, uint32_t c)
{
    const bool is_trade_mark = c == 0xAE || c == 0x2122;
    if (is_letter(context->kind)) {
        const bool is_name = is_trade_mark && context->kind != KIND_SMALL_ACCENTED;
        return kind == KIND_BOX ? 5 : is_name ? 0 : context->last >= 0x80 ? 3 : 2;
    }
    return is_out_of_place(context->kind) || context->kind == KIND_OPENING ||
                   context->kind == KIND_CLOSING
               ? 3
               : 0;
}

/* Lines run on; corners meet lines of their kind. */
static double box_cost(uint32_t last, uint32_t c)
{
    if (box_family(last) != box_family(c)) {
        return 2;
    }
    return is_line(last) || is_line(c) ? -2 : 0;
}

static double quote_cost(const struct cost_context *context, unsigned kind)
{
    const bool is_behind_space = context->kind == KIND_SPACE || context->kind == KIND_START;
    const double odd = is_out_of_place(context->kind) ? 2 : 0;
    if (kind == KIND_CLOSING) {
        return odd + (is_behind_space ? 1.5 : 0);
    }
    return odd + (is_letter(context->kind) || context->kind == KIND_DIGIT ? 3 : 0);
}

/* A word that is one letter, a letter that no word ends with. */
static double word_end_cost(const struct cost_context *context)
{
    if (context->last == 0x152 || context->last == 0x153) {
        return 5;
    }
    return context->last >= 0x100 && is_letter(context->kind) && !is_letter(context->before) &&
                   context->kind != KIND_CJK && context->kind != KIND_GREEK_SMALL &&
                   context->kind != KIND_CYRILLIC_SMALL
               ? 4
               : 0;
}

/* What this company adds to the cost of `c`. */
static double company_cost(const struct cost_context *context, unsigned kind, uint32_t c)
{
    switch (kind) {
    case KIND_BOX:
        return context->kind == KIND_BOX ? box_cost(context->last, c) : sign_cost(context, kind, c);
    case KIND_SIGN:
    case KIND_MATH:
    case KIND_ODD_SIGN:
        return sign_cost(context, kind, c);
    case KIND_OPENING:
    case KIND_CLOSING:
        return quote_cost(context, kind);
    case KIND_COMBINING:
        return is_letter(context->kind) || context->kind == KIND_SYMBOL ? 0 : 2;
    case KIND_NO_BREAK:
        return context->last == 0xC3 || context->last == 0xC2 ? 2 : 0;
    default: /* not one of our lists: a number in a table */
        return 0;
    }
}

/* Ĉ Ċ Ĕ Ĝ Ġ Ĥ Ħ Ĩ Ĭ Ĵ ĸ Ĺ Ŀ Ŋ Ŏ Ŕ Ŝ Ŧ Ũ Ŭ Ŵ Ŷ and their small ones, a bit each from U+0100. */
static const uint32_t rare_latin[] = {0x30300F00, 0x873033F3, 0x3030CC01, 0x00F033C0};

/* Letters that languages have, but few words. */
static double rare_cost(uint32_t c)
{
    if (c == 0xC3 || c == 0xC2) {
        return 2;
    }
    if (c == 0xE5) {
        return 1.5;
    }
    if (c >= 0x100 && c < 0x180) {
        return rare_latin[(c - 0x100) / 32] >> (c % 32) & 1 ? 3 : 0.5;
    }
    if (c >= 0x400 && c < 0x460 && c != 0x401 && c != 0x451 && (c < 0x410 || c >= 0x450)) {
        return 1.5;
    }
    return 0;
}

static struct cost_context context_next(const struct cost_context *context, unsigned kind,
                                        uint32_t c)
{
    const unsigned capitals = is_capital(kind) ? context->capitals + 1u : 0;
    return (struct cost_context){.last = c,
                                 .kind = (uint8_t)kind,
                                 .before = context->kind,
                                 .capitals =
                                     (uint8_t)(capitals > CAPITALS_MAX ? CAPITALS_MAX : capitals)};
}

static double shared_cost(const struct cost_context *context, unsigned kind, uint32_t c)
{
    /* A table of letters, a chart of a code page; a row of one sign. */
    if (c >= 0x80 && kind == context->kind && (c == context->last + 1 || c == context->last)) {
        return 1.5;
    }
    if (c > 0xA1 && c < 0xC0 && c == context->last + 1) {
        return 2;
    }
    const double company = is_letter(kind)
                               ? letter_cost(context, kind, c)
                               : word_end_cost(context) + company_cost(context, kind, c);
    return base_costs[kind] + rare_cost(c) + company;
}

/* Half-width kana are a byte of Shift_JIS each, so any bytes are some of them. */
static double cjk_cost(uint32_t c, enum language language)
{
    return c >= 0xFF61 && c <= 0xFF9F ? 12 : character_cost(c, language);
}

struct cost_context cost_context_behind(const uint32_t *text, size_t count)
{
    enum { REACH = 4 };
    struct cost_context context = {0};
    for (size_t at = count > REACH ? count - REACH : 0; at < count; at++) {
        context = context_next(&context, kind_of(text[at]), text[at]);
    }
    return context;
}

/* ASCII behind ASCII costs nothing: only what its last characters leave behind matters, and of these
 * as many as capitals are counted. The end of it. */
static size_t pass_ascii(struct cost_context *context, const uint32_t *text, size_t at,
                         size_t count)
{
    size_t end = at;
    while (end < count && text[end] < 0x80) {
        end++;
    }
    for (at = end - at > CAPITALS_MAX ? end - CAPITALS_MAX - 1 : at; at < end; at++) {
        *context = context_next(context, ascii_kind(text[at]), text[at]);
    }
    return end;
}

double cost_of(struct cost_context context, const uint32_t *text, size_t count, uint32_t next)
{
    double shared = 0;
    double cjk[LANGUAGE_OF_LETTERS] = {0};
    for (size_t at = 0; at < count; at++) {
        at = context.last < 0x80 ? pass_ascii(&context, text, at, count) : at;
        if (at == count) {
            break;
        }
        const uint32_t c = text[at];
        const unsigned kind = kind_of(c);
        shared += shared_cost(&context, kind, c);
        for (unsigned language = 0; kind == KIND_CJK && language < LANGUAGE_OF_LETTERS;
             language++) {
            cjk[language] += cjk_cost(c, (enum language)language);
        }
        context = context_next(&context, kind, c);
    }
    double best = cjk[0];
    for (unsigned language = 1; language < LANGUAGE_OF_LETTERS; language++) {
        best = cjk[language] < best ? cjk[language] : best;
    }
    const uint32_t end = next ? next : '\n';
    return shared + best + shared_cost(&context, kind_of(end), end);
}
