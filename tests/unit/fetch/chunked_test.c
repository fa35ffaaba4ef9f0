/* SPDX-License-Identifier: Apache-2.0 */
/* Guards the chunked coding of answers that were kept: every chunk once, whatever stands around it, and
 * what is not chunked is told apart from what is cut off. */
#include "fetch/chunked.h"
#include "harness/test.h"

/* The chunks joined, then how it ended: e(nd), c(ut), b(ad). */
static str joined(str body, char out[256])
{
    size_t len = 0;
    size_t at = 0;
    bytes piece;
    enum chunked_state state;
    while ((state = chunked_next(str_bytes(body), &at, &piece)) == CHUNKED_DATA) {
        memcpy(out + len, piece.ptr, piece.len);
        len += piece.len;
    }
    out[len++] = state == CHUNKED_END ? 'e' : state == CHUNKED_CUT ? 'c' : 'b';
    return (str){.ptr = out, .len = len};
}

TEST(chunks_are_joined)
{
    char out[256];
    CHECK_STR(joined(STR("5\r\nhello\r\n1\r\n,\r\n0\r\n\r\n"), out), STR("hello,e"));
    CHECK_STR(joined(STR("5;name=\"x\"\r\nhello\r\n0\r\nTrailer: x\r\n\r\n"), out), STR("helloe"));
    CHECK_STR(joined(STR("0000A\n0123456789\n00\n\n"), out), STR("0123456789e"));
    CHECK_STR(joined(STR("2\r\n\r\n\r\n0\r\n\r\n"), out), STR("\r\ne"));
    CHECK_STR(joined(STR("0\r\n\r\n"), out), STR("e"));
}

TEST(what_is_cut_anywhere_is_told)
{
    const str whole = STR("5\r\nhello\r\n3;x\r\nyou\r\n0\r\n\r\n");
    for (size_t len = 0; len < whole.len - 4; len++) {
        char out[256];
        const str part = joined(str_slice(whole, 0, len), out);
        CHECK(str_ends(part, STR("c")));
        CHECK(str_starts(STR("helloyou"), str_slice(part, 0, part.len - 1)));
    }
}

TEST(what_is_not_chunked_is_bad)
{
    char out[256];
    CHECK_STR(joined(STR("hello\r\n"), out), STR("b"));
    CHECK_STR(joined(STR("\r\n5\r\nhello\r\n"), out), STR("b"));
    CHECK_STR(joined(STR("5\r\nhello"
                         "world\r\n"),
                     out),
              STR("hellob"));
    CHECK_STR(joined(STR("1000000000000000\r\nx"), out), STR("b"));
    CHECK_STR(joined(STR("-1\r\nx"), out), STR("b"));
}

TEST_MAIN()
