/* SPDX-License-Identifier: Apache-2.0 */
#include "text/reading.h"

#include "text/charset_table.h"
#include "text/coder.h"
#include "text/likelihood.h"

/* What stands immediately behind a high byte may be the second half of a character. */
static bool is_part(bytes slice, size_t at)
{
    const uint8_t byte = slice.ptr[at];
    return byte >= 0x80 || ascii_is_letter(byte) ||
           (at && byte >= 0x30 && slice.ptr[at - 1] >= 0x80);
}

static void put(struct evidence *evidence, bytes word)
{
    for (size_t i = 0; i < word.len && evidence->len < EVIDENCE_BYTES; i++) {
        evidence->text[evidence->len++] = word.ptr[i];
        evidence->high_bytes += word.ptr[i] >= 0x80;
    }
    evidence->is_full = evidence->len == EVIDENCE_BYTES;
}

static void put_plain(struct evidence *evidence, bytes word)
{
    const size_t room = EVIDENCE_PLAIN_BYTES - evidence->plain_len;
    if (word.len > 1 && word.len <= room) {
        memcpy(evidence->plain + evidence->plain_len, word.ptr, word.len);
        evidence->plain_len += word.len;
    }
}

/* What a slice is cut into: words, tags, what stands between. */
struct cutter {
    bytes slice;
    size_t at;
    bool in_tag;
};

/* The next run of parts that has a high byte in it, one byte behind it and a digit before it; others
 * go into the plain words. A tag goes from `<` to `>`, as far as the language is concerned. */
static bytes next_word(struct cutter *cutter, struct evidence *evidence)
{
    const bytes slice = cutter->slice;
    while (cutter->at < slice.len) {
        const size_t start = cutter->at;
        bool has_high = false;
        while (cutter->at < slice.len && is_part(slice, cutter->at)) {
            has_high = has_high || slice.ptr[cutter->at] >= 0x80;
            cutter->at++;
        }
        cutter->at += cutter->at < slice.len;
        if (has_high) {
            const bool has_digit = start && ascii_is_digit(slice.ptr[start - 1]);
            return bytes_slice(slice, start - has_digit, cutter->at);
        }
        const bytes word = bytes_slice(slice, start, cutter->at);
        if (!cutter->in_tag) {
            put_plain(evidence, word);
        }
        const uint8_t last = slice.ptr[cutter->at - 1];
        cutter->in_tag = last == '<' || (cutter->in_tag && last != '>');
    }
    return (bytes){0};
}

/* Not the text itself: what is not written is not read. */
void evidence_init(struct evidence *evidence)
{
    evidence->len = 0;
    evidence->piece_count = 0;
    evidence->high_bytes = 0;
    evidence->is_full = false;
    evidence->plain_len = 0;
}

void evidence_add(struct evidence *evidence, bytes slice, size_t limit)
{
    static const uint8_t space = ' ';
    const size_t start = evidence->len;
    struct cutter cutter = {.slice = slice};
    put(evidence, (bytes){.ptr = &space, .len = 1});
    while (!evidence->is_full && evidence->len - start < limit) {
        const bytes word = next_word(&cutter, evidence);
        if (!word.len) {
            break;
        }
        put(evidence, bytes_slice(word, 0, limit));
    }
    if (evidence->piece_count < EVIDENCE_PIECES) {
        evidence->piece_count++;
    }
    evidence->ends[evidence->piece_count - 1] = evidence->len;
}

/* What the evidence costs as nothing in particular, by the rules of text/likelihood.h and, where
 * ASCII letters stand among themselves, as letters do on average. */
static const double COST_ANY_LETTER = 2.9;
static const double COST_WORD_END = 1.7;
static const double COST_ASCII_TRAIL = 4.0;
static const double COST_ASCII_OTHER = 2.0;

double evidence_cost(const struct evidence *evidence)
{
    double cost = 0;
    uint8_t before = ' ';
    for (size_t i = 0; i < evidence->len; i++) {
        const uint8_t byte = evidence->text[i];
        if (byte >= 0x80) {
            cost += COST_ANY_BYTE;
        } else if (before >= 0x80) {
            cost += byte >= 0x40 ? COST_ASCII_TRAIL : COST_ASCII_OTHER;
        } else if (ascii_is_letter(byte)) {
            cost += COST_ANY_LETTER;
        } else if (ascii_is_letter(before)) {
            cost += COST_WORD_END;
        }
        before = byte;
    }
    return cost;
}

/* With more, no reading of the letters is worth the time. */
enum { UTF_8_ERRORS = 8, UTF_8_BYTES_PER_ERROR_MIN = 4 };

struct signs {
    sign text[EVIDENCE_BYTES];
    size_t len;
    size_t errors;
    size_t letters[SCRIPT_COUNT]; /* beyond ASCII */
};

static void add_sign(struct signs *signs, sign unit)
{
    signs->text[signs->len++] = unit;
    if (sign_is_letter(unit) && unit != sign_of('a')) {
        signs->letters[sign_script(unit)]++;
    }
}

static void read_signs(struct signs *signs, const struct evidence *evidence,
                       const struct charset *charset)
{
    const bytes text = {.ptr = evidence->text, .len = evidence->len};
    struct coder_mode mode = {0};
    signs->len = 0;
    signs->errors = 0;
    memset(signs->letters, 0, sizeof signs->letters);
    for (size_t at = 0; at < text.len;) {
        const struct step step = charset->coder->step(text, at, &mode, charset->upper_half);
        const bool is_cut = step.is_error && at + step.len >= text.len;
        signs->errors += step.is_error && !is_cut;
        if (text.ptr[at] < 0x80 && !step.is_error) {
            signs->text[signs->len++] = sign_of(step.first);
        } else {
            /* A second ASCII, as sets for writing from right to left have, is hardly used. */
            add_sign(signs,
                     step.is_error || step.first < 0x80 ? sign_undefined : sign_of(step.first));
        }
        at += step.len;
    }
}

/* Languages of scripts that the text has letters of; of Latin, where it has none. */
static struct reading read_letters(const struct evidence *evidence, const struct charset *charset)
{
    struct reading out = {.charset = charset, .language = STR(""), .gain = -1e9};
    struct signs signs;
    read_signs(&signs, evidence, charset);
    out.errors = signs.errors;
    const double anything = evidence_cost(evidence);
    sign units[EVIDENCE_BYTES];
    size_t count = 0;
    memcpy(units, signs.text, signs.len * sizeof units[0]);
    const double spelled = letters_spell(units, signs.len, &count);
    double best = 1e9;
    enum letters language = LETTERS_COUNT;
    size_t most = 0;
    for (unsigned script = 0; script < SCRIPT_COUNT; script++) {
        most = signs.letters[script] > most ? signs.letters[script] : most;
    }
    for (unsigned i = 0; i < LETTERS_COUNT; i++) {
        const enum letters_script script = letters_script((enum letters)i);
        if (signs.letters[script] * 2 < most || (!most && script != SCRIPT_LATIN)) {
            continue;
        }
        struct letters_model model;
        letters_prepare(&model, (enum letters)i);
        const double cost = spelled + letters_follow(&model, units, count, best - spelled);
        if (cost < best) {
            best = cost;
            language = (enum letters)i;
        }
    }
    out.gain = anything - best;
    if (language < LETTERS_COUNT) {
        struct letters_model model;
        letters_prepare(&model, language);
        out.language = letters_tag(language);
        out.is_fit = letters_fit(&model, signs.text, signs.len);
    }
    return out;
}

static struct reading read_many(const struct evidence *evidence, const struct charset *charset)
{
    struct likelihood sum = {0};
    size_t start = 0;
    for (size_t i = 0; i < evidence->piece_count; i++) {
        likelihood_add(&sum,
                       (bytes){.ptr = evidence->text + start, .len = evidence->ends[i] - start},
                       charset);
        start = evidence->ends[i];
    }
    return (struct reading){.charset = charset,
                            .gain = likelihood_gain(&sum),
                            .language = likelihood_language(&sum),
                            .errors = (size_t)sum.errors};
}

struct reading reading_of(const struct evidence *evidence, const struct charset *charset)
{
    if (charset->upper_half) {
        return read_letters(evidence, charset);
    }
    const struct reading many = read_many(evidence, charset);
    if (charset != charset_utf_8 || many.errors > UTF_8_ERRORS ||
        many.errors * UTF_8_BYTES_PER_ERROR_MIN > evidence->high_bytes) {
        return many;
    }
    const struct reading letters = read_letters(evidence, charset);
    return letters.gain > many.gain ? letters : many;
}
