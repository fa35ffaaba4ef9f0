/* SPDX-License-Identifier: Apache-2.0 */
#include "base/column.h"

static const struct {
    str name;
    str sentence;
    enum column_type type;
} columns[] = {
#define COLUMN(name_, type_, sentence_)                                                            \
    {.name = STR_INIT(#name_), .sentence = STR_INIT(sentence_), .type = COLUMN_TYPE_##type_},
#include "base/columns.def"
#undef COLUMN
};

str column_name(enum column column)
{
    return columns[column].name;
}

str column_sentence(enum column column)
{
    return columns[column].sentence;
}

enum column_type column_type(enum column column)
{
    return columns[column].type;
}

enum column column_find(str name)
{
    for (enum column column = 0; column < COLUMN_COUNT; column++) {
        if (str_equal(columns[column].name, name)) {
            return column;
        }
    }
    return COLUMN_NONE;
}
