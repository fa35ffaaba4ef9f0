/* SPDX-License-Identifier: Apache-2.0 */
#include "common/arrow_view.h"

#include <stdio.h>
#include <string.h>

enum { ARROW_DEPTH_MAX = 8 }; /* list of struct of list of … : the record has three */

enum arrow_type arrow_type_of(const char *format)
{
    static const struct {
        const char *format;
        enum arrow_type type;
    } formats[] = {{"u", ARROW_TEXT},   {"l", ARROW_INT64}, {"g", ARROW_DOUBLE}, {"b", ARROW_BOOL},
                   {"tdD", ARROW_DATE}, {"+l", ARROW_LIST}, {"+s", ARROW_STRUCT}};
    for (size_t i = 0; i < sizeof formats / sizeof formats[0]; i++) {
        if (strcmp(format, formats[i].format) == 0) {
            return formats[i].type;
        }
    }
    const bool is_time = strlen(format) >= 4 && strncmp(format, "ts", 2) == 0 &&
                         strchr("smun", format[2]) && format[3] == ':';
    return is_time ? ARROW_TIME : ARROW_UNKNOWN;
}

int64_t arrow_find(const struct ArrowSchema *schema, const char *name)
{
    for (int64_t i = 0; i < schema->n_children; i++) {
        if (schema->children[i]->name && strcmp(schema->children[i]->name, name) == 0) {
            return i;
        }
    }
    return -1;
}

struct arrow_view arrow_child(struct arrow_view view, int64_t index)
{
    return (struct arrow_view){view.schema->children[index], view.array->children[index]};
}

static int64_t buffers_of(enum arrow_type type)
{
    switch (type) {
    case ARROW_TEXT:
        return 3;
    case ARROW_STRUCT:
        return 1;
    case ARROW_INT64:
    case ARROW_DOUBLE:
    case ARROW_BOOL:
    case ARROW_TIME:
    case ARROW_DATE:
    case ARROW_LIST:
        return 2;
    case ARROW_UNKNOWN:
        break;
    }
    return -1;
}

/* The offsets of a text or list: from 0 or above, never downwards. */
static bool offsets_rise(const struct ArrowArray *array, int64_t *last)
{
    const int32_t *offsets = array->buffers[1];
    *last = 0;
    if (array->length == 0) {
        return true;
    }
    if (!offsets || offsets[array->offset] < 0) {
        return false;
    }
    for (int64_t i = array->offset; i < array->offset + array->length; i++) {
        if (offsets[i + 1] < offsets[i]) {
            return false;
        }
    }
    *last = offsets[array->offset + array->length];
    return true;
}

static const char *check_one(struct arrow_view view)
{
    const struct ArrowArray *array = view.array;
    const enum arrow_type type = arrow_type_of(view.schema->format);
    if (type == ARROW_UNKNOWN) {
        return "has a format this host does not read";
    }
    if (array->length < 0 || array->offset < 0 || array->n_buffers != buffers_of(type) ||
        array->n_children != view.schema->n_children) {
        return "has another shape than its schema";
    }
    if (type == ARROW_LIST && array->n_children != 1) {
        return "is a list without an element";
    }
    int64_t last = 0;
    if ((type == ARROW_TEXT || type == ARROW_LIST) && !offsets_rise(array, &last)) {
        return "has offsets that fall";
    }
    if (type == ARROW_TEXT && last > 0 && !array->buffers[2]) {
        return "has no bytes";
    }
    if (type == ARROW_LIST && last > array->children[0]->length) {
        return "has fewer elements than its offsets say";
    }
    if (type != ARROW_STRUCT && array->length > 0 && !array->buffers[1]) {
        return "has no values";
    }
    for (int64_t i = 0; type == ARROW_STRUCT && i < array->n_children; i++) {
        if (array->children[i]->length < array->offset + array->length) {
            return "has a child with fewer rows";
        }
    }
    return NULL;
}

/* Depth is the schema's, at most ARROW_DEPTH_MAX: this recursion does not follow the input. */
static bool check_down(struct arrow_view view, int depth, char *why, size_t why_size)
{
    const char *wrong = depth == ARROW_DEPTH_MAX ? "is nested too deeply" : check_one(view);
    if (wrong) {
        (void)snprintf(why, why_size, "column %.60s %s", view.schema->name ? view.schema->name : "",
                       wrong);
        return false;
    }
    for (int64_t i = 0; i < view.schema->n_children; i++) {
        if (!check_down(arrow_child(view, i), depth + 1, why, why_size)) {
            return false;
        }
    }
    return true;
}

bool arrow_check(struct arrow_view view, char *why, size_t why_size)
{
    return check_down(view, 0, why, why_size);
}

static bool bit_at(const void *bits, int64_t index)
{
    return ((const uint8_t *)bits)[index / 8] >> (index % 8) & 1;
}

bool arrow_is_null(struct arrow_view view, int64_t row)
{
    const void *validity = view.array->buffers[0];
    return validity && !bit_at(validity, row + view.array->offset);
}

span arrow_text(struct arrow_view view, int64_t row)
{
    const int32_t *offsets = (const int32_t *)view.array->buffers[1] + view.array->offset + row;
    const char *text = view.array->buffers[2];
    const size_t len = (size_t)(offsets[1] - offsets[0]);
    return len > 0 ? (span){text + offsets[0], len} : SPAN("");
}

int64_t arrow_integer(struct arrow_view view, int64_t row)
{
    const int64_t at = row + view.array->offset;
    switch (arrow_type_of(view.schema->format)) {
    case ARROW_BOOL:
        return bit_at(view.array->buffers[1], at);
    case ARROW_DATE:
        return ((const int32_t *)view.array->buffers[1])[at];
    case ARROW_INT64:
    case ARROW_TIME:
        return ((const int64_t *)view.array->buffers[1])[at];
    case ARROW_UNKNOWN:
    case ARROW_TEXT:
    case ARROW_DOUBLE:
    case ARROW_LIST:
    case ARROW_STRUCT:
        break;
    }
    return 0;
}

double arrow_double(struct arrow_view view, int64_t row)
{
    return ((const double *)view.array->buffers[1])[row + view.array->offset];
}

void arrow_list(struct arrow_view view, int64_t row, int64_t *first, int64_t *count)
{
    const int32_t *offsets = (const int32_t *)view.array->buffers[1] + view.array->offset + row;
    *first = offsets[0];
    *count = offsets[1] - offsets[0];
}
