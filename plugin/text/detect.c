/* SPDX-License-Identifier: Apache-2.0 */
#include "text/detect.h"

#include "text/charset_table.h"
#include "text/coder.h"
#include "text/latin.h"
#include "text/likelihood.h"
#include "text/utf8.h"
#include "text/wide.h"

/* Sampled are the start of the content and windows spread over the rest. */
enum { SAMPLE_START_BYTES = 64 * 1024, SAMPLE_WINDOW_BYTES = 4096, SAMPLE_WINDOWS = 8 };

/* A declared encoding loses when it has an error for more than one in a thousand high bytes; a
 * single error is forgiven to any content. */
enum { ERRORS_PER_HIGH_BYTES = 1000 };

/* What a declaration is worth beside the bytes. */
static const double DECLARED_NATS = 10.0;

/* Less evidence than this is none: a rare character more or less. */
static const double GAIN_MIN = 2.0;
static const double LATIN_GAIN_MIN = 0.8;

struct sample {
    bytes slices[SAMPLE_WINDOWS + 1];
    size_t count;
};

/* Windows begin at a multiple of 4, for the sake of UTF-16 and UTF-32. */
static struct sample sample_of(bytes content)
{
    struct sample sample = {.slices = {bytes_slice(content, 0, SAMPLE_START_BYTES)}, .count = 1};
    const size_t rest = content.len - sample.slices[0].len;
    if (rest < (size_t)SAMPLE_WINDOWS * SAMPLE_WINDOW_BYTES) {
        if (rest) {
            sample.slices[sample.count++] = bytes_slice(content, SAMPLE_START_BYTES, content.len);
        }
        return sample;
    }
    for (size_t i = 0; i < SAMPLE_WINDOWS; i++) {
        const size_t start =
            (SAMPLE_START_BYTES + (rest - SAMPLE_WINDOW_BYTES) / SAMPLE_WINDOWS * (i + 1)) &
            ~(size_t)3;
        sample.slices[sample.count++] = bytes_slice(content, start, start + SAMPLE_WINDOW_BYTES);
    }
    return sample;
}

/* A later window begins anywhere; reading goes on behind the first byte that is part of no
 * multi-byte character in any encoding. Without one the window is left out. */
static struct sample sample_in_step(const struct sample *sample)
{
    struct sample out = {.slices = {sample->slices[0]}, .count = 1};
    for (size_t i = 1; i < sample->count; i++) {
        const bytes slice = sample->slices[i];
        size_t start = 0;
        while (start < slice.len && slice.ptr[start] >= 0x30) {
            start++;
        }
        if (start < slice.len) {
            out.slices[out.count++] = bytes_slice(slice, start, slice.len);
        }
    }
    return out;
}

/* Controls that no text has. A few are damage; many, or any share of NUL, mean other data. */
static bool is_binary(const struct sample *sample)
{
    size_t controls = 0;
    size_t total = 0;
    for (size_t i = 0; i < sample->count; i++) {
        const bytes slice = sample->slices[i];
        total += slice.len;
        for (size_t at = 0; at < slice.len; at++) {
            const uint8_t byte = slice.ptr[at];
            controls += (byte < 0x20 && !ascii_is_space(byte) && byte != 0x0B && byte != 0x1A &&
                         byte != 0x1B) ||
                        byte == 0x7F;
        }
    }
    return controls * 100 > total;
}

static struct likelihood likelihood_of(const struct sample *sample, const struct charset *charset)
{
    struct likelihood sum = {0};
    for (size_t i = 0; i < sample->count; i++) {
        likelihood_add(&sum, sample->slices[i], charset);
    }
    return sum;
}

/* 1 - e^(-nats/4): one sure character is about a half, ten are all but sure. */
static double confidence_of(double nats)
{
    double rest = 1;
    for (; nats >= 1 && rest > 1e-6; nats -= 1) {
        rest *= 0.7788;
    }
    return 1 - rest;
}

struct verdict {
    const struct charset *charset;
    double gain;   /* nats over nothing */
    double margin; /* nats over the next best */
};

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

/* The encodings that are told apart by what their characters would be. */
static struct verdict contest(const struct sample *whole, const struct charset *declared)
{
    const struct charset *const candidates[] = {charset_utf_8,     charset_gb18030, charset_big5,
                                                charset_shift_jis, charset_euc_jp,  charset_euc_kr};
    const struct sample sample = sample_in_step(whole);
    struct verdict best = {.gain = GAIN_MIN};
    for (size_t i = 0; i < sizeof candidates / sizeof candidates[0]; i++) {
        const struct likelihood sum = likelihood_of(&sample, candidates[i]);
        const bool is_declared =
            declared && declared->coder == candidates[i]->coder && errors_are_few(&sum);
        offer(&best, candidates[i], likelihood_gain(&sum) + (is_declared ? DECLARED_NATS : 0));
    }
    struct latin_likelihood latin = {0};
    for (size_t i = 0; i < sample.count; i++) {
        latin_add(&latin, sample.slices[i]);
    }
    const double gain = latin_gain(&latin) + (declared == charset_windows_1252 ? DECLARED_NATS : 0);
    if (latin.alone * 4 <= latin.high_bytes && gain > LATIN_GAIN_MIN) {
        offer(&best, charset_windows_1252, gain + GAIN_MIN - LATIN_GAIN_MIN);
    }
    return best;
}

static bool has_high_bytes(bytes content)
{
    size_t at = 0;
    for (uint64_t word; content.len - at >= sizeof word; at += sizeof word) {
        memcpy(&word, content.ptr + at, sizeof word);
        if (word & UINT64_C(0x8080808080808080)) {
            return true;
        }
    }
    while (at < content.len) {
        if (content.ptr[at++] >= 0x80) {
            return true;
        }
    }
    return false;
}

/* A few sequences of two bytes may be chance: that is also what short GBK text can look like. */
static bool is_surely_utf8(bytes content)
{
    int two = 0;
    for (size_t at = 0; at < content.len; at++) {
        if (content.ptr[at] >= 0xE0) {
            return true;
        }
        if (content.ptr[at] >= 0xC0 && ++two >= 4) {
            return true;
        }
    }
    return false;
}

/* ESC $ @, ESC $ B, ESC ( I, ESC ( J in pure ASCII, and all of it without an error. */
static bool is_iso_2022_jp(const struct sample *sample)
{
    const bytes slice = sample->slices[0];
    struct coder_mode mode = {0};
    bool escaped = false;
    for (size_t at = 0; at < slice.len;) {
        const struct step step = charset_iso_2022_jp->coder->step(slice, at, &mode, NULL);
        if (step.is_error && at + step.len < slice.len) {
            return false;
        }
        escaped = escaped || mode.set != CODER_SET_ASCII;
        at += step.len;
    }
    return escaped;
}

static void accept(struct detection *out, const struct charset *charset, str source,
                   double confidence)
{
    out->charset = charset;
    out->source = source;
    out->confidence = confidence;
}

static bool detect_mark(bytes content, struct detection *out)
{
    static const uint8_t marks[] = {0xEF, 0xBB, 0xBF, 0xFF, 0xFE, 0, 0, 0, 0, 0xFE, 0xFF};
    const struct {
        bytes mark;
        const struct charset *charset;
    } rows[] = {
        {{marks, 3}, charset_utf_8},        {{marks + 3, 4}, charset_utf_32le},
        {{marks + 3, 2}, charset_utf_16le}, {{marks + 7, 4}, charset_utf_32be},
        {{marks + 9, 2}, charset_utf_16be},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (bytes_start(content, rows[i].mark)) {
            accept(out, rows[i].charset, STR("bom"), 1);
            return true;
        }
    }
    return false;
}

/* Pure ASCII fits every encoding but UTF-16 and those that give ASCII bytes another meaning. */
static bool declaration_holds(bytes content, const struct sample *sample,
                              const struct charset *declared, bool is_utf8)
{
    if (declared->coder == &coder_replacement) {
        return false;
    }
    if (declared == charset_utf_16le || declared == charset_utf_16be) {
        const struct charset *const wide = wide_detect(sample->slices, sample->count);
        return wide == declared || (!wide && is_binary(sample));
    }
    if (!has_high_bytes(content)) {
        return declared != charset_iso_2022_jp || is_iso_2022_jp(sample);
    }
    if (is_utf8 && is_surely_utf8(content)) {
        return declared == charset_utf_8;
    }
    const struct sample steps = sample_in_step(sample);
    const struct likelihood sum = likelihood_of(&steps, declared);
    if (!errors_are_few(&sum)) {
        return false;
    }
    const struct verdict verdict = contest(sample, declared);
    if (!verdict.charset || verdict.charset->coder == declared->coder) {
        return true;
    }
    /* Encodings without a model of their own are believed unless another one is far better. */
    return verdict.charset == charset_windows_1252 ||
           verdict.gain < (double)sum.high_bytes * 0.75 + DECLARED_NATS;
}

static bool detect_declared(bytes content, const struct sample *sample,
                            const struct detect_hints *hints, bool is_utf8, struct detection *out)
{
    const struct charset *const from_http = charset_find(hints->http);
    if (from_http && declaration_holds(content, sample, from_http, is_utf8)) {
        accept(out, from_http, STR("http"), 0.95);
        return true;
    }
    const struct charset *inside = charset_find(hints->declared);
    if (inside == charset_utf_16le || inside == charset_utf_16be) {
        inside = charset_utf_8; /* HTML: it was read as ASCII, so it is not UTF-16 */
    }
    if (inside && declaration_holds(content, sample, inside, is_utf8)) {
        out->label_wrong = from_http != NULL;
        accept(out, inside, hints->declared_source, 0.95);
        return true;
    }
    out->label_wrong = from_http || inside;
    return false;
}

static void detect_bytes(bytes content, const struct sample *sample, bool is_text, bool is_utf8,
                         struct detection *out)
{
    const struct charset *const wide = wide_detect(sample->slices, sample->count);
    if (wide) {
        accept(out, wide, STR("detected"), 0.9);
        return;
    }
    if (!is_text && is_binary(sample)) {
        return;
    }
    if (!has_high_bytes(content)) {
        accept(out, is_iso_2022_jp(sample) ? charset_iso_2022_jp : charset_utf_8, STR("detected"),
               1);
        return;
    }
    if (is_utf8 && is_surely_utf8(content)) {
        accept(out, charset_utf_8, STR("detected"), 0.99);
        return;
    }
    const struct verdict verdict = contest(sample, NULL);
    if (verdict.charset) {
        accept(out, verdict.charset, STR("detected"), confidence_of(verdict.margin));
    } else if (is_utf8) {
        accept(out, charset_utf_8, STR("detected"), 0.5);
    } else if (is_text) {
        accept(out, charset_windows_1252, STR("default"), 0);
    }
}

void detect(bytes content, const struct detect_hints *hints, struct detection *out)
{
    *out = (struct detection){.source = STR("")};
    const struct charset *const option = charset_find(hints->option);
    if (option) {
        accept(out, option, STR("option"), 1);
        return;
    }
    if (detect_mark(content, out)) {
        return;
    }
    const struct sample sample = sample_of(content);
    const bool is_utf8 = utf8_is_valid(content);
    if (detect_declared(content, &sample, hints, is_utf8, out)) {
        return;
    }
    detect_bytes(content, &sample, hints->is_text, is_utf8, out);
}
