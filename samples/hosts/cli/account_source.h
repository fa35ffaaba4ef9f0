/* SPDX-License-Identifier: Apache-2.0 */
/* The content of a record cut at the borders of its pieces, and each part made readable.
 */
#ifndef CLI_ACCOUNT_SOURCE_H
#define CLI_ACCOUNT_SOURCE_H

#include "cli/account.h"

enum { ACCOUNT_SOURCE_MAX = 16 << 20 /* a longer content is not shown */ };

/* Calls `each` with every part in order; piece NULL: it belongs to none, as tags do not. A block may
 * enclose what was dropped: the innermost piece counts. `text` is UTF-8, read as the record's
 * charset, with U+FFFD for what is none. False: no memory. */
bool account_source(const struct account *account, span content,
                    void (*each)(void *context, const struct account_piece *piece, span text),
                    void *context);

#endif
