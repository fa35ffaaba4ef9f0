/* SPDX-License-Identifier: Apache-2.0 */
#include "text/origin.h"

#include "text/charset_table.h"
#include "text/decode.h"
#include "text/utf8.h"

static size_t utf8_len(uint32_t c)
{
    return c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
}

static size_t text_len_of(const struct step *step)
{
    return (step->count ? utf8_len(step->first) : 0) +
           (step->count > 1 ? utf8_len(step->second) : 0);
}

/* The last checkpoint at or before the text offset; there is always one at 0. */
static struct checkpoint checkpoint_before(const struct origin *origin, size_t text_offset)
{
    size_t low = 0;
    size_t high = origin->checkpoint_count;
    while (high - low > 1) {
        const size_t middle = low + (high - low) / 2;
        if (origin->checkpoints[middle].text <= text_offset) {
            low = middle;
        } else {
            high = middle;
        }
    }
    return origin->checkpoints[low];
}

/* Where the character stands that was this byte. */
static size_t misread_place(struct misread_origin *misread, size_t byte)
{
    const size_t block = byte / ORIGIN_BLOCK_BYTES;
    if (misread->byte > byte || misread->byte < block * ORIGIN_BLOCK_BYTES) {
        misread->byte = block * ORIGIN_BLOCK_BYTES;
        misread->place = misread->places[block];
    }
    while (misread->byte < byte) {
        (void)utf8_next(misread->text, &misread->place);
        misread->byte++;
    }
    return misread->place;
}

static size_t offset_in_content(const struct origin *origin, size_t text_offset)
{
    if (text_offset >= origin->text_len) {
        return origin->content.len;
    }
    if (!origin->checkpoint_count) {
        return text_offset + origin->shift;
    }
    const struct checkpoint checkpoint = checkpoint_before(origin, text_offset);
    struct checkpoint at = *origin->cursor;
    if (at.text > text_offset || at.text < checkpoint.text) {
        at = checkpoint;
    }
    const struct coder *const coder = origin->charset->coder;
    while (at.content < origin->content.len) {
        struct coder_mode mode = at.mode;
        const struct step step =
            coder->step(origin->content, at.content, &mode, origin->charset->upper_half);
        const size_t len = text_len_of(&step);
        if (at.text + len > text_offset) {
            break;
        }
        at = (struct checkpoint){
            .content = at.content + step.len, .text = at.text + len, .mode = mode};
    }
    *origin->cursor = at;
    return at.content;
}

size_t origin_content_offset(const struct origin *origin, size_t text_offset)
{
    size_t offset = text_offset;
    while (origin) {
        struct misread_origin *const misread = origin->misread;
        offset = offset_in_content(origin, offset);
        if (!misread) {
            break;
        }
        offset = offset == origin->content.len ? misread->text.len : misread_place(misread, offset);
        origin = misread->origin;
    }
    return offset;
}
