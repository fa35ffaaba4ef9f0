/* SPDX-License-Identifier: Apache-2.0 */
/* quern(…) and quern_job(…) as table functions:
 *
 *   bind        options → source; the columns there are
 *   init        a walk over the source's splits, and which columns the query wants
 *   local init  one thread's way through splits
 *   scan        rows of a batch into a chunk; when a batch is used up, the next one
 *
 * DuckDB looks for an interrupt between two scans only, so batches leave sooner than the plugin's
 * default unless the caller says otherwise.
 */
#include "duckdb/extension.h"

#include "common/batch_pull.h"
#include "common/heap.h"
#include "common/job_file.h"

#include "duckdb/arguments.h"
#include "duckdb/vector_write.h"

#include <string.h>

#define BATCH_WAIT_MS "200"

enum {
    NO_COLUMN = -1,
    ROWS_EXPECTED = 10000 /* for the order of joins: nobody knows before it is read */
};

struct binding {
    const struct adapter *adapter;
    struct quern_source *source;
    const struct ArrowSchema **columns; /* of the result, in its order */
    idx_t column_count;
};

struct scan {
    struct split_queue queue;
    const char **columns; /* asked of the plugin */
    uint32_t column_count;
    int64_t *places; /* by column of the chunk: its place among those asked, or NO_COLUMN */
    idx_t place_count;
};

struct local_scan {
    struct batch_pull pull;
    int64_t row; /* in the batch */
};

/* --- bind --- */

static void binding_close(void *data)
{
    struct binding *binding = data;
    binding->adapter->plugin->source_close(binding->source);
    heap_release(binding->columns);
    heap_release(binding);
}

static bool add_column(duckdb_bind_info info, struct binding *binding,
                       const struct ArrowSchema *column, struct text *error)
{
    duckdb_logical_type type = vector_type(column);
    if (!type) {
        text_add_format(error, "column %s has a type that this adapter does not know",
                        column->name);
        return false;
    }
    duckdb_bind_add_result_column(info, column->name, type);
    duckdb_destroy_logical_type(&type);
    binding->columns[binding->column_count++] = column;
    return true;
}

/* All columns, or those of the job. */
static bool add_columns(duckdb_bind_info info, struct binding *binding, const char *const *names,
                        size_t name_count, struct text *error)
{
    const struct ArrowSchema *schema = &binding->adapter->schema;
    const size_t count = names ? name_count : (size_t)schema->n_children;
    binding->columns = heap_allocate((count + 1) * sizeof(struct ArrowSchema *));
    if (!binding->columns) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        const int64_t place = names ? arrow_find(schema, names[i]) : (int64_t)i;
        if (place < 0) {
            text_add_format(error, "there is no column %s", names[i]);
            return false;
        }
        if (!add_column(info, binding, schema->children[place], error)) {
            return false;
        }
    }
    return true;
}

static bool open_source(struct binding *binding, const struct option_list *list,
                        const struct job_file *job, const char *job_path, struct text *error)
{
    struct quern_error why = {.struct_size = sizeof why};
    if (binding->adapter->plugin->source_open(NULL, list->options, list->count, &binding->source,
                                              &why) == QUERN_OK) {
        return true;
    }
    const unsigned line = job ? job_file_line(job, why.where) : 0;
    if (line > 0) {
        text_add_format(error, "%s:%u: ", job_path, line);
    }
    plugin_describe_error(error, &why);
    return false;
}

static bool bind_call(duckdb_bind_info info, struct binding *binding, struct option_list *list,
                      struct text *error)
{
    return arguments_read(info, binding->adapter, list, error) &&
           open_source(binding, list, NULL, NULL, error) &&
           add_columns(info, binding, NULL, 0, error);
}

static bool add_job_options(struct option_list *list, const struct job_file *job,
                            struct text *error)
{
    for (size_t i = 0; i < job->option_count; i++) {
        if (!option_list_add(list, span_of(job->options[i].key), span_of(job->options[i].value),
                             error)) {
            return false;
        }
    }
    return true;
}

static bool bind_job(duckdb_bind_info info, struct binding *binding, struct option_list *list,
                     struct text *error)
{
    duckdb_value value = duckdb_bind_get_parameter(info, 0);
    char *path = value && !duckdb_is_null_value(value) ? duckdb_get_varchar(value) : NULL;
    struct job_file job = {0};
    bool good = path != NULL;
    if (!good) {
        text_add_string(error, "needs the path of a job file, as in quern_job('job.toml')");
    } else {
        good = job_file_read_source(&job, path, error) && add_job_options(list, &job, error) &&
               open_source(binding, list, &job, path, error) &&
               add_columns(info, binding, job.columns, job.column_count, error);
        job_file_release(&job);
    }
    duckdb_free(path);
    duckdb_destroy_value(&value);
    return good;
}

typedef bool (*bind_kind)(duckdb_bind_info info, struct binding *binding, struct option_list *list,
                          struct text *error);

static void bind(duckdb_bind_info info, bind_kind kind)
{
    struct text error = {0};
    struct option_list list = {0};
    struct binding *binding = heap_allocate(sizeof *binding);
    bool good = binding != NULL;
    if (good) {
        binding->adapter = duckdb_bind_get_extra_info(info);
        good = option_list_add(&list, SPAN("batch_wait_ms"), SPAN(BATCH_WAIT_MS), &error) &&
               kind(info, binding, &list, &error);
    }
    if (good) {
        duckdb_bind_set_cardinality(info, ROWS_EXPECTED, false);
        duckdb_bind_set_bind_data(info, binding, binding_close);
    } else {
        if (binding) {
            binding_close(binding);
        }
        duckdb_bind_set_error(info, error_words(&error));
    }
    option_list_release(&list);
    text_release(&error);
}

static void bind_quern(duckdb_bind_info info)
{
    bind(info, bind_call);
}

static void bind_quern_job(duckdb_bind_info info)
{
    bind(info, bind_job);
}

/* --- init --- */

static void scan_close(void *data)
{
    struct scan *scan = data;
    split_queue_close(&scan->queue);
    heap_release(scan->columns);
    heap_release(scan->places);
    heap_release(scan);
}

/* What the query wants. A column it counts with only, which is none of ours, stays NULL. */
static bool choose_columns(duckdb_init_info info, const struct binding *binding, struct scan *scan)
{
    scan->place_count = duckdb_init_get_column_count(info);
    scan->columns = heap_allocate((scan->place_count + 1) * sizeof *scan->columns);
    scan->places = heap_allocate((scan->place_count + 1) * sizeof *scan->places);
    if (!scan->columns || !scan->places) {
        return false;
    }
    for (idx_t i = 0; i < scan->place_count; i++) {
        const idx_t column = duckdb_init_get_column_index(info, i);
        scan->places[i] = NO_COLUMN;
        if (column < binding->column_count) {
            scan->places[i] = scan->column_count;
            scan->columns[scan->column_count++] = binding->columns[column]->name;
        }
    }
    return true;
}

static void init(duckdb_init_info info)
{
    const struct binding *binding = duckdb_init_get_bind_data(info);
    struct text error = {0};
    struct scan *scan = heap_allocate(sizeof *scan);
    size_t threads = 1;
    const bool good =
        scan && choose_columns(info, binding, scan) &&
        split_queue_open(&scan->queue, binding->adapter->plugin, binding->source, &error) &&
        split_queue_count(&scan->queue, SPLITS_AHEAD_MAX, &threads, &error);
    if (good) {
        duckdb_init_set_max_threads(info, threads > 0 ? threads : 1);
        duckdb_init_set_init_data(info, scan, scan_close);
    } else {
        if (scan) {
            scan_close(scan);
        }
        duckdb_init_set_error(info, error_words(&error));
    }
    text_release(&error);
}

static void local_close(void *data)
{
    struct local_scan *local = data;
    batch_pull_close(&local->pull);
    heap_release(local);
}

/* Its splits are taken when it scans: the global state is not within reach here. */
static void init_local(duckdb_init_info info)
{
    struct local_scan *local = heap_allocate(sizeof *local);
    if (local) {
        duckdb_init_set_init_data(info, local, local_close);
    } else {
        duckdb_init_set_error(info, "out of memory");
    }
}

/* --- scan --- */

/* False also at the end, where `error` stays empty. */
static bool find_rows(struct scan *scan, struct local_scan *local, struct text *error)
{
    if (!local->pull.queue) {
        batch_pull_init(&local->pull, &scan->queue, scan->columns, scan->column_count);
    } else if (local->row < local->pull.batch.length) {
        return true;
    }
    local->row = 0;
    return batch_pull_next(&local->pull, error) && !batch_pull_at_end(&local->pull);
}

static bool fill(duckdb_data_chunk chunk, const struct scan *scan, const struct local_scan *local,
                 int64_t count)
{
    const struct arrow_view rows = batch_pull_view(&local->pull);
    for (idx_t i = 0; i < scan->place_count; i++) {
        duckdb_vector vector = duckdb_data_chunk_get_vector(chunk, i);
        if (scan->places[i] == NO_COLUMN) {
            for (int64_t row = 0; row < count; row++) {
                vector_write_null(vector, (idx_t)row);
            }
        } else if (!vector_write(vector, 0, arrow_child(rows, scan->places[i]),
                                 arrow_struct_row(rows, local->row), count)) {
            return false;
        }
    }
    return true;
}

static void scan_chunk(duckdb_function_info info, duckdb_data_chunk chunk)
{
    struct scan *scan = duckdb_function_get_init_data(info);
    struct local_scan *local = duckdb_function_get_local_init_data(info);
    const int64_t room = (int64_t)duckdb_vector_size();
    struct text error = {0};
    int64_t count = 0;
    bool good = true;
    if (find_rows(scan, local, &error)) {
        const int64_t left = local->pull.batch.length - local->row;
        count = left < room ? left : room;
        good = fill(chunk, scan, local, count);
        local->row += count;
    } else {
        good = error.len == 0 && !error.failed;
    }
    if (!good) {
        count = 0;
        local->row = local->pull.batch.length;
        duckdb_function_set_error(info, error_words(&error));
    }
    duckdb_data_chunk_set_size(chunk, (idx_t)count);
    text_release(&error);
}

/* --- registering --- */

static bool register_one(duckdb_connection connection, const struct adapter *adapter,
                         const char *name, duckdb_table_function_bind_t bind_function)
{
    duckdb_table_function function = duckdb_create_table_function();
    duckdb_table_function_set_name(function, name);
    /* The function lends the adapter as `void *` without changing it. */
    duckdb_table_function_set_extra_info(function, (void *)(uintptr_t)adapter, NULL);
    duckdb_table_function_set_bind(function, bind_function);
    duckdb_table_function_set_init(function, init);
    duckdb_table_function_set_local_init(function, init_local);
    duckdb_table_function_set_function(function, scan_chunk);
    duckdb_table_function_supports_projection_pushdown(function, true);
    if (bind_function == bind_quern) {
        arguments_declare(function, adapter);
    } else {
        duckdb_logical_type path = duckdb_create_logical_type(DUCKDB_TYPE_VARCHAR);
        duckdb_table_function_add_parameter(function, path);
        duckdb_destroy_logical_type(&path);
    }
    const bool good = duckdb_register_table_function(connection, function) == DuckDBSuccess;
    duckdb_destroy_table_function(&function);
    return good;
}

bool read_functions_register(duckdb_connection connection, const struct adapter *adapter)
{
    return register_one(connection, adapter, "quern", bind_quern) &&
           register_one(connection, adapter, "quern_job", bind_quern_job);
}
