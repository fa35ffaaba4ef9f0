/* SPDX-License-Identifier: Apache-2.0 */
#include "adbc/objects.h"

#include "common/heap.h"

/* NULL: `fault` tells. */
static struct database *of(struct AdbcDatabase *handle, struct fault *fault)
{
    struct database *database = handle ? handle->private_data : NULL;
    if (!database) {
        (void)fault_set(fault, ADBC_STATUS_INVALID_STATE,
                        "the database was not made, or is released");
    }
    return database;
}

AdbcStatusCode database_new(struct AdbcDatabase *handle, struct AdbcError *error)
{
    struct fault fault = {0};
    if (!handle) {
        (void)fault_set(&fault, ADBC_STATUS_INVALID_ARGUMENT, "a pointer is NULL");
        return error_tell(error, &fault);
    }
    handle->private_data = heap_allocate(sizeof(struct database));
    if (!handle->private_data) {
        (void)fault_set_memory(&fault);
        return error_tell(error, &fault);
    }
    return ADBC_STATUS_OK;
}

/* Here the plugin is loaded, and what was set is looked at. */
AdbcStatusCode database_init(struct AdbcDatabase *handle, struct AdbcError *error)
{
    struct fault fault = {0};
    struct database *database = of(handle, &fault);
    if (!database) {
        return error_tell(error, &fault);
    }
    const struct adapter *adapter = adapter_find(&fault.message);
    if (!fault_check(&fault, adapter != NULL, ADBC_STATUS_NOT_FOUND) ||
        !settings_check(&database->settings, adapter, &fault)) {
        return error_tell(error, &fault);
    }
    database->adapter = adapter;
    return ADBC_STATUS_OK;
}

AdbcStatusCode database_set_option(struct AdbcDatabase *handle, const char *key, const char *value,
                                   struct AdbcError *error)
{
    struct fault fault = {0};
    struct database *database = of(handle, &fault);
    return database && settings_set(&database->settings, key, value, &fault)
               ? ADBC_STATUS_OK
               : error_tell(error, &fault);
}

AdbcStatusCode database_set_number(struct AdbcDatabase *handle, const char *key, int64_t value,
                                   struct AdbcError *error)
{
    struct fault fault = {0};
    struct database *database = of(handle, &fault);
    return database && settings_set_number(&database->settings, key, value, &fault)
               ? ADBC_STATUS_OK
               : error_tell(error, &fault);
}

AdbcStatusCode database_give_option(struct AdbcDatabase *handle, const char *key, char *value,
                                    size_t *len, struct AdbcError *error)
{
    struct fault fault = {0};
    const struct database *database = of(handle, &fault);
    return database && settings_give(&database->settings, key, value, len, &fault)
               ? ADBC_STATUS_OK
               : error_tell(error, &fault);
}

AdbcStatusCode database_release(struct AdbcDatabase *handle, struct AdbcError *error)
{
    struct fault fault = {0};
    struct database *database = of(handle, &fault);
    if (!database) {
        return error_tell(error, &fault);
    }
    settings_release(&database->settings);
    heap_release(database);
    handle->private_data = NULL;
    return ADBC_STATUS_OK;
}
