/* SPDX-License-Identifier: Apache-2.0 */
#include "formats/zip.h"

#include "formats/deflated.h"
#include "formats/reader.h"

#include <limits.h>
#include <zlib.h>

/* Signatures as they read little-endian; APPNOTE 4.3.7, 4.3.9, 4.3.12, 4.3.13 to 4.3.16. */
enum {
    LOCAL_HEADER = 0x04034b50,
    DESCRIPTOR = 0x08074b50,
    DIRECTORY_ENTRY = 0x02014b50,
    DIRECTORY_SIGNATURE = 0x05054b50,
    END_RECORD_64 = 0x06064b50,
    END_LOCATOR_64 = 0x07064b50,
    END_RECORD = 0x06054b50,
    ONE_PART_MARK = 0x30304b50 /* APPNOTE 8.5.5: a split archive that needed one part only */
};

enum {
    END_RECORD_LEN = 22,
    END_RECORD_64_LEN = 56,
    END_LOCATOR_64_LEN = 20,
    COMMENT_LEN_MAX = 65535,
    DIRECTORY_CHECKED_MAX = 4096 /* entries that must hold before the directory is believed */
};

enum { EXTRA_ZIP64 = 0x0001, EXTRA_NTFS = 0x000a, EXTRA_UNIX_TIME = 0x5455, EXTRA_NAME = 0x7075 };

enum { HOST_FAT = 0, HOST_UNIX = 3, HOST_NTFS = 10, HOST_MVS = 11, HOST_VFAT = 14 };

struct end_record {
    uint64_t position;
    uint64_t directory_len;
    uint64_t directory_offset;
    bool is_cut;
    bool is_split;
};

static uint32_t u32le_at(bytes content, uint64_t offset)
{
    struct reader r = reader_at(content, offset);
    return read_u32le(&r);
}

/* SIZE_MAX: none. */
static size_t find_signature(bytes content, uint32_t signature, size_t from)
{
    const uint8_t wanted[4] = {(uint8_t)(signature & 0xFF), (uint8_t)(signature >> 8 & 0xFF),
                               (uint8_t)(signature >> 16 & 0xFF), (uint8_t)(signature >> 24)};
    if (from >= content.len) {
        return SIZE_MAX;
    }
    const uint8_t *found = memmem(content.ptr + from, content.len - from, wanted, sizeof wanted);
    return found ? (size_t)(found - content.ptr) : SIZE_MAX;
}

/* Days since 1970-01-01 of a date of the proleptic Gregorian calendar. */
static int64_t days_of(int64_t year, int64_t month, int64_t day)
{
    const int64_t y = month <= 2 ? year - 1 : year;
    const int64_t era = y / 400;
    const int64_t year_of_era = y - era * 400;
    const int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    return era * 146097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year -
           719468;
}

/* APPNOTE 4.4.6: MS-DOS date and time, two seconds fine. */
static int64_t dos_time_us(uint16_t time, uint16_t date)
{
    const int64_t month = date >> 5 & 15;
    const int64_t day = date & 31;
    if (month < 1 || month > 12 || day < 1) {
        return INT64_MIN;
    }
    const int64_t days = days_of(1980 + (date >> 9), month, day);
    const int64_t seconds = (time >> 11) * 3600 + (time >> 5 & 63) * 60 + (time & 31) * 2;
    return (days * 86400 + seconds) * 1000000;
}

/* APPNOTE 4.5.3: only those of the sizes stand here whose own field is all ones, in this order. */
static void read_zip64(struct reader field, struct zip_entry *entry, bool with_offset)
{
    if (entry->size_bytes == UINT32_MAX) {
        entry->size_bytes = read_u64le(&field);
    }
    if (entry->packed_bytes == UINT32_MAX) {
        entry->packed_bytes = read_u64le(&field);
    }
    if (with_offset && entry->local_offset == UINT32_MAX) {
        entry->local_offset = read_u64le(&field);
    }
}

/* APPNOTE 4.6.9: version, CRC of the name it stands for, the name in UTF-8. */
static void read_unicode_name(struct reader field, struct zip_entry *entry)
{
    const uint8_t version = read_u8(&field);
    const uint32_t crc = read_u32le(&field);
    if (version == 1 && !field.short_read && entry->name.len <= UINT_MAX &&
        crc == crc32(0, entry->name.ptr, (uInt)entry->name.len)) {
        entry->unicode_name = bytes_slice(field.all, field.at, field.all.len);
    }
}

/* APPNOTE 4.5.5: reserved, then attribute 1: FILETIME, 100 ns since 1601. */
static void read_ntfs_time(struct reader field, struct zip_entry *entry)
{
    (void)read_u32le(&field);
    const uint16_t attribute = read_u16le(&field);
    const uint16_t len = read_u16le(&field);
    const uint64_t time = read_u64le(&field);
    if (!field.short_read && attribute == 1 && len >= 8 && time != 0) {
        entry->modified_us = (int64_t)(time / 10) - 11644473600000000;
    }
}

static void read_unix_time(struct reader field, struct zip_entry *entry)
{
    const uint8_t flags = read_u8(&field);
    const uint32_t seconds = read_u32le(&field);
    if (!field.short_read && (flags & 1)) {
        entry->modified_us = (int64_t)(int32_t)seconds * 1000000;
    }
}

static void read_extra(bytes extra, struct zip_entry *entry, bool in_directory)
{
    struct reader r = {.all = extra};
    while (r.at < extra.len) {
        const uint16_t id = read_u16le(&r);
        const uint16_t len = read_u16le(&r);
        const struct reader field = {.all = read_bytes(&r, len)};
        if (r.short_read) {
            return;
        }
        switch (id) {
        case EXTRA_ZIP64:
            read_zip64(field, entry, in_directory);
            break;
        case EXTRA_NAME:
            read_unicode_name(field, entry);
            break;
        case EXTRA_NTFS:
            read_ntfs_time(field, entry);
            break;
        case EXTRA_UNIX_TIME:
            read_unix_time(field, entry);
            break;
        default: /* numbers of a registry, not an enum of ours */
            break;
        }
    }
}

/* APPNOTE 4.4.2, 4.4.15: what the file was, in the words of the system it came from. */
static void judge_kind(struct zip_entry *entry, uint8_t host, uint32_t attributes)
{
    const uint32_t unix_kind = attributes >> 16 & 0170000;
    const bool is_dos =
        host == HOST_FAT || host == HOST_NTFS || host == HOST_MVS || host == HOST_VFAT;
    const bool slash = entry->name.len > 0 && entry->name.ptr[entry->name.len - 1] == '/';
    entry->is_link = host == HOST_UNIX && unix_kind == 0120000;
    entry->is_folder = slash || (host == HOST_UNIX && unix_kind == 0040000) ||
                       (is_dos && (attributes & 0x10) && entry->size_bytes == 0);
}

/* APPNOTE 4.3.12. */
static bool read_directory_entry(struct reader *r, struct zip_entry *entry)
{
    if (read_u32le(r) != DIRECTORY_ENTRY) {
        return false;
    }
    (void)read_u8(r); /* version made by, low byte */
    const uint8_t host = read_u8(r);
    (void)read_u16le(r); /* version needed */
    entry->flags = read_u16le(r);
    entry->method = read_u16le(r);
    const uint16_t time = read_u16le(r);
    const uint16_t date = read_u16le(r);
    entry->crc = read_u32le(r);
    entry->packed_bytes = read_u32le(r);
    entry->size_bytes = read_u32le(r);
    const uint16_t name_len = read_u16le(r);
    const uint16_t extra_len = read_u16le(r);
    const uint16_t comment_len = read_u16le(r);
    (void)read_bytes(r, 4); /* disk, internal attributes */
    const uint32_t attributes = read_u32le(r);
    entry->local_offset = read_u32le(r);
    entry->name = read_bytes(r, name_len);
    const bytes extra = read_bytes(r, extra_len);
    (void)read_bytes(r, comment_len);
    if (r->short_read) {
        return false;
    }
    entry->is_measured = true;
    entry->modified_us = dos_time_us(time, date);
    read_extra(extra, entry, true);
    judge_kind(entry, host, attributes);
    return true;
}

/* APPNOTE 4.3.7. The reader stands behind the extra field afterwards: at the data. */
static bool read_local_header(struct reader *r, struct zip_entry *entry)
{
    if (read_u32le(r) != LOCAL_HEADER) {
        return false;
    }
    (void)read_u16le(r); /* version needed */
    entry->flags = read_u16le(r);
    entry->method = read_u16le(r);
    const uint16_t time = read_u16le(r);
    const uint16_t date = read_u16le(r);
    entry->crc = read_u32le(r);
    entry->packed_bytes = read_u32le(r);
    entry->size_bytes = read_u32le(r);
    const uint16_t name_len = read_u16le(r);
    const uint16_t extra_len = read_u16le(r);
    entry->name = read_bytes(r, name_len);
    const bytes extra = read_bytes(r, extra_len);
    if (r->short_read) {
        return false;
    }
    entry->is_measured = !(entry->flags & ZIP_FLAG_SIZES_BEHIND) || entry->packed_bytes != 0;
    entry->modified_us = dos_time_us(time, date);
    read_extra(extra, entry, false);
    judge_kind(entry, HOST_UNIX, 0);
    return true;
}

/* The end record whose comment fills the rest best: the last one in the content. */
static bool find_end_record(bytes content, struct end_record *end)
{
    const size_t farthest = END_RECORD_LEN + COMMENT_LEN_MAX;
    const size_t from = content.len > farthest ? content.len - farthest : 0;
    size_t position = SIZE_MAX;
    for (size_t at = from; (at = find_signature(content, END_RECORD, at)) != SIZE_MAX; at++) {
        position = at;
    }
    if (position == SIZE_MAX) {
        return false;
    }
    struct reader r = reader_at(content, position + 4);
    const uint16_t disk = read_u16le(&r);
    const uint16_t directory_disk = read_u16le(&r);
    (void)read_u32le(&r); /* entries here, entries in all: modulo 65536, so walked instead */
    end->directory_len = read_u32le(&r);
    end->directory_offset = read_u32le(&r);
    const uint16_t comment_len = read_u16le(&r);
    if (r.short_read) {
        return false;
    }
    end->position = position;
    end->is_split =
        (disk != 0 && disk != UINT16_MAX) || (directory_disk != 0 && directory_disk != UINT16_MAX);
    end->is_cut = comment_len > content.len - r.at;
    return true;
}

/* APPNOTE 4.3.14: where the 64-bit record stands is told by the locator in front of the end
 * record; with bytes in front of the archive it stands directly in front of the locator. */
static void read_end_record_64(bytes content, struct end_record *end)
{
    if (end->position < END_LOCATOR_64_LEN ||
        u32le_at(content, end->position - END_LOCATOR_64_LEN) != END_LOCATOR_64) {
        return;
    }
    const uint64_t locator = end->position - END_LOCATOR_64_LEN;
    struct reader r = reader_at(content, locator + 8);
    uint64_t position = read_u64le(&r);
    if (u32le_at(content, position) != END_RECORD_64) {
        position = locator >= END_RECORD_64_LEN ? locator - END_RECORD_64_LEN : 0;
    }
    r = reader_at(content, position);
    const uint32_t signature = read_u32le(&r);
    (void)read_bytes(&r, 8 + 2 + 2 + 4 + 4 + 8 + 8); /* to the size of the directory */
    const uint64_t len = read_u64le(&r);
    const uint64_t offset = read_u64le(&r);
    if (!r.short_read && signature == END_RECORD_64) {
        end->directory_len = len;
        end->directory_offset = offset;
        end->position = position;
    }
}

/* Where the directory truly stands: directly in front of its end record, or where that says. */
static bool find_directory(struct zip *zip, const struct end_record *end)
{
    const uint64_t len = end->directory_len;
    const uint64_t stated = end->directory_offset;
    if (len <= end->position && stated <= end->position - len &&
        (len == 0 || u32le_at(zip->content, end->position - len) == DIRECTORY_ENTRY)) {
        zip->base = end->position - len - stated;
        zip->directory =
            bytes_slice(zip->content, (size_t)(end->position - len), (size_t)end->position);
        return true;
    }
    if (stated < end->position && u32le_at(zip->content, stated) == DIRECTORY_ENTRY) {
        zip->directory = bytes_slice(zip->content, (size_t)stated, (size_t)end->position);
        return true;
    }
    return false;
}

static bool directory_holds(const struct zip *zip)
{
    size_t cursor = 0;
    struct zip_entry entry;
    for (int i = 0; i < DIRECTORY_CHECKED_MAX; i++) {
        if (!zip_next(zip, &cursor, &entry)) {
            return cursor >= zip->directory.len ||
                   u32le_at(zip->directory, cursor) == DIRECTORY_SIGNATURE;
        }
    }
    return true;
}

bool zip_open(bytes content, struct zip *zip)
{
    struct end_record end = {0};
    *zip = (struct zip){.content = content};
    const uint32_t first = u32le_at(content, 0);
    /* APPNOTE 8.5.3, 8.5.5: a split archive begins with a mark. */
    const bool is_marked = first == DESCRIPTOR || first == ONE_PART_MARK;
    zip->local_first = is_marked ? 4 : 0;
    const bool has_local = u32le_at(content, zip->local_first) == LOCAL_HEADER;
    if (find_end_record(content, &end)) {
        read_end_record_64(content, &end);
        zip->is_cut = end.is_cut;
        zip->is_split = end.is_split;
        /* An archive that begins at once but whose directory does not count from there, or counts
         * nothing, is the end of another archive stored inside one that was cut. */
        if (find_directory(zip, &end) && directory_holds(zip) &&
            (!has_local || (zip->base == 0 && zip->directory.len > 0))) {
            return true;
        }
    }
    zip->is_recovered = true;
    zip->is_split = zip->is_split || first == DESCRIPTOR;
    zip->directory = (bytes){.ptr = content.ptr, .len = 0};
    zip->base = 0;
    return has_local;
}

/* APPNOTE 4.3.9: the sizes stand behind the data. The descriptor is known by its packed size being
 * its distance. The search ends at the next local header, so that walking stays linear. */
static size_t measure(const struct zip *zip, size_t data, struct zip_entry *entry)
{
    const size_t next = find_signature(zip->content, LOCAL_HEADER, data);
    const bytes area = bytes_slice(zip->content, 0, next); /* SIZE_MAX is clamped to the end */
    for (size_t at = data; (at = find_signature(area, DESCRIPTOR, at)) != SIZE_MAX; at++) {
        struct reader r = reader_at(zip->content, at + 4);
        const uint32_t crc = read_u32le(&r);
        const uint32_t packed = read_u32le(&r);
        const uint32_t size = read_u32le(&r);
        if (!r.short_read && packed == at - data) {
            entry->crc = crc;
            entry->packed_bytes = packed;
            entry->size_bytes = size;
            entry->is_measured = true;
            return r.at;
        }
    }
    const size_t directory = find_signature(area, DIRECTORY_ENTRY, data);
    const size_t end = directory == SIZE_MAX ? area.len : directory;
    entry->packed_bytes = end - data;
    return end;
}

static bool next_recovered(const struct zip *zip, size_t *cursor, struct zip_entry *entry)
{
    const size_t from = *cursor ? *cursor : zip->local_first;
    const size_t at = find_signature(zip->content, LOCAL_HEADER, from);
    *cursor = zip->content.len;
    if (at == SIZE_MAX) {
        return false;
    }
    struct reader r = reader_at(zip->content, at);
    if (!read_local_header(&r, entry)) {
        return false;
    }
    entry->local_offset = at;
    if (!entry->is_measured) {
        *cursor = measure(zip, r.at, entry);
    } else if (entry->packed_bytes <= zip->content.len - r.at) {
        *cursor = r.at + (size_t)entry->packed_bytes;
    }
    return true;
}

bool zip_next(const struct zip *zip, size_t *cursor, struct zip_entry *entry)
{
    *entry = (struct zip_entry){.modified_us = INT64_MIN};
    if (zip->is_recovered) {
        return next_recovered(zip, cursor, entry);
    }
    struct reader r = reader_at(zip->directory, *cursor);
    if (!read_directory_entry(&r, entry)) {
        return false;
    }
    *cursor = r.at;
    /* An offset that wraps is past the end, and so is the sum's clamp. */
    const uint64_t room = UINT64_MAX - zip->base;
    entry->local_offset = entry->local_offset > room ? UINT64_MAX : entry->local_offset + zip->base;
    return true;
}

bool zip_is_walked(const struct zip *zip, size_t cursor)
{
    return zip->is_recovered || cursor >= zip->directory.len ||
           u32le_at(zip->directory, cursor) == DIRECTORY_SIGNATURE;
}

bool zip_entry_data(const struct zip *zip, const struct zip_entry *entry, bytes *data, bool *whole)
{
    struct zip_entry local = {0};
    struct reader r = reader_at(zip->content, entry->local_offset);
    *whole = false;
    *data = (bytes){.ptr = zip->content.ptr, .len = 0};
    if (!read_local_header(&r, &local)) {
        return false;
    }
    const size_t room = zip->content.len - r.at;
    *whole = entry->packed_bytes <= room;
    *data =
        (bytes){.ptr = zip->content.ptr + r.at, .len = *whole ? (size_t)entry->packed_bytes : room};
    return true;
}

/* ECMA-376 part 2, 6.2.2.3: names of parts are equal without regard to ASCII case. */
static bool is_named(bytes raw, str name)
{
    bool equal = raw.len == name.len;
    for (size_t i = 0; equal && i < name.len; i++) {
        equal = ascii_lower((char)raw.ptr[i]) == ascii_lower(name.ptr[i]);
    }
    return equal;
}

bool zip_find(const struct zip *zip, str name, size_t max, struct zip_entry *entry)
{
    size_t cursor = 0;
    for (size_t i = 0; i < max && zip_next(zip, &cursor, entry); i++) {
        if (is_named(entry->name, name)) {
            return true;
        }
    }
    return false;
}

static size_t inflate_head(bytes data, uint8_t *out, size_t out_len)
{
    size_t produced = 0;
    struct deflated *deflated = deflated_open(data);
    if (deflated) {
        (void)deflated_next(deflated, out, out_len, &produced); /* what came before damage counts */
        deflated_close(deflated);
    }
    return produced;
}

size_t zip_read_head(const struct zip *zip, const struct zip_entry *entry, uint8_t *out,
                     size_t out_len)
{
    bytes data;
    bool whole;
    if ((entry->flags & ZIP_FLAG_ENCRYPTED) || !zip_entry_data(zip, entry, &data, &whole)) {
        return 0;
    }
    if (entry->method == ZIP_STORED) {
        data = bytes_slice(data, 0, out_len);
        memcpy(out, data.ptr, data.len);
        return data.len;
    }
    return entry->method == ZIP_DEFLATED ? inflate_head(data, out, out_len) : 0;
}
