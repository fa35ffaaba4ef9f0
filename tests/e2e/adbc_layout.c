/* SPDX-License-Identifier: Apache-2.0 */
/* Prints every number of ADBC's binary interface that the driver depends on, out of the header that
 * ADBC_HEADER names: ours and the real one must give the same lines (host_adbc.sh).
 */
#include ADBC_HEADER

#include <stdio.h>

#define SIZE(type) printf("size " #type " %zu\n", sizeof(struct type))
#define AT(type, member)                                                                           \
    printf(#type "." #member " %zu %zu\n", offsetof(struct type, member),                          \
           sizeof(((struct type *)0)->member))
#define NUMBER(name) printf(#name " %lld\n", (long long)(name))

static void print_structs(void)
{
    SIZE(AdbcError);
    AT(AdbcError, message);
    AT(AdbcError, vendor_code);
    AT(AdbcError, sqlstate);
    AT(AdbcError, release);
    AT(AdbcError, private_data);
    AT(AdbcError, private_driver);
    SIZE(AdbcErrorDetail);
    AT(AdbcErrorDetail, key);
    AT(AdbcErrorDetail, value);
    AT(AdbcErrorDetail, value_length);
    SIZE(AdbcDatabase);
    AT(AdbcDatabase, private_data);
    AT(AdbcDatabase, private_driver);
    SIZE(AdbcConnection);
    AT(AdbcConnection, private_data);
    AT(AdbcConnection, private_driver);
    SIZE(AdbcStatement);
    AT(AdbcStatement, private_data);
    AT(AdbcStatement, private_driver);
    SIZE(AdbcPartitions);
    AT(AdbcPartitions, num_partitions);
    AT(AdbcPartitions, partitions);
    AT(AdbcPartitions, partition_lengths);
    AT(AdbcPartitions, private_data);
    AT(AdbcPartitions, release);
}

static void print_driver(void)
{
    SIZE(AdbcDriver);
    AT(AdbcDriver, private_data);
    AT(AdbcDriver, private_manager);
    AT(AdbcDriver, release);
    AT(AdbcDriver, DatabaseInit);
    AT(AdbcDriver, DatabaseNew);
    AT(AdbcDriver, DatabaseSetOption);
    AT(AdbcDriver, DatabaseRelease);
    AT(AdbcDriver, ConnectionCommit);
    AT(AdbcDriver, ConnectionGetInfo);
    AT(AdbcDriver, ConnectionGetObjects);
    AT(AdbcDriver, ConnectionGetTableSchema);
    AT(AdbcDriver, ConnectionGetTableTypes);
    AT(AdbcDriver, ConnectionInit);
    AT(AdbcDriver, ConnectionNew);
    AT(AdbcDriver, ConnectionSetOption);
    AT(AdbcDriver, ConnectionReadPartition);
    AT(AdbcDriver, ConnectionRelease);
    AT(AdbcDriver, ConnectionRollback);
    AT(AdbcDriver, StatementBind);
    AT(AdbcDriver, StatementBindStream);
    AT(AdbcDriver, StatementExecuteQuery);
    AT(AdbcDriver, StatementExecutePartitions);
    AT(AdbcDriver, StatementGetParameterSchema);
    AT(AdbcDriver, StatementNew);
    AT(AdbcDriver, StatementPrepare);
    AT(AdbcDriver, StatementRelease);
    AT(AdbcDriver, StatementSetOption);
    AT(AdbcDriver, StatementSetSqlQuery);
    AT(AdbcDriver, StatementSetSubstraitPlan);
    AT(AdbcDriver, ErrorGetDetailCount);
    AT(AdbcDriver, ErrorGetDetail);
    AT(AdbcDriver, ErrorFromArrayStream);
    AT(AdbcDriver, DatabaseGetOption);
    AT(AdbcDriver, DatabaseGetOptionBytes);
    AT(AdbcDriver, DatabaseGetOptionDouble);
    AT(AdbcDriver, DatabaseGetOptionInt);
    AT(AdbcDriver, DatabaseSetOptionBytes);
    AT(AdbcDriver, DatabaseSetOptionDouble);
    AT(AdbcDriver, DatabaseSetOptionInt);
    AT(AdbcDriver, ConnectionCancel);
    AT(AdbcDriver, ConnectionGetOption);
    AT(AdbcDriver, ConnectionGetOptionBytes);
    AT(AdbcDriver, ConnectionGetOptionDouble);
    AT(AdbcDriver, ConnectionGetOptionInt);
    AT(AdbcDriver, ConnectionGetStatistics);
    AT(AdbcDriver, ConnectionGetStatisticNames);
    AT(AdbcDriver, ConnectionSetOptionBytes);
    AT(AdbcDriver, ConnectionSetOptionDouble);
    AT(AdbcDriver, ConnectionSetOptionInt);
    AT(AdbcDriver, StatementCancel);
    AT(AdbcDriver, StatementExecuteSchema);
    AT(AdbcDriver, StatementGetOption);
    AT(AdbcDriver, StatementGetOptionBytes);
    AT(AdbcDriver, StatementGetOptionDouble);
    AT(AdbcDriver, StatementGetOptionInt);
    AT(AdbcDriver, StatementSetOptionBytes);
    AT(AdbcDriver, StatementSetOptionDouble);
    AT(AdbcDriver, StatementSetOptionInt);
}

static void print_numbers(void)
{
    NUMBER(ADBC_STATUS_OK);
    NUMBER(ADBC_STATUS_UNKNOWN);
    NUMBER(ADBC_STATUS_NOT_IMPLEMENTED);
    NUMBER(ADBC_STATUS_NOT_FOUND);
    NUMBER(ADBC_STATUS_INVALID_ARGUMENT);
    NUMBER(ADBC_STATUS_INVALID_STATE);
    NUMBER(ADBC_STATUS_INVALID_DATA);
    NUMBER(ADBC_STATUS_INTERNAL);
    NUMBER(ADBC_STATUS_IO);
    NUMBER(ADBC_STATUS_CANCELLED);
    NUMBER(ADBC_STATUS_TIMEOUT);
    NUMBER(ADBC_VERSION_1_0_0);
    NUMBER(ADBC_VERSION_1_1_0);
    NUMBER(ADBC_ERROR_VENDOR_CODE_PRIVATE_DATA);
    NUMBER(ADBC_DRIVER_1_0_0_SIZE);
    NUMBER(ADBC_DRIVER_1_1_0_SIZE);
    printf("AdbcStatusCode %zu\n", sizeof(AdbcStatusCode));
}

int main(void)
{
    print_structs();
    print_driver();
    print_numbers();
    return 0;
}
