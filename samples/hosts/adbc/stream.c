/* SPDX-License-Identifier: Apache-2.0 */
#include "adbc/stream.h"

#include "common/batch_pull.h"
#include "common/heap.h"
#include "common/plugin_schema.h"

#include <errno.h>

struct chain {
    const struct quern_plugin *plugin;
    struct stop *stop;
    struct request request;
    const char **columns; /* never NULL */
    uint32_t column_count;
    /* Reading. */
    struct quern_source *source;
    struct split_queue queue;
    struct batch_pull pull;
    /* Converting. */
    struct quern_convert *convert;
    struct parameters parameters;
    struct ArrowArrayStream converting; /* of the row at work */
    /* Once something failed, that stays. */
    AdbcStatusCode status;
    struct AdbcError error;
};

static bool is_cancelled(void *stop)
{
    return stop_is_set(stop);
}

struct quern_host stop_host(struct stop *stop)
{
    return (struct quern_host){
        .struct_size = sizeof(struct quern_host), .context = stop, .is_cancelled = is_cancelled};
}

bool stream_schema(const struct request *request, const struct adapter *adapter,
                   struct ArrowSchema *out, struct fault *fault)
{
    struct quern_error why = {.struct_size = sizeof why};
    *out = (struct ArrowSchema){0};
    return plugin_read_schema(adapter->plugin, request->columns, request->column_count, out,
                              &why) == QUERN_OK ||
           fault_set_plugin(fault, &why);
}

/* --- opening --- */

static bool choose_columns(struct chain *chain, const struct adapter *adapter, struct fault *fault)
{
    chain->columns = chain->request.columns;
    chain->column_count = chain->request.column_count;
    if (chain->columns) {
        return true;
    }
    chain->column_count = (uint32_t)adapter->schema.n_children; /* some dozens */
    chain->columns =
        pool_allocate(&chain->request.pool, (chain->column_count + 1u) * sizeof *chain->columns);
    if (!chain->columns) {
        return fault_set_memory(fault);
    }
    for (uint32_t i = 0; i < chain->column_count; i++) {
        chain->columns[i] = adapter->schema.children[i]->name;
    }
    return true;
}

static bool open_source(struct chain *chain, span split, struct fault *fault)
{
    const struct quern_host host = stop_host(chain->stop);
    struct quern_error why = {.struct_size = sizeof why};
    if (chain->plugin->source_open(&host, chain->request.options.options,
                                   chain->request.options.count, &chain->source,
                                   &why) != QUERN_OK) {
        return fault_set_plugin(fault, &why);
    }
    const bool good =
        split.len > 0
            ? split_queue_hold(&chain->queue, chain->plugin, chain->source, split, &fault->message)
            : split_queue_open(&chain->queue, chain->plugin, chain->source, &fault->message);
    batch_pull_init(&chain->pull, &chain->queue, chain->columns, chain->column_count);
    if (!good && chain->queue.failure.status != QUERN_OK) {
        return fault_set_plugin(fault, &chain->queue.failure);
    }
    return fault_check(fault, good, ADBC_STATUS_INTERNAL);
}

static bool open_converter(struct chain *chain, const struct adapter *adapter, struct fault *fault)
{
    const struct quern_host host = stop_host(chain->stop);
    if (!parameters_are_bound(&chain->parameters)) {
        return fault_set(fault, ADBC_STATUS_INVALID_STATE,
                         "quern:convert converts bytes that are bound as parameters; bind data, "
                         "and name, url and media_type if you have them");
    }
    return request_open_converter(&chain->request, adapter, &host, &chain->convert, fault);
}

/* --- the stream --- */

static void chain_release(struct chain *chain)
{
    if (chain->converting.release) {
        chain->converting.release(&chain->converting);
    }
    batch_pull_close(&chain->pull);
    split_queue_close(&chain->queue);
    if (chain->plugin) {
        chain->plugin->source_close(chain->source);
        chain->plugin->convert_close(chain->convert);
    }
    parameters_release(&chain->parameters);
    request_release(&chain->request);
    stop_release(chain->stop);
    if (chain->error.release) {
        chain->error.release(&chain->error);
    }
    heap_release(chain);
}

/* The batch leaves the puller, which would let it go at its next step. */
static bool next_read(struct chain *chain, struct ArrowArray *out, struct fault *fault)
{
    if (!batch_pull_next(&chain->pull, &fault->message)) {
        return chain->pull.failure.status != QUERN_OK
                   ? fault_set_plugin(fault, &chain->pull.failure)
                   : fault_check(fault, false, ADBC_STATUS_INTERNAL);
    }
    *out = chain->pull.batch;
    chain->pull.batch.release = NULL;
    return true;
}

/* `*is_end`: there are no more rows. */
static bool open_row(struct chain *chain, bool *is_end, struct fault *fault)
{
    struct quern_input input;
    struct quern_error why = {.struct_size = sizeof why};
    if (!parameters_next(&chain->parameters, &input, fault)) {
        return false;
    }
    *is_end = !input.data;
    return *is_end ||
           chain->plugin->convert_stream(chain->convert, &input, &chain->converting, &why) ==
               QUERN_OK ||
           fault_set_plugin(fault, &why);
}

static bool next_converted(struct chain *chain, struct ArrowArray *out, struct fault *fault)
{
    struct ArrowArrayStream *stream = &chain->converting;
    struct quern_error why = {.struct_size = sizeof why};
    bool is_end = false;
    for (;;) {
        if (!stream->release && (!open_row(chain, &is_end, fault) || is_end)) {
            return is_end;
        }
        if (stream->get_next(stream, out) != 0) {
            out->release = NULL;
            (void)chain->plugin->convert_error(stream, &why);
            return fault_set_plugin(fault, &why);
        }
        if (out->release) {
            return true;
        }
        stream->release(stream);
    }
}

static int chain_next(struct ArrowArrayStream *stream, struct ArrowArray *out)
{
    struct chain *chain = stream->private_data;
    struct fault fault = {0};
    *out = (struct ArrowArray){0};
    if (chain->status != ADBC_STATUS_OK) {
        return fault_number(chain->status);
    }
    if (stop_is_set(chain->stop)) {
        (void)fault_set(&fault, ADBC_STATUS_CANCELLED, "cancelled");
    } else if (chain->request.is_convert) {
        (void)next_converted(chain, out, &fault);
    } else {
        (void)next_read(chain, out, &fault);
    }
    if (fault.status == ADBC_STATUS_OK) {
        text_release(&fault.message);
        return 0;
    }
    chain->error.vendor_code = ADBC_ERROR_VENDOR_CODE_PRIVATE_DATA;
    chain->status = error_tell(&chain->error, &fault);
    return fault_number(chain->status);
}

static int chain_schema(struct ArrowArrayStream *stream, struct ArrowSchema *out)
{
    const struct chain *chain = stream->private_data;
    struct quern_error why = {.struct_size = sizeof why};
    *out = (struct ArrowSchema){0};
    return plugin_read_schema(chain->plugin, chain->columns, chain->column_count, out, &why) ==
                   QUERN_OK
               ? 0
               : EINVAL;
}

static const char *chain_message(struct ArrowArrayStream *stream)
{
    return ((const struct chain *)stream->private_data)->error.message;
}

static void stream_release(struct ArrowArrayStream *stream)
{
    chain_release(stream->private_data);
    stream->private_data = NULL;
    stream->release = NULL;
}

bool stream_open(struct request *request, span split, struct parameters *parameters,
                 const struct adapter *adapter, struct stop *stop, struct ArrowArrayStream *out,
                 struct fault *fault)
{
    struct chain *chain = stop ? heap_allocate(sizeof *chain) : NULL;
    if (!chain) {
        request_release(request);
        stop_release(stop);
        return fault_set_memory(fault);
    }
    chain->plugin = adapter->plugin;
    chain->stop = stop;
    chain->request = *request;
    *request = (struct request){0};
    if (parameters) {
        chain->parameters = *parameters;
        *parameters = (struct parameters){0};
    }
    struct ArrowSchema schema = {0};
    const bool good = choose_columns(chain, adapter, fault) &&
                      stream_schema(&chain->request, adapter, &schema, fault) &&
                      (chain->request.is_convert ? open_converter(chain, adapter, fault)
                                                 : open_source(chain, split, fault));
    if (schema.release) {
        schema.release(&schema); /* it was asked for to learn of unknown columns now */
    }
    if (!good) {
        chain_release(chain);
        return false;
    }
    *out = (struct ArrowArrayStream){.get_schema = chain_schema,
                                     .get_next = chain_next,
                                     .get_last_error = chain_message,
                                     .release = stream_release,
                                     .private_data = chain};
    return true;
}

const struct AdbcError *error_from_stream(struct ArrowArrayStream *stream, AdbcStatusCode *status)
{
    if (!stream || stream->release != stream_release) {
        return NULL;
    }
    const struct chain *chain = stream->private_data;
    if (status) {
        *status = chain->status;
    }
    return chain->status == ADBC_STATUS_OK ? NULL : &chain->error;
}
