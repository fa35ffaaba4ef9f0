/* SPDX-License-Identifier: Apache-2.0 */
/* One decoder of the Encoding Standard, in two speeds that cannot differ:
 *
 *   step  one character or one error: decode again from a checkpoint, detection, names
 *   run   the same step in a loop with fast ASCII, for whole contents
 *
 * A step never reads before `at`, so a decoder's only memory is `mode`, which checkpoints keep.
 */
#ifndef TEXT_CODER_H
#define TEXT_CODER_H

#include "base/str.h"

enum { REPLACEMENT_CHARACTER = 0xFFFD };

/* ISO-2022-JP's state between characters; all other decoders have none. */
enum coder_set { CODER_SET_ASCII, CODER_SET_ROMAN, CODER_SET_KATAKANA, CODER_SET_JIS0208 };
struct coder_mode {
    uint8_t set;       /* enum coder_set */
    bool just_escaped; /* the standard's "ISO-2022-JP output" flag */
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

/* A step consumes at most 4 bytes and yields at most 4; one may begin just before `stop`. */
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
extern const struct coder coder_replacement;

#endif
