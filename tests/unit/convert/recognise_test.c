/* SPDX-License-Identifier: Apache-2.0 */
/* What a content is, by its bytes alone. make_documents.py writes one file for each case; the part
 * of its name before the first dot is the format that must win, `none` that none may. */
#include "convert/format.h"

#include "base/memory.h"
#include "harness/test.h"

#include <unistd.h>

enum { CASES_MAX = 200, FILE_MAX = 65536, ZIP_BITS = 32, OLE2_BITS = 64 };

static char folder[64];
static char cases[CASES_MAX][64];
static size_t case_count;

static void remove_folder(void)
{
    char command[128];
    snprintf(command, sizeof command, "rm -rf '%s'", folder);
    if (system(command) != 0) {
        fprintf(stderr, "left behind: %s\n", folder);
    }
}

/* In memory of exactly its size. */
static bytes load(const char *name)
{
    static uint8_t memory[FILE_MAX];
    char path[160];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "rb");
    CHECK(file != NULL);
    const size_t len = file ? fread(memory, 1, sizeof memory, file) : 0;
    if (file) {
        fclose(file);
    }
    CHECK(len > 0 && len < sizeof memory);
    uint8_t *exact = malloc(len ? len : 1);
    memcpy(exact, memory, len);
    return (bytes){.ptr = exact, .len = len};
}

static void free_bytes(bytes part)
{
    free((void *)(uintptr_t)part.ptr);
}

static void make_documents(void)
{
    char command[160];
    if (folder[0]) {
        return;
    }
    snprintf(folder, sizeof folder, "/tmp/quern-recognise-XXXXXX");
    CHECK(mkdtemp(folder) != NULL);
    atexit(remove_folder);
    snprintf(command, sizeof command,
             "timeout 60 python3 -B tests/unit/convert/make_documents.py '%s'", folder);
    CHECK_INT(system(command), 0);
    const bytes list = load("list");
    for (size_t at = 0; at < list.len && case_count < CASES_MAX;) {
        const uint8_t *end = memchr(list.ptr + at, '\n', list.len - at);
        const size_t len = end ? (size_t)(end - list.ptr) - at : 0;
        CHECK(len > 0 && len < sizeof cases[0]);
        memcpy(cases[case_count++], list.ptr + at, len);
        at += len + 1;
    }
    free_bytes(list);
    CHECK(case_count > 70 && case_count < CASES_MAX);
}

static const struct format *detect(bytes content, unsigned *bits)
{
    struct arena arena;
    arena_init(&arena, 1 << 24);
    const struct document document = {.arena = &arena, .content = content};
    const struct format *format = format_detect(&document, bits);
    arena_release(&arena);
    return format;
}

static str expected_format(const char *name)
{
    const str whole = str_of(name);
    const str head = str_slice(whole, 0, str_find_byte(whole, '.', 0));
    return str_equal(head, STR("none")) ? STR("") : head;
}

TEST(each_content_is_recognised_for_what_it_is)
{
    make_documents();
    for (size_t i = 0; i < case_count; i++) {
        unsigned bits = 0;
        const bytes content = load(cases[i]);
        const struct format *format = detect(content, &bits);
        CHECK_STR(format ? format->name : STR(""), expected_format(cases[i]));
        CHECK((format != NULL) == (bits > 0));
        free_bytes(content);
    }
}

/* The job takes whoever bids more: a document must bid more than the bare archive does. */
TEST(documents_in_archives_bid_more_than_the_archive)
{
    make_documents();
    size_t in_zip = 0;
    for (size_t i = 0; i < case_count; i++) {
        unsigned bits = 0;
        const bytes content = load(cases[i]);
        const struct format *format = detect(content, &bits);
        if (bytes_start(content, str_bytes(STR("PK\3\4"))) && format) {
            CHECK(bits > ZIP_BITS);
            in_zip++;
        }
        free_bytes(content);
    }
    CHECK(in_zip > 15);
}

TEST(every_recognised_format_has_a_case)
{
    size_t count = 0;
    const struct format *const *formats = format_list(&count);
    make_documents();
    for (size_t i = 0; i < count; i++) {
        bool has_case = false;
        for (size_t k = 0; k < case_count; k++) {
            has_case = has_case || str_equal(expected_format(cases[k]), formats[i]->name);
        }
        if (!has_case) {
            fprintf(stderr, "no case for %.*s\n", (int)formats[i]->name.len, formats[i]->name.ptr);
        }
        CHECK(has_case);
        CHECK(formats[i]->media_type.len > 0);
        CHECK((formats[i]->convert != NULL) == (formats[i]->version.len > 0));
    }
    CHECK_STR(formats[0]->name, STR("text"));
}

/* A download that broke off is still the document it was: never its parts. */
TEST(a_document_cut_behind_its_types_is_still_that_document)
{
    make_documents();
    const bytes content = load("docx");
    const uint8_t *second = memmem(content.ptr + 4, content.len - 4, "PK\3\4", 4);
    CHECK(second != NULL);
    const size_t from = second ? (size_t)(second - content.ptr) : content.len;
    for (size_t len = from; len < content.len; len++) {
        unsigned bits = 0;
        uint8_t *part = malloc(len);
        memcpy(part, content.ptr, len);
        const struct format *format = detect((bytes){.ptr = part, .len = len}, &bits);
        CHECK_STR(format ? format->name : STR(""), STR("docx"));
        free(part);
    }
    free_bytes(content);
}

TEST(contents_cut_anywhere_stay_within_bounds)
{
    make_documents();
    size_t recognised = 0;
    for (size_t i = 0; i < case_count; i++) {
        const bytes content = load(cases[i]);
        const size_t step = content.len / 300 + 1;
        for (size_t len = 0; len < content.len; len += step) {
            unsigned bits = 0;
            uint8_t *part = malloc(len ? len : 1);
            memcpy(part, content.ptr, len);
            recognised += detect((bytes){.ptr = part, .len = len}, &bits) != NULL;
            free(part);
        }
        free_bytes(content);
    }
    CHECK(recognised > 1000);
}

static enum status no_event(struct sink *sink, const struct event *event)
{
    (void)sink;
    (void)event;
    CHECK(event == NULL); /* nothing is said of what is not converted */
    return STATUS_INTERNAL;
}

TEST(what_is_not_converted_yet_fails_with_its_name)
{
    struct sink sink = {.event = no_event};
    make_documents();
    size_t failed = 0;
    for (size_t i = 0; i < case_count; i++) {
        unsigned bits = 0;
        struct arena arena;
        const bytes content = load(cases[i]);
        arena_init(&arena, 1 << 24);
        struct document document = {.arena = &arena, .content = content};
        const struct format *format = format_detect(&document, &bits);
        if (format && !format->convert) {
            CHECK_INT(convert_run(&document, format, &sink), STATUS_FAILED);
            CHECK_STR(fault_code_name(document.fault.code), STR("unsupported_format"));
            CHECK_STR(document.format, expected_format(cases[i]));
            CHECK_STR(document.media_type, format->media_type);
            CHECK_INT(document.converter.len, 0);
            CHECK(strstr(document.fault.message, "recognised as ") != NULL);
            failed++;
        }
        arena_release(&arena);
        free_bytes(content);
    }
    CHECK(failed > 60);
}

static bool refuse_all(size_t size_bytes)
{
    (void)size_bytes;
    return true;
}

/* Without memory the exact kind may be missed, never that it is a document. */
TEST(a_package_is_not_an_archive_even_without_memory)
{
    unsigned bits = 0;
    make_documents();
    const bytes content = load("docx");
    memory_refuse = refuse_all;
    const struct format *format = detect(content, &bits);
    memory_refuse = NULL;
    CHECK_STR(format ? format->name : STR(""), STR("opc"));
    CHECK(bits > ZIP_BITS);
    free_bytes(content);
}

TEST_MAIN()
