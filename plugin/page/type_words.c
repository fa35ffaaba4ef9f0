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

/* By byte: itself in lower case where it is of a word, ASCII letters and all that is not ASCII; 0:
 * not. */
#define ROW4(from, to)                                                                             \
    [from] = (to), [from + 1] = (to) + 1, [from + 2] = (to) + 2, [from + 3] = (to) + 3
#define ROW16(from, to)                                                                            \
    ROW4(from, to), ROW4(from + 4, (to) + 4), ROW4(from + 8, (to) + 8), ROW4(from + 12, (to) + 12)
static const uint8_t letter_of[256] = {
    ROW16('A', 'a'),   ROW4('Q', 'q'),    ROW4('U', 'u'),    ['Y'] = 'y',       ['Z'] = 'z',
    ROW16('a', 'a'),   ROW4('q', 'q'),    ROW4('u', 'u'),    ['y'] = 'y',       ['z'] = 'z',
    ROW16(0x80, 0x80), ROW16(0x90, 0x90), ROW16(0xA0, 0xA0), ROW16(0xB0, 0xB0), ROW16(0xC0, 0xC0),
    ROW16(0xD0, 0xD0), ROW16(0xE0, 0xE0), ROW16(0xF0, 0xF0),
};
#undef ROW4
#undef ROW16

/* A word as it is read, letter by letter. */
struct type_word {
    uint32_t hash;
    size_t len;
};

static const struct type_word word_start = {.hash = 0x811C9DC5u};

static void add(struct type_word *word, uint8_t letter)
{
    word->hash = (word->hash ^ letter) * 16777619u; /* FNV-1a */
    word->len++;
}

static uint32_t bucket_of(uint32_t hash)
{
    return (hash ^ hash >> 15) & (TYPE_WORD_BUCKETS - 1);
}

/* The word of a group that stands in [at, end). */
static void enter(struct type_words *words, uint8_t group, size_t at, size_t end)
{
    struct type_word word = word_start;
    for (size_t i = at; i < end; i++) {
        add(&word, (unsigned char)groups[group].words.ptr[i]);
    }
    if (words->count < TYPE_WORDS_MAX) {
        uint16_t *first = &words->first[bucket_of(word.hash)];
        words->entries[words->count++] = (struct type_word_entry){
            .hash = word.hash, .len = (uint8_t)word.len, .group = group, .next = *first};
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

static void count_word(const struct type_words *words, const struct type_word *word,
                       enum type_where where, struct type_counts *counts)
{
    uint16_t at = words->first[bucket_of(word->hash)];
    while (at) {
        const struct type_word_entry *entry = &words->entries[at - 1];
        const struct group *group = &groups[entry->group];
        counts->of[group->count] +=
            entry->hash == word->hash && entry->len == word->len && group->where == where;
        at = entry->next;
    }
}

void type_text_count(const struct type_words *words, str text, enum type_where where,
                     struct type_counts *counts)
{
    struct type_word word = word_start;
    for (size_t i = 0; i < text.len; i++) {
        const uint8_t letter = letter_of[(unsigned char)text.ptr[i]];
        if (letter) {
            add(&word, letter);
        }
    }
    count_word(words, &word, where, counts);
}

size_t type_words_count(const struct type_words *words, str text, enum type_where where, bool camel,
                        struct type_counts *counts)
{
    const unsigned capital = camel ? 'a' : 0; /* what is below begins a word behind what is not */
    size_t count = 0;
    for (size_t i = 0; i < text.len; i++) {
        struct type_word word = word_start;
        unsigned before = 0;
        uint8_t letter = 0;
        while (i < text.len && (letter = letter_of[(unsigned char)text.ptr[i]]) != 0) {
            const unsigned c = (unsigned char)text.ptr[i];
            if (c < capital && before >= 'a') {
                break;
            }
            before = c;
            add(&word, letter);
            i++;
        }
        if (word.len > 0) {
            count_word(words, &word, where, counts);
            count++;
        }
        i -= i < text.len && letter; /* a capital is read once more */
    }
    return count;
}
