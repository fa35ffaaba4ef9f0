/* SPDX-License-Identifier: Apache-2.0 */
/* A plugin that hands everything on to the real one and writes down what a host asked of it.
 *
 * SPY_REAL names the library, SPY_LOG the file that gets a line a call: "columns A B …" where a
 * reader opens, "open KIND" and "close KIND" for what must be balanced. SPY_FAULT plants one fault:
 *   major       speaks no ABI this host knows
 *   minor       is of a later minor version
 *   short       its table is shorter than the host's
 *   long        its table has members that the host does not know
 *   offsets     the second column's last offset is below the one before
 *   format      the first column's format is one nobody knows
 *   stream      every second batch is an error of the stream
 *   text        the second column's texts are no UTF-8
 */
#include "quern/plugin.h"

#include <dlfcn.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct quern_plugin *real;
static struct {
    struct quern_plugin known;
    void (*later[4])(void); /* of a version to come */
} table;
static struct ArrowArrayStream inner; /* of one reader: faults are planted in single threads */
static int batch_count;

static int fault_is(const char *name)
{
    const char *fault = getenv("SPY_FAULT");
    return fault && strcmp(fault, name) == 0;
}

__attribute__((format(printf, 1, 2))) static void note(const char *format, ...)
{
    const char *path = getenv("SPY_LOG");
    FILE *log = path ? fopen(path, "a") : NULL;
    if (log) {
        va_list arguments;
        va_start(arguments, format);
        vfprintf(log, format, arguments);
        va_end(arguments);
        fclose(log);
    }
}

static int32_t source_open(const struct quern_host *host, const struct quern_option *options,
                           size_t option_count, struct quern_source **out,
                           struct quern_error *error)
{
    const int32_t status = real->source_open(host, options, option_count, out, error);
    for (size_t i = 0; i < option_count; i++) {
        note("option %s %s\n", options[i].key, options[i].value);
    }
    note(status == QUERN_OK ? "open source\n" : "refused source\n");
    return status;
}

static void source_close(struct quern_source *source)
{
    note(source ? "close source\n" : "");
    real->source_close(source);
}

static int32_t source_plan(struct quern_source *source, struct quern_plan **out,
                           struct quern_error *error)
{
    note("open plan\n");
    return real->source_plan(source, out, error);
}

static void plan_close(struct quern_plan *plan)
{
    note(plan ? "close plan\n" : "");
    real->plan_close(plan);
}

static int32_t reader_open(struct quern_source *source, const struct quern_read *read,
                           struct quern_reader **out, struct quern_error *error)
{
    char columns[4096] = "";
    for (uint32_t i = 0; read->columns && i < read->column_count; i++) {
        const size_t len = strlen(columns);
        snprintf(columns + len, sizeof columns - len, " %s", read->columns[i]);
    }
    const int32_t status = real->reader_open(source, read, out, error);
    note("columns%s\n%s", read->columns ? columns : " ALL",
         status == QUERN_OK ? "open reader\n" : "");
    return status;
}

static void reader_close(struct quern_reader *reader)
{
    note(reader ? "close reader\n" : "");
    real->reader_close(reader);
}

static int get_schema(struct ArrowArrayStream *stream, struct ArrowSchema *out)
{
    (void)stream;
    const int answer = inner.get_schema(&inner, out);
    if (answer == 0 && fault_is("format")) {
        out->children[0]->format = "vz";
    }
    return answer;
}

static int get_next(struct ArrowArrayStream *stream, struct ArrowArray *out)
{
    (void)stream;
    if (fault_is("stream") && ++batch_count % 2 == 0) {
        return EIO;
    }
    const int answer = inner.get_next(&inner, out);
    if (answer == 0 && out->release && fault_is("offsets")) {
        union {
            const void *read_only;
            int32_t *offsets;
        } buffer = {.read_only = out->children[1]->buffers[1]};
        buffer.offsets[out->length] = -1;
    }
    if (answer == 0 && out->release && fault_is("text")) {
        const int32_t *offsets = out->children[1]->buffers[1];
        union {
            const void *read_only;
            char *bytes;
        } buffer = {.read_only = out->children[1]->buffers[2]};
        memset(buffer.bytes, 0xFF, (size_t)offsets[out->length]);
    }
    return answer;
}

static const char *get_last_error(struct ArrowArrayStream *stream)
{
    (void)stream;
    return inner.get_last_error(&inner);
}

static void release(struct ArrowArrayStream *stream)
{
    inner.release(&inner);
    stream->release = NULL;
}

static int32_t reader_stream(struct quern_reader *reader, struct ArrowArrayStream *out,
                             struct quern_error *error)
{
    const int32_t status = real->reader_stream(reader, out, error);
    if (status == QUERN_OK &&
        (fault_is("format") || fault_is("offsets") || fault_is("stream") || fault_is("text"))) {
        inner = *out;
        *out = (struct ArrowArrayStream){.get_schema = get_schema,
                                         .get_next = get_next,
                                         .get_last_error = get_last_error,
                                         .release = release,
                                         .private_data = &inner};
    }
    return status;
}

const struct quern_plugin *quern_plugin_entry(uint32_t abi_major, struct quern_error *error)
{
    void *library = dlopen(getenv("SPY_REAL"), RTLD_NOW | RTLD_LOCAL);
    union {
        void *object;
        quern_plugin_entry_function function;
    } entry = {.object = library ? dlsym(library, QUERN_PLUGIN_ENTRY_SYMBOL) : NULL};
    real = entry.object ? entry.function(fault_is("major") ? 99 : abi_major, error) : NULL;
    if (!real) {
        return NULL;
    }
    table.known = *real;
    table.known.struct_size = fault_is("short")  ? sizeof table.known - 8
                              : fault_is("long") ? sizeof table
                                                 : sizeof table.known;
    table.known.abi_minor += fault_is("minor");
    table.known.source_open = source_open;
    table.known.source_close = source_close;
    table.known.source_plan = source_plan;
    table.known.plan_close = plan_close;
    table.known.reader_open = reader_open;
    table.known.reader_stream = reader_stream;
    table.known.reader_close = reader_close;
    return &table.known;
}
