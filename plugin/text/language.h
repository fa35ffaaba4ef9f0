/* SPDX-License-Identifier: Apache-2.0 */
/* Which language a text is in, by its first few hundred letters. Not of mixed texts: the one that
 * most of them are in. */
#ifndef TEXT_LANGUAGE_H
#define TEXT_LANGUAGE_H

#include "base/str.h"

/* BCP 47 ("zh-Hans", "ja", "de"); empty: too few letters, or none that is known fits well enough.
 * Bounded, however long the text. [any thread] */
str language_detect(str text);

#endif
