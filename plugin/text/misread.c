/* SPDX-License-Identifier: Apache-2.0 */
#include "text/misread.h"

#include "text/charset_table.h"
#include "text/origin.h"
#include "text/repair.h"
#include "text/repair_cost.h"
#include "text/repair_unit.h"
#include "text/utf8.h"

enum {
    SAMPLE_MAX = 4096,
    GLANCE = 256,
    ALONE_MAX = 16,
    FIRST_TRAIL = 0x40 /* ASCII below is never half of a character */
};

/* The text from its first character beyond ASCII on; at first a glance at it, which most clean text
 * does not stand. */
struct sample {
    uint32_t text[SAMPLE_MAX];
    size_t count;
    size_t high; /* characters beyond ASCII */
    double cost; /* nats; 0: not asked for yet */
    uint8_t raw[SAMPLE_MAX];
    uint32_t made[2 * SAMPLE_MAX];
};

struct reading {
    const struct charset *right; /* NULL: none */
    enum wrong_set wrong;
    double gain;
    uint64_t sum; /* of what it makes of the sample */
};

static size_t next_high(str text, size_t at)
{
    for (uint64_t words[4]; text.len - at >= sizeof words; at += sizeof words) {
        memcpy(words, text.ptr + at, sizeof words);
        if ((words[0] | words[1] | words[2] | words[3]) & UINT64_C(0x8080808080808080)) {
            break;
        }
    }
    while (at < text.len && (uint8_t)text.ptr[at] < 0x80) {
        at++;
    }
    return at;
}

/* Ends where no character is cut in two, or where the text does. */
static void read_sample(struct sample *sample, str text, size_t at, size_t most)
{
    size_t safe = 0;
    sample->count = 0;
    sample->high = 0;
    while (at < text.len && sample->count < most) {
        const uint32_t c = utf8_next(text, &at);
        sample->text[sample->count++] = c;
        safe = c < FIRST_TRAIL ? sample->count : safe;
    }
    sample->count = at < text.len ? safe : sample->count;
    for (size_t i = 0; i < sample->count; i++) {
        sample->high += sample->text[i] >= 0x80;
    }
}

/* The byte of a character in the set; false: it has none. */
static bool byte_of(uint32_t c, enum wrong_set wrong, uint8_t *out)
{
    *out = c < 0x80 ? (uint8_t)c : wrong_bytes(c)[wrong];
    return c < 0x80 || *out;
}

static bool sample_to_bytes(struct sample *sample, enum wrong_set wrong)
{
    for (size_t i = 0; i < sample->count; i++) {
        if (!byte_of(sample->text[i], wrong, &sample->raw[i])) {
            return false;
        }
    }
    return true;
}

static uint64_t sum_of(const uint32_t *made, size_t count)
{
    uint64_t sum = count;
    for (size_t i = 0; i < count; i++) {
        sum = (sum ^ made[i]) * UINT64_C(0x100000001B3);
    }
    return sum;
}

/* The better of two readings stays in *best; *second is what the best other text gains. */
static void compare(const struct reading *reading, struct reading *best, double *second)
{
    if (reading->gain > best->gain) {
        *second = best->sum != reading->sum ? best->gain : *second;
        *best = *reading;
    } else if (reading->sum != best->sum && reading->gain > *second) {
        *second = reading->gain;
    }
}

/* How many of the encodings it decodes in. For a glance `best` and `second` are NULL. */
static size_t try_set(struct sample *sample, enum wrong_set wrong, struct reading *best,
                      double *second)
{
    const struct charset *const rights[] = {charset_utf_8,     charset_gb18030, charset_big5,
                                            charset_shift_jis, charset_euc_kr,  charset_euc_jp};
    size_t found = 0;
    if (!sample_to_bytes(sample, wrong)) {
        return 0;
    }
    const bytes raw = {.ptr = sample->raw, .len = sample->count};
    for (size_t i = 0; i < sizeof rights / sizeof *rights; i++) {
        size_t count = 0;
        if (!repair_decode(raw, rights[i], sample->made, &count)) {
            continue;
        }
        found++;
        if (best) {
            const struct cost_context start = {0};
            sample->cost =
                sample->cost > 0 ? sample->cost : cost_of(start, sample->text, sample->count, 0);
            compare(&(struct reading){.right = rights[i],
                                      .wrong = wrong,
                                      .gain = sample->cost - cost_of(start, sample->made, count, 0),
                                      .sum = sum_of(sample->made, count)},
                    best, second);
        }
    }
    return found;
}

static bool stands_a_glance(struct sample *sample)
{
    for (enum wrong_set wrong = 0; wrong < WRONG_SINGLE_COUNT; wrong++) {
        if (try_set(sample, wrong, NULL, NULL)) {
            return true;
        }
    }
    return false;
}

/* A look that needs no set. There are enough characters to tell, and none that no two bytes or more
 * could have been: one that stands behind ASCII was their first, and in front of ASCII that is never
 * the second (digits are, in GB18030). Most text ends here, with an accent at the end of a word. Nor
 * do all of many characters stand alone: in Big5 every other one has no ASCII in it. */
static bool may_be_misread(str text, size_t at)
{
    size_t high = 0;
    size_t pairs = 0;
    size_t end = SIZE_MAX; /* of the one before */
    for (size_t count = 0; at < text.len && count < SAMPLE_MAX;) {
        const bool is_first = at != end;
        (void)utf8_next(text, &at);
        high++;
        pairs += !is_first;
        count++;
        const bool is_last = at == text.len || count == SAMPLE_MAX;
        const uint8_t next = is_last ? FIRST_TRAIL : (uint8_t)text.ptr[at];
        if (is_first && next < FIRST_TRAIL && !ascii_is_digit(next)) {
            return false;
        }
        end = at;
        at = next_high(text, at);
        count += at - end;
    }
    return high >= MISREAD_CHARACTERS && (pairs || high < ALONE_MAX);
}

/* `right` is NULL where it is not certain. */
static struct reading read_again(struct sample *sample, str text, size_t start)
{
    struct reading best = {0};
    double second = 0;
    read_sample(sample, text, start, GLANCE);
    if (!stands_a_glance(sample)) {
        return best;
    }
    read_sample(sample, text, start, SAMPLE_MAX);
    if (sample->high >= MISREAD_CHARACTERS) {
        sample->cost = 0;
        for (enum wrong_set wrong = 0; wrong < WRONG_SINGLE_COUNT; wrong++) {
            (void)try_set(sample, wrong, &best, &second);
        }
    }
    const double least = REPAIR_NATS_PER_CHARACTER * (double)sample->high;
    if (best.gain < MISREAD_NATS || best.gain < least || best.gain - second < REPAIR_NATS_CJK) {
        best.right = NULL;
    }
    return best;
}

/* ---- all of the text ---- */

/* One byte a character, and where every ORIGIN_BLOCK_BYTES-th stands. False: a character is not in
 * the set. */
static bool text_to_bytes(str text, enum wrong_set wrong, uint8_t *raw, size_t *places,
                          struct misread *out, size_t *raw_len)
{
    size_t count = 0;
    out->repaired = 0;
    for (size_t at = 0; at < text.len; count++) {
        const size_t here = at;
        const uint32_t c = utf8_next(text, &at);
        if (!byte_of(c, wrong, &raw[count])) {
            return false;
        }
        if (count % ORIGIN_BLOCK_BYTES == 0) {
            places[count / ORIGIN_BLOCK_BYTES] = here;
        }
        if (c >= 0x80 && out->repaired++ == 0) {
            out->first = here;
        }
    }
    *raw_len = count;
    return true;
}

/* `decoded` has the origin of the bytes; what the bytes were comes before it. */
static enum status link_origins(struct arena *arena, str text, const struct origin *origin,
                                const size_t *places, bytes raw, struct decoded *decoded)
{
    struct origin *const linked = ARENA_NEW(arena, struct origin);
    struct misread_origin *const misread = ARENA_NEW(arena, struct misread_origin);
    if (!linked || !misread) {
        return STATUS_NO_MEMORY;
    }
    *misread = (struct misread_origin){.text = text, .origin = origin, .places = places};
    *linked = decoded->origin ? *decoded->origin
                              : (struct origin){.content = raw, .text_len = decoded->text.len};
    linked->misread = misread;
    decoded->origin = linked;
    return STATUS_OK;
}

/* *out is set where every character and every byte takes part. */
static enum status undo(struct arena *arena, str text, const struct origin *origin,
                        const struct reading *reading, struct sink *sink, struct misread *out)
{
    struct misread made = *out;
    struct decoded decoded;
    uint8_t *const raw = (uint8_t *)arena_text(arena, text.len);
    size_t *const places = ARENA_ARRAY(arena, text.len / ORIGIN_BLOCK_BYTES + 1, size_t);
    size_t raw_len = 0;
    if (!raw || !places) {
        return STATUS_NO_MEMORY;
    }
    if (!text_to_bytes(text, reading->wrong, raw, places, &made, &raw_len)) {
        return STATUS_OK;
    }
    const bytes content = {.ptr = raw, .len = raw_len};
    TRY(decode_pulsing(arena, content, reading->right, sink, &decoded));
    if (decoded.replaced) {
        return STATUS_OK;
    }
    TRY(link_origins(arena, text, origin, places, content, &decoded));
    made.text = decoded.text;
    made.origin = decoded.origin;
    *out = made;
    return STATUS_OK;
}

enum status misread_undo(struct arena *arena, str text, const struct origin *origin,
                         struct sink *sink, struct misread *out)
{
    const size_t start = next_high(text, 0);
    *out = (struct misread){.text = text, .origin = origin};
    if (start == text.len || (uint8_t)text.ptr[start] >= 0xE3) {
        return STATUS_OK; /* no single-byte set has ideographs */
    }
    if (!may_be_misread(text, start)) {
        return STATUS_OK;
    }
    const struct arena_position mark = arena_mark(arena);
    struct sample *const sample = ARENA_NEW(arena, struct sample);
    if (!sample) {
        return STATUS_NO_MEMORY;
    }
    const struct reading reading = read_again(sample, text, start);
    arena_rewind(arena, mark);
    if (!reading.right) {
        return STATUS_OK;
    }
    TRY(undo(arena, text, origin, &reading, sink, out));
    if (!out->repaired) {
        arena_rewind(arena, mark);
    }
    return STATUS_OK;
}
