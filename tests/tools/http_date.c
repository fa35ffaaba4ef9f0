/* SPDX-License-Identifier: Apache-2.0 */
/* `tool_http_date [--retry-after] NOW`: values on standard input, NOW in seconds since 1970. Without
 * the option dates as they stand in headers: seconds since 1970; with it values of Retry-After:
 * milliseconds from NOW. `error` for what is none. */
#include "base/http_date.h"
#include "fetch/response.h"

#include <stdio.h>

enum { LINE_BYTES_MAX = 1 << 16 };

int main(int count, char **arguments)
{
    static char line[LINE_BYTES_MAX];
    const bool is_delay = count == 3 && strcmp(arguments[1], "--retry-after") == 0;
    int64_t now_s = 0;
    if ((count != 2 && !is_delay) || !str_read_integer(str_of(arguments[count - 1]), &now_s)) {
        fprintf(stderr, "usage: tool_http_date [--retry-after] NOW < VALUES\n");
        return 64;
    }
    while (fgets(line, sizeof line, stdin)) {
        const bytes value = {.ptr = (const uint8_t *)line, .len = strcspn(line, "\n")};
        const struct response response = {.retry_after = value};
        int64_t out = is_delay ? response_retry_after_ms(&response, now_s) : 0;
        const bool is_value = is_delay ? out >= 0 : http_date_parse(value, now_s, &out);
        printf(is_value ? "%lld\n" : "error\n", (long long)out);
    }
    return 0;
}
