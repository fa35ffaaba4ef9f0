/* SPDX-License-Identifier: Apache-2.0 */
#include "page/type_words.h"

struct group {
    str words; /* a space between two */
    enum type_where where;
    enum type_count count;
};

static const struct group groups[] = {
#define WORDS(where_, count_, words_)                                                              \
    {.words = STR_INIT(words_), .where = TYPE_##where_, .count = TYPE_##count_},
#include "page/type_words.def"
};

enum { GROUP_COUNT = sizeof groups / sizeof groups[0] };

_Static_assert(sizeof groups / sizeof groups[0] <= UINT8_MAX, "a group's number is a byte");

static uint32_t bucket_of(uint32_t hash)
{
    return (hash ^ hash >> 15) & (TYPE_WORD_BUCKETS - 1);
}

/* The word of a group that begins at `at`. */
static void enter(struct type_words *words, uint8_t group, size_t at, size_t end)
{
    struct type_word word;
    type_word_begin(&word);
    for (size_t i = at; i < end; i++) {
        type_word_add(&word, groups[group].words.ptr[i]);
    }
    if (words->count < TYPE_WORDS_MAX && word.len <= TYPE_WORD_BYTES_MAX) {
        uint16_t *first = &words->first[bucket_of(word.hash)];
        words->entries[words->count++] = (struct type_word_entry){
            .at = (uint16_t)at, .len = (uint8_t)word.len, .group = group, .next = *first};
        *first = (uint16_t)words->count;
    }
}

void type_words_init(struct type_words *words)
{
    memset(words->first, 0, sizeof words->first);
    words->count = 0;
    for (uint8_t group = 0; group < GROUP_COUNT; group++) {
        const str list = groups[group].words;
        for (size_t at = 0; at < list.len;) {
            const size_t space = str_find_byte(list, ' ', at);
            const size_t end = space < list.len ? space : list.len;
            enter(words, group, at, end);
            at = end + 1;
        }
    }
}

bool type_word_count(const struct type_words *words, const struct type_word *word,
                     enum type_where where, struct type_counts *counts)
{
    bool found = false;
    uint16_t at = word->len <= TYPE_WORD_BYTES_MAX ? words->first[bucket_of(word->hash)] : 0;
    while (at) {
        const struct type_word_entry *entry = &words->entries[at - 1];
        const struct group *group = &groups[entry->group];
        if (group->where == where && entry->len == word->len &&
            memcmp(group->words.ptr + entry->at, word->letters, word->len) == 0) {
            counts->of[group->count]++;
            found = true;
        }
        at = entry->next;
    }
    return found;
}

static bool is_letter(char c)
{
    return ascii_is_letter((unsigned char)c) || (unsigned char)c >= 0x80;
}

bool type_text_count(const struct type_words *words, str text, enum type_where where,
                     struct type_counts *counts)
{
    struct type_word word;
    type_word_begin(&word);
    for (size_t i = 0; i < text.len; i++) {
        if (is_letter(text.ptr[i])) {
            type_word_add(&word, text.ptr[i]);
        }
    }
    return word.len > 0 && type_word_count(words, &word, where, counts);
}

size_t type_words_count(const struct type_words *words, str text, enum type_where where, bool camel,
                        struct type_counts *counts)
{
    size_t count = 0;
    for (size_t i = 0; i < text.len;) {
        struct type_word word;
        bool was_small = false;
        type_word_begin(&word);
        while (i < text.len && is_letter(text.ptr[i])) {
            const bool small = (unsigned char)text.ptr[i] >= 'a';
            if (camel && was_small && !small) {
                break;
            }
            was_small = small;
            type_word_add(&word, text.ptr[i]);
            i++;
        }
        if (word.len > 0) {
            (void)type_word_count(words, &word, where, counts);
            count++;
        } else {
            i++;
        }
    }
    return count;
}
