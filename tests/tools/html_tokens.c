/* SPDX-License-Identifier: Apache-2.0 */
/* HTML on stdin, its tokens on stdout as the html5lib tokenizer suite writes them (JSON). */
#include "markup/tokenizer.h"
#include "tools/suite_case.h"

static void add_json(struct buf *out, str s)
{
    static const char digits[] = "0123456789abcdef";
    buf_add_byte(out, '"');
    for (size_t i = 0; i < s.len; i++) {
        const uint8_t c = (uint8_t)s.ptr[i];
        if (c < 0x20) {
            buf_add(out, STR("\\u00"));
            buf_add_byte(out, (uint8_t)digits[c >> 4]);
            buf_add_byte(out, (uint8_t)digits[c & 15]);
            continue;
        }
        if (c == '"' || c == '\\') {
            buf_add_byte(out, '\\');
        }
        buf_add_byte(out, c);
    }
    buf_add_byte(out, '"');
}

static void add_item(struct buf *out, str word)
{
    buf_add(out, out->len > 1 ? STR(",\n[") : STR("["));
    add_json(out, word);
    buf_add(out, STR(","));
}

static void add_start_tag(struct buf *out, const struct token *token)
{
    add_item(out, STR("StartTag"));
    add_json(out, token->name);
    buf_add(out, STR(",{"));
    for (const struct attribute *each = token->attributes; each; each = each->next) {
        add_json(out, each->name);
        buf_add(out, STR(":"));
        add_json(out, each->value);
        buf_add(out, each->next ? STR(",") : STR(""));
    }
    buf_add(out, token->self_closing ? STR("},true]") : STR("}]"));
}

static void add_doctype(struct buf *out, const struct token *token)
{
    const struct {
        bool is_there;
        str text;
    } parts[] = {{token->name.len > 0, token->name},
                 {token->has_public_id, token->public_id},
                 {token->has_system_id, token->system_id}};
    add_item(out, STR("DOCTYPE"));
    for (size_t i = 0; i < 3; i++) {
        if (parts[i].is_there) {
            add_json(out, parts[i].text);
        } else {
            buf_add(out, STR("null"));
        }
        buf_add(out, STR(","));
    }
    buf_add(out, token->force_quirks ? STR("false]") : STR("true]"));
}

static void add_token(struct buf *out, const struct token *token)
{
    switch (token->kind) {
    case TOKEN_START_TAG:
        add_start_tag(out, token);
        break;
    case TOKEN_END_TAG:
        add_item(out, STR("EndTag"));
        add_json(out, token->name);
        buf_add(out, STR("]"));
        break;
    case TOKEN_COMMENT:
        add_item(out, STR("Comment"));
        add_json(out, token->text);
        buf_add(out, STR("]"));
        break;
    case TOKEN_DOCTYPE:
        add_doctype(out, token);
        break;
    case TOKEN_TEXT:
    case TOKEN_END:
        break;
    }
}

static void end_characters(struct buf *out, struct buf *characters)
{
    if (characters->len) {
        add_item(out, STR("Character"));
        add_json(out, buf_str(characters));
        buf_add(out, STR("]"));
        buf_clear(characters);
    }
}

static enum tokenizer_state state_named(str name)
{
    static const struct {
        str name;
        enum tokenizer_state state;
    } states[] = {{STR_INIT("RCDATA state"), TOKENIZER_rcdata},
                  {STR_INIT("RAWTEXT state"), TOKENIZER_rawtext},
                  {STR_INIT("PLAINTEXT state"), TOKENIZER_plaintext},
                  {STR_INIT("Script data state"), TOKENIZER_script_data},
                  {STR_INIT("CDATA section state"), TOKENIZER_cdata_section}};
    for (size_t i = 0; i < sizeof states / sizeof *states; i++) {
        if (str_equal(states[i].name, name)) {
            return states[i].state;
        }
    }
    return TOKENIZER_data;
}

static enum status run(struct arena *arena, const struct suite_case *input, struct buf *out)
{
    struct tokenizer tokenizer;
    struct token token = {0};
    struct buf characters;
    if (!tokenizer_init(&tokenizer, arena, input->text)) {
        return STATUS_NO_MEMORY;
    }
    buf_init(&characters, arena, out->limit_bytes);
    tokenizer.state = state_named(input->state);
    tokenizer.last_start_tag = input->last_start_tag;
    buf_add(out, STR("["));
    do {
        TRY(tokenizer_next(&tokenizer, &token));
        if (token.kind == TOKEN_TEXT) {
            buf_add(&characters, token.text);
            continue;
        }
        end_characters(out, &characters);
        add_token(out, &token);
    } while (token.kind != TOKEN_END);
    buf_add(out, STR("]\n"));
    return buf_failed(&characters) ? STATUS_NO_MEMORY : STATUS_OK;
}

int main(int argc, char **argv)
{
    return suite_case_main(argc, argv, run);
}
