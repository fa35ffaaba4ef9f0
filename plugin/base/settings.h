/* SPDX-License-Identifier: Apache-2.0 */
/* The options of one source after they were checked: typed, immutable, shared by its readers.
 *
 * options.def is the list. A secret stays a reference here (`env:NAME`, `file:PATH`); it is
 * resolved where the reader opens, and only there.
 */
#ifndef BASE_SETTINGS_H
#define BASE_SETTINGS_H

#include "base/str.h"

struct str_list {
    const str *items;
    size_t count;
};

struct settings {
#define TEXT(name, default_, secrecy, sentence)          str name;
#define LIST(name, secrecy, sentence)                    struct str_list name;
#define NUMBER(name, default_, min, max, unit, sentence) int64_t name;
#define CHOICE(name, default_, words, sentence)          str name;
#define FLAG(name, default_, sentence)                   bool name;
#include "base/options.def"
#undef TEXT
#undef LIST
#undef NUMBER
#undef CHOICE
#undef FLAG
};

/* Every option at its default. [any thread] */
struct settings settings_default(void);

#endif
