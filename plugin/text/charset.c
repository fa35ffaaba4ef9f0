/* SPDX-License-Identifier: Apache-2.0 */
#include "text/charset.h"

#include "text/charset_table.h"
#include "text/coder.h"
#include "text/tables.h"

/* The longest label of the standard has 19 bytes; a test holds this to the table. */
enum { LABEL_LEN_MAX = 24 };

enum charset_index {
#define CHARSET(identifier, words, decoder, table) INDEX_##identifier,
#include "text/tables/charsets.inc"
#undef CHARSET
    CHARSET_COUNT
};

static const struct charset charsets[CHARSET_COUNT] = {
#define CHARSET(identifier, words, decoder, table)                                                 \
    {.name = STR_INIT(words), .coder = &coder_##decoder, .upper_half = table},
#include "text/tables/charsets.inc"
#undef CHARSET
};

static const struct charset utf_32le = {.name = STR_INIT("UTF-32LE"), .coder = &coder_utf_32le};
static const struct charset utf_32be = {.name = STR_INIT("UTF-32BE"), .coder = &coder_utf_32be};

const struct charset *const charset_utf_8 = &charsets[INDEX_utf_8];
const struct charset *const charset_utf_16le = &charsets[INDEX_utf_16le];
const struct charset *const charset_utf_16be = &charsets[INDEX_utf_16be];
const struct charset *const charset_utf_32le = &utf_32le;
const struct charset *const charset_utf_32be = &utf_32be;
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

/* Sorted by bytes. */
static const struct label labels[] = {
#define LABEL(text_, charset_) {.text = STR_INIT(text_), .charset = INDEX_##charset_},
#include "text/tables/labels.inc"
#undef LABEL
};

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
    size_t low = 0;
    size_t high = sizeof labels / sizeof labels[0];
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        const int order = str_compare(wanted, labels[middle].text);
        if (order == 0) {
            return &charsets[labels[middle].charset];
        }
        if (order < 0) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    return NULL;
}

str charset_name(const struct charset *charset)
{
    return charset->name;
}
