/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/sink_postgres.h"

#include "cli/sink_postgres_own.h"

#include "common/heap.h"
#include "common/json_write.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

/* Staged whatever is shown: by these, rows are told apart. */
static const char *const needed_names[] = {"id", "status", "url", "error_code", "error_message"};
enum { NEEDED_COUNT = sizeof needed_names / sizeof needed_names[0], KEY_COUNT = 2 };

static bool is_text_list(const struct ArrowSchema *column)
{
    return arrow_type_of(column->format) == ARROW_LIST && column->n_children == 1 &&
           arrow_type_of(column->children[0]->format) == ARROW_TEXT;
}

static const char *sql_type(const struct ArrowSchema *column)
{
    switch (arrow_type_of(column->format)) {
    case ARROW_INT64:
        return "bigint";
    case ARROW_BOOL:
        return "boolean";
    case ARROW_DOUBLE:
        return "double precision";
    case ARROW_TIME:
        return "timestamp with time zone";
    case ARROW_DATE:
        return "date";
    case ARROW_LIST:
        return is_text_list(column) ? "text[]" : "jsonb";
    case ARROW_STRUCT:
        return "jsonb";
    case ARROW_TEXT:
    case ARROW_UNKNOWN:
        break;
    }
    return "text";
}

/* --- begin --- */

static bool is_needed(const char *name, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(needed_names[i], name) == 0) {
            return true;
        }
    }
    return false;
}

static bool describe(struct sink_postgres *mine, const struct ArrowSchema *schema, int64_t shown,
                     struct trouble *trouble)
{
    for (int64_t i = 0; i < schema->n_children; i++) {
        const struct ArrowSchema *column = schema->children[i];
        const bool is_written = i < shown || is_needed(column->name, KEY_COUNT);
        if (!is_written && !is_needed(column->name, NEEDED_COUNT)) {
            continue;
        }
        if (strpbrk(column->name, "\t\n") || strlen(column->name) > 63) {
            return trouble_set(trouble, TROUBLE_INTERNAL,
                               "the plugin gave a column whose name PostgreSQL cannot have");
        }
        mine->needed[mine->needed_count++] = i;
        text_add_format(&mine->change.columns, "%c%s\t%s\n", is_written ? '+' : '-', column->name,
                        sql_type(column));
    }
    return !mine->change.columns.failed || trouble_memory(trouble);
}

static bool begin(struct record_sink *sink, const struct ArrowSchema *schema, int64_t shown,
                  struct trouble *trouble)
{
    struct sink_postgres *mine = (struct sink_postgres *)sink;
    sink->shown = shown;
    for (size_t i = 0; i < NEEDED_COUNT; i++) {
        if (arrow_find(schema, needed_names[i]) < 0) {
            return trouble_set(trouble, TROUBLE_INTERNAL, "the plugin gave no column %s",
                               needed_names[i]);
        }
    }
    mine->needed = heap_allocate((size_t)schema->n_children * sizeof *mine->needed);
    return mine->needed ? describe(mine, schema, shown, trouble) : trouble_memory(trouble);
}

/* --- rows --- */

/* {"a","b",NULL}, each text quoted; what is special to COPY is seen to by the caller. */
static void add_text_list(struct text *to, struct arrow_view list, int64_t row)
{
    const struct arrow_view items = arrow_child(list, 0);
    int64_t first = 0;
    int64_t count = 0;
    arrow_list(list, row, &first, &count);
    text_add_byte(to, '{');
    for (int64_t i = 0; i < count; i++) {
        text_add_string(to, i ? "," : "");
        if (arrow_is_null(items, first + i)) {
            text_add_string(to, "NULL");
            continue;
        }
        const span item = arrow_text(items, first + i);
        text_add_byte(to, '"');
        for (size_t c = 0; c < item.len; c++) {
            text_add_string(to, item.ptr[c] == '"' || item.ptr[c] == '\\' ? "\\" : "");
            text_add_byte(to, item.ptr[c]);
        }
        text_add_byte(to, '"');
    }
    text_add_byte(to, '}');
}

static void add_double(struct text *to, double value)
{
    if (isfinite(value)) {
        text_add_format(to, "%.17g", value);
    } else {
        text_add_string(to, isnan(value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity");
    }
}

static void add_cell(struct sink_postgres *mine, struct arrow_view column, int64_t row)
{
    struct text *to = &mine->change.rows;
    struct text *cell = &mine->cell;
    if (arrow_is_null(column, row)) {
        text_add_string(to, "\\N");
        return;
    }
    text_clear(cell);
    switch (arrow_type_of(column.schema->format)) {
    case ARROW_TEXT:
        postgres_copy_text(to, arrow_text(column, row));
        return;
    case ARROW_INT64:
        text_add_integer(to, arrow_integer(column, row));
        return;
    case ARROW_BOOL:
        text_add_byte(to, arrow_integer(column, row) ? 't' : 'f');
        return;
    case ARROW_DOUBLE:
        add_double(to, arrow_double(column, row));
        return;
    case ARROW_DATE:
        json_write_date(cell, arrow_integer(column, row));
        break;
    case ARROW_TIME:
        json_write_time(cell, arrow_integer(column, row), column.schema->format[2]);
        break;
    case ARROW_LIST:
        if (is_text_list(column.schema)) {
            add_text_list(cell, column, row);
        } else {
            json_write_value(cell, column, row);
        }
        break;
    case ARROW_STRUCT:
    case ARROW_UNKNOWN:
        json_write_value(cell, column, row);
        break;
    }
    to->failed = to->failed || cell->failed;
    postgres_copy_text(to, text_span(cell));
}

static bool write_rows(struct record_sink *sink, struct arrow_view rows, struct trouble *trouble)
{
    struct sink_postgres *mine = (struct sink_postgres *)sink;
    struct text *to = &mine->change.rows;
    for (int64_t i = 0; i < rows.array->length; i++) {
        const int64_t row = arrow_struct_row(rows, i);
        text_add_integer(to, mine->change.record_count++);
        for (int64_t c = 0; c < mine->needed_count; c++) {
            text_add_byte(to, '\t');
            add_cell(mine, arrow_child(rows, mine->needed[c]), row);
        }
        text_add_byte(to, '\n');
    }
    return !to->failed || trouble_memory(trouble);
}

/* Rows become lasting with their state, by the store. */
static bool sync_rows(struct record_sink *sink, struct trouble *trouble)
{
    (void)sink;
    (void)trouble;
    return true;
}

static void close_sink(struct record_sink *sink)
{
    struct sink_postgres *mine = (struct sink_postgres *)sink;
    postgres_link_close(&mine->link);
    postgres_change_release(&mine->change);
    text_release(&mine->cell);
    heap_release(mine->needed);
    heap_release(mine);
}

static const struct record_sink_type type = {
    .begin = begin, .write = write_rows, .sync = sync_rows, .close = close_sink};

struct record_sink *sink_postgres_open(const struct postgres_settings *settings,
                                       struct trouble *trouble)
{
    struct sink_postgres *mine = heap_allocate(sizeof *mine);
    if (!mine) {
        (void)trouble_memory(trouble);
        return NULL;
    }
    mine->sink.type = &type;
    mine->link = (struct postgres_link){.reference = settings->reference,
                                        .job = settings->job,
                                        .wait_s = settings->wait_s,
                                        .is_stopped = settings->is_stopped};
    if (!postgres_link_open(&mine->link, trouble)) {
        close_sink(&mine->sink);
        return NULL;
    }
    return &mine->sink;
}
