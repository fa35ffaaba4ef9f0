/* SPDX-License-Identifier: Apache-2.0 */
#include "abi/watch.h"

#include <stdarg.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

enum {
    ASK_EVERY_MS = 5,   /* a tenth of what host.h promises; jobs ask at every event */
    TELL_EVERY_MS = 100 /* ten times a second */
};

/* The last member of the first version: a constant, whatever is appended later. */
static const size_t host_size_min =
    offsetof(struct quern_host, get_extension) + sizeof(((struct quern_host *)0)->get_extension);

int32_t host_copy(const struct quern_host *host, struct quern_host *out, struct quern_error *error)
{
    *out = (struct quern_host){.struct_size = sizeof *out};
    if (!host) {
        return QUERN_OK;
    }
    if (host->struct_size < host_size_min) {
        return error_set(error, QUERN_INVALID_ARGUMENT, STR("host"),
                         "struct_size is %u; it must be at least %zu", host->struct_size,
                         host_size_min);
    }
    memcpy(out, host, host->struct_size < sizeof *out ? host->struct_size : sizeof *out);
    out->struct_size = sizeof *out;
    return QUERN_OK;
}

void watch_init(struct watch *watch, const struct quern_host *host)
{
    *watch = (struct watch){.host = *host, .told_documents = -1};
    atomic_init(&watch->cancelled, false);
}

int64_t monotonic_ms(void)
{
    struct timespec now = {0};
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

bool process_is(pid_t pid)
{
    return getpid() == pid;
}

bool watch_must_stop(void *context)
{
    struct watch *watch = context;
    if (atomic_load_explicit(&watch->cancelled, memory_order_acquire)) {
        return true;
    }
    if (!watch->host.is_cancelled) {
        return false;
    }
    const int64_t now_ms = monotonic_ms();
    if (now_ms - watch->asked_at_ms < ASK_EVERY_MS) {
        return false;
    }
    watch->asked_at_ms = now_ms;
    if (!watch->host.is_cancelled(watch->host.context)) {
        return false;
    }
    atomic_store_explicit(&watch->cancelled, true, memory_order_release); /* there is no way back */
    return true;
}

static void copy_current(struct watch *watch, str current)
{
    size_t len = current.len < sizeof watch->current ? current.len : sizeof watch->current - 1;
    while (len > 0 && len < current.len && ((unsigned char)current.ptr[len] & 0xC0) == 0x80) {
        len--;
    }
    if (len) {
        memcpy(watch->current, current.ptr, len);
    }
    watch->current[len] = '\0';
}

void watch_progress(void *context, const struct job_progress *progress)
{
    struct watch *watch = context;
    if (!watch->host.progress) {
        return;
    }
    const int64_t now_ms = monotonic_ms();
    const bool is_document_end = progress->documents_done != watch->told_documents;
    if (!is_document_end && now_ms - watch->told_at_ms < TELL_EVERY_MS) {
        return;
    }
    watch->told_at_ms = now_ms;
    watch->told_documents = progress->documents_done;
    copy_current(watch, progress->current);
    const struct quern_progress told = {
        .struct_size = sizeof told,
        .documents_done = progress->documents_done,
        .documents_total = progress->documents_total,
        .records = progress->records,
        .received_bytes = progress->received_bytes,
        .wait_ms = progress->wait_ms,
        .current = watch->current,
        .unchanged = progress->unchanged,
        .not_due = progress->not_due,
        .failed = progress->failed,
        .unanswered = progress->unanswered,
    };
    watch->host.progress(watch->host.context, &told);
}

void watch_withheld(void *context, const struct job_withheld *withheld)
{
    const struct watch *watch = context;
    const str url = withheld->url;
    const str code = fault_code_name(withheld->fault->code);
    watch_log(&watch->host, QUERN_LOG_WARNING, "%.*s: %.*s: %s; its record stays as it is",
              (int)(url.len < 200 ? url.len : 200), url.ptr, (int)code.len, code.ptr,
              withheld->fault->message);
}

void watch_log(const struct quern_host *host, enum quern_log_level level, const char *format, ...)
{
    char message[512];
    va_list arguments;
    if (!host->log) {
        return;
    }
    va_start(arguments, format);
    const int len = vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    if (len > 0) {
        const size_t held = (size_t)len < sizeof message ? (size_t)len : sizeof message - 1;
        host->log(host->context, (int32_t)level, message, held);
    }
}
