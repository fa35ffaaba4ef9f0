/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/progress.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

enum {
    JSON_EVERY_MS = 1000,
    LINE_EVERY_MS = 100,
    FAILURES_TOLD_MAX = 20, /* the records say them all */
    NARROW_COLUMNS = 80
};

static int64_t now_ms(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

void progress_open(struct progress *progress, enum progress_style style)
{
    *progress = (struct progress){.style = style, .started_ms = now_ms(), .documents_total = -1};
}

static void wipe_line(struct progress *progress)
{
    if (progress->line_shown) {
        (void)fputs("\r\033[K", stderr);
        progress->line_shown = false;
    }
}

static void put_line(struct progress *progress, struct text *line, bool is_warning)
{
    wipe_line(progress);
    if (progress->tell && !line->failed) {
        progress->tell(progress->tell_context, is_warning, text_span(line));
    } else if (!line->failed) {
        text_add_byte(line, '\n');
        (void)fwrite(text_string(line), 1, line->len, stderr);
    }
    text_release(line);
}

/* Whose line it is, where others write, too. */
static void begin_line(const struct progress *progress, struct text *line)
{
    text_add_string(line, progress->tell ? "" : "quern: ");
}

/* "3.4 MB": decimal units, as drives and networks count. */
static void add_bytes(struct text *to, int64_t bytes)
{
    static const char *const units[] = {"kB", "MB", "GB", "TB"};
    double scaled = (double)bytes / 1000.0;
    size_t unit = 0;
    if (bytes < 1000) {
        text_add_format(to, "%" PRId64 " bytes", bytes);
        return;
    }
    while (scaled >= 1000.0 && unit + 1 < sizeof units / sizeof units[0]) {
        scaled /= 1000.0;
        unit++;
    }
    text_add_format(to, "%.1f %s", scaled, units[unit]);
}

static int64_t documents_done(const struct progress *progress)
{
    const int64_t now = progress->now.documents_done;
    return progress->documents_before + (now > 0 ? now : 0);
}

static int64_t bytes_done(const struct progress *progress)
{
    const int64_t now = progress->now.received_bytes;
    return progress->bytes_before + (now > 0 ? now : 0);
}

static void add_counts(struct text *to, const struct progress *progress, double seconds)
{
    text_add_integer(to, documents_done(progress));
    if (progress->documents_total >= 0) {
        text_add_format(to, " of %" PRId64, progress->documents_total);
    }
    text_add_string(to, " documents, ");
    add_bytes(to, bytes_done(progress));
    if (seconds >= 0.5) {
        text_add_format(to, ", %.1f/s", (double)documents_done(progress) / seconds);
    }
}

static size_t terminal_width(void)
{
    struct winsize size = {0};
    return ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col
                                                                           : NARROW_COLUMNS;
}

/* Names come from outside: what is not plain ASCII or fits no more must not move the cursor. */
static void draw_line(struct progress *progress, const char *current, double seconds)
{
    struct text line = {0};
    add_counts(&line, progress, seconds);
    if (progress->now.wait_ms > 0) {
        text_add_format(&line, ", waiting %.1f s for", (double)progress->now.wait_ms / 1000.0);
    }
    text_add_format(&line, " %s", current);
    const size_t width = terminal_width() - 1;
    for (size_t i = 0; i < line.len; i++) {
        const unsigned char c = (unsigned char)line.ptr[i];
        line.ptr[i] = c >= 0x20 && c < 0x7F ? line.ptr[i] : '?';
    }
    if (!line.failed) {
        (void)fprintf(stderr, "\r%.*s\033[K", (int)(line.len < width ? line.len : width), line.ptr);
        progress->line_shown = true;
    }
    text_release(&line);
}

static void put_json(struct progress *progress, const char *current)
{
    struct text line = {0};
    text_add_format(&line,
                    "{\"event\":\"progress\",\"documents_done\":%" PRId64 ",\"documents_total\":",
                    documents_done(progress));
    if (progress->documents_total >= 0) {
        text_add_integer(&line, progress->documents_total);
    } else {
        text_add_string(&line, "null");
    }
    text_add_format(&line,
                    ",\"records\":%" PRId64 ",\"received_bytes\":%" PRId64 ",\"wait_ms\":%" PRId64
                    ",\"current\":",
                    progress->records_before + progress->now.records, bytes_done(progress),
                    progress->now.wait_ms);
    text_add_json_string(&line, span_of(current));
    text_add_byte(&line, '}');
    put_line(progress, &line, false);
}

void progress_tell(struct progress *progress, const struct quern_progress *now)
{
    if (now->struct_size < sizeof *now) {
        return;
    }
    progress->now = *now;
    progress->now.current = NULL;
    const int64_t time_ms = now_ms();
    if (progress->style == PROGRESS_LINE && time_ms - progress->told_ms >= LINE_EVERY_MS) {
        draw_line(progress, now->current, (double)(time_ms - progress->started_ms) / 1000.0);
        progress->told_ms = time_ms;
    } else if (progress->style == PROGRESS_JSON && time_ms - progress->told_ms >= JSON_EVERY_MS) {
        put_json(progress, now->current);
        progress->told_ms = time_ms;
    }
}

void progress_split_done(struct progress *progress, int64_t documents)
{
    progress->documents_before += documents;
    progress->bytes_before += progress->now.received_bytes > 0 ? progress->now.received_bytes : 0;
    progress->records_before += progress->now.records > 0 ? progress->now.records : 0;
    progress->now = (struct quern_progress){0};
}

void progress_say(struct progress *progress, const char *event, const char *format, ...)
{
    if (progress->style == PROGRESS_QUIET) {
        return;
    }
    char message[1024];
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    struct text line = {0};
    if (progress->style == PROGRESS_JSON) {
        text_add_format(&line, "{\"event\":\"%s\",\"message\":", event);
        text_add_json_string(&line, span_of(message));
        text_add_byte(&line, '}');
    } else {
        begin_line(progress, &line);
        text_add_string(&line, message);
    }
    put_line(progress, &line, strcmp(event, "log") == 0);
}

/* Names and messages may carry what a page says: no control character reaches a terminal. */
static void add_visible(struct text *to, span s)
{
    for (size_t i = 0; i < s.len; i++) {
        const unsigned char c = (unsigned char)s.ptr[i];
        text_add_byte(to, c < 0x20 || c == 0x7F ? '?' : s.ptr[i]);
    }
}

void progress_failure(struct progress *progress, span name, span status, span code, span message)
{
    if (progress->style == PROGRESS_QUIET || progress->failures_told++ >= FAILURES_TOLD_MAX) {
        return;
    }
    struct text line = {0};
    if (progress->style == PROGRESS_JSON) {
        const span values[] = {name, status, code, message};
        static const char *const keys[] = {"url", "status", "error_code", "error_message"};
        text_add_string(&line, "{\"event\":\"failure\"");
        for (size_t i = 0; i < 4; i++) {
            text_add_format(&line, ",\"%s\":", keys[i]);
            text_add_json_string(&line, values[i]);
        }
        text_add_byte(&line, '}');
    } else {
        begin_line(progress, &line);
        add_visible(&line, name);
        text_add_string(&line, ": ");
        add_visible(&line, status);
        text_add_string(&line, ": ");
        add_visible(&line, message.len ? message : code);
        if (progress->failures_told == FAILURES_TOLD_MAX) {
            text_add_string(&line, " (further failures stand in their records only)");
        }
    }
    put_line(progress, &line, true);
}

static void add_some(struct text *to, int64_t count, const char *what)
{
    if (count > 0) {
        text_add_format(to, ", %" PRId64 "%s", count, what);
    }
}

void progress_summary(struct progress *progress, const struct store_tally *tally,
                      enum trouble_code code)
{
    const double seconds = (double)(now_ms() - progress->started_ms) / 1000.0;
    const bool is_told = code == TROUBLE_NONE || code == TROUBLE_DATA ||
                         code == TROUBLE_UNAVAILABLE || code == TROUBLE_LATER;
    struct text line = {0};
    if (progress->style == PROGRESS_QUIET || (!is_told && progress->style != PROGRESS_JSON)) {
        wipe_line(progress);
        return;
    }
    if (progress->style == PROGRESS_JSON) {
        text_add_format(&line,
                        "{\"event\":\"summary\",\"inputs\":%" PRId64 ",\"records\":%" PRId64
                        ",\"failed\":%" PRId64 ",\"unchanged\":%" PRId64 ",\"not_due\":%" PRId64
                        ",\"received_bytes\":%" PRId64 ",\"seconds\":%.3f,\"exit\":%d}",
                        tally->inputs, tally->records, tally->failed, tally->unchanged,
                        tally->not_due, bytes_done(progress), seconds, (int)code);
    } else {
        begin_line(progress, &line);
        text_add_count(&line, tally->inputs, "input");
        text_add_string(&line, ", ");
        text_add_count(&line, tally->records, "record");
        text_add_format(&line, ", %" PRId64 " failed", tally->failed);
        add_some(&line, tally->unchanged, " unchanged");
        add_some(&line, tally->not_due, " not due");
        text_add_string(&line, "; ");
        add_bytes(&line, bytes_done(progress));
        text_add_format(&line, " in %.1f s", seconds);
        if (code == TROUBLE_LATER) {
            text_add_string(&line, "; inputs are left: run it again to go on");
        }
    }
    put_line(progress, &line, false);
}
