/* SPDX-License-Identifier: Apache-2.0 */
/* Tokenizer states behind "<!" and "<?": comments, CDATA sections, and what is taken for them. */
#include "markup/tokenizer.h"

#include "markup/scan.h"

static bool source_has(const struct tokenizer *t, str word)
{
    return str_equal_ignoring_ascii_case(str_slice(t->source, t->at, t->at + word.len), word);
}

static char byte_or_nul(const struct tokenizer *t)
{
    return tokenizer_is_at_end(t) ? '\0' : tokenizer_byte(t);
}

void tokenizer_markup_declaration_open_state(struct tokenizer *t)
{
    if (source_has(t, STR("--"))) {
        t->at += 2;
        t->part_start = t->at;
        t->state = TOKENIZER_comment_start;
    } else if (source_has(t, STR("doctype"))) {
        t->at += STR("doctype").len;
        t->state = TOKENIZER_doctype;
    } else if (t->cdata_allowed &&
               str_starts(str_slice(t->source, t->at, t->source.len), STR("[CDATA["))) {
        t->at += STR("[CDATA[").len;
        t->text_start = t->at;
        t->state = TOKENIZER_cdata_section;
    } else {
        t->part_start = t->at;
        t->state = TOKENIZER_bogus_comment;
    }
}

/* The comment's data ends at `end`, the comment itself at `at`. */
static void emit_comment(struct tokenizer *t, size_t end)
{
    t->token->text = tokenizer_clean(t, t->part_start, end, false);
    tokenizer_emit_markup(t, TOKEN_COMMENT);
}

void tokenizer_bogus_comment_state(struct tokenizer *t)
{
    const size_t found = str_find_byte(t->source, '>', t->at);
    const size_t end = found < t->source.len ? found : t->source.len;
    t->at = end < t->source.len ? end + 1 : end;
    emit_comment(t, end);
}

void tokenizer_comment_start_state(struct tokenizer *t)
{
    const char c = byte_or_nul(t);
    if (c == '-') {
        t->at++;
        t->state = TOKENIZER_comment_start_dash;
    } else if (c == '>') {
        t->at++;
        emit_comment(t, t->part_start); /* "<!-->" */
    } else {
        t->state = TOKENIZER_comment;
    }
}

void tokenizer_comment_start_dash_state(struct tokenizer *t)
{
    const char c = byte_or_nul(t);
    if (c == '-') {
        t->at++;
        t->state = TOKENIZER_comment_end;
    } else if (c == '>') {
        t->at++;
        emit_comment(t, t->part_start); /* "<!--->" */
    } else if (tokenizer_is_at_end(t)) {
        emit_comment(t, t->part_start);
    } else {
        t->state = TOKENIZER_comment;
    }
}

/* The four comment less-than sign states of the standard only tell a nested comment's error. */
void tokenizer_comment_state(struct tokenizer *t)
{
    const size_t found = str_find_byte(t->source, '-', t->at);
    if (found >= t->source.len) {
        t->at = t->source.len;
        emit_comment(t, t->at);
        return;
    }
    t->at = found + 1;
    t->state = TOKENIZER_comment_end_dash;
}

void tokenizer_comment_end_dash_state(struct tokenizer *t)
{
    if (tokenizer_is_at_end(t)) {
        emit_comment(t, t->at - 1);
    } else if (tokenizer_byte(t) == '-') {
        t->at++;
        t->state = TOKENIZER_comment_end;
    } else {
        t->state = TOKENIZER_comment;
    }
}

void tokenizer_comment_end_state(struct tokenizer *t)
{
    while (byte_or_nul(t) == '-') {
        t->at++; /* of "--->" the first dash is data */
    }
    if (tokenizer_is_at_end(t)) {
        emit_comment(t, t->at - 2);
    } else if (tokenizer_byte(t) == '>') {
        t->at++;
        emit_comment(t, t->at - 3);
    } else if (tokenizer_byte(t) == '!') {
        t->at++;
        t->state = TOKENIZER_comment_end_bang;
    } else {
        t->state = TOKENIZER_comment;
    }
}

void tokenizer_comment_end_bang_state(struct tokenizer *t)
{
    if (tokenizer_is_at_end(t)) {
        emit_comment(t, t->at - 3);
    } else if (tokenizer_byte(t) == '>') {
        t->at++;
        emit_comment(t, t->at - 4);
    } else if (tokenizer_byte(t) == '-') {
        t->at++;
        t->state = TOKENIZER_comment_end_dash;
    } else {
        t->state = TOKENIZER_comment;
    }
}

/* HTML: CDATA section state, with its bracket and end states. Text, and nothing in it is special
 * but "]]>". */
void tokenizer_cdata_section_state(struct tokenizer *t)
{
    while (!tokenizer_is_at_end(t)) {
        t->at = scan_for(t->source.ptr, t->at, t->source.len, ']', '\0', '\r', '\r');
        if (tokenizer_is_at_end(t)) {
            break;
        }
        if (tokenizer_byte(t) != ']') {
            if (!tokenizer_flush_text(t, t->at)) {
                tokenizer_emit_odd_byte(t, true);
            }
            return;
        }
        if (source_has(t, STR("]]>"))) {
            if (!tokenizer_flush_text(t, t->at)) {
                t->at += STR("]]>").len;
                t->text_start = t->at;
                t->state = TOKENIZER_data;
            }
            return;
        }
        t->at++;
    }
    if (!tokenizer_flush_text(t, t->at)) {
        tokenizer_emit_end(t);
    }
}
