/* SPDX-License-Identifier: Apache-2.0 */
#include "adbc/fault.h"

#include "common/heap.h"
#include "common/plugin_load.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static AdbcStatusCode status_of(int32_t status)
{
    switch ((enum quern_status)status) {
    case QUERN_OK:
        return ADBC_STATUS_OK;
    case QUERN_INVALID_ARGUMENT:
        return ADBC_STATUS_INVALID_ARGUMENT;
    case QUERN_INVALID_STATE:
        return ADBC_STATUS_INVALID_STATE;
    case QUERN_IO:
    case QUERN_HTTP:
        return ADBC_STATUS_IO;
    case QUERN_TIMEOUT:
        return ADBC_STATUS_TIMEOUT;
    case QUERN_CANCELLED:
        return ADBC_STATUS_CANCELLED;
    case QUERN_CORRUPT:
        return ADBC_STATUS_INVALID_DATA;
    case QUERN_UNSUPPORTED:
        return ADBC_STATUS_NOT_IMPLEMENTED;
    case QUERN_LIMIT:
        return ADBC_STATUS_INVALID_ARGUMENT;
    case QUERN_NO_MEMORY:
    case QUERN_INTERNAL:
        return ADBC_STATUS_INTERNAL;
    }
    return ADBC_STATUS_UNKNOWN; /* a later version's */
}

static const char *status_name(int32_t status)
{
    switch ((enum quern_status)status) {
    case QUERN_OK:
        return "ok";
    case QUERN_INVALID_ARGUMENT:
        return "invalid_argument";
    case QUERN_INVALID_STATE:
        return "invalid_state";
    case QUERN_IO:
        return "io";
    case QUERN_HTTP:
        return "http";
    case QUERN_TIMEOUT:
        return "timeout";
    case QUERN_CANCELLED:
        return "cancelled";
    case QUERN_CORRUPT:
        return "corrupt";
    case QUERN_UNSUPPORTED:
        return "unsupported";
    case QUERN_LIMIT:
        return "limit";
    case QUERN_NO_MEMORY:
        return "no_memory";
    case QUERN_INTERNAL:
        return "internal";
    }
    return "unknown";
}

bool fault_set(struct fault *fault, AdbcStatusCode status, const char *message)
{
    text_clear(&fault->message);
    text_add_string(&fault->message, message);
    return fault_check(fault, false, status);
}

bool fault_set_about(struct fault *fault, AdbcStatusCode status, const char *what,
                     const char *message)
{
    text_clear(&fault->message);
    text_add_format(&fault->message, "%s: %s", what, message);
    return fault_check(fault, false, status);
}

bool fault_set_plugin(struct fault *fault, const struct quern_error *why)
{
    text_clear(&fault->message);
    plugin_describe_error(&fault->message, why);
    fault->why = *why;
    const AdbcStatusCode status = status_of(why->status);
    return fault_check(fault, false, status == ADBC_STATUS_OK ? ADBC_STATUS_INTERNAL : status);
}

bool fault_set_memory(struct fault *fault)
{
    return fault_set(fault, ADBC_STATUS_INTERNAL, "out of memory");
}

bool fault_check(struct fault *fault, bool good, AdbcStatusCode status)
{
    if (!good && fault->status == ADBC_STATUS_OK) {
        fault->status = status;
    }
    return good;
}

void fault_release(struct fault *fault)
{
    text_release(&fault->message);
    *fault = (struct fault){0};
}

int fault_number(AdbcStatusCode status)
{
    switch (status) {
    case ADBC_STATUS_OK:
        return 0;
    case ADBC_STATUS_CANCELLED:
        return ECANCELED;
    case ADBC_STATUS_TIMEOUT:
        return ETIMEDOUT;
    case ADBC_STATUS_INVALID_ARGUMENT:
    case ADBC_STATUS_INVALID_STATE:
    case ADBC_STATUS_INTERNAL:
        return EINVAL;
    default: /* statuses of ADBC are numbers of its own */
        return EIO;
    }
}

/* --- AdbcError --- */

enum { DETAILS_MAX = 5 };

struct details {
    int count;
    const char *keys[DETAILS_MAX];
    char values[DETAILS_MAX][sizeof((struct quern_error *)0)->where];
};

static void add_detail(struct details *details, const char *key, const char *value)
{
    details->keys[details->count] = key;
    (void)snprintf(details->values[details->count++], sizeof details->values[0], "%s", value);
}

static void add_number(struct details *details, const char *key, int32_t number)
{
    char digits[16];
    if (number) {
        (void)snprintf(digits, sizeof digits, "%d", (int)number);
        add_detail(details, key, digits);
    }
}

static struct details *make_details(const struct quern_error *why)
{
    struct details *details = why->status ? heap_allocate(sizeof *details) : NULL;
    if (details) {
        add_detail(details, "quern.status", status_name(why->status));
        if (why->where[0]) {
            add_detail(details, "quern.where", why->where);
        }
        if (why->flags & QUERN_ERROR_RETRYABLE) {
            add_detail(details, "quern.retryable", "true");
        }
        add_number(details, "quern.http_status", why->http_status);
        add_number(details, "quern.errno", why->sys_errno);
    }
    return details;
}

static void release_old(struct AdbcError *error)
{
    heap_release(error->message);
    error->message = NULL;
    error->release = NULL;
}

static void release_new(struct AdbcError *error)
{
    heap_release(error->private_data);
    error->private_data = NULL;
    release_old(error);
}

AdbcStatusCode error_tell(struct AdbcError *to, struct fault *fault)
{
    const AdbcStatusCode status = fault->status;
    if (to) {
        const bool is_new = to->vendor_code == ADBC_ERROR_VENDOR_CODE_PRIVATE_DATA;
        if (to->release) {
            to->release(to);
        }
        struct text message = {0};
        text_add_format(&message, "quern: %s",
                        fault->message.failed ? "out of memory" : text_string(&fault->message));
        to->message = message.failed ? NULL : message.ptr;
        if (message.failed) {
            text_release(&message);
        }
        to->vendor_code = is_new ? ADBC_ERROR_VENDOR_CODE_PRIVATE_DATA : 0;
        for (size_t i = 0; i < sizeof to->sqlstate; i++) {
            to->sqlstate[i] = 0;
        }
        to->release = is_new ? release_new : release_old;
        if (is_new) {
            to->private_data = make_details(&fault->why);
        }
    }
    fault_release(fault);
    return status;
}

static const struct details *details_of(const struct AdbcError *error)
{
    return error && error->release == release_new ? error->private_data : NULL;
}

int error_detail_count(const struct AdbcError *error)
{
    const struct details *details = details_of(error);
    return details ? details->count : 0;
}

struct AdbcErrorDetail error_detail(const struct AdbcError *error, int index)
{
    const struct details *details = details_of(error);
    if (!details || index < 0 || index >= details->count) {
        return (struct AdbcErrorDetail){0};
    }
    return (struct AdbcErrorDetail){.key = details->keys[index],
                                    .value = (const uint8_t *)details->values[index],
                                    .value_length = strlen(details->values[index])};
}
