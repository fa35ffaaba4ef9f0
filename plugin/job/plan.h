/* SPDX-License-Identifier: Apache-2.0 */
/* From inputs (inputs.h) to splits: folders are walked in byte order of names as the plan is read,
 * URLs are gathered by web host, so that all documents of one web host lie in one split.
 *
 * A split is UTF-8 JSON that names its targets and nothing secret; it needs the same settings to be
 * read. At most 256 web hosts a split.
 */
#ifndef JOB_PLAN_H
#define JOB_PLAN_H

#include "base/document.h"
#include "base/settings.h"

struct plan;

/* `settings` lent until plan_close. NULL: `fault` tells, with the input in its message. */
struct plan *plan_open(const struct settings *settings, struct fault *fault);

struct plan_split {
    str bytes;   /* lent until the next plan_next; empty: the end */
    str summary; /* JSON for people, see quern/plugin.h */
    int64_t documents;
    int64_t bytes_estimate; /* -1: unknown */
};

/* OK, NO_MEMORY, FAILED (the fault tells which input). */
enum status plan_next(struct plan *plan, struct plan_split *out, struct fault *fault) MUST_CHECK;

void plan_close(struct plan *plan); /* NULL is allowed */

#endif
