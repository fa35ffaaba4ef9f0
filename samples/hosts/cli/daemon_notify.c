/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/daemon.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static struct sockaddr_un target;
static socklen_t target_len; /* 0: nobody asked */

/* sd_notify(3): the path of a socket, or behind @ an abstract name. */
void daemon_notify_open(void)
{
    const char *name = getenv("NOTIFY_SOCKET");
    const size_t len = name ? strlen(name) : 0;
    if (len > 1 && len < sizeof target.sun_path && (name[0] == '/' || name[0] == '@')) {
        target = (struct sockaddr_un){.sun_family = AF_UNIX};
        memcpy(target.sun_path, name, len);
        target.sun_path[0] = (char)(name[0] == '@' ? '\0' : '/');
        target_len = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + len);
    }
    (void)unsetenv("NOTIFY_SOCKET");
}

void daemon_notify(const char *state)
{
    const int handle = target_len ? socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0) : -1;
    if (handle >= 0) {
        (void)sendto(handle, state, strlen(state), MSG_NOSIGNAL, (struct sockaddr *)&target,
                     target_len);
        (void)close(handle);
    }
}
