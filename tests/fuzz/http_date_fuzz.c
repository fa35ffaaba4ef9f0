/* SPDX-License-Identifier: Apache-2.0 */
/* Dates in headers and values of Retry-After, of any bytes: the first eight are now. A date lies
 * between the years 0 and 9999, a two-digit year near to now, a wait is never negative. */
#include "fuzz.h"

#include "base/http_date.h"
#include "fetch/response.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    uint32_t now_s = 0;
    int64_t date_s = 0;
    if (size < sizeof now_s) {
        return 0;
    }
    memcpy(&now_s, data, sizeof now_s);
    const bytes value = {.ptr = data + sizeof now_s, .len = size - sizeof now_s};
    if (http_date_parse(value, now_s, &date_s)) {
        MUST(date_s >= http_date_days(0, 1, 1) * 86400 &&
             date_s < http_date_days(10000, 1, 2) * 86400);
    }
    const struct response response = {.retry_after = value};
    const int64_t wait_ms = response_retry_after_ms(&response, now_s);
    MUST(wait_ms >= -1 && wait_ms <= (int64_t)INT32_MAX * 1000);
    return 0;
}
