/* SPDX-License-Identifier: Apache-2.0 */
/* tests/e2e/server.py as a child process: it serves on loopback until its standard input ends. */
#ifndef ABI_SERVER_H
#define ABI_SERVER_H

#include <sys/types.h>

struct server {
    pid_t pid;
    int input;
    int port;
};

/* Ends the program with a message when there is no server: then nothing can be tested. */
struct server server_open(void);
void server_close(struct server *server);

#endif
