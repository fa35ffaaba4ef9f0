/* SPDX-License-Identifier: Apache-2.0 */
/* What a call across the ABI answers, and the error a caller may hand in to be told why.
 *
 * One document that fails is a record, never an error: these are for calls that could not be
 * carried out at all.
 */
#ifndef QUERN_STATUS_H
#define QUERN_STATUS_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The numbers are fixed for ever; new ones are added at the end. A host must expect unknown ones. */
enum quern_status {
    QUERN_OK = 0,
    QUERN_INVALID_ARGUMENT = 1, /* an option, a column, a split or a pointer is wrong: `where` names it */
    QUERN_INVALID_STATE = 2,    /* not now: a closed stream, a forked process, a second stream */
    QUERN_IO = 3,               /* a file or folder could not be read or written: `sys_errno` */
    QUERN_HTTP = 4,             /* an answer of a web server: `http_status` */
    QUERN_TIMEOUT = 5,
    QUERN_CANCELLED = 6,
    QUERN_CORRUPT = 7,     /* a split or a state that is not ours, or is damaged */
    QUERN_UNSUPPORTED = 8, /* known, but not offered by this build or version */
    QUERN_LIMIT = 9,       /* a named limit */
    QUERN_NO_MEMORY = 10,
    QUERN_INTERNAL = 11 /* a mistake of the plugin's own */
};

enum { QUERN_ERROR_RETRYABLE = 1 << 0 /* the same call may succeed later */ };

/* Caller-owned and inline: nothing to free. Every function that takes one accepts NULL. The caller
 * sets struct_size before the call; the plugin writes only members that lie inside it, and only
 * when the call does not answer QUERN_OK. `where` and `message` are NUL-terminated UTF-8. Secrets
 * and userinfo of URLs never stand in them. */
struct quern_error {
    uint32_t struct_size; /* sizeof(struct quern_error), set by the caller */
    int32_t status;       /* enum quern_status */
    int32_t sys_errno;    /* errno of the system call that failed, or 0 */
    int32_t http_status;  /* status of the HTTP answer, or 0 */
    uint32_t flags;       /* QUERN_ERROR_RETRYABLE */
    uint32_t reserved;    /* 0 */
    char where[256];      /* option, file, URL or call it is about */
    char message[512];    /* a sentence for people: what is wrong and what to do */
};

#ifdef __cplusplus
}
#endif

#endif
