/* SPDX-License-Identifier: Apache-2.0 */
/* What is known of a document from earlier runs, and what later runs will know of it: the memo's
 * value of "doc/ID".
 *
 *   recall_find ─► fetch ─► recall_begin ┬► not due, or unchanged: no record
 *                                        ├► failed, and its good record is committed: no record
 *                                        └► told ─► recall_judge ─► recall_commit with its last row
 *
 *   {"v":1,"made":"5d1a…","good":true,"url":"…","etag":"…","last_modified":"…","sha256":"…",
 *    "checked_s":1790000000,"changed_s":…,"interval_s":86400,"due_s":…,"asked":3,"changed":1,"failed":0}
 *
 * Validators are put with the last row of a document, so that they are committed with its rows. They
 * are sent again only while the same making (version, converters, options, columns) would make the
 * same record of the same content. Without a memo every document is new, and nothing is put.
 */
#ifndef JOB_RECALL_H
#define JOB_RECALL_H

#include "base/memo.h"
#include "base/settings.h"
#include "fetch/fetch.h"
#include "job/job.h"

struct found;
struct outcome;

enum { RECALL_MADE_LEN = 16 };

/* One document as it was when it was read last. Texts in the arena given to recall_find. */
struct recalled {
    bool is_known; /* a record of it was committed */
    bool is_good;  /* and that record is no failure */
    bool is_made_alike;
    struct fetch_known validators; /* url empty: its content was not whole */
    str sha256;                    /* of the content received; empty: it was not whole */
    int64_t checked_s;             /* since 1970-01-01 UTC, as the next two */
    int64_t changed_s;
    int64_t due_s;
    int64_t interval_s;
    int64_t asked_count;
    int64_t changed_count;
    int64_t failed_count; /* in a row, since it was last reached */
};

/* What is to be put with the last row of the document at hand. */
struct recall_entry {
    bool is_open;
    bool is_whole;
    bool is_good;
    bool was_dead;
    str id;
    str url;
    struct recalled now;
};

/* Zeroed: recalls nothing. */
struct recall {
    const struct memo *memo; /* NULL: none */
    const struct settings *settings;
    char made[RECALL_MADE_LEN]; /* hex */
    struct arena arena;         /* of the entry */
    struct recall_entry entry;
};

enum recall_end {
    RECALL_TELL, /* it gets its record */
    RECALL_NOT_DUE,
    RECALL_UNCHANGED,
    RECALL_WITHHELD /* it failed: the record that is committed stays */
};

/* `memo` NULL: nothing is recalled. False: no memory. */
bool recall_open(struct recall *recall, const struct memo *memo, const struct settings *settings,
                 const struct job_want *want);
void recall_release(struct recall *recall);

/* What the memo says of the document. A memo that fails, or whose value is not one of ours, knows
 * nothing. */
void recall_find(const struct recall *recall, str id, struct arena *arena, struct recalled *out);

/* A value of "doc/ID" as it came back; false: it is not one of ours, and *out is as of an unknown
 * document. */
bool recall_read(bytes value, struct arena *arena, struct recalled *out);

/* Need it not be asked for yet? (option revisit) */
bool recall_is_early(const struct recall *recall, const struct recalled *last);

/* What to ask it with; NULL: it is asked for as it is. */
const struct fetch_known *recall_conditions(const struct recall *recall,
                                            const struct recalled *last);

/* After somebody went and looked. All but TELL: it gets no record, and the memo was told. */
enum recall_end recall_begin(struct recall *recall, const struct found *found);

/* After it was converted: TELL or WITHHELD. `fault`: the document's. */
enum recall_end recall_judge(struct recall *recall, const struct outcome *outcome,
                             const struct fault *fault);

/* Its last row was handed out. */
void recall_commit(struct recall *recall);

#endif
