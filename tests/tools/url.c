/* SPDX-License-Identifier: Apache-2.0 */
/* `tool_url`: `base TAB relative` on standard input, or an absolute URL alone; for each the URL as it
 * is asked for, with its fragment; `not-http` for another scheme, `error` for what is none. */
#include "base/url.h"
#include "text/utf8.h"

#include <stdio.h>

enum { LINE_BYTES_MAX = 1 << 17 };

static enum url_verdict resolve(struct arena *arena, str line, struct url *out)
{
    struct url base;
    const size_t tab = str_find_byte(line, '\t', 0);
    if (!utf8_is_valid(str_bytes(line))) {
        return URL_BAD;
    }
    if (tab == SIZE_MAX) {
        return url_parse(arena, line, NULL, out);
    }
    const enum url_verdict verdict = url_parse(arena, str_slice(line, 0, tab), NULL, &base);
    return verdict == URL_OK ? url_parse(arena, str_slice(line, tab + 1, line.len), &base, out)
                             : verdict;
}

int main(void)
{
    static char line[LINE_BYTES_MAX];
    struct arena arena;
    arena_init(&arena, 1 << 24);
    while (fgets(line, sizeof line, stdin)) {
        struct url url;
        line[strcspn(line, "\n")] = '\0';
        switch (resolve(&arena, str_of(line), &url)) {
        case URL_OK:
            printf("%.*s\n", (int)url.whole.len, url.whole.ptr);
            break;
        case URL_NOT_HTTP:
            printf("not-http\n");
            break;
        case URL_BAD:
        case URL_NO_MEMORY:
            printf("error\n");
            break;
        }
        arena_reset(&arena);
    }
    arena_release(&arena);
    return 0;
}
