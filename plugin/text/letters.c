/* SPDX-License-Identifier: Apache-2.0 */
#include "text/letters.h"

/* First its rows, then its tables. */
#include "text/tables/letters.inc"
#include "text/tables/letters_any.inc"
#include "text/tables/signs.inc"

/* tables/train_letters.py: the two classes before the letters. */
enum { CLASS_NONE = 0, CLASS_OTHER = 1, CLASS_FIRST = 2 };
enum { ASCII_LETTERS = 26, NUMBER_COUNT = LETTER_COUNT + ASCII_LETTERS };

/* Signs that are no letters, as tables/train_letters.py numbers them; the last are only known here. */
enum kind {
    KIND_RARE,
    KIND_COMMON,
    KIND_KNOWN,
    KIND_MARK,
    KIND_CONTROL,
    KIND_DIGIT,
    KIND_FRAME,
    KIND_BEHIND,     /* what stands behind words as a rule */
    KIND_OPENING,    /* quotes before words, and behind them in some languages: never inside */
    KIND_APOSTROPHE, /* inside words and behind them */
    KIND_OF_NUMBER,  /* what stands behind digits */
    KIND_DASH,
    KIND_JOINT, /* inside words */
    KIND_ASCII, /* space, punctuation */
    KIND_NUMBER,
    KIND_UNDEFINED
};

const sign sign_undefined = KIND_UNDEFINED << 1;

/* Bits 5 up: a letter's number, or what tells one sign from another. */
enum { SIGN_NUMBER_SHIFT = 5, UNITS_AT_ONCE = 128 };

/* Between words, among letters. */
static const sign GAP = 0;

struct row {
    const char *tag;
    enum letters_script script;
    uint8_t count;
    uint8_t core;
    const uint16_t *own; /* the core first */
    const uint64_t *costs;
};

static const struct row rows[LETTERS_COUNT] = {
#define LETTERS(name, tag, script, count, core)                                                    \
    {tag, SCRIPT_##script, count, core, letters_of_##name, costs_of_##name},
#include "text/tables/letters.inc"
#undef LETTERS
};

sign sign_of(uint32_t c)
{
    if (c < 0x80) {
        const uint32_t number = LETTER_COUNT + (c | 32) - 'a';
        const unsigned kind = ascii_is_digit(c) ? KIND_NUMBER : KIND_ASCII;
        return (sign)(ascii_is_letter(c) ? 1U | (c < 'a' ? 2U : 0) | number << 5 : kind << 1);
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

const uint16_t *letters_own(enum letters language, size_t *core)
{
    *core = rows[language].core;
    return rows[language].own;
}

/* By the order of speakers who write: nothing for the first thirty, a little for the others. */
double letters_prior(enum letters language)
{
    enum { SELDOM = 15 };
    static const uint8_t tenths[LETTERS_COUNT] = {
        [LETTERS_af] = SELDOM, [LETTERS_az] = SELDOM, [LETTERS_be] = SELDOM, [LETTERS_ca] = SELDOM,
        [LETTERS_cy] = SELDOM, [LETTERS_eo] = SELDOM, [LETTERS_et] = SELDOM, [LETTERS_eu] = SELDOM,
        [LETTERS_ga] = SELDOM, [LETTERS_gl] = SELDOM, [LETTERS_is] = SELDOM, [LETTERS_kk] = SELDOM,
        [LETTERS_lt] = SELDOM, [LETTERS_lv] = SELDOM, [LETTERS_mk] = SELDOM, [LETTERS_mt] = SELDOM,
        [LETTERS_sl] = SELDOM, [LETTERS_sq] = SELDOM, [LETTERS_sr] = SELDOM, [LETTERS_tg] = SELDOM,
        [LETTERS_ur] = SELDOM};
    return tenths[language] / 10.0;
}

/* Its letters beyond ASCII and what they cost. */
static void prepare(struct letters_model *model, const struct row *row)
{
    _Static_assert(sizeof model->classes >= NUMBER_COUNT, "a class for every letter");
    memset(model->classes, 0, sizeof model->classes);
    model->script = row->script;
    const unsigned basic = row->script == SCRIPT_LATIN ? ASCII_LETTERS : 1;
    model->costs = row->costs;
    model->size = CLASS_FIRST + basic + row->count;
    for (unsigned i = 0; i < ASCII_LETTERS && basic > 1; i++) {
        model->classes[LETTER_COUNT + i] = (uint8_t)(CLASS_FIRST + i);
    }
    for (unsigned i = 0; i < row->count; i++) {
        model->classes[sign_of(row->own[i]) >> 5] = (uint8_t)(CLASS_FIRST + basic + i);
    }
}

void letters_prepare(struct letters_model *model, enum letters language)
{
    prepare(model, &rows[language]);
}

bool letters_prepare_any(struct letters_model *model, enum letters_script script)
{
    static const struct row any[SCRIPT_COUNT] = {
#define LETTERS_ANY(script, count)                                                                 \
    [SCRIPT_##script] = {"", SCRIPT_##script, count, 0, letters_any_##script, costs_any_##script},
#include "text/tables/letters_any.inc"
#undef LETTERS_ANY
    };
    if (any[script].costs) {
        prepare(model, &any[script]);
    }
    return any[script].costs != NULL;
}

/* Costs in tenths of nats. A letter that the language has not; one of another script, and another
 * script's letter in the same word. */
enum {
    COST_CLASS = 6, /* CLASS_NATS */
    COST_FOREIGN = 95,
    COST_SCRIPT = 110,
    COST_ASCII_IN_OTHER = 29,
    COST_SCRIPTS_MEET = 60,
    COST_MARK = 60,
    COST_SAME_FRAME = 10,
    COST_FRAME_AGAIN = 60,
    COST_DASH_ENDS_WORD = 40, /* what divides words has space before it, or none behind it */
    COST_OF_NUMBER = 25,      /* its place */
    COST_BEHIND_NUMBER = 15   /* what has no place there */
};

static const int16_t kind_costs[] = {
    [KIND_RARE] = 95,     [KIND_COMMON] = 38,     [KIND_KNOWN] = 50,     [KIND_MARK] = COST_MARK,
    [KIND_CONTROL] = 115, [KIND_DIGIT] = 70,      [KIND_FRAME] = 90,     [KIND_BEHIND] = 38,
    [KIND_OPENING] = 38,  [KIND_APOSTROPHE] = 38, [KIND_OF_NUMBER] = 55, [KIND_DASH] = 38,
    [KIND_JOINT] = 50,    [KIND_ASCII] = 0,       [KIND_NUMBER] = 0,     [KIND_UNDEFINED] = 130};

/* What a letter costs more immediately behind such a sign: where a letter stood before the sign, and
 * where none did. */
static const uint8_t tolls[][2] = {
    [KIND_RARE] = {60, 0},       [KIND_COMMON] = {0, 0},     [KIND_KNOWN] = {60, 0},
    [KIND_MARK] = {0, 0},        [KIND_CONTROL] = {40, 0},   [KIND_DIGIT] = {40, 0},
    [KIND_FRAME] = {60, 25},     [KIND_BEHIND] = {50, 25},   [KIND_OPENING] = {60, 0},
    [KIND_APOSTROPHE] = {0, 45}, [KIND_OF_NUMBER] = {60, 0}, [KIND_DASH] = {0, 15},
    [KIND_JOINT] = {0, 20},      [KIND_ASCII] = {0, 0},      [KIND_NUMBER] = {0, 20},
    [KIND_UNDEFINED] = {40, 0}};

/* How a word was written up to here, and what a small letter and a capital cost then. */
enum shape { SHAPE_NONE, SHAPE_SMALL, SHAPE_CAPITAL, SHAPE_CAPITALS, SHAPE_COUNT };
static const uint8_t shape_costs[SHAPE_COUNT][2] = {[SHAPE_NONE] = {0, 15},
                                                    [SHAPE_SMALL] = {0, 55},
                                                    [SHAPE_CAPITAL] = {0, 7},
                                                    [SHAPE_CAPITALS] = {30, 7}};
static const uint8_t shape_after[SHAPE_COUNT][2] = {
    [SHAPE_NONE] = {SHAPE_SMALL, SHAPE_CAPITAL},
    [SHAPE_SMALL] = {SHAPE_SMALL, SHAPE_CAPITAL},
    [SHAPE_CAPITAL] = {SHAPE_SMALL, SHAPE_CAPITALS},
    [SHAPE_CAPITALS] = {SHAPE_SMALL, SHAPE_CAPITALS}};

/* What a text costs in any language is counted first, and leaves its letters, a gap for what stands
 * between words; how they follow each other costs what the language says. */
struct speller {
    uint8_t shape;
    uint8_t toll;   /* of the sign before, for a letter */
    bool in_word;   /* a letter before */
    bool ends_word; /* the sign before stood behind one */
    sign before;
    sign frame; /* the last one seen: it is likely to come again */
};

static int sign_cost(const struct speller *speller, sign unit)
{
    const enum kind kind = (enum kind)(unit >> 1 & 15);
    const bool is_behind_number = speller->before == KIND_NUMBER << 1;
    int cost = kind_costs[kind];
    if (kind == KIND_FRAME && unit == speller->frame) {
        cost = unit == speller->before ? COST_SAME_FRAME : COST_FRAME_AGAIN;
    } else if (is_behind_number && kind == KIND_OF_NUMBER) {
        cost = COST_OF_NUMBER;
    }
    if (is_behind_number && (kind == KIND_KNOWN || kind == KIND_OPENING || kind == KIND_FRAME)) {
        cost += COST_BEHIND_NUMBER;
    }
    if (kind == KIND_ASCII && speller->before == KIND_DASH << 1 && speller->ends_word) {
        cost += COST_DASH_ENDS_WORD;
    }
    return cost;
}

static void pass_sign(struct speller *speller, sign unit)
{
    const enum kind kind = (enum kind)(unit >> 1 & 15);
    *speller = (struct speller){.toll = tolls[kind][!speller->in_word],
                                .ends_word = speller->in_word,
                                .before = unit,
                                .frame = kind == KIND_FRAME ? unit : speller->frame};
}

static int spell_letter(struct speller *speller, sign unit)
{
    const unsigned is_capital = unit >> 1 & 1;
    const int cost = speller->toll + shape_costs[speller->shape][is_capital];
    speller->shape = shape_after[speller->shape][is_capital];
    speller->toll = 0;
    speller->in_word = true;
    speller->before = unit;
    return cost;
}

/* No more units than signs; `units` may be the text itself. */
static int64_t spell(struct speller *speller, const sign *text, size_t len, sign *units,
                     size_t *count)
{
    int64_t cost = 0;
    *count = 0;
    for (size_t i = 0; i < len; i++) {
        const sign unit = text[i];
        if (sign_is_letter(unit)) {
            cost += spell_letter(speller, unit);
            units[(*count)++] = unit;
        } else if ((unit >> 1 & 15) == KIND_MARK) {
            cost += COST_MARK;
        } else {
            cost += sign_cost(speller, unit);
            if (speller->in_word) {
                units[(*count)++] = GAP;
            }
            pass_sign(speller, unit);
        }
    }
    return cost;
}

/* The letter before. */
struct place {
    unsigned class; /* CLASS_NONE behind none */
    bool is_ascii;  /* in a language of another script */
};

/* A letter without a class, or of ASCII where that is another script. */
static int strange_cost(const struct letters_model *model, struct place *place, sign unit)
{
    const bool is_ascii = unit >> SIGN_NUMBER_SHIFT >= LETTER_COUNT;
    int cost = place->class && is_ascii != place->is_ascii ? COST_SCRIPTS_MEET : 0;
    if (is_ascii) {
        cost += COST_ASCII_IN_OTHER;
    } else {
        cost += sign_script(unit) == model->script ? COST_FOREIGN : COST_SCRIPT;
    }
    *place = (struct place){.class = CLASS_OTHER, .is_ascii = is_ascii};
    return cost;
}

static int64_t follow(const struct letters_model *model, struct place *place, const sign *units,
                      size_t count, int64_t limit)
{
    const uint64_t *const costs = model->costs;
    const unsigned size = model->size;
    struct place here = *place; /* a copy, which nothing else can point to */
    int64_t cost = 0;
    for (size_t i = 0; i < count && cost < limit; i++) {
        const unsigned class = model->classes[units[i] >> SIGN_NUMBER_SHIFT];
        if (class == CLASS_NONE && units[i] != GAP) {
            cost += strange_cost(model, &here, units[i]);
            continue;
        }
        const unsigned at = here.class * size + class;
        cost += COST_CLASS * (int64_t)(costs[at / 16] >> (at % 16 * 4) & 15);
        cost += here.is_ascii && class != CLASS_NONE ? COST_SCRIPTS_MEET : 0;
        here = (struct place){.class = class};
    }
    *place = here;
    return cost;
}

/* Tenths, rounded up: what stopped there is not below `enough`. */
static int64_t limit_of(double enough)
{
    return enough < 1e8 ? (int64_t)(enough * 10) + 1 : INT64_MAX;
}

double letters_spell(sign *text, size_t len, size_t *count)
{
    struct speller speller = {0};
    return (double)spell(&speller, text, len, text, count) / 10;
}

double letters_follow(const struct letters_model *model, const sign *units, size_t count,
                      double enough)
{
    struct place place = {0};
    return (double)follow(model, &place, units, count, limit_of(enough)) / 10;
}

double letters_cost(const struct letters_model *model, const sign *text, size_t len, double enough)
{
    struct speller speller = {0};
    struct place place = {0};
    sign units[UNITS_AT_ONCE];
    const int64_t limit = limit_of(enough);
    int64_t cost = 0;
    for (size_t at = 0; at < len && cost < limit; at += UNITS_AT_ONCE) {
        const size_t part = len - at < UNITS_AT_ONCE ? len - at : UNITS_AT_ONCE;
        size_t count = 0;
        cost += spell(&speller, text + at, part, units, &count);
        cost += follow(model, &place, units, count, limit - cost);
    }
    return (double)cost / 10;
}

double letters_floor(sign unit)
{
    if (unit & 1) {
        return 1.2;
    }
    const enum kind kind = (enum kind)(unit >> 1 & 15);
    return kind == KIND_FRAME       ? COST_SAME_FRAME / 10.0
           : kind == KIND_OF_NUMBER ? COST_OF_NUMBER / 10.0
                                    : kind_costs[kind] / 10.0;
}

double letters_least(const struct letters_model *model, sign unit)
{
    if (!sign_is_letter(unit)) {
        return 0; /* its number is none of a letter's, and beyond `classes` */
    }
    const bool is_strange = !model->classes[unit >> SIGN_NUMBER_SHIFT];
    return is_strange ? COST_FOREIGN / 10.0 : letters_floor(unit);
}

/* A sign that is no letter, beside none unless it is one of words. */
static bool sign_fits(sign unit, sign before)
{
    static const uint32_t of_words = 1U << KIND_COMMON | 1U << KIND_BEHIND | 1U << KIND_OPENING |
                                     1U << KIND_APOSTROPHE | 1U << KIND_DASH | 1U << KIND_ASCII |
                                     1U << KIND_NUMBER;
    static const uint32_t apart = 1U << KIND_KNOWN | 1U << KIND_OF_NUMBER;
    const uint32_t kind = 1U << (unit >> 1 & 15);
    return (kind & of_words) || ((kind & apart) && !sign_is_letter(before));
}

static bool letter_fits(const struct letters_model *model, sign unit, sign before)
{
    const unsigned number = unit >> SIGN_NUMBER_SHIFT;
    const bool is_known = number >= LETTER_COUNT || model->classes[number];
    if (sign_is_letter(before)) {
        return is_known && !((unit & 2) && !(before & 2));
    }
    return is_known && sign_fits(before, unit);
}

bool letters_fit(const struct letters_model *model, const sign *text, size_t len)
{
    sign before = KIND_ASCII << 1;
    for (size_t i = 0; i < len; i++) {
        const bool fits = sign_is_letter(text[i]) ? letter_fits(model, text[i], before)
                                                  : sign_fits(text[i], before);
        if (!fits) {
            return false;
        }
        before = text[i];
    }
    return true;
}
