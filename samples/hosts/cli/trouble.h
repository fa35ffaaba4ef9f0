/* SPDX-License-Identifier: Apache-2.0 */
/* Why a command ends: a sentence for people and the exit code for scripts, after sysexits.
 */
#ifndef CLI_TROUBLE_H
#define CLI_TROUBLE_H

#include "common/text.h"

/* TROUBLE(NAME, number, "what it means, as `quern help` prints it") */
#define TROUBLE_LIST(X)                                                                            \
    X(NONE, 0, "everything asked for was done")                                                    \
    X(USAGE, 64, "the command line is wrong")                                                      \
    X(DATA, 65,                                                                                    \
      "an input failed (convert), more of them than fail_above allows (run), or a schedule has "   \
      "not "                                                                                       \
      "succeeded for its deadman time (status), or a fire has not (backfill)")                     \
    X(NO_INPUT, 66, "an input does not exist or cannot be read")                                   \
    X(UNAVAILABLE, 69, "no web host answered (run)")                                               \
    X(INTERNAL, 70, "no memory, or a mistake of Quern's own")                                      \
    X(CANNOT_CREATE, 73, "an output cannot be made")                                               \
    X(CANNOT_WRITE, 74, "an output cannot be written, or its reader has gone")                     \
    X(LATER, 75, "inputs are left for a later run: call it again")                                 \
    X(BUSY, 76, "another process runs this job already: nothing to do (run)")                      \
    X(JOB, 78, "the job file or an option is wrong, or this machine lacks something (doctor)")

enum trouble_code {
#define X(name, number, sentence) TROUBLE_##name = (number),
    TROUBLE_LIST(X)
#undef X
};

struct trouble {
    enum trouble_code code;
    struct text message; /* may be empty: nothing to say, as when a pipe was closed */
};

/* The first one counts. Answers false, for `return trouble_set(…)`. */
bool trouble_set(struct trouble *trouble, enum trouble_code code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

bool trouble_memory(struct trouble *trouble);

void trouble_release(struct trouble *trouble);

#endif
