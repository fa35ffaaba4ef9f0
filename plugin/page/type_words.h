/* SPDX-License-Identifier: Apache-2.0 */
/* The words of type_words.def, found by their hash: whoever reads a text feeds it byte by byte. */
#ifndef PAGE_TYPE_WORDS_H
#define PAGE_TYPE_WORDS_H

#include "page/type_counts.h"

enum type_where {
    TYPE_THING,
    TYPE_CLASS,
    TYPE_PATH,
    TYPE_HOST,
    TYPE_TITLE,
    TYPE_LINE,
    TYPE_SELF,
    TYPE_WHERE_COUNT
};

enum { TYPE_WORD_BUCKETS = 2048, TYPE_WORDS_MAX = 1024, TYPE_WORD_BYTES_MAX = 32 };

struct type_word_entry {
    uint16_t at; /* in the words of its group */
    uint8_t len;
    uint8_t group;
    uint16_t next; /* index + 1 of the next word with that hash; 0: none */
};

/* Made once for a page. */
struct type_words {
    uint16_t first[TYPE_WORD_BUCKETS]; /* index + 1 of the first word with that hash; 0: none */
    struct type_word_entry entries[TYPE_WORDS_MAX];
    size_t count;
};

void type_words_init(struct type_words *words);

/* A word that is being read, in small letters; more than the longest word there is, is none. */
struct type_word {
    char letters[TYPE_WORD_BYTES_MAX];
    uint32_t hash;
    size_t len;
};

static inline void type_word_begin(struct type_word *word)
{
    word->hash = 0x811C9DC5u; /* FNV-1a */
    word->len = 0;
}

static inline void type_word_add(struct type_word *word, char c)
{
    if (word->len < TYPE_WORD_BYTES_MAX) {
        word->letters[word->len] = ascii_lower(c);
        word->hash = (word->hash ^ (unsigned char)word->letters[word->len]) * 16777619u;
    }
    word->len++;
}

/* Counts the word that was read, if it is known in that place; whether it is. */
bool type_word_count(const struct type_words *words, const struct type_word *word,
                     enum type_where where, struct type_counts *counts);

/* The letters of `text` as one word. */
bool type_text_count(const struct type_words *words, str text, enum type_where where,
                     struct type_counts *counts);

/* Each word of ASCII letters in `text`, with `camel` split where a capital follows a small letter;
 * how many there are. */
size_t type_words_count(const struct type_words *words, str text, enum type_where where, bool camel,
                        struct type_counts *counts);

#endif
