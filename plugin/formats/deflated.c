/* SPDX-License-Identifier: Apache-2.0 */
#include "formats/deflated.h"

#include "base/memory.h"

#define ZLIB_CONST 1
#include <zlib.h>

enum { INPUT_STEP = 1 << 30 }; /* zlib counts in unsigned int */

struct deflated {
    z_stream stream;
    bytes packed;
    size_t given; /* bytes of `packed` that zlib has or had */
};

static void *allocate(void *context, uInt count, uInt size)
{
    (void)context;
    return memory_allocate((size_t)count * size); /* some 40 KiB in all: inflate asks for no more */
}

static void release(void *context, void *memory)
{
    (void)context;
    memory_release(memory);
}

struct deflated *deflated_open(bytes packed)
{
    struct deflated *deflated = memory_allocate(sizeof *deflated);
    if (!deflated) {
        return NULL;
    }
    deflated->packed = packed;
    deflated->stream.zalloc = allocate;
    deflated->stream.zfree = release;
    if (inflateInit2(&deflated->stream, -MAX_WBITS) != Z_OK) {
        memory_release(deflated);
        return NULL;
    }
    return deflated;
}

static void give_input(struct deflated *deflated)
{
    const bytes rest = bytes_slice(deflated->packed, deflated->given, deflated->packed.len);
    if (deflated->stream.avail_in == 0 && rest.len > 0) {
        const size_t step = rest.len < INPUT_STEP ? rest.len : INPUT_STEP;
        deflated->stream.next_in = rest.ptr;
        deflated->stream.avail_in = (uInt)step; /* at most INPUT_STEP */
        deflated->given += step;
    }
}

enum deflated_state deflated_next(struct deflated *deflated, uint8_t *out, size_t out_len,
                                  size_t *produced)
{
    z_stream *stream = &deflated->stream;
    const size_t room = out_len < INPUT_STEP ? out_len : INPUT_STEP;
    int result = Z_OK;
    stream->next_out = out;
    stream->avail_out = (uInt)room; /* at most INPUT_STEP */
    while (result == Z_OK && stream->avail_out > 0) {
        give_input(deflated);
        result = inflate(stream, Z_NO_FLUSH);
    }
    *produced = room - stream->avail_out;
    switch (result) {
    case Z_OK:
        return DEFLATED_MORE;
    case Z_STREAM_END:
        return DEFLATED_END;
    case Z_BUF_ERROR: /* no progress: all input was given, and there was room */
        return DEFLATED_SHORT;
    case Z_MEM_ERROR:
        return DEFLATED_NO_MEMORY;
    default: /* zlib's numbers, not an enum of ours: damaged, or wants a dictionary */
        return DEFLATED_BAD;
    }
}

size_t deflated_consumed(const struct deflated *deflated)
{
    return deflated->given - deflated->stream.avail_in;
}

void deflated_close(struct deflated *deflated)
{
    if (deflated) {
        (void)inflateEnd(&deflated->stream);
        memory_release(deflated);
    }
}
