/* SPDX-License-Identifier: Apache-2.0 */
#include "adbc/objects.h"

#include "adbc/partition.h"
#include "adbc/stream.h"

#include "common/heap.h"

#include <string.h>

static const char autocommit[] = "adbc.connection.autocommit";

/* NULL: `fault` tells. */
static struct connection *of(struct AdbcConnection *handle, struct fault *fault)
{
    struct connection *connection = handle ? handle->private_data : NULL;
    if (!connection) {
        (void)fault_set(fault, ADBC_STATUS_INVALID_STATE,
                        "the connection was not made, or is released");
    }
    return connection;
}

static void connection_free(struct connection *connection)
{
    settings_release(&connection->settings);
    canceller_release(connection->partitions);
    heap_release(connection);
}

AdbcStatusCode connection_new(struct AdbcConnection *handle, struct AdbcError *error)
{
    struct fault fault = {0};
    struct connection *connection = handle ? heap_allocate(sizeof *connection) : NULL;
    struct canceller *partitions = connection ? canceller_make() : NULL;
    if (!partitions) {
        heap_release(connection);
        (void)(handle ? fault_set_memory(&fault)
                      : fault_set(&fault, ADBC_STATUS_INVALID_ARGUMENT, "a pointer is NULL"));
        return error_tell(error, &fault);
    }
    connection->partitions = partitions;
    handle->private_data = connection;
    return ADBC_STATUS_OK;
}

/* What was set on the connection goes before what was set on the database. */
static bool inherit(struct connection *connection, const struct database *database,
                    struct fault *fault)
{
    struct settings both = {0};
    if (!database || !database->adapter) {
        return fault_set(fault, ADBC_STATUS_INVALID_STATE, "the database is not initialised");
    }
    if (!settings_add_all(&both, &database->settings, fault) ||
        !settings_add_all(&both, &connection->settings, fault) ||
        !settings_check(&both, database->adapter, fault)) {
        settings_release(&both);
        return false;
    }
    settings_release(&connection->settings);
    connection->settings = both;
    connection->adapter = database->adapter;
    return true;
}

AdbcStatusCode connection_init(struct AdbcConnection *handle, struct AdbcDatabase *database,
                               struct AdbcError *error)
{
    struct fault fault = {0};
    struct connection *connection = of(handle, &fault);
    return connection && inherit(connection, database ? database->private_data : NULL, &fault)
               ? ADBC_STATUS_OK
               : error_tell(error, &fault);
}

/* There are no transactions, so autocommit is what there is. */
static bool set_option(struct connection *connection, const char *key, const char *value,
                       struct fault *fault)
{
    if (key && value && strcmp(key, autocommit) == 0) {
        return strcmp(value, "true") == 0 ||
               fault_set_about(fault, ADBC_STATUS_NOT_IMPLEMENTED, key,
                               "Quern only reads, there are no transactions");
    }
    return settings_set(&connection->settings, key, value, fault);
}

AdbcStatusCode connection_set_option(struct AdbcConnection *handle, const char *key,
                                     const char *value, struct AdbcError *error)
{
    struct fault fault = {0};
    struct connection *connection = of(handle, &fault);
    return connection && set_option(connection, key, value, &fault) ? ADBC_STATUS_OK
                                                                    : error_tell(error, &fault);
}

AdbcStatusCode connection_set_number(struct AdbcConnection *handle, const char *key, int64_t value,
                                     struct AdbcError *error)
{
    struct fault fault = {0};
    struct connection *connection = of(handle, &fault);
    return connection && settings_set_number(&connection->settings, key, value, &fault)
               ? ADBC_STATUS_OK
               : error_tell(error, &fault);
}

AdbcStatusCode connection_give_option(struct AdbcConnection *handle, const char *key, char *value,
                                      size_t *len, struct AdbcError *error)
{
    struct fault fault = {0};
    const struct connection *connection = of(handle, &fault);
    return connection && settings_give(&connection->settings, key, value, len, &fault)
               ? ADBC_STATUS_OK
               : error_tell(error, &fault);
}

static bool read_partition(struct connection *connection, span partition,
                           struct ArrowArrayStream *out, struct fault *fault)
{
    struct request request = {0};
    span split = {0};
    if (!connection->adapter) {
        return fault_set(fault, ADBC_STATUS_INVALID_STATE, "the connection is not initialised");
    }
    if (!partition.ptr || !out) {
        return fault_set(fault, ADBC_STATUS_INVALID_ARGUMENT, "a pointer is NULL");
    }
    if (!partition_read(partition, &request, &split, fault)) {
        request_release(&request);
        return false;
    }
    return stream_open(&request, split, NULL, connection->adapter,
                       canceller_begin(connection->partitions), out, fault);
}

AdbcStatusCode connection_read_partition(struct AdbcConnection *handle, const uint8_t *partition,
                                         size_t len, struct ArrowArrayStream *out,
                                         struct AdbcError *error)
{
    struct fault fault = {0};
    struct connection *connection = of(handle, &fault);
    return connection &&
                   read_partition(connection, (span){(const char *)partition, len}, out, &fault)
               ? ADBC_STATUS_OK
               : error_tell(error, &fault);
}

AdbcStatusCode connection_cancel(struct AdbcConnection *handle, struct AdbcError *error)
{
    struct fault fault = {0};
    struct connection *connection = of(handle, &fault);
    if (!connection) {
        return error_tell(error, &fault);
    }
    if (!canceller_cancel(connection->partitions)) {
        (void)fault_set(&fault, ADBC_STATUS_INVALID_STATE, "no partition is being read");
        return error_tell(error, &fault);
    }
    return ADBC_STATUS_OK;
}

AdbcStatusCode connection_release(struct AdbcConnection *handle, struct AdbcError *error)
{
    struct fault fault = {0};
    struct connection *connection = of(handle, &fault);
    if (!connection) {
        return error_tell(error, &fault);
    }
    connection_free(connection);
    handle->private_data = NULL;
    return ADBC_STATUS_OK;
}
