/* SPDX-License-Identifier: Apache-2.0 */
/* The quern command: a host that loads the plugin like any other.
 */
#include "cli/commands.h"

#include "cli/signals.h"
#include "cli/sink_stream.h"

#include <stdio.h>

static void help_command(const struct args *args, struct trouble *trouble)
{
    struct text output = {0};
    enum args_command command = args->command;
    if (args->wants_help || args->operand_count > 0) {
        if (!args->wants_help && !args_find_command(args->operands[0], &command)) {
            (void)trouble_set(trouble, TROUBLE_USAGE,
                              "%s: no command of quern; quern help lists "
                              "them",
                              args->operands[0]);
        } else {
            args_help(&output, command);
        }
    } else {
        args_overview(&output);
    }
    if (output.len > 0) {
        (void)sink_stream_print(&output, trouble);
    }
    text_release(&output);
}

static void version_command(struct trouble *trouble)
{
    struct text output = {0};
    text_add_string(&output, "quern " QUERN_VERSION "\n");
    (void)sink_stream_print(&output, trouble);
    text_release(&output);
}

static void dispatch(const struct args *args, struct trouble *trouble)
{
    if (args->wants_help) {
        help_command(args, trouble);
        return;
    }
    switch (args->command) {
    case ARGS_CONVERT:
        convert_command(args, trouble);
        break;
    case ARGS_EXPLAIN:
        explain_command(args, trouble);
        break;
    case ARGS_RUN:
        run_command(args, trouble);
        break;
    case ARGS_PLAN:
        plan_command(args, trouble);
        break;
    case ARGS_SCHEDULE:
        schedule_command(args, trouble);
        break;
    case ARGS_STATUS:
        status_command(args, trouble);
        break;
    case ARGS_BACKFILL:
        backfill_command(args, trouble);
        break;
    case ARGS_REPLAY:
        replay_command(args, trouble);
        break;
    case ARGS_FORGET:
        forget_command(args, trouble);
        break;
    case ARGS_EXPORT:
        export_command(args, trouble);
        break;
    case ARGS_DOCTOR:
        doctor_command(args, trouble);
        break;
    case ARGS_INFO:
        info_command(args, trouble);
        break;
    case ARGS_TAP:
        tap_command(args, trouble);
        break;
    case ARGS_AIRBYTE:
        airbyte_command(args, trouble);
        break;
    case ARGS_HELP:
        help_command(args, trouble);
        break;
    case ARGS_VERSION:
        version_command(trouble);
        break;
    case ARGS_COMMAND_COUNT:
        break;
    }
}

int main(int argc, char **argv)
{
    struct args args = {0};
    struct trouble trouble = {0};
    signals_install();
    if (args_read(&args, argc, argv, &trouble)) {
        dispatch(&args, &trouble);
    }
    if (trouble.message.len > 0) {
        (void)fprintf(stderr, "quern: %s\n", text_string(&trouble.message));
    }
    const int code = (int)trouble.code;
    trouble_release(&trouble);
    args_release(&args);
    return code;
}
