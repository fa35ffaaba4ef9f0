/* SPDX-License-Identifier: Apache-2.0 */
#include "text/names_cost.h"

#include "text/charset_table.h"
#include "text/coder.h"
#include "text/pairs.h"

/* Nats. */
static const double COST_ERROR = 8.0;       /* beside the bytes being anything */
static const double COST_ERROR_UTF8 = 60.0; /* hardly ever: it is all or nothing */
static const double COST_CONTROL = 11.0;
static const double COST_NO_SENSE = 6.5; /* a high byte in no encoding */
/* A sign beyond ASCII, which names have seldom; and one on the wrong side of a letter: what opens
 * behind it, what does not before it. Inside a word every sign is on one wrong side. */
static const double COST_SIGN = 2.0;
static const double COST_WRONG_SIDE = 5.0;
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
/* A character that is common behind the one before it. */
static const double GAIN_PAIR = 3.0;
static const double COST_PAIR = 0.5; /* and of one that is not */
/* A small kana or a mark of length behind none; hiragana and katakana in one word. */
static const double COST_KANA_LOST = 5.0;
static const double COST_KANA_MIXED = 2.5;
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
    sign signs[NAME_BYTES_JUDGED];     /* letters of every script */
    sign basic[NAME_BYTES_JUDGED];     /* ASCII */
    sign other[NAME_BYTES_JUDGED];     /* beyond ASCII */
    uint32_t high[NAME_BYTES_JUDGED];  /* all beyond ASCII, as code points */
    bool is_joined[NAME_BYTES_JUDGED]; /* to the one before it, no ASCII between */
    size_t high_count;
    bool is_behind_high;
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
    return c == 0xAB || c == 0xA1 || c == 0xBF || c == 0x2018 || c == 0x201A || c == 0x201C ||
           c == 0x201E || c == 0x2116;
}

static void put_signs(struct read_name *read, sign here, bool is_basic)
{
    if (sign_is_letter(here)) {
        read->besides += is_basic && read->is_behind_asian;
        read->basic_letters += is_basic;
        read->base += read->is_behind_sign ? COST_WRONG_SIDE : 0;
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
    read->is_behind_high = false;
    put_signs(read, sign_of(' '), true);
}

static bool is_hiragana(uint32_t c)
{
    return c >= 0x3041 && c <= 0x3096;
}

static bool is_katakana(uint32_t c)
{
    return c >= 0x30A1 && c <= 0x30FE && c != 0x30FB;
}

/* Small kana and the mark of length go on what another kana began. */
static bool goes_on(uint32_t c)
{
    static const uint8_t small[] = {0x41, 0x43, 0x45, 0x47, 0x49, 0x63, 0x83, 0x85, 0x87, 0x8E};
    if (c == 0x30FC) {
        return true;
    }
    const uint32_t kana = is_katakana(c) ? c - 0x60 : is_hiragana(c) ? c : 0;
    return kana && memchr(small, (int)(kana & 0xFF), sizeof small) != NULL;
}

/* What stands where Japanese has not got it; `before` is 0 at the start of a word. */
static double kana_cost(uint32_t before, uint32_t c)
{
    const bool is_behind_kana = is_hiragana(before) || is_katakana(before);
    if (goes_on(c) && !is_behind_kana) {
        return COST_KANA_LOST;
    }
    return (is_hiragana(c) && is_katakana(before)) || (is_katakana(c) && is_hiragana(before))
               ? COST_KANA_MIXED
               : 0;
}

/* In a word: behind a letter. */
static bool is_apostrophe(const struct read_name *read, uint32_t c)
{
    return c == 0x2019 && read->len > 1 && sign_is_letter(read->signs[read->len - 2]);
}

static void take_character(struct read_name *read, uint32_t c)
{
    const uint32_t before =
        read->is_behind_high && read->high_count ? read->high[read->high_count - 1] : 0;
    if (c < 0x80) {
        read->is_behind_high = false;
        read->base += ascii_is_letter(c) ? 0 : ascii_sign_cost(c);
        put_signs(read, sign_of(c), true);
        return;
    }
    read->is_joined[read->high_count] = read->is_behind_high;
    read->is_behind_high = true;
    read->high[read->high_count++] = c;
    if (is_asian(c)) {
        read->base += is_half_kana(c) && !is_half_kana(before) ? COST_HALF_KANA_BEGINS : 0;
        read->base += kana_cost(before, c);
        read->besides += read->len && sign_is_letter(read->basic[read->len - 1]);
        read->asian_count++;
        put_signs(read, sign_of(' '), true);
        read->is_behind_asian = true;
        return;
    }
    put_signs(read, sign_of(c), false);
    if (!sign_is_letter(read->other[read->len - 1]) && !is_apostrophe(read, c)) {
        const bool is_behind = read->len > 1 && sign_is_letter(read->signs[read->len - 2]);
        read->base += COST_SIGN + (is_behind && opens(c) ? COST_WRONG_SIDE : 0);
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
    read->is_behind_high = false;
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

static double pair_cost(const struct read_name *read, size_t i, enum language language)
{
    if (!i || !read->is_joined[i]) {
        return 0;
    }
    return pair_is_common(language, read->high[i - 1], read->high[i]) ? -GAIN_PAIR : COST_PAIR;
}

static double asian_cost(const struct read_name *read, enum language language, double enough)
{
    double cost = read->base;
    for (size_t i = 0; i < read->high_count && cost < enough; i++) {
        cost += character_cost(read->high[i], language) + pair_cost(read, i, language);
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
    return read.base + basic_cost(models, &read, NAME_COST_NONE);
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
    double best = NAME_COST_NONE;
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
    double best = NAME_COST_NONE;
    read_name(&read, name, charset);
    for (unsigned i = 0; i < NAME_LANGUAGE_COUNT; i++) {
        cost[i] = (float)NAME_COST_NONE;
    }
    if (read.base > enough) {
        return NAME_COST_NONE;
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
