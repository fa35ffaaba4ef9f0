/* SPDX-License-Identifier: Apache-2.0 */
#include "server.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

struct server server_open(void)
{
    int input[2];
    int output[2];
    struct server server = {0};
    if (pipe(input) != 0 || pipe(output) != 0 || (server.pid = fork()) < 0) {
        perror("server");
        exit(EXIT_FAILURE);
    }
    if (server.pid == 0) {
        dup2(input[0], STDIN_FILENO);
        dup2(output[1], STDOUT_FILENO);
        close(input[1]);
        close(output[0]);
        execlp("python3", "python3", "tests/e2e/server.py", (char *)NULL);
        perror("python3");
        _exit(127);
    }
    close(input[0]);
    close(output[1]);
    server.input = input[1];
    FILE *lines = fdopen(output[0], "r");
    if (!lines || fscanf(lines, "port %d", &server.port) != 1) {
        fputs("tests/e2e/server.py did not say its port\n", stderr);
        exit(EXIT_FAILURE);
    }
    fclose(lines);
    return server;
}

void server_close(struct server *server)
{
    close(server->input);
    kill(server->pid, SIGTERM);
    waitpid(server->pid, NULL, 0);
}
