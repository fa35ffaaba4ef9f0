/* SPDX-License-Identifier: Apache-2.0 */
/* Pairs of characters that are common in the words of a language: what a character says about the
 * next one, which tells short names apart where the frequency of single characters cannot (写真 in
 * EUC-JP and 继靠 in GBK are the same bytes). Trained by tables/train_pairs.py; a filter, so one
 * other pair in thirty counts as common too. */
#ifndef TEXT_PAIRS_H
#define TEXT_PAIRS_H

#include "text/likelihood.h"

/* False for all pairs in LANGUAGE_OF_LETTERS. [any thread] */
bool pair_is_common(enum language language, uint32_t first, uint32_t second);

#endif
