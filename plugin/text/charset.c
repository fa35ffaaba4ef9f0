/* SPDX-License-Identifier: Apache-2.0 */
#include "text/charset.h"

#include "text/charset_table.h"
#include "text/coder.h"
#include "text/tables.h"

/* Longer than any label; a test holds this to the tables. */
enum { LABEL_LEN_MAX = 24 };

enum charset_index {
#define CHARSET(identifier, words, decoder, table) INDEX_##identifier,
#include "text/tables/charsets.inc"
#include "text/tables/charsets_legacy.inc"
#undef CHARSET
    CHARSET_COUNT
};

static const struct charset charsets[CHARSET_COUNT] = {
#define CHARSET(identifier, words, decoder, table)                                                 \
    {.name = STR_INIT(words), .coder = &coder_##decoder, .upper_half = table},
#include "text/tables/charsets.inc"
#include "text/tables/charsets_legacy.inc"
#undef CHARSET
};

const struct charset *const charset_utf_8 = &charsets[INDEX_utf_8];
const struct charset *const charset_utf_16le = &charsets[INDEX_utf_16le];
const struct charset *const charset_utf_16be = &charsets[INDEX_utf_16be];
const struct charset *const charset_utf_32le = &charsets[INDEX_utf_32le];
const struct charset *const charset_utf_32be = &charsets[INDEX_utf_32be];
const struct charset *const charset_gb18030 = &charsets[INDEX_gb18030];
const struct charset *const charset_big5 = &charsets[INDEX_big5];
const struct charset *const charset_shift_jis = &charsets[INDEX_shift_jis];
const struct charset *const charset_euc_jp = &charsets[INDEX_euc_jp];
const struct charset *const charset_iso_2022_jp = &charsets[INDEX_iso_2022_jp];
const struct charset *const charset_euc_kr = &charsets[INDEX_euc_kr];
const struct charset *const charset_windows_1252 = &charsets[INDEX_windows_1252];

struct label {
    str text;
    enum charset_index charset;
};

/* Both sorted by bytes. */
static const struct label labels[] = {
#define LABEL(text_, charset_) {.text = STR_INIT(text_), .charset = INDEX_##charset_},
#include "text/tables/labels.inc"
};

static const struct label labels_legacy[] = {
#include "text/tables/labels_legacy.inc"
#undef LABEL
};

static const struct charset *find_in(const struct label *rows, size_t count, str wanted)
{
    size_t low = 0;
    size_t high = count;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        const int order = str_compare(wanted, rows[middle].text);
        if (order == 0) {
            return &charsets[rows[middle].charset];
        }
        if (order < 0) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    return NULL;
}

/* The standard's labels first. The five that it maps to its replacement decoder (HZ, ISO-2022-CN and
 * -KR) are decoded all the same: the standard refuses them because a browser runs the scripts that
 * such bytes can hide from a filter, while here nothing runs, and a library of documents holds
 * pages and mails of the nineties in them. */
const struct charset *charset_find(bytes label)
{
    char folded[LABEL_LEN_MAX];
    while (label.len && ascii_is_space(label.ptr[0])) {
        label = bytes_slice(label, 1, label.len);
    }
    while (label.len && ascii_is_space(label.ptr[label.len - 1])) {
        label.len--;
    }
    if (label.len > sizeof folded) {
        return NULL;
    }
    for (size_t i = 0; i < label.len; i++) {
        folded[i] = ascii_lower((char)label.ptr[i]);
    }
    const str wanted = {.ptr = folded, .len = label.len};
    const struct charset *const standard =
        find_in(labels, sizeof labels / sizeof labels[0], wanted);
    if (standard && standard->coder != &coder_replacement) {
        return standard;
    }
    const struct charset *const legacy =
        find_in(labels_legacy, sizeof labels_legacy / sizeof labels_legacy[0], wanted);
    return legacy ? legacy : standard;
}

const struct charset *charset_at(size_t index)
{
    return index < CHARSET_COUNT ? &charsets[index] : NULL;
}

bool charset_is_ascii_based(const struct charset *charset)
{
    const struct coder *const coder = charset->coder;
    const bool is_wide = coder == &coder_utf_16le || coder == &coder_utf_16be ||
                         coder == &coder_utf_32le || coder == &coder_utf_32be;
    return !is_wide && (coder != &coder_whole || charset->upper_half['a' - 128] == 'a');
}

str charset_name(const struct charset *charset)
{
    return charset->name;
}
