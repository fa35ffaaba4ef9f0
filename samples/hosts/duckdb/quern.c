/* SPDX-License-Identifier: Apache-2.0 */
/* Quern as a loadable extension of DuckDB 1.2 and newer; README.md shows its use.
 *
 *   LOAD '…/quern.duckdb_extension';            -- opened with allow_unsigned_extensions
 *   SELECT title, status, text FROM quern('a.zip');
 *   SELECT title, b.kind, b.text FROM (SELECT title, UNNEST(blocks) AS b FROM quern('letters'));
 *   SELECT url, text FROM quern(['https://example.org/a'], contact := 'me@example.org');
 *   SELECT filename, UNNEST(quern_convert(content, filename)) FROM read_blob('a.zip');
 *   COPY (SELECT * FROM quern_job('job.toml')) TO 'records.parquet';
 */
#include "duckdb/extension.h"

DUCKDB_EXTENSION_GLOBAL

static bool register_all(duckdb_connection connection, struct text *error)
{
    const struct adapter *adapter = adapter_find(error);
    if (!adapter) {
        return false;
    }
    if (read_functions_register(connection, adapter) &&
        convert_functions_register(connection, adapter)) {
        return true;
    }
    text_add_string(error, "DuckDB does not take the functions; is another extension of the same "
                           "names loaded?");
    return false;
}

DUCKDB_CAPI_ENTRY_VISIBILITY bool quern_init_c_api(duckdb_extension_info info,
                                                   struct duckdb_extension_access *access);

/* False without a message would be a fatal error, after which DuckDB refuses the whole database. */
bool quern_init_c_api(duckdb_extension_info info, struct duckdb_extension_access *access)
{
    const duckdb_ext_api_v1 *api = access->get_api(info, DUCKDB_EXTENSION_API_VERSION_STRING);
    if (!api) {
        access->set_error(info, "quern: needs the C extension API " //
                          DUCKDB_EXTENSION_API_VERSION_STRING);
        return false;
    }
    duckdb_ext_api = *api;
    duckdb_connection connection = NULL;
    if (duckdb_connect(*access->get_database(info), &connection) != DuckDBSuccess) {
        access->set_error(info, "quern: no connection to the database");
        return false;
    }
    struct text error = {0};
    const bool good = register_all(connection, &error);
    if (!good) {
        struct text message = {0};
        text_add_format(&message, "quern: %s", error_words(&error));
        access->set_error(info, error_words(&message));
        text_release(&message);
    }
    duckdb_disconnect(&connection);
    text_release(&error);
    return good;
}
