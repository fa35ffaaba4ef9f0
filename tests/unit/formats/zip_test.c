/* SPDX-License-Identifier: Apache-2.0 */
#include "formats/zip.h"

#include "harness/test.h"

#include <zlib.h>

/* A ZIP of stored entries, written here field by field so that each can be wrong on purpose. */
struct writer {
    uint8_t bytes[4096];
    size_t len;
    uint8_t directory[2048];
    size_t directory_len;
    size_t count;
};

static void put(uint8_t *at, size_t *len, uint64_t value, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        at[(*len)++] = (uint8_t)(i < 8 ? value >> 8 * i & 0xFF : 0);
    }
}

static void put_text(uint8_t *at, size_t *len, const char *text)
{
    memcpy(at + *len, text, strlen(text));
    *len += strlen(text);
}

static void add(struct writer *w, const char *name, const char *data)
{
    const size_t offset = w->len;
    const size_t size = strlen(data);
    const uint32_t crc = (uint32_t)crc32(0, (const uint8_t *)data, (uInt)size);
    put(w->bytes, &w->len, 0x04034b50, 4);
    put(w->bytes, &w->len, 20, 2);
    put(w->bytes, &w->len, 0, 8); /* flags, method, time, date */
    put(w->bytes, &w->len, crc, 4);
    put(w->bytes, &w->len, size, 4);
    put(w->bytes, &w->len, size, 4);
    put(w->bytes, &w->len, strlen(name), 2);
    put(w->bytes, &w->len, 0, 2);
    put_text(w->bytes, &w->len, name);
    put_text(w->bytes, &w->len, data);

    put(w->directory, &w->directory_len, 0x02014b50, 4);
    put(w->directory, &w->directory_len, 20 | 20 << 16, 4);
    put(w->directory, &w->directory_len, 0, 4);          /* flags, method */
    put(w->directory, &w->directory_len, 0x4F775295, 4); /* 2019-11-23 10:20:42 */
    put(w->directory, &w->directory_len, crc, 4);
    put(w->directory, &w->directory_len, size, 4);
    put(w->directory, &w->directory_len, size, 4);
    put(w->directory, &w->directory_len, strlen(name), 2);
    put(w->directory, &w->directory_len, 0, 12); /* extra, comment, disk, attributes */
    put(w->directory, &w->directory_len, offset, 4);
    put_text(w->directory, &w->directory_len, name);
    w->count++;
}

static bytes finish(struct writer *w)
{
    const size_t offset = w->len;
    memcpy(w->bytes + w->len, w->directory, w->directory_len);
    w->len += w->directory_len;
    put(w->bytes, &w->len, 0x06054b50, 4);
    put(w->bytes, &w->len, 0, 4);
    put(w->bytes, &w->len, w->count | w->count << 16, 4);
    put(w->bytes, &w->len, w->directory_len, 4);
    put(w->bytes, &w->len, offset, 4);
    put(w->bytes, &w->len, 0, 2);
    return (bytes){.ptr = w->bytes, .len = w->len};
}

static bytes two_entries(struct writer *w)
{
    *w = (struct writer){.len = 0};
    add(w, "mimetype", "application/epub+zip");
    add(w, "folder/", "");
    add(w, "b.txt", "bravo");
    return finish(w);
}

TEST(the_directory_gives_entries_in_its_order)
{
    struct writer writer;
    struct zip zip;
    struct zip_entry entry;
    size_t cursor = 0;
    CHECK(zip_open(two_entries(&writer), &zip));
    CHECK(!zip.is_recovered && !zip.is_cut && !zip.is_split);
    CHECK(zip_next(&zip, &cursor, &entry));
    CHECK(bytes_equal(entry.name, str_bytes(STR("mimetype"))));
    CHECK_INT(entry.size_bytes, 20);
    CHECK_INT(entry.method, ZIP_STORED);
    CHECK_INT(entry.modified_us, 1574504442000000);
    CHECK(zip_next(&zip, &cursor, &entry));
    CHECK(entry.is_folder);
    CHECK(zip_next(&zip, &cursor, &entry));
    CHECK(!entry.is_folder);
    CHECK(bytes_equal(entry.name, str_bytes(STR("b.txt"))));
    CHECK(!zip_next(&zip, &cursor, &entry));
    CHECK(zip_is_walked(&zip, cursor));
}

TEST(small_members_are_read_up_to_a_cap)
{
    struct writer writer;
    struct zip zip;
    struct zip_entry entry;
    uint8_t head[11];
    CHECK(zip_open(two_entries(&writer), &zip));
    CHECK(zip_find(&zip, STR("mimetype"), 10, &entry));
    CHECK_INT(zip_read_head(&zip, &entry, head, sizeof head), sizeof head);
    CHECK(memcmp(head, "application", sizeof head) == 0);
    CHECK(!zip_find(&zip, STR("b.txt"), 2, &entry));
    CHECK(!zip_find(&zip, STR("mimetyp"), 10, &entry));
}

TEST(bytes_in_front_of_the_archive_do_not_move_its_entries)
{
    struct writer writer;
    struct zip zip;
    struct zip_entry entry;
    bytes data;
    bool whole = false;
    uint8_t moved[4200];
    const bytes content = two_entries(&writer);
    memset(moved, '#', 100);
    memcpy(moved + 100, content.ptr, content.len);
    CHECK(zip_open((bytes){.ptr = moved, .len = content.len + 100}, &zip));
    CHECK_INT(zip.base, 100);
    CHECK(zip_find(&zip, STR("b.txt"), 10, &entry));
    CHECK(zip_entry_data(&zip, &entry, &data, &whole));
    CHECK(whole && bytes_equal(data, str_bytes(STR("bravo"))));
}

TEST(without_a_directory_local_headers_are_walked)
{
    struct writer writer;
    struct zip zip;
    struct zip_entry entry;
    size_t cursor = 0;
    size_t count = 0;
    bytes content = two_entries(&writer);
    content.len -= 22;
    CHECK(zip_open(content, &zip));
    CHECK(zip.is_recovered);
    while (zip_next(&zip, &cursor, &entry)) {
        count++;
    }
    CHECK_INT(count, 3);
    CHECK(bytes_equal(entry.name, (bytes){.ptr = entry.name.ptr, .len = 0}));
}

TEST(a_broken_directory_is_not_believed)
{
    struct writer writer;
    struct zip zip;
    const bytes content = two_entries(&writer);
    uint8_t *changed = (uint8_t *)(uintptr_t)content.ptr;
    changed[content.len - 22 - 51] ^= 0xFF; /* the signature of the last entry */
    CHECK(zip_open(content, &zip));
    CHECK(zip.is_recovered);
}

TEST(an_offset_past_the_end_is_no_entry)
{
    struct writer writer;
    struct zip zip;
    struct zip_entry entry;
    bytes data;
    bool whole = true;
    CHECK(zip_open(two_entries(&writer), &zip));
    CHECK(zip_find(&zip, STR("b.txt"), 10, &entry));
    entry.local_offset = UINT64_MAX;
    CHECK(!zip_entry_data(&zip, &entry, &data, &whole));
    CHECK(!whole);
    CHECK_INT(data.len, 0);
}

TEST(what_is_no_zip_does_not_open)
{
    struct zip zip;
    CHECK(!zip_open(str_bytes(STR("")), &zip));
    CHECK(!zip_open(str_bytes(STR("PK")), &zip));
    CHECK(!zip_open(str_bytes(STR("PK\5\6 but no more than that")), &zip));
    CHECK(!zip_open(str_bytes(STR("plain text about PK\3\4")), &zip));
}

TEST_MAIN()
