/* SPDX-License-Identifier: Apache-2.0 */
/* What a RAR, 7z or tar tells without being unpacked: that it is one volume of several, that its
 * headers need a password, that its end is missing. libarchive says "damaged" to these, or
 * nothing. */
#ifndef UNPACK_VOLUME_H
#define UNPACK_VOLUME_H

#include "base/document.h"
#include "unpack/container.h"

struct volume {
    bool is_part;        /* of several volumes */
    bool begins_inside;  /* its first file began in the volume before */
    bool has_no_end;     /* the mark at the end is missing: a tar or RAR 5 that was cut */
    int64_t number;      /* 1-based; 0: not stated */
    uint64_t next_block; /* RAR 5: where volume_step goes on */
};

/* False: it cannot be opened, and the fault tells why. [any thread] */
bool volume_check(bytes content, enum container_kind kind, struct volume *volume,
                  struct fault *fault);

/* To be called for each header that libarchive gives of a RAR 5: is that entry encrypted? libarchive
 * 3.6.2 does not say so, and hands out what is stored as if it were the content. */
bool volume_step(struct volume *volume, bytes content);

/* Puts it plainly when a member's fault comes from another volume's absence. */
void volume_explain(const struct volume *volume, struct fault *fault);

/* The same for the archive's end, where one volume of several is never the whole. */
void volume_tell_end(const struct volume *volume, struct fault *fault);

#endif
