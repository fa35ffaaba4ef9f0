/* SPDX-License-Identifier: Apache-2.0 */
/* plugin.toml as hosts ask it: rows of options and of columns.
 *
 *   [[quern.options]]   name type default min max unit choices secret sentence
 *   [[quern.columns]]   name type nullable sentence
 */
#ifndef COMMON_MANIFEST_H
#define COMMON_MANIFEST_H

#include "common/toml.h"

enum manifest_type {
    MANIFEST_TEXT, /* also of what a later version may add */
    MANIFEST_NUMBER,
    MANIFEST_FLAG,
    MANIFEST_LIST,
    MANIFEST_CHOICE
};

/* The first row of [[quern.LIST]]; its `next` is the second. NULL: there is none. */
const struct toml_value *manifest_first(const struct toml *manifest, const char *list);

/* The row of that name, or NULL. */
const struct toml_value *manifest_find(const struct toml *manifest, const char *list,
                                       const char *name);

/* A text of a row; empty: it is not there. NUL-terminated. */
span manifest_text(const struct toml_value *row, const char *key);

enum manifest_type manifest_type_of(const struct toml_value *option);
bool manifest_is_secret(const struct toml_value *option);

#endif
