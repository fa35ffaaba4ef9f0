/* SPDX-License-Identifier: Apache-2.0 */
/* A variable in the text of a script, found without understanding the script:
 *
 *   pageConfig.access.title    pageConfig = {uid: '', access: {fileId: 7, "title": "…"}}
 */
#ifndef PAGE_SCRIPT_VALUE_H
#define PAGE_SCRIPT_VALUE_H

#include "page/metadata.h"

enum { SCRIPT_VALUE_MAX = 1024 /* bytes of a value */ };

/* The names of `path` stand one after the other as words, the last in front of a colon or an equals
 * sign. *found; `out` gets a string (its escapes resolved, in the arena) or a number, and stays
 * empty when the value is anything else. OK or NO_MEMORY. */
enum status script_find(struct arena *arena, const struct node *text, str path, bool *found,
                        struct stated *out) MUST_CHECK;

#endif
