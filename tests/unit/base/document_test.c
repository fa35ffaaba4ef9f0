/* SPDX-License-Identifier: Apache-2.0 */
/* Guards what is told of a document: the first fault stays, messages stay valid UTF-8, notes count
 * and keep their first place. */
#include "base/document.h"

#include "harness/test.h"

TEST(the_first_fault_stays)
{
    struct document document = {0};
    CHECK(document_fail(&document, FAULT_truncated, 12, "ends after %d bytes", 12) ==
          STATUS_FAILED);
    CHECK(document_fail(&document, FAULT_limit, 99, "later") == STATUS_FAILED);
    CHECK(document.fault.code == FAULT_truncated);
    CHECK_INT(document.fault.offset, 12);
    CHECK_STR(str_of(document.fault.message), STR("ends after 12 bytes"));
}

/* A URL of three-byte characters fills the message; however it is cut, no half character stays. */
TEST(a_long_message_is_cut_between_characters)
{
    for (int lead = 0; lead < 4; lead++) {
        struct document document = {0};
        char text[1024];
        size_t len = 0;
        for (int i = 0; i < lead; i++) {
            text[len++] = 'x';
        }
        while (len + 4 < sizeof text) {
            memcpy(text + len, "文", 3);
            len += 3;
        }
        text[len] = '\0';
        CHECK(document_fail(&document, FAULT_bad_url, -1, "%s", text) == STATUS_FAILED);
        const size_t kept = strlen(document.fault.message);
        CHECK(kept > sizeof document.fault.message - 8);
        CHECK_INT((kept - (size_t)lead) % 3, 0);
    }
}

TEST(a_message_that_quotes_anything_is_text)
{
    struct fault fault = {.code = FAULT_none};
    fault_tell(&fault, FAULT_connect, 5, "it said %s", "\x1B[31m\r\n\xFF\xE6\x96 \xE6\x96\x87\x7F");
    CHECK_STR(str_of(fault.message), STR("it said ?[31m????? \xE6\x96\x87?"));
    CHECK_INT(fault.offset, 5);
    fault_tell(&fault, FAULT_limit, 6, "later");
    CHECK(fault.code == FAULT_connect);
}

TEST(notes_count_and_keep_the_first_place)
{
    struct document document = {0};
    document_note(&document, NOTE_bad_bytes, 40);
    document_note(&document, NOTE_bad_bytes, 7);
    document_note_many(&document, NOTE_bad_bytes, 1, 5);
    document_note_many(&document, NOTE_redirected, 3, 0);
    CHECK_INT(document.notes[NOTE_bad_bytes].count, 7);
    CHECK_INT(document.notes[NOTE_bad_bytes].offset, 40);
    CHECK_INT(document.notes[NOTE_redirected].count, 0);
}

TEST(codes_are_words_of_lower_case)
{
    for (enum fault_code code = FAULT_none; code <= FAULT_internal; code++) {
        const str name = fault_code_name(code);
        CHECK(name.len > 0);
        for (size_t i = 0; i < name.len; i++) {
            CHECK(name.ptr[i] == '_' || (name.ptr[i] >= 'a' && name.ptr[i] <= 'z'));
        }
    }
    for (enum note_code code = 0; code < NOTE_COUNT; code++) {
        CHECK(note_code_name(code).len > 0);
    }
}

TEST(running_out_of_memory_is_told_with_the_limit)
{
    struct arena arena;
    arena_init(&arena, 4096);
    struct document document = {.arena = &arena};
    CHECK(document_out_of_memory(&document) == STATUS_NO_MEMORY);
    CHECK(document.fault.code == FAULT_no_memory);
    CHECK(str_find(str_of(document.fault.message), STR("4096"), 0) != SIZE_MAX);
    arena_release(&arena);
}

TEST_MAIN()
