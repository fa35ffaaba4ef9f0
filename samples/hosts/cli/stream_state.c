/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/stream_state.h"

#include <inttypes.h>
#include <string.h>

#define COUNT_MAX (INT64_C(1) << 53) /* every JSON reader keeps it, and counting on stays inside */

static const char *const part_names[STREAM_PART_COUNT] = {
    [STREAM_FILES] = "files", [STREAM_WEB] = "web"};

/* Where a blob stands, for messages. */
struct place {
    const char *path;
    const char *within; /* "bookmarks.documents" */
    struct trouble *trouble;
};

void stream_part_reset(struct stream_part *part)
{
    part->splits_done = 0;
    part->splits[0] = 0;
    part->split[0] = 0;
    part->tally = (struct store_tally){0};
    text_clear(&part->reader);
}

void stream_state_release(struct stream_state *state)
{
    for (size_t i = 0; i < STREAM_PART_COUNT; i++) {
        text_release(&state->parts[i].reader);
    }
    text_release(&state->inputs);
    *state = (struct stream_state){0};
}

void stream_state_write(const struct stream_state *state, struct text *to)
{
    text_add_format(to, "{\"version\":%d,\"round\":%" PRId64 ",\"finished\":%s,\"inputs\":",
                    STREAM_STATE_VERSION, state->round, state->is_finished ? "true" : "false");
    text_add_json_string(to, text_span(&state->inputs));
    for (size_t i = 0; !state->is_finished && i < STREAM_PART_COUNT; i++) {
        const struct stream_part *part = &state->parts[i];
        text_add_format(to,
                        ",\"%s\":{\"splits_done\":%" PRId64
                        ",\"splits\":\"%s\",\"split\":\"%s\",\"reader\":",
                        part_names[i], part->splits_done, part->splits, part->split);
        text_add_json_string(to, text_span(&part->reader));
        text_add_format(to,
                        ",\"records\":%" PRId64 ",\"inputs\":%" PRId64 ",\"failed\":%" PRId64
                        ",\"asked\":%" PRId64 ",\"unanswered\":%" PRId64 "}",
                        part->tally.records, part->tally.inputs, part->tally.failed,
                        part->tally.asked, part->tally.unanswered);
    }
    text_add_byte(to, '}');
}

/* --- reading --- */

static bool fail_at(const struct place *place, const char *table, const char *key, const char *why)
{
    struct text where = {0};
    text_add_format(&where, "%s%s%s.%s", place->within, *table ? "." : "", table, key);
    (void)json_file_fail(place->trouble, place->path, text_string(&where), why);
    text_release(&where);
    return false;
}

static bool read_count(const struct place *place, const json_t *object, const char *table,
                       const char *key, int64_t *out)
{
    const json_t *value = json_object_get(object, key);
    if (!json_is_integer(value) || json_integer_value(value) < 0 ||
        json_integer_value(value) > COUNT_MAX) {
        return fail_at(
            place, table, key,
            "must be a whole number, not below 0; give the state as quern wrote it, or none "
            "to begin anew");
    }
    *out = json_integer_value(value);
    return true;
}

static bool read_hash(const struct place *place, const json_t *object, const char *table,
                      const char *key, char out[STREAM_HASH_LEN + 1])
{
    const json_t *value = json_object_get(object, key);
    const span text = json_file_text(value);
    if (!json_is_string(value) || (text.len != 0 && text.len != STREAM_HASH_LEN) ||
        strspn(text.ptr, "0123456789abcdef") != text.len) {
        return fail_at(place, table, key,
                       "must be 32 hex digits or empty; give the state as quern wrote it, or none "
                       "to begin anew");
    }
    memcpy(out, text.ptr, text.len);
    out[text.len] = 0;
    return true;
}

static bool read_tally(const struct place *place, const json_t *object, const char *table,
                       struct store_tally *tally)
{
    return read_count(place, object, table, "records", &tally->records) &&
           read_count(place, object, table, "inputs", &tally->inputs) &&
           read_count(place, object, table, "failed", &tally->failed) &&
           read_count(place, object, table, "asked", &tally->asked) &&
           read_count(place, object, table, "unanswered", &tally->unanswered);
}

static bool read_part(const struct place *place, const json_t *blob, const char *name,
                      struct stream_part *part)
{
    const json_t *object = json_object_get(blob, name);
    const json_t *reader = json_object_get(object, "reader");
    if (!json_is_object(object)) {
        return fail_at(place, "", name, "must be an object");
    }
    if (!read_count(place, object, name, "splits_done", &part->splits_done) ||
        !read_tally(place, object, name, &part->tally) ||
        !read_hash(place, object, name, "splits", part->splits) ||
        !read_hash(place, object, name, "split", part->split)) {
        return false;
    }
    if (!json_is_string(reader) || json_string_length(reader) > STREAM_READER_BYTES_MAX) {
        return fail_at(place, name, "reader", "must be a text of at most 64 KiB");
    }
    if ((part->splits_done == 0) != (part->splits[0] == 0) ||
        (part->split[0] == 0) != (json_string_length(reader) == 0)) {
        return fail_at(place, "", name,
                       "contradicts itself; give the state as quern wrote it, or none to begin "
                       "anew");
    }
    text_add(&part->reader, json_file_text(reader));
    return !part->reader.failed || trouble_memory(place->trouble);
}

static bool read_blob(struct stream_state *state, const json_t *blob, const struct place *place)
{
    const json_t *finished = json_object_get(blob, "finished");
    const json_t *inputs = json_object_get(blob, "inputs");
    int64_t version = 0;
    if (!blob || json_is_null(blob) || (json_is_object(blob) && json_object_size(blob) == 0)) {
        return true;
    }
    if (!json_is_object(blob)) {
        return fail_at(place, "", "version", "is not there: this is no state of quern");
    }
    if (!read_count(place, blob, "", "version", &version)) {
        return false;
    }
    if (version != STREAM_STATE_VERSION) {
        return fail_at(place, "", "version", "is another version's; give no state to begin anew");
    }
    if (!json_is_boolean(finished)) {
        return fail_at(place, "", "finished", "must be true or false");
    }
    if (!json_is_string(inputs)) {
        return fail_at(place, "", "inputs", "must be a text");
    }
    state->is_finished = json_is_true(finished);
    text_add(&state->inputs, json_file_text(inputs));
    if (!read_count(place, blob, "", "round", &state->round)) {
        return false;
    }
    for (size_t i = 0; !state->is_finished && i < STREAM_PART_COUNT; i++) {
        if (!read_part(place, blob, part_names[i], &state->parts[i])) {
            return false;
        }
    }
    return !state->inputs.failed || trouble_memory(place->trouble);
}

/* {"bookmarks":{STREAM:{…}}} */
static bool read_singer(struct stream_state *state, const struct stream_catalog *catalog,
                        const json_t *root, struct place *place)
{
    const json_t *bookmarks = json_file_find(root, "bookmarks");
    struct text within = {0};
    if (!json_is_object(root)) {
        return json_file_fail(place->trouble, place->path, "",
                              "must be an object, as in {\"bookmarks\":{…}}");
    }
    if (bookmarks && !json_is_object(bookmarks)) {
        return json_file_fail(place->trouble, place->path, "bookmarks", "must be an object");
    }
    text_add_format(&within, "bookmarks.%.100s", catalog->stream);
    place->within = text_string(&within);
    const bool good = read_blob(state, json_object_get(bookmarks, catalog->stream), place);
    text_release(&within);
    return good;
}

/* One message: {"type":"STREAM","stream":{"stream_descriptor":{"name":STREAM},"stream_state":{…}}} */
static bool read_message(struct stream_state *state, const struct stream_catalog *catalog,
                         const json_t *message, struct place *place)
{
    const json_t *stream = json_object_get(message, "stream");
    const json_t *descriptor = json_object_get(stream, "stream_descriptor");
    const span name = json_file_text(json_object_get(descriptor, "name"));
    if (name.len == 0) {
        return json_file_fail(place->trouble, place->path, place->within,
                              "must be a state of type STREAM, with stream.stream_descriptor.name");
    }
    if (!span_equal(name, span_of(catalog->stream))) {
        return true;
    }
    stream_state_release(state); /* of two for one stream the last counts */
    return read_blob(state, json_object_get(stream, "stream_state"), place);
}

static bool read_airbyte(struct stream_state *state, const struct stream_catalog *catalog,
                         const json_t *root, struct place *place)
{
    bool good = true;
    if (json_is_object(root)) {
        place->within = "stream";
        return json_object_size(root) == 0 || read_message(state, catalog, root, place);
    }
    for (size_t i = 0; good && i < json_array_size(root); i++) {
        struct text within = {0};
        text_add_format(&within, "[%zu]", i);
        place->within = text_string(&within);
        good = read_message(state, catalog, json_array_get(root, i), place);
        text_release(&within);
    }
    return good;
}

bool stream_state_read(struct stream_state *state, const struct stream_catalog *catalog,
                       const char *path, struct trouble *trouble)
{
    json_t *root = json_file_read(path, false, trouble);
    struct place place = {.path = path, .within = "", .trouble = trouble};
    if (!root) {
        return false;
    }
    const bool good = catalog->protocol == MESSAGE_SINGER
                          ? read_singer(state, catalog, root, &place)
                          : read_airbyte(state, catalog, root, &place);
    json_decref(root);
    return good;
}
