/* SPDX-License-Identifier: Apache-2.0 */
/* When an expression fires: cron_next EXPRESSION ZONE FROM COUNT prints the fires after FROM (in UTC, as
 * 2026-11-24T02:30:00Z), each as local time TAB seconds since 1970. Without arguments it reads such
 * four from each line of standard input, a TAB between two, FROM in seconds since 1970, and answers
 * each with the seconds of the fires, a space between two, or with "error: why".
 * H is that of a job named "job". */
#include "cli/civil.h"
#include "cli/cron.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LINE_LEN_MAX = 4096, PARTS = 4, COUNT_MAX = 100000 };

static bool print_fires(const char *const *part, bool is_line, struct text *error)
{
    struct cron cron;
    struct zone zone = {0};
    int64_t at = 0;
    if (is_line) {
        at = strtoll(part[2], NULL, 10);
    } else if (!civil_read_time(span_of(part[2]), &at)) {
        text_add_format(error, "%s is no time; one is 2026-11-24T02:30:00Z", part[2]);
    }
    long count = strtol(part[3], NULL, 10);
    count = count < COUNT_MAX ? count : COUNT_MAX;
    if (error->len > 0 || !cron_read(&cron, span_of(part[0]), SPAN("job"), error) ||
        !zone_open(&zone, part[1], error)) {
        return false;
    }
    for (long i = 0; i < count; i++) {
        at = cron_next(&cron, &zone, at);
        if (is_line) {
            printf("%s%" PRId64, i > 0 ? " " : "", at);
        } else {
            struct text local = {0};
            zone_write_time(&local, &zone, at);
            printf("%s\t%" PRId64 "\n", text_string(&local), at);
            text_release(&local);
        }
    }
    zone_release(&zone);
    return true;
}

static bool read_line(char *line, const char **part)
{
    line[strcspn(line, "\n")] = '\0';
    for (int i = 0; i < PARTS; i++) {
        part[i] = line;
        line = strchr(line, '\t');
        if (i + 1 < PARTS) {
            if (!line) {
                return false;
            }
            *line++ = '\0';
        }
    }
    return true;
}

int main(int count, char **arguments)
{
    struct text error = {0};
    if (count == PARTS + 1) {
        const bool good = print_fires((const char *const *)(arguments + 1), false, &error);
        (void)fprintf(stderr, "%s%s", text_string(&error), good ? "" : "\n");
        text_release(&error);
        return good ? 0 : 1;
    }
    if (count != 1) {
        (void)fprintf(stderr, "usage: cron_next EXPRESSION ZONE FROM COUNT\n");
        return 64;
    }
    char line[LINE_LEN_MAX];
    const char *part[PARTS];
    while (fgets(line, sizeof line, stdin)) {
        text_clear(&error);
        if (!read_line(line, part)) {
            text_add_string(&error, "not four parts");
        } else {
            (void)print_fires(part, true, &error);
        }
        printf("%s%s\n", error.len > 0 ? "error: " : "", text_string(&error));
    }
    text_release(&error);
    return 0;
}
