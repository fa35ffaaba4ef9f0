/* SPDX-License-Identifier: Apache-2.0 */
#include "base/idna.h"

#include "base/host.h"
#include "base/percent.h"

/* Ranges whose UTS #46 mapping is a constant distance away. Nothing here combines with what stands
 * before it, so a text of these is in NFC as it is. */
static const struct {
    uint32_t first, last;
    int32_t distance;
} mapped[] = {
    {'A', 'Z', 32},
    {0x00C0, 0x00D6, 32}, /* Latin-1 capitals */
    {0x00D8, 0x00DE, 32},
    {0x00DF, 0x00F6, 0}, /* Latin-1 small letters */
    {0x00F8, 0x00FF, 0},
    {0x0391, 0x03A1, 32}, /* Greek */
    {0x03A3, 0x03AB, 32},
    {0x03AC, 0x03CE, 0},
    {0x0400, 0x040F, 80}, /* Cyrillic */
    {0x0410, 0x042F, 32},
    {0x0430, 0x045F, 0},
    {0x3002, 0x3002, '.' - 0x3002}, /* ideographic full stops */
    {0xFF61, 0xFF61, '.' - 0xFF61},
    {0x3005, 0x3007, 0}, /* iteration marks, ideographic zero */
    {0x3041, 0x3096, 0}, /* kana */
    {0x30A1, 0x30FA, 0},
    {0x30FC, 0x30FE, 0},
    {0x3400, 0x4DBF, 0}, /* ideographs */
    {0x4E00, 0x9FFF, 0},
    {0x20000, 0x2A6DF, 0},
    {0xAC00, 0xD7A3, 0},            /* Hangul syllables */
    {0xFF01, 0xFF20, '!' - 0xFF01}, /* full-width ASCII */
    {0xFF21, 0xFF3A, 'a' - 0xFF21},
    {0xFF3B, 0xFF5E, '[' - 0xFF3B},
};

static uint32_t map(uint32_t c)
{
    if (c < 0x80 && !(c >= 'A' && c <= 'Z')) {
        return c;
    }
    for (size_t i = 0; i < sizeof mapped / sizeof *mapped; i++) {
        if (c >= mapped[i].first && c <= mapped[i].last) {
            return (uint32_t)((int64_t)c + mapped[i].distance);
        }
    }
    return UINT32_MAX;
}

struct label {
    uint32_t points[HOST_LABEL_BYTES_MAX];
    size_t count;
    bool ascii;
};

/* RFC 3492 6.1 */
static uint32_t adapt(uint32_t delta, uint32_t count, bool first)
{
    uint32_t k = 0;
    delta = first ? delta / 700 : delta / 2;
    delta += delta / count;
    for (; delta > 455; k += 36) {
        delta /= 35;
    }
    return k + 36 * delta / (delta + 38);
}

static void add_punycode_integer(struct buf *out, uint32_t q, uint32_t bias)
{
    static const char digits[] = "abcdefghijklmnopqrstuvwxyz0123456789";
    for (uint32_t k = 36;; k += 36) {
        const uint32_t t = k <= bias ? 1 : k >= bias + 26 ? 26 : k - bias;
        if (q < t) {
            buf_add_byte(out, (uint8_t)digits[q]);
            return;
        }
        buf_add_byte(out, (uint8_t)digits[t + (q - t) % (36 - t)]);
        q = (q - t) / (36 - t);
    }
}

/* RFC 3492 6.3. A label of 63 code points below U+110000 keeps delta below 2^27: no overflow. */
static void add_punycode(struct buf *out, const struct label *label)
{
    uint32_t handled = 0;
    buf_add(out, STR("xn--"));
    for (size_t i = 0; i < label->count; i++) {
        if (label->points[i] < 0x80) {
            buf_add_byte(out, (uint8_t)label->points[i]);
            handled++;
        }
    }
    const uint32_t basic = handled;
    if (basic) {
        buf_add_byte(out, '-');
    }
    uint32_t n = 0x80;
    uint32_t delta = 0;
    uint32_t bias = 72;
    while (handled < label->count) {
        uint32_t next = UINT32_MAX;
        for (size_t i = 0; i < label->count; i++) {
            next = label->points[i] >= n && label->points[i] < next ? label->points[i] : next;
        }
        delta += (next - n) * (handled + 1);
        n = next;
        for (size_t i = 0; i < label->count; i++) {
            delta += label->points[i] < n;
            if (label->points[i] == n) {
                add_punycode_integer(out, delta, bias);
                bias = adapt(delta, handled + 1, handled == basic);
                delta = 0;
                handled++;
            }
        }
        delta++;
        n++;
    }
}

/* A label that says it is encoded already; RFC 5890 2.3.2.1. */
static bool has_ace_prefix(const struct label *label)
{
    const uint32_t *p = label->points;
    return label->count >= 4 && p[0] == 'x' && p[1] == 'n' && p[2] == '-' && p[3] == '-';
}

static bool add_label(struct buf *out, const struct label *label)
{
    const size_t before = out->len;
    if (!label->ascii) {
        if (has_ace_prefix(label)) {
            return false;
        }
        add_punycode(out, label);
        return !buf_failed(out) && out->len - before <= HOST_LABEL_BYTES_MAX;
    }
    for (size_t i = 0; i < label->count; i++) {
        buf_add_byte(out, (uint8_t)label->points[i]);
    }
    return !buf_failed(out);
}

bool idna_to_ascii(bytes name, struct buf *out)
{
    struct label label = {.ascii = true};
    for (size_t at = 0; at < name.len;) {
        const uint32_t raw = percent_code_point(name, &at);
        const uint32_t c = raw == UINT32_MAX ? raw : map(raw);
        if (c == UINT32_MAX) {
            return false;
        }
        if (c == '.') {
            if (!add_label(out, &label)) {
                return false;
            }
            buf_add_byte(out, '.');
            label = (struct label){.ascii = true};
            continue;
        }
        if (label.count == HOST_LABEL_BYTES_MAX) {
            return false;
        }
        label.points[label.count++] = c;
        label.ascii = label.ascii && c < 0x80;
    }
    return add_label(out, &label);
}
