/* SPDX-License-Identifier: Apache-2.0 */
/* One round of a stream as messages: records, and after each batch a state that says how far.
 *
 *   state ─► same inputs, not finished: walk the plan again, pass over what the state's hashes say
 *       │    is done, go on inside the split that was being read
 *       └─► else a new round from its beginning
 *
 * When the hash shows that a folder has changed among the files already read, the local files are
 * read from their first again: their ids are the same, so a target that upserts by id has each once,
 * and nothing that was moved into the part already read is passed over.
 */
#ifndef CLI_STREAM_SYNC_H
#define CLI_STREAM_SYNC_H

#include "cli/schedule.h"
#include "cli/stream_config.h"
#include "cli/stream_state.h"

/* One walk over the plan, of one kind of splits. */
struct stream_walk {
    int64_t at;                       /* splits of this kind so far */
    char splits[STREAM_HASH_LEN + 1]; /* hash over them */
    bool has_moved;                   /* not as the state says: the next walk reads it */
    bool is_read;                     /* to its end, by this process */
};

struct stream_sync {
    struct store store; /* first: what the schedule commits goes out as a message */
    struct session *session;
    struct sink_message *sink;
    const struct stream_config *config;
    const struct stream_catalog *catalog;
    struct stream_state state;
    struct stream_walk walks[STREAM_PART_COUNT];
    struct schedule schedule;

    enum stream_part_kind kind; /* of the split being read */
    char split[STREAM_HASH_LEN + 1];
    char splits_then[STREAM_HASH_LEN + 1]; /* over all of its kind, when it is done */
    int64_t split_number;                  /* the schedule's */
    int64_t rows_told;                     /* counted by the states that went out */
    bool is_told;                          /* nothing has changed since the last state */
};

/* A split that asks a web host is one of the web, as its summary says. */
enum stream_part_kind stream_kind_of(const struct quern_split *split);

/* Lent until stream_sync_close: all of them. sync->state was read before. */
void stream_sync_open(struct stream_sync *sync, struct session *session, struct sink_message *sink,
                      const struct stream_config *config, const struct stream_catalog *catalog);
void stream_sync_close(struct stream_sync *sync);

/* False: trouble tells; it is LATER when a stop was asked for. The last message is a state. */
bool stream_sync_run(struct stream_sync *sync, struct trouble *trouble);

/* Of the whole round so far. */
struct store_tally stream_sync_tally(const struct stream_sync *sync);

#endif
