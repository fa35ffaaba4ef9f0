/* SPDX-License-Identifier: Apache-2.0 */
#include "text/names.h"

#include "base/buf.h"
#include "text/charset_table.h"
#include "text/coder.h"
#include "text/likelihood.h"
#include "text/utf8.h"

/* %XX; and no decoder makes more than three bytes of one. */
enum { NAME_OUT_PER_BYTE = 3 };

static void add_percent(struct buf *out, bytes raw)
{
    static const char digits[] = "0123456789ABCDEF";
    for (size_t i = 0; i < raw.len; i++) {
        buf_add_byte(out, '%');
        buf_add_byte(out, (uint8_t)digits[raw.ptr[i] >> 4]);
        buf_add_byte(out, (uint8_t)digits[raw.ptr[i] & 15]);
    }
}

static bool is_control(uint32_t c)
{
    return c < 0x20 || (c >= 0x7F && c <= 0x9F);
}

str name_decode(struct arena *arena, bytes name, const struct charset *charset, size_t *undecodable)
{
    const struct charset *const from = charset ? charset : charset_utf_8;
    struct coder_mode mode = {0};
    struct buf out;
    buf_init(&out, arena, name.len * NAME_OUT_PER_BYTE);
    *undecodable = 0;
    for (size_t at = 0; at < name.len;) {
        const struct step step = from->coder->step(name, at, &mode, from->upper_half);
        if (step.is_error || (step.count && is_control(step.first))) {
            add_percent(&out, bytes_slice(name, at, at + step.len));
            *undecodable += step.len;
        } else {
            for (uint8_t i = 0; i < step.count; i++) {
                buf_add_code_point(&out, i ? step.second : step.first);
            }
        }
        at += step.len;
    }
    /* The empty name is a text too: a pointer that is not NULL. */
    return buf_failed(&out) ? (str){0} : buf_str(&out);
}

/* Fewer nats than this are no evidence. */
static const double NAMES_GAIN_MIN = 0.0;

const struct charset *names_detect(const bytes *names, size_t count)
{
    bool is_utf8 = true;
    for (size_t i = 0; i < count && is_utf8; i++) {
        is_utf8 = utf8_is_valid(names[i]);
    }
    if (is_utf8) {
        return charset_utf_8;
    }
    const struct charset *const candidates[] = {charset_gb18030, charset_big5, charset_shift_jis,
                                                charset_euc_kr};
    const struct charset *best = NULL;
    double best_gain = NAMES_GAIN_MIN;
    for (size_t c = 0; c < sizeof candidates / sizeof candidates[0]; c++) {
        struct likelihood sum = {0};
        for (size_t i = 0; i < count; i++) {
            likelihood_add(&sum, names[i], candidates[c]);
        }
        const double gain = likelihood_gain(&sum);
        if (gain > best_gain) {
            best = candidates[c];
            best_gain = gain;
        }
    }
    return best;
}
