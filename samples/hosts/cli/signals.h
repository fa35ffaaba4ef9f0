/* SPDX-License-Identifier: Apache-2.0 */
/* SIGINT and SIGTERM ask the command to stop at the next batch; a second one ends it at once, which
 * is as safe. A closed pipe is an error of write, not a signal.
 */
#ifndef CLI_SIGNALS_H
#define CLI_SIGNALS_H

#include <stdbool.h>

void signals_install(void);
bool signals_stop_asked(void);

#endif
