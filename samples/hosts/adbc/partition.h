/* SPDX-License-Identifier: Apache-2.0 */
/* A split with all that another process needs to read it, as bytes.
 *
 *   "quern-adbc-1\n"   hash u64 of all that follows
 *   column count u32, or all ones for every column; each column: len u32, bytes
 *   option count u32;  each option: key and value, each len u32, bytes
 *   split: len u32, bytes
 *
 * Numbers are little-endian. Inputs are left out: the split has them. Secrets stand in it by
 * reference only, because the plugin takes no others. The hash finds damage, it keeps nobody out:
 * what is read here is as trustworthy as whoever gave it.
 */
#ifndef ADBC_PARTITION_H
#define ADBC_PARTITION_H

#include "adbc/cancel.h"
#include "adbc/request.h"

enum { PARTITIONS_MAX = 1 << 20 /* of one query; each is at most 256 web hosts or many files */ };

/* One for each split of the plan. Takes `stop` over. */
bool partitions_list(const struct request *request, const struct adapter *adapter,
                     struct stop *stop, struct AdbcPartitions *out, struct fault *fault);

/* `split` lies in `partition`. INVALID_DATA: not a partition of ours, or damaged. */
bool partition_read(span partition, struct request *request, span *split, struct fault *fault);

#endif
