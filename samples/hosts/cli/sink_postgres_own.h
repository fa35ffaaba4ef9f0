/* SPDX-License-Identifier: Apache-2.0 */
/* The inside of the sink, for the store that commits with it.
 */
#ifndef CLI_SINK_POSTGRES_OWN_H
#define CLI_SINK_POSTGRES_OWN_H

#include "cli/sink_postgres_change.h"

struct sink_postgres {
    struct record_sink sink;
    struct postgres_link link;
    struct postgres_change change; /* gathered, not committed */
    int64_t *needed;               /* children that are staged, in the order of change.columns */
    int64_t needed_count;
    struct text cell;
};

#endif
