/* SPDX-License-Identifier: Apache-2.0 */
/* A look at a shared library before dlopen: one that was cut off, by a full disk or a copy under way,
 * is mapped nevertheless, and whoever touches the missing part dies of SIGBUS. It is not a judgement
 * of anything else: what is no library at all dlopen refuses itself.
 */
#ifndef COMMON_LIBRARY_CHECK_H
#define COMMON_LIBRARY_CHECK_H

#include <stdbool.h>

/* False: an ELF file for this machine whose segments reach beyond its end. */
bool library_is_whole(const char *path);

#endif
