/* SPDX-License-Identifier: Apache-2.0 */
/* What the first bytes of a RAR or 7z already tell: that it is one volume of several, that its
 * headers need a password, that its end is missing. libarchive says "damaged" to all of them. */
#ifndef UNPACK_VOLUME_H
#define UNPACK_VOLUME_H

#include "base/document.h"
#include "unpack/container.h"

struct volume {
    bool is_part;   /* of several volumes */
    int64_t number; /* 1-based; 0: not stated */
};

/* False: it cannot be opened, and the fault tells why. [any thread] */
bool volume_check(bytes content, enum container_kind kind, struct volume *volume,
                  struct fault *fault);

/* Puts it plainly when a fault comes from another volume's absence. */
void volume_explain(const struct volume *volume, struct fault *fault);

#endif
