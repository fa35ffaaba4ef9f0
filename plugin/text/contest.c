/* SPDX-License-Identifier: Apache-2.0 */
#include "text/contest.h"

#include "text/charset_table.h"
#include "text/latin.h"
#include "text/likelihood.h"

enum { ERRORS_PER_HIGH_BYTES = 1000 };

/* Less evidence than this is none: a rare character more or less. */
static const double GAIN_MIN = 2.0;
static const double LATIN_GAIN_MIN = 0.8;

/* The beginning decides alone when it leaves no doubt; most contents end here. */
enum { START_BYTES = 2048 };
static const double NO_DOUBT_NATS = 150.0;

/* A declared encoding needs no rival when this much of the content reads as its languages do: a
 * wrong reading as rare ideographs, or as common ones in no order, stays below half of it. */
enum { FIT_BYTES = 512 };
static const double FIT_NATS = 20.0;
static const double FIT_NATS_PER_BYTE = 1.0;

static struct likelihood likelihood_of(const struct sample *sample, const struct charset *charset)
{
    struct likelihood sum = {0};
    for (size_t i = 0; i < sample->count; i++) {
        likelihood_add(&sum, sample->slices[i], charset);
    }
    return sum;
}

static void offer(struct verdict *best, const struct charset *charset, double gain)
{
    if (gain > best->gain) {
        best->margin = gain - best->gain;
        best->gain = gain;
        best->charset = charset;
    } else if (best->gain - gain < best->margin) {
        best->margin = best->gain - gain;
    }
}

static bool errors_are_few(const struct likelihood *sum)
{
    return sum->errors <= 1 + sum->high_bytes / ERRORS_PER_HIGH_BYTES;
}

bool contest_errors_are_few(const struct sample *sample, const struct charset *charset)
{
    const struct likelihood sum = likelihood_of(sample, charset);
    return errors_are_few(&sum);
}

bool contest_fits(const struct sample *sample, const struct charset *declared)
{
    struct likelihood sum = {0};
    if (declared->upper_half || !likelihood_has_model(declared)) {
        return false;
    }
    likelihood_add(&sum, bytes_slice(sample->slices[0], 0, FIT_BYTES), declared);
    const double gain = likelihood_gain(&sum);
    return !sum.errors && gain > FIT_NATS && gain > FIT_NATS_PER_BYTE * (double)sum.high_bytes;
}

static void offer_latin(struct verdict *best, const struct sample *sample,
                        const struct charset *declared)
{
    struct latin_likelihood latin = {0};
    for (size_t i = 0; i < sample->count; i++) {
        latin_add(&latin, sample->slices[i]);
    }
    const double prior = declared == charset_windows_1252 ? CONTEST_DECLARED_NATS : 0;
    const double gain = latin_gain(&latin) + prior;
    if (gain > LATIN_GAIN_MIN) {
        offer(best, charset_windows_1252, gain + GAIN_MIN - LATIN_GAIN_MIN);
    }
}

static struct verdict contest_over(const struct sample *sample, const struct charset *declared)
{
    const struct charset *const candidates[] = {charset_utf_8,     charset_gb18030, charset_big5,
                                                charset_shift_jis, charset_euc_jp,  charset_euc_kr};
    struct verdict best = {.gain = GAIN_MIN};
    for (size_t i = 0; i < sizeof candidates / sizeof candidates[0]; i++) {
        const struct likelihood sum = likelihood_of(sample, candidates[i]);
        const bool is_declared =
            declared && declared->coder == candidates[i]->coder && errors_are_few(&sum);
        offer(&best, candidates[i],
              likelihood_gain(&sum) + (is_declared ? CONTEST_DECLARED_NATS : 0));
        if (best.charset == candidates[i]) {
            best.high_bytes = (double)sum.high_bytes;
        }
    }
    offer_latin(&best, sample, declared);
    return best;
}

struct verdict contest(const struct sample *sample, const struct charset *declared)
{
    const struct sample start = {.slices = {bytes_slice(sample->slices[0], 0, START_BYTES)},
                                 .count = 1};
    const struct verdict first = contest_over(&start, declared);
    return first.margin > NO_DOUBT_NATS ? first : contest_over(sample, declared);
}
