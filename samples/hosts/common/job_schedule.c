/* SPDX-License-Identifier: Apache-2.0 */
#include "common/job_schedule.h"

#include <string.h>

static const char *const overlaps[] = {[JOB_OVERLAP_SKIP] = "skip",
                                       [JOB_OVERLAP_QUEUE] = "queue",
                                       [JOB_OVERLAP_CANCEL_RUNNING] = "cancel_running"};
static const char *const misses[] = {
    [JOB_MISSED_LAST] = "last", [JOB_MISSED_ALL] = "all", [JOB_MISSED_NONE] = "none"};

const char *job_overlap_name(enum job_overlap overlap)
{
    return overlaps[overlap];
}

const char *job_missed_name(enum job_missed missed)
{
    return misses[missed];
}

struct job_schedule job_schedule_default(void)
{
    return (struct job_schedule){.zone = "UTC",
                                 .overlap = JOB_OVERLAP_SKIP,
                                 .missed = JOB_MISSED_LAST,
                                 .window_s = 86400,
                                 .retries = 3,
                                 .retry_after_s = 600};
}

static bool read_text(const struct toml_value *value, const char **out)
{
    const bool good = value->type == TOML_STRING && value->as.string.len > 0 &&
                      !memchr(value->as.string.ptr, 0, value->as.string.len);
    *out = good ? value->as.string.ptr : *out;
    return good;
}

static bool read_choice(const struct toml_value *value, const char *const *names, size_t count,
                        size_t *out)
{
    for (size_t i = 0; value->type == TOML_STRING && i < count; i++) {
        if (span_equal(value->as.string, span_of(names[i]))) {
            *out = i;
            return true;
        }
    }
    return false;
}

bool job_duration_read(const struct toml_value *value, int64_t *out)
{
    static const char units[] = "smhdw";
    static const int64_t seconds[] = {1, 60, 3600, 86400, 604800};
    if (value->type != TOML_STRING || value->as.string.len < 2) {
        return false;
    }
    const span written = value->as.string;
    int64_t number = 0;
    for (size_t i = 0; i + 1 < written.len; i++) {
        if (written.ptr[i] < '0' || written.ptr[i] > '9' || number > JOB_SCHEDULE_SECONDS_MAX) {
            return false;
        }
        number = number * 10 + (written.ptr[i] - '0');
    }
    const char letter = written.ptr[written.len - 1];
    const char *unit = letter ? strchr(units, letter) : NULL;
    *out = unit ? number * seconds[unit - units] : -1;
    return unit && *out <= JOB_SCHEDULE_SECONDS_MAX;
}

bool job_schedule_read(struct job_schedule *schedule, const struct toml_value *value,
                       const char **why)
{
    const struct {
        const char *key;
        int64_t *to;
    } durations[] = {{"window", &schedule->window_s},
                     {"jitter", &schedule->jitter_s},
                     {"timeout", &schedule->timeout_s},
                     {"deadman", &schedule->deadman_s},
                     {"retry_after", &schedule->retry_after_s}};
    for (size_t i = 0; i < sizeof durations / sizeof durations[0]; i++) {
        if (span_equal(value->key, span_of(durations[i].key))) {
            *why = "must be a duration up to a year: \"90s\", \"15m\", \"2h\", \"1d\" or \"1w\"";
            return job_duration_read(value, durations[i].to);
        }
    }
    size_t choice = 0;
    if (span_equal(value->key, SPAN("cron"))) {
        schedule->cron_line = value->line;
        *why = "must be a cron expression in quotes, as \"30 2 * * *\"";
        return read_text(value, &schedule->cron);
    }
    if (span_equal(value->key, SPAN("zone"))) {
        schedule->zone_line = value->line;
        *why = "must be a zone in quotes, as \"Europe/Berlin\"";
        return read_text(value, &schedule->zone);
    }
    if (span_equal(value->key, SPAN("overlap"))) {
        *why = "must be \"skip\", \"queue\" or \"cancel_running\"";
        const bool good =
            read_choice(value, overlaps, sizeof overlaps / sizeof overlaps[0], &choice);
        schedule->overlap = (enum job_overlap)choice;
        return good;
    }
    if (span_equal(value->key, SPAN("missed"))) {
        *why = "must be \"last\", \"all\" or \"none\"";
        const bool good = read_choice(value, misses, sizeof misses / sizeof misses[0], &choice);
        schedule->missed = (enum job_missed)choice;
        return good;
    }
    if (span_equal(value->key, SPAN("retries"))) {
        *why = "must be a whole number from 0 to 100";
        schedule->retries = value->type == TOML_INTEGER ? value->as.integer : -1;
        return schedule->retries >= 0 && schedule->retries <= JOB_SCHEDULE_RETRIES_MAX;
    }
    *why =
        "[schedule] takes cron, zone, overlap, missed, window, jitter, timeout, deadman, retries "
        "and retry_after";
    return false;
}
