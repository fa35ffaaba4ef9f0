/* SPDX-License-Identifier: Apache-2.0 */
/* Tokenizer states behind "<!doctype". */
#include "markup/tokenizer.h"

static void skip_space(struct tokenizer *t)
{
    while (!tokenizer_is_at_end(t) && ascii_is_space((uint8_t)tokenizer_byte(t))) {
        t->at++;
    }
}

/* Before a '>' or at the end: out with what was read. True when it was so. */
static bool emit_if_over(struct tokenizer *t, bool force_quirks)
{
    if (!tokenizer_is_at_end(t) && tokenizer_byte(t) != '>') {
        return false;
    }
    t->token->force_quirks |= force_quirks || tokenizer_is_at_end(t);
    t->at += !tokenizer_is_at_end(t);
    tokenizer_emit_markup(t, TOKEN_DOCTYPE);
    return true;
}

static void go_bogus(struct tokenizer *t)
{
    t->token->force_quirks = true;
    t->state = TOKENIZER_bogus_doctype;
}

/* At a quote the identifier begins; anything else spoils the doctype. */
static void begin_identifier(struct tokenizer *t, enum tokenizer_state identifier)
{
    const char c = tokenizer_byte(t);
    if (c != '"' && c != '\'') {
        go_bogus(t);
        return;
    }
    t->quote = c;
    t->part_start = ++t->at;
    t->state = identifier;
}

/* Up to the quote; a '>' or the end inside it ends the doctype. */
static str read_identifier(struct tokenizer *t, enum tokenizer_state after)
{
    while (!tokenizer_is_at_end(t) && tokenizer_byte(t) != t->quote && tokenizer_byte(t) != '>') {
        t->at++;
    }
    const str identifier = tokenizer_clean(t, t->part_start, t->at, false);
    if (!emit_if_over(t, true)) {
        t->at++;
        t->state = after;
    }
    return identifier;
}

void tokenizer_doctype_state(struct tokenizer *t)
{
    t->state = TOKENIZER_before_doctype_name;
}

void tokenizer_before_doctype_name_state(struct tokenizer *t)
{
    skip_space(t);
    if (!emit_if_over(t, true)) {
        t->part_start = t->at;
        t->state = TOKENIZER_doctype_name;
    }
}

void tokenizer_doctype_name_state(struct tokenizer *t)
{
    while (!tokenizer_is_at_end(t) && tokenizer_byte(t) != '>' &&
           !ascii_is_space((uint8_t)tokenizer_byte(t))) {
        t->at++;
    }
    t->token->name = tokenizer_clean(t, t->part_start, t->at, true);
    t->state = TOKENIZER_after_doctype_name;
}

/* HTML: after DOCTYPE name state, and after DOCTYPE public or system keyword state. */
void tokenizer_after_doctype_name_state(struct tokenizer *t)
{
    skip_space(t);
    if (emit_if_over(t, false)) {
        return;
    }
    const str word = str_slice(t->source, t->at, t->at + STR("public").len);
    const bool is_public = str_equal_ignoring_ascii_case(word, STR("public"));
    if (!is_public && !str_equal_ignoring_ascii_case(word, STR("system"))) {
        go_bogus(t);
        return;
    }
    t->at += word.len;
    t->state = is_public ? TOKENIZER_before_doctype_public_identifier
                         : TOKENIZER_before_doctype_system_identifier;
}

void tokenizer_before_doctype_public_identifier_state(struct tokenizer *t)
{
    skip_space(t);
    if (!emit_if_over(t, true)) {
        begin_identifier(t, TOKENIZER_doctype_public_identifier);
    }
}

void tokenizer_doctype_public_identifier_state(struct tokenizer *t)
{
    t->token->has_public_id = true;
    t->token->public_id = read_identifier(t, TOKENIZER_after_doctype_public_identifier);
}

/* HTML: this, and between DOCTYPE public and system identifiers state. */
void tokenizer_after_doctype_public_identifier_state(struct tokenizer *t)
{
    skip_space(t);
    if (!emit_if_over(t, false)) {
        begin_identifier(t, TOKENIZER_doctype_system_identifier);
    }
}

void tokenizer_before_doctype_system_identifier_state(struct tokenizer *t)
{
    skip_space(t);
    if (!emit_if_over(t, true)) {
        begin_identifier(t, TOKENIZER_doctype_system_identifier);
    }
}

void tokenizer_doctype_system_identifier_state(struct tokenizer *t)
{
    t->token->has_system_id = true;
    t->token->system_id = read_identifier(t, TOKENIZER_after_doctype_system_identifier);
}

void tokenizer_after_doctype_system_identifier_state(struct tokenizer *t)
{
    skip_space(t);
    if (!emit_if_over(t, false)) {
        t->state = TOKENIZER_bogus_doctype; /* without quirks, says the standard */
    }
}

void tokenizer_bogus_doctype_state(struct tokenizer *t)
{
    const size_t found = str_find_byte(t->source, '>', t->at);
    const bool forced = t->token->force_quirks;
    t->at = found < t->source.len ? found : t->source.len;
    /* HTML: bogus DOCTYPE state: the end does not make it worse. */
    emit_if_over(t, forced);
    t->token->force_quirks = forced;
}
