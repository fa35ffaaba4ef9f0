/* SPDX-License-Identifier: Apache-2.0 */
/* What the tests of this floor share: archives made by make_archives.py in a folder of their own,
 * and everything that unpack_next says of one, as a list that can be looked at. */
#ifndef UNIT_UNPACK_LISTING_H
#define UNIT_UNPACK_LISTING_H

#include "harness/test.h"

#include "base/memory.h"
#include "unpack/unpack.h"

#include <unistd.h>

enum { LISTED_MAX = 256 };

struct listed {
    struct member member; /* name and raw name live in the listing's arena */
    bytes content;        /* lent by the blob; .ptr NULL: none */
};

struct listing {
    struct arena arena;
    struct listed items[LISTED_MAX];
    size_t count;
    bool is_open;       /* unpack_open said yes */
    enum status status; /* the last one of unpack_next */
    struct fault end;   /* what ended it early, or why it did not open */
    struct budget budget;
};

static char archive_folder[64];

static inline void remove_archives(void)
{
    char command[160];
    snprintf(command, sizeof command, "rm -rf '%s'", archive_folder);
    if (archive_folder[0] && system(command) != 0) {
        fprintf(stderr, "left behind: %s\n", archive_folder);
    }
}

/* Archives of these groups of make_archives.py, made once a program. */
static inline void make_archives(const char *groups)
{
    char command[256];
    if (archive_folder[0]) {
        return;
    }
    snprintf(archive_folder, sizeof archive_folder, "/tmp/quern-unpack-XXXXXX");
    CHECK(mkdtemp(archive_folder) != NULL);
    atexit(remove_archives);
    snprintf(command, sizeof command,
             "timeout 120 python3 -W ignore tests/unit/unpack/make_archives.py '%s' %s",
             archive_folder, groups);
    CHECK_INT(system(command), 0);
}

/* A file of that folder in memory of exactly its size, so that a sanitizer sees each byte read
 * beyond it. The caller frees `.ptr`. */
static inline bytes load(const char *name)
{
    char path[256];
    snprintf(path, sizeof path, "%s/%s", archive_folder, name);
    FILE *file = fopen(path, "rb");
    CHECK(file != NULL);
    if (!file) {
        return (bytes){.ptr = calloc(1, 1), .len = 0};
    }
    fseek(file, 0, SEEK_END);
    const size_t size = (size_t)ftell(file);
    rewind(file);
    uint8_t *memory = malloc(size ? size : 1);
    CHECK_INT(fread(memory, 1, size, file), size);
    fclose(file);
    return (bytes){.ptr = memory, .len = size};
}

static inline bytes copy_exactly(bytes part)
{
    uint8_t *memory = malloc(part.len ? part.len : 1);
    memcpy(memory, part.ptr, part.len);
    return (bytes){.ptr = memory, .len = part.len};
}

static inline void free_bytes(bytes part)
{
    free((void *)(uintptr_t)part.ptr);
}

static inline struct listing *list_watched(bytes content, const struct settings *settings,
                                           const struct unpack_watch *watch)
{
    struct listing *listing = calloc(1, sizeof *listing);
    unsigned bits = 0;
    const struct container *container = container_bid(content, &bits);
    arena_init(&listing->arena, 1 << 30);
    listing->budget.settings = settings;
    if (!container || container_is_filter(container)) {
        return listing;
    }
    struct unpack *unpack = unpack_open(content, container, &listing->budget, watch, &listing->end);
    listing->is_open = unpack != NULL;
    while (unpack && listing->count < LISTED_MAX) {
        struct listed *item = &listing->items[listing->count];
        listing->status = unpack_next(unpack, &listing->arena, &item->member);
        if (listing->status != STATUS_OK || !item->member.name.ptr) {
            listing->end = item->member.fault;
            break;
        }
        if (item->member.content) {
            item->content = blob_content(item->member.content);
        }
        listing->count++;
    }
    unpack_close(unpack);
    return listing;
}

static inline struct listing *list(bytes content, const struct settings *settings)
{
    return list_watched(content, settings, NULL);
}

static inline void listing_close(struct listing *listing)
{
    for (size_t i = 0; i < listing->count; i++) {
        blob_close(listing->items[i].member.content);
    }
    arena_release(&listing->arena);
    free(listing);
}

/* The file's listing under default settings. The content is freed: blobs are their own. */
static inline struct listing *list_file(const char *name)
{
    const struct settings settings = settings_default();
    const bytes content = load(name);
    struct listing *listing = list(content, &settings);
    listing->budget.settings = NULL;
    free_bytes(content);
    return listing;
}

/* The first member of that name; a failed check and an empty one when there is none. */
static inline const struct listed *find_member(const struct listing *listing, const char *name)
{
    static const struct listed none;
    for (size_t i = 0; i < listing->count; i++) {
        if (str_equal(listing->items[i].member.name, str_of(name))) {
            return &listing->items[i];
        }
    }
    const bool member_is_listed = false;
    fprintf(stderr, "no member %s\n", name);
    CHECK(member_is_listed);
    return &none;
}

static inline str content_str(const struct listed *listed)
{
    return (str){.ptr = listed->content.ptr ? (const char *)listed->content.ptr : "(no content)",
                 .len = listed->content.ptr ? listed->content.len : 12};
}

static inline str fault_name(const struct fault *fault)
{
    return fault_code_name(fault->code);
}

/* For people who look at what an archive gives. */
static inline void listing_print(const struct listing *listing)
{
    for (size_t i = 0; i < listing->count; i++) {
        const struct listed *item = &listing->items[i];
        printf("  %.*s #%" PRId64 " %zu bytes%s, fault %s %s, checksum %" PRId64
               ", guessed %" PRId64 ", undecodable %" PRId64 "\n",
               (int)item->member.name.len, item->member.name.ptr, item->member.occurrence,
               item->content.len, item->content.ptr ? "" : " (none)",
               fault_name(&item->member.fault).ptr, item->member.fault.message,
               item->member.notes[NOTE_bad_checksum], item->member.notes[NOTE_name_charset_guessed],
               item->member.notes[NOTE_name_undecodable]);
    }
    printf("  open %d, status %d, end %s %s\n", listing->is_open, (int)listing->status,
           fault_name(&listing->end).ptr, listing->end.message);
}

#endif
