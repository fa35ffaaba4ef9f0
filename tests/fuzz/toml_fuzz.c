/* SPDX-License-Identifier: Apache-2.0 */
/* Job files of any bytes: a tree whose links hold, or an error with a line and a column. */
#include "fuzz.h"

#include "common/toml.h"

static void check_tree(const struct toml_value *value)
{
    while (value) {
        if ((value->type == TOML_TABLE || value->type == TOML_ARRAY) && value->as.list.first) {
            MUST(value->as.list.first->parent == value && !value->as.list.last->next);
            value = value->as.list.first;
            continue;
        }
        MUST(value->line > 0 || !value->parent);
        while (value && !value->next) {
            value = value->parent;
        }
        value = value ? value->next : NULL;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct toml toml = {0};
    if (toml_read(&toml, (span){.ptr = (const char *)data, .len = size})) {
        MUST(toml.root && toml.root->type == TOML_TABLE);
        check_tree(toml.root);
    } else {
        MUST(!toml.root && toml.error.message[0] != '\0');
    }
    toml_release(&toml);
    return 0;
}
