/* SPDX-License-Identifier: Apache-2.0 */
#include "formats/ole2.h"

#include "formats/reader.h"

enum {
    HEADER_LEN = 512,
    HEADER_FAT_SECTORS = 109, /* MS-CFB 2.2: DIFAT entries in the header */
    HEADER_DIFAT_OFFSET = 76,
    ENTRY_LEN = 128,
    ENTRIES_MAX = OLE2_DIRECTORY_SECTORS_MAX * 4 /* of larger sectors only so many are looked at */
};

/* MS-CFB 2.1: above it stand end of chain, free and the sectors of the FAT itself. */
static const uint32_t sector_max = 0xFFFFFFFA;

/* The sector's bytes, fewer at the end of a cut file. Sector 0 follows the header, which takes a
 * whole sector (MS-CFB 2.2). */
static bytes sector(const struct ole2 *ole2, uint32_t number)
{
    const uint64_t from = ((uint64_t)number + 1) * ole2->sector_bytes;
    if (number >= sector_max || from >= ole2->content.len) {
        return (bytes){.ptr = ole2->content.ptr, .len = 0};
    }
    return bytes_slice(ole2->content, (size_t)from, (size_t)from + ole2->sector_bytes);
}

static uint32_t u32_at(bytes part, uint64_t offset)
{
    struct reader r = reader_at(part, offset);
    const uint32_t value = read_u32le(&r);
    return r.short_read ? UINT32_MAX : value;
}

/* Which sector holds the index-th part of the FAT (MS-CFB 2.5). */
static uint32_t fat_sector(const struct ole2 *ole2, uint32_t index)
{
    if (index < HEADER_FAT_SECTORS) {
        return u32_at(ole2->content, HEADER_DIFAT_OFFSET + (uint64_t)index * 4);
    }
    const uint32_t per_sector =
        (uint32_t)(ole2->sector_bytes / 4 - 1); /* last: next DIFAT sector */
    uint32_t steps = (index - HEADER_FAT_SECTORS) / per_sector;
    uint32_t number = u32_at(ole2->content, 68);
    for (; steps > 0 && number < sector_max; steps--) {
        number = u32_at(sector(ole2, number), (uint64_t)per_sector * 4);
    }
    return u32_at(sector(ole2, number), (uint64_t)((index - HEADER_FAT_SECTORS) % per_sector) * 4);
}

static uint32_t next_sector(const struct ole2 *ole2, uint32_t number)
{
    const uint32_t per_sector = (uint32_t)(ole2->sector_bytes / 4);
    return u32_at(sector(ole2, fat_sector(ole2, number / per_sector)),
                  (uint64_t)(number % per_sector) * 4);
}

bool ole2_open(bytes content, struct ole2 *ole2)
{
    static const uint8_t magic[] = {0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1};
    struct reader r = {.all = content};
    *ole2 = (struct ole2){.content = content};
    if (!bytes_equal(read_bytes(&r, sizeof magic), (bytes){.ptr = magic, .len = sizeof magic})) {
        return false;
    }
    r = reader_at(content, 30);
    const uint16_t sector_shift = read_u16le(&r);
    ole2->sector_bytes = sector_shift == 12 ? 4096 : 512; /* MS-CFB 2.2: 9 or 12, nothing else */
    const uint64_t sectors = content.len / ole2->sector_bytes + 1;
    ole2->sector_count = sectors < sector_max ? (uint32_t)sectors : sector_max;

    uint32_t number = u32_at(content, 48);
    while (number < sector_max) {
        if (number >= ole2->sector_count || sector(ole2, number).len == 0 ||
            ole2->directory_count == OLE2_DIRECTORY_SECTORS_MAX) {
            ole2->is_cut = true;
            break;
        }
        ole2->directory_sectors[ole2->directory_count++] = number;
        number = next_sector(ole2, number);
    }
    ole2->is_cut = ole2->is_cut || ole2->directory_count == 0;
    return true;
}

uint32_t ole2_entry_count(const struct ole2 *ole2)
{
    const uint32_t count = ole2->directory_count * (uint32_t)(ole2->sector_bytes / ENTRY_LEN);
    return count < ENTRIES_MAX ? count : ENTRIES_MAX;
}

static bool read_name(bytes field, uint16_t name_bytes, char *name)
{
    if (name_bytes < 2 || name_bytes > field.len || name_bytes % 2 != 0) {
        return false;
    }
    const size_t units = name_bytes / 2u - 1; /* without the terminator */
    for (size_t i = 0; i < units; i++) {
        const uint16_t unit = (uint16_t)(field.ptr[2 * i] | field.ptr[2 * i + 1] << 8);
        name[i] = unit > 0 && unit < 0x7F ? (char)unit : 0x7F;
    }
    name[units] = '\0';
    return true;
}

bool ole2_entry(const struct ole2 *ole2, uint32_t id, struct ole2_entry *entry)
{
    const uint32_t per_sector = (uint32_t)(ole2->sector_bytes / ENTRY_LEN);
    *entry = (struct ole2_entry){.kind = OLE2_UNUSED};
    if (id / per_sector >= ole2->directory_count) {
        return false;
    }
    struct reader r = reader_at(sector(ole2, ole2->directory_sectors[id / per_sector]),
                                (uint64_t)(id % per_sector) * ENTRY_LEN);
    const bytes name = read_bytes(&r, 64);
    const uint16_t name_bytes = read_u16le(&r);
    const uint8_t kind = read_u8(&r);
    (void)read_u8(&r); /* colour */
    entry->left = read_u32le(&r);
    entry->right = read_u32le(&r);
    entry->child = read_u32le(&r);
    (void)read_bytes(&r, 16 + 4 + 8 + 8 + 4); /* class, state, times, first sector */
    entry->size_bytes = read_u64le(&r);
    if (r.short_read || !read_name(name, name_bytes, entry->name)) {
        return false;
    }
    /* MS-CFB 2.6.1: 0 unknown, 1 storage, 2 stream, 5 root. */
    entry->kind = kind == 1   ? OLE2_STORAGE
                  : kind == 2 ? OLE2_STREAM
                  : kind == 5 ? OLE2_ROOT
                              : OLE2_UNUSED;
    return entry->kind != OLE2_UNUSED;
}

static bool is_named(const struct ole2_entry *entry, str name)
{
    return (entry->kind == OLE2_STREAM || entry->kind == OLE2_STORAGE) &&
           str_equal_ignoring_ascii_case(str_of(entry->name), name);
}

/* Ids still to be visited under the root, each at most once. */
struct visit {
    uint8_t seen[ENTRIES_MAX / 8];
    uint16_t waiting[ENTRIES_MAX];
    uint32_t count;
    bool is_broken; /* an id that is not there, or one that was met before */
};

static void visit_later(struct visit *visit, uint32_t id, uint32_t entry_count)
{
    if (id >= sector_max) { /* MS-CFB 2.6.1: NOSTREAM */
        return;
    }
    if (id >= entry_count || (visit->seen[id / 8] & 1u << id % 8)) {
        visit->is_broken = true;
        return;
    }
    visit->seen[id / 8] = (uint8_t)(visit->seen[id / 8] | 1u << id % 8);
    visit->waiting[visit->count++] = (uint16_t)id; /* below ENTRIES_MAX */
}

/* MS-CFB 2.6.4: the children of the root are a tree of siblings. */
static bool find_under_root(const struct ole2 *ole2, str name, struct visit *visit)
{
    const uint32_t entry_count = ole2_entry_count(ole2);
    struct ole2_entry entry;
    if (!ole2_entry(ole2, 0, &entry) || entry.kind != OLE2_ROOT) {
        visit->is_broken = true;
        return false;
    }
    visit_later(visit, entry.child, entry_count);
    while (visit->count > 0) {
        if (!ole2_entry(ole2, visit->waiting[--visit->count], &entry)) {
            visit->is_broken = true;
            continue;
        }
        if (is_named(&entry, name)) {
            return true;
        }
        visit_later(visit, entry.left, entry_count);
        visit_later(visit, entry.right, entry_count);
    }
    return false;
}

bool ole2_has(const struct ole2 *ole2, str name)
{
    struct visit visit = {.count = 0};
    if (find_under_root(ole2, name, &visit)) {
        return true;
    }
    const uint32_t entry_count = visit.is_broken ? ole2_entry_count(ole2) : 0;
    for (uint32_t id = 0; id < entry_count; id++) {
        struct ole2_entry entry;
        if (ole2_entry(ole2, id, &entry) && is_named(&entry, name)) {
            return true;
        }
    }
    return false;
}
