/* SPDX-License-Identifier: Apache-2.0 */
#include "text/sample.h"

/* ASCII that goes along in front of a high byte: a word, for context. */
enum { SAMPLE_CONTEXT_BYTES = 16 };

/* Where the i-th slice would begin, and how long it is. */
static size_t window_start(bytes content, size_t i)
{
    const size_t rest = content.len > SAMPLE_START_BYTES ? content.len - SAMPLE_START_BYTES : 0;
    return i ? SAMPLE_START_BYTES + rest / SAMPLE_WINDOWS * (i - 1) : 0;
}

static size_t window_len(size_t i)
{
    return i ? SAMPLE_WINDOW_BYTES : SAMPLE_START_BYTES;
}

struct sample sample_of(bytes content)
{
    struct sample sample = {.count = 0};
    for (size_t i = 0; i <= SAMPLE_WINDOWS; i++) {
        const size_t start = window_start(content, i) & ~(size_t)3;
        const bytes slice = bytes_slice(content, start, start + window_len(i));
        if (slice.len) {
            sample.slices[sample.count++] = slice;
        }
    }
    return sample;
}

static size_t find_high_byte(bytes content, size_t at)
{
    for (uint64_t word; content.len - at >= sizeof word; at += sizeof word) {
        memcpy(&word, content.ptr + at, sizeof word);
        if (word & UINT64_C(0x8080808080808080)) {
            break;
        }
    }
    while (at < content.len && content.ptr[at] < 0x80) {
        at++;
    }
    return at;
}

/* Bytes below 0x30 are part of no multi-byte character in any encoding: a window begins with one, or
 * with the ASCII in front of its first high byte. */
struct sample sample_high_bytes(bytes content)
{
    struct sample sample = {.count = 0};
    size_t at = 0;
    for (size_t i = 0; i <= SAMPLE_WINDOWS && at < content.len; i++) {
        const size_t from = window_start(content, i);
        if (from > at) {
            at = from;
            while (at < content.len && at < from + window_len(i) && content.ptr[at] >= 0x30) {
                at++;
            }
        }
        const size_t high = find_high_byte(content, at);
        if (high == content.len) {
            break;
        }
        const size_t start = high - at > SAMPLE_CONTEXT_BYTES ? high - SAMPLE_CONTEXT_BYTES : at;
        at = start + window_len(i) < content.len ? start + window_len(i) : content.len;
        sample.slices[sample.count++] = bytes_slice(content, start, at);
    }
    return sample;
}
