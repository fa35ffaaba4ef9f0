/* SPDX-License-Identifier: Apache-2.0 */
/* Values as pages state them: sizes, days, counts. False: it is none; *out stays. */
#ifndef PAGE_VALUE_H
#define PAGE_VALUE_H

#include "base/str.h"

/* "20.33 KB", "1.63MB", "446.50KB", "812 字节", "1.2 M": bytes, rounded to the nearest. */
bool value_read_size(str text, int64_t *out);

/* A day in any notation of date.h that no language has to decide: days since 1970-01-01. */
bool value_read_date(str text, int64_t *out);

/* "4", "4页": a count above zero ("0页" is what sites write when they do not know). */
bool value_read_pages(str text, int64_t *out);

/* Up to 20 digits and nothing else. */
bool value_is_number(str text);

#endif
