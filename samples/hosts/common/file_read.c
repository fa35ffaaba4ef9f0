/* SPDX-License-Identifier: Apache-2.0 */
#include "common/file_read.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

bool file_read_descriptor(int descriptor, size_t bytes_max, struct text *out)
{
    char part[65536];
    size_t total = 0;
    for (;;) {
        const ssize_t len = read(descriptor, part, sizeof part);
        if (len < 0 && errno == EINTR) {
            continue;
        }
        if (len <= 0) {
            return len == 0;
        }
        total += (size_t)len;
        text_add(out, (span){part, (size_t)len});
        if (out->failed || total > bytes_max) {
            errno = out->failed ? ENOMEM : EFBIG;
            return false;
        }
    }
}

bool file_read(const char *path, size_t bytes_max, struct text *out)
{
    const int descriptor = open(path, O_RDONLY | O_CLOEXEC);
    if (descriptor < 0) {
        return false;
    }
    const bool good = file_read_descriptor(descriptor, bytes_max, out);
    const int saved = errno;
    (void)close(descriptor);
    errno = saved;
    return good;
}
