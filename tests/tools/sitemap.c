/* SPDX-License-Identifier: Apache-2.0 */
/* usage: sitemap [BASE [CHARSET]]     a sitemap or feed on standard input
 *
 * One line a link on standard output: address TAB lastmod as it stands TAB kind (page, sitemap,
 * enclosure, next; "other_host" behind a space where it leads elsewhere than BASE). On standard
 * error: what the list is, how it ended, how many addresses were none. */
#include "formats/listing.h"

#include <stdio.h>
#include <stdlib.h>

static const size_t INPUT_BYTES_MAX = (size_t)LISTING_BYTES_MAX + 1;

static void print(str s)
{
    fwrite(s.ptr, 1, s.len, stdout);
}

/* A date may hold line ends: they are spaces here. */
static void print_line(const struct listing_link *link)
{
    print(link->url);
    putchar('\t');
    for (size_t i = 0; i < link->modified.len; i++) {
        const char c = link->modified.ptr[i];
        putchar((uint8_t)c < 0x20 ? ' ' : c);
    }
    putchar('\t');
    print(listing_rel_name(link->rel));
    puts(link->other_host ? " other_host" : "");
}

int main(int argc, char **argv)
{
    struct arena arena;
    struct listing listing;
    struct listing_link link;
    struct url base;
    uint8_t *const content = malloc(INPUT_BYTES_MAX);
    const size_t len = content ? fread(content, 1, INPUT_BYTES_MAX, stdin) : 0;
    arena_init(&arena, (size_t)1 << 30);
    if (argc > 3 || !content ||
        (argc > 1 && url_parse(&arena, str_of(argv[1]), NULL, &base) != URL_OK)) {
        fprintf(stderr, "usage: sitemap [BASE [CHARSET]] < sitemap\n");
        return 2;
    }
    (void)listing_open(&listing, &arena, (bytes){.ptr = content, .len = len},
                       str_of(argc > 2 ? argv[2] : ""), argc > 1 ? &base : NULL);
    while (listing_next(&listing, &link)) {
        print_line(&link);
    }
    const str kind = listing_kind_name(listing.kind);
    const str end = listing_end_name(listing.end);
    fprintf(stderr, "%.*s\t%.*s\t%lld bad\n", (int)kind.len, kind.ptr, (int)end.len, end.ptr,
            (long long)listing.bad_count);
    listing_close(&listing);
    arena_release(&arena);
    free(content);
    return 0;
}
