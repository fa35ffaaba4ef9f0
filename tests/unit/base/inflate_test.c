/* SPDX-License-Identifier: Apache-2.0 */
/* Guards content codings: the same bytes however they arrive, what decoded before a fault is kept,
 * and a bomb ends at its cap. */
#include "base/inflate.h"
#include "base/memory.h"
#include "harness/refuse.h"
#include "harness/test.h"

#include <zlib.h>

enum {
    PLAIN_BYTES = 5000,
    ROOM = 20000,
    GZIP = MAX_WBITS + 16,
    ZLIB = MAX_WBITS,
    RAW = -MAX_WBITS
};

static uint8_t plain[PLAIN_BYTES];

struct output {
    uint8_t bytes[ROOM];
    int64_t len;
    int64_t refuse_after; /* 0: never */
};

static enum status take(void *context, bytes part)
{
    struct output *output = context;
    for (size_t i = 0; i < part.len && output->len + (int64_t)i < ROOM; i++) {
        output->bytes[output->len + (int64_t)i] = part.ptr[i];
    }
    output->len += (int64_t)part.len;
    return output->refuse_after && output->len > output->refuse_after ? STATUS_CANCELLED
                                                                      : STATUS_OK;
}

static size_t pack(int window_bits, const uint8_t *from, size_t len, uint8_t *to, size_t room)
{
    union {
        const uint8_t *lent;
        uint8_t *taken;
    } input = {.lent = from};
    z_stream z = {.next_in = input.taken, .avail_in = (uInt)len, .next_out = to};
    z.avail_out = (uInt)room;
    CHECK_INT(deflateInit2(&z, 9, Z_DEFLATED, window_bits, 8, Z_DEFAULT_STRATEGY), Z_OK);
    CHECK_INT(deflate(&z, Z_FINISH), Z_STREAM_END);
    deflateEnd(&z);
    return z.total_out;
}

static void fill(void)
{
    for (size_t i = 0; i < PLAIN_BYTES; i++) {
        plain[i] = (uint8_t)(i * i >> 5);
    }
}

static const struct inflate_limits wide = {.bytes_max = INT64_MAX, .ratio_max = 1000000};

static enum status feed_in_steps(struct inflate *stream, const uint8_t *from, size_t len,
                                 size_t step)
{
    for (size_t at = 0; at < len; at += step) {
        /* A copy of its own, so that reading past a piece is seen. */
        const size_t piece = len - at < step ? len - at : step;
        uint8_t *copy = malloc(piece);
        memcpy(copy, from + at, piece);
        const enum status status = inflate_feed(stream, (bytes){.ptr = copy, .len = piece});
        free(copy);
        if (status != STATUS_OK) {
            return status;
        }
    }
    return STATUS_OK;
}

static const struct {
    int window_bits;
    enum inflate_wrapping wrapping;
} forms[] = {{GZIP, INFLATE_GZIP}, {ZLIB, INFLATE_DEFLATE}, {RAW, INFLATE_DEFLATE}};

TEST(a_stream_in_pieces_of_any_size_gives_the_same_bytes)
{
    static uint8_t packed[ROOM];
    static struct output output;
    fill();
    for (size_t form = 0; form < 3; form++) {
        const size_t len = pack(forms[form].window_bits, plain, PLAIN_BYTES, packed, ROOM);
        for (size_t step = 1; step < len + 100; step = step * 3 + 1) {
            output = (struct output){.len = 0};
            struct inflate *stream =
                inflate_open(forms[form].wrapping, wide,
                             (struct inflate_sink){.context = &output, .write = take});
            CHECK_INT(feed_in_steps(stream, packed, len, step), STATUS_OK);
            CHECK(inflate_is_whole(stream));
            CHECK_INT(output.len, PLAIN_BYTES);
            CHECK_INT(inflate_produced_bytes(stream), PLAIN_BYTES);
            CHECK(memcmp(output.bytes, plain, PLAIN_BYTES) == 0);
            inflate_close(stream);
        }
    }
}

TEST(a_stream_cut_anywhere_keeps_its_beginning_and_is_not_whole)
{
    static uint8_t packed[ROOM];
    static struct output output;
    fill();
    for (size_t form = 0; form < 3; form++) {
        const size_t len = pack(forms[form].window_bits, plain, PLAIN_BYTES, packed, ROOM);
        int64_t longest = 0;
        for (size_t cut = 0; cut < len; cut++) {
            output = (struct output){.len = 0};
            struct inflate *stream =
                inflate_open(forms[form].wrapping, wide,
                             (struct inflate_sink){.context = &output, .write = take});
            CHECK_INT(feed_in_steps(stream, packed, cut, cut + 1), STATUS_OK);
            CHECK(!inflate_is_whole(stream));
            CHECK(output.len >= longest && output.len <= PLAIN_BYTES);
            CHECK(memcmp(output.bytes, plain, (size_t)output.len) == 0);
            longest = output.len;
            inflate_close(stream);
        }
        CHECK(longest > PLAIN_BYTES / 2);
    }
}

TEST(members_follow_each_other_and_what_is_behind_them_is_passed_over)
{
    static uint8_t packed[ROOM];
    static struct output output;
    fill();
    size_t len = pack(GZIP, plain, 2000, packed, ROOM);
    len += pack(GZIP, plain + 2000, PLAIN_BYTES - 2000, packed + len, ROOM - len);
    memcpy(packed + len, "\0\0\0garbage", 10);
    for (size_t more = 0; more <= 10; more++) {
        for (size_t step = 1; step < 4; step++) {
            output = (struct output){.len = 0};
            struct inflate *stream = inflate_open(
                INFLATE_GZIP, wide, (struct inflate_sink){.context = &output, .write = take});
            CHECK_INT(feed_in_steps(stream, packed, len + more, step), STATUS_OK);
            CHECK(inflate_is_whole(stream));
            CHECK_INT(output.len, PLAIN_BYTES);
            CHECK(memcmp(output.bytes, plain, PLAIN_BYTES) == 0);
            inflate_close(stream);
        }
    }
}

TEST(a_flipped_bit_never_gives_more_than_was_there_and_mostly_fails)
{
    static uint8_t packed[ROOM];
    static struct output output;
    fill();
    const size_t len = pack(GZIP, plain, PLAIN_BYTES, packed, ROOM);
    size_t failed = 0;
    for (size_t at = 0; at < len; at++) {
        packed[at] ^= 0x10;
        output = (struct output){.len = 0};
        struct inflate *stream = inflate_open(
            INFLATE_GZIP, wide, (struct inflate_sink){.context = &output, .write = take});
        const enum status status = feed_in_steps(stream, packed, len, 777);
        CHECK(status == STATUS_OK || status == STATUS_FAILED);
        CHECK(status == STATUS_FAILED || !inflate_is_whole(stream) ||
              memcmp(output.bytes, plain, PLAIN_BYTES) == 0);
        failed += status == STATUS_FAILED;
        CHECK_INT(inflate_feed(stream, (bytes){.ptr = packed, .len = 1}),
                  status == STATUS_FAILED ? STATUS_FAILED : STATUS_OK);
        inflate_close(stream);
        packed[at] ^= 0x10;
    }
    CHECK(failed > len / 2);
}

/* Zeros by the mebibyte, packed as they are fed. */
static enum status feed_zeros(struct inflate *stream, int mebibytes)
{
    static const uint8_t zeros[1 << 16];
    static uint8_t packed[1 << 16];
    enum status status = STATUS_OK;
    union {
        const uint8_t *lent;
        uint8_t *taken;
    } input = {.lent = zeros};
    z_stream z = {.next_in = NULL};
    CHECK_INT(deflateInit2(&z, 9, Z_DEFLATED, GZIP, 8, Z_DEFAULT_STRATEGY), Z_OK);
    for (int i = 0; i < mebibytes * 16 && status == STATUS_OK; i++) {
        z.next_in = input.taken;
        z.avail_in = sizeof zeros;
        z.next_out = packed;
        z.avail_out = sizeof packed;
        deflate(&z, i + 1 == mebibytes * 16 ? Z_FINISH : Z_SYNC_FLUSH);
        status = inflate_feed(stream, (bytes){.ptr = packed, .len = sizeof packed - z.avail_out});
    }
    deflateEnd(&z);
    return status;
}

TEST(a_bomb_ends_at_its_ratio_and_a_small_one_is_let_through)
{
    static struct output output;
    const struct inflate_limits narrow = {.bytes_max = INT64_MAX, .ratio_max = 100};
    const struct inflate_sink sink = {.context = &output, .write = take};
    output = (struct output){.len = 0};
    struct inflate *stream = inflate_open(INFLATE_GZIP, narrow, sink);
    CHECK_INT(feed_zeros(stream, 15), STATUS_OK);
    CHECK(inflate_is_whole(stream));
    CHECK_INT(output.len, 15 << 20);
    inflate_close(stream);
    output = (struct output){.len = 0};
    stream = inflate_open(INFLATE_GZIP, narrow, sink);
    CHECK_INT(feed_zeros(stream, 1000), STATUS_LIMIT);
    CHECK(output.len > INFLATE_FREE_BYTES && output.len < INFLATE_FREE_BYTES + (1 << 20));
    inflate_close(stream);
}

TEST(the_absolute_cap_is_exact)
{
    static uint8_t packed[ROOM];
    static struct output output;
    fill();
    const size_t len = pack(GZIP, plain, PLAIN_BYTES, packed, ROOM);
    for (int64_t cap = PLAIN_BYTES - 1; cap <= PLAIN_BYTES; cap++) {
        output = (struct output){.len = 0};
        struct inflate *stream =
            inflate_open(INFLATE_GZIP, (struct inflate_limits){.bytes_max = cap, .ratio_max = 9999},
                         (struct inflate_sink){.context = &output, .write = take});
        CHECK_INT(feed_in_steps(stream, packed, len, len),
                  cap < PLAIN_BYTES ? STATUS_LIMIT : STATUS_OK);
        CHECK_INT(output.len, cap);
        inflate_close(stream);
    }
}

TEST(what_the_sink_answers_is_handed_up)
{
    static uint8_t packed[ROOM];
    static struct output output;
    fill();
    const size_t len = pack(GZIP, plain, PLAIN_BYTES, packed, ROOM);
    output = (struct output){.refuse_after = 10};
    struct inflate *stream =
        inflate_open(INFLATE_GZIP, wide, (struct inflate_sink){.context = &output, .write = take});
    CHECK_INT(feed_in_steps(stream, packed, len, len), STATUS_CANCELLED);
    CHECK_INT(inflate_feed(stream, (bytes){.ptr = packed, .len = 1}), STATUS_CANCELLED);
    inflate_close(stream);
}

TEST(no_memory_is_told)
{
    static uint8_t packed[ROOM];
    static struct output output;
    fill();
    const size_t len = pack(GZIP, plain, PLAIN_BYTES, packed, ROOM);
    long n = 1;
    for (; refuse_try(n, true); n++) {
        output = (struct output){.len = 0};
        struct inflate *stream = inflate_open(
            INFLATE_GZIP, wide, (struct inflate_sink){.context = &output, .write = take});
        const enum status status =
            stream ? inflate_feed(stream, (bytes){.ptr = packed, .len = len}) : STATUS_NO_MEMORY;
        const bool refused = refuse_refused() > 0;
        inflate_close(stream);
        CHECK_INT(status, refused ? STATUS_NO_MEMORY : STATUS_OK);
    }
    CHECK(n > 3);
}

TEST_MAIN()
