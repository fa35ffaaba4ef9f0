/* SPDX-License-Identifier: Apache-2.0 */
/* URLs of any bytes: a line the base, a line the reference. What came out of the parser goes
 * through it again unchanged, and holds nothing a request line or a column must not. */
#include "fuzz.h"

#include "base/url.h"
#include "text/utf8.h"

static void check(struct arena *arena, const struct url *url)
{
    struct url again;
    for (size_t i = 0; i < url->whole.len; i++) {
        MUST((unsigned char)url->whole.ptr[i] > 0x20 && (unsigned char)url->whole.ptr[i] < 0x7F);
    }
    MUST(str_starts(url->whole, url->request) && url->host.len > 0);
    const enum url_verdict verdict = url_parse(arena, url->whole, NULL, &again);
    MUST(verdict == URL_NO_MEMORY ||
         (verdict == URL_OK && str_equal(again.whole, url->whole) &&
          str_equal(again.host, url->host) && again.port == url->port && !again.had_userinfo));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena;
    struct url base;
    struct url url;
    if (!utf8_is_valid((bytes){.ptr = data, .len = size})) {
        return 0;
    }
    arena_init(&arena, 16 << 20);
    const str text = {.ptr = (const char *)data, .len = size};
    const size_t line = str_find_byte(text, '\n', 0);
    const bool has_base = url_parse(&arena, str_slice(text, 0, line), NULL, &base) == URL_OK;
    if (has_base) {
        check(&arena, &base);
    }
    if (line != SIZE_MAX && url_parse(&arena, str_slice(text, line + 1, size),
                                      has_base ? &base : NULL, &url) == URL_OK) {
        check(&arena, &url);
    }
    const str elsewhere = url_of_other_scheme(&arena, text);
    for (size_t i = 0; i < elsewhere.len; i++) {
        MUST((unsigned char)elsewhere.ptr[i] > 0x20 && elsewhere.ptr[i] != '#');
    }
    (void)url_file_path(&arena, text);
    (void)url_is_absolute(text);
    arena_release(&arena);
    return 0;
}
