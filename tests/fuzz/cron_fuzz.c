/* SPDX-License-Identifier: Apache-2.0 */
/* A line with a cron expression, then a TZif file, or a footer of one from the line's end on. What is
 * accepted fires, later each time, at a second that is the first to show its local time or a later one. */
#include "fuzz.h"

#include "cli/cron.h"
#include "cli/zone_footer.h"

#include <string.h>

static void check_instant(const struct zone *zone, int64_t at)
{
    const int64_t before = zone_local_latest(zone, at - 1);
    const int64_t latest = zone_local_latest(zone, at);
    MUST(latest > before); /* it shows a time that was never shown before */
    MUST(zone_instant(zone, latest) == at && zone_instant(zone, before + 1) == at);
    MUST(zone_local_latest(zone, zone_instant(zone, before)) >= before);
}

static void check_fires(const struct cron *cron, const struct zone *zone, int64_t at)
{
    int64_t last = 0;
    for (int i = 0; i < 4; i++) {
        const int64_t next = cron_next(cron, zone, at);
        MUST(next > at && cron_next(cron, zone, next - 1) == next);
        check_instant(zone, next);
        at = next;
    }
    MUST(cron_last(cron, zone, at, at, &last) && last == at);
    MUST(cron_last(cron, zone, at - 1000, at + 1000, &last) && last >= at);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const int64_t starts[] = {INT64_C(-5000000000), 0, INT64_C(1774747800),
                                     INT64_C(4000000000), INT64_C(100000000000)};
    const char *text = (const char *)data;
    const char *end = size ? memchr(text, '\n', size) : NULL;
    const size_t line = end ? (size_t)(end - text) : size;
    const span rest = {text + line + (end != NULL), size - line - (end != NULL)};
    struct cron cron;
    struct zone zone = {0};
    struct text error = {0};
    if (cron_read(&cron, (span){text, line}, rest, &error)) {
        if (!zone_read(&zone, rest, &error) && !zone_footer_read(&zone, rest)) {
            zone = (struct zone){0};
        }
        for (size_t i = 0; i < sizeof starts / sizeof starts[0]; i++) {
            check_fires(&cron, &zone, starts[i]);
        }
        zone_release(&zone);
    }
    MUST(error.failed || error.len <= 4096);
    text_release(&error);
    return 0;
}
