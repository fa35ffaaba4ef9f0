/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/json_file.h"

#include "common/file_read.h"
#include "common/heap.h"

#include <errno.h>
#include <string.h>

/* What stands near the place is not repeated: it may be part of a password. */
static bool fail_syntax(const char *path, const json_error_t *error, struct trouble *trouble)
{
    if (json_error_code(error) == json_error_out_of_memory) {
        return trouble_memory(trouble);
    }
    const char *near = strstr(error->text, " near ");
    const size_t len = near ? (size_t)(near - error->text) : strlen(error->text);
    return trouble_set(trouble, TROUBLE_JOB, "%s:%d:%d: %.*s", path,
                       error->line > 0 ? error->line : 1, error->column > 0 ? error->column : 1,
                       (int)len, error->text);
}

json_t *json_file_read(const char *path, bool is_ours, struct trouble *trouble)
{
    struct text content = {0};
    json_error_t error = {0};
    json_t *root = NULL;
    json_set_alloc_funcs(heap_allocate, heap_release);
    if (file_read(path, JSON_FILE_BYTES_MAX, &content)) {
        const span all = text_span(&content);
        root = json_loadb(all.ptr, all.len, is_ours ? JSON_REJECT_DUPLICATES : 0, &error);
        if (!root) {
            (void)fail_syntax(path, &error, trouble);
        }
    } else if (errno == EFBIG) {
        (void)trouble_set(trouble, TROUBLE_JOB, "%s: is longer than %d MiB", path,
                          JSON_FILE_BYTES_MAX >> 20);
    } else {
        (void)trouble_set(trouble, TROUBLE_NO_INPUT, "%s: %s", path, strerror(errno));
    }
    text_release(&content);
    return root;
}

bool json_file_fail(struct trouble *trouble, const char *path, const char *place, const char *why)
{
    return trouble_set(trouble, TROUBLE_JOB, "%s: %.200s%s%s", path, place, *place ? ": " : "",
                       why);
}

span json_file_text(const json_t *value)
{
    return json_is_string(value) ? (span){json_string_value(value), json_string_length(value)}
                                 : SPAN("");
}

json_t *json_file_find(const json_t *object, const char *key)
{
    json_t *value = json_object_get(object, key);
    return json_is_null(value) ? NULL : value;
}
