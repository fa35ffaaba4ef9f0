/* SPDX-License-Identifier: Apache-2.0 */
/* One function a command; each answers by its trouble.
 */
#ifndef CLI_COMMANDS_H
#define CLI_COMMANDS_H

#include "cli/args.h"

void convert_command(const struct args *args, struct trouble *trouble);
void explain_command(const struct args *args, struct trouble *trouble);
void run_command(const struct args *args, struct trouble *trouble);
void plan_command(const struct args *args, struct trouble *trouble);
void schedule_command(const struct args *args, struct trouble *trouble);
void status_command(const struct args *args, struct trouble *trouble);
void backfill_command(const struct args *args, struct trouble *trouble);
void replay_command(const struct args *args, struct trouble *trouble);
void forget_command(const struct args *args, struct trouble *trouble);
void export_command(const struct args *args, struct trouble *trouble);
void doctor_command(const struct args *args, struct trouble *trouble);
void info_command(const struct args *args, struct trouble *trouble);
void tap_command(const struct args *args, struct trouble *trouble);
void airbyte_command(const struct args *args, struct trouble *trouble);

#endif
