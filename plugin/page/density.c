/* SPDX-License-Identifier: Apache-2.0 */
#include "page/density.h"

enum {
    /* Weights are counted in halves: a letter of an alphabet is two, an ideograph or a syllable five,
     * for a Latin word of five or six letters says as much as two ideographs and a bit. */
    HALVES = 2,
    HALVES_LETTER = 2,
    HALVES_IDEOGRAPH = 5,
    /* A block with as much text outside links as a long sentence reads like text; with as much as a
     * short one only if a sign divides or ends it. */
    GOOD_PLAIN_MIN = 80,
    GOOD_SIGNED_PLAIN_MIN = 30,
    GOOD_LINKED_PERCENT_MAX = 40
};

/* By lead byte of UTF-8; continuation bytes and white space weigh nothing. E3 to ED are kana,
 * ideographs and Hangul, F0 mostly the rarer ideographs. */
static const uint8_t halves_of[256] = {
#define ROW4(from, n)  [from] = n, [from + 1] = n, [from + 2] = n, [from + 3] = n
#define ROW16(from, n) ROW4(from, n), ROW4(from + 4, n), ROW4(from + 8, n), ROW4(from + 12, n)
    [0x21] = HALVES_LETTER,       [0x22] = HALVES_LETTER,     [0x23] = HALVES_LETTER,
    ROW4(0x24, HALVES_LETTER),    ROW4(0x28, HALVES_LETTER),  ROW4(0x2C, HALVES_LETTER),
    ROW16(0x30, HALVES_LETTER),   ROW16(0x40, HALVES_LETTER), ROW16(0x50, HALVES_LETTER),
    ROW16(0x60, HALVES_LETTER),   ROW16(0x70, HALVES_LETTER), ROW16(0xC0, HALVES_LETTER),
    ROW16(0xD0, HALVES_LETTER),   [0xE0] = HALVES_LETTER,     [0xE1] = HALVES_LETTER,
    [0xE2] = HALVES_LETTER,       [0xE3] = HALVES_IDEOGRAPH,  ROW4(0xE4, HALVES_IDEOGRAPH),
    ROW4(0xE8, HALVES_IDEOGRAPH), [0xEC] = HALVES_IDEOGRAPH,  [0xED] = HALVES_IDEOGRAPH,
    [0xEF] = HALVES_LETTER,       [0xF0] = HALVES_IDEOGRAPH,
#undef ROW4
#undef ROW16
};

enum { MAY_SIGN = 1, MAY_PRICE = 2 };

/* By byte: what may begin with it, in bits. */
static const uint8_t tells_of[256] = {
    [','] = MAY_SIGN,  ['.'] = MAY_SIGN,   [';'] = MAY_SIGN,   ['!'] = MAY_SIGN,
    ['?'] = MAY_SIGN,  [':'] = MAY_SIGN,   [0xE3] = MAY_SIGN,  [0xEF] = MAY_SIGN | MAY_PRICE,
    ['$'] = MAY_PRICE, [0xC2] = MAY_PRICE, [0xE2] = MAY_PRICE,
};

static bool is_sign(const char *at, size_t left)
{
    const unsigned char c = (unsigned char)*at;
    if (c == ',' || c == '.' || c == ';' || c == '!' || c == '?' || c == ':') {
        /* Not in numbers and addresses: white space or the end is behind. */
        return left < 2 || (unsigned char)at[1] <= 0x20 || at[1] == '"' || at[1] == '\'';
    }
    if (left < 3 || (c != 0xE3 && c != 0xEF)) {
        return false;
    }
    /* 、 。 and the full-width , . : ; ! ? */
    const unsigned code = (unsigned)((unsigned char)at[1] << 8 | (unsigned char)at[2]);
    return c == 0xE3 ? code == 0x8081 || code == 0x8082
                     : code == 0xBC8C || code == 0xBC8E || code == 0xBC9A || code == 0xBC9B ||
                           code == 0xBC81 || code == 0xBC9F;
}

/* A sign of money with a number behind it. */
static bool is_price(const char *at, size_t left)
{
    static const str signs[] = {STR_INIT("$"), STR_INIT("€"), STR_INIT("£"), STR_INIT("¥"),
                                STR_INIT("￥")};
    const str rest = {.ptr = at, .len = left};
    for (size_t i = 0; i < sizeof signs / sizeof signs[0]; i++) {
        if (str_starts(rest, signs[i])) {
            const str behind = str_trim_ascii(str_slice(rest, signs[i].len, signs[i].len + 3));
            return behind.len > 0 && ascii_is_digit((unsigned char)behind.ptr[0]);
        }
    }
    return false;
}

static void weigh_line(const struct lines *lines, const struct line *line, struct block *block)
{
    const char *text = lines->text.ptr + line->from;
    const size_t len = line->to - line->from;
    uint64_t halves = 0;
    for (size_t i = 0; i < len; i++) {
        const unsigned char c = (unsigned char)text[i];
        halves += halves_of[c];
        if (tells_of[c]) {
            block->signs += (tells_of[c] & MAY_SIGN) && is_sign(text + i, len - i);
            block->priced =
                block->priced || ((tells_of[c] & MAY_PRICE) && is_price(text + i, len - i));
        }
    }
    const uint64_t weight = (halves + HALVES - 1) / HALVES;
    const uint64_t link_len = line->link_len < len ? line->link_len : len;
    block->weight += (uint32_t)weight;
    block->linked += (uint32_t)(link_len == len ? weight : weight * link_len / len);
}

static bool reads_like_text(const struct block *block)
{
    const uint32_t plain = block_plain(block);
    return block->kind != BLOCK_heading && !block_is_linked(block, GOOD_LINKED_PERCENT_MAX) &&
           (plain >= GOOD_PLAIN_MIN || (plain >= GOOD_SIGNED_PLAIN_MIN && block->signs > 0));
}

static void weigh_block(const struct lines *lines, struct block *block)
{
    const struct line *first = &lines->items[block->first];
    block->region = first->region;
    block->kind = first->kind;
    block->fixed = first->verdict.dropped && !first->hinted;
    for (uint32_t i = block->first; i < block->end; i++) {
        weigh_line(lines, &lines->items[i], block);
    }
    block->good = !block->fixed && reads_like_text(block);
}

/* Lines that a reader sees as one block; what is fixed stands for itself. */
static bool continues_block(const struct line *line)
{
    const bool was_fixed = line[-1].verdict.dropped && !line[-1].hinted;
    const bool is_fixed = line->verdict.dropped && !line->hinted;
    return line->join < JOIN_BLOCK && was_fixed == is_fixed &&
           (line->join == JOIN_TAB || line->region == line[-1].region);
}

static size_t count_blocks(const struct lines *lines)
{
    size_t count = lines->count > 0;
    for (size_t i = 1; i < lines->count; i++) {
        count += !continues_block(&lines->items[i]);
    }
    return count;
}

static void find_blocks(struct density *self)
{
    const struct lines *lines = self->lines;
    for (uint32_t i = 0; i < lines->count;) {
        struct block *block = &self->blocks[self->count++];
        *block = (struct block){.first = i, .end = i + 1};
        while (block->end < lines->count && continues_block(&lines->items[block->end])) {
            block->end++;
        }
        i = block->end;
        weigh_block(lines, block);
    }
}

static void sum_up(struct density *self)
{
    for (uint32_t i = 0; i < self->lines->region_count; i++) {
        self->sums[i].region_end = i + 1;
        self->sums[i].first_block = (uint32_t)self->count;
    }
    for (uint32_t i = 0; i < self->count; i++) {
        const struct block *block = &self->blocks[i];
        struct region_sum *sum = &self->sums[block->region];
        sum->first_block = i < sum->first_block && !block->fixed ? i : sum->first_block;
        if (!block->fixed) {
            sum->weight += block->weight;
            sum->linked += block->linked;
            sum->good += block->good ? block_plain(block) : 0;
            sum->blocks++;
            sum->good_blocks += block->good;
        }
    }
    for (size_t i = self->lines->region_count; i-- > 1;) {
        const struct region_sum *from = &self->sums[i];
        struct region_sum *to = &self->sums[self->lines->regions[i].parent];
        to->weight += from->weight;
        to->linked += from->linked;
        to->good += from->good;
        to->blocks += from->blocks;
        to->good_blocks += from->good_blocks;
        to->first_block = from->first_block < to->first_block ? from->first_block : to->first_block;
        to->region_end = from->region_end > to->region_end ? from->region_end : to->region_end;
    }
}

enum status density_measure(struct lines *lines, struct density *out)
{
    *out = (struct density){.lines = lines};
    if (lines->text.len > LINES_TEXT_BYTES_MAX || lines->count > LINES_TEXT_BYTES_MAX) {
        return STATUS_NO_MEMORY;
    }
    out->blocks = ARENA_ARRAY(lines->arena, count_blocks(lines) + 1, struct block);
    out->sums = ARENA_ARRAY(lines->arena, lines->region_count + 1, struct region_sum);
    if (!out->blocks || !out->sums) {
        return STATUS_NO_MEMORY;
    }
    find_blocks(out);
    sum_up(out);
    return STATUS_OK;
}
