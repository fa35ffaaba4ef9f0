/* SPDX-License-Identifier: Apache-2.0 */
/* Quern as an ADBC driver: the two names a driver manager looks for, and the table behind them.
 *
 * A function that stands in no table is answered by the manager, with NOT_IMPLEMENTED.
 */
#include "adbc/objects.h"
#include "adbc/stream.h"

#include <string.h>

static AdbcStatusCode driver_release(struct AdbcDriver *driver, struct AdbcError *error)
{
    (void)driver; /* nothing is the driver's own, and the plugin stays */
    (void)error;
    return ADBC_STATUS_OK;
}

static const struct AdbcDriver table = {
    .release = driver_release,
    .DatabaseNew = database_new,
    .DatabaseSetOption = database_set_option,
    .DatabaseInit = database_init,
    .DatabaseRelease = database_release,
    .ConnectionNew = connection_new,
    .ConnectionSetOption = connection_set_option,
    .ConnectionGetInfo = connection_info,
    .ConnectionGetTableTypes = connection_table_types,
    .ConnectionInit = connection_init,
    .ConnectionReadPartition = connection_read_partition,
    .ConnectionRelease = connection_release,
    .StatementNew = statement_new,
    .StatementSetOption = statement_set_option,
    .StatementSetSqlQuery = statement_set_query,
    .StatementPrepare = statement_prepare,
    .StatementBind = statement_bind,
    .StatementBindStream = statement_bind_stream,
    .StatementExecuteQuery = statement_execute,
    .StatementExecutePartitions = statement_execute_partitions,
    .StatementRelease = statement_release,
    /* 1.1.0 */
    .ErrorGetDetailCount = error_detail_count,
    .ErrorGetDetail = error_detail,
    .ErrorFromArrayStream = error_from_stream,
    .DatabaseGetOption = database_give_option,
    .DatabaseSetOptionInt = database_set_number,
    .ConnectionGetOption = connection_give_option,
    .ConnectionSetOptionInt = connection_set_number,
    .ConnectionCancel = connection_cancel,
    .StatementGetOption = statement_give_option,
    .StatementSetOptionInt = statement_set_number,
    .StatementExecuteSchema = statement_execute_schema,
    .StatementCancel = statement_cancel,
};

static AdbcStatusCode fill(int version, void *driver, struct AdbcError *error)
{
    struct fault fault = {0};
    if (!driver) {
        (void)fault_set(&fault, ADBC_STATUS_INVALID_ARGUMENT, "the driver's table is NULL");
        return error_tell(error, &fault);
    }
    if (version != ADBC_VERSION_1_0_0 && version != ADBC_VERSION_1_1_0) {
        (void)fault_set(&fault, ADBC_STATUS_NOT_IMPLEMENTED,
                        "this driver speaks ADBC 1.0.0 and 1.1.0");
        return error_tell(error, &fault);
    }
    memcpy(driver, &table,
           version == ADBC_VERSION_1_0_0 ? ADBC_DRIVER_1_0_0_SIZE : ADBC_DRIVER_1_1_0_SIZE);
    return ADBC_STATUS_OK;
}

#define DRIVER_EXPORT __attribute__((visibility("default")))

/* The first is derived from the file's name, the second what every driver may be asked for. */
DRIVER_EXPORT AdbcStatusCode AdbcDriverQuernInit(int version, void *driver,
                                                 struct AdbcError *error);
DRIVER_EXPORT AdbcStatusCode AdbcDriverInit(int version, void *driver, struct AdbcError *error);

AdbcStatusCode AdbcDriverQuernInit(int version, void *driver, struct AdbcError *error)
{
    return fill(version, driver, error);
}

AdbcStatusCode AdbcDriverInit(int version, void *driver, struct AdbcError *error)
{
    return fill(version, driver, error);
}
