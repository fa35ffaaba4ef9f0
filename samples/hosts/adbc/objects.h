/* SPDX-License-Identifier: Apache-2.0 */
/* The three objects of ADBC, as functions of the driver's table (driver.c).
 *
 * None points to another: a connection copies its database's settings, a statement those of its
 * connection, and shares what cancels. So they may be released in any order.
 */
#ifndef ADBC_OBJECTS_H
#define ADBC_OBJECTS_H

#include "adbc/cancel.h"
#include "adbc/settings.h"

struct database {
    struct settings settings;
    const struct adapter *adapter; /* NULL before init */
};

struct connection {
    struct settings settings;
    const struct adapter *adapter; /* NULL before init */
    struct canceller *partitions;  /* for the streams of partitions */
};

/* Option functions of the same shape for database, connection and statement. */
#define OBJECT_FUNCTIONS(name, Type)                                                               \
    AdbcStatusCode name##_set_option(struct Type *, const char *key, const char *value,            \
                                     struct AdbcError *);                                          \
    AdbcStatusCode name##_set_number(struct Type *, const char *key, int64_t value,                \
                                     struct AdbcError *);                                          \
    AdbcStatusCode name##_give_option(struct Type *, const char *key, char *value, size_t *len,    \
                                      struct AdbcError *);                                         \
    AdbcStatusCode name##_release(struct Type *, struct AdbcError *);

OBJECT_FUNCTIONS(database, AdbcDatabase)
OBJECT_FUNCTIONS(connection, AdbcConnection)
OBJECT_FUNCTIONS(statement, AdbcStatement)

AdbcStatusCode database_new(struct AdbcDatabase *, struct AdbcError *);
AdbcStatusCode database_init(struct AdbcDatabase *, struct AdbcError *);

AdbcStatusCode connection_new(struct AdbcConnection *, struct AdbcError *);
AdbcStatusCode connection_init(struct AdbcConnection *, struct AdbcDatabase *, struct AdbcError *);
AdbcStatusCode connection_read_partition(struct AdbcConnection *, const uint8_t *partition,
                                         size_t len, struct ArrowArrayStream *out,
                                         struct AdbcError *);
AdbcStatusCode connection_cancel(struct AdbcConnection *, struct AdbcError *);

/* info.c */
AdbcStatusCode connection_info(struct AdbcConnection *, const uint32_t *codes, size_t code_count,
                               struct ArrowArrayStream *out, struct AdbcError *);
AdbcStatusCode connection_table_types(struct AdbcConnection *, struct ArrowArrayStream *out,
                                      struct AdbcError *);

AdbcStatusCode statement_new(struct AdbcConnection *, struct AdbcStatement *, struct AdbcError *);
AdbcStatusCode statement_set_query(struct AdbcStatement *, const char *query, struct AdbcError *);
AdbcStatusCode statement_prepare(struct AdbcStatement *, struct AdbcError *);
AdbcStatusCode statement_bind(struct AdbcStatement *, struct ArrowArray *, struct ArrowSchema *,
                              struct AdbcError *);
AdbcStatusCode statement_bind_stream(struct AdbcStatement *, struct ArrowArrayStream *,
                                     struct AdbcError *);
AdbcStatusCode statement_execute(struct AdbcStatement *, struct ArrowArrayStream *out,
                                 int64_t *rows_affected, struct AdbcError *);
AdbcStatusCode statement_execute_schema(struct AdbcStatement *, struct ArrowSchema *out,
                                        struct AdbcError *);
AdbcStatusCode statement_execute_partitions(struct AdbcStatement *, struct ArrowSchema *schema,
                                            struct AdbcPartitions *out, int64_t *rows_affected,
                                            struct AdbcError *);
AdbcStatusCode statement_cancel(struct AdbcStatement *, struct AdbcError *);

#endif
