/* SPDX-License-Identifier: Apache-2.0 */
/* Guards what plugin.h says of lifetimes: children outlive parents, arrays and schemas outlive
 * everything, and a process that forked does not use what its parent opened. */
#include "harness/test.h"
#include "loaded.h"

#include <errno.h>
#include <sys/wait.h>
#include <unistd.h>

enum { FILES = 5 };

static struct loaded loaded;
static const struct quern_plugin *plugin;
static struct folder folder;
static struct quern_error error = {.struct_size = sizeof error};

static void release_split(struct quern_bytes split)
{
    free((void *)(uintptr_t)split.data);
}

static bool exits_with_0(pid_t child)
{
    int status = 1;
    return waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

TEST(begin)
{
    folder = folder_make(FILES);
    loaded = loaded_open();
    plugin = loaded.plugin;
    CHECK(plugin != NULL);
}

/* First of all tests that open something: what the parent did before was loading only. */
TEST(a_host_may_fork_before_the_first_open)
{
    const pid_t child = fork();
    if (child == 0) {
        _exit(read_all(plugin, NULL, folder.path) == FILES ? 0 : 1);
    }
    CHECK(exits_with_0(child));
    CHECK_INT(read_all(plugin, NULL, folder.path), FILES);
}

TEST(handles_of_before_a_fork_are_refused_in_the_child)
{
    struct ArrowArrayStream stream;
    struct quern_plan *plan = NULL;
    struct quern_source *source = open_source(plugin, NULL, folder.path, NULL, NULL, &error);
    const struct quern_bytes split = first_split(plugin, source);
    struct quern_reader *reader = open_reader(plugin, source, split, &error);
    CHECK(plugin->source_plan(source, &plan, &error) == QUERN_OK);
    CHECK(plugin->reader_stream(reader, &stream, &error) == QUERN_OK);
    const pid_t child = fork();
    if (child == 0) {
        struct quern_plan *another_plan = NULL;
        struct quern_split next = {.struct_size = sizeof next};
        struct ArrowArray array;
        bool refused = true;
        refused &= plugin->source_plan(source, &another_plan, &error) == QUERN_INVALID_STATE;
        refused &= plugin->plan_next(plan, &next, &error) == QUERN_INVALID_STATE;
        refused &= open_reader(plugin, source, split, &error) == NULL;
        refused &= error.status == QUERN_INVALID_STATE;
        refused &= stream.get_next(&stream, &array) == EINVAL;
        stream.release(&stream);
        plugin->reader_close(reader);
        plugin->plan_close(plan);
        plugin->source_close(source);
        refused &= read_all(plugin, NULL, folder.path) == FILES;
        _exit(refused ? 0 : 1);
    }
    CHECK(exits_with_0(child));
    CHECK_INT(drain(&stream), FILES);
    plugin->reader_close(reader);
    plugin->plan_close(plan);
    plugin->source_close(source);
    release_split(split);
}

TEST(parents_may_be_closed_before_their_children)
{
    struct ArrowArrayStream stream;
    struct ArrowArray array;
    struct quern_plan *plan = NULL;
    struct quern_split next = {.struct_size = sizeof next};
    struct quern_source *source = open_source(plugin, NULL, folder.path, NULL, NULL, &error);
    const struct quern_bytes split = first_split(plugin, source);
    struct quern_reader *reader = open_reader(plugin, source, split, &error);
    CHECK(plugin->source_plan(source, &plan, &error) == QUERN_OK);
    plugin->source_close(source);
    CHECK(plugin->plan_next(plan, &next, &error) == QUERN_OK && next.bytes.len > 0);
    plugin->plan_close(plan);
    CHECK(plugin->reader_stream(reader, &stream, &error) == QUERN_OK);
    plugin->reader_close(reader);
    release_split(split);
    CHECK_INT(stream.get_next(&stream, &array), 0);
    CHECK_INT(array.length, FILES);
    stream.release(&stream);
    array.release(&array);
}

TEST(handles_may_be_closed_without_having_been_used)
{
    struct quern_convert *convert = NULL;
    struct quern_plan *plan = NULL;
    struct ArrowArrayStream stream;
    struct quern_source *source = open_source(plugin, NULL, folder.path, NULL, NULL, &error);
    const struct quern_bytes split = first_split(plugin, source);
    struct quern_reader *unused = open_reader(plugin, source, split, &error);
    struct quern_reader *streamed = open_reader(plugin, source, split, &error);
    CHECK(plugin->source_plan(source, &plan, &error) == QUERN_OK);
    CHECK(plugin->reader_stream(streamed, &stream, &error) == QUERN_OK);
    CHECK(plugin->convert_open(NULL, NULL, 0, NULL, 0, &convert, &error) == QUERN_OK);
    stream.release(&stream);
    plugin->reader_close(streamed);
    plugin->reader_close(unused);
    plugin->plan_close(plan);
    plugin->source_close(source);
    plugin->convert_close(convert);
    release_split(split);
    CHECK(stream.release == NULL);
}

TEST(a_reader_has_one_stream)
{
    struct ArrowArrayStream stream;
    struct ArrowArrayStream second;
    struct quern_source *source = open_source(plugin, NULL, folder.path, NULL, NULL, &error);
    const struct quern_bytes split = first_split(plugin, source);
    struct quern_reader *reader = open_reader(plugin, source, split, &error);
    CHECK(plugin->reader_stream(reader, &stream, &error) == QUERN_OK);
    CHECK(plugin->reader_stream(reader, &second, &error) == QUERN_INVALID_STATE);
    CHECK_INT(drain(&stream), FILES);
    CHECK(plugin->reader_stream(reader, &second, &error) == QUERN_INVALID_STATE);
    plugin->reader_close(reader);
    plugin->source_close(source);
    release_split(split);
}

TEST(a_reader_goes_on_where_its_state_says)
{
    struct quern_source *source =
        open_source(plugin, NULL, folder.path, "batch_rows_max", "2", &error);
    const struct quern_bytes split = first_split(plugin, source);
    for (int batches = 0; batches <= 3; batches++) {
        struct ArrowArrayStream stream;
        struct ArrowArray array;
        struct quern_bytes state;
        char kept[4096];
        int64_t rows = 0;
        struct quern_reader *reader = open_reader(plugin, source, split, &error);
        CHECK(plugin->reader_stream(reader, &stream, &error) == QUERN_OK);
        for (int i = 0; i < batches; i++) {
            CHECK_INT(stream.get_next(&stream, &array), 0);
            rows += array.length;
            array.release(&array);
        }
        CHECK(plugin->reader_state(reader, &state, &error) == QUERN_OK);
        CHECK(state.len < sizeof kept);
        memcpy(kept, state.data, state.len);
        stream.release(&stream);
        const struct quern_read read = {.struct_size = sizeof read,
                                        .split = split,
                                        .state = {.data = (const uint8_t *)kept, .len = state.len}};
        plugin->reader_close(reader);
        CHECK(plugin->reader_open(source, &read, &reader, &error) == QUERN_OK);
        CHECK(plugin->reader_stream(reader, &stream, &error) == QUERN_OK);
        rows += drain(&stream);
        CHECK_INT(rows, FILES);
        plugin->reader_close(reader);
    }
    plugin->source_close(source);
    release_split(split);
}

TEST(splits_and_states_that_are_not_ours_are_refused)
{
    static const char *const bad[] = {"{", "{}", "[]", "null", "{\"v\":99}", "\xFF\xFE", "x"};
    struct quern_source *source = open_source(plugin, NULL, folder.path, NULL, NULL, &error);
    const struct quern_bytes split = first_split(plugin, source);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct quern_reader *reader = NULL;
        const struct quern_bytes wrong = {.data = (const uint8_t *)bad[i], .len = strlen(bad[i])};
        struct quern_read read = {.struct_size = sizeof read, .split = wrong};
        CHECK(plugin->reader_open(source, &read, &reader, &error) == QUERN_CORRUPT);
        CHECK(reader == NULL);
        read.split = split;
        read.state = wrong;
        CHECK(plugin->reader_open(source, &read, &reader, &error) == QUERN_CORRUPT);
        CHECK(reader == NULL);
    }
    plugin->source_close(source);
    release_split(split);
}

TEST(a_split_cut_anywhere_is_refused_or_read_but_never_more)
{
    struct quern_source *source = open_source(plugin, NULL, folder.path, NULL, NULL, &error);
    const struct quern_bytes split = first_split(plugin, source);
    long refused = 0;
    for (size_t len = 1; len < split.len; len++) {
        uint8_t *cut = malloc(len); /* so that a sanitizer sees a read behind it */
        memcpy(cut, split.data, len);
        struct quern_reader *reader =
            open_reader(plugin, source, (struct quern_bytes){.data = cut, .len = len}, &error);
        refused += reader == NULL;
        plugin->reader_close(reader);
        free(cut);
    }
    CHECK_INT(refused, (int64_t)split.len - 1);
    plugin->source_close(source);
    release_split(split);
}

TEST(rows_may_be_counted_without_any_column)
{
    struct ArrowArrayStream stream;
    struct ArrowArray array;
    const char *no_columns[] = {NULL};
    struct quern_source *source = open_source(plugin, NULL, folder.path, NULL, NULL, &error);
    const struct quern_bytes split = first_split(plugin, source);
    const struct quern_read read = {
        .struct_size = sizeof read, .columns = no_columns, .split = split};
    struct quern_reader *reader = NULL;
    CHECK(plugin->reader_open(source, &read, &reader, &error) == QUERN_OK);
    CHECK(plugin->reader_stream(reader, &stream, &error) == QUERN_OK);
    CHECK_INT(stream.get_next(&stream, &array), 0);
    CHECK_INT(array.length, FILES);
    CHECK_INT(array.n_children, 0);
    array.release(&array);
    stream.release(&stream);
    plugin->reader_close(reader);
    plugin->source_close(source);
    release_split(split);
}

TEST(a_list_of_inputs_that_is_missing_is_named)
{
    struct quern_plan *plan = NULL;
    struct quern_source *source =
        open_source(plugin, NULL, folder.path, "input_file", "/nowhere/list.txt", &error);
    CHECK(plugin->source_plan(source, &plan, &error) == QUERN_IO);
    CHECK_STR(str_of(error.where), STR("/nowhere/list.txt"));
    CHECK(plan == NULL);
    plugin->source_close(source);
}

static struct ArrowSchema kept_schema;
static struct ArrowArray kept_array;

TEST(an_array_and_a_schema_outlive_everything_else)
{
    struct ArrowArrayStream stream;
    struct quern_convert *convert = NULL;
    static const char *const columns[] = {"title", "text"};
    const struct quern_input input = {
        .struct_size = sizeof input, .data = (const uint8_t *)"kept for good", .len = 13};
    CHECK(plugin->convert_open(NULL, NULL, 0, columns, 2, &convert, &error) == QUERN_OK);
    CHECK(plugin->convert_stream(convert, &input, &stream, &error) == QUERN_OK);
    plugin->convert_close(convert);
    CHECK_INT(stream.get_schema(&stream, &kept_schema), 0);
    CHECK_INT(stream.get_next(&stream, &kept_array), 0);
    stream.release(&stream);
    folder_remove(&folder);
    loaded_close(&loaded);
    plugin = NULL;
}

TEST(and_are_released_after_the_library_was_closed)
{
    const struct ArrowArray *text = kept_array.children[1];
    const int32_t *offsets = text->buffers[1];
    CHECK_STR(str_of(kept_schema.children[1]->name), STR("text"));
    CHECK_STR(((str){.ptr = text->buffers[2], .len = (size_t)offsets[1]}), STR("kept for good"));
    kept_schema.release(&kept_schema);
    kept_array.release(&kept_array);
    CHECK(kept_schema.release == NULL && kept_array.release == NULL);
}

TEST_MAIN()
