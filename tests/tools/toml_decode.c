/* SPDX-License-Identifier: Apache-2.0 */
/* TOML on standard input becomes the tagged JSON that the toml-test suite compares; exit 1 with a
 * message when it is not TOML.
 */
#include "common/toml.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static void add_datetime(struct text *to, const struct toml_value *value)
{
    const struct toml_datetime *d = &value->as.datetime;
    if (value->type != TOML_LOCAL_TIME) {
        text_add_format(to, "%04d-%02d-%02d", d->year, d->month, d->day);
    }
    if (value->type == TOML_LOCAL_DATETIME || value->type == TOML_OFFSET_DATETIME) {
        text_add_byte(to, 'T');
    }
    if (value->type != TOML_LOCAL_DATE) {
        text_add_format(to, "%02d:%02d:%02d", d->hour, d->minute, d->second);
        if (d->nanosecond) {
            text_add_format(to, ".%09d", d->nanosecond);
        }
    }
    if (value->type == TOML_OFFSET_DATETIME && d->offset_minutes == 0) {
        text_add_byte(to, 'Z');
    } else if (value->type == TOML_OFFSET_DATETIME) {
        text_add_format(to, "%c%02d:%02d", d->offset_minutes < 0 ? '-' : '+',
                        abs(d->offset_minutes) / 60, abs(d->offset_minutes) % 60);
    }
}

static void add_float(struct text *to, double real)
{
    if (isnan(real)) {
        text_add_string(to, "nan");
    } else if (isinf(real)) {
        text_add_string(to, real < 0 ? "-inf" : "inf");
    } else {
        text_add_format(to, "%.17g", real);
    }
}

static const char *tag_of(enum toml_type type)
{
    switch (type) {
    case TOML_STRING:
        return "string";
    case TOML_INTEGER:
        return "integer";
    case TOML_FLOAT:
        return "float";
    case TOML_BOOLEAN:
        return "bool";
    case TOML_OFFSET_DATETIME:
        return "datetime";
    case TOML_LOCAL_DATETIME:
        return "datetime-local";
    case TOML_LOCAL_DATE:
        return "date-local";
    case TOML_LOCAL_TIME:
        return "time-local";
    case TOML_TABLE:
    case TOML_ARRAY:
        break;
    }
    return "";
}

static void add_scalar(struct text *to, const struct toml_value *value)
{
    struct text plain = {0};
    span shown = {0};
    switch (value->type) {
    case TOML_STRING:
        shown = value->as.string;
        break;
    case TOML_INTEGER:
        text_add_integer(&plain, value->as.integer);
        break;
    case TOML_FLOAT:
        add_float(&plain, value->as.real);
        break;
    case TOML_BOOLEAN:
        text_add_string(&plain, value->as.boolean ? "true" : "false");
        break;
    case TOML_OFFSET_DATETIME:
    case TOML_LOCAL_DATETIME:
    case TOML_LOCAL_DATE:
    case TOML_LOCAL_TIME:
        add_datetime(&plain, value);
        break;
    case TOML_TABLE:
    case TOML_ARRAY:
        break;
    }
    text_add_format(to, "{\"type\":\"%s\",\"value\":", tag_of(value->type));
    text_add_json_string(to, value->type == TOML_STRING ? shown : text_span(&plain));
    text_add_byte(to, '}');
    text_release(&plain);
}

static bool is_list(const struct toml_value *value)
{
    return value->type == TOML_TABLE || value->type == TOML_ARRAY;
}

/* Depth first along the parents' links, so without recursion. */
static void add_tree(struct text *to, const struct toml_value *root)
{
    const struct toml_value *value = root;
    while (value) {
        if (value->key.ptr) {
            text_add_json_string(to, value->key);
            text_add_byte(to, ':');
        }
        if (is_list(value)) {
            text_add_byte(to, value->type == TOML_TABLE ? '{' : '[');
            if (value->as.list.first) {
                value = value->as.list.first;
                continue;
            }
            text_add_byte(to, value->type == TOML_TABLE ? '}' : ']');
        } else {
            add_scalar(to, value);
        }
        while (value && value != root && !value->next) {
            value = value->parent;
            text_add_byte(to, value->type == TOML_TABLE ? '}' : ']');
        }
        if (value == root) {
            break;
        }
        text_add_byte(to, ',');
        value = value->next;
    }
}

int main(void)
{
    struct text input = {0};
    char part[65536];
    size_t len = 0;
    while ((len = fread(part, 1, sizeof part, stdin)) > 0) {
        text_add(&input, (span){part, len});
    }
    struct toml toml = {0};
    struct text output = {0};
    const bool good = toml_read(&toml, text_span(&input));
    if (good) {
        add_tree(&output, toml.root);
        text_add_byte(&output, '\n');
        (void)fwrite(text_string(&output), 1, output.len, stdout);
    } else {
        (void)fprintf(stderr, "line %u, column %u: %s\n", toml.error.line, toml.error.column,
                      toml.error.message);
    }
    toml_release(&toml);
    text_release(&input);
    text_release(&output);
    return good ? 0 : 1;
}
