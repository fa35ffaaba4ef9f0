/* SPDX-License-Identifier: Apache-2.0 */
/* In place of sink_postgres*.c and store_postgres.c where libpq was not there at the build. */
#include "cli/sink_postgres.h"
#include "cli/store.h"

struct record_sink *sink_postgres_open(const struct postgres_settings *settings,
                                       struct trouble *trouble)
{
    (void)settings;
    (void)trouble_set(trouble, TROUBLE_JOB,
                      "this quern was built without libpq, so it has no sink postgresql; install "
                      "libpq-dev and build it again");
    return NULL;
}

struct store *store_postgres_open(struct record_sink *sink, const char *job,
                                  struct trouble *trouble)
{
    (void)sink;
    (void)job;
    (void)trouble;
    return NULL;
}
