/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/url_host.h"

#include <string.h>
#include <strings.h>

/* "HTTP://User@Example.org:8080/x" is of example.org. Empty: of nobody. */
static span host_of(span url)
{
    const char *mark = url.len > 0 ? memmem(url.ptr, url.len, "://", 3) : NULL;
    if (!mark) {
        return SPAN("");
    }
    span host = {mark + 3, url.len - (size_t)(mark + 3 - url.ptr)};
    for (size_t i = 0; i < host.len; i++) {
        if (strchr("/?#\\", host.ptr[i])) {
            host.len = i;
        }
    }
    const char *at = host.len > 0 ? memrchr(host.ptr, '@', host.len) : NULL;
    if (at) {
        host = (span){at + 1, host.len - (size_t)(at + 1 - host.ptr)};
    }
    const char *end = host.len > 0 && host.ptr[0] == '[' ? memchr(host.ptr, ']', host.len) : NULL;
    const char *colon = host.len > 0 ? memchr(host.ptr, ':', host.len) : NULL;
    if (end) {
        host.len = (size_t)(end - host.ptr) + 1;
    } else if (colon) {
        host.len = (size_t)(colon - host.ptr);
    }
    return host;
}

bool url_host_is(span url, span host)
{
    const span found = host_of(url);
    return found.len == host.len && found.len > 0 &&
           strncasecmp(found.ptr, host.ptr, found.len) == 0;
}
