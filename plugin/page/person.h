/* SPDX-License-Identifier: Apache-2.0 */
/* Who wrote it, as a name without what stands around it: "By Jane Doe | 3 May" is "Jane Doe". */
#ifndef PAGE_PERSON_H
#define PAGE_PERSON_H

#include "base/str.h"

enum lead { LEAD_NONE, LEAD_AUTHOR, LEAD_LABEL, LEAD_EDITOR, LEAD_PUBLISHED, LEAD_MODIFIED };

/* The words of byline.def with which the text at `from` begins; *to: behind them, their colon and
 * white space. */
enum lead lead_read(str text, size_t from, size_t *to);

/* A value that is stated to be an author: cut where it goes on to something else. Empty: it is no
 * name but an address, a number, a sentence. */
str person_read(str text);

/* A name at the start of running text, which must look like one: capitals, few words. Empty: none. */
str person_find(str text);

#endif
