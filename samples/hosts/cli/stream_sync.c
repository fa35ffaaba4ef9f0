/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/stream_sync.h"

#include <inttypes.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <string.h>

/* The first half of SHA-256 over both, in hex. Names in a folder may be chosen by strangers: a hash
 * that can be steered would let them hide a file from a round. */
static bool hash_bytes(char out[STREAM_HASH_LEN + 1], span before, span bytes,
                       struct trouble *trouble)
{
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned len = 0;
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    const bool good = context && EVP_DigestInit_ex(context, EVP_sha256(), NULL) &&
                      EVP_DigestUpdate(context, before.ptr, before.len) &&
                      EVP_DigestUpdate(context, bytes.ptr, bytes.len) &&
                      EVP_DigestFinal_ex(context, digest, &len) && len >= STREAM_HASH_LEN / 2;
    EVP_MD_CTX_free(context);
    if (!good) {
        return trouble_set(trouble, TROUBLE_INTERNAL, "SHA-256 is not to be had");
    }
    for (size_t i = 0; i < STREAM_HASH_LEN / 2; i++) {
        (void)snprintf(out + 2 * i, 3, "%02x", digest[i]);
    }
    return true;
}

enum stream_part_kind stream_kind_of(const struct quern_split *split)
{
    json_t *summary = json_loadb((const char *)split->summary.data, split->summary.len, 0, NULL);
    const bool is_web = json_array_size(json_object_get(summary, "web_hosts")) > 0;
    json_decref(summary);
    return is_web ? STREAM_WEB : STREAM_FILES;
}

struct store_tally stream_sync_tally(const struct stream_sync *sync)
{
    struct store_tally sum = {0};
    for (size_t i = 0; i < STREAM_PART_COUNT; i++) {
        const struct store_tally *tally = &sync->state.parts[i].tally;
        sum.records += tally->records;
        sum.inputs += tally->inputs;
        sum.failed += tally->failed;
        sum.asked += tally->asked;
        sum.unanswered += tally->unanswered;
    }
    return sum;
}

/* --- states --- */

static bool tell_state(struct stream_sync *sync, struct trouble *trouble)
{
    struct text message = {0};
    const char *stream = sync->catalog->stream;
    switch (sync->catalog->protocol) {
    case MESSAGE_SINGER:
        text_add_string(&message, "{\"type\":\"STATE\",\"value\":{\"bookmarks\":{");
        text_add_json_string(&message, span_of(stream));
        text_add_byte(&message, ':');
        stream_state_write(&sync->state, &message);
        text_add_string(&message, "}}}");
        break;
    case MESSAGE_AIRBYTE:
        text_add_string(&message, "{\"type\":\"STATE\",\"state\":{\"type\":\"STREAM\",\"stream\":{"
                                  "\"stream_descriptor\":{\"name\":");
        text_add_json_string(&message, span_of(stream));
        text_add_string(&message, "},\"stream_state\":");
        stream_state_write(&sync->state, &message);
        text_add_format(&message, "},\"sourceStats\":{\"recordCount\":%" PRId64 ".0}}}",
                        sync->sink->row_count - sync->rows_told);
        break;
    }
    sync->rows_told = sync->sink->row_count;
    sync->is_told = true;
    return sink_message_put(sync->sink, &message, trouble);
}

/* After a batch, and at the end of a split. */
static bool commit(struct store *store, const struct store_position *position,
                   struct trouble *trouble)
{
    struct stream_sync *sync = (struct stream_sync *)store;
    struct stream_part *part = &sync->state.parts[sync->kind];
    text_clear(&part->reader);
    if (position->split != sync->split_number) {
        sync->split_number = position->split;
        part->splits_done++;
        memcpy(part->splits, sync->splits_then, sizeof part->splits);
        part->split[0] = 0;
    } else {
        memcpy(part->split, sync->split, sizeof part->split);
        text_add(&part->reader, position->state);
    }
    part->tally = position->tally;
    return !part->reader.failed ? tell_state(sync, trouble) : trouble_memory(trouble);
}

/* --- the walk --- */

static const char *const kind_names[STREAM_PART_COUNT] = {
    [STREAM_FILES] = "local files", [STREAM_WEB] = "web addresses"};

static void begin_part_anew(struct stream_sync *sync, enum stream_part_kind kind)
{
    progress_say(&sync->session->progress, "anew",
                 "the %s have changed since the last sync was stopped; reading them from the first "
                 "again",
                 kind_names[kind]);
    stream_part_reset(&sync->state.parts[kind]);
    sync->walks[kind].has_moved = true;
    sync->is_told = false;
}

/* The state inside the split belongs to this very split, or the split is read from its start. */
static span take_reader(struct stream_sync *sync, struct stream_part *part)
{
    if (part->reader.len > 0 && strcmp(part->split, sync->split) != 0) {
        progress_say(&sync->session->progress, "anew",
                     "the %s that were being read have changed; reading that part of them from its "
                     "start",
                     kind_names[sync->kind]);
        part->split[0] = 0;
        text_clear(&part->reader);
        sync->is_told = false;
    }
    return text_span(&part->reader);
}

static bool read_split(struct stream_sync *sync, span bytes, int64_t documents,
                       struct trouble *trouble)
{
    struct stream_part *part = &sync->state.parts[sync->kind];
    if (!hash_bytes(sync->split, SPAN(""), bytes, trouble)) {
        return false;
    }
    memcpy(sync->splits_then, sync->walks[sync->kind].splits, sizeof sync->splits_then);
    /* The reader's state lies in `part`, which the first batch overwrites; it is read before. */
    sync->schedule.position.state = take_reader(sync, part);
    sync->schedule.position.tally = part->tally;
    return schedule_read_split(&sync->schedule, bytes, documents, trouble);
}

static bool take_split(void *context, const struct quern_split *split, struct trouble *trouble)
{
    struct stream_sync *sync = context;
    const enum stream_part_kind kind = stream_kind_of(split);
    const span bytes = {(const char *)split->bytes.data, split->bytes.len};
    struct stream_walk *walk = &sync->walks[kind];
    const struct stream_part *part = &sync->state.parts[kind];
    if (walk->is_read || walk->has_moved) {
        return true;
    }
    if (!hash_bytes(walk->splits, span_of(walk->splits), bytes, trouble)) {
        return false;
    }
    walk->at++;
    if (walk->at > part->splits_done) {
        sync->kind = kind;
        return read_split(sync, bytes, split->documents, trouble);
    }
    sync->session->progress.documents_before += split->documents;
    if (walk->at == part->splits_done && strcmp(walk->splits, part->splits) != 0) {
        begin_part_anew(sync, kind);
    }
    return true;
}

/* Answers whether another walk is needed. */
static bool end_walk(struct stream_sync *sync)
{
    bool again = false;
    for (enum stream_part_kind kind = 0; kind < STREAM_PART_COUNT; kind++) {
        struct stream_walk *walk = &sync->walks[kind];
        if (!walk->is_read && !walk->has_moved && walk->at < sync->state.parts[kind].splits_done) {
            begin_part_anew(sync, kind); /* there were more */
        }
        again = again || walk->has_moved;
        *walk = (struct stream_walk){.is_read = !walk->has_moved};
    }
    return again;
}

/* What moved is read in the next walk, from its first and unconditionally: so there are at most
 * two. */
static bool walk_plan(struct stream_sync *sync, struct trouble *trouble)
{
    do {
        if (!schedule_plan(sync->session, take_split, sync, trouble)) {
            return false;
        }
    } while (end_walk(sync));
    return true;
}

/* --- the round --- */

static void begin_round(struct stream_sync *sync)
{
    struct stream_state *state = &sync->state;
    struct progress *progress = &sync->session->progress;
    struct text inputs = {0};
    store_fingerprint(&inputs, sync->config->options.options, sync->config->options.count);
    const bool is_open = state->round > 0 && !state->is_finished;
    if (is_open && span_equal(text_span(&inputs), text_span(&state->inputs))) {
        progress_say(progress, "resume",
                     "going on where the last sync stopped, %" PRId64 " records were sent",
                     stream_sync_tally(sync).records);
        text_release(&inputs);
        return;
    }
    if (is_open) {
        progress_say(progress, "anew",
                     "the inputs have changed since the last sync was stopped; beginning anew");
    }
    for (size_t i = 0; i < STREAM_PART_COUNT; i++) {
        stream_part_reset(&state->parts[i]);
    }
    text_release(&state->inputs);
    state->inputs = inputs;
    state->is_finished = false;
    state->round++;
}

void stream_sync_open(struct stream_sync *sync, struct session *session, struct sink_message *sink,
                      const struct stream_config *config, const struct stream_catalog *catalog)
{
    static const struct store_type type = {.commit = commit};
    sync->session = session;
    sync->sink = sink;
    sync->config = config;
    sync->catalog = catalog;
    sync->store = (struct store){.type = &type, .sink = &sink->sink, .job = catalog->stream};
}

void stream_sync_close(struct stream_sync *sync)
{
    schedule_close(&sync->schedule);
    stream_state_release(&sync->state);
}

bool stream_sync_run(struct stream_sync *sync, struct trouble *trouble)
{
    if (!schedule_open(&sync->schedule, sync->session, &sync->sink->sink, &sync->store,
                       sync->catalog->columns, sync->catalog->column_count, trouble)) {
        return false;
    }
    begin_round(sync);
    if (sync->state.inputs.failed) {
        return trouble_memory(trouble);
    }
    if (walk_plan(sync, trouble)) {
        sync->state.is_finished = true;
        return tell_state(sync, trouble);
    }
    if (!sync->is_told && trouble->code != TROUBLE_CANNOT_WRITE) {
        (void)tell_state(sync, trouble);
    }
    return false;
}
