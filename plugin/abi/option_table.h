/* SPDX-License-Identifier: Apache-2.0 */
/* base/options.def as rows: what the reader of options and the writer of plugin.toml walk over. */
#ifndef ABI_OPTION_TABLE_H
#define ABI_OPTION_TABLE_H

#include "base/settings.h"

enum option_kind { OPTION_TEXT, OPTION_LIST, OPTION_NUMBER, OPTION_CHOICE, OPTION_FLAG };

struct option_row {
    str key;
    enum option_kind kind;
    bool is_secret;
    str default_text; /* as a host would write it; empty for lists */
    int64_t min;      /* numbers only */
    int64_t max;
    str unit;
    str words; /* choices only: a|b|c */
    str sentence;
    size_t offset; /* of the member in struct settings */
};

/* Static. [any thread] */
const struct option_row *option_rows(size_t *count);

/* NULL: no option has that key. */
const struct option_row *option_find(str key);

/* The option whose key needs the fewest single-letter changes to become `key`; NULL when none is
 * near. */
const struct option_row *option_nearest(str key);

/* The next of the words a|b|c; false at the end. *at starts at 0. */
bool option_next_word(str words, size_t *at, str *out);

#endif
