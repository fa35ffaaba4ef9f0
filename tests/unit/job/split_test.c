/* SPDX-License-Identifier: Apache-2.0 */
/* Guards what crosses processes: splits and states, theirs and foreign ones. */
#include "harness/test.h"
#include "job/cursors.h"
#include "job/target.h"

static struct arena arena;

static bytes split_of(const struct target *targets, size_t count)
{
    struct buf buf;
    buf_init(&buf, &arena, 1 << 20);
    buf_add(&buf, STR("{\"v\":1,\"targets\":["));
    for (size_t i = 0; i < count; i++) {
        if (i) {
            buf_add_byte(&buf, ',');
        }
        target_write(&buf, &targets[i]);
    }
    buf_add(&buf, STR("]}"));
    CHECK(!buf_failed(&buf));
    return buf_bytes(&buf);
}

static const struct target some[] = {
    {.kind = TARGET_FILE,
     .text = {(const uint8_t *)"/a/\xB2\xE2%20\".txt", 13},
     .name = {(const uint8_t *)"\xB2\xE2%20\".txt", 10}},
    {.kind = TARGET_URL, .text = {(const uint8_t *)"http://one.example/x", 20}},
    {.kind = TARGET_URL, .text = {(const uint8_t *)"http://two.example/x", 20}},
    {.kind = TARGET_URL, .text = {(const uint8_t *)"http://one.example/y", 20}},
    {.kind = TARGET_BAD, .text = {(const uint8_t *)"ftp://x", 7}, .fault = FAULT_bad_url},
};

TEST(targets_come_back_as_they_were)
{
    struct targets back;
    arena_init(&arena, 1 << 24);
    CHECK(targets_read(&arena, split_of(some, 5), &back));
    CHECK_INT(back.count, 5);
    for (size_t i = 0; i < 5 && i < back.count; i++) {
        CHECK(back.items[i].kind == some[i].kind);
        CHECK(bytes_equal(back.items[i].text, some[i].text));
        CHECK(bytes_equal(back.items[i].name, some[i].name));
        CHECK(back.items[i].fault == some[i].fault);
    }
    CHECK_STR(back.items[3].web_host, STR("one.example"));
    arena_release(&arena);
}

TEST(a_split_cut_anywhere_is_no_split)
{
    struct targets back;
    arena_init(&arena, 1 << 24);
    const bytes split = split_of(some, 5);
    for (size_t len = 0; len < split.len; len++) {
        CHECK(!targets_read(&arena, bytes_slice(split, 0, len), &back));
    }
    arena_release(&arena);
}

TEST(cursors_go_by_web_host_and_come_back)
{
    struct targets targets;
    struct cursors cursors;
    struct cursors again;
    struct buf state;
    arena_init(&arena, 1 << 24);
    const bytes split = split_of(some, 5);
    CHECK(targets_read(&arena, split, &targets));
    CHECK_INT(cursors_make(&arena, &targets, split, &cursors), STATUS_OK);
    CHECK_INT(cursors.count, 3);
    CHECK_INT(cursors.items[0].count, 2); /* the file and the bad input */
    CHECK_INT(cursors.items[1].positions[1], 3);
    cursors.items[1].next = 1;
    cursors.items[1].rows_out = 7;
    buf_init(&state, &arena, CURSORS_STATE_BYTES_MAX);
    cursors_write(&cursors, &state);
    CHECK_INT(cursors_make(&arena, &targets, split, &again), STATUS_OK);
    CHECK(cursors_read(&again, buf_bytes(&state), &arena));
    CHECK_INT(again.items[1].next, 1);
    CHECK_INT(again.items[1].rows_to_skip, 7);
    CHECK_INT(cursors_done(&again), 1);
    for (size_t len = 0; len < state.len; len++) {
        CHECK(!cursors_read(&again, bytes_slice(buf_bytes(&state), 0, len), &arena));
    }
    const bytes other = split_of(some, 4);
    CHECK(targets_read(&arena, other, &targets));
    CHECK_INT(cursors_make(&arena, &targets, other, &again), STATUS_OK);
    CHECK(!cursors_read(&again, buf_bytes(&state), &arena));
    arena_release(&arena);
}

TEST_MAIN()
