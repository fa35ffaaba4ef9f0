/* SPDX-License-Identifier: Apache-2.0 */
#include "text/repair_unit.h"

#include "text/charset_table.h"
#include "text/coder.h"
#include "text/repair_cost.h"

enum {
    LOST_BYTE = 0x100, /* stands for a byte that became U+FFFD */
    TOKEN_MAX = 2 * REPAIR_LINE_MAX,
    FIRST_TRAIL = 0x40 /* ASCII below is never half of a character */
};

/* ---- UTF-8 read in a single-byte set ---- */

static unsigned byte_at(const struct repair_line *line, enum wrong_set set, size_t at)
{
    const uint32_t c = line->text[at];
    return c == REPLACEMENT_CHARACTER ? LOST_BYTE : wrong_bytes(c)[set];
}

static bool continues(unsigned byte)
{
    return byte == LOST_BYTE || (byte >= 0x80 && byte <= 0xBF);
}

static unsigned length_of(unsigned lead)
{
    if (lead < 0xC2 || lead > 0xF4) {
        return 0;
    }
    return lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
}

/* One sequence, a surrogate included; its length, 0: none. */
static size_t read_sequence(const struct repair_line *line, enum wrong_set set, size_t at,
                            uint32_t *out, bool *is_lost)
{
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    const unsigned lead = byte_at(line, set, at);
    const unsigned len = length_of(lead);
    uint32_t c = len ? lead & (0x7Fu >> len) : 0;
    bool lost = false;
    if (!len || line->count - at < len) {
        return 0;
    }
    for (unsigned i = 1; i < len; i++) {
        const unsigned byte = byte_at(line, set, at + i);
        if (!continues(byte)) {
            return 0;
        }
        lost = lost || byte == LOST_BYTE;
        c = c << 6 | (byte & 0x3F);
    }
    if (!lost && (c < least[len] || c > 0x10FFFF)) {
        return 0;
    }
    *out = lost ? REPLACEMENT_CHARACTER : c;
    *is_lost = lost;
    return len;
}

/* One character: CESU-8 writes those beyond the first plane as two surrogates. */
static size_t read_character(const struct repair_line *line, enum wrong_set set, size_t at,
                             uint32_t *out, bool *is_lost)
{
    uint32_t low = 0;
    bool low_lost = false;
    const size_t len = read_sequence(line, set, at, out, is_lost);
    if (!len || *is_lost || *out < 0xD800 || *out > 0xDFFF) {
        return len;
    }
    const size_t more = *out < 0xDC00 && at + len < line->count
                            ? read_sequence(line, set, at + len, &low, &low_lost)
                            : 0;
    if (!more || low_lost || low < 0xDC00 || low > 0xDFFF) {
        return 0;
    }
    *out = 0x10000 + ((*out - 0xD800) << 10) + (low - 0xDC00);
    return len + more;
}

static bool next_utf8(const struct repair_line *line, enum wrong_set set, size_t from,
                      struct repair_unit *unit)
{
    uint32_t c = 0;
    bool is_lost = false;
    size_t len = 0;
    while (from < line->count && !(len = read_character(line, set, from, &c, &is_lost))) {
        from++;
    }
    unit->from = from;
    while (len) {
        unit->made[unit->made_count++] = c;
        unit->lost_bytes += is_lost;
        unit->lost += !is_lost && c == REPLACEMENT_CHARACTER;
        from += len;
        len = from < line->count ? read_character(line, set, from, &c, &is_lost) : 0;
    }
    unit->to = from;
    unit->changed = from - unit->from;
    return unit->to > unit->from;
}

/* ---- words of two-byte characters, and of UTF-8 read as GBK ---- */

/* The bytes of a character; their number, 0: it is not in the set. */
static size_t bytes_of(uint32_t c, enum wrong_set set, uint8_t out[2])
{
    if (c < 0x80) {
        out[0] = (uint8_t)c;
        return 1;
    }
    if (set == WRONG_GBK || set == WRONG_SHIFT_JIS) {
        const uint32_t pair = set == WRONG_GBK ? wrong_gbk(c) : wrong_shift_jis(c);
        const size_t count = pair > 0xFF ? 2 : pair ? 1 : 0;
        out[0] = (uint8_t)(count == 2 ? pair >> 8 : pair);
        out[1] = (uint8_t)(pair & 0xFF);
        return count;
    }
    out[0] = wrong_bytes(c)[set];
    return out[0] ? 1 : 0;
}

/* A U+FFFD that was written out is what 锟斤拷 comes from: no text is behind it. */
bool repair_decode(bytes raw, const struct charset *right, uint32_t *made, size_t *made_count)
{
    struct coder_mode mode = {0};
    for (size_t at = 0; at < raw.len;) {
        if (raw.ptr[at] < 0x80) { /* itself, in all of these encodings */
            made[(*made_count)++] = raw.ptr[at++];
            continue;
        }
        const struct step step = right->coder->step(raw, at, &mode, right->upper_half);
        if (step.is_error || step.count != 1 || step.first == REPLACEMENT_CHARACTER ||
            (step.len == 1 && step.first >= 0x80)) {
            return false;
        }
        made[(*made_count)++] = step.first;
        at += step.len;
    }
    return true;
}

/* How many bytes at the end of `word` begin a character of UTF-8 that is not there in full. */
static size_t begun_len(bytes word)
{
    for (size_t back = 1; back <= 3 && back <= word.len; back++) {
        const uint8_t byte = word.ptr[word.len - back];
        if (byte >= 0xC0) {
            return length_of(byte) > back ? back : 0;
        }
        if (byte < 0x80) {
            return 0;
        }
    }
    return 0;
}

/* The same for a word before U+FFFD: what is left of the character whose end was lost goes with
 * it. */
static bool decode_word(const struct repair_line *line, const struct misreading *misreading,
                        bytes word, struct repair_unit *unit)
{
    const bool is_cut = misreading->wrong == WRONG_GBK && unit->to < line->count &&
                        line->text[unit->to] == REPLACEMENT_CHARACTER;
    const size_t begun = is_cut ? begun_len(word) : 0;
    word.len -= begun;
    if (!repair_decode(word, misreading->right, unit->made, &unit->made_count)) {
        return false;
    }
    if (begun) {
        unit->made[unit->made_count++] = REPLACEMENT_CHARACTER;
        unit->lost_bytes = 1;
        unit->to++;
    }
    return word.len > 0;
}

/* A word begins beyond ASCII and ends where bytes cannot belong together. */
static size_t word_end(const struct repair_line *line, enum wrong_set set, size_t from,
                       uint8_t *out, size_t *len)
{
    size_t at = from;
    *len = 0;
    while (at < line->count && (line->text[at] >= 0x80 || line->text[at] >= FIRST_TRAIL)) {
        const size_t more = bytes_of(line->text[at], set, out + *len);
        if (!more) {
            break;
        }
        *len += more;
        at++;
    }
    return at;
}

static bool next_word(const struct repair_line *line, const struct misreading *misreading,
                      size_t from, struct repair_unit *unit)
{
    uint8_t word[TOKEN_MAX];
    for (size_t at = from; at < line->count; at++) {
        size_t len = 0;
        if (line->text[at] < 0x80) {
            continue;
        }
        const size_t end = word_end(line, misreading->wrong, at, word, &len);
        if (end == at) {
            continue;
        }
        *unit = (struct repair_unit){.from = at, .to = end, .made = unit->made};
        if (decode_word(line, misreading, (bytes){.ptr = word, .len = len}, unit)) {
            for (size_t i = at; i < unit->to; i++) {
                unit->changed += line->text[i] >= 0x80;
            }
            return true;
        }
        at = end - 1;
    }
    return false;
}

bool repair_unit_next(const struct repair_line *line, const struct misreading *misreading,
                      size_t from, struct repair_unit *unit)
{
    *unit = (struct repair_unit){.made = unit->made};
    const bool found = misreading->is_cjk || misreading->wrong >= WRONG_SINGLE_COUNT
                           ? next_word(line, misreading, from, unit)
                           : next_utf8(line, misreading->wrong, from, unit);
    if (found) {
        const struct cost_context context = cost_context_behind(line->text, unit->from);
        const uint32_t next = unit->to < line->count ? line->text[unit->to] : 0;
        unit->gain = cost_of(context, line->text + unit->from, unit->to - unit->from, next) -
                     cost_of(context, unit->made, unit->made_count, next);
    }
    return found;
}
