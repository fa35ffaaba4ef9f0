/* SPDX-License-Identifier: Apache-2.0 */
/* The encodings by their WHATWG names, and the labels pages use for them; behind them encodings that
 * the standard has not but libraries of documents hold: DOS and Mac pages, EBCDIC, HZ, EUC-TW …
 * Those are never guessed unless detection says so, and never take a label from the standard. */
#ifndef TEXT_CHARSET_H
#define TEXT_CHARSET_H

#include "base/str.h"

struct charset; /* one row of the table; static, compared by pointer */

/* By any label of the Encoding Standard, white space and case ignored ("gb2312" is GBK), or else by
 * the names other systems use ("cp936", "mac-roman", "ibm037"). NULL: no such label. [any thread] */
const struct charset *charset_find(bytes label);

/* "UTF-8", "GBK", "gb18030", "Big5", "windows-1252" … as the standard writes it. */
str charset_name(const struct charset *charset);

/* All there are, the standard's first; NULL behind the last. */
const struct charset *charset_at(size_t index);

/* False for UTF-16, UTF-32 and EBCDIC: what was read as ASCII to find a label is not in them. */
bool charset_is_ascii_based(const struct charset *charset);

extern const struct charset *const charset_utf_8;
extern const struct charset *const charset_utf_16le;
extern const struct charset *const charset_utf_16be;
extern const struct charset *const charset_gb18030;
extern const struct charset *const charset_big5;
extern const struct charset *const charset_shift_jis;
extern const struct charset *const charset_euc_kr;
extern const struct charset *const charset_windows_1252;

#endif
