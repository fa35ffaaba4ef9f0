/* SPDX-License-Identifier: Apache-2.0 */
/* A folder as a ZIP file, so that archives and office packages lie in the tree as what is inside
 * them. Members are stored, not deflated, in a fixed order and with a fixed time: the same bytes
 * every day. */
#ifndef HARNESS_ZIP_FOLDER_H
#define HARNESS_ZIP_FOLDER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* `*out` is the caller's to free. False: something could not be read (told on stderr). */
bool zip_folder(const char *folder, uint8_t **out, size_t *out_len);

/* A whole file, NUL-terminated behind its end; the caller frees it. NULL: it cannot be read. */
uint8_t *file_read(const char *path, size_t *out_len);

#endif
