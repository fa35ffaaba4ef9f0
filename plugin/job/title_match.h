/* SPDX-License-Identifier: Apache-2.0 */
/* How much of a title a text bears out: the share of the title's words that are found in it.
 *
 *   scripts with spaces    words, by their first letters, so that endings do not matter; a long word
 *                          tells more than a short one, which every text has
 *   ideographs, kana,      pairs of characters
 *   Hangul
 *
 * Measured on pages with their own and with exchanged titles (tests/bench/pages/title_match.py): in
 * scripts with spaces pairs of characters say nothing, for every long text has them all. A line of
 * the text that is the title again is no evidence and is passed over.
 */
#ifndef JOB_TITLE_MATCH_H
#define JOB_TITLE_MATCH_H

#include "base/str.h"

/* 0 to 1; negative when the title has no word. Case and width are folded; titles count up to 256
 * words and pairs. Linear in the text. [any thread] */
double title_match(str title, str text);

#endif
