/* SPDX-License-Identifier: Apache-2.0 */
/* Guards the reading of web archives: records in order with their fields, plain and in gzip members,
 * from any record's place, and what stands before a cut. */
#include "formats/warc.h"
#include "harness/test.h"

#include "base/buf.h"

#include <zlib.h>

static struct arena arena;

static const str first =
    STR_INIT("WARC/1.1\r\nWARC-Type: warcinfo\r\nWARC-Record-ID: <urn:uuid:1>\r\n"
             "WARC-Date: 2024-05-17T08:30:15Z\r\nContent-Length: 5\r\n\r\na: b\n\r\n\r\n");
static const str second = STR_INIT(
    "WARC/1.0\r\nwarc-type: response\r\nWARC-Target-URI: <http://a/\r\n  x>\r\n"
    "WARC-Date:2024-05-17T08:30:15.25Z\r\nContent-Length:  10  \r\nX: y\r\n\r\n0123456789\r\n\r\n");
static const str third = STR_INIT("WARC/1.1\nWARC-Type: revisit\nContent-Length: 0\n\n\n\n");

/* Level 9 with a name in the head, as gzip(1) writes it. */
static void add_member(struct buf *out, str text)
{
    static uint8_t packed[4096];
    z_stream stream = {.zalloc = Z_NULL};
    gz_header header = {.name = (Bytef *)(uintptr_t) "name",
                        .extra = (Bytef *)(uintptr_t) "ab\0",
                        .extra_len = 4,
                        .hcrc = 1};
    union {
        const char *lent;
        uint8_t *taken;
    } input = {.lent = text.ptr};
    CHECK(deflateInit2(&stream, 9, Z_DEFLATED, 31, 8, Z_DEFAULT_STRATEGY) == Z_OK);
    CHECK(deflateSetHeader(&stream, &header) == Z_OK);
    stream.next_in = input.taken;
    stream.avail_in = (uInt)text.len;
    stream.next_out = packed;
    stream.avail_out = sizeof packed;
    CHECK(deflate(&stream, Z_FINISH) == Z_STREAM_END);
    buf_add_bytes(out, (bytes){.ptr = packed, .len = sizeof packed - stream.avail_out});
    CHECK(deflateEnd(&stream) == Z_OK);
}

static const char *end_name(enum warc_end end)
{
    static const char *const names[] = {"open", "whole", "cut", "broken", "limit", "no memory"};
    return names[end];
}

/* type:uri:block, a space between two; then the end. */
static str records(bytes all, struct warc_place at)
{
    struct warc warc;
    struct warc_record record;
    struct buf out;
    buf_init(&out, &arena, 1 << 20);
    CHECK(warc_open(&warc, all, at, 250));
    while (warc_next(&warc, &arena, &record)) {
        buf_add_integer(&out, record.type);
        buf_add_byte(&out, ':');
        buf_add_bytes(&out, record.fields[WARC_TARGET_URI]);
        buf_add_byte(&out, ':');
        for (bytes piece = warc_block(&warc); piece.len; piece = warc_block(&warc)) {
            buf_add_bytes(&out, piece);
        }
        buf_add_byte(&out, ' ');
    }
    buf_add(&out, str_of(end_name(warc.end)));
    CHECK(!warc_next(&warc, &arena, &record));
    warc_close(&warc);
    return buf_str(&out);
}

static const str all_records = STR_INIT("0::a: b\n 1:http://a/\r\n  x:0123456789 3:: whole");

static bytes plain_file(void)
{
    struct buf out;
    buf_init(&out, &arena, 1 << 20);
    buf_add(&out, first);
    buf_add(&out, second);
    buf_add(&out, third);
    return buf_bytes(&out);
}

static bytes packed_file(bool is_one_member)
{
    struct buf out;
    buf_init(&out, &arena, 1 << 20);
    if (is_one_member) {
        const bytes plain = plain_file();
        add_member(&out, (str){.ptr = (const char *)plain.ptr, .len = plain.len});
    } else {
        add_member(&out, first);
        add_member(&out, second);
        add_member(&out, third);
    }
    return buf_bytes(&out);
}

TEST(records_come_in_order_plain_and_packed)
{
    const struct warc_place start = {.offset = 0};
    arena_init(&arena, 64 << 20);
    CHECK_STR(records(plain_file(), start), all_records);
    CHECK_STR(records(packed_file(false), start), all_records);
    CHECK_STR(records(packed_file(true), start), all_records);
    arena_reset(&arena);
}

TEST(reading_begins_again_at_any_record)
{
    const bytes files[] = {plain_file(), packed_file(false), packed_file(true)};
    for (size_t i = 0; i < 3; i++) {
        struct warc warc;
        struct warc_record record;
        CHECK(warc_open(&warc, files[i], (struct warc_place){.offset = 0}, 250));
        CHECK(warc_next(&warc, &arena, &record) && warc_next(&warc, &arena, &record));
        CHECK_INT(record.date_us, INT64_C(1715934615250000));
        CHECK_STR(records(files[i], record.place), STR("1:http://a/\r\n  x:0123456789 3:: whole"));
        warc_close(&warc);
    }
    arena_reset(&arena);
}

TEST(a_file_cut_anywhere_gives_what_stands_before)
{
    const struct warc_place start = {.offset = 0};
    const bytes files[] = {plain_file(), packed_file(false)};
    size_t gave_some = 0;
    for (size_t i = 0; i < 2; i++) {
        for (size_t len = 0; len < files[i].len; len++) {
            const str part = records(bytes_slice(files[i], 0, len), start);
            const bool is_whole = str_ends(part, STR(" whole")) || len == 0;
            CHECK(is_whole || str_ends(part, STR("cut")));
            gave_some += str_starts(part, STR("0::a: b\n 1:http://a/\r\n  x:0123456789 "));
        }
    }
    CHECK(gave_some > 20);
    arena_reset(&arena);
}

TEST(what_is_no_archive_is_broken)
{
    const struct warc_place start = {.offset = 0};
    CHECK_STR(records(str_bytes(STR("<html>\n</html>\n")), start), STR("broken"));
    CHECK_STR(records(str_bytes(STR("WARC/1.1\r\nContent-Length: -1\r\n\r\n")), start),
              STR("broken"));
    CHECK_STR(records(str_bytes(STR("WARC/1.1\r\nWARC-Type: response\r\n\r\n")), start),
              STR("broken"));
    CHECK_STR(
        records(str_bytes(STR("WARC/1.1\r\nContent-Length: 9000000000000000000\r\n\r\nx")), start),
        STR("0::x cut"));
    struct buf packed;
    buf_init(&packed, &arena, 1 << 20);
    add_member(&packed, first);
    packed.ptr[packed.len - 6] ^= 1; /* the checksum */
    CHECK(str_ends(records(buf_bytes(&packed), start), STR("broken")));
}

TEST(a_head_has_a_limit)
{
    struct buf out;
    buf_init(&out, &arena, 1 << 20);
    buf_add(&out, STR("WARC/1.1\r\nX: "));
    memset(buf_extend(&out, WARC_HEAD_BYTES_MAX), 'x', WARC_HEAD_BYTES_MAX);
    buf_add(&out, STR("\r\nContent-Length: 0\r\n\r\n"));
    CHECK_STR(records(buf_bytes(&out), (struct warc_place){.offset = 0}), STR("broken"));
    arena_release(&arena);
}

TEST_MAIN()
