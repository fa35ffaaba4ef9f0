/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/commands.h"

#include "cli/input.h"
#include "cli/schedule.h"
#include "cli/sink_ndjson.h"
#include "cli/sink_sqlite.h"
#include "cli/sink_text.h"
#include "common/file_read.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { STDIN_BYTES_MAX = 512 << 20 }; /* as the option content_bytes_max has it by default */

struct conversion {
    const struct args *args;
    struct session session;
    struct schedule schedule;
    struct record_sink *sink;
    struct quern_option *options;
    size_t option_count;
    const char *const *columns;
    size_t column_count;
    size_t planned_count; /* operands but - */
    struct pool pool;
};

/* --- inputs --- */

/* Options are UTF-8; a file's name need not be. Such a one goes as a file: URL. */
static bool add_path_url(struct text *to, const char *input, struct trouble *trouble)
{
    char *absolute = realpath(input, NULL);
    if (!absolute) {
        return trouble_set(trouble, TROUBLE_NO_INPUT, "%s: %s", input, strerror(errno));
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
    free(absolute);
    return true;
}

static bool add_input(struct conversion *c, const char *input, struct trouble *trouble)
{
    struct text url = {0};
    struct text element = {0};
    bool good = true;
    span named = span_of(input);
    if (!span_is_utf8(named)) {
        good = add_path_url(&url, input, trouble);
        named = text_span(&url);
    }
    text_add_byte(&element, '[');
    text_add_json_string(&element, named);
    text_add_byte(&element, ']');
    const span copy = pool_copy(&c->pool, text_span(&element));
    good = good && ((!url.failed && !element.failed && copy.ptr) || trouble_memory(trouble));
    c->options[c->option_count++] = (struct quern_option){.key = "input", .value = copy.ptr};
    text_release(&url);
    text_release(&element);
    return good;
}

static bool read_inputs(struct conversion *c, struct trouble *trouble)
{
    for (size_t i = 0; i < c->args->operand_count; i++) {
        if (strcmp(c->args->operands[i], "-") != 0 && !input_check(c->args->operands[i], trouble)) {
            return false;
        }
    }
    c->options = session_set_options(&c->pool, c->args, c->args->operand_count + 1,
                                     &c->option_count, trouble);
    if (!c->options) {
        return false;
    }
    if (args_has(c->args, "keep")) {
        c->options[c->option_count++] =
            (struct quern_option){.key = "keep", .value = args_value(c->args, "keep")};
    }
    const size_t own_count = c->option_count;
    for (size_t i = 0; i < c->args->operand_count; i++) {
        if (strcmp(c->args->operands[i], "-") != 0 &&
            !add_input(c, c->args->operands[i], trouble)) {
            return false;
        }
    }
    c->planned_count = c->option_count - own_count;
    return true;
}

/* --- columns and sink --- */

static bool read_columns(struct conversion *c, struct trouble *trouble)
{
    const char *written = args_value(c->args, "columns");
    if (!written) {
        return true;
    }
    const char **columns = pool_allocate(&c->pool, (strlen(written) + 1) * sizeof *columns);
    if (!columns) {
        return trouble_memory(trouble);
    }
    c->columns = columns;
    while (written) {
        const char *comma = strchr(written, ',');
        const span name = {written, comma ? (size_t)(comma - written) : strlen(written)};
        if (name.len == 0) {
            return trouble_set(trouble, TROUBLE_USAGE,
                               "--columns %s: a name is missing between "
                               "the commas",
                               args_value(c->args, "columns"));
        }
        columns[c->column_count] = pool_copy(&c->pool, name).ptr;
        if (!columns[c->column_count++]) {
            return trouble_memory(trouble);
        }
        written = comma ? comma + 1 : NULL;
    }
    return true;
}

static bool open_texts(struct conversion *c, enum text_form form, struct trouble *trouble)
{
    if (c->columns) {
        return trouble_set(trouble, TROUBLE_USAGE, "--columns: --to %s takes none",
                           args_value(c->args, "to"));
    }
    c->sink = sink_text_to(STDOUT_FILENO, "standard output", form);
    c->columns = sink_text_columns(form);
    c->column_count = TEXT_COLUMNS;
    return c->sink || trouble_memory(trouble);
}

static bool open_sink(struct conversion *c, struct trouble *trouble)
{
    const char *to = args_value(c->args, "to");
    const span kind = span_of(to ? to : "ndjson");
    if (span_equal(kind, SPAN("ndjson"))) {
        c->sink = sink_ndjson_to(STDOUT_FILENO, "standard output");
    } else if (span_equal(kind, SPAN("text")) || span_equal(kind, SPAN("markdown"))) {
        return open_texts(c, span_equal(kind, SPAN("text")) ? TEXT_PLAIN : TEXT_MARKDOWN, trouble);
    } else if (span_starts(kind, SPAN("sqlite:")) && kind.len > 7) {
        c->sink = sink_sqlite_open(to + 7, trouble);
    } else {
        return trouble_set(trouble, TROUBLE_USAGE,
                           "--to %s: must be ndjson, text, markdown or sqlite:PATH", to);
    }
    return c->sink || trouble_memory(trouble);
}

/* --- conversion --- */

static bool read_split(void *context, const struct quern_split *split, struct trouble *trouble)
{
    struct conversion *c = context;
    return schedule_read_split(&c->schedule,
                               (span){(const char *)split->bytes.data, split->bytes.len},
                               split->documents, trouble);
}

static bool convert_bytes(struct conversion *c, span content, struct trouble *trouble)
{
    const struct quern_plugin *plugin = c->session.plugin;
    const struct quern_input input = {
        .struct_size = sizeof input, .data = (const uint8_t *)content.ptr, .len = content.len};
    struct quern_error error = {.struct_size = sizeof error};
    struct quern_convert *convert = NULL;
    struct ArrowArrayStream stream = {0};
    if (plugin->convert_open(&c->session.host, c->options, c->option_count - c->planned_count,
                             c->schedule.columns, c->schedule.column_count, &convert,
                             &error) != QUERN_OK) {
        return session_fail(&c->session, &error, trouble);
    }
    bool good = plugin->convert_stream(convert, &input, &stream, &error) == QUERN_OK ||
                session_fail(&c->session, &error, trouble);
    good = good && schedule_pull(&c->schedule, &stream, NULL, trouble);
    plugin->convert_close(convert);
    progress_split_done(&c->session.progress, 1);
    return good;
}

static bool convert_stdin(struct conversion *c, struct trouble *trouble)
{
    struct text content = {0};
    bool good = file_read_descriptor(STDIN_FILENO, STDIN_BYTES_MAX, &content);
    if (!good && errno == EFBIG) {
        (void)trouble_set(trouble, TROUBLE_DATA,
                          "standard input is longer than %d MiB; put it into a file and name that",
                          STDIN_BYTES_MAX >> 20);
    } else if (!good) {
        (void)trouble_set(trouble, TROUBLE_NO_INPUT, "standard input: %s", strerror(errno));
    }
    good = good && convert_bytes(c, text_span(&content), trouble);
    text_release(&content);
    return good;
}

static bool has_stdin(const struct args *args)
{
    for (size_t i = 0; i < args->operand_count; i++) {
        if (strcmp(args->operands[i], "-") == 0) {
            return true;
        }
    }
    return false;
}

static bool convert_all(struct conversion *c, struct trouble *trouble)
{
    if (!read_inputs(c, trouble) || !read_columns(c, trouble) ||
        !session_open(&c->session, c->args, trouble)) {
        return false;
    }
    if (c->planned_count > 0 &&
        !session_open_source(&c->session, c->options, c->option_count, trouble)) {
        return false;
    }
    if (!open_sink(c, trouble) || !schedule_open(&c->schedule, &c->session, c->sink, NULL,
                                                 c->columns, c->column_count, trouble)) {
        return false;
    }
    return (!has_stdin(c->args) || convert_stdin(c, trouble)) &&
           (c->planned_count == 0 || schedule_plan(&c->session, read_split, c, trouble)) &&
           c->sink->type->sync(c->sink, trouble);
}

void convert_command(const struct args *args, struct trouble *trouble)
{
    struct conversion c = {.args = args};
    if (convert_all(&c, trouble)) {
        const enum trouble_code verdict = schedule_verdict(&c.schedule.position.tally, 0.0);
        /* Whether it is worth trying later is the question of a job; here the record says why. */
        trouble->code = verdict == TROUBLE_UNAVAILABLE ? TROUBLE_DATA : verdict;
    }
    if (c.sink) {
        progress_summary(&c.session.progress, &c.schedule.position.tally, trouble->code);
    }
    schedule_close(&c.schedule);
    record_sink_close(c.sink);
    session_close(&c.session);
    pool_release(&c.pool);
}
