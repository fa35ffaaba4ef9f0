/* SPDX-License-Identifier: Apache-2.0 */
/* One open archive: which reader, which names, how far. ZIP has a reader of its own; the others are
 * libarchive's.
 *
 * Names: of a ZIP they are all in the directory; of tar and RAR 4 a first pass over the headers
 * collects them (nothing is decoded for that); 7z and RAR 5 state theirs in Unicode.
 */
#include "unpack/unpack.h"

#include "base/memory.h"
#include "unpack/container.h"
#include "unpack/foreign.h"
#include "unpack/member_name.h"
#include "unpack/occurrence.h"
#include "unpack/volume.h"
#include "unpack/zip_member.h"

#include <inttypes.h>

enum {
    NAMES_ARENA_BYTES = 256 << 20, /* NAMES_JUDGED_MAX names of at most 64 KiB */
    CANCEL_ASKED_EVERY = 256
};

struct unpack {
    bytes content;
    enum container_kind kind;
    struct intake_source source;
    struct arena arena; /* names that are judged */
    struct name_judge judge;
    struct occurrences occurrences;
    struct volume volume;
    struct zip zip;
    size_t zip_cursor;
    uint8_t *scratch; /* ZIP_SCRATCH_BYTES */
    struct foreign *foreign;
    size_t member_count;
    int64_t passed_over; /* entries that are neither files nor folders */
    bool was_cancelled;  /* while it was opened */
};

static enum foreign_reader reader_of(enum container_kind kind)
{
    switch (kind) {
    case CONTAINER_seven_zip:
        return FOREIGN_SEVEN_ZIP;
    case CONTAINER_rar:
        return FOREIGN_RAR;
    case CONTAINER_rar5:
        return FOREIGN_RAR5;
    case CONTAINER_bz2:
        return FOREIGN_BZ2;
    case CONTAINER_xz:
        return FOREIGN_XZ;
    case CONTAINER_zst:
        return FOREIGN_ZST;
    case CONTAINER_tar:
    case CONTAINER_zip:
    case CONTAINER_gz:
    case CONTAINER_COUNT:
        break;
    }
    return FOREIGN_TAR;
}

static bytes entry_name(struct archive_entry *entry)
{
    const char *name = archive_entry_pathname(entry);
    name = name ? name : "";
    return (bytes){.ptr = (const uint8_t *)name, .len = strlen(name)};
}

/* RAR states no kind at all for some entries: what is not known to be something else is a file. */
static bool has_content(struct archive_entry *entry)
{
    const bool is_file =
        archive_entry_filetype(entry) == AE_IFREG || archive_entry_filetype(entry) == 0;
    return is_file && !archive_entry_hardlink(entry);
}

/* A header may state any 64-bit second; those of a hundred thousand years do. */
static int64_t modified_us(struct archive_entry *entry)
{
    const int64_t second_max = 100000LL * 366 * 86400;
    const int64_t second = archive_entry_mtime(entry);
    if (!archive_entry_mtime_is_set(entry) || second > second_max || second < -second_max) {
        return INT64_MIN;
    }
    return second * 1000000 + archive_entry_mtime_nsec(entry) / 1000;
}

static int64_t entries_left(const struct unpack *unpack)
{
    const struct budget *budget = unpack->source.budget;
    const int64_t left = budget->settings->archive_entries_max - budget->entries;
    return left > 0 ? left : 0;
}

/* The first pass over a tar or RAR 4. What is damaged in it is told by the second. */
static enum status judge_headers(struct unpack *unpack)
{
    struct fault ignored = {.code = FAULT_none};
    struct archive_entry *entry;
    enum status status = STATUS_OK;
    struct foreign *foreign =
        foreign_open(reader_of(unpack->kind), unpack->content, str_bytes(STR("")), &ignored);
    const int64_t max = entries_left(unpack);
    for (int64_t i = 0; foreign && i < max && status == STATUS_OK; i++) {
        if (i % CANCEL_ASKED_EVERY == 0 && watch_is_cancelled(unpack->source.watch)) {
            status = STATUS_CANCELLED;
        } else if ((entry = foreign_next(foreign, &ignored)) == NULL) {
            break;
        } else {
            status = judge_add(&unpack->judge, entry_name(entry), false, false);
        }
    }
    foreign_close(foreign);
    return status;
}

static enum status judge_directory(struct unpack *unpack)
{
    struct zip_entry entry;
    size_t cursor = 0;
    const int64_t max = entries_left(unpack);
    for (int64_t i = 0; i < max && zip_next(&unpack->zip, &cursor, &entry); i++) {
        if (i % CANCEL_ASKED_EVERY == 0 && watch_is_cancelled(unpack->source.watch)) {
            return STATUS_CANCELLED;
        }
        if (entry.unicode_name.len == 0) {
            TRY(judge_add(&unpack->judge, entry.name, entry.flags & ZIP_FLAG_UTF8, true));
        }
    }
    return STATUS_OK;
}

static enum status open_zip(struct unpack *unpack, struct fault *fault)
{
    if (!zip_open(unpack->content, &unpack->zip)) {
        fault_tell(fault, FAULT_bad_format, 0, "neither a directory nor an entry can be found");
        return STATUS_FAILED;
    }
    unpack->scratch = memory_allocate(ZIP_SCRATCH_BYTES);
    if (!unpack->scratch) {
        return STATUS_NO_MEMORY;
    }
    TRY(zip_check_overlap(&unpack->zip, entries_left(unpack), unpack->source.watch, fault));
    return judge_directory(unpack);
}

static enum status open_foreign(struct unpack *unpack, struct fault *fault)
{
    if (!volume_check(unpack->content, unpack->kind, &unpack->volume, fault)) {
        return STATUS_FAILED;
    }
    if (unpack->kind == CONTAINER_tar || unpack->kind == CONTAINER_rar) {
        TRY(judge_headers(unpack));
    }
    unpack->foreign =
        foreign_open(reader_of(unpack->kind), unpack->content, str_bytes(STR("")), fault);
    return unpack->foreign ? STATUS_OK : STATUS_FAILED;
}

static enum status open_reader(struct unpack *unpack, struct fault *fault)
{
    const struct settings *settings = unpack->source.budget->settings;
    TRY(judge_open(&unpack->judge, &unpack->arena, settings));
    TRY(unpack->kind == CONTAINER_zip ? open_zip(unpack, fault) : open_foreign(unpack, fault));
    judge_settle(&unpack->judge);
    return STATUS_OK;
}

struct unpack *unpack_open(bytes content, const struct container *container, struct budget *budget,
                           const struct unpack_watch *watch, struct fault *fault)
{
    struct unpack *unpack = memory_allocate(sizeof *unpack);
    *fault = (struct fault){.code = FAULT_none, .offset = -1};
    if (!unpack) {
        fault_tell(fault, FAULT_no_memory, -1, "no memory to open the archive");
        return NULL;
    }
    unpack->content = content;
    unpack->kind = container->kind;
    unpack->source = (struct intake_source){
        .budget = budget, .watch = watch, .content_bytes = (int64_t)content.len};
    arena_init(&unpack->arena, NAMES_ARENA_BYTES);
    const enum status status = open_reader(unpack, fault);
    unpack->was_cancelled = status == STATUS_CANCELLED; /* told by unpack_next */
    if (status == STATUS_OK || status == STATUS_CANCELLED) {
        return unpack;
    }
    if (status == STATUS_NO_MEMORY) {
        fault_tell(fault, FAULT_no_memory, -1, "no memory to open the archive");
    }
    unpack_close(unpack);
    return NULL;
}

/* Nothing more comes out, and a limit is why. */
static bool is_used_up(struct unpack *unpack, struct fault *fault)
{
    const struct budget *budget = unpack->source.budget;
    if (unpack->source.is_spent) {
        fault_tell(fault, FAULT_limit, -1,
                   "archive_bytes_max or archive_ratio_max is used up: the rest was not read");
        return true;
    }
    if (budget->entries >= budget->settings->archive_entries_max) {
        fault_tell(fault, FAULT_limit, -1,
                   "archive_entries_max: more than %" PRId64 " entries; the rest was not read",
                   budget->settings->archive_entries_max);
        return true;
    }
    return false;
}

static void tell_zip_end(const struct unpack *unpack, struct fault *fault)
{
    if (unpack->zip.is_split) {
        fault_tell(fault, FAULT_truncated, -1,
                   "one part of a split archive: entries of the other parts are missing");
    } else if (unpack->zip.is_recovered) {
        fault_tell(fault, FAULT_truncated, (int64_t)unpack->content.len,
                   "no usable directory at the end: entries were found by their own headers, some "
                   "may be missing");
    } else if (!zip_is_walked(&unpack->zip, unpack->zip_cursor)) {
        fault_tell(fault, FAULT_bad_format,
                   unpack->zip.directory.ptr - unpack->content.ptr + (int64_t)unpack->zip_cursor,
                   "the directory is damaged: entries behind this are missing");
    } else if (unpack->zip.is_cut) {
        fault_tell(fault, FAULT_truncated, (int64_t)unpack->content.len,
                   "the archive ends inside its own comment");
    }
}

/* The member from here on has a name: `out->name.ptr` is set. `label` is what it is made from. */
static enum status begin_member(struct unpack *unpack, struct arena *arena, bytes raw, bytes label,
                                bool is_declared_utf8, struct member *out)
{
    out->raw_name = arena_copy_bytes(arena, raw);
    if (!out->raw_name.ptr) {
        return STATUS_NO_MEMORY;
    }
    TRY(occurrence_count(&unpack->occurrences, raw, &out->occurrence));
    return judge_name(&unpack->judge, arena, label, is_declared_utf8, out);
}

static enum status take_zip_entry(struct unpack *unpack, const struct zip_entry *entry,
                                  struct arena *arena, struct member *out)
{
    struct intake intake;
    const bool has_unicode = entry->unicode_name.len > 0;
    TRY(begin_member(unpack, arena, entry->name, has_unicode ? entry->unicode_name : entry->name,
                     has_unicode || (entry->flags & ZIP_FLAG_UTF8), out));
    out->modified_us = entry->modified_us;
    intake_open(&intake, &unpack->source, out);
    return intake_close(&intake, zip_take(&unpack->zip, entry, unpack->scratch, &intake));
}

static enum status next_in_zip(struct unpack *unpack, struct arena *arena, struct member *out)
{
    struct zip_entry entry;
    while (!is_used_up(unpack, &out->fault)) {
        if (watch_is_cancelled(unpack->source.watch)) {
            return STATUS_CANCELLED;
        }
        if (!zip_next(&unpack->zip, &unpack->zip_cursor, &entry)) {
            tell_zip_end(unpack, &out->fault);
            return STATUS_OK;
        }
        unpack->source.budget->entries++;
        if (!entry.is_folder && !entry.is_link) {
            return take_zip_entry(unpack, &entry, arena, out);
        }
        unpack->passed_over += entry.is_link;
    }
    return STATUS_OK;
}

/* Less than the header states came out, and nobody said why. */
static void check_size(struct archive_entry *entry, const struct intake *intake,
                       struct fault *fault)
{
    if (archive_entry_size_is_set(entry) && intake->taken_bytes < archive_entry_size(entry)) {
        fault_tell(fault, FAULT_bad_format, intake->taken_bytes,
                   "%" PRId64 " bytes are stated, %" PRId64 " came out",
                   (int64_t)archive_entry_size(entry), intake->taken_bytes);
    }
}

static enum status take_foreign_entry(struct unpack *unpack, struct archive_entry *entry,
                                      bool is_encrypted, struct arena *arena, struct member *out)
{
    struct intake intake;
    TRY(begin_member(unpack, arena, entry_name(entry), entry_name(entry), false, out));
    out->modified_us = modified_us(entry);
    if (is_encrypted || archive_entry_is_data_encrypted(entry)) {
        fault_tell(&out->fault, FAULT_encrypted, -1, "this entry needs a password");
        return STATUS_OK;
    }
    if (unpack->member_count++ == 0 && unpack->volume.begins_inside) {
        fault_tell(&out->fault, FAULT_truncated, 0, "its beginning is in the volume before");
    }
    intake_open(&intake, &unpack->source, out);
    enum status status = foreign_take(unpack->foreign, &intake);
    check_size(entry, &intake, &out->fault);
    if (status == STATUS_LIMIT && !unpack->source.is_spent) {
        status = foreign_pass(unpack->foreign, &unpack->source);
    }
    volume_explain(&unpack->volume, &out->fault);
    return intake_close(&intake, status);
}

static enum status next_in_foreign(struct unpack *unpack, struct arena *arena, struct member *out)
{
    while (!is_used_up(unpack, &out->fault)) {
        if (watch_is_cancelled(unpack->source.watch)) {
            return STATUS_CANCELLED;
        }
        struct archive_entry *entry = foreign_next(unpack->foreign, &out->fault);
        if (!entry) {
            volume_tell_end(&unpack->volume, &out->fault);
            return out->fault.code == FAULT_no_memory ? STATUS_NO_MEMORY : STATUS_OK;
        }
        unpack->source.budget->entries++;
        const bool is_encrypted =
            unpack->kind == CONTAINER_rar5 && volume_step(&unpack->volume, unpack->content);
        if (has_content(entry)) {
            return take_foreign_entry(unpack, entry, is_encrypted, arena, out);
        }
        unpack->passed_over += archive_entry_filetype(entry) != AE_IFDIR;
        const enum status status = foreign_pass(unpack->foreign, &unpack->source);
        if (status != STATUS_OK && status != STATUS_LIMIT) {
            return status;
        }
    }
    return STATUS_OK;
}

enum status unpack_next(struct unpack *unpack, struct arena *arena, struct member *out)
{
    *out = (struct member){.modified_us = INT64_MIN, .fault.offset = -1};
    if (unpack->was_cancelled) {
        return STATUS_CANCELLED;
    }
    TRY(unpack->foreign ? next_in_foreign(unpack, arena, out) : next_in_zip(unpack, arena, out));
    if (!out->name.ptr) {
        out->notes[NOTE_entry_passed_over] = unpack->passed_over;
    }
    return STATUS_OK;
}

void unpack_close(struct unpack *unpack)
{
    if (!unpack) {
        return;
    }
    foreign_close(unpack->foreign);
    occurrences_release(&unpack->occurrences);
    memory_release(unpack->scratch);
    arena_release(&unpack->arena);
    memory_release(unpack);
}
