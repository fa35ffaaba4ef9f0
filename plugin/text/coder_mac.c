/* SPDX-License-Identifier: Apache-2.0 */
/* The East Asian encodings of the Mac: a two-byte encoding of the standard, and a few single bytes
 * where that has leads or nothing. Apple's own rows of signs are read as the standard reads them. */
#include "text/coder_run.h"

struct mac_byte {
    uint8_t byte;
    uint16_t code_point;
};

static const struct mac_byte japanese[] = {{0x5C, 0x00A5}, {0x80, 0x005C}, {0xA0, 0x00A0},
                                           {0xFD, 0x00A9}, {0xFE, 0x2122}, {0xFF, 0x2026}};
static const struct mac_byte simplified[] = {
    {0x80, 0x00FC}, {0xA0, 0x00A0}, {0xFD, 0x00A9}, {0xFE, 0x2122}, {0xFF, 0x2026}};
static const struct mac_byte traditional[] = {
    {0x80, 0x005C}, {0xA0, 0x00A0}, {0xFD, 0x00A9}, {0xFE, 0x2122}, {0xFF, 0x2026}};
static const struct mac_byte korean[] = {{0x80, 0x00A0}, {0x81, 0x20A9}, {0x82, 0x2013},
                                         {0x83, 0x00A9}, {0xFE, 0x2122}, {0xFF, 0x2026}};

CODER_INLINE struct step step_mac(bytes content, size_t at, const struct mac_byte *rows,
                                  size_t count, const struct coder *inner)
{
    struct coder_mode none = {0};
    for (size_t i = 0; i < count; i++) {
        if (rows[i].byte == content.ptr[at]) {
            return step_of(rows[i].code_point, 1);
        }
    }
    return inner->step(content, at, &none, NULL);
}

#define MAC(name, rows, inner)                                                                     \
    CODER_INLINE struct step step_##name(bytes content, size_t at, struct coder_mode *mode,        \
                                         const uint16_t *upper_half)                               \
    {                                                                                              \
        (void)mode;                                                                                \
        (void)upper_half;                                                                          \
        return step_mac(content, at, rows, sizeof rows / sizeof rows[0], &inner);                  \
    }                                                                                              \
    CODER(name, false)

MAC(mac_japanese, japanese, coder_shift_jis);
MAC(mac_chinese_simplified, simplified, coder_gb18030);
MAC(mac_chinese_traditional, traditional, coder_big5);
MAC(mac_korean, korean, coder_euc_kr);
