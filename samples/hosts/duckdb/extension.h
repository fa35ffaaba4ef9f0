/* SPDX-License-Identifier: Apache-2.0 */
/* The extension's functions, registered by quern.c, and what they share.
 *
 *   read_function      quern('folder'), quern_job('job.toml')     table functions
 *   convert_function   quern_convert(blob), quern_convert_all     scalar functions
 *   vector_write       Arrow columns into DuckDB vectors
 *
 * Everything keeps to the band v1.2.0 of DuckDB's C extension API, which every version from 1.2 on
 * offers; never define DUCKDB_EXTENSION_API_VERSION_UNSTABLE here.
 */
#ifndef DUCKDB_ADAPTER_EXTENSION_H
#define DUCKDB_ADAPTER_EXTENSION_H

#define DUCKDB_EXTENSION_NAME quern /* the file's base name: DuckDB makes the entry's out of it */
#include <duckdb_extension.h>

#include "common/adapter.h"
#include "common/arrow_view.h"

DUCKDB_EXTENSION_EXTERN

/* False: DuckDB refused, which it does not explain. The adapter lives as long as the process. */
bool read_functions_register(duckdb_connection connection, const struct adapter *adapter);
bool convert_functions_register(duckdb_connection connection, const struct adapter *adapter);

/* What an error says; a text that could not be built means that there was no memory. */
static inline const char *error_words(const struct text *error)
{
    return error->len > 0 && !error->failed ? error->ptr : "out of memory";
}

#endif
