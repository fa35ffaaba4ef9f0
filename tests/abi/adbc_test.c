/* SPDX-License-Identifier: Apache-2.0 */
/* Guards the ADBC driver where no driver manager reaches: callers of 1.0.0, whose structs are shorter;
 * objects released in every order; damaged partitions; odd parameters; no memory at any place. The
 * driver is linked in and the plugin loaded, so that a sanitizer sees both and allocations can be
 * refused. What users do with it is in tests/e2e/host_adbc.py. */
#include "adbc/adbc.h"
#include "common/heap.h"
#include "harness/test.h"

#include <errno.h>
#include <string.h>

AdbcStatusCode AdbcDriverInit(int version, void *driver, struct AdbcError *error);

static const char page[] = "quern:samples/documents/ferry.html";
static const char folder[] = "quern:samples/documents";
static struct AdbcDriver driver;

TEST(begin)
{
    setenv("QUERN_PLUGIN", QUERN_TEST_LIBRARY, 1);
    CHECK_INT(AdbcDriverInit(ADBC_VERSION_1_1_0, &driver, NULL), ADBC_STATUS_OK);
}

/* Three objects as a host has them. */
struct host {
    struct AdbcDatabase database;
    struct AdbcConnection connection;
    struct AdbcStatement statement;
    struct AdbcError error;
};

static bool host_open(struct host *host)
{
    *host = (struct host){.error.vendor_code = ADBC_ERROR_VENDOR_CODE_PRIVATE_DATA};
    return driver.DatabaseNew(&host->database, &host->error) == ADBC_STATUS_OK &&
           driver.DatabaseSetOption(&host->database, "quern.columns", "id,title", &host->error) ==
               ADBC_STATUS_OK &&
           driver.DatabaseInit(&host->database, &host->error) == ADBC_STATUS_OK &&
           driver.ConnectionNew(&host->connection, &host->error) == ADBC_STATUS_OK &&
           driver.ConnectionSetOptionInt(&host->connection, "quern.split_inputs_max", 2,
                                         &host->error) == ADBC_STATUS_OK &&
           driver.ConnectionInit(&host->connection, &host->database, &host->error) ==
               ADBC_STATUS_OK &&
           driver.StatementNew(&host->connection, &host->statement, &host->error) == ADBC_STATUS_OK;
}

static bool host_execute(struct host *host, const char *query, struct ArrowArrayStream *out)
{
    int64_t rows = 0;
    const bool good =
        driver.StatementSetSqlQuery(&host->statement, query, &host->error) == ADBC_STATUS_OK &&
        driver.StatementExecuteQuery(&host->statement, out, &rows, &host->error) == ADBC_STATUS_OK;
    CHECK(!good || rows == -1);
    return good;
}

static void host_close(struct host *host)
{
    if (host->statement.private_data) {
        CHECK_INT(driver.StatementRelease(&host->statement, NULL), ADBC_STATUS_OK);
    }
    if (host->connection.private_data) {
        CHECK_INT(driver.ConnectionRelease(&host->connection, NULL), ADBC_STATUS_OK);
    }
    if (host->database.private_data) {
        CHECK_INT(driver.DatabaseRelease(&host->database, NULL), ADBC_STATUS_OK);
    }
    if (host->error.release) {
        host->error.release(&host->error);
    }
}

/* Rows of a stream, which is released; -1: it failed. */
static int64_t count_rows(struct ArrowArrayStream *stream)
{
    struct ArrowArray batch;
    int64_t count = 0;
    int answer;
    while ((answer = stream->get_next(stream, &batch)) == 0 && batch.release) {
        count += batch.length;
        batch.release(&batch);
    }
    stream->release(stream);
    return answer == 0 ? count : -1;
}

TEST(objects_may_be_released_in_any_order_before_the_stream)
{
    static const int orders[][3] = {{0, 1, 2}, {0, 2, 1}, {1, 0, 2},
                                    {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};
    for (size_t i = 0; i < sizeof orders / sizeof orders[0]; i++) {
        struct host host;
        struct ArrowArrayStream stream = {0};
        struct ArrowSchema schema;
        CHECK(host_open(&host) && host_execute(&host, folder, &stream));
        for (size_t k = 0; k < 3; k++) {
            CHECK_INT(orders[i][k] == 0   ? driver.DatabaseRelease(&host.database, NULL)
                      : orders[i][k] == 1 ? driver.ConnectionRelease(&host.connection, NULL)
                                          : driver.StatementRelease(&host.statement, NULL),
                      ADBC_STATUS_OK);
        }
        CHECK_INT(stream.get_schema(&stream, &schema), 0);
        CHECK_INT(schema.n_children, 2);
        CHECK(count_rows(&stream) > 10);
        schema.release(&schema);
        CHECK_INT(driver.StatementCancel(&host.statement, NULL), ADBC_STATUS_INVALID_STATE);
        CHECK_INT(driver.StatementRelease(&host.statement, &host.error), ADBC_STATUS_INVALID_STATE);
        CHECK(host.error.message && strstr(host.error.message, "released"));
        host_close(&host);
    }
}

/* What lies behind the end of the structs of 1.0.0 is somebody else's. */
TEST(a_caller_of_1_0_0_gets_a_short_error_and_a_short_table)
{
    struct AdbcDriver old;
    struct AdbcDatabase database = {0};
    char mine = 0;
    struct AdbcError error = {.private_data = &mine, .private_driver = &old};
    memset(&old, 0x5A, sizeof old);
    CHECK_INT(AdbcDriverInit(ADBC_VERSION_1_0_0, &old, &error), ADBC_STATUS_OK);
    for (size_t i = ADBC_DRIVER_1_0_0_SIZE; i < sizeof old; i++) {
        CHECK_INT(((const unsigned char *)&old)[i], 0x5A);
    }
    CHECK_INT(old.DatabaseNew(&database, &error), ADBC_STATUS_OK);
    CHECK_INT(old.DatabaseSetOption(&database, "quern.delay_ms", "soon", &error), ADBC_STATUS_OK);
    CHECK_INT(old.DatabaseInit(&database, &error), ADBC_STATUS_INVALID_ARGUMENT);
    CHECK(error.message && strstr(error.message, "delay_ms"));
    CHECK_INT(error.vendor_code, 0);
    /* An error that is still held is released before the next is written. */
    CHECK_INT(old.DatabaseSetOption(&database, "nope", "1", &error), ADBC_STATUS_NOT_IMPLEMENTED);
    CHECK(error.message && strstr(error.message, "nope"));
    CHECK_INT(driver.ErrorGetDetailCount(&error), 0);
    error.release(&error);
    CHECK(!error.release && !error.message);
    CHECK(error.private_data == &mine && error.private_driver == &old);
    CHECK_INT(old.DatabaseRelease(&database, &error), ADBC_STATUS_OK);
    CHECK_INT(old.release(&old, NULL), ADBC_STATUS_OK);
}

TEST(an_error_of_1_1_0_has_details)
{
    struct host host;
    CHECK(host_open(&host));
    CHECK_INT(driver.StatementSetOption(&host.statement, "quern.delay_ms", "soon", &host.error),
              ADBC_STATUS_OK);
    struct ArrowArrayStream stream = {0};
    CHECK(!host_execute(&host, page, &stream));
    CHECK_INT(driver.ErrorGetDetailCount(&host.error), 2);
    const struct AdbcErrorDetail where = driver.ErrorGetDetail(&host.error, 1);
    CHECK(where.key && strcmp(where.key, "quern.where") == 0);
    CHECK(where.value_length == 8 && memcmp(where.value, "delay_ms", 8) == 0);
    CHECK(!driver.ErrorGetDetail(&host.error, 2).key &&
          !driver.ErrorGetDetail(&host.error, -1).key);
    CHECK_INT(driver.ErrorGetDetailCount(NULL), 0);
    host_close(&host);
}

TEST(a_cancelled_stream_tells_its_status)
{
    struct host host;
    struct ArrowArrayStream stream = {0};
    struct ArrowArray batch;
    AdbcStatusCode status = ADBC_STATUS_UNKNOWN;
    CHECK(host_open(&host) && host_execute(&host, folder, &stream));
    CHECK(!driver.ErrorFromArrayStream(&stream, &status));
    CHECK_INT(status, ADBC_STATUS_OK);
    CHECK_INT(driver.StatementCancel(&host.statement, &host.error), ADBC_STATUS_OK);
    CHECK_INT(stream.get_next(&stream, &batch), ECANCELED);
    CHECK(stream.get_last_error(&stream) && strstr(stream.get_last_error(&stream), "cancelled"));
    const struct AdbcError *error = driver.ErrorFromArrayStream(&stream, &status);
    CHECK(error && error->message);
    CHECK_INT(status, ADBC_STATUS_CANCELLED);
    CHECK_INT(count_rows(&stream), -1);
    CHECK_INT(driver.StatementCancel(&host.statement, &host.error), ADBC_STATUS_INVALID_STATE);
    CHECK(host_execute(&host, page, &stream));
    CHECK_INT(count_rows(&stream), 1);
    CHECK(!driver.ErrorFromArrayStream(&stream, &status)); /* released */
    host_close(&host);
}

/* A reader of Arrow may take a child away and release it after its parent. */
TEST(a_part_of_what_the_driver_tells_of_itself_may_outlive_the_rest)
{
    struct host host;
    struct ArrowArrayStream stream = {0};
    struct ArrowSchema schema;
    struct ArrowArray batch;
    CHECK(host_open(&host));
    CHECK_INT(driver.ConnectionGetInfo(&host.connection, NULL, 0, &stream, &host.error),
              ADBC_STATUS_OK);
    host_close(&host);
    CHECK_INT(stream.get_schema(&stream, &schema), 0);
    CHECK_INT(stream.get_next(&stream, &batch), 0);
    stream.release(&stream);
    struct ArrowSchema type = *schema.children[1];
    struct ArrowArray values = *batch.children[1];
    schema.children[1]->release = NULL;
    batch.children[1]->release = NULL;
    schema.release(&schema);
    batch.release(&batch);
    CHECK(strcmp(type.children[4]->children[0]->format, "u") == 0);
    CHECK(strcmp(type.children[5]->children[0]->children[1]->children[0]->name, "item") == 0);
    CHECK_INT(values.length, 6);
    CHECK(memcmp(values.children[0]->buffers[2], "Quern", 5) == 0);
    type.release(&type);
    values.release(&values);
}

TEST(null_pointers_are_errors)
{
    struct host host;
    CHECK(host_open(&host));
    CHECK_INT(driver.DatabaseNew(NULL, NULL), ADBC_STATUS_INVALID_ARGUMENT);
    CHECK_INT(driver.ConnectionNew(NULL, NULL), ADBC_STATUS_INVALID_ARGUMENT);
    CHECK_INT(driver.StatementNew(&host.connection, NULL, NULL), ADBC_STATUS_INVALID_ARGUMENT);
    CHECK_INT(driver.StatementNew(NULL, &host.statement, NULL), ADBC_STATUS_INVALID_STATE);
    CHECK_INT(driver.ConnectionInit(&host.connection, NULL, NULL), ADBC_STATUS_INVALID_STATE);
    CHECK_INT(driver.DatabaseSetOption(&host.database, NULL, "1", NULL),
              ADBC_STATUS_INVALID_ARGUMENT);
    CHECK_INT(driver.DatabaseSetOption(&host.database, "quern.root", NULL, NULL),
              ADBC_STATUS_INVALID_ARGUMENT);
    CHECK_INT(driver.StatementSetSqlQuery(&host.statement, NULL, NULL),
              ADBC_STATUS_INVALID_ARGUMENT);
    CHECK_INT(driver.StatementExecuteQuery(&host.statement, NULL, NULL, NULL),
              ADBC_STATUS_NOT_IMPLEMENTED);
    CHECK_INT(driver.StatementBind(&host.statement, NULL, NULL, NULL),
              ADBC_STATUS_INVALID_ARGUMENT);
    CHECK_INT(driver.StatementBindStream(&host.statement, NULL, NULL),
              ADBC_STATUS_INVALID_ARGUMENT);
    CHECK_INT(driver.ConnectionReadPartition(&host.connection, NULL, 0, NULL, NULL),
              ADBC_STATUS_INVALID_ARGUMENT);
    CHECK_INT(driver.ConnectionGetInfo(&host.connection, NULL, 0, NULL, NULL),
              ADBC_STATUS_INVALID_ARGUMENT);
    CHECK_INT(driver.ConnectionGetTableTypes(NULL, NULL, NULL), ADBC_STATUS_INVALID_STATE);
    CHECK_INT(driver.StatementExecuteSchema(&host.statement, NULL, NULL),
              ADBC_STATUS_INVALID_ARGUMENT);
    host_close(&host);
}

TEST(an_option_is_given_out_when_there_is_room)
{
    struct host host;
    char value[9] = "unset";
    size_t len = 3;
    CHECK(host_open(&host));
    CHECK_INT(driver.StatementGetOption(&host.statement, "quern.columns", value, &len, NULL),
              ADBC_STATUS_OK);
    CHECK_INT(len, 9);
    CHECK(strcmp(value, "unset") == 0);
    CHECK_INT(driver.StatementGetOption(&host.statement, "quern.columns", value, &len, NULL),
              ADBC_STATUS_OK);
    CHECK(strcmp(value, "id,title") == 0);
    CHECK_INT(driver.StatementGetOption(&host.statement, "quern.root", value, &len, NULL),
              ADBC_STATUS_NOT_FOUND);
    host_close(&host);
}

/* --- partitions --- */

static bool read_is_refused(struct host *host, const uint8_t *partition, size_t len)
{
    struct ArrowArrayStream stream = {0};
    const AdbcStatusCode status =
        driver.ConnectionReadPartition(&host->connection, partition, len, &stream, &host->error);
    if (stream.release) {
        stream.release(&stream);
    }
    return status == ADBC_STATUS_INVALID_DATA && !stream.release;
}

TEST(a_partition_cut_or_changed_anywhere_is_refused)
{
    struct host host;
    struct ArrowSchema schema;
    struct AdbcPartitions partitions = {0};
    int64_t rows = 0;
    CHECK(host_open(&host));
    CHECK_INT(driver.StatementSetSqlQuery(&host.statement, page, NULL), ADBC_STATUS_OK);
    CHECK_INT(driver.StatementExecutePartitions(&host.statement, &schema, &partitions, &rows,
                                                &host.error),
              ADBC_STATUS_OK);
    CHECK_INT(partitions.num_partitions, 1);
    CHECK_INT(schema.n_children, 2);
    const size_t len = partitions.partition_lengths[0];
    for (size_t cut = 0; cut < len; cut++) {
        uint8_t *head = malloc(cut + 1); /* just as long, for the sanitizer */
        memcpy(head, partitions.partitions[0], cut);
        CHECK(read_is_refused(&host, head, cut));
        free(head);
    }
    uint8_t *copy = malloc(len);
    for (size_t i = 0; i < len; i++) {
        memcpy(copy, partitions.partitions[0], len);
        copy[i] ^= (uint8_t)(1u << (i % 8));
        CHECK(read_is_refused(&host, copy, len));
    }
    free(copy);
    struct ArrowArrayStream stream;
    CHECK_INT(driver.ConnectionReadPartition(&host.connection, partitions.partitions[0], len,
                                             &stream, &host.error),
              ADBC_STATUS_OK);
    partitions.release(&partitions);
    schema.release(&schema);
    CHECK_INT(count_rows(&stream), 1);
    host_close(&host);
}

/* --- parameters --- */

static int released;

static void release_array(struct ArrowArray *array)
{
    released++;
    array->release = NULL;
}

static void release_schema(struct ArrowSchema *schema)
{
    released++;
    schema->release = NULL;
}

/* One row of one column `data`, whose type and buffers the test chooses. */
static AdbcStatusCode convert_one(const char *format, int64_t buffer_count, int64_t child_count)
{
    static const int32_t offsets[] = {0, 5};
    static const void *buffers[] = {NULL, offsets, "<p>hi"};
    struct ArrowSchema column = {.format = format, .name = "data"};
    struct ArrowSchema *columns[] = {&column};
    struct ArrowSchema schema = {
        .format = "+s", .n_children = child_count, .children = columns, .release = release_schema};
    struct ArrowArray values = {.length = 1, .n_buffers = buffer_count, .buffers = buffers};
    struct ArrowArray *children[] = {&values};
    struct ArrowArray rows = {
        .length = 1, .n_children = child_count, .children = children, .release = release_array};
    struct host host;
    struct ArrowArrayStream stream = {0};
    AdbcStatusCode status = ADBC_STATUS_OK;
    released = 0;
    CHECK(host_open(&host));
    CHECK_INT(driver.StatementBind(&host.statement, &rows, &schema, &host.error), ADBC_STATUS_OK);
    CHECK(!rows.release && !schema.release);
    CHECK(host_execute(&host, "quern:convert", &stream));
    struct ArrowArray batch;
    if (stream.get_next(&stream, &batch) == 0) {
        CHECK_INT(batch.length, 1);
        batch.release(&batch);
    }
    (void)driver.ErrorFromArrayStream(&stream, &status);
    stream.release(&stream);
    host_close(&host);
    CHECK_INT(released, 2);
    return status;
}

TEST(parameters_of_an_odd_shape_are_errors)
{
    CHECK_INT(convert_one("z", 3, 1), ADBC_STATUS_OK);
    CHECK_INT(convert_one("u", 3, 1), ADBC_STATUS_OK);
    CHECK_INT(convert_one("z", 2, 1), ADBC_STATUS_INVALID_ARGUMENT);
    CHECK_INT(convert_one("vz", 2, 1), ADBC_STATUS_INVALID_ARGUMENT);
    CHECK_INT(convert_one("v", 3, 1), ADBC_STATUS_INVALID_ARGUMENT);
    CHECK_INT(convert_one("+l", 3, 1), ADBC_STATUS_INVALID_ARGUMENT);
    CHECK_INT(convert_one("", 3, 1), ADBC_STATUS_INVALID_ARGUMENT);
    CHECK_INT(convert_one("z", 3, 0), ADBC_STATUS_INVALID_ARGUMENT);
}

/* --- no memory --- */

static long allocations_left;

static bool refuse_one(size_t size)
{
    (void)size;
    return allocations_left-- == 0;
}

/* The rows of all that a host does; -1: an error told that something was missing. */
static int64_t use_everything(void)
{
    struct host host;
    struct ArrowArrayStream stream = {0};
    struct AdbcPartitions partitions = {0};
    int64_t whole = -1;
    int64_t part = -1;
    if (host_open(&host) && host_execute(&host, folder, &stream)) {
        whole = count_rows(&stream);
        if (driver.StatementExecutePartitions(&host.statement, NULL, &partitions, NULL,
                                              &host.error) == ADBC_STATUS_OK) {
            if (driver.ConnectionReadPartition(&host.connection, partitions.partitions[0],
                                               partitions.partition_lengths[0], &stream,
                                               &host.error) == ADBC_STATUS_OK) {
                part = count_rows(&stream);
            }
            partitions.release(&partitions);
        }
        if (driver.ConnectionGetInfo(&host.connection, NULL, 0, &stream, NULL) == ADBC_STATUS_OK) {
            part = count_rows(&stream) == 6 ? part : -1;
        } else {
            part = -1;
        }
    }
    host_close(&host);
    return whole < 0 || part < 0 ? -1 : whole + part;
}

TEST(no_memory_at_any_place_is_an_error_and_never_fewer_rows)
{
    const int64_t rows = use_everything(); /* loads the plugin, which is done once a process */
    long at = 0;
    CHECK(rows > 10);
    heap_refuse = refuse_one;
    for (bool refused = true; refused && at < 10000; at++) {
        allocations_left = at;
        const int64_t found = use_everything();
        refused = allocations_left < 0;
        CHECK(found == -1 || found == rows);
    }
    heap_refuse = NULL;
    printf("allocations refused, one each time: %ld\n", at - 1);
    CHECK(at > 50 && at < 10000);
}

TEST_MAIN()
