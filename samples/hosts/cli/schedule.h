/* SPDX-License-Identifier: Apache-2.0 */
/* Split after split, batch after batch from the plugin into a sink, counted on the way.
 */
#ifndef CLI_SCHEDULE_H
#define CLI_SCHEDULE_H

#include "cli/session.h"

struct schedule {
    struct session *session;
    struct record_sink *sink; /* lent */
    struct store *store;      /* lent; NULL: nothing is kept */
    const char **columns;     /* what the plugin is asked for; NULL: everything */
    uint32_t column_count;
    int64_t shown; /* the first so many were asked for by the user */
    bool sink_begun;
    struct quern_progress counted; /* of what gave no record in this split: is in the tally */
    struct store_position position;
    struct text state; /* what position.state points to */
    struct pool pool;
};

/* `columns` NULL: all. Lent until schedule_close. */
bool schedule_open(struct schedule *schedule, struct session *session, struct record_sink *sink,
                   struct store *store, const char *const *columns, size_t column_count,
                   struct trouble *trouble);
void schedule_close(struct schedule *schedule);

/* Reads one split from position.state on, to its end; then position stands at the next split. False
 * also when a stop was asked for: trouble is LATER then. */
bool schedule_read_split(struct schedule *schedule, span split, int64_t documents,
                         struct trouble *trouble);

/* Pulls a stream to its end and releases it. `reader` NULL: one of convert_stream. */
bool schedule_pull(struct schedule *schedule, struct ArrowArrayStream *stream,
                   struct quern_reader *reader, struct trouble *trouble);

/* Each split of a new plan, until `each` answers false. */
bool schedule_plan(struct session *session,
                   bool (*each)(void *context, const struct quern_split *split,
                                struct trouble *trouble),
                   void *context, struct trouble *trouble);

/* What the whole comes to, when nothing else went wrong: 0, 65 or 69. */
enum trouble_code schedule_verdict(const struct store_tally *tally, double fail_above);

/* The same as trouble: false when it is one. `path`: the file that says fail_above. */
bool schedule_judge(const struct store_tally *tally, double fail_above, const char *path,
                    struct trouble *trouble);

#endif
