/* SPDX-License-Identifier: Apache-2.0 */
/* The binary interface of ADBC drivers, versions 1.0.0 and 1.1.0, as far as a driver needs it.
 *
 * Source: Apache Arrow, "ADBC: Arrow Database Connectivity", API standard 1.1.0, which froze both.
 * Written here because Debian 12 has no ADBC header, and the driver must build without a network;
 * tests/e2e/host_adbc.sh compares every size, offset and number with the header that the driver
 * manager ships.
 *
 * Members above the line "1.1.0" are those of 1.0.0: a caller that asks for 1.0.0 gives room for
 * those only.
 */
#ifndef ADBC_ADBC_H
#define ADBC_ADBC_H

#include "quern/record.h" /* the Arrow structs */

#include <stddef.h>

typedef uint8_t AdbcStatusCode;

enum {
    ADBC_STATUS_OK = 0,
    ADBC_STATUS_UNKNOWN = 1,
    ADBC_STATUS_NOT_IMPLEMENTED = 2,
    ADBC_STATUS_NOT_FOUND = 3,
    ADBC_STATUS_INVALID_ARGUMENT = 5,
    ADBC_STATUS_INVALID_STATE = 6,
    ADBC_STATUS_INVALID_DATA = 7,
    ADBC_STATUS_INTERNAL = 9,
    ADBC_STATUS_IO = 10,
    ADBC_STATUS_CANCELLED = 11,
    ADBC_STATUS_TIMEOUT = 12
};

enum { ADBC_VERSION_1_0_0 = 1000000, ADBC_VERSION_1_1_0 = 1001000 };

/* In AdbcError.vendor_code before a call: the members of 1.1.0 are there. */
#define ADBC_ERROR_VENDOR_CODE_PRIVATE_DATA INT32_MIN

struct AdbcDriver;

struct AdbcError {
    char *message;
    int32_t vendor_code;
    char sqlstate[5];
    void (*release)(struct AdbcError *error);
    /* 1.1.0 */
    void *private_data;
    struct AdbcDriver *private_driver; /* the manager's */
};

struct AdbcErrorDetail {
    const char *key;
    const uint8_t *value;
    size_t value_length;
};

/* In each, private_data is the driver's and private_driver the manager's. */
struct AdbcDatabase {
    void *private_data;
    struct AdbcDriver *private_driver;
};

struct AdbcConnection {
    void *private_data;
    struct AdbcDriver *private_driver;
};

struct AdbcStatement {
    void *private_data;
    struct AdbcDriver *private_driver;
};

struct AdbcPartitions {
    size_t num_partitions;
    const uint8_t **partitions;
    const size_t *partition_lengths;
    void *private_data;
    void (*release)(struct AdbcPartitions *partitions);
};

/* clang-format off: a table reads best with one function a paragraph */
struct AdbcDriver {
    void *private_data;
    void *private_manager;
    AdbcStatusCode (*release)(struct AdbcDriver *, struct AdbcError *);

    AdbcStatusCode (*DatabaseInit)(struct AdbcDatabase *, struct AdbcError *);
    AdbcStatusCode (*DatabaseNew)(struct AdbcDatabase *, struct AdbcError *);
    AdbcStatusCode (*DatabaseSetOption)(struct AdbcDatabase *, const char *key, const char *value,
                                        struct AdbcError *);
    AdbcStatusCode (*DatabaseRelease)(struct AdbcDatabase *, struct AdbcError *);

    AdbcStatusCode (*ConnectionCommit)(struct AdbcConnection *, struct AdbcError *);
    AdbcStatusCode (*ConnectionGetInfo)(struct AdbcConnection *, const uint32_t *codes,
                                        size_t code_count, struct ArrowArrayStream *out,
                                        struct AdbcError *);
    AdbcStatusCode (*ConnectionGetObjects)(struct AdbcConnection *, int depth, const char *catalog,
                                           const char *db_schema, const char *table_name,
                                           const char **table_types, const char *column_name,
                                           struct ArrowArrayStream *out, struct AdbcError *);
    AdbcStatusCode (*ConnectionGetTableSchema)(struct AdbcConnection *, const char *catalog,
                                               const char *db_schema, const char *table_name,
                                               struct ArrowSchema *out, struct AdbcError *);
    AdbcStatusCode (*ConnectionGetTableTypes)(struct AdbcConnection *, struct ArrowArrayStream *out,
                                              struct AdbcError *);
    AdbcStatusCode (*ConnectionInit)(struct AdbcConnection *, struct AdbcDatabase *,
                                     struct AdbcError *);
    AdbcStatusCode (*ConnectionNew)(struct AdbcConnection *, struct AdbcError *);
    AdbcStatusCode (*ConnectionSetOption)(struct AdbcConnection *, const char *key,
                                          const char *value, struct AdbcError *);
    AdbcStatusCode (*ConnectionReadPartition)(struct AdbcConnection *, const uint8_t *partition,
                                              size_t len, struct ArrowArrayStream *out,
                                              struct AdbcError *);
    AdbcStatusCode (*ConnectionRelease)(struct AdbcConnection *, struct AdbcError *);
    AdbcStatusCode (*ConnectionRollback)(struct AdbcConnection *, struct AdbcError *);

    AdbcStatusCode (*StatementBind)(struct AdbcStatement *, struct ArrowArray *values,
                                    struct ArrowSchema *schema, struct AdbcError *);
    AdbcStatusCode (*StatementBindStream)(struct AdbcStatement *, struct ArrowArrayStream *values,
                                          struct AdbcError *);
    AdbcStatusCode (*StatementExecuteQuery)(struct AdbcStatement *, struct ArrowArrayStream *out,
                                            int64_t *rows_affected, struct AdbcError *);
    AdbcStatusCode (*StatementExecutePartitions)(struct AdbcStatement *, struct ArrowSchema *schema,
                                                 struct AdbcPartitions *out, int64_t *rows_affected,
                                                 struct AdbcError *);
    AdbcStatusCode (*StatementGetParameterSchema)(struct AdbcStatement *, struct ArrowSchema *out,
                                                  struct AdbcError *);
    AdbcStatusCode (*StatementNew)(struct AdbcConnection *, struct AdbcStatement *,
                                   struct AdbcError *);
    AdbcStatusCode (*StatementPrepare)(struct AdbcStatement *, struct AdbcError *);
    AdbcStatusCode (*StatementRelease)(struct AdbcStatement *, struct AdbcError *);
    AdbcStatusCode (*StatementSetOption)(struct AdbcStatement *, const char *key, const char *value,
                                         struct AdbcError *);
    AdbcStatusCode (*StatementSetSqlQuery)(struct AdbcStatement *, const char *query,
                                           struct AdbcError *);
    AdbcStatusCode (*StatementSetSubstraitPlan)(struct AdbcStatement *, const uint8_t *plan,
                                                size_t len, struct AdbcError *);

    /* 1.1.0 */
    int (*ErrorGetDetailCount)(const struct AdbcError *);
    struct AdbcErrorDetail (*ErrorGetDetail)(const struct AdbcError *, int index);
    const struct AdbcError *(*ErrorFromArrayStream)(struct ArrowArrayStream *,
                                                    AdbcStatusCode *status);

    AdbcStatusCode (*DatabaseGetOption)(struct AdbcDatabase *, const char *key, char *value,
                                        size_t *len, struct AdbcError *);
    AdbcStatusCode (*DatabaseGetOptionBytes)(struct AdbcDatabase *, const char *key, uint8_t *value,
                                             size_t *len, struct AdbcError *);
    AdbcStatusCode (*DatabaseGetOptionDouble)(struct AdbcDatabase *, const char *key, double *value,
                                              struct AdbcError *);
    AdbcStatusCode (*DatabaseGetOptionInt)(struct AdbcDatabase *, const char *key, int64_t *value,
                                           struct AdbcError *);
    AdbcStatusCode (*DatabaseSetOptionBytes)(struct AdbcDatabase *, const char *key,
                                             const uint8_t *value, size_t len, struct AdbcError *);
    AdbcStatusCode (*DatabaseSetOptionDouble)(struct AdbcDatabase *, const char *key, double value,
                                              struct AdbcError *);
    AdbcStatusCode (*DatabaseSetOptionInt)(struct AdbcDatabase *, const char *key, int64_t value,
                                           struct AdbcError *);

    AdbcStatusCode (*ConnectionCancel)(struct AdbcConnection *, struct AdbcError *);
    AdbcStatusCode (*ConnectionGetOption)(struct AdbcConnection *, const char *key, char *value,
                                          size_t *len, struct AdbcError *);
    AdbcStatusCode (*ConnectionGetOptionBytes)(struct AdbcConnection *, const char *key,
                                               uint8_t *value, size_t *len, struct AdbcError *);
    AdbcStatusCode (*ConnectionGetOptionDouble)(struct AdbcConnection *, const char *key,
                                                double *value, struct AdbcError *);
    AdbcStatusCode (*ConnectionGetOptionInt)(struct AdbcConnection *, const char *key,
                                             int64_t *value, struct AdbcError *);
    AdbcStatusCode (*ConnectionGetStatistics)(struct AdbcConnection *, const char *catalog,
                                              const char *db_schema, const char *table_name,
                                              char approximate, struct ArrowArrayStream *out,
                                              struct AdbcError *);
    AdbcStatusCode (*ConnectionGetStatisticNames)(struct AdbcConnection *,
                                                  struct ArrowArrayStream *out, struct AdbcError *);
    AdbcStatusCode (*ConnectionSetOptionBytes)(struct AdbcConnection *, const char *key,
                                               const uint8_t *value, size_t len,
                                               struct AdbcError *);
    AdbcStatusCode (*ConnectionSetOptionDouble)(struct AdbcConnection *, const char *key,
                                                double value, struct AdbcError *);
    AdbcStatusCode (*ConnectionSetOptionInt)(struct AdbcConnection *, const char *key,
                                             int64_t value, struct AdbcError *);

    AdbcStatusCode (*StatementCancel)(struct AdbcStatement *, struct AdbcError *);
    AdbcStatusCode (*StatementExecuteSchema)(struct AdbcStatement *, struct ArrowSchema *out,
                                             struct AdbcError *);
    AdbcStatusCode (*StatementGetOption)(struct AdbcStatement *, const char *key, char *value,
                                         size_t *len, struct AdbcError *);
    AdbcStatusCode (*StatementGetOptionBytes)(struct AdbcStatement *, const char *key,
                                              uint8_t *value, size_t *len, struct AdbcError *);
    AdbcStatusCode (*StatementGetOptionDouble)(struct AdbcStatement *, const char *key,
                                               double *value, struct AdbcError *);
    AdbcStatusCode (*StatementGetOptionInt)(struct AdbcStatement *, const char *key, int64_t *value,
                                            struct AdbcError *);
    AdbcStatusCode (*StatementSetOptionBytes)(struct AdbcStatement *, const char *key,
                                              const uint8_t *value, size_t len, struct AdbcError *);
    AdbcStatusCode (*StatementSetOptionDouble)(struct AdbcStatement *, const char *key,
                                               double value, struct AdbcError *);
    AdbcStatusCode (*StatementSetOptionInt)(struct AdbcStatement *, const char *key, int64_t value,
                                            struct AdbcError *);
};
/* clang-format on */

#define ADBC_DRIVER_1_0_0_SIZE offsetof(struct AdbcDriver, ErrorGetDetailCount)
#define ADBC_DRIVER_1_1_0_SIZE sizeof(struct AdbcDriver)

#endif
