/* SPDX-License-Identifier: Apache-2.0 */
/* `tool_robots AGENT FILE`: URLs or paths on standard input; for each whether a crawler of that name
 * may ask for it: `allow` or `disallow` TAB rule TAB line TAB crawl delay in seconds (`-`: none), or
 * `error` for what is no URL. FILE may be /dev/null: a server without robots.txt. */
#include "base/blob.h"
#include "base/url.h"
#include "fetch/robots.h"

#include <stdio.h>

enum { LINE_BYTES_MAX = 1 << 17, FILE_BYTES_MAX = 1 << 26 };

static struct robots robots;

static void print_delay(void)
{
    if (robots.delay_ms < 0) {
        printf("-\n");
    } else {
        printf("%lld.%03lld\n", (long long)robots.delay_ms / 1000,
               (long long)robots.delay_ms % 1000);
    }
}

static bool judge(struct arena *arena, str text)
{
    static const struct url nowhere = {.scheme = STR_INIT("http"),
                                       .host = STR_INIT("localhost"),
                                       .web_host = STR_INIT("localhost"),
                                       .path = STR_INIT("/"),
                                       .port = 80};
    struct url url;
    struct robots_verdict verdict;
    if (url_parse(arena, text, &nowhere, &url) != URL_OK) {
        printf("error\n");
        return true;
    }
    if (robots_judge(&robots, arena, url.path, &verdict) != STATUS_OK) {
        return false;
    }
    const bytes rule = verdict.rule ? verdict.rule->text : str_bytes(STR("-"));
    printf("%s\t%.*s\t", verdict.allowed ? "allow" : "disallow", (int)rule.len,
           (const char *)rule.ptr);
    printf(verdict.rule ? "%zu\t" : "-\t", verdict.rule ? verdict.rule->line : 0);
    print_delay();
    return true;
}

int main(int count, char **arguments)
{
    static char line[LINE_BYTES_MAX];
    struct arena arena;
    int reason = 0;
    if (count != 3) {
        fprintf(stderr, "usage: tool_robots AGENT FILE < URLS\n");
        return 64;
    }
    struct blob *const blob = blob_open_file(arguments[2], FILE_BYTES_MAX, FILE_BYTES_MAX, &reason);
    if (!blob) {
        fprintf(stderr, "%s: %s\n", arguments[2], strerror(reason));
        return 66;
    }
    arena_init(&arena, 1 << 28);
    bool going = robots_parse(&arena, blob_content(blob), robots_token(str_of(arguments[1])),
                              &robots) == STATUS_OK;
    while (going && fgets(line, sizeof line, stdin)) {
        const struct arena_position mark = arena_mark(&arena);
        line[strcspn(line, "\n")] = '\0';
        going = judge(&arena, str_of(line));
        arena_rewind(&arena, mark);
    }
    arena_release(&arena);
    blob_close(blob);
    if (!going) {
        fprintf(stderr, "no memory\n");
    }
    return going ? 0 : 71;
}
