/* SPDX-License-Identifier: Apache-2.0 */
#include "job/containers.h"

#include "base/memory.h"

enum {
    LEVEL_ARENA_BYTES_MAX = 64 << 20,
    /* archive_depth_max of 64 names of archive_name_bytes_max, 65536, and what decoding adds */
    MEMBER_PATH_BYTES_MAX = 16 << 20,
    RELAX_BYTES = 16 << 20 /* unpacked between two times that a container's pages are handed back */
};

static bool copy_text(struct arena *arena, str *s)
{
    if (!s->ptr) {
        return true;
    }
    *s = arena_copy(arena, *s);
    return s->ptr != NULL;
}

/* What is lent for one document must now last as long as the container. */
static bool copy_found(struct arena *arena, struct found *found)
{
    str *const texts[] = {
        &found->provenance.id,
        &found->provenance.parent_id,
        &found->provenance.url,
        &found->provenance.final_url,
        &found->provenance.member,
        &found->provenance.etag,
        &found->provenance.last_modified,
        &found->provenance.content_sha256,
        &found->hints.name,
        &found->hints.url,
        &found->hints.media_type,
        &found->hints.charset,
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        if (!copy_text(arena, texts[i])) {
            return false;
        }
    }
    found->identity = arena_copy_bytes(arena, found->identity);
    return found->identity.ptr != NULL;
}

static void close_level(struct container_level *level)
{
    unpack_close(level->unpack);
    blob_close(level->found.blob);
    arena_release(&level->arena);
    arena_release(&level->names);
    memory_release(level);
}

static bool make_room(struct containers *containers)
{
    if (containers->depth < containers->capacity) {
        return true;
    }
    const size_t capacity = containers->capacity ? containers->capacity * 2 : 8;
    struct container_level **levels = memory_resize(containers->levels, capacity * sizeof *levels);
    if (!levels) {
        return false;
    }
    containers->levels = levels;
    containers->capacity = capacity;
    return true;
}

enum status containers_push(struct containers *containers, const struct container *container,
                            const struct unpack_watch *watch, const struct found *found,
                            const struct document *document)
{
    struct container_level *level = make_room(containers) ? memory_allocate(sizeof *level) : NULL;
    if (!level) {
        return STATUS_NO_MEMORY;
    }
    arena_init(&level->arena, LEVEL_ARENA_BYTES_MAX);
    arena_init(&level->names, LEVEL_ARENA_BYTES_MAX);
    level->found = *found;
    level->found.blob = NULL;
    level->document = *document;
    level->document.arena = &level->arena;
    if (!copy_found(&level->arena, &level->found)) {
        close_level(level);
        return STATUS_NO_MEMORY;
    }
    struct fault fault = {.offset = -1};
    level->unpack = unpack_open(found->content, container, &containers->budget, watch, &fault);
    if (!level->unpack && fault.code == FAULT_no_memory) {
        close_level(level);
        return STATUS_NO_MEMORY;
    }
    if (!level->unpack && level->document.fault.code == FAULT_none) {
        level->document.fault = fault;
    }
    level->found.blob = found->blob;
    containers->levels[containers->depth++] = level;
    return STATUS_OK;
}

struct container_level *containers_top(struct containers *containers)
{
    return containers->depth ? containers->levels[containers->depth - 1] : NULL;
}

/* A large archive lies in a mapped file; what of it was read would count as memory in use. */
static void relax(struct container_level *level, const struct member *member)
{
    level->unrelaxed_bytes += member->content ? (int64_t)blob_content(member->content).len : 0;
    if (level->found.blob && level->unrelaxed_bytes >= RELAX_BYTES) {
        blob_relax(level->found.blob);
        level->unrelaxed_bytes = 0;
    }
}

str containers_join(struct arena *arena, str outer, str inner)
{
    struct buf path;
    buf_init(&path, arena, MEMBER_PATH_BYTES_MAX);
    if (outer.len) {
        buf_add(&path, outer);
        buf_add(&path, STR("!/"));
    }
    buf_add(&path, inner);
    return buf_failed(&path) ? (str){0} : buf_str(&path);
}

static enum status describe(struct container_level *level, struct arena *arena,
                            struct member *member, struct found *out)
{
    const struct found *outer = &level->found;
    char *id = arena_text(arena, IDENTITY_LEN);
    level->step = (struct identity_step){
        .raw_name = member->raw_name, .occurrence = member->occurrence, .outer = outer->step};
    *out = (struct found){
        .provenance = {.fetched_at_us = outer->provenance.fetched_at_us,
                       .content_bytes = -1,
                       .parent_id = outer->provenance.id,
                       .url = outer->provenance.url,
                       .final_url = outer->provenance.final_url,
                       .rights = outer->provenance.rights},
        .identity_kind = outer->identity_kind,
        .identity = outer->identity,
        .step = &level->step,
        .fault = member->fault,
        .truncated = member->fault.code == FAULT_truncated,
        .limited = member->fault.code == FAULT_limit,
    };
    memcpy(out->notes, member->notes, sizeof out->notes);
    out->provenance.member = containers_join(arena, outer->provenance.member, member->name);
    if (!id || !out->provenance.member.ptr ||
        !identity_write(outer->identity_kind, outer->identity, &level->step, id)) {
        return STATUS_NO_MEMORY;
    }
    out->provenance.id = (str){.ptr = id, .len = IDENTITY_LEN};
    out->hints.name = member->name;
    if (member->content) {
        out->content = blob_content(member->content);
        out->has_content = true;
        out->provenance.content_bytes = (int64_t)out->content.len;
        out->provenance.content_sha256 = arena_copy(arena, blob_sha256(member->content));
        if (!out->provenance.content_sha256.ptr) {
            return STATUS_NO_MEMORY;
        }
    }
    out->blob = member->content;
    return STATUS_OK;
}

enum status containers_next(struct containers *containers, struct arena *arena, bool *at_end,
                            struct found *out)
{
    struct container_level *level = containers_top(containers);
    struct member member = {0};
    *at_end = true;
    *out = (struct found){0};
    if (!level || !level->unpack) {
        return STATUS_OK;
    }
    arena_reset(&level->names);
    TRY(unpack_next(level->unpack, &level->names, &member));
    if (!member.name.ptr) {
        if (member.fault.code != FAULT_none && level->document.fault.code == FAULT_none) {
            level->document.fault = member.fault;
        }
        for (enum note_code code = 0; code < NOTE_COUNT; code++) {
            document_note_many(&level->document, code, -1, member.notes[code]);
        }
        return STATUS_OK;
    }
    *at_end = false;
    relax(level, &member);
    level->member_count++;
    const enum status status = describe(level, arena, &member, out);
    if (status != STATUS_OK) {
        blob_close(member.content);
        out->blob = NULL;
    }
    return status;
}

/* "a.tar.gz" holds "a.tar"; a name that does not say it is packed stays as it is. */
static str without_ending(str name)
{
    static const str endings[] = {STR_INIT(".gz"),  STR_INIT(".bz2"), STR_INIT(".xz"),
                                  STR_INIT(".zst"), STR_INIT(".tgz"), STR_INIT(".txz")};
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
        const size_t keep = name.len - endings[i].len;
        if (name.len > endings[i].len &&
            str_equal_ignoring_ascii_case(str_slice(name, keep, name.len), endings[i])) {
            return str_slice(name, 0, keep);
        }
    }
    return name;
}

enum status containers_take_off(struct containers *containers, const struct container *filter,
                                const struct unpack_watch *watch, struct arena *arena,
                                struct found *found)
{
    struct member member = {0};
    TRY(unfilter(found->content, filter, &containers->budget, watch, arena, &member));
    if (member.fault.code != FAULT_none && found->fault.code == FAULT_none) {
        found->fault = member.fault;
        found->truncated = found->truncated || member.fault.code == FAULT_truncated;
        found->limited = found->limited || member.fault.code == FAULT_limit;
    }
    for (enum note_code code = 0; code < NOTE_COUNT; code++) {
        found->notes[code] += member.notes[code];
    }
    if (!member.content) {
        found->has_content = false;
        return STATUS_OK;
    }
    blob_close(found->blob);
    found->blob = member.content;
    found->content = blob_content(member.content);
    found->hints.name = member.name.len ? member.name : without_ending(found->hints.name);
    found->hints.media_type = (str){0};
    found->provenance.content_bytes = (int64_t)found->content.len;
    found->provenance.content_sha256 = blob_sha256(member.content);
    if (found->hints.name.len) {
        found->provenance.member =
            containers_join(arena, found->provenance.member, found->hints.name);
    }
    return arena->refused ? STATUS_NO_MEMORY : STATUS_OK;
}

void containers_pop(struct containers *containers)
{
    close_level(containers->levels[--containers->depth]);
}

void containers_release(struct containers *containers)
{
    while (containers->depth) {
        containers_pop(containers);
    }
    memory_release(containers->levels);
    *containers = (struct containers){0};
}
