/* SPDX-License-Identifier: Apache-2.0 */
/* Filters: one compressed stream without entries. gzip is read here, for its name, its time and its
 * checksum; bzip2, xz and Zstandard are libarchive's, each enabled alone after its magic held. */
#include "unpack/unpack.h"

#include "base/memory.h"
#include "formats/deflated.h"
#include "formats/reader.h"
#include "unpack/container.h"
#include "unpack/foreign.h"
#include "unpack/member_name.h"

#include <inttypes.h>

enum { SCRATCH_BYTES = 65536, NAMES_ARENA_BYTES = 1 << 20 };

/* RFC 1952 2.3.1. */
enum { GZ_HAS_CRC = 2, GZ_HAS_EXTRA = 4, GZ_HAS_NAME = 8, GZ_HAS_COMMENT = 16 };

struct gz_head {
    bytes name;
    uint32_t modified; /* seconds since 1970; 0: not stated */
};

/* A field that ends at its NUL. */
static bytes read_terminated(struct reader *reader)
{
    const bytes rest = bytes_slice(reader->all, reader->at, reader->all.len);
    const uint8_t *end = memchr(rest.ptr, 0, rest.len);
    if (!end) {
        reader->short_read = true;
        return (bytes){.ptr = rest.ptr, .len = 0};
    }
    const bytes field = read_bytes(reader, (uint64_t)(end - rest.ptr));
    (void)read_u8(reader);
    return field;
}

/* RFC 1952 2.3. False: no gzip member begins here. */
static bool read_gz_head(struct reader *r, struct gz_head *head)
{
    const uint16_t magic = read_u16le(r);
    const uint8_t method = read_u8(r);
    *head = (struct gz_head){.name = str_bytes(STR(""))};
    if (magic != 0x8B1F || method != 8) { /* what is not there reads as 0 */
        return false;
    }
    const uint8_t flags = read_u8(r);
    head->modified = read_u32le(r);
    (void)read_bytes(r, 2); /* extra flags, system */
    if (flags & GZ_HAS_EXTRA) {
        (void)read_bytes(r, read_u16le(r));
    }
    if (flags & GZ_HAS_NAME) {
        head->name = read_terminated(r);
    }
    if (flags & GZ_HAS_COMMENT) {
        (void)read_terminated(r);
    }
    if (flags & GZ_HAS_CRC) {
        (void)read_bytes(r, 2);
    }
    return true; /* a head that is cut leaves short_read */
}

static enum deflated_state take_stream(struct reader *r, uint8_t *scratch, struct intake *intake,
                                       enum status *status)
{
    const bytes rest = bytes_slice(r->all, r->at, r->all.len);
    struct deflated *deflated = deflated_open(rest);
    enum deflated_state state = deflated ? DEFLATED_MORE : DEFLATED_NO_MEMORY;
    *status = STATUS_OK;
    while (state == DEFLATED_MORE && *status == STATUS_OK) {
        size_t produced = 0;
        state = deflated_next(deflated, scratch, SCRATCH_BYTES, &produced);
        if (produced > 0) {
            *status = intake_take(intake, (bytes){.ptr = scratch, .len = produced});
        }
    }
    if (deflated) {
        (void)read_bytes(r, deflated_consumed(deflated));
    }
    deflated_close(deflated);
    return state;
}

static enum status take_gz_member(struct reader *r, uint8_t *scratch, struct intake *intake)
{
    struct member *member = intake->member;
    enum status status = STATUS_OK;
    intake->crc = 0;
    const enum deflated_state state = take_stream(r, scratch, intake, &status);
    TRY(status);
    switch (state) {
    case DEFLATED_NO_MEMORY:
        return STATUS_NO_MEMORY;
    case DEFLATED_SHORT:
        fault_tell(&member->fault, FAULT_truncated, (int64_t)r->all.len,
                   "the gzip stream ends early");
        return STATUS_FAILED;
    case DEFLATED_BAD:
        fault_tell(&member->fault, FAULT_bad_format, (int64_t)r->at,
                   "the gzip stream is damaged at byte %zu", r->at);
        return STATUS_FAILED;
    case DEFLATED_MORE:
    case DEFLATED_END:
        break;
    }
    const uint32_t crc = read_u32le(r);
    (void)read_u32le(r); /* the length modulo 2^32: the checksum says more */
    if (r->short_read) {
        fault_tell(&member->fault, FAULT_truncated, (int64_t)r->all.len,
                   "the gzip stream ends inside its checksum");
        return STATUS_FAILED;
    }
    member->notes[NOTE_bad_checksum] += crc != intake->crc;
    return STATUS_OK;
}

/* RFC 1952 2.2: members stand one after the other. Zeros behind them are padding of tapes. */
static enum status take_gz(struct reader *r, uint8_t *scratch, struct intake *intake)
{
    struct gz_head next;
    do {
        TRY(take_gz_member(r, scratch, intake));
        while (r->at < r->all.len && r->all.ptr[r->at] == 0) {
            r->at++;
        }
        if (r->at == r->all.len) {
            return STATUS_OK;
        }
        const size_t from = r->at;
        if (!read_gz_head(r, &next)) {
            fault_tell(&intake->member->fault, FAULT_bad_format, (int64_t)from,
                       "%zu bytes behind the gzip stream are no gzip: left out", r->all.len - from);
            return STATUS_FAILED;
        }
    } while (!r->short_read);
    fault_tell(&intake->member->fault, FAULT_truncated, (int64_t)r->all.len,
               "the archive ends inside a gzip head");
    return STATUS_FAILED;
}

static enum status name_gz(const struct gz_head *head, struct budget *budget, struct arena *arena,
                           struct member *out)
{
    struct name_judge judge;
    const struct arena_position mark = arena_mark(arena);
    TRY(judge_open(&judge, arena, budget->settings));
    TRY(judge_add(&judge, head->name, false, true));
    judge_settle(&judge);
    arena_rewind(arena, mark);
    out->raw_name = arena_copy_bytes(arena, head->name);
    if (!out->raw_name.ptr) {
        return STATUS_NO_MEMORY;
    }
    if (head->modified != 0) {
        out->modified_us = (int64_t)head->modified * 1000000;
    }
    return judge_name(&judge, arena, out->raw_name, false, out);
}

static enum status unfilter_gz(bytes content, struct intake_source *source, struct arena *arena,
                               struct member *out)
{
    struct reader r = {.all = content};
    struct gz_head head;
    struct intake intake;
    if (!read_gz_head(&r, &head)) {
        fault_tell(&out->fault, FAULT_bad_format, 0, "no gzip stream begins here");
    }
    TRY(name_gz(&head, source->budget, arena, out));
    if (r.short_read) {
        fault_tell(&out->fault, FAULT_truncated, (int64_t)content.len,
                   "the archive ends inside a gzip head");
    }
    if (out->fault.code != FAULT_none) {
        return STATUS_OK;
    }
    uint8_t *scratch = memory_allocate(SCRATCH_BYTES);
    if (!scratch) {
        return STATUS_NO_MEMORY;
    }
    intake_open(&intake, source, out);
    const enum status status = intake_close(&intake, take_gz(&r, scratch, &intake));
    memory_release(scratch);
    return status;
}

static enum status unfilter_foreign(bytes content, enum foreign_reader reader,
                                    struct intake_source *source, struct member *out)
{
    struct intake intake;
    struct foreign *foreign = foreign_open(reader, content, str_bytes(STR("")), &out->fault);
    enum status status = STATUS_OK;
    intake_open(&intake, source, out);
    if (foreign && foreign_next(foreign, &out->fault)) {
        status = foreign_take(foreign, &intake);
    } else if (out->fault.code == FAULT_no_memory) {
        status = STATUS_NO_MEMORY;
    }
    foreign_close(foreign);
    return intake_close(&intake, status);
}

enum status unfilter(bytes content, const struct container *container, struct budget *budget,
                     const struct unpack_watch *watch, struct arena *arena, struct member *out)
{
    struct intake_source source = {
        .budget = budget, .watch = watch, .content_bytes = (int64_t)content.len};
    *out = (struct member){.modified_us = INT64_MIN,
                           .name = STR(""),
                           .raw_name = str_bytes(STR("")),
                           .fault.offset = -1};
    if (watch_is_cancelled(watch)) {
        return STATUS_CANCELLED;
    }
    switch (container->kind) {
    case CONTAINER_gz:
        return unfilter_gz(content, &source, arena, out);
    case CONTAINER_bz2:
        return unfilter_foreign(content, FOREIGN_BZ2, &source, out);
    case CONTAINER_xz:
        return unfilter_foreign(content, FOREIGN_XZ, &source, out);
    case CONTAINER_zst:
        return unfilter_foreign(content, FOREIGN_ZST, &source, out);
    case CONTAINER_zip:
    case CONTAINER_seven_zip:
    case CONTAINER_rar:
    case CONTAINER_rar5:
    case CONTAINER_tar:
    case CONTAINER_COUNT:
        break;
    }
    return STATUS_INTERNAL;
}
