/* SPDX-License-Identifier: Apache-2.0 */
#include "unpack/intake.h"

#include <inttypes.h>
#include <zlib.h>

enum {
    STEP_BYTES = 65536,         /* the host is asked that often whether to go on */
    RATIO_FREE_BYTES = 16 << 20 /* small inputs may be packed as well as they like */
};

bool watch_is_cancelled(const struct unpack_watch *watch)
{
    return watch && watch->is_cancelled && watch->is_cancelled(watch->context);
}

void intake_open(struct intake *intake, struct intake_source *source, struct member *member)
{
    *intake = (struct intake){.source = source,
                              .member = member,
                              .limit_bytes = source->budget->settings->archive_entry_bytes_max};
}

/* How many bytes may still come out of this source. */
static int64_t source_room(const struct intake_source *source)
{
    const struct settings *settings = source->budget->settings;
    const int64_t ratio_max = settings->archive_ratio_max;
    const int64_t by_input = settings->archive_bytes_max - source->budget->unpacked_bytes;
    int64_t by_ratio = source->content_bytes > INT64_MAX / ratio_max
                           ? INT64_MAX
                           : source->content_bytes * ratio_max;
    by_ratio = by_ratio < RATIO_FREE_BYTES ? RATIO_FREE_BYTES : by_ratio;
    by_ratio -= source->produced_bytes;
    const int64_t room = by_ratio < by_input ? by_ratio : by_input;
    return room > 0 ? room : 0;
}

static void tell_spent(const struct intake_source *source, struct fault *fault)
{
    const struct settings *settings = source->budget->settings;
    if (source->budget->unpacked_bytes >= settings->archive_bytes_max) {
        fault_tell(fault, FAULT_limit, -1,
                   "archive_bytes_max: %" PRId64 " bytes were unpacked from this input",
                   source->budget->unpacked_bytes);
        return;
    }
    fault_tell(fault, FAULT_limit, -1,
               "archive_ratio_max: %" PRId64 " bytes came out of %" PRId64 " packed ones",
               source->produced_bytes, source->content_bytes);
}

/* An archive inside an archive is judged as what it is: its own members meet the entry's limit. */
static void raise_limit_for_container(struct intake *intake, bytes first)
{
    const int64_t whole = intake->source->budget->settings->content_bytes_max;
    unsigned bits;
    if (container_bid(first, &bits) && intake->limit_bytes < whole) {
        intake->limit_bytes = whole;
    }
}

static enum status open_blob(struct intake *intake, bytes first)
{
    const struct settings *settings = intake->source->budget->settings;
    raise_limit_for_container(intake, first);
    intake->blob = blob_open((size_t)settings->memory_bytes_max, (size_t)intake->limit_bytes);
    return intake->blob ? STATUS_OK : STATUS_NO_MEMORY;
}

static enum status write_step(struct intake *intake, bytes step)
{
    const enum status status = blob_write(intake->blob, step);
    if (status == STATUS_FAILED) {
        fault_tell(&intake->member->fault, FAULT_unreadable, -1,
                   "the temporary file for it could not be written: errno %d",
                   blob_errno(intake->blob));
    }
    TRY(status);
    const int64_t len = (int64_t)step.len; /* at most STEP_BYTES */
    intake->taken_bytes += len;
    intake->source->produced_bytes += len;
    intake->source->budget->unpacked_bytes += len;
    intake->crc = (uint32_t)crc32(intake->crc, step.ptr, (uInt)step.len);
    return STATUS_OK;
}

enum status intake_take(struct intake *intake, bytes part)
{
    struct intake_source *source = intake->source;
    if (!intake->blob) {
        TRY(open_blob(intake, part));
    }
    while (part.len > 0) {
        const int64_t of_entry = intake->limit_bytes - intake->taken_bytes;
        const int64_t of_source = source_room(source);
        const int64_t room = of_entry < of_source ? of_entry : of_source;
        if (watch_is_cancelled(source->watch)) {
            return STATUS_CANCELLED;
        }
        if (room == 0) {
            intake->is_cut = true;
            source->is_spent = of_source == 0;
            if (source->is_spent) {
                tell_spent(source, &intake->member->fault);
            } else {
                fault_tell(&intake->member->fault, FAULT_limit, intake->taken_bytes,
                           "archive_entry_bytes_max: only its first %" PRId64 " bytes were read",
                           intake->taken_bytes);
            }
            return STATUS_LIMIT;
        }
        size_t len = part.len < STEP_BYTES ? part.len : STEP_BYTES;
        len = (int64_t)len < room ? len : (size_t)room; /* room is less than STEP_BYTES here */
        TRY(write_step(intake, bytes_slice(part, 0, len)));
        part = bytes_slice(part, len, part.len);
    }
    return STATUS_OK;
}

enum status intake_pass(struct intake_source *source, size_t len)
{
    const int64_t room = source_room(source);
    if (watch_is_cancelled(source->watch)) {
        return STATUS_CANCELLED;
    }
    const int64_t counted = len < (uint64_t)room ? (int64_t)len : room;
    source->produced_bytes += counted;
    source->budget->unpacked_bytes += counted;
    source->is_spent = source->is_spent || len > (uint64_t)room;
    return source->is_spent ? STATUS_LIMIT : STATUS_OK;
}

enum status intake_close(struct intake *intake, enum status status)
{
    if (status == STATUS_LIMIT || status == STATUS_FAILED) {
        status = STATUS_OK;
    }
    /* A member without a byte that failed has no content; an empty one that is whole has. */
    if (status == STATUS_OK && !intake->blob && intake->member->fault.code == FAULT_none) {
        status = open_blob(intake, str_bytes(STR("")));
    }
    if (status == STATUS_OK && intake->blob) {
        status = blob_seal(intake->blob);
        if (status == STATUS_FAILED) {
            fault_tell(&intake->member->fault, FAULT_unreadable, -1,
                       "its temporary file could not be mapped: errno %d",
                       blob_errno(intake->blob));
        }
    }
    if (status == STATUS_OK) {
        intake->member->content = intake->blob;
    } else {
        blob_close(intake->blob);
    }
    intake->blob = NULL;
    return status == STATUS_FAILED ? STATUS_OK : status;
}
