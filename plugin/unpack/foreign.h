/* SPDX-License-Identifier: Apache-2.0 */
/* libarchive behind a fence: one reader by name, over memory, every answer counted.
 *
 *   foreign_open ─► foreign_next ─► foreign_take … ─► foreign_close
 *
 * libarchive 3.6.2 and 3.7.4 answer some broken RAR files with the same error for ever, or with
 * data at offsets out of nothing. So: eight bad answers in a row end the archive, an offset that
 * goes back ends the entry, holes are not filled, and bytes are counted as they come out. Names are
 * converted under C.UTF-8 for this thread alone: in the locale "C" they would be lost.
 */
#ifndef UNPACK_FOREIGN_H
#define UNPACK_FOREIGN_H

#include "unpack/intake.h"

#include <archive.h>
#include <archive_entry.h>

/* The only readers that are ever enabled, each alone. */
enum foreign_reader {
    FOREIGN_SEVEN_ZIP,
    FOREIGN_RAR,
    FOREIGN_RAR5,
    FOREIGN_TAR,
    FOREIGN_ZIP_ENTRY, /* one local header and its data */
    FOREIGN_BZ2,
    FOREIGN_XZ,
    FOREIGN_ZST
};

struct foreign;

/* Content in up to two pieces, one behind the other, lent until foreign_close; the second may be
 * empty. NULL: no memory, or libarchive lacks the reader; `fault` tells. [job thread] */
struct foreign *foreign_open(enum foreign_reader reader, bytes first, bytes second,
                             struct fault *fault);

/* The next header of any kind, lent until the next call. NULL: the end; `fault` tells what ended it
 * early, if anything did. */
struct archive_entry *foreign_next(struct foreign *foreign, struct fault *fault);

/* The entry's data into the intake, to its end or to the limit. What is wrong with them is told in
 * the member. OK; CANCELLED; NO_MEMORY; LIMIT: the source is spent. */
enum status foreign_take(struct foreign *foreign, struct intake *intake) MUST_CHECK;

/* Gets past the rest of the entry by decoding it at the budget's cost, where libarchive would do
 * that uncounted. Statuses as intake_pass. */
enum status foreign_pass(struct foreign *foreign, struct intake_source *source) MUST_CHECK;

void foreign_close(struct foreign *foreign); /* NULL is allowed */

#endif
