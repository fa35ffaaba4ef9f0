/* SPDX-License-Identifier: Apache-2.0 */
#include "unpack/foreign.h"

#include "base/memory.h"

#include <errno.h>
#include <inttypes.h>
#include <locale.h>

enum { BAD_ANSWERS_MAX = 8 };

struct foreign {
    struct archive *archive;
    locale_t locale; /* 0: the machine has no C.UTF-8 */
    bytes pieces[2];
    size_t piece_next;
    bool is_seekable;
    bool is_solid;      /* getting past an entry decodes it */
    bool is_entry_over; /* nothing more comes out of this entry */
};

static la_ssize_t read_piece(struct archive *archive, void *context, const void **out)
{
    struct foreign *foreign = context;
    (void)archive;
    while (foreign->piece_next < 2) {
        const bytes piece = foreign->pieces[foreign->piece_next++];
        if (piece.len > 0) {
            *out = piece.ptr;
            return (la_ssize_t)piece.len;
        }
    }
    return 0;
}

/* Tapes are appended to: what stands behind an end mark is read, too. */
static int enable_tar(struct archive *archive)
{
    const int result = archive_read_support_format_tar(archive);
    return result < ARCHIVE_WARN
               ? result
               : archive_read_set_format_option(archive, "tar", "read_concatenated_archives", "1");
}

static int enable(struct archive *archive, enum foreign_reader reader)
{
    switch (reader) {
    case FOREIGN_SEVEN_ZIP:
        return archive_read_support_format_7zip(archive);
    case FOREIGN_RAR:
        return archive_read_support_format_rar(archive);
    case FOREIGN_RAR5:
        return archive_read_support_format_rar5(archive);
    case FOREIGN_TAR:
        return enable_tar(archive);
    case FOREIGN_ZIP_ENTRY:
        return archive_read_support_format_zip_streamable(archive);
    case FOREIGN_BZ2:
        return archive_read_append_filter(archive, ARCHIVE_FILTER_BZIP2);
    case FOREIGN_XZ:
        return archive_read_append_filter(archive, ARCHIVE_FILTER_XZ);
    case FOREIGN_ZST:
        return archive_read_append_filter(archive, ARCHIVE_FILTER_ZSTD);
    }
    return ARCHIVE_FATAL;
}

static bool is_filter(enum foreign_reader reader)
{
    return reader == FOREIGN_BZ2 || reader == FOREIGN_XZ || reader == FOREIGN_ZST;
}

/* A filter is appended by name, which keeps libarchive from taking off a second one below it. */
static bool enable_all(struct archive *archive, enum foreign_reader reader)
{
    if (is_filter(reader) && archive_read_set_format(archive, ARCHIVE_FORMAT_RAW) != ARCHIVE_OK) {
        return false;
    }
    return enable(archive, reader) >= ARCHIVE_WARN;
}

/* Memory as one piece can be sought in, which 7z needs; two pieces are read forward. */
static int open_pieces(struct foreign *foreign)
{
    if (foreign->is_seekable) {
        return archive_read_open_memory(foreign->archive, foreign->pieces[0].ptr,
                                        foreign->pieces[0].len);
    }
    return archive_read_open(foreign->archive, foreign, NULL, read_piece, NULL);
}

static bool has_word(const char *message, const char *word)
{
    return strcasestr(message, word) != NULL;
}

/* libarchive tells damage, encryption and early ends apart in its message only. */
static enum fault_code fault_of(struct archive *archive, const char *message)
{
    if (archive_errno(archive) == ENOMEM) {
        return has_word(message, "too much memory") ? FAULT_limit : FAULT_no_memory;
    }
    if (has_word(message, "encrypt") || has_word(message, "passphrase") ||
        has_word(message, "password")) {
        return FAULT_encrypted;
    }
    if (has_word(message, "truncated") || has_word(message, "premature") ||
        has_word(message, "unexpected end") || has_word(message, "end of file") ||
        has_word(message, "no progress")) {
        return FAULT_truncated;
    }
    return FAULT_bad_format;
}

/* The message may quote names of the archive: what is not ASCII is left out. */
static void tell(struct foreign *foreign, struct fault *fault, const char *what)
{
    char plain[160];
    const char *message = archive_error_string(foreign->archive);
    message = message ? message : "no reason given";
    size_t len = 0;
    for (size_t i = 0; message[i] && len + 1 < sizeof plain; i++) {
        plain[len++] = message[i] >= ' ' && message[i] <= '~' ? message[i] : '?';
    }
    plain[len] = '\0';
    fault_tell(fault, fault_of(foreign->archive, message), -1, "%s: %s", what, plain);
}

static bool is_checksum(struct foreign *foreign)
{
    const char *message = archive_error_string(foreign->archive);
    return message && (has_word(message, "crc") || has_word(message, "checksum"));
}

struct foreign *foreign_open(enum foreign_reader reader, bytes first, bytes second,
                             struct fault *fault)
{
    struct foreign *foreign = memory_allocate(sizeof *foreign);
    if (!foreign) {
        fault_tell(fault, FAULT_no_memory, -1, "no memory to open the archive");
        return NULL;
    }
    foreign->pieces[0] = first;
    foreign->pieces[1] = second;
    foreign->is_seekable = second.len == 0;
    foreign->is_solid = reader != FOREIGN_TAR;
    foreign->locale = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
    foreign->archive = archive_read_new();
    if (!foreign->archive || !enable_all(foreign->archive, reader)) {
        fault_tell(fault, foreign->archive ? FAULT_internal : FAULT_no_memory, -1,
                   "libarchive cannot be set up for this");
        foreign_close(foreign);
        return NULL;
    }
    if (open_pieces(foreign) < ARCHIVE_WARN) {
        tell(foreign, fault, "cannot be opened");
        foreign_close(foreign);
        return NULL;
    }
    return foreign;
}

struct archive_entry *foreign_next(struct foreign *foreign, struct fault *fault)
{
    const locale_t before = foreign->locale ? uselocale(foreign->locale) : (locale_t)0;
    struct archive_entry *entry = NULL;
    int result = ARCHIVE_RETRY;
    int bad = 0;
    foreign->is_entry_over = false;
    while (result != ARCHIVE_OK && result != ARCHIVE_WARN && result != ARCHIVE_EOF &&
           result != ARCHIVE_FATAL && bad++ < BAD_ANSWERS_MAX) {
        result = archive_read_next_header(foreign->archive, &entry);
    }
    if (result == ARCHIVE_OK || result == ARCHIVE_WARN) {
        (void)archive_entry_pathname(entry); /* converted now, under this locale, and kept */
    } else {
        entry = NULL;
    }
    if (before) {
        uselocale(before);
    }
    if (!entry && result != ARCHIVE_EOF) {
        tell(foreign, fault, "the archive cannot be read on");
    }
    return entry;
}

/* The next piece of data. False: nothing more, and `*result` says why. */
static bool next_block(struct foreign *foreign, bytes *block, int64_t *offset, int *result)
{
    for (int empty = 0; empty < BAD_ANSWERS_MAX && !foreign->is_entry_over; empty++) {
        const void *ptr = NULL;
        size_t len = 0;
        la_int64_t at = 0;
        *result = archive_read_data_block(foreign->archive, &ptr, &len, &at);
        if (*result != ARCHIVE_OK && *result != ARCHIVE_WARN && *result != ARCHIVE_RETRY) {
            foreign->is_entry_over = true;
            return false;
        }
        if (ptr && len > 0 && *result != ARCHIVE_RETRY) {
            *block = (bytes){.ptr = ptr, .len = len};
            *offset = at;
            return true;
        }
    }
    *result = ARCHIVE_FAILED;
    return false;
}

/* A wrong checksum is told when all data are out: they are delivered, with a note. */
static void judge_end(struct foreign *foreign, struct member *member, int result)
{
    if (result == ARCHIVE_EOF) {
        return;
    }
    if (is_checksum(foreign)) {
        member->notes[NOTE_bad_checksum]++;
        return;
    }
    tell(foreign, &member->fault, "its data cannot be read on");
}

enum status foreign_take(struct foreign *foreign, struct intake *intake)
{
    struct member *member = intake->member;
    int64_t expected = 0;
    int64_t offset = 0;
    bytes block;
    int result = ARCHIVE_OK;
    while (next_block(foreign, &block, &offset, &result)) {
        if (offset < expected) {
            foreign->is_entry_over = true;
            fault_tell(&member->fault, FAULT_bad_format, expected,
                       "data that go back from byte %" PRId64 " to byte %" PRId64, expected,
                       offset);
            return STATUS_OK;
        }
        if (offset > expected) {
            fault_tell(&member->fault, FAULT_bad_format, expected,
                       "a hole of %" PRId64 " bytes is left out", offset - expected);
        }
        expected = offset + (int64_t)block.len; /* a block is in memory: far below INT64_MAX */
        if (result == ARCHIVE_WARN && is_checksum(foreign)) {
            member->notes[NOTE_bad_checksum]++;
        }
        TRY(intake_take(intake, block));
    }
    judge_end(foreign, member, result);
    return STATUS_OK;
}

enum status foreign_pass(struct foreign *foreign, struct intake_source *source)
{
    int64_t offset = 0;
    bytes block;
    int result = ARCHIVE_OK;
    while (foreign->is_solid && next_block(foreign, &block, &offset, &result)) {
        TRY(intake_pass(source, block.len));
    }
    return STATUS_OK;
}

void foreign_close(struct foreign *foreign)
{
    if (!foreign) {
        return;
    }
    if (foreign->archive) {
        (void)archive_read_free(foreign->archive);
    }
    if (foreign->locale) {
        freelocale(foreign->locale);
    }
    memory_release(foreign);
}
