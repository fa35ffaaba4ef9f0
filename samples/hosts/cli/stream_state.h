/* SPDX-License-Identifier: Apache-2.0 */
/* How far a round is, small enough to travel with every batch: the target keeps it, so there is no
 * room for the plan. What stands for the plan is a hash of the splits that are done:
 *
 *   {"version":1,"round":2,"finished":false,"inputs":"5f0c…",
 *    "files":{"splits_done":3,"splits":"9a41…","split":"","reader":"","records":3140,…},
 *    "web":{"splits_done":1,"splits":"77be…","split":"0c3d…","reader":"{\"v\":1,…}",…}}
 *
 * Splits of local files and of web hosts are counted apart: a folder that changes in the middle of a
 * round moves the former only, and no web host is asked again because of it.
 */
#ifndef CLI_STREAM_STATE_H
#define CLI_STREAM_STATE_H

#include "cli/json_file.h"
#include "cli/store.h"
#include "cli/stream_catalog.h"

enum {
    STREAM_HASH_LEN = 32,            /* hex digits */
    STREAM_READER_BYTES_MAX = 65536, /* what reader_state promises */
    STREAM_STATE_VERSION = 1
};

enum stream_part_kind { STREAM_FILES, STREAM_WEB, STREAM_PART_COUNT };

struct stream_part {
    int64_t splits_done;
    char splits[STREAM_HASH_LEN + 1]; /* hash over their bytes; empty: none is done */
    char split[STREAM_HASH_LEN + 1];  /* of the one being read; empty: none is */
    struct text reader;               /* its reader's state */
    struct store_tally tally;
};

struct stream_state {
    int64_t round; /* 0: there was none yet */
    bool is_finished;
    struct text inputs; /* fingerprint of what the round was planned from */
    struct stream_part parts[STREAM_PART_COUNT];
};

/* A state starts as {0}. */
void stream_state_release(struct stream_state *state);

/* Forgets how far a part is. */
void stream_part_reset(struct stream_part *part);

void stream_state_write(const struct stream_state *state, struct text *to);

/* From a file as the protocol's runners keep it: of Singer the value of a STATE message, of Airbyte
 * the list of state messages. Without a state for this stream: a fresh start. */
bool stream_state_read(struct stream_state *state, const struct stream_catalog *catalog,
                       const char *path, struct trouble *trouble);

#endif
