/* SPDX-License-Identifier: Apache-2.0 */
/* The command line: which command, its options, its operands. One table says what there is; the
 * parser and the help texts both read it.
 *
 * Not the options of the plugin: those go through --set and are judged by the plugin.
 */
#ifndef CLI_ARGS_H
#define CLI_ARGS_H

#include "cli/trouble.h"

#include "common/pool.h"

enum args_command {
    ARGS_CONVERT,
    ARGS_EXPLAIN,
    ARGS_RUN,
    ARGS_PLAN,
    ARGS_SCHEDULE,
    ARGS_STATUS,
    ARGS_BACKFILL,
    ARGS_REPLAY,
    ARGS_FORGET,
    ARGS_EXPORT,
    ARGS_DOCTOR,
    ARGS_INFO,
    ARGS_TAP,
    ARGS_AIRBYTE,
    ARGS_HELP,
    ARGS_VERSION,
    ARGS_COMMAND_COUNT
};

struct args_option {
    const char *name;  /* without the dashes */
    const char *value; /* what stands for the value in the help; NULL: takes none */
    const char *help;
};

struct args_given {
    const struct args_option *option;
    const char *value; /* lent from argv; "" when it takes none */
};

struct args {
    enum args_command command;
    const struct args_given *given; /* in the order of the command line */
    size_t given_count;
    const char *const *operands;
    size_t operand_count;
    bool wants_help;
    struct pool pool;
};

/* Called as tap-quern or source-quern, the program is its command tap or airbyte, and all arguments
 * are of that. False: `trouble` says what is wrong. args_release is due in any case. */
bool args_read(struct args *args, int argc, char **argv, struct trouble *trouble);
void args_release(struct args *args);

/* The value given last; NULL: not given. */
const char *args_value(const struct args *args, const char *name);
bool args_has(const struct args *args, const char *name);

/* False: there is no such command. */
bool args_find_command(const char *name, enum args_command *out);

/* Appends the help of one command, or of all of them. */
void args_help(struct text *to, enum args_command command);
void args_overview(struct text *to);

#endif
