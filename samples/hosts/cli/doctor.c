/* SPDX-License-Identifier: Apache-2.0 */
/* What Quern needs of a machine, looked at one by one; each line says what to do. */
#include "cli/commands.h"

#include "cli/civil.h"
#include "cli/cron.h"
#include "cli/project_lease.h"
#include "cli/sink_stream.h"

#include "common/file_read.h"
#include "common/manifest.h"
#include "common/plugin_load.h"

#include <dlfcn.h>
#include <errno.h>
#include <inttypes.h>
#include <netdb.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>
#include <sys/timex.h>
#include <time.h>
#include <unistd.h>

enum {
    CA_BYTES_MAX = 16 << 20,
    DNS_SECONDS = 5,
    CLOCK_YEAR_MIN = 2026,
    CURL_8_1_0 = 80100 /* as 10000 × major + 100 × minor + patch */
};

static const uint64_t disk_low = UINT64_C(1) << 30;
static const uint64_t disk_full = UINT64_C(100) << 20;

enum verdict { VERDICT_OK, VERDICT_WARN, VERDICT_FAIL };

struct doctor {
    const struct args *args;
    const char *project;
    struct text output;
    int64_t counts[3];
};

static void say(struct doctor *doctor, enum verdict verdict, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static void say(struct doctor *doctor, enum verdict verdict, const char *format, ...)
{
    static const char *const names[] = {"ok", "warn", "fail"};
    char line[1024];
    va_list values;
    va_start(values, format);
    (void)vsnprintf(line, sizeof line, format, values);
    va_end(values);
    doctor->counts[verdict]++;
    text_add_format(&doctor->output, "%-4s  %s\n", names[verdict], line);
}

/* --- the plugin and what it stands on --- */

static int64_t version_number(const char *written)
{
    char *end = NULL;
    int64_t number = 0;
    for (int i = 0; i < 3; i++) {
        number = number * 100 + strtol(written, &end, 10);
        written = *end == '.' ? end + 1 : end;
    }
    return number;
}

/* The library that the plugin itself is linked with: "libcurl/7.88.1 OpenSSL/3.0.17 …". */
static void check_curl(struct doctor *doctor, void *plugin)
{
    const char *(*curl_version)(void) = NULL;
    *(void **)&curl_version = dlsym(plugin, "curl_version");
    const char *version = curl_version ? curl_version() : "";
    const char *slash = strchr(version, '/');
    if (!slash) {
        say(doctor, VERDICT_WARN, "libcurl: its version is not known; files can be converted");
        return;
    }
    const int len = (int)strcspn(version, " ");
    const bool has_http2 = strstr(version, "nghttp2") != NULL;
    if (!has_http2) {
        say(doctor, VERDICT_WARN,
            "libcurl: %.*s has no HTTP/2: hosts are asked in HTTP/1.1; use the system's libcurl4",
            len, version);
    } else if (version_number(slash + 1) < CURL_8_1_0) {
        say(doctor, VERDICT_OK,
            "libcurl: %.*s; known gap before 8.1.0: an HTTP/2 connection that the server pings "
            "while "
            "it is idle is not used again",
            len, version);
    } else {
        say(doctor, VERDICT_OK, "libcurl: %.*s", len, version);
    }
}

static void check_plugin(struct doctor *doctor)
{
    struct plugin_library library = {0};
    struct text path = {0};
    struct text error = {0};
    if (!plugin_find(args_value(doctor->args, "plugin"), &path, &error) ||
        !plugin_load(text_string(&path), &library, &error)) {
        say(doctor, VERDICT_FAIL,
            "plugin: %s; install it, or name it with --plugin or QUERN_PLUGIN",
            text_string(&error));
    } else if (strcmp(library.table->version, QUERN_VERSION) != 0) {
        say(doctor, VERDICT_WARN,
            "plugin: %s is version %s and this program %s; install both from one build",
            text_string(&library.path), library.table->version, QUERN_VERSION);
        check_curl(doctor, library.handle);
    } else {
        say(doctor, VERDICT_OK, "plugin: %s, version %s", text_string(&library.path),
            library.table->version);
        check_curl(doctor, library.handle);
    }
    plugin_unload(&library);
    text_release(&path);
    text_release(&error);
}

/* --- the network --- */

static int64_t count_certificates(const char *content)
{
    int64_t count = 0;
    for (const char *at = content; (at = strstr(at, "-----BEGIN CERTIFICATE-----")); at++) {
        count++;
    }
    return count;
}

static void check_certificates(struct doctor *doctor)
{
    const char *named = getenv("SSL_CERT_FILE");
    const char *path = named && *named ? named : "/etc/ssl/certs/ca-certificates.crt";
    struct text content = {0};
    const bool is_read = file_read(path, CA_BYTES_MAX, &content);
    const int reason = errno;
    const int64_t count = count_certificates(text_string(&content));
    if (!is_read) {
        say(doctor, VERDICT_FAIL,
            "certificates: %s: %s; no https is possible; install ca-certificates", path,
            strerror(reason));
    } else if (count == 0) {
        say(doctor, VERDICT_FAIL, "certificates: %s holds none; install ca-certificates", path);
    } else {
        say(doctor, VERDICT_OK, "certificates: %" PRId64 " in %s", count, path);
    }
    text_release(&content);
}

/* A resolver that never answers must not hold us up; its thread ends with this program. */
static void check_names(struct doctor *doctor)
{
    static struct gaicb request = {.ar_name = "example.org", .ar_service = "443"};
    struct gaicb *list[] = {&request};
    const struct gaicb *waits[] = {&request};
    const struct timespec limit = {.tv_sec = DNS_SECONDS};
    int answer = getaddrinfo_a(GAI_NOWAIT, list, 1, NULL);
    if (answer == 0) {
        (void)gai_suspend(waits, 1, &limit);
        answer = gai_error(&request);
    }
    if (answer == 0) {
        say(doctor, VERDICT_OK, "names: example.org has an address");
        freeaddrinfo(request.ar_result);
    } else {
        say(doctor, VERDICT_WARN,
            "names: example.org: %s; only addresses and local files can be read; look at "
            "/etc/resolv.conf and the network",
            answer == EAI_INPROGRESS ? "no answer within 5 s" : gai_strerror(answer));
    }
}

/* --- the machine --- */

static void check_disk(struct doctor *doctor)
{
    struct text folder = {0};
    const char *slash = strrchr(doctor->project, '/');
    text_add(&folder,
             slash ? (span){doctor->project, (size_t)(slash - doctor->project) + 1} : SPAN("."));
    struct statvfs disk;
    if (statvfs(text_string(&folder), &disk) != 0) {
        say(doctor, VERDICT_FAIL, "disk: %s: %s; name another place with --project",
            text_string(&folder), strerror(errno));
    } else if (access(text_string(&folder), W_OK) != 0) {
        say(doctor, VERDICT_FAIL, "disk: %s cannot be written; run as its owner",
            text_string(&folder));
    } else {
        const uint64_t free_bytes = (uint64_t)disk.f_bavail * disk.f_frsize;
        const bool no_files = disk.f_files > 0 && disk.f_favail < 1000;
        const enum verdict verdict = free_bytes < disk_full || no_files ? VERDICT_FAIL
                                     : free_bytes < disk_low            ? VERDICT_WARN
                                                                        : VERDICT_OK;
        say(doctor, verdict, "disk: %.1f GB free%s%s", (double)free_bytes / 1e9,
            no_files ? ", no room for more files" : "",
            verdict == VERDICT_OK ? "" : "; make room: runs end with 74 when it is full");
    }
    text_release(&folder);
}

static void check_clock(struct doctor *doctor)
{
    struct timex state = {0};
    const int64_t now = (int64_t)time(NULL);
    struct text written = {0};
    civil_write_time(&written, now);
    const int answer = adjtimex(&state);
    if (now < civil_number(CLOCK_YEAR_MIN, 1, 1) * CIVIL_DAY_SECONDS) {
        say(doctor, VERDICT_FAIL, "clock: it says %s; set it, and let NTP keep it",
            text_string(&written));
    } else if (answer < 0 || state.status & STA_UNSYNC) {
        say(doctor, VERDICT_WARN,
            "clock: %s, %s; look at timedatectl (in a container: at its host's)",
            text_string(&written),
            answer < 0 ? "nobody may ask whether it is kept" : "kept by nobody");
    } else {
        say(doctor, VERDICT_OK, "clock: %s, kept in time", text_string(&written));
    }
    text_release(&written);
}

static void check_zones(struct doctor *doctor)
{
    struct zone zone = {0};
    struct text error = {0};
    if (!zone_open(&zone, "Europe/Berlin", &error)) {
        say(doctor, VERDICT_FAIL, "zones: %s; only UTC works; install tzdata", text_string(&error));
    } else if (!zone.has_footer) {
        say(doctor, VERDICT_WARN,
            "zones: Europe/Berlin has no rule for the future; install a newer tzdata");
    } else {
        say(doctor, VERDICT_OK, "zones: they are there");
    }
    zone_release(&zone);
    text_release(&error);
}

/* --- the project --- */

static bool check_schedules(struct doctor *doctor, struct project *project, struct trouble *trouble)
{
    sqlite3_stmt *row = project_query(
        project, trouble, "SELECT job, cron, zone, path FROM schedule WHERE active", "");
    int64_t count = 0;
    while (project_next(project, row, trouble)) {
        struct cron cron;
        struct zone zone = {0};
        struct text error = {0};
        const char *job = (const char *)sqlite3_column_text(row, 0);
        const char *path = (const char *)sqlite3_column_text(row, 3);
        if (!cron_read(&cron, span_of((const char *)sqlite3_column_text(row, 1)), span_of(job),
                       &error) ||
            !zone_open(&zone, (const char *)sqlite3_column_text(row, 2), &error)) {
            say(doctor, VERDICT_FAIL, "schedule of %s: %s", job, text_string(&error));
        } else if (access(path, R_OK) != 0) {
            say(doctor, VERDICT_FAIL,
                "schedule of %s: %s: %s; call from the folder that quern schedule runs in", job,
                path, strerror(errno));
        }
        zone_release(&zone);
        text_release(&error);
        count++;
    }
    (void)sqlite3_finalize(row);
    struct project_process holder;
    const bool lives =
        project_lease_read(project, "", &holder, NULL, trouble) && project_process_lives(&holder);
    if (count > 0 && !lives) {
        say(doctor, VERDICT_WARN,
            "scheduler: none is running for %" PRId64 " jobs; start quern "
            "schedule",
            count);
    } else if (count > 0) {
        say(doctor, VERDICT_OK, "scheduler: process %" PRIdMAX ", %" PRId64 " jobs",
            (intmax_t)holder.pid, count);
    }
    return trouble->code == TROUBLE_NONE;
}

static bool check_integrity(struct doctor *doctor, struct project *project, struct trouble *trouble)
{
    sqlite3_stmt *row = project_query(project, trouble, "PRAGMA integrity_check(1)", "");
    const bool is_there = project_next(project, row, trouble);
    const char *answer = is_there ? (const char *)sqlite3_column_text(row, 0) : NULL;
    const bool is_whole = answer && strcmp(answer, "ok") == 0;
    if (is_whole) {
        say(doctor, VERDICT_OK, "project: %s is whole", project->path);
    } else {
        say(doctor, VERDICT_FAIL,
            "project: %s is damaged: %s; move it away, records and their states are not in it",
            project->path, answer ? answer : text_string(&trouble->message));
    }
    (void)sqlite3_finalize(row);
    return is_whole;
}

static void check_project(struct doctor *doctor)
{
    struct project project = {0};
    struct trouble trouble = {0};
    const char *network = project_network_name(doctor->project);
    if (!network && access(doctor->project, F_OK) != 0) {
        say(doctor, VERDICT_OK, "project: none yet; quern schedule makes %s", doctor->project);
    } else if (!project_open(&project, doctor->project, false, &trouble)) {
        say(doctor, VERDICT_FAIL, "project: %s", text_string(&trouble.message));
    } else if (check_integrity(doctor, &project, &trouble) &&
               !check_schedules(doctor, &project, &trouble)) {
        say(doctor, VERDICT_FAIL, "project: %s", text_string(&trouble.message));
    }
    project_close(&project);
    trouble_release(&trouble);
}

void doctor_command(const struct args *args, struct trouble *trouble)
{
    const char *project = args_value(args, "project");
    struct doctor doctor = {.args = args, .project = project ? project : PROJECT_DEFAULT_PATH};
    check_plugin(&doctor);
    check_certificates(&doctor);
    check_names(&doctor);
    check_disk(&doctor);
    check_clock(&doctor);
    check_zones(&doctor);
    check_project(&doctor);
    if (sink_stream_print(&doctor.output, trouble) && doctor.counts[VERDICT_FAIL] > 0) {
        (void)trouble_set(trouble, TROUBLE_JOB, "%" PRId64 " failed", doctor.counts[VERDICT_FAIL]);
    }
    text_release(&doctor.output);
}
