/* SPDX-License-Identifier: Apache-2.0 */
#include "markup/tokenizer.h"

#include "markup/html.h"
#include "markup/reference.h"
#include "markup/scan.h"

/* A piece of text is never longer, so that whoever pulls can look around in between. */
enum { PIECE_LEN_MAX = 64 * 1024 };

typedef void state_function(struct tokenizer *t);

static state_function *const states[] = {
#define X(name) [TOKENIZER_##name] = tokenizer_##name##_state,
    TOKENIZER_STATE_LIST(X)
#undef X
};

bool tokenizer_init(struct tokenizer *tokenizer, struct arena *arena, str source)
{
    *tokenizer = (struct tokenizer){
        .arena = arena,
        .source = source,
        .attribute_hashes = ARENA_ARRAY(arena, HTML_ATTRIBUTE_COUNT_MAX, uint32_t),
    };
    /* Resolved text is never three times as long as its spelling. */
    buf_init(&tokenizer->scratch, arena,
             source.len < SIZE_MAX / 4 ? source.len * 3 + 16 : SIZE_MAX);
    return tokenizer->attribute_hashes != NULL;
}

enum status tokenizer_next(struct tokenizer *tokenizer, struct token *out)
{
    *out = (struct token){0};
    tokenizer->token = out;
    tokenizer->is_emitted = false;
    while (!tokenizer->is_emitted) {
        tokenizer->steps++;
        states[tokenizer->state](tokenizer);
    }
    return tokenizer->no_memory ? STATUS_NO_MEMORY : STATUS_OK;
}

static void emit(struct tokenizer *t, enum token_kind kind, size_t start, size_t end)
{
    t->token->kind = kind;
    t->token->src_start = (uint32_t)start; /* no text is longer: tree.c, set_up */
    t->token->src_end = (uint32_t)end;
    t->is_emitted = true;
}

bool tokenizer_flush_text(struct tokenizer *t, size_t end)
{
    const size_t start = t->text_start;
    if (start >= end) {
        return false;
    }
    t->token->text = (str){.ptr = t->source.ptr + start, .len = end - start};
    emit(t, TOKEN_TEXT, start, end);
    t->text_start = end;
    return true;
}

/* One thing that the source spells otherwise than the text has it. */
static void emit_changed(struct tokenizer *t, const char *text, size_t text_len, size_t src_len)
{
    memcpy(t->encoded, text, text_len);
    t->token->text = (str){.ptr = t->encoded, .len = text_len};
    emit(t, TOKEN_TEXT, t->at, t->at + src_len);
    t->at += src_len;
    t->text_start = t->at;
}

void tokenizer_emit_odd_byte(struct tokenizer *t, bool keeps_null)
{
    if (tokenizer_byte(t) == '\r') {
        const bool has_lf = t->at + 1 < t->source.len && t->source.ptr[t->at + 1] == '\n';
        emit_changed(t, "\n", 1, has_lf ? 2 : 1);
        return;
    }
    t->token->is_null = keeps_null;
    emit_changed(t, keeps_null ? "" : "\xEF\xBF\xBD", keeps_null ? 1 : 3, 1);
}

void tokenizer_emit_end(struct tokenizer *t)
{
    t->at = t->source.len;
    t->state = TOKENIZER_data;
    t->text_start = t->at;
    emit(t, TOKEN_END, t->at, t->at);
}

void tokenizer_emit_markup(struct tokenizer *t, enum token_kind kind)
{
    t->state = TOKENIZER_data;
    t->text_start = t->at;
    emit(t, kind, t->markup_start, t->at);
}

static bool has_capital(str raw)
{
    for (size_t i = 0; i < raw.len; i++) {
        if (raw.ptr[i] >= 'A' && raw.ptr[i] <= 'Z') {
            return true;
        }
    }
    return false;
}

str tokenizer_clean(struct tokenizer *t, size_t start, size_t end, bool lower)
{
    const str raw = str_slice(t->source, start, end);
    if (scan_for(raw.ptr, 0, raw.len, '\0', '\r', '\0', '\r') == raw.len &&
        !(lower && has_capital(raw))) {
        return raw;
    }
    struct buf *buf = &t->scratch;
    buf_clear(buf);
    for (size_t i = 0; i < raw.len; i++) {
        const char c = raw.ptr[i];
        if (c == '\0') {
            buf_add(buf, STR("\xEF\xBF\xBD"));
        } else if (c != '\r') {
            buf_add_byte(buf, (uint8_t)(lower ? ascii_lower(c) : c));
        } else if (i + 1 == raw.len || raw.ptr[i + 1] != '\n') {
            buf_add_byte(buf, '\n');
        }
    }
    const str copy = arena_copy(t->arena, buf_str(buf));
    t->no_memory |= buf_failed(buf) || !copy.ptr;
    return copy;
}

/* A '<' that begins no markup is text. HTML: tag open state, anything else. */
static bool begins_markup(const struct tokenizer *t)
{
    const char next = t->at + 1 < t->source.len ? t->source.ptr[t->at + 1] : ' ';
    return ascii_is_letter((uint8_t)next) || next == '/' || next == '!' || next == '?';
}

/* A character reference, unless it is just characters. True: something was handed out. */
static bool read_reference(struct tokenizer *t)
{
    const struct reference reference =
        reference_read(str_slice(t->source, t->at, t->source.len), false);
    if (reference.len && tokenizer_flush_text(t, t->at)) {
        return true; /* and the reference is read again, for its own piece */
    }
    t->bad_references += reference.is_error;
    if (!reference.len) {
        t->at++;
        return false;
    }
    emit_changed(t, reference.text, reference.text_len, reference.len);
    return true;
}

/* The part that data, RCDATA, RAWTEXT, script data and PLAINTEXT share: text up to a '<', which
 * `less_than_sign` goes on with. `ampersand` and `less` are those of '&' and '<' that mean
 * something, or NUL twice. */
static void read_text(struct tokenizer *t, char ampersand, char less, bool keeps_null,
                      enum tokenizer_state less_than_sign)
{
    const size_t left = t->source.len - t->text_start;
    size_t stop = t->text_start + (left < PIECE_LEN_MAX ? left : PIECE_LEN_MAX);
    while (stop < t->source.len && ((uint8_t)t->source.ptr[stop] & 0xC0) == 0x80) {
        stop++; /* a piece ends between characters */
    }
    while (t->at < stop) {
        t->at = scan_for(t->source.ptr, t->at, stop, less, ampersand, '\0', '\r');
        if (t->at >= stop) {
            break;
        }
        const char c = tokenizer_byte(t);
        if (c == '&') {
            if (read_reference(t)) {
                return;
            }
        } else if (c == '<') {
            if (less_than_sign == TOKENIZER_tag_open && !begins_markup(t)) {
                t->at++;
                continue;
            }
            if (less_than_sign != TOKENIZER_tag_open || !tokenizer_flush_text(t, t->at)) {
                t->markup_start = t->at++;
                t->state = less_than_sign;
            }
            return;
        } else {
            if (!tokenizer_flush_text(t, t->at)) {
                tokenizer_emit_odd_byte(t, keeps_null);
            }
            return;
        }
    }
    if (!tokenizer_flush_text(t, t->at)) {
        tokenizer_emit_end(t);
    }
}

void tokenizer_data_state(struct tokenizer *t)
{
    read_text(t, '&', '<', true, TOKENIZER_tag_open);
}

void tokenizer_rcdata_state(struct tokenizer *t)
{
    read_text(t, '&', '<', false, TOKENIZER_rcdata_less_than_sign);
}

void tokenizer_rawtext_state(struct tokenizer *t)
{
    read_text(t, '\0', '<', false, TOKENIZER_rawtext_less_than_sign);
}

void tokenizer_script_data_state(struct tokenizer *t)
{
    read_text(t, '\0', '<', false, TOKENIZER_script_data_less_than_sign);
}

void tokenizer_plaintext_state(struct tokenizer *t)
{
    read_text(t, '\0', '\0', false, TOKENIZER_plaintext);
}
