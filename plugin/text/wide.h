/* SPDX-License-Identifier: Apache-2.0 */
/* UTF-16 and UTF-32 without a byte order mark, told from text and from binary data by what the
 * units would be in either byte order. */
#ifndef TEXT_WIDE_H
#define TEXT_WIDE_H

#include "text/charset.h"

/* NULL: neither. `slices` begin at multiples of 4 in the content. [any thread] */
const struct charset *wide_detect(const bytes *slices, size_t count);

#endif
