/* SPDX-License-Identifier: Apache-2.0 */
#include "adbc/objects.h"

#include "adbc/partition.h"
#include "adbc/stream.h"

#include "common/heap.h"

#include <string.h>

struct statement {
    const struct adapter *adapter;
    struct settings settings;
    struct text query;
    bool has_query;
    struct parameters parameters;
    struct canceller *own;        /* for what this statement began */
    struct canceller *partitions; /* the connection's */
};

/* NULL: `fault` tells. */
static struct statement *of(struct AdbcStatement *handle, struct fault *fault)
{
    struct statement *statement = handle ? handle->private_data : NULL;
    if (!statement) {
        (void)fault_set(fault, ADBC_STATUS_INVALID_STATE,
                        "the statement was not made, or is released");
    }
    return statement;
}

static void statement_free(struct statement *statement)
{
    settings_release(&statement->settings);
    parameters_release(&statement->parameters);
    text_release(&statement->query);
    canceller_release(statement->own);
    canceller_release(statement->partitions);
    heap_release(statement);
}

static struct statement *make(const struct connection *connection, struct fault *fault)
{
    if (!connection || !connection->adapter) {
        (void)fault_set(fault, ADBC_STATUS_INVALID_STATE, "the connection is not initialised");
        return NULL;
    }
    struct statement *statement = heap_allocate(sizeof *statement);
    if (!statement) {
        (void)fault_set_memory(fault);
        return NULL;
    }
    statement->adapter = connection->adapter;
    statement->partitions = canceller_retain(connection->partitions);
    statement->own = canceller_make();
    if (!statement->own) {
        (void)fault_set_memory(fault);
    }
    if (!statement->own || !settings_add_all(&statement->settings, &connection->settings, fault)) {
        statement_free(statement);
        return NULL;
    }
    return statement;
}

AdbcStatusCode statement_new(struct AdbcConnection *connection, struct AdbcStatement *handle,
                             struct AdbcError *error)
{
    struct fault fault = {0};
    struct statement *statement =
        handle ? make(connection ? connection->private_data : NULL, &fault) : NULL;
    if (!statement) {
        (void)fault_check(&fault, false, ADBC_STATUS_INVALID_ARGUMENT);
        return error_tell(error, &fault);
    }
    handle->private_data = statement;
    return ADBC_STATUS_OK;
}

/* --- what is asked --- */

/* The manager tells how parameters are named with an option of ADBC's own; here their columns do. */
static bool is_passed_over(const char *key)
{
    return key && strcmp(key, "adbc.statement.bind_by_name") == 0;
}

AdbcStatusCode statement_set_option(struct AdbcStatement *handle, const char *key,
                                    const char *value, struct AdbcError *error)
{
    struct fault fault = {0};
    struct statement *statement = of(handle, &fault);
    return statement &&
                   (is_passed_over(key) || settings_set(&statement->settings, key, value, &fault))
               ? ADBC_STATUS_OK
               : error_tell(error, &fault);
}

AdbcStatusCode statement_set_number(struct AdbcStatement *handle, const char *key, int64_t value,
                                    struct AdbcError *error)
{
    struct fault fault = {0};
    struct statement *statement = of(handle, &fault);
    return statement && settings_set_number(&statement->settings, key, value, &fault)
               ? ADBC_STATUS_OK
               : error_tell(error, &fault);
}

AdbcStatusCode statement_give_option(struct AdbcStatement *handle, const char *key, char *value,
                                     size_t *len, struct AdbcError *error)
{
    struct fault fault = {0};
    const struct statement *statement = of(handle, &fault);
    return statement && settings_give(&statement->settings, key, value, len, &fault)
               ? ADBC_STATUS_OK
               : error_tell(error, &fault);
}

static bool set_query(struct statement *statement, const char *query, struct fault *fault)
{
    if (!query) {
        return fault_set(fault, ADBC_STATUS_INVALID_ARGUMENT, "the query is NULL");
    }
    text_clear(&statement->query);
    text_add_string(&statement->query, query);
    statement->has_query = !statement->query.failed;
    return statement->has_query || fault_set_memory(fault);
}

AdbcStatusCode statement_set_query(struct AdbcStatement *handle, const char *query,
                                   struct AdbcError *error)
{
    struct fault fault = {0};
    struct statement *statement = of(handle, &fault);
    return statement && set_query(statement, query, &fault) ? ADBC_STATUS_OK
                                                            : error_tell(error, &fault);
}

static bool make_request(const struct statement *statement, struct request *request,
                         struct fault *fault)
{
    if (!statement->has_query) {
        return fault_set(fault, ADBC_STATUS_INVALID_STATE, "there is no query");
    }
    return settings_check(&statement->settings, statement->adapter, fault) &&
           request_of_query(request, text_string(&statement->query), &statement->settings, fault);
}

/* Nothing is kept of it: the query is looked at again when it runs, with the options of then. */
AdbcStatusCode statement_prepare(struct AdbcStatement *handle, struct AdbcError *error)
{
    struct fault fault = {0};
    struct request request = {0};
    const struct statement *statement = of(handle, &fault);
    const bool good = statement && make_request(statement, &request, &fault);
    request_release(&request);
    return good ? ADBC_STATUS_OK : error_tell(error, &fault);
}

AdbcStatusCode statement_bind(struct AdbcStatement *handle, struct ArrowArray *values,
                              struct ArrowSchema *schema, struct AdbcError *error)
{
    struct fault fault = {0};
    struct statement *statement = of(handle, &fault);
    if (!statement || !values || !values->release || !schema || !schema->release) {
        (void)fault_check(&fault, false, ADBC_STATUS_INVALID_ARGUMENT);
        return error_tell(error, &fault);
    }
    parameters_bind(&statement->parameters, values, schema);
    return ADBC_STATUS_OK;
}

AdbcStatusCode statement_bind_stream(struct AdbcStatement *handle, struct ArrowArrayStream *values,
                                     struct AdbcError *error)
{
    struct fault fault = {0};
    struct statement *statement = of(handle, &fault);
    if (!statement || !values || !values->release) {
        (void)fault_check(&fault, false, ADBC_STATUS_INVALID_ARGUMENT);
        return error_tell(error, &fault);
    }
    return parameters_bind_stream(&statement->parameters, values, &fault)
               ? ADBC_STATUS_OK
               : error_tell(error, &fault);
}

/* --- what is answered --- */

static bool execute(struct statement *statement, struct ArrowArrayStream *out, struct fault *fault)
{
    struct request request = {0};
    if (!out) {
        return fault_set(fault, ADBC_STATUS_NOT_IMPLEMENTED,
                         "Quern only reads: ask for the result");
    }
    if (!make_request(statement, &request, fault)) {
        request_release(&request);
        return false;
    }
    return stream_open(&request, SPAN(""), request.is_convert ? &statement->parameters : NULL,
                       statement->adapter, canceller_begin(statement->own), out, fault);
}

AdbcStatusCode statement_execute(struct AdbcStatement *handle, struct ArrowArrayStream *out,
                                 int64_t *rows_affected, struct AdbcError *error)
{
    struct fault fault = {0};
    struct statement *statement = of(handle, &fault);
    if (!statement || !execute(statement, out, &fault)) {
        return error_tell(error, &fault);
    }
    if (rows_affected) {
        *rows_affected = -1;
    }
    return ADBC_STATUS_OK;
}

static bool execute_schema(const struct statement *statement, struct ArrowSchema *out,
                           struct fault *fault)
{
    struct request request = {0};
    const bool good =
        (out || fault_set(fault, ADBC_STATUS_INVALID_ARGUMENT, "a pointer is NULL")) &&
        make_request(statement, &request, fault) &&
        stream_schema(&request, statement->adapter, out, fault);
    request_release(&request);
    return good;
}

AdbcStatusCode statement_execute_schema(struct AdbcStatement *handle, struct ArrowSchema *out,
                                        struct AdbcError *error)
{
    struct fault fault = {0};
    const struct statement *statement = of(handle, &fault);
    return statement && execute_schema(statement, out, &fault) ? ADBC_STATUS_OK
                                                               : error_tell(error, &fault);
}

static bool list_partitions(struct statement *statement, struct ArrowSchema *schema,
                            struct AdbcPartitions *out, struct fault *fault)
{
    struct request request = {0};
    struct ArrowSchema found = {0};
    bool good = out || fault_set(fault, ADBC_STATUS_INVALID_ARGUMENT, "a pointer is NULL");
    good = good && make_request(statement, &request, fault) &&
           stream_schema(&request, statement->adapter, &found, fault);
    if (good && request.is_convert) {
        good = fault_set(fault, ADBC_STATUS_NOT_IMPLEMENTED,
                         "bound bytes have no partitions; execute the query");
    }
    good = good && partitions_list(&request, statement->adapter, canceller_begin(statement->own),
                                   out, fault);
    request_release(&request);
    if (good && schema) {
        *schema = found;
    } else if (found.release) {
        found.release(&found);
    }
    return good;
}

AdbcStatusCode statement_execute_partitions(struct AdbcStatement *handle,
                                            struct ArrowSchema *schema, struct AdbcPartitions *out,
                                            int64_t *rows_affected, struct AdbcError *error)
{
    struct fault fault = {0};
    struct statement *statement = of(handle, &fault);
    if (!statement || !list_partitions(statement, schema, out, &fault)) {
        return error_tell(error, &fault);
    }
    if (rows_affected) {
        *rows_affected = -1;
    }
    return ADBC_STATUS_OK;
}

/* Some managers read a partition through a statement's cursor and cancel that statement, although
 * the stream is the connection's: so a statement that began nothing itself cancels those. */
AdbcStatusCode statement_cancel(struct AdbcStatement *handle, struct AdbcError *error)
{
    struct fault fault = {0};
    struct statement *statement = of(handle, &fault);
    if (!statement) {
        return error_tell(error, &fault);
    }
    if (!canceller_cancel(statement->own) && !canceller_cancel(statement->partitions)) {
        (void)fault_set(&fault, ADBC_STATUS_INVALID_STATE, "nothing is under way");
        return error_tell(error, &fault);
    }
    return ADBC_STATUS_OK;
}

AdbcStatusCode statement_release(struct AdbcStatement *handle, struct AdbcError *error)
{
    struct fault fault = {0};
    struct statement *statement = of(handle, &fault);
    if (!statement) {
        return error_tell(error, &fault);
    }
    statement_free(statement);
    handle->private_data = NULL;
    return ADBC_STATUS_OK;
}
