/* SPDX-License-Identifier: Apache-2.0 */
/* One decoder of the Encoding Standard, in two speeds that cannot differ:
 *
 *   step  one character or one error: decode again from a checkpoint, detection, names
 *   run   the same step in a loop with fast ASCII, for whole contents
 *
 * A step never reads before `at`, so a decoder's only memory is `mode`, which checkpoints keep.
 *
 * The encodings that the standard has not keep to its rules for errors: one U+FFFD for a sequence
 * that has no meaning; it ends before an ASCII byte, which is read again for itself; what the
 * content's end cuts off is one U+FFFD. Where all bytes are ASCII (HZ, ISO-2022, UTF-7) a pair of
 * the right form that has no character is one U+FFFD for both bytes, and of any other failure only
 * the first byte is lost: the next one is read again.
 */
#ifndef TEXT_CODER_H
#define TEXT_CODER_H

#include "base/str.h"

enum { REPLACEMENT_CHARACTER = 0xFFFD };

/* ISO-2022-JP's state between characters. */
enum coder_set { CODER_SET_ASCII, CODER_SET_ROMAN, CODER_SET_KATAKANA, CODER_SET_JIS0208 };

/* All zero at the beginning; most decoders leave it so. */
struct coder_mode {
    uint8_t set;       /* enum coder_set; of other decoders: 0 is ASCII, 1 is not */
    bool just_escaped; /* the standard's "ISO-2022-JP output" flag */
    uint8_t shift_out; /* ISO-2022-CN: what SO selects, and the planes of its single shifts */
    uint8_t single_2;
    uint8_t single_3;
    uint8_t bits; /* UTF-7: what the last byte left over */
    uint8_t bit_count;
};

/* What stands at a place. */
struct step {
    size_t len;      /* bytes consumed, at least 1 */
    uint32_t first;  /* U+FFFD of an error included */
    uint32_t second; /* four pointers of Big5 give two code points; else 0 */
    uint8_t count;   /* of code points: 0 (an escape sequence), 1, 2 */
    bool is_error;
};

struct coder_run {
    bytes content;
    size_t at;    /* moves */
    size_t stop;  /* the run ends at the first character that begins here or later */
    uint8_t *out; /* moves; room for 3 bytes a byte of content plus CODER_OUT_SLACK */
    struct coder_mode mode;
    const uint16_t *upper_half;
    int64_t replaced;
    size_t replaced_first;
};

/* A step yields at most 4 bytes; one may begin just before `stop` and end behind it. */
enum { CODER_OUT_PER_BYTE = 3, CODER_OUT_SLACK = 16 };

struct coder {
    /* `at` is below content.len. */
    struct step (*step)(bytes content, size_t at, struct coder_mode *mode,
                        const uint16_t *upper_half);
    void (*run)(struct coder_run *run);
};

extern const struct coder coder_utf_8;
extern const struct coder coder_utf_16le;
extern const struct coder coder_utf_16be;
extern const struct coder coder_utf_32le;
extern const struct coder coder_utf_32be;
extern const struct coder coder_gb18030;
extern const struct coder coder_big5;
extern const struct coder coder_euc_jp;
extern const struct coder coder_shift_jis;
extern const struct coder coder_iso_2022_jp;
extern const struct coder coder_euc_kr;
extern const struct coder coder_single;
extern const struct coder coder_whole;
extern const struct coder coder_user_defined;
extern const struct coder coder_utf_7;
extern const struct coder coder_hz;
extern const struct coder coder_iso_2022_cn;
extern const struct coder coder_iso_2022_kr;
extern const struct coder coder_euc_tw;
extern const struct coder coder_johab;
extern const struct coder coder_mac_japanese;
extern const struct coder coder_mac_chinese_simplified;
extern const struct coder coder_mac_chinese_traditional;
extern const struct coder coder_mac_korean;
extern const struct coder coder_replacement;

#endif
