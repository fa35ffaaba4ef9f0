/* SPDX-License-Identifier: Apache-2.0 */
/* gb18030 (which GBK shares), Big5 and, for its like shape, EUC-KR. */
#include "text/coder_pairs.h"
#include "text/tables.h"

struct range {
    uint32_t pointer;
    uint32_t code_point;
};

static const struct range ranges[] = {
#include "text/tables/index_gb18030_ranges.inc"
};

/* Encoding: index gb18030 ranges code point. 0: none. */
static uint32_t ranges_code_point(uint32_t pointer)
{
    if ((pointer > 39419 && pointer < 189000) || pointer > 1237575) {
        return 0;
    }
    if (pointer == 7457) {
        return 0xE7C7;
    }
    size_t low = 0;
    size_t high = sizeof ranges / sizeof ranges[0];
    while (high - low > 1) {
        const size_t middle = low + (high - low) / 2;
        if (ranges[middle].pointer <= pointer) {
            low = middle;
        } else {
            high = middle;
        }
    }
    return ranges[low].code_point + (pointer - ranges[low].pointer);
}

/* Encoding: gb18030 decoder, from its second byte on when that is a digit. A failed try gives back
 * all but the first byte; an end of content inside it is one error for all of it. */
static struct step step_four_bytes(bytes content, size_t at)
{
    const uint8_t *const b = content.ptr + at;
    const size_t left = content.len - at;
    if (left < 3) {
        return step_error(left);
    }
    if (b[2] < 0x81 || b[2] > 0xFE) {
        return step_error(1);
    }
    if (left < 4) {
        return step_error(left);
    }
    if (b[3] < 0x30 || b[3] > 0x39) {
        return step_error(1);
    }
    const uint32_t pointer = (uint32_t)(b[0] - 0x81) * (10 * 126 * 10) +
                             (uint32_t)(b[1] - 0x30) * (10 * 126) + (uint32_t)(b[2] - 0x81) * 10 +
                             (uint32_t)(b[3] - 0x30);
    const uint32_t code_point = ranges_code_point(pointer);
    return code_point ? step_of(code_point, 4) : step_error(4);
}

CODER_INLINE struct step step_gb18030(bytes content, size_t at, struct coder_mode *mode,
                                      const uint16_t *upper_half)
{
    (void)mode;
    (void)upper_half;
    const uint8_t lead = content.ptr[at];
    if (lead <= 0x80) {
        return step_of(lead == 0x80 ? 0x20AC : lead, 1);
    }
    if (lead == 0xFF || content.len - at < 2) {
        return step_error(1);
    }
    const uint8_t trail = content.ptr[at + 1];
    if (trail < 0x40) {
        return trail >= 0x30 && trail <= 0x39 ? step_four_bytes(content, at) : step_error(1);
    }
    if (trail != 0x7F && trail != 0xFF) {
        const uint32_t offset = trail < 0x7F ? 0x40 : 0x41;
        const uint32_t code_point = index_gb18030[(lead - 0x81u) * 190 + (trail - offset)];
        if (code_point) {
            return step_of(code_point, 2);
        }
    }
    return step_bad_pair(trail);
}

CODER_OF_PAIRS(gb18030);

/* Encoding: Big5 decoder, the pointers that are a letter and a combining mark. */
static struct step step_big5_letter(uint32_t pointer)
{
    return (struct step){.len = 2,
                         .first = pointer < 1164 ? 0x00CA : 0x00EA,
                         .second = pointer == 1133 || pointer == 1164 ? 0x0304 : 0x030C,
                         .count = 2};
}

CODER_INLINE struct step step_big5(bytes content, size_t at, struct coder_mode *mode,
                                   const uint16_t *upper_half)
{
    (void)mode;
    (void)upper_half;
    const uint8_t lead = content.ptr[at];
    if (lead < 0x80) {
        return step_of(lead, 1);
    }
    if (lead == 0x80 || lead == 0xFF || content.len - at < 2) {
        return step_error(1);
    }
    const uint8_t trail = content.ptr[at + 1];
    if ((trail >= 0x40 && trail <= 0x7E) || (trail >= 0xA1 && trail <= 0xFE)) {
        const uint32_t offset = trail < 0x7F ? 0x40 : 0x62;
        const uint32_t pointer = (lead - 0x81u) * 157 + (trail - offset);
        const uint32_t low = index_big5[pointer];
        if (low) {
            const uint32_t plane = index_big5_plane2[pointer / 32] >> (pointer % 32) & 1;
            return step_of(low | plane << 17, 2);
        }
        if (pointer == 1133 || pointer == 1135 || pointer == 1164 || pointer == 1166) {
            return step_big5_letter(pointer);
        }
    }
    return step_bad_pair(trail);
}

CODER_OF_PAIRS(big5);

CODER_INLINE struct step step_euc_kr(bytes content, size_t at, struct coder_mode *mode,
                                     const uint16_t *upper_half)
{
    (void)mode;
    (void)upper_half;
    const uint8_t lead = content.ptr[at];
    if (lead < 0x80) {
        return step_of(lead, 1);
    }
    if (lead == 0x80 || lead == 0xFF || content.len - at < 2) {
        return step_error(1);
    }
    const uint8_t trail = content.ptr[at + 1];
    if (trail >= 0x41 && trail <= 0xFE) {
        const uint32_t code_point = index_euc_kr[(lead - 0x81u) * 190 + (trail - 0x41u)];
        if (code_point) {
            return step_of(code_point, 2);
        }
    }
    return step_bad_pair(trail);
}

CODER_OF_PAIRS(euc_kr);
