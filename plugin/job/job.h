/* SPDX-License-Identifier: Apache-2.0 */
/* The story of documents, one after the other: fetch or open, hold, recognise, unpack, convert,
 * record.
 *
 *   split ─► targets ─► [fetch | open] ─► blob ─► container? ─► its members join the worklist
 *                                           └──► format ─► convert ─► normaliser ─► recorder ─► row
 *
 * One job reads one split (or one lot of bytes) on one thread. Its memory is one document's arena,
 * the stack of open containers and what was fetched ahead (prefetch.h).
 */
#ifndef JOB_JOB_H
#define JOB_JOB_H

#include "base/document.h"
#include "base/memo.h"
#include "base/settings.h"
#include "job/record.h"

struct job;

struct job_progress {
    int64_t documents_done;
    int64_t documents_total;
    int64_t records;
    int64_t received_bytes;
    int64_t wait_ms;   /* for politeness; 0: at work */
    int64_t unchanged; /* this and the next: documents done that gave no record, see recall.h */
    int64_t not_due;
    int64_t failed;
    int64_t unanswered; /* of the failed ones */
    str current;        /* URL or path */
};

/* A document that failed and gives no record, because a good one of it is committed. */
struct job_withheld {
    str url;
    const struct fault *fault;
};

/* Each callback may be NULL, and so may the memo. Called on the job's thread only; is_cancelled at least every 50 ms
 * while the job blocks, at each sink event and each 64 KiB consumed. */
struct job_watch {
    void *context;
    bool (*is_cancelled)(void *context);
    void (*progress)(void *context, const struct job_progress *progress);
    void (*withheld)(void *context, const struct job_withheld *withheld);
    const struct memo *memo; /* what the host knows from earlier runs; lent as long as the job */
};

struct job_want {
    bool columns[COLUMN_COUNT]; /* what the host reads; blocks and dropped cost nothing unwanted */
};

/* Lent until the job closes. `split`: what plan_next wrote; `state`: what job_state wrote for this
 * split, or empty. `authorization`: the resolved secret, or empty. NULL: `fault` tells (bad_format
 * for a split or state that is not ours, no_memory). */
struct job *job_open(const struct settings *settings, str authorization, bytes split, bytes state,
                     const struct job_want *want, const struct job_watch *watch,
                     struct fault *fault);

struct job_input {
    bytes content;
    str name;       /* empty: unknown */
    str url;        /* empty: unknown */
    str media_type; /* declared, parameters and all; empty: unknown */
};

/* The same records from bytes the host holds. */
struct job *job_open_bytes(const struct settings *settings, const struct job_input *input,
                           const struct job_want *want, const struct job_watch *watch,
                           struct fault *fault);

enum job_step {
    JOB_RECORD, /* *out is the next row */
    JOB_LATER,  /* the deadline came first: nothing is lost, call again */
    JOB_END     /* no more rows */
};

/* `deadline_ms` on CLOCK_MONOTONIC; INT64_MAX: none. OK with *step set; CANCELLED; NO_MEMORY when
 * not even a record saying so could be made. */
enum status job_next(struct job *job, int64_t deadline_ms, enum job_step *step,
                     const struct record **out) MUST_CHECK;

/* JSON of at most 64 KiB: everything up to the row that job_next returned last. In the job, lent
 * until the next call. Empty for jobs over bytes. `.ptr` NULL: no memory. */
str job_state(struct job *job);

/* [any thread] Makes a blocked job_next look at is_cancelled now. */
void job_wake(struct job *job);

void job_close(struct job *job); /* NULL is allowed */

#endif
