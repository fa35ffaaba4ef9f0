/* SPDX-License-Identifier: Apache-2.0 */
/* Options checked once, and the walks over their splits. Both functions of the table and the
 * floor's own: a source lives until the last plan, reader and stream made from it is closed.
 */
#ifndef ABI_SOURCE_H
#define ABI_SOURCE_H

#include "abi/watch.h"
#include "base/settings.h"
#include "quern/plugin.h"

#include <stdatomic.h>

struct quern_source {
    atomic_size_t refs;
    pid_t pid;
    struct quern_host host;
    struct settings settings; /* texts in `arena` */
    struct arena arena;
};

/* See quern/plugin.h. */
int32_t source_open(const struct quern_host *host, const struct quern_option *options,
                    size_t option_count, struct quern_source **out, struct quern_error *error);
void source_close(struct quern_source *source);
int32_t source_plan(struct quern_source *source, struct quern_plan **out,
                    struct quern_error *error);
int32_t split_next(struct quern_plan *plan, struct quern_split *split, struct quern_error *error);
void split_close(struct quern_plan *plan);

/* One more owner; source_close takes it back. */
void source_keep(struct quern_source *source);

/* QUERN_INVALID_STATE when the process was forked since. */
int32_t check_process(pid_t pid, str where, struct quern_error *error);

#endif
