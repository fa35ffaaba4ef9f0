/* SPDX-License-Identifier: Apache-2.0 */
#include "text/names_cost.h"

#include "text/charset_table.h"
#include "text/coder.h"

#include <math.h>

/* Nats. */
static const double COST_ERROR = 8.0;       /* beside the bytes being anything */
static const double COST_ERROR_UTF8 = 16.0; /* hardly ever: it is all or nothing */
static const double COST_CONTROL = 11.0;
static const double COST_NO_SENSE = 6.5; /* a high byte in no encoding */
/* A sign beyond ASCII, which names have seldom; and one that a letter follows at once. */
static const double COST_SIGN = 2.5;
static const double COST_SIGN_BEFORE_LETTER = 2.5;
/* A character of another script beside an ASCII letter, no space between. */
static const double COST_BESIDE = 2.5;
/* And one that is made of a high byte and a letter, behind or before a letter: an accent in a word. */
static const double COST_ACCENT = 3.0;
/* One such character alone in a word of that many letters. */
static const double COST_LONELY = 4.0;
enum { LONELY_LETTERS = 3 };
/* An ASCII letter and one of another script in one word. */
static const double COST_MEETING = 6.0;
static const double COST_DIGIT = 2.0;
static const double COST_NAME_SIGN = 2.5;  /* what names are made with: . - _ space and brackets */
static const double COST_OTHER_SIGN = 5.5; /* other ASCII: often the half of a character */
/* A byte of Shift_JIS that is kana by itself, where none stood before. */
static const double COST_HALF_KANA_BEGINS = 3.0;

static double ascii_sign_cost(uint32_t c)
{
    if (c < 0x20 || c == 0x7F) {
        return COST_CONTROL;
    }
    if (c >= '0' && c <= '9') {
        return COST_DIGIT;
    }
    return strchr(" .-_(),/+&'", (int)c) ? COST_NAME_SIGN : COST_OTHER_SIGN;
}

static bool is_asian(uint32_t c)
{
    return c >= 0x2E80;
}

static bool is_half_kana(uint32_t c)
{
    return c >= 0xFF61 && c <= 0xFF9F;
}

/* A name read by one charset: what is paid for the same in each language, and the rest in three
 * rows in which the others' places are spaces. */
struct read_name {
    double base; /* errors and ASCII that is not letters */
    size_t len;
    sign signs[NAME_BYTES_JUDGED];    /* letters of every script */
    sign basic[NAME_BYTES_JUDGED];    /* ASCII */
    sign other[NAME_BYTES_JUDGED];    /* beyond ASCII */
    uint32_t high[NAME_BYTES_JUDGED]; /* all beyond ASCII, as code points */
    size_t high_count;
    size_t asian_count;
    size_t meetings; /* of an ASCII letter and another */
    size_t besides;  /* of an ASCII letter and an asian character */
    size_t accents;
    size_t basic_letters;
    bool is_behind_asian;
    bool is_behind_sign;
};

static bool opens(uint32_t c)
{
    return c == 0xAB || c == 0xA1 || c == 0xBF || c == 0x2018 || c == 0x201C || c == 0x201E ||
           c == 0x2019 || c == 0xA0 || c == 0x2116;
}

static void put_signs(struct read_name *read, sign here, bool is_basic)
{
    if (sign_is_letter(here)) {
        read->besides += is_basic && read->is_behind_asian;
        read->basic_letters += is_basic;
        read->base += read->is_behind_sign ? COST_SIGN_BEFORE_LETTER : 0;
    }
    read->is_behind_asian = false;
    read->is_behind_sign = false;
    const sign space = sign_of(' ');
    read->signs[read->len] = here;
    read->basic[read->len] = is_basic ? here : space;
    read->other[read->len] = is_basic ? space : here;
    if (read->len && sign_is_letter(here)) {
        read->meetings +=
            sign_is_letter(is_basic ? read->other[read->len - 1] : read->basic[read->len - 1]);
    }
    read->len++;
}

static double anything_cost(uint8_t byte)
{
    return byte >= 0x80 ? COST_NO_SENSE : ascii_is_letter(byte) ? 0 : ascii_sign_cost(byte);
}

static void take_error(struct read_name *read, bytes piece, bool is_utf8)
{
    read->base += is_utf8 ? COST_ERROR_UTF8 : COST_ERROR;
    for (size_t i = 0; i < piece.len; i++) {
        read->base += anything_cost(piece.ptr[i]);
    }
    put_signs(read, sign_of(' '), true);
}

/* In a word: behind a letter. */
static bool is_apostrophe(const struct read_name *read, uint32_t c)
{
    return c == 0x2019 && read->len > 1 && sign_is_letter(read->signs[read->len - 2]);
}

static void take_character(struct read_name *read, uint32_t c)
{
    const bool goes_on = read->high_count && is_half_kana(read->high[read->high_count - 1]);
    if (c < 0x80) {
        read->base += ascii_is_letter(c) ? 0 : ascii_sign_cost(c);
        put_signs(read, sign_of(c), true);
        return;
    }
    read->high[read->high_count++] = c;
    if (is_asian(c)) {
        read->base += is_half_kana(c) && !goes_on ? COST_HALF_KANA_BEGINS : 0;
        read->besides += read->len && sign_is_letter(read->basic[read->len - 1]);
        read->asian_count++;
        put_signs(read, sign_of(' '), true);
        read->is_behind_asian = true;
        return;
    }
    put_signs(read, sign_of(c), false);
    if (!sign_is_letter(read->other[read->len - 1]) && !is_apostrophe(read, c)) {
        read->base += COST_SIGN;
        read->is_behind_sign = !opens(c);
    }
}

/* A character of two bytes that ends in an ASCII letter and has one beside it. */
static bool is_accent(bytes name, size_t at, size_t end)
{
    const bool before = at && ascii_is_letter(name.ptr[at - 1]);
    const bool after = end < name.len && ascii_is_letter(name.ptr[end]);
    return end - at == 2 && ascii_is_letter(name.ptr[end - 1]) && (before || after);
}

static void read_name(struct read_name *read, bytes name, const struct charset *charset)
{
    struct coder_mode mode = {0};
    read->base = 0;
    read->len = 0;
    read->high_count = 0;
    read->asian_count = 0;
    read->meetings = 0;
    read->besides = 0;
    read->accents = 0;
    read->basic_letters = 0;
    read->is_behind_asian = false;
    read->is_behind_sign = false;
    for (size_t at = 0; at < name.len;) {
        const struct step step = charset->coder->step(name, at, &mode, charset->upper_half);
        if (step.is_error && at + step.len >= name.len) {
            break; /* cut off: a whole word has a space behind it */
        }
        if (step.is_error) {
            take_error(read, bytes_slice(name, at, at + step.len), charset == charset_utf_8);
        } else {
            read->accents += is_accent(name, at, at + step.len);
            take_character(read, step.first);
        }
        at += step.len;
    }
}

static double asian_cost(const struct read_name *read, enum language language, double enough)
{
    double cost = read->base;
    for (size_t i = 0; i < read->high_count && cost < enough; i++) {
        cost += character_cost(read->high[i], language);
    }
    return cost;
}

void name_models_prepare(struct name_models *models)
{
    for (unsigned i = 0; i < LETTERS_COUNT; i++) {
        letters_prepare(&models->letters[i], (enum letters)i);
    }
}

/* What stands in ASCII among another script is most often English, or an abbreviation. */
static double basic_cost(const struct name_models *models, const struct read_name *read,
                         double enough)
{
    return letters_cost(&models->letters[LETTERS_en], read->basic, read->len, enough);
}

double name_cost_of_anything(const struct name_models *models, bytes name)
{
    struct read_name read = {.base = 0};
    for (size_t i = 0; i < name.len; i++) {
        read.base += anything_cost(name.ptr[i]);
        put_signs(&read, sign_of(name.ptr[i] < 0x80 ? name.ptr[i] : ' '), true);
    }
    return read.base + basic_cost(models, &read, INFINITY);
}

/* What speaks against a reading in which ASCII letters and asian characters stand together. */
static double mixture_cost(const struct read_name *read)
{
    const bool is_lonely = read->asian_count == 1 && read->basic_letters >= LONELY_LETTERS;
    return (double)read->besides * COST_BESIDE + (double)read->accents * COST_ACCENT +
           (is_lonely ? COST_LONELY : 0);
}

static double asian_best(const struct read_name *read, unsigned languages, double basic,
                         double enough, float cost[NAME_LANGUAGE_COUNT])
{
    double best = INFINITY;
    for (unsigned i = 0; i < NAME_LANGUAGE_LETTERS; i++) {
        if (languages >> i & 1) {
            const double own = basic + asian_cost(read, (enum language)i, enough);
            cost[i] = (float)own;
            best = own < best ? own : best;
        }
    }
    return best;
}

static double letter_cost(const struct name_models *models, const struct read_name *read,
                          enum letters language, double basic, double enough)
{
    const struct letters_model *const model = &models->letters[language];
    if (letters_script(language) == SCRIPT_LATIN) {
        return letters_cost(model, read->signs, read->len, enough);
    }
    basic += (double)read->meetings * COST_MEETING;
    return basic + letters_cost(model, read->other, read->len, enough - basic);
}

double name_cost(const struct name_models *models, bytes name, const struct name_reading *reading,
                 const struct charset *charset, double enough, float cost[NAME_LANGUAGE_COUNT])
{
    struct read_name read;
    double best = INFINITY;
    read_name(&read, name, charset);
    for (unsigned i = 0; i < NAME_LANGUAGE_COUNT; i++) {
        cost[i] = INFINITY;
    }
    if (read.base > enough) {
        return INFINITY;
    }
    const double basic = basic_cost(models, &read, enough);
    if (reading->asian && (read.asian_count || !reading->scripts)) {
        const double others = basic + mixture_cost(&read);
        best = asian_best(&read, reading->asian, others, enough, cost);
    }
    const double base = read.base + (double)read.asian_count * COST_ERROR;
    for (unsigned i = 0; i < LETTERS_COUNT; i++) {
        if (reading->scripts >> letters_script((enum letters)i) & 1) {
            const double own =
                base + letter_cost(models, &read, (enum letters)i, basic, enough - base);
            cost[NAME_LANGUAGE_LETTERS + i] = (float)own;
            best = own < best ? own : best;
        }
    }
    return best;
}

/* Bytes that a character of more than one byte may have in it: digits are in GB18030's of four. */
static bool is_of_words(uint8_t byte)
{
    return byte >= 0x40 || (byte >= '0' && byte <= '9');
}

bytes name_words(bytes name, uint8_t out[NAME_BYTES_JUDGED])
{
    size_t len = 0;
    for (size_t at = 0; at < name.len && len < NAME_BYTES_JUDGED;) {
        size_t end = at;
        bool has_high = false;
        while (end < name.len && end - at < NAME_BYTES_JUDGED && is_of_words(name.ptr[end])) {
            has_high = has_high || name.ptr[end] >= 0x80;
            end++;
        }
        for (size_t i = at; has_high && i < end && len < NAME_BYTES_JUDGED; i++) {
            out[len++] = name.ptr[i];
        }
        if (has_high && len < NAME_BYTES_JUDGED) {
            out[len++] = ' ';
        }
        at = end + (end == at);
    }
    return (bytes){.ptr = out, .len = len};
}
