/* SPDX-License-Identifier: Apache-2.0 */
/* A job as an Arrow stream: rows gather in a batch that leaves by the rules of plugin.h.
 *
 *   job_next ─► pending ─► does it fit? ─► batch ─► … ─► get_next
 *                             └ no: the batch leaves, the row waits for the next one
 *
 * The state must describe exactly the rows that left, never the one that waits. Since one only
 * knows after pulling a row that it does not fit, the state is copied after every row that went in,
 * before the next is pulled: at most 64 KiB, for files a few bytes.
 *
 * The struct is part of its owner (a reader, or one stream of a converter), whose `let_go` runs
 * when the host releases the ArrowArrayStream.
 */
#ifndef ABI_STREAM_H
#define ABI_STREAM_H

#include "abi/batch.h"
#include "abi/keeper.h"
#include "abi/watch.h"
#include "quern/plugin.h"

enum { STATE_BYTES_MAX = 64 * 1024 }; /* plugin.h promises it */

struct state {
    size_t len;
    char text[STATE_BYTES_MAX];
};

struct stream {
    pid_t pid;
    struct watch watch;
    struct job_watch job_watch;
    struct keeper keeper; /* of a reader; a stream of a converter has none */
    struct job_want want;
    const struct settings *settings;
    const struct layout *layout;
    struct job *job;
    struct batch batch;
    const struct record *pending; /* pulled, not in a batch yet; lent by the job */
    bool is_ended;
    int failed_errno;          /* 0: nothing failed; stays */
    struct quern_error error;  /* why */
    struct state *state;       /* of the batch that left last; NULL: no state is kept */
    struct state *state_ahead; /* of the batch that is gathering */
    void (*let_go)(struct stream *stream);
};

/* All but the job, which the owner opens with job_watch and want, and sets. Everything handed in is
 * lent until stream_close. */
void stream_init(struct stream *stream, const struct quern_host *host,
                 const struct settings *settings, const struct layout *layout,
                 void (*let_go)(struct stream *stream));

/* Before the job is opened: asks the host for its store. */
void stream_keep_store(struct stream *stream);

/* Takes the state the job begins with. QUERN_NO_MEMORY, QUERN_INTERNAL. */
int32_t stream_keep_state(struct stream *stream, struct quern_error *error);

void stream_export(struct stream *stream, struct ArrowArrayStream *out);

/* The stream behind one that stream_export made; NULL: another's, or released. */
struct stream *stream_behind(const struct ArrowArrayStream *exported);

/* [any thread] */
void stream_cancel(struct stream *stream);

/* Closes the job, unless it is a forked child that asks: what the job holds is the parent's. */
void stream_close(struct stream *stream);

#endif
