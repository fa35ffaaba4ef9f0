/* SPDX-License-Identifier: Apache-2.0 */
/* What a charset is inside text/: a name, a decoder and, for single-byte encodings, the table of
 * its upper half. Callers outside text/ see only pointers (text/charset.h). */
#ifndef TEXT_CHARSET_TABLE_H
#define TEXT_CHARSET_TABLE_H

#include "text/charset.h"

struct coder; /* text/coder.h */

struct charset {
    str name;
    const struct coder *coder;
    /* 128 code points, 0: none; NULL unless single-byte. With coder_whole the 128 before it are the
     * lower half, which is not ASCII there. */
    const uint16_t *upper_half;
};

/* Not in the Encoding Standard. */
extern const struct charset *const charset_utf_32le;
extern const struct charset *const charset_utf_32be;

extern const struct charset *const charset_euc_jp;
extern const struct charset *const charset_iso_2022_jp;

#endif
