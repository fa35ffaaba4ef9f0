/* SPDX-License-Identifier: Apache-2.0 */
/* Every encoding there is, the first byte chooses it: decoding at speed says what decoding step by
 * step says, and a step looks at a bounded number of bytes and moves, so that time is linear. */
#include "fuzz.h"

#include "text/charset_table.h"
#include "text/coder.h"
#include "text/decode.h"
#include "text/utf8.h"

enum { STEP_LEN_MAX = 8 }; /* two units of UTF-7 take six bytes */

static size_t put_utf8(uint32_t c, uint8_t *out)
{
    size_t len = 0;
    if (c < 0x80) {
        out[len++] = (uint8_t)c;
    } else if (c < 0x800) {
        out[len++] = (uint8_t)(0xC0 | c >> 6);
    } else if (c < 0x10000) {
        out[len++] = (uint8_t)(0xE0 | c >> 12);
        out[len++] = (uint8_t)(0x80 | (c >> 6 & 0x3F));
    } else {
        out[len++] = (uint8_t)(0xF0 | c >> 18);
        out[len++] = (uint8_t)(0x80 | (c >> 12 & 0x3F));
        out[len++] = (uint8_t)(0x80 | (c >> 6 & 0x3F));
    }
    if (c >= 0x80) {
        out[len++] = (uint8_t)(0x80 | (c & 0x3F));
    }
    return len;
}

/* Walks `content` step by step along the text that decode() made of it. */
static void check_steps(bytes content, const struct charset *charset, const struct decoded *decoded)
{
    struct coder_mode mode = {0};
    size_t text_at = 0;
    int64_t errors = 0;
    for (size_t at = decoded->bom_len; at < content.len;) {
        const struct step step = charset->coder->step(content, at, &mode, charset->upper_half);
        const uint32_t code_points[] = {step.first, step.second};
        MUST(step.count <= 2 && step.len >= 1 && step.len <= content.len - at);
        MUST(step.len <= STEP_LEN_MAX || charset->coder == &coder_replacement);
        for (uint8_t i = 0; i < step.count; i++) {
            uint8_t expected[4];
            const size_t len = put_utf8(code_points[i], expected);
            MUST(decoded->text.len - text_at >= len);
            MUST(memcmp(decoded->text.ptr + text_at, expected, len) == 0);
            text_at += len;
        }
        if (step.is_error) {
            MUST(errors || decoded->replaced_first == (int64_t)at);
            errors++;
        }
        at += step.len;
    }
    MUST(text_at == decoded->text.len && errors == decoded->replaced);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    size_t count = 0;
    while (charset_at(count)) {
        count++;
    }
    if (size == 0) {
        return 0;
    }
    struct arena arena;
    struct decoded decoded;
    const struct charset *const charset = charset_at(data[0] % count);
    const bytes content = {.ptr = data + 1, .len = size - 1};
    arena_init(&arena, 64 << 20);
    if (decode(&arena, content, charset, &decoded) == STATUS_OK) {
        MUST(utf8_is_valid(str_bytes(decoded.text)));
        check_steps(content, charset, &decoded);
    }
    arena_release(&arena);
    return 0;
}
