/* SPDX-License-Identifier: Apache-2.0 */
#include "adbc/partition.h"

#include "adbc/stream.h"

#include "common/heap.h"
#include "common/split_queue.h"

#include <string.h>

static const char magic[] = "quern-adbc-1\n";

enum { MAGIC_BYTES = sizeof magic - 1, HASH_BYTES = 8, HEAD_BYTES = MAGIC_BYTES + HASH_BYTES };

static const uint32_t every_column = UINT32_MAX;

/* FNV-1a, 64 bits. */
static uint64_t hash_of(span s)
{
    uint64_t hash = UINT64_C(0xcbf29ce484222325);
    for (size_t i = 0; i < s.len; i++) {
        hash = (hash ^ (unsigned char)s.ptr[i]) * UINT64_C(0x100000001b3);
    }
    return hash;
}

/* --- writing --- */

static void write_u32(struct text *to, uint32_t value)
{
    char bytes[4];
    for (size_t i = 0; i < sizeof bytes; i++) {
        bytes[i] = (char)(unsigned char)(value >> (8 * i));
    }
    text_add(to, (span){bytes, sizeof bytes});
}

static void write_bytes(struct text *to, span s)
{
    to->failed = to->failed || s.len > UINT32_MAX;
    write_u32(to, (uint32_t)s.len);
    text_add(to, s);
}

static bool is_input(const char *key)
{
    return strcmp(key, "input") == 0 || strcmp(key, "input_file") == 0;
}

/* All but the split. */
static void write_request(struct text *to, const struct request *request)
{
    write_u32(to, request->columns ? request->column_count : every_column);
    for (uint32_t i = 0; i < request->column_count; i++) {
        write_bytes(to, span_of(request->columns[i]));
    }
    uint32_t count = 0;
    for (size_t i = 0; i < request->options.count; i++) {
        count += !is_input(request->options.options[i].key);
    }
    write_u32(to, count);
    for (size_t i = 0; i < request->options.count; i++) {
        const struct quern_option *option = &request->options.options[i];
        if (!is_input(option->key)) {
            write_bytes(to, span_of(option->key));
            write_bytes(to, span_of(option->value));
        }
    }
}

/* A copy of its own; NULL: no memory. */
static uint8_t *write_partition(span request, span split, size_t *len)
{
    struct text body = {0};
    text_add(&body, request);
    write_bytes(&body, split);
    *len = HEAD_BYTES + body.len;
    uint8_t *partition = body.failed ? NULL : heap_allocate(*len);
    if (partition) {
        const uint64_t hash = hash_of(text_span(&body));
        memcpy(partition, magic, MAGIC_BYTES);
        for (size_t i = 0; i < HASH_BYTES; i++) {
            partition[MAGIC_BYTES + i] = (uint8_t)(hash >> (8 * i));
        }
        memcpy(partition + HEAD_BYTES, body.ptr, body.len);
    }
    text_release(&body);
    return partition;
}

/* --- listing --- */

struct listing {
    const uint8_t **partitions;
    size_t *lens;
    size_t count;
    size_t capacity;
};

static void listing_release(struct listing *listing)
{
    for (size_t i = 0; i < listing->count; i++) {
        heap_release((void *)(uintptr_t)listing->partitions[i]);
    }
    heap_release(listing->partitions);
    heap_release(listing->lens);
    heap_release(listing);
}

static void partitions_release(struct AdbcPartitions *partitions)
{
    listing_release(partitions->private_data);
    *partitions = (struct AdbcPartitions){0};
}

static bool listing_add(struct listing *listing, span request, span split, struct fault *fault)
{
    if (listing->count == PARTITIONS_MAX) {
        return fault_set(fault, ADBC_STATUS_INVALID_ARGUMENT,
                         "too many partitions; raise quern.split_inputs_max");
    }
    if (listing->count == listing->capacity) {
        const size_t capacity = listing->capacity ? listing->capacity * 2 : 16;
        const uint8_t **partitions =
            heap_resize(listing->partitions, capacity * sizeof *partitions);
        listing->partitions = partitions ? partitions : listing->partitions;
        size_t *lens = partitions ? heap_resize(listing->lens, capacity * sizeof *lens) : NULL;
        listing->lens = lens ? lens : listing->lens;
        if (!lens) {
            return fault_set_memory(fault);
        }
        listing->capacity = capacity;
    }
    size_t len = 0;
    uint8_t *partition = write_partition(request, split, &len);
    if (!partition) {
        return fault_set_memory(fault);
    }
    listing->partitions[listing->count] = partition;
    listing->lens[listing->count++] = len;
    return true;
}

static bool fail_walk(const struct split_queue *queue, const struct stop *stop, struct fault *fault)
{
    if (stop_is_set(stop)) {
        return fault_set(fault, ADBC_STATUS_CANCELLED, "cancelled");
    }
    return queue->failure.status != QUERN_OK ? fault_set_plugin(fault, &queue->failure)
                                             : fault_check(fault, false, ADBC_STATUS_INTERNAL);
}

static bool walk(struct listing *listing, const struct request *request, struct split_queue *queue,
                 const struct stop *stop, struct fault *fault)
{
    struct text head = {0};
    struct text split = {0};
    write_request(&head, request);
    bool good = !head.failed || fault_set_memory(fault);
    while (good) {
        good = !stop_is_set(stop) && split_queue_next(queue, &split, &fault->message);
        if (!good) {
            (void)fail_walk(queue, stop, fault);
        } else if (split.len == 0) {
            break;
        } else {
            good = listing_add(listing, text_span(&head), text_span(&split), fault);
        }
    }
    text_release(&head);
    text_release(&split);
    return good;
}

bool partitions_list(const struct request *request, const struct adapter *adapter,
                     struct stop *stop, struct AdbcPartitions *out, struct fault *fault)
{
    struct listing *listing = stop ? heap_allocate(sizeof *listing) : NULL;
    if (!listing) {
        stop_release(stop);
        return fault_set_memory(fault);
    }
    const struct quern_host host = stop_host(stop);
    struct quern_error why = {.struct_size = sizeof why};
    struct quern_source *source = NULL;
    struct split_queue queue = {0};
    bool good = adapter->plugin->source_open(&host, request->options.options,
                                             request->options.count, &source, &why) == QUERN_OK ||
                fault_set_plugin(fault, &why);
    if (good) {
        good = split_queue_open(&queue, adapter->plugin, source, &fault->message)
                   ? walk(listing, request, &queue, stop, fault)
                   : fail_walk(&queue, stop, fault);
    }
    split_queue_close(&queue);
    adapter->plugin->source_close(source);
    stop_release(stop);
    if (!good) {
        listing_release(listing);
        return false;
    }
    *out = (struct AdbcPartitions){.num_partitions = listing->count,
                                   .partitions = listing->partitions,
                                   .partition_lengths = listing->lens,
                                   .private_data = listing,
                                   .release = partitions_release};
    return true;
}

/* --- reading --- */

struct cursor {
    span rest;
    bool is_short; /* sticky */
};

static uint32_t read_u32(struct cursor *cursor)
{
    uint32_t value = 0;
    if (cursor->rest.len < 4) {
        cursor->is_short = true;
        return 0;
    }
    for (size_t i = 0; i < 4; i++) {
        value |= (uint32_t)(unsigned char)cursor->rest.ptr[i] << (8 * i);
    }
    cursor->rest = (span){cursor->rest.ptr + 4, cursor->rest.len - 4};
    return value;
}

static span read_bytes(struct cursor *cursor)
{
    const size_t len = read_u32(cursor);
    if (cursor->is_short || cursor->rest.len < len) {
        cursor->is_short = true;
        return SPAN("");
    }
    const span found = {cursor->rest.ptr, len};
    cursor->rest = (span){cursor->rest.ptr + len, cursor->rest.len - len};
    return found;
}

static bool fail_partition(struct fault *fault)
{
    return fault_set(fault, ADBC_STATUS_INVALID_DATA,
                     "these bytes are no partition of Quern's, or are damaged");
}

static bool is_whole(span partition)
{
    uint64_t hash = 0;
    if (partition.len < HEAD_BYTES || memcmp(partition.ptr, magic, MAGIC_BYTES) != 0) {
        return false;
    }
    for (size_t i = 0; i < HASH_BYTES; i++) {
        hash |= (uint64_t)(unsigned char)partition.ptr[MAGIC_BYTES + i] << (8 * i);
    }
    return hash == hash_of((span){partition.ptr + HEAD_BYTES, partition.len - HEAD_BYTES});
}

static bool read_columns(struct cursor *cursor, struct request *request, struct fault *fault)
{
    const uint32_t count = read_u32(cursor);
    if (count == every_column) {
        return true;
    }
    bool good = request_add_no_columns(request, fault);
    for (uint32_t i = 0; good && i < count && !cursor->is_short; i++) {
        const span name = read_bytes(cursor);
        good = !memchr(name.ptr, 0, name.len) && span_is_utf8(name)
                   ? request_add_column(request, name, fault)
                   : fail_partition(fault);
    }
    return good;
}

static bool read_options(struct cursor *cursor, struct request *request, struct fault *fault)
{
    const uint32_t count = read_u32(cursor);
    bool good = true;
    for (uint32_t i = 0; good && i < count && !cursor->is_short; i++) {
        const span key = read_bytes(cursor);
        const span value = read_bytes(cursor);
        good = fault_check(fault, option_list_add(&request->options, key, value, &fault->message),
                           ADBC_STATUS_INVALID_DATA);
    }
    return good;
}

bool partition_read(span partition, struct request *request, span *split, struct fault *fault)
{
    if (!is_whole(partition)) {
        return fail_partition(fault);
    }
    struct cursor cursor = {.rest = {partition.ptr + HEAD_BYTES, partition.len - HEAD_BYTES}};
    if (!read_columns(&cursor, request, fault) || !read_options(&cursor, request, fault)) {
        return false;
    }
    *split = read_bytes(&cursor);
    return (!cursor.is_short && cursor.rest.len == 0 && split->len > 0) || fail_partition(fault);
}
