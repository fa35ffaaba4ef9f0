/* SPDX-License-Identifier: Apache-2.0 */
#include "text/letters.h"

/* First its rows, then its tables. */
#include "text/tables/letters.inc"
#include "text/tables/signs.inc"

/* tables/train_letters.py: CLASS_NATS, and the two classes before the letters. */
static const float CLASS_NATS = 0.6F;
enum { CLASS_NONE = 0, CLASS_OTHER = 1, CLASS_FIRST = 2 };
enum { ASCII_LETTERS = 26, NUMBER_COUNT = LETTER_COUNT + ASCII_LETTERS };

/* Signs that are no letters, as tables/train_letters.py numbers them; two are only known here. */
enum kind {
    KIND_RARE,
    KIND_COMMON,
    KIND_KNOWN,
    KIND_MARK,
    KIND_CONTROL,
    KIND_DIGIT,
    KIND_FRAME,
    KIND_ASCII, /* space, digits, punctuation */
    KIND_UNDEFINED
};

const sign sign_undefined = KIND_UNDEFINED << 1;

/* Bits 5 up: a letter's number, or what tells one sign from another. */
enum { SIGN_NUMBER_SHIFT = 5 };

struct row {
    const char *tag;
    enum letters_script script;
    uint8_t count;
    const uint16_t *own;
    const uint64_t *costs;
};

static const struct row rows[LETTERS_COUNT] = {
#define LETTERS(name, tag, script, count)                                                          \
    {tag, SCRIPT_##script, count, letters_of_##name, costs_of_##name},
#include "text/tables/letters.inc"
#undef LETTERS
};

sign sign_of(uint32_t c)
{
    if (c < 0x80) {
        const uint32_t number = LETTER_COUNT + (c | 32) - 'a';
        return (sign)(ascii_is_letter(c) ? 1U | (c < 'a' ? 2U : 0) | number << 5 : KIND_ASCII << 1);
    }
    const sign found = c < 0x10000 ? signs[sign_blocks[c / 64]][c % 64] : KIND_RARE << 1;
    return found & 1 ? found : (sign)(found | (c & 0x7FF) << SIGN_NUMBER_SHIFT);
}

bool sign_is_letter(sign unit)
{
    return unit & 1;
}

enum letters_script sign_script(sign unit)
{
    return (enum letters_script)(unit >> 2 & 7);
}

str letters_tag(enum letters language)
{
    return str_of(rows[language].tag);
}

enum letters_script letters_script(enum letters language)
{
    return rows[language].script;
}

const uint16_t *letters_own(enum letters language)
{
    return rows[language].own;
}

/* By the order of speakers who write: nothing for the first thirty, a little for the others. */
double letters_prior(enum letters language)
{
    static const enum letters seldom[] = {
        LETTERS_af, LETTERS_az, LETTERS_be, LETTERS_ca, LETTERS_cy, LETTERS_eo, LETTERS_et,
        LETTERS_eu, LETTERS_ga, LETTERS_gl, LETTERS_is, LETTERS_kk, LETTERS_lt, LETTERS_lv,
        LETTERS_mk, LETTERS_mt, LETTERS_sl, LETTERS_sq, LETTERS_sr, LETTERS_tg, LETTERS_ur};
    for (size_t i = 0; i < sizeof seldom / sizeof seldom[0]; i++) {
        if (seldom[i] == language) {
            return 1.5;
        }
    }
    return 0;
}

void letters_prepare(struct letters_model *model, enum letters language)
{
    _Static_assert(sizeof model->classes >= NUMBER_COUNT, "a class for every letter");
    const struct row *const row = &rows[language];
    memset(model->classes, 0, sizeof model->classes);
    model->language = language;
    const unsigned basic = row->script == SCRIPT_LATIN ? ASCII_LETTERS : 1;
    for (unsigned i = 0; i < ASCII_LETTERS; i++) {
        model->classes[LETTER_COUNT + i] = (uint8_t)(CLASS_FIRST + (basic > 1 ? i : 0));
    }
    for (unsigned i = 0; i < row->count; i++) {
        model->classes[sign_of(row->own[i]) >> 5] = (uint8_t)(CLASS_FIRST + basic + i);
    }
}

/* Nats. A letter that the language has not; one of another script, and another script's letter in
 * the same word. */
static const float COST_FOREIGN = 9.5F;
static const float COST_SCRIPT = 11.0F;
static const float COST_ASCII_IN_OTHER = 2.9F;
static const float COST_SCRIPTS_MEET = 6.0F;
static const float COST_MARK = 6.0F;
/* A capital where a word begins, where capitals go on, and behind a small letter. */
static const float COST_CAPITAL_FIRST = 1.5F;
static const float COST_CAPITAL_ON = 0.7F;
static const float COST_CAPITAL_INSIDE = 5.5F;
static const float COST_SMALL_BEHIND_CAPITALS = 3.0F;
/* Inside a word stand an apostrophe, a hyphen, a middle dot; no other sign. */
static const float COST_SIGN_INSIDE = 4.0F;
static const float COST_SAME_FRAME = 1.0F;

static float kind_cost(enum kind kind)
{
    switch (kind) {
    case KIND_COMMON:
        return 3.8F;
    case KIND_KNOWN:
        return 5.0F;
    case KIND_MARK:
        return COST_MARK;
    case KIND_DIGIT:
        return 7.0F;
    case KIND_FRAME:
        return 7.5F;
    case KIND_RARE:
        return 9.5F;
    case KIND_CONTROL:
        return 11.5F;
    case KIND_UNDEFINED:
        return 13.0F;
    case KIND_ASCII:
        return 0;
    }
    return 0;
}

/* What stood before. */
struct place {
    unsigned row;      /* class of the letter before, CLASS_NONE behind none */
    unsigned capitals; /* in a row up to here */
    bool is_small;     /* the letter before is one */
    bool is_ascii;     /* an ASCII letter in a language of another script */
    bool sign_inside;  /* the sign before stood behind a letter */
    sign before;
};

static float capital_cost(struct place *place, bool is_capital, bool first)
{
    float cost = 0;
    if (is_capital) {
        cost = first ? COST_CAPITAL_FIRST : place->is_small ? COST_CAPITAL_INSIDE : COST_CAPITAL_ON;
        place->capitals = first ? 1 : place->capitals + 1;
    } else {
        cost = !first && place->capitals > 1 && !place->is_small ? COST_SMALL_BEHIND_CAPITALS : 0;
        place->capitals = 0;
    }
    place->is_small = !is_capital;
    return cost;
}

static float class_cost(const struct row *row, unsigned size, unsigned before, unsigned class)
{
    const unsigned at = before * size + class;
    return CLASS_NATS * (float)(row->costs[at / 16] >> (at % 16 * 4) & 15);
}

double letters_cost(const struct letters_model *model, const sign *text, size_t len, double enough)
{
    const struct row *const row = &rows[model->language];
    const bool is_latin = row->script == SCRIPT_LATIN;
    const unsigned size = CLASS_FIRST + (is_latin ? ASCII_LETTERS : 1U) + row->count;
    struct place place = {0};
    double cost = 0;
    for (size_t i = 0; i < len && cost < enough; i++) {
        const sign unit = text[i];
        if (!(unit & 1)) {
            const enum kind kind = (enum kind)(unit >> 1 & 15);
            if (kind == KIND_MARK) {
                cost += (double)COST_MARK;
                continue;
            }
            cost += place.row ? (double)class_cost(row, size, place.row, CLASS_NONE) : 0;
            cost += kind == KIND_FRAME && unit == place.before ? (double)COST_SAME_FRAME
                                                               : (double)kind_cost(kind);
            place = (struct place){.sign_inside =
                                       place.row && kind != KIND_ASCII && kind != KIND_COMMON,
                                   .before = unit};
            continue;
        }
        const bool first = place.row == CLASS_NONE;
        const bool is_ascii = !is_latin && (unit >> 5) >= LETTER_COUNT;
        if (place.sign_inside) {
            cost += (double)COST_SIGN_INSIDE;
            place.sign_inside = false;
        }
        if (!first && is_ascii != place.is_ascii) {
            cost += (double)COST_SCRIPTS_MEET;
        }
        const unsigned class = model->classes[unit >> 5];
        if (is_ascii) {
            cost += (double)COST_ASCII_IN_OTHER;
        } else if (class) {
            cost += (double)class_cost(row, size, place.is_ascii ? CLASS_OTHER : place.row, class);
        } else {
            cost += (double)(sign_script(unit) == row->script ? COST_FOREIGN : COST_SCRIPT);
        }
        cost += (double)capital_cost(&place, unit & 2, first);
        place.row = class && !is_ascii ? class : CLASS_OTHER;
        place.is_ascii = is_ascii;
        place.before = unit;
    }
    return cost;
}
