/* SPDX-License-Identifier: Apache-2.0 */
/* The members of a ZIP: by its own directory, each entry apart from all others, stored and deflated
 * ones by zlib, rarer methods by handing libarchive a local header of our own making. */
#ifndef UNPACK_ZIP_MEMBER_H
#define UNPACK_ZIP_MEMBER_H

#include "formats/zip.h"
#include "unpack/intake.h"

/* OK; LIMIT: entries share bytes, which honest archives never do and bombs live by; the fault
 * tells. Looks at the first `entries_max` entries. NO_MEMORY; CANCELLED. */
enum status zip_check_overlap(const struct zip *zip, int64_t entries_max,
                              const struct unpack_watch *watch, struct fault *fault) MUST_CHECK;

/* The entry's data into the intake; what is wrong with them is told in its member. `scratch`: at
 * least ZIP_SCRATCH_BYTES. Statuses as intake_take. */
enum { ZIP_SCRATCH_BYTES = 65536 };
enum status zip_take(const struct zip *zip, const struct zip_entry *entry, uint8_t *scratch,
                     struct intake *intake) MUST_CHECK;

#endif
