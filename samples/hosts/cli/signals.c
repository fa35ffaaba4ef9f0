/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/signals.h"

#include <signal.h>
#include <stddef.h>

static volatile sig_atomic_t stop_asked;

static void ask_stop(int signal_number)
{
    stop_asked = signal_number;
}

void signals_install(void)
{
    struct sigaction stop = {.sa_handler = ask_stop, .sa_flags = (int)SA_RESETHAND | SA_RESTART};
    struct sigaction ignore = {.sa_handler = SIG_IGN};
    (void)sigaction(SIGINT, &stop, NULL);
    (void)sigaction(SIGTERM, &stop, NULL);
    (void)sigaction(SIGPIPE, &ignore, NULL);
}

bool signals_stop_asked(void)
{
    return stop_asked != 0;
}

void signals_end_by(void)
{
    if (stop_asked != 0) {
        (void)signal(stop_asked, SIG_DFL);
        (void)raise(stop_asked);
    }
}
