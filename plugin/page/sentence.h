/* SPDX-License-Identifier: Apache-2.0 */
/* Where sentences end. */
#ifndef PAGE_SENTENCE_H
#define PAGE_SENTENCE_H

#include "base/str.h"

/* Does the text end with a full stop, question or exclamation mark or an ellipsis of either width,
 * closing quotes and brackets behind it not counted? */
bool sentence_ends(str text);

/* Or with a comma, semicolon or colon? */
bool clause_ends(str text);

/* Does a sentence end before the text does? */
bool sentence_ends_inside(str text);

#endif
