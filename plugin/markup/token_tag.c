/* SPDX-License-Identifier: Apache-2.0 */
/* Tokenizer states from '<' to '>': names and attributes. */
#include "markup/tokenizer.h"

#include "markup/html.h"
#include "markup/reference.h"
#include "markup/scan.h"

/* What ends a stretch of tag source, by byte. */
enum { ENDS_TAG_NAME = 1, ENDS_ATTRIBUTE_NAME = 2, ENDS_UNQUOTED_VALUE = 4, IS_SPACE = 8 };

static const uint8_t byte_properties[256] = {
    ['\t'] = ENDS_TAG_NAME | ENDS_ATTRIBUTE_NAME | ENDS_UNQUOTED_VALUE | IS_SPACE,
    ['\n'] = ENDS_TAG_NAME | ENDS_ATTRIBUTE_NAME | ENDS_UNQUOTED_VALUE | IS_SPACE,
    ['\f'] = ENDS_TAG_NAME | ENDS_ATTRIBUTE_NAME | ENDS_UNQUOTED_VALUE | IS_SPACE,
    ['\r'] = ENDS_TAG_NAME | ENDS_ATTRIBUTE_NAME | ENDS_UNQUOTED_VALUE | IS_SPACE,
    [' '] = ENDS_TAG_NAME | ENDS_ATTRIBUTE_NAME | ENDS_UNQUOTED_VALUE | IS_SPACE,
    ['/'] = ENDS_TAG_NAME | ENDS_ATTRIBUTE_NAME,
    ['>'] = ENDS_TAG_NAME | ENDS_ATTRIBUTE_NAME | ENDS_UNQUOTED_VALUE,
    ['='] = ENDS_ATTRIBUTE_NAME,
};

/* Reads on to a byte that has the property, or to the end. */
static void skip_to(struct tokenizer *t, uint8_t property)
{
    const uint8_t *source = (const uint8_t *)t->source.ptr;
    size_t at = t->at;
    while (at < t->source.len && !(byte_properties[source[at]] & property)) {
        at++;
    }
    t->at = at;
}

static void skip_space(struct tokenizer *t)
{
    const uint8_t *source = (const uint8_t *)t->source.ptr;
    while (t->at < t->source.len && byte_properties[source[t->at]] & IS_SPACE) {
        t->at++;
    }
}

void tokenizer_tag_open_state(struct tokenizer *t)
{
    const char c = tokenizer_is_at_end(t) ? '\0' : tokenizer_byte(t);
    if (ascii_is_letter((uint8_t)c)) {
        t->state = TOKENIZER_tag_name;
    } else if (c == '/') {
        t->at++;
        t->state = TOKENIZER_end_tag_open;
    } else if (c == '!') {
        t->at++;
        t->state = TOKENIZER_markup_declaration_open;
    } else if (c == '?') {
        t->part_start = t->at;
        t->state = TOKENIZER_bogus_comment;
    } else {
        t->state = TOKENIZER_data; /* the '<' is text: text_start still stands on it */
    }
}

void tokenizer_end_tag_open_state(struct tokenizer *t)
{
    if (tokenizer_is_at_end(t)) {
        t->state = TOKENIZER_data; /* "</" is text */
    } else if (ascii_is_letter((uint8_t)tokenizer_byte(t))) {
        t->token->kind = TOKEN_END_TAG;
        t->state = TOKENIZER_tag_name;
    } else if (tokenizer_byte(t) == '>') {
        t->at++;
        t->text_start = t->at;
        t->state = TOKENIZER_data;
    } else {
        t->part_start = t->at;
        t->state = TOKENIZER_bogus_comment;
    }
}

/* Everything of the token but its kind. */
static void begin_tag(struct tokenizer *t, str name)
{
    t->token->name = name;
    t->token->tag = tag_find(name);
    t->attribute_count = 0;
    t->attribute_end = &t->token->attributes;
}

static void emit_tag(struct tokenizer *t)
{
    const enum token_kind kind = t->token->kind == TOKEN_END_TAG ? TOKEN_END_TAG : TOKEN_START_TAG;
    if (kind == TOKEN_START_TAG) {
        t->last_start_tag = t->token->name;
    }
    tokenizer_emit_markup(t, kind);
}

/* What comes behind a name: space, '/', '>' or the end, at which an open tag is lost. */
static void go_on_behind_name(struct tokenizer *t)
{
    if (tokenizer_is_at_end(t)) {
        *t->token = (struct token){0};
        tokenizer_emit_end(t);
        return;
    }
    const char c = t->source.ptr[t->at++];
    if (c == '>') {
        emit_tag(t);
    } else if (c == '/') {
        t->state = TOKENIZER_self_closing_start_tag;
    } else {
        t->state = TOKENIZER_before_attribute_name;
    }
}

void tokenizer_tag_name_state(struct tokenizer *t)
{
    const size_t start = t->at;
    skip_to(t, ENDS_TAG_NAME);
    begin_tag(t, tokenizer_clean(t, start, t->at, true));
    go_on_behind_name(t);
}

/* HTML: RCDATA end tag open and end tag name state, and their namesakes. `at` is behind the '<'.
 * `text` goes on when this is not the end tag that is waited for. */
static void read_end_tag_in_text(struct tokenizer *t, enum tokenizer_state text)
{
    const str wanted = t->last_start_tag;
    const str found = str_slice(t->source, t->at + 1, t->at + 1 + wanted.len);
    const size_t behind = t->at + 1 + wanted.len;
    if (tokenizer_is_at_end(t) || tokenizer_byte(t) != '/') {
        t->state = text;
        return;
    }
    if (wanted.len == 0 || !str_equal_ignoring_ascii_case(found, wanted) ||
        behind >= t->source.len ||
        !(byte_properties[(uint8_t)t->source.ptr[behind]] & ENDS_TAG_NAME)) {
        t->at++;
        t->state = text;
        return;
    }
    if (tokenizer_flush_text(t, t->markup_start)) {
        return; /* and the end tag is seen again by itself */
    }
    t->token->kind = TOKEN_END_TAG;
    begin_tag(t, wanted);
    t->at = behind;
    go_on_behind_name(t);
}

void tokenizer_rcdata_less_than_sign_state(struct tokenizer *t)
{
    read_end_tag_in_text(t, TOKENIZER_rcdata);
}

void tokenizer_rawtext_less_than_sign_state(struct tokenizer *t)
{
    read_end_tag_in_text(t, TOKENIZER_rawtext);
}

void tokenizer_script_data_end_tag_name_state(struct tokenizer *t)
{
    read_end_tag_in_text(t, TOKENIZER_script_data);
}

void tokenizer_script_data_escaped_end_tag_name_state(struct tokenizer *t)
{
    read_end_tag_in_text(t, TOKENIZER_script_data_escaped);
}

void tokenizer_before_attribute_name_state(struct tokenizer *t)
{
    skip_space(t);
    const char c = tokenizer_is_at_end(t) ? '>' : tokenizer_byte(t);
    t->state = c == '/' || c == '>' ? TOKENIZER_after_attribute_name : TOKENIZER_attribute_name;
}

/* Eight bytes at either end and the length: spreads real names, costs the same for any length. */
static uint32_t name_hash(str name)
{
    uint64_t head = 0;
    uint64_t tail = 0;
    memcpy(&head, name.ptr, name.len < 8 ? name.len : 8);
    if (name.len > 8) {
        memcpy(&tail, name.ptr + name.len - 8, 8);
    }
    const uint64_t mixed = (head ^ (tail + name.len) * 0x9E3779B97F4A7C15U) * 0xD6E8FEB86659FD93U;
    return (uint32_t)(mixed >> 32);
}

static bool is_duplicate(struct tokenizer *t, str name, uint32_t hash)
{
    const struct attribute *each = t->token->attributes;
    t->steps += t->attribute_count;
    for (size_t i = 0; i < t->attribute_count; i++, each = each->next) {
        if (t->attribute_hashes[i] == hash && str_equal(each->name, name)) {
            return true;
        }
    }
    return false;
}

/* The attribute that the value to come belongs to; NULL when nobody will see it: in an end tag, a
 * second one of that name, one too many. */
static struct attribute *begin_attribute(struct tokenizer *t, str name)
{
    if (t->token->kind == TOKEN_END_TAG) {
        return NULL;
    }
    const uint32_t hash = name_hash(name);
    if (is_duplicate(t, name, hash)) {
        return NULL;
    }
    if (t->attribute_count == HTML_ATTRIBUTE_COUNT_MAX) {
        t->attributes_limited = true;
        return NULL;
    }
    struct attribute *attribute = ARENA_NEW(t->arena, struct attribute);
    if (!attribute) {
        t->no_memory = true;
        return NULL;
    }
    *attribute = (struct attribute){
        .name = name, .value = STR(""), .src_start = (uint32_t)t->at, .src_end = (uint32_t)t->at};
    t->attribute_hashes[t->attribute_count++] = hash;
    *t->attribute_end = attribute;
    t->attribute_end = &attribute->next;
    return attribute;
}

void tokenizer_attribute_name_state(struct tokenizer *t)
{
    const size_t start = t->at++; /* a '=' in front is part of the name */
    skip_to(t, ENDS_ATTRIBUTE_NAME);
    t->attribute = begin_attribute(t, tokenizer_clean(t, start, t->at, true));
    if (!tokenizer_is_at_end(t) && tokenizer_byte(t) == '=') {
        t->at++;
        t->state = TOKENIZER_before_attribute_value;
    } else {
        t->state = TOKENIZER_after_attribute_name;
    }
}

void tokenizer_after_attribute_name_state(struct tokenizer *t)
{
    skip_space(t);
    const char c = tokenizer_is_at_end(t) ? '>' : tokenizer_byte(t);
    if (c == '/' || c == '>') {
        go_on_behind_name(t);
    } else if (c == '=') {
        t->at++;
        t->state = TOKENIZER_before_attribute_value;
    } else {
        t->state = TOKENIZER_attribute_name;
    }
}

void tokenizer_before_attribute_value_state(struct tokenizer *t)
{
    skip_space(t);
    const char c = tokenizer_is_at_end(t) ? '\0' : tokenizer_byte(t);
    if (c == '"') {
        t->at++;
        t->state = TOKENIZER_attribute_value_double_quoted;
    } else if (c == '\'') {
        t->at++;
        t->state = TOKENIZER_attribute_value_single_quoted;
    } else if (c == '>') {
        go_on_behind_name(t); /* no value */
    } else {
        t->state = TOKENIZER_attribute_value_unquoted;
    }
}

/* The value with its references resolved. */
static str resolve(struct tokenizer *t, size_t start, size_t end)
{
    struct buf *buf = &t->scratch;
    buf_clear(buf);
    size_t at = start;
    while (at < end) {
        const size_t odd = scan_for(t->source.ptr, at, end, '&', '\0', '\r', '\r');
        buf_add(buf, str_slice(t->source, at, odd));
        at = odd;
        if (at == end) {
            break;
        }
        const char c = t->source.ptr[at];
        if (c == '&') {
            const struct reference reference = reference_read(str_slice(t->source, at, end), true);
            t->bad_references += reference.is_error;
            buf_add(buf, reference.len ? (str){.ptr = reference.text, .len = reference.text_len}
                                       : STR("&"));
            at += reference.len ? reference.len : 1;
        } else if (c == '\0') {
            buf_add(buf, STR("\xEF\xBF\xBD"));
            at++;
        } else {
            buf_add_byte(buf, '\n');
            at += at + 1 < end && t->source.ptr[at + 1] == '\n' ? 2 : 1;
        }
    }
    const str value = buf_str(buf);
    const str raw = str_slice(t->source, start, end);
    if (str_equal(value, raw)) {
        return raw;
    }
    const str copy = arena_copy(t->arena, value);
    t->no_memory |= buf_failed(buf) || !copy.ptr;
    return copy;
}

/* `is_plain`: nothing in it is to be resolved. */
static void end_value(struct tokenizer *t, size_t start, size_t end, bool is_plain)
{
    if (t->attribute) {
        t->attribute->src_start = (uint32_t)start;
        t->attribute->src_end = (uint32_t)end;
        t->attribute->value = is_plain ? str_slice(t->source, start, end) : resolve(t, start, end);
    }
}

static void read_quoted(struct tokenizer *t, char quote)
{
    const size_t start = t->at;
    const size_t stop = scan_for(t->source.ptr, start, t->source.len, quote, '&', '\0', '\r');
    const bool is_plain = stop < t->source.len && t->source.ptr[stop] == quote;
    const size_t end = is_plain ? stop : str_find_byte(t->source, quote, stop);
    if (end >= t->source.len) {
        t->at = t->source.len;
        t->state = TOKENIZER_after_attribute_value_quoted; /* where the end is noticed */
        return;
    }
    end_value(t, start, end, is_plain);
    t->at = end + 1;
    t->state = TOKENIZER_after_attribute_value_quoted;
}

void tokenizer_attribute_value_double_quoted_state(struct tokenizer *t)
{
    read_quoted(t, '"');
}

void tokenizer_attribute_value_single_quoted_state(struct tokenizer *t)
{
    read_quoted(t, '\'');
}

void tokenizer_attribute_value_unquoted_state(struct tokenizer *t)
{
    const size_t start = t->at;
    skip_to(t, ENDS_UNQUOTED_VALUE);
    end_value(t, start, t->at, false);
    go_on_behind_name(t);
}

void tokenizer_after_attribute_value_quoted_state(struct tokenizer *t)
{
    const char c = tokenizer_is_at_end(t) ? '>' : tokenizer_byte(t);
    if (byte_properties[(uint8_t)c] & ENDS_TAG_NAME) {
        go_on_behind_name(t);
    } else {
        t->state = TOKENIZER_before_attribute_name;
    }
}

void tokenizer_self_closing_start_tag_state(struct tokenizer *t)
{
    const char c = tokenizer_is_at_end(t) ? '\0' : tokenizer_byte(t);
    if (c == '>') {
        t->token->self_closing = true;
        go_on_behind_name(t);
    } else {
        t->state = TOKENIZER_before_attribute_name; /* where the end is noticed, too */
    }
}
