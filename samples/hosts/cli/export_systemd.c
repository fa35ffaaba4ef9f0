/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/export.h"

#include <inttypes.h>
#include <string.h>

enum { WEEK_DAYS = 7, ALL_WEEKDAYS = 0x7F };

#define ALL_DAYS UINT32_C(0xFFFFFFFE)

/* One line of OnCalendar=: weekdays and days both hold. */
struct calendar_line {
    uint32_t weekdays;
    uint32_t days;
    const char *from_end; /* instead of days: "01" is the last day, "07/1" the last seven */
};

static void add_line(struct export *export, struct calendar_line line)
{
    static const char *const names[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    struct text *to = &export->output;
    const struct cron *cron = &export->job.cron;
    text_add_string(to, "OnCalendar=");
    const char *between = "";
    for (int i = 0; line.weekdays != ALL_WEEKDAYS && i < WEEK_DAYS; i++) {
        if (line.weekdays >> i & 1) {
            text_add_format(to, "%s%s", between, names[i]);
            between = ",";
        }
    }
    text_add_string(to, *between ? " *-" : "*-");
    export_list(to, cron->months, 1, 12);
    if (line.from_end) {
        text_add_format(to, "~%s ", line.from_end);
    } else {
        text_add_byte(to, '-');
        export_list(to, line.days, 1, 31);
        text_add_byte(to, ' ');
    }
    export_list(to, cron->hours, 0, 23);
    text_add_byte(to, ':');
    export_list(to, cron->minutes, 0, 59);
    text_add_byte(to, ':');
    export_list(to, cron->seconds, 0, 59);
    text_add_format(to, " %s\n", export->job.file.schedule.zone);
}

static uint32_t nth_weekdays(const struct cron *cron, int nth)
{
    return nth < 4 ? cron->weekdays_nth >> (WEEK_DAYS * nth) & ALL_WEEKDAYS : cron->weekdays_fifth;
}

/* Each line that names weekdays, among the days of `days`. */
static bool add_weekdays(struct export *export, uint32_t days, struct trouble *trouble)
{
    const struct cron *cron = &export->job.cron;
    if (cron->weekdays) {
        add_line(export, (struct calendar_line){cron->weekdays, days, NULL});
    }
    for (int nth = 0; nth < 5; nth++) {
        const uint32_t week = UINT32_C(0x7F) << (WEEK_DAYS * nth + 1) & ALL_DAYS;
        if (nth_weekdays(cron, nth) && (week & days)) {
            add_line(export, (struct calendar_line){nth_weekdays(cron, nth), week & days, NULL});
        }
    }
    if (cron->weekdays_last && days != ALL_DAYS) {
        return trouble_set(trouble, TROUBLE_JOB,
                           "systemd has no word for a last weekday of some days only");
    }
    if (cron->weekdays_last) {
        add_line(export, (struct calendar_line){cron->weekdays_last, 0, "07/1"});
    }
    return true;
}

static bool add_calendar(struct export *export, struct trouble *trouble)
{
    const struct cron *cron = &export->job.cron;
    if (!cron->days_start && !cron->weekdays_start) { /* either may hold */
        if (cron->days) {
            add_line(export, (struct calendar_line){ALL_WEEKDAYS, cron->days, NULL});
        }
        if (cron->day_last) {
            add_line(export, (struct calendar_line){ALL_WEEKDAYS, 0, "01"});
        }
        return add_weekdays(export, ALL_DAYS, trouble);
    }
    if (cron->day_last && (cron->weekdays_nth || cron->weekdays_fifth)) {
        return trouble_set(trouble, TROUBLE_JOB,
                           "systemd has no word for a numbered weekday that is the last day");
    }
    if (cron->day_last) {
        add_line(export, (struct calendar_line){cron->weekdays | cron->weekdays_last, 0, "01"});
    }
    return cron->days == 0 || add_weekdays(export, cron->days, trouble);
}

bool export_systemd_timer(struct export *export, struct trouble *trouble)
{
    const struct job_schedule *schedule = &export->job.file.schedule;
    struct text *to = &export->output;
    text_add_format(to, "[Unit]\nDescription=Quern: %s\n\n[Timer]\n", text_string(&export->unit));
    if (!add_calendar(export, trouble)) {
        return false;
    }
    text_add_string(to, "AccuracySec=1s\n");
    if (schedule->jitter_s > 0) {
        text_add_format(to, "RandomizedDelaySec=%" PRId64 "s\nFixedRandomDelay=yes\n",
                        schedule->jitter_s);
    }
    text_add_format(to,
                    "# What was missed while the machine was off: one run stands for all of it.\n"
                    "Persistent=%s\n\n[Install]\nWantedBy=timers.target\n",
                    schedule->missed == JOB_MISSED_NONE ? "no" : "yes");
    return schedule->missed != JOB_MISSED_ALL ||
           trouble_set(trouble, TROUBLE_JOB,
                       "systemd makes up for one missed fire, not for missed = \"all\"");
}

bool export_systemd_service(struct export *export, struct trouble *trouble)
{
    const struct job_schedule *schedule = &export->job.file.schedule;
    struct text *to = &export->output;
    if (schedule->overlap != JOB_OVERLAP_SKIP) {
        return trouble_set(
            trouble, TROUBLE_JOB,
            "systemd leaves a run that is at work alone: overlap can be \"skip\" only");
    }
    text_add_format(to,
                    "[Unit]\nDescription=Quern: %s\nWants=network-online.target\n"
                    "After=network-online.target\n"
                    "StartLimitIntervalSec=1d\nStartLimitBurst=%" PRId64 "\n\n[Service]\n"
                    "Type=oneshot\n# User=quern\nWorkingDirectory=",
                    text_string(&export->unit), schedule->retries + 1);
    for (const char *at = text_string(&export->folder); *at; at++) {
        text_add_string(to, *at == '%' ? "%" : "");
        text_add_byte(to, *at);
    }
    text_add_string(to, "\nReadWritePaths=");
    export_quote_systemd(to, text_string(&export->folder));
    text_add_string(to, "\nExecStart=");
    export_quote_systemd(to, text_string(&export->program));
    text_add_string(to, " run ");
    export_quote_systemd(to, text_string(&export->path));
    text_add_string(to, "\n# 69, no web host answered; 74, nothing can be written; 75, stopped; "
                        "76, run by somebody else; a kill: these are tried again.\n");
    if (schedule->retries > 0) {
        text_add_format(to,
                        "Restart=on-failure\nRestartPreventExitStatus=64 65 66 70 73 78\n"
                        "RestartSec=%" PRId64 "s\n",
                        schedule->retry_after_s);
    }
    if (schedule->timeout_s > 0) {
        text_add_format(to, "TimeoutStartSec=%" PRId64 "s\n", schedule->timeout_s);
    }
    text_add_string(to, "UMask=0027\nNoNewPrivileges=yes\nProtectSystem=strict\n"
                        "ProtectHome=read-only\nPrivateDevices=yes\nProtectControlGroups=yes\n"
                        "ProtectKernelModules=yes\nProtectKernelTunables=yes\n"
                        "ProtectKernelLogs=yes\nProtectClock=yes\nProtectHostname=yes\n"
                        "RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX\n"
                        "RestrictNamespaces=yes\nRestrictRealtime=yes\nRestrictSUIDSGID=yes\n"
                        "LockPersonality=yes\nMemoryDenyWriteExecute=yes\n"
                        "SystemCallArchitectures=native\nSystemCallFilter=@system-service\n"
                        "SystemCallErrorNumber=EPERM\n");
    return true;
}
