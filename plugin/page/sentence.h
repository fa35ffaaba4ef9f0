/* SPDX-License-Identifier: Apache-2.0 */
/* Where sentences end. */
#ifndef PAGE_SENTENCE_H
#define PAGE_SENTENCE_H

#include "base/str.h"

/* Does the text end with a full stop, question or exclamation mark or an ellipsis of either width,
 * closing quotes and brackets behind it not counted? */
bool sentence_ends(str text);

#endif
