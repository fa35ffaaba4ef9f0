/* SPDX-License-Identifier: Apache-2.0 */
/* SIGINT and SIGTERM ask the command to stop at the next batch; a second one ends it at once, which
 * is as safe. A closed pipe is an error of write, not a signal.
 */
#ifndef CLI_SIGNALS_H
#define CLI_SIGNALS_H

#include <stdbool.h>

void signals_install(void);
bool signals_stop_asked(void);

/* Ends the process by the signal that asked it to stop, so that whoever sent it sees that it worked.
 * Comes back when nobody asked. */
void signals_end_by(void);

#endif
