/* SPDX-License-Identifier: Apache-2.0 */
#include "core.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

struct chain {
    atomic_long references;
    pid_t pid;
    bool is_convert;
    struct caller caller;
    struct quern_error error;
    char **columns; /* NULL: all */
    uint32_t column_count;
    struct quern_bytes *splits; /* own copies; NULL: those of the plan */
    size_t split_count;
    struct quern_input input;

    pthread_mutex_t turn; /* held by the one that pulls, and by nobody who holds the interpreter */
    atomic_long turn_thread; /* who that is, for what it calls back may ask here again; 0: nobody */
    struct quern_source *source;
    struct quern_plan *plan;
    struct quern_convert *convert;
    struct ArrowArrayStream schema_stream; /* over no bytes: only its schema is asked for */
    struct ArrowArrayStream stream;        /* of the split at work */
    int64_t split_documents;
    int64_t skip;           /* splits that an earlier read finished */
    uint64_t expected_plan; /* hash up to the split to go on in; 0: not asked for */
    bool is_ended;
    int failed;
    atomic_bool is_pulled;
    atomic_bool is_closing;

    pthread_mutex_t hand; /* held for a moment around what follows; nothing is called under it but
                             a cancel */
    struct quern_reader *reader;
    struct chain_place place;
    char *state;
    size_t state_len;
    size_t state_capacity;
};

/* FNV-1a, 64 bits: tells that a plan changed, not who changed it. */
static uint64_t hash_add(uint64_t hash, struct quern_bytes bytes)
{
    hash = hash ? hash : UINT64_C(0xcbf29ce484222325);
    for (size_t i = 0; i < bytes.len; i++) {
        hash = (hash ^ bytes.data[i]) * UINT64_C(0x100000001b3);
    }
    return (hash ^ 0xFFu) * UINT64_C(0x100000001b3); /* where one split ends */
}

/* --- opening --- */

static bool bytes_copy(struct quern_bytes from, struct quern_bytes *to)
{
    uint8_t *copy = malloc(from.len + 1);
    if (copy) {
        memcpy(copy, from.data ? from.data : (const uint8_t *)"", from.len);
        *to = (struct quern_bytes){.data = copy, .len = from.len};
    }
    return copy != NULL;
}

static bool copy_lists(struct chain *chain, const struct chain_options *options)
{
    if (options->columns) {
        chain->columns = calloc(options->column_count + 1u, sizeof *chain->columns);
        if (!chain->columns) {
            return false;
        }
        for (; chain->column_count < options->column_count; chain->column_count++) {
            chain->columns[chain->column_count] = strdup(options->columns[chain->column_count]);
            if (!chain->columns[chain->column_count]) {
                return false;
            }
        }
    }
    if (options->splits) {
        chain->splits = calloc(options->split_count + 1, sizeof *chain->splits);
        if (!chain->splits) {
            return false;
        }
        for (; chain->split_count < options->split_count; chain->split_count++) {
            if (!bytes_copy(options->splits[chain->split_count],
                            &chain->splits[chain->split_count])) {
                return false;
            }
        }
    }
    struct quern_bytes state = {0};
    const bool copied = bytes_copy(options->state, &state);
    chain->state = (char *)(uintptr_t)state.data;
    chain->state_len = state.len;
    chain->state_capacity = state.len;
    return copied;
}

/* The converter gives the schema before there is a split, and tells of unknown columns. */
static int32_t open_converter(struct chain *chain, const struct chain_options *options,
                              struct quern_error *error)
{
    const struct quern_host host = caller_host(&chain->caller);
    const struct quern_input nothing = {.struct_size = sizeof nothing, .data = (const uint8_t *)""};
    const int32_t status =
        core_plugin->convert_open(&host, options->options, options->option_count, options->columns,
                                  options->column_count, &chain->convert, error);
    return status != QUERN_OK ? status
                              : core_plugin->convert_stream(chain->convert, &nothing,
                                                            &chain->schema_stream, error);
}

static int32_t open_source(struct chain *chain, const struct chain_options *options,
                           struct quern_error *error)
{
    const struct quern_host host = caller_host(&chain->caller);
    const int32_t status = core_plugin->source_open(&host, options->options, options->option_count,
                                                    &chain->source, error);
    return status != QUERN_OK || chain->splits
               ? status
               : core_plugin->source_plan(chain->source, &chain->plan, error);
}

struct chain *chain_new(const struct chain_options *options)
{
    struct chain *chain = calloc(1, sizeof *chain);
    if (!chain) {
        return NULL;
    }
    atomic_init(&chain->references, 1);
    (void)pthread_mutex_init(&chain->turn, NULL);
    (void)pthread_mutex_init(&chain->hand, NULL);
    chain->pid = getpid();
    chain->is_convert = options->is_convert;
    chain->input = options->input;
    chain->error = (struct quern_error){.struct_size = sizeof chain->error};
    chain->skip = options->place.position;
    chain->expected_plan = options->place.plan;
    chain->place.position = -1; /* raised by each split that opens */
    caller_keep(&chain->caller, options->log, options->progress, options->held);
    return chain;
}

int32_t chain_open(struct chain *chain, const struct chain_options *options,
                   struct quern_error *error)
{
    if (!copy_lists(chain, options)) {
        error_set(error, QUERN_NO_MEMORY, "", "there is not enough memory");
        return QUERN_NO_MEMORY;
    }
    if (!work_begin(error)) {
        return error->status;
    }
    int32_t status = open_converter(chain, options, error);
    if (status == QUERN_OK && !options->is_convert) {
        status = open_source(chain, options, error);
    }
    work_end();
    return status;
}

/* --- pulling --- */

static int fail(struct chain *chain, int32_t status, const char *where, const char *message)
{
    error_set(&chain->error, status, where, message);
    return error_number(status);
}

/* The plugin has told chain->error. */
static int fail_told(struct chain *chain)
{
    return error_number(chain->error.status);
}

static void close_split(struct chain *chain)
{
    if (chain->stream.release) {
        chain->stream.release(&chain->stream);
    }
    pthread_mutex_lock(&chain->hand);
    struct quern_reader *reader = chain->reader;
    chain->reader = NULL;
    pthread_mutex_unlock(&chain->hand);
    core_plugin->reader_close(reader);
}

/* [hand] */
static bool keep_state(struct chain *chain, const uint8_t *state, size_t len)
{
    if (len > chain->state_capacity) {
        char *larger = realloc(chain->state, len);
        if (!larger) {
            return false;
        }
        chain->state = larger;
        chain->state_capacity = len;
    }
    if (len) {
        memcpy(chain->state, state, len);
    }
    chain->state_len = len;
    return true;
}

/* The next split in `split`; data NULL at the end. */
static int next_split(struct chain *chain, struct quern_split *split)
{
    if (!chain->splits) {
        const int32_t status = core_plugin->plan_next(chain->plan, split, &chain->error);
        return status == QUERN_OK ? 0 : fail_told(chain);
    }
    const size_t index = (size_t)(chain->place.position + 1);
    if (index < chain->split_count) {
        split->bytes = chain->splits[index];
    }
    return 0;
}

/* Skips what an earlier read finished and sees that the plan is still the same. */
static int find_split(struct chain *chain, struct quern_split *split, bool *goes_on)
{
    *goes_on = false;
    for (;;) {
        const int answer = next_split(chain, split);
        if (answer) {
            return answer;
        }
        const uint64_t before = chain->place.plan;
        const uint64_t plan = split->bytes.data ? hash_add(before, split->bytes) : before;
        const bool at_place = chain->place.position + 1 == chain->skip;
        const bool is_short = !split->bytes.data && chain->place.position + 1 < chain->skip;
        /* A finished read may go on with splits that came after its end. */
        const bool appended = at_place && chain->state_len == 0 && before == chain->expected_plan;
        if (chain->expected_plan && (at_place || is_short) && !appended &&
            plan != chain->expected_plan) {
            return fail(chain, QUERN_CORRUPT, "state",
                        "the inputs are not those this state was made with; read from the start, "
                        "and upsert by id");
        }
        pthread_mutex_lock(&chain->hand);
        chain->place.position++;
        chain->place.plan = plan;
        pthread_mutex_unlock(&chain->hand);
        if (!split->bytes.data || chain->place.position >= chain->skip) {
            *goes_on = at_place;
            return 0;
        }
    }
}

static int open_split(struct chain *chain)
{
    struct quern_split split = {.struct_size = sizeof split};
    bool goes_on;
    int answer = find_split(chain, &split, &goes_on);
    if (answer) {
        return answer;
    }
    if (!goes_on) {
        pthread_mutex_lock(&chain->hand);
        chain->state_len = 0;
        pthread_mutex_unlock(&chain->hand);
    }
    if (!split.bytes.data) {
        chain->is_ended = true;
        return 0;
    }
    struct quern_read read = {
        .struct_size = sizeof read,
        .columns = (const char *const *)chain->columns,
        .column_count = chain->column_count,
        .split = split.bytes,
    };
    if (goes_on) {
        read.state = (struct quern_bytes){(const uint8_t *)chain->state, chain->state_len};
    }
    chain->split_documents = split.documents;
    struct quern_reader *reader = NULL;
    if (core_plugin->reader_open(chain->source, &read, &reader, &chain->error) != QUERN_OK) {
        return fail_told(chain);
    }
    pthread_mutex_lock(&chain->hand);
    chain->reader = reader;
    pthread_mutex_unlock(&chain->hand);
    if (core_plugin->reader_stream(reader, &chain->stream, &chain->error) != QUERN_OK) {
        return fail_told(chain);
    }
    return 0;
}

static int open_conversion(struct chain *chain)
{
    if (!chain->input.data) {
        chain->is_ended = true;
        return 0;
    }
    const int32_t status =
        core_plugin->convert_stream(chain->convert, &chain->input, &chain->stream, &chain->error);
    return status == QUERN_OK ? 0 : fail_told(chain);
}

static void tell_stream_error(struct chain *chain, int answer)
{
    if (chain->reader && core_plugin->reader_error(chain->reader, &chain->error) != QUERN_OK) {
        return;
    }
    const char *message = chain->stream.get_last_error(&chain->stream);
    (void)fail(chain,
               answer == ECANCELED ? QUERN_CANCELLED
               : answer == ENOMEM  ? QUERN_NO_MEMORY
               : answer == EINVAL  ? QUERN_INTERNAL
                                   : QUERN_IO,
               "get_next", message ? message : strerror(answer));
}

/* After a batch: what to store with it. */
static int take_state(struct chain *chain)
{
    struct quern_bytes state = {0};
    if (!chain->reader) {
        return 0;
    }
    if (core_plugin->reader_state(chain->reader, &state, &chain->error) != QUERN_OK) {
        return fail_told(chain);
    }
    pthread_mutex_lock(&chain->hand);
    const bool kept = keep_state(chain, state.data, state.len);
    pthread_mutex_unlock(&chain->hand);
    return kept ? 0 : fail(chain, QUERN_NO_MEMORY, "state", "there is not enough memory");
}

static int pull(struct chain *chain, struct ArrowArray *out)
{
    while (!chain->is_ended) {
        if (atomic_load(&chain->caller.stop) || atomic_load(&chain->is_closing)) {
            return fail(chain, QUERN_CANCELLED, "get_next", "cancelled");
        }
        if (!chain->stream.release) {
            const int opened = chain->is_convert ? open_conversion(chain) : open_split(chain);
            if (opened || chain->is_ended) {
                return opened;
            }
        }
        const int answer = chain->stream.get_next(&chain->stream, out);
        if (answer) {
            tell_stream_error(chain, answer);
            return answer;
        }
        if (out->release) {
            const int kept = take_state(chain);
            if (kept) {
                out->release(out);
            }
            return kept;
        }
        close_split(chain);
        chain->caller.documents_before += chain->split_documents;
        chain->is_ended = chain->is_convert;
    }
    return 0;
}

/* [turn] What the plugin has open for this chain. */
static void close_all(struct chain *chain)
{
    close_split(chain);
    if (chain->schema_stream.release) {
        chain->schema_stream.release(&chain->schema_stream);
    }
    core_plugin->plan_close(chain->plan);
    core_plugin->source_close(chain->source);
    core_plugin->convert_close(chain->convert);
    chain->plan = NULL;
    chain->source = NULL;
    chain->convert = NULL;
}

static bool is_own_turn(struct chain *chain)
{
    return atomic_load(&chain->turn_thread) == syscall(SYS_gettid);
}

static void turn_take(struct chain *chain)
{
    pthread_mutex_lock(&chain->turn);
    atomic_store(&chain->turn_thread, syscall(SYS_gettid));
}

static void turn_give(struct chain *chain)
{
    atomic_store(&chain->turn_thread, 0);
    pthread_mutex_unlock(&chain->turn);
}

int chain_next(struct chain *chain, struct ArrowArray *out)
{
    *out = (struct ArrowArray){0};
    if (getpid() != chain->pid) { /* before any lock: whoever held it is not in this process */
        return fail(chain, QUERN_INVALID_STATE, "get_next",
                    "the process was forked: read anew in the child");
    }
    if (is_own_turn(chain)) {
        return fail(chain, QUERN_INVALID_STATE, "get_next",
                    "it is being read: this was called back from there");
    }
    if (!work_begin(&chain->error)) {
        return fail_told(chain);
    }
    turn_take(chain);
    atomic_store(&chain->is_pulled, true);
    if (!chain->failed) {
        chain->failed = pull(chain, out);
    }
    const int answer = chain->failed;
    if (atomic_load(&chain->is_closing)) {
        close_all(chain);
    }
    turn_give(chain);
    work_end();
    return answer;
}

int chain_schema(struct chain *chain, struct ArrowSchema *out)
{
    *out = (struct ArrowSchema){0};
    if (getpid() != chain->pid) {
        return fail(chain, QUERN_INVALID_STATE, "get_schema",
                    "the process was forked: read anew in the child");
    }
    const bool is_own = is_own_turn(chain);
    if (!is_own) {
        turn_take(chain);
    }
    const int answer =
        chain->schema_stream.release
            ? chain->schema_stream.get_schema(&chain->schema_stream, out)
            : fail(chain, QUERN_INVALID_STATE, "get_schema", "it was read or closed; read anew");
    if (!is_own) {
        turn_give(chain);
    }
    return answer;
}

/* --- from anywhere --- */

const struct quern_error *chain_error(const struct chain *chain)
{
    return &chain->error;
}

struct caller *chain_caller(struct chain *chain)
{
    return &chain->caller;
}

bool chain_was_pulled(const struct chain *chain)
{
    return atomic_load(&chain->is_pulled);
}

void chain_cancel(struct chain *chain)
{
    atomic_store(&chain->caller.stop, true);
    if (getpid() == chain->pid) {
        pthread_mutex_lock(&chain->hand);
        if (chain->reader) {
            core_plugin->reader_cancel(chain->reader);
        }
        pthread_mutex_unlock(&chain->hand);
    }
}

void chain_close(struct chain *chain)
{
    atomic_store(&chain->is_closing, true);
    chain_cancel(chain);
    if (getpid() == chain->pid && pthread_mutex_trylock(&chain->turn) == 0) {
        close_all(chain);
        pthread_mutex_unlock(&chain->turn);
    }
}

bool chain_state(struct chain *chain, struct chain_place *place, char **state, size_t *len)
{
    if (getpid() != chain->pid) {
        *state = NULL;
        return false;
    }
    pthread_mutex_lock(&chain->hand);
    *place = chain->place;
    if (place->position < 0) { /* nothing was opened yet: where it began */
        *place = (struct chain_place){chain->skip, chain->expected_plan};
    }
    *len = chain->state_len;
    *state = malloc(chain->state_len + 1);
    if (*state) {
        memcpy(*state, chain->state, chain->state_len);
    }
    pthread_mutex_unlock(&chain->hand);
    return *state != NULL;
}

struct chain *chain_retain(struct chain *chain)
{
    atomic_fetch_add(&chain->references, 1);
    return chain;
}

void chain_release(struct chain *chain)
{
    if (atomic_fetch_sub(&chain->references, 1) != 1) {
        return;
    }
    if (getpid() == chain->pid) { /* else a forked copy: what the parent holds stays as it is */
        close_all(chain);
    }
    caller_release(&chain->caller);
    for (uint32_t i = 0; i < chain->column_count; i++) {
        free(chain->columns[i]);
    }
    for (size_t i = 0; i < chain->split_count; i++) {
        free((void *)(uintptr_t)chain->splits[i].data);
    }
    free(chain->columns);
    free(chain->splits);
    free(chain->state);
    (void)pthread_mutex_destroy(&chain->turn);
    (void)pthread_mutex_destroy(&chain->hand);
    free(chain);
}
