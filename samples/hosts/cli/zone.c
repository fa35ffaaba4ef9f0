/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/zone.h"

#include "cli/civil.h"
#include "cli/zone_footer.h"

#include "common/file_read.h"
#include "common/heap.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum {
    HEADER_BYTES = 44,
    TYPE_BYTES = 6,
    NAME_LEN_MAX = 128,
    OFFSET_SPREAD = ZONE_OFFSET_MAX - ZONE_OFFSET_MIN
};

/* RFC 8536 3.1 */
struct header {
    char version;
    uint32_t utc_count;
    uint32_t standard_count;
    uint32_t leap_count;
    uint32_t time_count;
    uint32_t type_count;
    uint32_t letter_count;
};

static uint32_t read_u32(const char *from)
{
    const unsigned char *byte = (const unsigned char *)from;
    return (uint32_t)byte[0] << 24 | (uint32_t)byte[1] << 16 | (uint32_t)byte[2] << 8 | byte[3];
}

static int64_t read_i64(const char *from)
{
    return (int64_t)((uint64_t)read_u32(from) << 32 | read_u32(from + 4));
}

static bool read_header(span *rest, struct header *header)
{
    if (rest->len < HEADER_BYTES || memcmp(rest->ptr, "TZif", 4) != 0) {
        return false;
    }
    const char *at = rest->ptr;
    *header = (struct header){.version = at[4],
                              .utc_count = read_u32(at + 20),
                              .standard_count = read_u32(at + 24),
                              .leap_count = read_u32(at + 28),
                              .time_count = read_u32(at + 32),
                              .type_count = read_u32(at + 36),
                              .letter_count = read_u32(at + 40)};
    *rest = (span){at + HEADER_BYTES, rest->len - HEADER_BYTES};
    return header->utc_count <= ZONE_FILE_BYTES_MAX &&
           header->standard_count <= ZONE_FILE_BYTES_MAX &&
           header->leap_count <= ZONE_FILE_BYTES_MAX && header->time_count <= ZONE_FILE_BYTES_MAX &&
           header->type_count <= ZONE_FILE_BYTES_MAX && header->letter_count <= ZONE_FILE_BYTES_MAX;
}

static size_t body_bytes(const struct header *header, size_t time_bytes)
{
    return header->time_count * (time_bytes + 1) + header->type_count * (size_t)TYPE_BYTES +
           header->letter_count + header->leap_count * (time_bytes + 4) + header->standard_count +
           header->utc_count;
}

static bool fail(struct text *error, const char *why)
{
    text_add_string(error, why);
    return false;
}

static bool read_transitions(struct zone *zone, const struct header *header, span body,
                             struct text *error)
{
    const size_t count = header->time_count;
    const char *kinds = body.ptr + count * 8;
    const char *types = kinds + count;
    zone->at = heap_allocate((count + 1) * sizeof *zone->at);
    zone->offset_after = heap_allocate((count + 1) * sizeof *zone->offset_after);
    if (!zone->at || !zone->offset_after) {
        return fail(error, "out of memory");
    }
    for (size_t i = 0; i < header->type_count; i++) {
        const int32_t offset = (int32_t)read_u32(types + i * TYPE_BYTES);
        if (offset < ZONE_OFFSET_MIN || offset > ZONE_OFFSET_MAX) {
            return fail(error, "holds an offset of more than a day");
        }
    }
    zone->offset_first = (int32_t)read_u32(types);
    for (size_t i = 0; i < count; i++) {
        const size_t kind = (unsigned char)kinds[i];
        zone->at[i] = read_i64(body.ptr + i * 8);
        if (kind >= header->type_count || (i > 0 && zone->at[i] <= zone->at[i - 1])) {
            return fail(error, "its transitions are out of order");
        }
        zone->offset_after[i] = (int32_t)read_u32(types + kind * TYPE_BYTES);
    }
    zone->count = count;
    zone->offset_last = count > 0 ? zone->offset_after[count - 1] : zone->offset_first;
    return true;
}

/* The footer stands between two line ends; empty: nothing is known beyond the last transition. */
static bool read_footer(struct zone *zone, span rest, struct text *error)
{
    if (rest.len < 2 || rest.ptr[0] != '\n') {
        return fail(error, "is cut off");
    }
    const char *end = memchr(rest.ptr + 1, '\n', rest.len - 1);
    if (!end) {
        return fail(error, "is cut off");
    }
    const span footer = {rest.ptr + 1, (size_t)(end - rest.ptr) - 1};
    zone->has_footer = footer.len > 0;
    return footer.len == 0 || zone_footer_read(zone, footer) ||
           fail(error, "its last rule cannot be read");
}

static bool read_content(struct zone *zone, span content, struct text *error)
{
    struct header header;
    span rest = content;
    if (!read_header(&rest, &header)) {
        return fail(error, "is no TZif file");
    }
    if (header.version < '2') {
        return fail(error, "is a TZif file of version 1, which ends in 2037");
    }
    const size_t old = body_bytes(&header, 4);
    if (old > rest.len) {
        return fail(error, "is cut off");
    }
    rest = (span){rest.ptr + old, rest.len - old};
    if (!read_header(&rest, &header) || body_bytes(&header, 8) > rest.len) {
        return fail(error, "is cut off");
    }
    if (header.type_count == 0 || header.type_count > ZONE_TYPE_MAX ||
        header.time_count > ZONE_TRANSITION_MAX || header.leap_count > 0) {
        return fail(error, header.leap_count > 0
                               ? "counts leap seconds; take the zone without right/"
                               : "has no types, or more transitions than any");
    }
    const size_t len = body_bytes(&header, 8);
    return read_transitions(zone, &header, rest, error) &&
           read_footer(zone, (span){rest.ptr + len, rest.len - len}, error);
}

bool zone_read(struct zone *zone, span content, struct text *error)
{
    *zone = (struct zone){0};
    const bool good = read_content(zone, content, error);
    if (!good) {
        zone_release(zone);
    }
    return good;
}

/* Letters, digits and _ + - between slashes: nothing that leaves the folder. */
static bool is_name(span name)
{
    for (size_t i = 0; i < name.len; i++) {
        const char c = name.ptr[i];
        const bool is_word = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
                             (c >= '0' && c <= '9') || c == '_' || c == '+' || c == '-';
        const bool is_slash = c == '/' && i > 0 && i + 1 < name.len && name.ptr[i - 1] != '/';
        if (!is_word && !is_slash) {
            return false;
        }
    }
    return name.len > 0 && name.len <= NAME_LEN_MAX;
}

bool zone_open(struct zone *zone, const char *name, struct text *error)
{
    *zone = (struct zone){0};
    if (strcmp(name, "UTC") == 0) {
        return true;
    }
    const char *folder = getenv("TZDIR");
    struct text path = {0};
    struct text content = {0};
    struct text why = {0};
    text_add_format(&path, "%s/%s", folder ? folder : "/usr/share/zoneinfo", name);
    bool good = is_name(span_of(name));
    if (!good) {
        text_add_format(error, "%s is no zone's name; one is Europe/Berlin", name);
    } else if (!file_read(text_string(&path), ZONE_FILE_BYTES_MAX, &content)) {
        text_add_format(error, "%s is no zone of this machine: %s: %s", name, text_string(&path),
                        strerror(errno));
        good = false;
    } else if (!zone_read(zone, text_span(&content), &why)) {
        text_add_format(error, "%s: %s %s", name, text_string(&path), text_string(&why));
        good = false;
    }
    text_release(&path);
    text_release(&content);
    text_release(&why);
    return good;
}

void zone_release(struct zone *zone)
{
    heap_release(zone->at);
    heap_release(zone->offset_after);
    *zone = (struct zone){0};
}

/* Of the two changes of a year and of those beside it: the last up to `utc`, and the next. Years
 * further away cannot matter: a change lies within eight days of its day. */
static int32_t footer_offset(const struct zone *zone, int64_t utc, int64_t *end)
{
    const int64_t year = civil_day(civil_floor(utc, CIVIL_DAY_SECONDS)).year;
    int64_t latest = INT64_MIN;
    int32_t offset = zone->offset_last;
    *end = INT64_MAX;
    for (int64_t y = year - 2; y <= year + 2; y++) {
        for (size_t i = 0; i < zone->change_count; i++) {
            const int64_t at = zone_footer_instant(&zone->change[i], y);
            /* Of two at one second the later one counts: summer time all the year. */
            if (at <= utc && at >= latest) {
                latest = at;
                offset = zone->change[i].after;
            } else if (at > utc && at < *end) {
                *end = at;
            }
        }
    }
    return offset;
}

/* The number of transitions up to `utc`. */
static size_t passed(const struct zone *zone, int64_t utc)
{
    size_t low = 0;
    size_t high = zone->count;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (zone->at[middle] <= utc) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

int32_t zone_offset(const struct zone *zone, int64_t utc, int64_t *end)
{
    int64_t next = INT64_MAX;
    int32_t offset = 0;
    if (zone) {
        const size_t before = passed(zone, utc);
        if (before < zone->count) {
            next = zone->at[before];
            offset = before > 0 ? zone->offset_after[before - 1] : zone->offset_first;
        } else {
            offset = footer_offset(zone, utc, &next);
        }
    }
    if (end) {
        *end = next;
    }
    return offset;
}

/* No second before local - ZONE_OFFSET_MAX shows `local` yet. */
int64_t zone_instant(const struct zone *zone, int64_t local)
{
    int64_t at = local - ZONE_OFFSET_MAX;
    while (true) {
        int64_t end = 0;
        const int32_t offset = zone_offset(zone, at, &end);
        const int64_t wanted = local - offset;
        if (wanted < end) {
            return wanted > at ? wanted : at;
        }
        at = end;
    }
}

int64_t zone_local_latest(const struct zone *zone, int64_t utc)
{
    int64_t latest = INT64_MIN;
    int64_t at = utc - OFFSET_SPREAD;
    while (at <= utc) {
        int64_t end = 0;
        const int32_t offset = zone_offset(zone, at, &end);
        const int64_t last = end - 1 < utc ? end - 1 : utc;
        latest = last + offset > latest ? last + offset : latest;
        if (end > utc) {
            break;
        }
        at = end;
    }
    return latest;
}

void zone_write_time(struct text *to, const struct zone *zone, int64_t utc)
{
    const int32_t offset = zone_offset(zone, utc, NULL);
    struct text local = {0};
    civil_write_time(&local, utc + offset);
    if (local.len > 0 && (offset != 0 || zone)) {
        const int32_t size = offset < 0 ? -offset : offset;
        text_add(to, (span){local.ptr, local.len - 1});
        text_add_format(to, "%c%02d:%02d", offset < 0 ? '-' : '+', size / 3600, size / 60 % 60);
        if (size % 60 != 0) {
            text_add_format(to, ":%02d", size % 60);
        }
    } else {
        text_add(to, text_span(&local));
    }
    text_release(&local);
}
