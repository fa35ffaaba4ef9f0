/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/commands.h"

#include "cli/sink_stream.h"
#include "common/manifest.h"
#include "common/plugin_load.h"

#include <inttypes.h>

static void add_formats(struct text *to, const struct toml_value *formats)
{
    static const struct {
        const char *key;
        const char *sentence;
    } lists[] = {{"converted", "converted"},
                 {"recognised", "recognised, not yet converted"},
                 {"unpacked", "unpacked"}};
    for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++) {
        const struct toml_value *list = toml_find(formats, lists[i].key);
        text_add_format(to, "\n%s:", lists[i].sentence);
        const struct toml_value *item =
            list && list->type == TOML_ARRAY ? list->as.list.first : NULL;
        for (; item; item = item->next) {
            if (item->type == TOML_STRING) {
                text_add_byte(to, ' ');
                text_add(to, item->as.string);
            }
        }
    }
    text_add_byte(to, '\n');
}

static void add_default(struct text *to, const struct toml_value *option)
{
    const struct toml_value *value = toml_find(option, "default");
    if (value && value->type == TOML_INTEGER) {
        text_add_format(to, " = %" PRId64, value->as.integer);
    } else if (value && value->type == TOML_BOOLEAN) {
        text_add_string(to, value->as.boolean ? " = true" : " = false");
    } else if (value && value->type == TOML_STRING && value->as.string.len > 0) {
        text_add_string(to, " = ");
        text_add_json_string(to, value->as.string);
    }
    const struct toml_value *low = toml_find(option, "min");
    const struct toml_value *high = toml_find(option, "max");
    if (low && high && low->type == TOML_INTEGER && high->type == TOML_INTEGER) {
        text_add_format(to, " (%" PRId64 " to %" PRId64, low->as.integer, high->as.integer);
        text_add_string(to, manifest_text(option, "unit").len ? " " : "");
        text_add(to, manifest_text(option, "unit"));
        text_add_byte(to, ')');
    }
}

/* Each is a table with name, type and sentence. */
static void add_rows(struct text *to, const struct toml_value *row, const char *title)
{
    text_add_format(to, "\n%s:\n", title);
    for (; row; row = row->next) {
        text_add_string(to, "  ");
        text_add(to, manifest_text(row, "name"));
        text_add_string(to, ": ");
        text_add(to, manifest_text(row, "type"));
        add_default(to, row);
        text_add_string(to, manifest_is_secret(row) ? ", secret: env:NAME or file:PATH" : "");
        text_add_string(to, "\n      ");
        text_add(to, manifest_text(row, "sentence"));
        text_add_byte(to, '\n');
    }
}

static bool describe(struct text *to, const struct plugin_library *library, struct trouble *trouble)
{
    const struct quern_plugin *plugin = library->table;
    struct toml manifest = {0};
    text_add_format(to, "%s %s\nlibrary: %s\nABI: %u.%u\n", plugin->name, plugin->version,
                    text_string(&library->path), plugin->abi_major, plugin->abi_minor);
    const bool good =
        toml_read(&manifest, span_of(plugin->manifest)) ||
        trouble_set(trouble, TROUBLE_INTERNAL, "%s: its manifest, line %u: %s",
                    text_string(&library->path), manifest.error.line, manifest.error.message);
    if (good) {
        add_formats(to, toml_find(toml_find(manifest.root, "quern"), "formats"));
        add_rows(to, manifest_first(&manifest, "options"), "options");
        add_rows(to, manifest_first(&manifest, "columns"), "columns");
    }
    toml_release(&manifest);
    return good;
}

void info_command(const struct args *args, struct trouble *trouble)
{
    const char *named = args->operand_count > 0 ? args->operands[0] : args_value(args, "plugin");
    struct plugin_library library = {0};
    struct text path = {0};
    struct text error = {0};
    struct text output = {0};
    if (!plugin_find(named, &path, &error) || !plugin_load(text_string(&path), &library, &error)) {
        (void)trouble_set(trouble, TROUBLE_NO_INPUT, "%s", text_string(&error));
    } else if (describe(&output, &library, trouble)) {
        (void)sink_stream_print(&output, trouble);
    }
    plugin_unload(&library);
    text_release(&path);
    text_release(&error);
    text_release(&output);
}
