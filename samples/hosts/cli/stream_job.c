/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/stream_job.h"

#include <unistd.h>

bool stream_job_load(struct stream_job *job, const struct args *args,
                     enum message_protocol protocol, struct trouble *trouble)
{
    sink_message_init(&job->sink, protocol, STDOUT_FILENO, "standard output");
    job->catalog.protocol = protocol;
    return session_open(&job->session, args, trouble) &&
           (toml_read(&job->manifest, span_of(job->session.plugin->manifest)) ||
            trouble_set(trouble, TROUBLE_INTERNAL, "the plugin's manifest, line %u: %s",
                        job->manifest.error.line, job->manifest.error.message));
}

bool stream_job_configure(struct stream_job *job, const char *config_path, struct trouble *trouble)
{
    struct stream_config *config = &job->config;
    struct text error = {0};
    if (!stream_config_read(config, config_path, &job->manifest, trouble)) {
        return false;
    }
    job->session.job_path = config_path;
    job->catalog.stream = config->stream;
    job->catalog.manifest = &job->manifest;
    const bool good = stream_catalog_open(&job->catalog, job->session.plugin, config->columns,
                                          config->column_count, &error) ||
                      json_file_fail(trouble, config_path ? config_path : "the plugin", "columns",
                                     text_string(&error));
    text_release(&error);
    return good;
}

bool stream_job_open_source(struct stream_job *job, struct trouble *trouble)
{
    const struct stream_config *config = &job->config;
    if (!stream_config_has_input(config)) {
        return json_file_fail(trouble, config->path, "inputs",
                              "is missing; name what to read there, or a list of it in input_file");
    }
    return session_open_source(&job->session, config->options.options, config->options.count,
                               trouble);
}

/* A document that failed is a record that says so; a sync fails only when the config asks for it. */
static bool judge(const struct stream_job *job, struct trouble *trouble)
{
    const struct store_tally tally = stream_sync_tally(&job->sync);
    return job->config.fail_above > 1.0 ||
           schedule_judge(&tally, job->config.fail_above, job->config.path, trouble);
}

bool stream_job_sync(struct stream_job *job, struct trouble *trouble)
{
    stream_sync_open(&job->sync, &job->session, &job->sink, &job->config, &job->catalog);
    const bool good = stream_sync_run(&job->sync, trouble) && judge(job, trouble);
    const struct store_tally tally = stream_sync_tally(&job->sync);
    if (trouble->code != TROUBLE_CANNOT_WRITE) {
        progress_summary(&job->session.progress, &tally, trouble->code);
    }
    return good;
}

void stream_job_close(struct stream_job *job, struct trouble *trouble)
{
    if (trouble->code == TROUBLE_CANNOT_WRITE && trouble->message.len == 0) {
        /* For a command in a pipe that is as it should be; here a target has ended too early. */
        text_add_string(&trouble->message, "standard output: its reader has gone");
    }
    stream_sync_close(&job->sync);
    job->sink.sink.type->close(&job->sink.sink);
    stream_catalog_release(&job->catalog);
    stream_config_release(&job->config);
    toml_release(&job->manifest);
    session_close(&job->session);
}
