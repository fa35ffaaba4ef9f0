/* SPDX-License-Identifier: Apache-2.0 */
/* The plugin loaded, its options given, and this program as its host.
 */
#ifndef CLI_SESSION_H
#define CLI_SESSION_H

#include "cli/args.h"
#include "cli/progress.h"

#include "common/plugin_load.h"

struct session {
    struct plugin_library library;
    const struct quern_plugin *plugin;
    struct quern_host host;
    struct quern_source *source; /* NULL until session_open_source */
    struct progress progress;
    struct store_memo *memo; /* what the plugin is offered as quern.store/1; NULL: nothing */
    /* The file options stand in, to name it in errors; NULL: on the command line. `job` knows their
     * lines when it is a job file. */
    struct job_file *job;
    const char *job_path;
    const char *state_path; /* the file a reader's state came from; NULL: none */
};

/* Loads the plugin that --plugin or the environment names, and reads --quiet and --progress. */
bool session_open(struct session *session, const struct args *args, struct trouble *trouble);

/* Options given to the plugin; false also when it refuses them. */
bool session_open_source(struct session *session, const struct quern_option *options, size_t count,
                         struct trouble *trouble);

void session_close(struct session *session);

/* What the plugin refused, as trouble: always false. */
bool session_fail(const struct session *session, const struct quern_error *error,
                  struct trouble *trouble);

/* The options of every --set, in a list with room for `room` more. NULL: trouble tells. */
struct quern_option *session_set_options(struct pool *pool, const struct args *args, size_t room,
                                         size_t *count, struct trouble *trouble);

#endif
