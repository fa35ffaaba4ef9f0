/* SPDX-License-Identifier: Apache-2.0 */
#include "page/post_line.h"

#include "page/date.h"
#include "text/utf8.h"

#include <utf8proc.h>

enum { POST_LINE_BYTES_MAX = 200 };

static const str words[] = {
#define WORD(text_) STR_INIT(text_),
#include "page/post_line.def"
#undef WORD
};

/* The length of the word that stands at `at`; 0: none. A Latin word ends where its letters do. */
static size_t word_at(str line, size_t at)
{
    const str rest = str_slice(line, at, line.len);
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        const size_t len = words[i].len;
        if (len > rest.len || !str_equal_ignoring_ascii_case(str_slice(rest, 0, len), words[i])) {
            continue;
        }
        if (!ascii_is_letter((unsigned char)rest.ptr[len - 1]) || len == rest.len ||
            !ascii_is_letter((unsigned char)rest.ptr[len])) {
            return len;
        }
    }
    return 0;
}

/* The categories of letters come first; in front of them, 0, is what is not assigned. */
static bool is_sign(uint32_t c)
{
    return utf8proc_category((utf8proc_int32_t)c) > UTF8PROC_CATEGORY_LO;
}

static bool says_nothing_else(str line, const struct date *date)
{
    for (size_t at = 0; at < line.len;) {
        if (at >= date->from && at < date->to) {
            at = date->to;
            continue;
        }
        const size_t word = word_at(line, at);
        if (word) {
            at += word;
        } else if (!is_sign(utf8_next(line, &at))) {
            return false;
        }
    }
    return true;
}

bool post_line_is(str line)
{
    struct date date;
    return line.len <= POST_LINE_BYTES_MAX && date_find(line, 0, DATE_ORDER_DAY_FIRST, &date) &&
           says_nothing_else(line, &date);
}
