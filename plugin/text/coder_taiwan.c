/* SPDX-License-Identifier: Apache-2.0 */
/* EUC-TW: plane 1 of CNS 11643 in two bytes, any plane in four (8E, A0 + plane, two bytes). */
#include "text/coder_run.h"
#include "text/sets94.h"

static bool is_euc_byte(uint8_t byte)
{
    return byte >= 0xA1 && byte <= 0xFE;
}

/* What fails is one error, up to where it failed; an ASCII byte there is given back. */
static struct step step_any_plane(bytes content, size_t at)
{
    const uint8_t *const b = content.ptr + at;
    const size_t left = content.len - at;
    for (size_t i = 1; i < 4; i++) {
        if (i >= left) {
            return step_error(left);
        }
        if (i == 1 ? b[i] < 0xA1 || b[i] > 0xB0 : !is_euc_byte(b[i])) {
            return step_error(b[i] < 0x80 ? i : i + 1);
        }
    }
    const uint32_t code_point = cns11643_code_point(b[1] - 0xA0u, b[2] - 0xA1u, b[3] - 0xA1u);
    return code_point ? step_of(code_point, 4) : step_error(4);
}

CODER_INLINE struct step step_euc_tw(bytes content, size_t at, struct coder_mode *mode,
                                     const uint16_t *upper_half)
{
    (void)mode;
    (void)upper_half;
    const uint8_t lead = content.ptr[at];
    if (lead < 0x80) {
        return step_of(lead, 1);
    }
    if (lead == 0x8E) {
        return step_any_plane(content, at);
    }
    if (!is_euc_byte(lead) || content.len - at < 2) {
        return step_error(1);
    }
    const uint8_t trail = content.ptr[at + 1];
    const uint32_t code_point =
        is_euc_byte(trail) ? cns11643_code_point(1, lead - 0xA1u, trail - 0xA1u) : 0;
    return code_point ? step_of(code_point, 2) : step_bad_pair(trail);
}

CODER(euc_tw, true);
