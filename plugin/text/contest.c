/* SPDX-License-Identifier: Apache-2.0 */
#include "text/contest.h"

#include "text/charset_table.h"
#include "text/coder.h"
#include "text/likelihood.h"
#include "text/singles.h"

/* Less evidence than this is none: a rare character more or less. */
static const double GAIN_MIN = 2.0;
/* What is no text gains a little here and there; text gains with every high byte. A few unusual
 * words may not, but then no other encoding comes near. */
static const double GAIN_PER_BYTE_MIN = 0.25;
static const double LEAD_OF_FEW_WORDS = 8.0;
static const double NO_RIVAL = 1e9;
enum { FEW_WORDS_HIGH_BYTES = 40 };

/* A declared encoding needs no rival when this much of the content reads as its languages do: a
 * wrong reading as rare ideographs, or as common ones in no order, stays below half of it. The same
 * spares the single-byte encodings their turn. */
enum { FIT_BYTES = 512, FIT_EVIDENCE_BYTES = 256 };
static const double FIT_NATS = 20.0;
static const double FIT_NATS_PER_BYTE = 1.0;
static const double NO_DOUBT_NATS = 15.0;

/* Evidence is spread: this much from the beginning, the rest from the windows behind it. */
enum { ONLY_VALID_HIGH_BYTES = 400 };

enum { EVIDENCE_START_BYTES = 2048, EVIDENCE_WINDOW_BYTES = 256 };

void contest_evidence(const struct sample *sample, struct evidence *out)
{
    evidence_init(out);
    for (size_t i = 0; i < sample->count; i++) {
        evidence_add(out, sample->slices[i], i ? EVIDENCE_WINDOW_BYTES : EVIDENCE_START_BYTES);
    }
}

/* One byte a character: the words are those of a language, and nothing is a stranger to it. */
static bool letters_are_fit(const struct sample *sample, const struct charset *declared,
                            str *language)
{
    struct evidence evidence;
    evidence_init(&evidence);
    evidence_add(&evidence, sample->slices[0], FIT_EVIDENCE_BYTES);
    const struct reading reading = reading_of(&evidence, declared);
    *language = reading.language;
    return reading.is_fit && reading.gain > FIT_NATS &&
           reading.gain > FIT_NATS_PER_BYTE * (double)evidence.high_bytes;
}

bool contest_fits(const struct sample *sample, const struct charset *declared, str *language)
{
    struct likelihood sum = {0};
    if (declared->upper_half) {
        return letters_are_fit(sample, declared, language);
    }
    if (!likelihood_has_model(declared)) {
        return false;
    }
    likelihood_add(&sum, bytes_slice(sample->slices[0], 0, FIT_BYTES), declared);
    const double gain = likelihood_gain(&sum);
    *language = likelihood_language(&sum);
    return !sum.errors && gain > FIT_NATS && gain > FIT_NATS_PER_BYTE * (double)sum.high_bytes;
}

static void offer(struct verdict *best, const struct reading *reading, double gain,
                  bool is_declared)
{
    if (gain > best->gain) {
        best->margin = gain - best->gain;
        best->lead = best->charset ? best->margin : NO_RIVAL;
        best->gain = gain;
        best->charset = reading->charset;
        best->language = reading->language;
        best->is_declared = is_declared;
        return;
    }
    best->margin = best->gain - gain < best->margin ? best->gain - gain : best->margin;
    best->lead = best->gain - gain < best->lead ? best->gain - gain : best->lead;
}

/* Encodings of more than one byte a character, and how rare each is. */
struct rival {
    const char *label;
    double prior;
};
static const struct rival rivals[] = {{"utf-8", 0},     {"gb18030", 0}, {"big5", 0},
                                      {"shift_jis", 0}, {"euc-jp", 0},  {"euc-kr", 0},
                                      {"euc-tw", 6},    {"johab", 6}};

static void offer_many(struct verdict *best, const struct evidence *evidence,
                       const struct charset *declared)
{
    for (size_t i = 0; i < sizeof rivals / sizeof rivals[0]; i++) {
        const struct charset *const charset = charset_find(str_bytes(str_of(rivals[i].label)));
        if (!charset) {
            continue;
        }
        const struct reading reading = reading_of(evidence, charset);
        const bool is_declared = declared && declared->coder == charset->coder;
        offer(best, &reading,
              reading.gain + (is_declared ? CONTEST_DECLARED_NATS : -rivals[i].prior), is_declared);
    }
}

static void offer_singles(struct verdict *best, const struct evidence *evidence,
                          const struct charset *declared)
{
    struct singles singles;
    singles_contest(evidence, declared, &singles);
    const double declared_gain = singles.declared + CONTEST_DECLARED_NATS;
    best->likeliest = singles.best.charset;
    best->likeliest_margin = singles.margin;
    if (declared && declared->upper_half && declared_gain > singles.best.gain) {
        const struct reading reading = {.charset = declared, .language = singles.best.language};
        offer(best, &reading, declared_gain, true);
    } else if (singles.best.charset) {
        offer(best, &singles.best, singles.best.gain, singles.is_declared);
    }
    if (best->charset && best->charset->upper_half) {
        best->sibling = singles.sibling;
        best->margin = singles.margin < best->margin ? singles.margin : best->margin;
        best->lead = singles.margin < best->lead ? singles.margin : best->lead;
    }
}

/* Lists of rare characters gain nothing in any language. But many high bytes that one encoding reads
 * without an error and no other does are no chance; GB18030, which reads nearly anything, apart. */
static const struct charset *only_valid(const struct evidence *evidence)
{
    const struct charset *valid = NULL;
    if (evidence->high_bytes < ONLY_VALID_HIGH_BYTES) {
        return NULL;
    }
    for (size_t i = 0; i < sizeof rivals / sizeof rivals[0]; i++) {
        const struct charset *const charset = charset_find(str_bytes(str_of(rivals[i].label)));
        if (charset && charset != charset_gb18030 && rivals[i].prior == 0 &&
            reading_of(evidence, charset).errors == 0) {
            if (valid) {
                return NULL;
            }
            valid = charset;
        }
    }
    return valid;
}

static bool is_evidence(const struct verdict *verdict, const struct evidence *evidence)
{
    const double text = GAIN_PER_BYTE_MIN * (double)evidence->high_bytes;
    const bool stands_out =
        verdict->lead > LEAD_OF_FEW_WORDS && evidence->high_bytes < FEW_WORDS_HIGH_BYTES;
    return verdict->is_declared || stands_out || (verdict->gain > GAIN_MIN && verdict->gain > text);
}

struct verdict contest(const struct evidence *evidence, const struct charset *declared)
{
    struct verdict best = {.gain = -GAIN_MIN, .language = STR("")};
    const double per_byte = (double)evidence->high_bytes;
    offer_many(&best, evidence, declared);
    if (best.margin < NO_DOUBT_NATS || best.gain < FIT_NATS_PER_BYTE * per_byte) {
        offer_singles(&best, evidence, declared);
    }
    if (!best.charset || !is_evidence(&best, evidence)) {
        best.charset = only_valid(evidence);
        best.margin = 0;
        best.language = STR("");
    }
    return best;
}
