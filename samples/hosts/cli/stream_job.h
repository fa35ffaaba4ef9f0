/* SPDX-License-Identifier: Apache-2.0 */
/* What quern tap and quern airbyte have in common: the plugin, the config, the catalog, and a sync
 * out of them. The two differ in their command line and in the messages around it.
 */
#ifndef CLI_STREAM_JOB_H
#define CLI_STREAM_JOB_H

#include "cli/stream_sync.h"

struct stream_job {
    struct session session;
    struct toml manifest;
    struct stream_config config;
    struct stream_catalog catalog;
    struct sink_message sink; /* to standard output */
    struct stream_sync sync;
};

/* Starts as {0}; stream_job_close is due in any case. The steps in their order; false: trouble
 * tells. */
bool stream_job_load(struct stream_job *job, const struct args *args,
                     enum message_protocol protocol, struct trouble *trouble);
bool stream_job_configure(struct stream_job *job, const char *config_path, struct trouble *trouble);
bool stream_job_open_source(struct stream_job *job, struct trouble *trouble);

/* One round, to its end; then whether more failed than the config allows. */
bool stream_job_sync(struct stream_job *job, struct trouble *trouble);

/* Says in `trouble` when nobody read on. */
void stream_job_close(struct stream_job *job, struct trouble *trouble);

#endif
