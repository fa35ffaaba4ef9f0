/* SPDX-License-Identifier: Apache-2.0 */
/* Guards the memory of documents: limits hold, memory is zeroed, a rewind gives it back. */
#include "base/arena.h"
#include "base/buf.h"
#include "harness/test.h"

TEST(arena_keeps_its_limit)
{
    struct arena arena;
    arena_init(&arena, 100000);
    CHECK(arena_allocate(&arena, 50000) != NULL);
    CHECK(arena_allocate(&arena, 60000) == NULL);
    CHECK(arena.refused);
    CHECK(arena.held_bytes <= 100000);
    CHECK(arena_allocate(&arena, 1000) != NULL);
    CHECK(arena_array(&arena, SIZE_MAX / 2, 16) == NULL);
    arena_release(&arena);
    CHECK_INT(arena.held_bytes, 0);
}

TEST(arena_gives_zeroes_again_after_a_rewind)
{
    struct arena arena;
    arena_init(&arena, 1 << 20);
    CHECK(arena_allocate(&arena, 16) != NULL);
    const struct arena_position mark = arena_mark(&arena);
    char *first = arena_allocate(&arena, 64);
    memset(first, 'x', 64);
    CHECK(arena_allocate(&arena, 100000) != NULL);
    arena_rewind(&arena, mark);
    char *again = arena_allocate(&arena, 64);
    CHECK(again == first);
    for (int i = 0; i < 64; i++) {
        CHECK(again[i] == 0);
    }
    arena_reset(&arena);
    again = arena_allocate(&arena, 64);
    CHECK(again[0] == 0 && again[63] == 0);
    arena_release(&arena);
}

TEST(buf_is_sticky_at_its_limit_and_keeps_what_fitted)
{
    struct arena arena;
    struct buf buf;
    arena_init(&arena, 1 << 20);
    buf_init(&buf, &arena, 8);
    buf_add(&buf, STR("12345"));
    buf_add(&buf, STR("6789"));
    CHECK(buf_failed(&buf));
    CHECK_STR(buf_str(&buf), STR("12345"));
    buf_clear(&buf);
    buf_add_integer(&buf, -1234567);
    CHECK_STR(buf_str(&buf), STR("-1234567"));
    buf_clear(&buf);
    buf_add_code_point(&buf, 0x6587);
    buf_add_code_point(&buf, 0xD800);
    CHECK_STR(buf_str(&buf), STR("文\xEF\xBF\xBD"));
    arena_release(&arena);
}

TEST_MAIN()
