/* SPDX-License-Identifier: Apache-2.0 */
/* A sitemap or feed of any bytes: reading ends, every link is an address that parses to itself, and
 * of the same list cut off somewhere the links are the first ones of the whole. */
#include "fuzz.h"

#include "formats/listing.h"
#include "text/utf8.h"

enum { LINKS_SEEN_MAX = 1000, ARENA_BYTES_MAX = 64 << 20 };

static size_t read_links(bytes content, uint64_t hashes[LINKS_SEEN_MAX], bool *is_text)
{
    struct arena arena;
    struct listing listing;
    struct listing_link link;
    struct url base;
    struct url again;
    size_t count = 0;
    arena_init(&arena, ARENA_BYTES_MAX);
    MUST(url_parse(&arena, STR("http://a.example/b/c.xml"), NULL, &base) == URL_OK);
    (void)listing_open(&listing, &arena, content, STR(""), &base);
    while (count < LINKS_SEEN_MAX && listing_next(&listing, &link)) {
        const struct arena_position mark = arena_mark(&arena);
        MUST(url_parse(&arena, link.url, NULL, &again) != URL_OK ||
             str_equal(again.request, link.url));
        arena_rewind(&arena, mark);
        MUST(utf8_is_valid(str_bytes(link.modified)) && link.priority_milli >= -1 &&
             link.priority_milli <= 1000);
        uint64_t hash = link.url.len + (uint64_t)link.rel;
        for (size_t i = 0; i < link.url.len; i++) {
            hash = hash * 31 + (uint8_t)link.url.ptr[i];
        }
        hashes[count++] = hash;
    }
    MUST(count == LINKS_SEEN_MAX || listing.end != LISTING_OPEN);
    *is_text = listing.kind == LISTING_TEXT;
    listing_close(&listing);
    arena_release(&arena);
    return count;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static uint64_t whole[LINKS_SEEN_MAX];
    static uint64_t part[LINKS_SEEN_MAX];
    bool is_text;
    bool is_part_text;
    const size_t count = read_links((bytes){.ptr = data, .len = size}, whole, &is_text);
    const size_t cut = size ? (size * 7 + data[0]) % size : 0;
    const size_t part_count = read_links((bytes){.ptr = data, .len = cut}, part, &is_part_text);
    if (!is_text && !is_part_text) {
        MUST(part_count <= count && memcmp(whole, part, part_count * sizeof *part) == 0);
    }
    return 0;
}
