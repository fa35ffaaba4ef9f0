/* SPDX-License-Identifier: Apache-2.0 */
/* A call's arguments become the plugin's options. */
#ifndef DUCKDB_ADAPTER_ARGUMENTS_H
#define DUCKDB_ADAPTER_ARGUMENTS_H

#include "duckdb/extension.h"

#include "common/option_list.h"

/* One named parameter an option, of the type that plugin.toml states. */
void arguments_declare(duckdb_table_function function, const struct adapter *adapter);

/* quern(input, option := value …). False: `error` tells. */
bool arguments_read(duckdb_bind_info info, const struct adapter *adapter, struct option_list *list,
                    struct text *error);

#endif
