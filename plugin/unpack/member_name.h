/* SPDX-License-Identifier: Apache-2.0 */
/* Names of members: bytes that nobody declared, so all of an archive's are judged together.
 *
 *   every header ─► judge_add … ─► judge_settle        (the first pass, or the directory)
 *   each member  ─► judge_name ─► out->name            (decoded, `\` as `/`)
 *
 * UTF-8 is believed where the archive declares it and the bytes agree, and where they could hardly
 * be anything else; what is left is in one encoding, but for a name that is far better explained by
 * another. A name that was already misread when it was packed (╓╨╬─.txt for 中文.txt, in good UTF-8)
 * is put right where that is certain (text/repair.h), unless the option `repair` is off. A name is a
 * label: nothing is opened by it, and ids count it as it stands in the archive.
 */
#ifndef UNPACK_MEMBER_NAME_H
#define UNPACK_MEMBER_NAME_H

#include "unpack/unpack.h"

enum { NAMES_JUDGED_MAX = 4096 }; /* as many as that tell one encoding from another */

struct name_judge {
    struct arena *arena;
    size_t name_bytes_max; /* option archive_name_bytes_max */
    bool repairs;          /* option repair */
    bytes *names;
    size_t count;
    const struct charset *charset; /* after judge_settle; NULL: no evidence */
};

/* NO_MEMORY. The arena outlives the judge. */
enum status judge_open(struct name_judge *judge, struct arena *arena,
                       const struct settings *settings) MUST_CHECK;

/* `is_lent`: `raw` stays until judge_settle, no copy is needed. OK, NO_MEMORY. */
enum status judge_add(struct name_judge *judge, bytes raw, bool is_declared_utf8,
                      bool is_lent) MUST_CHECK;
void judge_settle(struct name_judge *judge);

/* Sets out->name and out->notes, in `arena`. A name longer than the limit is cut and ends in `…`.
 * OK, NO_MEMORY. */
enum status judge_name(const struct name_judge *judge, struct arena *arena, bytes raw,
                       bool is_declared_utf8, struct member *out) MUST_CHECK;

#endif
