/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/account.h"

#include <inttypes.h>

enum {
    SHOWN_CHARACTERS = 72, /* of a piece's text: one line of a terminal holds about that much */
    SUMS_MAX = 64
};

static const char kept_style[] = "\033[1m";
static const char dropped_style[] = "\033[2m";
static const char plain_style[] = "\033[0m";

struct lines {
    struct text *to;
    bool is_coloured;
};

static void add_style(struct lines *lines, const char *style)
{
    if (lines->is_coloured) {
        text_add_string(lines->to, style);
    }
}

/* C1 controls, and the characters that change the order of what stands beside them (U+200E, U+200F,
 * U+202A to U+202E, U+2066 to U+2069): a listing must show what is where. */
static bool is_order(const char *at, size_t len)
{
    const unsigned char bytes[3] = {(unsigned char)at[0], len > 1 ? (unsigned char)at[1] : 0,
                                    len > 2 ? (unsigned char)at[2] : 0};
    return (len == 2 && bytes[0] == 0xC2 && bytes[1] < 0xA0) ||
           (len == 3 && bytes[0] == 0xE2 &&
            ((bytes[1] == 0x80 &&
              ((bytes[2] >= 0x8E && bytes[2] <= 0x8F) || (bytes[2] >= 0xAA && bytes[2] <= 0xAE))) ||
             (bytes[1] == 0x81 && bytes[2] >= 0xA6 && bytes[2] <= 0xA9)));
}

/* On one line and no longer than one. What is a control here would be one to the terminal. */
static void add_short(struct text *to, span text)
{
    size_t shown = 0;
    size_t at = 0;
    while (at < text.len && shown < SHOWN_CHARACTERS) {
        const size_t len = utf8_sequence_len((span){text.ptr + at, text.len - at});
        const unsigned char first = (unsigned char)text.ptr[at];
        if (first < 0x20 || first == 0x7F || len == 0 || is_order(text.ptr + at, len)) {
            text_add_byte(to, ' ');
        } else {
            text_add(to, (span){text.ptr + at, len});
        }
        at += len ? len : 1;
        shown++;
    }
    text_add_string(to, at < text.len ? "…" : "");
}

static void add_fact(void *context, const char *column, span value)
{
    struct lines *lines = context;
    text_add_format(lines->to, "  %-18s ", column);
    add_short(lines->to, value);
    text_add_byte(lines->to, '\n');
}

static void add_place(struct text *to, const struct account_piece *piece)
{
    if (piece->start < 0) {
        text_add_format(to, "%10s %8s  ", "-", "");
    } else {
        text_add_format(to, "%10" PRId64 " %8" PRId64 "  ", piece->start,
                        piece->end - piece->start);
    }
}

static void add_verdict(struct text *to, const struct account_piece *piece)
{
    struct text verdict = {0};
    text_add(&verdict, piece->what);
    if (piece->is_kept && piece->level > 0) {
        text_add_format(&verdict, " %" PRId64, piece->level);
    }
    if (piece->column.len > 0) {
        text_add_string(&verdict, ": ");
        text_add(&verdict, piece->column);
    }
    if (piece->rule.len > 0) {
        text_add_string(&verdict, " (");
        text_add(&verdict, piece->rule);
        text_add_byte(&verdict, ')');
    }
    text_add_format(to, "%s %-30s  ", piece->is_kept ? "keep" : "drop", text_string(&verdict));
    text_release(&verdict);
}

static void add_sums(struct text *to, const struct account *account)
{
    struct account_sum sums[SUMS_MAX];
    const size_t count = account_sums(account, sums, SUMS_MAX);
    for (size_t i = 0; i < count; i++) {
        text_add_string(to, i == 0 ? (sums[i].is_kept ? "kept: " : "dropped: ")
                            : sums[i].is_kept != sums[i - 1].is_kept ? "\ndropped: "
                                                                     : ", ");
        text_add(to, sums[i].what);
        text_add_format(to, " %" PRId64 " (%" PRId64 " characters)", sums[i].pieces,
                        sums[i].characters);
    }
    text_add_string(to, count ? "\n" : "");
}

void account_text(struct text *to, const struct account *account, bool is_coloured)
{
    struct lines lines = {.to = to, .is_coloured = is_coloured};
    account_facts(account, add_fact, &lines);
    text_add_format(to, "\n%10s %8s  %-35s  %s\n", "byte", "bytes", "verdict", "text");
    for (size_t i = 0; i < account->piece_count; i++) {
        const struct account_piece *piece = &account->pieces[i];
        add_place(to, piece);
        add_style(&lines, piece->is_kept ? kept_style : dropped_style);
        add_verdict(to, piece);
        add_short(to, piece->text);
        add_style(&lines, plain_style);
        text_add_byte(to, '\n');
    }
    text_add_byte(to, '\n');
    add_sums(to, account);
}
