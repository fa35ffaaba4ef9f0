/* SPDX-License-Identifier: Apache-2.0 */
/* SHA-256, as libcrypto computes it: of content, and of length-prefixed parts for ids. */
#ifndef BASE_HASH_H
#define BASE_HASH_H

#include "base/str.h"

enum { HASH_HEX_LEN = 64 };

struct hash; /* one computation under way */

struct hash *hash_open(void); /* NULL: no memory */
bool hash_add(struct hash *hash, bytes part);
/* The length as 8 big-endian bytes, then the bytes: so that ("ab","c") and ("a","bc") differ. */
bool hash_add_counted(struct hash *hash, bytes part);
/* 64 lower-case hex digits, no NUL; the computation cannot go on afterwards. */
bool hash_finish(struct hash *hash, char out[HASH_HEX_LEN]);
void hash_close(struct hash *hash); /* NULL is allowed */

#endif
