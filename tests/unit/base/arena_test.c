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

static bool is_filled(const char *memory, size_t size_bytes, char with)
{
    for (size_t i = 0; i < size_bytes; i++) {
        if (memory[i] != with) {
            return false;
        }
    }
    return true;
}

TEST(what_grows_keeps_its_bytes_and_its_new_ones_are_zero)
{
    static const size_t sizes[] = {100, 600, 5000, 70000, 300, 0};
    struct arena arena;
    arena_init(&arena, 1 << 20);
    char *memory = arena_allocate(&arena, 10);
    size_t size = 10;
    memset(memory, 'x', size);
    for (size_t i = 0; sizes[i]; i++) {
        CHECK(arena_allocate(&arena, 40) != NULL);
        memory = arena_resize(&arena, memory, size, sizes[i]);
        if (!memory) {
            CHECK(memory != NULL);
            break;
        }
        const size_t kept = size < sizes[i] ? size : sizes[i];
        CHECK(is_filled(memory, kept, 'x') && is_filled(memory + kept, sizes[i] - kept, 0));
        size = sizes[i];
        memset(memory, 'x', size);
    }
    arena_release(&arena);
}

TEST(what_grew_alone_leaves_nothing_behind)
{
    struct arena arena;
    arena_init(&arena, 1 << 20);
    char *memory = arena_resize(&arena, NULL, 0, 1000);
    CHECK(arena_allocate(&arena, 16) != NULL);
    memory = arena_resize(&arena, memory, 1000, 1024);
    for (size_t size = 1024; memory && size < 400000; size *= 2) {
        memory = arena_resize(&arena, memory, size, size * 2);
    }
    CHECK(memory != NULL);
    CHECK(arena.held_bytes < 524288 + 16384);
    CHECK(arena_resize(&arena, memory, 524288, 1 << 21) == NULL);
    CHECK(arena.refused);
    CHECK(arena_resize(&arena, memory, 524288, 10) != NULL);
    CHECK(arena.held_bytes < 16384);
    arena_release(&arena);
    CHECK_INT(arena.held_bytes, 0);
}

TEST(a_rewind_takes_large_wishes_with_it_and_leaves_those_before)
{
    struct arena arena;
    arena_init(&arena, 1 << 22);
    CHECK(arena_allocate(&arena, 16) != NULL);
    char *before = arena_allocate(&arena, 100000);
    memset(before, 'b', 100000);
    const struct arena_position mark = arena_mark(&arena);
    const size_t held_bytes = arena.held_bytes;
    for (int round = 0; round < 3; round++) {
        CHECK(arena_allocate(&arena, 200000) != NULL);
        for (int i = 0; i < 200; i++) {
            CHECK(arena_allocate(&arena, 100) != NULL);
        }
        CHECK(arena_allocate(&arena, 300000) != NULL);
        arena_rewind(&arena, mark);
        CHECK_INT(arena.held_bytes, held_bytes);
        CHECK(is_filled(before, 100000, 'b'));
    }
    arena_reset(&arena);
    CHECK(arena_allocate(&arena, 100000) != NULL);
    CHECK(arena_allocate(&arena, 16) != NULL);
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
