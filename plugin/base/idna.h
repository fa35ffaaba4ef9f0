/* SPDX-License-Identifier: Apache-2.0 */
/* A domain name as ASCII: mapped (the part of UTS #46 that host.h names) and, label by label, in
 * Punycode (RFC 3492). What is encoded already (xn--) stays as it is, unverified. Knows nothing of which ASCII characters a host may hold. */
#ifndef BASE_IDNA_H
#define BASE_IDNA_H

#include "base/buf.h"

/* False: not UTF-8, a code point outside the mapped ones, a label that is too long once encoded, or
 * no memory (out's arena says which). [any thread] */
bool idna_to_ascii(bytes name, struct buf *out);

#endif
