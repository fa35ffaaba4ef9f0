/* SPDX-License-Identifier: Apache-2.0 */
#include "base/host.h"

#include "base/buf.h"
#include "base/idna.h"
#include "base/percent.h"

/* --- IPv4 (URL Standard: ends-in-a-number checker, IPv4 parser) --- */

enum number_verdict { NUMBER_OK, NUMBER_FOREIGN, NUMBER_TOO_LARGE };

/* Decimal, 0x hexadecimal or 0 octal; "0x" alone is zero. */
static enum number_verdict read_ipv4_number(str part, uint64_t *out)
{
    unsigned radix = 10;
    uint64_t value = 0;
    if (part.len == 0) {
        return NUMBER_FOREIGN;
    }
    if (part.len >= 2 && part.ptr[0] == '0' && (part.ptr[1] | 0x20) == 'x') {
        radix = 16;
        part = str_slice(part, 2, part.len);
    } else if (part.len >= 2 && part.ptr[0] == '0') {
        radix = 8;
        part = str_slice(part, 1, part.len);
    }
    bool too_large = false;
    for (size_t i = 0; i < part.len; i++) {
        const int digit = hex_digit_value((uint8_t)part.ptr[i]);
        if (digit < 0 || (unsigned)digit >= radix) {
            return NUMBER_FOREIGN;
        }
        value = value * radix + (unsigned)digit;
        too_large = too_large || value > UINT32_MAX;
        value = too_large ? UINT32_MAX : value;
    }
    *out = value;
    return too_large ? NUMBER_TOO_LARGE : NUMBER_OK;
}

static str without_last_dot(str host)
{
    return str_ends(host, STR(".")) ? str_slice(host, 0, host.len - 1) : host;
}

static bool ends_in_number(str host)
{
    host = without_last_dot(host);
    size_t start = host.len;
    bool digits = host.len > 0;
    while (start > 0 && host.ptr[start - 1] != '.') {
        start--;
        digits = digits && ascii_is_digit((uint8_t)host.ptr[start]);
    }
    uint64_t ignored;
    const str last = str_slice(host, start, host.len);
    return last.len > 0 && (digits || read_ipv4_number(last, &ignored) != NUMBER_FOREIGN);
}

static bool read_ipv4(str host, uint32_t *out)
{
    uint64_t numbers[4];
    size_t count = 0;
    size_t from = 0;
    host = without_last_dot(host);
    for (bool more = true; more; count++) {
        const size_t dot = str_find_byte(host, '.', from);
        more = dot != SIZE_MAX;
        if (count == 4 || read_ipv4_number(str_slice(host, from, dot), &numbers[count])) {
            return false;
        }
        from = dot + 1;
    }
    uint64_t address = numbers[count - 1];
    if (address >= UINT64_C(1) << (8 * (5 - count))) {
        return false;
    }
    for (size_t i = 0; i + 1 < count; i++) {
        if (numbers[i] > 255) {
            return false;
        }
        address += numbers[i] << (8 * (3 - i));
    }
    *out = (uint32_t)address;
    return true;
}

static void add_ipv4(struct buf *out, uint32_t address)
{
    for (int shift = 24; shift >= 0; shift -= 8) {
        buf_add_integer(out, address >> shift & 0xFF);
        if (shift) {
            buf_add_byte(out, '.');
        }
    }
}

/* --- IPv6 (URL Standard: IPv6 parser and serialiser) --- */

struct ipv6 {
    uint16_t pieces[8];
    size_t count;
    size_t compress; /* index of the piece the `::` stands before; 8: none */
};

/* The dotted end of an address: four decimal numbers without leading zeros. */
static bool read_dotted_end(str text, size_t at, struct ipv6 *address)
{
    uint16_t values[4];
    for (size_t i = 0; i < 4; i++) {
        if (i > 0 && (at >= text.len || text.ptr[at++] != '.')) {
            return false;
        }
        const size_t start = at;
        unsigned value = 0;
        while (at < text.len && ascii_is_digit((uint8_t)text.ptr[at]) && value <= 255) {
            value = value * 10 + (unsigned)(text.ptr[at++] - '0');
        }
        if (at == start || value > 255 || (at - start > 1 && text.ptr[start] == '0')) {
            return false;
        }
        values[i] = (uint16_t)value;
    }
    if (at != text.len || address->count > 6) {
        return false;
    }
    address->pieces[address->count++] = (uint16_t)(values[0] << 8 | values[1]);
    address->pieces[address->count++] = (uint16_t)(values[2] << 8 | values[3]);
    return true;
}

/* One piece of up to four hex digits; false also where a dotted end begins, then *dotted. */
static bool read_piece(str text, size_t *at, struct ipv6 *address, bool *dotted)
{
    const size_t start = *at;
    unsigned value = 0;
    while (*at < text.len && *at - start < 4 && hex_digit_value((uint8_t)text.ptr[*at]) >= 0) {
        value = value * 16 + (unsigned)hex_digit_value((uint8_t)text.ptr[(*at)++]);
    }
    if (*at < text.len && text.ptr[*at] == '.' && *at > start) {
        *dotted = true;
        return read_dotted_end(text, start, address);
    }
    if (*at == start || address->count == 8) {
        return false;
    }
    address->pieces[address->count++] = (uint16_t)value;
    return true;
}

static bool read_ipv6_pieces(str text, struct ipv6 *address)
{
    size_t at = 0;
    bool dotted = false;
    if (str_starts(text, STR("::"))) {
        address->compress = 0;
        at = 2;
    } else if (str_starts(text, STR(":"))) {
        return false;
    }
    while (at < text.len) {
        if (!read_piece(text, &at, address, &dotted)) {
            return false;
        }
        if (dotted || at == text.len) {
            return true;
        }
        if (address->count == 8 || text.ptr[at++] != ':' || at == text.len) {
            return false;
        }
        if (text.ptr[at] == ':') {
            if (address->compress < 8) {
                return false;
            }
            address->compress = address->count;
            at++;
        }
    }
    return true;
}

static bool read_ipv6(str text, uint16_t out[8])
{
    struct ipv6 address = {.compress = 8};
    if (!read_ipv6_pieces(text, &address)) {
        return false;
    }
    if (address.compress == 8) {
        memcpy(out, address.pieces, sizeof address.pieces);
        return address.count == 8;
    }
    if (address.count == 8) {
        return false;
    }
    const size_t after = address.count - address.compress;
    memset(out, 0, sizeof address.pieces);
    memcpy(out, address.pieces, address.compress * sizeof *out);
    memcpy(out + 8 - after, address.pieces + address.compress, after * sizeof *out);
    return true;
}

/* The longest run of two or more zero pieces, the first of equals; its length in *out_len. */
static size_t longest_zeros(const uint16_t pieces[8], size_t *out_len)
{
    size_t best = 8;
    *out_len = 1;
    for (size_t i = 0; i < 8;) {
        size_t end = i;
        while (end < 8 && pieces[end] == 0) {
            end++;
        }
        if (end - i > *out_len) {
            best = i;
            *out_len = end - i;
        }
        i = end + 1;
    }
    return best;
}

static void add_hex(struct buf *out, uint16_t value)
{
    bool begun = false;
    for (int shift = 12; shift >= 0; shift -= 4) {
        const unsigned digit = (unsigned)value >> shift & 15;
        begun = begun || digit || shift == 0;
        if (begun) {
            buf_add_byte(out, (uint8_t) "0123456789abcdef"[digit]);
        }
    }
}

static void add_ipv6(struct buf *out, const uint16_t pieces[8])
{
    size_t zeros_len;
    const size_t zeros = longest_zeros(pieces, &zeros_len);
    buf_add_byte(out, '[');
    for (size_t i = 0; i < 8; i++) {
        if (i == zeros) {
            buf_add(out, i ? STR(":") : STR("::"));
            i += zeros_len - 1;
            continue;
        }
        add_hex(out, pieces[i]);
        if (i < 7) {
            buf_add_byte(out, ':');
        }
    }
    buf_add_byte(out, ']');
}

/* --- names --- */

/* URL Standard: forbidden domain code points. */
static bool is_forbidden(str host)
{
    for (size_t i = 0; i < host.len; i++) {
        const uint8_t c = (uint8_t)host.ptr[i];
        if (c <= 0x20 || c >= 0x7F || strchr("#%/:<>?@[\\]^|", c)) {
            return true;
        }
    }
    return false;
}

static enum host_verdict parse_ipv6(struct buf *out, str text)
{
    uint16_t pieces[8];
    if (!str_ends(text, STR("]")) || !read_ipv6(str_slice(text, 1, text.len - 1), pieces)) {
        return HOST_BAD;
    }
    add_ipv6(out, pieces);
    return buf_failed(out) ? HOST_NO_MEMORY : HOST_OK;
}

enum host_verdict host_parse(struct arena *arena, str text, str *out)
{
    struct buf ascii;
    buf_init(&ascii, arena, HOST_BYTES_MAX + 1);
    if (str_starts(text, STR("["))) {
        const enum host_verdict verdict = parse_ipv6(&ascii, text);
        *out = buf_str(&ascii);
        return verdict;
    }
    const bytes raw = percent_decode(arena, str_bytes(text));
    if (!raw.ptr) {
        return HOST_NO_MEMORY;
    }
    if (!idna_to_ascii(raw, &ascii)) {
        return arena->refused ? HOST_NO_MEMORY : HOST_BAD;
    }
    *out = buf_str(&ascii);
    if (out->len == 0 || out->len > HOST_BYTES_MAX || is_forbidden(*out)) {
        return HOST_BAD;
    }
    if (ends_in_number(*out)) {
        struct buf dotted;
        uint32_t address;
        if (!read_ipv4(*out, &address)) {
            return HOST_BAD;
        }
        buf_init(&dotted, arena, HOST_BYTES_MAX);
        add_ipv4(&dotted, address);
        *out = buf_str(&dotted);
        return buf_failed(&dotted) ? HOST_NO_MEMORY : HOST_OK;
    }
    return HOST_OK;
}
