/* SPDX-License-Identifier: Apache-2.0 */
/* The last sink: it turns what a format says into one row, and the story around it into the rest.
 *
 *   events ─► text, blocks, dropped, cells ─┐
 *   provenance, verdict, fault, notes ──────┴─► struct record
 *
 * Its tables are kept from one document to the next; what lies in them and how it becomes the row:
 * row.h. Text that no wanted column needs is counted and not kept: the verdict does not depend on the
 * columns.
 */
#ifndef JOB_RECORDER_H
#define JOB_RECORDER_H

#include "base/blob.h"
#include "base/document.h"
#include "base/settings.h"
#include "base/vector.h"
#include "job/job.h"
#include "job/record.h"

/* What is known of a document before it is opened. Texts with .ptr NULL are null in the record. */
struct provenance {
    str id;
    str parent_id;
    str url;
    str final_url;
    str member;
    int64_t fetched_at_us; /* INT64_MIN: null */
    int64_t http_status;   /* 0: null */
    str etag;
    str last_modified;
    str content_sha256;
    int64_t content_bytes;  /* -1: null */
    struct str_list rights; /* what robots.txt and headers say; the page may say more */
};

enum verdict { VERDICT_CONVERTED, VERDICT_PARTIAL, VERDICT_FAILED, VERDICT_REFUSED };

struct outcome {
    enum verdict verdict;
    /* Why the content itself is not whole (download_truncated, limit); empty: nothing known. It goes
     * before what the document says of its own completeness, which then becomes a note. */
    str incomplete_reason;
};

struct recorder {
    struct sink sink; /* first: events arrive here */
    struct document *document;
    const struct job_want *want;
    const struct job_watch *watch;
    struct record record;
    const struct blob *content; /* of the document; NULL: lent by the host. Set behind begin */
    int64_t relaxed_bytes;      /* of it were read when its pages were last handed back */

    struct vector text;       /* char */
    struct vector blocks;     /* struct block_entry */
    struct vector drops;      /* struct drop_entry */
    struct vector drop_text;  /* char */
    struct vector values;     /* struct value_entry */
    struct vector value_text; /* char */
    struct vector links;      /* struct link_entry */
    struct vector notes;      /* struct record_note */
    struct vector lists;      /* str */
    struct vector block_rows; /* struct record_block */
    struct vector drop_rows;  /* struct record_drop */
    struct vector link_rows;  /* struct record_link */
    struct vector rule_rows;  /* str */
    struct vector markdown;   /* char */

    bool keeps_text;
    size_t text_len; /* with the newlines between blocks; kept or not */
    size_t drop_text_len;
    bool in_block;
    bool block_has_text;
    bool overflowed; /* text_bytes_max was reached */
    size_t overflow_start;
    size_t overflow_end;
    bool seen_text; /* any visible text went into a block */
    char converter[96];
};

void recorder_begin(struct recorder *recorder, struct document *document,
                    const struct job_want *want, const struct job_watch *watch);

/* The row, valid until the next begin. NO_MEMORY: nothing could be made. */
enum status recorder_finish(struct recorder *recorder, const struct provenance *provenance,
                            const struct outcome *outcome, const struct record **out) MUST_CHECK;

void recorder_release(struct recorder *recorder);

#endif
