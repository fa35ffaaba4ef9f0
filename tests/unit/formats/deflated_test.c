/* SPDX-License-Identifier: Apache-2.0 */
#include "formats/deflated.h"

#include "base/memory.h"
#include "harness/test.h"

#include <zlib.h>

enum { PLAIN_LEN = 50000 };

/* A raw deflate stream of PLAIN_LEN bytes that repeat with some change. */
static bytes packed_text(uint8_t *plain)
{
    for (size_t i = 0; i < PLAIN_LEN; i++) {
        plain[i] = (uint8_t)(i % 97 + i / 1000);
    }
    z_stream stream = {.next_in = plain, .avail_in = PLAIN_LEN};
    uint8_t *packed = malloc(PLAIN_LEN);
    stream.next_out = packed;
    stream.avail_out = PLAIN_LEN;
    CHECK_INT(deflateInit2(&stream, 9, Z_DEFLATED, -15, 9, Z_DEFAULT_STRATEGY), Z_OK);
    CHECK_INT(deflate(&stream, Z_FINISH), Z_STREAM_END);
    const size_t len = stream.total_out;
    deflateEnd(&stream);
    return (bytes){.ptr = realloc(packed, len), .len = len};
}

/* Pulls with windows of `step` bytes; the bytes that came out are in `out`. */
static enum deflated_state pull(bytes packed, size_t step, uint8_t *out, size_t *total,
                                size_t *consumed)
{
    struct deflated *deflated = deflated_open(packed);
    enum deflated_state state = deflated ? DEFLATED_MORE : DEFLATED_NO_MEMORY;
    *total = 0;
    while (state == DEFLATED_MORE && *total + step <= 2 * PLAIN_LEN) {
        size_t produced = 0;
        state = deflated_next(deflated, out + *total, step, &produced);
        *total += produced;
    }
    *consumed = deflated ? deflated_consumed(deflated) : 0;
    deflated_close(deflated);
    return state;
}

TEST(a_stream_comes_out_whole_in_steps_of_any_size)
{
    static const size_t steps[] = {1, 7, 4096, PLAIN_LEN, 2 * PLAIN_LEN};
    uint8_t *plain = malloc(PLAIN_LEN);
    uint8_t *out = malloc(2 * PLAIN_LEN);
    const bytes packed = packed_text(plain);
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        size_t total = 0;
        size_t consumed = 0;
        CHECK_INT(pull(packed, steps[i], out, &total, &consumed), DEFLATED_END);
        CHECK_INT(total, PLAIN_LEN);
        CHECK_INT(consumed, packed.len);
        CHECK(memcmp(out, plain, PLAIN_LEN) == 0);
    }
    free((void *)(uintptr_t)packed.ptr);
    free(out);
    free(plain);
}

TEST(a_stream_cut_anywhere_is_short_and_gives_its_beginning)
{
    uint8_t *plain = malloc(PLAIN_LEN);
    uint8_t *out = malloc(2 * PLAIN_LEN);
    const bytes packed = packed_text(plain);
    for (size_t len = 0; len < packed.len; len++) {
        size_t total = 0;
        size_t consumed = 0;
        uint8_t *part = malloc(len ? len : 1);
        memcpy(part, packed.ptr, len);
        CHECK_INT(pull((bytes){.ptr = part, .len = len}, 4096, out, &total, &consumed),
                  DEFLATED_SHORT);
        CHECK(memcmp(out, plain, total) == 0);
        free(part);
    }
    free((void *)(uintptr_t)packed.ptr);
    free(out);
    free(plain);
}

TEST(what_is_no_stream_is_bad)
{
    static const uint8_t reserved_block[] = {0x07, 0, 0, 0, 0};
    uint8_t out[64];
    size_t produced = 1;
    struct deflated *deflated =
        deflated_open((bytes){.ptr = reserved_block, .len = sizeof reserved_block});
    CHECK(deflated != NULL);
    CHECK_INT(deflated_next(deflated, out, sizeof out, &produced), DEFLATED_BAD);
    CHECK_INT(produced, 0);
    deflated_close(deflated);
}

static long allocations_left;

static bool refuse(size_t size_bytes)
{
    (void)size_bytes;
    return --allocations_left < 0;
}

TEST(memory_that_runs_out_is_told)
{
    uint8_t *plain = malloc(PLAIN_LEN);
    uint8_t *out = malloc(2 * PLAIN_LEN);
    const bytes packed = packed_text(plain);
    long n = 0;
    for (bool is_whole = false; !is_whole && n < 100; n++) {
        size_t total = 0;
        size_t consumed = 0;
        allocations_left = n;
        memory_refuse = refuse;
        const enum deflated_state state = pull(packed, 64, out, &total, &consumed);
        memory_refuse = NULL;
        is_whole = allocations_left >= 0;
        CHECK_INT(state, is_whole ? DEFLATED_END : DEFLATED_NO_MEMORY);
    }
    CHECK(n > 2 && n < 100);
    free((void *)(uintptr_t)packed.ptr);
    free(out);
    free(plain);
}

TEST_MAIN()
