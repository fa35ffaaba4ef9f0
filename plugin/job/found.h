/* SPDX-License-Identifier: Apache-2.0 */
/* A target after somebody went and looked: its content, or why there is none, and all that is known
 * of where it came from. Files, kept contents and inputs that cannot be asked for are opened here;
 * URLs by way of fetch/. */
#ifndef JOB_FOUND_H
#define JOB_FOUND_H

#include "base/blob.h"
#include "base/document.h"
#include "base/settings.h"
#include "fetch/fetch.h"
#include "job/identity.h"
#include "job/recall.h"
#include "job/recorder.h"
#include "job/target.h"

struct found {
    struct provenance provenance;
    enum identity_kind
        identity_kind; /* of the outermost document: what ids of members begin with */
    bytes identity;
    const struct identity_step *step; /* NULL: not a member */
    struct blob *blob;                /* owned; NULL: the content is lent, or there is none */
    bytes content;
    bool has_content;
    struct hints hints;
    struct fault fault; /* code none: the content is whole */
    bool is_fetching;   /* found_take brings the rest */
    bool truncated;     /* it ended early */
    bool limited;       /* it was longer than a limit */
    bool is_recalled;   /* `recalled` is what earlier runs know of it */
    bool is_early;      /* it is not due yet, and was not asked for */
    bool is_unchanged;  /* 304: it is what is recalled, and has no content here */
    struct recalled recalled;
    int64_t notes[NOTE_COUNT];
};

/* Everything of `out` lives in the arena or is lent from the arguments; the blob is the caller's to
 * close. A URL is only set out for, in the name of `owner`: out->is_fetching. `recall` NULL: it is
 * read whatever is known of it. NO_MEMORY, CANCELLED; else OK, whatever was found. */
enum status found_open(struct arena *arena, const struct settings *settings,
                       const struct blob_watch *watch, const struct target *target,
                       struct fetcher *fetcher, void *owner, const struct recall *recall,
                       struct found *out) MUST_CHECK;

/* What was set out for came back, with status OK. NO_MEMORY, INTERNAL. */
enum status found_take(struct arena *arena, const struct fetched *fetched,
                       struct found *found) MUST_CHECK;

/* Bytes a host holds. Statuses as found_open. */
struct job_input;
enum status found_input(struct arena *arena, const struct blob_watch *watch,
                        const struct job_input *input, struct found *out) MUST_CHECK;

/* Writes content and sidecar into settings->keep, when it is set and there is content. A failure is
 * told as the document's fault: the user asked for copies. */
void found_keep(struct arena *arena, const struct settings *settings, struct found *found);

#endif
