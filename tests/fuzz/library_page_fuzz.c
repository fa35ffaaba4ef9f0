/* SPDX-License-Identifier: Apache-2.0 */
/* Whole documents through the ABI, as a host would: whatever the bytes, there is at least one row
 * and every row obeys quern/record.h. Archives within small budgets. */
#include "fuzz.h"

#include "harness/rows.h"

static const struct quern_option options[] = {
    {.key = "arena_bytes_max", .value = "67108864"},  {.key = "archive_entries_max", .value = "50"},
    {.key = "archive_bytes_max", .value = "4194304"}, {.key = "archive_depth_max", .value = "3"},
    {.key = "batch_wait_ms", .value = "0"},
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct quern_plugin *plugin = quern_plugin_entry(QUERN_ABI_MAJOR, NULL);
    struct quern_convert *convert = NULL;
    struct ArrowArrayStream stream = {0};
    struct rows rows = {0};
    const struct quern_input input = {
        .struct_size = sizeof input, .data = data, .len = size, .name = "page.html"};
    MUST(plugin->convert_open(NULL, options, sizeof options / sizeof *options, NULL, 0, &convert,
                              NULL) == QUERN_OK);
    MUST(plugin->convert_stream(convert, &input, &stream, NULL) == QUERN_OK);
    rows_read(&stream, &rows);
    MUST(rows.error == 0 && rows.row_count > 0 && rows.problem_count == 0);
    plugin->convert_close(convert);
    return 0;
}
