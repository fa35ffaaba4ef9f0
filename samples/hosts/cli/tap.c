/* SPDX-License-Identifier: Apache-2.0 */
/* The Singer protocol: SCHEMA, then RECORDs with a STATE after each batch. */
#include "cli/commands.h"

#include "cli/stream_job.h"

static bool put_catalog(struct stream_job *job, struct trouble *trouble)
{
    struct text catalog = {0};
    stream_catalog_describe(&job->catalog, &catalog);
    return sink_message_put(&job->sink, &catalog, trouble);
}

static bool put_schema(struct stream_job *job, struct trouble *trouble)
{
    struct text message = {0};
    text_add_string(&message, "{\"type\":\"SCHEMA\",\"stream\":");
    text_add_json_string(&message, span_of(job->catalog.stream));
    text_add_string(&message, ",\"schema\":");
    stream_catalog_write_schema(&job->catalog, &message);
    text_add_string(&message, ",\"key_properties\":[\"id\"]}");
    return sink_message_put(&job->sink, &message, trouble);
}

static bool read_files(struct stream_job *job, const struct args *args, struct trouble *trouble)
{
    const char *catalog = args_value(args, "catalog");
    const char *properties = args_value(args, "properties");
    const char *state = args_value(args, "state");
    if (catalog && properties) {
        return trouble_set(trouble, TROUBLE_USAGE,
                           "--catalog and --properties are the same; give one of them");
    }
    catalog = catalog ? catalog : properties;
    job->session.state_path = state;
    return (!catalog || stream_catalog_select(&job->catalog, catalog, trouble)) &&
           (!state || stream_state_read(&job->sync.state, &job->catalog, state, trouble));
}

static bool sync(struct stream_job *job, const struct args *args, struct trouble *trouble)
{
    if (!read_files(job, args, trouble) || !stream_job_open_source(job, trouble)) {
        return false;
    }
    if (!job->catalog.is_selected) {
        progress_say(&job->session.progress, "nothing", "the catalog selects no stream");
        return true;
    }
    job->sink.stream = job->catalog.stream;
    return put_schema(job, trouble) && stream_job_sync(job, trouble);
}

void tap_command(const struct args *args, struct trouble *trouble)
{
    struct stream_job job = {0};
    const char *config = args_value(args, "config");
    const bool discovers = args_has(args, "discover");
    if (!config && !discovers) {
        (void)trouble_set(trouble, TROUBLE_USAGE, "--config is missing: quern tap --config FILE");
        return;
    }
    if (stream_job_load(&job, args, MESSAGE_SINGER, trouble) &&
        stream_job_configure(&job, config, trouble)) {
        (void)(discovers ? put_catalog(&job, trouble) : sync(&job, args, trouble));
    }
    stream_job_close(&job, trouble);
}
