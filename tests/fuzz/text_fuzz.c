/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes in any encoding: the first byte chooses it. What comes out is UTF-8, offsets rise with
 * the text, the normal form is one, and doing it twice changes nothing. */
#include "fuzz.h"

#include "text/decode.h"
#include "text/detect.h"
#include "text/normal.h"
#include "text/utf8.h"

static void check_origin(const struct decoded *decoded, size_t content_len)
{
    size_t before = 0;
    for (size_t at = 0; decoded->origin && at <= decoded->text.len; at++) {
        const size_t place = origin_content_offset(decoded->origin, at);
        MUST(place >= before && place <= content_len);
        before = place;
    }
    MUST(!decoded->origin || before == content_len);
}

static void check_normal(struct arena *arena, str text)
{
    struct normal_changes changes = {0};
    str once;
    str twice;
    if (normalise(arena, text, (struct normal_rules){.form = NORMAL_FORM_NFC}, &once, &changes) ==
        STATUS_OK) {
        MUST(utf8_is_valid(str_bytes(once)) && str_find_byte(once, '\0', 0) == SIZE_MAX);
        if (normalise(arena, once, (struct normal_rules){.form = NORMAL_FORM_NFC}, &twice,
                      &changes) == STATUS_OK) {
            MUST(str_equal(once, twice));
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct charset *const charsets[] = {
        charset_utf_8, charset_utf_16le,  charset_utf_16be, charset_gb18030,
        charset_big5,  charset_shift_jis, charset_euc_kr,   charset_windows_1252,
    };
    struct arena arena;
    struct decoded decoded;
    struct detection detection;
    if (size == 0) {
        return 0;
    }
    const bytes content = {.ptr = data + 1, .len = size - 1};
    arena_init(&arena, 64 << 20);
    detect(content, &(struct detect_hints){.is_text = (data[0] & 0x80) != 0}, &detection);
    if (decode(&arena, content, charsets[data[0] % (sizeof charsets / sizeof *charsets)],
               &decoded) == STATUS_OK) {
        MUST(utf8_is_valid(str_bytes(decoded.text)));
        MUST((decoded.replaced == 0) == (decoded.replaced_first == -1));
        check_origin(&decoded, content.len);
        check_normal(&arena, decoded.text);
    }
    arena_release(&arena);
    return 0;
}
