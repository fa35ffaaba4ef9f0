/* SPDX-License-Identifier: Apache-2.0 */
/* Guards quern.store/1: what is put never runs ahead of the rows that were handed out, and a store
 * that fails or lies costs another request at most, never a document. */
#include "harness/test.h"
#include "loaded.h"
#include "server.h"

#include "quern/ext/store.h"

#include <unistd.h>

enum { DOCUMENTS = 12, ENTRIES_MAX = 256 };

static struct loaded loaded;
static const struct quern_plugin *plugin;
static struct server server;

/* --- a host with a store in memory, and all the ways it may fail --- */

struct entry {
    char key[QUERN_STORE_KEY_BYTES_MAX + 1];
    uint8_t *value;
    size_t len;
};

enum mischief {
    HONEST,
    NO_STORE,
    GET_FAILS,
    PUT_FAILS,
    GET_GIVES_NOISE,
    GET_GIVES_TOO_MUCH,
    GET_GIVES_NOTHING_LONG,
    GET_GIVES_EMPTY,
    GET_GIVES_ANOTHER_VERSION,
    GET_GIVES_HEADERS_OF_ITS_OWN,
    STRUCT_IS_SHORT,
    MEMBERS_ARE_NULL,
    MISCHIEF_COUNT
};

struct keeping {
    enum mischief mischief;
    struct entry entries[ENTRIES_MAX];
    int count;
    int logged;
    int store_logged;
    struct quern_progress progress;
    struct quern_store table;
};

static struct entry *find(struct keeping *keeping, struct quern_bytes key)
{
    for (int i = 0; i < keeping->count; i++) {
        struct entry *entry = &keeping->entries[i];
        if (strlen(entry->key) == key.len && memcmp(entry->key, key.data, key.len) == 0) {
            return entry;
        }
    }
    return NULL;
}

static int32_t on_get(void *context, struct quern_bytes key, struct quern_bytes *out)
{
    static uint8_t noise[QUERN_STORE_VALUE_BYTES_MAX + 1];
    static const char other[] = "{\"v\":2,\"good\":true,\"made\":7}";
    static const char planted[] = "{\"v\":1,\"good\":true,\"etag\":\"a\\r\\nX-Planted: yes\"}";
    struct keeping *keeping = context;
    CHECK(key.len > 0 && key.len <= QUERN_STORE_KEY_BYTES_MAX);
    switch (keeping->mischief) {
    case GET_FAILS:
        *out = (struct quern_bytes){.data = (const uint8_t *)(uintptr_t)1, .len = 7};
        return QUERN_IO;
    case GET_GIVES_NOISE:
        memset(noise, 0xFE, sizeof noise);
        *out = (struct quern_bytes){.data = noise, .len = 5000};
        return QUERN_OK;
    case GET_GIVES_TOO_MUCH:
        *out = (struct quern_bytes){.data = noise, .len = sizeof noise};
        return QUERN_OK;
    case GET_GIVES_NOTHING_LONG:
        *out = (struct quern_bytes){.data = NULL, .len = SIZE_MAX};
        return QUERN_OK;
    case GET_GIVES_EMPTY:
        *out = (struct quern_bytes){.data = noise, .len = 0};
        return QUERN_OK;
    case GET_GIVES_ANOTHER_VERSION:
        *out = (struct quern_bytes){.data = (const uint8_t *)other, .len = sizeof other - 1};
        return QUERN_OK;
    case GET_GIVES_HEADERS_OF_ITS_OWN:
        *out = (struct quern_bytes){.data = (const uint8_t *)planted, .len = sizeof planted - 1};
        return QUERN_OK;
    case HONEST:
    case NO_STORE:
    case PUT_FAILS:
    case STRUCT_IS_SHORT:
    case MEMBERS_ARE_NULL:
    case MISCHIEF_COUNT:
        break;
    }
    const struct entry *entry = find(keeping, key);
    *out = (struct quern_bytes){.data = entry ? entry->value : NULL, .len = entry ? entry->len : 0};
    return QUERN_OK;
}

static int32_t on_put(void *context, struct quern_bytes key, struct quern_bytes value)
{
    struct keeping *keeping = context;
    struct entry *entry = find(keeping, key);
    CHECK(key.len > 0 && key.len <= QUERN_STORE_KEY_BYTES_MAX);
    CHECK(value.len <= QUERN_STORE_VALUE_BYTES_MAX);
    if (keeping->mischief == PUT_FAILS) {
        return QUERN_NO_MEMORY;
    }
    if (!entry && keeping->count < ENTRIES_MAX) {
        entry = &keeping->entries[keeping->count++];
        memcpy(entry->key, key.data, key.len);
    }
    if (CHECK(entry != NULL)) {
        free(entry->value);
        entry->value = value.data ? malloc(value.len) : NULL;
        entry->len = value.data ? value.len : 0;
        if (entry->value) {
            memcpy(entry->value, value.data, value.len);
        }
    }
    return QUERN_OK;
}

static int32_t on_scan(void *context, struct quern_bytes prefix,
                       bool (*each)(void *visitor, struct quern_bytes key,
                                    struct quern_bytes value),
                       void *visitor)
{
    (void)context;
    (void)prefix;
    (void)each;
    (void)visitor;
    return QUERN_IO;
}

static const void *on_extension(void *context, const char *id)
{
    struct keeping *keeping = context;
    if (keeping->mischief == NO_STORE || strcmp(id, QUERN_EXT_STORE) != 0) {
        return NULL;
    }
    keeping->table = (struct quern_store){
        .struct_size = sizeof keeping->table, .get = on_get, .put = on_put, .scan = on_scan};
    if (keeping->mischief == STRUCT_IS_SHORT) {
        keeping->table.struct_size = 16;
    } else if (keeping->mischief == MEMBERS_ARE_NULL) {
        keeping->table.put = NULL;
    }
    return &keeping->table;
}

static void on_log(void *context, int32_t level, const char *message, size_t len)
{
    struct keeping *keeping = context;
    keeping->logged += level >= QUERN_LOG_WARNING;
    keeping->store_logged += memmem(message, len, "store", 5) != NULL;
}

static void on_progress(void *context, const struct quern_progress *progress)
{
    ((struct keeping *)context)->progress = *progress;
}

static struct quern_host host_of(struct keeping *keeping)
{
    return (struct quern_host){.struct_size = sizeof(struct quern_host),
                               .context = keeping,
                               .log = on_log,
                               .progress = on_progress,
                               .get_extension = on_extension};
}

static void forget(struct keeping *keeping)
{
    for (int i = 0; i < keeping->count; i++) {
        free(keeping->entries[i].value);
    }
    memset(keeping, 0, sizeof *keeping);
}

/* --- reading --- */

static const char *inputs(void)
{
    static char text[DOCUMENTS * 64];
    size_t len = 0;
    for (int i = 0; i < DOCUMENTS; i++) {
        len +=
            (size_t)snprintf(text + len, sizeof text - len, "%c\"http://127.0.0.1:%d/headers?%d\"",
                             i ? ',' : '[', server.port, i);
    }
    (void)snprintf(text + len, sizeof text - len, "]");
    return text;
}

static struct quern_reader *open_all(struct keeping *keeping, const char *key, const char *value,
                                     struct quern_source **source)
{
    const struct quern_host host = host_of(keeping);
    struct quern_error error = {.struct_size = sizeof error};
    *source = open_source(plugin, &host, inputs(), key, value, &error);
    if (!CHECK(*source != NULL)) {
        fprintf(stderr, "%s: %s\n", error.where, error.message);
        return NULL;
    }
    const struct quern_bytes split = first_split(plugin, *source);
    struct quern_reader *reader = open_reader(plugin, *source, split, &error);
    free((void *)(uintptr_t)split.data);
    CHECK(reader != NULL);
    return reader;
}

static int64_t rows_of(struct keeping *keeping, const char *key, const char *value)
{
    struct quern_source *source;
    struct ArrowArrayStream stream;
    struct quern_error error = {.struct_size = sizeof error};
    struct quern_reader *reader = open_all(keeping, key, value, &source);
    CHECK(plugin->reader_stream(reader, &stream, &error) == QUERN_OK);
    const int64_t rows = drain(&stream);
    plugin->reader_close(reader);
    plugin->source_close(source);
    return rows;
}

TEST(begin)
{
    loaded = loaded_open();
    plugin = loaded.plugin;
    server = server_open();
}

TEST(what_is_unchanged_gives_no_row_the_second_time)
{
    static struct keeping keeping;
    CHECK_INT(rows_of(&keeping, NULL, NULL), DOCUMENTS);
    CHECK_INT(keeping.progress.unchanged, 0);
    CHECK(keeping.count >= DOCUMENTS);
    CHECK_INT(rows_of(&keeping, NULL, NULL), 0);
    CHECK_INT(keeping.progress.unchanged, DOCUMENTS);
    CHECK_INT(keeping.progress.documents_done, DOCUMENTS);
    CHECK_INT(keeping.progress.received_bytes, 0);
    CHECK_INT(rows_of(&keeping, "revisit", "due"), 0);
    CHECK_INT(keeping.progress.not_due, DOCUMENTS);
    CHECK_INT(keeping.progress.unchanged, 0);
    CHECK_INT(rows_of(&keeping, "revalidate", "off"), DOCUMENTS);
    CHECK_INT(keeping.logged, 0);
    forget(&keeping);
}

TEST(other_options_that_shape_a_record_have_it_read_anew)
{
    static struct keeping keeping;
    CHECK_INT(rows_of(&keeping, NULL, NULL), DOCUMENTS);
    CHECK_INT(rows_of(&keeping, "normalise", "none"), DOCUMENTS);
    CHECK_INT(rows_of(&keeping, "normalise", "none"), 0);
    CHECK_INT(rows_of(&keeping, "fold_width", "true"), DOCUMENTS);
    CHECK_INT(rows_of(&keeping, "revisit", "due"),
              DOCUMENTS); /* due at once, being made otherwise */
    CHECK_INT(rows_of(&keeping, "timeout_ms", "60000"), 0);
    forget(&keeping);
}

/* How many documents the store knows, of those whose rows were not handed out. */
static int ahead_count(const struct keeping *keeping, char (*ids)[33], int id_count)
{
    int ahead = 0;
    for (int i = 0; i < keeping->count; i++) {
        bool is_known = strncmp(keeping->entries[i].key, "doc/", 4) != 0;
        for (int j = 0; j < id_count; j++) {
            is_known = is_known || strcmp(keeping->entries[i].key + 4, ids[j]) == 0;
        }
        ahead += !is_known;
    }
    return ahead;
}

static void read_and_look(const char *batch_bytes_max)
{
    static struct keeping keeping;
    static char ids[DOCUMENTS][33];
    struct quern_source *source;
    struct ArrowArrayStream stream;
    struct quern_error error = {.struct_size = sizeof error};
    struct quern_reader *reader = open_all(&keeping, "batch_bytes_max", batch_bytes_max, &source);
    CHECK(plugin->reader_stream(reader, &stream, &error) == QUERN_OK);
    int count = 0;
    for (;;) {
        struct ArrowArray array;
        if (!CHECK(stream.get_next(&stream, &array) == 0) || !array.release) {
            break;
        }
        const struct ArrowArray *id = array.children[0];
        const int32_t *offsets = id->buffers[1];
        for (int64_t i = 0; i < array.length && CHECK(count < DOCUMENTS); i++) {
            memcpy(ids[count++], (const char *)id->buffers[2] + offsets[i], 32);
        }
        array.release(&array);
        CHECK_INT(ahead_count(&keeping, ids, count), 0);
    }
    CHECK_INT(count, DOCUMENTS);
    stream.release(&stream);
    plugin->reader_close(reader);
    plugin->source_close(source);
    forget(&keeping);
}

TEST(no_put_runs_ahead_of_the_rows_handed_out)
{
    /* At some of these sizes a row is pulled that does not fit any more, and waits for the next
     * batch: its document must not be known before. */
    for (int kib = 1; kib <= 24; kib++) {
        char text[16];
        (void)snprintf(text, sizeof text, "%d", kib * 1024);
        read_and_look(text);
    }
}

TEST(a_reader_that_is_left_puts_nothing_more)
{
    static struct keeping keeping;
    struct quern_source *source;
    struct ArrowArrayStream stream;
    struct ArrowArray array;
    struct quern_error error = {.struct_size = sizeof error};
    struct quern_reader *reader = open_all(&keeping, "batch_bytes_max", "2048", &source);
    CHECK(plugin->reader_stream(reader, &stream, &error) == QUERN_OK);
    CHECK(stream.get_next(&stream, &array) == 0 && array.release);
    const int count = keeping.count;
    array.release(&array);
    plugin->reader_cancel(reader);
    CHECK(stream.get_next(&stream, &array) != 0);
    stream.release(&stream);
    plugin->reader_close(reader);
    plugin->source_close(source);
    CHECK_INT(keeping.count, count);
    forget(&keeping);
}

TEST(a_store_that_fails_or_lies_costs_no_document)
{
    static struct keeping keeping;
    for (enum mischief mischief = HONEST; mischief < MISCHIEF_COUNT; mischief++) {
        keeping.mischief = mischief;
        if (!CHECK_INT(rows_of(&keeping, NULL, NULL), DOCUMENTS)) {
            fprintf(stderr, "  mischief %d\n", (int)mischief);
        }
        const bool is_told = mischief == GET_FAILS || mischief == PUT_FAILS ||
                             mischief == GET_GIVES_TOO_MUCH || mischief == STRUCT_IS_SHORT ||
                             mischief == GET_GIVES_NOTHING_LONG || mischief == MEMBERS_ARE_NULL;
        CHECK_INT(keeping.store_logged, is_told ? 1 : 0);
        CHECK_INT(keeping.logged, is_told ? 1 : 0);
        forget(&keeping);
    }
}

TEST(end)
{
    server_close(&server);
    loaded_close(&loaded);
}

TEST_MAIN()
