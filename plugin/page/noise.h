/* SPDX-License-Identifier: Apache-2.0 */
/* Signs that a text is a bad copy. They are noted and left: what a mirror or a scanner made of a
 * document is not ours to guess back. */
#ifndef PAGE_NOISE_H
#define PAGE_NOISE_H

#include "base/document.h"
#include "page/lines.h"

/* Notes readings in brackets, as some mirrors put them behind characters ("說(shuō)明"), when they are
 * many, and characters that were made unreadable ("姓世***"), among the body's lines [from, to). */
void noise_note(const struct lines *lines, size_t from, size_t to, struct document *document);

#endif
