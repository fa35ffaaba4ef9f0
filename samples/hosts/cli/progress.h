/* SPDX-License-Identifier: Apache-2.0 */
/* What people and scripts are told while a command works, all of it on standard error: one line
 * that is redrawn on a terminal, or JSON lines; failures as they come; a summary at the end.
 */
#ifndef CLI_PROGRESS_H
#define CLI_PROGRESS_H

#include "cli/store.h"

#include "quern/host.h"

enum progress_style {
    PROGRESS_QUIET, /* errors only */
    PROGRESS_PLAIN, /* no line, but failures and the summary */
    PROGRESS_LINE,  /* on a terminal */
    PROGRESS_JSON
};

struct progress {
    enum progress_style style;
    /* Gets each line, without its end, instead of standard error; with PLAIN. NULL: nobody does. */
    void (*tell)(void *context, bool is_warning, span line);
    void *tell_context;
    int64_t started_ms;
    int64_t told_ms;          /* when it last drew */
    int64_t documents_total;  /* of all splits; -1: unknown */
    int64_t documents_before; /* done in former splits */
    int64_t records_before;
    int64_t bytes_before;
    struct quern_progress now; /* of this split; `current` is not kept */
    bool line_shown;
    int64_t failures_told;
};

void progress_open(struct progress *progress, enum progress_style style);

/* From the plugin, at most ten times a second. */
void progress_tell(struct progress *progress, const struct quern_progress *now);

/* This split is done: `documents` of it count as done. */
void progress_split_done(struct progress *progress, int64_t documents);

/* A line of its own for people; `event` and the text for scripts. */
void progress_say(struct progress *progress, const char *event, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* An input whose record says failed or refused. After some, only the summary counts them. */
void progress_failure(struct progress *progress, span name, span status, span code, span message);

void progress_summary(struct progress *progress, const struct store_tally *tally,
                      enum trouble_code code);

#endif
