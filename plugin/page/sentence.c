/* SPDX-License-Identifier: Apache-2.0 */
#include "page/sentence.h"

#include "text/utf8.h"

static bool is_among(uint32_t c, str set)
{
    for (size_t at = 0; at < set.len;) {
        if (utf8_next(set, &at) == c) {
            return true;
        }
    }
    return false;
}

bool sentence_ends(str text)
{
    size_t at = text.len;
    while (at > 0) {
        const uint32_t c = utf8_previous(text, &at);
        if (is_among(c, STR("。！？!?….｡⋯"))) {
            return true;
        }
        if (!is_among(c, STR("”’」』）)》】〉〕]\"' \u00A0\u3000\t\n"))) {
            return false;
        }
    }
    return false;
}
