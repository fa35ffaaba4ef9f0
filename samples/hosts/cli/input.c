/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/input.h"

#include <errno.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

bool input_is_web(span input)
{
    return strncasecmp(input.ptr, "http:", 5) == 0 || strncasecmp(input.ptr, "https:", 6) == 0;
}

static bool is_folder(const char *path)
{
    struct stat status;
    return stat(path, &status) == 0 && S_ISDIR(status.st_mode);
}

bool input_check(const char *input, struct trouble *trouble)
{
    const span written = span_of(input);
    struct stat status;
    if (written.len == 0) {
        return trouble_set(trouble, TROUBLE_USAGE, "an INPUT is empty");
    }
    if (span_starts(written, SPAN("keep:"))) {
        return is_folder(input + 5) ||
               trouble_set(trouble, TROUBLE_NO_INPUT, "%s: no such folder", input);
    }
    if (span_starts(written, SPAN("warc:"))) {
        return stat(input + 5, &status) == 0 ||
               trouble_set(trouble, TROUBLE_NO_INPUT, "%s: %s", input, strerror(errno));
    }
    if (input_is_web(written) || span_starts(written, SPAN("file:")) || stat(input, &status) == 0) {
        return true;
    }
    const char *scheme_end = strstr(input, "://");
    if (scheme_end) {
        /* The rest may hold a password. */
        return trouble_set(trouble, TROUBLE_USAGE,
                           "%.*s://…: only http, https and file URLs are read",
                           (int)(scheme_end - input), input);
    }
    return trouble_set(trouble, TROUBLE_NO_INPUT, "%s: %s", input, strerror(errno));
}
