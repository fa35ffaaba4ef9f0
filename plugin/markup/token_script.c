/* SPDX-License-Identifier: Apache-2.0 */
/* Tokenizer states of script data: what looks like a comment inside may hide an end tag.
 *
 * All of it is text, so these states only move `at`; text is handed out where it ends.
 */
#include "markup/tokenizer.h"

#include "markup/scan.h"

void tokenizer_script_data_less_than_sign_state(struct tokenizer *t)
{
    const char c = tokenizer_is_at_end(t) ? '\0' : tokenizer_byte(t);
    if (c == '/') {
        t->state = TOKENIZER_script_data_end_tag_name;
    } else if (c == '!') {
        t->at++;
        t->state = TOKENIZER_script_data_escape_start;
    } else {
        t->state = TOKENIZER_script_data;
    }
}

/* HTML: script data escape start state, and script data escape start dash state. */
void tokenizer_script_data_escape_start_state(struct tokenizer *t)
{
    if (str_starts(str_slice(t->source, t->at, t->source.len), STR("--"))) {
        t->at += 2;
        t->state = TOKENIZER_script_data_escaped_dash_dash;
        return;
    }
    t->at += !tokenizer_is_at_end(t) && tokenizer_byte(t) == '-';
    t->state = TOKENIZER_script_data;
}

/* True: text was handed out, or the end reached, or an odd byte made into a piece. */
static bool hand_out(struct tokenizer *t)
{
    if (!tokenizer_is_at_end(t) && tokenizer_byte(t) != '\0' && tokenizer_byte(t) != '\r') {
        return false;
    }
    if (tokenizer_flush_text(t, t->at)) {
        return true;
    }
    if (tokenizer_is_at_end(t)) {
        tokenizer_emit_end(t);
    } else {
        tokenizer_emit_odd_byte(t, false);
    }
    return true;
}

/* What the escaped states share: `dash` after a '-', `less_than_sign` after a '<'. */
static void read_escaped(struct tokenizer *t, enum tokenizer_state dash,
                         enum tokenizer_state less_than_sign)
{
    t->at = scan_for(t->source.ptr, t->at, t->source.len, '-', '<', '\0', '\r');
    if (hand_out(t)) {
        return;
    }
    if (tokenizer_byte(t) == '-') {
        t->state = dash;
    } else {
        t->markup_start = t->at;
        t->state = less_than_sign;
    }
    t->at++;
}

void tokenizer_script_data_escaped_state(struct tokenizer *t)
{
    read_escaped(t, TOKENIZER_script_data_escaped_dash,
                 TOKENIZER_script_data_escaped_less_than_sign);
}

void tokenizer_script_data_double_escaped_state(struct tokenizer *t)
{
    read_escaped(t, TOKENIZER_script_data_double_escaped_dash,
                 TOKENIZER_script_data_double_escaped_less_than_sign);
}

/* After one dash: another one counts, everything else is as without. */
static void read_dash(struct tokenizer *t, enum tokenizer_state dash_dash,
                      enum tokenizer_state escaped)
{
    const bool is_dash = !tokenizer_is_at_end(t) && tokenizer_byte(t) == '-';
    t->at += is_dash;
    t->state = is_dash ? dash_dash : escaped;
}

void tokenizer_script_data_escaped_dash_state(struct tokenizer *t)
{
    read_dash(t, TOKENIZER_script_data_escaped_dash_dash, TOKENIZER_script_data_escaped);
}

void tokenizer_script_data_double_escaped_dash_state(struct tokenizer *t)
{
    read_dash(t, TOKENIZER_script_data_double_escaped_dash_dash,
              TOKENIZER_script_data_double_escaped);
}

/* After two or more dashes: a '>' ends the escape. */
static void read_dash_dash(struct tokenizer *t, enum tokenizer_state escaped)
{
    while (!tokenizer_is_at_end(t) && tokenizer_byte(t) == '-') {
        t->at++;
    }
    const bool is_end = !tokenizer_is_at_end(t) && tokenizer_byte(t) == '>';
    t->at += is_end;
    t->state = is_end ? TOKENIZER_script_data : escaped;
}

void tokenizer_script_data_escaped_dash_dash_state(struct tokenizer *t)
{
    read_dash_dash(t, TOKENIZER_script_data_escaped);
}

void tokenizer_script_data_double_escaped_dash_dash_state(struct tokenizer *t)
{
    read_dash_dash(t, TOKENIZER_script_data_double_escaped);
}

void tokenizer_script_data_escaped_less_than_sign_state(struct tokenizer *t)
{
    const char c = tokenizer_is_at_end(t) ? '\0' : tokenizer_byte(t);
    if (c == '/') {
        t->state = TOKENIZER_script_data_escaped_end_tag_name;
    } else if (ascii_is_letter((uint8_t)c)) {
        t->part_start = t->at;
        t->state = TOKENIZER_script_data_double_escape_start;
    } else {
        t->state = TOKENIZER_script_data_escaped;
    }
}

/* Does the word "script" stand here, with an end behind it? Reads over letters and that end. */
static bool read_script_word(struct tokenizer *t)
{
    const size_t start = t->at;
    while (!tokenizer_is_at_end(t) && ascii_is_letter((uint8_t)tokenizer_byte(t))) {
        t->at++;
    }
    const str word = str_slice(t->source, start, t->at);
    const char end = tokenizer_is_at_end(t) ? '\0' : tokenizer_byte(t);
    return str_equal_ignoring_ascii_case(word, STR("script")) &&
           (ascii_is_space((uint8_t)end) || end == '/' || end == '>');
}

void tokenizer_script_data_double_escape_start_state(struct tokenizer *t)
{
    t->state =
        read_script_word(t) ? TOKENIZER_script_data_double_escaped : TOKENIZER_script_data_escaped;
}

void tokenizer_script_data_double_escaped_less_than_sign_state(struct tokenizer *t)
{
    const bool is_solidus = !tokenizer_is_at_end(t) && tokenizer_byte(t) == '/';
    t->at += is_solidus;
    t->state =
        is_solidus ? TOKENIZER_script_data_double_escape_end : TOKENIZER_script_data_double_escaped;
}

void tokenizer_script_data_double_escape_end_state(struct tokenizer *t)
{
    t->state =
        read_script_word(t) ? TOKENIZER_script_data_escaped : TOKENIZER_script_data_double_escaped;
}
