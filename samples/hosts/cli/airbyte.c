/* SPDX-License-Identifier: Apache-2.0 */
/* The Airbyte protocol: spec, check, discover, read. All that is said is a message. */
#include "cli/commands.h"

#include "cli/input.h"
#include "cli/signals.h"
#include "cli/stream_job.h"

#include <string.h>

/* --- spec, discover --- */

static bool put_spec(struct stream_job *job, struct trouble *trouble)
{
    struct text message = {0};
    text_add_string(&message, "{\"type\":\"SPEC\",\"spec\":{\"protocol_version\":\"0.2.0\","
                              "\"supportsIncremental\":true,\"supported_destination_sync_modes\":["
                              "\"overwrite\",\"append\",\"append_dedup\"],"
                              "\"connectionSpecification\":");
    stream_config_describe(&message, &job->manifest);
    text_add_string(&message, "}}");
    return sink_message_put(&job->sink, &message, trouble);
}

static bool put_catalog(struct stream_job *job, struct trouble *trouble)
{
    struct text message = {0};
    text_add_string(&message, "{\"type\":\"CATALOG\",\"catalog\":");
    stream_catalog_describe(&job->catalog, &message);
    text_add_byte(&message, '}');
    return sink_message_put(&job->sink, &message, trouble);
}

/* --- check --- */

/* The one input that an option of the config is, out of its JSON list. */
static span input_of(const struct quern_option *option, json_t **list)
{
    *list = strcmp(option->key, "input") == 0 ? json_loads(option->value, 0, NULL) : NULL;
    return json_file_text(json_array_get(*list, 0));
}

/* Opens the source and makes the plan's first split; then a reader of it, which resolves what the
 * options refer to. None of it asks the network. */
static bool try_source(struct stream_job *job, struct trouble *trouble)
{
    const struct quern_plugin *plugin = job->session.plugin;
    struct quern_error error = {.struct_size = sizeof error};
    struct quern_split split = {.struct_size = sizeof split};
    struct quern_plan *plan = NULL;
    struct quern_reader *reader = NULL;
    int32_t status = plugin->source_plan(job->session.source, &plan, &error);
    if (status == QUERN_OK) {
        status = plugin->plan_next(plan, &split, &error);
    }
    if (status == QUERN_OK && split.bytes.data) {
        const struct quern_read read = {.struct_size = sizeof read, .split = split.bytes};
        status = plugin->reader_open(job->session.source, &read, &reader, &error);
    }
    plugin->reader_close(reader);
    plugin->plan_close(plan);
    return status == QUERN_OK || session_fail(&job->session, &error, trouble);
}

/* Whether the plugin takes it for a URL: then its plan asks a web host. */
static bool is_good_url(const struct stream_job *job, const struct quern_option *input)
{
    const struct quern_plugin *plugin = job->session.plugin;
    struct quern_split split = {.struct_size = sizeof split};
    struct quern_source *source = NULL;
    struct quern_plan *plan = NULL;
    const bool good =
        plugin->source_open(&job->session.host, input, 1, &source, NULL) == QUERN_OK &&
        plugin->source_plan(source, &plan, NULL) == QUERN_OK &&
        plugin->plan_next(plan, &split, NULL) == QUERN_OK && split.bytes.data &&
        stream_kind_of(&split) == STREAM_WEB;
    plugin->plan_close(plan);
    plugin->source_close(source);
    return good;
}

static bool check_inputs(const struct stream_job *job, struct trouble *trouble)
{
    const struct option_list *options = &job->config.options;
    bool good = true;
    for (size_t i = 0; good && i < options->count; i++) {
        json_t *list = NULL;
        const span input = input_of(&options->options[i], &list);
        if (list && input_is_web(input)) {
            good = is_good_url(job, &options->options[i]) ||
                   trouble_set(trouble, TROUBLE_JOB,
                               "%s: inputs: an address is no URL; it begins with %.*s",
                               job->config.path, (int)(input.len < 12 ? input.len : 12), input.ptr);
        } else if (list) {
            good = input_check(input.ptr, trouble);
        }
        json_decref(list);
    }
    return good;
}

static bool put_status(struct stream_job *job, const struct trouble *found, struct trouble *trouble)
{
    struct text message = {0};
    text_add_format(&message,
                    "{\"type\":\"CONNECTION_STATUS\",\"connectionStatus\":{\"status\":\"%s\"",
                    found->code == TROUBLE_NONE ? "SUCCEEDED" : "FAILED");
    if (found->code != TROUBLE_NONE) {
        text_add_string(&message, ",\"message\":");
        sink_message_add_sentence(&message, text_span(&found->message));
    }
    text_add_string(&message, "}}");
    return sink_message_put(&job->sink, &message, trouble);
}

/* --- read --- */

static bool read_stream(struct stream_job *job, const struct args *args, struct trouble *trouble)
{
    const char *catalog = args_value(args, "catalog");
    const char *state = args_value(args, "state");
    if (!catalog) {
        return trouble_set(trouble, TROUBLE_USAGE,
                           "--catalog is missing: quern airbyte read "
                           "--config FILE --catalog FILE");
    }
    job->session.state_path = state;
    if (!stream_catalog_select(&job->catalog, catalog, trouble) ||
        (state && job->catalog.is_incremental &&
         !stream_state_read(&job->sync.state, &job->catalog, state, trouble)) ||
        !stream_job_open_source(job, trouble)) {
        return false;
    }
    if (!job->catalog.is_selected) {
        progress_say(&job->session.progress, "nothing", "the catalog selects no stream");
        return true;
    }
    job->sink.stream = job->catalog.stream;
    const bool good =
        sink_message_status(&job->sink, "STARTED", trouble) && stream_job_sync(job, trouble);
    if (trouble->code == TROUBLE_CANNOT_WRITE) {
        return false;
    }
    return sink_message_status(&job->sink, good ? "COMPLETE" : "INCOMPLETE", trouble) && good;
}

/* --- the command --- */

static void log_line(void *context, bool is_warning, span line)
{
    struct trouble unwritten = {0}; /* the next message that counts finds out again */
    (void)sink_message_log(context, is_warning ? MESSAGE_WARN : MESSAGE_INFO, line, &unwritten);
    trouble_release(&unwritten);
}

static bool configure(struct stream_job *job, const struct args *args, struct trouble *trouble)
{
    const char *config = args_value(args, "config");
    return config ? stream_job_configure(job, config, trouble)
                  : trouble_set(trouble, TROUBLE_USAGE,
                                "--config is missing: quern airbyte %s "
                                "--config FILE",
                                args->operands[0]);
}

static bool load(struct stream_job *job, const struct args *args, struct trouble *trouble)
{
    const bool good = stream_job_load(job, args, MESSAGE_AIRBYTE, trouble);
    job->session.progress.style = PROGRESS_PLAIN;
    job->session.progress.tell = log_line;
    job->session.progress.tell_context = &job->sink;
    return good;
}

static void check(struct stream_job *job, const struct args *args, struct trouble *trouble)
{
    struct trouble found = {0};
    (void)(load(job, args, &found) && configure(job, args, &found) &&
           stream_job_open_source(job, &found) && check_inputs(job, &found) &&
           try_source(job, &found));
    (void)put_status(job, &found, trouble);
    trouble_release(&found);
}

/* What went wrong goes out as a message; where nothing can be written, it is left to be told on
 * standard error. */
static void tell_error(struct stream_job *job, struct trouble *trouble)
{
    struct trouble unwritten = {0};
    if (trouble->code != TROUBLE_NONE && trouble->code != TROUBLE_CANNOT_WRITE &&
        sink_message_error(&job->sink, trouble, &unwritten)) {
        text_clear(&trouble->message);
    }
    trouble_release(&unwritten);
}

void airbyte_command(const struct args *args, struct trouble *trouble)
{
    struct stream_job job = {0};
    const char *verb = args->operands[0];
    if (strcmp(verb, "spec") == 0) {
        (void)(load(&job, args, trouble) && put_spec(&job, trouble));
    } else if (strcmp(verb, "check") == 0) {
        check(&job, args, trouble);
    } else if (strcmp(verb, "discover") == 0) {
        (void)(load(&job, args, trouble) && configure(&job, args, trouble) &&
               put_catalog(&job, trouble));
    } else if (strcmp(verb, "read") == 0) {
        (void)(load(&job, args, trouble) && configure(&job, args, trouble) &&
               read_stream(&job, args, trouble));
    } else {
        (void)trouble_set(trouble, TROUBLE_USAGE,
                          "%s: quern airbyte takes spec, check, discover "
                          "or read",
                          verb);
        return;
    }
    tell_error(&job, trouble);
    stream_job_close(&job, trouble);
    if (trouble->code == TROUBLE_LATER) {
        /* Runners take an exit code for a crash and throw away what was read; death by the signal
         * they sent is what they expect. */
        signals_end_by();
    }
}
