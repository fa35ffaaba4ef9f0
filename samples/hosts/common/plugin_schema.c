/* SPDX-License-Identifier: Apache-2.0 */
#include "common/plugin_schema.h"

#include <stdio.h>

int32_t plugin_read_schema(const struct quern_plugin *plugin, const char *const *columns,
                           uint32_t column_count, struct ArrowSchema *out,
                           struct quern_error *error)
{
    const struct quern_input nothing = {.struct_size = sizeof nothing, .data = (const uint8_t *)""};
    struct quern_convert *convert = NULL;
    struct ArrowArrayStream stream = {0};
    int32_t status = plugin->convert_open(NULL, NULL, 0, columns, column_count, &convert, error);
    if (status == QUERN_OK) {
        status = plugin->convert_stream(convert, &nothing, &stream, error);
    }
    if (status == QUERN_OK && stream.get_schema(&stream, out) != 0) {
        status = error->status = QUERN_INTERNAL;
        (void)snprintf(error->message, sizeof error->message, "the plugin gives no schema");
    }
    if (stream.release) {
        stream.release(&stream);
    }
    plugin->convert_close(convert);
    return status;
}
