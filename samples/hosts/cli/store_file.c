/* SPDX-License-Identifier: Apache-2.0 */
/* Two files beside the records. The state is TOML, written whole, synced and renamed:
 *
 *   quern_state = 1
 *   job = "notices"   round = 3   finished = false   fingerprint = "…"
 *   committed_bytes = 12345
 *   split = 2   state = "…"   records = …   inputs = …
 *
 * The plan is written once a round: a line "round ROUND", then per split a line "DOCUMENTS BYTES",
 * the bytes, and a line end.
 */
#include "cli/sink_ndjson.h"
#include "cli/sink_stream.h"
#include "cli/store.h"

#include "common/file_read.h"
#include "common/heap.h"
#include "common/toml.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct planned {
    int64_t offset; /* of its bytes in the plan */
    int64_t len;
    int64_t documents;
};

struct file_store {
    struct store store;
    struct text state_path;
    struct text plan_path;
    struct text unfinished_path; /* of whichever is being written */
    struct text folder_path;
    int64_t round;
    bool cuts;
    int64_t committed_bytes;
    FILE *plan; /* being written, or read from */
    struct planned *splits;
    size_t split_capacity;
};

static bool fail(const char *path, struct trouble *trouble)
{
    return trouble_set(trouble, TROUBLE_CANNOT_WRITE, "%s: %s", path, strerror(errno));
}

/* --- replacing a file as a whole --- */

static bool sync_folder(const struct file_store *mine, struct trouble *trouble)
{
    const char *folder = text_string(&mine->folder_path);
    const int descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    const bool good = descriptor >= 0 && fsync(descriptor) == 0;
    const bool told = good || fail(folder, trouble);
    if (descriptor >= 0) {
        (void)close(descriptor);
    }
    return told;
}

static bool replace(const struct file_store *mine, const char *path, struct trouble *trouble)
{
    return (rename(text_string(&mine->unfinished_path), path) == 0 || fail(path, trouble)) &&
           sync_folder(mine, trouble);
}

static void describe_state(const struct file_store *mine, const struct store_position *position,
                           bool finished, struct text *to)
{
    const struct store_tally *tally = &position->tally;
    text_add_string(to, "# How far a run of quern is. It belongs to the records beside it.\n"
                        "quern_state = 1\njob = ");
    text_add_json_string(to, span_of(mine->store.job)); /* a TOML string, too */
    text_add_format(to,
                    "\nround = %" PRId64 "\nfinished = %s\nfingerprint = \"%s\"\n"
                    "committed_bytes = %" PRId64 "\nsplit = %" PRId64 "\nstate = ",
                    mine->round, finished ? "true" : "false",
                    text_string(&mine->store.round.fingerprint), mine->committed_bytes,
                    position->split);
    text_add_json_string(to, position->state);
    text_add_format(to,
                    "\nrecords = %" PRId64 "\ninputs = %" PRId64 "\nfailed = %" PRId64
                    "\nasked = %" PRId64 "\nunanswered = %" PRId64 "\n",
                    tally->records, tally->inputs, tally->failed, tally->asked, tally->unanswered);
}

static bool write_state(const struct file_store *mine, const struct store_position *position,
                        bool finished, struct trouble *trouble)
{
    const char *path = text_string(&mine->unfinished_path);
    struct sink_stream file = {
        .descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666), .name = path};
    if (file.descriptor < 0) {
        return trouble_set(trouble, TROUBLE_CANNOT_CREATE, "%s: %s", path, strerror(errno));
    }
    describe_state(mine, position, finished, &file.held);
    bool good = sink_stream_sync(&file, trouble);
    text_release(&file.held);
    if (close(file.descriptor) != 0 && good) {
        good = fail(path, trouble);
    }
    return good && replace(mine, text_string(&mine->state_path), trouble);
}

/* --- the plan --- */

static struct planned *add_split(struct file_store *mine, struct trouble *trouble)
{
    const size_t count = (size_t)mine->store.round.split_count;
    if (count == mine->split_capacity) {
        const size_t capacity = count ? count * 2 : 64;
        struct planned *larger = heap_resize(mine->splits, capacity * sizeof *larger);
        if (!larger) {
            (void)trouble_memory(trouble);
            return NULL;
        }
        mine->splits = larger;
        mine->split_capacity = capacity;
    }
    mine->store.round.split_count++;
    return &mine->splits[count];
}

static bool fail_plan(const struct file_store *mine, struct trouble *trouble)
{
    return trouble_set(trouble, TROUBLE_CANNOT_WRITE,
                       "%s: is not the plan that %s speaks of; put it back, or begin anew with "
                       "quern run --anew",
                       text_string(&mine->plan_path), text_string(&mine->state_path));
}

static bool read_split_heads(struct file_store *mine, struct trouble *trouble)
{
    int64_t documents = 0;
    int64_t len = 0;
    while (fscanf(mine->plan, "%" SCNd64 " %" SCNd64, &documents, &len) == 2) {
        struct planned *split = add_split(mine, trouble);
        if (!split) {
            return false;
        }
        if (len < 0 || documents < 0 || fgetc(mine->plan) != '\n') {
            return fail_plan(mine, trouble);
        }
        *split = (struct planned){
            .offset = (int64_t)ftello(mine->plan), .len = len, .documents = documents};
        mine->store.round.document_count += documents;
        if (fseeko(mine->plan, (off_t)len, SEEK_CUR) != 0 || fgetc(mine->plan) != '\n') {
            return fail_plan(mine, trouble);
        }
    }
    return feof(mine->plan) || fail_plan(mine, trouble);
}

static bool read_plan(struct file_store *mine, struct trouble *trouble)
{
    mine->plan = fopen(text_string(&mine->plan_path), "rbe");
    int64_t round = 0;
    if (!mine->plan || fscanf(mine->plan, "round %" SCNd64, &round) != 1 || round != mine->round) {
        return fail_plan(mine, trouble);
    }
    return read_split_heads(mine, trouble);
}

static bool plan_begin(struct store *store, span fingerprint, struct trouble *trouble)
{
    struct file_store *mine = (struct file_store *)store;
    text_clear(&store->round.fingerprint);
    text_clear(&store->round.state);
    text_add(&store->round.fingerprint, fingerprint);
    store->round.position = (struct store_position){0};
    store->round.split_count = 0;
    store->round.document_count = 0;
    mine->round++;
    if (mine->plan) {
        (void)fclose(mine->plan);
    }
    const char *path = text_string(&mine->unfinished_path);
    mine->plan = fopen(path, "w+be");
    if (!mine->plan) {
        return trouble_set(trouble, TROUBLE_CANNOT_CREATE, "%s: %s", path, strerror(errno));
    }
    return fprintf(mine->plan, "round %" PRId64 "\n", mine->round) > 0 || fail(path, trouble);
}

static bool plan_add(struct store *store, span split, int64_t documents, struct trouble *trouble)
{
    struct file_store *mine = (struct file_store *)store;
    struct planned *planned = add_split(mine, trouble);
    if (!planned) {
        return false;
    }
    const bool head =
        fprintf(mine->plan, "%" PRId64 " %" PRId64 "\n", documents, (int64_t)split.len) > 0;
    *planned = (struct planned){
        .offset = (int64_t)ftello(mine->plan), .len = (int64_t)split.len, .documents = documents};
    store->round.document_count += documents;
    return (head && fwrite(split.ptr, 1, split.len, mine->plan) == split.len &&
            fputc('\n', mine->plan) != EOF) ||
           fail(text_string(&mine->unfinished_path), trouble);
}

static bool plan_end(struct store *store, struct trouble *trouble)
{
    struct file_store *mine = (struct file_store *)store;
    if (fflush(mine->plan) != 0 || fsync(fileno(mine->plan)) != 0) {
        return fail(text_string(&mine->unfinished_path), trouble);
    }
    mine->committed_bytes = mine->cuts ? sink_ndjson_length(store->sink) : 0;
    store->round.is_open = true;
    return replace(mine, text_string(&mine->plan_path), trouble) &&
           write_state(mine, &store->round.position, false, trouble);
}

static bool read_split(struct store *store, int64_t index, struct text *out, int64_t *documents,
                       struct trouble *trouble)
{
    struct file_store *mine = (struct file_store *)store;
    const struct planned *split = &mine->splits[index];
    if (fseeko(mine->plan, (off_t)split->offset, SEEK_SET) != 0) {
        return fail_plan(mine, trouble);
    }
    char part[16384];
    int64_t left = split->len;
    while (left > 0) {
        const size_t want = left < (int64_t)sizeof part ? (size_t)left : sizeof part;
        if (fread(part, 1, want, mine->plan) != want) {
            return fail_plan(mine, trouble);
        }
        text_add(out, (span){part, want});
        left -= (int64_t)want;
    }
    *documents = split->documents;
    return !out->failed || trouble_memory(trouble);
}

/* --- the state --- */

static bool fail_state(const struct file_store *mine, const char *key, struct trouble *trouble)
{
    return trouble_set(trouble, TROUBLE_CANNOT_WRITE,
                       "%s: %s is not as quern wrote it; put it back, or begin anew with quern run "
                       "--anew",
                       text_string(&mine->state_path), key);
}

static bool read_counts(struct file_store *mine, const struct toml_value *root,
                        struct trouble *trouble)
{
    struct store_position *position = &mine->store.round.position;
    const struct {
        const char *key;
        int64_t *to;
    } counts[] = {{"round", &mine->round},
                  {"committed_bytes", &mine->committed_bytes},
                  {"split", &position->split},
                  {"records", &position->tally.records},
                  {"inputs", &position->tally.inputs},
                  {"failed", &position->tally.failed},
                  {"asked", &position->tally.asked},
                  {"unanswered", &position->tally.unanswered}};
    for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++) {
        const struct toml_value *value = toml_find(root, counts[i].key);
        if (!value || value->type != TOML_INTEGER || value->as.integer < 0) {
            return fail_state(mine, counts[i].key, trouble);
        }
        *counts[i].to = value->as.integer;
    }
    return true;
}

static bool read_state(struct file_store *mine, const struct toml_value *root,
                       struct trouble *trouble)
{
    struct store_round *round = &mine->store.round;
    const struct toml_value *finished = toml_find(root, "finished");
    const struct toml_value *fingerprint = toml_find(root, "fingerprint");
    const struct toml_value *state = toml_find(root, "state");
    const struct toml_value *version = toml_find(root, "quern_state");
    const struct toml_value *job = toml_find(root, "job");
    if (!version || version->type != TOML_INTEGER || version->as.integer != 1) {
        return fail_state(mine, "quern_state", trouble);
    }
    if (!finished || finished->type != TOML_BOOLEAN || !fingerprint ||
        fingerprint->type != TOML_STRING || !state || state->type != TOML_STRING || !job ||
        job->type != TOML_STRING) {
        return fail_state(mine, "finished, fingerprint, job or state", trouble);
    }
    if (!span_equal(job->as.string, span_of(mine->store.job))) {
        return trouble_set(trouble, TROUBLE_JOB,
                           "%s: belongs to the job %.200s, this one is %s; give each job its own "
                           "sink, or the same name",
                           text_string(&mine->state_path), job->as.string.ptr, mine->store.job);
    }
    round->is_open = !finished->as.boolean;
    text_add(&round->fingerprint, fingerprint->as.string);
    text_add(&round->state, state->as.string);
    round->position.state = text_span(&round->state);
    return read_counts(mine, root, trouble) &&
           (!(round->fingerprint.failed || round->state.failed) || trouble_memory(trouble));
}

static bool load(struct store *store, struct trouble *trouble)
{
    struct file_store *mine = (struct file_store *)store;
    struct text content = {0};
    struct toml toml = {0};
    bool good = true;
    if (file_read(text_string(&mine->state_path), TOML_BYTES_MAX, &content)) {
        good = toml_read(&toml, text_span(&content))
                   ? read_state(mine, toml.root, trouble)
                   : fail_state(mine, toml.error.message, trouble);
        good = good && (!store->round.is_open || read_plan(mine, trouble));
    } else if (errno != ENOENT) {
        good = fail(text_string(&mine->state_path), trouble);
    }
    toml_release(&toml);
    text_release(&content);
    return good && (!store->round.is_open || !mine->cuts ||
                    sink_ndjson_cut(store->sink, mine->committed_bytes, trouble));
}

/* First the rows are safe, then the state says so. */
static bool commit(struct store *store, const struct store_position *position,
                   struct trouble *trouble)
{
    struct file_store *mine = (struct file_store *)store;
    if (!store->sink->type->sync(store->sink, trouble)) {
        return false;
    }
    mine->committed_bytes = mine->cuts ? sink_ndjson_length(store->sink) : 0;
    return write_state(mine, position, false, trouble);
}

static bool finish(struct store *store, struct trouble *trouble)
{
    struct file_store *mine = (struct file_store *)store;
    if (!write_state(mine, &store->round.position, true, trouble)) {
        return false;
    }
    return unlink(text_string(&mine->plan_path)) == 0 || errno == ENOENT ||
           fail(text_string(&mine->plan_path), trouble);
}

static void close_store(struct store *store)
{
    struct file_store *mine = (struct file_store *)store;
    if (mine->plan) {
        (void)fclose(mine->plan);
    }
    text_release(&mine->state_path);
    text_release(&mine->plan_path);
    text_release(&mine->unfinished_path);
    text_release(&mine->folder_path);
    heap_release(mine->splits);
    heap_release(mine);
}

static const struct store_type type = {.load = load,
                                       .plan_begin = plan_begin,
                                       .plan_add = plan_add,
                                       .plan_end = plan_end,
                                       .read_split = read_split,
                                       .commit = commit,
                                       .finish = finish,
                                       .close = close_store};

static bool name_files(struct file_store *mine, const char *path)
{
    const char *slash = strrchr(path, '/');
    text_add_string(&mine->state_path, path);
    text_add_format(&mine->plan_path, "%s.plan", path);
    text_add_format(&mine->unfinished_path, "%s.unfinished", path);
    if (slash) {
        text_add(&mine->folder_path, (span){path, (size_t)(slash - path) + 1});
    } else {
        text_add_string(&mine->folder_path, ".");
    }
    return !mine->state_path.failed && !mine->plan_path.failed && !mine->unfinished_path.failed &&
           !mine->folder_path.failed;
}

struct store *store_file_open(struct record_sink *sink, const char *path, bool cuts, bool anew,
                              const char *job, struct trouble *trouble)
{
    struct file_store *mine = heap_allocate(sizeof *mine);
    if (!mine) {
        (void)trouble_memory(trouble);
        return NULL;
    }
    mine->store = (struct store){.type = &type, .sink = sink, .job = job};
    mine->cuts = cuts;
    const bool named = name_files(mine, path) || trouble_memory(trouble);
    if (!named || (!anew && !load(&mine->store, trouble))) {
        store_close(&mine->store);
        return NULL;
    }
    return &mine->store;
}
