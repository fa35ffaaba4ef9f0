/* SPDX-License-Identifier: Apache-2.0 */
#include "common/option_list.h"

#include "common/heap.h"

#include <errno.h>
#include <glob.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static bool fail_memory(struct text *error)
{
    text_add_string(error, "out of memory");
    return false;
}

static bool reserve(struct option_list *list, struct text *error)
{
    if (list->count < list->capacity) {
        return true;
    }
    if (list->count == OPTION_LIST_MAX) {
        text_add_format(error, "more than %d inputs and options; write a list into input_file",
                        OPTION_LIST_MAX);
        return false;
    }
    const size_t capacity = list->capacity ? list->capacity * 2 : 16;
    struct quern_option *options = heap_resize(list->options, capacity * sizeof *options);
    if (!options) {
        return fail_memory(error);
    }
    list->options = options;
    list->capacity = capacity;
    return true;
}

bool option_list_add(struct option_list *list, span key, span value, struct text *error)
{
    if (memchr(key.ptr, 0, key.len) || (value.len && memchr(value.ptr, 0, value.len))) {
        text_add_string(error, "a NUL stands in an option");
        return false;
    }
    if (!reserve(list, error)) {
        return false;
    }
    const span key_copy = pool_copy(&list->pool, key);
    const span value_copy = pool_copy(&list->pool, value);
    if (!key_copy.ptr || !value_copy.ptr) {
        return fail_memory(error);
    }
    list->options[list->count++] =
        (struct quern_option){.key = key_copy.ptr, .value = value_copy.ptr};
    return true;
}

/* A path that is not UTF-8 goes as a file: URL, in which any byte can stand. */
static bool add_file_url(struct text *to, const char *path, struct text *error)
{
    char *absolute = realpath(path, NULL);
    if (!absolute) {
        text_add_format(error, "a path that is not UTF-8: %s", strerror(errno));
        return false;
    }
    text_add_string(to, "file://");
    for (const char *c = absolute; *c; c++) {
        const unsigned char byte = (unsigned char)*c;
        if (byte > 0x20 && byte < 0x7F && !strchr("%?#", byte)) {
            text_add_byte(to, *c);
        } else {
            text_add_format(to, "%%%02X", (unsigned)byte);
        }
    }
    free(absolute); /* realpath's own allocation */
    return true;
}

/* As an array of one string, because a bare one that begins with [ would be read as JSON. */
static bool add_one(struct option_list *list, const char *path, struct text *error)
{
    struct text url = {0};
    struct text json = {0};
    span named = span_of(path);
    bool good = true;
    if (!span_is_utf8(named)) {
        good = add_file_url(&url, path, error);
        named = text_span(&url);
    }
    text_add_byte(&json, '[');
    text_add_json_string(&json, named);
    text_add_byte(&json, ']');
    if (good && (url.failed || json.failed)) {
        good = fail_memory(error);
    }
    good = good && option_list_add(list, SPAN("input"), text_span(&json), error);
    text_release(&url);
    text_release(&json);
    return good;
}

static bool is_pattern(const char *input)
{
    struct stat status;
    return strpbrk(input, "*?[") && !strstr(input, "://") && stat(input, &status) != 0;
}

static bool add_matches(struct option_list *list, const char *pattern, struct text *error)
{
    glob_t found = {0};
    const int answer = glob(pattern, 0, NULL, &found);
    bool good = answer == 0;
    if (answer == GLOB_NOMATCH) {
        text_add_format(error, "%s: no file matches this pattern", pattern);
    } else if (!good) {
        text_add_format(error, "%s: cannot be expanded", pattern);
    }
    for (size_t i = 0; good && i < found.gl_pathc; i++) {
        good = add_one(list, found.gl_pathv[i], error);
    }
    globfree(&found);
    return good;
}

bool option_list_add_input(struct option_list *list, span input, struct text *error)
{
    if (span_starts(input, SPAN("[\"")) || span_equal(input, SPAN("[]")) || input.len == 0 ||
        memchr(input.ptr, 0, input.len)) {
        return option_list_add(list, SPAN("input"), input, error);
    }
    const span copy = pool_copy(&list->pool, input);
    if (!copy.ptr) {
        return fail_memory(error);
    }
    return is_pattern(copy.ptr) ? add_matches(list, copy.ptr, error)
                                : add_one(list, copy.ptr, error);
}

void option_list_release(struct option_list *list)
{
    heap_release(list->options);
    pool_release(&list->pool);
    *list = (struct option_list){0};
}
