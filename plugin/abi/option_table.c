/* SPDX-License-Identifier: Apache-2.0 */
#include "abi/option_table.h"

#define OPEN   false
#define SECRET true

static const struct option_row rows[] = {
#define TEXT(name, default_, secrecy, sentence_)                                                   \
    {.key = STR_INIT(#name),                                                                       \
     .kind = OPTION_TEXT,                                                                          \
     .is_secret = secrecy,                                                                         \
     .default_text = STR_INIT(default_),                                                           \
     .sentence = STR_INIT(sentence_),                                                              \
     .offset = offsetof(struct settings, name)},
#define LIST(name, secrecy, sentence_)                                                             \
    {.key = STR_INIT(#name),                                                                       \
     .kind = OPTION_LIST,                                                                          \
     .is_secret = secrecy,                                                                         \
     .sentence = STR_INIT(sentence_),                                                              \
     .offset = offsetof(struct settings, name)},
#define NUMBER(name, default_, min_, max_, unit_, sentence_)                                       \
    {.key = STR_INIT(#name),                                                                       \
     .kind = OPTION_NUMBER,                                                                        \
     .default_text = STR_INIT(#default_),                                                          \
     .min = INT64_C(min_),                                                                         \
     .max = INT64_C(max_),                                                                         \
     .unit = STR_INIT(unit_),                                                                      \
     .sentence = STR_INIT(sentence_),                                                              \
     .offset = offsetof(struct settings, name)},
#define CHOICE(name, default_, words_, sentence_)                                                  \
    {.key = STR_INIT(#name),                                                                       \
     .kind = OPTION_CHOICE,                                                                        \
     .default_text = STR_INIT(default_),                                                           \
     .words = STR_INIT(words_),                                                                    \
     .sentence = STR_INIT(sentence_),                                                              \
     .offset = offsetof(struct settings, name)},
#define FLAG(name, default_, sentence_)                                                            \
    {.key = STR_INIT(#name),                                                                       \
     .kind = OPTION_FLAG,                                                                          \
     .default_text = STR_INIT(#default_),                                                          \
     .sentence = STR_INIT(sentence_),                                                              \
     .offset = offsetof(struct settings, name)},
#include "base/options.def"
#undef TEXT
#undef LIST
#undef NUMBER
#undef CHOICE
#undef FLAG
};

enum {
    ROW_COUNT = sizeof rows / sizeof *rows,
    NEAR_BYTES_MAX = 64, /* keys longer than this are near to nothing */
    NEAR_CHANGES_MAX = 3
};

const struct option_row *option_rows(size_t *count)
{
    *count = ROW_COUNT;
    return rows;
}

const struct option_row *option_find(str key)
{
    for (size_t i = 0; i < ROW_COUNT; i++) {
        if (str_equal(rows[i].key, key)) {
            return &rows[i];
        }
    }
    return NULL;
}

/* Levenshtein's distance, one row of the matrix at a time; both at most NEAR_BYTES_MAX. */
static size_t change_count(str a, str b)
{
    size_t row[NEAR_BYTES_MAX + 1];
    for (size_t i = 0; i <= b.len; i++) {
        row[i] = i;
    }
    for (size_t i = 0; i < a.len; i++) {
        size_t diagonal = row[0];
        row[0] = i + 1;
        for (size_t j = 0; j < b.len; j++) {
            const size_t replaced = diagonal + (a.ptr[i] != b.ptr[j]);
            const size_t shorter = (row[j] < row[j + 1] ? row[j] : row[j + 1]) + 1;
            diagonal = row[j + 1];
            row[j + 1] = replaced < shorter ? replaced : shorter;
        }
    }
    return row[b.len];
}

const struct option_row *option_nearest(str key)
{
    const struct option_row *nearest = NULL;
    size_t fewest = NEAR_CHANGES_MAX + 1;
    if (key.len > NEAR_BYTES_MAX) {
        return NULL;
    }
    for (size_t i = 0; i < ROW_COUNT; i++) {
        const size_t changes = change_count(key, rows[i].key);
        if (changes < fewest && changes * 2 < rows[i].key.len) {
            fewest = changes;
            nearest = &rows[i];
        }
    }
    return nearest;
}

bool option_next_word(str words, size_t *at, str *out)
{
    if (*at >= words.len) {
        return false;
    }
    size_t end = str_find_byte(words, '|', *at);
    end = end > words.len ? words.len : end;
    *out = str_slice(words, *at, end);
    *at = end + 1;
    return true;
}
