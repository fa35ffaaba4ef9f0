/* SPDX-License-Identifier: Apache-2.0 */
#include "job/title_match.h"

#include "text/utf8.h"

#include <utf8proc.h>

enum {
    TOKENS_MAX = 256,
    SLOTS = 1024,     /* a power of two, four times the tokens: chains stay short */
    STEM_LETTERS = 6, /* of a word that are compared */
    WORD_LETTERS = 10 /* beyond which a longer word tells no more */
};

static const double PAIR_WEIGHT = 16; /* as a word of four letters */
static const double LONE_WEIGHT = 4;  /* one ideograph by itself */

static const uint64_t HASH_FIRST = UINT64_C(0xCBF29CE484222325); /* FNV-1a, 64 bits */
static const uint64_t HASH_PRIME = UINT64_C(0x00000100000001B3);

/* The title's words and pairs. */
struct tokens {
    uint64_t key[SLOTS]; /* 0: free */
    double weight[SLOTS];
    bool found[SLOTS];
    int count;
    double all;
    double borne_out;
};

enum letter { LETTER_NONE, LETTER_OF_WORD, LETTER_UNSPACED };

/* CJK radicals to Hangul, and the ideographs beyond: what is written without spaces, or (Hangul) with
 * words that endings change too much. */
static bool is_unspaced(uint32_t c)
{
    return (c >= 0x2E80 && c <= 0x9FFF && !(c >= 0x3000 && c <= 0x3004) &&
            !(c >= 0x3008 && c <= 0x3020)) ||
           (c >= 0xAC00 && c <= 0xD7A3) || (c >= 0xF900 && c <= 0xFAFF) ||
           (c >= 0x20000 && c <= 0x3FFFF);
}

static enum letter letter_of(uint32_t *c)
{
    if (*c >= 0x80) {
        *c = code_point_fold_width(*c);
    }
    if (*c < 0x80) {
        *c |= *c >= 'A' && *c <= 'Z' ? 0x20 : 0;
        return (*c >= 'a' && *c <= 'z') || (*c >= '0' && *c <= '9') ? LETTER_OF_WORD : LETTER_NONE;
    }
    if (is_unspaced(*c)) {
        return LETTER_UNSPACED;
    }
    *c = (uint32_t)utf8proc_tolower((utf8proc_int32_t)*c);
    const utf8proc_category_t category = utf8proc_category((utf8proc_int32_t)*c);
    return category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_NO ? LETTER_OF_WORD
                                                                                : LETTER_NONE;
}

/* The words and pairs of a text, one after the other. */
struct reader {
    str text;
    size_t at;
    uint32_t last;   /* the ideograph before, whose pair with the next is still to come; 0: none */
    bool last_alone; /* and it is in no pair yet */
};

struct token {
    uint64_t key; /* 0: the text is over */
    double weight;
};

static struct token pair_of(uint32_t first, uint32_t second)
{
    return (struct token){.key = (uint64_t)first << 32 | second, .weight = PAIR_WEIGHT};
}

/* The word that begins with `letter`. */
static struct token read_word(struct reader *self, uint32_t letter)
{
    uint64_t hash = HASH_FIRST;
    int letters = 0;
    do {
        hash = letters < STEM_LETTERS ? (hash ^ letter) * HASH_PRIME : hash;
        letters++;
        const size_t before = self->at;
        if (self->at == self->text.len) {
            break;
        }
        letter = utf8_next(self->text, &self->at);
        if (letter_of(&letter) != LETTER_OF_WORD) {
            self->at = before;
            break;
        }
    } while (true);
    const double weight = letters < WORD_LETTERS ? letters : WORD_LETTERS;
    return (struct token){.key = hash | UINT64_C(1) << 63, .weight = weight * weight};
}

static struct token next_token(struct reader *self)
{
    while (self->at < self->text.len) {
        const size_t before = self->at;
        uint32_t c = utf8_next(self->text, &self->at);
        if (code_point_is_space(c)) {
            continue; /* lines of ideographs are broken anywhere */
        }
        const enum letter letter = letter_of(&c);
        if (letter == LETTER_UNSPACED) {
            const uint32_t last = self->last;
            self->last_alone = last == 0;
            self->last = c;
            if (last) {
                return pair_of(last, c);
            }
            continue;
        }
        const uint32_t lone = self->last_alone ? self->last : 0;
        self->last = 0;
        self->last_alone = false;
        if (lone) {
            self->at = before;
            return (struct token){.key = lone, .weight = LONE_WEIGHT};
        }
        if (letter == LETTER_OF_WORD) {
            return read_word(self, c);
        }
    }
    const struct token lone = {.key = self->last_alone ? self->last : 0, .weight = LONE_WEIGHT};
    self->last = 0;
    self->last_alone = false;
    return lone;
}

/* The slot of the key, or the free one where it would stand. */
static size_t slot_of(const struct tokens *set, uint64_t key)
{
    size_t slot = (size_t)((key * UINT64_C(0x9E3779B97F4A7C15)) >> 54);
    while (set->key[slot] && set->key[slot] != key) {
        slot = (slot + 1) % SLOTS;
    }
    return slot;
}

static void read_title(struct tokens *set, str title)
{
    struct reader reader = {.text = title};
    struct token token;
    while (set->count < TOKENS_MAX && (token = next_token(&reader)).key) {
        const size_t slot = slot_of(set, token.key);
        if (!set->key[slot]) {
            set->key[slot] = token.key;
            set->weight[slot] = token.weight;
            set->all += token.weight;
            set->count++;
        }
    }
}

static void read_line(struct tokens *set, str line)
{
    struct reader reader = {.text = line};
    struct token token;
    while ((token = next_token(&reader)).key) {
        const size_t slot = slot_of(set, token.key);
        if (set->key[slot] && !set->found[slot]) {
            set->found[slot] = true;
            set->borne_out += set->weight[slot];
        }
    }
}

static bool is_title(str line, str title)
{
    struct reader a = {.text = line};
    struct reader b = {.text = title};
    struct token of_line;
    struct token of_title;
    do {
        of_line = next_token(&a);
        of_title = next_token(&b);
    } while (of_line.key == of_title.key && of_line.key);
    return of_line.key == of_title.key;
}

double title_match(str title, str text)
{
    struct tokens set = {0};
    read_title(&set, title);
    if (set.count == 0) {
        return -1.0;
    }
    for (size_t from = 0; from < text.len && set.borne_out < set.all;) {
        const size_t end = str_find_byte(text, '\n', from);
        const size_t to = end < text.len ? end : text.len;
        const str line = str_slice(text, from, to);
        if (!is_title(line, title)) {
            read_line(&set, line);
        }
        from = to + 1;
    }
    return set.borne_out / set.all;
}
