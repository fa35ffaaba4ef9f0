/* SPDX-License-Identifier: Apache-2.0 */
/* A secret is given by reference and looked up as late as possible: where a reader opens.
 *
 *   env:NAME    an environment variable
 *   file:PATH   a regular file; one line end at its end is not part of the secret
 *
 * The reference may be shown to anybody; what it stands for never leaves the reader, and is wiped
 * when that closes.
 */
#ifndef ABI_SECRET_H
#define ABI_SECRET_H

#include "abi/error.h"

enum { SECRET_BYTES_MAX = 64 * 1024 }; /* a header's value; servers take 8 to 64 KiB */

struct secret {
    char *ptr; /* NULL: none */
    size_t len;
};

/* Is it of one of the two forms? The empty string is: no secret. */
bool secret_is_reference(str value);

/* QUERN_INVALID_ARGUMENT: it does not resolve; `key` names the option. [any thread] */
int32_t secret_resolve(struct secret *secret, str reference, str key, struct quern_error *error);

str secret_str(const struct secret *secret); /* lent until secret_release */
void secret_release(struct secret *secret);

#endif
