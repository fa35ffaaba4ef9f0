/* SPDX-License-Identifier: Apache-2.0 */
/* The one exported function and the table behind it. */
#include "abi/convert.h"
#include "abi/error.h"
#include "abi/manifest.h"
#include "abi/reader.h"
#include "abi/source.h"
#include "quern/plugin.h"

/* No extensions of the plugin's own yet. */
static const void *get_extension(const char *id)
{
    (void)id;
    return NULL;
}

static const struct quern_plugin plugin = {
    .struct_size = sizeof plugin,
    .abi_major = QUERN_ABI_MAJOR,
    .abi_minor = QUERN_ABI_MINOR,
    .name = "quern",
    .version = QUERN_VERSION,
    .manifest = manifest_text,
    .get_extension = get_extension,
    .source_open = source_open,
    .source_close = source_close,
    .source_plan = source_plan,
    .plan_next = split_next,
    .plan_close = split_close,
    .reader_open = reader_open,
    .reader_stream = reader_stream,
    .reader_state = reader_state,
    .reader_error = reader_error,
    .reader_cancel = reader_cancel,
    .reader_close = reader_close,
    .convert_open = convert_open,
    .convert_stream = convert_stream,
    .convert_cancel = convert_cancel,
    .convert_close = convert_close,
    .convert_error = convert_error,
};

const struct quern_plugin *quern_plugin_entry(uint32_t abi_major, struct quern_error *error)
{
    if (abi_major != QUERN_ABI_MAJOR) {
        (void)error_set(error, QUERN_UNSUPPORTED, STR("abi_major"),
                        "this library speaks ABI %u.%u, the host asked for %u", QUERN_ABI_MAJOR,
                        QUERN_ABI_MINOR, abi_major);
        return NULL;
    }
    return &plugin;
}
