/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/session.h"

#include "cli/signals.h"
#include "cli/store.h"
#include "common/job_file.h"

#include <string.h>
#include <unistd.h>

static void host_log(void *context, int32_t level, const char *message, size_t len)
{
    struct session *session = context;
    if (level >= QUERN_LOG_WARNING) {
        progress_say(&session->progress, "log", "%.*s", (int)(len < 900 ? len : 900), message);
    }
}

static bool host_is_cancelled(void *context)
{
    (void)context;
    return signals_stop_asked();
}

static void host_progress(void *context, const struct quern_progress *now)
{
    progress_tell(&((struct session *)context)->progress, now);
}

static int32_t memo_get(void *context, struct quern_bytes key, struct quern_bytes *out)
{
    struct store_memo *memo = ((struct session *)context)->memo;
    return memo->type->get(memo, key, out);
}

static int32_t memo_put(void *context, struct quern_bytes key, struct quern_bytes value)
{
    struct store_memo *memo = ((struct session *)context)->memo;
    return memo->type->put(memo, key, value);
}

static int32_t memo_scan(void *context, struct quern_bytes prefix,
                         bool (*each)(void *visitor, struct quern_bytes key,
                                      struct quern_bytes value),
                         void *visitor)
{
    struct store_memo *memo = ((struct session *)context)->memo;
    return memo->type->scan(memo, prefix, each, visitor);
}

static const void *host_extension(void *context, const char *id)
{
    static const struct quern_store store = {
        .struct_size = sizeof store, .get = memo_get, .put = memo_put, .scan = memo_scan};
    const struct session *session = context;
    return session->memo && strcmp(id, QUERN_EXT_STORE) == 0 ? &store : NULL;
}

static bool read_style(const struct args *args, enum progress_style *out, struct trouble *trouble)
{
    const char *asked = args_value(args, "progress");
    *out = isatty(STDERR_FILENO) ? PROGRESS_LINE : PROGRESS_PLAIN;
    if (asked && strcmp(asked, "json") != 0) {
        return trouble_set(trouble, TROUBLE_USAGE, "--progress=%s: only json is known", asked);
    }
    if (asked) {
        *out = PROGRESS_JSON;
    }
    if (args_has(args, "quiet")) {
        *out = PROGRESS_QUIET;
    }
    return true;
}

bool session_open(struct session *session, const struct args *args, struct trouble *trouble)
{
    *session = (struct session){0};
    enum progress_style style = PROGRESS_PLAIN;
    if (!read_style(args, &style, trouble)) {
        return false;
    }
    progress_open(&session->progress, style);
    struct text path = {0};
    struct text error = {0};
    const bool found = plugin_find(args_value(args, "plugin"), &path, &error);
    const bool loaded = found && plugin_load(text_string(&path), &session->library, &error);
    if (!loaded) {
        (void)trouble_set(trouble, TROUBLE_NO_INPUT, "%s", text_string(&error));
    }
    text_release(&path);
    text_release(&error);
    session->plugin = session->library.table;
    session->host = (struct quern_host){.struct_size = sizeof session->host,
                                        .context = session,
                                        .log = host_log,
                                        .is_cancelled = host_is_cancelled,
                                        .progress = host_progress,
                                        .get_extension = host_extension};
    return loaded;
}

bool session_open_source(struct session *session, const struct quern_option *options, size_t count,
                         struct trouble *trouble)
{
    struct quern_error error = {.struct_size = sizeof error};
    return session->plugin->source_open(&session->host, options, count, &session->source, &error) ==
               QUERN_OK ||
           session_fail(session, &error, trouble);
}

void session_close(struct session *session)
{
    if (session->plugin) {
        session->plugin->source_close(session->source);
    }
    plugin_unload(&session->library);
    session->plugin = NULL;
    session->source = NULL;
}

static enum trouble_code code_of(const struct session *session, const struct quern_error *error)
{
    switch ((enum quern_status)error->status) {
    case QUERN_INVALID_ARGUMENT:
    case QUERN_UNSUPPORTED:
        return session->job_path ? TROUBLE_JOB : TROUBLE_USAGE;
    case QUERN_IO: /* all else that a source reads is an input */
        return strcmp(error->where, "keep") == 0 ? TROUBLE_CANNOT_CREATE : TROUBLE_NO_INPUT;
    case QUERN_HTTP:
    case QUERN_TIMEOUT:
        return TROUBLE_UNAVAILABLE;
    case QUERN_CANCELLED:
        return TROUBLE_LATER;
    case QUERN_CORRUPT:
        return TROUBLE_JOB;
    case QUERN_LIMIT:
        return TROUBLE_DATA;
    case QUERN_OK:
    case QUERN_INVALID_STATE:
    case QUERN_NO_MEMORY:
    case QUERN_INTERNAL:
        break;
    }
    return TROUBLE_INTERNAL;
}

bool session_fail(const struct session *session, const struct quern_error *error,
                  struct trouble *trouble)
{
    struct text message = {0};
    const unsigned line = session->job ? job_file_line(session->job, error->where) : 0;
    if (line > 0) {
        text_add_format(&message, "%s:%u: ", session->job_path, line);
    } else if (error->status == QUERN_CORRUPT && session->state_path) {
        text_add_format(&message, "%s: ", session->state_path);
    } else if (session->job_path && !session->job) {
        text_add_format(&message, "%s: ", session->job_path);
    }
    plugin_describe_error(&message, error);
    if (session->job && error->status == QUERN_CORRUPT) {
        text_add_string(&message, "; the last run was another version's: quern run --anew");
    } else if (error->status == QUERN_CORRUPT && session->state_path) {
        text_add_string(&message, "; give no state to begin anew");
    }
    (void)trouble_set(trouble, code_of(session, error), "%s", text_string(&message));
    text_release(&message);
    return false;
}

struct quern_option *session_set_options(struct pool *pool, const struct args *args, size_t room,
                                         size_t *count, struct trouble *trouble)
{
    struct quern_option *options =
        pool_allocate(pool, (args->given_count + room + 1) * sizeof *options);
    *count = 0;
    if (!options) {
        (void)trouble_memory(trouble);
        return NULL;
    }
    for (size_t i = 0; i < args->given_count; i++) {
        if (strcmp(args->given[i].option->name, "set") != 0) {
            continue;
        }
        const char *written = args->given[i].value;
        const char *equals = strchr(written, '=');
        if (!equals || equals == written) {
            (void)trouble_set(trouble, TROUBLE_USAGE, "--set %s: must be KEY=VALUE", written);
            return NULL;
        }
        const span key = pool_copy(pool, (span){written, (size_t)(equals - written)});
        if (!key.ptr) {
            (void)trouble_memory(trouble);
            return NULL;
        }
        options[(*count)++] = (struct quern_option){.key = key.ptr, .value = equals + 1};
    }
    return options;
}
