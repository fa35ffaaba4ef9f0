/* SPDX-License-Identifier: Apache-2.0 */
#include "page/rights.h"

enum {
    LINE_BYTES_MAX = 300, /* a longer line talks of rights, but is no notice */
    NOTICES_MAX = 16,     /* of a page: a gallery has one under each picture */
    YEAR_MIN = 1900,
    YEAR_MAX = 2199
};

static bool has_year(str text)
{
    int64_t value = 0;
    size_t digits = 0;
    for (size_t i = 0; i <= text.len; i++) {
        const bool digit = i < text.len && ascii_is_digit((unsigned char)text.ptr[i]);
        if (digit && digits < 9) {
            value = value * 10 + (text.ptr[i] - '0');
            digits++;
            continue;
        }
        if (digits == 4 && value >= YEAR_MIN && value <= YEAR_MAX) {
            return true;
        }
        value = 0;
        digits = 0;
    }
    return false;
}

static bool starts_ignoring_case(str text, size_t at, str word)
{
    return str_equal_ignoring_ascii_case(str_slice(text, at, at + word.len), word);
}

/* Can one of the words below begin here? A look at three bytes, which is all that most text gets. */
static bool may_begin(str text, size_t at)
{
    static const bool firsts[256] = {
        ['a'] = true,  ['A'] = true,  ['t'] = true,  ['T'] = true,  ['c'] = true,
        ['C'] = true,  ['('] = true,  [0xC2] = true, [0xD0] = true, [0xE4] = true,
        [0xE5] = true, [0xE6] = true, [0xE7] = true, [0xE8] = true,
    };
    const unsigned char c = (unsigned char)text.ptr[at];
    if (!firsts[c] || c >= 0x80) {
        return firsts[c];
    }
    if (at + 2 >= text.len) {
        return false;
    }
    const char first = ascii_lower((char)c);
    const char second = ascii_lower(text.ptr[at + 1]);
    const char third = ascii_lower(text.ptr[at + 2]);
    return (first == 'a' && second == 'l' && third == 'l') ||
           (first == 't' && (second == 'o' || second == 'u')) ||
           (first == 'c' && second == 'o' && third == 'p') ||
           (first == '(' && second == 'c' && third == ')');
}

/* Words that are a notice wherever they stand; signs are one at the start, and beside a year in what
 * is not the document. */
static bool is_notice(str text, bool in_body)
{
    static const str words[] = {STR_INIT("all rights reserved"),
                                STR_INIT("alle rechte vorbehalten"),
                                STR_INIT("tous droits réservés"),
                                STR_INIT("todos los derechos reservados"),
                                STR_INIT("todos os direitos reservados"),
                                STR_INIT("tutti i diritti riservati"),
                                STR_INIT("alle rechten voorbehouden"),
                                STR_INIT("все права защищены"),
                                STR_INIT("版权所有"),
                                STR_INIT("版權所有"),
                                STR_INIT("著作權所有"),
                                STR_INIT("保留所有权利"),
                                STR_INIT("無断転載を禁")};
    static const str signs[] = {STR_INIT("©"), STR_INIT("copyright"), STR_INIT("(c)")};
    for (size_t at = 0; at < text.len; at++) {
        if (!may_begin(text, at)) {
            continue;
        }
        for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
            if (starts_ignoring_case(text, at, words[i])) {
                return true;
            }
        }
        for (size_t i = 0; i < sizeof signs / sizeof signs[0]; i++) {
            if (starts_ignoring_case(text, at, signs[i]) &&
                (at == 0 || (!in_body && has_year(text)))) {
                return true;
            }
        }
    }
    return false;
}

void rights_read(struct lines *lines, struct metadata *metadata)
{
    size_t count = 0;
    for (size_t i = 0; i < lines->count && count < NOTICES_MAX; i++) {
        struct line *line = &lines->items[i];
        const enum drop_reason reason = line->verdict.reason;
        const bool other =
            line->verdict.dropped &&
            (reason == DROP_hidden || reason == DROP_rights || reason == DROP_metadata);
        if (other || line->first_cut || line->to - line->from > LINE_BYTES_MAX ||
            line->kind == BLOCK_heading || line->kind == BLOCK_code ||
            !is_notice(line_text(lines, line), !line->verdict.dropped)) {
            continue;
        }
        count++;
        if (line->verdict.dropped) {
            line->verdict = VERDICT_DROP_BY(rights, "copyright line");
            continue;
        }
        claims_add(&metadata->claims, CLAIM_rights, RANK_VISIBLE,
                   (struct stated){.text = line_text(lines, line),
                                   .span = lines_span(lines, line->from, line->to)});
    }
}
