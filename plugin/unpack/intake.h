/* SPDX-License-Identifier: Apache-2.0 */
/* The bytes of one member on their way into its blob: the one place where limits are asked.
 *
 *   intake_open ─► intake_take(part) … ─► intake_close ─► member.content, member.fault
 *                     │ entry bytes, input bytes, ratio, cancel
 *
 * Limits count bytes produced, never what a header promises.
 */
#ifndef UNPACK_INTAKE_H
#define UNPACK_INTAKE_H

#include "unpack/unpack.h"

/* One open container: what its members share. */
struct intake_source {
    struct budget *budget;
    const struct unpack_watch *watch; /* NULL allowed */
    int64_t content_bytes;            /* packed: what the ratio divides by */
    int64_t produced_bytes;
    bool is_spent; /* the input's bytes or the ratio are used up: nothing more comes out */
};

struct intake {
    struct intake_source *source;
    struct member *member;
    struct blob *blob;
    int64_t taken_bytes;
    int64_t limit_bytes; /* of this member */
    uint32_t crc;        /* of what was taken; right as long as nothing was refused */
    bool is_cut;         /* a limit: more would have come */
};

bool watch_is_cancelled(const struct unpack_watch *watch);

/* `member` outlives the intake; its fault is told in here. */
void intake_open(struct intake *intake, struct intake_source *source, struct member *member);

/* OK; LIMIT: the member is cut, its fault told; CANCELLED; NO_MEMORY; FAILED: the blob could not be
 * written, the fault is told. */
enum status intake_take(struct intake *intake, bytes part) MUST_CHECK;

/* Bytes that are decoded only to get past them: they cost as much as those that are kept. OK;
 * LIMIT: the source is spent; CANCELLED. */
enum status intake_pass(struct intake_source *source, size_t len) MUST_CHECK;

/* Seals the blob into member->content, unless `status` says that the member must not appear
 * (CANCELLED, NO_MEMORY): then it is closed. LIMIT and FAILED become OK: the member carries its
 * fault. */
enum status intake_close(struct intake *intake, enum status status) MUST_CHECK;

#endif
