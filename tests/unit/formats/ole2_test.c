/* SPDX-License-Identifier: Apache-2.0 */
#include "formats/ole2.h"

#include "harness/test.h"

#include <unistd.h>

static char folder[64];

static void remove_folder(void)
{
    char command[128];
    snprintf(command, sizeof command, "rm -rf '%s'", folder);
    if (system(command) != 0) {
        fprintf(stderr, "left behind: %s\n", folder);
    }
}

static bytes load(const char *name)
{
    char path[160];
    if (!folder[0]) {
        snprintf(folder, sizeof folder, "/tmp/quern-ole2-XXXXXX");
        CHECK(mkdtemp(folder) != NULL);
        atexit(remove_folder);
        snprintf(path, sizeof path,
                 "timeout 60 python3 -B tests/unit/formats/make_compounds.py '%s'", folder);
        CHECK_INT(system(path), 0);
    }
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "rb");
    CHECK(file != NULL);
    uint8_t *memory = malloc(1 << 20);
    const size_t len = file ? fread(memory, 1, 1 << 20, file) : 0;
    if (file) {
        fclose(file);
    }
    CHECK(len > 0);
    return (bytes){.ptr = realloc(memory, len ? len : 1), .len = len};
}

static void free_bytes(bytes part)
{
    free((void *)(uintptr_t)part.ptr);
}

TEST(streams_under_the_root_are_found_by_name)
{
    static const char *const files[] = {"word.ole2", "large.ole2"};
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        struct ole2 ole2;
        const bytes content = load(files[i]);
        CHECK(ole2_open(content, &ole2));
        CHECK(!ole2.is_cut);
        CHECK(ole2_has(&ole2, STR("WordDocument")));
        CHECK(ole2_has(&ole2, STR("worddocument")));
        CHECK(!ole2_has(&ole2, STR("WordDocumen")));
        CHECK(!ole2_has(&ole2, STR("Workbook")));
        CHECK(!ole2_has(&ole2, STR("Root Entry")));
        free_bytes(content);
    }
}

TEST(a_directory_of_many_sectors_is_walked)
{
    struct ole2 ole2;
    const bytes content = load("many.ole2");
    CHECK(ole2_open(content, &ole2));
    CHECK_INT(ole2_entry_count(&ole2), 204);
    CHECK(ole2_has(&ole2, STR("Workbook")));
    CHECK(ole2_has(&ole2, STR("stream199")));
    free_bytes(content);
}

TEST(streams_of_an_embedded_document_are_not_the_roots)
{
    struct ole2 ole2;
    const bytes content = load("inside.ole2");
    CHECK(ole2_open(content, &ole2));
    CHECK(ole2_has(&ole2, STR("Workbook")));
    CHECK(ole2_has(&ole2, STR("Storage")));
    CHECK(!ole2_has(&ole2, STR("WordDocument")));
    free_bytes(content);
}

TEST(loops_end_and_are_marked)
{
    struct ole2 ole2;
    const bytes content = load("loop.ole2");
    CHECK(ole2_open(content, &ole2));
    CHECK(ole2.is_cut);
    CHECK(ole2_has(&ole2, STR("WordDocument")));
    free_bytes(content);
}

TEST(a_broken_tree_is_read_as_a_list)
{
    struct ole2 ole2;
    const bytes content = load("broken.ole2");
    CHECK(ole2_open(content, &ole2));
    CHECK(ole2_has(&ole2, STR("WordDocument")));
    CHECK(!ole2_has(&ole2, STR("Workbook")));
    free_bytes(content);
}

TEST(an_empty_one_has_nothing)
{
    struct ole2 ole2;
    const bytes content = load("empty.ole2");
    CHECK(ole2_open(content, &ole2));
    CHECK(!ole2_has(&ole2, STR("WordDocument")));
    free_bytes(content);
}

TEST(a_compound_file_cut_or_changed_anywhere_stays_within_bounds)
{
    size_t opened = 0;
    size_t found = 0;
    const bytes content = load("inside.ole2");
    for (size_t len = 0; len <= content.len; len++) {
        struct ole2 ole2;
        uint8_t *part = malloc(len ? len : 1);
        memcpy(part, content.ptr, len);
        if (ole2_open((bytes){.ptr = part, .len = len}, &ole2)) {
            opened++;
            found += ole2_has(&ole2, STR("Workbook"));
        }
        free(part);
    }
    CHECK_INT(opened, content.len - 7);
    CHECK(found > 0);
    uint8_t *memory = (uint8_t *)(uintptr_t)content.ptr;
    for (size_t at = 0; at < content.len; at++) {
        struct ole2 ole2;
        memory[at] ^= 0xFF;
        CHECK(ole2_open(content, &ole2) == (at >= 8));
        if (at >= 8) {
            (void)ole2_has(&ole2, STR("Workbook"));
        }
        memory[at] ^= 0xFF;
    }
    free_bytes(content);
}

TEST_MAIN()
