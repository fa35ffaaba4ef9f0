/* SPDX-License-Identifier: Apache-2.0 */
#include "common/manifest.h"

const struct toml_value *manifest_first(const struct toml *manifest, const char *list)
{
    const struct toml_value *rows = toml_find(toml_find(manifest->root, "quern"), list);
    return rows && rows->type == TOML_ARRAY ? rows->as.list.first : NULL;
}

const struct toml_value *manifest_find(const struct toml *manifest, const char *list,
                                       const char *name)
{
    const struct toml_value *row = manifest_first(manifest, list);
    while (row && !span_equal(manifest_text(row, "name"), span_of(name))) {
        row = row->next;
    }
    return row;
}

span manifest_text(const struct toml_value *row, const char *key)
{
    const struct toml_value *value = toml_find(row, key);
    return value && value->type == TOML_STRING ? value->as.string : SPAN("");
}

enum manifest_type manifest_type_of(const struct toml_value *option)
{
    static const struct {
        const char *name;
        enum manifest_type type;
    } types[] = {{"number", MANIFEST_NUMBER},
                 {"flag", MANIFEST_FLAG},
                 {"list", MANIFEST_LIST},
                 {"choice", MANIFEST_CHOICE}};
    const span name = manifest_text(option, "type");
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
        if (span_equal(name, span_of(types[i].name))) {
            return types[i].type;
        }
    }
    return MANIFEST_TEXT;
}

bool manifest_is_secret(const struct toml_value *option)
{
    const struct toml_value *secret = toml_find(option, "secret");
    return secret && secret->type == TOML_BOOLEAN && secret->as.boolean;
}
