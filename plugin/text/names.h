/* SPDX-License-Identifier: Apache-2.0 */
/* Names of archive members and files: bytes in an encoding nobody declared, few and short, so all
 * names of one archive are judged together. */
#ifndef TEXT_NAMES_H
#define TEXT_NAMES_H

#include "base/arena.h"
#include "text/charset.h"

/* One encoding for a set of names: UTF-8 when all of them are, else the likeliest of GB18030, Big5,
 * Shift_JIS, EUC-KR by joint likelihood; NULL when no evidence speaks for any. [any thread] */
const struct charset *names_detect(const bytes *names, size_t count);

/* One name as text: decoded by `charset` (NULL: as UTF-8), bytes that do not decode and control
 * characters percent-encoded (%XX), so that nothing of the name is lost. `*undecodable` counts
 * them. `.ptr` NULL: no memory. */
str name_decode(struct arena *arena, bytes name, const struct charset *charset,
                size_t *undecodable);

#endif
