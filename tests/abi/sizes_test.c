/* SPDX-License-Identifier: Apache-2.0 */
/* Guards the growth of the structs: a host with an older header (shorter structs) or a newer one
 * (longer) may load this library, and nothing outside the caller's struct is read or written. */
#include "harness/test.h"
#include "loaded.h"

#include <sys/mman.h>
#include <unistd.h>

static struct loaded loaded;
static const struct quern_plugin *plugin;
static struct folder folder;

/* `size` bytes at whose end unmapped memory begins: a byte too far is a crash. */
static void *at_the_edge(const void *from, size_t size)
{
    const size_t page = (size_t)sysconf(_SC_PAGESIZE);
    char *pages = mmap(NULL, 2 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    CHECK(pages != MAP_FAILED && mprotect(pages + page, page, PROT_NONE) == 0);
    char *place = pages + page - size;
    memcpy(place, from, size);
    return place;
}

static void forget(void *place)
{
    const size_t page = (size_t)sysconf(_SC_PAGESIZE);
    const uintptr_t start = (uintptr_t)place / page * page;
    munmap((char *)place - ((uintptr_t)place - start), 2 * page);
}

TEST(begin)
{
    loaded = loaded_open();
    plugin = loaded.plugin;
    folder = folder_make(2);
    CHECK(plugin != NULL);
}

TEST(an_error_is_written_as_far_as_the_caller_knows_it)
{
    static const size_t ends[] = {4, 8, 12, 16, 20, 24, 280, 792};
    const struct quern_option wrong = {.key = "colour", .value = "red"};
    for (size_t size = 0; size <= sizeof(struct quern_error); size++) {
        struct quern_source *source = NULL;
        struct quern_error error;
        memset(&error, 0x5A, sizeof error);
        error.struct_size = (uint32_t)size;
        CHECK(plugin->source_open(NULL, &wrong, 1, &source, &error) == QUERN_INVALID_ARGUMENT);
        size_t whole = 4; /* struct_size itself is the caller's */
        for (size_t i = 0; i < sizeof ends / sizeof *ends && ends[i] <= size; i++) {
            whole = ends[i];
        }
        const unsigned char *bytes_ = (const unsigned char *)&error;
        bool untouched = error.struct_size == size;
        for (size_t i = whole; i < sizeof error; i++) {
            untouched = untouched && bytes_[i] == 0x5A;
        }
        CHECK(untouched);
        CHECK((error.status == QUERN_INVALID_ARGUMENT) == (size >= 8));
        if (size == sizeof error) {
            CHECK_STR(str_of(error.where), STR("colour"));
        }
    }
}

TEST(an_error_of_a_newer_host_is_written_as_far_as_we_know_it)
{
    struct {
        struct quern_error error;
        char newer[64];
    } grown;
    struct quern_source *source = NULL;
    const struct quern_option wrong = {.key = "colour", .value = "red"};
    memset(&grown, 0x5A, sizeof grown);
    grown.error.struct_size = sizeof grown;
    CHECK(plugin->source_open(NULL, &wrong, 1, &source, &grown.error) == QUERN_INVALID_ARGUMENT);
    CHECK_STR(str_of(grown.error.where), STR("colour"));
    for (size_t i = 0; i < sizeof grown.newer; i++) {
        CHECK(grown.newer[i] == 0x5A);
    }
    CHECK_INT(grown.error.struct_size, sizeof grown);
}

TEST(a_host_table_is_read_up_to_its_size_and_not_below_the_first_version)
{
    struct quern_host host = {.struct_size = sizeof host};
    struct quern_source *source = NULL;
    for (uint32_t size = 0; size < sizeof host; size++) {
        struct quern_error error = {.struct_size = sizeof error};
        host.struct_size = size;
        CHECK(plugin->source_open(&host, NULL, 0, &source, &error) == QUERN_INVALID_ARGUMENT);
        CHECK(source == NULL);
        CHECK_STR(str_of(error.where), STR("host"));
    }
    host.struct_size = sizeof host;
    struct quern_host *edge = at_the_edge(&host, sizeof host);
    CHECK(plugin->source_open(edge, NULL, 0, &source, NULL) == QUERN_OK);
    forget(edge); /* the table was copied */
    plugin->source_close(source);
    struct {
        struct quern_host host;
        void *newer[4];
    } grown = {.host = {.struct_size = sizeof grown}, .newer = {&grown, &grown}};
    CHECK(plugin->source_open(&grown.host, NULL, 0, &source, NULL) == QUERN_OK);
    plugin->source_close(source);
}

TEST(a_split_is_written_within_its_size)
{
    struct quern_source *source = open_source(plugin, NULL, folder.path, NULL, NULL, NULL);
    struct quern_plan *plan = NULL;
    CHECK(plugin->source_plan(source, &plan, NULL) == QUERN_OK);
    for (uint32_t size = 0; size < sizeof(struct quern_split); size++) {
        struct quern_split split;
        memset(&split, 0x5A, sizeof split);
        split.struct_size = size;
        CHECK(plugin->plan_next(plan, &split, NULL) == QUERN_INVALID_ARGUMENT);
        CHECK_INT(split.documents, 0x5A5A5A5A5A5A5A5A);
    }
    const struct quern_split empty = {.struct_size = sizeof empty};
    struct quern_split *edge = at_the_edge(&empty, sizeof empty);
    CHECK(plugin->plan_next(plan, edge, NULL) == QUERN_OK);
    CHECK_INT(edge->documents, 2);
    forget(edge);
    plugin->plan_close(plan);
    plugin->source_close(source);
}

TEST(a_read_and_an_input_are_read_within_their_size)
{
    struct quern_source *source = open_source(plugin, NULL, folder.path, NULL, NULL, NULL);
    const struct quern_bytes split = first_split(plugin, source);
    struct quern_read read = {.split = split};
    struct quern_reader *reader = NULL;
    for (uint32_t size = 0; size < sizeof read; size++) {
        read.struct_size = size;
        CHECK(plugin->reader_open(source, &read, &reader, NULL) == QUERN_INVALID_ARGUMENT);
    }
    read.struct_size = sizeof read;
    struct quern_read *edge = at_the_edge(&read, sizeof read);
    CHECK(plugin->reader_open(source, edge, &reader, NULL) == QUERN_OK);
    forget(edge);
    plugin->reader_close(reader);
    plugin->source_close(source);
    free((void *)(uintptr_t)split.data);

    struct quern_convert *convert = NULL;
    struct ArrowArrayStream stream;
    struct quern_input input = {.data = (const uint8_t *)"text", .len = 4};
    CHECK(plugin->convert_open(NULL, NULL, 0, NULL, 0, &convert, NULL) == QUERN_OK);
    for (uint32_t size = 0; size < sizeof input; size++) {
        input.struct_size = size;
        CHECK(plugin->convert_stream(convert, &input, &stream, NULL) == QUERN_INVALID_ARGUMENT);
    }
    input.struct_size = sizeof input;
    struct quern_input *input_edge = at_the_edge(&input, sizeof input);
    CHECK(plugin->convert_stream(convert, input_edge, &stream, NULL) == QUERN_OK);
    CHECK_INT(drain(&stream), 1);
    forget(input_edge);
    plugin->convert_close(convert);
}

TEST(an_unknown_major_is_refused_with_a_reason)
{
    struct quern_error error = {.struct_size = sizeof error};
    const quern_plugin_entry_function entry = loaded_entry(&loaded);
    CHECK(entry(QUERN_ABI_MAJOR + 1, &error) == NULL);
    CHECK_INT(error.status, QUERN_UNSUPPORTED);
    CHECK(strstr(error.message, "0.2") != NULL);
    CHECK(entry(UINT32_MAX, NULL) == NULL);
    CHECK(entry(QUERN_ABI_MAJOR, NULL) == plugin);
}

TEST(null_is_answered_everywhere)
{
    struct quern_error error = {.struct_size = sizeof error};
    struct quern_source *source = NULL;
    struct quern_reader *reader = NULL;
    struct quern_convert *convert = NULL;
    struct quern_plan *plan = NULL;
    struct ArrowArrayStream stream;
    struct quern_bytes state;
    CHECK(plugin->get_extension(NULL) == NULL);
    CHECK(plugin->get_extension("quern.nothing/1") == NULL);
    CHECK(plugin->source_open(NULL, NULL, 0, NULL, &error) == QUERN_INVALID_ARGUMENT);
    CHECK(plugin->source_open(NULL, NULL, 1, &source, &error) == QUERN_INVALID_ARGUMENT);
    CHECK(plugin->source_plan(NULL, &plan, &error) == QUERN_INVALID_ARGUMENT);
    CHECK(plugin->plan_next(NULL, NULL, &error) == QUERN_INVALID_ARGUMENT);
    CHECK(plugin->reader_open(NULL, NULL, &reader, &error) == QUERN_INVALID_ARGUMENT);
    CHECK(plugin->reader_open(NULL, NULL, NULL, NULL) == QUERN_INVALID_ARGUMENT);
    CHECK(plugin->reader_stream(NULL, &stream, &error) == QUERN_INVALID_ARGUMENT);
    CHECK(plugin->reader_state(NULL, &state, &error) == QUERN_INVALID_ARGUMENT);
    CHECK(plugin->reader_error(NULL, &error) == QUERN_INVALID_ARGUMENT);
    CHECK(plugin->convert_open(NULL, NULL, 0, NULL, 0, NULL, NULL) == QUERN_INVALID_ARGUMENT);
    CHECK(plugin->convert_stream(NULL, NULL, NULL, NULL) == QUERN_INVALID_ARGUMENT);
    CHECK(plugin->convert_open(NULL, NULL, 0, NULL, 0, &convert, NULL) == QUERN_OK);
    CHECK(plugin->convert_stream(convert, NULL, &stream, NULL) == QUERN_INVALID_ARGUMENT);
    CHECK(plugin->convert_error(NULL, &error) == QUERN_INVALID_ARGUMENT);
    CHECK(plugin->convert_error(&(struct ArrowArrayStream){0}, NULL) == QUERN_INVALID_ARGUMENT);
    plugin->convert_close(convert);
    plugin->source_close(NULL);
    plugin->plan_close(NULL);
    plugin->reader_cancel(NULL);
    plugin->reader_close(NULL);
    plugin->convert_cancel(NULL);
    plugin->convert_close(NULL);
}

TEST(end)
{
    folder_remove(&folder);
    loaded_close(&loaded);
    CHECK(loaded.plugin == NULL);
}

TEST_MAIN()
