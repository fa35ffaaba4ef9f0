/* SPDX-License-Identifier: Apache-2.0 */
/* Arrow columns into DuckDB's vectors: u → VARCHAR, l → BIGINT, g → DOUBLE, b → BOOLEAN,
 * tsu → TIMESTAMP WITH TIME ZONE, tdD → DATE, +l → LIST, +s → STRUCT.
 */
#ifndef DUCKDB_ADAPTER_VECTOR_WRITE_H
#define DUCKDB_ADAPTER_VECTOR_WRITE_H

#include "duckdb/extension.h"

/* To be destroyed by the caller; NULL: a format nobody knows, or no memory. */
duckdb_logical_type vector_type(const struct ArrowSchema *schema);

/* Rows [row, row + count) of the column to places [at, at + count) of the vector, which is new there.
 * The view has passed arrow_check. False: DuckDB had no memory for a list. */
bool vector_write(duckdb_vector vector, idx_t at, struct arrow_view column, int64_t row,
                  int64_t count);

/* Makes one place NULL. */
void vector_write_null(duckdb_vector vector, idx_t at);

#endif
