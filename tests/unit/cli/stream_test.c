/* SPDX-License-Identifier: Apache-2.0 */
/* What tap and airbyte share, piece by piece: config, catalog and state read from files of any kind,
 * a schema described, rows as messages. */
#include "cli/sink_message.h"
#include "cli/stream_config.h"
#include "cli/stream_schema.h"
#include "cli/stream_state.h"
#include "common/file_read.h"
#include "common/heap.h"
#include "harness/test.h"
#include "rows_fixture.h"

#include <unistd.h>

static char path[] = "/tmp/quern-stream-test-XXXXXX";

static const char *put_file(span content)
{
    static bool made;
    if (!made) {
        const int descriptor = mkstemp(path);
        made = descriptor >= 0 && close(descriptor) == 0;
    }
    FILE *file = fopen(path, "we");
    CHECK(file && fwrite(content.ptr, 1, content.len, file) == content.len);
    CHECK(file && fclose(file) == 0);
    return path;
}

static const struct toml *manifest(void)
{
    static struct toml read;
    struct text content = {0};
    if (!read.root) {
        CHECK(file_read("plugin.toml", 1 << 20, &content) && toml_read(&read, text_span(&content)));
        text_release(&content);
    }
    return &read;
}

static int allocations_left;

static bool refuse_later(size_t size_bytes)
{
    (void)size_bytes;
    return allocations_left-- <= 0;
}

/* Each allocation in turn is refused; `work` answers whether it was done, and cleans up. */
static void refuse_each(bool (*work)(struct trouble *trouble), int at_least)
{
    int refused = 0;
    for (int n = 0; n < 10000; n++) {
        struct trouble trouble = {0};
        allocations_left = n;
        heap_refuse = refuse_later;
        const bool done = work(&trouble);
        heap_refuse = NULL;
        CHECK(done == (trouble.code == TROUBLE_NONE));
        trouble_release(&trouble);
        if (done) {
            break;
        }
        refused++;
    }
    CHECK(refused >= at_least);
    CHECK(refused < 10000);
}

/* --- config --- */

static const char config_text[] =
    "{\"inputs\": [\"a b\", \"http://127.0.0.1/\"], \"delay_ms\": 5.0, \"allow_ports\": [\"80\"],\n"
    " \"contact\": null, \"options\": {\"normalise\": \"none\"},\n"
    " \"columns\": [\"text\", \"id\"], \"stream\": \"pages\", \"fail_above\": 0.25}";

static bool read_config(struct trouble *trouble)
{
    struct stream_config config;
    const bool good = stream_config_read(&config, path, manifest(), trouble);
    stream_config_release(&config);
    return good;
}

static const char *value_of(const struct stream_config *config, const char *key, size_t number)
{
    for (size_t i = 0; i < config->options.count; i++) {
        if (strcmp(config->options.options[i].key, key) == 0 && number-- == 0) {
            return config->options.options[i].value;
        }
    }
    return "";
}

TEST(a_config_is_read_with_options_flat_and_nested)
{
    struct stream_config config;
    struct trouble trouble = {0};
    CHECK(stream_config_read(&config, put_file(span_of(config_text)), manifest(), &trouble));
    CHECK_INT(config.options.count, 5);
    CHECK_STR(str_of(value_of(&config, "input", 0)), STR("[\"a b\"]"));
    CHECK_STR(str_of(value_of(&config, "input", 1)), STR("[\"http://127.0.0.1/\"]"));
    CHECK_STR(str_of(value_of(&config, "delay_ms", 0)), STR("5"));
    CHECK_STR(str_of(value_of(&config, "allow_ports", 0)), STR("[\"80\"]"));
    CHECK_STR(str_of(value_of(&config, "normalise", 0)), STR("none"));
    CHECK_INT(config.column_count, 2);
    CHECK_STR(str_of(config.columns[0]), STR("text"));
    CHECK_STR(str_of(config.stream), STR("pages"));
    CHECK(config.fail_above > 0.24 && config.fail_above < 0.26);
    CHECK(stream_config_has_input(&config));
    stream_config_release(&config);
    trouble_release(&trouble);
}

TEST(a_config_cut_anywhere_is_an_error_with_file_and_place)
{
    char start[sizeof path + 8];
    for (size_t len = 0; len + 1 < sizeof config_text - 1; len++) {
        struct trouble trouble = {0};
        put_file((span){config_text, len});
        (void)snprintf(start, sizeof start, "%s:", path);
        CHECK(!read_config(&trouble));
        CHECK(trouble.code == TROUBLE_JOB);
        CHECK(span_starts(text_span(&trouble.message), span_of(start)));
        trouble_release(&trouble);
    }
}

TEST(a_syntax_error_does_not_repeat_what_stands_there)
{
    struct trouble trouble = {0};
    put_file(SPAN("{\"inputs\": \"http://user:geheim@h/\" \"geheim\"}"));
    CHECK(!read_config(&trouble));
    CHECK(strstr(text_string(&trouble.message), "geheim") == NULL);
    trouble_release(&trouble);
}

TEST(a_config_without_memory_is_trouble_and_leaks_nothing)
{
    (void)manifest();
    put_file(span_of(config_text));
    refuse_each(read_config, 20);
}

TEST(the_schema_of_a_config_is_json_and_knows_every_option)
{
    struct text schema = {0};
    stream_config_describe(&schema, manifest());
    json_t *root = json_loadb(text_string(&schema), schema.len, JSON_REJECT_DUPLICATES, NULL);
    const json_t *properties = json_object_get(root, "properties");
    const struct toml_value *row = manifest_first(manifest(), "options");
    CHECK(row != NULL);
    for (; row; row = row->next) {
        const char *name = manifest_text(row, "name").ptr;
        CHECK(strcmp(name, "input") == 0 || json_object_get(properties, name));
    }
    json_decref(root);
    text_release(&schema);
}

/* --- states --- */

static struct stream_catalog catalog = {.protocol = MESSAGE_SINGER, .stream = "documents"};

static bool read_state(struct trouble *trouble)
{
    struct stream_state state = {0};
    const bool good = stream_state_read(&state, &catalog, path, trouble);
    stream_state_release(&state);
    return good;
}

static void write_whole(struct text *to)
{
    struct stream_state state = {.round = 3};
    struct stream_part *part = &state.parts[STREAM_WEB];
    text_add_string(&state.inputs, "0123456789abcdef");
    *part = (struct stream_part){.splits_done = 2, .tally = {.records = 41, .failed = 2}};
    (void)memset(part->splits, 'a', STREAM_HASH_LEN);
    (void)memset(part->split, 'b', STREAM_HASH_LEN);
    text_add_string(&part->reader, "{\"v\":1,\"at\":[[1,2]]} \"\\\xC3\xA4");
    stream_state_write(&state, to);
    stream_state_release(&state);
}

TEST(a_state_comes_back_as_it_was_written)
{
    struct text file = {0};
    struct trouble trouble = {0};
    struct stream_state state = {0};
    struct text again = {0};
    struct text whole = {0};
    write_whole(&whole);
    text_add_string(&file, "{\"bookmarks\":{\"documents\":");
    text_add(&file, text_span(&whole));
    text_add_string(&file, "}}");
    CHECK(stream_state_read(&state, &catalog, put_file(text_span(&file)), &trouble));
    CHECK_INT(state.parts[STREAM_WEB].tally.records, 41);
    CHECK_INT(state.parts[STREAM_FILES].splits_done, 0);
    stream_state_write(&state, &again);
    CHECK(span_equal(text_span(&again), text_span(&whole)));
    refuse_each(read_state, 20);
    for (size_t len = 0; len < file.len; len++) {
        put_file((span){file.ptr, len});
        CHECK(!read_state(&trouble));
        CHECK(trouble.code == TROUBLE_JOB);
        trouble_release(&trouble);
    }
    stream_state_release(&state);
    text_release(&file);
    text_release(&again);
    text_release(&whole);
}

static const char other_state[] = "[{\"stream\":{\"stream_descriptor\":{\"name\":\"other\"}}}]";

TEST(airbyte_states_are_found_by_their_stream)
{
    const char *const fresh[] = {"[]", "{}", other_state};
    struct text file = {0};
    struct trouble trouble = {0};
    struct stream_state state = {0};
    catalog.protocol = MESSAGE_AIRBYTE;
    text_add_string(&file, "[{\"type\":\"STREAM\",\"stream\":{\"stream_descriptor\":{\"name\":"
                           "\"documents\",\"namespace\":null},\"stream_state\":");
    write_whole(&file);
    text_add_string(&file, "}},{\"type\":\"STREAM\",\"stream\":{\"stream_descriptor\":{\"name\":"
                           "\"other\"},\"stream_state\":{\"x\":1}}}]");
    CHECK(stream_state_read(&state, &catalog, put_file(text_span(&file)), &trouble));
    CHECK_INT(state.round, 3);
    CHECK_INT(state.parts[STREAM_WEB].splits_done, 2);
    stream_state_release(&state);
    put_file(SPAN("[{\"type\":\"GLOBAL\"}]"));
    CHECK(!read_state(&trouble));
    CHECK(strstr(text_string(&trouble.message), "[0]: must be a state of type STREAM") != NULL);
    trouble_release(&trouble);
    for (size_t i = 0; i < 3; i++) {
        put_file(span_of(fresh[i]));
        CHECK(stream_state_read(&state, &catalog, path, &trouble));
        CHECK_INT(state.round, 0);
    }
    text_release(&file);
    catalog.protocol = MESSAGE_SINGER;
}

/* --- catalogs --- */

static const char catalog_text[] =
    "{\"streams\":[{\"tap_stream_id\":\"documents\",\"schema\":{\"properties\":{\"url\":{},"
    "\"text\":{},\"status\":{}}},\"metadata\":[{\"breadcrumb\":[],\"metadata\":{\"selected\":true}}"
    ",{\"breadcrumb\":[\"properties\",\"url\"],\"metadata\":{\"selected\":false}},"
    "{\"breadcrumb\":[\"properties\",\"status\"],\"metadata\":{\"inclusion\":\"unsupported\"}}]}]}";

static bool wanted_columns[ROWS_COLUMNS];
static const char *chosen_columns[ROWS_COLUMNS];

static bool select_columns(struct trouble *trouble)
{
    static const struct rows_texts row[1] = {{{"aa", "converted", NULL, NULL, NULL, "t"}}};
    catalog.schema = *rows_make(row, 1).schema;
    catalog.wanted = wanted_columns;
    catalog.columns = chosen_columns;
    return stream_catalog_select(&catalog, path, trouble);
}

TEST(a_catalog_chooses_by_metadata_and_by_what_its_schema_holds)
{
    struct trouble trouble = {0};
    put_file(span_of(catalog_text));
    CHECK(select_columns(&trouble));
    CHECK(catalog.is_selected);
    CHECK_INT(catalog.column_count, 2);
    CHECK_STR(str_of(catalog.columns[0]), STR("id"));
    CHECK_STR(str_of(catalog.columns[1]), STR("text"));
    refuse_each(select_columns, 20);
    for (size_t len = 0; len + 1 < sizeof catalog_text; len++) {
        put_file((span){catalog_text, len});
        CHECK(!select_columns(&trouble));
        CHECK(trouble.code == TROUBLE_JOB);
        trouble_release(&trouble);
    }
}

TEST(a_catalog_that_selects_another_stream_is_an_error_that_names_both)
{
    struct trouble trouble = {0};
    put_file(SPAN("{\"streams\":[{\"stream\":\"pages\"}]}"));
    CHECK(!select_columns(&trouble));
    CHECK(strstr(text_string(&trouble.message), "streams[0]: selects the stream \"pages\"") !=
          NULL);
    CHECK(strstr(text_string(&trouble.message), "\"documents\"") != NULL);
    trouble_release(&trouble);
    put_file(SPAN("{\"streams\":[{\"stream\":\"documents\"},{\"stream\":\"documents\"}]}"));
    CHECK(!select_columns(&trouble));
    CHECK(strstr(text_string(&trouble.message), "streams[1]: stands in the catalog twice") != NULL);
    trouble_release(&trouble);
}

/* --- schemas and messages --- */

static const struct rows_texts rows[2] = {
    {{"aa", "converted", "http://e/1", NULL, NULL, "text \"quoted\"\n"}},
    {{"bb", "failed", NULL, "timeout", "no answer", NULL}}};

TEST(a_schema_says_type_format_and_what_may_be_null)
{
    struct text schema = {0};
    struct arrow_view view = rows_make(rows, 2);
    bool wanted[ROWS_COLUMNS] = {false};
    wanted[ROWS_ID] = wanted[ROWS_PUBLISHED] = wanted[ROWS_LINKS] = true;
    view.schema->children[ROWS_PUBLISHED]->flags = ARROW_FLAG_NULLABLE;
    stream_schema_write(&schema, view.schema, wanted,
                        &(struct stream_schema_style){.with_airbyte_types = true});
    CHECK_STR(((str){.ptr = text_string(&schema), .len = schema.len}),
              STR("{\"type\":\"object\",\"properties\":{\"id\":{\"type\":[\"string\"]},"
                  "\"published\":{\"type\":[\"null\",\"string\"],\"format\":\"date\"},"
                  "\"links\":{\"type\":[\"array\"],\"items\":{\"type\":[\"object\"],"
                  "\"properties\":{\"rel\":{\"type\":[\"string\"]},\"count\":{\"type\":"
                  "[\"integer\"]}}}}}}"));
    text_release(&schema);
}

/* What a sink wrote, a line after the other; *count of them are JSON objects of that type. */
static bool are_messages(span content, const char *type, size_t *count)
{
    *count = 0;
    while (content.len > 0) {
        const char *end = memchr(content.ptr, '\n', content.len);
        const size_t len = end ? (size_t)(end - content.ptr) : content.len;
        json_t *line = json_loadb(content.ptr, len, JSON_REJECT_DUPLICATES, NULL);
        *count += span_equal(json_file_text(json_object_get(line, "type")), span_of(type));
        json_decref(line);
        if (!end || !line) {
            return false;
        }
        content = (span){end + 1, content.len - len - 1};
    }
    return true;
}

static bool put_messages(struct trouble *trouble)
{
    const enum message_protocol protocols[] = {MESSAGE_SINGER, MESSAGE_AIRBYTE};
    FILE *file = fopen(path, "w+e");
    bool good = true;
    for (size_t i = 0; i < 2; i++) {
        struct sink_message sink;
        const struct arrow_view view = rows_make(rows, 2);
        sink_message_init(&sink, protocols[i], fileno(file), path);
        sink.stream = "a \"stream\"";
        good = good && sink.sink.type->begin(&sink.sink, view.schema, 3, trouble) &&
               sink.sink.type->write(&sink.sink, view, trouble) &&
               sink_message_log(&sink, MESSAGE_WARN, SPAN("\xFF bytes \xE4\xB8"), trouble);
        sink.sink.type->close(&sink.sink);
    }
    CHECK(fclose(file) == 0);
    return good;
}

TEST(rows_and_what_stands_between_them_are_messages)
{
    struct trouble trouble = {0};
    struct text content = {0};
    size_t count = 0;
    put_file(SPAN(""));
    CHECK(put_messages(&trouble));
    CHECK(file_read(path, 1 << 20, &content));
    CHECK(are_messages(text_span(&content), "RECORD", &count));
    CHECK_INT(count, 4);
    CHECK(are_messages(text_span(&content), "TRACE", &count));
    CHECK_INT(count, 1);
    CHECK(strstr(text_string(&content), "\"message\":\"\xEF\xBF\xBD bytes ") != NULL);
    CHECK(strstr(text_string(&content), "\"record\":{\"id\":\"aa\",") != NULL);
    CHECK(strstr(text_string(&content), "\"data\":{\"id\":\"bb\",") != NULL);
    refuse_each(put_messages, 4);
    text_release(&content);
    (void)unlink(path);
}

TEST_MAIN()
