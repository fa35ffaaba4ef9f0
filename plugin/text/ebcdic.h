/* SPDX-License-Identifier: Apache-2.0 */
/* EBCDIC, whose letters are elsewhere altogether: nearly any data reads as some text in it, so it is
 * only looked for where somebody asked for it. */
#ifndef TEXT_EBCDIC_H
#define TEXT_EBCDIC_H

#include "text/charset.h"

/* Its space stands among these bytes more often than those of ASCII do: a declaration may be true. */
bool ebcdic_is_likely(const bytes *slices, size_t count);

/* The page that makes words of a language of the first bytes; NULL: none does. [any thread] */
const struct charset *ebcdic_detect(bytes content);

#endif
