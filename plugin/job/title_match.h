/* SPDX-License-Identifier: Apache-2.0 */
/* How much of a title a text bears out: the share of the title's character bigrams found in it. */
#ifndef JOB_TITLE_MATCH_H
#define JOB_TITLE_MATCH_H

#include "base/str.h"

/* 0 to 1; negative when the title has no bigram. Spaces are passed over, ASCII letters folded, width
 * folded. Linear in the text; titles count up to 256 bigrams. [any thread] */
double title_match(str title, str text);

#endif
