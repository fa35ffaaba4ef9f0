/* SPDX-License-Identifier: Apache-2.0 */
/* Values as pages state them: sizes, days, counts. False: it is none; *out stays. */
#ifndef PAGE_VALUE_H
#define PAGE_VALUE_H

#include "base/str.h"

/* "20.33 KB", "1.63MB", "446.50KB", "812 字节", "1.2 M": bytes, rounded to the nearest. */
bool value_read_size(str text, int64_t *out);

/* A day in any notation of date.h that no language has to decide: days since 1970-01-01. */
bool value_read_date(str text, int64_t *out);

/* "4", "4页", "共4页": a count above zero ("0页" is what sites write when they do not know), of no more
 * than PAGES_MAX (some count bytes). */
bool value_read_pages(str text, int64_t *out);

/* "https://…/p-4106200.html", "/view/9af3.html", "4106200": the last part of the path without ending
 * and without the one letter that says what kind of page it is. A number, or a longer
 * name with a digit in it. */
bool value_read_address(str text, str *out);

/* "夏日.docx", "夏日.PPT_某某文库": the ending of an office document's name, behind which the text or
 * a word ends; lent. */
bool value_read_ending(str text, str *out);

/* Up to 20 digits and nothing else. */
bool value_is_number(str text);

#endif
