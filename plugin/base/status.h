/* SPDX-License-Identifier: Apache-2.0 */
/* What a step that can fail answers: few values, each one a caller can act on.
 * The story for people goes to `fault`, once, where it was seen.
 */
#ifndef BASE_STATUS_H
#define BASE_STATUS_H

#define STATUS_LIST(X)                                                                             \
    X(OK)        /* it worked */                                                                   \
    X(FAILED)    /* this document cannot go on; the fault says why; what was said so far stays */  \
    X(LIMIT)     /* a named limit was reached; what was read up to there stays */                  \
    X(CANCELLED) /* the host wants to stop: unwind, say nothing more */                            \
    X(NO_MEMORY) /* the arena's limit or the machine's */                                          \
    X(INTERNAL)  /* our own mistake, seen before it did harm */

enum status {
#define X(name) STATUS_##name,
    STATUS_LIST(X)
#undef X
};

#define MUST_CHECK __attribute__((warn_unused_result))

/* Hands any status but OK up to the caller. Returning early is always safe in this house: the
 * arena holds the memory, the job closes the handles. */
#define TRY(expression)                                                                            \
    do {                                                                                           \
        const enum status try_status_ = (expression);                                              \
        if (try_status_ != STATUS_OK) {                                                            \
            return try_status_;                                                                    \
        }                                                                                          \
    } while (0)

#endif
