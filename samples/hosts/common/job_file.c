/* SPDX-License-Identifier: Apache-2.0 */
#include "common/job_file.h"

#include "common/file_read.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

struct reading {
    struct job_file *job;
    const char *path;
    struct text *error;
    bool has_sink;
};

static bool fail_at(const struct reading *reading, const struct toml_value *value, const char *why)
{
    text_add_format(reading->error, "%s:%u: %s%s%s", reading->path, value->line,
                    value->key.len ? value->key.ptr : "", value->key.len ? ": " : "", why);
    return false;
}

static bool fail_memory(const struct reading *reading)
{
    text_add_format(reading->error, "%s: out of memory", reading->path);
    return false;
}

/* A string that can be handed on NUL-terminated. */
static bool read_string(const struct reading *reading, const struct toml_value *value,
                        const char **out)
{
    if (value->type != TOML_STRING || memchr(value->as.string.ptr, 0, value->as.string.len)) {
        return fail_at(reading, value, "must be a text in quotes, without U+0000");
    }
    if (value->as.string.len == 0) {
        return fail_at(reading, value, "is empty; name something or delete the line");
    }
    *out = value->as.string.ptr;
    return true;
}

/* --- options --- */

/* What the plugin takes: a text as it stands, numbers and booleans in words, a list as JSON. */
static bool write_option(const struct reading *reading, const struct toml_value *value,
                         struct text *to)
{
    switch (value->type) {
    case TOML_STRING:
        text_add(to, value->as.string);
        return !memchr(value->as.string.ptr, 0, value->as.string.len) ||
               fail_at(reading, value, "holds U+0000");
    case TOML_INTEGER:
        text_add_integer(to, value->as.integer);
        return true;
    case TOML_BOOLEAN:
        text_add_string(to, value->as.boolean ? "true" : "false");
        return true;
    case TOML_ARRAY:
        break;
    case TOML_TABLE:
    case TOML_FLOAT:
    case TOML_OFFSET_DATETIME:
    case TOML_LOCAL_DATETIME:
    case TOML_LOCAL_DATE:
    case TOML_LOCAL_TIME:
        return fail_at(reading, value,
                       "must be a text, a whole number, true, false or a list of "
                       "texts");
    }
    text_add_byte(to, '[');
    for (const struct toml_value *item = value->as.list.first; item; item = item->next) {
        if (item->type != TOML_STRING) {
            return fail_at(reading, item, "every element of this list must be a text in quotes");
        }
        text_add_json_string(to, item->as.string);
        text_add_string(to, item->next ? "," : "");
    }
    text_add_byte(to, ']');
    return true;
}

static bool add_option(const struct reading *reading, const struct toml_value *value,
                       struct quern_option *out)
{
    struct text written = {0};
    bool good = write_option(reading, value, &written);
    if (good) {
        const span copy = pool_copy(&reading->job->pool, text_span(&written));
        *out = (struct quern_option){.key = value->key.ptr, .value = copy.ptr};
        good = (!written.failed && copy.ptr) || fail_memory(reading);
    }
    text_release(&written);
    return good;
}

static size_t key_count(const struct toml_value *table)
{
    return table ? table->as.list.count : 0;
}

static bool read_options(const struct reading *reading)
{
    struct job_file *job = reading->job;
    const struct toml_value *tables[] = {toml_find(job->toml.root, "source"),
                                         toml_find(job->toml.root, "options")};
    const size_t count = key_count(tables[0]) + key_count(tables[1]);
    struct quern_option *options = pool_allocate(&job->pool, (count + 1) * sizeof *options);
    if (!options) {
        return fail_memory(reading);
    }
    for (size_t t = 0; t < 2; t++) {
        const struct toml_value *value = tables[t] ? tables[t]->as.list.first : NULL;
        for (; value; value = value->next) {
            if (!add_option(reading, value, &options[job->option_count])) {
                return false;
            }
            job->option_count++;
        }
    }
    job->options = options;
    return true;
}

/* --- the other tables --- */

static bool read_source(const struct reading *reading, const struct toml_value *value)
{
    const bool is_text = value->type == TOML_STRING;
    if (span_equal(value->key, SPAN("input"))) {
        return is_text || value->type == TOML_ARRAY ||
               fail_at(reading, value, "must be a list of texts, or one text");
    }
    if (span_equal(value->key, SPAN("input_file"))) {
        return is_text || fail_at(reading, value, "must be a text: the path of the list");
    }
    return fail_at(reading, value,
                   "[source] takes input and input_file; other options belong under "
                   "[options]");
}

static bool read_any(const struct reading *reading, const struct toml_value *value)
{
    (void)reading;
    (void)value;
    return true;
}

static bool read_columns(const struct reading *reading, const struct toml_value *value)
{
    if (value->type != TOML_ARRAY || value->as.list.count == 0) {
        return fail_at(reading, value, "must be a list of column names, as in [\"id\", \"text\"]");
    }
    const char **columns =
        pool_allocate(&reading->job->pool, value->as.list.count * sizeof *columns);
    if (!columns) {
        return fail_memory(reading);
    }
    size_t count = 0;
    for (const struct toml_value *item = value->as.list.first; item; item = item->next) {
        if (!read_string(reading, item, &columns[count++])) {
            return false;
        }
    }
    reading->job->columns = columns;
    reading->job->column_count = count;
    return true;
}

static bool read_kind(struct reading *reading, const struct toml_value *value)
{
    static const char *const kinds[] = {
        [JOB_SINK_STDOUT] = "stdout", [JOB_SINK_NDJSON] = "ndjson",
        [JOB_SINK_TEXT] = "text",     [JOB_SINK_MARKDOWN] = "markdown",
        [JOB_SINK_SQLITE] = "sqlite", [JOB_SINK_POSTGRESQL] = "postgresql"};
    for (size_t i = 0; value->type == TOML_STRING && i < sizeof kinds / sizeof kinds[0]; i++) {
        if (span_equal(value->as.string, span_of(kinds[i]))) {
            reading->job->sink = (enum job_sink)i;
            reading->has_sink = true;
            return true;
        }
    }
    return fail_at(reading, value,
                   "must be \"sqlite\", \"postgresql\", \"ndjson\", \"text\", \"markdown\" or "
                   "\"stdout\"");
}

/* A connection string may hold a password: the job file only says where it stands. */
static bool read_connection(const struct reading *reading, const struct toml_value *value)
{
    const char *written = NULL;
    if (!read_string(reading, value, &written)) {
        return false;
    }
    const bool is_reference = (span_starts(span_of(written), SPAN("env:")) && written[4]) ||
                              (span_starts(span_of(written), SPAN("file:")) && written[5]);
    reading->job->sink_connection = written;
    return is_reference || fail_at(reading, value,
                                   "must be env:NAME or file:PATH, which holds the connection "
                                   "string");
}

static bool read_sink(struct reading *reading, const struct toml_value *value)
{
    if (span_equal(value->key, SPAN("kind"))) {
        return read_kind(reading, value);
    }
    if (span_equal(value->key, SPAN("path"))) {
        return read_string(reading, value, &reading->job->sink_path);
    }
    if (span_equal(value->key, SPAN("columns"))) {
        return read_columns(reading, value);
    }
    if (span_equal(value->key, SPAN("connection"))) {
        return read_connection(reading, value);
    }
    if (span_equal(value->key, SPAN("wait"))) {
        return job_duration_read(value, &reading->job->sink_wait_s) ||
               fail_at(reading, value, "must be a duration up to a year: \"30s\", \"5m\", \"2h\"");
    }
    return fail_at(reading, value,
                   "[sink] takes kind, path and columns; of postgresql kind, connection, wait and "
                   "columns");
}

static bool read_run(struct reading *reading, const struct toml_value *value)
{
    if (span_equal(value->key, SPAN("state"))) {
        return read_string(reading, value, &reading->job->state_path);
    }
    if (!span_equal(value->key, SPAN("fail_above"))) {
        return fail_at(reading, value, "[run] takes fail_above and state");
    }
    const double share = value->type == TOML_FLOAT     ? value->as.real
                         : value->type == TOML_INTEGER ? (double)value->as.integer
                                                       : -1.0;
    if (!(share >= 0.0 && share <= 1.0)) {
        return fail_at(reading, value,
                       "must be a number from 0 to 1: the share of failed inputs "
                       "above which the run fails");
    }
    reading->job->fail_above = share;
    return true;
}

static bool read_schedule(struct reading *reading, const struct toml_value *value)
{
    const char *why = NULL;
    return job_schedule_read(&reading->job->schedule, value, &why) || fail_at(reading, value, why);
}

static bool read_table(struct reading *reading, const struct toml_value *table)
{
    const bool is_source = span_equal(table->key, SPAN("source"));
    const bool is_options = span_equal(table->key, SPAN("options"));
    const bool is_sink = span_equal(table->key, SPAN("sink"));
    const bool is_schedule = span_equal(table->key, SPAN("schedule"));
    if (!is_source && !is_options && !is_sink && !is_schedule &&
        !span_equal(table->key, SPAN("run"))) {
        return fail_at(reading, table,
                       "is not known; a job has name, [source], [options], [sink], [run] "
                       "and [schedule]");
    }
    if (table->type != TOML_TABLE) {
        return fail_at(reading, table, "must be a table, as in [source]");
    }
    for (const struct toml_value *value = table->as.list.first; value; value = value->next) {
        if (is_source     ? !read_source(reading, value)
            : is_options  ? !read_any(reading, value)
            : is_sink     ? !read_sink(reading, value)
            : is_schedule ? !read_schedule(reading, value)
                          : !read_run(reading, value)) {
            return false;
        }
    }
    return true;
}

/* "samples/jobs/notices.toml" names its job "notices". */
static bool default_name(struct job_file *job, const char *path)
{
    const char *slash = strrchr(path, '/');
    span name = span_of(slash ? slash + 1 : path);
    if (span_ends(name, SPAN(".toml"))) {
        name.len -= 5;
    }
    job->name = pool_copy(&job->pool, name).ptr;
    return job->name != NULL;
}

static bool check_source(const struct reading *reading)
{
    if (key_count(toml_find(reading->job->toml.root, "source")) > 0) {
        return true;
    }
    text_add_format(reading->error,
                    "%s: has no input; write input = [\"…\"] or input_file "
                    "under [source]",
                    reading->path);
    return false;
}

static bool check_state(const struct reading *reading)
{
    const struct job_file *job = reading->job;
    return !job->state_path || job->sink == JOB_SINK_NDJSON || job_sink_is_folder(job->sink) ||
           fail_at(
               reading, toml_find(toml_find(job->toml.root, "run"), "state"),
               "only ndjson, text and markdown keep a state file; sqlite and postgresql keep it "
               "in their database");
}

static bool check_postgresql(const struct reading *reading, const struct toml_value *sink)
{
    if (reading->job->sink_path) {
        return fail_at(reading, toml_find(sink, "path"),
                       "postgresql takes none, but connection = \"env:NAME\"");
    }
    return (reading->job->sink_connection ||
            fail_at(reading, sink, "needs connection = \"env:NAME\" or \"file:PATH\"")) &&
           check_state(reading);
}

static bool check_sink(const struct reading *reading)
{
    const struct job_file *job = reading->job;
    const struct toml_value *sink = toml_find(job->toml.root, "sink");
    if (!sink || !reading->has_sink) {
        text_add_format(reading->error,
                        "%s: names no sink; write kind = \"sqlite\", \"postgresql\", "
                        "\"ndjson\", \"text\", \"markdown\" or \"stdout\" under [sink]",
                        reading->path);
        return false;
    }
    if (job->sink == JOB_SINK_POSTGRESQL) {
        return check_postgresql(reading, sink);
    }
    if (job->sink_connection || toml_find(sink, "wait")) {
        return fail_at(reading, toml_find(sink, job->sink_connection ? "connection" : "wait"),
                       "only postgresql takes it");
    }
    if (job->sink != JOB_SINK_STDOUT && !job->sink_path) {
        return fail_at(reading, sink, "needs path: where the records go");
    }
    if (job->sink == JOB_SINK_STDOUT && job->sink_path) {
        return fail_at(reading, toml_find(sink, "path"), "stdout takes no path");
    }
    if (job_sink_is_folder(job->sink) && job->columns) {
        return fail_at(reading, toml_find(sink, "columns"),
                       "the sinks text and markdown take none");
    }
    return check_state(reading);
}

static bool check_schedule(const struct reading *reading)
{
    const struct toml_value *table = toml_find(reading->job->toml.root, "schedule");
    return !table || reading->job->schedule.cron ||
           fail_at(reading, table, "needs cron: when the job is run, as in \"30 2 * * *\"");
}

static bool parse(struct job_file *job, span content, const char *path, bool is_run,
                  struct text *error)
{
    *job =
        (struct job_file){.fail_above = 1.0, .sink_wait_s = 60, .schedule = job_schedule_default()};
    struct reading reading = {.job = job, .path = path, .error = error};
    if (!toml_read(&job->toml, content)) {
        text_add_format(error, "%s:%u:%u: %s", path, job->toml.error.line, job->toml.error.column,
                        job->toml.error.message);
        return false;
    }
    if (!default_name(job, path)) {
        return fail_memory(&reading);
    }
    for (const struct toml_value *value = job->toml.root->as.list.first; value;
         value = value->next) {
        if (span_equal(value->key, SPAN("name")) ? !read_string(&reading, value, &job->name)
                                                 : !read_table(&reading, value)) {
            return false;
        }
    }
    return check_source(&reading) && (!is_run || check_sink(&reading)) &&
           check_schedule(&reading) && read_options(&reading);
}

bool job_file_parse(struct job_file *job, span content, const char *path, struct text *error)
{
    return parse(job, content, path, true, error);
}

static bool read_job(struct job_file *job, const char *path, bool is_run, struct text *error)
{
    *job = (struct job_file){0};
    struct text content = {0};
    if (!file_read(path, TOML_BYTES_MAX, &content)) {
        const int saved = errno;
        text_add_format(error, "%s: %s", path, strerror(saved));
        text_release(&content);
        errno = saved;
        return false;
    }
    const bool good = parse(job, text_span(&content), path, is_run, error);
    text_release(&content);
    errno = 0;
    return good;
}

bool job_file_read(struct job_file *job, const char *path, struct text *error)
{
    return read_job(job, path, true, error);
}

bool job_file_read_source(struct job_file *job, const char *path, struct text *error)
{
    return read_job(job, path, false, error);
}

unsigned job_file_line(const struct job_file *job, const char *option)
{
    static const char *const tables[] = {"options", "source", "sink"};
    const struct toml_value *value = NULL;
    for (size_t i = 0; !value && i < sizeof tables / sizeof tables[0]; i++) {
        value = toml_find(toml_find(job->toml.root, tables[i]), option);
    }
    return value ? value->line : 0;
}

void job_file_release(struct job_file *job)
{
    toml_release(&job->toml);
    pool_release(&job->pool);
    *job = (struct job_file){0};
}
