/* SPDX-License-Identifier: Apache-2.0 */
#include "text/wide.h"

#include "text/charset_table.h"
#include "text/coder.h"
#include "text/likelihood.h"

/* What two bytes cost when they may be anything: 2 ln 256. */
static const double COST_ANY_UNIT = 11.09;
static const double COST_ASCII_UNIT = 3.5;
static const double COST_NO_SENSE = 25.0; /* U+0000, a control, a lone surrogate, a non-character */
static const double COST_UNKNOWN = 13.0;

/* On average a unit, and in all: a dozen characters of any script reach it. */
static const double GAIN_PER_UNIT_MIN = 2.0;
static const double GAIN_MIN = 12.0;

static double unit_cost(uint32_t c)
{
    if (c < 0x20 || (c >= 0x7F && c < 0xA0)) {
        return c == '\n' || c == '\r' || c == '\t' || c == '\f' ? COST_ASCII_UNIT : COST_NO_SENSE;
    }
    if (c < 0x7F) {
        return COST_ASCII_UNIT;
    }
    if ((c & 0xFFFE) == 0xFFFE) {
        return COST_NO_SENSE;
    }
    double best = COST_UNKNOWN;
    for (unsigned language = 0; language < LANGUAGE_COUNT; language++) {
        const double cost = character_cost(c, (enum language)language);
        best = cost < best ? cost : best;
    }
    return best;
}

struct wide_score {
    double gain;
    int64_t units; /* of two bytes */
    int64_t errors;
    int64_t characters;
    int64_t senseless; /* characters that no text has */
};

/* Text holds hardly any of either; tables of small numbers hold many controls among their letters,
 * and with four bytes each a letter outweighs several. */
static bool is_clean(const struct wide_score *sum)
{
    return sum->errors * 1000 <= sum->units && sum->senseless * 100 <= sum->characters;
}

static struct wide_score score(const bytes *slices, size_t count, const struct charset *charset)
{
    struct wide_score sum = {0};
    for (size_t i = 0; i < count; i++) {
        struct coder_mode mode = {0};
        for (size_t at = 0; at < slices[i].len;) {
            const struct step step = charset->coder->step(slices[i], at, &mode, NULL);
            if (step.is_error && at + step.len >= slices[i].len) {
                break; /* cut off */
            }
            const double units = (double)step.len / 2;
            sum.errors += step.is_error;
            sum.units += (int64_t)units;
            const double cost = step.is_error ? COST_NO_SENSE : unit_cost(step.first);
            sum.characters++;
            sum.senseless += cost >= COST_NO_SENSE;
            sum.gain += units * COST_ANY_UNIT - cost;
            at += step.len;
        }
    }
    return sum;
}

/* Bytes that text in one-byte units does not have. UTF-16 of any length has some of them: a line
 * end or a space has a NUL, and one ideograph in eight has a control for its low byte. */
static bool has_controls(const bytes *slices, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        for (size_t at = 0; at < slices[i].len; at++) {
            const uint8_t byte = slices[i].ptr[at];
            if (byte < 0x20 && !ascii_is_space(byte) && byte != 0x0B && byte != 0x1B) {
                return true;
            }
        }
    }
    return false;
}

const struct charset *wide_detect(const bytes *slices, size_t count)
{
    if (!has_controls(slices, count)) {
        return NULL;
    }
    const struct charset *const candidates[] = {charset_utf_16le, charset_utf_16be,
                                                charset_utf_32le, charset_utf_32be};
    const struct charset *best = NULL;
    double best_gain = GAIN_MIN;
    for (size_t i = 0; i < sizeof candidates / sizeof candidates[0]; i++) {
        const struct wide_score sum = score(slices, count, candidates[i]);
        if (is_clean(&sum) && sum.gain > best_gain &&
            sum.gain > GAIN_PER_UNIT_MIN * (double)sum.units) {
            best = candidates[i];
            best_gain = sum.gain;
        }
    }
    return best;
}
