/* SPDX-License-Identifier: Apache-2.0 */
#include "formats/inflate.h"

#include "base/memory.h"

#define ZLIB_CONST 1
#include <zlib.h>

enum { INPUT_STEP = 1 << 30 }; /* zlib counts in unsigned int */

struct inflater {
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

struct inflater *inflate_open(bytes packed)
{
    struct inflater *inflater = memory_allocate(sizeof *inflater);
    if (!inflater) {
        return NULL;
    }
    inflater->packed = packed;
    inflater->stream.zalloc = allocate;
    inflater->stream.zfree = release;
    if (inflateInit2(&inflater->stream, -MAX_WBITS) != Z_OK) {
        memory_release(inflater);
        return NULL;
    }
    return inflater;
}

static void give_input(struct inflater *inflater)
{
    const bytes rest = bytes_slice(inflater->packed, inflater->given, inflater->packed.len);
    if (inflater->stream.avail_in == 0 && rest.len > 0) {
        const size_t step = rest.len < INPUT_STEP ? rest.len : INPUT_STEP;
        inflater->stream.next_in = rest.ptr;
        inflater->stream.avail_in = (uInt)step; /* at most INPUT_STEP */
        inflater->given += step;
    }
}

enum inflate_state inflate_next(struct inflater *inflater, uint8_t *out, size_t out_len,
                                size_t *produced)
{
    z_stream *stream = &inflater->stream;
    const size_t room = out_len < INPUT_STEP ? out_len : INPUT_STEP;
    int result = Z_OK;
    stream->next_out = out;
    stream->avail_out = (uInt)room; /* at most INPUT_STEP */
    while (result == Z_OK && stream->avail_out > 0) {
        give_input(inflater);
        result = inflate(stream, Z_NO_FLUSH);
    }
    *produced = room - stream->avail_out;
    switch (result) {
    case Z_OK:
        return INFLATE_MORE;
    case Z_STREAM_END:
        return INFLATE_END;
    case Z_BUF_ERROR: /* no progress: all input was given, and there was room */
        return INFLATE_SHORT;
    case Z_MEM_ERROR:
        return INFLATE_NO_MEMORY;
    default: /* zlib's numbers, not an enum of ours: damaged, or wants a dictionary */
        return INFLATE_BAD;
    }
}

size_t inflate_consumed(const struct inflater *inflater)
{
    return inflater->given - inflater->stream.avail_in;
}

void inflate_close(struct inflater *inflater)
{
    if (inflater) {
        (void)inflateEnd(&inflater->stream);
        memory_release(inflater);
    }
}
