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

bool clause_ends(str text)
{
    size_t at = text.len;
    while (at > 0) {
        const uint32_t c = utf8_previous(text, &at);
        if (!is_among(c, STR(" \u00A0\u3000\t\n"))) {
            return is_among(c, STR("；;，,、：:")) || sentence_ends(text);
        }
    }
    return false;
}

bool sentence_ends_inside(str text)
{
    bool ended = false;
    for (size_t at = 0; at < text.len;) {
        const uint32_t c = utf8_next(text, &at);
        const bool ends = is_among(c, STR("。！？!?"));
        if (ended && !ends && !is_among(c, STR("”’」』）)》】〉〕]\"' \u00A0\u3000\t\n"))) {
            return true;
        }
        ended = ended || ends;
    }
    return false;
}
