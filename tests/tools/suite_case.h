/* SPDX-License-Identifier: Apache-2.0 */
/* What html_tokens and html_tree share: one case from stdin, or with --batch many.
 *
 *   LENGTH<tab>OPTION<tab>VALUE…<newline>LENGTH bytes      in, any number of them
 *   LENGTH<newline>LENGTH bytes                             out, one for each
 */
#ifndef TOOLS_SUITE_CASE_H
#define TOOLS_SUITE_CASE_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/status.h"

struct suite_case {
    str text;
    str state;          /* --state "RCDATA state" */
    str last_start_tag; /* --last-start-tag title */
    str fragment;       /* --fragment "svg path": the context element */
    bool scripting;     /* --scripting on */
    bool spans;         /* --spans on: where each text stands in the source */
};

typedef enum status suite_case_function(struct arena *arena, const struct suite_case *input,
                                        struct buf *out);

/* The whole of a tool's main; its exit code. */
int suite_case_main(int argc, char **argv, suite_case_function *run);

#endif
