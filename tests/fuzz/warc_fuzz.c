/* SPDX-License-Identifier: Apache-2.0 */
/* A web archive of any bytes: reading ends, blocks are not longer than their heads say, and each
 * record reads the same from its own place. */
#include "fuzz.h"

#include "formats/warc.h"

enum { RECORDS_SEEN_MAX = 64 };

static uint64_t read_block(struct warc *warc)
{
    uint64_t len = 0;
    for (bytes piece = warc_block(warc); piece.len; piece = warc_block(warc)) {
        len += piece.len;
    }
    return len;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const bytes all = {.ptr = data, .len = size};
    struct arena arena;
    struct warc warc;
    struct warc_record record;
    size_t seen = 0;
    arena_init(&arena, 64 << 20);
    MUST(warc_open(&warc, all, (struct warc_place){.offset = 0}, 250));
    while (seen++ < RECORDS_SEEN_MAX && warc_next(&warc, &arena, &record)) {
        struct warc again;
        struct warc_record same;
        const uint64_t len = read_block(&warc);
        MUST(len <= record.block_bytes && record.place.offset <= size);
        MUST(warc_open(&again, all, record.place, INT64_MAX) && warc_next(&again, &arena, &same));
        MUST(same.block_bytes == record.block_bytes && same.type == record.type);
        MUST(bytes_equal(same.fields[WARC_TARGET_URI], record.fields[WARC_TARGET_URI]));
        MUST(read_block(&again) >= len);
        warc_close(&again);
    }
    MUST(seen > RECORDS_SEEN_MAX || warc.end != WARC_OPEN);
    warc_close(&warc);
    arena_release(&arena);
    return 0;
}
