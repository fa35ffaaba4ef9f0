/* SPDX-License-Identifier: Apache-2.0 */
/* A record told piece by piece, in the order of its content: what became text, what was left out, by
 * which rule, and where it stood.
 *
 *   row ─► account ─┬─ account_text.c   for a terminal
 *                   └─ account_html.c   a page: the source beside what became of it
 */
#ifndef CLI_ACCOUNT_H
#define CLI_ACCOUNT_H

#include "cli/trouble.h"

#include "common/arrow_view.h"
#include "common/pool.h"

struct account_piece {
    bool is_kept;
    span what;     /* the block's kind, or the reason */
    int64_t level; /* of a block; 0: none */
    span column;   /* of a drop: where its text went; empty: nowhere */
    span rule;     /* of a drop; may be empty */
    span text;     /* .ptr NULL: the record does not hold it */
    int64_t start; /* [start, end) of the content in bytes; -1: nowhere in particular */
    int64_t end;
    size_t number; /* of the piece in the row, from 0: blocks first */
};

/* Lent from the row and the pool. */
struct account {
    struct arrow_view rows;
    int64_t row; /* of the columns: arrow_struct_row is done */
    struct account_piece *pieces;
    size_t piece_count;
    size_t kept_count;
};

/* False: no memory. Columns that are not there count as empty. */
bool account_read(struct arrow_view rows, int64_t row, struct pool *pool, struct account *out);

/* The text of a column; empty where it is null or not there. */
span account_cell(const struct account *account, const char *column);

/* Calls `each` with every column that is neither null nor long nor a list of structs; its value is
 * as people read it. */
void account_facts(const struct account *account,
                   void (*each)(void *context, const char *column, span value), void *context);

/* How many pieces and characters have the same `what`: blocks first, and most characters first. */
struct account_sum {
    span what;
    bool is_kept;
    int64_t pieces;
    int64_t characters;
};
size_t account_sums(const struct account *account, struct account_sum *out, size_t capacity);

/* Lines for a terminal; `is_coloured`: with the sequences of ECMA-48. */
void account_text(struct text *to, const struct account *account, bool is_coloured);

/* A page that needs nothing beside it. `content`: the record's, undecoded; .ptr NULL: not at hand.
 * Several records follow each other between begin and end. */
void account_html_begin(struct text *to, span title);
void account_html(struct text *to, const struct account *account, span content);
void account_html_end(struct text *to);

#endif
