/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/export.h"

#include "cli/commands.h"
#include "cli/sink_stream.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { UNIT_LEN_MAX = 52 /* a CronJob's name; its jobs get 11 more of a label's 63 */ };

void export_list(struct text *to, uint64_t bits, int min, int max)
{
    const uint64_t all = (UINT64_C(1) << (max + 1)) - (UINT64_C(1) << min);
    const char *between = "";
    if ((bits & all) == all) {
        text_add_byte(to, '*');
        return;
    }
    for (int i = min; i <= max; i++) {
        if (bits >> i & 1) {
            text_add_format(to, "%s%d", between, i);
            between = ",";
        }
    }
}

bool export_cron_fields(const struct cron *cron, struct text *to, const char *for_whom,
                        struct trouble *trouble)
{
    static const uint32_t all_days = UINT32_C(0xFFFFFFFE);
    const bool days = cron->days != all_days;
    const bool weekdays = cron->weekdays != 0x7F;
    if (cron->seconds != 1) {
        return trouble_set(trouble, TROUBLE_JOB, "%s knows no seconds", for_whom);
    }
    if (cron->day_last || cron->weekdays_last || cron->weekdays_nth || cron->weekdays_fifth) {
        return trouble_set(trouble, TROUBLE_JOB, "%s knows neither L nor #; systemd does",
                           for_whom);
    }
    if (days && weekdays && (cron->days_start || cron->weekdays_start)) {
        return trouble_set(trouble, TROUBLE_JOB,
                           "%s may read a step beside another day field as either of the two; "
                           "systemd does not",
                           for_whom);
    }
    const bool stars = cron->days_start || cron->weekdays_start;
    export_list(to, cron->minutes, 0, 59);
    text_add_byte(to, ' ');
    export_list(to, cron->hours, 0, 23);
    text_add_byte(to, ' ');
    text_add_string(to, !days && !stars ? "1-31" : "");
    export_list(to, !days && !stars ? 0 : cron->days, 1, 31);
    text_add_byte(to, ' ');
    export_list(to, cron->months, 1, 12);
    text_add_byte(to, ' ');
    text_add_string(to, !weekdays && !stars ? "0-6" : "");
    export_list(to, !weekdays && !stars ? 0 : cron->weekdays, 0, 6);
    return true;
}

void export_quote_systemd(struct text *to, const char *what)
{
    text_add_byte(to, '"');
    for (const char *at = what; *at; at++) {
        if (*at == '%' || *at == '\\' || *at == '"' || *at == '$') {
            text_add_byte(to, *at == '%' || *at == '$' ? *at : '\\');
        }
        text_add_byte(to, *at);
    }
    text_add_byte(to, '"');
}

/* Small letters, digits and dashes, as a label of Kubernetes wants it. */
static void name_unit(struct export *export)
{
    text_add_string(&export->unit, "quern-");
    for (const char *at = export->job.file.name; *at && export->unit.len < UNIT_LEN_MAX - 1; at++) {
        const bool is_big = *at >= 'A' && *at <= 'Z';
        const bool is_plain = (*at >= 'a' && *at <= 'z') || (*at >= '0' && *at <= '9');
        const bool after_dash = export->unit.ptr[export->unit.len - 1] == '-';
        if (is_big || is_plain) {
            text_add_byte(&export->unit, is_big ? (char)(*at | 0x20) : *at);
        } else if (!after_dash) {
            text_add_byte(&export->unit, '-');
        }
    }
    if (export->unit.ptr && export->unit.ptr[export->unit.len - 1] == '-') {
        text_add_string(&export->unit, "x"); /* a label ends with a letter */
    }
}

static bool find_places(struct export *export, const char *path, struct trouble *trouble)
{
    char found[PATH_MAX];
    const bool good = realpath(path, found) != NULL;
    text_add_string(&export->path, good ? found : "");
    if (!good || !getcwd(found, sizeof found)) {
        return trouble_set(trouble, TROUBLE_NO_INPUT, "%s: %s", path, strerror(errno));
    }
    text_add_string(&export->folder, found);
    const ssize_t len = readlink("/proc/self/exe", found, sizeof found);
    text_add(&export->program, (span){found, len > 0 ? (size_t)len : 0});
    return len > 0 || trouble_set(trouble, TROUBLE_INTERNAL, "/proc cannot be read");
}

/* A file that is there may have been edited: it stays. */
static bool write_file(struct export *export, const char *folder, const char *ending,
                       struct trouble *trouble)
{
    struct text path = {0};
    text_add_format(&path, "%s/%s%s", folder, text_string(&export->unit), ending);
    const int file = open(text_string(&path), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    bool good = file >= 0 || trouble_set(trouble, TROUBLE_CANNOT_CREATE, "%s: %s",
                                         text_string(&path), strerror(errno));
    const span content = text_span(&export->output);
    if (good && write(file, content.ptr, content.len) != (ssize_t)content.len) {
        good = trouble_set(trouble, TROUBLE_CANNOT_WRITE, "%s: %s", text_string(&path),
                           strerror(errno));
    }
    if (file >= 0) {
        (void)close(file);
    }
    if (good) {
        text_add_byte(&path, '\n');
        good = sink_stream_print(&path, trouble);
    }
    text_release(&path);
    text_clear(&export->output);
    return good;
}

static bool write_all(struct export *export, const char *kind, const char *folder,
                      struct trouble *trouble)
{
    static const struct {
        const char *kind;
        const char *ending;
        bool (*write)(struct export *export, struct trouble *trouble);
    } kinds[] = {{"systemd", ".service", export_systemd_service},
                 {"systemd", ".timer", export_systemd_timer},
                 {"cron", ".cron", export_crontab},
                 {"airflow", ".py", export_airflow},
                 {"k8s", ".yaml", export_kubernetes}};
    bool is_known = false;
    bool good = true;
    /* First whether all can be said: half a pair of units is none. */
    for (int pass = 0; pass < 2; pass++) {
        for (size_t i = 0; good && i < sizeof kinds / sizeof kinds[0]; i++) {
            if (strcmp(kinds[i].kind, kind) == 0) {
                is_known = true;
                text_clear(&export->output);
                good = kinds[i].write(export, trouble) &&
                       (!export->output.failed || trouble_memory(trouble)) &&
                       (pass == 0 || write_file(export, folder, kinds[i].ending, trouble));
            }
        }
    }
    return good && (is_known ||
                    trouble_set(trouble, TROUBLE_USAGE, "%s: systemd, cron, airflow or k8s", kind));
}

void export_command(const struct args *args, struct trouble *trouble)
{
    struct export export = {.job = {.path = NULL}};
    const char *folder = args_value(args, "to");
    if (daemon_job_read(&export.job, args->operands[1], trouble) &&
        find_places(&export, args->operands[1], trouble)) {
        name_unit(&export);
        (void)write_all(&export, args->operands[0], folder ? folder : ".", trouble);
    }
    daemon_job_release(&export.job);
    text_release(&export.unit);
    text_release(&export.path);
    text_release(&export.folder);
    text_release(&export.program);
    text_release(&export.output);
}
