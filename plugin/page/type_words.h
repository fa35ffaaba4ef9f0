/* SPDX-License-Identifier: Apache-2.0 */
/* The words of type_words.def, found by their hash. */
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

enum { TYPE_WORD_BUCKETS = 2048, TYPE_WORDS_MAX = 1024 };

/* Hash and length are all that is compared: a word that collides counts as the other one. */
struct type_word_entry {
    uint32_t hash;
    uint16_t next; /* index + 1 of the next word in that bucket; 0: none */
    uint8_t len;
    uint8_t group;
};

/* Made once for a page. */
struct type_words {
    uint16_t first[TYPE_WORD_BUCKETS]; /* index + 1 of the first word in that bucket; 0: none */
    struct type_word_entry entries[TYPE_WORDS_MAX];
    size_t count;
};

void type_words_init(struct type_words *words);

/* Counts the letters of `text`, taken together, as one word. */
void type_text_count(const struct type_words *words, str text, enum type_where where,
                     struct type_counts *counts);

/* Counts each word of `text`, `camel` ones in their parts; how many there are. */
size_t type_words_count(const struct type_words *words, str text, enum type_where where, bool camel,
                        struct type_counts *counts);

#endif
