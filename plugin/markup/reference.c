/* SPDX-License-Identifier: Apache-2.0 */
#include "markup/reference.h"

struct named_reference {
    uint16_t name_at;
    uint16_t value_at;
    uint8_t name_len;
    uint8_t value_len;
    uint8_t legacy; /* may stand without a semicolon */
};

#include "markup/tables/references.inc"

/* FNV-1a; tables/references.py computes the same. */
static uint32_t hash_name(str name)
{
    uint32_t value = 0x811C9DC5U;
    for (size_t i = 0; i < name.len; i++) {
        value = (value ^ (uint8_t)name.ptr[i]) * 0x01000193U;
    }
    return (value ^ value >> 15) & (REFERENCE_SLOT_COUNT - 1);
}

static const struct named_reference *named_find(str name)
{
    uint32_t slot = hash_name(name);
    while (reference_slots[slot]) {
        const struct named_reference *each = &named_references[reference_slots[slot] - 1];
        if (each->name_len == name.len &&
            memcmp(reference_names + each->name_at, name.ptr, name.len) == 0) {
            return each;
        }
        slot = (slot + 1) & (REFERENCE_SLOT_COUNT - 1);
    }
    return NULL;
}

static bool is_alphanumeric(char c)
{
    return ascii_is_letter((uint8_t)c) || ascii_is_digit((uint8_t)c);
}

static void take_value(struct reference *reference, const struct named_reference *named)
{
    reference->text_len = named->value_len;
    memcpy(reference->text, reference_values + named->value_at, named->value_len);
}

/* HTML: named character reference state. */
static struct reference read_named(str s, bool in_attribute)
{
    struct reference out = {0};
    size_t run = 0; /* letters and digits behind the '&' */
    while (1 + run < s.len && run <= REFERENCE_NAME_MAX && is_alphanumeric(s.ptr[1 + run])) {
        run++;
    }
    const bool ends_well = 1 + run < s.len && s.ptr[1 + run] == ';';
    if (ends_well && run <= REFERENCE_NAME_MAX) {
        const struct named_reference *named = named_find(str_slice(s, 1, 1 + run));
        if (named) {
            take_value(&out, named);
            out.len = run + 2;
            return out;
        }
    }
    for (size_t len = run < REFERENCE_LEGACY_MAX ? run : REFERENCE_LEGACY_MAX; len > 1; len--) {
        const struct named_reference *named = named_find(str_slice(s, 1, 1 + len));
        if (!named || !named->legacy) {
            continue;
        }
        /* For historical reasons: "?a=1&copy=2" is a query, not a sign. */
        if (in_attribute && (len < run || (1 + len < s.len && s.ptr[1 + len] == '='))) {
            return out;
        }
        take_value(&out, named);
        out.len = 1 + len;
        out.is_error = true;
        return out;
    }
    out.is_error = ends_well && run > 0; /* HTML: ambiguous ampersand state */
    return out;
}

/* HTML: numeric character reference end state, its table for 0x80 to 0x9F. */
static const uint16_t windows_1252[32] = {
    0x20AC, 0,      0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
    0x2039, 0x0152, 0,      0x017D, 0,      0,      0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
    0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0,      0x017E, 0x0178,
};

static uint32_t number_mend(uint32_t number, bool *is_error)
{
    if (number == 0 || number > 0x10FFFF || (number >= 0xD800 && number <= 0xDFFF)) {
        *is_error = true;
        return 0xFFFD;
    }
    if (number >= 0x80 && number <= 0x9F) {
        *is_error = true;
        return windows_1252[number - 0x80] ? windows_1252[number - 0x80] : number;
    }
    const bool is_noncharacter =
        (number >= 0xFDD0 && number <= 0xFDEF) || (number & 0xFFFE) == 0xFFFE;
    const bool is_control =
        number == 0x0D || number == 0x7F || (number < 0x20 && !ascii_is_space(number));
    *is_error |= is_noncharacter || is_control;
    return number;
}

static uint8_t encode(uint32_t c, char out[8])
{
    if (c < 0x80) {
        out[0] = (char)c;
        return 1;
    }
    if (c < 0x800) {
        out[0] = (char)(0xC0 | c >> 6);
        out[1] = (char)(0x80 | (c & 0x3F));
        return 2;
    }
    if (c < 0x10000) {
        out[0] = (char)(0xE0 | c >> 12);
        out[1] = (char)(0x80 | (c >> 6 & 0x3F));
        out[2] = (char)(0x80 | (c & 0x3F));
        return 3;
    }
    out[0] = (char)(0xF0 | c >> 18);
    out[1] = (char)(0x80 | (c >> 12 & 0x3F));
    out[2] = (char)(0x80 | (c >> 6 & 0x3F));
    out[3] = (char)(0x80 | (c & 0x3F));
    return 4;
}

/* The value of a digit, 16 for what is none. */
static uint32_t digit_value(char c, bool is_hex)
{
    if (ascii_is_digit((uint8_t)c)) {
        return (uint32_t)(c - '0');
    }
    const char lower = ascii_lower(c);
    return is_hex && lower >= 'a' && lower <= 'f' ? (uint32_t)(lower - 'a' + 10) : 16;
}

/* HTML: numeric character reference state, and those behind it. */
static struct reference read_numeric(str s)
{
    struct reference out = {0};
    const bool is_hex = s.len > 2 && (s.ptr[2] == 'x' || s.ptr[2] == 'X');
    const size_t first = is_hex ? 3 : 2;
    size_t at = first;
    uint32_t number = 0;
    while (at < s.len && digit_value(s.ptr[at], is_hex) < 16) {
        number = number * (is_hex ? 16 : 10) + digit_value(s.ptr[at], is_hex);
        number = number > 0x10FFFF ? 0x110000 : number;
        at++;
    }
    if (at == first) {
        out.is_error = true;
        return out;
    }
    if (at < s.len && s.ptr[at] == ';') {
        at++;
    } else {
        out.is_error = true;
    }
    out.len = at;
    out.text_len = encode(number_mend(number, &out.is_error), out.text);
    return out;
}

struct reference reference_read(str s, bool in_attribute)
{
    if (s.len > 1 && s.ptr[1] == '#') {
        return read_numeric(s);
    }
    if (s.len > 1 && is_alphanumeric(s.ptr[1])) {
        return read_named(s, in_attribute);
    }
    return (struct reference){0};
}
