/* SPDX-License-Identifier: Apache-2.0 */
/* A whole file into memory, with a limit. */
#ifndef COMMON_FILE_READ_H
#define COMMON_FILE_READ_H

#include "common/text.h"

/* Appends what is read to `out`. False: errno tells; EFBIG above `bytes_max`, ENOMEM. */
bool file_read(const char *path, size_t bytes_max, struct text *out);

/* The same from an open descriptor, up to its end. */
bool file_read_descriptor(int descriptor, size_t bytes_max, struct text *out);

#endif
